"""How many of a list are bought, by hand: three vehicles, alone and in groups."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.purchase.tariff import Tariff
from models.rules.bought_count import BoughtCount
from models.rules.outcome import Outcome

TARIFF = Tariff(np.array([100.0, 250.0, 300.0]))
ALONE = (np.array([0]), np.array([1]), np.array([2]))
GROUPS = (np.array([0, 1]), np.array([2]))


def count(entries, sense: str, amount: float, whole: bool = True) -> BoughtCount:
    return BoughtCount("cell", "the list", entries, sense, amount, TARIFF.columns, 6, whole)


@pytest.mark.parametrize(
    ("plan", "alone", "groups"),
    [([0, 0, 0], 0, 0), ([5, 0, 0], 1, 1), ([1, 1, 0], 2, 1), ([0, 2, 1], 2, 2), ([1, 1, 1], 3, 2)],
)
def test_what_is_bought_at_all_counts_once(plan, alone, groups, rows_kept) -> None:
    insertions = np.array(plan, dtype=float)
    for entries, bought in ((ALONE, alone), (GROUPS, groups)):
        at_most, at_least = count(entries, "<=", 1.0), count(entries, ">=", 2.0)
        assert at_most.slack(Outcome(insertions)) == 1 - bought
        assert at_least.slack(Outcome(insertions)) == bought - 2
        for rule in (at_most, at_least):
            assert rule.holds(Outcome(insertions)) == (rule.slack(Outcome(insertions)) >= 0)
            assert rows_kept(rule, TARIFF, insertions) == rule.holds(Outcome(insertions))


def test_a_part_of_an_insertion_is_bought_where_it_is_forbidden_and_not_where_it_is_wanted() -> None:
    """From a hundredth on it counts as wanted; anything at all counts where at most so many may be bought."""
    crumbs, parts = np.array([1.0, 0.001, 0.0]), np.array([1.0, 0.01, 0.0])
    assert not count(ALONE, "<=", 1.0, whole=False).holds(Outcome(crumbs))
    assert not count(ALONE, ">=", 2.0, whole=False).holds(Outcome(crumbs))
    assert count(ALONE, ">=", 2.0, whole=False).holds(Outcome(parts))


def test_only_entries_of_several_vehicles_have_a_column_of_their_own() -> None:
    assert count(ALONE, "<=", 1.0).private() == ()
    (private,) = count(GROUPS, "<=", 1.0).private()
    assert (private.column, private.low, private.high, private.whole) == (6, 0.0, 1.0, True)


def test_it_is_told_with_its_list() -> None:
    assert count(ALONE, "<=", 1.0).sentence() == "at most 1 of the list bought"
    assert count(GROUPS, ">=", 2.0).sentence() == "at least 2 of the list bought"


@given(
    st.lists(st.integers(0, 2), min_size=3, max_size=3),
    st.sampled_from([ALONE, GROUPS]),
    st.sampled_from([">=", "<="]),
    st.integers(0, 3),
)
def test_its_rows_are_kept_exactly_where_it_holds(rows_kept, insertions, entries, sense, amount) -> None:
    rule = count(entries, sense, float(amount))
    plan = np.array(insertions, dtype=float)
    assert rows_kept(rule, TARIFF, plan) == rule.holds(Outcome(plan))
