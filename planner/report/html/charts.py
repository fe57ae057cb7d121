"""Charts of the HTML report, drawn as elements of the page: they follow its width, print sharp, and need no script.

Rows (bars, stacks, steps) are a list whose texts stand beside bars placed in percent. Plots are lines in an SVG that
stretches while its strokes and all words keep their size; each has its figures as a table below, shown on demand, so
that nothing is told by the picture alone.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from operator import attrgetter

from planner.report.html.page import Attribute, Markup, element, folded, joined

MOST_ROWS, MOST_POINTS = 60, 400


# --- rows ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A piece of a row. start, end: on the chart's scale. kind: "" a bar, "range" a whisker, "thin" a mark below."""

    start: float
    end: float
    colour: str
    tip: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a chart: its name, its pieces, and what stands at its end."""

    name: str
    bars: Sequence[Bar]
    value: str


def rows(title: str, listed: Sequence[Row], *, legend: Sequence[tuple[str, str]] = (), note: str = "",
         scale: tuple[float, float] | None = None) -> Markup:  # fmt: skip
    """A chart of horizontal pieces, one row each. legend: names and colours. scale: its ends, else the pieces'."""
    shown = listed[:MOST_ROWS]
    low, high = scale or _ends(shown)
    zero = _place(0.0, low, high)
    items = (
        element(
            "li",
            element("span", row.name, class_="name"),
            element("span", *(_bar(bar, low, high) for bar in row.bars), class_="track", aria_hidden="true",
                    style=f"--zero:{zero:.2f}%"),
            element("span", row.value, class_="value"),
        )
        for row in shown
    )  # fmt: skip
    rest = len(listed) - len(shown)
    more = f" {rest} more are in the tables." if rest > 0 else ""
    return _figure(title, legend, element("ul", *items, class_="rows"), f"{note}{more}".strip())


def _ends(listed: Sequence[Row]) -> tuple[float, float]:
    """The least and the largest figure drawn, 0 among them."""
    values = [value for row in listed for bar in row.bars for value in (bar.start, bar.end)]
    return min([0.0, *values]), max([0.0, *values]) or 1.0


def _bar(bar: Bar, low: float, high: float) -> Markup:
    left, right = sorted((_place(bar.start, low, high), _place(bar.end, low, high)))
    ink = "" if bar.kind == "range" else f";background:{bar.colour}"
    return element(
        "i", class_=bar.kind or None, title=bar.tip or None,
        style=f"left:{left:.2f}%;width:{right - left:.2f}%{ink}",
    )  # fmt: skip


def _place(value: float, low: float, high: float) -> float:
    """Where a value lies between two ends, in percent."""
    return 100 * min(max((value - low) / (high - low), 0.0), 1.0) if high > low else 0.0


def _figure(title: str, legend: Sequence[tuple[str, str]], picture: str, note: str) -> Markup:
    keys = (
        [element("div", *(key(name, colour) for name, colour in legend), class_="legend")] if legend else []
    )
    notes = [element("p", note, class_="note")] if note else []
    return element("figure", element("figcaption", title), *keys, picture, *notes)


def key(name: str, colour: str) -> Markup:
    """A name beside its colour."""
    return element(
        "span", element("span", class_="key", style=f"background:{colour}", aria_hidden="true"), name
    )


# --- plots -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Axis:
    """An axis: its name, its two ends, and how a value on it is written."""

    name: str
    low: float
    high: float
    write: Callable[[float], str]
    at: Sequence[float] = ()  # where values are written; round ones unless stated

    def ticks(self) -> Sequence[float]:
        return self.at or round_values(self.low, self.high)


@dataclass(frozen=True)
class Point:
    """A point of a plot. tip: shown when it is pointed at. label: shown always. step: of the slider that marks it.
    width: of a column, on the x axis; None = as the line's."""

    x: float
    y: float
    tip: str = ""
    label: str = ""
    step: int | None = None
    width: float | None = None


@dataclass(frozen=True)
class Line:
    """Points of one colour. joined: a line runs through them; columns: each is a column from the axis."""

    name: str
    colour: str
    points: Sequence[Point]
    joined: bool = True
    dots: bool = True
    columns: float = 0.0  # width of a column on the x axis
    dashed: bool = False


def plot(title: str, lines: Sequence[Line], x: Axis, y: Axis, *, height: int = 260, note: str = "",
         marks: Sequence[tuple[float, str]] = (), table: Markup | None = None) -> Markup:  # fmt: skip
    """Lines and points over two axes. marks: vertical lines (place, name). table: the figures, shown on demand."""
    picture = element(
        "div",
        element("div", *_ticks(y, "bottom"), class_="ylabels"),
        element("div", *_pieces(lines, x, y, marks), class_="area", style=f"height:{height}px"),
        element("div", *_ticks(x, "left"), class_="xlabels"),
        element("div", x.name, class_="axis"),
        class_="plot", role="img", aria_label=f"{title}: {y.name} by {x.name}",
    )  # fmt: skip
    legend = [(line.name, line.colour) for line in lines if line.name]
    drawn = _figure(f"{title} ({y.name})", legend if len(legend) > 1 else (), picture, note)
    return drawn if table is None else joined((drawn, folded("The figures", table)))


def _pieces(lines: Sequence[Line], x: Axis, y: Axis, marks: Sequence[tuple[float, str]]) -> list[Markup]:
    """What stands in the area of a plot, the later above the earlier: lines, columns, dots, labels, names of marks."""
    pieces = [_svg(lines, x, y, marks)]
    for line in filter(attrgetter("columns"), lines):
        pieces += [_column(line, point, x, y) for point in line.points]
    for line in filter(attrgetter("dots"), lines):
        if not line.columns:
            pieces += [_dot(line, point, x, y) for point in line.points[:MOST_POINTS]]
    labelled = filter(attrgetter("label"), chain.from_iterable(line.points for line in lines))
    pieces += [_label(point, x, y) for point in labelled]
    return pieces + [_mark_name(place, name, x, 96 - 7 * at) for at, (place, name) in enumerate(marks)]


