"""The rule whose doing a price is: without it, a vehicle that stays at any price would be out."""

from models.after.respondent_questions import Asked
from models.problem.problem import Problem
from planner.explaining.pricing import SHARP, Base
from planner.planning.variants import without_rules


def rule_behind(base: Base, questions: Asked, place: int, priced: Problem, without: Problem) -> str:
    """The rule without which the relaxation is worth more without the vehicle than with it, in words; "" where there
    is none. priced, without: the problem with the vehicle at a high price, and without it. All its rules together are
    tried first, then each. Raises SolverFailure."""

    def out(ids: set[str]) -> bool:
        if base.left() <= 0:
            return False
        with_it, least = (
            questions.bound(without_rules(problem, ids), base.left()).bound for problem in (priced, without)
        )
        return with_it < least * (1 - SHARP)

    rules = _shared_rules(base, place)
    if not rules or not out(set(rules)):
        return ""
    alone = next((rule for rule in rules if out({rule})), "")
    return " and ".join(_told(base, rule) for rule in ([alone] if alone else rules[:2]))


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


def _told(base: Base, rule_id: str) -> str:
    return f"{base.prepared.rule(rule_id).sentence()} ({base.prepared.cells[rule_id]})"
