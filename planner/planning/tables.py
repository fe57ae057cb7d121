"""Results as tables: each is worked out once per result, as rows that every report renders.

Here vehicles and their sums; audiences in audience_tables.py, weeks and months in week_tables.py, the ranking in
ranking.py, prices in planner/explaining/explained.py. Rows are values whose fields have types; a frame is made of
the same rows where a notebook asks for one, for pandas takes half a second to import. A frame is shared: who
changes it takes a copy.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from models.arrays import FloatArray
from planner.campaign.bought import bought_000, by_thousand
from planner.campaign.units import how_many, unit_name
from planner.planning.results import ExtraCost, PlanResult, VehicleFigures

if TYPE_CHECKING:
    import pandas as pd

BOUGHT = 1e-9  # fewer insertions than this are none
# How a recap adds vehicles up, and its heading.
GROUPED_BY = {"medium": "Medium", "genre": "Genre", "groups": "Group"}

Source = TypeVar("Source")
Made = TypeVar("Made")


def once_per_result(make: Callable[[Source], Made]) -> Callable[[Source], Made]:
    """Remember what was made of a result for as long as the result is there."""
    made: WeakKeyDictionary[Source, Made] = WeakKeyDictionary()

    @wraps(make)
    def remembered(result: Source) -> Made:
        if result not in made:
            made[result] = make(result)
        return made[result]

    return remembered


@dataclass(frozen=True)
class PlanRow:
    """One vehicle of a plan. Money in the campaign's currency, people in thousands.

    unit_price: what the budget pays for one insertion; None = not quoted. rating, target_rating: percent of the
    universe, of the target, that one insertion reaches. by_thousand: what is bought is contacts by the thousand, no
    insertions; bought_000: these contacts (thousands), seen or not, as impressions_000 counts the seen; unit_000: what
    one unit buys of them. cost, share (of spend, 0..1), cpm, cpp and those of the target are None where they do not
    exist. influencer_index: None where no
    influencer trait is in use. extra: what the vehicle costs beside its insertions, None where the campaign has nothing
    of the kind; extra_cost: what that comes to here, listed_cost the insertions at their price.
    """

    vehicle: str
    medium: str
    genre: str
    groups: tuple[str, ...]
    unit: str
    by_thousand: bool
    optimised: float
    insertions: float
    bought_000: float
    unit_000: float
    unit_price: float | None
    cost: float | None
    share: float | None
    audience_000: float
    rating: float
    grp: float
    impressions_000: float
    target_000: float
    target_rating: float | None
    target_grp: float | None
    target_impressions_000: float
    cpm: float | None
    cpp: float | None
    target_cpm: float | None
    target_cpp: float | None
    influencer_index: float | None
    composition_given: bool
    basis: str
    composition_shrunk: bool
    extra: ExtraCost | None
    extra_cost: float
    listed_cost: float

    @property
    def bought(self) -> bool:
        return self.insertions > BOUGHT

    @property
    def vehicle_name(self) -> str:
        """The name of the programme or publication, whatever the unit."""
        return self.vehicle.removesuffix(unit_name("", self.unit))

    @property
    def counted(self) -> float:
        """Insertions, as they are added up: none of a line that is bought by the thousand."""
        return 0.0 if self.by_thousand else self.insertions


@dataclass(frozen=True)
class Total:
    """What a plan buys in one medium, genre or group; vehicles counts the bought ones. bought_000: contacts (thousands)
    of lines that are bought by the thousand, which insertions do not count. cpm, cpp (of everyone, of the
    target): money per thousand contacts and per rating point of what is bought, None where nothing is."""

    name: str
    vehicles: int
    insertions: float
    bought_000: float
    cost: float
    share: float
    grp: float
    impressions_000: float
    target_grp: float
    target_impressions_000: float
    cpm: float | None
    cpp: float | None
    target_cpm: float | None
    target_cpp: float | None


# --- vehicles ------------------------------------------------------------------------------------------


@once_per_result
def plan_rows(result: PlanResult) -> tuple[PlanRow, ...]:
    """Every vehicle, in the order of the Plan sheet: bought ones first, by medium (largest spend first), then by
    cost."""
    columns = _columns(result)
    rows = zip(*(_values(column) for column in columns.values()), strict=True)
    every = [
        PlanRow(**{name: plain(value) for name, value in zip(columns, row, strict=True)}) for row in rows
    ]
    return tuple(sorted(every, key=_place_on_sheet(result, every)))


@once_per_result
def plan_frame(result: PlanResult) -> "pd.DataFrame":
    """plan_rows as a DataFrame: nan where they have None."""
    import pandas as pd

    return pd.DataFrame(
        [vars(row) for row in plan_rows(result)], columns=[each.name for each in fields(PlanRow)]
    )


def _values(column: Any) -> list[Any]:
    """A column's values, numbers as Python's own."""
    return list(column.tolist() if isinstance(column, np.ndarray) else column)


def _place_on_sheet(result: PlanResult, rows: Sequence[PlanRow]) -> Callable[[PlanRow], tuple[float, ...]]:
    """What the rows are sorted by."""
    spent: dict[str, float] = dict.fromkeys((row.medium for row in rows), 0.0)
    for row in rows:
        spent[row.medium] += row.cost or 0.0
    place = {name: at for at, name in enumerate(_media(result, rows))}
    return lambda row: (not row.bought, -spent[row.medium], place[row.medium], -(row.cost or 0.0))


def _media(result: PlanResult, rows: Sequence[PlanRow]) -> list[str]:
    """Every medium: as on the sheet Media, then as the vehicles name them."""
    names = (medium.name for medium in result.campaign.media)
    return list(dict.fromkeys((*names, *(row.medium for row in rows))))


def plain(value: Any) -> Any:
    """A missing number as None."""
    return None if isinstance(value, float) and math.isnan(value) else value


def _columns(result: PlanResult) -> dict[str, Any]:
    """The columns of PlanRow, in the campaign's order; every figure of a vehicle is worked out here."""
    figures, vehicles = result.vehicles, result.campaign.vehicles
    count, price = tidied(figures.insertions), figures.net_cost
    cost, listed = costs(result, count), _listed_costs(result)
    whole = float(np.nansum(cost))
    audience, target = figures.audience_000, figures.target_000
    rating = np.array([result.campaign.rating(row) for row in vehicles])
    target_rating = 100 * divided(target, target_size(result))
    unit_000 = np.array([bought_000(row) for row in vehicles])
    return {
        "vehicle": [row.name for row in vehicles],
        "medium": [row.medium for row in vehicles],
        "genre": [row.genre for row in vehicles],
        "groups": [row.groups for row in vehicles],
        "unit": [row.unit for row in vehicles],
        "by_thousand": [by_thousand(row) for row in vehicles],
        "optimised": tidied(figures.optimised),
        "insertions": count,
        "bought_000": count * unit_000,
        "unit_000": unit_000,
        "unit_price": price,
        "cost": cost,
        "share": divided(cost, whole, 0.0),
        "audience_000": audience,
        "rating": rating,
        "grp": count * rating,
        "impressions_000": count * audience,
        "target_000": target,
        "target_rating": target_rating,
        "target_grp": count * target_rating,
        "target_impressions_000": count * target,
        "cpm": divided(price, audience),
        "cpp": divided(price, rating),
        "target_cpm": divided(price, target),
        "target_cpp": divided(price, target_rating),
        "influencer_index": figures.influencer_index,
        "composition_given": ~figures.composition_blank,
        "basis": [row.basis for row in vehicles],
        "composition_shrunk": figures.composition_shrunk,
        **_extras(figures, cost - listed),
        "listed_cost": listed,
    }


