"""The whole story on one page: a campaign in, a certified plan with its figures out.

campaign -> people and rules (prepare) -> customers first, ordinary, tailored plan (solve)
         -> figures -> what tailoring gains (comparison) -> a result
"""

from collections.abc import Sequence
from dataclasses import replace
from importlib.metadata import version

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan, SolverFailure
from models.problem.certificate import Allocation
from models.programme.completion import completed
from models.respondents.model import RespondentModel
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
from planner.planning.model_error import value_error
from planner.planning.outcomes import outcomes
from planner.planning.proof import outdone, parse_proof, proof_of, proof_text, solved_before, why_not_read
from planner.planning.ranking import rank_vehicles
from planner.planning.results import CustomersFirst, Influence, PlanResult, Run
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
    before = solved_before(prepared, kept, options.gap)
    plan = _decided(prepared, before, insertions, weekly)
    before = None if before is not None and outdone(before, plan) else before
    if proof and asked and before is None:
        prepared = _noticed(prepared, why_not_read(prepared, kept, options.gap))
    given = Allocation(insertions, prepared.problem.value(plan), np.inf, options.gap, plan=plan)
    try:
        solved = before or _solved_beside(prepared, plan, options, clock)
    except InfeasiblePlan:
        result = _report(prepared, given, None, None, clock, options, fingerprint, optimised, weekly)
        return _with_edit(result, None, (), 0.0)
    given = replace(solved.tailored, insertions=insertions, plan=plan, value=given.value)
    influence = _compared(prepared, solved, given, options if before is None else None, clock)
    if kept is not None and before is not None and np.array_equal(insertions, solved.tailored.insertions):
        influence = replace(influence, break_even=kept.break_even)
    customers = None if prepared.problem.broken(plan) else _customers(prepared, solved, given)
    result = _report(prepared, given, customers, influence, clock, options, fingerprint, optimised, weekly)
    if before is None and asked:
        proof = proof_text(proof_of(prepared, solved, options.gap, influence.break_even))
    stated = completed(prepared.problem, optimised) if before is None else solved.tailored.decision
    result = replace(result, proof=proof, read_back=before is not None)
    error = value_error(prepared, insertions, optimised)
    return _with_edit(result, _best_found(solved, (plan, stated)), _broken_floors(solved, plan), error)


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
    """Customers first, with the model's own error on what a plan gains beside the best plan for customers."""
    if solved.customers is None or solved.for_customers is None:
        return solved.customers
    error = value_error(prepared, given.insertions, solved.for_customers.insertions)
    return replace(solved.customers, error=error)


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
    if customers is not None:
        kept = next(audience.reach_share for audience in audiences if audience.name == "customers")
        customers = replace(
            customers, kept=kept, best=max(customers.best, kept)
        )  # the better is the best known
    weeks = week_figures(prepared, allocation.decision, weekly)
    decision = standing_in(prepared, allocation.decision, weeks)
    told = (*outcomes(prepared, decision, customers), *gap_outcome(prepared, weeks))
    before = insertions if optimised is None else optimised
    broken = any(not outcome.holds for outcome in told)
    objective = prepared.problem.objective
    sign = -1.0 if objective.saves_money else 1.0  # the models maximise: less money is more
    everyone = people.segments.population / people.segments.universe
    clock.lap("figures")
    return PlanResult(
        campaign=campaign,
        status="broken" if broken else "optimal" if allocation.optimal else "feasible",
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
        notes=_notes(prepared, allocation),
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


def _notes(prepared: Prepared, allocation: Allocation) -> tuple[tuple[str, str], ...]:
    """What the calculation assumed beyond the sheets."""
    people, model = prepared.people, prepared.people.model
    notes = [("Reach", text) for text in model.notes]
    notes += [("Composition", text) for text in people.shrinkage_notes]
    traits = ", ".join(row.name for row in people.traits) or "none"
    if isinstance(model, RespondentModel):
        notes += _respondents_notes(prepared.campaign, people.segments.names, traits)
    else:
        notes.append(("Segments", f"{len(people.segments.names)} segments from the traits {traits}."))
        notes.append(
            (
                "Reach",
                "Nested gamma model, calibrated exactly to every rating, repeat audience and duplication; "
                "reach, frequency and the distribution come from it, never from the linear programme.",
            )
        )
    if people.masks.get("influencers") is not None:
        weights = sorted({round(float(w), 4) for w in people.weights})
        notes.append(("Influence", f"Influence weights of segments: {', '.join(f'{w:g}' for w in weights)}."))
    packaged = {name for package in prepared.campaign.packages for name in package.vehicles}
    blank = [v.name for v in prepared.campaign.vehicles if v.unit_cost is None and v.name not in packaged]
    if blank:
        notes.append(("Prices", f"Not quoted, so never bought: {', '.join(blank)}."))
    notes += _several_contacts(prepared)
    notes.append(
        (
            "Certificate",
            f"{allocation.rounds} linear programmes and {allocation.searches} whole-number searches; the bound "
            "comes from the programme with tangents above every curve, the value from the exact model.",
        )
    )
    return tuple(notes)


def _respondents_notes(campaign: Campaign, merged: Sequence[str], traits: str) -> list[tuple[str, str]]:
    """Who was planned on. merged: identical respondents as one."""
    assert campaign.respondents is not None
    asked, base = len(campaign.respondents), campaign.respondents.effective_base()
    return [
        (
            "Survey",
            f"{asked:,} respondents, effective base {base:,.0f}; {len(merged):,} where identical ones are one. Traits: "
            f"{traits}.",
        ),
        (
            "Reach",
            "Exact under each respondent's own probabilities: not reached = product of (1 - p)^insertions.",
        ),
    ]


def _several_contacts(prepared: Prepared) -> list[tuple[str, str]]:
    """What is approximated where people count who are met several times, and what the bound is then."""
    problem = prepared.problem
    objective = problem.objective.effective
    times = sorted({goal.times for goal in problem.effective} | ({objective.times} if objective else set()))
    if not any(n > 1 for n in times):
        return []
    often = " and ".join(f"{n}+" for n in times)
    return [
        (
            "Effective reach",
            f"{often} reach is exact in every figure, from the distribution of contacts. It is not concave, so no "
            "programme finds its best plan: the programme takes the smaller of reach and contacts per person / n "
            "for it, and local search on the exact figure starts from its plan, from the reach plan and from plans "
            "bought greedily for n+ and for contacts up to the n-th.",
        ),
        (
            "Effective reach",
            "The bound is that of the programme: an upper limit on every plan, loose by its nature, that no longer "
            "search would close. A plan worth more than this one may exist that the search has missed.",
        ),
    ]


def _versions() -> dict[str, str]:
    packages = ("influencer-media-planner", "pulp", "highspy", "numpy", "scipy")
    return {name: version(name) for name in packages}
