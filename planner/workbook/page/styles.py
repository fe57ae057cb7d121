"""How the result workbook looks: formats, colours, number formats, print set-up, safe text."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

from planner.campaign.inputs import Brief
from planner.formats import WITHOUT_CENTS, bought_text, currency_mark, short, shorten
from planner.workbook.page.paper import (
    A4,
    BOTTOM,
    LEFT,
    LETTER,
    RIGHT,
    ROW,
    TOP,
    page_height,
    parts_on_new_pages,
    scale_to_columns,
    scale_to_end,
)

if TYPE_CHECKING:  # the number formats are also looked at where nothing is written
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

INK, QUIET, RULE, HEAD, BAND = "#1F2933", "#52606D", "#CBD2D9", "#334E68", "#F0F4F8"
INPUT_FILL, INPUT_INK, EDITED, GOOD, BAD = "#FFF9DB", "#1C3FAA", "#FFD8A8", "#2F7D4F", "#B42318"
EDIT_TAB = "#F2C200"  # of the sheet whose yellow cells may be changed
FONT = "Calibri"
LONGEST_CELL = 32_000
# Characters of 10 points that a landscape page takes at 80 %, which are 8 points.
READABLE, SMALLEST, TIGHT = 170, 80, 70  # TIGHT: down to 7 points, where no page then holds little
# Characters that columns of a sheet of several pages take on the first, in a substitute font too.
ONE_PAGE = 120
TITLE_ROW = 26  # its height
REPEATED = 2  # columns that each page of a sheet of several repeats
COUNT, PERCENT, INDEX = "#,##0;-#,##0;–", "0.0%;-0.0%;–", "0"
PEOPLE = "[=0]–;[<100]#,##0.0;#,##0"  # thousands; a small audience with a decimal, as formats.people_text
ONE, TWO = "#,##0.0;-#,##0.0;–", "#,##0.00;-#,##0.00;–"
_ERROR = re.compile(r"(?<= )\+-(?=\d)|^\+-(?= is )")
POINTS, PLUS_MINUS = '+0.00" pts";-0.00" pts";–', '"±"0.00" pts"'  # a difference of shares, and its error


@dataclass
class Styles:
    """The formats of one workbook: asked for by what they look like, each made once; and its sheets."""

    plain: ClassVar[Mapping[str, Any]] = {"font_color": INK, "valign": "vcenter"}
    tab: ClassVar[str] = HEAD  # colour of its sheets' tabs
    book: "Workbook"
    brief: Brief
    made: dict[tuple[tuple[str, Any], ...], "Format"] = field(default_factory=dict)

    def get(self, **look: Any) -> "Format":
        """A format; keywords are XlsxWriter's."""
        look = fitting(look)
        key = tuple(sorted(look.items()))
        if key not in self.made:
            base = {"font_name": FONT, "font_size": 10, **self.plain}
            self.made[key] = self.book.add_format({**base, **look})
        return self.made[key]

    def page(self, name: str) -> "Page":
        """A new sheet, behind those there are."""
        sheet = self.book.add_worksheet(name)
        sheet.set_tab_color(self.tab)
        return Page(sheet, self)

    def money(self, decimals: int = 0) -> str:
        """Excel's number format for amounts in the campaign's currency."""
        return money_format(self.brief.currency, decimals)

    @property
    def title(self) -> "Format":
        return self.get(bold=True, font_size=18, font_color=HEAD)

    @property
    def subtitle(self) -> "Format":
        return self.get(font_color=QUIET)

    @property
    def remark(self) -> "Format":
        """What is said below a table or in place of its figures."""
        return self.get(font_color=QUIET, italic=True)

    @property
    def section(self) -> "Format":
        return self.get(bold=True, font_size=12, font_color=HEAD, bottom=2, bottom_color=HEAD)

    @property
    def text(self) -> "Format":
        return self.get(bottom=1, bottom_color=RULE)

    @property
    def label(self) -> "Format":
        """Short text that may stand beside a number on its left; shrinks rather than be cut off."""
        return self.get(shrink=True, indent=1, bottom=1, bottom_color=RULE)

    def medium(self, colour: str) -> "Format":
        """A medium's name beside a bar of its colour."""
        return self.get(left=5, left_color=colour, indent=1, bottom=1, bottom_color=RULE)

    @property
    def wrapped(self) -> "Format":
        return self.get(text_wrap=True, valign="top", bottom=1, bottom_color=RULE)

    def heading(self, number: bool = True, indent: int = 0) -> "Format":
        look: dict[str, Any] = {"align": "right"} if number else {"align": "left", "indent": indent}
        return self.get(bold=True, font_color="#FFFFFF", bg_color=HEAD, text_wrap=True, **look)

    def figure(self, number_format: str) -> "Format":
        return self.get(num_format=number_format, align="right", bottom=1, bottom_color=RULE)

    def total(self, number_format: str = "", grand: bool = False) -> "Format":
        look: dict[str, Any] = {"bold": True, "bg_color": BAND, "top": 2 if grand else 1, "top_color": HEAD}
        if number_format:
            look |= {"num_format": number_format, "align": "right"}
        return self.get(**look)


