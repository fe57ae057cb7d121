"""At what unit cost each vehicle belongs in the plan: the first guess from the relaxation, then solved again.

A price change is a changed campaign (planner/variants.py). Customers first stays at the number of customers that
the plan was made under.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.allocation import Settings, allocate
from models.arrays import FloatArray
from models.beating import improved, plan_worth_more
from models.certificate import Allocation
from models.errors import InfeasiblePlan, SolverFailure
from models.prices import TOLERANCE, Trial, dual_prices, find_threshold, with_room
from models.problem import Problem
from planner.explanation import VehiclePrice
from planner.inputs import Campaign, VehicleRow
from planner.prepare import Prepared
from planner.variants import counts, variant, with_vehicle

SHARP = 1e-5  # relative gap of the plans that prices are compared with: ten times as sharp as 0.01 %
_SHARPEST = 2e-7
_DEAR_STEP = 1e-3  # by how much prices are raised to see in which rows they stand
_LOCAL = 2.0  # seconds of local search at most, per price tried
_PART = 1e-4  # of an insertion: where fractions are allowed, less is none


@dataclass(frozen=True, eq=False)
class Base:
    """What every price is judged by.

    prepared: the campaign, under its customers-first floor. best: the best plan, to SHARP. relaxed: the best plan
    of fractions. quoted: (n_vehicles,) unit costs, the budget where there is none. dual: (n_vehicles,) price at
    which the first insertion is worth its cost to the relaxation. money_worth: worth of one more of the budget.
    left: seconds until the time limit.
    """

    prepared: Prepared
    best: Allocation
    relaxed: Allocation
    quoted: FloatArray
    dual: FloatArray
    money_worth: float
    left: Callable[[], float]

    @property
    def campaign(self) -> Campaign:
        return self.prepared.campaign

    @property
    def plan(self) -> FloatArray:
        """(n_vehicles,) insertions of the best plan."""
        return counts(self.prepared, self.best)


def make_base(prepared: Prepared, plan: FloatArray, left: Callable[[], float]) -> Base:
    """Solve the campaign sharply, from a plan (n_vehicles,), and its relaxation."""
    starts = [] if prepared.problem.broken(plan) else [plan]
    best = allocate(prepared.problem, Settings(gap=SHARP, seconds=max(left() / 4, 0.1)), starts)
    budget = prepared.campaign.brief.budget
    quoted = np.array([row.unit_cost or budget for row in prepared.campaign.vehicles])
    offered = _at_prices(prepared, quoted)
    dearer = _at_prices(prepared, quoted * (1 + _DEAR_STEP))
    relaxed = allocate(
        replace(offered.problem, whole=False), Settings(seconds=max(left() / 4, 0.1)), [best.insertions]
    )
    if relaxed.duals is None:
        dual, money_worth = np.full(len(quoted), np.nan), 0.0
    else:
        dual = dual_prices(offered.problem, dearer.problem, quoted, quoted * _DEAR_STEP, relaxed.duals)
        rows = offered.problem.system.rule_ids
        money_worth = float(relaxed.duals.row_worth[rows.index("budget")]) if "budget" in rows else 0.0
    return Base(prepared, best, relaxed, quoted, dual, money_worth, left)


def _at_prices(prepared: Prepared, prices: FloatArray) -> Prepared:
    """The campaign with a unit cost for every vehicle."""
    rows = zip(prepared.campaign.vehicles, prices, strict=True)
    vehicles = tuple(replace(row, unit_cost=float(price)) for row, price in rows)
    return variant(prepared, replace(prepared.campaign, vehicles=vehicles))


def from_dual(base: Base, place: int, bought: float) -> VehiclePrice:
    """A vehicle's price as the relaxation guesses it, or as a rule settles it."""
    row = base.campaign.vehicles[place]
    if row.locked == 0 or row.maximum == 0:
        return _price(row, bought, None, source="never")
    if row.minimum > 0 or row.must_buy or row.locked is not None:
        return _price(row, bought, None, source="rule")
    guess = float(base.dual[place])
    return _price(row, bought, guess if np.isfinite(guess) else None, source="dual")


