"""200 tight rule sets of every family, each answer confirmed by trying every plan, with an arithmetic of its own.

What a plan costs, reaches and keeps is worked out here from the rules' numbers alone, for all plans at once, not by
their rows and not by their own checks. Only the reach of a schedule comes from models.reach.gamma, which has tests of
its own.
"""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest
from numpy.random import Generator
from numpy.typing import NDArray

from models.conflict.changes import EasedLimit
from models.conflict.conflict import Conflict, explain
from models.conflict.limits import demands_of, with_parts
from models.problem.goals import Floor, frequency_cap
from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate
from models.rules.availability import Availability
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.contact_goal import ContactGoal
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.rounding import grain
from models.rules.rule import Rule
from models.rules.smallest_buy import SmallestBuy
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from models.search.allocate import Settings, allocate

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
SETS = 200
PATIENCE = 600.0  # seconds: a busy machine changes no answer
UNIVERSE = 1000.0
REACH_ACCURACY = (
    2e-5  # of the audience: to what the most reach is found (models.conflict.elastic), and rounding
)


# --- rule sets ---


def make_model(rng: Generator, n: int) -> ReachModel:
    segments = int(rng.integers(1, 4))
    rating = np.minimum(rng.lognormal(np.log(0.08), 0.6, (segments, n)), 0.4)
    given = Audiences(
        tuple(f"v{j}" for j in range(n)), ("m0", "m1"), np.arange(n) % 2,
        rng.dirichlet(np.full(segments, 3.0)) * UNIVERSE, rating, rng.uniform(0.3, 0.7, n), np.zeros(n, bool),
    )  # fmt: skip
    return calibrate(given, Duplication(1.3, np.array([1.6, 2.0]), np.ones(segments)))


def make_tariff(rng: Generator, contacts: FloatArray, weeks: int) -> tuple[Tariff, list[FixedCost]]:
    """Prices, now and then with dear weeks, a package, fixed costs and a discount."""
    n = len(contacts)
    cost = np.round(contacts * rng.lognormal(0, 0.4, n) * 10) + 50
    columns = Columns(n, weeks, int(rng.random() < 0.4))
    packages = []
    if columns.packages:
        held = np.zeros(n)
        held[rng.choice(n, 2, replace=False)] = rng.integers(1, 3, 2)
        packages.append(Package("p", held, float(np.round(held @ cost * rng.uniform(0.6, 0.95)))))
    fixed = np.where(rng.random(n) < 0.25, np.round(cost * 0.4), 0.0)
    factor = np.round(rng.uniform(0.8, 1.5, (n, weeks)), 2) if weeks and rng.random() < 0.5 else None
    steps = []
    if rng.random() < 0.4:
        member = np.array([int(rng.integers(n))])
        steps.append(Steps("d", member, "insertions", np.array([2.0]), np.array([0.2]), columns.private_from))
    tariff = Tariff(cost, columns, factor, tuple(packages), fixed, tuple(steps))
    owed = [FixedCost(f"fixed {j}", j, f"v{j}", float(fixed[j]), columns) for j in np.flatnonzero(fixed)]
    return tariff, owed


