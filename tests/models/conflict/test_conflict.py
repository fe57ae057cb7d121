"""Rules that cannot all hold: the few that conflict, against every plan."""

from dataclasses import replace

import numpy as np
import pytest

from models.conflict.conflict import explain
from models.problem.problem import Problem
from models.rules.outcome import Outcome
from models.rules.rule import Rule
from tests.models.conflict.conflicts import PLANS, budget, group, limit, problem_of


def possible(rules: tuple[Rule, ...]) -> bool:
    """Whether any of the 125 plans keeps the rules, by the rules' own arithmetic."""
    return any(all(rule.holds(Outcome(plan)) for rule in rules) for plan in PLANS)


def conflicting_rules(problem: Problem) -> tuple[Rule, ...]:
    """The conflicting set, and that it is said to be proven and irreducible; nothing where there is a plan."""
    found = explain(problem, seconds=600)  # a busy machine changes no answer
    if found is None:
        return ()
    assert (found.proven, found.minimal, found.finished) == (True, True, True)
    return tuple(rule for rule in problem.rules if rule.id in found.rules)


def ids(rules: tuple[Rule, ...]) -> set[str]:
    return {rule.id for rule in rules}


def test_rules_that_can_hold_together_do_not_conflict() -> None:
    assert conflicting_rules(problem_of((budget(1000), limit(0, ">=", 2)))) == ()


def test_minimums_above_the_budget_conflict_with_it_and_with_nothing_else() -> None:
    """2 at 400 and 1 at 250 cost 1,050; the rest is idle."""
    rules = (budget(1000), limit(2, ">=", 2), limit(1, ">=", 1), limit(0, ">=", 0), limit(0, "<=", 3))
    found = conflicting_rules(problem_of(rules))
    assert ids(found) == {"budget", "v2 >= 2", "v1 >= 1"}


def test_a_minimum_above_a_maximum_conflicts_with_it() -> None:
    rules = (budget(9000), limit(1, ">=", 3), limit(1, "<=", 2))
    assert ids(conflicting_rules(problem_of(rules))) == {"v1 >= 3", "v1 <= 2"}


def test_a_minimum_above_what_is_on_offer_conflicts_alone() -> None:
    assert ids(conflicting_rules(problem_of((budget(9000), limit(1, ">=", 5))))) == {"v1 >= 5"}


def test_a_conflict_of_whole_numbers_only_is_found() -> None:
    """Exactly 150 on vehicles at 100 and 250: one and a half of the first; with fractions there is a plan."""
    rules = (
        budget(9000), group((0, 1), "money", ">=", 150), group((0, 1), "money", "<=", 180),
        limit(2, ">=", 1),
    )  # fmt: skip
    assert ids(conflicting_rules(problem_of(rules))) == {rules[1].id, rules[2].id}
    assert conflicting_rules(problem_of(rules, whole=False)) == ()


def test_shares_that_add_up_to_more_than_everything_conflict_where_something_must_be_bought() -> None:
    rules = (
        group((2,), "share", ">=", 0.6), group((1,), "share", ">=", 0.6), limit(0, ">=", 1), budget(9000),
    )  # fmt: skip
    found = conflicting_rules(problem_of(rules))
    assert not possible(found)
    # Two shares of 60 % hold together only where nothing is bought at all.
    assert ids(found) == {rules[0].id, rules[1].id, "v0 >= 1"}


def test_hundreds_of_idle_rules_are_left_out() -> None:
    idle = tuple(replace(limit(n % 3, "<=", 4), id=f"idle {n}") for n in range(200))
    rules = (*idle[:90], budget(700), *idle[90:], limit(2, ">=", 2))
    assert ids(conflicting_rules(problem_of(rules))) == {"budget", "v2 >= 2"}


def random_rules(seed: int) -> tuple[Rule, ...]:
    """A budget and five to nine limits, drawn without a thought for each other."""
    rng = np.random.default_rng([4, seed])
    rules: list[Rule] = [budget(float(rng.choice([300, 600, 900, 1500])))]
    for _ in range(int(rng.integers(5, 10))):
        sense = ">=" if rng.random() < 0.6 else "<="
        kind = rng.choice(["vehicle", "money", "share", "insertions"])
        if kind == "vehicle":
            rules.append(limit(int(rng.integers(3)), sense, float(rng.integers(0, 4))))
            continue
        members = tuple(sorted(rng.choice(3, int(rng.integers(1, 3)), replace=False).tolist()))
        amount = {
            "money": float(rng.choice([120, 330, 500, 770])),
            "share": float(rng.choice([0.2, 0.35, 0.5, 0.7])),
            "insertions": float(rng.integers(1, 6)),
        }[str(kind)]
        rules.append(group(members, str(kind), sense, amount))
    return tuple(replace(rule, id=f"{n}: {rule.id}") for n, rule in enumerate(rules))  # type: ignore[type-var]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_returned_conflicts_and_without_any_one_of_it_does_not(seed: int) -> None:
    """By trying all 125 plans, with the rules' own arithmetic."""
    rules = random_rules(seed)
    found = conflicting_rules(problem_of(rules))
    if possible(rules):
        assert found == ()
        return
    assert found
    assert not possible(found)
    for rule in found:
        assert possible(tuple(other for other in found if other is not rule)), rule.id


def test_the_random_rules_conflict_often_and_not_always() -> None:
    conflicts = sum(not possible(random_rules(seed)) for seed in range(40))
    assert 10 <= conflicts <= 35
