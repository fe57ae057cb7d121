"""The rule whose doing a price is: without it, a vehicle that stays at any price would be out."""

from models.after.respondent_questions import Asked
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from planner.explaining.pricing import SHARP, Base
from planner.explaining.proven import Proven
from planner.formats import percent
from planner.planning.questions import CUSTOMERS_FIRST, customer_floor
from planner.planning.variants import searched_by_moves, without_rules


def rule_behind(its: Proven, price: float) -> str:
    """The rule without which the relaxation is worth more without the vehicle than with it at a high price, in words;
    "" where there is none, or where that is so under the rules too. All its rules together are tried first, then each.
    Raises SolverFailure."""
    base, questions, rules = its.base, its.questions, _shared_rules(its.base, its.place)
    if not rules:
        return ""
    without = its.without.problem(), its.without.relaxed()
    if _idle(*without, without_rules(without[0], set(rules)), set(rules)):
        return ""  # without the rules, plans with the vehicle are worth no less, those without it no more
    priced = its.problem(price)
    asked = [(priced, questions.bound(priced, base.left())), without]

    def out(ids: set[str]) -> bool:
        if base.left() <= 0:
            return False
        with_it, least = (_worth_without(base, questions, *about, ids) for about in asked)
        return with_it < least * (1 - SHARP)

    if out(set()) or not out(set(rules)):
        return ""
    alone = rules[0] if len(rules) == 1 else next((rule for rule in rules if out({rule})), "")
    return " and ".join(told(base, rule) for rule in ([alone] if alone else rules[:2]))


def _worth_without(base: Base, questions: Asked, problem: Problem, relaxed: Relaxed, ids: set[str]) -> float:
    """What the relaxation of a problem is worth without some rules; what it is with them, where no row of theirs is
    worth anything to it and they bound no vehicle by themselves. Raises SolverFailure."""
    free = without_rules(problem, ids)
    if not ids or _idle(problem, relaxed, free, ids):
        return relaxed.bound
    return questions.bound(free, base.left()).bound


def _idle(problem: Problem, relaxed: Relaxed, free: Problem, ids: set[str]) -> bool:
    """Whether no row of some rules is worth anything to a relaxation, and they bound no vehicle by themselves. free:
    the problem without them."""
    n, system, after, worth = problem.n_vehicles, problem.system, free.system, relaxed.row_worth
    if worth is None or worth[[rule_id in ids for rule_id in system.rule_ids]].any():
        return False
    own = (system.lower[n:] > 0).any() or (system.upper[n:] < 1).any()
    sides = (system.lower, after.lower), (system.upper, after.upper)
    return not own and all((one[:n] == other[:n]).all() for one, other in sides)


def rule_that_needs_it(base: Base, questions: Asked, without: Problem) -> str:
    """The rule or floor without which some plan goes without the vehicle, in words; "" where no single one is to blame.
    without: the problem that does not offer it, and that no plan keeps. Raises SolverFailure."""

    def possible(rule_id: str) -> bool:
        if base.left() <= 0:
            return False
        problem = without_rules(without, {rule_id})
        near = base.best.decision
        start = questions.with_room(problem, near) if searched_by_moves(problem) else None
        starts = [] if start is None else [start]
        return questions.plan_worth_more(problem, 0.0, base.left(), starts).plan is not None

    budgets = {budget.id for budget in without.budgets}
    shared = (
        rule
        for rule in without.rules
        if rule.of_vehicle is None and not rule.treatment.charge and rule.id not in budgets
    )
    found = (rule.id for rule in (*without.floors, *shared) if possible(rule.id))
    alone = next(found, None)
    return "" if alone is None else told(base, alone)


def _shared_rules(base: Base, place: int) -> list[str]:
    """Ids of the rules, the budget aside, that look at this vehicle and at others."""
    problem, columns = base.prepared.problem, base.prepared.problem.columns
    own = {place, columns.bought(place)}
    own |= {columns.week(place, week) for week in range(columns.weeks)}
    budgets = {budget.id for budget in problem.budgets}
    return [
        rule.id
        for rule in problem.rules
        if rule.of_vehicle is None and not rule.treatment.charge and rule.id not in budgets
        and any(own & set(row.columns.tolist()) for row in rule.rows())
    ]  # fmt: skip


def told(base: Base, rule_id: str) -> str:
    """A rule, or customers first, in words with its cell."""
    if rule_id == CUSTOMERS_FIRST:
        cell = base.campaign.brief_cell("customers_first")
        floor = customer_floor(base.prepared.problem)
        assert floor is not None
        share = percent(floor.least / float(floor.people.sum()))
        return f"customers first, held at {share} of customers as now ({cell})"
    return base.prepared.told(base.prepared.rule(rule_id))
