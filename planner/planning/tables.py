"""Results as tables: rows for the sheets and the terminal, DataFrames for everything else.

The only home of pandas, which is imported where a frame is made so that `planner --help` stays fast.
"""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from planner.planning.results import AudienceFigures, ExtraCost, PlanResult

if TYPE_CHECKING:
    import pandas as pd

BOUGHT = 1e-9  # fewer insertions than this are none


@dataclass(frozen=True)
class PlanRow:
    """One vehicle of a plan. Money in the campaign's currency, people in thousands.

    unit_price: what the budget pays for one insertion; None = not quoted. rating: percent of the
    universe that one insertion reaches. cost, share (of spend, 0..1), cpm and cpp are None where they
    do not exist. influencer_index: None where no influencer trait is in use. extra: what the vehicle costs beside
    its insertions, None where the campaign has nothing of the kind; extra_cost: what that comes to here, listed_cost
    the insertions at their price.
    """

    vehicle: str
    medium: str
    genre: str
    unit: str
    optimised: float
    insertions: float
    unit_price: float | None
    cost: float | None
    share: float | None
    audience_000: float
    rating: float
    grp: float
    impressions_000: float
    target_000: float
    target_impressions_000: float
    cpm: float | None
    cpp: float | None
    influencer_index: float | None
    composition_given: bool
    basis: str
    composition_shrunk: bool = False
    extra: ExtraCost | None = None
    extra_cost: float = 0.0
    listed_cost: float = 0.0

    @property
    def bought(self) -> bool:
        return self.insertions > BOUGHT


@dataclass(frozen=True)
class MediumTotal:
    """What a plan buys in one medium; vehicles counts the bought ones."""

    medium: str
    vehicles: int
    insertions: float
    cost: float
    share: float
    grp: float
    impressions_000: float


def plan_rows(result: PlanResult) -> tuple[PlanRow, ...]:
    """Every vehicle: bought ones first, by medium (largest spend first), then by cost."""
    spent = {total.medium: place for place, total in enumerate(medium_totals(result))}
    rows = _rows(result)
    return tuple(sorted(rows, key=lambda row: (not row.bought, spent[row.medium], -(row.cost or 0.0))))


def medium_totals(result: PlanResult) -> tuple[MediumTotal, ...]:
    """Subtotals by medium, the largest spend first; media in which nothing is bought included."""
    rows = _rows(result)
    whole = sum(row.cost or 0.0 for row in rows)
    media = [medium.name for medium in result.campaign.media]
    media += [row.medium for row in rows if row.medium not in media]
    totals = [_medium_total(name, [row for row in rows if row.medium == name], whole)
              for name in dict.fromkeys(media)]  # fmt: skip
    return tuple(sorted(totals, key=lambda total: -total.cost))


def _medium_total(name: str, rows: Sequence[PlanRow], whole: float) -> MediumTotal:
    cost = sum(row.cost or 0.0 for row in rows)
    return MediumTotal(
        medium=name,
        vehicles=sum(row.bought for row in rows),
        insertions=sum(row.insertions for row in rows),
        cost=cost,
        share=ratio(cost, whole) or 0.0,
        grp=sum(row.grp for row in rows),
        impressions_000=sum(row.impressions_000 for row in rows),
    )


def _rows(result: PlanResult) -> list[PlanRow]:
    figures, universe = result.vehicles, result.campaign.brief.universe_000
    prices = [finite(price) for price in figures.net_cost.tolist()]
    insertions = [tidy(count) for count in figures.insertions.tolist()]
    spent = _spent(result)
    costs = [_cost(*figures_of) for figures_of in zip(insertions, prices, spent, strict=True)]
    whole = sum(cost or 0.0 for cost in costs)
    rows = []
    for place, vehicle in enumerate(result.campaign.vehicles):
        audience, target = float(figures.audience_000[place]), float(figures.target_000[place])
        rating = 100 * audience / universe if universe > 0 else 0.0
        count, price, cost = insertions[place], prices[place], costs[place]
        rows.append(PlanRow(
            vehicle=vehicle.name, medium=vehicle.medium, genre=vehicle.genre, unit=vehicle.unit,
            optimised=tidy(float(figures.optimised[place])), insertions=count,
            unit_price=price, cost=cost, share=_share(cost, whole),
            audience_000=audience, rating=rating, grp=count * rating, impressions_000=count * audience,
            target_000=target, target_impressions_000=count * target,
            cpm=ratio(price, audience), cpp=ratio(price, rating),
            influencer_index=finite(float(figures.influencer_index[place])),
            composition_given=not bool(figures.composition_blank[place]), basis=vehicle.basis,
            composition_shrunk=figures.composition_shrunk is not None and bool(figures.composition_shrunk[place]),
            extra=figures.extra[place] if figures.extra else None, extra_cost=_extra_cost(result, place, cost),
            listed_cost=_listed_cost(result, place),
        ))  # fmt: skip
    return rows


