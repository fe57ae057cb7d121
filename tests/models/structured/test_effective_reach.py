"""Effective reach with packages, discounts, weeks and rules, on campaigns so small that all plans can be listed."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from models.problem.goals import Effective
from models.problem.objectives import Objective
from models.problem.schedule_rows import schedule_rows
from models.programme.plans.completion import Completion
from models.search import often_listed
from models.search.allocate import Settings, allocate
from tests.models.structured.arithmetic import every_plan
from tests.models.structured.test_against_enumeration import PRICES, RULES, mixture

BOUND = 1e-9  # relative: rounding
SHARE = 2e-8  # of the people: the accuracy of the distribution of contacts
DRAWN = [(seed, mixture(300 + seed)) for seed in range(40)]
ALONE = [(seed, (family,)) for seed, family in enumerate((*PRICES, *RULES))]


def for_effective_reach(case, seed):
    """The same campaign, for people met two, three or four times."""
    problem, times = case.problem, 2 + seed % 3
    people = problem.model.population * np.random.default_rng(seed).choice(
        [0.5, 1.0], len(problem.model.population)
    )
    counted = Effective(people, times)
    nothing = Objective("effective reach", "", 0 * people, np.zeros(problem.n_vehicles), effective=counted)
    return replace(problem, objective=nothing)


@pytest.mark.parametrize(("seed", "families"), [*DRAWN, *ALONE])
def test_the_plan_met_often_by_most_is_the_best_of_all_and_certain(
    seed, families, tiny, enumerated, monkeypatch
):
    monkeypatch.setattr(often_listed, "MANY", 10_000)
    case = tiny(5_000 + seed, families)
    problem = for_effective_reach(case, seed)
    kept = {
        tuple(x)
        for (x, _, _), broken in zip(every_plan(case.raw), enumerated(case).broken, strict=True)
        if not broken
    }
    try:
        found = allocate(problem, Settings())
    except InfeasiblePlan:
        assert not kept
        return
    everyone = float(problem.objective.effective.people.sum())
    best = max(problem.value(problem.columns.alone(np.array(x))) for x in kept)
    assert not problem.broken(found.decision)
    assert found.value == pytest.approx(best, rel=BOUND, abs=SHARE * everyone)
    assert found.bound == pytest.approx(best, rel=BOUND, abs=SHARE * everyone)


@pytest.mark.parametrize(("seed", "families"), DRAWN[:24])
def test_what_is_ruled_out_of_insertions_alone_no_plan_has(seed, families, tiny, enumerated):
    case = tiny(6_000 + seed, families)
    rows, completion = schedule_rows(case.problem), Completion(case.problem)
    every = [
        (tuple(x), broken)
        for (x, _, _), broken in zip(every_plan(case.raw), enumerated(case).broken, strict=True)
    ]
    kept = {x for x, broken in every if not broken - {"reach floor", "frequency cap"}}
    others = np.array(sorted({x for x, _ in every}))
    possible = np.array([tuple(x) in kept for x in others])
    ruled_out = np.zeros(len(others), dtype=bool)
    for x in others[~possible][:40]:
        ruled_out |= completion.impossible(x, others)
    assert all(rows.feasible(np.array(x)) for x in kept)
    assert not (ruled_out & possible).any()
