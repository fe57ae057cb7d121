"""Tiny campaigns with every kind of rule and price.

A campaign is drawn as raw numbers. The problem that our search gets is built from them; and so, apart from it,
is the arithmetic (arithmetic.py): what a plan costs, whether it keeps each rule, what it is worth.
"""

from collections.abc import Callable

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from models.problem.goals import Floor, frequency_cap
from models.problem.objectives import Earned, Objective, cost_objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.reach.gamma import ReachModel
from models.rules.appearances import Appearances, Spacing
from models.rules.availability import Availability
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.contact_goal import ContactGoal
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.rule import Rule
from models.rules.smallest_buy import SmallestBuy
from models.rules.titles_per_group import TitlesPerGroup
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from tests.models.structured.arithmetic import (
    BY_WEEK,
    ROUNDING,
    Bought,
    FloatArray,
    Raw,
    Tiny,
    at_least,
    on_side,
)

_SMALLEST = 0.01 * (1 - 1e-6)  # of an insertion, where parts may be bought; solvers keep rows to 1e-7


def make_tiny(
    make_model: Callable[..., ReachModel],
    make_objective: Callable[..., Objective],
    seed: int,
    families: tuple[str, ...],
    objective: str = "influence",
    whole: bool = True,
    vehicles: int | None = None,
) -> Tiny:
    """Three or four vehicles unless said, at most three insertions of each (two where two weeks are bought)."""
    rng = np.random.default_rng([777, seed])
    weeks = 2 if set(families) & set(BY_WEEK) else 0
    n, most = (3, 2) if weeks else (int(rng.integers(3, 5)), 3)
    n = n if vehicles is None else vehicles
    model = make_model(rng, n, int(rng.integers(2, 5)))
    contacts = model.population @ model.audiences.contacts
    cost = np.maximum(np.round(contacts * rng.lognormal(0, 0.4, n) * 12), 5.0)
    raw = Raw(model, cost, most, weeks, float(np.round(rng.uniform(0.25, 0.6) * most * cost.sum())))
    rules = draw_prices(rng, raw, families, whole)
    tariff = rules[0].tariff
    first = tariff.width
    for family in families:
        for rule in draw_rule(rng, raw, family, tariff, first, whole):
            rules.append(rule)
            first += len(rule.entries) if isinstance(rule, BoughtCount) else 0
    drawn = draw_objective(rng, objective, raw, make_objective)
    floors = draw_floors(rng, raw, families)
    problem = Problem(model, tariff, np.full(n, float(most)), drawn, tuple(rules), floors, whole)
    return Tiny(problem, raw)


def draw_objective(
    rng: Generator, name: str, raw: Raw, make_objective: Callable[..., Objective]
) -> Objective:
    population = raw.model.population
    if name == "minimum cost":
        return cost_objective(len(population), raw.n)
    if name != "word of mouth":
        return make_objective(rng, name, raw.model)
    hearing = rng.uniform(0.0, 0.5, (2, len(population)))
    earned = Earned(hearing, rng.uniform(0.2, 1.0, 2) * population.sum())
    return Objective(name, "people", population * 1.0, np.zeros(raw.n), earned)


def draw_prices(rng: Generator, raw: Raw, families: tuple[str, ...], whole: bool) -> list[Rule]:
    """The budget first; then fixed costs, packages, discounts and price factors."""
    n, cost = raw.n, raw.cost
    raw.fixed = np.where(rng.random(n) < 0.6, np.round(cost * 0.4), 0.0) * ("fixed cost" in families)
    if "price factor" in families:
        raw.factor = np.round(rng.uniform(0.6, 1.5, (n, raw.weeks)), 2)
    if "package" in families:
        held = [0] * n
        for j in rng.choice(n, 2, replace=False):
            held[j] = int(rng.integers(1, min(raw.most, 2) + 1))
        price = np.round(sum(h * c for h, c in zip(held, cost, strict=True)) * rng.uniform(0.6, 0.95))
        raw.packages.append((held, float(price)))
    alone = int(rng.integers(n))
    rest = [j for j in range(n) if j != alone]
    if "discount by insertions" in families:
        raw.discounts.append(([alone], "insertions", [(2.0, 0.1), (3.0, 0.25)]))
    if "discount by money" in families:
        start = float(np.round(cost[rest].sum() * rng.uniform(0.8, 1.2)))
        raw.discounts.append((rest, "money", [(start, 0.2), (1.5 * start, 0.3)]))
    columns = Columns(n, raw.weeks, len(raw.packages))
    packages = tuple(Package(f"p{p}", np.array(h, float), price) for p, (h, price) in enumerate(raw.packages))
    steps, first = [], columns.private_from
    for number, (members, by, pairs) in enumerate(raw.discounts):
        start, rate = np.array(pairs).T
        steps.append(Steps(f"d{number}", np.array(members), by, start, rate, first))  # type: ignore[arg-type]
        first += steps[-1].n_columns
    tariff = Tariff(cost, columns, raw.factor, packages, raw.fixed, tuple(steps))
    raw.checks.append(("budget", lambda plan: at_least(raw.budget, plan.spend.sum())))
    most = np.full(n, float(raw.most))
    names = tuple(f"v{j}" for j in range(n))
    rules: list[Rule] = [Budget("budget", tariff, raw.budget)]
    rules += [VehicleLimit(f"most {j}", j, names[j], "maximum", "<=", float(raw.most)) for j in range(n)]
    rules += [FixedCost(f"fixed {j}", j, names[j], raw.fixed[j], columns) for j in range(n) if raw.fixed[j]]
    rules += [PackageOffer(f"package {p}", p, names, tariff) for p in range(len(packages))]
    rules += [VolumeDiscount(f"discount {d}", d, tariff, most, whole) for d in range(len(steps))]
    return rules


