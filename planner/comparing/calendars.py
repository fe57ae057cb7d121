"""Two calendars side by side: what stands when, by week or by month, and which vehicles stand in other weeks.

Weeks are matched by their Mondays where both flights have a Start, else by their place in the flight. Where a flight
has no week in a period, nothing of it stands there; its reach so far is what it was.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from models.arrays import FloatArray
from planner.campaign.bought import by_thousand
from planner.campaign.inputs import Campaign
from planner.comparing.pair import Pair
from planner.formats import month_of
from planner.names import key
from planner.planning.results import PlanResult, WeekFigures

MOST_WEEKS = 8  # longer flights are told by the month

Week = date | int  # a Monday, or a place in the flight from 1


@dataclass(frozen=True)
class PeriodPair:
    """A week or a month. name: for people. cost: money billed for it. insertions, grp: in it. reach:
    share of the target audience reached by its end, from the start of the flight. reach_error: one standard deviation
    of the model's own error on the difference of that, a share of the audience."""

    name: str
    cost: Pair
    insertions: Pair
    grp: Pair
    reach: Pair
    reach_error: float = 0.0


@dataclass(frozen=True)
class MovedVehicle:
    """A vehicle that both plans buy. insertions: how many of those that both have stand in other weeks."""

    name: str
    insertions: float


@dataclass(frozen=True)
class CalendarPair:
    """by: "week" or "month". periods: in order of time. moved: the most first. flights: first and last week of A's
    and B's. dated: whether weeks are matched by their Mondays."""

    by: str
    periods: tuple[PeriodPair, ...]
    moved: tuple[MovedVehicle, ...]
    flights: tuple[tuple[Week, Week], tuple[Week, Week]]
    dated: bool

    @property
    def same(self) -> bool:
        """Whether the same stands in every period, and nothing is moved."""
        stands = [pair for period in self.periods for pair in (period.insertions, period.grp)]
        return not self.moved and all(abs((pair.b or 0.0) - (pair.a or 0.0)) < 1e-9 for pair in stands)


def calendars_compared(
    a: PlanResult, b: PlanResult, money: bool, people: bool, audience: bool, error: float = 0.0
) -> CalendarPair | None:
    """The calendars of two plans, None where not both have one. money, people, audience: whether money, rating points
    and the reach of the target audience can be compared. error: of the model on the plans' difference of reach, a
    share of it."""
    if a.weeks is None or b.weeks is None:
        return None
    dated = all(monday is not None for weeks in (a.weeks, b.weeks) for monday in weeks.mondays)
    left, right = (_weeks(weeks, dated) for weeks in (a.weeks, b.weeks))
    union: list[Week] = sorted({*left, *right})
    by_month = dated and len(union) > MOST_WEEKS
    bought = [_insertions(a.campaign, a.weeks), _insertions(b.campaign, b.weeks)]
    periods = []
    for name, inside in _periods(union, by_month):
        reached = _so_far(a.weeks, left, inside[-1]), _so_far(b.weeks, right, inside[-1])
        periods.append(
            PeriodPair(
                name,
                Pair(_sum(a.weeks.cost, left, inside), _sum(b.weeks.cost, right, inside), money),
                Pair(_sum(bought[0], left, inside), _sum(bought[1], right, inside)),
                Pair(_sum(a.weeks.grp, left, inside), _sum(b.weeks.grp, right, inside), people),
                Pair(*reached, audience),
                error * sum(reached) / 2,
            )
        )
    moved = _moved((a.campaign, b.campaign), (a.weeks, b.weeks), (left, right), union)
    flights = ((left[0], left[-1]), (right[0], right[-1]))
    return CalendarPair("month" if by_month else "week", tuple(periods), moved, flights, dated)


def _insertions(campaign: Campaign, weeks: WeekFigures) -> FloatArray:
    """(n_weeks,) insertions, without lines that are bought by the thousand."""
    counted = np.array([not by_thousand(vehicle) for vehicle in campaign.vehicles], dtype=float)
    return np.asarray(counted @ weeks.insertions)


def _weeks(weeks: WeekFigures, dated: bool) -> list[Week]:
    """Per week what it is matched by."""
    return [
        monday if dated and monday is not None else place for place, monday in enumerate(weeks.mondays, 1)
    ]


def _periods(weeks: Sequence[Week], by_month: bool) -> list[tuple[str, list[Week]]]:
    """Each week or month with the weeks in it."""
    found: dict[str, list[Week]] = {}
    for week in weeks:
        name = f"W{week}" if isinstance(week, int) else month_of(week) if by_month else week.isoformat()
        found.setdefault(name, []).append(week)
    return list(found.items())


def _sum(figures: FloatArray, at: Sequence[Week], inside: Sequence[Week]) -> float:
    return float(sum(figure for figure, week in zip(figures, at, strict=True) if week in inside))


def _so_far(weeks: WeekFigures, at: Sequence[Week], end: Week) -> float:
    """Share of the target audience reached by the end of a week."""
    before = [share for share, week in zip(weeks.cumulative_share, at, strict=True) if week <= end]  # type: ignore[operator]
    return float(before[-1]) if before else 0.0


def _moved(
    campaigns: tuple[Campaign, Campaign],
    weeks: tuple[WeekFigures, WeekFigures],
    at: tuple[Sequence[Week], Sequence[Week]],
    union: Sequence[Week],
) -> tuple[MovedVehicle, ...]:
    """Vehicles whose insertions stand in other weeks: of those that both buy, what finds no partner in its week. What
    is bought by the thousand is told by its GRP alone."""
    spread: list[dict[str, FloatArray]] = []
    for campaign, figures, own in zip(campaigns, weeks, at, strict=True):
        places = [union.index(week) for week in own]
        rows = np.zeros((len(campaign.vehicles), len(union)))
        rows[:, places] = figures.insertions
        spread.append({key(v.name): row for v, row in zip(campaign.vehicles, rows, strict=True)})
    found = []
    for vehicle in campaigns[0].vehicles:
        one, other = spread[0][key(vehicle.name)], spread[1].get(key(vehicle.name))
        if other is not None and not by_thousand(vehicle):
            both = min(float(one.sum()), float(other.sum()))
            found.append(MovedVehicle(vehicle.name, both - float(np.minimum(one, other).sum())))
    return tuple(sorted((v for v in found if v.insertions > 1e-9), key=lambda v: -v.insertions))
