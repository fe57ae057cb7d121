"""What is wanting to goals and rows, bought for the least money; what is not needed, given back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible
from models.search.steps import steps_of

_NUMBERS = (1, 2, 3)  # of insertions, or blocks, bought at once


@dataclass(frozen=True, eq=False)
class _Goal:
    """people: (n_segments counted,) wanted `times` times or more; least: people (000). sharp, soft: losses, of people
    met too seldom, and of the contacts that they lack (models.search.effective_moves)."""

    people: FloatArray
    times: int
    least: float
    sharp: FloatArray
    soft: FloatArray


class MakingUp:
    """For one problem; whole insertions. within: what may be bought. late: whether to end."""

    def __init__(self, problem: Problem, within: Admissible, late: Callable[[], bool]) -> None:
        self.problem, self.within, self.late = problem, within, late
        self.price = within.prices.price
        self.most = np.floor(within.upper + 1e-9)
        self.steps = steps_of(within, _NUMBERS)
        self.money = self.steps.money(self.price)
        wanted = [(floor.people, 1, floor.least) for floor in problem.floors if floor.contacts is None]
        wanted += [(goal.people, goal.times, goal.least) for goal in problem.effective]
        counted = np.zeros(len(problem.model.population), dtype=bool)
        for people, _, _ in wanted:
            counted |= people > 0
        times = max((times for _, times, _ in wanted), default=1)
        self.contacts = Contacts(problem.model, times, self.most, counted, self.most > 0, COARSE)
        self.goals = [
            _goal(people[self.contacts.segments], own, least, times) for people, own, least in wanted
        ]

    def met(self, tally: Tally) -> FloatArray:
        """(n_goals,) share of each goal that is met, 1 = just."""
        shares = [float(g.people @ tally.shares(g.times)) / g.least for g in self.goals]
        return np.array(shares)

    def cost(self, tally: Tally) -> float:
        """Money, at single prices: exact where a plan is insertions only, else a hint."""
        return self.within.prices.spent(tally.insertions)

    def stripped(self, tally: Tally, kept: int = -1) -> Tally:
        """Single insertions out (of blocks, their parts), the dearest first, as long as rows and goals hold."""
        back = [-size for size in self.steps.sizes]
        while not self.late():
            out = self.within.room(tally.insertions, back) & self.steps.parts
            out[kept] = out[kept] & (kept < 0)
            if not self.problem.insertions_only:
                out &= tally.insertions[:, None] + np.asarray(back) >= self.within.lower[:, None]
            for goal, met in zip(self.goals, self.met(tally), strict=True):
                lost = self.contacts.changes(tally, goal.sharp, back, out)
                out &= np.nan_to_num(goal.least * met - lost, nan=-np.inf) >= goal.least
            open_ = np.flatnonzero(out.any(axis=1))
            if len(open_) == 0:
                return tally
            j = int(open_[np.argmax(self.price[open_])])
            tally = self.contacts.moved(tally, j, back[int(np.flatnonzero(out[j])[-1])])
        return tally

    def made_up(self, tally: Tally, below: float, closed: IntArray | None, soft: float = 0.0) -> Tally | None:
        """Insertions added until rows and goals hold, for less than `below` in all; None where that fails."""
        while not self.late():
            unmet = self.met(tally) < 1
            lacking = self._lacking(tally)
            if not unmet.any() and not lacking.any():
                return tally
            open_ = self._room(tally, below, closed)
            if not open_.any():
                return None
            sharp = [
                -self.contacts.changes(tally, goal.sharp, self.steps.sizes, open_) if wanted else None
                for goal, wanted in zip(self.goals, unmet, strict=True)
            ]
            gains = self._shares_gained(sharp) if soft == 0 else self.gains(tally, soft, unmet, open_)
            gains = gains + self._row_gains(tally, lacking)
            j, i = self._enough_at_once(tally, sharp, lacking, open_) or np.unravel_index(
                int(np.argmax(np.where(open_, gains / self.money, -np.inf))), gains.shape
            )
            if not gains[j, i] > 1e-12:
                return None
            tally = self.contacts.moved(tally, int(j), self.steps.sizes[i])
        return None

    def _room(self, tally: Tally, below: float, closed: IntArray | None) -> BoolArray:
        """(n_vehicles, n_steps) purchases within what rows allow at most and for less than `below` in all."""
        open_ = self.within.room_above(tally.insertions, self.steps.sizes)
        once = self.within.prices.once * (tally.insertions == 0)
        open_ &= self.cost(tally) + self.money + once[:, None] < below * (1 - 1e-9)
        if closed is not None:
            open_[closed] = False
        return self.steps.worth_a_look(open_)

    def gains(
        self, tally: Tally, soft: float, unmet: BoolArray, open_: BoolArray | None = None
    ) -> FloatArray:
        """(n_vehicles, n_steps) what each purchase adds to the shares of the goals unmet."""
        found = np.zeros(self.money.shape)
        for goal, wanted in zip(self.goals, unmet, strict=True):
            if wanted:
                loss = (1 - soft) * goal.sharp + soft * goal.soft
                found -= (
                    np.nan_to_num(self.contacts.changes(tally, loss, self.steps.sizes, open_), nan=0.0)
                    / goal.least
                )
        return found

    def _shares_gained(self, gained: Sequence[FloatArray | None]) -> FloatArray:
        """(n_vehicles, n_steps) what people gained, (n_vehicles, n_steps) of each goal unmet, are of the goals."""
        found = np.zeros(self.money.shape)
        for goal, own in zip(self.goals, gained, strict=True):
            if own is not None:
                found += np.nan_to_num(own, nan=0.0) / goal.least
        return found

    def _lacking(self, tally: Tally) -> FloatArray:
        """(n_rows,) what rows lack to their least, 0 where nothing, and where plans hold further choices."""
        rows = self.within.rows
        if rows is None or len(rows.matrix) == 0:
            return np.zeros(0)
        lacks = rows.least - rows.tolerance - rows.activity(tally.insertions)
        return np.where(lacks > 0, lacks + rows.tolerance, 0.0)

    def _row_gains(self, tally: Tally, lacking: FloatArray) -> FloatArray | float:
        """(n_vehicles, n_steps) what each purchase adds, as shares of what rows lack."""
        rows = np.flatnonzero(lacking > 0)
        if len(rows) == 0:
            return 0.0
        each = self._added_to_rows(tally)[rows]
        return np.asarray((np.minimum(each / lacking[rows][:, None, None], 1.0)).sum(axis=0))

    def _added_to_rows(self, tally: Tally) -> FloatArray:
        """(n_rows, n_vehicles, n_steps) what each purchase adds to the rows."""
        rows = self.within.rows
        assert rows is not None
        whole = tally.insertions.astype(np.int64)
        now, vehicles = rows.activity(whole), np.arange(len(whole))
        return np.stack(
            [rows.after(whole, now, vehicles, s) - now[:, None] for s in self.steps.sizes], axis=2
        )

    def _enough_at_once(
        self, tally: Tally, gained: Sequence[FloatArray | None], lacking: FloatArray, open_: BoolArray
    ) -> tuple[int, int] | None:
        """The cheapest single purchase after which nothing is wanting, None where there is none. gained: people, of
        each goal unmet (n_vehicles, n_steps)."""
        enough = open_.copy()
        rows = np.flatnonzero(lacking > 0)
        if len(rows):
            each = self._added_to_rows(tally)[rows]
            enough &= (each >= lacking[rows][:, None, None]).all(axis=0)
        for goal, met, own in zip(self.goals, self.met(tally), gained, strict=True):
            if own is not None:
                enough &= np.nan_to_num(goal.least * met + own, nan=-np.inf) >= goal.least
        if not enough.any():
            return None
        j, i = np.unravel_index(int(np.argmin(np.where(enough, self.money, np.inf))), enough.shape)
        return int(j), int(i)


def _goal(people: FloatArray, times: int, least: float, classes: int) -> _Goal:
    missing = np.zeros(classes)
    missing[:times] = (times - np.arange(times)) / times
    sharp, soft = (missing > 0)[:, None] * people, missing[:, None] * people
    return _Goal(people, times, max(least, 1e-9), sharp, soft)