def make_set(seed: int) -> Problem:
    """A rule set of the seed: a budget, maxima, prices, and two to five demands that fit only now and then."""
    rng = np.random.default_rng([4, seed])
    weeks = 2 if rng.random() < 0.3 else 0
    n, most = (3, 2) if weeks else (int(rng.integers(3, 5)), 3)
    model = make_model(rng, n)
    contacts = model.population @ model.audiences.rating
    tariff, owed = make_tariff(rng, contacts, weeks)
    buyable = np.full(n, float(most))
    budget = float(np.round(rng.uniform(0.2, 0.7) * most * tariff.cost.sum()))
    rules: list[Rule] = [Budget("budget", tariff, budget)]
    rules += [VehicleLimit(f"max {j}", j, f"v{j}", "maximum", "<=", float(rng.integers(1, most + 1)))
              for j in range(n) if rng.random() < 0.6]  # fmt: skip
    rules += owed
    rules += [PackageOffer("package", 0, tuple(f"v{j}" for j in range(n)), tariff)] * len(tariff.packages)
    rules += [VolumeDiscount("discount", 0, tariff, buyable)] * len(tariff.discounts)
    floors: list[Floor] = []
    for number in range(int(rng.integers(2, 6))):
        made = make_demand(rng, number, model, tariff, budget, most)
        taken = {rule.vehicle for rule in rules if isinstance(rule, VehicleLimit) and rule.why == "locked"}
        for demand in made:
            if isinstance(demand, VehicleLimit) and demand.why == "locked" and demand.vehicle in taken:
                continue  # a vehicle has one cell for it
            (floors if isinstance(demand, Floor) else rules).append(demand)  # type: ignore[arg-type]
    nothing = Objective("reach", "people", model.population * 1.0, np.zeros(n))
    return Problem(model, tariff, buyable, nothing, tuple(rules), tuple(floors))


def make_demand(
    rng: Generator, number: int, model: ReachModel, tariff: Tariff, budget: float, most: int
) -> list[Rule | Floor]:
    columns, n = tariff.columns, len(tariff.cost)
    contacts = model.population @ model.audiences.rating
    rating = 100 * contacts / UNIVERSE
    group = np.sort(rng.permutation(n)[: int(rng.integers(1, n))])
    rest = np.setdiff1d(np.arange(n), group)
    j, side = int(rng.integers(n)), str(rng.choice(["<=", ">="]))
    name = f"{number}"
    kinds = ["vehicle", "must", "locked", "smallest", "group", "share", "ratio", "count", "contacts", "part", "reach",
             "cap"]  # fmt: skip
    kind = str(rng.choice([*kinds, *(["week", "when", "week", "when"] if columns.weeks else [])]))
    measure = str(rng.choice(["money", "insertions", "grp"]))
    amount = {
        "money": float(np.round(budget * rng.uniform(0.2, 1.1))),
        "insertions": float(rng.integers(1, most * len(group) + 1)),
        "grp": float(np.round(rating[group].sum() * rng.uniform(0.5, 2.5), 2)),
    }[measure]
    people = model.population * 1.0
    everything = float(people @ model.reach_shares(np.full(n, float(most))))
    locked, share, times = (
        float(rng.integers(0, most + 1)),
        float(np.round(rng.uniform(0.2, 0.8), 2)),
        2.0 ** rng.integers(-1, 2),
    )
    met, entries = (
        float(np.round(contacts.sum() * rng.uniform(0.5, 2))),
        tuple(np.array([i]) for i in range(n)),
    )
    counted = rating if measure == "grp" else None
    odd = contacts * (np.arange(n) % 2)
    made: dict[str, list[Rule | Floor]] = {
        "vehicle": [VehicleLimit(name, j, f"v{j}", "minimum", side, float(rng.integers(1, most + 1)))],  # type: ignore[arg-type]
        "must": [VehicleLimit(name, j, f"v{j}", "must-buy", ">=", 1.0)],
        "locked": [VehicleLimit(f"{name} {s}", j, f"v{j}", "locked", s, locked) for s in ("<=", ">=")],  # type: ignore[arg-type]
        "smallest": [SmallestBuy(name, j, f"v{j}", float(rng.integers(2, most + 1)), columns)],
        "group": [GroupLimit(name, "g", group, measure, side, amount, tariff, "", counted)],  # type: ignore[arg-type]
        "share": [GroupLimit(name, "g", group, "share", side, share, tariff)],  # type: ignore[arg-type]
        "ratio": [Ratio(name, "g", group, "h", rest, measure, side, times, tariff, rating)],  # type: ignore[arg-type]
        "count": [BoughtCount(name, "l", entries, side, float(rng.integers(1, n + 1)), columns)],  # type: ignore[arg-type]
        "contacts": [ContactGoal(name, "all", contacts, ">=", met, "impressions (000)")],
        "part": [ContactGoal(name, "some", odd, side, share, "share of impressions", contacts)],  # type: ignore[arg-type]
        "reach": [Floor(name, people, everything * rng.uniform(0.5, 0.95))],
        "cap": [frequency_cap(name, people, model.audiences.rating, float(np.round(rng.uniform(1.02, 1.4), 2)))],
    }  # fmt: skip
    if columns.weeks:
        week, limit = (
            (int(rng.integers(columns.weeks)),),
            float(np.round(rating.sum() * rng.uniform(0.3, 1.2), 2)),
        )
        made["week"] = [WeekLimit(name, "w", week, "grp", side, limit, tariff, rating)]  # type: ignore[arg-type]
        made["when"] = [
            Availability(name, j, f"v{j}", rng.integers(0, 2, columns.weeks).astype(float), columns)
        ]
    return made[kind]


