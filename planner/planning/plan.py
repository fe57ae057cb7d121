"""The whole story on one page: a campaign in, a certified plan with its figures out.

campaign -> people and rules (prepare) -> customers first, ordinary, tailored plan (solve)
         -> figures -> what tailoring gains (comparison) -> a result
"""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, SolverFailure
from models.problem.certificate import Allocation
from models.programme.completion import completed
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.no_plan.possible import check_possible
from planner.planning.airtime import airtime_of
from planner.planning.break_even import HIGHEST_MULTIPLIER, break_even
from planner.planning.calendar_figures import gap_outcome, in_calendars, standing_in, week_figures
from planner.planning.comparison import compare, plan_measures, standing_of, with_break_even
from planner.planning.edits import edit_cost, edited_vehicles
from planner.planning.figures import audience_figures, package_figures, vehicle_figures
from planner.planning.halves import Halves, judged
from planner.planning.influence import Influence
from planner.planning.model_error import reach_difference_error, value_error
from planner.planning.notes import notes_of
from planner.planning.outcomes import outcomes
from planner.planning.proof import (
    Proof,
    outdone,
    parse_proof,
    proof_of,
    proof_text,
    solved_before,
    why_not_read,
)
from planner.planning.ranking import rank_vehicles
from planner.planning.results import AudienceFigures, CustomersFirst, PlanResult, RuleOutcome, Run, Status
from planner.planning.solve import (
    CUSTOMERS_FIRST,
    Clock,
    Options,
    Solved,
    solve,
)
from planner.planning.turning import Sought


def make_plan(
    campaign: Campaign, options: Options, fingerprint: str = "", halves: Halves | None = None
) -> PlanResult:
    """The best plan of a campaign, with its certificate and what tailoring it gains. halves: on respondents, what
    tailoring brings people not asked; the verdict is then theirs.

    Raises NoPlan (what conflicts, in words with its cells, and what would change that) and WorkbookError.
    """
    clock = Clock(options.seconds)
    prepared = prepare(campaign)
    check_possible(prepared, clock.left())
    clock.lap("prepare")
    solved = _in_calendars(prepared, solve(prepared, options, clock))
    tailored, columns = solved.tailored, prepared.problem.columns
    sought = _break_even(prepared, solved, tailored, options, clock)
    influence = _influence(prepared, solved, tailored, sought, clock, halves)
    priced = prepared.rulebook.tariff.factor is not None
    weekly = columns.weekly(tailored.decision) if priced else None
    result = _report(
        prepared,
        tailored,
        _customers(prepared, solved, tailored),
        influence,
        clock,
        options,
        fingerprint,
        weekly=weekly,
    )
    return replace(result, proof=proof_text(proof_of(prepared, solved, options.gap, influence.break_even)))


def evaluate_plan(
    campaign: Campaign,
    insertions: FloatArray,
    optimised: FloatArray,
    options: Options,
    fingerprint: str = "",
    weekly: FloatArray | None = None,
    proof: str = "",
) -> PlanResult:
    """The figures of given insertions (n_vehicles,), and how far they are from the best plan. weekly:
    (n_vehicles, n_weeks) where the workbook says which week each stands in. proof: what the workbook keeps of the
    solving; where it is of this campaign, nothing is solved again.

    A plan that breaks a rule is reported as broken, beside the bound over plans that keep them; where no
    plan keeps them, there is no bound and no ordinary plan to compare with. Edits are given their cost.
    """
    clock = Clock(options.seconds)
    prepared = _for_whole_or_parts(prepare(campaign), insertions)
    clock.lap("prepare")
    # What was proven was proven of whole insertions, where the Brief asks for them.
    asked = prepared.problem.whole == campaign.brief.whole
    kept = parse_proof(proof) if asked else None
    before, plan = _before(prepared, kept, options.gap, insertions, weekly)
    anew = asked and before is None
    if proof and anew:
        prepared = _noticed(prepared, why_not_read(prepared, kept, options.gap))
    given = Allocation(insertions, prepared.problem.value(plan), np.inf, options.gap, plan=plan)
    report = partial(
        _report,
        prepared,
        clock=clock,
        options=options,
        fingerprint=fingerprint,
        optimised=optimised,
        weekly=weekly,
    )
    try:
        solved = before or _solved_beside(prepared, plan, options, clock)
    except InfeasiblePlan:
        return _with_edit(report(given, None, None), None, (), 0.0)
    given = replace(solved.tailored, insertions=insertions, plan=plan, value=given.value)
    influence = _compared(prepared, solved, given, options if before is None else None, clock)
    influence = _with_break_even_kept(influence, kept, before, insertions)
    result = report(given, _customers(prepared, solved, given), influence)
    result = replace(result, proof=proof, read_back=before is not None)
    if anew:
        found = proof_of(prepared, solved, options.gap, influence.break_even)
        result = replace(result, proof=proof_text(found))
    stated = completed(prepared.problem, optimised) if before is None else solved.tailored.decision
    error = value_error(prepared, insertions, optimised)
    return _with_edit(result, _best_found(solved, (plan, stated)), _broken_floors(solved, plan), error)


