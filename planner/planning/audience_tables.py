"""The audiences of a plan as a table, and which of them are worth a line of their own."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import once_per_result

if TYPE_CHECKING:
    import pandas as pd

Thing = TypeVar("Thing")
MOST_LINES = 4  # of a chart
LEAST_CLASSES, MOST_CLASSES = 10, 15  # of a distribution
ALIKE = 0.02  # of an audience: lines that are nowhere further apart lie upon each other


@once_per_result
def audience_frame(result: PlanResult) -> "pd.DataFrame":
    """The audiences as a DataFrame. People in thousands; reach_pct: percent of the audience. distribution: share (0..1)
    of it reached exactly 0, 1, 2, ... times, the last "or more"; at_least_pct: percent reached 1, 2, 3, ... times or
    more."""
    import pandas as pd

    return pd.DataFrame(
        {
            "audience": found.name,
            **{name: getattr(found, name) for name in FIGURES},
            "distribution": tuple(found.distribution.tolist()),
            "at_least_pct": tuple(
                100 * (found.reached_at_least(n) or 0.0) for n in range(1, len(found.distribution))
            ),
        }
        for found in result.audiences
    )


FIGURES = (
    "definition", "population_000", "reach_pct", "reach_000", "average_frequency", "grp", "impressions_000",
)  # fmt: skip


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


def named_audiences(result: PlanResult) -> list[tuple[str, AudienceFigures]]:
    """The audiences to list, those with the same figures once, under all their names: also told by word of mouth and
    reached by the ordinary plan, where that stands beside it."""
    every, influence = result.audiences, result.influence
    beside = () if influence is None else (influence.tailored, influence.ordinary)
    told = [
        (
            *_figures(each),
            *(own for plan in beside if (met := plan.audience(each.name)) for own in (met.paid, met.earned)),
        )
        for each in every
    ]
    found = alike(range(len(every)), told.__getitem__)
    return [(", ".join(every[at].name for at in places), every[places[0]]) for places in found]


def _alike(audiences: Sequence[AudienceFigures]) -> list[list[int]]:
    """Places of audiences with the same figures, together."""
    return alike(range(len(audiences)), [_figures(each) for each in audiences].__getitem__)


def _figures(audience: AudienceFigures) -> tuple[float, ...]:
    return audience.population_000, audience.reach_share, audience.grp, *audience.distribution.tolist()


def alike(things: Iterable[Thing], figures: Callable[[Thing], Iterable[float]]) -> list[list[Thing]]:
    """Things whose figures are the same to nine decimals together, in the order of the first of them."""
    found: dict[tuple[float, ...], list[Thing]] = {}
    for thing in things:
        found.setdefault(tuple(round(value, 9) for value in figures(thing)), []).append(thing)
    return list(found.values())


def distribution_classes(audiences: Sequence[AudienceFigures]) -> int:
    """The last class to show (the "or more" one), common to all audiences.

    As far as anybody (0.05 %) is still reached, between LEAST_CLASSES and MOST_CLASSES, and never beyond what every
    audience's distribution tells.
    """
    known = min((len(audience.distribution) - 1 for audience in audiences), default=0)
    end = min(known, MOST_CLASSES)
    while end > LEAST_CLASSES and all(
        (audience.reached_at_least(end) or 0.0) < 0.0005 for audience in audiences
    ):
        end -= 1
    return end
