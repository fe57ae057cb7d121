"""The Ranking sheet: every vehicle on every measure for the target audience, coloured, to be sorted and filtered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from planner.formats import people_text, price_decimals, shorten
from planner.planning.ranking import MEASURES, Measure, default_sort, measure_of, ranked_rows
from planner.planning.results import PlanResult, Ranking
from planner.report.json_values import finite
from planner.workbook.page.charts import Series
from planner.workbook.page.styles import (
    COUNT,
    INDEX,
    ONE,
    PERCENT,
    QUIET,
    RULE,
    TWO,
    Page,
    keep_together,
    lines_needed,
    page_points,
)

HEADER_ROW = 4
TEXTS = (("Vehicle", 30.0), ("Medium", 12.0), ("Influencer composition", 13.0))
WIDTH = 10.5  # characters, of a column of figures
GOOD_FILL, MIDDLE_FILL, POOR_FILL = "#A9D8B8", "#FFFFFF", "#F3C3BD"
LOW_INDEX, HIGH_INDEX = 60, 160  # indices in full colour; 97 is nearly white whatever the others are
COMPOSITION_HELP = (
    "Share of the trait in those who see one insertion: as given on Composition, and as used after index shrinkage "
    "(the universe's share where nothing is given)."
)
NAMED, LABEL = 3, 24  # vehicles named at each end of the chart's axes, columns of a name there
LABEL_WIDE, LABEL_HIGH, POINT_HIGH = 0.2, 0.05, 0.07  # of the axes: room that a name takes, and a point
POINTS_GAP = 2  # columns between the table and the hidden points of the chart


def write_ranking_sheet(page: Page, ranking: Ranking, shades: Mapping[str, str]) -> None:
    """Write the sheet: the table, and below it what each measure is. shades: a colour for every medium."""
    measure = measure_of(default_sort(ranking))
    _write_head(page, ranking, measure)
    look = [_format(page, ranking, found) for found in MEASURES], shades
    for row, vehicle in enumerate(ranked_rows(ranking, measure.key), HEADER_ROW + 1):
        _write_vehicle(page, row, ranking, vehicle, look)
    last = HEADER_ROW + max(len(ranking.vehicles), 1)
    for column, found in enumerate(MEASURES, len(TEXTS)):
        figures = getattr(ranking, found.key)
        if len(np.unique(figures[np.isfinite(figures)])) > 1:  # nothing to tell apart otherwise
            page.sheet.conditional_format(HEADER_ROW + 1, column, last, column, colour_scale(found))
    page.sheet.autofilter(HEADER_ROW, 0, last, _columns(ranking) - 1)
    end = _write_notes(page, last + 2, ranking)
    page.set_up(header_row=HEADER_ROW)
    keep_together(page, [0, last + 2], end, page_points(page, _widths(ranking)))


def _write_head(page: Page, ranking: Ranking, measure: Measure) -> None:
    who = ranking.audience + (f" ({ranking.definition})" if ranking.definition else "")
    universe = f"{people_text(ranking.population_000)} thousand people"
    page.title(
        f"Ranking of the vehicles for: {who}",
        f"One insertion each; the audience is {universe}. Sorted by {measure.heading}, best first: sort and filter by "
        "the arrows in the headings.",
        "Green is better, red worse: many people and high indices, low costs. For another audience run  planner rank  "
        "on this file.",
    )
    page.make_high(HEADER_ROW, 60)
    page.widths(_widths(ranking))
    headings = [*(heading for heading, _ in TEXTS), *(_heading(page, found) for found in MEASURES)]
    headings += [f"{found.trait} %, {how}" for found in ranking.compositions for how in ("given", "used")]
    for column, heading in enumerate(headings):
        style = page.styles.heading(number=column >= len(TEXTS), indent=int(column > 0))
        page.put(HEADER_ROW, column, heading, style)
    for column, found in enumerate(MEASURES, len(TEXTS)):
        page.sheet.write_comment(HEADER_ROW, column, f"{found.heading}: {found.help}.", {"x_scale": 1.6})
    for column in range(len(TEXTS) + len(MEASURES), _columns(ranking)):
        page.sheet.write_comment(HEADER_ROW, column, COMPOSITION_HELP, {"x_scale": 1.6})


def _write_vehicle(
    page: Page,
    row: int,
    ranking: Ranking,
    vehicle: Mapping[str, Any],
    look: tuple[Sequence[str], Mapping[str, str]],
) -> None:
    """look: number formats of the measures, colours of the media."""
    formats, shades = look
    page.make_room(row, min(3, lines_needed(vehicle["vehicle"], TEXTS[0][1])))
    name = page.styles.get(text_wrap=True, bottom=1, bottom_color=RULE)
    page.put(row, 0, vehicle["vehicle"], name)
    page.put(row, 1, vehicle["medium"], page.styles.medium(shades[vehicle["medium"]]))
    given = "given, shrunk" if vehicle["composition_shrunk"] else "given"
    page.put(row, 2, given if vehicle["composition_given"] else "universe's share", page.styles.label)
    page.figures(row, len(TEXTS), (
        (finite(vehicle[found.key]), shown)
        for found, shown in zip(MEASURES, formats, strict=True)
    ))  # fmt: skip
    page.figures(row, len(TEXTS) + len(MEASURES), (
        (None if value is None else value / 100, PERCENT)
        for found in ranking.compositions
        for value in (vehicle[f"{found.trait} given"], vehicle[f"{found.trait} used"])
    ))  # fmt: skip


def _heading(page: Page, measure: Measure) -> str:
    """A measure's heading; what an insertion costs is called as on the Plan sheet."""
    if measure.key != "cost_per_insertion":
        return measure.heading
    return f"{page.styles.brief.budget_is.capitalize()} cost per insertion"