def _extra_cost(result: PlanResult, place: int, cost: float | None) -> float:
    """What a vehicle costs beside its insertions at their price."""
    if not result.vehicles.extra or cost is None:
        return 0.0
    return cost - _listed_cost(result, place)


def _listed_cost(result: PlanResult, place: int) -> float:
    """Insertions at their price, by week where they have weeks; 0 without a price."""
    if result.weeks is not None:
        return float(np.nansum(result.weeks.insertions[place] * result.weeks.unit_cost[place]))
    count, price = float(result.vehicles.insertions[place]), float(result.vehicles.net_cost[place])
    return count * price if math.isfinite(price) else 0.0


def _spent(result: PlanResult) -> list[float | None]:
    """Money spent on each vehicle as the plan worked it out; None where that is insertions times price."""
    figures = result.vehicles
    if figures.cost is not None:
        return list(figures.cost.tolist())
    if result.weeks is None:
        return [None] * len(figures.insertions)
    by_week = np.nansum(result.weeks.insertions * result.weeks.unit_cost, axis=1).tolist()
    quoted = zip(by_week, figures.net_cost.tolist(), strict=True)
    return [own if math.isfinite(price) else None for own, price in quoted]


def _cost(count: float, price: float | None, spent: float | None) -> float | None:
    """Money spent on a vehicle (as worked out, with fixed costs, packages and discounts; else insertions times
    price); None where insertions stand against a price nobody quoted."""
    if price is None and not spent:
        return None if count > BOUGHT else 0.0
    return count * (price or 0.0) if spent is None else spent


def _share(cost: float | None, whole: float) -> float | None:
    return None if cost is None else cost / whole if whole > 0 else 0.0


def finite(value: float | None) -> float | None:
    """The number, or None for nan and infinity.

    >>> finite(2.0), finite(float("nan"))
    (2.0, None)
    """
    return float(value) if value is not None and math.isfinite(value) else None


def ratio(part: float | None, whole: float) -> float | None:
    """part / whole, or None where either is missing or nothing."""
    return part / whole if part is not None and whole > 0 else None


def tidy(count: float) -> float:
    """A solver's 6.9999999997 as 7; a true fraction as it is.

    >>> tidy(6.9999999997), tidy(2.5)
    (7.0, 2.5)
    """
    return float(round(count)) if abs(count - round(count)) < 1e-6 else count


def reached_at_least(audience: AudienceFigures, times: int) -> float | None:
    """n+ reach, 0..1; None beyond the "or more" class, where the distribution does not tell."""
    if times >= len(audience.distribution):
        return None
    return min(1.0, max(0.0, audience.reached_at_least(times)))


def distinct_audiences(audiences: Sequence[AudienceFigures]) -> list[int]:
    """Places of the audiences to draw: without those whose figures an earlier one has (target = everyone, say)."""
    seen: set[tuple[float, ...]] = set()
    places = []
    for place, audience in enumerate(audiences):
        whom = (audience.population_000, audience.reach_share, audience.grp)
        figures = tuple(round(value, 9) for value in (*whom, *audience.distribution.tolist()))
        if figures not in seen:
            seen.add(figures)
            places.append(place)
    return places


def distribution_classes(audiences: Sequence[AudienceFigures], most: int = 15, least: int = 10) -> int:
    """The last class to show (the "or more" one), common to all audiences.

    As far as anybody (0.05 %) is still reached, between `least` and `most`, and never beyond what
    every audience's distribution tells.
    """
    known = min((len(audience.distribution) - 1 for audience in audiences), default=0)
    end = min(known, most)
    while end > least and all((reached_at_least(audience, end) or 0.0) < 0.0005 for audience in audiences):
        end -= 1
    return end


def plan_frame(result: PlanResult) -> "pd.DataFrame":
    """Every vehicle as a row, in the order of the Plan sheet."""
    import pandas as pd

    return pd.DataFrame(
        [asdict(row) for row in plan_rows(result)], columns=list(PlanRow.__dataclass_fields__)
    )


def audience_frame(result: PlanResult) -> "pd.DataFrame":
    """Every audience as a row; reach in percent, as on the Reach sheet."""
    import pandas as pd

    return pd.DataFrame([
        {
            "audience": audience.name,
            "definition": audience.definition,
            "population_000": audience.population_000,
            "reach_pct": 100 * audience.reach_share,
            "reach_000": audience.reach_share * audience.population_000,
            "average_frequency": audience.average_frequency,
            "grp": audience.grp,
            "impressions_000": audience.impressions_000,
        }
        for audience in result.audiences
    ])  # fmt: skip
