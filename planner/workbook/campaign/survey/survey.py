"""Survey: which file holds the respondents, how it is read, and what the commands survey ask of a campaign."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args

from models.errors import InvalidInput
from planner.campaign.inputs import AudienceRow, Brief
from planner.campaign.survey import (
    CLAIMS_ARE_CONTACTS,
    MissingValues,
    Reading,
    SurveyItem,
    SurveySheet,
    WeightsAre,
)
from planner.campaign.units import unit_name
from planner.errors import WorkbookError
from planner.excel.read import Book, Sheet, read_book
from planner.formats import shorten
from planner.names import key, listing, printable, tidy, yes_or_no
from planner.survey.grammar import parse
from planner.survey.readings import parse_reading
from planner.survey.table import LEVEL
from planner.workbook.campaign.book.own_sheets import own_sheets
from planner.workbook.campaign.brief.brief import parse_brief
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Record, Table, no_table, read_table
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.people_sheets import AUDIENCES, SURVEY
from planner.workbook.schema.sheets import BRIEF, VEHICLES

_ONCE = (
    "file",
    "encoding",
    "weight",
    "weights are",
    "claims are contacts",
    "plan on respondents",
    "effective base",
)
_NAMED = ("vehicle", "trait", "cume", "users")
_SIGNS = frozenset("=<>+*/()\"'`")


@dataclass
class _Rows:
    """Rows by what they say, in the sheet's order; single ones once."""

    findings: Findings
    single: dict[str, Record] = field(default_factory=dict)
    items: dict[str, list[SurveyItem]] = field(default_factory=dict)
    missing: list[MissingValues] = field(default_factory=list)


def parse_survey(table: Table, folder: Path) -> SurveySheet | None:
    """The sheet of a workbook in a folder; None where only its form is there. The survey itself is not opened."""
    findings = table.findings
    records = [record for record in table.records if _says_something(record)]
    if not records:
        return None
    rows = _Rows(findings)
    for record in records:
        if record.text("what") in _READERS:  # else it is a problem already
            _READERS[record.text("what")](record, rows)
    for what, items in rows.items.items():
        _check_twice(what, items, findings)
    if "file" not in rows.single:
        findings.problem(
            SURVEY.name, "Survey has no row file; write the survey's file, such as survey.sav, beside it."
        )
        return None
    contacts = _yes(rows, "claims are contacts")
    if contacts:
        findings.notice(CLAIMS_ARE_CONTACTS)
    return SurveySheet(
        _value(rows, "file"),
        tuple(rows.items.get("vehicle", ())),
        tuple(rows.items.get("trait", ())),
        _value(rows, "encoding"),
        _value(rows, "weight"),
        _weights_are(rows),
        tuple(rows.items.get("filter", ())),
        tuple(rows.missing),
        contacts,
        _yes(rows, "plan on respondents"),
        tuple(rows.items.get("cume", ())),
        tuple(rows.items.get("users", ())),
        _effective_base(rows),
        rows.single["file"].address("value"),
        rows.single["weight"].address("value") if "weight" in rows.single else SURVEY.name,
        str(folder),
    )


def check_bare_names(sheet: SurveySheet, units: Iterable[tuple[str, str]], findings: Findings) -> None:
    """Respondents meet a vehicle, whatever its unit. units: (vehicle, unit) of each row of Vehicles."""
    bare = {key(unit_name(vehicle, unit)): vehicle for vehicle, unit in units if vehicle and unit}
    for item in (*sheet.vehicles, *sheet.cumes):
        if key(item.name) in bare:
            findings.problem(
                item.cell,
                f'"{item.name}" is one unit; a survey is of the vehicle, whatever its unit. Write '
                f'"{bare[key(item.name)]}": Ad seen % on Vehicles makes the units of it.',
            )


def _says_something(record: Record) -> bool:
    return any(record.text(attribute) for attribute in ("name", "value", "reads", "medium")) or bool(
        record.bad
    )


def _once(record: Record, rows: _Rows) -> None:
    what = record.text("what")
    _check_unread(record)
    earlier = rows.single.setdefault(what, record)
    if earlier is not record:
        record.repeated("what", f'"{what}"', earlier)
    elif record.leaves_out("value"):
        record.problem("value", f'The row "{what}" has no value; write it, or clear the row.')