# --- every plan, and an arithmetic of its own ---


def all_plans(problem: Problem) -> FloatArray:
    """(n_plans, plan_size) every whole plan within what is on offer, packages not larger than what they are part of."""
    columns, most = problem.columns, int(problem.buyable[0])
    if columns.weeks:
        each = [w for w in product(range(most + 1), repeat=columns.weeks) if sum(w) <= most]
        weekly = [np.array(w, dtype=float) for w in product(each, repeat=columns.vehicles)]
        bought = [np.append(w.sum(axis=1), w.ravel()) for w in weekly]
    else:
        bought = [np.array(x, dtype=float) for x in product(range(most + 1), repeat=columns.vehicles)]
    plans = np.array([np.append(b, z) for b in bought for z in product((0.0, 1.0), repeat=columns.packages)])
    if columns.packages:
        taken = plans[:, -1:] * problem.tariff.packages[0].insertions
        plans = plans[(plans[:, : columns.vehicles] >= taken).all(axis=1)]
    return plans


def spend(tariff: Tariff, plans: FloatArray) -> FloatArray:
    """(n_plans, n_vehicles) money."""
    n, weeks = tariff.columns.vehicles, tariff.columns.weeks
    x, taken = plans[:, :n], plans[:, n * (1 + weeks) :]
    singly = x - (taken * tariff.packages[0].insertions if tariff.packages else 0)
    money = singly * tariff.cost
    if tariff.factor is not None:
        weekly = plans[:, n : n * (1 + weeks)].reshape(-1, n, weeks).copy()
        inside = x - singly
        for j in range(n):  # insertions of a package stand in the dearest weeks and cost nothing singly
            for week in np.argsort(-tariff.factor[j]):
                out = np.minimum(inside[:, j], weekly[:, j, week])
                weekly[:, j, week] -= out
                inside[:, j] -= out
        money = tariff.cost * (weekly * tariff.factor).sum(axis=2)
    for steps in tariff.discounts:
        member = int(steps.members[0])
        money[:, member] *= np.where(singly[:, member] >= steps.start[0], 1 - steps.rate[0], 1.0)
    money = money + np.where(x > 0, tariff.fixed, 0.0)
    for package in tariff.packages:
        worth = package.insertions * tariff.cost
        money = money + taken * package.price * worth / worth.sum()
    return np.asarray(money)