def money_format(currency: str, decimals: int = 0) -> str:
    """Excel's number format for amounts of a currency; nothing shows as a dash.

    >>> money_format("USD"), money_format("CHF", 2)
    ('"$"#,##0;-"$"#,##0;–', '"CHF "#,##0.00;-"CHF "#,##0.00;–')
    """
    places = 0 if currency.strip().upper() in WITHOUT_CENTS else decimals
    digits = "#,##0" + ("." + "0" * places if places else "")
    mark = _literal(currency)
    return f"{mark}{digits};-{mark}{digits};–"


def with_zero(number_format: str) -> str:
    """The format that shows nothing as 0, where a dash would say that it is not known.

    >>> with_zero(money_format("GBP"))
    '"£"#,##0;-"£"#,##0'
    """
    return number_format.rpartition(";")[0]


def money_axis_format(currency: str) -> str:
    """Excel's number format for the scale of a chart: thousands and millions in short.

    >>> money_axis_format("USD")
    '[>=1000000]"$"#,##0.0,,"m";[>=1000]"$"0,"k";"$"0'
    """
    mark = _literal(currency)
    return f'[>=1000000]{mark}#,##0.0,,"m";[>=1000]{mark}0,"k";{mark}0'


def with_thousands(number_format: str, bought_000: float) -> str:
    """The format of a number of insertions that tells beside it what is bought by the thousand.

    >>> with_thousands(COUNT, 6000.0), with_thousands(COUNT, 0.0) == COUNT
    ('#,##0" + 6m imp."', True)
    """
    if not bought_000:
        return number_format
    return f'{number_format.partition(";")[0]}" + {short(1000 * bought_000)} imp."'


def said_as(text: str) -> str:
    """The format of a number that is told in words; of one part alone programs put a minus before a negative's.

    >>> said_as("-6m imp.")
    '"-6m imp.";"-6m imp."'
    """
    return f'"{text}";"{text}"'


def _literal(currency: str) -> str:
    symbol = currency_mark(currency).replace('"', "").replace("\\", "")
    return f'"{symbol}"' if symbol else ""


