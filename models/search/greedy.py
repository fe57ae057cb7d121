"""Greedy on reach: buy, again and again, the insertion that adds most value per money while all rows hold.

With nothing but a budget it is nearly optimal, for reach has diminishing returns; lazily (Minoux 1978): a gain only
falls as the plan grows, so stale gains are upper bounds and few need to be worked out anew. The first bounds, for all
vehicles at once, are the tangents of reach: one product of a matrix and a vector.
"""

from collections.abc import Callable

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.response import Standing
from models.search.admissible import Admissible, Moves
from models.search.reach_gains import ReachGains

_BATCH = 16  # exact gains worked out at a time, best tangents first
_NUMBERS = (2, 3, 5, 8)  # times the fewest: of a vehicle that costs something once
_PARTS = (64, 8, 2)  # and so large parts of all there are, where there are many
_NOTHING = 1e-15  # value per money that is rounding
_NEARLY = 0.98  # of a rate: two lines per 1,000 as good as each other are not bought in turns one by one
_MANY = 16  # insertions left of a vehicle, from where on several are bought at a time


class Greedy:
    """within: what may be bought. late: whether to end."""

    def __init__(self, within: Admissible, gains: ReachGains, late: Callable[[], bool]) -> None:
        self.within, self.gains, self.late = within, gains, late
        self.upper, self.price, self.once = within.upper, within.prices.price, within.prices.once

    def filled(
        self, standing: Standing, most_gained: FloatArray | None = None, goal: float = -np.inf
    ) -> Standing:
        """Lazy greedy from here until nothing more fits or helps, the goal is out of reach or the time is up.

        most_gained: (n_vehicles,) known upper bounds of the gains, from a plan that this one holds.
        goal: what the plan must be worth to be of use; the money left at the best rate tells.
        """
        activity = self.within.activity(standing.insertions)
        offered = self.within.purchases(standing.insertions, activity)
        if len(offered[0]) == 0:
            return standing
        worth = (self.gains.most(standing) if most_gained is None else most_gained).copy()
        while len(offered[0]) and not self.late():
            best, step, rate = self._best_rate(standing, activity, offered, worth)
            hope = self.gains.worth(standing) + self.within.prices.left(standing.insertions) * self._hopeful(
                rate, offered[0], worth
            )
            if rate <= _NOTHING or hope <= goal:
                return standing
            if self.upper[best] - standing.insertions[best] - step >= _MANY:
                # What others may gain at best can be more than they do, where they cost something once.
                rate = min(rate, self._next_rate(standing, offered, best, worth))
                step = self._many(standing, activity, (best, step), rate)
            bought = (np.array([best]), np.array([step]))
            activity = self.within.rows_after(standing.insertions, activity, bought)[:, 0]
            standing = self.gains.response.moved(standing, best, step)
            offered = self.within.purchases(standing.insertions, activity)
        return standing

    def _next_rate(self, standing: Standing, offered: Moves, best: int, worth: FloatArray) -> float:
        """What money can gain at best in another vehicle than the best one."""
        likely = worth[offered[0]] / self._least_price(standing, offered)
        return float(likely[offered[0] != best].max(initial=_NOTHING))

    def _many(self, standing: Standing, activity: FloatArray, first: tuple[int, int], rate: float) -> int:
        """How many insertions to buy at a time of the best vehicle (first: it, and the fewest), where many are left, as
        of a line per 1,000: the last still gains nearly that rate, so all do, as gains fall; powers of two are tried.
        """
        vehicle, step = first
        if self.once[vehicle] > 0 and standing.insertions[vehicle] == 0:
            return step
        room = int(self.upper[vehicle] - standing.insertions[vehicle])
        numbers = step + 2 ** np.arange(room.bit_length())
        numbers = numbers[numbers <= room]
        numbers = self.within.allowed(
            standing.insertions, activity, (np.full(len(numbers), vehicle), numbers)
        )[1]
        both = np.concatenate([numbers, numbers - 1])
        gains = self.gains.of(standing, np.full(len(both), vehicle), both)
        last = gains[: len(numbers)] - gains[len(numbers) :]
        return int(numbers[last >= _NEARLY * rate * self.price[vehicle]].max(initial=step))

    def _hopeful(self, rate: float, vehicles: IntArray, worth: FloatArray) -> float:
        """What money can gain at best: once what costs once is paid, more than now."""
        if not self.once.any():
            return rate
        return max(rate, float((worth / self.price)[vehicles].max(initial=0.0)))

    def _best_rate(
        self, standing: Standing, activity: FloatArray, offered: Moves, worth: FloatArray
    ) -> tuple[int, int, float]:
        """The purchase that gains most per money: vehicle, insertions, rate. worth: (n_vehicles,) upper bounds of the
        gain of one insertion, brought up to date for those that came into question."""
        vehicles = offered[0]
        likely = worth[vehicles] / self._least_price(standing, offered)
        order = np.argsort(-likely, kind="stable")
        best = (-1, 0, -np.inf)
        for start in range(0, len(order), _BATCH):
            batch = order[start : start + _BATCH]
            if best[0] >= 0 and best[2] >= likely[batch[0]]:
                break
            some = self._numbers(standing, activity, (vehicles[batch], offered[1][batch]))
            gains = self.gains.of(standing, *some)
            worth[some[0]] = gains / some[1]  # of several numbers the largest, the last, holds for more
            rate = gains / self.within.prices.of(standing.insertions, some)
            top = int(np.argmax(rate))
            if rate[top] > best[2]:
                best = (int(some[0][top]), int(some[1][top]), float(rate[top]))
        return best

    def _least_price(self, standing: Standing, offered: Moves) -> FloatArray:
        """(n,) no more than an insertion of each vehicle costs here, in whatever number it is bought."""
        vehicles = offered[0]
        price = self.price[vehicles]
        if not self.once.any():
            return price
        once = self.once[vehicles] * (standing.insertions[vehicles] == 0)
        return np.asarray(price + once / np.maximum(self.upper[vehicles], 1))

    def _numbers(self, standing: Standing, activity: FloatArray, offered: Moves) -> Moves:
        """What is offered; and of vehicles that cost something once, also larger numbers, as far as rows allow."""
        vehicles, steps = offered
        dear = (self.once[vehicles] > 0) & (standing.insertions[vehicles] == 0)
        if not dear.any():
            return offered
        more = [
            (vehicles[dear], np.minimum(times * steps[dear], self.upper[vehicles[dear]]))
            for times in _NUMBERS
        ]
        many = dear & (self.upper[vehicles] >= _MANY)
        more += [
            (vehicles[many], np.maximum(steps[many], self.upper[vehicles[many]] // part)) for part in _PARTS
        ]
        larger = (np.concatenate([v for v, _ in more]), np.concatenate([s for _, s in more]))
        larger = self.within.allowed(standing.insertions, activity, larger)
        return np.concatenate([vehicles, larger[0]]), np.concatenate([steps, larger[1]])