def _before(
    prepared: Prepared, kept: Proof | None, gap: float, insertions: FloatArray, weekly: FloatArray | None
) -> tuple[Solved | None, FloatArray]:
    """What was proven before, None where it is not of this campaign or the insertions given are worth more than it
    says any can be; and the plan (plan_size,) of these insertions."""
    before = solved_before(prepared, kept, gap)
    plan = _decided(prepared, before, insertions, weekly)
    return (None if before is not None and outdone(before, plan) else before), plan


def _with_break_even_kept(
    influence: Influence, kept: Proof | None, before: Solved | None, insertions: FloatArray
) -> Influence:
    """The break-even found before, where the plan given is the one that it was found of."""
    if kept is None or before is None or not np.array_equal(insertions, before.tailored.insertions):
        return influence
    return replace(influence, break_even=kept.break_even)


def _for_whole_or_parts(prepared: Prepared, insertions: FloatArray) -> Prepared:
    """The campaign with fractions allowed where the insertions given (n_vehicles,) are not whole."""
    campaign = prepared.campaign
    whole = campaign.brief.whole and bool(np.all(insertions == np.round(insertions)))
    if campaign.brief.whole and not whole:
        parts = [v.name for v, x in zip(campaign.vehicles, insertions, strict=True) if x != np.round(x)]
        notice = f"Not whole, though the Brief asks for whole insertions: {', '.join(parts)}. Compared with fractions."
        prepared = _noticed(prepared, notice)
    return replace(prepared, problem=replace(prepared.problem, whole=whole))


def _noticed(prepared: Prepared, notice: str) -> Prepared:
    campaign = prepared.campaign
    return replace(prepared, campaign=replace(campaign, notices=(*campaign.notices, notice)))


def _decided(
    prepared: Prepared, before: Solved | None, insertions: FloatArray, weekly: FloatArray | None
) -> FloatArray:
    """A plan (plan_size,) of these insertions (n_vehicles,): the best plan itself, where they are its, week by week."""
    columns = prepared.problem.columns
    if before is not None and np.array_equal(before.tailored.insertions, insertions):
        best = before.tailored.decision
        if not columns.weeks or weekly is None or np.allclose(columns.weekly(best), weekly):
            return best
    return completed(prepared.problem, insertions, weekly)


def _solved_beside(prepared: Prepared, plan: FloatArray, options: Options, clock: Clock) -> Solved:
    """Every plan that a given one (plan_size,) is compared with, solved for. Raises InfeasiblePlan."""
    check_possible(prepared, seconds=0)
    return _in_calendars(prepared, solve(prepared, replace(options, explain=False), clock, [plan]))


def _compared(
    prepared: Prepared, solved: Solved, given: Allocation, options: Options | None, clock: Clock
) -> Influence:
    """A given plan beside the ordinary one, and whether it may be compared at all. options: None = no break-even is
    sought."""
    # How far the given plan is from the best is known, so no gap of its own blurs the comparison.
    given = replace(given, bound=given.value)
    sought = None if options is None else _break_even(prepared, solved, given, options, clock)
    influence = _influence(prepared, solved, given, sought, clock)
    broken = len(prepared.problem.broken(given.decision))
    if not broken:
        return influence
    verdict = f"Not like with like: this plan breaks {broken} of the rules that the ordinary plan keeps."
    return replace(influence, verdict=verdict, measurable=False, verdict_code="none")


