"""Campaigns made at random (always the same for a seed), and an arithmetic of plans that owes nothing to ours.

`make_problem` draws a witness, a plan that keeps everything, before it draws rules around it, so that every
campaign has a plan. `plan_values` and `plans_allowed` value and check many plans at once, from the exact
functions of models.reach.gamma and from the numbers of the rules, not from their rows or their own checks.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from models.problem.goals import Floor
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate
from models.rules.budget import Budget
from models.rules.group_limit import GroupLimit
from models.rules.rule import Rule
from models.rules.vehicle_limit import VehicleLimit
from models.search import often_listed, several_contacts

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

UNIVERSE = 10_000.0
FAMILIES = ("budget", "minimum", "maximum", "must-buy", "locked", "money", "share", "insertions")


@pytest.fixture(autouse=True)
def searched_for(monkeypatch) -> None:
    """Tiny campaigns, too, are searched where people count who are met several times, not listed plan by plan."""
    monkeypatch.setattr(several_contacts, "FEW", 0)
    monkeypatch.setattr(often_listed, "MANY", 0)


@dataclass(frozen=True, eq=False)
class Made:
    """A random campaign. witness: (n_vehicles,) a plan that keeps its rules. customers: (n_segments,) people."""

    problem: Problem
    witness: FloatArray
    customers: FloatArray


def make_problem(
    seed: int,
    vehicles: int,
    segments: int,
    objective: str = "influence",
    most: int = 8,
    families: tuple[str, ...] = ("budget",),
    spend: float = 0.3,
) -> Made:
    """A campaign of the seed. spend: the budget as a share of what everything on offer costs; families: which
    rules it has, beside the budget."""
    rng = np.random.default_rng([20260, seed])
    model = make_model(rng, vehicles, segments)
    contacts = model.population @ model.audiences.rating
    cost = np.maximum(np.round(contacts * rng.lognormal(0, 0.4, vehicles) * 12), 5.0)
    upper = rng.integers(1, most + 1, vehicles).astype(float)
    budget = max(float(np.round(spend * (cost @ upper))), float(cost.min()))
    witness = make_witness(rng, cost, upper, budget)
    rules: list[Rule] = [Budget("budget", Tariff(cost), budget)]
    for number, family in enumerate(families):
        rules += make_rules(rng, number, family, witness, cost, upper)
    customers = model.population * (rng.random(segments) < 0.4)
    return Made(
        Problem(model, Tariff(cost), upper, make_objective(rng, objective, model), tuple(rules)),
        witness,
        customers,
    )


def make_model(rng: Generator, vehicles: int, segments: int) -> ReachModel:
    """Ratings that differ from segment to segment, two or three media, some segments less duplicated."""
    media = int(rng.integers(2, 4))
    population = rng.dirichlet(np.full(segments, 3.0)) * UNIVERSE
    size = np.minimum(rng.lognormal(np.log(0.03), 0.8, vehicles), 0.2)
    rating = np.minimum(size * rng.lognormal(0, 0.35, (segments, vehicles)), 0.4)
    medium = np.arange(vehicles) % media
    audiences = Audiences(
        tuple(f"vehicle {j}" for j in range(vehicles)), tuple(f"medium {m}" for m in range(media)),
        medium, population, rating, rng.uniform(0.3, 0.8, vehicles), np.zeros(vehicles, dtype=bool),
    )  # fmt: skip
    factor = np.where(rng.random(segments) < 0.3, 0.6, 1.0)
    return calibrate(audiences, Duplication(1.35, rng.uniform(1.5, 2.5, media), factor))


def make_units(model: ReachModel, rng: Generator, contacts: bool = False) -> ReachModel:
    """The same people and vehicles, but the last vehicle is a second unit of the first of its medium: fewer notice it.
    Of five vehicles or more one more is a unit as good as the first (another position). contacts: some give each person
    whom they reach more than one, which counts in GRP alone."""
    audiences, n = model.audiences, len(model.audiences.vehicles)
    stands_for, rating = np.arange(n), audiences.rating.copy()
    first = int(np.flatnonzero(audiences.medium == audiences.medium[n - 1])[0])
    stands_for[n - 1] = first
    rating[:, n - 1] = rating[:, first] * rng.uniform(0.3, 0.9)
    if n > 4:
        same = int(np.flatnonzero(audiences.medium == audiences.medium[n - 2])[0])
        if same not in (first, n - 2):
            stands_for[n - 2], rating[:, n - 2] = same, rating[:, same]
    per_person = rng.choice([1.0, 1.03, 1.06], n) if contacts else None
    made = replace(audiences, rating=rating, stands_for=stands_for, per_person=per_person)
    within = np.full(len(audiences.media), 2.0)
    return calibrate(made, Duplication(1.35, within, np.ones(len(audiences.population))))


def make_objective(rng: Generator, name: str, model: ReachModel) -> Objective:
    """Influence weights of 0 to 4, reach of some segments, or contacts."""
    nothing = np.zeros(len(model.audiences.vehicles))
    if name == "impressions":
        worth = model.population @ model.audiences.rating
        return Objective(name, "contacts", np.zeros(len(model.population)), worth)
    weights = rng.choice([0.0, 1.0, 1.8, 2.8, 4.0], len(model.population))
    weights[0] = 1.0
    worth = (weights > 0).astype(float) if name == "reach" else weights
    return Objective(name, "people", model.population * worth, nothing)


def make_witness(rng: Generator, cost: FloatArray, upper: FloatArray, budget: float) -> FloatArray:
    """Insertions bought at random until the next does not fit."""
    plan = np.zeros(len(cost))
    while True:
        j = int(rng.integers(len(cost)))
        if plan[j] >= upper[j] or plan @ cost + cost[j] > budget:
            return plan
        plan[j] += 1


def make_rules(
    rng: Generator, number: int, family: str, witness: FloatArray, cost: FloatArray, upper: FloatArray
) -> list[Rule]:
    """Rules of a family that the witness keeps, some of them barely."""
    vehicle = int(rng.integers(len(cost)))
    bought = float(witness[vehicle])

    def limit(sense: str, insertions: float) -> Rule:
        return VehicleLimit(f"{number} {sense}", vehicle, f"vehicle {vehicle}", family, sense, insertions)

    if family in ("money", "share", "insertions"):
        return make_group_limits(rng, number, family, witness, cost)
    return {
        "budget": [],
        "minimum": [limit(">=", max(bought - rng.integers(2), 0.0))],
        "maximum": [limit("<=", min(bought + rng.integers(2), upper[vehicle]))],
        "must-buy": [limit(">=", 1.0)] if bought else [],
        "locked": [limit(">=", bought), limit("<=", bought)],
    }[family]


def make_group_limits(
    rng: Generator, number: int, measure: str, witness: FloatArray, cost: FloatArray
) -> list[Rule]:
    """At least and at most for a group of about half the vehicles, near what the witness has of it."""
    members = np.flatnonzero(rng.random(len(cost)) < 0.5)
    if len(members) == 0:
        members = np.array([0])
    spend = witness * cost
    has = {
        "money": spend[members].sum(),
        "share": spend[members].sum() / spend.sum() if spend.sum() else 0.0,
        "insertions": witness[members].sum(),
    }[measure]
    loose = rng.choice([0.02, 0.3], 2)
    least, most = has * (1 - loose[0]), has * (1 + loose[1])
    if measure == "insertions":
        least, most = np.floor(least), np.ceil(most)
    most = min(most, 1.0) if measure == "share" else most
    return [
        GroupLimit(
            f"{number} {sense}", f"group {number}", members, measure, sense, float(amount), Tariff(cost)
        )
        for sense, amount in ((">=", least), ("<=", most))
    ]


def with_floor(made: Made, best: float, keep: float = 0.97) -> Problem:
    """The campaign with customers first: their reach may not fall below keep times the best."""
    return replace(made.problem, floors=(Floor("customers first", made.customers, keep * best),))


def customer_problem(made: Made) -> Problem:
    """The campaign with the reach of customers for its objective."""
    objective = Objective("reach", "people", made.customers, np.zeros(made.problem.n_vehicles))
    return replace(made.problem, objective=objective)


def plan_reach(model: ReachModel, plans: FloatArray) -> FloatArray:
    """(n_plans, n_segments) reach shares of whole plans (n_plans, n_vehicles)."""
    if model.units is not None:
        return np.array([model.reach_shares(plan) for plan in plans])
    most = int(plans.max(initial=0)) + 1
    table = np.stack([model.intensity(np.full(plans.shape[1], float(x))) for x in range(most)])
    picked = table[plans.astype(int), :, np.arange(plans.shape[1])[None, :]]
    one_hot = np.eye(len(model.audiences.media))[model.audiences.medium]
    total = model.medium_level(np.einsum("pjc,jm->pcm", picked, one_hot)).sum(axis=2)
    return np.asarray(model.person_level(total.T)).T


def plan_values(problem: Problem, plans: FloatArray) -> FloatArray:
    """(n_plans,) exact worth of whole plans (n_plans, n_vehicles)."""
    worth = plans @ problem.objective.insertion_worth
    if problem.objective.counts_reach:
        worth = worth + plan_reach(problem.model, plans) @ problem.objective.segment_worth
    return np.asarray(worth)


def plans_allowed(problem: Problem, plans: FloatArray) -> BoolArray:
    """(n_plans,) whether plans (n_plans, n_vehicles) keep everything, from the rules' numbers alone."""
    kept = ((plans >= 0) & (plans <= problem.buyable)).all(axis=1)
    for rule in problem.rules:
        if isinstance(rule, Budget):
            kept &= plans @ rule.tariff.cost <= rule.amount * (1 + 1e-9)
        elif isinstance(rule, VehicleLimit):
            kept &= _on_side(plans[:, rule.vehicle], rule.sense, rule.amount)
        elif isinstance(rule, GroupLimit):
            spend = plans * rule.tariff.cost
            amount = np.full(len(plans), rule.amount)
            if rule.measure == "share":
                amount = rule.amount * spend.sum(axis=1)
            counted = plans if rule.measure == "insertions" else spend
            kept &= _on_side(counted[:, rule.members].sum(axis=1), rule.sense, amount)
    for floor in problem.floors:
        if kept.any():
            kept[kept] = plan_reach(problem.model, plans[kept]) @ floor.people >= floor.least * (1 - 1e-9)
    return kept


