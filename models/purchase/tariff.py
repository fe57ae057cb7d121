"""What a plan costs: prices, price factors by week, packages, fixed costs, volume discounts.

Money of vehicle j in a plan of insertions x, weekly insertions w and packages z:

    singly  g_j = cost_j (x_j - sum_p z_p a_jp)                   without price factors
            g_j = sum_t cost_j factor_jt (w_jt - v_jt)            with them
    spend_j = g_j - rate g_j + fixed_j [x_j > 0] + sum_p z_p price_p share_jp

a_jp: insertions of j in package p; share_jp: its share of what they would cost singly. rate: the step of the
volume discount that the vehicle is in, all-units: reaching a step lowers the price of every insertion, so that
cost falls there. Insertions in packages neither count for a step nor get a discount, and a week's factor does not
touch them: v_jt of them stand in week t, in the dearest weeks that the plan has, as a buyer would place them.
Most rows and every objective want g_j small, and so want v in the dearest weeks by themselves; where one does not
(a discount's step, money at least) further columns hold v there (models.problem.package_weeks).

`spend` works that out from a plan. `money` states the same for the programme, linearly, with private columns
per discount: which step is reached (lambda_k, one of them 1), and each member's money in each step (cost_j e_jk);
the rows that hold these together are in models/rules/volume_discount.py, those of v in package_offer.py.
"""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray, freeze, frozen_floats
from models.purchase.columns import Columns, PackageWeeks


@dataclass(frozen=True, eq=False)
class Package:
    """name; insertions: (n_vehicles,) of one package; price: money for all of it."""

    name: str
    insertions: FloatArray
    price: float


@dataclass(frozen=True, eq=False)
class Steps:
    """A volume discount. members: vehicles. by: what counts, insertions or money before the discount.
    start: (n_steps,) from so much on, rising. rate: (n_steps,) 0..1 off. first: its first private column."""

    name: str
    members: IntArray
    by: Literal["insertions", "money"]
    start: FloatArray
    rate: FloatArray
    first: int

    @property
    def n_columns(self) -> int:
        return (len(self.start) + 1) * (1 + len(self.members))

    def reached(self, step: int) -> int:
        """The column of lambda: step 0 is no discount yet."""
        return self.first + step

    def money_in(self, member: int, step: int) -> int:
        """The column of a member's money (its place in `members`) in a step, in insertions at its price."""
        return self.first + (len(self.start) + 1) * (1 + member) + step

    def rate_at(self, amount: float) -> float:
        """The discount on everything, from how much is bought."""
        step = int(np.searchsorted(self.start, amount * (1 + 1e-12) + 1e-9, side="right"))
        return float(self.rate[step - 1]) if step else 0.0