def _price(
    row: VehicleRow, bought: float, price: float | None, source: str, low: float | None = None,
    high: float | None = None, confirmed: bool = False
) -> VehiclePrice:  # fmt: skip
    return VehiclePrice(
        row.name, row.medium, bought > 0, float(bought), row.unit_cost, price, low, high,
        confirmed or source in ("rule", "never"), source,  # type: ignore[arg-type]
    )  # fmt: skip


def solved_price(base: Base, place: int, bought: float) -> VehiclePrice:
    """A vehicle's price, solved again: proven in on one side and out on the other, or as near as time allows."""
    first = from_dual(base, place, bought)
    if first.source != "dual" or base.left() <= 0:
        return first
    question = _Question(base, place) if base.campaign.brief.whole else _FractionalQuestion(base, place)
    row = base.campaign.vehicles[place]
    try:
        found = question.threshold()
    except InfeasiblePlan:  # no plan goes without it
        return _price(row, bought, None, source="rule")
    except SolverFailure:
        return first
    if found.trials == 0 or (found.low == 0 and not found.confirmed and not np.isfinite(found.high)):
        return first
    if found.low == 0:
        high = _money(found.high)
        if found.confirmed:
            return _price(row, bought, None, source="never", high=high)
        return _price(row, bought, min(first.price or found.high, found.high), source="solved", high=high)
    ends = (_money(found.low), _money(found.high) if np.isfinite(found.high) else None)
    return _price(row, bought, ends[0], "solved", *ends, confirmed=found.confirmed)


def _money(price: float) -> float:
    """A price in whole cents, rounded down so that what is in stays in."""
    return float(np.floor(price * 100 + 1e-6) / 100) if price >= 1 else price


@dataclass(frozen=True)
class Found:
    """As models.prices.Threshold."""

    low: float
    high: float
    confirmed: bool
    trials: int