def _on_side(left: FloatArray, sense: str, right: FloatArray | float) -> BoolArray:
    slack = left - right if sense == ">=" else right - left
    return np.asarray(slack >= -1e-9 * np.maximum(np.abs(right), 1.0))


@pytest.fixture(scope="session", name="make_problem")
def make_problem_fixture() -> Callable[..., Made]:
    return make_problem


@pytest.fixture(scope="session", name="with_floor")
def with_floor_fixture() -> Callable[..., Problem]:
    return with_floor


@pytest.fixture(scope="session", name="customer_problem")
def customer_problem_fixture() -> Callable[[Made], Problem]:
    return customer_problem


@pytest.fixture(scope="session", name="plan_values")
def plan_values_fixture() -> Callable[[Problem, FloatArray], FloatArray]:
    return plan_values


@pytest.fixture(scope="session", name="plans_allowed")
def plans_allowed_fixture() -> Callable[[Problem, FloatArray], BoolArray]:
    return plans_allowed


@pytest.fixture(scope="session", name="plan_reach")
def plan_reach_fixture() -> Callable[[ReachModel, FloatArray], FloatArray]:
    return plan_reach


@pytest.fixture(scope="session", name="make_model")
def make_model_fixture() -> Callable[[Generator, int, int], ReachModel]:
    return make_model


@pytest.fixture(scope="session", name="make_objective")
def make_objective_fixture() -> Callable[[Generator, str, ReachModel], Objective]:
    return make_objective


@pytest.fixture(scope="session", name="make_units")
def make_units_fixture() -> Callable[[ReachModel, Generator], ReachModel]:
    return make_units
