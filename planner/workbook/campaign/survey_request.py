"""What the commands `planner survey` read of a campaign that may not be finished: its survey, universe, audiences."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from planner.campaign.inputs import AudienceRow, Brief
from planner.campaign.survey import SurveySheet
from planner.errors import WorkbookError
from planner.excel.read import Book, Sheet, read_book
from planner.names import key, printable
from planner.workbook.campaign.brief import parse_brief
from planner.workbook.campaign.own_sheets import own_sheets
from planner.workbook.campaign.survey import check_bare_names, parse_survey
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Table, no_table, read_table
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.people_sheets import AUDIENCES
from planner.workbook.schema.sheets import BRIEF, VEHICLES
from planner.workbook.schema.survey_sheet import SURVEY


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
    sheet = _survey_sheet(sheets, brief, vehicles, findings, path.parent)
    if findings.problems or sheet is None:
        raise WorkbookError(printable(path.name), tuple(findings.problems), tuple(findings.notices))
    rows = _table(sheets, AUDIENCES, Findings(), brief).records
    return SurveyRequest(
        book,
        sheets,
        brief,
        _with_media(sheet, vehicles),
        tuple(AudienceRow(row.text("name"), row.text("definition")) for row in rows),
    )


def _survey_sheet(
    sheets: Mapping[str, Sheet], brief: Brief, vehicles: Table, findings: Findings, folder: Path
) -> SurveySheet | None:
    """The sheet Survey; None where it is missing (a problem), or there are problems before it."""
    if findings.problems:
        return None
    sheet = parse_survey(_table(sheets, SURVEY, findings, brief), findings, folder)
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
    return read or no_table(schema)


def _with_media(sheet: SurveySheet, vehicles: Table) -> SurveySheet:
    """The sheet with the media that Vehicles gives where Survey leaves them blank."""
    media = {key(row.text("name")): row.text("medium") for row in vehicles.records if row.text("medium")}
    items = tuple(
        replace(item, medium=item.medium or media.get(key(item.name), "")) for item in sheet.vehicles
    )
    return replace(sheet, vehicles=items)
