"""Writes input sheets by their schema: headings, notes, drop-downs, widths, number formats.

The template, the example and the campaign's own sheets in a result workbook all come from here, so
that they look the same and are read the same. Text is always written as text.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, ClassVar

from xlsxwriter.format import Format

from planner.campaign.inputs import OwnSheet
from planner.names import heading_key
from planner.workbook.page.styles import HEAD, QUIET, Page, Styles, lines_needed, set_margins
from planner.workbook.schema.columns import Column, Places, SheetSchema
from planner.workbook.schema.people_sheets import COMPOSITION
from planner.workbook.schema.sheets import BRIEF, MONEY_UNIT, SCENARIOS, VEHICLES, WEEKS

NEEDED, INPUT_TAB = "#9C4221", "#9AA5B1"
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
class SheetWriter(Styles):
    """Adds input sheets to a workbook. margins: whether campaign and client stand in those of a printed page.
    hide_blank: whether a sheet that would hold nothing but headings is hidden, and so not printed."""

    plain: ClassVar[Mapping[str, Any]] = {"valign": "top"}
    tab: ClassVar[str] = INPUT_TAB
    margins: bool = False
    hide_blank: bool = False

    def page(self, name: str) -> Page:
        """A new sheet; the tabs of those that every campaign needs are brown."""
        page = super().page(name)
        if name in (BRIEF.name, VEHICLES.name, COMPOSITION.name):
            page.sheet.set_tab_color(NEEDED)
        return page

    def key_values(self, answers: Row, rows: Mapping[str, int] | None = None) -> None:
        """The Brief: keys, values, and what each key means. rows: where some keys stand; the others follow."""
        rows = rows or {}
        places = _in_turn(
            [column.attribute for column in BRIEF.columns], rows, max(rows.values(), default=0) + 1
        )
        page = self.page(BRIEF.name)
        page.widths((30, 26, 90))
        for place, text in enumerate(("Key", "Value", "What it means") if 0 not in places.values() else ()):
            page.put(0, place, text, self.head())
        for column in BRIEF.columns:
            number = places[column.attribute]
            mark = {"font_color": NEEDED} if column.required else {}
            page.put(number, 0, column.heading, self.get(bold=True, **mark))
            self._write(page, (number, 1), column, answers, align="left")
            page.put(number, 2, explanation(column), self.get(text_wrap=True, font_color=QUIET))
            _drop_down(page, column, number, number, 1)
            lines = max(lines_needed(explanation(column), 90), lines_needed(column.heading, 26))
            page.make_high(number, 3 + 13.5 * lines)
        self.prepare(page)

    def table(
        self,
        schema: SheetSchema,
        rows: Sequence[Row],
        places: Places | None = None,
        own: Mapping[str, Sequence[object]] | None = None,
    ) -> None:
        """A table. places: where it stood, which it keeps. own: the planner's own columns."""
        page = self.page(schema.name)
        columns = {c.attribute: c for c in schema.columns}
        places, own = places or in_order(len(rows)), own or {}
        stood = {**places.columns, **dict(zip(map(_own, places.own), places.own.values(), strict=True))}
        turn = _in_turn([*columns, *map(_own, own)], stood, 0)
        for attribute, column in columns.items():
            self._column(page, column, turn[attribute], (places, rows))
        for heading, values in own.items():
            self._own_column(page, heading, turn[_own(heading)], (places, values))
        page.make_high(places.header, HEADER_HEIGHT)
        if "source" in columns and turn["source"] == max(turn.values()):  # it would make all else tiny
            page.sheet.print_area(0, 0, max((1, *places.rows)), turn["source"] - 1)
        width = sum(column.width for name, column in columns.items() if name != "source")
        self.prepare(page, width, places.header)
        self._hide(page, rows)

    def _column(self, page: Page, column: Column, place: int, filled: tuple[Places, Sequence[Row]]) -> None:
        """A column of the schema: its heading with a note, its choices, its values."""
        (places, rows), head = filled, filled[0].header
        page.sheet.set_column(place, place, column.width, self.get(num_format=_blank_format(column)))
        page.put(head, place, column.heading, self.head(column.required, **_side(column, place)))
        note = explanation(column)
        page.sheet.write_comment(head, place, note, {"x_scale": 2, "y_scale": max(1.0, len(note) / 180)})
        _drop_down(page, column, head + 1, head + max(DROP_DOWN_ROWS, len(rows)), place)
        for number, row in zip(places.rows, rows, strict=True):
            self._write(page, (number, place), column, row)

    def _own_column(
        self, page: Page, heading: str, place: int, filled: tuple[Places, Sequence[object]]
    ) -> None:
        """A column of the planner's own, as it stood."""
        places, values = filled
        page.sheet.set_column(place, place, OWN_WIDTH)
        look = self.get(bold=True, text_wrap=True, valign="vcenter", **_beside(heading, place))
        page.put(places.header, place, heading, look)
        for number, value in zip(places.rows, values, strict=True):
            self.put(page, (number, place), value, **_beside(value, place))

    def shares(
        self, schema: SheetSchema, traits: Sequence[str], rows: ShareRows, places: Places | None = None
    ) -> None:
        """A sheet of percentages: a row per vehicle, a column per trait or type. places: columns by trait, the
        vehicles' under ""."""
        page = self.page(schema.name)
        places = places or in_order(len(rows))
        turn, head = _in_turn(["", *traits], places.columns, 0), places.header
        page.sheet.set_column(turn[""], turn[""], schema.key.width)
        page.put(head, turn[""], schema.key.heading, self.head(needed=True))
        page.sheet.write_comment(head, turn[""], schema.help, {"x_scale": 2, "y_scale": 1.5})
        for trait in traits:
            page.sheet.set_column(turn[trait], turn[trait], 14, self.get(num_format=PERCENT))
            page.put(head, turn[trait], trait, self.head(align="right"))
        for number, (vehicle, shares) in zip(places.rows, rows, strict=True):
            self.put(page, (number, turn[""]), vehicle)
            for trait, share in zip(traits, shares, strict=True):
                self.put(page, (number, turn[trait]), share, PERCENT)
        page.make_high(head, HEADER_HEIGHT)
        self.prepare(page, schema.key.width + 14 * len(traits), head)
        self._hide(page, rows)

    def weeks(self, headings: Sequence[date | str], rows: Sequence[WeekRow]) -> None:
        """Weeks: a column per week, headed by its Monday or its number."""
        page = self.page(WEEKS.name)
        page.sheet.set_column(0, 0, WEEKS.key.width)
        page.put(0, 0, WEEKS.key.heading, self.head())
        page.sheet.write_comment(0, 0, WEEKS.help, {"x_scale": 3, "y_scale": 2})
        for place, heading in enumerate(headings, 1):
            page.sheet.set_column(place, place, 11)
            self.put(page, (0, place), heading, **HEADING, bg_color=HEAD, align="right")
        for number, row in enumerate(rows, 1):
            self.put(page, (number, 0), row.name)
            for place, value in enumerate(row.values, 1):
                side = {"align": "right"} if isinstance(value, str) else {}
                self.put(page, (number, place), value, row.number_format, **side)
        page.make_high(0, HEADER_HEIGHT)
        self.prepare(page, WEEKS.key.width + 11 * len(headings))
        self._hide(page, rows)

    def scenarios(self, stood: OwnSheet | None) -> None:
        """Scenarios: as it stood in the campaign; blank, with a column for budgets, where there was none."""
        page = self.page(SCENARIOS.name)
        headings = stood.headings if stood else (*(column.heading for column in SCENARIOS.columns), "Budget")
        for place, heading in enumerate(headings):
            self._scenario_heading(page, place, heading)
        for number, row in enumerate(stood.rows if stood else (), 1):
            for place, (value, percent) in ((place, cell) for place, cell in enumerate(row) if cell):
                self.put(page, (number, place), value, PERCENT if percent else "General")
        page.make_high(0, HEADER_HEIGHT)
        self.prepare(page)

    def _scenario_heading(self, page: Page, place: int, heading: str) -> None:
        """The heading of a column of ours, explained, or of what a scenario changes."""
        ours = {heading_key(column.heading): column for column in SCENARIOS.columns}
        column = ours.get(heading_key(heading))
        page.sheet.set_column(place, place, column.width if column else OWN_WIDTH)
        page.put(0, place, heading, self.head(needed=column is SCENARIOS.key))
        if column is not None:
            note = explanation(column) if column is not SCENARIOS.key else SCENARIOS.help
            page.sheet.write_comment(0, place, note, {"x_scale": 2, "y_scale": 1.5})
            _drop_down(page, column, 1, DROP_DOWN_ROWS, place)

    def head(self, needed: bool = False, **look: Any) -> Format:
        """The look of a heading; needed: of a column that must be filled in."""
        return self.get(**HEADING, bg_color=NEEDED if needed else HEAD, **look)

    def put(
        self, page: Page, at: tuple[int, int], value: object, shown: str = "General", **look: Any
    ) -> None:
        """A value as what it is; None leaves the cell. shown: the number format of a number."""
        if isinstance(value, bool):
            page.sheet.write_boolean(*at, value, self.get(**look))
        elif isinstance(value, int | float):
            page.sheet.write_number(*at, value, self.get(num_format=shown, **look))
        elif isinstance(value, date):
            page.sheet.write_datetime(*at, value, self.get(num_format=DATE, **look))
        elif value is not None:
            page.put(*at, str(value), self.get(**look))

    def prepare(self, page: Page, width: float = 0, head: int = 0) -> None:
        """Printed as many pages wide as it takes to be read, headings (in row `head`) and first column on each."""
        page.sheet.freeze_panes(head + 1, 1)
        page.sheet.set_landscape()
        page.sheet.fit_to_pages(max(1, -(-int(width) // PAGE_WIDTH)), 0)
        page.sheet.repeat_rows(head)
        if width > PAGE_WIDTH:
            page.sheet.repeat_columns(0)
        if self.margins:
            set_margins(page.sheet, self.brief)

    def _hide(self, page: Page, rows: Sequence[object]) -> None:
        if self.hide_blank and not rows:
            page.sheet.hide()

    def _write(self, page: Page, at: tuple[int, int], column: Column, row: Row, **look: Any) -> None:
        """A row's value in a column; a blank has the column's format."""
        value = row.get(column.attribute)
        if value is None or value == "":
            page.number(*at, None, self.get(num_format=_blank_format(column), **look))
        elif isinstance(value, bool):
            self.put(page, at, "yes" if value else "no", **look)
        else:
            side = look or _beside(value, at[1])
            self.put(page, at, value, self._number_format(column, value, row), **side)

    def _number_format(self, column: Column, value: Value, row: Row) -> str:
        kind = _kind_of_figure(column, row)
        if kind == "percent":
            return PERCENT
        whole = isinstance(value, int | float) and value == round(value)
        if kind == "money":
            return self.money(0 if whole else 2)
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


def _drop_down(page: Page, column: Column, first: int, last: int, place: int) -> None:
    if column.choices:
        page.sheet.data_validation(first, place, last, place, {
            "validate": "list", "source": list(column.choices), "error_type": "warning",
            "error_title": column.heading[:32], "error_message": f"Expected: {', '.join(column.choices)}.",
        })  # fmt: skip
