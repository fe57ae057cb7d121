"""Filling plans up for effective reach: tables of what steps gain, and greedy from a plan."""

from collections.abc import Callable, Iterator

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.problem.goals import Effective
from models.problem.problem import Problem
from models.reach.contacts import Contacts, Tally
from models.reach.frequency import COARSE
from models.search.admissible import Admissible
from models.search.steps import steps_of

_TABLES = 3e7  # numbers in tables of first insertions: 240 MB
_NOTHING = 1e-12  # of the people: rounding
_COARSELY = 1e-5  # of a cap's people: within the coarse nodes' error of it
_WEIGHTS = 6  # of floors beside what counts
_HOPE = 1.0  # times the best rate here: what money left is hoped to gain; increments may rise, but seldom do


class EffectiveFilling:
    """For one problem; whole insertions. effective: what counts; besides: (n_segments,) what it counts for in addition
    that a segment is reached at all. late: whether to end. sharp, soft: (times, n_segments counted) what each class of
    contacts loses: people met too seldom, and the contacts that they lack. floors: (n_segments counted,) people (000)
    of all floors on reach. money: (n_vehicles, n_steps)."""

    def __init__(
        self,
        problem: Problem,
        effective: Effective,
        within: Admissible,
        besides: FloatArray | None,
        late: Callable[[], bool],
    ) -> None:
        self.problem, self.effective, self.within, self.late = problem, effective, within, late
        self.price = within.prices.price
        self.most = np.floor(within.upper + 1e-9)
        self.times = max([effective.times, *(goal.times for goal in problem.effective)])
        counted = effective.people > 0 if besides is None else (effective.people > 0) | (besides > 0)
        for goal in (*problem.effective, *problem.floors):
            counted = counted | (goal.people > 0)
        n = effective.times
        self.caps = [floor for floor in problem.floors if floor.contacts is not None]
        numbers = {1, 2, n} if n > 4 else set(range(1, n + 1))
        self.steps = steps_of(within, numbers)
        self.money = self.steps.money(self.price)  # (n_vehicles, n_steps)
        self.contacts = Contacts(
            problem.model,
            self.times,
            self.most,
            counted,
            _worth_trying(problem, effective, within, self.times, len(self.steps.sizes), counted),
            COARSE,
        )
        people = effective.people[self.contacts.segments]
        self.goals = [(goal, goal.people[self.contacts.segments]) for goal in problem.effective]
        floors = [floor.people[self.contacts.segments] for floor in problem.floors if floor.contacts is None]
        self.floors = np.sum(floors, axis=0) if floors else np.zeros(len(people))
        missing = np.zeros(self.times)
        missing[:n] = (n - np.arange(n)) / n
        self.sharp = (missing > 0)[:, None] * people
        self.soft = missing[:, None] * people
        if besides is not None:
            self.sharp[0] += besides[self.contacts.segments]
            self.soft[0] += besides[self.contacts.segments]
        self.all = float(self.sharp[0].sum())
        self._last: tuple[Tally, FloatArray, BoolArray, FloatArray] | None = None  # gains asked for last
        self.tiny = _NOTHING * max(self.all, 1e-300)

    def worth(self, tally: Tally) -> float:
        """People (000) met so often, and what is counted besides."""
        return self.all - float((self.sharp * tally.classes).sum())

    def keeps(self, tally: Tally) -> bool:
        """Whether a plan keeps every rule, floor and n+ goal."""
        for goal, people in self.goals:
            if not goal.is_met(float(people @ tally.shares(goal.times))):
                return False
        return self.within.plan(tally.insertions) is not None

    def _allowed(self, insertions: FloatArray, capped: bool) -> bool:
        """Whether a step may lead to these: where more than insertions is decided only the rows tell; capped: caps are
        to be kept."""
        if not self.problem.insertions_only and not self.within.rows_allow(insertions):
            return False
        return not capped or self._within_caps(insertions)

    def _within_caps(self, insertions: FloatArray) -> bool:
        """Whether a plan keeps the caps on contacts per person reached."""
        outcome = self.problem.outcome(insertions) if self.caps else None
        return outcome is None or all(cap.holds(outcome) for cap in self.caps)

    def _may_keep_caps(self, tally: Tally, open_: BoolArray) -> BoolArray:
        """(n_vehicles, n_steps) after which of the open steps the caps are kept, but for the nodes' coarseness, or are
        nearer to being kept."""
        may = np.ones(open_.shape, dtype=bool)
        for cap in self.caps:
            assert cap.contacts is not None
            missed = np.zeros_like(self.sharp)
            missed[0] = cap.people[self.contacts.segments]
            now = missed[0] @ (1 - tally.classes[0]) + cap.contacts @ tally.insertions
            more = np.multiply.outer(cap.contacts, self.steps.sizes)
            more -= self.contacts.changes(tally, missed, self.steps.sizes, open_)
            may &= (now + more >= cap.least - _COARSELY * cap.size) | (more > 0)
        return may

    def may_stay(self, state: Tally) -> bool:
        """Whether rows allow it; where only a completed plan tells, whether its single prices fit the budget."""
        if self.within.rows is not None:
            return self.within.rows_allow(state.insertions)
        return float(self.within.prices.cheapest @ state.insertions) <= self.within.prices.amount * (1 + 1e-9)

    def greedy_plans(self, start: FloatArray) -> Iterator[Tally]:
        """Filled up from a start that keeps all rows: by what counts, by the pull, by both; and first with what
        counts most whatever its price, which makes a plan of few vehicles."""
        tally = self.contacts.tally(start)
        yield self.filled(self._few_vehicles(tally), self.sharp)
        for loss in (self.sharp, self.soft, (self.sharp + self.soft) / 2):
            yield self.filled(tally, loss)

    def weighed_plans(self, base: FloatArray) -> Iterator[Tally]:
        """Filled up by what counts and the reach that floors ask for in one worth, weighed until these are just kept
        (Lagrange): people are met often in few vehicles, and reached in many. Those that keep everything; none where
        there are no floors."""
        if not self.floors.any() or not self.problem.insertions_only:
            return
        start = self.contacts.tally(base)
        weight, least, most = self.all / float(self.floors.sum()), 0.0, np.inf
        for _ in range(_WEIGHTS):
            loss = self.sharp.copy()
            loss[0] += weight * self.floors
            tally = self.filled(start, loss)
            if self.keeps(tally):
                most = weight
                yield tally
            else:
                least = weight
            weight = 4 * weight if np.isinf(most) else (least * most) ** 0.5 if least else weight / 4

    def _few_vehicles(self, tally: Tally) -> Tally:
        """The steps that gain most, one after the other, as long as one is found."""
        while not self.late():
            open_ = self.open(tally)
            if not open_.any():
                break
            gains = self.gains(tally, self.sharp, open_)
            j, i = np.unravel_index(int(np.argmax(gains)), gains.shape)
            moved = self.contacts.moved(tally, int(j), self.steps.sizes[i])
            if gains[j, i] <= self.tiny or not self.may_stay(moved):
                break
            tally = moved
        return tally

    def open(
        self, tally: Tally, closed: IntArray | None = None, refused: BoolArray | None = None
    ) -> BoolArray:
        """(n_vehicles, n_steps) which steps may be taken; none of vehicles that are closed, or that are refused."""
        found = self.within.room(tally.insertions, self.steps.sizes)
        if closed is not None:
            found[closed] = False
        if refused is not None:
            found &= ~refused
        return self.steps.worth_a_look(found)

    def gains(self, tally: Tally, loss: FloatArray, open_: BoolArray) -> FloatArray:
        """(n_vehicles, n_steps) gain of each step that may be taken, -inf elsewhere."""
        known = self._last
        if known is not None and known[0] is tally and known[1] is loss and np.array_equal(known[2], open_):
            return known[3].copy()
        gains = -self.contacts.changes(tally, loss, self.steps.sizes, open_)
        gains = np.where(np.isnan(gains) | ~open_, -np.inf, gains)
        self._last = (tally, loss, open_, gains)
        return gains.copy()

    def fill(
        self,
        tally: Tally,
        loss: FloatArray,
        closed: IntArray | None = None,
        path: list[Tally] | None = None,
        goal: float = -np.inf,
    ) -> Tally:
        """Greedy from here, the step that gains most per money, until nothing more fits or helps, or the goal is out of
        sight; no step leaves caps on contacts per person. closed: vehicles of which no more is bought. path: told every
        plan on the way."""
        refused = np.zeros(self.money.shape, dtype=bool)
        capped = self._within_caps(tally.insertions)
        while not self.late():
            open_ = self.open(tally, closed, refused)
            if not open_.any():
                return tally
            gains = self.gains(tally, loss, open_)
            if self.caps:
                gains[~self._may_keep_caps(tally, open_)] = -np.inf
            j, i = np.unravel_index(int(np.argmax(gains / self.money)), gains.shape)
            if gains[j, i] <= self.tiny or self.worth(tally) + self.hope(tally, gains) <= goal:
                return tally
            after = tally.insertions.copy()
            after[j] += self.steps.sizes[i]
            if not self._allowed(after, capped):
                refused[j, i:] = True
                continue
            tally = self.contacts.moved(tally, int(j), self.steps.sizes[i])
            if path is not None:
                path.append(tally)
        return tally

    def hope(self, tally: Tally, gains: FloatArray, spent: FloatArray | float = 0.0) -> FloatArray:
        """What the money left after `spent` may gain: at a hopeful rate, if it buys anything. gains: of steps."""
        left = np.asarray(self.within.prices.left(tally.insertions) - spent)
        enough = left >= self.price[gains.max(axis=1) > 0].min(initial=np.inf)
        rate = max(float((gains / self.money).max(initial=0.0)), 0.0)
        return np.where(enough, _HOPE * rate * np.where(np.isfinite(left), left, self.money.max()), 0.0)

    def filled(
        self, tally: Tally, loss: FloatArray, closed: IntArray | None = None, goal: float = -np.inf
    ) -> Tally:
        """Filled up; where contacts per person are capped, as far as everything is kept. goal: what is not hoped to be
        worth more is given up."""
        if not self.caps:
            return self.fill(tally, loss, closed, goal=goal)
        path = [tally]
        self.fill(tally, loss, closed, path, goal)
        return next((step for step in reversed(path) if self.keeps(step)), path[-1])


def _worth_trying(
    problem: Problem, effective: Effective, within: Admissible, times: int, steps: int, counted: BoolArray
) -> BoolArray:
    """(n_vehicles,) all, or in a large campaign those of most contacts per money. steps: how many sizes of step."""
    model, most = problem.model, np.floor(within.upper + 1e-9)
    media = Contacts(model, times, most, counted, grid=COARSE).nodes.media
    each = steps * times * max(medium.nodes.size for medium in media)  # numbers in a vehicle's tables
    offered = most > 0
    rate = np.where(offered, (effective.people @ model.audiences.contacts) / within.prices.price, -1.0)
    best = np.argsort(-rate, kind="stable")[: max(int(_TABLES / max(each, 1)), 50)]
    found = np.zeros(len(rate), dtype=bool)
    found[best] = True
    return np.asarray(found & offered)
