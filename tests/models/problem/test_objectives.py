"""Influence weights and the three objectives, by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.people.audience import Segments, build_segments
from models.people.traits import Traits
from models.problem.objectives import Objective, impressions_objective, influence_weights, reach_objective

NAMES = ("customer", "catalyst", "expert: food", "young", "old")
TALKS = np.array([False, True, True, False, False])


def hundred() -> Segments:
    """A hundred people, two exclusive ages among them: 24 segments."""
    return build_segments(100, Traits(NAMES, np.array([0.3, 0.1, 0.2, 0.4, 0.5]), ("", "", "", "age", "age")))


def weights(*values: float) -> dict[str, float]:
    segments = hundred()
    found = influence_weights(segments, TALKS, np.array(values))
    return dict(zip(segments.names, found.round(12).tolist(), strict=True))


def test_an_everyday_person_counts_once() -> None:
    assert weights(1, 1.8, 2, 1, 1)["others"] == 1


def test_a_catalyst_who_is_an_expert_adds_both() -> None:
    """1 + .8 + 1.0 = 2.8, not 1.8 x 2.0 = 3.6."""
    found = weights(1, 1.8, 2, 1, 1)
    assert found["catalyst"] == 1.8
    assert found["expert: food"] == 2
    assert found["catalyst, expert: food"] == 2.8


def test_weights_of_other_traits_multiply() -> None:
    """A customer counts double, an old person half; a catalyst among them 1.8 times that."""
    found = weights(2, 1.8, 2, 1, 0.5)
    assert found["customer"] == 2
    assert found["customer, old"] == 1
    assert found["customer, catalyst, old"] == 1.8
    assert found["customer, catalyst, expert: food, young"] == 5.6


def test_a_weight_of_nothing_excludes() -> None:
    found = weights(1, 1.8, 2, 0, 1)
    assert all(weight == 0 for name, weight in found.items() if "young" in name)
    assert found["catalyst, old"] == 1.8


def test_an_influencer_weight_of_nothing_takes_its_talk_away() -> None:
    """1 - 1 = 0 for the catalyst; one who is an expert keeps the expert's 2 - 1; never below 0."""
    found = weights(1, 0, 2, 1, 1)
    assert found["catalyst"] == 0
    assert found["catalyst, expert: food"] == 1
    assert weights(1, 0, 0.5, 1, 1)["catalyst, expert: food"] == 0


def test_the_null_case_counts_everyone_alike() -> None:
    assert set(weights(1, 1, 1, 1, 1).values()) == {1}


def test_a_negative_weight_is_refused_and_named() -> None:
    with pytest.raises(InvalidInput, match="catalyst") as refused:
        weights(1, -0.1, 2, 1, 1)
    assert refused.value.subject == ("catalyst",)


def test_reach_counts_people_by_their_weight() -> None:
    """63 others and 7 catalysts, 27 customers and 3 who are both; half of the first reached, all of the last."""
    segments = build_segments(100, Traits(("customer", "catalyst"), np.array([0.3, 0.1]), ("", "")))
    by_name = {"others": 1.0, "catalyst": 1.8, "customer": 1.0, "customer, catalyst": 1.8}
    weight = np.array([by_name[name] for name in segments.names])
    reach = np.array([{"others": 0.5, "customer, catalyst": 1.0}.get(name, 0.0) for name in segments.names])
    objective = reach_objective("influence", "people", segments, weight, 2)
    assert objective.counts_reach
    assert objective.value(reach, np.array([3.0, 4.0])) == pytest.approx(63 * 0.5 + 3 * 1.8)


def test_impressions_count_every_contact_and_no_reach() -> None:
    """Vehicle 1 meets 10 of the 90 others and 5 of the 10 catalysts: 10 + 5 x 1.8 = 19 an insertion."""
    segments = build_segments(100, Traits(("catalyst",), np.array([0.1]), ("",)))
    weight = np.where(segments.with_trait("catalyst"), 1.8, 1.0)
    rating = np.where(segments.with_trait("catalyst"), [[0.5], [0.2]], [[1 / 9], [0.0]]).T
    objective = impressions_objective(segments, weight, rating)
    assert objective.insertion_worth == pytest.approx([19, 3.6])
    assert not objective.counts_reach
    assert objective.value(np.ones(2), np.array([2.0, 0.5])) == pytest.approx(39.8)


@pytest.mark.parametrize(("segment", "insertion"), [(-1.0, 0.0), (0.0, -1.0)])
def test_a_negative_worth_is_refused(segment: float, insertion: float) -> None:
    with pytest.raises(InvalidInput, match="negative"):
        Objective("reach", "people", np.array([segment]), np.array([insertion]))


weight_lists = st.lists(st.floats(0, 10), min_size=5, max_size=5).map(np.array)


@given(weight_lists)
def test_weights_are_what_the_sentence_says(weight: FloatArray) -> None:
    """(1 + sum over catalyst and expert of (weight - 1), at least 0) x product of the other traits' weights."""
    segments = hundred()
    for row, found in zip(segments.has, influence_weights(segments, TALKS, weight), strict=True):
        added = 1.0
        times = 1.0
        for has, talks, value in zip(row, TALKS, weight, strict=True):
            if has and talks:
                added += value - 1
            elif has:
                times *= value
        assert found == pytest.approx(max(added, 0) * times, rel=1e-12, abs=1e-12)