class Tried:
    """Every plan of a rule set. reach: (n_plans, n_segments)."""

    def __init__(self, problem: Problem) -> None:
        self.problem, self.plans = problem, all_plans(problem)
        self.x = self.plans[:, : problem.n_vehicles]
        shares = cache(lambda x: problem.model.reach_shares(np.array(x)))
        self.reach = np.array([shares(tuple(x)) for x in self.x])

    def measured(self, part: object) -> tuple[FloatArray, float, str]:
        """What each plan has of what a part limits, the limit, and its side; a plan that a part does not concern has
        the limit itself, one that no limit would let in an infinite amount."""
        x, weeks = self.x, self.problem.columns.weeks
        if isinstance(part, Floor):
            met = self.reach @ part.people
            if part.contacts is None:
                return met / UNIVERSE, part.least / UNIVERSE, ">="
            times = part.stated * (x @ -part.contacts) / np.maximum(met, 1e-12)
            return np.where(met > 0, times, part.stated), part.stated, "<="
        if isinstance(part, SmallestBuy):
            bought = x[:, part.vehicle]
            return np.where(bought > 0, bought, part.amount), part.amount, ">="
        if isinstance(part, Availability):
            weekly = self.plans[:, part.columns.week(part.vehicle, 0) :][:, :weeks]
            total = float(part.most.sum())
            return total + np.maximum(weekly - part.most, 0).sum(axis=1), total, "<="
        if isinstance(part, FixedCost):
            return np.full(len(x), part.amount), part.amount, ">="
        if isinstance(part, Ratio):
            each = (
                spend(part.tariff, self.plans)
                if part.of == "money"
                else x * (part.rating if part.of == "grp" else 1)
            )
            group, base = each[:, part.members].sum(axis=1), each[:, part.base_members].sum(axis=1)
            ratio = group / np.maximum(base, 1e-12)
            nothing = np.inf if part.sense == "<=" else part.amount
            return (
                np.where(base > 0, ratio, np.where(group > 0, nothing, part.amount)),
                part.amount,
                part.sense,
            )
        return self._summed(part), part.amount, part.sense  # type: ignore[attr-defined]

    def _summed(self, part: object) -> FloatArray:
        x, n, weeks = self.x, self.problem.n_vehicles, self.problem.columns.weeks
        if isinstance(part, VehicleLimit):
            return x[:, part.vehicle]
        if isinstance(part, BoughtCount):
            return (x > 0).sum(axis=1).astype(float)
        if isinstance(part, ContactGoal):
            counted = x @ part.contacts
            if part.whole is None:
                return counted
            whole = x @ part.whole
            return np.where(whole > 0, counted / np.maximum(whole, 1e-12), part.amount)
        if isinstance(part, WeekLimit):
            weekly = self.plans[:, n : n * (1 + weeks)].reshape(-1, n, weeks)
            return weekly[:, :, part.weeks[0]] @ part.rating
        money = spend(part.tariff, self.plans)  # type: ignore[attr-defined]
        if isinstance(part, Budget):
            return money.sum(axis=1)
        assert isinstance(part, GroupLimit)
        if part.measure == "insertions":
            return x[:, part.members].sum(axis=1)
        if part.measure == "grp":
            assert part.rating is not None
            return x[:, part.members] @ part.rating[part.members]
        inside, total = money[:, part.members].sum(axis=1), money.sum(axis=1)
        return (
            inside
            if part.measure == "money"
            else np.where(total > 0, inside / np.maximum(total, 1e-12), part.amount)
        )

    def kept(self, problem: Problem, without: set[str] = frozenset()) -> BoolArray:  # type: ignore[assignment]
        """(n_plans,) which plans keep a rule set with these prices, some of its demands gone (a fixed cost with its
        money)."""
        gone = [
            replace(rule, amount=0.0)
            for rule in problem.rules
            if isinstance(rule, FixedCost) and rule.id in without
        ]
        priced = with_parts(problem, gone)
        kept = np.ones(len(self.plans), dtype=bool)
        for part in (*priced.rules, *priced.floors):
            if part.id in without or isinstance(part, PackageOffer | VolumeDiscount | FixedCost):
                continue
            has, limit, side = self.measured(part)
            short = limit - has if side == ">=" else has - limit
            kept &= short <= 1e-9 * np.maximum(abs(limit), 1.0)
        return kept


# --- what is claimed, and whether it is so ---