def plan_figures(
    campaign: Campaign,
    insertions: FloatArray,
    optimised: FloatArray,
    fingerprint: str = "",
    weekly: FloatArray | None = None,
) -> PlanResult:
    """The figures of given insertions (n_vehicles,) and nothing else: no bound and no comparison."""
    options = Options(break_even=False)
    clock, prepared = Clock(options.seconds), prepare(campaign)
    clock.lap("prepare")
    plan = completed(prepared.problem, insertions, weekly)
    given = Allocation(insertions, prepared.problem.value(plan), np.inf, options.gap, plan=plan)
    return _report(prepared, given, None, None, clock, options, fingerprint, optimised, weekly)


def _in_calendars(prepared: Prepared, solved: Solved) -> Solved:
    """The plans in the weeks of their calendars, where their money depends on the weeks: what a plan is said to cost
    is what the calendar shown costs."""
    if prepared.rulebook.tariff.factor is None:
        return solved
    assert solved.impressions is not None
    tailored, ordinary, impressions = in_calendars(
        prepared, (solved.tailored, solved.ordinary, solved.impressions)
    )
    return replace(solved, tailored=tailored, ordinary=ordinary, impressions=impressions)


def _best_found(solved: Solved, others: Sequence[FloatArray]) -> float:
    """Value of the best plan found within the rules: the tailored one, or another (plan_size,) that is worth more."""
    kept = [plan for plan in (solved.ordinary.decision, *others) if not solved.problem.broken(plan)]
    return max([solved.tailored.value, *(solved.problem.value(plan) for plan in kept)])


def _broken_floors(solved: Solved, plan: FloatArray) -> tuple[str, ...]:
    """Whether a plan (plan_size,) breaks the customers-first floor, which is no rule of the rulebook."""
    return tuple(name for name in solved.problem.broken(plan) if name == CUSTOMERS_FIRST)


def _customers(prepared: Prepared, solved: Solved, given: Allocation) -> CustomersFirst | None:
    """Customers first, with the model's own error on what a plan gains beside the best plan for customers; None where
    the plan breaks a rule."""
    if prepared.problem.broken(given.decision):
        return None
    if solved.customers is None or solved.for_customers is None:
        return solved.customers
    plans = given.insertions, solved.for_customers.insertions
    share = reach_difference_error(prepared.campaign, prepared.people, *plans)
    return replace(
        solved.customers,
        error=value_error(prepared, *plans),
        reach_error=100 * share * solved.customers.best,
    )


def _with_edit(result: PlanResult, best: float | None, floors: tuple[str, ...], error: float) -> PlanResult:
    """The result with what its edits cost, and what they break. error: of the model, on the difference."""
    vehicles = edited_vehicles(result.campaign, result.vehicles.insertions, result.vehicles.optimised)
    sign = -1.0 if result.minimises else 1.0
    edit = edit_cost(vehicles, sign * result.value, best)
    if edit is None:
        return result
    rules = (f"{rule.text} ({rule.cell})" for rule in result.rules if not rule.holds)
    keep = result.campaign.brief.customers_first
    cell = result.campaign.cells.get(("Brief", "customers_first", "value"), "Brief")
    kept = (f"{name}: {100 * keep:g} % of the best customer reach is kept ({cell})" for name in floors)
    return replace(result, edit=replace(edit, breaks=(*rules, *kept), error=error))


def _break_even(
    prepared: Prepared, solved: Solved, given: Allocation, options: Options, clock: Clock
) -> Sought | None:
    """At which multiplier tailoring begins to pay; None where that is not asked for, or nothing is tailored."""
    objective = prepared.problem.objective
    weighs = objective.effective is None and not objective.saves_money
    edited = not np.array_equal(given.insertions, solved.tailored.insertions)
    if not options.break_even or edited or not weighs or prepared.people.masks.get("influencers") is None:
        return None
    options.progress("break-even")
    try:
        return break_even(prepared, solved, clock)
    except SolverFailure:
        return Sought(None, determined=False)  # the plan is there: it is not lost with a question about it


