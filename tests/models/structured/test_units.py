"""Vehicles of several units among all rules and prices, on campaigns so small that all plans can be listed."""

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from models.search.allocate import Settings, allocate

PRICES = ("fixed cost", "package", "discount by insertions", "discount by money")
RULES = (
    "smallest buy", "ratio of grp", "ratio of money", "count", "limit in grp", "limit in insertions",
    "share of spend", "contact goal", "share of contacts",
    "frequency cap", "reach floor", "titles per group", "share of budget",
)  # fmt: skip
WEEKS = ("week limit in money", "week limit in grp", "availability", "price factor", "appearances")
GAP = 1e-4
EXACT = 1e-7  # relative: the solver's tolerances on bounds


def mixture(seed: int) -> tuple[str, ...]:
    rng = np.random.default_rng([889, seed])
    chosen = [*rng.choice(PRICES, rng.integers(0, 3), False), *rng.choice(RULES, rng.integers(1, 4), False)]
    chosen += list(rng.choice(WEEKS, 2, False)) if seed % 4 == 3 else []
    return tuple(str(family) for family in chosen)


def assert_best(case, listed, keeps_all) -> None:
    """No plan is worth more than the bound; a whole plan is the best of all within the gap, one in parts not worse."""
    try:
        found = allocate(case.problem, Settings(gap=GAP))
    except InfeasiblePlan:
        assert listed.plan is None
        return
    assert listed.plan is not None
    size = abs(listed.best)
    assert keeps_all(case, found.decision)
    assert found.value == pytest.approx(case.problem.value(found.decision), rel=1e-12)
    assert found.value >= listed.best - GAP * size
    assert found.bound >= max(found.value, listed.best) - EXACT * size
    assert found.gap <= GAP
    if case.problem.whole:
        assert found.value <= listed.best + 1e-9 * size


@pytest.mark.parametrize("seed", range(24))
def test_the_plan_is_the_best_of_all(seed, tiny_units, enumerated, keeps_all) -> None:
    case = tiny_units(seed, mixture(seed), vehicles=3 if seed % 4 == 3 else 4)
    assert_best(case, enumerated(case), keeps_all)


@pytest.mark.parametrize("objective", ["reach", "impressions", "word of mouth", "minimum cost"])
def test_whatever_it_is_for(objective, tiny_units, enumerated, keeps_all) -> None:
    for seed in range(2):
        goal = ("reach floor",) if objective == "minimum cost" else ()
        case = tiny_units(50 + seed, tuple(dict.fromkeys((*mixture(100 + seed), *goal))), objective)
        assert_best(case, enumerated(case), keeps_all)


@pytest.mark.parametrize("seed", range(6))
def test_in_parts_of_insertions_it_is_worth_no_less(seed, tiny_units, enumerated, keeps_all) -> None:
    case = tiny_units(70 + seed, mixture(200 + seed), whole=False, vehicles=3 if (200 + seed) % 4 == 3 else 4)
    assert_best(case, enumerated(case), keeps_all)


@pytest.mark.parametrize("seed", range(4))
def test_with_a_budget_alone_five_lines_of_two_shared_vehicles_too(
    seed, tiny_units, enumerated, keeps_all
) -> None:
    case = tiny_units(90 + seed, (), vehicles=5)
    assert case.problem.model.units is not None
    assert_best(case, enumerated(case), keeps_all)


def test_several_units_of_one_vehicle_are_bought_together_in_some_of_them(tiny_units, enumerated) -> None:
    """Otherwise nothing that units share was tested."""
    together = 0
    for seed in range(8):
        case = tiny_units(seed, mixture(seed), vehicles=4)
        plan = enumerated(case).plan
        units = case.problem.model.units
        assert units is not None
        together += plan is not None and any((plan[own] > 0).sum() > 1 for own in units.members)
    assert together
