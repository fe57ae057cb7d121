"""When to run what is bought: insertions by week that follow a flighting pattern as closely as they can.

A calendar begins with one made by hand (the largest first, each insertion where most is missing) and, where weeks bind
the buy, with the plan's own weeks; a long one that the first of them leaves far off, with the nearest one of insertions
in parts, made whole between it and a known one (where weeks have prices, exchanges between two weeks cannot pay for
themselves). Insertions then change weeks while that brings it nearer to the pattern; after that, while each vehicle's
own lie more evenly over the flight, where that takes no more than a hundredth of the rating points off the pattern
(models.after.even_weeks). Every step keeps all rows that bind weeks. Whole numbers are searched
(models.after.calendar_search) where there is no calendar, and where a small one is further off than insertions in parts
would be. The plan's own weeks are one in any case. What is bought by the thousand is no filler of the weeks
that others leave short: it is delivered as the pattern goes, wherever a calendar that keeps the rules can have it so.
"""

import time
from dataclasses import dataclass

import numpy as np

from models.after.calendar_search import (
    GAP,
    any_calendar,
    made_whole,
    nearest_share,
    no_dearer_than,
    searched,
)
from models.after.even_weeks import Aim, distance, exchanged
from models.after.week_rows import beside_rows, week_rows
from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray
from models.errors import NoCalendar
from models.problem.problem import Problem

_SPREAD = 1e-3  # what the second term counts in exchanges that bring a calendar nearer
_SEARCHED = 600  # weekly numbers, at most, that are searched on where there is a calendar
_ANY = 1.0  # seconds at least, for a search without which there is no calendar
_PORTIONS = 8  # of a week: how many at a time go, where a vehicle has thousands left
_NEAR = 0.005  # share of the rating points off the pattern that no search is spent on
_FOR_EVEN = 0.01  # share that may be off the pattern so that each vehicle runs evenly


def longest_gap(weekly: FloatArray) -> int:
    """Most weeks in a row in which nothing stands.

    >>> longest_gap(np.array([[1.0, 0.0, 0.0, 1.0, 0.0]]))
    2
    """
    longest = run = 0
    for count in weekly.sum(axis=0).tolist():
        run = 0 if count > 1e-9 else run + 1
        longest = max(longest, run)
    return longest


@dataclass(frozen=True, eq=False)
class Laid:
    """weekly: (n_vehicles, n_weeks) insertions. cut_short: time ended what might have come nearer."""

    weekly: FloatArray
    cut_short: bool = False


def calendar(problem: Problem, plan: FloatArray, wish: Wish, seconds: float = 30.0) -> Laid:
    """The calendar of a plan (plan_size,).

    Where weeks bind the buy, the calendar keeps every rule, as the plan's own weeks do; where the objective is
    to save money, it costs no more than they do. The longest gap is kept where any calendar that was found keeps it.
    seconds: until the calendar found by then is kept; where there was none, one is searched for in any case.
    A plan that has weeks of its own is never without one: these are it where no other is found.

    Raises NoCalendar where none holds the plan, or none was found.
    """
    now = time.perf_counter()
    if wish.steady is not None and wish.steady.any():
        steady = wish.delivering(problem.columns.insertions(plan), whole=problem.whole)
        at_that = _laid(_Work(problem, plan, steady, now + seconds / 2), at_least=0.0)
        if at_that is not None and _over(at_that.weekly, wish) == 0:
            return at_that
    work = _Work(problem, plan, wish, now + seconds)
    laid = _laid(work, at_least=_ANY)
    if laid is not None:
        return laid
    if problem.columns.weeks:  # a rounding breaks a rule in them, as the plan's check says
        return Laid(problem.columns.weekly(plan), work.ended)
    raise NoCalendar(proven=work.none)


def _laid(work: "_Work", at_least: float) -> Laid | None:
    """at_least: seconds for the search where there is no calendar without it."""
    problem, plan, wish = work.problem, work.plan, work.wish
    if problem.whole:
        work.begin()
    best = work.best()
    if best is None:
        work.begin_by_search(at_least)
    elif not _near(best, wish, _NEAR) and work.may_search and not _near(best, wish, work.nearest() + GAP):
        work.try_from(searched(problem, plan, wish, work.seconds()))
    best = work.best()
    return None if best is None else Laid(best, work.ended and not _near(best, wish, _NEAR))