def _extras(figures: VehicleFigures, beside_list: FloatArray) -> dict[str, Any]:
    """What each vehicle costs beside its listed cost; None and 0 where the campaign has nothing of the kind."""
    n = len(beside_list)
    if not figures.extra:
        return {"extra": [None] * n, "extra_cost": np.zeros(n)}
    return {"extra": list(figures.extra), "extra_cost": np.nan_to_num(beside_list)}


def target_size(result: PlanResult) -> float:
    """People (000) of the target audience; 0 where it is not reported."""
    return next((found.population_000 for found in result.audiences if found.name == "target"), 0.0)


def costs(result: PlanResult, count: FloatArray) -> FloatArray:
    """(n_vehicles,) money spent on each vehicle, with fixed costs, packages and discounts; nan where insertions stand
    against a price nobody quoted."""
    unquoted, spent = np.isnan(result.vehicles.net_cost), result.vehicles.cost
    return np.where(unquoted & (spent == 0) & (count > BOUGHT), np.nan, spent)


def _listed_costs(result: PlanResult) -> FloatArray:
    """(n_vehicles,) insertions at their price, by week where they have weeks; 0 without a price."""
    if result.weeks is not None:
        return np.asarray(np.nansum(result.weeks.insertions * result.weeks.unit_cost, axis=1))
    return np.asarray(result.vehicles.insertions * np.nan_to_num(result.vehicles.net_cost))


