"""At what unit cost each vehicle belongs in the plan: a certified bracket for every vehicle, then sharpened.

A price change is a changed campaign (planner/planning/variants.py), asked of one live relaxation a vehicle; nothing is
shared between vehicles, so neither their order nor the number of threads can change a price.
    W(p) = best worth with at least one insertion at price p;   V = best worth without any.
In at p is proven by a plan with the vehicle that is worth more than V can be; out by a bound on W(p) that is no more
than a plan without it is worth. `coarse` has both from relaxations and from what the best plan could pay; `sharpen`
searches whole plans in between. Where searches end unsettled, as campaigns with weeks, packages or counts may have it,
the bracket stays wider, and is as certain.

Customers first is held at the number of people that it asks for now, at every price.
"""

from dataclasses import replace

import numpy as np

from models.after.prices import TOLERANCE, Threshold, Trial, find_threshold, only_dearer
from models.after.questions import with_room
from models.after.respondent_questions import Asked
from models.arrays import FloatArray
from models.errors import InfeasiblePlan, SolverFailure
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from planner.campaign.inputs import VehicleRow
from planner.explaining.explained import VehiclePrice
from planner.explaining.pricing import MARGIN, PART, Base, settled_plan
from planner.explaining.rule_behind import rule_behind, rule_that_needs_it
from planner.explaining.vehicle_price import from_dual, money_down, money_up, vehicle_price
from planner.explaining.without import Without
from planner.planning.variants import (
    searched_by_moves,
    settled_by_search,
    variant,
    with_vehicle,
)

_AT_HAND = 4  # problems of a vehicle at other prices
_STEADY = 1e-4  # relative gap of the plans at 10 % less and more
_INTO = 1 - 0.3 * TOLERANCE  # of the price where it may turn: a little inside
_NUDGE = 1 - TOLERANCE / 20
_GUESSES = 3  # prices tried by local search alone, where whole-number searches settle little
_DOWN = 1.5  # times lower, at least, is the next price where local search found no plan that proves it in
_ROOMY = 0.8  # of the quoted price, or the guessed: most questions are asked of prices above
_RELAXATIONS = 7  # prices tried for a first proof that a vehicle is out
_NEAR_OUT = 0.02  # of a price: a first proof so near to where the relaxation lets it in is near enough
_ROUGHLY_OUT = 0.1  # the same where plans will be listed
_BEYOND = 0.004  # of a price: so far beyond where the relaxation says it is out, it is tried
_FEW = 10_000  # plans half made: with more, a search for one of them is sooner done
_TRIED = 8  # plans that the budget pays for longest: a rule may forbid them sooner
_JUST_BEYOND = 1e-4  # of the price that the last of all plans can pay
_PART_OF_WIDTH = 0.15  # of a price's tolerance, by which plans without the vehicle may be known too roughly
_NOT_FAR = 0.5  # of the price where relaxations let it in: what is proven so near is begun with
_CHANGES = (0.9, 1.1)
_EASILY = 5e-3  # of the floor of customers first: by so much more it is out of the way
_DEAR = 2.0  # times its price: a vehicle that stays so long may owe it to a rule