def check_set(tried: Tried, found: Conflict) -> None:
    """The set cannot hold, and without any one demand it can."""
    problem, names = tried.problem, set(found.rules)
    every = {name for demand in demands_of(problem) for name in demand.ids}
    assert names <= every
    assert not tried.kept(problem, every - names).any()
    for demand in demands_of(problem):
        if demand.id in names:
            assert tried.kept(problem, (every - names) | set(demand.ids)).any(), demand.id


def check_alone(tried: Tried, change: EasedLimit) -> None:
    """A change lets a plan in, and the next smaller one does not."""
    problem = tried.problem
    demand = next(demand for demand in demands_of(problem) if demand.id == change.rule_id)
    others = tried.kept(problem, set(demand.ids))
    if not change.parts:
        has, _, _ = tried.measured(demand.parts[0])
        assert others.any()
        assert np.isinf(has[others]).all()
        return
    assert tried.kept(with_parts(problem, change.parts)).any()
    step = grain(change.new_limit, change.unit)
    if change.unit == "money":  # a rounder number is told where it is no further than this
        step = max(step, 1e-5 * abs(change.new_limit))
    if isinstance(demand.parts[0], FixedCost):
        less = replace(demand.parts[0], amount=change.new_limit + 2 * step)
        assert not tried.kept(with_parts(problem, [less])).any()
        return
    has, limit, side = tried.measured(demand.parts[0])
    if len(demand.parts) > 1:  # a locked number moves either way
        nearest = float(np.abs(has[others] - limit).min())
        assert abs(change.change) == nearest
        return
    best = float(has[others].max() if side == ">=" else has[others].min())
    near = REACH_ACCURACY if change.unit in ("share of the audience", "contacts per person reached") else 0.0
    slack = best - change.new_limit if side == ">=" else change.new_limit - best
    assert -1e-6 * max(abs(best), 1.0) <= slack <= step * 1.001 + near


def check_overall(tried: Tried, found: Conflict) -> None:
    """All changes together let a plan in, and cost no more than the cheapest alone."""
    assert found.overall
    parts = [part for change in found.overall for part in change.parts]
    dropped = {change.rule_id for change in found.overall if not change.parts}
    assert tried.kept(with_parts(tried.problem, parts), dropped).any()
    alone = min((change.relative for change in found.eased_limits), default=np.inf)
    assert sum(change.relative for change in found.overall) <= alone * (1 + 1e-9)


@pytest.mark.parametrize("block", range(20))
def test_every_answer_to_a_random_rule_set_is_confirmed_by_trying_every_plan(block: int) -> None:
    for seed in range(block, SETS, 20):
        problem = make_set(seed)
        tried, found = Tried(problem), explain(problem, PATIENCE)
        possible = tried.kept(problem)
        assert (found is None) == possible.any(), seed
        if found is None:
            plan = allocate(problem, Settings(gap=0.01, sharpen=False)).decision
            match = (tried.plans == plan).all(axis=1)
            assert match.sum() == 1, seed
            assert possible[match].all(), seed
            continue
        assert (found.proven, found.minimal, found.finished) == (True, True, True), seed
        check_set(tried, found)
        for change in found.eased_limits:
            check_alone(tried, change)
        told = {change.rule_id for change in found.eased_limits}
        for demand in demands_of(problem):
            if demand.id in found.rules and demand.id not in told:
                assert not tried.kept(problem, set(demand.ids)).any(), (seed, demand.id)
        check_overall(tried, found)


def test_the_random_rule_sets_are_often_impossible_and_have_every_family() -> None:
    sets = [make_set(seed) for seed in range(SETS)]
    impossible = sum(not Tried(problem).kept(problem).any() for problem in sets)
    assert SETS / 4 <= impossible <= SETS * 3 / 4
    families = {type(part) for problem in sets for part in (*problem.rules, *problem.floors)}
    assert families == {
        Budget, VehicleLimit, SmallestBuy, GroupLimit, Ratio, BoughtCount, FixedCost, PackageOffer,
        VolumeDiscount, Availability, WeekLimit, ContactGoal, Floor,
    }  # fmt: skip
