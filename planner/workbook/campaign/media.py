"""Media: how the vehicles of a medium share their people."""

from collections.abc import Sequence
from re import fullmatch

from planner.campaign import assumptions
from planner.campaign.inputs import MediumRow, VehicleRow
from planner.names import key, listing
from planner.workbook.campaign.spellings import are_different, may_be_same
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import once_each
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import BETWEEN_MEDIA_ROW


def parse_media(
    table: Table, used: Sequence[str], different: str, findings: Findings
) -> tuple[tuple[MediumRow, ...], float]:
    """The media, listed ones first, and the duplication between them.

    used: the media of the vehicles, in their order and first spelling. different: the Brief's pairs of names that are
    two.
    """
    records = once_each(table.records, findings)
    between = _between(records.pop(key(BETWEEN_MEDIA_ROW), None), findings)
    listed = [_medium(record.text("name"), record, findings) for record in records.values()]
    unlisted = [_medium(name, None, findings) for name in used if key(name) not in records]
    own = {key(name) for name in used}
    idle = [record for name, record in records.items() if name not in own]
    unused = [each.text("name") for each in idle if not _is_another(each, unlisted, different, findings)]
    if unused:
        findings.notice(f"Media lists {listing(unused)}, which no vehicle uses.")
    return (*listed, *unlisted), between


def _is_another(record: Record, unlisted: Sequence[MediumRow], different: str, findings: Findings) -> bool:
    """Whether a medium that no vehicle uses may be one of theirs under another name, which is asked about."""
    name = record.text("name")
    alike = (row.name for row in unlisted if may_be_same(name, row.name))
    other = next((own for own in alike if not are_different(name, own, different)), "")
    if other:
        findings.problem(
            record.address("name"),
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
        findings.problem(
            record.address("repeat"),
            f'The row "{BETWEEN_MEDIA_ROW}" takes only a Duplication; clear the rest of the row.',
        )
    return value


def _medium(name: str, record: Record | None, findings: Findings) -> MediumRow:
    within = assumptions.by_medium(assumptions.DUPLICATION_WITHIN, name, assumptions.DUPLICATION_OTHER)
    duplication = _duplication(name, record, within, findings)
    repeat = record.number("repeat") if record else None
    if repeat is None:
        assumed = assumptions.by_medium(assumptions.REPEAT, name, assumptions.REPEAT_OTHER)
        findings.default(
            "Media",
            name,
            "repeat",
            f"{name}: repeat audience {assumed.value:.0%} of lines without Bought as, {assumed.basis}",
        )
        repeat = assumed.value
    for attribute in ("name", "repeat", "colour", "users"):
        findings.cells["Media", name, attribute] = record.address(attribute) if record else "Media"
    return MediumRow(
        name, duplication, repeat, _colour(record, findings), record.number("users") if record else None
    )


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


def _colour(record: Record | None, findings: Findings) -> str:
    colour = record.text("colour") if record else ""
    digits = colour.removeprefix("#")
    if colour and record and not fullmatch("[0-9a-fA-F]{6}", digits):
        findings.problem(
            record.address("colour"),
            f'Colour "{colour}" is not a colour; write it as #1F77B4, or leave it blank.',
        )
    return f"#{digits}" if colour else ""
