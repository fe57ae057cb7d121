"""The audiences of a plan as a table, and which of them are worth a line of their own."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import frame_of, once_per_result

if TYPE_CHECKING:
    import pandas as pd

Thing = TypeVar("Thing")
MOST_LINES = 4  # of a chart
ALIKE = 0.02  # of an audience: lines that are nowhere further apart lie upon each other


@dataclass(frozen=True)
class AudienceRow:
    """One audience of a plan: a row of audience_rows. People in thousands; reach_pct: percent of the audience.
    distribution: share (0..1) of it reached exactly 0, 1, 2, ... times, the last "or more"; at_least_pct: percent
    reached 1, 2, 3, ... times or more."""

    audience: str
    definition: str
    population_000: float
    reach_pct: float
    reach_000: float
    average_frequency: float
    grp: float
    impressions_000: float
    distribution: tuple[float, ...]
    at_least_pct: tuple[float, ...]

    def at_least(self, times: int) -> float | None:
        """n+ reach, 0..1; None beyond the "or more" class."""
        return self.at_least_pct[times - 1] / 100 if 0 < times <= len(self.at_least_pct) else None


@once_per_result
def audience_rows(result: PlanResult) -> tuple[AudienceRow, ...]:
    """Every audience, in the order of the Reach sheet."""
    return tuple(_row(audience) for audience in result.audiences)


@once_per_result
def audience_frame(result: PlanResult) -> "pd.DataFrame":
    """audience_rows as a DataFrame."""
    return frame_of(AudienceRow, audience_rows(result))


def _row(audience: AudienceFigures) -> AudienceRow:
    times = range(1, len(audience.distribution))
    return AudienceRow(
        audience=audience.name,
        definition=audience.definition,
        population_000=audience.population_000,
        reach_pct=100 * audience.reach_share,
        reach_000=audience.reach_share * audience.population_000,
        average_frequency=audience.average_frequency,
        grp=audience.grp,
        impressions_000=audience.impressions_000,
        distribution=tuple(audience.distribution.tolist()),
        at_least_pct=tuple(100 * (audience.reached_at_least(n) or 0.0) for n in times),
    )


def distinct_audiences(audiences: Sequence[AudienceFigures]) -> list[int]:
    """Places of the audiences to draw: without those whose figures an earlier one has (target = everyone, say)."""
    return [places[0] for places in _alike(audiences)]


def lines_apart(audiences: Sequence[AudienceFigures], times: int) -> list[int]:
    """Places of the audiences whose lines of n+ reach, up to `times`, can be told apart, in order: the first, then
    always the one furthest from those chosen, as long as it is ALIKE from each somewhere."""
    drawn = distinct_audiences(audiences)
    curves = {
        place: np.array([audiences[place].reached_at_least(n) or 0.0 for n in range(1, times + 1)])
        for place in drawn
    }
    chosen = drawn[:1]
    while len(chosen) < min(MOST_LINES, len(drawn)):
        rest = [place for place in drawn if place not in chosen]
        away = {place: min(np.abs(curves[place] - curves[other]).max() for other in chosen) for place in rest}
        furthest = max(rest, key=lambda place: away[place])
        if away[furthest] < ALIKE:
            break
        chosen.append(furthest)
    return sorted(chosen)


def named_audiences(result: PlanResult) -> list[tuple[str, AudienceRow]]:
    """The audiences to list, those with the same figures once, under all their names."""
    rows = audience_rows(result)
    return [
        (", ".join(rows[at].audience for at in places), rows[places[0]])
        for places in _alike(result.audiences)
    ]


def _alike(audiences: Sequence[AudienceFigures]) -> list[list[int]]:
    """Places of audiences with the same figures, together."""
    told = [
        (each.population_000, each.reach_share, each.grp, *each.distribution.tolist()) for each in audiences
    ]
    return alike(range(len(audiences)), told.__getitem__)


def alike(things: Iterable[Thing], figures: Callable[[Thing], Iterable[float]]) -> list[list[Thing]]:
    """Things whose figures are the same to nine decimals together, in the order of the first of them."""
    found: dict[tuple[float, ...], list[Thing]] = {}
    for thing in things:
        found.setdefault(tuple(round(value, 9) for value in figures(thing)), []).append(thing)
    return list(found.values())


def distribution_classes(audiences: Sequence[AudienceFigures], most: int = 15, least: int = 10) -> int:
    """The last class to show (the "or more" one), common to all audiences.

    As far as anybody (0.05 %) is still reached, between `least` and `most`, and never beyond what
    every audience's distribution tells.
    """
    known = min((len(audience.distribution) - 1 for audience in audiences), default=0)
    end = min(known, most)
    while end > least and all((audience.reached_at_least(end) or 0.0) < 0.0005 for audience in audiences):
        end -= 1
    return end
