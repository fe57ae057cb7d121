"""At what unit cost each vehicle belongs in the plan: the first guess from the relaxation, then solved again.

A price change is a changed campaign (planner/planning/variants.py). Customers first asks for a share of the best
customer reach, which is another at another price. Where every plan that decides passes the floor easily, the floor of
the campaign as it stands is used, and the best plan with the vehicle is held against the best without; where it is
near, the floor moves with the best reach, and the plan is solved freely at every price: the vehicle is in it or not.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.after.prices import TOLERANCE, Threshold, Trial, dual_prices, find_threshold
from models.after.questions import Questions, with_room
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, NoPlanInTime, SolverFailure
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.search.allocate import Settings, allocate
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.prepare import Prepared
from planner.explaining.explained import VehiclePrice
from planner.planning.solve import CUSTOMERS_FIRST
from planner.planning.variants import (
    best_customers,
    counts,
    customer_reach,
    customer_slack,
    searched_by_moves,
    variant,
    with_customers,
    with_vehicle,
)

SHARP = 1e-5  # relative gap of the plans that prices are compared with: ten times as sharp as 0.01 %
_MARGIN = 1e-6  # of its worth, by which a plan must beat another to decide a price
_STEADY = 3e-5  # relative gap of the plans at 10 % less and more
_DEAR_STEP = 1e-3  # by how much prices are raised to see in which rows they stand
_LOCAL = 2.0  # seconds of local search at most, per price tried
_INTO = 1 - 0.3 * TOLERANCE  # of the price where it may turn: a little inside
_NUDGE = 1 - TOLERANCE / 20
_EASILY = 5e-3  # of the floor of customers first: by so much more it is out of the way
_GUESSES = 2  # prices tried by local search before the first question
_WINDOW = 1.25  # times as far below its relaxation as the base's best plan lies that of a changed campaign
_ROOMY = 0.8  # of the quoted price, or the guessed: most questions are asked of prices above
_PART = 1e-4  # of an insertion: where fractions are allowed, less is none


@dataclass(frozen=True, eq=False)
class Base:
    """What every price is judged by.

    prepared: the campaign, under its customers-first floor. best: the best plan, to SHARP. relaxed: the best plan
    of fractions. quoted: (n_vehicles,) unit costs, the budget where there is none. dual: (n_vehicles,) price at
    which the first insertion is worth its cost to the relaxation. money_worth: worth of one more of the budget.
    floor: customers (000) that customers first asks for; customers: the most that any plan reaches, 0 where that does
    not matter; reach: how many as a problem. left: seconds until the time limit.
    """

    prepared: Prepared
    best: Allocation
    relaxed: Allocation
    quoted: FloatArray
    dual: FloatArray
    money_worth: float
    floor: float
    customers: float
    reach: Problem | None
    left: Callable[[], float]

    @property
    def campaign(self) -> Campaign:
        return self.prepared.campaign

    @property
    def plan(self) -> FloatArray:
        """(n_vehicles,) insertions of the best plan."""
        return counts(self.prepared, self.best)

    @property
    def whole_gap(self) -> float:
        """About by what share of it the best plan of a changed campaign is worth less than the best of fractions."""
        return max(_WINDOW * (1 - self.best.value / self.relaxed.value), SHARP)

    def inquiry(self, place: int) -> "Inquiry":
        """Questions about the campaign with a vehicle at other prices."""
        guess, quoted = self.dual[place], self.quoted[place]
        cheap = _ROOMY * (min(guess, quoted) if guess > 0 else quoted)
        roomy = variant(self.prepared, with_vehicle(self.campaign, place, unit_cost=float(cheap))).problem
        points = [self.best.insertions, self.relaxed.insertions]
        reach = None if self.reach is None else Questions(_reaching(self.reach, roomy), points[:1])
        return Inquiry(Questions(roomy, points), reach)

    @property
    def floor_near(self) -> bool:
        """Whether the floor of customers first is near enough to the best plan to matter at other prices."""
        return customer_slack(self.prepared.problem, self.best.decision) < _EASILY


@dataclass(frozen=True, eq=False)
class Inquiry:
    """Questions about one vehicle at other prices: worth, what plans are worth; customers, how many they reach."""

    worth: Questions
    customers: Questions | None


def _reaching(reach: Problem, problem: Problem) -> Problem:
    """A problem's prices and rules, customers its objective."""
    return replace(problem, objective=reach.objective, floors=reach.floors)


