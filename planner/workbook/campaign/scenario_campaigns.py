"""The campaigns that scenarios ask for, each changed as it says, or read again as far as its cells mean otherwise."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from planner.campaign.inputs import Campaign
from planner.campaign.scenario import Scenario
from planner.campaign.scenarios import changed
from planner.errors import Problem, WorkbookError
from planner.workbook.campaign.parse import read_campaign

# --- campaigns ----------------------------------------------------------------------------------------


def scenario_campaigns(path: Path, campaign: Campaign, scenarios: Sequence[Scenario]) -> tuple[Campaign, ...]:
    """The campaign of each scenario; the workbook is read again where a scenario changes what other sheets hang on.

    Raises WorkbookError with every problem found, at the scenario's own cell.
    """
    read: dict[str, Campaign] = {}
    problems: list[Problem] = []
    for scenario in scenarios:
        name = repr(sorted(scenario.restated.items()))
        if scenario.restated and name not in read:
            try:
                read[name] = replace(read_campaign(path, scenario.restated), scenarios=())
            except WorkbookError as error:
                where = scenario.cells.get("name", "")
                problems += [Problem(where, f"{scenario.name}: {_told(each)}") for each in error.problems]
                read[name] = campaign
    if problems:
        raise WorkbookError(campaign.workbook, tuple(problems))
    own = [changed(read.get(repr(sorted(each.restated.items())), campaign), each) for each in scenarios]
    return tuple(_alone(one, scenario) for one, scenario in zip(own, scenarios, strict=True))


def _alone(campaign: Campaign, scenario: Scenario) -> Campaign:
    """A scenario's campaign by itself: it says which scenario it is, and asks for no others."""
    words = "; ".join(scenario.words) or "the campaign as it stands"
    notices = (*campaign.notices, f"This is the scenario {scenario.name}: {words}.")
    return replace(campaign, scenarios=(), scenario_sheet=None, notices=notices)


def _told(problem: Problem) -> str:
    return f"{problem.cell}: {problem.text}".removeprefix(": ")
