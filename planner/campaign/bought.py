"""What a line buys, and the repeat audience that follows from it where the planner states none."""

import math
import re
from collections.abc import Iterable, Sequence

from models.reach.repeats import ALL_DAY, ONE_DAYPART, least_cume, poster_repeat, rotation_repeat
from planner import formats
from planner.campaign import assumptions
from planner.campaign.appears import appearances
from planner.campaign.inputs import BoughtAs, MediumRow, VehicleRow
from planner.table import Column

AIRTIME: tuple[BoughtAs, ...] = ("rotation", "daypart")
BROADCAST: tuple[BoughtAs, ...] = (*AIRTIME, "strip", "programme")
_BY_THE_THOUSAND = re.compile(
    r"\bcpm\b|\btkp\b|\bmille\b|\bthousand|000s?\b.*(?:imp|contact)|\b000s\b|impressions"
)
_MOST_DAYS = 5  # a week


def repeat_of(vehicle: VehicleRow, medium: MediumRow, universe_000: float, medium_states: bool) -> float:
    """Repeat audience of a line: its own, or by what it buys, or its medium's.

    medium_states: the planner states the medium's repeat audience; it then holds for programmes, strips and issues.
    """
    if vehicle.repeat is not None:
        return vehicle.repeat
    found = _by_kind(vehicle, universe_000, medium_states)
    return medium.repeat if found is None else found.value


def assumed_repeat(
    vehicle: VehicleRow, universe_000: float, medium_states: bool
) -> assumptions.Assumption | None:
    """The repeat audience that what a line buys gives it, and why; None where it is its medium's."""
    return _by_kind(vehicle, universe_000, medium_states) if vehicle.repeat is None else None


def _by_kind(vehicle: VehicleRow, universe_000: float, medium_states: bool) -> assumptions.Assumption | None:
    kind = vehicle.bought_as
    if kind is None and not medium_states:
        kind = evident_kind(vehicle)
    found = _by_rating(vehicle, kind, vehicle.audience_000 / universe_000)
    return _of_a_title(vehicle, kind) if found is None and not medium_states else found


def _by_rating(vehicle: VehicleRow, kind: BoughtAs | None, rating: float) -> assumptions.Assumption | None:
    """Of airtime, posters and contacts by the thousand: it follows from the rating, whatever the medium states."""
    if kind in AIRTIME:
        return _airtime(vehicle, rating)
    if kind == "poster":
        return assumptions.Assumption(poster_repeat(rating), assumptions.POSTER_REPEAT_BASIS)
    if kind == "impressions":
        return assumptions.Assumption(rotation_repeat(rating, None), assumptions.IMPRESSIONS_REPEAT_BASIS)
    return None


def _of_a_title(vehicle: VehicleRow, kind: BoughtAs | None) -> assumptions.Assumption | None:
    """Of an issue, a strip, a programme."""
    if kind == "issue":
        return assumptions.ISSUE_OF_A_DAILY if _daily(vehicle) else assumptions.ISSUE
    if kind == "strip":
        return assumptions.STRIP_REPEAT
    return None if kind is None else assumptions.PROGRAMME_REPEAT


def evident_kind(vehicle: VehicleRow) -> BoughtAs | None:
    """What a line without a Bought as is by its unit or medium: contacts by the thousand, posters; else None."""
    if vehicle.bought_as is not None:
        return None
    if _BY_THE_THOUSAND.search(vehicle.unit.casefold()):
        return "impressions"
    return (
        "poster" if any(assumptions.has_word(vehicle.medium, word) for word in assumptions.OUTDOOR) else None
    )


def by_thousand(vehicle: VehicleRow) -> bool:
    """Whether a line buys contacts by the thousand: what is bought of it is no insertions and never added to them."""
    return (vehicle.bought_as or evident_kind(vehicle)) == "impressions"


