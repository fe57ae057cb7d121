"""How much of a sheet a printed page takes, so that no chart is cut at its edge."""

from collections.abc import Sequence
from itertools import count, takewhile

LETTER, TABLOID, A3, A4 = 1, 3, 8, 9  # Excel's numbers
SIZES = {
    LETTER: (11.0, 8.5),
    TABLOID: (17.0, 11.0),
    A3: (16.54, 11.69),
    A4: (11.69, 8.27),
}  # landscape, inches
LEFT, RIGHT, TOP, BOTTOM = 0.4, 0.4, 0.7, 0.6  # margins, inches
ROW = 15.0  # height of a row that nobody set, in points
_POINTS = 72  # of an inch
# A page may end so much earlier or later: programs without Calibri have wider columns, which make it take more rows.
_EARLIER, _LATER = 0.97, 1.1


def page_height(paper: int, widths: Sequence[float]) -> float:
    """Points of rows on a page onto which all columns are fitted. widths: of the columns, in characters.

    >>> round(page_height(A4, [100.0])), round(page_height(A4, [100.0] * 2))
    (502, 677)
    """
    wide, high = SIZES[paper]
    across = 0.75 * sum(
        int(7 * width + 0.5) + 5 for width in widths
    )  # a character has 7 pixels, a cell 5 beside it
    return _POINTS * (high - TOP - BOTTOM) / min(1.0, _POINTS * (wide - LEFT - RIGHT) / across)


def is_cut(top: float, height: float, page: float, repeated: float) -> bool:
    """Whether a page may end inside a chart. top, height: of the chart, page: of a page's rows, repeated: of the
    headings on every page but the first, all in points.

    >>> is_cut(300, 150, 500, 0), is_cut(400, 120, 500, 0), is_cut(880, 60, 500, 50), is_cut(1050, 60, 500, 50)
    (False, True, True, False)
    """
    ends = takewhile(lambda end: _EARLIER * end < top + height, count(page, page - repeated))
    return any(top < _LATER * end for end in ends)