def draw_rule(rng: Generator, raw: Raw, family: str, tariff: Tariff, first: int, whole: bool) -> list[Rule]:
    """The rule of a family, and its check from plain numbers put beside it."""
    half = np.arange(raw.n // 2 + 1)
    other = np.arange(raw.n // 2 + 1, raw.n)
    rating = 100 * (raw.model.population @ raw.model.audiences.contacts) / raw.model.population.sum()
    sense = str(rng.choice(["<=", ">="]))
    each = {"insertions": np.ones(raw.n), "grp": rating}

    def has(plan: Bought, of: str, members: NDArray[np.int64]) -> float:
        return float((plan.spend if of == "money" else each[of] * plan.x)[members].sum())

    if family == "smallest buy":
        j = int(rng.integers(raw.n))
        raw.checks.append((family, lambda plan: plan.x[j] == 0 or plan.x[j] >= 2))
        return [SmallestBuy(family, j, "v", 2.0, tariff.columns)]
    if family.startswith("ratio of"):
        of, amount = family.rsplit(maxsplit=1)[-1], float(rng.choice([0.5, 1.0, 2.0]))
        raw.checks.append(
            (family, lambda plan: on_side(has(plan, of, half), sense, amount * has(plan, of, other)))
        )
        return [Ratio(family, "a", half, "b", other, of, sense, amount, tariff, rating)]  # type: ignore[arg-type]
    if family in ("count", "count of groups"):
        entries = (
            [[j] for j in range(raw.n)] if family == "count" else [[0, 1], *([j] for j in range(2, raw.n))]
        )
        amount = len(entries) - 1.0 if sense == ">=" else 1.0 if family == "count of groups" else 2.0
        least = 0.5 if whole else _SMALLEST if sense == ">=" else 1e-9
        raw.checks.append(
            (
                family,
                lambda plan: on_side(sum(any(plan.x[j] >= least for j in e) for e in entries), sense, amount),
            )
        )
        arrays = tuple(np.array(entry) for entry in entries)
        return [BoughtCount(family, "list", arrays, sense, amount, tariff.columns, first, whole)]  # type: ignore[arg-type]
    if family == "titles per group":
        amount = 1.0 if sense == "<=" else 2.0
        least = 0.5 if whole else _SMALLEST if sense == ">=" else 1e-9
        raw.checks.append(
            (family, lambda plan: on_side(sum(plan.x[j] >= least for j in half), sense, amount))
        )
        return [TitlesPerGroup(family, "publisher", "House", half, sense, amount, tariff.columns, whole)]  # type: ignore[arg-type]
    if family == "share of budget":
        amount = 0.3 if sense == "<=" else 0.55
        raw.checks.append(
            (family, lambda plan: on_side(has(plan, "money", half), sense, amount * raw.budget))
        )
        return [GroupLimit(family, "g", half, "budget", sense, amount, tariff, budget=raw.budget)]  # type: ignore[arg-type]
    if family.startswith("limit in"):
        of = family.rsplit(maxsplit=1)[-1]
        full = {
            "money": raw.budget,
            "insertions": raw.most * len(half),
            "grp": raw.most * rating[half].sum(),
        }[of]
        amount = float(np.round(full * (0.4 if sense == "<=" else 0.55), 0 if of == "insertions" else 3))
        raw.checks.append((family, lambda plan: on_side(has(plan, of, half), sense, amount)))
        points = rating if of == "grp" else None
        return [GroupLimit(family, "g", half, of, sense, amount, tariff, rating=points)]  # type: ignore[arg-type]
    if family == "share of spend":
        amount = 0.3 if sense == "<=" else 0.7
        raw.checks.append(
            (family, lambda plan: on_side(has(plan, "money", half), sense, amount * plan.spend.sum()))
        )
        return [GroupLimit(family, "g", half, "share", sense, amount, tariff)]  # type: ignore[arg-type]
    if family == "contact goal":
        amount = float(np.round(raw.most * rating.sum() * (0.25 if sense == "<=" else 0.4), 3))
        raw.checks.append((family, lambda plan: on_side(float(rating @ plan.x), sense, amount)))
        return [ContactGoal(family, "all", rating, sense, amount, "GRP")]  # type: ignore[arg-type]
    if family == "share of contacts":
        part, amount = rating * rng.uniform(0, 1, len(rating)), float(np.round(rng.uniform(0.3, 0.6), 2))
        raw.checks.append(
            (family, lambda plan: on_side(float(part @ plan.x), sense, amount * float(rating @ plan.x)))
        )
        return [ContactGoal(family, "some", part, sense, amount, "share of impressions", rating)]  # type: ignore[arg-type]
    return draw_week_rule(rng, raw, family, tariff, rating)


def draw_week_rule(rng: Generator, raw: Raw, family: str, tariff: Tariff, rating: FloatArray) -> list[Rule]:
    if family == "appearances":
        spacing = Spacing(np.array([0, raw.n - 1]), np.array([2.0, 1.0]), 2, 2.0)
        raw.checks.append(
            (
                family,
                lambda plan: bool(
                    (plan.w[[0, -1]].sum(axis=0) <= spacing.most + ROUNDING).all()
                    and plan.x[[0, -1]].sum() <= 2 + ROUNDING
                ),
            )
        )
        return [Appearances(family, "show", spacing, spacing.flight, tariff.columns)]
    if family == "availability":
        j = int(np.argmax(rating / raw.cost))
        most = np.array([0.0, 1.0]) if rng.random() < 0.5 else np.array([1.0, 0.0])
        raw.checks.append((family, lambda plan: bool((plan.w[j] <= most + ROUNDING).all())))
        return [Availability(family, j, f"v{j}", most, tariff.columns)]
    if family == "week limit in money":
        prices = np.ones((raw.n, raw.weeks)) if raw.factor is None else raw.factor
        amount = float(np.round(raw.budget * 0.45))
        raw.checks.append(
            (family, lambda plan: all(
                at_least(amount, sum(raw.cost[j] * prices[j][t] * plan.w[j][t] for j in range(raw.n)))
                for t in range(raw.weeks)
            ))
        )  # fmt: skip
        return [
            WeekLimit(f"{family} {t}", "week", (t,), "money", "<=", amount, tariff, rating)
            for t in range(raw.weeks)
        ]
    if family == "week limit in grp":
        amount = float(np.round(rating.sum() * 0.8, 3))
        raw.checks.append((family, lambda plan: at_least(float(rating @ plan.w[:, 1]), amount)))
        return [WeekLimit(family, "week", (1,), "grp", ">=", amount, tariff, rating)]
    return []


def draw_floors(rng: Generator, raw: Raw, families: tuple[str, ...]) -> tuple[Floor, ...]:
    people, rating, floors = raw.model.population * 1.0, raw.model.audiences.contacts, []
    if "frequency cap" in families:
        cap = float(rng.uniform(1.05, 1.25))
        contacts = people @ rating
        # a billionth of the contacts that the audience could get, as models.problem.goals allows
        spare = ROUNDING * cap * float(people.sum())
        raw.checks.append(
            (
                "frequency cap",
                lambda plan: cap * float(people @ plan.reach) >= float(contacts @ plan.x) - spare,
            )
        )
        floors.append(frequency_cap("frequency cap", people, rating, cap))
    if "reach floor" in families:
        some = people * (np.arange(len(people)) % 2 == 0)
        full = float(some @ raw.model.reach_shares(np.full(raw.n, float(raw.most))))
        least = full * float(rng.uniform(0.4, 0.7))
        raw.checks.append(("reach floor", lambda plan: at_least(float(some @ plan.reach), least)))
        floors.append(Floor("reach floor", some, least))
    return tuple(floors)
