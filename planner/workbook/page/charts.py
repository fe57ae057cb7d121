"""The charts of the result workbook: given where their figures stand, titled, with units on the axes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from planner.campaign.colours import PALETTE

INK, QUIET, GRID = "#1F2933", "#52606D", "#E4E7EB"
FONT = {"name": "Calibri", "size": 9, "color": QUIET}

Cells = list[str | int]  # sheet, first row, first column, last row, last column
Look = dict[str, Any]

_FREE = {"min": None, "line": {"color": GRID}}  # an axis that begins where its figures do
_NO_LEGEND: Look = {"none": True}


@dataclass(frozen=True)
class Place:
    """Where a chart stands (its upper left cell, and how far right of and below its edges) and how large it is, in
    pixels."""

    book: Workbook
    sheet: Worksheet
    row: int
    column: int
    width: int
    height: int
    offset: int = 0
    down: int = 0


@dataclass(frozen=True)
class Series:
    """Figures of a chart. name: a text or the cell that holds it. labels: a text beside each point, "" = none."""

    name: str | Cells
    categories: Cells
    values: Cells
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Extent:
    """How far figures reach, so that axes fit. largest: value; letters: of the longest category's name."""

    largest: float
    letters: int


@dataclass(frozen=True)
class MoneyLook:
    """How a chart writes money: currency code, number format of labels and (in short) of the axis."""

    currency: str
    labels: str
    axis: str


def add_spend_chart(
    place: Place, spend: Series, extent: Extent, *, colours: Sequence[str], look: MoneyLook
) -> None:
    """Spend by medium: one bar a medium, in the medium's colour."""
    chart = place.book.add_chart({"type": "bar"})
    chart.add_series({
        **_cells(spend),
        "points": [{"fill": {"color": colour}} for colour in colours],
        "gap": 45,
        "data_labels": _told(look.labels),
    })  # fmt: skip
    unit = f"Spend ({look.currency})" if look.currency else "Spend"
    values = _value_axis(unit, look.axis)
    _insert_bars(chart, place, extent, titles=("Spend by medium", "Medium"), values=values, legend=False)


def add_reach_chart(place: Place, measures: Sequence[Series], extent: Extent) -> None:
    """Reach by audience: a bar for each measure (1+, effective)."""
    chart = _bars(place, measures, "0.0%")
    chart.show_hidden_data()
    titles = ("Reach by audience", "Audience")
    values = _share_axis("People reached (% of the audience)", extent)
    _insert_bars(chart, place, extent, titles=titles, values=values, legend=len(measures) > 1)


def add_pair_chart(
    place: Place,
    pair: Sequence[Series],
    extent: Extent,
    *,
    titles: tuple[str, str],
    look: tuple[str, str, str],
) -> None:
    """Two plans side by side: a bar of each for every category.

    titles: of the chart and of the categories. look: name of the value axis, number formats of axis and labels.
    """
    unit, axis, labels = look
    chart = _bars(place, pair, labels)
    values = _share_axis(unit, extent) if axis == "0%" else _value_axis(unit, axis)
    _insert_bars(chart, place, extent, titles=titles, values=values)


def add_frequency_chart(place: Place, audiences: Sequence[Series], extent: Extent, title: str) -> None:
    """n+ reach: how many people meet the campaign at least n times, a line for each audience."""
    chart = place.book.add_chart({"type": "line"})
    for number, series in enumerate(audiences):
        colour = PALETTE[number % len(PALETTE)]
        chart.add_series({
            **_cells(series),
            "line": {"color": colour, "width": 2},
            "marker": _dot(colour),
        })  # fmt: skip
    values = _share_axis("People (% of the audience)", extent)
    _insert(chart, place, title, _category_axis("Contacts, at least"), values, {"position": "right"})


