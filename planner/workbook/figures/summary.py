"""The Summary sheet: one page for a client. What to buy stands on the left, whom it reaches on the right."""

from collections.abc import Callable, Sequence
from functools import partial

from planner.campaign.colours import colours
from planner.formats import count_of, is_whole, shorten
from planner.planning.airtime import airtime_sentence
from planner.planning.audience_tables import distinct_audiences, named_audiences
from planner.planning.model_error import PLUS_MINUS_IS
from planner.planning.results import PlanResult, RuleOutcome
from planner.planning.tables import PlanRow, Total, medium_totals, plan_rows
from planner.planning.week_tables import when
from planner.report.plan.certificate import certificate_sentence, edit_sentence, objective_sentence
from planner.report.plan.headline import BESIDE, headline, subtitle
from planner.report.plan.influence import earned_sentence
from planner.report.plan.notices import customers_first_sentence, result_notices
from planner.report.plan.rules_text import Alike, alike, by_verdict, rule_head, told_text
from planner.report.plan.text import dearest
from planner.workbook.figures.reach import reach_bars, reach_extent
from planner.workbook.page.charts import Extent, MoneyLook, Place, Series, add_reach_chart, add_spend_chart
from planner.workbook.page.styles import (
    BAD,
    BAND,
    COUNT,
    EDITED,
    GOOD,
    HEAD,
    ONE,
    PEOPLE,
    PERCENT,
    QUIET,
    RULE,
    TWO,
    Page,
    lines_needed,
    money_axis_format,
    unbroken,
    with_thousands,
)

# Widths and rows are what a page of the smaller side of A4 and Letter takes at 80 %: letters of 10 points print at 8.
LEFT_WIDTHS, GUTTER, RIGHT_WIDTHS = (27, 12, 11, 11, 15, 7), 1, (25, 12, 9, 10, 9, 11)
LEFT, RIGHT = (0, 5), (7, 12)  # first and last columns of the two halves
WHOLE_WIDTH = sum(LEFT_WIDTHS) + GUTTER + sum(RIGHT_WIDTHS)
ROW, ROWS = 13.5, 46  # points; rows of the page, head and notices included
CHANGED_ROW, TILE_ROW, CERTIFICATE_ROW, TOP_ROW = 2, 3, 6, 9
TILES = (0, 1, 3, 7, 8, 10, 11)  # columns of the figures at the head
LONG_LABEL = 1e8  # of money: from here on a bar's label tells it in millions
MOST_NOTICES, MOST_RULES, FEWEST_VEHICLES, MOST_VEHICLES = 3, 8, 6, 14
NOTICE_ROWS, EDIT_ROWS = 6, 2  # NOTICE_ROWS: at most, with their title
BOLD = 0.93  # letters of bold text on a line, beside those of other text
CHART_WIDTH, CHART_ROWS, ROW_PIXELS = 560, 9, 18
BARS_FROM = 7  # rows that title, axis and margins of bars take
DrawWeeks = Callable[[MoneyLook, Place], None]


def write_summary_sheet(page: Page, result: PlanResult, changed: str, draw_weeks: DrawWeeks | None) -> None:
    """Write the sheet. changed: a formula text, true once Insertions on Plan differ from this result's. draw_weeks: the
    chart of money by week, where there is a calendar."""
    page.widths((*LEFT_WIDTHS, GUTTER, *RIGHT_WIDTHS))
    page.sheet.set_default_row(ROW)
    _write_head(page, result)
    _write_certificate(page, result, changed)
    media = [total for total in medium_totals(result) if total.vehicles]
    # What the edits cost takes three lines of the head.
    told = _rules_told(result.rules)
    most = max(MOST_RULES - EDIT_ROWS * result.is_edited, sum(not part.rule.holds for part in told))
    # As many notices as there is room for; the last one says how many others Notes has.
    notices, room = list(result_notices(result)), MOST_NOTICES - result.is_edited
    if len(notices) > room:
        notices[room - 1 :] = [f"and {len(notices) - room + 1} more, see Notes"]
    foot = ROWS - min(NOTICE_ROWS, 1 + sum(lines_needed(notice, WHOLE_WIDTH) for notice in notices))
    rules_row = _write_left(page, result, media, room=foot - 1 - _rule_rows(result.rules, told[:most]))
    left_end = _write_rules(page, rules_row + 1, result, (told[:most], told[most:]))
    charts_row = _write_audiences(page, TOP_ROW, result)
    end = max(left_end + 1, charts_row, foot)
    _write_charts(page, (charts_row, end), result, media, draw_weeks)
    _write_notices(page, end, notices)
    page.sheet.freeze_panes(2, 0)
    page.set_up(header_row=0, frozen=None, one_page=True)