class Inquiry:
    """One vehicle at other prices: what is proven of it so far, and the live relaxation that more is asked of.

    low, high: up to low it is proven in (0: at no price yet), from high on out (infinite: at none yet). guess: about
    where it may turn. without: what plans without it are worth. known: a plan with it, to start from. settled: nothing
    more is to be found out. by_rule: no plan goes without it. rule: the one whose doing its price is, in words.
    """

    def __init__(self, base: Base, place: int, bought: float) -> None:
        self.base, self.place, self.bought = base, place, bought
        self.row: VehicleRow = base.campaign.vehicles[place]
        self.first = from_dual(base, place, bought)
        self.low, self.high, self.trials = 0.0, np.inf, 0
        self.guess = float(base.dual[place] if np.isfinite(base.dual[place]) else base.quoted[place])
        self.known = base.best.decision
        self.by_rule = self.settled = False
        self.rule = ""
        self.by_moves = searched_by_moves(base.prepared.problem)
        self.settles = settled_by_search(base.prepared.problem)
        self.without = Without(base, place, lambda: self.questions)
        rulebook = base.prepared.rulebook
        # A fixed cost, or a discount, aside: money of the budget per unit of Unit cost.
        self.factor = rulebook.cost[place] / self.row.unit_cost if self.row.unit_cost else self._net(place)
        tariff = rulebook.tariff
        # At a discount, or in a cheap week, the budget pays for a higher unit cost.
        off = tariff.cheapest()[place] / tariff.cost[place] if tariff.cost[place] > 0 else 1.0
        self.ceiling = float(base.campaign.brief.budget / (self.factor * max(off, 1e-6)))
        self._questions: Asked | None = None
        self._problems: dict[float, Problem] = {}

    def _net(self, place: int) -> float:
        priced = with_vehicle(self.base.campaign, place, unit_cost=1.0)
        return float(variant(self.base.prepared, priced).rulebook.cost[place])

    @property
    def questions(self) -> Asked:
        if self._questions is None:
            self._questions = self.base.asked(self._roomy())
        return self._questions

    def _roomy(self) -> Problem:
        guess, quoted = self.guess, self.base.quoted[self.place]
        cheap = _ROOMY * (min(guess, quoted) if guess > 0 else quoted)
        changed = with_vehicle(self.base.campaign, self.place, unit_cost=float(cheap))
        return variant(self.base.prepared, changed).problem

    @property
    def _free(self) -> bool:
        """Whether the vehicle is looked for in plans solved freely at each price: where fractions are allowed."""
        return not self.base.prepared.problem.whole

    # --- coarse ---

    def coarse(self) -> None:
        """A bracket from relaxations, and from what the best plan could pay."""
        if self.first.source != "dual" or self.base.left() <= 0:
            return
        try:
            self.without.bracket()
            if self.settles:
                self.without.search(self._margin())
            if not self._free:
                self._pay_from_the_best_plan()
            self._out_by_relaxation()
            if self.low == 0:
                self._in_by_moves()
        except InfeasiblePlan:  # no plan goes without it
            self.by_rule = True
        except SolverFailure:
            return

    def _pay_from_the_best_plan(self) -> None:
        """Up to what price the best plan proves the vehicle in: it buys it, or could buy one more from what is left."""
        base, problem = self.base, self.base.prepared.problem
        plan, price = base.best.decision, float(self.row.unit_cost or 0.0)
        if base.plan[self.place] > 0:
            if price > self.low and base.best.value > self.without.beaten * (1 + 1e-12):
                self.low = self._keep(problem, plan, price)
            return
        if problem.columns.weeks or problem.columns.packages:
            return
        rest = base.campaign.brief.budget - problem.tariff.total(plan)
        price, more = rest / self.factor * (1 - 1e-9), plan + (1 - self.without.others())
        if price > 0 and problem.value(more) > self.without.beaten * (1 + 1e-12):
            there = self._problem(price)
            self.low = max(self.low, price if keeps_everything(there, more) else 0.0)

    def _out_by_relaxation(self) -> None:
        """A price at which the relaxation with the vehicle is worth no more than a plan without it, near to the lowest
        such price: steps along its slope in the price, a little beyond."""
        target, price = (
            self.without.worth * (1 + MARGIN),
            min(max(self.guess, self.low * (1 + _BEYOND)), self.ceiling),
        )
        inside, near = self.low, _ROUGHLY_OUT if self.settles else _NEAR_OUT
        for _ in range(_RELAXATIONS):
            if self.base.left() <= 0 or not np.isfinite(target):
                return
            relaxed = self.questions.bound(self._problem(price), self.base.left(), above=target)
            out = relaxed.status == "infeasible" or relaxed.bound <= target
            self.trials += 1
            if out:
                self.high = min(self.high, price)
            else:
                inside = max(inside, price)
            if self.high <= inside * (1 + near) or (not out and price >= self.ceiling * (1 - 1e-9)):
                break
            price = self._step(price, relaxed, target, inside)
            if not self.low < price < self.high:
                break
        self.guess = float(np.clip(inside or self.high, self.low, self.high))

    def _in_by_moves(self) -> None:
        """A price at which local search finds a plan with the vehicle that is worth more than any without can be: ever
        lower until there is one, or until the price is known to be in."""
        price = min(self.guess, self.ceiling)
        for _ in range(_GUESSES if self.by_moves and not self.settles else 0):
            if self.base.left() <= 0 or price <= self.low * (1 + TOLERANCE):
                return
            problem = self._problem(price)
            plan = self._improved_with(problem)
            value = -np.inf if plan is None else problem.value(plan)
            if plan is not None and value > self.without.beaten * (1 + 1e-12):
                self.low = self._keep(problem, plan, price)
                return
            price = self._lower(price, value, plan)

    def _lower(self, price: float, value: float, plan: FloatArray | None) -> float:
        """The next price where a plan worth so much proved nothing: where money saved makes up for what it lacks."""
        if plan is None or not np.isfinite(self.without.beaten):
            return price / _DOWN
        per_unit = self.base.money_worth * self.factor * max(float(plan[self.place]), 1.0)
        ahead = (self.without.beaten - value) / per_unit if per_unit > 0 else 0.0
        return float(np.clip(price - ahead, price / _DOWN**3, price / _DOWN))

    def _improved_with(self, problem: Problem) -> FloatArray | None:
        """Of a problem that buys the vehicle, a plan (plan_size,) as good as local search makes it; None where none is
        known."""
        start = with_room(problem, self.known)
        return None if start is None else self.questions.improved(problem, start, self.base.local())

    def _step(self, price: float, relaxed: Relaxed, target: float, inside: float) -> float:
        """The next price: where the relaxation would be worth the target if it fell on as it does here."""
        insertions = 1.0 if relaxed.point is None else max(float(relaxed.point[self.place]), 1.0)
        fall = self.base.money_worth * self.factor * insertions
        ahead = (relaxed.bound - target) / fall if fall > 0 and np.isfinite(relaxed.bound) else np.nan
        if not np.isfinite(ahead):
            ahead = -0.3 * price if relaxed.bound <= target else price
        step = max(price + ahead, price / 4) * (1 + _BEYOND)
        if np.isfinite(self.high):  # between what is known, the middle where the slope says nothing new
            low = max(inside, self.low, 1e-3 * self.high)
            step = (
                step
                if low * (1 + _BEYOND) < step < self.high * (1 - _BEYOND)
                else float(np.sqrt(low * self.high))
            )
        return float(min(step, self.ceiling))

    # --- sharper ---

    def sharpen(self) -> None:
        """Searches of whole plans between what is proven."""
        if self.first.source != "dual" or self.by_rule or self.base.left() <= 0:
            return
        try:
            found = self._free_threshold() if self._free else self._threshold()
        except InfeasiblePlan:
            self.by_rule = True
            return
        except SolverFailure:
            return
        self.low, self.high, self.settled = (
            max(found.low, self.low),
            min(found.high, self.high),
            found.confirmed,
        )
        if not self.settled:
            self._in_by_moves()

    def _margin(self) -> float:
        """As a share of their worth, how sharply plans without the vehicle have to be known: to what a small part of
        its tolerance is worth, about where it goes out."""
        price = self.guess if self.guess > 0 else self.base.quoted[self.place]
        money = _PART_OF_WIDTH * TOLERANCE * price * self.factor
        return float(max(MARGIN, money * self.base.money_worth / max(self.base.best.value, 1e-300)))

    def _threshold(self) -> Threshold:
        self.without.search(self._margin())
        self._pay_from_the_best_plan()
        guess = self._guess_below() if self.settles else self.guess

        def trial(price: float) -> Trial:
            answer = self._trial(price)
            if answer.inside:
                self.low = max(self.low, price, answer.holds_to)
            return answer

        return find_threshold(trial, guess, self.ceiling, known_in=self.low, known_out=self.high)

    def _guess_below(self) -> float:
        """About where the vehicle goes out, by a plan that exchanges find: relaxations let it in at higher prices."""
        price = min(self.guess, self.ceiling)
        if self.low >= _NOT_FAR * price:
            return price
        hint = self._hint_below(self._problem(price), price)
        return hint if hint < price else price

    def _keep(self, problem: Problem, plan: FloatArray, price: float) -> float:
        """Keep a plan that shows the vehicle to be in at a price; the highest price at which it is known to be in."""
        plans = [plan]
        if self.by_moves:
            least = self.without.beaten * (1 + 1e-9)
            plans.append(self.questions.cheapened(problem, plan, least, self.place, self.base.local()))
        highest = {self._holds_to(each, price): each for each in plans}
        known = max(highest)
        self.known = highest[known]
        return known

    def _problem(self, price: float) -> Problem:
        """The problem that buys the vehicle at a price; the last ones asked about are at hand."""
        if price not in self._problems:
            while len(self._problems) >= _AT_HAND:
                self._problems.pop(next(iter(self._problems)))
            self._problems[price] = self._stated(price)
        return self._problems[price]

    def _stated(self, price: float) -> Problem:
        changed = with_vehicle(
            self.base.campaign, self.place, unit_cost=price, minimum=max(1.0, self.row.minimum)
        )
        return variant(self.base.prepared, changed).problem

    def _trial(self, price: float) -> Trial:
        """Whether any plan with the vehicle is worth more at this price."""
        problem = self._problem(price)
        told = self._listed_trial(problem, price) if self.settles else None
        if told is not None:
            return told
        found = self.questions.plan_worth_more(
            problem, self.without.worth, self.base.left(), [self.known], MARGIN, self.base.whole_gap
        )
        if found.plan is None and not found.settled and self.by_moves:
            found = replace(found, plan=self._improved_with(problem))
        if found.plan is None:
            return Trial(False if found.settled else None, hint=self._hint_below(problem, price, found.bound))
        value = problem.value(found.plan)
        if value <= self.without.beaten * (1 + 1e-12):
            # Worth more than the best plan known without it, but not than any there may be.
            return self._trial(price) if self._sharper() else Trial(None)
        hint = self._hint(price, value, float(found.plan[self.place]))
        return Trial(True, self._keep(problem, found.plan, price), hint)

    def _sharper(self) -> bool:
        """Whether plans without the vehicle are known more sharply now."""
        before = self.without.worth, self.without.most
        self.without.search()
        return before != (self.without.worth, self.without.most)

    def _listed_trial(self, problem: Problem, price: float) -> Trial | None:
        """The same where all plans worth more can be listed: the vehicle goes out where the budget pays for the last of
        them no more. None where they cannot."""
        plans = self.questions.all_worth_more(problem, self.without.worth, self.base.left(), _FEW)
        if plans is not None:
            return self._last_of(plans, problem, price)
        plan = self._exchanged_with(problem)
        if plan is None or problem.value(plan) <= self.without.beaten * (1 + 1e-12):
            return None
        hint = self._hint(price, problem.value(plan), float(plan[self.place]))
        return Trial(True, self._keep(problem, plan, price), hint)

    def _last_of(self, plans: FloatArray, problem: Problem, price: float) -> Trial | None:
        """What all plans (n, plan_size) tell that may be worth more at a price: those that the budget pays for longest
        are looked at first. None where what plans without the vehicle are worth is known too roughly."""
        paid, last = np.array([self._paid_to(plan, price) for plan in plans]), 0.0
        inside: list[tuple[float, int]] = []
        for place in np.argsort(-paid, kind="stable"):
            value = problem.value(plans[place])
            if value <= self.without.worth or not keeps_everything(problem, plans[place]):
                continue
            last = max(last, float(paid[place]))
            if value > self.without.beaten * (1 + 1e-12):
                inside.append((self._holds_to(plans[place], price), int(place)))
                if inside[-1][0] > price or len(inside) >= _TRIED:
                    break
        if inside:
            holds_to, place = max(inside)
            self.known, beyond = plans[place], last * (1 + _JUST_BEYOND)
            out = only_dearer(problem, self._problem(beyond))
            return Trial(True, holds_to, last, beyond if out else np.inf)
        if last:
            return None
        return Trial(False, hint=self._hint_below(problem, price))

    def _exchanged_with(self, problem: Problem) -> FloatArray | None:
        """Of a problem that buys the vehicle, a plan (plan_size,) to which exchanges lead; None where none is known."""
        start = with_room(problem, self.known)
        return None if start is None else self.questions.exchanged(problem, start, self.base.local())

    def _hint_below(self, problem: Problem, price: float, bound: float = np.nan) -> float:
        """About where a vehicle that is out at a price comes in: by a plan that exchanges find, or where they know none
        by the bound of what was searched; one that looks at nothing worth less than the target has none.
        Nor has a price that is near enough to where it is in."""
        if price <= self.low * (1 + TOLERANCE):
            return float("nan")
        plan = self._exchanged_with(problem) if self.by_moves else None
        if plan is not None:
            return self._hint(price, problem.value(plan), float(plan[self.place])) * _INTO
        tells = np.isfinite(bound) and bound != self.without.worth
        return self._hint(price, bound, 1.0) * _INTO if tells else float("nan")

    def _hint(self, price: float, worth: float, insertions: float) -> float:
        """Where so many insertions would be worth as much as none, if money were worth the same everywhere."""
        per_unit = self.base.money_worth * insertions * self.factor
        return price + (worth - self.without.worth) / per_unit if per_unit > 0 else float("nan")

    def _holds_to(self, plan: FloatArray, price: float) -> float:
        """The highest price at which a plan, as it stands, keeps every rule."""
        highest = self._paid_to(plan, price)
        return highest if keeps_everything(self._problem(highest), plan) else price

    def _paid_to(self, plan: FloatArray, price: float) -> float:
        """The highest price that the budget pays for in a plan, as it stands."""
        tariff = self._problem(price).tariff
        own = float(tariff.spend(plan)[self.place])
        left = self.base.campaign.brief.budget - tariff.total(plan)
        if own <= 0 or left <= 0 or not np.isfinite(left):
            return price
        return price * (1 + left / own * (1 - 1e-12))

    # --- solved freely ---

    def _free_threshold(self) -> Threshold:
        """At what price the vehicle is in the best plan, solved freely."""
        known = float(self.row.unit_cost or 0.0) if self.base.plan[self.place] > PART else 0.0
        self.low, self.high = known, np.inf
        return find_threshold(self._free_trial, max(self.guess, known), self.ceiling, known_in=known)

    def _free_trial(self, price: float) -> Trial:
        for nudged in (price, price * _NUDGE):  # fractions may meet a floor too roughly at just one price
            if self.base.left() <= 0:
                return Trial(None)
            try:
                plan = self.best_at(nudged, MARGIN)
            except InfeasiblePlan:
                return Trial(False)
            if plan is not None:
                return Trial(bool(plan[self.place] > PART))
        return Trial(None)

    def best_at(self, unit_cost: float, margin: float) -> FloatArray | None:
        """(plan_size,) the best plan at a price; None where it is not settled. Raises InfeasiblePlan."""
        changed = with_vehicle(self.base.campaign, self.place, unit_cost=unit_cost)
        return settled_plan(self.base, self.questions, variant(self.base.prepared, changed).problem, margin)

    # --- the rule behind it ---

    def look_for_rule(self) -> None:
        """The rule whose doing it is that the vehicle stays at prices far above its own: without it, the relaxation
        has more without the vehicle than with it. All its rules together are tried first, then each. Or the one that no
        plan without the vehicle keeps."""
        highest = self.low if np.isfinite(self.high) else self.ceiling
        dear = self.bought > 0 and self.row.unit_cost and highest >= _DEAR * self.row.unit_cost
        try:
            without = self.without.problem()
            if self.by_rule:
                self.rule = rule_that_needs_it(self.base, self.questions, without)
            elif dear and not self._free:
                there = self._problem(highest)
                self.rule = rule_behind(self.base, self.questions, self.place, there, without)
        except SolverFailure:
            return

    # --- what it comes to ---

    def price(self) -> VehiclePrice:
        """What is known of the vehicle's price."""
        row, low, high = self.row, self.low, self.high
        if self.first.source != "dual":
            return self.first
        packages = self.base.prepared.rulebook.tariff.in_packages[:, self.place].any()
        if self.by_rule or (self.settled and not np.isfinite(high) and packages):
            # singly it would take all; a package brings it
            return vehicle_price(row, self.bought, None, source="rule", rule=self.rule)
        if low == 0 and not np.isfinite(high):
            return self.first
        if low == 0:
            end = money_up(high)
            if self.settled:
                return vehicle_price(row, self.bought, None, source="never", high=end)
            guess = self.guess if np.isfinite(self.guess) and self.guess > 0 else high
            return vehicle_price(row, self.bought, min(guess, end), source="solved", high=end)
        ends = (money_down(low), money_up(high) if np.isfinite(high) else None)
        confirmed = self.settled or high <= low * (1 + TOLERANCE)
        return vehicle_price(row, self.bought, ends[0], "solved", *ends, confirmed=confirmed, rule=self.rule)

    def at_other_prices(self) -> VehiclePrice:
        """The price with how many insertions more or fewer the best plan has where the vehicle is 10 % cheaper, and
        dearer."""
        price = self.price()
        if price.quoted is None or price.source == "dual" or self.base.left() <= 0:
            return price
        now = float(self.base.plan[self.place])
        low, high = (self._insertions_at(price, price.quoted * share) for share in _CHANGES)
        return replace(
            price, cheaper=None if low is None else low - now, dearer=None if high is None else high - now
        )

    def _insertions_at(self, price: VehiclePrice, unit_cost: float) -> float | None:
        if price.source == "never" or (price.high is not None and unit_cost >= price.high):
            return 0.0
        if self.row.locked is not None:
            return self.row.locked
        try:
            best = self.best_at(unit_cost, _STEADY)
        except (InfeasiblePlan, SolverFailure):
            return None
        return None if best is None else float(best[self.place])