def _widths(ranking: Ranking) -> list[float]:
    return [*(width for _, width in TEXTS), *([WIDTH] * (_columns(ranking) - len(TEXTS)))]


def _columns(ranking: Ranking) -> int:
    """How many columns the table has."""
    return len(TEXTS) + len(MEASURES) + 2 * len(ranking.compositions)


def _format(page: Page, ranking: Ranking, measure: Measure) -> str:
    if not measure.money:
        return INDEX if "index" in measure.key else (COUNT, ONE, TWO)[measure.decimals]
    prices = getattr(ranking, measure.key)
    return page.styles.money(max(measure.decimals, price_decimals(prices.tolist())))


def colour_scale(measure: Measure) -> dict[str, Any]:
    """A conditional format: indices around 100, everything else from its lowest to its highest figure."""
    low, high = (GOOD_FILL, POOR_FILL) if measure.cost else (POOR_FILL, GOOD_FILL)
    if measure.cost:  # a few dear vehicles would make all the others look alike
        return {"type": "3_color_scale", "min_color": low, "mid_color": MIDDLE_FILL, "max_color": high,
                "mid_type": "percentile", "mid_value": 50}  # fmt: skip
    if "index" in measure.key:
        return {"type": "3_color_scale", "min_color": low, "mid_color": MIDDLE_FILL, "max_color": high,
                "min_type": "num", "min_value": LOW_INDEX, "mid_type": "num", "mid_value": 100,
                "max_type": "num", "max_value": HIGH_INDEX}  # fmt: skip
    return {"type": "2_color_scale", "min_color": MIDDLE_FILL, "max_color": high}


def _write_notes(page: Page, row: int, ranking: Ranking) -> int:
    """What each measure is, below the table; returns the row after."""
    page.section(row, (0, _columns(ranking) - 1), "What the measures are")
    told = [(_heading(page, found), f"{found.help[0].upper()}{found.help[1:]}.") for found in MEASURES]
    told += [("Influencer %, given and used", COMPOSITION_HELP)] if ranking.compositions else []
    for at, (heading, text) in enumerate(told, row + 1):
        page.put(at, 0, heading, page.styles.get(bold=True))
        page.put(at, 1, text, page.styles.get(font_color=QUIET))
    return row + 1 + len(told)