@dataclass(frozen=True)
class Page:
    """A sheet being written, with the formats of its workbook. Rows and columns count from 0."""

    sheet: "Worksheet"
    styles: Styles
    heights: dict[int, float] = field(default_factory=dict)  # points, of rows that are higher than others

    @property
    def book(self) -> "Workbook":
        return self.styles.book

    def put(self, row: int, column: int, text: str, style: "Format | None" = None) -> None:
        """Text as text, whatever it starts with."""
        if text:
            self.sheet.write_string(row, column, text[:LONGEST_CELL], style)
        else:
            self.sheet.write_blank(row, column, None, style)

    def number(self, row: int, column: int, value: float | None, style: "Format") -> None:
        """A number, or an empty cell where there is none."""
        if value is None:
            self.sheet.write_blank(row, column, None, style)
        else:
            self.sheet.write_number(row, column, value, style)

    def formula(
        self, row: int, column: int, formula: str, *, style: "Format", value: float | str | None
    ) -> None:
        """A live formula together with the value it has now (None where it shows nothing)."""
        self.sheet.write_formula(row, column, formula, style, "" if value is None else value)

    def figures(self, row: int, column: int, figures: Iterable[tuple[float | None, str]]) -> None:
        """Numbers side by side, each with its number format."""
        for place, (value, number_format) in enumerate(figures, column):
            self.number(row, place, value, self.styles.figure(number_format))

    def counted(
        self, row: int, column: int, insertions: float, bought_000: float, number_format: str
    ) -> None:
        """Insertions as a number; contacts bought by the thousand beside them in words, which no sum takes for more."""
        if not bought_000:
            self.number(row, column, insertions, self.styles.figure(number_format))
        elif not insertions:
            self.put(row, column, bought_text(0, bought_000), self.styles.figure(""))
        else:
            self.number(
                row, column, insertions, self.styles.figure(with_thousands(number_format, bought_000))
            )

    def headings(self, row: int, column: int, headings: Sequence[str], *, texts: int) -> None:
        """A header row whose first `texts` columns are text (left) and the others numbers (right)."""
        for place, heading in enumerate(headings):
            self.put(row, column + place, heading, self.styles.heading(number=place >= texts))

    def section(self, row: int, columns: tuple[int, int], text: str) -> None:
        """The title of a part of the sheet, underlined from the first to the last column."""
        for column in range(columns[0], columns[1] + 1):
            self.sheet.write_blank(row, column, None, self.styles.section)
        self.put(row, columns[0], text, self.styles.section)

    def paragraph(
        self, row: int, columns: tuple[int, int], text: str, *, style: "Format", width: float
    ) -> None:
        """Text across columns that are `width` characters wide together, the row as high as it needs."""
        self.sheet.merge_range(row, columns[0], row, columns[1], "", style)
        self.put(row, columns[0], unbroken(text), style)
        self.make_room(row, lines_needed(text, width))

    def title(self, text: str, *below: str) -> None:
        """The sheet's title, and what is to be known of it in the rows below."""
        self.put(0, 0, text, self.styles.title)
        self.make_high(0, TITLE_ROW)
        for row, told in enumerate(below, 1):
            self.put(row, 0, told, self.styles.subtitle)

    def make_room(self, row: int, lines: int) -> None:
        """Height for so many lines of wrapped text."""
        if lines > 1:
            self.make_high(row, 4 + 13.5 * lines)

    def make_high(self, row: int, points: float) -> None:
        """A row of another height than the sheet's."""
        self.sheet.set_row(row, points)
        self.heights[row] = points

    def widths(self, widths: Iterable[float]) -> None:
        """Column widths from the first column on, in characters."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)

    def set_up(
        self,
        *,
        header_row: int,
        frozen: int | None = 1,
        one_page: bool = False,
        width: float = 0,
        columns: Sequence[float] = (),
        rows: int = 0,
    ) -> None:
        """The headers stay in sight, with so many columns (frozen; None: nothing does). Landscape, headers repeated,
        campaign and page number in the margins; one page wide. width: of all columns, in characters, where they may
        take several pages: then as many as 8 points or more need, the first columns on each. columns: their widths, and
        rows: how many, of such a sheet; those that nearly end on a page do."""
        if frozen is not None:
            self.sheet.freeze_panes(header_row + 1, frozen)
        self.sheet.hide_gridlines(2)
        if width > READABLE:
            height = sum(self.heights.get(row, ROW) for row in range(rows))
            paper = paper_of(self.styles.brief)
            scale = scale_to_columns(paper, columns, REPEATED, SMALLEST, TIGHT)
            self.sheet.set_print_scale(scale_to_end(paper, height, scale, TIGHT) if rows else scale)
            self.sheet.repeat_columns(0, REPEATED - 1)
        else:
            self.sheet.fit_to_pages(1, 1 if one_page else 0)
        self.sheet.repeat_rows(header_row)
        set_margins(self.sheet, self.styles.brief)


def paper_of(brief: Brief) -> int:
    """The paper of the currency's country."""
    return LETTER if brief.currency.strip().upper() == "USD" else A4


