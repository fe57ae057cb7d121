"""Writes input sheets by their schema: headings, notes, drop-downs, widths, number formats.

The template, the example and the campaign's own sheets in a result workbook all come from here, so
that they look the same and are read the same. Text is always written as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from planner.campaign.inputs import Brief, OwnSheet
from planner.names import heading_key
from planner.workbook.page.positions import Places
from planner.workbook.page.styles import lines_needed, money_format, set_margins
from planner.workbook.schema.columns import Column, SheetSchema
from planner.workbook.schema.sheets import (
    BRIEF,
    COMPOSITION,
    INFLUENCE,
    MONEY_UNIT,
    SCENARIOS,
    TAKEN,
    WEEKS,
    YES_NO,
)

FONT, HEAD, NEEDED, QUIET = "Calibri", "#334E68", "#9C4221", "#7B8794"
DROP_DOWN_ROWS = 2_000
OWN_WIDTH = 20  # characters, of a planner's own column
HEADER_HEIGHT = 30  # two lines
PAGE_WIDTH = 200  # characters on a printed page that can still be read
PERCENT, DATE = "0.0##%", "yyyy-mm-dd"
_BLANK_FORMATS = {"percent": PERCENT, "date": DATE}

Value = str | float | bool | date | None
Row = Mapping[str, Value]  # by attribute; absent, None and "" are blank
ShareRows = Sequence[tuple[str, Sequence[float | None]]]  # a vehicle and its share per trait or type


@dataclass(frozen=True)
class ParameterRow:
    """A row of the Influence table as it is shown. taken: the value in force; None in a blank form."""

    heading: str
    kind: Literal["share", "number", "yes/no"]
    low: float | None
    used: float | None
    high: float | None
    source: str
    taken: float | None = None


@dataclass(frozen=True)
class WeekRow:
    """A row of Weeks as it is shown: a number per week, or a word in its first."""

    name: str
    values: tuple[float | str | None, ...]
    number_format: str = "#,##0.######"


@dataclass
class SheetWriter:
    """Adds input sheets to a workbook; makes each format once. campaign: for the margins of a printed page."""

    book: Workbook
    currency: str
    campaign: Brief | None = None
    made: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def look(self, **look: Any) -> Format:
        """A format; keywords are XlsxWriter's."""
        items = tuple(sorted(look.items()))
        if items not in self.made:
            self.made[items] = self.book.add_format(
                {"font_name": FONT, "font_size": 10, "valign": "top", **look}
            )
        return self.made[items]

    def brief(self, answers: Row, rows: Mapping[str, int] | None = None) -> None:
        """The Brief: keys, values, and what each key means. rows: where some keys stand; the others follow."""
        rows = rows or {}
        places = _in_turn(
            [column.attribute for column in BRIEF.written], rows, max(rows.values(), default=0) + 1
        )
        sheet = self.book.add_worksheet(BRIEF.name)
        for place, (text, width) in enumerate((("Key", 30), ("Value", 26), ("What it means", 90))):
            sheet.set_column(place, place, width)
            if 0 not in places.values():
                sheet.write_string(0, place, text, self.heading())
        for column in BRIEF.written:
            number = places[column.attribute]
            sheet.write_string(number, 0, column.heading, self.look(bold=True, **_mark(column)))
            self._write(sheet, (number, 1), column, answers, align="left")
            sheet.write_string(number, 2, _explanation(column), self.look(text_wrap=True, font_color=QUIET))
            _drop_down(sheet, column, number, number, 1)
            lines = max(lines_needed(_explanation(column), 90), lines_needed(column.heading, 26))
            sheet.set_row(number, 3 + 13.5 * lines)
        self._set_up(sheet)

    def table(
        self,
        schema: SheetSchema,
        rows: Sequence[Row],
        leave_out: Iterable[str] = (),
        places: Places | None = None,
        own: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        """A table; leave_out: attributes whose columns are not written. places: where it stood, which it keeps.
        own: the planner's own columns."""
        sheet = self.book.add_worksheet(schema.name)
        columns = [column for column in schema.written if column.attribute not in set(leave_out)]
        head, numbers = (places.header, places.rows) if places else (0, tuple(range(1, len(rows) + 1)))
        stood = {**places.columns, **{f"own {name}": at for name, at in places.own.items()}} if places else {}
        turn = _in_turn(
            [*(column.attribute for column in columns), *(f"own {name}" for name in own or {})], stood, 0
        )
        for column in columns:
            place = turn[column.attribute]
            sheet.set_column(place, place, column.width, self._column_look(column))
            sheet.write_string(head, place, column.heading, self.heading(column.required))
            note = _explanation(column)
            sheet.write_comment(head, place, note, {"x_scale": 2, "y_scale": max(1.0, len(note) / 180)})
            _drop_down(sheet, column, head + 1, head + max(DROP_DOWN_ROWS, len(rows)), place)
            for number, row in zip(numbers, rows, strict=True):
                self._write(sheet, (number, place), column, row)
        for heading, values in (own or {}).items():
            place = turn[f"own {heading}"]
            sheet.set_column(place, place, OWN_WIDTH)
            sheet.write_string(head, place, heading, self.look(bold=True, text_wrap=True, valign="vcenter"))
            for number, value in zip(numbers, values, strict=True):
                self._write_own(sheet, number, place, value)
        sheet.set_row(head, HEADER_HEIGHT)
        printed = [column for column in columns if column.attribute != "source"]
        if len(printed) < len(columns) and turn["source"] == max(
            turn.values()
        ):  # it would make all else tiny
            sheet.print_area(0, 0, max((1, *numbers)), turn["source"] - 1)
        self._set_up(sheet, sum(column.width for column in printed), head)

    def composition(self, traits: Sequence[str], rows: ShareRows, places: Places | None = None) -> None:
        """Composition: a column per trait, shares as percentages. places: where it stood, which it keeps."""
        self.shares(COMPOSITION, traits, rows, places)

    def shares(
        self, schema: SheetSchema, traits: Sequence[str], rows: ShareRows, places: Places | None = None
    ) -> None:
        """A sheet of percentages: a row per vehicle, a column per trait or type. places: columns by trait, the
        vehicles' under ""."""
        sheet = self.book.add_worksheet(schema.name)
        head, numbers = (places.header, places.rows) if places else (0, tuple(range(1, len(rows) + 1)))
        turn = _in_turn(["", *traits], places.columns if places else {}, 0)
        sheet.set_column(turn[""], turn[""], schema.key.width)
        sheet.write_string(head, turn[""], schema.key.heading, self.heading(needed=True))
        sheet.write_comment(head, turn[""], schema.help, {"x_scale": 2, "y_scale": 1.5})
        for trait in traits:
            sheet.set_column(turn[trait], turn[trait], 14, self.look(num_format=PERCENT))
            sheet.write_string(head, turn[trait], trait, self.heading())
        for number, (vehicle, shares) in zip(numbers, rows, strict=True):
            sheet.write_string(number, turn[""], vehicle, self.look())
            for trait, share in zip(traits, shares, strict=True):
                if share is not None:
                    sheet.write_number(number, turn[trait], share, self.look(num_format=PERCENT))
        sheet.set_row(head, HEADER_HEIGHT)
        self._set_up(sheet, schema.key.width + 14 * len(traits), head)

    def weeks(self, headings: Sequence[date | str], rows: Sequence[WeekRow]) -> None:
        """Weeks: a column per week, headed by its Monday or its number."""
        sheet = self.book.add_worksheet(WEEKS.name)
        sheet.set_column(0, 0, WEEKS.key.width)
        sheet.write_string(0, 0, WEEKS.key.heading, self.heading())
        sheet.write_comment(0, 0, WEEKS.help, {"x_scale": 3, "y_scale": 2})
        for place, heading in enumerate(headings, 1):
            sheet.set_column(place, place, 11)
            if isinstance(heading, date):
                sheet.write_datetime(0, place, heading, self.heading(align="right", num_format=DATE))
            else:
                sheet.write_string(0, place, heading, self.heading(align="right"))
        for number, row in enumerate(rows, 1):
            sheet.write_string(number, 0, row.name, self.look())
            for place, value in enumerate(row.values, 1):
                if isinstance(value, str):
                    sheet.write_string(number, place, value, self.look(align="right"))
                elif value is not None:
                    sheet.write_number(number, place, value, self.look(num_format=row.number_format))
        sheet.set_row(0, HEADER_HEIGHT)
        self._set_up(sheet, WEEKS.key.width + 11 * len(headings))

    def scenarios(self, stood: OwnSheet | None) -> None:
        """Scenarios: as it stood in the campaign; blank, with a column for budgets, where there was none."""
        sheet = self.book.add_worksheet(SCENARIOS.name)
        own = {heading_key(column.heading): column for column in SCENARIOS.columns}
        headings = stood.headings if stood else (*(column.heading for column in SCENARIOS.columns), "Budget")
        for place, heading in enumerate(headings):
            column = own.get(heading_key(heading))
            sheet.set_column(place, place, column.width if column else OWN_WIDTH)
            sheet.write_string(0, place, heading, self.heading(needed=column is SCENARIOS.key))
            if column is not None:
                note = _explanation(column) if column is not SCENARIOS.key else SCENARIOS.help
                sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
                _drop_down(sheet, column, 1, DROP_DOWN_ROWS, place)
        for number, row in enumerate(stood.rows if stood else (), 1):
            for place, cell in enumerate(row):
                if cell is not None:
                    self._write_own(sheet, number, place, cell[0], PERCENT if cell[1] else "General")
        sheet.set_row(0, HEADER_HEIGHT)
        self._set_up(sheet)

    def influence_sheet(self, rows: Sequence[ParameterRow]) -> None:
        """A sheet of its own for the table of parameters."""
        sheet = self.book.add_worksheet(INFLUENCE.name)
        taken = any(row.taken is not None for row in rows)
        widths = [column.width for column in INFLUENCE.columns]
        for place, width in enumerate([*widths[:-1], *([12] if taken else []), widths[-1]]):
            sheet.set_column(place, place, width)
        self.influence(sheet, 0, rows)
        self._set_up(sheet)

    def influence(
        self,
        sheet: Worksheet,
        first_row: int,
        rows: Sequence[ParameterRow],
        source: tuple[int, float] = (1, 60),
    ) -> int:
        """The table of parameters from a row on; returns the row after it. Taken is left out where nothing is.

        source: over how many columns the source goes, and how wide they are together.
        """
        taken = any(row.taken is not None for row in rows)
        headings = [column.heading for column in INFLUENCE.columns]
        headings[-1:-1] = [TAKEN] if taken else []
        for place, heading in enumerate(headings):
            column = next((column for column in INFLUENCE.columns if column.heading == heading), None)
            side: dict[str, Any] = {"align": "right"} if 0 < place < len(headings) - 1 else {}
            side |= {"indent": 1} if place == len(headings) - 1 else {}
            sheet.write_string(
                first_row, place, heading, self.heading(column is INFLUENCE.key and not taken, **side)
            )
            note = _explanation(column) if column else "The value in force. It is not read: write under Used."
            sheet.write_comment(first_row, place, note, {"x_scale": 2})
        for number, row in enumerate(rows, first_row + 1):
            sheet.write_string(number, 0, row.heading, self.look(bold=True))
            for place, value in enumerate((row.low, row.used, row.high), 1):
                self._put_parameter(sheet, (number, place), row, value)
            if row.kind == "yes/no":
                choice = {"validate": "list", "source": list(YES_NO), "error_type": "warning"}
                sheet.data_validation(number, 2, number, 2, choice)
            if taken:
                self._put_parameter(sheet, (number, 4), row, row.taken, font_color=QUIET, italic=True)
            last, look = 5 if taken else 4, self.look(text_wrap=True, indent=1)
            if source[0] > 1:
                sheet.merge_range(number, last, number, last + source[0] - 1, "", look)
            sheet.write_string(number, last, row.source, look)
            sheet.set_row(number, 3 + 13.5 * lines_needed(row.source, source[1] - 2))
        if source[0] > 1:
            last = len(headings) - 1
            for place in range(last + 1, last + source[0]):
                sheet.write_blank(first_row, place, None, self.heading())
        return first_row + 1 + len(rows)

    def _put_parameter(
        self, sheet: Worksheet, at: tuple[int, int], row: ParameterRow, value: float | None, **look: Any
    ) -> None:
        shown = {"share": PERCENT, "number": "#,##0.######"}.get(row.kind, "General")
        if value is None:
            sheet.write_blank(*at, None, self.look(num_format=shown, **look))
        elif row.kind == "yes/no":
            sheet.write_string(*at, YES_NO[0] if value else YES_NO[1], self.look(align="right", **look))
        else:
            whole = row.kind == "number" and value == round(value)
            sheet.write_number(*at, value, self.look(num_format="#,##0" if whole else shown, **look))

    def _column_look(self, column: Column) -> Format:
        """The format of cells that are still empty: 25 typed into a percent column becomes 25 %."""
        return self.look(num_format=_BLANK_FORMATS.get(column.kind, "General"))

    def heading(self, needed: bool = False, **look: Any) -> Format:
        """The look of a heading; needed: of a column that must be filled in."""
        return self.look(
            bold=True,
            font_color="#FFFFFF",
            bg_color=NEEDED if needed else HEAD,
            text_wrap=True,
            valign="vcenter",
            **look,
        )

    def _write_own(
        self, sheet: Worksheet, row: int, column: int, value: object, shown: str = "General"
    ) -> None:
        """A value of a planner's own column or sheet, as it stands; shown: the number format of a number."""
        if isinstance(value, bool):
            sheet.write_boolean(row, column, value, self.look())
        elif isinstance(value, int | float):
            sheet.write_number(row, column, value, self.look(num_format=shown))
        elif isinstance(value, date):
            sheet.write_datetime(row, column, value, self.look(num_format=DATE))
        elif value is not None:
            sheet.write_string(row, column, str(value), self.look())

    def _set_up(self, sheet: Worksheet, width: float = 0, head: int = 0) -> None:
        """Printed as many pages wide as it takes to be read, headings (in row `head`) and first column on each."""
        sheet.freeze_panes(head + 1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(max(1, -(-int(width) // PAGE_WIDTH)), 0)
        sheet.repeat_rows(head)
        if width > PAGE_WIDTH:
            sheet.repeat_columns(0)
        if self.campaign is not None:
            set_margins(sheet, self.campaign)

    def _write(self, sheet: Worksheet, at: tuple[int, int], column: Column, row: Row, **look: Any) -> None:
        value = row.get(column.attribute)
        if value is None or value == "":
            sheet.write_blank(
                *at, None, self.look(num_format=_BLANK_FORMATS.get(column.kind, "General"), **look)
            )
        elif isinstance(value, bool):
            sheet.write_string(*at, "yes" if value else "no", self.look(**look))
        elif isinstance(value, str):
            sheet.write_string(*at, value, self.look(**look))
        elif isinstance(value, date):
            sheet.write_datetime(*at, value, self.look(num_format=DATE, **look))
        else:
            sheet.write_number(
                *at, value, self.look(num_format=self._number_format(column, value, row), **look)
            )

    def _number_format(self, column: Column, value: float, row: Row) -> str:
        unit = str(row.get("unit") or row.get("by") or row.get("measure") or "")
        if column.kind == "percent" or (column.kind == "raw" and "%" in unit):
            return PERCENT
        whole = value == round(value)
        if column.money or (unit == MONEY_UNIT and column.kind in ("raw", "number")):
            return money_format(self.currency, 0 if whole else 2)
        return "#,##0" if whole else "#,##0.######"


def _in_turn(names: Iterable[str], stood: Mapping[str, int], first: int) -> dict[str, int]:
    """A place for every name: where it stood, else the next that is free, from `first` on.

    >>> _in_turn(["a", "b", "c"], {"b": 0}, 0)
    {'a': 1, 'b': 0, 'c': 2}
    """
    names = list(names)
    taken = {stood[name] for name in names if name in stood}
    free = (place for place in count(first) if place not in taken)
    return {name: stood[name] if name in stood else next(free) for name in names}


def _mark(column: Column) -> dict[str, Any]:
    return {"font_color": NEEDED} if column.required else {}


def _explanation(column: Column) -> str:
    """The note of a column: what it is, choices, blank, whether it is needed."""
    parts = [column.help]
    if column.choices and not all(choice in column.help for choice in column.choices):
        parts.append(f"One of: {', '.join(column.choices)}.")
    if column.required:
        parts.append("Needed.")
    elif column.blank:
        parts.append(f"Blank: {column.blank}.")
    return " ".join(parts)


def _drop_down(sheet: Worksheet, column: Column, first: int, last: int, place: int) -> None:
    if column.choices:
        sheet.data_validation(
            first,
            place,
            last,
            place,
            {
                "validate": "list",
                "source": list(column.choices),
                "error_type": "warning",
                "error_title": column.heading[:32],
                "error_message": f"Expected: {', '.join(column.choices)}.",
            },
        )
