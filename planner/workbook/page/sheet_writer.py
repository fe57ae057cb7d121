"""Writes input sheets by their schema: headings, notes, drop-downs, widths, number formats.

The template, the example and the campaign's own sheets in a result workbook all come from here, so
that they look the same and are read the same. Text is always written as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from planner.campaign.inputs import Brief, OwnSheet
from planner.names import heading_key
from planner.workbook.page.styles import FONT, HEAD, QUIET, fitting, lines_needed, money_format, set_margins
from planner.workbook.schema.columns import Column, Places, SheetSchema
from planner.workbook.schema.sheets import BRIEF, MONEY_UNIT, SCENARIOS, WEEKS

NEEDED = "#9C4221"
DROP_DOWN_ROWS = 2_000
OWN_WIDTH = 20  # characters, of a planner's own column
HEADER_HEIGHT = 30  # two lines
PAGE_WIDTH = 200  # characters on a printed page that can still be read
PERCENT, DATE = "0.0##%", "yyyy-mm-dd"
PLAIN = "#,##0.######"  # a number, with the decimals that it has
HEADING: Mapping[str, Any] = {"bold": True, "font_color": "#FFFFFF", "text_wrap": True, "valign": "vcenter"}

Value = str | float | bool | date | None
Row = Mapping[str, Value]  # by attribute; absent, None and "" are blank
ShareRows = Sequence[tuple[str, Sequence[float | None]]]  # a vehicle and its share per trait or type


@dataclass(frozen=True)
class WeekRow:
    """A row of Weeks as it is shown: a number per week, or a word in its first."""

    name: str
    values: tuple[float | str | None, ...]
    number_format: str = PLAIN


@dataclass
class SheetWriter:
    """Adds input sheets to a workbook; makes each format once. campaign: for the margins of a printed page.
    hide_blank: whether a sheet that would hold nothing but headings is hidden, and so not printed."""

    book: Workbook
    currency: str
    campaign: Brief | None = None
    hide_blank: bool = False
    made: dict[tuple[tuple[str, Any], ...], Format] = field(default_factory=dict)

    def look(self, **look: Any) -> Format:
        """A format; keywords are XlsxWriter's."""
        look = fitting(look)
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
            [column.attribute for column in BRIEF.columns], rows, max(rows.values(), default=0) + 1
        )
        sheet = self.book.add_worksheet(BRIEF.name)
        for place, (text, width) in enumerate((("Key", 30), ("Value", 26), ("What it means", 90))):
            sheet.set_column(place, place, width)
            if 0 not in places.values():
                sheet.write_string(0, place, text, self.heading())
        for column in BRIEF.columns:
            number = places[column.attribute]
            sheet.write_string(number, 0, column.heading, self.look(bold=True, **_mark(column)))
            self._write(sheet, (number, 1), column, answers, align="left")
            sheet.write_string(number, 2, explanation(column), self.look(text_wrap=True, font_color=QUIET))
            _drop_down(sheet, column, number, number, 1)
            lines = max(lines_needed(explanation(column), 90), lines_needed(column.heading, 26))
            sheet.set_row(number, 3 + 13.5 * lines)
        self.set_up(sheet)

    def table(
        self,
        schema: SheetSchema,
        rows: Sequence[Row],
        places: Places | None = None,
        own: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        """A table. places: where it stood, which it keeps. own: the planner's own columns."""
        sheet = self.book.add_worksheet(schema.name)
        columns = {c.attribute: c for c in schema.columns}
        places, own = places or in_order(len(rows)), own or {}
        stood = {**places.columns, **dict(zip(map(_own, places.own), places.own.values(), strict=True))}
        turn = _in_turn([*columns, *map(_own, own)], stood, 0)
        for attribute, column in columns.items():
            self._column(sheet, column, turn[attribute], (places, rows))
        for heading, values in own.items():
            self._own_column(sheet, heading, turn[_own(heading)], (places, values))
        sheet.set_row(places.header, HEADER_HEIGHT)
        if "source" in columns and turn["source"] == max(turn.values()):  # it would make all else tiny
            sheet.print_area(0, 0, max((1, *places.rows)), turn["source"] - 1)
        width = sum(column.width for name, column in columns.items() if name != "source")
        self.set_up(sheet, width, places.header)
        self._hide(sheet, rows)

    def _column(
        self, sheet: Worksheet, column: Column, place: int, filled: tuple[Places, Sequence[Row]]
    ) -> None:
        """A column of the schema: its heading with a note, its choices, its values."""
        (places, rows), head = filled, filled[0].header
        sheet.set_column(place, place, column.width, self.look(num_format=_blank_format(column)))
        sheet.write_string(head, place, column.heading, self.heading(column.required, **_side(column, place)))
        note = explanation(column)
        sheet.write_comment(head, place, note, {"x_scale": 2, "y_scale": max(1.0, len(note) / 180)})
        _drop_down(sheet, column, head + 1, head + max(DROP_DOWN_ROWS, len(rows)), place)
        for number, row in zip(places.rows, rows, strict=True):
            self._write(sheet, (number, place), column, row)

    def _own_column(
        self, sheet: Worksheet, heading: str, place: int, filled: tuple[Places, Sequence[object]]
    ) -> None:
        """A column of the planner's own, as it stood."""
        places, values = filled
        sheet.set_column(place, place, OWN_WIDTH)
        look = self.look(bold=True, text_wrap=True, valign="vcenter", **_beside(heading, place))
        sheet.write_string(places.header, place, heading, look)
        for number, value in zip(places.rows, values, strict=True):
            self.put(sheet, (number, place), value, **_beside(value, place))

    def shares(
        self, schema: SheetSchema, traits: Sequence[str], rows: ShareRows, places: Places | None = None
    ) -> None:
        """A sheet of percentages: a row per vehicle, a column per trait or type. places: columns by trait, the
        vehicles' under ""."""
        sheet = self.book.add_worksheet(schema.name)
        places = places or in_order(len(rows))
        turn, head = _in_turn(["", *traits], places.columns, 0), places.header
        sheet.set_column(turn[""], turn[""], schema.key.width)
        sheet.write_string(head, turn[""], schema.key.heading, self.heading(needed=True))
        sheet.write_comment(head, turn[""], schema.help, {"x_scale": 2, "y_scale": 1.5})
        for trait in traits:
            sheet.set_column(turn[trait], turn[trait], 14, self.look(num_format=PERCENT))
            sheet.write_string(head, turn[trait], trait, self.heading(align="right"))
        for number, (vehicle, shares) in zip(places.rows, rows, strict=True):
            self.put(sheet, (number, turn[""]), vehicle)
            for trait, share in zip(traits, shares, strict=True):
                self.put(sheet, (number, turn[trait]), share, PERCENT)
        sheet.set_row(head, HEADER_HEIGHT)
        self.set_up(sheet, schema.key.width + 14 * len(traits), head)
        self._hide(sheet, rows)

    def weeks(self, headings: Sequence[date | str], rows: Sequence[WeekRow]) -> None:
        """Weeks: a column per week, headed by its Monday or its number."""
        sheet = self.book.add_worksheet(WEEKS.name)
        sheet.set_column(0, 0, WEEKS.key.width)
        sheet.write_string(0, 0, WEEKS.key.heading, self.heading())
        sheet.write_comment(0, 0, WEEKS.help, {"x_scale": 3, "y_scale": 2})
        for place, heading in enumerate(headings, 1):
            sheet.set_column(place, place, 11)
            self.put(sheet, (0, place), heading, **HEADING, bg_color=HEAD, align="right")
        for number, row in enumerate(rows, 1):
            self.put(sheet, (number, 0), row.name)
            for place, value in enumerate(row.values, 1):
                side = {"align": "right"} if isinstance(value, str) else {}
                self.put(sheet, (number, place), value, row.number_format, **side)
        sheet.set_row(0, HEADER_HEIGHT)
        self.set_up(sheet, WEEKS.key.width + 11 * len(headings))
        self._hide(sheet, rows)

    def scenarios(self, stood: OwnSheet | None) -> None:
        """Scenarios: as it stood in the campaign; blank, with a column for budgets, where there was none."""
        sheet = self.book.add_worksheet(SCENARIOS.name)
        headings = stood.headings if stood else (*(column.heading for column in SCENARIOS.columns), "Budget")
        for place, heading in enumerate(headings):
            self._scenario_heading(sheet, place, heading)
        for number, row in enumerate(stood.rows if stood else (), 1):
            for place, (value, percent) in ((place, cell) for place, cell in enumerate(row) if cell):
                self.put(sheet, (number, place), value, PERCENT if percent else "General")
        sheet.set_row(0, HEADER_HEIGHT)
        self.set_up(sheet)

    def _scenario_heading(self, sheet: Worksheet, place: int, heading: str) -> None:
        """The heading of a column of ours, explained, or of what a scenario changes."""
        ours = {heading_key(column.heading): column for column in SCENARIOS.columns}
        column = ours.get(heading_key(heading))
        sheet.set_column(place, place, column.width if column else OWN_WIDTH)
        sheet.write_string(0, place, heading, self.heading(needed=column is SCENARIOS.key))
        if column is not None:
            note = explanation(column) if column is not SCENARIOS.key else SCENARIOS.help
            sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
            _drop_down(sheet, column, 1, DROP_DOWN_ROWS, place)

    def heading(self, needed: bool = False, **look: Any) -> Format:
        """The look of a heading; needed: of a column that must be filled in."""
        return self.look(**HEADING, bg_color=NEEDED if needed else HEAD, **look)

    def put(
        self, sheet: Worksheet, at: tuple[int, int], value: object, shown: str = "General", **look: Any
    ) -> None:
        """A value as what it is; None leaves the cell. shown: the number format of a number."""
        if isinstance(value, bool):
            sheet.write_boolean(*at, value, self.look(**look))
        elif isinstance(value, int | float):
            sheet.write_number(*at, value, self.look(num_format=shown, **look))
        elif isinstance(value, date):
            sheet.write_datetime(*at, value, self.look(num_format=DATE, **look))
        elif value is not None:
            sheet.write_string(*at, str(value), self.look(**look))

    def set_up(self, sheet: Worksheet, width: float = 0, head: int = 0) -> None:
        """Printed as many pages wide as it takes to be read, headings (in row `head`) and first column on each."""
        sheet.freeze_panes(head + 1, 1)
        sheet.set_landscape()
        sheet.fit_to_pages(max(1, -(-int(width) // PAGE_WIDTH)), 0)
        sheet.repeat_rows(head)
        if width > PAGE_WIDTH:
            sheet.repeat_columns(0)
        if self.campaign is not None:
            set_margins(sheet, self.campaign)

    def _hide(self, sheet: Worksheet, rows: Sequence[object]) -> None:
        if self.hide_blank and not rows:
            sheet.hide()

    def _write(self, sheet: Worksheet, at: tuple[int, int], column: Column, row: Row, **look: Any) -> None:
        """A row's value in a column; a blank has the column's format."""
        value = row.get(column.attribute)
        if value is None or value == "":
            sheet.write_blank(*at, None, self.look(num_format=_blank_format(column), **look))
        elif isinstance(value, bool):
            self.put(sheet, at, "yes" if value else "no", **look)
        else:
            side = look or _beside(value, at[1])
            self.put(sheet, at, value, self._number_format(column, value, row), **side)

    def _number_format(self, column: Column, value: Value, row: Row) -> str:
        kind = _kind_of_figure(column, row)
        if kind == "percent":
            return PERCENT
        whole = isinstance(value, int | float) and value == round(value)
        if kind == "money":
            return money_format(self.currency, 0 if whole else 2)
        return "#,##0" if whole else PLAIN


def _kind_of_figure(column: Column, row: Row) -> str:
    """Percent, money or number: as the column is, or as the row's unit says."""
    unit = str(row.get("unit") or row.get("by") or row.get("measure") or "")
    if column.kind == "percent" or (column.kind == "raw" and "%" in unit):
        return "percent"
    money = column.money or (unit == MONEY_UNIT and column.kind in ("raw", "number"))
    return "money" if money else "number"


def in_order(rows: int) -> Places:
    """A table that stood nowhere before: from the first row on, its columns in the schema's order."""
    return Places({}, {}, 0, tuple(range(1, rows + 1)))


def _blank_format(column: Column) -> str:
    """The format of cells that are still empty: 25 typed into a percent column becomes 25 %."""
    return {"percent": PERCENT, "date": DATE}.get(column.kind, "General")


def _own(heading: str) -> str:
    """A name for a planner's own column beside the attributes of ours."""
    return f"own {heading}"


def _in_turn(names: Iterable[str], stood: Mapping[str, int], first: int) -> dict[str, int]:
    """A place for every name: where it stood, else the next that is free, from `first` on.

    >>> _in_turn(["a", "b", "c"], {"b": 0}, 0)
    {'a': 1, 'b': 0, 'c': 2}
    """
    names = list(names)
    taken = {stood[name] for name in names if name in stood}
    free = (place for place in count(first) if place not in taken)
    return {name: stood[name] if name in stood else next(free) for name in names}


def _side(column: Column, place: int) -> dict[str, Any]:
    """Where a heading stands: above numbers on the right, above texts as they do."""
    return {"align": "right"} if column.is_figure else {"align": "left", "indent": int(place > 0)}


def _beside(value: object, place: int) -> dict[str, Any]:
    """Text stands apart from a number on its left."""
    return {"align": "left", "indent": 1} if isinstance(value, str) and place else {}


def _mark(column: Column) -> dict[str, Any]:
    return {"font_color": NEEDED} if column.required else {}


def explanation(column: Column) -> str:
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
