"""Repeat audiences that follow from Bought as, and airtime that may have been taken for a programme."""

from collections.abc import Sequence

from planner.campaign.appears import appearances
from planner.campaign.bought import assumed_repeat, evident_kind
from planner.campaign.inputs import BoughtAs, Brief, MediumRow, VehicleRow
from planner.workbook.cells.findings import Findings


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
            kind = evident_kind(vehicle)
            text = f"repeat audience {100 * found.value:.3g} %, bought as {kind or vehicle.bought_as}: {found.basis}"
            findings.default("Vehicles", vehicle.name, "repeat", text)
            if kind:
                findings.ask(_taken_as(vehicle, kind, found.value, findings))
        elif _looks_like_airtime(vehicle, brief):
            cell = findings.cells.get(("Vehicles", vehicle.name, "maximum"), "Vehicles")
            findings.ask(
                f'{cell}: "{vehicle.name}" may be bought {vehicle.maximum:,.10g} times, more often than it appears; it '
                "was taken as one programme whose viewers come back. If it is airtime (spots of a station or daypart), "
                "write rotation or daypart in Bought as: it then reaches far more people."
            )


def _taken_as(vehicle: VehicleRow, kind: BoughtAs, repeat: float, findings: Findings) -> str:
    """The question about a line without a Bought as whose unit or medium says what it is."""
    cell = findings.cells.get(("Vehicles", vehicle.name, "bought_as"), "Vehicles")
    by, what = (
        (f"{vehicle.unit}", "contacts sold by the thousand (impressions)")
        if kind == "impressions"
        else (vehicle.medium, "a showing of posters (a week of them)")
    )
    return (
        f'{cell}: "{vehicle.name}" ({by}) has no Bought as and was taken as {what}: of the people of one insertion the '
        f"next meets {100 * repeat:.3g} % again. If it is something else, write it in Bought as, or its Repeat "
        "audience %; Contacts says how often one insertion meets each of its people."
    )


def _looks_like_airtime(vehicle: VehicleRow, brief: Brief) -> bool:
    """A TV or radio line of no stated kind with more insertions than one programme has episodes: by its Appears, or
    above one a day."""
    broadcast = any(word in vehicle.medium.casefold() for word in ("tv", "television", "radio"))
    episodes = appearances(vehicle.appears, brief.weeks) if vehicle.appears else None
    most = 7.0 * brief.weeks if episodes is None else episodes
    return broadcast and vehicle.bought_as is None and vehicle.repeat is None and vehicle.maximum > most
