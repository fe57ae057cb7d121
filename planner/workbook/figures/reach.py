"""The Reach sheet: reach, frequency and the distribution of contacts for every audience."""

from collections.abc import Sequence

from planner.excel.notation import cell_reference
from planner.planning.audience_tables import distinct_audiences, distribution_classes, lines_apart
from planner.planning.results import AudienceFigures, PlanResult
from planner.workbook.page.charts import Extent, Place, Series, add_frequency_chart, add_reach_chart
from planner.workbook.page.styles import INPUT_FILL, ONE, PEOPLE, PERCENT, RULE, TWO, Page

HEADER_ROW = 4
FIGURES = (
    "Audience", "Who", "People (000)", "Reach", "Reach (000)", "Average frequency", "GRP", "Impressions (000)",
)  # fmt: skip
MOST_TIMES = 10
BARS = 60  # first hidden column of what the bars show, beyond any table
FIRST_TIMES = len(FIGURES)  # column of 1+
CHART_WIDTH, ROW_PIXELS = 640, 20
SUBTITLES = (
    "Calculated for the insertions the plan had when this file was written. These figures do not follow "
    "edits on the Plan sheet: run  planner evaluate  on this file.",
    "n+ is the share of the audience that meets the campaign at least n times; the effective frequency of "
    "this campaign, {}+, is marked.",
)


def write_reach_sheet(page: Page, result: PlanResult) -> None:
    """Write the sheet: two tables and their charts below."""
    audiences, effective = result.audiences, result.campaign.brief.effective_frequency
    times = max(MOST_TIMES, effective)
    last_class = distribution_classes(audiences)
    page.title("Reach and frequency", SUBTITLES[0], SUBTITLES[1].format(effective))
    page.widths((26, 30, *([11] * (FIRST_TIMES - 2)), *([8] * max(times, last_class + 3 - FIRST_TIMES))))
    _write_figures(page, audiences, effective, times)
    table = HEADER_ROW + len(audiences) + 3
    _write_distribution(page, table, audiences, last_class)
    if audiences:
        _write_charts(page, audiences, effective, times)
    page.set_up(header_row=HEADER_ROW)


def _write_figures(page: Page, audiences: Sequence[AudienceFigures], effective: int, times: int) -> None:
    page.sheet.set_row(HEADER_ROW, 32)
    page.headings(HEADER_ROW, 0, (*FIGURES, *(f"{n}+" for n in range(1, times + 1))), texts=2)
    marked = page.styles.get(num_format=PERCENT, align="right", bold=True, bg_color=INPUT_FILL, bottom=1,
                             bottom_color=RULE)  # fmt: skip
    for row, audience in enumerate(audiences, HEADER_ROW + 1):
        _write_names(page, row, audience)
        page.figures(row, 2, (
            (audience.population_000, PEOPLE), (audience.reach_pct / 100, PERCENT),
            (audience.reach_000, PEOPLE), (audience.average_frequency, TWO),
            (audience.grp, ONE), (audience.impressions_000, PEOPLE),
        ))  # fmt: skip
        for n in range(1, times + 1):
            style = marked if n == effective else page.styles.figure(PERCENT)
            page.number(row, FIRST_TIMES + n - 1, audience.reached_at_least(n), style)


def _write_names(page: Page, row: int, audience: AudienceFigures) -> None:
    page.put(row, 0, audience.name, page.styles.text)
    page.put(row, 1, audience.definition, page.styles.text)


def _write_distribution(page: Page, row: int, audiences: Sequence[AudienceFigures], last_class: int) -> None:
    """Share of each audience that meets the campaign exactly 0, 1, 2, ... times."""
    title = "Share of the audience that meets the campaign exactly so many times"
    page.section(row - 1, (0, last_class + 2), title)
    classes = (*(str(n) for n in range(last_class)), f"{last_class} or more")
    page.headings(row, 0, ("Audience", "Who", *classes), texts=2)
    page.sheet.set_row(row, 32)
    for at, audience in enumerate(audiences, row + 1):
        _write_names(page, at, audience)
        shares = audience.distribution.tolist()
        shown = (*shares[:last_class], sum(shares[last_class:]))
        page.figures(at, 2, [(share, PERCENT) for share in shown])


def _write_charts(page: Page, audiences: Sequence[AudienceFigures], effective: int, times: int) -> None:
    name = page.sheet.get_name()
    drawn, extent = distinct_audiences(audiences), reach_extent(audiences)
    count, first = len(drawn), HEADER_ROW + 1
    row, height = HEADER_ROW + 2 * len(audiences) + 6, ROW_PIXELS * max(15, 7 + 2 * count)
    place = Place(page.book, page.sheet, row, 0, CHART_WIDTH, height)
    add_reach_chart(place, _write_bars(page, audiences, drawn, effective), extent)
    end = FIRST_TIMES + times - 1
    heads: list[str | int] = [name, HEADER_ROW, FIRST_TIMES, HEADER_ROW, end]
    apart = lines_apart(audiences, times)
    lines = [(first + place) for place in apart]
    title = "Reach by number of contacts"
    if len(apart) < len(drawn):
        title += " (the others lie near these)"
    add_frequency_chart(
        Place(page.book, page.sheet, row, 6, CHART_WIDTH, height),
        [Series([name, at, 0], heads, [name, at, FIRST_TIMES, at, end]) for at in lines],
        extent,
        title,
    )


def _write_bars(
    page: Page, audiences: Sequence[AudienceFigures], drawn: Sequence[int], effective: int
) -> list[Series]:
    """What the bars show, in hidden columns: an audience for each place drawn, formulas on the table."""
    measures = [("Reach, 1+", 3, 1)]
    if effective > 1:
        measures.append((f"Effective reach, {effective}+", FIRST_TIMES + effective - 1, effective))
    page.headings(HEADER_ROW, BARS, ("Of the chart: audience", *(name for name, _, _ in measures)), texts=1)
    for at, place in enumerate(drawn, HEADER_ROW + 1):
        row, audience = HEADER_ROW + 1 + place, audiences[place]
        cell = cell_reference(row, 0)
        page.formula(at, BARS, f"={cell}", style=page.styles.text, value=audience.name)
        for column, (_, source, times) in enumerate(measures, BARS + 1):
            cell = cell_reference(row, source)
            value = audience.reach_share if times == 1 else audience.reached_at_least(times)
            page.formula(at, column, f"={cell}", style=page.styles.figure(PERCENT), value=value)
    page.sheet.set_column(BARS, BARS + len(measures), 12, None, {"hidden": True})
    sheet, first, last = page.sheet.get_name(), HEADER_ROW + 1, HEADER_ROW + len(drawn)
    return [
        Series(name, [sheet, first, BARS, last, BARS], [sheet, first, column, last, column])
        for column, (name, _, _) in enumerate(measures, BARS + 1)
    ]


def reach_bars(audiences: Sequence[AudienceFigures]) -> Series:
    """Reach of the audiences drawn, from the sheet's hidden columns: for a chart on another sheet."""
    first, last = HEADER_ROW + 1, HEADER_ROW + len(distinct_audiences(audiences))
    return Series("Reach", ["Reach", first, BARS, last, BARS], ["Reach", first, BARS + 1, last, BARS + 1])


def reach_extent(audiences: Sequence[AudienceFigures]) -> Extent:
    """The largest reach and the longest name, for the axes of a chart."""
    largest = max(audience.reach_share for audience in audiences)
    return Extent(largest, max(len(audience.name) for audience in audiences))
