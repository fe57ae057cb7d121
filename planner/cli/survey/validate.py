"""`planner survey validate`: plans made on one half of the respondents, valued on the other."""

from functools import partial

from planner.cli.shared.options import Gap, Json, Quiet, SolverChoice, TimeLimit, Workbook, options_of
from planner.cli.shared.terminal import progress_line, refuse, tell
from planner.cli.survey.plan import Halves, Seed


def validate(
    path: Workbook,
    halves: Halves = 10,
    seed: Seed = 0,
    gap: Gap = 0.1,
    time_limit: TimeLimit = 300.0,
    as_json: Json = False,
    quiet: Quiet = False,
) -> None:
    """Plan on one half of the respondents, value on the other, again and again: what a plan promises and brings.

    Example: planner survey validate campaign.xlsx --halves 20
    """
    from planner.planning.halving import validate as on_halves
    from planner.report.respondents import halves_json, halves_text
    from planner.survey.respondents import planned_on_survey
    from planner.workbook.campaign.parse import read_campaign

    if not halves:
        refuse("--halves is 0; expected at least 1.")
    campaign = planned_on_survey(read_campaign(path), path.parent)
    progress = progress_line(quiet, time_limit)
    options = options_of(gap, time_limit, SolverChoice.highs, progress, False)
    found = on_halves(campaign, options, halves, seed)
    progress("")
    tell(as_json, partial(halves_json, found), partial(halves_text, found), campaign=campaign)