# --- the head ------------------------------------------------------------------------------------


def _write_head(page: Page, result: PlanResult) -> None:
    """Title, facts, and the figures that a client asks for first, large."""
    brief = result.campaign.brief
    edited = ", edited plan" if result.is_edited else ""
    page.put(0, 0, shorten(brief.campaign or "Media plan", 90) + edited, page.styles.title)
    page.put(1, 0, subtitle(brief), page.styles.subtitle)
    page.sheet.set_row(0, 28)
    page.sheet.set_row(TILE_ROW + 1, 24)
    small = page.styles.get(font_color=QUIET, font_size=9, bg_color=BAND, indent=1)
    large = page.styles.get(bold=True, font_size=14, font_color=HEAD, bg_color=BAND, indent=1, bottom=2,
                            bottom_color=HEAD)  # fmt: skip
    for column in (*range(LEFT[0], LEFT[1] + 1), *range(RIGHT[0], RIGHT[1] + 1)):
        page.number(TILE_ROW, column, None, small)
        page.number(TILE_ROW + 1, column, None, large)
    two_lines = page.styles.get(bold=True, font_size=9, font_color=HEAD, bg_color=BAND, indent=1, bottom=2,
                                bottom_color=HEAD, text_wrap=True)  # fmt: skip
    for column, (name, value) in zip(TILES, headline(result), strict=False):
        page.put(TILE_ROW, column, name, small)
        told = value.replace(BESIDE, f"\n{BESIDE.lstrip()}")
        page.put(TILE_ROW + 1, column, told, two_lines if BESIDE in value else large)


def _write_certificate(page: Page, result: PlanResult, changed: str) -> None:
    """How sure the plan is, and a warning that shows once the plan is edited."""
    bar = BAD if result.status == "broken" else GOOD
    edit = edit_sentence(result, with_rules=False)  # they stand below
    told = (certificate_sentence(result), objective_sentence(result))
    if edit:
        told = (edit, told[0])
    for row, (text, bold) in enumerate(zip(told, (True, False), strict=True), CERTIFICATE_ROW):
        style = page.styles.get(text_wrap=True, bg_color=BAND, left=5, left_color=bar, indent=1, bold=bold)
        page.paragraph(row, (LEFT[0], RIGHT[1]), text, style=style, width=WHOLE_WIDTH)
    warning = (
        "The Insertions on the Plan sheet were changed after this page was calculated: run  planner evaluate "
        " on this file for the figures of the changed plan."
    )
    style = page.styles.get(bold=True, font_color=BAD)
    page.formula(CHANGED_ROW, 0, f'=IF({changed},"{warning}","")', style=style, value=None)
    page.sheet.conditional_format(CHANGED_ROW, LEFT[0], CHANGED_ROW, RIGHT[1], {
        "type": "formula", "criteria": f'=$A${CHANGED_ROW + 1}<>""',
        "format": page.book.add_format({"bg_color": EDITED}),
    })  # fmt: skip


# --- left: what to buy ---------------------------------------------------------------------------


def _write_left(page: Page, result: PlanResult, media: Sequence[Total], room: int) -> int:
    """Spend by medium, then the bought vehicles, as many as end before the row `room`; returns the row after them."""
    rows = [row for row in plan_rows(result) if row.bought]
    if not rows:
        page.section(TOP_ROW, LEFT, "What to buy")
        page.put(TOP_ROW + 1, LEFT[0], "Nothing is bought.", page.styles.text)
        return TOP_ROW + 2
    whole = all(is_whole(row.insertions) for row in rows)
    formats = (COUNT if whole else TWO, page.styles.money(), PERCENT, ONE)
    after_media = _write_media(page, media, formats, colours(result.campaign))
    left_over = room - (after_media + 1) - 4  # title, headings, the line of the others and a blank row
    most = min(max(left_over, FEWEST_VEHICLES), MOST_VEHICLES)
    return _write_vehicles(
        page, after_media + 1, dearest(rows, most), formats=formats, shades=colours(result.campaign),
        weeks=when(result),
    )  # fmt: skip