def add_talk_chart(place: Place, parts: Sequence[Series], combined: Series, extent: Extent) -> None:
    """Reach by audience: paid, upon it what word of mouth adds, above both what they are together."""
    chart = place.book.add_chart({"type": "column", "subtype": "stacked"})
    for series, colour in zip(parts, PALETTE, strict=False):
        chart.add_series({**_cells(series), "fill": {"color": colour}, "gap": 60})
    labels = {**_told("0.0%"), "position": "above"}
    sums = place.book.add_chart({"type": "line"})
    sums.add_series(
        {**_cells(combined), "line": {"none": True}, "marker": {"type": "none"}, "data_labels": labels}
    )
    chart.combine(sums)
    chart.show_hidden_data()
    title, values = "Reach paid and added by word of mouth, tailored plan", "% of the audience reached"
    axes = _category_axis("Audience"), _share_axis(values, extent)
    _insert(chart, place, title, *axes, {"delete_series": [len(parts)]})


def add_comparison_chart(place: Place, points: Series) -> None:
    """Paid reach of the tailored plan less the ordinary plan's, in points, a column for each audience."""
    chart = place.book.add_chart({"type": "column"})
    labels = _told("+0.00;-0.00;0.00")
    chart.add_series({
        **_cells(points), "fill": {"color": PALETTE[0]}, "gap": 60, "data_labels": labels,
        "invert_if_negative": True, "invert_if_negative_color": PALETTE[3],
    })  # fmt: skip
    chart.show_hidden_data()
    audiences = {**_category_axis("Audience"), "label_position": "low"}
    values = {**_value_axis("Points (% of the audience)", "+0.0#;-0.0#;0"), "min": None}
    _insert(chart, place, "Paid reach: tailored less ordinary plan, in points", audiences, values, _NO_LEGEND)


def add_weeks_chart(
    place: Place, alone: Series, together: Series, extent: Extent, axes: tuple[str, str]
) -> None:
    """Reach by week: a column for each week alone, a line for all weeks up to it. axes: names of both."""
    chart = place.book.add_chart({"type": "column"})
    chart.add_series({**_cells(alone), "fill": {"color": PALETTE[0]}, "gap": 60})
    line = place.book.add_chart({"type": "line"})
    marker = _dot(PALETTE[1])
    line.add_series({**_cells(together), "line": {"color": PALETTE[1], "width": 2}, "marker": marker})
    chart.combine(line)
    weeks = {**_category_axis(axes[0]), "text_axis": True, "num_format": "d mmm"}
    _insert(chart, place, "Reach by week and cumulative reach", weeks, _share_axis(axes[1], extent))


def add_week_money_chart(place: Place, spend: Series, axis: str, look: MoneyLook) -> None:
    """Money by week, a column each. axis: name of the weeks."""
    chart = place.book.add_chart({"type": "column"})
    chart.add_series({**_cells(spend), "fill": {"color": PALETTE[0]}, "gap": 60})
    weeks = {**_category_axis(axis), "text_axis": True, "num_format": "d mmm"}
    unit = f"Spend ({look.currency})" if look.currency else "Spend"
    _insert(chart, place, "Spend by week", weeks, _value_axis(unit, look.axis), _NO_LEGEND)


def add_price_chart(place: Place, media: Sequence[Series], colours: Sequence[str], look: MoneyLook) -> None:
    """CPM against influencer index: a point for each vehicle, in its medium's colour.

    A medium's categories are indices, its values prices. The points may stand in hidden cells.
    """
    chart = place.book.add_chart({"type": "scatter"})
    for series, colour in zip(media, colours, strict=True):
        marker = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"color": "#FFFFFF"}}
        chart.add_series({**_cells(series), "marker": marker, **_labels(series)})
    unit = f"CPM ({look.currency} per thousand contacts)" if look.currency else "CPM (per thousand contacts)"
    index = _value_axis("Influencer index (100 = as many influencers as in the universe)", "0")
    axes = {**index, **_FREE, "major_gridlines": {"visible": False}}, _value_axis(unit, look.axis)
    chart.show_hidden_data()
    title = "Price against influencer index, a point for each vehicle, the outliers named"
    _insert(chart, place, title, *axes, {} if len(media) > 1 else _NO_LEGEND)


