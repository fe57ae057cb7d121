"""Media: how the vehicles of a medium share their people; repeat audiences that follow from Bought as."""

from collections.abc import Sequence
from dataclasses import replace
from re import fullmatch

from planner.campaign import assumptions
from planner.campaign.appears import appearances
from planner.campaign.bought import assumed_repeat, evident_kind
from planner.campaign.inputs import BoughtAs, Brief, MediumRow, VehicleRow
from planner.formats import percent
from planner.names import key, listing
from planner.workbook.campaign.vehicles.spellings import are_different, may_be_same
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import once_each
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import BETWEEN_MEDIA_ROW, VEHICLES


def parse_media(table: Table, used: Sequence[str], different: str) -> tuple[tuple[MediumRow, ...], float]:
    """The media, listed ones first, and the duplication between them.

    used: the media of the vehicles, in their order and first spelling. different: the Brief's pairs of names that are
    two.
    """
    findings = table.findings
    records = once_each(table.records)
    between = _between(records.pop(key(BETWEEN_MEDIA_ROW), None), findings)
    listed = [_medium(record.text("name"), record, findings) for record in records.values()]
    unlisted = [_medium(name, None, findings) for name in used if key(name) not in records]
    own = {key(name) for name in used}
    idle = [record for name, record in records.items() if name not in own]
    sure = VEHICLES.name not in findings.unsure
    unused = [each.text("name") for each in idle if not _is_another(each, unlisted, different)] * sure
    if unused:
        findings.notice(f"Media lists {listing(unused)}, which no vehicle uses.")
    return (*listed, *unlisted), between


def _is_another(record: Record, unlisted: Sequence[MediumRow], different: str) -> bool:
    """Whether a medium that no vehicle uses may be one of theirs under another name, which is asked about."""
    name = record.text("name")
    alike = (row.name for row in unlisted if may_be_same(name, row.name))
    other = next((own for own in alike if not are_different(name, own, different)), "")
    if other:
        record.problem(
            "name",
            f'Is the medium "{name}" the same as "{other}" of the sheet Vehicles? No vehicle uses "{name}"; write it '
            f'as there, or clear the row. If they are two, write "{other} / {name}" beside Different names on the '
            "Brief.",
        )
    return bool(other)


def _between(record: Record | None, findings: Findings) -> float:
    value = _duplication(BETWEEN_MEDIA_ROW, record, assumptions.BETWEEN_MEDIA, findings)
    if record is not None and (
        any(record.number(name) is not None for name in ("repeat", "users")) or record.text("colour")
    ):
        record.problem(
            "repeat", f'The row "{BETWEEN_MEDIA_ROW}" takes only a Duplication; clear the rest of the row.'
        )
    return value


def _medium(name: str, record: Record | None, findings: Findings) -> MediumRow:
    within = assumptions.by_medium(assumptions.DUPLICATION_WITHIN, name, assumptions.DUPLICATION_OTHER)
    duplication = _duplication(name, record, within, findings)
    repeat = record.number("repeat") if record else None
    if repeat is None:
        assumed = assumptions.by_medium(assumptions.REPEAT, name, assumptions.REPEAT_OTHER)
        told = (
            f"{name}: repeat audience {percent(assumed.value, 0)} of lines without Bought as, {assumed.basis}"
        )
        findings.default("Media", name, "repeat", told)
        repeat = assumed.value
    for attribute in ("name", "repeat", "colour", "users"):
        findings.cells["Media", name, attribute] = record.address(attribute) if record else "Media"
    return MediumRow(name, duplication, repeat, _colour(record), record.number("users") if record else None)


def check_users(
    media: Sequence[MediumRow], vehicles: Sequence[VehicleRow], universe_000: float, findings: Findings
) -> None:
    """A medium has more users than any of its vehicles has an audience."""
    for medium in media:
        own = [vehicle for vehicle in vehicles if vehicle.medium == medium.name]
        largest = max(own, key=lambda vehicle: vehicle.audience_000, default=None)
        if medium.users is None or largest is None or not universe_000:
            continue
        rating = largest.audience_000 / universe_000
        if rating >= medium.users:
            findings.problem(
                findings.cell("Media", medium.name, "users"),
                f'{medium.name} has {medium.users:.4%} users, but "{largest.name}" alone reaches {rating:.4%} of the '
                "universe; state more users or leave it blank.",
            )


def _duplication(
    name: str, record: Record | None, assumed: assumptions.Assumption, findings: Findings
) -> float:
    findings.cells["Media", name, "duplication"] = record.address("duplication") if record else "Media"
    value = record.number("duplication") if record else None
    if value is None:
        findings.default(
            "Media", name, "duplication", f"{name}: duplication {assumed.value:g}, {assumed.basis}"
        )
        return assumed.value
    if record is not None and value < 1:
        findings.notice(
            f"{record.address('duplication')}: the duplication of {name} is {value:g}, less than chance; "
            "the model counts it as 1, so reach is understated."
        )
    return value


def _colour(record: Record | None) -> str:
    colour = record.text("colour") if record else ""
    digits = colour.removeprefix("#")
    if colour and record and not fullmatch("[0-9a-fA-F]{6}", digits):
        record.problem(
            "colour", f'Colour "{colour}" is not a colour; write it as #1F77B4, or leave it blank.'
        )
    return f"#{digits}" if colour else ""


# --- repeat audiences that follow from Bought as -----------------------------------------------------


def list_repeats(
    vehicles: Sequence[VehicleRow], brief: Brief, media: Sequence[MediumRow], findings: Findings
) -> None:
    """The repeat audiences that Bought as gives, as defaults; and lines that look like airtime."""
    if not brief.universe_000:
        return  # said already
    stated = {row.name for row in media} - findings.taken("Media", "repeat")
    taken: dict[BoughtAs, list[VehicleRow]] = {}
    others: list[VehicleRow] = []
    for vehicle in vehicles:
        found = assumed_repeat(vehicle, brief.universe_000, vehicle.medium in stated)
        if found is None:
            others.append(vehicle)
            continue
        evident = evident_kind(vehicle)
        if evident is not None:
            taken.setdefault(evident, []).append(vehicle)
        by = f"bought as {evident or vehicle.bought_as}: {found.basis}"
        findings.default(
            "Vehicles", vehicle.name, "repeat", f"repeat audience {100 * found.value:.3g} %, {by}"
        )
    # A medium's repeat audience is told as a default only where a line takes it.
    used = {line.medium for line in others if line.repeat is None}
    findings.retell("Media", "repeat", lambda told: told if told.row in used else replace(told, text=""))
    for kind, lines in taken.items():
        findings.ask(_taken_as(lines, kind, findings))
    _ask_about_airtime([line for line in others if _looks_like_airtime(line, brief)], findings)


_TAKEN_AS: dict[BoughtAs, str] = {"impressions": "impressions, sold by the thousand", "poster": "posters"}


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
    broadcast = any(assumptions.has_word(vehicle.medium, word) for word in ("tv", "television", "radio"))
    episodes = appearances(vehicle.appears, brief.weeks) if vehicle.appears else None
    most = 7.0 * brief.weeks if episodes is None else episodes
    return broadcast and vehicle.bought_as is None and vehicle.repeat is None and vehicle.maximum > most