def _write_media(page: Page, media: Sequence[Total], formats: tuple[str, ...], shades: dict[str, str]) -> int:
    page.section(TOP_ROW, LEFT, "Spend by medium")
    headings = ("Medium", "Vehicles", "Insertions", "Cost", "Share", "GRP")
    page.headings(TOP_ROW + 1, LEFT[0], headings, texts=1)
    for at, total in enumerate(media, TOP_ROW + 2):
        page.put(at, LEFT[0], total.name, page.styles.medium(shades[total.name]))
        page.number(at, LEFT[0] + 1, total.vehicles, page.styles.figure(COUNT))
        page.counted(at, LEFT[0] + 2, total.insertions, total.bought_000, formats[0])
        page.figures(at, LEFT[0] + 3, zip(_figures(total), formats[1:], strict=True))
    last = TOP_ROW + 2 + len(media)
    page.put(last, LEFT[0], "Total", page.styles.total(grand=True))
    page.number(
        last, LEFT[0] + 1, sum(total.vehicles for total in media), page.styles.total(COUNT, grand=True)
    )
    contacts = sum(total.bought_000 for total in media)
    count = with_thousands(formats[0], contacts)
    figures = [(total.insertions, *_figures(total)) for total in media]
    sums = [sum(column) for column in zip(*figures, strict=True)]
    for column, (value, number_format) in enumerate(
        zip(sums, (count, *formats[1:]), strict=True), LEFT[0] + 2
    ):
        page.number(last, column, value, page.styles.total(number_format, grand=True))
    return last + 1


def _figures(row: Total | PlanRow) -> tuple[float | None, ...]:
    """Of a medium or a vehicle what stands beside its insertions."""
    return row.cost, row.share, row.grp


def _write_vehicles(
    page: Page,
    row: int,
    rows: tuple[Sequence[PlanRow], Sequence[PlanRow]],
    *,
    formats: tuple[str, ...],
    shades: dict[str, str],
    weeks: dict[str, str] | None,
) -> int:
    """The bought vehicles: those that are shown, the others in one line; returns the row after the table. weeks: when
    each stands, where there is a calendar."""
    page.section(row, LEFT, "What to buy")
    headings = ("Vehicle", "Medium", "Insertions", "Cost", "Share" if weeks is None else "When", "GRP")
    page.headings(row + 1, LEFT[0], headings, texts=2)
    shown, rest = rows
    for at, found in enumerate(shown, row + 2):
        page.put(at, LEFT[0], shorten(found.vehicle, 44), page.styles.text)
        page.put(at, LEFT[0] + 1, found.medium, page.styles.medium(shades[found.medium]))
        page.counted(at, LEFT[0] + 2, found.counted, found.bought_000, formats[0])
        page.figures(at, LEFT[0] + 3, zip(_figures(found), formats[1:], strict=True))
        _write_when(page, at, weeks, found.vehicle)
    at = row + 2 + len(shown)
    if rest:
        quiet = page.styles.get(italic=True, bottom=1, bottom_color=RULE)
        page.put(at, LEFT[0], f"and {len(rest)} more, see Plan", quiet)
        page.put(at, LEFT[0] + 1, "", quiet)
        counts = (sum(found.counted for found in rest), sum(found.bought_000 for found in rest))
        page.counted(at, LEFT[0] + 2, *counts, formats[0])
        columns = zip(*map(_figures, rest), strict=True)
        sums = [sum(value or 0.0 for value in column) for column in columns]
        page.figures(at, LEFT[0] + 3, zip(sums, formats[1:], strict=True))
        _write_when(page, at, weeks)
    return at + bool(rest)


def _write_when(page: Page, row: int, weeks: dict[str, str] | None, vehicle: str = "") -> None:
    """When a vehicle stands, over its share; nothing of several vehicles. weeks: None where there is no calendar."""
    if weeks is not None:
        page.put(row, LEFT[0] + 4, weeks.get(vehicle, ""), page.styles.figure(""))


