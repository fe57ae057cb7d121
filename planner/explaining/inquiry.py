"""At what unit cost each vehicle belongs in the plan: a certified bracket for every vehicle, then sharpened.

A price change is a changed campaign (planner/planning/variants.py), asked of one of a few live relaxations
(planner/explaining/pricing.py, `programmes`).
    W(p) = best worth with at least one insertion at price p;   V = best worth without any.
In at p is proven by a plan with the vehicle that is worth more than V can be; out by a bound on W(p) that is no more
than a plan without it is worth. `coarse` has both from relaxations and from what the best plan could pay; `sharpen`
searches whole plans in between. Where searches end unsettled, as campaigns with counts may have it, the bracket stays
wider, and is as certain.

Where many weeks, packages or discounts leave whole plans known within a gap alone, one programme is asked of all
vehicles in turn (what it has learnt of one serves the next) and `sharpen` solves a plan on each side
(planner/explaining/solved_each_side.py); `sharpen_further` one more, of the bought vehicles nearest to their price.

Customers first is held at the number of people that it asks for now, at every price.
"""

from dataclasses import replace

import numpy as np

from models.after.prices import TOLERANCE
from models.errors import InfeasiblePlan, SolverFailure
from models.programme.relaxation import keeps_everything
from planner.explaining.every_price import in_from, out_from
from planner.explaining.explained import VehiclePrice
from planner.explaining.first_proofs import (
    MOST_RELAXATIONS,
    in_by_moves,
    out_by_relaxation,
    pay_from_the_best_plan,
)
from planner.explaining.pricing import Base
from planner.explaining.proven import Proven
from planner.explaining.rule_behind import rule_behind, rule_that_needs_it
from planner.explaining.solved_each_side import solve_each_side, solve_with_it
from planner.explaining.vehicle_price import from_dual, money_down, money_up, vehicle_price
from planner.explaining.whole_plans import free_threshold, threshold
from planner.planning.variants import at_price

_SAME = 1e-9  # of a price: nearer to it another is the same
_STEADY = 1e-4  # relative gap of the plans at 10 % less and more
_FIRST = 2  # relaxations, where the plan without the vehicle is still to be solved
_CHANGES = (0.9, 1.1)
_DEAR = 2.0  # times its price: a vehicle that stays so long may owe it to a rule


