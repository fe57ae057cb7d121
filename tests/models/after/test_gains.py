"""What changes are worth, all at once, is what each is worth by itself."""

import numpy as np
import pytest

from models.after.neighbours import Purchase, gains_of, worked_out_at_once
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_difference_of_the_exact_worths(seed: int) -> None:
    """Five vehicles in two media; every insertion given back, bought, and exchanged; contacts count besides."""
    rng = np.random.default_rng(seed)
    model = calibrate(
        Audiences(
            tuple("abcde"), ("m0", "m1"), np.arange(5) % 2, np.array([500.0, 300.0, 200.0]),
            rng.uniform(0.02, 0.2, 5) * rng.uniform(0.7, 1.3, (3, 5)), np.full(5, 0.5), np.zeros(5, dtype=bool),
        ),
        Duplication(1.3, np.array([1.5, 1.8]), np.array([1.0, 1.0, 0.6])),
    )  # fmt: skip
    objective = Objective("test", "people", model.population * rng.uniform(0, 2, 3), rng.uniform(0, 1, 5))
    problem = Problem(model, Tariff(np.ones(5)), np.full(5, 9.0), objective, ())
    plan = rng.integers(1, 5, 5).astype(float)
    assert worked_out_at_once(problem, plan)
    one = [Purchase(np.array([j]), np.ones(1), j) for j in range(5)]
    changes = [(given, bought) for given in (None, *one) for bought in (None, *one) if given is not bought]

    def worth(change: tuple[Purchase | None, Purchase | None]) -> float:
        after = plan.copy()
        for part, sign in zip(change, (-1, 1), strict=True):
            if part is not None:
                after[part.vehicle] += sign
        return problem.value(after) - problem.value(plan)

    # Increments add up to intensities but for a rounding.
    assert gains_of(problem, plan, changes) == pytest.approx([worth(each) for each in changes], abs=1e-9)


def test_parts_of_insertions_are_not() -> None:
    model = calibrate(
        Audiences(("a",), ("m",), np.zeros(1, dtype=int), np.array([10.0]), np.full((1, 1), 0.1), np.full(1, 0.5),
                  np.zeros(1, dtype=bool)),
        Duplication(1.3, np.array([1.5]), np.array([1.0])),
    )  # fmt: skip
    problem = Problem(
        model, Tariff(np.ones(1)), np.full(1, 9.0), Objective("t", "", np.ones(1), np.zeros(1)), ()
    )
    assert not worked_out_at_once(problem, np.array([0.5]))