@dataclass(frozen=True, eq=False)
class Tariff:
    """cost: (n_vehicles,) money of one insertion, 0 where it is not quoted. columns: how plans lie; plain
    insertions where not given. factor: (n_vehicles, n_weeks) of the price, None = 1. packages. fixed:
    (n_vehicles,) money once if bought at all; none where not given. discounts: no vehicle in two."""

    cost: FloatArray
    columns: Columns = field(default_factory=lambda: Columns(0))
    factor: FloatArray | None = None
    packages: tuple[Package, ...] = ()
    fixed: FloatArray = field(default_factory=lambda: np.zeros(0))
    discounts: tuple[Steps, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.cost)
        freeze(self, cost=frozen_floats("cost", self.cost, (n,)))
        if self.columns.vehicles == 0:
            object.__setattr__(self, "columns", Columns(n))
        fixed = self.fixed if len(self.fixed) else np.zeros(n)
        freeze(self, fixed=frozen_floats("fixed cost", fixed, (n,)))
        if self.factor is not None:
            freeze(self, factor=frozen_floats("price factor", self.factor, (n, self.columns.weeks)))

    @cached_property
    def plain(self) -> bool:
        """Whether a plan costs insertions times price, and nothing else."""
        return self.factor is None and not (self.packages or self.discounts or self.fixed.any())

    @property
    def width(self) -> int:
        """Columns up to and with those of package weeks."""
        return self.package_weeks.end

    @cached_property
    def package_weeks(self) -> PackageWeeks:
        """The columns of package insertions by week."""
        own = [steps.first + steps.n_columns for steps in self.discounts]
        return PackageWeeks(self.dated, self.columns.weeks, max([self.columns.private_from, *own]))

    @cached_property
    def dated(self) -> tuple[int, ...]:
        """Vehicles of whose package insertions the weeks matter: in a package, and dearer in some weeks."""
        if self.factor is None:
            return ()
        varied = (self.factor != 1).any(axis=1) & self.in_packages.any(axis=0) & (self.cost > 0)
        return tuple(int(j) for j in np.flatnonzero(varied))

    @cached_property
    def in_packages(self) -> FloatArray:
        """(n_packages, n_vehicles) insertions."""
        rows = [package.insertions for package in self.packages]
        return np.array(rows, dtype=float).reshape(len(rows), len(self.cost))

    def from_packages(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) insertions of a plan (plan_size,) that come in packages."""
        return np.asarray(self.columns.packages_of(plan) @ self.in_packages)

    @cached_property
    def package_money(self) -> FloatArray:
        """(n_packages, n_vehicles) each package's price, shared by what its insertions would cost singly (by
        insertions, where none has a price)."""
        found = np.zeros_like(self.in_packages)
        for row, package, held in zip(found, self.packages, self.in_packages, strict=True):
            worth = held * self.cost
            worth = worth if worth.sum() > 0 else held
            row[:] = package.price * worth / max(float(worth.sum()), 1e-300)
        return found

    # --- a plan's money, by arithmetic ---

    def singly(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) g: money for what is bought outside packages, before volume discounts."""
        columns = self.columns
        inside = self.from_packages(plan)
        money = self.cost * (columns.insertions(plan) - inside)
        if self.factor is not None:
            money = money + (self.cost[:, None] * (self.factor - 1) * columns.weekly(plan)).sum(axis=1)
        for j in self.dated:
            assert self.factor is not None
            money[j] = self.cost[j] * _priced_weeks(columns.weekly(plan)[j], float(inside[j]), self.factor[j])
        return np.asarray(money)

    def rates(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) the volume discount that each vehicle gets."""
        rates = np.zeros(len(self.cost))
        if self.discounts:
            money, insertions = self.singly(plan), self.columns.insertions(plan) - self.from_packages(plan)
            for steps in self.discounts:
                counted = insertions if steps.by == "insertions" else money
                rates[steps.members] = steps.rate_at(float(counted[steps.members].sum()))
        return rates

    def spend(self, plan: FloatArray) -> FloatArray:
        """(n_vehicles,) money."""
        if self.plain:
            return self.cost * self.columns.insertions(plan)
        money = self.singly(plan) * (1 - self.rates(plan))
        money = money + np.where(self.columns.insertions(plan) > 1e-9, self.fixed, 0.0)
        if self.packages:
            money = money + self.columns.packages_of(plan) @ self.package_money
        return np.asarray(money)

    def total(self, plan: FloatArray) -> float:
        """Money that a plan costs."""
        return float(self.spend(plan).sum())

    # --- the same, for the programme ---

    def money(self, weight: FloatArray) -> tuple[IntArray, FloatArray]:
        """sum_j weight_j spend_j, weight (n_vehicles,): columns and their coefficients."""
        if self.plain:
            used = np.flatnonzero(self.cost * weight)
            return used, (self.cost * weight)[used]
        terms: dict[int, float] = {}
        for j in np.flatnonzero(weight):
            for column, coefficient in self._spend_terms[j]:
                terms[column] = terms.get(column, 0.0) + float(weight[j]) * coefficient
        kept = {column: value for column, value in sorted(terms.items()) if value}
        return np.array(list(kept), dtype=np.int64), np.array(list(kept.values()), dtype=float)

    @cached_property
    def _spend_terms(self) -> list[list[tuple[int, float]]]:
        """Per vehicle spend_j as (column, coefficient) pairs."""
        found = [singly_terms(self, j) for j in range(len(self.cost))]
        for j in np.flatnonzero(self.fixed):
            found[j].append((self.columns.bought(int(j)), float(self.fixed[j])))
        for p, shares in enumerate(self.package_money):
            for j in np.flatnonzero(shares):
                found[j].append((self.columns.package(p), float(shares[j])))
        for steps in self.discounts:
            for place, j in enumerate(steps.members):
                saved = (steps.rate * self.cost[j]).tolist()
                found[j] += [(steps.money_in(place, k), -money) for k, money in enumerate(saved, 1) if money]
        return found

    def cheapest(self) -> FloatArray:
        """(n_vehicles,) least money that one insertion can cost outside packages."""
        least = self.cost.copy()
        if self.factor is not None:
            least = least * self.factor.min(axis=1)
        for steps in self.discounts:
            least[steps.members] *= 1 - float(steps.rate.max(initial=0.0))
        return least


def _priced_weeks(weekly: FloatArray, inside: float, factor: FloatArray) -> float:
    """Sum of factors (n_weeks,) over a vehicle's weekly insertions outside packages: those inside take the dearest."""
    left = weekly.copy()
    for week in np.argsort(-factor, kind="stable"):
        taken = min(inside, float(left[week]))
        left[week] -= taken
        inside -= taken
    return float(factor @ left)


def singly_terms(tariff: Tariff, vehicle: int) -> list[tuple[int, float]]:
    """g_j as (column, coefficient) pairs."""
    columns, cost = tariff.columns, float(tariff.cost[vehicle])
    if vehicle in tariff.dated:
        return _dated_terms(tariff, vehicle)
    terms = [(vehicle, cost)] if cost else []
    if tariff.factor is not None and cost:
        extra = cost * (tariff.factor[vehicle] - 1)
        terms += [(columns.week(vehicle, int(t)), float(extra[t])) for t in np.flatnonzero(extra)]
    held = tariff.in_packages[:, vehicle] * cost
    return terms + [(columns.package(int(p)), -float(held[p])) for p in np.flatnonzero(held)]


def _dated_terms(tariff: Tariff, vehicle: int) -> list[tuple[int, float]]:
    """Where packages fill the dearest weeks: what stands in each week, less what packages put there."""
    assert tariff.factor is not None
    prices = (tariff.cost[vehicle] * tariff.factor[vehicle]).tolist()
    standing = [(tariff.columns.week(vehicle, t), price) for t, price in enumerate(prices)]
    return standing + [(tariff.package_weeks.inside(vehicle, t), -price) for t, price in enumerate(prices)]