# --- sums ------------------------------------------------------------------------------------------------


def totals(result: PlanResult, by: str) -> tuple[Total, ...]:
    """What is bought by "medium", "genre" or "groups" (a vehicle counts in each of its groups), the largest spend
    first. Those in which nothing is bought included."""
    rows = plan_rows(result)
    members: dict[str, list[PlanRow]] = {}
    if by == "medium":
        members = {name: [] for name in _media(result, rows)}
    for row in rows:
        names = getattr(row, by)
        for name in names if by == "groups" else (names,):
            if name:
                members.setdefault(name, []).append(row)
    whole = math.fsum(row.cost or 0.0 for row in rows)
    found = [_total(name, of, whole) for name, of in members.items()]
    return tuple(sorted(found, key=lambda total: -total.cost))


def added_up(name: str, rows: Sequence[PlanRow]) -> Total:
    """Vehicles added up, a share of their own spend."""
    return _total(name, rows, math.fsum(row.cost or 0.0 for row in rows))


def _total(name: str, rows: Sequence[PlanRow], whole: float) -> Total:
    """whole: money of which the share is told."""

    def added(field: str) -> float:
        return math.fsum(getattr(row, field) or 0.0 for row in rows)

    cost = added("cost")
    figures: dict[str, Any] = {name: added(name) for name in _PER.values()}
    figures |= {ratio: cost / figures[size] if figures[size] > 0 else None for ratio, size in _PER.items()}
    return Total(
        name=name,
        vehicles=how_many(row for row in rows if row.bought),
        insertions=added("counted"),
        bought_000=added("bought_000"),
        cost=cost,
        share=cost / whole if whole > 0 else 0.0,
        **figures,
    )


_PER = {
    "cpm": "impressions_000",
    "cpp": "grp",
    "target_cpm": "target_impressions_000",
    "target_cpp": "target_grp",
}


@once_per_result
def medium_totals(result: PlanResult) -> tuple[Total, ...]:
    """Subtotals by medium, the largest spend first; media in which nothing is bought included."""
    return totals(result, "medium")


# --- numbers ---------------------------------------------------------------------------------------------


def divided(part: FloatArray, whole: FloatArray | float, nothing: float = math.nan) -> FloatArray:
    """part / whole, `nothing` where whole is 0; nan where a part is missing."""
    whole = np.broadcast_to(np.asarray(whole, dtype=float), np.shape(part))
    out = np.where(np.isnan(part), math.nan, nothing)
    return np.asarray(np.divide(part, whole, out=out, where=whole > 0))


def tidied(counts: FloatArray) -> FloatArray:
    """A solver's 6.9999999997 as 7; true fractions as they are."""
    return np.where(np.abs(counts - np.round(counts)) < 1e-6, np.round(counts), counts)


def tidy(count: float) -> float:
    """A solver's 6.9999999997 as 7; a true fraction as it is.

    >>> tidy(6.9999999997), tidy(2.5)
    (7.0, 2.5)
    """
    return float(round(count)) if abs(count - round(count)) < 1e-6 else count
