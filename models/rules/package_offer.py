"""Packages: insertions in several vehicles, all or nothing, at a price of their own.

z_p in {0, 1},   x_j >= sum over p of z_p * insertions of j in p     (the money itself is in models.purchase.tariff)
sum_t v_jt = sum over p of z_p * insertions of j in p,  v_jt <= w_jt       where weeks have prices of their own

A vehicle without a quoted price of its own can only be bought in packages: then the two sides are equal.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, Sense, money_text, number_text
from models.rules.rule import CHARGE, OfMoney


@dataclass(frozen=True, eq=False)
class PackageOffer(OfMoney):
    """package: its place in the tariff. names: (n_vehicles,) labels. only: vehicles sold in packages only, which
    the first package that holds them accounts for."""

    id: str
    package: int
    names: tuple[str, ...]
    tariff: Tariff
    only: tuple[int, ...] = ()
    currency: str = ""
    unit: str = "insertions"
    treatment = CHARGE

    def private(self) -> tuple[Private, ...]:
        own = Private(self.tariff.columns.package(self.package), 0.0, 1.0, True)
        weeks = range(self.tariff.columns.weeks)
        dated = (j for j in self.tariff.dated if self._accounts_for(j))
        return (
            own,
            *(
                Private(self.tariff.package_weeks.inside(j, t), 0.0, np.inf, False)
                for j in dated
                for t in weeks
            ),
        )

    def _accounts_for(self, vehicle: int) -> bool:
        """One row for all packages with a vehicle: stated by the first of them."""
        return bool(np.flatnonzero(self.tariff.in_packages[:, vehicle])[:1] == self.package)

    def rows(self) -> tuple[Row, ...]:
        rows = []
        for j in np.flatnonzero(self.tariff.in_packages[self.package]):
            holders = np.flatnonzero(self.tariff.in_packages[:, j])
            if self._accounts_for(int(j)):
                columns = [int(j), *(self.tariff.columns.package(int(p)) for p in holders)]
                held = self.tariff.in_packages[holders, j]
                sense: Sense = "=" if int(j) in self.only else ">="
                rows.append(Row(np.array(columns), np.append(1.0, -held), sense, 0.0))
                if int(j) in self.tariff.dated:
                    rows += self._weeks(int(j), columns[1:], held)
        return tuple(rows)

    def _weeks(self, vehicle: int, packages: list[int], held: FloatArray) -> list[Row]:
        """sum_t v_jt = sum_p z_p a_jp and v_jt <= w_jt."""
        weeks = range(self.tariff.columns.weeks)
        inside = [self.tariff.package_weeks.inside(vehicle, t) for t in weeks]
        all_ = Row(np.array([*inside, *packages]), np.append(np.ones(len(inside)), -held), "=", 0.0)
        standing = [np.array([inside[t], self.tariff.columns.week(vehicle, t)]) for t in weeks]
        return [all_, *(Row(pair, np.array([1.0, -1.0]), "<=", 0.0) for pair in standing)]

    def slack(self, outcome: Outcome) -> float:
        plan = outcome.plan
        columns = self.tariff.columns
        taken = columns.packages_of(plan)
        left = columns.insertions(plan) - taken @ self.tariff.in_packages
        inside = np.flatnonzero(self.tariff.in_packages[self.package])
        short = min((float(left[j]) for j in inside), default=0.0)
        over = max((float(left[j]) for j in inside if int(j) in self.only), default=0.0)
        return min(short, -over) if over > 1e-9 else short

    def holds(self, outcome: Outcome) -> bool:
        taken = float(self.tariff.columns.packages_of(outcome.plan)[self.package])
        return abs(taken - round(taken)) < 1e-9 and self.slack(outcome) >= -1e-9

    def is_paid(self, outcome: Outcome) -> bool:
        return bool(self.tariff.columns.packages_of(outcome.plan)[self.package] > 0.5)

    def sentence(self) -> str:
        offer = self.tariff.packages[self.package]
        held = [
            f"{number_text(float(offer.insertions[j]))} x {self.names[j]}"
            for j in np.flatnonzero(offer.insertions)
        ]
        money = money_text(self.currency, offer.price)
        return f"package {offer.name}: {', '.join(held)} for {money}, all or nothing"
