"""Which tangents a search can do without: by hand."""

import numpy as np

from models.programme.rows.tangents import _MANY, _NEAREST, Tangents


def one_curve(levels: list[float]) -> Tangents:
    """Tangents at levels of one curve, in rows 10, 11, ..."""
    tangents = Tangents()
    many = len(levels)
    tangents.add(np.arange(10, 10 + many), np.zeros(many, dtype=np.int64), np.array(levels))
    return tangents


def unneeded(tangents: Tangents, low: float, high: float, at: float) -> list[int]:
    return sorted((tangents.unneeded(np.array([low]), np.array([high]), np.array([at])) - 10).tolist())


def test_between_two_levels_those_between_and_the_nearest_outside_are_needed() -> None:
    assert unneeded(one_curve([0.0, 1.0, 2.0, 3.0, 4.0, 5.0]), 1.5, 3.5, 2.0) == [0, 5]


def test_a_tangent_at_the_very_end_is_the_nearest_outside() -> None:
    assert unneeded(one_curve([0.0, 1.0, 2.0, 3.0]), 1.0, 2.0, 1.0) == [0, 3]


def test_no_level_outside_leaves_all() -> None:
    assert unneeded(one_curve([1.0, 2.0]), 0.0, 3.0, 1.0) == []


def test_curves_are_looked_at_one_by_one() -> None:
    tangents = Tangents()
    tangents.add(np.arange(10, 14), np.array([0, 0, 1, 1]), np.array([1.0, 2.0, 1.0, 2.0]))
    gone = tangents.unneeded(np.array([3.0, 0.0]), np.array([4.0, 0.5]), np.array([3.0, 0.0]))
    assert sorted(gone.tolist()) == [10, 13]


def test_of_very_many_the_first_the_own_and_the_nearest_stay() -> None:
    many = _MANY + 20
    tangents = one_curve(np.linspace(0, 1, many).tolist())
    tangents.first, tangents.earlier = 2, many - 1
    gone = unneeded(tangents, 0.0, 1.0, 0.5)
    kept = sorted(set(range(many)) - set(gone))
    middle = many // 2  # of an even number: half lie below 0.5
    assert kept == [0, 1, *range(middle - _NEAREST, middle + _NEAREST), many - 1]


def test_levels_nearer_than_the_spacing_to_a_tangent_are_not_fresh() -> None:
    tangents, curve = Tangents(0.1), np.zeros(1, dtype=np.int64)
    asked = [(1.0, True), (1.05, False), (1.2, True), (1.1, False), (0.5, True), (2.0, True), (0.52, False)]
    for level, fresh in asked:
        assert tangents.fresh(curve, np.array([level])).tolist() == [fresh]
    assert tangents.fresh(curve + 1, np.array([1.0])).tolist() == [True]  # another curve
    assert Tangents().fresh(curve, np.array([1.0])).tolist() == [True]