def set_margins(sheet: "Worksheet", brief: Brief) -> None:
    """Landscape on the paper of the currency's country; campaign, sheet, client and page in the margins."""
    sheet.set_landscape()
    sheet.set_paper(paper_of(brief))
    sheet.set_margins(left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    sheet.set_header(f"&L{_margin(brief.campaign or 'Media plan')}&R{sheet.get_name()}")
    sheet.set_footer(f"&L{_margin(brief.client)}&RPage &P of &N")


def _margin(text: str) -> str:
    """Text for a header or footer: short, and without the codes that an ampersand starts."""
    # XlsxWriter takes "&&G" for a picture and leaves the margin blank: a space keeps the letter from the sign.
    return re.sub(r"&(?=G|\[Picture\])", "& ", shorten(text, 80)).replace("&", "&&")


def fitting(look: Mapping[str, Any]) -> dict[str, Any]:
    """A format, XlsxWriter's keywords, in which a number too wide for its column is small, never ###."""
    shrinks = "num_format" in look and "text_wrap" not in look
    return {**look, "shrink": True} if shrinks else dict(look)


def text_width(texts: Iterable[str], least: float) -> float:
    """Characters that the longest text takes, within what a page can spare."""
    return min(max([least, *(len(text) + 2.0 for text in texts)]), 16)


def unbroken(text: str) -> str:
    """A sentence for a cell: an error that no line parts from its sign, which the terminal has in two letters.

    >>> unbroken("-0.71 +-0.76 points"), unbroken("+- is the error"), unbroken("A+-B +-C")
    ('-0.71 ±0.76 points', '± is the error', 'A+-B +-C')
    """
    return _ERROR.sub("±", text)


def lines_needed(text: str, width: float) -> int:
    """Lines that a text takes in a cell `width` digits wide (letters are narrower; a little generous)."""
    room = max(1, int(width * 1.28))
    return sum(max(1, -(-len(line) // room)) for line in text.splitlines() or [""])


# --- how a sheet stands on its printed pages --------------------------------------------------------


def write_head(page: Page, title: str, subtitle: str, widths: Sequence[float]) -> None:
    """Title and subtitle side by side in the first row of a wide sheet: the title within the columns that every
    page repeats, so that none cuts it, the subtitle within the others of the first page. widths: of all columns,
    in characters."""
    taken = [sum(widths[: place + 1]) for place in range(len(widths))]
    last, room = max(REPEATED, sum(width <= ONE_PAGE for width in taken) - 1), taken[REPEATED - 1]
    quiet = page.styles.get(font_color=QUIET, text_wrap=True, indent=1)
    page.paragraph(0, (REPEATED, last), subtitle, style=quiet, width=taken[last] - room)
    large = page.styles.get(bold=True, font_size=16, font_color=HEAD, text_wrap=True)
    page.paragraph(0, (0, REPEATED - 1), title, style=large, width=room)
    lines = lines_needed(title, room / 2)  # a letter of 16 points, bold, is nearly two
    page.make_high(0, max(TITLE_ROW * lines, ROW * lines_needed(subtitle, taken[last] - room)))


def keep_together(page: Page, starts: Sequence[int], end: int, high: float, *, whole: bool = True) -> None:
    """End pages so that no part of the sheet is cut that fits on one; of longer ones, and of all unless they are
    to stay whole, the first rows stay together. starts: the first rows of the parts, end: the row after the last
    one; high: points of rows on a page. The first row is repeated on each page.
    """
    spans = zip(starts, [*starts[1:], end], strict=True)
    parts = [[page.heights.get(row, ROW) for row in range(first, after)] for first, after in spans]
    new = parts_on_new_pages(parts, high, page.heights.get(0, ROW), whole=whole)
    page.sheet.set_h_pagebreaks([starts[number] for number in new])


def page_points(page: Page, widths: Sequence[float], most: float = 1.0) -> float:
    """Points of rows on a page of the campaign's paper. widths: of the columns, in characters; most: the scale that
    is not passed."""
    return page_height(paper_of(page.styles.brief), widths, most)