def make_base(prepared: Prepared, plan: FloatArray, left: Callable[[], float]) -> Base:
    """Solve the campaign sharply, from a plan (plan_size,), and its relaxation."""
    starts = [] if prepared.problem.broken(plan) else [plan]
    best = allocate(prepared.problem, Settings(gap=SHARP, seconds=max(left() / 4, 0.1)), starts)
    budget = prepared.campaign.brief.budget
    quoted = np.array([row.unit_cost or budget for row in prepared.campaign.vehicles])
    offered = _at_prices(prepared, quoted)
    dearer = _at_prices(prepared, quoted * (1 + _DEAR_STEP))
    relaxed = best
    if prepared.problem.plain:
        parts = replace(offered.problem, whole=False)
        relaxed = allocate(parts, Settings(seconds=max(left() / 4, 0.1)), [best.insertions])
    if relaxed.duals is None or not prepared.problem.plain:
        dual, money_worth = np.full(len(quoted), np.nan), 0.0
    else:
        dual = dual_prices(offered.problem, dearer.problem, quoted, quoted * _DEAR_STEP, relaxed.duals)
        budgets = {budget.id for budget in offered.problem.budgets}
        of_budget = [rule_id in budgets for rule_id in offered.problem.system.rule_ids]
        money_worth = float(relaxed.duals.row_worth[of_budget].sum())
    floor = sum(floor.least for floor in prepared.problem.floors if floor.id == CUSTOMERS_FIRST)
    reach = customer_reach(prepared) if floor > 0 else None
    customers = 0.0 if reach is None else best_customers(reach, best.decision, left() / 4)
    return Base(prepared, best, relaxed, quoted, dual, money_worth, floor, customers, reach, left)


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
    packaged = base.prepared.rulebook.tariff.from_packages(base.best.decision)[place]
    if bought > 0 and packaged >= max(bought, float(base.plan[place])) - _PART:
        return _price(row, bought, None, source="rule")  # packages have a price of their own
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


def solved_price(base: Base, place: int, bought: float, inquiry: Inquiry | None = None) -> VehiclePrice:
    """A vehicle's price, solved again: proven in on one side and out on the other, or as near as time allows."""
    first = from_dual(base, place, bought)
    if first.source != "dual" or base.left() <= 0:
        return first
    row = base.campaign.vehicles[place]
    try:
        found = _threshold(base, place, inquiry or base.inquiry(place))
    except InfeasiblePlan:  # no plan goes without it
        return _price(row, bought, None, source="rule")
    except SolverFailure:
        return first
    packages = base.prepared.rulebook.tariff.in_packages
    if found.confirmed and not np.isfinite(found.high) and packages[:, place].any():
        # Singly it would take all of the budget; a package brings it.
        return _price(row, bought, None, source="rule")
    if found.trials == 0 or (found.low == 0 and not found.confirmed and not np.isfinite(found.high)):
        return first
    if found.low == 0:
        high = _money(found.high)
        if found.confirmed:
            return _price(row, bought, None, source="never", high=high)
        return _price(row, bought, min(first.price or found.high, found.high), source="solved", high=high)
    ends = (_money(found.low), _money(found.high) if np.isfinite(found.high) else None)
    return _price(row, bought, ends[0], "solved", *ends, confirmed=found.confirmed)


def _threshold(base: Base, place: int, inquiry: Inquiry) -> Threshold:
    """With the floor of customers first as it stands, where that is out of the way."""
    if searched_by_moves(base.prepared.problem) and not base.floor_near:
        question = _Question(base, place, inquiry)
        try:
            found = question.threshold()
        except InfeasiblePlan:
            question.slack = min(question.slack, customer_slack(base.prepared.problem, base.plan))
            if not np.isfinite(question.slack):
                raise
            question.slack = 0.0
        if question.slack >= _EASILY:
            return found
    return _FreeQuestion(base, place, inquiry).threshold()


def _money(price: float) -> float:
    """A price in whole cents, rounded down so that what is in stays in."""
    return float(np.floor(price * 100 + 1e-6) / 100) if price >= 1 else price