class _Question:
    """At what price whole insertions of one vehicle belong in the plan."""

    def __init__(self, base: Base, place: int) -> None:
        self.base, self.place = base, place
        row = base.campaign.vehicles[place]
        self.row = row
        # A fixed cost, or a discount, aside: money of the budget per unit of Unit cost.
        self.factor = base.prepared.rulebook.cost[place] / row.unit_cost if row.unit_cost else self._net(place)
        self.ceiling = base.campaign.brief.budget / self.factor
        self.guess = base.dual[place] if np.isfinite(base.dual[place]) else base.quoted[place]
        share = TOLERANCE * self.factor * self.guess * base.money_worth / max(base.best.value, 1e-300)
        self.margin = float(np.clip(share / 4, _SHARPEST, SHARP))
        self.known: list[FloatArray] = [base.plan]

    def _net(self, place: int) -> float:
        priced = with_vehicle(self.base.campaign, place, unit_cost=1.0)
        return float(variant(self.base.prepared, priced).rulebook.cost[place])

    def threshold(self) -> Found:
        self.target = self._worth_without()
        by_search = find_threshold(self._by_local_search, self.guess, self.ceiling)
        first = by_search.low * (1 + 0.98 * TOLERANCE) if by_search.low > 0 else self.guess
        found = find_threshold(self._by_solving, first, self.ceiling, known_in=by_search.low)
        return Found(found.low, found.high, found.confirmed, found.trials + by_search.trials)

    def _worth_without(self) -> float:
        """Worth of the best plan without the vehicle."""
        base = self.base
        if base.plan[self.place] == 0:
            return base.best.value
        problem = variant(base.prepared, with_vehicle(base.campaign, self.place, locked=0.0)).problem
        start = with_room(problem, base.plan)
        starts = [] if start is None else [improved(problem, start, _LOCAL)]
        settings = Settings(gap=self.margin, seconds=max(base.left(), 0.1), thorough=False, sharpen=False)
        return allocate(problem, settings, starts).value

    def _problem(self, price: float) -> Problem:
        changed = with_vehicle(
            self.base.campaign, self.place, unit_cost=price, minimum=max(1.0, self.row.minimum)
        )
        return variant(self.base.prepared, changed).problem

    def _starts(self, problem: Problem) -> list[FloatArray]:
        found = (with_room(problem, plan, self.place) for plan in (self.base.plan, self.known[-1]))
        return [plan for plan in found if plan is not None]

    def _by_local_search(self, price: float) -> Trial:
        """Whether local search finds a plan with the vehicle that is worth more; a proof only where it does."""
        if self.base.left() <= 0:
            return Trial(None)
        problem = self._problem(price)
        starts = self._starts(problem)
        if not starts:
            return Trial(False)
        best = improved(problem, max(starts, key=problem.value), _LOCAL)
        return self._trial(problem, price, best)

    def _by_solving(self, price: float) -> Trial:
        """Whether any plan with the vehicle is worth more."""
        problem = self._problem(price)
        starts = self._starts(problem)
        found = plan_worth_more(problem, self.target, self.base.left(), starts, self.margin)
        if found.plan is None:
            return Trial(False if found.settled else None)
        return self._trial(problem, price, improved(problem, found.plan, _LOCAL))

    def _trial(self, problem: Problem, price: float, plan: FloatArray) -> Trial:
        value, insertions = problem.value(plan), float(plan[self.place])
        inside = value > self.target * (1 + 1e-12)
        if inside:
            self.known.append(plan)
        worth = self.base.money_worth * insertions * self.factor
        hint = price + (value - self.target) / worth if worth > 0 else float("nan")
        return Trial(inside, self._holds_to(plan, price) if inside else 0.0, hint)

    def _holds_to(self, plan: FloatArray, price: float) -> float:
        """The highest price at which a plan, as it stands, keeps every rule."""
        spent = float(self._problem(price).cost @ plan)
        highest = price + (self.base.campaign.brief.budget - spent) / (plan[self.place] * self.factor)
        problem = self._problem(highest)
        kept = problem.system.feasible(plan) and not problem.broken(plan)
        return highest if kept else price


class _FractionalQuestion(_Question):
    """At what price parts of insertions belong in the plan: solved freely, the vehicle is in or it is not."""

    def threshold(self) -> Found:
        found = find_threshold(self._by_solving, self.guess, self.ceiling)
        return Found(found.low, found.high, found.confirmed, found.trials)

    def _by_solving(self, price: float) -> Trial:
        problem = variant(
            self.base.prepared, with_vehicle(self.base.campaign, self.place, unit_cost=price)
        ).problem
        if self.base.left() <= 0:
            return Trial(None)
        found = allocate(problem, Settings(seconds=self.base.left()), [])
        return Trial(None if found.timed_out else bool(found.insertions[self.place] > _PART))


def at_other_prices(base: Base, price: VehiclePrice, place: int, shares: Sequence[float]) -> VehiclePrice:
    """The price with the insertions that the plan has when it is 10 % lower and higher."""
    if price.quoted is None or price.source in ("dual",) or base.left() <= 0:
        return price
    low, high = (_insertions_at(base, price, place, price.quoted * share) for share in shares)
    return replace(price, cheaper=low, dearer=high)


def _insertions_at(base: Base, price: VehiclePrice, place: int, unit_cost: float) -> float | None:
    if price.source == "never" or (price.high is not None and unit_cost >= price.high):
        return 0.0
    prepared = variant(base.prepared, with_vehicle(base.campaign, place, unit_cost=unit_cost))
    problem = prepared.problem
    starts = [plan for plan in (with_room(problem, base.plan),) if plan is not None] if problem.whole else []
    starts = [improved(problem, plan, _LOCAL) for plan in starts]
    settings = Settings(gap=SHARP, seconds=max(base.left(), 0.1), thorough=False, sharpen=False)
    try:
        found = allocate(problem, settings, starts)
    except (InfeasiblePlan, SolverFailure):
        return None
    return None if found.timed_out else float(counts(prepared, found)[place])
