"""Three vehicles over a few weeks, and every way to lay whole insertions into them."""

import itertools
from collections.abc import Iterator, Sequence

import numpy as np

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.rule import Rule

COST = np.array([100.0, 250.0, 60.0])
RATING = np.array([4.0, 10.0, 1.0])


def tariff_of(weeks: int, factor: np.ndarray | None = None) -> Tariff:
    """factor: (3, weeks) times the unit cost, None where weeks cost alike."""
    return (
        Tariff(COST, Columns(3, weeks)) if factor is None else Tariff(COST, Columns(3, weeks), factor=factor)
    )


def problem_at(tariff: Tariff, rules: Sequence[Rule] = (), whole: bool = True) -> Problem:
    """News, sport and film; the reach of it does not matter here."""
    model = calibrate(
        Audiences(
            ("news", "sport", "film"), ("TV",), np.zeros(3, dtype=int), np.array([1000.0]),
            RATING[None, :] / 100, np.full(3, 0.5), np.zeros(3, dtype=bool),
        ),
        Duplication(1.3, np.array([1.6]), np.ones(1)),
    )  # fmt: skip
    objective = Objective("contacts", "contacts", np.zeros(1), RATING)
    return Problem(model, tariff, np.full(3, 9.0), objective, tuple(rules), (), whole)


def every_calendar(
    insertions: np.ndarray, weeks: int, most: np.ndarray | float = np.inf
) -> Iterator[np.ndarray]:
    """(3, weeks) each; most: of a vehicle in a week."""
    ways = [
        [w for w in itertools.product(range(int(x) + 1), repeat=weeks) if sum(w) == x] for x in insertions
    ]
    for chosen in itertools.product(*ways):
        weekly = np.array(chosen, dtype=float)
        if (weekly <= most).all():
            yield weekly