class _Question:
    """At what price whole insertions of one vehicle belong in the plan."""

    def __init__(self, base: Base, place: int, inquiry: Inquiry) -> None:
        """slack: by which the plans that decided pass the floor of customers first, as a share of it."""
        self.base, self.place, self.slack = base, place, np.inf
        self.inquiry, self.questions = inquiry, inquiry.worth
        row = base.campaign.vehicles[place]
        self.row = row
        # A fixed cost, or a discount, aside: money of the budget per unit of Unit cost.
        self.factor = (
            base.prepared.rulebook.cost[place] / row.unit_cost if row.unit_cost else self._net(place)
        )
        tariff = base.prepared.rulebook.tariff
        # At a discount, or in a cheap week, the budget pays for a higher unit cost.
        off = tariff.cheapest()[place] / tariff.cost[place] if tariff.cost[place] > 0 else 1.0
        self.ceiling = base.campaign.brief.budget / (self.factor * max(off, 1e-6))
        self.guess = base.dual[place] if np.isfinite(base.dual[place]) else base.quoted[place]
        self.known = base.plan

    def _net(self, place: int) -> float:
        priced = with_vehicle(self.base.campaign, place, unit_cost=1.0)
        return float(variant(self.base.prepared, priced).rulebook.cost[place])

    def threshold(self) -> Threshold:
        self.target = self._worth_without()
        # The best plan buys it at its price, and is the better for it.
        is_in = self.base.plan[self.place] > 0 and self.base.best.value > self.target * (1 + 1e-12)
        known = float(self.row.unit_cost or 0.0) if is_in else 0.0
        guess, known = self._by_moves(max(self.guess, known), known)
        return find_threshold(self._trial, guess, self.ceiling, known_in=known)

    def _by_moves(self, price: float, known: float) -> tuple[float, float]:
        """A better guess, by what local search makes of the best plan at the prices guessed so far; and the highest
        price at which the vehicle is known to be in."""
        for _ in range(_GUESSES):
            problem = self._problem(min(price, self.ceiling))
            start = with_room(problem, self.known)
            if start is None:
                break
            plan = self.questions.improved(problem, start, min(_LOCAL, self.base.left()))
            worth = problem.value(plan)
            hint = self._hint(price, worth, float(plan[self.place]))
            if worth > self.target * (1 + 1e-12):
                known = max(known, self._keep(problem, plan, price))
                price = known
            if not hint > 0 or (worth > self.target and hint <= known * (1 + TOLERANCE)):
                break
            price = hint * _INTO
        return price, known

    def _keep(self, problem: Problem, plan: FloatArray, price: float) -> float:
        """Keep a plan that shows the vehicle to be in at a price; the highest price at which it is known to be in."""
        seconds = min(_LOCAL, self.base.left())
        cheap = self.questions.cheapened(problem, plan, self.target * (1 + 1e-9), self.place, seconds)
        highest = {self._holds_to(each, price): each for each in (plan, cheap)}
        known = max(highest)
        self.known, self.slack = highest[known], min(self.slack, customer_slack(problem, highest[known]))
        return known

    def _worth_without(self) -> float:
        """Worth of the best plan without the vehicle."""
        base = self.base
        if base.plan[self.place] == 0:
            return base.best.value
        problem = variant(base.prepared, with_vehicle(base.campaign, self.place, locked=0.0)).problem
        best = _best(base, problem, _MARGIN, self.questions)
        if best is None:
            raise NoPlanInTime("The time limit ended the search for the best plan without the vehicle.")
        self.slack = min(self.slack, customer_slack(problem, best))
        return problem.value(best)

    def _problem(self, price: float) -> Problem:
        changed = with_vehicle(
            self.base.campaign, self.place, unit_cost=price, minimum=max(1.0, self.row.minimum)
        )
        return variant(self.base.prepared, changed).problem

    def _trial(self, price: float) -> Trial:
        """Whether any plan with the vehicle is worth more at this price."""
        problem = self._problem(price)
        found = self.questions.plan_worth_more(problem, self.target, self.base.left(), [self.known], _MARGIN)
        if found.plan is None:
            # A search that looks at nothing worth less than the target says nothing about the way to it.
            tells = np.isfinite(found.bound) and found.bound != self.target
            hint = self._hint(price, found.bound, 1.0) * _INTO if tells else np.nan
            return Trial(False if found.settled else None, hint=hint)
        hint = self._hint(price, problem.value(found.plan), float(found.plan[self.place]))
        return Trial(True, self._keep(problem, found.plan, price), hint)

    def _hint(self, price: float, worth: float, insertions: float) -> float:
        """Where so many insertions would be worth as much as none, if money were worth the same everywhere."""
        per_unit = self.base.money_worth * insertions * self.factor
        return price + (worth - self.target) / per_unit if per_unit > 0 else float("nan")

    def _holds_to(self, plan: FloatArray, price: float) -> float:
        """The highest price at which a plan, as it stands, keeps every rule."""
        spent = float(self._problem(price).cost @ plan)
        highest = price + (self.base.campaign.brief.budget - spent) / (plan[self.place] * self.factor)
        problem = self._problem(highest)
        kept = problem.system.feasible(plan) and not problem.broken(plan)
        return highest if kept else price