@dataclass(frozen=True)
class Points:
    """The points of one medium in the chart of price against influencer index."""

    medium: str
    vehicles: tuple[str, ...]
    index: tuple[float, ...]
    cpm: tuple[float, ...]


def chart_points(result: PlanResult) -> list[Points]:
    """CPM over everybody who sees an insertion, and influencer index, by medium; vehicles that have both."""
    figures = result.vehicles
    found: list[Points] = []
    seen = np.where(figures.audience_000 > 0, figures.audience_000, np.nan)
    known = np.isfinite(figures.net_cost / seen) & np.isfinite(figures.influencer_index)
    media = np.array([vehicle.medium for vehicle in result.campaign.vehicles])
    for medium in dict.fromkeys(media.tolist()):
        members = known & (media == medium)
        if members.any():
            cpm = (figures.net_cost / seen)[members].tolist()
            names = tuple(v.name for v, own in zip(result.campaign.vehicles, members, strict=True) if own)
            found.append(Points(medium, names, tuple(figures.influencer_index[members].tolist()), tuple(cpm)))
    return found


def outliers(points: Sequence[Points]) -> frozenset[str]:
    """The vehicles to name: the cheapest and the dearest, the richest and the poorest in influencers."""
    every = [each for found in points for each in zip(found.index, found.cpm, found.vehicles, strict=True)]
    if not every:
        return frozenset()
    by_index = sorted(every, key=lambda each: -each[0])
    by_price = sorted(every, key=lambda each: each[1])
    extreme = (*by_index[:NAMED], *by_index[-1:], *by_price[-NAMED:], *by_price[:NAMED])
    return frozenset(_apart(extreme, every))


def _apart(
    extreme: Iterable[tuple[float, float, str]], every: Sequence[tuple[float, float, str]]
) -> list[str]:
    """The names that stand neither upon one another nor upon another vehicle's point: those before come first."""
    across, up, _ = zip(*every, strict=True)
    wide, high = max(across) - min(across) or 1.0, max(up) - min(up) or 1.0
    named: list[tuple[float, float, str]] = []
    for index, price, name in extreme:
        near = (
            abs(index - x) < LABEL_WIDE * wide and abs(price - y) < LABEL_HIGH * high for x, y, _ in named
        )
        upon = (  # a name stands to the right of its point
            0 < x - index < LABEL_WIDE * wide and abs(price - y) < POINT_HIGH * high for x, y, _ in every
        )
        if not any(near) and not any(upon):
            named.append((index, price, name))
    return [name for _, _, name in named]


def write_chart_points(page: Page, ranking: Ranking, points: Sequence[Points]) -> list[Series]:
    """The points in hidden columns beyond the table, which a sort of it leaves alone; their cells by medium."""
    first = _columns(ranking) + POINTS_GAP
    name, row, series = page.sheet.get_name(), HEADER_ROW + 1, []
    named = outliers(points)
    page.headings(HEADER_ROW, first, ("Points of the chart: medium", "Influencer index", "CPM"), texts=1)
    for found in points:
        last = row + len(found.index) - 1
        labels = tuple(shorten(vehicle, LABEL) if vehicle in named else "" for vehicle in found.vehicles)
        series.append(Series(found.medium, [name, row, first + 1, last, first + 1],
                             [name, row, first + 2, last, first + 2], labels))  # fmt: skip
        for at, (index, cpm) in enumerate(zip(found.index, found.cpm, strict=True), row):
            page.put(at, first, found.medium, page.styles.text)
            page.figures(at, first + 1, ((index, INDEX), (cpm, page.styles.money(2))))
        row = last + 1
    page.sheet.set_column(first, first + 2, 12, None, {"hidden": True})
    return series
