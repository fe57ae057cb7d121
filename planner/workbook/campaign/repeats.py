"""Repeat audiences that follow from Bought as, and airtime that may have been taken for a programme."""

import re
from collections.abc import Sequence

from planner.campaign.appears import appearances
from planner.campaign.bought import assumed_repeat
from planner.campaign.inputs import Brief, MediumRow, VehicleRow
from planner.workbook.cells.findings import Findings

_BY_THE_THOUSAND = re.compile(
    r"\bcpm\b|\btkp\b|\bmille\b|\bthousand|000s?\b.*(?:imp|contact)|\b000s\b|impressions"
)
_OUTDOOR = ("outdoor", "out of home", "ooh", "poster", "billboard")


def list_repeats(
    vehicles: Sequence[VehicleRow], brief: Brief, media: Sequence[MediumRow], findings: Findings
) -> None:
    """The repeat audiences that Bought as gives, as defaults; and lines that look like airtime."""
    if not brief.universe_000:
        return  # said already
    assumed = {d.row for d in findings.defaults if (d.sheet, d.attribute) == ("Media", "repeat")}
    stated = {row.name for row in media} - assumed
    for vehicle in vehicles:
        found = assumed_repeat(vehicle, brief.universe_000, vehicle.medium in stated)
        if found is not None:
            text = f"repeat audience {100 * found.value:.3g} %, bought as {vehicle.bought_as}: {found.basis}"
            findings.default("Vehicles", vehicle.name, "repeat", text)
        elif (asked := _other_kind(vehicle)) and vehicle.medium not in stated and vehicle.repeat is None:
            cell = findings.cells.get(("Vehicles", vehicle.name, "bought_as"), "Vehicles")
            findings.notice(
                f'{cell}: "{vehicle.name}" ({asked[0]}) has no Bought as; it was taken as a programme, nearly half of '
                f"whose people are met again by the next insertion. If it is none, write {asked[1]} in Bought as, or "
                "its Repeat audience %."
            )
        elif _looks_like_airtime(vehicle, brief):
            cell = findings.cells.get(("Vehicles", vehicle.name, "maximum"), "Vehicles")
            findings.notice(
                f'{cell}: "{vehicle.name}" may be bought {vehicle.maximum:g} times, more often than it appears; it was '
                "taken as one programme whose viewers come back. If it is airtime (spots of a station or daypart), "
                "write rotation or daypart in Bought as: it then reaches far more people."
            )


def _other_kind(vehicle: VehicleRow) -> tuple[str, str] | None:
    """What a line without a Bought as seems to be, and what to write there: posters, or contacts by the thousand."""
    if vehicle.bought_as is not None:
        return None
    if _BY_THE_THOUSAND.search(vehicle.unit.casefold()):
        return f"unit {vehicle.unit}", "impressions"
    if any(word in vehicle.medium.casefold() for word in _OUTDOOR):
        return vehicle.medium, "poster (a week of them)"
    return None


def _looks_like_airtime(vehicle: VehicleRow, brief: Brief) -> bool:
    """A TV or radio line of no stated kind with more insertions than one programme has episodes: by its Appears, or
    above one a day."""
    broadcast = any(word in vehicle.medium.casefold() for word in ("tv", "television", "radio"))
    episodes = appearances(vehicle.appears, brief.weeks) if vehicle.appears else None
    most = 7.0 * brief.weeks if episodes is None else episodes
    return broadcast and vehicle.bought_as is None and vehicle.repeat is None and vehicle.maximum > most