def _item(record: Record, rows: _Rows) -> None:
    what, expression = record.text("what"), record.text("value")
    if not expression:
        if "value" not in record.bad:
            record.problem("value", f"The {what} has no column; write one, or an expression over columns.")
        return
    name = record.text("name") or (_name_of(expression) if what in ("vehicle", "trait") else "")
    if not name and what != "filter":
        record.problem("name", f"The {what} has no name; write whose {expression} is.")
        return
    cell = record.address("value")
    _check_expression(expression, cell, record.findings)
    if what != "vehicle":
        _check_unread(record)
    reading = _reading(record) if what == "vehicle" else Reading()
    item = SurveyItem(name, expression, reading, record.text("medium"), cell)
    rows.items.setdefault(what, []).append(item)


def _check_unread(record: Record) -> None:
    """Only a vehicle's column reads as something; what stands beside another row would be passed over."""
    what, reads = record.text("what"), record.text("reads")
    if reads:
        of_weight = " How many people a weight stands for is a row of its own: weights are."
        record.problem(
            "reads",
            f'"{shorten(reads, 40)}" stands beside the row "{what}", but only a vehicle\'s column reads as something; '
            f"clear the cell.{of_weight if what == 'weight' else ''}",
        )


def _name_of(expression: str) -> str:
    """The last level of a question's label, or the column's name; "" of an expression."""
    bare = expression.strip().strip("`\"'")
    return "" if _SIGNS & set(bare) else tidy(bare.rpartition(LEVEL)[2])


def _check_expression(expression: str, cell: str, findings: Findings) -> None:
    """Its form; whether its columns are there is seen when the survey is read."""
    if not set("=<>") & set(expression):  # perhaps a column's name, whatever it holds
        return
    try:
        parse(expression)
    except InvalidInput as trouble:
        findings.problem(cell, str(trouble))


def _reading(record: Record) -> Reading:
    try:
        return parse_reading(record.text("reads"))
    except InvalidInput as trouble:
        record.problem("reads", str(trouble))
        return Reading()


def _missing(record: Record, rows: _Rows) -> None:
    values = tuple(part for part in (tidy(part) for part in record.text("value").split(";")) if part)
    if not values:
        if "value" not in record.bad:
            record.problem("value", "missing values lists none; write such as 98; 99; refused.")
        return
    rows.missing.append(MissingValues(record.text("name"), values, record.address("name")))


def _check_twice(what: str, items: list[SurveyItem], findings: Findings) -> None:
    first: dict[str, SurveyItem] = {}
    for item in items if what != "filter" else ():
        earlier = first.setdefault(key(item.name), item)
        if earlier is not item:
            findings.repeated(item.cell, f'The {what} "{item.name}"', earlier.cell)


def _value(rows: _Rows, what: str) -> str:
    record = rows.single.get(what)
    return "" if record is None else record.text("value")


def _weights_are(rows: _Rows) -> WeightsAre:
    known: dict[str, WeightsAre] = {key(choice): choice for choice in get_args(WeightsAre)}
    given = _value(rows, "weights are")
    if given and key(given) not in known:
        rows.findings.problem(
            rows.single["weights are"].address("value"),
            f'weights are "{given}"; expected {listing(list(known.values()))}.'.replace(" and ", " or "),
        )
    return known.get(key(given), "relative")


def _effective_base(rows: _Rows) -> float | None:
    given = _value(rows, "effective base")
    try:
        base = float(given) if given else None
    except ValueError:
        base = 0.0
    if base is None or 1 <= base < math.inf:
        return base
    wrong = f'effective base is "{shorten(given, 40)}"; expected respondents, 1 or more, such as 257; or clear the row.'
    rows.findings.problem(rows.single["effective base"].address("value"), wrong)
    return None


def _yes(rows: _Rows, what: str) -> bool:
    """Whether a row says yes; a blank one says no."""
    given = _value(rows, what)
    said = yes_or_no(given)
    if given and said is None:
        rows.findings.problem(rows.single[what].address("value"), f'{what} is "{given}"; expected yes or no.')
    return bool(said)


_Reader = Callable[[Record, _Rows], None]
_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys(_ONCE, _once), **dict.fromkeys((*_NAMED, "filter"), _item), "missing values": _missing,
}  # fmt: skip


def survey_rows(sheet: SurveySheet, folder: Path | None = None) -> list[dict[str, Any]]:
    """The sheet's rows, to be written. folder: of the workbook they go into; None = the file's name stands."""
    single = _single_rows(sheet, sheet.file if folder is None else sheet.file_from(folder))
    rows: list[dict[str, Any]] = [{"what": what, "value": value} for what, value in single.items() if value]
    rows += [
        {"what": "missing values", "name": row.column, "value": "; ".join(row.values)}
        for row in sheet.missing
    ]
    for what, items in (("filter", sheet.filters), ("trait", sheet.traits), ("vehicle", sheet.vehicles),
                        ("cume", sheet.cumes), ("users", sheet.users)):  # fmt: skip
        rows += [_row(what, item) for item in items]
    return rows


