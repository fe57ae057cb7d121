"""One vehicle at other prices: the problems that buy it, the live relaxation that is asked about them, and what is
proven so far."""

import numpy as np

from models.after.dearer import kept_for, worth_lost
from models.after.prices import TOLERANCE
from models.after.respondent_questions import Asked
from models.after.shifted import relaxed_at
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.relaxation import keeps_everything
from planner.campaign.inputs import VehicleRow
from planner.explaining.eased_rules import EasedRules
from planner.explaining.pricing import MARGIN, Base, settled_plan
from planner.explaining.without import Without
from planner.names import listing
from planner.planning.variants import (
    at_price,
    searched_by_moves,
    settled_by_search,
    variant,
    with_limit,
    with_vehicle,
)

_AT_HAND = 4  # problems of a vehicle at other prices
_CROSSINGS = 4  # prices at which a plan is looked at, where a rule forbids it sooner than the budget does
_INTO = 1 - 0.3 * TOLERANCE  # of the price where it may turn: a little inside
NOTHING = 1e-6  # of the highest price there is: as good as none
_STEP = 1e-3  # of a price, to see what more plans take of rows
_WIDE = 1e-3  # of its relaxation, that a plan is worth less: searches take long
_PART_OF_WIDTH = 0.15  # of a price's tolerance, by which plans without the vehicle may be known too roughly


