"""A made campaign under every kind of rule: 120 vehicles, 26 weeks, a witness that keeps them all.

Vehicles and people are those of benchmarks.made. A witness is bought first, week by week; then prices (factors by
week, packages, discounts, fixed costs) and rules are laid around it, most of them with a tenth of room, so
that there is a plan by construction.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from benchmarks.made import MEDIA, made_campaign
from planner.campaign.calendar import Calendar, PriceFactor, WeekLimit
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow, RuleRow

FloatArray = NDArray[np.float64]

WEEKS = 26
ROOM = 0.1  # between the witness and a limit
# Factors by week of each medium: a dear end of the flight for TV, a cheap summer for print, and so on.
FACTORS = {"TV": (0.85, 1.25), "Magazines": (1.0, 1.1), "Newspapers": (1.05, 0.9), "Radio": (0.9, 1.15)}


@dataclass(frozen=True, eq=False)
class Witness:
    """A plan that keeps everything. weekly: (n_vehicles, n_weeks); packages: (n_packages,) 0 or 1."""

    weekly: FloatArray
    packages: FloatArray

    @property
    def insertions(self) -> FloatArray:
        """(n_vehicles,)."""
        return np.asarray(self.weekly.sum(axis=1))

    @property
    def plan(self) -> FloatArray:
        """As models.purchase.columns lays it out."""
        return np.concatenate([self.insertions, self.weekly.ravel(), self.packages])


def made_ruled_campaign(
    vehicles: int = 120, segments: int = 24, customers_first: float = 0.97
) -> tuple[Campaign, Witness]:
    """The campaign and its witness."""
    plain = made_campaign(vehicles, segments, customers_first)
    rng = np.random.default_rng([vehicles, segments, WEEKS])
    rows = _priced(rng, plain.vehicles)
    packages = _packages(rng, rows)
    witness = _witness(rng, rows, packages)
    priced = replace(
        plain,
        brief=replace(
            plain.brief, campaign=f"made, {vehicles} vehicles under rules", start=date(2027, 1, 4), weeks=WEEKS,
            budget=1e12,
        ),
        vehicles=rows,
        packages=packages,
        discounts=_discounts(rows, witness),
        calendar=Calendar(
            tuple(f"W{t + 1}" for t in range(WEEKS)), _mondays(), factors=_factors(rows), most=_issues(rows, witness)
        ),
    )  # fmt: skip
    return _limited(priced, witness), witness


def _mondays() -> tuple[date, ...]:
    return tuple(date(2027, 1, 4) + timedelta(weeks=t) for t in range(WEEKS))


def _members(rows: tuple[VehicleRow, ...], medium: str) -> tuple[str, ...]:
    return tuple(row.name for row in rows if row.medium == medium)


def _places(rows: tuple[VehicleRow, ...], names: tuple[str, ...]) -> NDArray[np.int64]:
    return np.array([j for j, row in enumerate(rows) if row.name in names], dtype=np.int64)


def _priced(rng: np.random.Generator, rows: tuple[VehicleRow, ...]) -> tuple[VehicleRow, ...]:
    """One vehicle in eight with a fixed cost, one in eight with a smallest buy."""
    kind = rng.integers(8, size=len(rows))
    return tuple(
        replace(
            row,
            fixed_cost=round(0.6 * (row.unit_cost or 0.0), -1) if k == 0 else 0.0,
            smallest_buy=3.0 if k == 1 else 0.0,
        )
        for row, k in zip(rows, kind, strict=True)
    )


def _packages(rng: np.random.Generator, rows: tuple[VehicleRow, ...]) -> tuple[PackageRow, ...]:
    """Five packages of two to four vehicles, two insertions each, 12 to 25 % off."""
    order = rng.permutation(len(rows))
    found, at = [], 0
    for number, size in enumerate((2, 3, 4, 3, 2)):
        held = [rows[int(j)] for j in order[at : at + size]]
        at += size
        money = sum(2 * (row.unit_cost or 0.0) for row in held) * rng.uniform(0.75, 0.88)
        names = tuple(row.name for row in held)
        found.append(PackageRow(f"package {number + 1}", names, (2.0,) * size, round(float(money), -1)))
    return tuple(found)


def _witness(
    rng: np.random.Generator, rows: tuple[VehicleRow, ...], packages: tuple[PackageRow, ...]
) -> Witness:
    """A third of the vehicles, mostly those of many contacts for the money, three to eight insertions each, spread
    over the weeks; with them two of the packages."""
    cheap = np.array([row.audience_000 / (row.unit_cost or 1.0) for row in rows]) * rng.lognormal(
        0, 0.3, len(rows)
    )
    chosen = set(np.argsort(-cheap)[: len(rows) // 3].tolist())
    for offer in packages[:2]:
        chosen |= set(_places(rows, offer.vehicles).tolist())
    weekly = np.zeros((len(rows), WEEKS))
    for j in sorted(chosen):
        count = int(rng.integers(3, 9))
        first = int(rng.integers(0, 4))
        weekly[j, (first + np.arange(count) * (WEEKS - 4) // count) % WEEKS] += 1
    return Witness(weekly, np.array([1.0, 1.0] + [0.0] * (len(packages) - 2)))


def _discounts(rows: tuple[VehicleRow, ...], witness: Witness) -> tuple[DiscountRow, ...]:
    """Steps on the spend of two media, and on the insertions of six vehicles."""
    money = witness.insertions * np.array([row.unit_cost or 0.0 for row in rows])
    found = []
    for medium in ("Magazines", "Radio"):
        names = _members(rows, medium)
        has = float(money[_places(rows, names)].sum())
        for part, rate in ((0.6, 0.05), (0.9, 0.1), (1.3, 0.15)):
            found.append(DiscountRow(f"medium: {medium}", names, "money", round(part * has, -2), rate))
    others = [row.name for row in rows if row.medium not in ("Magazines", "Radio")]
    for name in others[:: max(1, len(others) // 6)][:6]:
        for start, rate in ((4.0, 0.05), (8.0, 0.12)):
            found.append(DiscountRow(name, (name,), "insertions", start, rate))
    return tuple(found)


def _factors(rows: tuple[VehicleRow, ...]) -> tuple[PriceFactor, ...]:
    """A straight line over the flight for each medium, and two dear weeks for all."""
    found = []
    for name, *_ in MEDIA:
        factors = np.linspace(*FACTORS[name], WEEKS)
        factors[[10, 11]] += 0.1
        found.append(PriceFactor(name, _members(rows, name), tuple(np.round(factors, 2).tolist())))
    return tuple(found)


def _issues(rows: tuple[VehicleRow, ...], witness: Witness) -> dict[str, tuple[float | None, ...]]:
    """Every third magazine is a monthly, to be had every fourth week and where the witness has it; other vehicles run
    at most twice a week."""
    most: dict[str, tuple[float | None, ...]] = {}
    for j, row in enumerate(rows):
        if row.medium == "Magazines" and j % 3 == 0:
            issues = np.maximum(np.arange(WEEKS) % 4 == 0, witness.weekly[j] > 0)
            most[row.name] = tuple(float(issue) for issue in issues)
        else:
            most[row.name] = (2.0,) * WEEKS
    return most


def _limited(campaign: Campaign, witness: Witness) -> Campaign:
    """Budget, rules, limits by week and goals, from what the witness spends and reaches."""
    prepared = prepare(campaign)
    tariff, rating, rows = prepared.rulebook.tariff, prepared.rulebook.rating, campaign.vehicles
    spend = tariff.spend(witness.plan)
    assert campaign.calendar is not None
    singly = np.where(tariff.factor is None, 1.0, tariff.factor) * tariff.cost[:, None] * witness.weekly
    limits = tuple(_week_limits(singly.sum(axis=0), rating @ witness.weekly))
    limited = replace(
        campaign,
        brief=replace(campaign.brief, budget=float(np.ceil(spend.sum()))),
        rules=tuple(_rules(rows, spend, witness.insertions, rating)),
        calendar=replace(campaign.calendar, limits=limits),
    )
    model, people = prepared.people.model, prepared.people
    reach, x = model.reach_shares(witness.insertions), witness.insertions
    catalysts, everyone = people.masks["catalysts"], people.masks["everyone"]
    count = people.segments.population
    caught = 100 * float((count * catalysts) @ model.audiences.rating @ x) / float(count[catalysts].sum())
    met = float(count @ model.audiences.rating @ x) / float(count @ reach)
    experts = people.masks["experts"]
    known = float((count * experts) @ reach) / float(count[experts].sum())
    assert everyone.all()
    goals = (
        GoalRow("catalysts", "grp", round(caught * (1 - ROOM), 1)),
        GoalRow("experts", "reach", round(known * (1 - ROOM), 4)),
        GoalRow("everyone", "average frequency", None, round(met * (1 + ROOM), 2)),
    )
    return replace(limited, goals=goals)


def _week_limits(money: FloatArray, points: FloatArray) -> list[WeekLimit]:
    """At most so much money in each week; in every month rating points between two limits."""
    found = [
        WeekLimit(
            "money", "<=", (t,), float(np.ceil(max(money[t] * (1 + ROOM), money.mean()))), f"week {t + 1}"
        )
        for t in range(WEEKS)
    ]
    months = np.array([monday.month for monday in _mondays()])
    for month in np.unique(months):
        weeks = np.flatnonzero(months == month)
        when = tuple(int(t) for t in weeks)
        for sense, amount in _sides(float(points[weeks].sum())):
            found.append(WeekLimit("grp", sense, when, amount, f"month {month}"))
    return found


def _sides(has: float) -> tuple[tuple[Literal["<=", ">="], float], ...]:
    return (">=", round(has * (1 - ROOM), 2)), ("<=", round(has * (1 + ROOM), 2))


def _rules(
    rows: tuple[VehicleRow, ...], spend: FloatArray, insertions: FloatArray, rating: FloatArray
) -> list[RuleRow]:
    members = {name: _members(rows, name) for name, *_ in MEDIA}
    places = {name: _places(rows, names) for name, names in members.items()}
    share = {name: float(spend[at].sum() / spend.sum()) for name, at in places.items()}
    bought = {name: int((insertions[at] > 0).sum()) for name, at in places.items()}
    count = {name: float(insertions[at].sum()) for name, at in places.items()}
    points = {name: float((rating * insertions)[at].sum()) for name, at in places.items()}
    first = next(row.name for row, x in zip(rows, insertions, strict=True) if x > 0)
    second = next(row.name for row, x in zip(rows, insertions, strict=True) if x == 0)
    some = tuple(row.name for row in rows[::4])
    has = float((rating * insertions)[_places(rows, some)].sum())
    return [
        RuleRow("TV", "TV", members["TV"], share["TV"] * (1 - ROOM), share["TV"] * (1 + ROOM), "share"),
        RuleRow("Newspapers", "Newspapers", members["Newspapers"], count["Newspapers"] * (1 - ROOM), None,
                "insertions"),
        RuleRow("Radio", "Radio", members["Radio"], None, round(float(spend[places["Radio"]].sum()) * (1 + ROOM)),
                "money"),
        RuleRow("a group", "; ".join(some), some, round(has * (1 - ROOM), 2), round(has * (1 + ROOM), 2), "grp"),
        RuleRow("not too many", "Magazines", members["Magazines"], None, float(bought["Magazines"]), "vehicles"),
        RuleRow("some papers", "Newspapers", members["Newspapers"], float(min(bought["Newspapers"], 2)), None,
                "vehicles"),
        RuleRow("either or", f"{first}; {second}", (first, second), None, 1.0, "items",
                items=((first, (first,)), (second, (second,)))),
        RuleRow("radio beside TV", "Radio", members["Radio"], round(count["Radio"] / count["TV"] * (1 - ROOM), 3), None,
                "ratio", of="insertions", base="TV", base_vehicles=members["TV"]),
        RuleRow("print beside TV", "Magazines", members["Magazines"], None,
                round(points["Magazines"] / points["TV"] * (1 + ROOM), 3), "ratio", of="grp", base="TV",
                base_vehicles=members["TV"]),
    ]  # fmt: skip