def _ticks(axis: Axis, side: str) -> Iterator[Markup]:
    """The values written along an axis. side: from which its places are counted."""
    for value in axis.ticks():
        yield element("span", axis.write(value), style=f"{side}:{_place(value, axis.low, axis.high):.2f}%")


def _svg(lines: Sequence[Line], x: Axis, y: Axis, marks: Sequence[tuple[float, str]]) -> Markup:
    grid = (_rule(0, 100 - _place(value, y.low, y.high), across=True) for value in y.ticks())
    stands = (_rule(_place(place, x.low, x.high), 0, across=False) for place, _ in marks)
    paths = (_path(line, x, y) for line in lines if line.joined and not line.columns and len(line.points) > 1)
    return element("svg", *grid, *stands, *paths, viewBox="0 0 100 100", preserveAspectRatio="none",
                   aria_hidden="true")  # fmt: skip


def _rule(left: float, top: float, *, across: bool) -> Markup:
    ends: dict[str, Attribute] = {"x1": 0, "x2": 100, "y1": f"{top:.2f}", "y2": f"{top:.2f}"}
    if not across:
        ends = {"x1": f"{left:.2f}", "x2": f"{left:.2f}", "y1": 0, "y2": 100}
    return element("line", class_=None if across else "mark", **ends)


def _path(line: Line, x: Axis, y: Axis) -> Markup:
    places = " ".join(
        f"{_place(point.x, x.low, x.high):.2f},{100 - _place(point.y, y.low, y.high):.2f}"
        for point in line.points
    )
    dash = "6 4" if line.dashed else None
    return element("polyline", points=places, style=f"stroke:{line.colour}", stroke_dasharray=dash)


def _where(point: Point, x: Axis, y: Axis) -> str:
    return f"left:{_place(point.x, x.low, x.high):.2f}%;bottom:{_place(point.y, y.low, y.high):.2f}%"


def _side(point: Point, x: Axis) -> str:
    """On which side the words of a point stand, so that they stay within the picture."""
    place = _place(point.x, x.low, x.high)
    return " l" if place < 25 else " r" if place > 75 else ""


def _dot(line: Line, point: Point, x: Axis, y: Axis) -> Markup:
    size = " small" if len(line.points) > 30 else ""
    return element(
        "i", class_=f"dot{size}{_side(point, x)}", data_tip=point.tip or None, data_step=point.step,
        style=f"{_where(point, x, y)};background:{line.colour}",
    )  # fmt: skip


def _column(line: Line, point: Point, x: Axis, y: Axis) -> Markup:
    half = (line.columns if point.width is None else point.width) / 2
    left, right = (_place(point.x + side, x.low, x.high) for side in (-half, half))
    tall = _place(point.y, y.low, y.high)
    return element(
        "i", class_=f"column{_side(point, x)}", data_tip=point.tip or None,
        style=f"left:{left:.2f}%;width:{right - left:.2f}%;height:{tall:.2f}%;background:{line.colour}",
    )  # fmt: skip


def _label(point: Point, x: Axis, y: Axis) -> Markup:
    side = " left" if _place(point.x, x.low, x.high) > 62 else ""
    return element("span", point.label, class_=f"label{side}", style=_where(point, x, y), aria_hidden="true")


def _mark_name(place: float, name: str, x: Axis, high: int) -> Markup:
    side = " left" if _place(place, x.low, x.high) > 62 else ""
    return element(
        "span", name, class_=f"label{side}", style=f"left:{_place(place, x.low, x.high):.2f}%;bottom:{high}%"
    )


def round_values(low: float, high: float, most: int = 6) -> list[float]:
    """Round values from low to high, at most `most` of them.

    >>> round_values(0.0, 0.67), round_values(0.0, 9_000_000.0)
    ([0.0, 0.2, 0.4, 0.6], [0.0, 2000000.0, 4000000.0, 6000000.0, 8000000.0])
    """
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low:
        return [low]
    rough = (high - low) / (most - 1)
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= rough * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    return [round(step * n, 12) for n in range(first, math.floor(high / step + 1e-9) + 1)]


def line_ends(values: Sequence[float], most: float = math.inf) -> tuple[float, float]:
    """Round ends of an axis for a line: from 0 unless all values lie in the upper half, never beyond `most`.

    >>> line_ends([0.56, 0.72], 1.0), line_ends([0.1, 0.72], 1.0)
    ((0.55, 0.75), (0.0, 0.8))
    """
    low, high = min(values), max(values)
    if low < high / 2 or high <= 0:
        return 0.0, min(round_end(high), most)
    ticks = round_values(low - 0.15 * (high - low or high), high, 5)
    step = ticks[1] - ticks[0] if len(ticks) > 1 else high / 4
    low, high = step * math.floor(low / step), step * math.ceil(high / step - 1e-9)
    return round(max(low, 0.0), 12), min(round(high, 12), most)


def round_end(high: float) -> float:
    """A little beyond a value: the next round one.

    >>> round_end(0.67), round_end(8.3)
    (0.8, 10.0)
    """
    if not math.isfinite(high) or high <= 0:
        return 1.0
    values = round_values(0.0, high)
    step = values[1] - values[0] if len(values) > 1 else high
    return round(step * math.ceil(high / step - 1e-9), 12)
