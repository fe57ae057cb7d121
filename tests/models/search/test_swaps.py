"""n+ reach where only so many of some vehicles may be bought: one is bought in place of another."""

from dataclasses import replace

import numpy as np
import pytest

from models.rules.bought_count import BoughtCount
from models.search.admissible import Admissible
from models.search.effective_moves import EffectiveSearch
from tests.models.search.test_effective import for_effective_reach, met
from tests.models.structured.drawing import make_tiny

_VEHICLES, _GROUP, _MOST = 16, 8, 2


@pytest.fixture
def drawn(make_model, make_objective):
    """16 vehicles, at most 2 of the first 8 bought, of which 1 to 6 insertions are on offer; people met 3 times."""

    def make(seed):
        case = make_tiny(make_model, make_objective, seed, (), "reach", True, _VEHICLES)
        problem = for_effective_reach(case.problem, 3)
        offered, tariff = problem.buyable.copy(), problem.tariff
        offered[:_GROUP] = np.random.default_rng(seed).integers(1, 7, _GROUP)
        entries = tuple(np.array([j]) for j in range(_GROUP))
        few = BoughtCount("few", "list", entries, "<=", _MOST, tariff.columns, tariff.width)
        return replace(problem, buyable=offered, rules=(*problem.rules, few))

    return make


def found(problem):
    """(n_vehicles,) the best plan of the search, and its worth."""
    plans = np.array(
        list(EffectiveSearch(problem, problem.objective.effective).best_of(np.zeros(_VEHICLES), []))
    )
    worth = met(problem, plans)
    return plans[worth.argmax()], worth.max()


@pytest.mark.parametrize(
    "seed", [113, 123]
)  # of 30, those in which moves of insertions alone ended 2 % below
def test_no_other_vehicle_in_place_of_a_bought_one_is_worth_more(seed, drawn):
    problem = drawn(seed)
    plan, worth = found(problem)
    bought = np.flatnonzero(plan[:_GROUP])
    assert len(bought) == _MOST
    for out in bought:
        for into in set(range(_GROUP)) - set(bought.tolist()):
            offered = problem.buyable.copy()
            offered[[j for j in range(_GROUP) if j != into and (j == out or plan[j] == 0)]] = 0
            assert found(replace(problem, buyable=offered))[1] <= worth * (1 + 1e-9)


def test_in_place_of_one_of_two_bought_all_others_of_the_list_may_be(drawn):
    within, plan = Admissible(drawn(113)), np.zeros(_VEHICLES)
    plan[[1, 12]] = 1
    assert within.in_place_of(plan) == []  # a second may be bought as it is
    plan[4] = 1
    assert within.in_place_of(plan) == [(out, into) for out in (1, 4) for into in (0, 2, 3, 5, 6, 7)]