def _influence(
    prepared: Prepared,
    solved: Solved,
    given: Allocation,
    sought: Sought | None,
    clock: Clock,
    halves: Halves | None = None,
) -> Influence:
    """A plan beside the ordinary and the plain one, on the same measures; on respondents, judged by halves of them."""
    assert solved.impressions is not None
    chosen = {
        "tailored": given.decision,
        "ordinary": solved.ordinary.decision,
        "impressions": solved.impressions.decision,
    }
    plans = {
        label: plan_measures(prepared.people, prepared.rulebook, label, plan)
        for label, plan in chosen.items()
    }
    standing = standing_of(solved.problem, given, solved.ordinary, given.gap)
    compared = compare(prepared.campaign, prepared.people, plans, standing)
    if sought is not None:
        compared = with_break_even(prepared.campaign, prepared.people, compared, sought, HIGHEST_MULTIPLIER)
    if prepared.campaign.respondents is not None:
        compared = judged(compared, halves)
    clock.lap("comparison")
    return compared


def _report(
    prepared: Prepared,
    allocation: Allocation,
    customers: CustomersFirst | None,
    influence: Influence | None,
    clock: Clock,
    options: Options,
    fingerprint: str,
    optimised: FloatArray | None = None,
    weekly: FloatArray | None = None,
) -> PlanResult:
    """Everything a plan reports, every figure from the exact model."""
    campaign, people, insertions = prepared.campaign, prepared.people, allocation.insertions
    audiences = audience_figures(people, insertions)
    customers = _with_kept(customers, audiences)
    weeks = week_figures(prepared, allocation.decision, weekly)
    decision = standing_in(prepared, allocation.decision, weeks)
    told = (*outcomes(prepared, decision, customers), *gap_outcome(prepared, weeks))
    before = insertions if optimised is None else optimised
    objective = prepared.problem.objective
    sign = -1.0 if objective.saves_money else 1.0  # the models maximise: less money is more
    everyone = people.segments.population / people.segments.universe
    clock.lap("figures")
    return PlanResult(
        campaign=campaign,
        status=_status(allocation, told),
        objective=objective.name,
        value=sign * allocation.value,
        value_unit=objective.unit,
        bound=sign * allocation.bound,
        gap=allocation.gap,
        gap_asked=allocation.gap_asked,
        cost=prepared.rulebook.spend(decision),
        vehicles=vehicle_figures(campaign, people, prepared.rulebook, decision, before),
        audiences=audiences,
        customers_first=customers,
        rules=told,
        notes=notes_of(prepared, allocation),
        run=Run(clock.seconds, _versions(), options.solver),
        fingerprint=fingerprint,
        edits=tuple(v.name for v, a, b in zip(campaign.vehicles, insertions, before, strict=True) if a != b),
        timed_out=allocation.timed_out,
        influence=influence,
        ranking=rank_vehicles(campaign, people),
        weeks=weeks,
        packages=package_figures(prepared.rulebook, decision),
        airtime=airtime_of(campaign, people, insertions, "everyone", everyone),
    )


def _with_kept(
    customers: CustomersFirst | None, audiences: Sequence[AudienceFigures]
) -> CustomersFirst | None:
    """Customers first, with the reach among them that the plan keeps; the better of it and the best is the best."""
    if customers is None:
        return None
    kept = next(audience.reach_share for audience in audiences if audience.name == "customers")
    return replace(customers, kept=kept, best=max(customers.best, kept))


def _status(allocation: Allocation, rules: Sequence[RuleOutcome]) -> Status:
    if any(not rule.holds for rule in rules):
        return "broken"
    return "optimal" if allocation.optimal else "feasible"


def _versions() -> dict[str, str]:
    packages = ("influencer-media-planner", "pulp", "highspy", "numpy", "scipy")
    return {name: version(name) for name in packages}
