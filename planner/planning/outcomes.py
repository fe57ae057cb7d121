"""How a plan stands to every rule, goal and price of its campaign, checked independently of the solver."""

from collections.abc import Sequence

from models.after.binding import binding_rules
from models.arrays import FloatArray
from models.rules.outcome import Outcome
from models.rules.rule import Rule, by_demand
from planner.campaign.prepare import Prepared
from planner.planning.questions import keeping_customers
from planner.planning.results import CustomersFirst, RuleOutcome


def outcomes(
    prepared: Prepared, plan: FloatArray, customers: CustomersFirst | None = None
) -> tuple[RuleOutcome, ...]:
    """Every rule and goal, in the campaign's order; whether it binds is said by models.after.binding. A vehicle's
    maximum and availability are told only where they bind. customers: the floor that the plan was made under, no rule
    of its own here."""
    outcome = prepared.problem.outcome(plan)
    held = keeping_customers(prepared, customers).problem
    binds = binding_rules(held, plan) if plan.any() else frozenset()
    goals = prepared.goals
    stated: tuple[Rule, ...] = (*prepared.problem.rules, *goals.floors, *goals.effective)
    found = (_told(prepared, sides, outcome, binds) for sides in by_demand(stated))
    return tuple(told for told in found if told is not None)


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
    return RuleOutcome(cell, sentence, holds, binding, round(slack, 6), first.unit, treatment.charge, ids)
