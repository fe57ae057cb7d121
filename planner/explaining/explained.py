"""What explains a plan: frozen values, made by explain.py, read by the Prices sheet, the command line and JSON."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from planner.formats import price_decimals
from planner.planning.results import PlanResult
from planner.planning.tables import once_per_result

Source = Literal["solved", "dual", "rule", "never"]


@dataclass(frozen=True)
class VehiclePrice:
    """At what unit cost a vehicle belongs in the plan.

    quoted: unit cost, None = "?". price: of one not bought, the unit cost at which it enters; of one bought, up to
    which it stays; None where there is none (see source). low, high: up to `low` it is proven in, from `high` on
    out (None = not proven at any price); one number where the price is exact. confirmed: proven on both sides, within
    1 %. source: "solved"; "dual" = first guess from the relaxation, not solved again; "rule" = a rule decides, whatever
    the price; "never" = in at no price. cheaper, dearer: insertions more (or, negative, fewer) at
    10 % less and at 10 % more than quoted; None = not solved. reason: a sentence; line: the same beside the prices.
    rule: the rule, in words with its cell, whose doing the price is: without it the vehicle would be out at this price;
    "" where it is its audience's.
    eases: the rules that a higher price of it makes easier to keep, in words with their cells, where it is not proven
    in at every price below low, or not out at every one above high; "" elsewhere. eases_at: the same by their cells.
    in_from, out_from: then it is proven in from the one to low (infinite: at low alone), out from the other on
    (infinite: at high alone).
    unit_000: contacts (thousands) that one unit of a line bought by the thousand buys; 0 of insertions. points: rating
    points of one insertion where it is sold by them (CPP); 0 elsewhere.
    lost_without: of a bought one whose own price lies between low and high, so that price is None: the share of the
    plan's worth that the best plan found without it lacks, infinite where none was found; None elsewhere.
    aside: customers first, in words with its cell, where no plan without the vehicle keeps it: then the price is what
    it is without that rule; "" elsewhere.
    """

    vehicle: str
    medium: str
    bought: bool
    insertions: float
    quoted: float | None
    price: float | None
    low: float | None
    high: float | None
    confirmed: bool
    source: Source
    cheaper: float | None = None
    dearer: float | None = None
    reason: str = ""
    line: str = ""
    rule: str = ""
    eases: str = ""
    eases_at: str = ""
    in_from: float = 0.0
    out_from: float = math.inf
    unit_000: float = 0.0
    points: float = 0.0
    lost_without: float | None = None
    aside: str = ""

    def is_out_at(self, unit_cost: float) -> bool:
        """Whether it is proven out at a price."""
        return self.high is not None and unit_cost >= (self.out_from if self.eases else self.high)

    @property
    def exact(self) -> bool:
        """Whether it is in at every lower price, out at every higher one, and worth as much either way at this one."""
        return self.low is not None and self.low == self.high and not self.eases

    @property
    def decimals(self) -> int:
        """Decimals of money that its price is told with: cents where it is exact and uses them."""
        assert self.price is not None
        return 2 if self.exact and self.price != round(self.price) else price_decimals([self.price])

    @property
    def fall(self) -> float | None:
        """Share (0..1) by which the quoted price would have to fall; None for a bought one or without a quote."""
        if self.bought or not self.quoted or self.price is None:
            return None
        return 1 - self.price / self.quoted


@dataclass(frozen=True)
class RulePrice:
    """What a rule costs: solved again without it.

    value_cost: worth that the best plan without it gains, in the plan's unit; share: of the plan's worth.
    money_cost: money by which the same worth would cost less without it; None where that was not solved. error: one
    standard deviation of the model's own error on the share; 0 where worth is no reach. most: the share that it costs
    at most, for what the search for the best plan without it leaves open.
    """

    cell: str
    text: str
    value_cost: float
    share: float
    money_cost: float | None
    error: float = 0.0
    most: float = 0.0

    def beside(self, worth: float, best: float) -> "RulePrice":
        """What it costs beside a better plan that keeps it, too. worth: of the plan that it was told beside; best: of
        the better one."""
        if best <= worth:
            return self
        cost, most = (max(0.0, each - (best - worth)) for each in (self.value_cost, self.most * worth))
        money = self.money_cost if cost > 0 else 0.0
        return replace(self, value_cost=cost, share=cost / best, most=most / best, money_cost=money)


@dataclass(frozen=True)
class BudgetStep:
    """What a little more or less budget does: money is the change of the budget (+ or -).

    value: change of the best whole plan's worth; None where plans are known within a gap alone, which is worth more.
    smoothed: that of the relaxation's, without the steps of whole insertions; None where more than insertions is whole
    (what is bought at all, packages, discounts), which a relaxation has in parts too. changes: by vehicle, insertions
    before and after. gap: by what share better plans may be worth more than the two that were found, 0..1. share: value
    as a share of the worth; error: one standard deviation of the model's own error on it, 0 where one of the two plans
    holds the other, and where worth is no reach.
    """

    money: float
    value: float | None
    smoothed: float | None
    changes: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    gap: float = 0.0
    share: float = 0.0
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class Explanation:
    """A plan and what its prices, its rules and its budget are worth.

    better: share by which the best plan found while explaining is worth more than the plan (0 = none is); prices
    are those of that best plan. complete: False where the time limit ended the work.
    left_wide: vehicles whose price more searches could make sharper.
    rules_open: rules whose cost is known too roughly to be told.
    """

    result: PlanResult
    vehicles: tuple[VehiclePrice, ...]
    rules: tuple[RulePrice, ...]
    next_1000: BudgetStep | None
    last_1000: BudgetStep | None
    better: float
    complete: bool
    seconds: float
    left_wide: int = 0
    rules_open: int = 0


def _percent(share: float | None) -> float | None:
    return None if share is None or not math.isfinite(share) else 100 * share


@once_per_result
def price_rows(explanation: Explanation) -> tuple[dict[str, Any], ...]:
    """Every vehicle, in the campaign's order, by column. Money in the campaign's currency, *_pct in percents."""
    return tuple(_row(price) for price in explanation.vehicles)


def _row(price: VehiclePrice) -> dict[str, Any]:
    return {
        "vehicle": price.vehicle,
        "medium": price.medium,
        "bought": price.bought,
        "insertions": price.insertions,
        "unit_cost": price.quoted,
        "entry_price": None if price.bought else price.price,
        "fall_pct": None if price.fall is None else 100 * price.fall,
        "stays_until": price.price if price.bought else None,
        "low": price.low,
        "high": price.high,
        "confirmed": price.confirmed,
        "source": price.source,
        "eases": price.eases,
        "lost_without_pct": _percent(price.lost_without),
        "aside": price.aside,
        "change_at_10_pct_less": price.cheaper,
        "change_at_10_pct_more": price.dearer,
        "reason": price.reason,
    }