def bought_000(vehicle: VehicleRow) -> float:
    """Contacts (thousands), seen or not, that one unit of a line bought by the thousand buys; 0 of other lines."""
    return vehicle.audience_000 * vehicle.contacts if by_thousand(vehicle) else 0.0


def contacts_of(vehicles: Iterable[VehicleRow]) -> float:
    """Contacts that one unit of each of these lines buys, where that is the same number for all; else 0."""
    found = {1000 * bought_000(vehicle) for vehicle in vehicles}
    return found.pop() if len(found) == 1 else 0.0


def bought_of_line(vehicle: VehicleRow, count: float) -> str:
    """A number of its insertions, in impressions where it is bought by the thousand: 3, 5,750,000 impressions."""
    each = contacts_of([vehicle])
    return f"{formats.number(count * each)} impressions" if each else formats.insertions_text(count)


def counted_in(vehicle: VehicleRow) -> str:
    """What a number of its insertions counts: insertions, or so many impressions where it is bought by the thousand."""
    return formats.counted_in(bought_000(vehicle))


def mixed(vehicles: Iterable[VehicleRow]) -> bool:
    """Whether some of them are bought by the thousand, so that their numbers say what they count."""
    return any(by_thousand(vehicle) for vehicle in vehicles)


def added_up(vehicles: Sequence[VehicleRow], insertions: Iterable[float]) -> tuple[float, float]:
    """Insertions of a plan, and contacts (thousands) of its lines that are bought by the thousand.

    insertions: of each vehicle, in their order.
    """
    pairs = [(vehicle, count) for vehicle, count in zip(vehicles, insertions, strict=True) if count]
    return (
        math.fsum(count for vehicle, count in pairs if not by_thousand(vehicle)),
        math.fsum(count * bought_000(vehicle) for vehicle, count in pairs),
    )


def _airtime(vehicle: VehicleRow, rating: float) -> assumptions.Assumption:
    if vehicle.cume is not None:
        return assumptions.Assumption(rotation_repeat(rating, vehicle.cume), assumptions.CUME_REPEAT_BASIS)
    if assumptions.has_word(vehicle.medium, "radio") and vehicle.bought_as == "rotation":
        return assumptions.RADIO_ROTATION_REPEAT
    times = ALL_DAY if vehicle.bought_as == "rotation" else ONE_DAYPART
    basis = assumptions.ROTATION_REPEAT_BASIS if times == ALL_DAY else assumptions.DAYPART_REPEAT_BASIS
    return assumptions.Assumption(rotation_repeat(rating, None, times), basis)


def _daily(vehicle: VehicleRow) -> bool:
    """Whether a title appears on most days."""
    if not vehicle.appears:
        return assumptions.has_word(vehicle.medium, "newspaper")
    return (appearances(vehicle.appears, 1) or 0) >= _MOST_DAYS


def cume_trouble(vehicle: VehicleRow, universe_000: float) -> str:
    """Why a Cume % cannot be; "" where it can."""
    if vehicle.cume is None or not universe_000:
        return ""
    rating = vehicle.audience_000 / universe_000
    least = least_cume(rating)
    if vehicle.cume <= least:
        return (
            f'The cume of "{vehicle.name}" is {100 * vehicle.cume:.4g} % in four weeks, but a line whose spot has '
            f"{100 * rating:.3g} % of the universe reaches more than {100 * least:.3g} %; mend one of them."
        )
    return ""


def vehicle_columns(vehicles: Sequence[VehicleRow], heading: str = "Vehicle") -> tuple[Column, ...]:
    """The columns that say whose insertions a row tells: vehicle, medium, what is counted where lines are of several
    kinds."""
    counted = (Column("counted_in", "Counted in"),) if mixed(vehicles) else ()
    return (Column("vehicle", heading), Column("medium", "Medium"), *counted)


def vehicle_cells(vehicle: VehicleRow) -> dict[str, str]:
    """A vehicle in these columns."""
    return {"vehicle": vehicle.name, "medium": vehicle.medium, "counted_in": counted_in(vehicle)}
