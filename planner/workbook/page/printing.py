"""How a sheet stands on its printed pages: the head within the first, parts that are not cut."""

from collections.abc import Sequence

from planner.workbook.page.paper import ROW, page_height, parts_on_new_pages
from planner.workbook.page.styles import (
    HEAD,
    ONE_PAGE,
    QUIET,
    REPEATED,
    TITLE_ROW,
    Page,
    lines_needed,
    paper_of,
)


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