def add_share_chart(
    place: Place, parts: Sequence[Series], extent: Extent, *, colours: Sequence[str], titles: tuple[str, str]
) -> None:
    """Bars that are 100 % each, one a category, stacked of coloured parts. titles: of the chart, of categories."""
    chart = place.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    for series, colour in zip(parts, colours, strict=True):
        chart.add_series({**_cells(series), "fill": {"color": colour}, "gap": 40})
    values = {**_value_axis("Share of money", "0%"), "max": 1}
    _insert_bars(chart, place, extent, titles=titles, values=values)


def add_waterfall_chart(
    place: Place,
    hidden: Series,
    rises: Series,
    falls: Series,
    totals: Series,
    *,
    title: str,
    axis: tuple[str, float],
) -> None:
    """Columns from a first total to a last one, each step beginning where the one before ended. hidden: what a step
    stands on. axis: name of the values, and where they begin."""
    chart = place.book.add_chart({"type": "column", "subtype": "stacked"})
    chart.add_series({**_cells(hidden), "fill": {"none": True}, "border": {"none": True}, "gap": 30})
    for series, colour in ((totals, PALETTE[0]), (rises, PALETTE[6]), (falls, PALETTE[3])):
        chart.add_series({**_cells(series), "fill": {"color": colour}})
    steps = {**_category_axis(""), "num_font": {**FONT, "rotation": -45}}
    _insert(
        chart, place, title, steps, {**_value_axis(axis[0], "0.0"), "min": axis[1]}, {"delete_series": [0]}
    )


def add_curve_chart(
    place: Place,
    lines: Sequence[Series],
    marks: Sequence[Series],
    *,
    title: str,
    axes: tuple[str, str],
    formats: tuple[str, str],
) -> None:
    """Lines of figures over figures, and marked points, those of one name once in the legend. axes: names of both;
    formats: of both scales."""
    chart = place.book.add_chart({"type": "scatter", "subtype": "straight_with_markers"})
    for series, colour in zip(lines, PALETTE, strict=False):
        marker = _dot(colour)
        chart.add_series({**_cells(series), "line": {"color": colour, "width": 1.75}, "marker": marker})
    for series in marks:
        marker = {"type": "diamond", "size": 11, "fill": {"color": PALETTE[3]}, "border": {"color": INK}}
        chart.add_series({**_cells(series), "line": {"none": True}, "marker": marker})
    x = {**_value_axis(axes[0], formats[0]), **_FREE, "major_gridlines": {"visible": False}}
    y = {**_value_axis(axes[1], formats[1]), **(_FREE if formats[1] != "0%" else {})}
    names = [series.name for series in (*lines, *marks)]
    again = [at for at, name in enumerate(names) if name in names[:at]]
    _insert(chart, place, title, x, y, {"delete_series": again} if again else {})


def add_swing_chart(place: Place, low: Series, high: Series) -> None:
    """A tornado: for each row a bar to what its low end makes, and one to what its high end makes."""
    labels = (
        '[>=0.0005]+0.0%;[<=-0.0005]-0.0%;""'  # both ends' stand on one place where neither moves anything
    )
    chart = place.book.add_chart({"type": "bar"})
    for series, colour in ((low, PALETTE[1]), (high, PALETTE[0])):
        chart.add_series({
            **_cells(series), "fill": {"color": colour}, "gap": 40, "overlap": 100, "data_labels": _told(labels)
        })  # fmt: skip
    category: Look = {"num_font": FONT, "reverse": True, "label_position": "low", "line": {"color": GRID}}
    title = "What the plan is worth, one assumption at a time"
    _insert(chart, place, title, {**_value_axis("Beside as used", "+0.0%;-0.0%;0%"), **_FREE}, category)


