"""Everything a plan reports, every figure from the exact model."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from models.after.binding import binding_rules
from models.arrays import FloatArray
from models.errors import NoCalendar
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.rules.outcome import Outcome
from models.rules.row import insertions_text
from models.rules.rule import Rule, by_demand
from planner import __version__
from planner.campaign.bought import contacts_of
from planner.campaign.prepare import Prepared
from planner.planning.airtime import airtime_of
from planner.planning.calendar_figures import (
    gap_outcome,
    in_calendars,
    standing_in,
    week_figures,
    week_outcomes,
)
from planner.planning.comparison import compare, plan_measures, with_break_even
from planner.planning.edits import edited_vehicles
from planner.planning.figures import audience_figures, package_figures, vehicle_figures
from planner.planning.halves import Halves, judged
from planner.planning.influence import Influence
from planner.planning.model_error import reach_difference_error, value_error
from planner.planning.notes import notes_of
from planner.planning.options import Clock, Options
from planner.planning.questions import (
    CUSTOMERS_FIRST,
    Solved,
    customer_floor,
    customers_kept_words,
    keeping_customers,
)
from planner.planning.ranking import rank_vehicles
from planner.planning.results import AudienceFigures, CustomersFirst, PlanResult, RuleOutcome, Run, Status
from planner.planning.standing import standing_of
from planner.planning.turning import Sought

_UNDATED = {
    False: "The search for a calendar that holds this plan ended before it found one: the plan stands without a "
    "flowchart. With more time (--time-limit) there may be one.",
    True: "No calendar holds these insertions: some find no week to stand in. The plan stands without a flowchart; "
    "Max on Vehicles, or rows on Weeks, would have to allow fewer of them, or more weeks.",
}  # by whether that is proven


def with_calendars(prepared: Prepared, solved: Solved, clock: Clock) -> Solved:
    """The plans in the weeks of their calendars, where their money depends on the weeks: what a plan is said to cost
    is what the calendar shown costs."""
    if prepared.rulebook.tariff.factor is None:
        return solved
    assert solved.impressions is not None
    (tailored, ordinary, impressions), short = in_calendars(
        prepared, (solved.tailored, solved.ordinary, solved.impressions), clock.for_calendar()
    )
    return replace(
        solved, tailored=tailored, ordinary=ordinary, impressions=impressions, calendar_cut_short=short
    )


def customers_kept(prepared: Prepared, solved: Solved, given: Allocation) -> CustomersFirst | None:
    """Customers first, with the model's own error on what a plan gains beside the best plan for customers; None where
    the plan breaks a rule."""
    if prepared.problem.broken(given.decision):
        return None
    if solved.customers is None or solved.for_customers is None:
        return solved.customers
    plans = given.insertions, solved.for_customers.insertions
    share = reach_difference_error(prepared.campaign, prepared.people, *plans)
    return replace(
        solved.customers, error=value_error(prepared, *plans), reach_error=100 * share * solved.customers.best
    )


def beside_others(
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
        compared = with_break_even(prepared.campaign, prepared.people, compared, sought)
    if prepared.campaign.respondents is not None:
        compared = judged(compared, halves)
    clock.lap("comparison")
    return compared


def report_best(
    prepared: Prepared,
    solved: Solved,
    influence: Influence,
    clock: Clock,
    options: Options,
    fingerprint: str,
) -> PlanResult:
    """Everything that the best plan reports; where money depends on the weeks, in the calendar it was counted in."""
    plan, priced = solved.tailored, prepared.rulebook.tariff.factor is not None
    weekly = prepared.problem.columns.weekly(plan.decision) if priced else None
    customers = customers_kept(prepared, solved, plan)
    result = report_plan(prepared, plan, customers, influence, clock, options, fingerprint, weekly=weekly)
    if result.weeks is None or not solved.calendar_cut_short:
        return result
    return replace(result, weeks=replace(result.weeks, cut_short=True))


def report_plan(
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
    weeks = None
    try:
        weeks = week_figures(prepared, allocation.decision, weekly, clock.for_calendar())
    except NoCalendar as error:  # the plan is known: it is told without its weeks
        campaign = campaign.noticed(_UNDATED[error.proven])
    decision = standing_in(prepared, allocation.decision, weeks)
    by_week = week_outcomes(prepared, decision, weeks)
    overruled = {rule_id for found in by_week for rule_id in found.ids}
    whole = [rule for rule in outcomes(prepared, decision, customers) if overruled.isdisjoint(rule.ids)]
    told = (*whole, *by_week, *gap_outcome(prepared, weeks))
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
        run=Run(clock.seconds, _versions, options.solver),
        fingerprint=fingerprint,
        edits=tuple(edited.name for edited in edited_vehicles(campaign, insertions, before)),
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
    from importlib.metadata import version  # longer to load than a plan to read back

    others = {name: version(name) for name in ("pulp", "highspy", "numpy", "scipy")}
    return {"influencer-media-planner": __version__, **others}


# --- how a plan stands to every rule, goal and price -------------------------------------------------


def outcomes(
    prepared: Prepared, plan: FloatArray, customers: CustomersFirst | None = None
) -> tuple[RuleOutcome, ...]:
    """Every rule and goal, in the campaign's order, limits of single vehicles last; whether it binds is said by
    models.after.binding. A vehicle's maximum and availability are told only where they bind. customers: the floor
    that the plan was made under, no rule of its own here."""
    outcome = prepared.problem.outcome(plan)
    held = keeping_customers(prepared, customers).problem
    binds = binding_rules(held, plan) if plan.any() else frozenset()
    goals = prepared.goals
    stated: tuple[Rule, ...] = (*prepared.problem.rules, *goals.floors, *goals.effective)
    order = sorted(by_demand(stated), key=lambda sides: sides[0].of_vehicle is not None)
    found = (_told(prepared, sides, outcome, binds) for sides in order)
    told = (one for one in found if one is not None)
    return (*told, *_unquoted(prepared, outcome.insertions), *_fewer_customers(prepared, held, outcome))


def _fewer_customers(prepared: Prepared, held: Problem, outcome: Outcome) -> Iterator[RuleOutcome]:
    """The floor of customers first, where a plan misses it. held: the problem with that floor."""
    floor = customer_floor(held)
    if floor is not None and not floor.holds(outcome):
        text = f"{CUSTOMERS_FIRST}: {customers_kept_words(prepared.campaign)}"
        cell = prepared.campaign.brief_cell("customers_first")
        yield RuleOutcome(cell, text, False, False, round(floor.slack(outcome), 6), floor.unit)


def _unquoted(prepared: Prepared, insertions: FloatArray) -> Iterator[RuleOutcome]:
    """Insertions (n_vehicles,) that nobody offers: no price is quoted, and no package has them."""
    campaign, rulebook = prepared.campaign, prepared.rulebook
    for j in np.flatnonzero((insertions > 0) & np.isnan(rulebook.cost) & (rulebook.buyable == 0)).tolist():
        vehicle, count = campaign.vehicles[j], float(insertions[j])
        bought = insertions_text(count, contacts_of([vehicle]))
        text = f"{vehicle.name}: {bought}, but its price is not quoted"
        cell = campaign.cell("Vehicles", vehicle.name, "unit_cost")
        yield RuleOutcome(cell, text, False, False, -count, "insertions", own=False)


def _told(
    prepared: Prepared, sides: Sequence[Rule], outcome: Outcome, binds: frozenset[str]
) -> RuleOutcome | None:
    """A rule, or both sides of a locked number; None where nobody has to be told."""
    first, treatment = sides[0], sides[0].treatment
    slack, holds = min(rule.slack(outcome) for rule in sides), all(rule.holds(outcome) for rule in sides)
    ids = tuple(rule.id for rule in sides)
    binding = first.is_paid(outcome) if treatment.charge else holds and not binds.isdisjoint(ids)
    binding = binding and treatment.told != "when broken"
    if holds and not binding and treatment.told != "always":
        return None
    cell = prepared.cells.get(first.id, "")
    sentence = first.sentence() if holds else first.broken_sentence(outcome)
    own = first.of_vehicle is None and not treatment.charge
    unit = "impressions" if first.impressions else first.unit
    slack *= first.impressions or 1.0
    return RuleOutcome(cell, sentence, holds, binding, round(slack, 6), unit, treatment.charge, ids, own)