def _single_rows(sheet: SurveySheet, file: str) -> dict[str, str]:
    """What is said once, "" where nothing is."""
    return {
        "file": file, "encoding": sheet.encoding, "weight": sheet.weight,
        "weights are": "" if sheet.weights_are == "relative" else sheet.weights_are,
        "claims are contacts": "yes" if sheet.contacts else "",
        "plan on respondents": "yes" if sheet.planned_on else "",
        "effective base": "" if sheet.effective_base is None else f"{sheet.effective_base:.1f}",
    }  # fmt: skip


def _row(what: str, item: SurveyItem) -> dict[str, Any]:
    reads = item.reading.sentence() if what == "vehicle" and item.reading.kind != "claim" else ""
    return {"what": what, "name": item.name, "value": item.expression, "reads": reads, "medium": item.medium}


# --- of a campaign that may not be finished ----------------------------------------------------------


@dataclass(frozen=True, eq=False)
class SurveyRequest:
    """A campaign's survey. brief: its universe is 0 where the Brief leaves it blank. sheets: by the key of their
    name. folder: where the survey lies."""

    book: Book
    sheets: Mapping[str, Sheet]
    brief: Brief
    sheet: SurveySheet
    audiences: tuple[AudienceRow, ...]

    @property
    def folder(self) -> Path:
        """Where the workbook lies, and the survey beside it."""
        return self.book.path.parent


def read_survey_request(path: Path) -> SurveyRequest:
    """Read a workbook's sheet Survey, and what belongs to it; nothing else has to be filled in.

    Raises WorkbookError with every problem of these sheets.
    """
    book, findings = read_book(path), Findings()
    sheets = own_sheets(book, findings) or {}
    brief = _brief(sheets, findings)
    vehicles = _table(sheets, VEHICLES, Findings(), brief)
    sheet = _survey_sheet(sheets, brief, vehicles, path.parent, findings)
    if findings.problems or sheet is None:
        raise WorkbookError(printable(path.name), tuple(findings.problems), tuple(findings.notices))
    rows = _table(sheets, AUDIENCES, Findings(), brief).records
    audiences = tuple(AudienceRow(row.text("name"), row.text("definition")) for row in rows)
    return SurveyRequest(book, sheets, brief, _with_media(sheet, vehicles), audiences)


def _survey_sheet(
    sheets: Mapping[str, Sheet], brief: Brief, vehicles: Table, folder: Path, findings: Findings
) -> SurveySheet | None:
    """The sheet Survey; None where it is missing (a problem), or there are problems before it."""
    if findings.problems:
        return None
    sheet = parse_survey(_table(sheets, SURVEY, findings, brief), folder)
    if sheet is None and not findings.problems:
        findings.problem(
            SURVEY.name,
            "The sheet Survey is missing or blank; it names the survey and says how it is read (see Help).",
        )
    if sheet is not None:
        check_bare_names(sheet, ((r.text("name"), r.text("unit")) for r in vehicles.records), findings)
    return sheet


def _brief(sheets: Mapping[str, Sheet], findings: Findings) -> Brief:
    """The Brief, its universe and budget blank if they must be."""
    if key(BRIEF.name) not in sheets:
        return Brief()
    found = Findings()
    brief = parse_brief(sheets[key(BRIEF.name)], found, {"universe_000": 0.0, "budget": math.inf})
    findings.problems += found.problems
    return brief


def _table(sheets: Mapping[str, Sheet], schema: SheetSchema, findings: Findings, brief: Brief) -> Table:
    sheet = sheets.get(key(schema.name))
    read = None if sheet is None else read_table(sheet, schema, findings, brief.currency)
    return read or no_table(schema, findings)


def _with_media(sheet: SurveySheet, vehicles: Table) -> SurveySheet:
    """The sheet with the media that Vehicles gives where Survey leaves them blank."""
    media = {key(row.text("name")): row.text("medium") for row in vehicles.records if row.text("medium")}
    items = tuple(
        replace(item, medium=item.medium or media.get(key(item.name), "")) for item in sheet.vehicles
    )
    return replace(sheet, vehicles=items)
