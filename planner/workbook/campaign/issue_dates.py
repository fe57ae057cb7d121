"""The column Issue dates: dates, or "first Thursday", and the issues that fall into the flight."""

from collections.abc import Sequence
from datetime import date, datetime

from planner.campaign.inputs import Brief
from planner.campaign.issues import SEPARATORS, days_within, pattern_of
from planner.excel.read import Cell
from planner.names import tidy
from planner.workbook.cells.dates import read_date
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Trouble, is_blank
from planner.workbook.cells.table import Record

_EXPECTED = "write dates such as 2027-03-04; 2027-04-01, or a day such as first Thursday"


def read_issues(record: Record, brief: Brief, findings: Findings) -> tuple[str, tuple[date, ...]]:
    """What stands there, as it is written again, and the issues of the flight; ("", ()) where nothing (sound) does.

    A problem where they cannot be read, or the flight's Start is not known.
    """
    cell, text = record.raw("issue_dates"), record.text("issue_dates")  # a text alone: of another unit's row
    if cell is not None and not is_blank(cell):
        text = issue_text(cell)
    return _of_text(text, record, brief, findings) if text else ("", ())


def issue_text(cell: Cell) -> str:
    """A cell's text, a date as 2027-03-04."""
    if isinstance(cell.value, date | datetime):
        return f"{cell.value:%Y-%m-%d}"
    return tidy(str(cell.value))


def _issues(text: str, record: Record, days: Sequence[date]) -> tuple[set[date], list[str]]:
    """The days of a flight that a text names, by dates or by a pattern, and what of it is neither."""
    issues: set[date] = set()
    wrong: list[str] = []
    for part in filter(None, map(tidy, SEPARATORS.split(text))):
        pattern = pattern_of(part)
        if pattern is not None:
            issues.update(filter(pattern, days))
            continue
        day = read_date(Cell(record.sheet, record.row, 0, part))
        if isinstance(day, Trouble):
            wrong.append(f'"{part}" {day.text}')
        elif day in days:
            issues.add(day)
    return issues, wrong


def _of_text(text: str, record: Record, brief: Brief, findings: Findings) -> tuple[str, tuple[date, ...]]:
    where = record.address("issue_dates")
    if brief.start is None:
        start = findings.cell("Brief", "start", "value")
        if not findings.is_wrong(start):
            findings.problem(
                where, f"Issue dates tell weeks only where the flight has a Start; write it ({start})."
            )
        return "", ()
    issues, wrong = _issues(text, record, days_within(brief.start, brief.weeks))
    if wrong:
        findings.problem(where, f"Issue dates: {'; '.join(wrong)}; {_EXPECTED}.")
        return "", ()
    if not issues:
        findings.notice(
            f'{where}: no issue of "{record.text("name")}" falls into the flight; it cannot be bought.'
        )
    return text, tuple(sorted(issues))