class Proven:
    """low, high: up to low the vehicle is proven in (0: at no price yet), from high on out (infinite: at none yet).
    guess: about where it may turn. per_insertion: worth that a unit of the price costs, of each insertion. without:
    what plans without it are worth. known: a plan with it, to start from. solved: a problem at another price, and what
    its relaxation says, for the next. rules: those that its price eases. in_from, out_from: where rules ease, it is
    proven in at every price from the one to low, out from the other on."""

    def __init__(self, base: Base, place: int) -> None:
        self.base, self.place = base, place
        self.row: VehicleRow = base.campaign.vehicles[place]
        self.low, self.high = 0.0, np.inf
        self.in_from, self.out_from = np.inf, np.inf
        self.guess = float(base.dual[place] if np.isfinite(base.dual[place]) else base.quoted[place])
        self.known = base.best.decision
        self.solved: list[tuple[Problem, Relaxed]] = []
        self.by_moves = searched_by_moves(base.prepared.problem)
        self.soon_settled = settled_by_search(base.prepared.problem) or not base.prepared.problem.whole
        self.settles, self.whole = base.settles, base.prepared.problem.whole
        self.without = Without(base, place, lambda: self.questions)
        self.quoted = base.prepared
        if not self.row.unit_cost:
            self.quoted = variant(base.prepared, with_vehicle(base.campaign, place, unit_cost=1.0))
        self.rules = EasedRules(self.quoted, place)
        tariff = self.quoted.rulebook.tariff
        # A fixed cost, or a discount, aside: money of the budget per unit of Unit cost.
        self.factor = float(tariff.cost[place] / (self.row.unit_cost or 1.0))
        self.per_insertion = base.money_worth * self.factor
        # At a discount, or in a cheap week, the budget pays for a higher unit cost.
        off = tariff.cheapest()[place] / tariff.cost[place] if tariff.cost[place] > 0 else 1.0
        self.ceiling = float(base.campaign.brief.budget / (self.factor * max(off, 1e-6)))
        self._problems: dict[float, Problem] = {}

    @property
    def questions(self) -> Asked:
        """Of whom all about the vehicle is asked."""
        return self.base.programmes[self.base.programme_of(self.place)]

    @property
    def may_search(self) -> bool:
        """Whether searches go on: where they settle, or some are left."""
        return self.questions.effort.searches > 0

    @property
    def may_move(self) -> bool:
        """Whether local search may look for a plan."""
        return self.by_moves and self.may_search

    @property
    def turns_once(self) -> bool:
        """Whether it is proven in at every price up to low, and out at every one from high on."""
        below = self.low == 0 or self.in_from == 0
        above = not np.isfinite(self.high) or self.out_from <= self.high
        return not self.rules.dearer or (below and above)

    @property
    def eases(self) -> str:
        """The rules that a higher price of the vehicle may make easier to keep, in words with their cells, where what
        is proven at two prices is not proven of all others; "" where there are none, or it is."""
        return "" if self.turns_once else self.quoted.told_together(self.rules.dearer)

    @property
    def eases_at(self) -> str:
        """The same rules by their cells, or in words where they have none."""
        rules = () if self.turns_once else self.rules.dearer
        return listing([self.quoted.cells[rule.id] or rule.sentence() for rule in rules]) if rules else ""

    def margin(self) -> float:
        """As a share of their worth, how sharply plans without the vehicle have to be known: to what a small part of
        its tolerance is worth, about where it goes out."""
        price = self.guess if self.guess > 0 else self.base.quoted[self.place]
        money = _PART_OF_WIDTH * TOLERANCE * price * self.factor
        return float(max(MARGIN, money * self.base.money_worth / max(self.base.best.value, 1e-300)))

    def keep(self, problem: Problem, plan: FloatArray, price: float, searched: bool = False) -> float:
        """Keep a plan that shows the vehicle to be in at a price; the highest price at which it is known to be in.
        searched: a whole-number search found it; where plans lie far below the relaxation, the next one takes longer
        than to make it cheaper."""
        plans = [plan]
        if self.by_moves and (not self.settles or (searched and self.base.whole_gap > _WIDE)):
            least = self.without.beaten * (1 + 1e-9)
            plans.append(self.questions.cheapened(problem, plan, least, self.place, self.base.local()))
        highest = {self.holds_to(each, price): each for each in plans}
        known = max(highest)
        self.known = highest[known]
        return known

    def problem(self, price: float) -> Problem:
        """The problem that buys the vehicle at a price; the last ones asked about are at hand."""
        if price not in self._problems:
            while len(self._problems) >= _AT_HAND:
                self._problems.pop(next(iter(self._problems)))
            self._problems[price] = with_limit(
                at_price(self.quoted, self.place, price), self.place, ">=", 1.0
            )
        return self._problems[price]

    def improved(self, problem: Problem) -> FloatArray | None:
        """Of a problem that buys the vehicle, a plan (plan_size,) as good as local search makes it; None where none is
        known."""
        start = self.questions.with_room(problem, self.known)
        return None if start is None else self.questions.improved(problem, start, self.base.local())

    def exchanged(self, problem: Problem) -> FloatArray | None:
        """Of a problem that buys the vehicle, a plan (plan_size,) to which exchanges lead; None where none is known."""
        start = self.questions.with_room(problem, self.known)
        return None if start is None else self.questions.exchanged(problem, start, self.base.local())

    def learn_slope(self, price: float, relaxed: Relaxed) -> None:
        """What a unit of the price costs, from the relaxation at a price; a little is known of it at any time."""
        bought = 0.0 if relaxed.point is None else float(relaxed.point[self.place])
        lost = worth_lost(self.problem(price), self.problem(price * (1 + _STEP)), price * _STEP, relaxed)
        if np.isfinite(lost) and lost >= 0 and bought > 0:
            self.per_insertion = lost / bought

    @property
    def lost_by_wholes(self) -> float:
        """How much cheaper it would have to be for what whole plans are worth less than relaxations."""
        return self.base.lost_by_wholes / self.per_insertion if self.per_insertion > 0 else 0.0

    def further_below(self, price: float) -> float:
        """About where a vehicle that is out at a price, as all plans listed say, comes in: below where relaxations let
        it in by what whole plans are worth less, as money; the more, the further below that it is out."""
        below = min(self.guess, price) - max((self.guess - price) / 2, self.lost_by_wholes)
        return self.not_too_far(price, below)

    def not_too_far(self, price: float, below: float) -> float:
        """A price below one at which it is out, no lower than half where it may be in between and out again further
        down: a rule that asks for money to be spent makes a higher price welcome."""
        return max(below, price / 2) if self.rules.dearer else below

    def hint_below(self, problem: Problem, price: float, bound: float = np.nan) -> float:
        """About where a vehicle that is out at a price comes in: by a plan that exchanges find, or where they know none
        by the bound of what was searched; one that looks at nothing worth less than the target has none.
        Nor has a price that is near enough to where it is in."""
        if price <= self.low * (1 + TOLERANCE):
            return float("nan")
        plan = self.exchanged(problem) if self.by_moves else None
        if plan is not None:
            return self.not_too_far(
                price, self.hint(price, problem.value(plan), float(plan[self.place])) * _INTO
            )
        tells = np.isfinite(bound) and bound != self.without.worth
        return self.not_too_far(price, self.hint(price, bound, 1.0) * _INTO) if tells else float("nan")

    def hint(self, price: float, worth: float, insertions: float) -> float:
        """Where so many insertions would be worth as much as none, if money were worth the same everywhere."""
        per_unit = self.per_insertion * insertions
        return price + (worth - self.without.worth) / per_unit if per_unit > 0 else float("nan")

    def holds_to(self, plan: FloatArray, price: float) -> float:
        """The highest price at which a plan, as it stands, keeps every rule."""
        highest = self.paid_to(plan, price)
        if self.by_moves and highest > price and not keeps_everything(self.problem(highest), plan):
            highest = min(highest, float(self.kept_to(plan[None], price)[0]))
        for turn in range(_CROSSINGS):
            if highest <= price or keeps_everything(self.problem(highest), plan):
                return highest
            share = _share_kept(self.problem(price), self.problem(highest), plan, 0.5**turn)
            highest = price + (highest - price) * share * (1 - 1e-9)
        return price

    def kept_to(self, plans: FloatArray, price: float) -> FloatArray:
        """(n,) the highest price at which each of plans of insertions only (n, n_vehicles) keeps every row, as they
        stand; nan where that cannot be read off."""
        higher = price * (1 + _STEP)
        return price + kept_for(self.problem(price), self.problem(higher), higher - price, plans) * (1 - 1e-9)

    def paid_to(self, plan: FloatArray, price: float) -> float:
        """The highest price that the budget pays for in a plan, as it stands."""
        tariff = self.problem(price).tariff
        own = float(tariff.spend(plan)[self.place])
        left = self.base.campaign.brief.budget - tariff.total(plan)
        if own <= 0 or left <= 0 or not np.isfinite(left):
            return price
        return price * (1 + left / own * (1 - 1e-12))

    def best_at(self, unit_cost: float, margin: float) -> FloatArray | None:
        """(plan_size,) the best plan at a price; None where it is not settled. Raises InfeasiblePlan."""
        problem = at_price(self.quoted, self.place, unit_cost)
        known = None
        if self.settles and self.row.unit_cost:
            known = relaxed_at(self.base.prepared.problem, problem, self.base.relaxed, self.place)
        return settled_plan(self.base, self.questions, problem, margin, known)


def _share_kept(kept: Problem, broken: Problem, plan: FloatArray, part: float) -> float:
    """How far between a problem of which a plan keeps every rule and one of which it does not the first would break, if
    this part of what they leave fell evenly: all of it, as that of limits on money does, less of shares."""
    before, after = kept.outcome(plan), broken.outcome(plan)
    ends = [
        (one.slack(before), other.slack(after))
        for one, other in zip(kept.all_rules, broken.all_rules, strict=True)
        if not other.treatment.charge and not other.holds(after)
    ]
    shares = (part * left / (part * left - lacking) for left, lacking in ends if left > 0 > lacking)
    return min(shares, default=0.0)
