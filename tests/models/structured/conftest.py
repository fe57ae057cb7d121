"""Tiny campaigns (drawing.py), and all their plans (arithmetic.py)."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator

from models.reach.gamma import ReachModel
from models.respondents.model import respondent_model
from models.respondents.respondents import Respondents
from tests.models.structured.arithmetic import (
    Bought,
    Enumerated,
    FloatArray,
    Tiny,
    every_plan,
    spend_of,
    worth_of,
)
from tests.models.structured.drawing import make_tiny


@pytest.fixture(scope="session")
def tiny(make_model, make_objective) -> Callable[..., Tiny]:
    def make(
        seed: int,
        families: tuple[str, ...],
        objective: str = "influence",
        whole: bool = True,
        vehicles: int | None = None,
    ) -> Tiny:
        return make_tiny(make_model, make_objective, seed, families, objective, whole, vehicles)

    return make


@pytest.fixture(scope="session")
def tiny_on_respondents(make_model, make_objective) -> Callable[..., Tiny]:
    """The same with respondents for people: chances of contact that differ much more, 0 among them."""

    def people(rng: Generator, vehicles: int, segments: int) -> ReachModel:
        drawn = make_model(rng, vehicles, segments).audiences
        chance = np.minimum(drawn.rating * rng.choice([0, 1, 3], drawn.rating.shape), 0.95)
        nobody = np.zeros((segments, 0), dtype=bool)
        survey = Respondents(drawn.vehicles, (), drawn.population, chance, nobody)
        return respondent_model(survey, drawn.media, drawn.medium)

    def make(seed: int, families: tuple[str, ...], objective: str = "influence") -> Tiny:
        return make_tiny(people, make_objective, seed, families, objective, True, None)

    return make


@pytest.fixture(scope="session")
def tiny_units(make_model, make_units, make_objective) -> Callable[..., Tiny]:
    """The same, but two of the vehicles are units of one, and in every second campaign some give several contacts."""

    def make(
        seed: int,
        families: tuple[str, ...],
        objective: str = "influence",
        whole: bool = True,
        vehicles: int = 4,
    ) -> Tiny:
        def model(rng: Generator, vehicles: int, segments: int) -> ReachModel:
            return make_units(make_model(rng, vehicles, segments), rng, contacts=seed % 2 == 1)

        return make_tiny(model, make_objective, seed, families, objective, whole, vehicles)

    return make


@pytest.fixture(scope="session")
def enumerated(plan_reach) -> Callable[[Tiny], Enumerated]:
    def enumerate_(case: Tiny) -> Enumerated:
        raw, plans = case.raw, list(every_plan(case.raw))
        distinct = {tuple(x): np.array(x) for x, _, _ in plans}
        reach = dict(zip(distinct, plan_reach(raw.model, np.array(list(distinct.values()))), strict=True))
        worth, broken, joined = [], [], []
        for x, w, z in plans:
            plan = Bought(x, w, z, spend_of(raw, x, w, z), reach[tuple(x)])
            worth.append(worth_of(case.problem.objective, plan))
            broken.append({family for family, keeps in raw.checks if not keeps(plan)})
            joined.append(np.concatenate([x, w.ravel(), np.array(z, float)]))
        kept = [i for i in range(len(plans)) if not broken[i]]
        top = max(kept, key=lambda i: worth[i], default=None)
        return Enumerated(
            np.array(worth),
            broken,
            -np.inf if top is None else worth[top],
            None if top is None else joined[top],
        )

    return enumerate_


@pytest.fixture(scope="session")
def keeps_all() -> Callable[[Tiny, FloatArray], bool]:
    """Whether a plan (plan_size,), whole or not, keeps everything by the arithmetic here."""

    def keeps(case: Tiny, plan: FloatArray) -> bool:
        raw, columns = case.raw, case.problem.columns
        x, w = columns.insertions(plan), columns.weekly(plan)
        z = tuple(round(taken) for taken in columns.packages_of(plan))
        held = [sum(t * h[j] for t, (h, _) in zip(z, raw.packages, strict=True)) for j in range(raw.n)]
        consistent = (x >= np.array(held) - 1e-7).all() and (x <= raw.most + 1e-7).all()
        if raw.weeks:
            consistent = consistent and np.allclose(w.sum(axis=1), x, atol=1e-7)
        bought = Bought(x, w, z, spend_of(raw, x, w, z), raw.model.reach_shares(x))
        return bool(consistent) and all(keeps_rule(bought) for _, keeps_rule in raw.checks)

    return keeps
