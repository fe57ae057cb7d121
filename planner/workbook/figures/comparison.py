"""The comparison workbook: one sheet, Compare, that sets two plans side by side."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlsxwriter.format import Format

from planner.comparing.pair import Pair, grouped
from planner.comparing.side_by_side import SideBySide, VehiclePair
from planner.excel.notation import cell_reference
from planner.formats import is_whole
from planner.report.comparing.calendar_text import AS_BILLED
from planner.report.comparing.compare_text import notices, plan_heading, sentences
from planner.report.why.explain import change_text, count_text
from planner.workbook.page.book import write_book
from planner.workbook.page.charts import Extent, Place, Series, add_pair_chart
from planner.workbook.page.files import Target
from planner.workbook.page.styles import (
    COUNT,
    ONE,
    PEOPLE,
    PERCENT,
    PLUS_MINUS,
    POINTS,
    QUIET,
    RULE,
    TWO,
    Page,
    keep_together,
    lines_needed,
    money_axis_format,
    money_format,
    page_points,
    said_as,
)

_TITLE = "Two plans side by side"
WIDTHS = (34, 22, *([11.5] * 13))
LAST = len(WIDTHS) - 1
WHOLE = sum(WIDTHS)
CHART_WIDTH, LEAST_CHART_ROWS, ROW_PIXELS, SECOND_CHART = 640, 15, 20, 5
HEADED = 5  # rows of a table that stand together: its title, its headings, the first of its rows
A_CELLS, B_CELLS = (2, 7), (8, 13)  # columns of what each campaign says


def write_comparison(compared: SideBySide, path: Path | Target) -> None:
    """Write the workbook; raises OutputError when it cannot stand where it was asked for."""
    brief = compared.plans[0].campaign.brief
    write_book(
        path, brief, lambda styles: write_compare_sheet(styles.page("Compare"), compared), title=_TITLE
    )


def write_compare_sheet(page: Page, compared: SideBySide) -> None:
    """Write the sheet: what differs between the campaigns, the words, the charts, the tables."""
    page.widths(WIDTHS)
    page.title(_TITLE, *(f"{name}: {plan_heading(compared, side)}" for side, name in enumerate("AB")))
    row = _write_differences(page, 4, compared)
    row = _write_lines(page, row, "In words", sentences(compared))
    chart_rows = max(LEAST_CHART_ROWS, 7 + 2 * len(compared.audiences))
    charts, row = row, row + chart_rows + 1
    audiences, row = row, _write_audiences(page, row, compared)
    media, row = row, _write_media(page, row, compared)
    calendar, row = row, _write_calendar(page, row, compared)
    vehicles, row = row, _write_vehicles(page, row, compared)
    known, row = row, _write_lines(page, row, "What to know", notices(compared))
    _write_charts(page, compared, (charts, audiences + 2, media + 2), ROW_PIXELS * chart_rows)
    page.set_up(header_row=0)
    each = range(vehicles + HEADED, known)  # a list of vehicles may go on upon the next page
    starts = dict.fromkeys((0, charts, audiences, media, calendar, vehicles, *each, known))
    keep_together(page, [start for start in starts if start < row], row, page_points(page, WIDTHS))


# --- words --------------------------------------------------------------------------------------------


def _write_differences(page: Page, row: int, compared: SideBySide) -> int:
    """What the campaigns state differently; returns the row after."""
    page.section(row, (0, LAST), "What differs between the campaigns")
    told = grouped(compared.differences)
    if not told:
        page.put(row + 1, 0, "Nothing: the two campaigns state the same.", page.styles.get())
        return row + 3
    page.headings(row + 1, 0, ("Where", "What"), texts=2)
    heading = page.styles.heading(number=False)
    page.sheet.merge_range(row + 1, A_CELLS[0], row + 1, A_CELLS[1], "A", heading)
    page.sheet.merge_range(row + 1, B_CELLS[0], row + 1, B_CELLS[1], "B", heading)
    width = sum(WIDTHS[A_CELLS[0] : A_CELLS[1] + 1])
    for at, found in enumerate(told, row + 2):
        where = f"{found.sheet}: {found.row}" if found.row else found.sheet
        page.put(at, 0, where, page.styles.wrapped)
        page.put(at, 1, found.what or "in the campaign", page.styles.wrapped)
        for cells, text in ((A_CELLS, found.a), (B_CELLS, found.b)):
            page.paragraph(at, cells, text, style=page.styles.wrapped, width=width)
        texts = ((where, WIDTHS[0]), (found.what, WIDTHS[1]), (found.a, width), (found.b, width))
        page.make_room(at, max(lines_needed(text, room) for text, room in texts))
    return row + 3 + len(told)


def _write_lines(page: Page, row: int, title: str, lines: Sequence[str]) -> int:
    """A titled part of sentences, one below the other; returns the row after."""
    if not lines:
        return row
    page.section(row, (0, LAST), title)
    for at, text in enumerate(lines, row + 1):
        page.paragraph(at, (0, LAST), text, style=page.styles.get(text_wrap=True), width=WHOLE)
    return row + len(lines) + 2


# --- tables -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Figures:
    """A pair on the sheet: number formats of a, of b, and of the difference ("" = none is shown)."""

    pair: Pair
    a: str
    b: str = ""
    difference: str = ""

    @property
    def cells(self) -> int:
        return 1 + bool(self.b) + bool(self.difference)


def _write_figures(page: Page, row: int, figures: Sequence[_Figures]) -> None:
    """Figures of A and B, and B less A as a live formula, from the third column on."""
    column = 2
    for found in figures:
        both = ((found.pair.a, found.a), (found.pair.b, found.b))
        page.figures(row, column, both if found.b else both[:1])
        if found.difference:
            style = page.styles.get(num_format=found.difference, align="right", bold=True,
                                    bottom=1, bottom_color=RULE)  # fmt: skip
            _write_difference(page, (row, column + 2), found, style)
        column += found.cells


def _write_difference(page: Page, at: tuple[int, int], found: _Figures, style: Format) -> None:
    row, column = at
    if found.pair.difference is None:
        page.number(row, column, None, style)
        return
    a, b = (cell_reference(row, column - back) for back in (2, 1))
    times = 100 if found.difference == POINTS else 1
    formula = f"=100*({b}-{a})" if times == 100 else f"={b}-{a}"
    page.formula(row, column, formula, style=style, value=times * found.pair.difference)


def _signed(number_format: str) -> str:
    """A number format whose positive part bears a plus.

    >>> _signed("#,##0;-#,##0;–")
    '+#,##0;-#,##0;–'
    """
    return f"+{number_format}"


def _write_table(
    page: Page,
    row: int,
    head: tuple[str, Sequence[str]],
    rows: Sequence[tuple[str, str, Sequence[_Figures]]],
    style: Callable[[int], Format] | None = None,
) -> int:
    """A titled table; returns the row after. style: of the name in the n-th row."""
    title, headings = head
    page.section(row, (0, LAST), title)
    page.headings(row + 1, 0, headings, texts=2)
    page.make_high(row + 1, 32)
    for place, (name, text, figures) in enumerate(rows):
        at = row + 2 + place
        page.put(at, 0, name, page.styles.wrapped if style is None else style(place))
        page.put(at, 1, text, page.styles.wrapped)
        page.make_room(at, min(3, max(lines_needed(name, WIDTHS[0]), lines_needed(text, WIDTHS[1]))))
        _write_figures(page, at, figures)
    return row + 3 + len(rows)


def _write_audiences(page: Page, row: int, compared: SideBySide) -> int:
    times = compared.times
    effective = (f"{times}+ A", f"{times}+ B", "Difference") if times > 1 else ()
    headings = ("Audience", "Who", "People A (000)", "People B (000)", "Reach A", "Reach B", "Difference",
                "Frequency A", "Frequency B", "GRP A", "GRP B", *effective, "Model's error, of reach")  # fmt: skip
    who = {found.name: found.definition for plan in compared.plans[::-1] for found in plan.audiences}
    rows = []
    for pair in compared.audiences:
        figures = [
            _Figures(pair.population_000, PEOPLE, PEOPLE),
            _Figures(pair.reach, PERCENT, PERCENT, POINTS),
            _Figures(pair.frequency, TWO, TWO),
            _Figures(pair.grp, ONE, ONE),
            *([_Figures(pair.effective, PERCENT, PERCENT, POINTS)] if times > 1 else []),
            _Figures(
                Pair(None if pair.reach.difference is None else 100 * pair.error or None, None), PLUS_MINUS
            ),
        ]
        text = who.get(pair.name, "") if pair.same_people else "not the same people in A and B"
        rows.append((pair.name, text, figures))
    return _write_table(page, row, ("Reach and frequency by audience", headings), rows)


def _write_media(page: Page, row: int, compared: SideBySide) -> int:
    headings = ("Medium", "", "Cost A", "Cost B", "Difference", "Share A", "Share B", "Difference")
    rows: list[tuple[str, str, Sequence[_Figures]]] = [
        (pair.name, "", (_money(compared, pair.cost), _Figures(pair.share, PERCENT, PERCENT, POINTS)))
        for pair in compared.media
    ]
    rows.append(("All media", "", (_money(compared, compared.cost),)))
    bold = page.styles.get(bold=True, bottom=1, bottom_color=RULE)
    head, last = ("Money by medium", headings), len(rows) - 1
    return _write_table(page, row, head, rows, lambda n: bold if n == last else page.styles.text)


def _write_calendar(page: Page, row: int, compared: SideBySide) -> int:
    """What stands in each week or month, where both plans have a calendar."""
    calendar = compared.calendar
    if calendar is None:
        return row
    headings = (calendar.by.capitalize(), "", "Cost A", "Cost B", "Difference", "Insertions A", "Insertions B",
                "GRP A", "GRP B", "Difference", "Reach so far A", "Reach so far B", "Difference",
                "Model's error")  # fmt: skip
    whole = all(
        is_whole(n or 0.0) for pair in calendar.periods for n in (pair.insertions.a, pair.insertions.b)
    )
    counts = COUNT if whole else TWO
    rows: list[tuple[str, str, Sequence[_Figures]]] = [
        (
            period.name,
            "",
            (
                _money(compared, period.cost),
                _Figures(period.insertions, counts, counts),
                _Figures(period.grp, ONE, ONE, _signed(ONE)),
                _Figures(period.reach, PERCENT, PERCENT, POINTS),
                _Figures(Pair(100 * period.reach_error or None, None), PLUS_MINUS),
            ),
        )
        for period in calendar.periods
    ]
    return _write_table(page, row, (f"In time, by {calendar.by}; {AS_BILLED}", headings), rows)


def _money(compared: SideBySide, pair: Pair) -> _Figures:
    a, b = (money_format(plan.campaign.brief.currency) for plan in compared.plans)
    return _Figures(pair, a, b, _signed(a))


def _write_vehicles(page: Page, row: int, compared: SideBySide) -> int:
    """Every vehicle that either plan buys or one campaign lacks, the largest change first."""
    headings = ("Vehicle", "Medium", "Insertions A", "Insertions B", "Difference", "Cost A", "Cost B",
                "Difference")  # fmt: skip
    counts = (count for pair in compared.vehicles for count in (pair.insertions.a, pair.insertions.b))
    whole = all(count is None or is_whole(count) for count in counts)
    insertions = COUNT if whole else TWO
    rows = []
    for pair in compared.vehicles:
        only = f" (only in campaign {pair.only_in.upper()})" if pair.only_in else ""
        figures = (_counts(pair, insertions), _money(compared, pair.cost))
        rows.append((f"{pair.name}{only}", pair.medium, figures))
    same = page.styles.get(text_wrap=True, valign="top", font_color=QUIET, bottom=1, bottom_color=RULE)
    changed = [pair.differs for pair in compared.vehicles]
    title = "Insertions and cost by vehicle, the largest change first; vehicles that neither plan buys are left out"
    return _write_table(
        page, row, (title, headings), rows, lambda n: page.styles.wrapped if changed[n] else same
    )


def _counts(pair: VehiclePair, whole: str) -> _Figures:
    """What both plans buy of a vehicle: insertions, in a format, or contacts of a line bought by the thousand."""
    counts, unit = (pair.insertions.a, pair.insertions.b), pair.unit_000
    if not unit:
        return _Figures(pair.insertions, whole, whole, _signed(whole))
    a, b = (None if count is None else 1000 * unit * count for count in counts)
    told = (*(count_text(count or 0.0, unit) for count in counts), change_text(pair.changed, unit))
    return _Figures(Pair(a, b), *map(said_as, told))


# --- charts -------------------------------------------------------------------------------------------


def _write_charts(page: Page, compared: SideBySide, rows: tuple[int, int, int], height: int) -> None:
    """Reach by audience, and money by medium. rows: of the charts, of the first audience, of the first medium."""
    top, audiences, media = rows
    if compared.audiences:
        add_pair_chart(
            Place(page.book, page.sheet, top, 0, CHART_WIDTH, height),
            _series(page, audiences, len(compared.audiences), 4),
            _extent([(pair.name, pair.reach) for pair in compared.audiences]),
            titles=("Reach by audience, plan A and plan B", "Audience"),
            look=("People reached (% of the audience)", "0%", "0.0%"),
        )
    if compared.media:
        add_pair_chart(
            Place(page.book, page.sheet, top, SECOND_CHART, CHART_WIDTH, height),
            _series(page, media, len(compared.media), 5 if compared.money_apart else 2),
            _extent([(pair.name, pair.share) for pair in compared.media]),
            titles=("Spend by medium, plan A and plan B", "Medium"),
            look=_spend_look(compared),
        )


def _extent(pairs: Sequence[tuple[str, Pair]]) -> Extent:
    """How long the bars and their names are."""
    most = max(max(pair.a or 0.0, pair.b or 0.0) for _, pair in pairs)
    return Extent(most, max(len(name) for name, _ in pairs))


def _spend_look(compared: SideBySide) -> tuple[str, str, str]:
    """The name of the axis of spend, and its formats; shares where the plans' money is not the same."""
    currency = compared.plans[0].campaign.brief.currency
    if compared.money_apart:
        return "Share of the plan's spend (%)", "0%", "0.0%"
    return f"Spend ({currency})" if currency else "Spend", money_axis_format(currency), money_format(currency)


def _series(page: Page, first: int, count: int, column: int) -> list[Series]:
    """The figures of A and of B, in two columns side by side."""
    sheet, last = page.sheet.get_name(), first + count - 1
    return [
        Series(f"Plan {name}", [sheet, first, 0, last, 0], [sheet, first, at, last, at])
        for at, name in enumerate("AB", column)
    ]
