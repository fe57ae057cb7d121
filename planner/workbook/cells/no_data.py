"""Rows of a sheet that are no data: totals, titles of blocks, remarks and footnotes below a table."""

import re
from collections.abc import Collection, Mapping, Sequence

from planner.excel.read import Cell
from planner.names import key, listing_of
from planner.workbook.cells.account import Account
from planner.workbook.cells.headings import text_cells
from planner.workbook.cells.numbers import found, is_blank

LONGEST_NAME = 4  # words of a trait's name; more are a sentence
_FOOTNOTE = re.compile(
    r"[*†‡¹²³].*|(source|quelle|note|fuente|fonte|bron|źródło|nota|anmerkung|remark)n?s?\s*:.*"
)
_BASE = re.compile(r"(base|basis)\s*:.*")  # of whom the figures are; but a scenario may be called so
_TOTAL = re.compile(r"(grand |sub-?\s?)?totals?|sum|subtotals?|σ|∑")
_TOTAL_WORD = (
    r"((grand |sub[- ]?)?totals?|(ins)?gesamt(summe)?|(zwischen|teil)?summe|sous[- ]?total|(sub|tussen)?totaal"
    r"|(sub)?totale|total général|somme|somma|suma|razem|итого|всего)"
)
_TOTAL_PART = re.compile(rf"{_TOTAL_WORD}\b.*|.*\b(sub-?)?totals?")


def notice_totals(account: Account, totals: Sequence[Cell]) -> None:
    """Rows that were taken for totals. totals: of each the cell that says so."""
    if totals:
        shown = listing_of(totals, lambda cell: f"{cell.row} ({found(cell)})")
        was = "was taken for a total" if len(totals) == 1 else "were taken for totals"
        told = f"{account.sheet.name} {row_or_rows(totals)} {shown} {was} and not read."
        account.findings.notice(told)


def notice_remarks(account: Account, rows: frozenset[int]) -> None:
    """Rows below the table that were taken for remarks."""
    if rows:
        sheet, named = account.sheet, account.header.key
        shown = listing_of(sorted(rows), lambda number: f"{number} ({found(sheet.row(number)[named])})")
        stand = "stands" if len(rows) == 1 else "stand"
        a_remark = "a remark" if len(rows) == 1 else "remarks"
        account.findings.notice(
            f"{sheet.name} {row_or_rows(rows)} {shown} {stand} below the table; taken for {a_remark}."
        )


def row_or_rows(things: Collection[object]) -> str:
    """The word for so many."""
    return "row" if len(things) == 1 else "rows"


def block_titles(account: Account, rows: Sequence[int]) -> frozenset[int]:
    """Rows with one text and nothing else, right above headings that are set again: the name of a block."""
    titles = set()
    for repeat in account.repeats:
        above = max((row for row in rows if row < repeat), default=0)
        if above and len(text_cells(account.sheet.row(above))) == 1:
            titles.add(above)
    account.titles.extend(sorted(titles))
    return frozenset(titles)


def remarks_below(account: Account, rows: Sequence[int]) -> frozenset[int]:
    """Rows below the table's end, apart from it or as footnotes, with a text in the key column and no more of ours.

    Where a name alone says something (a trait), only a text too long for a name is a remark.
    """
    sheet, header = account.sheet, account.header
    traits = header.others if account.schema.open_columns else ()
    others = {*header.columns.values(), *traits} - {header.key}
    filled = [n for n in rows if not all(is_blank(sheet.row(n).get(column)) for column in others)]
    last = max(filled or rows, default=0)
    apart, forms = _apart(rows, last), [_FOOTNOTE, _BASE]
    if account.schema.name_alone:
        apart, forms = [row for row in apart if len(_name(account, row).split()) > LONGEST_NAME], [_FOOTNOTE]
    return frozenset(apart).union(
        row for row in rows if row > last and any(form.fullmatch(key(_name(account, row))) for form in forms)
    )


def _name(account: Account, row: int) -> str:
    """What stands where the row's name does."""
    return str(account.sheet.row(row)[account.header.key].value)


def _apart(rows: Sequence[int], last: int) -> list[int]:
    """Rows below the last filled one, but for those that follow it without a gap: rather rows that were begun."""
    below = []
    for number in rows:
        if number == last + 1:
            last = number
        elif number > last:
            below.append(number)
    return below


def total_in(cells: Mapping[int, Cell], label: Cell | None, account: Account) -> Cell | None:
    """The cell by which a row is a total, its name above all; None where it is none. "Total Film" is a vehicle as long
    as the row has other texts of a vehicle. "Total TV" of the medium TV is none."""
    if label is None:
        return next((cell for cell in cells.values() if _total_text(cell.value, _TOTAL_PART)), None)
    if _total_text(label.value, _TOTAL):
        return label
    second = _needed_texts(account) if _total_text(label.value, _TOTAL_PART) else []
    sums = all(is_blank(cells.get(column)) or _sums(label, cells[column]) for column in second)
    return label if second and sums else None


def _sums(label: Cell, text: Cell) -> bool:
    """Whether a label is a word for totals and another text of its row, no more."""
    before, named, after = key(str(label.value)).partition(key(str(text.value)))
    return bool(named) and re.fullmatch(_TOTAL_WORD, f"{before}{after}".strip(" :-–")) is not None


def _needed_texts(account: Account) -> list[int]:
    """The columns of texts that a row needs beside its key."""
    needed, there = account.schema.columns[1:], account.header.columns
    texts = (column.attribute for column in needed if column.required and column.kind == "text")
    return [there[attribute] for attribute in texts if attribute in there]


def is_total_label(text: str) -> bool:
    """Whether a label is that of a total or subtotal, where nothing else could be meant.

    >>> is_total_label("TV total"), is_total_label("Totally Spies")
    (True, False)
    """
    return _total_text(text, _TOTAL_PART)


def _total_text(value: object, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and pattern.fullmatch(key(value).rstrip(": ")) is not None