class _FreeQuestion(_Question):
    """At what price the vehicle is in the best plan, solved freely: where fractions are allowed, or where the floor of
    customers first moves with the price."""

    def threshold(self) -> Threshold:
        known = float(self.row.unit_cost or 0.0) if self.base.plan[self.place] > _PART else 0.0
        return find_threshold(self._trial, max(self.guess, known), self.ceiling, known_in=known)

    def _trial(self, price: float) -> Trial:
        for nudged in (
            price,
            price * _NUDGE,
        ):  # a fractional plan may meet a floor too roughly at just one price
            if self.base.left() <= 0:
                return Trial(None)
            changed = with_vehicle(self.base.campaign, self.place, unit_cost=nudged)
            try:
                problem = problem_at(self.base, changed, True, self.inquiry.customers)
                plan = _best(self.base, problem, _MARGIN, self.questions)
            except InfeasiblePlan:
                return Trial(False)
            except SolverFailure:
                continue
            return Trial(None if plan is None else bool(plan[self.place] > _PART))
        return Trial(None)


def at_other_prices(
    base: Base,
    price: VehiclePrice,
    place: int,
    shares: Sequence[float],
    inquiry: Inquiry,
) -> VehiclePrice:
    """The price with how many insertions more or fewer the best plan has when it is 10 % lower and higher."""
    if price.quoted is None or price.source in ("dual",) or base.left() <= 0:
        return price
    now = float(base.plan[place])
    low, high = (_insertions_at(base, price, place, price.quoted * share, inquiry) for share in shares)
    return replace(
        price, cheaper=None if low is None else low - now, dearer=None if high is None else high - now
    )


def _insertions_at(
    base: Base, price: VehiclePrice, place: int, unit_cost: float, inquiry: Inquiry
) -> float | None:
    if price.source == "never" or (price.high is not None and unit_cost >= price.high):
        return 0.0
    try:
        changed = with_vehicle(base.campaign, place, unit_cost=unit_cost)
        problem = problem_at(base, changed, base.floor_near, inquiry.customers)
        if problem.system.lower[place] == problem.system.upper[place]:
            return float(problem.system.lower[place])
        best = _best(base, problem, _STEADY, inquiry.worth)
    except (InfeasiblePlan, SolverFailure):
        return None
    return None if best is None else float(best[place])


def problem_at(base: Base, campaign: Campaign, moved: bool, customers: Questions | None = None) -> Problem:
    """The problem of a changed campaign. moved: its floor of customers first is in proportion to its own best, which
    `customers` may be asked for. Raises InfeasiblePlan, SolverFailure."""
    prepared = variant(base.prepared, campaign)
    if moved and base.reach is not None and base.customers > 0:
        reach = _reaching(base.reach, prepared.problem)
        best = best_customers(reach, base.best.decision, base.left(), customers, base.whole_gap)
        prepared = with_customers(prepared, base.floor * best / base.customers)
    return prepared.problem


def _best(base: Base, problem: Problem, margin: float, questions: Questions) -> FloatArray | None:
    """(n_vehicles,) the best plan of a problem near the base's; None where time ended first. Raises InfeasiblePlan."""
    if searched_by_moves(problem):
        found = questions.best_plan(problem, base.plan, base.whole_gap, base.left(), margin)
        if found.settled and found.plan is None:
            raise InfeasiblePlan("no plan keeps all the rules", ())
        return found.plan if found.settled else None
    gap = margin if problem.plain else SHARP  # a search that moves cannot make takes long to be sharper
    start = [] if problem.broken(base.best.decision) else [base.best.decision]
    allocation = allocate(problem, Settings(gap=gap, seconds=max(base.left(), 0.1), sharpen=False), start)
    return None if allocation.timed_out else counts(base.prepared, allocation)
