"""At most so many vehicles of each publisher: its rows, its own check, what binds and what gives way."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.after.binding import binding_rules
from models.conflict.conflict import explain
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.budget import Budget
from models.rules.outcome import Outcome
from models.rules.titles_per_group import TitlesPerGroup
from models.rules.vehicle_limit import VehicleLimit
from models.search.allocate import Settings, allocate

COST = np.array([100.0, 100.0, 100.0, 100.0])
TARIFF = Tariff(COST)
HOUSE, PRESS = np.array([0, 1, 2]), np.array([3])


def per_publisher(members, sense, amount, whole=True) -> TitlesPerGroup:
    value = "House" if members is HOUSE else "Press"
    return TitlesPerGroup(
        f"{value} {sense}", "publisher", value, members, sense, amount, TARIFF.columns, whole
    )


def problem_of(*rules) -> Problem:
    """Four vehicles of one insertion each at most, the later the smaller; money for three."""
    given_ = Audiences(
        ("a", "b", "c", "d"), ("print",), np.zeros(4, dtype=np.int64), np.array([1000.0]),
        np.array([[0.4, 0.3, 0.2, 0.1]]), np.full(4, 0.6), np.zeros(4, bool),
    )  # fmt: skip
    model = calibrate(given_, Duplication(1.0, np.array([1.2]), np.ones(1)))
    objective = Objective("reach", "people", np.array([1000.0]), np.zeros(4))
    budget = Budget("budget", TARIFF, 300.0)
    return Problem(model, TARIFF, np.ones(4), objective, (budget, *rules))


def test_the_best_plan_takes_the_largest_of_each_publisher_and_the_rule_binds() -> None:
    """Without it a, b and c; of House two at most: a, b and d, and c in place of d would be worth more."""
    problem = problem_of(per_publisher(HOUSE, "<=", 2.0), per_publisher(PRESS, "<=", 2.0))
    plan = allocate(problem, Settings(gap=1e-9)).decision
    assert plan.tolist() == [1, 1, 0, 1]
    assert "House <=" in binding_rules(problem, plan)
    assert "Press <=" not in binding_rules(problem, plan)


def test_a_conflict_names_the_publisher_and_how_many_more_would_do() -> None:
    """Three titles of House are must-buys; two may be bought."""
    asked = tuple(VehicleLimit(f"must {j}", j, "abc"[j], "must-buy", ">=", 1.0) for j in range(3))
    rule = per_publisher(HOUSE, "<=", 2.0)
    found = explain(problem_of(rule, per_publisher(PRESS, "<=", 2.0), *asked), seconds=600)
    assert found is not None
    assert found.proven
    assert set(found.rules) == {"House <=", "must 0", "must 1", "must 2"}
    (change,) = (change for change in found.eased_limits if change.rule_id == "House <=")
    assert (change.change, change.new_limit) == (1.0, 3.0)
    assert change.text == "publisher House: at most 3 vehicles bought, of 3 on offer (1 more)"


def test_a_part_of_an_insertion_counts_where_it_is_forbidden() -> None:
    crumbs = Outcome(np.array([1.0, 1.0, 0.001, 0.0]))
    assert not per_publisher(HOUSE, "<=", 2.0, whole=False).holds(crumbs)
    assert not per_publisher(HOUSE, ">=", 3.0, whole=False).holds(crumbs)


def test_it_is_told_with_its_publisher() -> None:
    assert (
        per_publisher(HOUSE, "<=", 2.0).sentence()
        == "publisher House: at most 2 vehicles bought, of 3 on offer"
    )
    assert (
        per_publisher(PRESS, ">=", 1.0).sentence()
        == "publisher Press: at least 1 vehicle bought, of 1 on offer"
    )


@given(
    st.lists(st.integers(0, 2), min_size=4, max_size=4),
    st.sampled_from([HOUSE, PRESS]),
    st.sampled_from([">=", "<="]),
    st.integers(0, 3),
)
def test_its_rows_are_kept_exactly_where_it_holds(rows_kept, insertions, members, sense, amount) -> None:
    rule = per_publisher(members, sense, float(amount))
    plan = np.array(insertions, dtype=float)
    assert rows_kept(rule, TARIFF, plan) == rule.holds(Outcome(plan))


@pytest.mark.parametrize(("limit", "kept"), [(2.0, False), (3.0, True)])
def test_another_limit_is_the_same_rule(limit, kept) -> None:
    plan = Outcome(np.array([1.0, 1.0, 1.0, 0.0]))
    rule = per_publisher(HOUSE, "<=", 1.0).eased(limit)
    assert (rule.id, rule.holds(plan)) == ("House <=", kept)
    assert replace(rule, amount=1.0).eased_for(plan).limit == 3.0
