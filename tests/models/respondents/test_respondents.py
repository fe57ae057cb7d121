"""Respondents: what they add up to, and what merging identical ones leaves alone."""

import numpy as np
import pytest

from models.errors import InvalidInput
from models.respondents.respondents import Respondents


def three(**changes: object) -> Respondents:
    parts: dict[str, object] = {
        "vehicles": ("A", "B"),
        "traits": ("catalyst",),
        "weight": [1.0, 2.0, 5.0],
        "probability": [[0.5, 0.0], [0.25, 1.0], [0.5, 0.0]],
        "has_trait": [[True], [False], [True]],
    }
    return Respondents(**(parts | changes))  # type: ignore[arg-type]


def test_audiences_are_weighted_sums_of_probabilities() -> None:
    assert three().audience().tolist() == [0.5 + 0.5 + 2.5, 2.0]
    assert three().universe == 8.0


def test_identical_respondents_become_one_and_nothing_else_changes() -> None:
    merged = three().merged()
    assert merged.weight.tolist() == [6.0, 2.0]
    assert merged.asked.tolist() == [2, 1]
    assert merged.audience().tolist() == three().audience().tolist()
    assert merged.effective_base() == three().effective_base() == 64 / 30
    assert three().identical().tolist() == [0, 1, 0]


def test_a_trait_apart_keeps_respondents_apart() -> None:
    assert len(three(has_trait=[[True], [False], [False]]).merged()) == 3


def test_minus_zero_is_zero() -> None:
    assert len(three(probability=[[0.5, 0.0], [0.25, 1.0], [0.5, -0.0]]).merged()) == 2


def test_merging_what_is_merged_changes_nothing() -> None:
    random = np.random.default_rng(1)
    chances, has = random.integers(0, 2, (200, 2)).astype(float), random.random((200, 1)) < 0.5
    many = Respondents(("A", "B"), ("t",), random.uniform(1, 2, 200), chances, has)
    once = many.merged()
    assert len(once) == 8
    assert once.merged().weight.tolist() == once.weight.tolist()
    assert np.allclose(once.audience(), many.audience(), rtol=1e-12)


def test_arrays_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="read-only"):
        three().probability[0, 0] = 1.0


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"weight": [1.0, 0.0, 1.0]}, "weight"),
        ({"weight": [1.0, np.nan, 1.0]}, "weight"),
        ({"probability": [[0.5, 0.0], [1.25, 1.0], [0.5, 0.0]]}, "A has a probability of 0.5 or 1.25"),
        ({"probability": [[0.5, np.nan], [0.2, 1.0], [0.5, 0.0]]}, "B has a probability"),
        ({"vehicles": ("A", "A")}, "A stands twice"),
        ({"vehicles": ("A",)}, "probability has shape"),
    ],
)
def test_what_cannot_be_is_refused(change: dict[str, object], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        three(**change)
