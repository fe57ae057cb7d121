"""Duplication and repeat audiences that cannot be: noted, raised, or refused by name."""

import numpy as np
import pytest

from models.errors import InvalidInput, RepeatTooLow
from models.reach.gamma import (
    Duplication,
    calibrate,
)
from tests.models.reach.audiences import audiences, random_duplication, shared_share, universe_reach

# What cannot be represented ---------------------------------------------------------------------------------


def test_a_duplication_between_media_below_one_is_taken_as_chance_and_noted() -> None:
    model = calibrate(audiences(np.array([0.2, 0.1]), [0, 1]), Duplication(0.6, np.ones(2), np.ones(1)))
    assert universe_reach(model, np.ones(2)) == pytest.approx(0.28, abs=1e-9)
    assert any("between media cannot be 0.60" in note and "1.00" in note for note in model.notes)


def test_a_duplication_within_a_medium_below_that_between_media_is_raised_and_noted() -> None:
    given = audiences(np.array([0.2, 0.1, 0.15]), [0, 0, 1])
    model = calibrate(given, Duplication(1.5, np.array([1.1, 1.5]), np.ones(1)))
    assert any("Duplication m0 cannot be 1.10" in note for note in model.notes)
    assert shared_share(model, 0, 1)[0] / (0.2 * 0.1) > 1.4


def test_segments_that_explain_all_duplication_leave_nothing_to_the_intensities() -> None:
    """Readers of both titles sit in one segment: that alone gives more than D = 1.2."""
    given = audiences(np.array([[0.5, 0.5], [0.02, 0.02]]), [0, 1], 0.6)
    model = calibrate(given, Duplication(1.2, np.ones(2), np.ones(2)))
    assert np.isinf(model.k_person).all()
    assert len(model.notes) == 1


@pytest.mark.parametrize(
    ("duplication", "where"),
    [(Duplication(30.0, np.array([30.0, 30.0]), np.ones(1)), "between media"),
     (Duplication(1.2, np.array([30.0, 2.0]), np.ones(1)), "m0")],
)  # fmt: skip
def test_more_duplication_than_the_audiences_can_have_names_where(
    duplication: Duplication, where: str
) -> None:
    """Two vehicles of 20 % share at most 5 times chance: then one's people are all the other's."""
    with pytest.raises(InvalidInput, match="cannot share more") as refused:
        calibrate(audiences(np.full(4, 0.2), [0, 0, 1, 1], 0.9), duplication)
    assert refused.value.subject == (where,)


def test_a_measured_repeat_audience_below_the_least_possible_names_the_vehicle() -> None:
    """Two insertions drawn anew share p of each other's audience; less is impossible. All at once."""
    given = audiences(np.array([0.1, 0.3, 0.4]), [0, 1, 0], np.array([0.5, 0.2, 0.1]))
    with pytest.raises(RepeatTooLow) as refused:
        calibrate(given, random_duplication(3))
    assert refused.value.subject == ("v1", "v2")
    assert refused.value.least == pytest.approx({"v1": 0.3, "v2": 0.4})


def test_an_assumed_repeat_audience_below_the_least_possible_is_raised() -> None:
    given = audiences(np.array([0.1, 0.3]), [0, 1], np.array([0.5, 0.2]), measured=False)
    model = calibrate(given, random_duplication(2))
    assert model.reach_shares(np.array([0.0, 2.0])) == pytest.approx([1 - 0.7**2], rel=1e-9)


@pytest.mark.parametrize("repeat", [1.0, 1.2, -0.1])
def test_a_repeat_audience_outside_zero_to_one_names_the_vehicle(repeat: float) -> None:
    with pytest.raises(InvalidInput, match='"v0"'):
        audiences(np.array([0.1]), [0], repeat)


@pytest.mark.parametrize("rating", [1.0, -0.01])
def test_a_rating_outside_zero_to_one_names_the_vehicle(rating: float) -> None:
    with pytest.raises(InvalidInput, match='"v1"'):
        audiences(np.array([0.1, rating]), [0, 0])