def _rules_told(rules: Sequence[RuleOutcome]) -> list[Alike]:
    """Broken rules, then the planner's own, first those that bind; limits of vehicles that bind, prices paid last;
    those that are alike as one."""
    told = [rule for rule in rules if rule.own or rule.binding or not rule.holds]
    return alike(sorted(told, key=lambda rule: (rule.holds, rule.price, not rule.own, not rule.binding)))


def _rule_rows(rules: Sequence[RuleOutcome], shown: Sequence[Alike]) -> int:
    """Rows that _write_rules takes, where every rule takes one."""
    return 2 + len(shown) + bool(_rest_text(rules, shown, ())) if shown else 2


def _write_rules(
    page: Page, row: int, result: PlanResult, told: tuple[Sequence[Alike], Sequence[Alike]]
) -> int:
    """The rules that are told, how many others hold; returns the row after them. told: those that are shown, and those
    for which there is no room."""
    page.section(row, LEFT, "Rules")
    shown, left = told
    rest = _rest_text(result.rules, shown, left)
    if not shown:
        held = sum(not rule.price for rule in result.rules)
        none = f"{count_of(held, 'rule')} {'holds' if held == 1 else 'hold'}, none binding: see Notes."
        page.put(row + 1, LEFT[0], none, page.styles.text)
        return row + 2
    page.headings(row + 1, LEFT[0], ("Rule", "", "", "", "Holds", "Binding"), texts=4)
    for at, part in enumerate(shown, row + 2):
        _write_rule(page, at, part.rule, result.campaign.brief.currency)
    if rest:
        page.put(row + 2 + len(shown), LEFT[0], rest, page.styles.get(italic=True))
    return row + 2 + len(shown) + bool(rest)


def _rest_text(rules: Sequence[RuleOutcome], shown: Sequence[Alike], left: Sequence[Alike]) -> str:
    """How many rules, and how many prices paid, are not shown; a price that is not paid is no rule."""
    limits = sum(not rule.price for rule in rules) - sum(part.count for part in shown if not part.rule.price)
    prices = sum(part.count for part in shown if part.rule.price)
    paid = len(by_verdict(rules).paid) - prices
    told = [f"{count_of(limits, 'more rule')}{_binding_text(left)}"] if limits else []
    told += [f"{count_of(paid, 'more price' if prices else 'price')} paid"] if paid else []
    return f"and {', and '.join(told)}: see Notes" if told else ""


def _binding_text(left: Sequence[Alike]) -> str:
    """How many of the rules without room bind, and which, prices paid aside; "" where none does."""
    binding = [part for part in left if part.rule.binding and not part.rule.price]
    names = shorten(", ".join(rule_head(part.rule.text) for part in binding), 60)
    return f", {sum(part.count for part in binding)} of them binding ({names})" if binding else ""


def _write_rule(page: Page, at: int, rule: RuleOutcome, currency: str) -> None:
    last_text = LEFT[1] - 2
    answer = {"align": "right", "valign": "top", "bottom": 1, "bottom_color": RULE}
    style = page.styles.wrapped
    page.paragraph(
        at, (LEFT[0], last_text), told_text(rule, currency), style=style, width=sum(LEFT_WIDTHS[:-2])
    )
    holds = page.styles.get(bold=not rule.holds, font_color=GOOD if rule.holds else BAD, **answer)
    page.put(at, last_text + 1, "yes" if rule.holds else "NO", holds)
    binding = "paid" if rule.binding and rule.price else "yes" if rule.binding else "no"
    page.put(at, last_text + 2, binding, page.styles.get(**answer))


def _write_notices(page: Page, row: int, notices: Sequence[str]) -> None:
    if not notices:
        return
    across = (LEFT[0], RIGHT[1])
    page.section(row, across, "What to know")
    for at, notice in enumerate(notices, row + 1):
        page.paragraph(at, across, notice, style=page.styles.wrapped, width=WHOLE_WIDTH)


# --- right: whom it reaches ----------------------------------------------------------------------


