"""A scenario's plan with everything that a plan's workbook tells, from what its answer kept."""

import re
from collections.abc import Sequence

from planner.campaign.scenario import Scenario
from planner.comparing.desk import Terms
from planner.comparing.journal import insertions_by_name, weekly_by_name
from planner.comparing.sweep import Comparison
from planner.planning.evaluate import evaluate_plan, plan_figures
from planner.planning.options import Options
from planner.planning.results import PlanResult


def full_plan(compared: Comparison, at: int, terms: Terms) -> PlanResult:
    """The plan of the scenario at a place; its bound is the one that was proven, nothing is solved again."""
    campaign, answer = compared.campaigns[at], compared.answers[at]
    names = [vehicle.name for vehicle in campaign.vehicles]
    insertions = insertions_by_name(answer["insertions"], names)
    weekly = weekly_by_name(answer["weekly"], names)
    if "proof" not in answer:
        return plan_figures(campaign, insertions, insertions, campaign.file_hash, weekly)
    options = Options(terms.gap, terms.seconds, break_even=False)
    return evaluate_plan(
        campaign, insertions, insertions, options, campaign.file_hash, weekly, answer["proof"]
    )  # fmt: skip


def plan_file_names(scenarios: Sequence[Scenario]) -> list[str]:
    """A file name for each scenario's plan: its number and what of its name every file system takes.

    >>> plan_file_names([Scenario("a/b: 2 m"), Scenario("..")])
    ['01 a b 2 m.xlsx', '02.xlsx']
    """
    digits = max(2, len(str(len(scenarios))))
    names = []
    for number, scenario in enumerate(scenarios, 1):
        plain = " ".join(re.sub(r"[^\w%+,.-]+", " ", scenario.name).strip(" .").split())[:60]
        names.append(f"{number:0{digits}} {plain}".rstrip(" .") + ".xlsx")
    return names
