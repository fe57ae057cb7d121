"""Repeat audiences that follow from Bought as, and airtime that may have been taken for a programme."""

from collections.abc import Sequence
from dataclasses import replace

from planner.campaign.appears import appearances
from planner.campaign.bought import assumed_repeat, evident_kind
from planner.campaign.inputs import BoughtAs, Brief, MediumRow, VehicleRow
from planner.names import listing
from planner.workbook.cells.findings import Findings


def list_repeats(
    vehicles: Sequence[VehicleRow], brief: Brief, media: Sequence[MediumRow], findings: Findings
) -> None:
    """The repeat audiences that Bought as gives, as defaults; and lines that look like airtime."""
    if not brief.universe_000:
        return  # said already
    stated = _stated(media, findings)
    taken: dict[BoughtAs | None, list[VehicleRow]] = {}
    others: list[VehicleRow] = []
    for vehicle in vehicles:
        found = assumed_repeat(vehicle, brief.universe_000, vehicle.medium in stated)
        if found is None:
            others.append(vehicle)
            continue
        evident = evident_kind(vehicle)
        taken.setdefault(evident, []).append(vehicle)
        by = f"bought as {evident or vehicle.bought_as}: {found.basis}"
        findings.default(
            "Vehicles", vehicle.name, "repeat", f"repeat audience {100 * found.value:.3g} %, {by}"
        )
    _tell_only_those_used({line.medium for line in others if line.repeat is None}, findings)
    for kind, lines in taken.items():
        if kind is not None:
            findings.ask(_taken_as(lines, kind, findings))
    _ask_about_airtime([line for line in others if _looks_like_airtime(line, brief)], findings)


def _stated(media: Sequence[MediumRow], findings: Findings) -> set[str]:
    """The media whose repeat audience the planner states."""
    assumed = {d.row for d in findings.defaults if (d.sheet, d.attribute) == ("Media", "repeat")}
    return {row.name for row in media} - assumed


def _tell_only_those_used(media: set[str], findings: Findings) -> None:
    """A medium's repeat audience is told as a default only where a line takes it."""
    findings.defaults = [
        replace(default, text="")
        if (default.sheet, default.attribute) == ("Media", "repeat") and default.row not in media
        else default
        for default in findings.defaults
    ]


_TAKEN_AS: dict[BoughtAs, str] = {
    "impressions": "impressions, sold by the thousand",
    "poster": "posters",
}


def _taken_as(lines: Sequence[VehicleRow], kind: BoughtAs, findings: Findings) -> str:
    """The question about lines without a Bought as whose units or media say what they are."""
    cell = findings.cell("Vehicles", lines[0].name, "bought_as")
    by = lines[0].unit if kind == "impressions" else lines[0].medium
    return (
        f'{cell}: "{lines[0].name}" ({by}) has no Bought as and was taken as {_TAKEN_AS[kind]}.{_likewise(lines)} If '
        "that is wrong, fill in Bought as."
    )


def _ask_about_airtime(lines: Sequence[VehicleRow], findings: Findings) -> None:
    """Ask about lines that may be bought more often than one programme has episodes."""
    if not lines:
        return
    cell = findings.cell("Vehicles", lines[0].name, "maximum")
    findings.ask(
        f'{cell}: "{lines[0].name}" may be bought {lines[0].maximum:,.10g} times, more often than it appears; it was '
        f"taken as one programme whose viewers come back.{_likewise(lines)} If it is airtime (spots of a station or "
        "daypart), write rotation or daypart in Bought as: it then reaches far more people."
    )


def _likewise(lines: Sequence[VehicleRow]) -> str:
    """The lines after the first, as a sentence."""
    others = [f'"{line.name}"' for line in lines[1:]]
    return f" Likewise {listing(others, 3)}." if others else ""


def _looks_like_airtime(vehicle: VehicleRow, brief: Brief) -> bool:
    """A TV or radio line of no stated kind with more insertions than one programme has episodes: by its Appears, or
    above one a day."""
    broadcast = any(word in vehicle.medium.casefold() for word in ("tv", "television", "radio"))
    episodes = appearances(vehicle.appears, brief.weeks) if vehicle.appears else None
    most = 7.0 * brief.weeks if episodes is None else episodes
    return broadcast and vehicle.bought_as is None and vehicle.repeat is None and vehicle.maximum > most