def _near(weekly: FloatArray, wish: Wish, share: float) -> bool:
    """Whether no gap is too long, and no more than a share of the rating points is off the pattern."""
    return _over(weekly, wish) == 0 and off_pattern(weekly, wish) <= share


class _Work:
    """Calendars of a plan that keep everything, and what is made of them. until: of time.perf_counter."""

    def __init__(self, problem: Problem, plan: FloatArray, wish: Wish, until: float) -> None:
        self.problem, self.plan, self.wish, self.until = problem, plan, wish, until
        rules = problem.rules
        if problem.objective.saves_money:
            rules = (*rules, no_dearer_than(problem, plan))
        self._rows, self._broken = week_rows(problem, plan, wish, rules), frozenset(problem.broken(plan))
        self._beside = [rule for rule in beside_rows(problem, rules) if rule.id not in self._broken]
        self._kept: list[FloatArray] = []
        self.ended = False  # by time
        self.none = False  # it is proven that there is no calendar

    def begin(self) -> None:
        """From a calendar made by hand, and from the plan's own weeks."""
        columns = self.problem.columns
        self.try_from(by_hand(columns.insertions(self.plan), self.wish))
        if not columns.weeks:
            return
        own, best = columns.weekly(self.plan), self.best()
        if self._is_small:
            self.try_from(own)
        elif (best is None or not _near(best, self.wish, _NEAR)) and self.seconds() > 0:
            known = own if best is None else best
            self.try_from(made_whole(self.problem, self.plan, self.wish, known, self.seconds()))
        if not self._kept:
            self.try_from(own)

    def begin_by_search(self, at_least: float) -> None:
        """From what a search finds, in so many seconds at least; else from the plan's own weeks, which parts of
        insertions keep where a solver's rounding breaks a rule."""
        try:
            self.try_from(any_calendar(self.problem, self.plan, self.wish, self.seconds(at_least)))
        except NoCalendar as error:
            self.none, self.ended = error.proven, self.ended or not error.proven
        if not self._kept and self.problem.columns.weeks:
            self.try_from(self.problem.columns.weekly(self.plan))

    @property
    def _is_small(self) -> bool:
        bought = int(np.count_nonzero(self.problem.columns.insertions(self.plan)))
        return bought * len(self.wish.pattern) <= _SEARCHED

    @property
    def may_search(self) -> bool:
        """Whether there is time for a search that is no larger than it is worth."""
        return self._is_small and self.seconds() > 0

    def nearest(self) -> float:
        """Share of the rating points that is off the pattern in any calendar."""
        return nearest_share(self.problem, self.plan, self.wish, self.seconds())

    def try_from(self, weekly: FloatArray | None) -> None:
        """Keep a calendar, nearer ones and more even ones that exchanges make of it."""
        if weekly is None or not self._keeps(weekly):
            return
        beside = self._hold if self._beside else None
        near = exchanged(weekly, self.wish, Aim(self._rows, beside, _SPREAD, until=self.until))
        even = exchanged(near, self.wish, Aim(self._rows, beside, off=_FOR_EVEN, until=self.until))
        self._kept += [weekly, *(tried for tried in (near, even) if self._keeps(tried))]
        self.ended |= time.perf_counter() > self.until

    def best(self) -> FloatArray | None:
        """Of the calendars with the shortest gap, of those about as near as can be the most even one."""
        fewest = min((_over(weekly, self.wish) for weekly in self._kept), default=0)
        kept = [weekly for weekly in self._kept if _over(weekly, self.wish) == fewest]
        most = max(min((off_pattern(weekly, self.wish) for weekly in kept), default=0.0) + GAP, _FOR_EVEN)
        near = [weekly for weekly in kept if off_pattern(weekly, self.wish) <= most]
        return min(near, key=lambda weekly: distance(weekly, self.wish), default=None)

    def seconds(self, at_least: float = 0.0) -> float:
        """That are left for a search."""
        return max(self.until - time.perf_counter(), at_least)

    def _hold(self, weekly: FloatArray) -> bool:
        """Whether a calendar keeps the rules that are no rows of weeks alone."""
        outcome = self.problem.outcome(_whole_plan(self.problem, self.plan, weekly))
        return all(rule.holds(outcome) for rule in self._beside)

    def _keeps(self, weekly: FloatArray) -> bool:
        """Whether a calendar keeps everything, by the rules' own arithmetic."""
        problem, plan, wish = self.problem, self.plan, self.wish
        columns, insertions = problem.columns, problem.columns.insertions(plan)
        outside = (weekly > wish.most + 1e-9) | (weekly < wish.at_least - 1e-9)
        if any(spacing.over(weekly) > 1e-9 for spacing in wish.spacing):
            return False
        if outside.any() or np.abs(weekly.sum(axis=1) - insertions).max(initial=0.0) > 1e-7:
            return False
        if not columns.weeks:
            return True
        # A plan that breaks a rule anyway (an edited one) asks no more of its calendar than to break no other.
        whole = _whole_plan(problem, plan, weekly)
        if problem.objective.saves_money and not no_dearer_than(problem, plan).holds(problem.outcome(whole)):
            return False
        return set(problem.broken(whole)) <= self._broken


