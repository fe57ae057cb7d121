"""How much of a sheet a printed page takes, so that no part of it is cut at its edge."""

from collections.abc import Sequence

LETTER, TABLOID, A3, A4 = 1, 3, 8, 9  # Excel's numbers
# Landscape, inches.
SIZES = {LETTER: (11.0, 8.5), TABLOID: (17.0, 11.0), A3: (16.54, 11.69), A4: (11.69, 8.27)}
LEFT, RIGHT, TOP, BOTTOM = 0.4, 0.4, 0.55, 0.5  # margins, inches
ROW = 15.0  # height of a row that nobody set, in points
_POINTS = 72  # of an inch
_EARLIER = 0.97  # a page may end so much earlier than its size says
_NARROWER = 0.93  # or be so much narrower, beside columns in a substitute font
_BEGINNING = 6  # rows of a part longer than a page that stand together with its title


def page_height(paper: int, widths: Sequence[float], most: float = 1.0) -> float:
    """Points of rows on a page onto which all columns are fitted. widths: of the columns, in characters; most: the
    scale that is not passed.

    >>> round(page_height(A4, [100.0])), round(page_height(A4, [100.0] * 2)), round(page_height(A4, [100.0], 0.8))
    (520, 701, 650)
    """
    wide, high = SIZES[paper]
    across = sum(map(_column, widths))
    return _POINTS * (high - TOP - BOTTOM) / min(most, _POINTS * (wide - LEFT - RIGHT) / across)


def scale_to_end(paper: int, height: float, most: int, least: int) -> int:
    """The print scale (percent), at most `most`, at which so many points of rows end on one page; `most` where that is
    under `least`: the rows then take several pages.

    >>> scale_to_end(A4, 640.0, 80, 70), scale_to_end(A4, 660.0, 80, 70), scale_to_end(A4, 2000.0, 80, 70)
    (78, 76, 80)
    """
    fits = int(100 * _EARLIER * _POINTS * (SIZES[paper][1] - TOP - BOTTOM) / height)
    return most if fits < least else min(most, fits)


def scale_to_columns(paper: int, widths: Sequence[float], repeated: int, most: int, least: int) -> int:
    """The print scale (percent), from `most` down to `least`, at which columns take the fewest pages; the largest such.
    widths: in characters; the first `repeated` of them stand on every page.

    >>> [scale_to_columns(A4, [20.0] * columns, 1, 80, 70) for columns in (8, 9, 10)]
    [80, 74, 80]
    """
    points = [_column(width) for width in widths]
    across = 100 * _NARROWER * _POINTS * (SIZES[paper][0] - LEFT - RIGHT)
    return min(range(most, least - 1, -1), key=lambda scale: _pages(points, repeated, across / scale))


def _pages(points: Sequence[float], repeated: int, room: float) -> int:
    """How many pages columns take side by side."""
    pages, used = 1, 0.0
    for own in points:
        if used + own > room:
            pages, used = pages + 1, sum(points[:repeated])
        used += own
    return pages


def _column(width: float) -> float:
    """Points of a column: a character has 7 pixels, a cell 5 beside it."""
    return 0.75 * (int(7 * width + 0.5) + 5)


def parts_on_new_pages(
    parts: Sequence[Sequence[float]], page: float, repeated: float, *, whole: bool
) -> list[int]:
    """The parts of a sheet, by their number, before which a page has to end so that none is cut that fits on one; of
    a longer one, and of all unless they are to stay whole, the first rows stay together. parts: heights of their
    rows; page: of a page's rows; repeated: of the headings on every page but the first, all in points.

    >>> parts_on_new_pages([[60.0], [50.0], [10.0] * 4], page=100.0, repeated=10.0, whole=True)
    [1, 2]
    >>> parts_on_new_pages([[60.0], [10.0] * 3, [10.0] * 20], page=100.0, repeated=10.0, whole=False)
    [2]
    """
    new, free = [], _EARLIER * page
    for number, rows in enumerate(parts):
        fits = whole and sum(rows) <= _EARLIER * page - repeated
        needed = sum(rows if fits else rows[:_BEGINNING])
        if number and needed > free:
            new.append(number)
            free = _EARLIER * page - repeated
        for height in rows:
            if height > free:
                free = _EARLIER * page - repeated
            free -= height
    return new