def _bars(place: Place, each: Sequence[Series], labels: str) -> Any:
    """A bar of every series for each category. labels: number format of the figures beside them."""
    chart = place.book.add_chart({"type": "bar"})
    for series, colour in zip(each, PALETTE, strict=False):
        chart.add_series(
            {**_cells(series), "fill": {"color": colour}, "gap": 45, "data_labels": _told(labels)}
        )
    return chart


def _told(number_format: str) -> Look:
    """Each figure beside its bar or point."""
    return {"value": True, "num_format": number_format, "font": {**FONT, "color": INK}}


def _dot(colour: str) -> Look:
    """The points of a line."""
    return {"type": "circle", "size": 4, "fill": {"color": colour}, "border": {"color": colour}}


def _labels(series: Series) -> Look:
    """The texts beside some points of a series; a text is never taken for a formula."""
    if not any(series.labels):
        return {}
    texts: list[dict[str, Any]] = [
        {"value": _text(text)} if text else {"delete": True} for text in series.labels
    ]
    font = {**FONT, "size": 8, "color": INK}
    return {"data_labels": {"value": True, "custom": texts, "position": "right", "font": font}}


def _cells(series: Series) -> Look:
    name = _text(series.name) if isinstance(series.name, str) else series.name
    return {"name": name, "categories": series.categories, "values": series.values}


def _text(name: str) -> str:
    """A name that is shown as it is: XlsxWriter takes one like `TV!A1` for a formula, whoever typed it."""
    return re.sub(r"!(?=\$?[A-Za-z])", "! ", name)


def _category_axis(name: str) -> Look:
    return {
        "name": _text(name), "name_font": {**FONT, "bold": False}, "num_font": FONT,
        "line": {"color": GRID}, "major_tick_mark": "none", "major_gridlines": {"visible": False},
    }  # fmt: skip


def _value_axis(name: str, number_format: str) -> Look:
    return {
        "name": _text(name), "name_font": {**FONT, "bold": False}, "num_font": FONT, "num_format": number_format,
        "min": 0, "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": GRID}},
    }  # fmt: skip


def _share_axis(name: str, extent: Extent) -> Look:
    """An axis of shares: it ends at 100 % where the figures come near it, never beyond."""
    end = {"max": 1, "major_unit": 0.2} if extent.largest > 0.7 else {}
    return {**_value_axis(name, "0%"), **end}


def _insert_bars(
    chart: Any,
    place: Place,
    extent: Extent,
    *,
    titles: tuple[str, str],
    values: Look,
    legend: bool = True,
) -> None:
    """Horizontal bars that read from the top, with room for names, labels and, below, the legend."""
    (title, category), foot = titles, 90 if legend else 64  # pixels
    left, top = min(0.4, 0.08 + 0.0095 * extent.letters), 36 / place.height
    chart.set_plotarea(
        {"layout": {"x": left, "y": top, "width": 0.86 - left, "height": 1 - top - foot / place.height}}
    )
    bars = {**_category_axis(category), "reverse": True, "crossing": "max", "interval_unit": 1}
    _insert(chart, place, title, values, bars, None if legend else _NO_LEGEND)


def _insert(chart: Any, place: Place, title: str, x: Look, y: Look, legend: Look | None = None) -> None:
    """x, y: the axes; legend: below the chart unless it says otherwise."""
    chart.set_x_axis(x)
    chart.set_y_axis(y)
    chart.set_legend({"position": "bottom", "font": FONT, **(legend or {})})
    chart.set_title({"name": _text(title), "name_font": {"name": "Calibri", "size": 12, "color": INK}})
    chart.set_chartarea({"border": {"color": GRID}})
    chart.set_size({"width": place.width, "height": place.height})
    # The chart in words, for those who hear it read: its title and what its axes show.
    told = ". ".join(
        filter(None, (title, "; ".join(str(axis["name"]) for axis in (x, y) if axis.get("name"))))
    )
    place.sheet.insert_chart(place.row, place.column, chart, {
        "object_position": 2, "x_offset": place.offset, "y_offset": place.down, "description": f"Chart: {told}."[:255],
    })  # fmt: skip