def _whole_plan(problem: Problem, plan: FloatArray, weekly: FloatArray) -> FloatArray:
    """The plan (plan_size,) with other weeks."""
    columns = problem.columns
    return columns.join(columns.insertions(plan), weekly, columns.packages_of(plan))


def _over(weekly: FloatArray, wish: Wish) -> int:
    """Weeks by which the longest gap is too long."""
    return 0 if wish.gap is None else max(0, longest_gap(weekly) - wish.gap)


def by_hand(insertions: FloatArray, wish: Wish) -> FloatArray | None:
    """Insertion by insertion, the largest first, into the week that is shortest of its points; of weeks alike,
    where the vehicle's own are thinnest. Of thousands many go at a time, ever fewer, the last ones singly. What must
    stand in a week stands there first. A vehicle whose issues then find no room has all of them as early as can be.
    None where it finds none so either."""
    weekly = wish.at_least.copy()
    if (weekly.sum(axis=1) > insertions + 1e-9).any():
        return None
    for j in np.argsort(-wish.rating, kind="stable").tolist():
        if _placed(weekly, insertions, wish, j):
            continue
        together = sorted({j}.union(*(map(int, own.members) for own in wish.spacing if j in own.members)))
        weekly[together] = wish.at_least[together]
        for i in together:
            _place_early(weekly, insertions, wish, i)
        if np.abs(weekly[together].sum(axis=1) - insertions[together]).max() > 1e-9:
            return None
    return weekly


def _placed(weekly: FloatArray, insertions: FloatArray, wish: Wish, j: int) -> bool:
    """Place a vehicle's insertions where points are missing, in place; False where one finds no room."""
    total = float(wish.rating @ insertions)
    missing = wish.pattern * total - wish.rating @ weekly
    due = insertions[j] * np.cumsum(wish.pattern)
    left = float(insertions[j] - weekly[j].sum())
    while left > 1e-9:
        part, room = min(left, 1.0), _room(weekly, wish, j)
        weeks = np.flatnonzero(part <= room + 1e-9)
        if len(weeks) == 0:
            return False
        own = np.cumsum(weekly[j]) - due
        best = min(weeks, key=lambda t: (-round(float(missing[t]) / (total or 1.0), 6), float(own[t]), t))
        part = max(part, np.floor(min(left / (_PORTIONS * len(missing)), room[best])))
        weekly[j, best] += part
        missing[best] -= part * wish.rating[j]
        left -= part
    return True


def _place_early(weekly: FloatArray, insertions: FloatArray, wish: Wish, j: int) -> None:
    """Place a vehicle's insertions as early as they find room, in place."""
    for t in range(weekly.shape[1]):
        left = float(insertions[j] - weekly[j].sum())
        weekly[j, t] += max(min(left, float(_room(weekly, wish, j)[t])), 0.0)


def _room(weekly: FloatArray, wish: Wish, j: int) -> FloatArray:
    """(n_weeks,) insertions of a vehicle that still fit into each week."""
    own = [spacing.room(weekly) for spacing in wish.spacing if j in spacing.members]
    return np.asarray(np.min([wish.most[j] - weekly[j], *own], axis=0))
