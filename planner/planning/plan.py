"""The whole story on one page: a campaign in, a certified plan with its figures out.

campaign -> people and rules (prepare) -> customers first, ordinary, tailored plan (solve)
         -> figures -> what tailoring gains (comparison) -> a result
"""

from dataclasses import replace

from models.arrays import FloatArray
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.no_plan.possible import check_possible
from planner.planning.break_even import break_even_sought
from planner.planning.halves import Halves
from planner.planning.options import Clock, Options
from planner.planning.proof import proof_of, proof_text
from planner.planning.questions import Solved
from planner.planning.reported import beside_others, report_best, with_calendars
from planner.planning.results import PlanResult
from planner.planning.solve import solve
from planner.planning.turning import Sought


def make_plan(
    campaign: Campaign, options: Options, fingerprint: str = "", halves: Halves | None = None
) -> PlanResult:
    """The best plan of a campaign, with its certificate and what tailoring it gains. halves: on respondents, what
    tailoring brings people not asked; the verdict is then theirs.

    Raises NoPlan (what conflicts, in words with its cells, and what would change that) and WorkbookError.
    """
    clock = Clock(options.seconds, dated=campaign.calendar is not None)
    prepared = prepare(campaign)
    check_possible(prepared, clock.left())
    clock.lap("prepare")
    solved = with_calendars(prepared, solve(prepared, options, clock), clock)
    sought = break_even_sought(prepared, solved, solved.tailored.insertions, options, clock)
    influence = beside_others(prepared, solved, solved.tailored, sought, clock, halves)
    result = report_best(prepared, solved, influence, clock, options, fingerprint)
    return replace(result, proof=proof_text(proof_of(prepared, solved, options.gap, influence.break_even)))


def solved_beside(
    prepared: Prepared, insertions: FloatArray, plan: FloatArray, options: Options, clock: Clock
) -> tuple[Solved, Sought | None]:
    """Every plan that a given one is compared with, solved for; and the break-even, where that one is the best.
    insertions: (n_vehicles,), plan: (plan_size,), the given one. Raises InfeasiblePlan."""
    check_possible(prepared, seconds=0)
    solved = with_calendars(prepared, solve(prepared, replace(options, explain=False), clock, [plan]), clock)
    return solved, break_even_sought(prepared, solved, insertions, options, clock)