class Inquiry:
    """One vehicle's price, in steps: coarse, by_moves, sharpen, sharpen_further, prove_everywhere, look_for_rule,
    at_other_prices.

    proven: what is known so far. bought: insertions in the plan. settled: nothing more is to be found out. by_rule: no
    plan goes without it. rule: the one whose doing its price is, in words.
    """

    def __init__(self, base: Base, place: int, bought: float) -> None:
        self.place, self.bought = place, bought
        self.proven = Proven(base, place)
        self.first = from_dual(self.proven, bought)
        self.by_rule = self.settled = False
        self.rule = ""

    @property
    def _free(self) -> bool:
        """Whether the vehicle is looked for in plans solved freely at each price: where fractions are allowed."""
        return not self.proven.base.prepared.problem.whole

    def coarse(self) -> None:
        """A bracket from relaxations, and from what the best plan could pay."""
        its = self.proven
        if self.first.source != "dual" or its.base.left() <= 0:
            return
        try:
            its.without.bracket()
            if its.settles and not its.base.many:
                its.without.search(its.margin())
            if not self._free:
                pay_from_the_best_plan(its)
            out_by_relaxation(its, _FIRST if its.base.within_a_gap else MOST_RELAXATIONS)
        except InfeasiblePlan:  # no plan goes without it
            self.by_rule = True
        except SolverFailure:
            return

    def by_moves(self) -> None:
        """A price at which local search proves it in, where nothing else has: searches may be few."""
        its = self.proven
        if self.first.source == "dual" and its.low == 0 and not (self.by_rule or its.settles):
            in_by_moves(its)

    def sharpen(self) -> None:
        """Searches of whole plans between what is proven."""
        its = self.proven
        if self.first.source != "dual" or self.by_rule or its.base.left() <= 0:
            return
        try:
            if its.base.within_a_gap:
                self.settled = solve_each_side(its)
                return
            found = free_threshold(its) if self._free else threshold(its)
        except InfeasiblePlan:
            self.by_rule = True
            return
        except SolverFailure:
            return
        its.low, its.high, self.settled = max(found.low, its.low), min(found.high, its.high), found.confirmed
        if not self.settled:
            in_by_moves(its)

    def sharpen_further(self) -> None:
        """How much dearer a bought vehicle stays where plans are known within a gap, by a plan solved with it."""
        its = self.proven
        dearer = its.base.within_a_gap and its.low > 0 and not (self.by_rule or self.settled)
        if dearer and its.base.left() > 0 and its.high > its.low * (1 + TOLERANCE):
            solve_with_it(its)

    @property
    def left_wide(self) -> bool:
        """Whether more searches could make its price sharper."""
        return not (self.price().confirmed or self.proven.may_search)

    def prove_everywhere(self) -> None:
        """Where its price may ease rules: whether what is proven at two prices holds below the one and above the other,
        as it does where none ease."""
        its = self.proven
        if self.first.source != "dual" or self.by_rule or not its.rules.dearer or its.base.left() <= 0:
            return
        try:
            its.in_from, its.out_from = in_from(its), out_from(its)
        except (InfeasiblePlan, SolverFailure):
            return

    def look_for_rule(self) -> None:
        """The rule whose doing it is that the vehicle stays at prices far above its own: without it, the relaxation
        has more without the vehicle than with it. All its rules together are tried first, then each. Or the one that no
        plan without the vehicle keeps."""
        its, quoted = self.proven, self.proven.row.unit_cost
        if self.first.source != "dual" or its.base.left() <= 0:
            return
        highest = its.low if np.isfinite(its.high) else its.ceiling
        dear = self.bought > 0 and quoted and highest >= _DEAR * quoted
        try:
            if self.by_rule:
                self.rule = rule_that_needs_it(its.base, its.questions, its.without.problem())
            elif dear and not self._free:
                self.rule = rule_behind(its, highest)
        except SolverFailure:
            return

    # --- what it comes to ---

    def price(self) -> VehiclePrice:
        """What is known of the vehicle's price."""
        found = self._found()
        if found.source != "solved":
            return found
        its = self.proven
        found = replace(
            found, eases=its.eases, eases_at=its.eases_at, in_from=its.in_from, out_from=its.out_from
        )
        if not self.open or found.confirmed:
            return found
        return replace(found, price=None, lost_without=1 - its.without.worth / its.base.best.value)

    @property
    def open(self) -> bool:
        """Whether it is bought, and nothing is proven at its own price, neither in nor out."""
        its, own = self.proven, self.proven.row.unit_cost
        return self.bought > 0 and own is not None and its.low < own * (1 - _SAME) < own < its.high

    def _found(self) -> VehiclePrice:
        row, low, high = self.proven.row, self.proven.low, self.proven.high
        if self.first.source != "dual":
            return self.first
        packages = self.proven.base.prepared.rulebook.tariff.in_packages[:, self.place].any()
        everywhere = self.settled and not np.isfinite(high) and not self.proven.eases
        if self.by_rule or (everywhere and packages and self.bought > 0):
            # singly it would take all; a package brings it
            return vehicle_price(row, self.bought, None, source="rule", rule=self.rule)
        if low == 0:
            return self._out_from(high) if np.isfinite(high) else self.first
        confirmed = self.settled or high <= low * (1 + TOLERANCE)
        if not self.proven.eases and low < high:  # else a cent may be what a rule asks for
            low, high = money_down(low), money_up(high)
        ends = (low, high if np.isfinite(high) else None)
        return vehicle_price(row, self.bought, ends[0], "solved", *ends, confirmed=confirmed, rule=self.rule)

    def _out_from(self, high: float) -> VehiclePrice:
        """Of a vehicle that is proven in at no price."""
        row, guess, end = self.proven.row, self.proven.guess, money_up(high)
        if self.settled or self.proven.eases:
            source = "solved" if self.proven.eases else "never"
            return vehicle_price(row, self.bought, None, source, high=end)
        likely = guess if np.isfinite(guess) and guess > 0 else high
        return vehicle_price(row, self.bought, min(likely, end), source="solved", high=end)

    def at_other_prices(self) -> VehiclePrice:
        """The price with how many insertions more or fewer the best plan has where the vehicle is 10 % cheaper, and
        dearer."""
        price = self.price()
        if price.quoted is None or price.source == "dual" or self.proven.base.left() <= 0:
            return price
        now = float(self.proven.base.plan[self.place])
        low, high = (self._insertions_at(price, price.quoted * share) for share in _CHANGES)
        return replace(
            price, cheaper=None if low is None else low - now, dearer=None if high is None else high - now
        )

    def _stays_best_at(self, unit_cost: float) -> bool:
        """Whether the best plan is so at a higher price, too: it keeps the rules there, and what keeps them there keeps
        them here."""
        its = self.proven
        if its.rules.dearer or not its.settles or not its.row.unit_cost or unit_cost < its.row.unit_cost:
            return False
        return keeps_everything(at_price(its.quoted, its.place, unit_cost), its.base.best.decision)

    def _insertions_at(self, price: VehiclePrice, unit_cost: float) -> float | None:
        if price.source == "never" or price.is_out_at(unit_cost):
            return 0.0
        if self.proven.row.locked is not None:
            return self.proven.row.locked
        if self._stays_best_at(unit_cost):
            return float(self.proven.base.plan[self.place])
        if self.proven.base.within_a_gap or not self.proven.may_search:
            return None  # two plans within a gap differ by more than a price
        try:
            best = self.proven.best_at(unit_cost, _STEADY)
        except (InfeasiblePlan, SolverFailure):
            return None
        return None if best is None else float(best[self.place])