def _write_audiences(page: Page, row: int, result: PlanResult) -> int:
    """Reach by audience and customers first; returns the row where the charts start."""
    times = result.campaign.brief.effective_frequency
    page.section(row, RIGHT, "Whom it reaches")
    headings = ("Audience", "People (000)", "Reach", "Frequency", "GRP", f"{times}+ reach")
    page.headings(row + 1, RIGHT[0], headings, texts=1)
    listed = named_audiences(result)
    for at, (name, audience) in enumerate(listed, row + 2):
        page.put(at, RIGHT[0], shorten(name, 32), page.styles.text)
        page.figures(at, RIGHT[0] + 1, (
            (audience.population_000, PEOPLE), (audience.reach_pct / 100, PERCENT),
            (audience.average_frequency, ONE), (audience.grp, ONE),
            (audience.reached_at_least(times), PERCENT),
        ))  # fmt: skip
    after = _write_sentence(page, row + 2 + len(listed), customers_first_sentence(result))
    after = _write_sentence(page, after, airtime_sentence(result.airtime))
    if result.influence is not None:
        page.section(after + 1, RIGHT, "What influencers add")
        after = _write_sentence(page, after + 2, result.influence.verdict, bold=True)
        after = _write_sentence(page, after, earned_sentence(result.influence))
    told = (customers_first_sentence(result), "" if result.influence is None else result.influence.verdict)
    if any("+-" in sentence for sentence in told):
        page.put(after, RIGHT[0], unbroken(PLUS_MINUS_IS), page.styles.subtitle)
        after += 1
    return after + 1


def _write_sentence(page: Page, row: int, text: str, bold: bool = False) -> int:
    """A paragraph in rows of ordinary height, so that the other half of the page keeps its own."""
    if not text:
        return row
    last = row + lines_needed(text, sum(RIGHT_WIDTHS) * (BOLD if bold else 1)) - 1
    style = page.styles.get(text_wrap=True, italic=not bold, bold=bold, valign="top")
    page.sheet.merge_range(row, RIGHT[0], last, RIGHT[1], "", style)
    page.put(row, RIGHT[0], unbroken(text), style)
    return last + 1


def _write_charts(
    page: Page,
    rows: tuple[int, int],
    result: PlanResult,
    media: Sequence[Total],
    draw_weeks: DrawWeeks | None,
) -> None:
    """Spend by week where there is a calendar, else by medium; below it reach by audience, as far as there is room.

    rows: the first one that is free, and the one where the notices stand.
    """
    first, end = rows
    writers: list[Callable[[Place], None]] = []
    if draw_weeks is not None:
        writers.append(partial(draw_weeks, _money_look(page, result, media)))
    elif len(media) > 1:  # a single bar says nothing
        writers.append(partial(_write_spend, _money_look(page, result, media), result, media))
    most = (end - first) // (CHART_ROWS + 1)
    bars = len(distinct_audiences(result.audiences))
    # Beside the other chart it has half the room; bars too thin say nothing that the table does not.
    if bars > 1 and (not writers or BARS_FROM + bars <= (end - first) // 2):
        writers.append(partial(_write_reach, result))
    shown = writers[:most]
    for place, write in enumerate(shown):
        height = (end - first) // len(shown)
        pixels = ROW_PIXELS * (height - 1)
        write(Place(page.book, page.sheet, first + place * height, RIGHT[0], CHART_WIDTH, pixels))


def _money_look(page: Page, result: PlanResult, media: Sequence[Total]) -> MoneyLook:
    """How charts write money; a long label would break within its number."""
    currency = result.campaign.brief.currency
    axis = money_axis_format(currency)
    largest = media[0].cost if media else 0.0
    return MoneyLook(currency, page.styles.money() if largest < LONG_LABEL else axis, axis)


def _write_spend(look: MoneyLook, result: PlanResult, media: Sequence[Total], place: Place) -> None:
    name, shades = place.sheet.get_name(), colours(result.campaign)
    top = TOP_ROW + 2
    end, cost = top + len(media) - 1, LEFT[0] + 3
    spend = Series("Spend", [name, top, LEFT[0], end, LEFT[0]], [name, top, cost, end, cost])
    extent = Extent(media[0].cost, max(len(total.name) for total in media))
    add_spend_chart(place, spend, extent, colours=[shades[total.name] for total in media], look=look)


def _write_reach(result: PlanResult, place: Place) -> None:
    add_reach_chart(place, [reach_bars(result.audiences)], reach_extent(result.audiences))
