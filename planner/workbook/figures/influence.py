"""The Influence sheet: what influencers add to the plan, what tailoring to them gains, and the parameters.

Tables, charts below them; the campaign's own table of parameters comes last, for it is read back.
"""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import zip_longest

from xlsxwriter.format import Format

from planner.campaign.bought import added_up
from planner.campaign.inputs import VehicleRow
from planner.excel.notation import cell_reference
from planner.formats import is_whole
from planner.planning.influence import Gain, Influence
from planner.planning.model_error import ERROR_IS
from planner.planning.results import PlanResult
from planner.planning.tables import BOUGHT
from planner.report.json_values import finite
from planner.report.plan.influence import (  # fmt: skip
    NOT_FOUND,
    break_even_sentence,
    customers_price_sentence,
    measure_name,
)
from planner.report.plan.notices import customers_first_sentence
from planner.workbook.figures.influence_reach import FINE, LAST, WIDTHS, ReachTable, write_charts
from planner.workbook.page.charts import Series
from planner.workbook.page.styles import (  # fmt: skip
    BAD,
    BAND,
    COUNT,
    GOOD,
    ONE,
    PERCENT,
    PLUS_MINUS,
    POINTS,
    QUIET,
    RULE,
    SMALLEST,
    TWO,
    Page,
    keep_together,
    lines_needed,
    page_points,
)

WHOLE = sum(WIDTHS)
GOES_OUT, MOST_VEHICLES = 6, 25  # GOES_OUT: first column of the vehicles that go out
CHANGE = "+0.00%;-0.00%;–"

ParameterTable = Callable[[int], int]  # writes the campaign's parameters from a row on; returns the row after


def write_influence_sheet(
    page: Page, result: PlanResult, points: Sequence[Series], parameters: ParameterTable
) -> None:
    """Write the sheet. points: of the chart of price against index, a series for each medium."""
    page.title("Influence: what influencers add, and what tailoring to them gains")
    page.widths(WIDTHS)
    row, starts = 2, list[int]()
    if result.influence is None:
        text = "What influencers add was not calculated for this plan. These are the campaign's parameters of it."
        page.put(1, 0, text, page.styles.subtitle)
    else:
        row, starts = _write_findings(page, result, result.influence, points)
    page.section(row, (0, LAST), "Parameters of word of mouth")
    end = parameters(row + 1)
    page.set_up(header_row=0, frozen=0)
    page.sheet.print_area(0, 0, end - 1, LAST)  # the charts' figures stand to the right, hidden
    page.sheet.set_print_scale(SMALLEST)
    keep_together(page, [0, *starts, row], end, page_points(page, WIDTHS, SMALLEST / 100))


def _write_findings(
    page: Page, result: PlanResult, influence: Influence, points: Sequence[Series]
) -> tuple[int, list[int]]:
    """Everything above the parameters; returns the row where they start, and where the parts above begin that no page
    should cut."""
    page.put(1, 0, f"Preset {influence.preset}. Calculated for the insertions the plan had when this file was "
                   "written: run  planner evaluate  on this file after an edit.", page.styles.subtitle)  # fmt: skip
    row = _write_verdict(page, 3, result, influence)
    reach = ReachTable(page, influence, row)
    row, starts = reach.write(), list[int]()
    parts: list[Callable[[Page, int], int]] = [
        partial(_write_talkers, influence=influence),
        partial(_write_turns, influence=influence),
        partial(write_charts, result=result, reach=reach, points=points),
    ]
    if influence.compared:
        parts[:0] = [
            partial(_write_gains, gains=influence.gains),
            partial(_write_plans, influence=influence, vehicles=result.campaign.vehicles),
            partial(_write_changes, result=result, influence=influence),
        ]
    for write in parts:
        starts.append(row + 1)
        row = write(page, row + 1)
    return row + 1, starts


def _write_verdict(page: Page, row: int, result: PlanResult, influence: Influence) -> int:
    """The verdict in a box, what it rests on below it, warnings in red; returns the row after."""
    bar = GOOD if influence.verdict_code == "gain" else QUIET
    first = f"{customers_first_sentence(result)} {customers_price_sentence(result)}".strip()
    told = [(influence.verdict, bar, True), (first, bar, False),
            (break_even_sentence(influence), bar, False),
            *((warning, BAD, True) for warning in influence.warnings)]  # fmt: skip
    for text, colour, bold in told:
        if text:
            ink = {"font_color": BAD} if colour == BAD else {}
            style = page.styles.get(text_wrap=True, bg_color=BAND, left=5, left_color=colour, indent=1,
                                    bold=bold, **ink)  # fmt: skip
            page.paragraph(row, (0, LAST), text, style=style, width=WHOLE)
            row += 1
    return row + 1


# --- tailored against ordinary -------------------------------------------------------------------


def _write_gains(page: Page, row: int, gains: Sequence[Gain]) -> int:
    """Measure by measure, differences as live formulas; returns the row after."""
    page.section(row, (0, 6), "Tailored against ordinary, at the same money and rules")
    headings = ("Measure", "Unit", "Tailored", "Ordinary", "Difference", "In %", "Model's error")
    page.headings(row + 1, 0, headings, texts=2)
    for at, gain in enumerate(gains, row + 2):
        _write_gain(page, at, gain)
    page.put(row + 2 + len(gains), 0, ERROR_IS, page.styles.remark)
    return row + 3 + len(gains)


def _write_gain(page: Page, row: int, gain: Gain) -> None:
    share = gain.unit == "%"
    scale, number_format = 100 if share else 1, _gain_format(page, gain)
    measure = measure_name(gain)
    measure = measure[:1].upper() + measure[1:]
    page.put(row, 0, measure, page.styles.get(text_wrap=True, bottom=1, bottom_color=RULE))
    page.make_room(row, lines_needed(measure, WIDTHS[0]))
    page.put(row, 1, "% of them" if share else gain.unit, page.styles.text)
    page.figures(row, 2, ((gain.tailored / scale, number_format), (gain.ordinary / scale, number_format)))
    new, old = cell_reference(row, 2), cell_reference(row, 3)
    change = gain.points
    looks = (POINTS if share else f"+{number_format}", CHANGE)
    # Rounded as they are shown: a minus before 0.00 says nothing.
    less = f"ROUND(100*({new}-{old}),2)" if share else f"{new}-{old}"
    change = round(change, 2) if share else change
    page.formula(row, 4, f"={less}", style=page.styles.figure(looks[0]), value=change)
    percent = None if gain.percent is None else round(gain.percent / 100, 4)
    grown = f'=IF({old}=0,"",ROUND({new}/{old}-1,4))'
    page.formula(row, 5, grown, style=page.styles.figure(looks[1]), value=percent)
    error = PLUS_MINUS if share else f'"±"{number_format.split(";")[0]}'
    page.figures(row, 6, [(gain.error or None, error)])


def _gain_format(page: Page, gain: Gain) -> str:
    """The number format of a gain's figures, by its unit."""
    formats = {page.styles.brief.currency: page.styles.money(2), "%": FINE, "000": ONE, "": ONE}
    return formats.get(gain.unit, TWO)


def _write_plans(page: Page, row: int, influence: Influence, vehicles: Sequence[VehicleRow]) -> int:
    """Money and talk of the three plans; returns the row after."""
    page.section(row, (0, 4), "The three plans")
    names = ("Tailored", "Ordinary", "Cheapest impressions")
    page.headings(row + 1, 0, ("", "", *names), texts=2)
    page.sheet.set_row(row + 1, 28)
    lines = _plan_lines(page, influence, vehicles)
    for at, (name, unit, number_format, values) in enumerate(lines, row + 2):
        page.put(at, 0, name, page.styles.text)
        page.put(at, 1, unit, page.styles.text)
        page.figures(at, 2, ((finite(value), number_format) for value in values))
    note = ("Ordinary: most reach of the target audience, same money, rules and customers first. Cheapest "
            "impressions: most contacts with it for the same money and rules.")  # fmt: skip
    page.put(row + 2 + len(lines), 0, note, page.styles.remark)
    return row + 3 + len(lines)


def _plan_lines(
    page: Page, influence: Influence, vehicles: Sequence[VehicleRow]
) -> tuple[tuple[str, str, str, list[float]], ...]:
    """What is told of the three plans: name, unit, number format, figures."""
    money, cents = page.styles.money(), page.styles.money(2)
    plans = (influence.tailored, influence.ordinary, influence.impressions)
    added = [added_up(vehicles, plan.insertions.tolist()) for plan in plans]
    contacts = [bought_000 for _, bought_000 in added]
    return (
        ("Cost", page.styles.brief.currency, money, [plan.cost for plan in plans]),
        ("Vehicles bought", "", COUNT, [float((plan.insertions > BOUGHT).sum()) for plan in plans]),
        ("Insertions", "", COUNT, [count for count, _ in added]),
        *([("Impressions bought", "000", COUNT, contacts)] if any(contacts) else []),
        ("People reached, influence-weighted", "000", ONE, [plan.influence_weighted_000 for plan in plans]),
        ("Earned contacts", "000", ONE, [plan.earned_contacts_000 for plan in plans]),
        ("Cost per thousand influencers reached", page.styles.brief.currency, cents,
         [plan.cost_per_thousand_influencers for plan in plans]),
    )  # fmt: skip


def _write_changes(page: Page, row: int, result: PlanResult, influence: Influence) -> int:
    """Vehicles that only one of the two plans buys, with their insertions; returns the row after."""
    page.section(row, (0, 3), "Vehicles that come in by tailoring")
    if not influence.comes_in and not influence.goes_out:
        page.put(row + 1, 0, "This plan and the ordinary plan buy the same vehicles.", page.styles.text)
        return row + 2
    page.section(row, (GOES_OUT, LAST), "Vehicles that go out")
    page.headings(row + 1, 0, ("Comes in", "", "", "Insertions"), texts=3)
    page.headings(row + 1, GOES_OUT, ("Goes out", "", "", "Insertions"), texts=3)
    counts = {
        vehicle.name: (new, old)
        for vehicle, new, old in zip(
            result.campaign.vehicles,
            influence.tailored.insertions.tolist(),
            influence.ordinary.insertions.tolist(),
            strict=True,
        )
    }
    pairs = list(zip_longest(influence.comes_in, influence.goes_out))
    for column, names in ((0, influence.comes_in), (GOES_OUT, influence.goes_out)):
        if not names:
            page.put(row + 2, column, "none", page.styles.remark)
    for at, (new, old) in enumerate(pairs[:MOST_VEHICLES], row + 2):
        if new is not None:
            _write_change(page, at, 0, new, counts[new][0])
        if old is not None:
            _write_change(page, at, GOES_OUT, old, counts[old][1])
    at = row + 2 + min(len(pairs), MOST_VEHICLES)
    if len(pairs) > MOST_VEHICLES:
        page.put(at, 0, f"and more: {len(influence.comes_in)} come in, {len(influence.goes_out)} go out",
                 page.styles.get(italic=True))  # fmt: skip
        at += 1
    return at


def _write_change(page: Page, row: int, column: int, vehicle: str, count: float) -> None:
    """A vehicle over three columns and its insertions in the fourth."""
    page.sheet.merge_range(row, column, row, column + 2, "", page.styles.text)
    page.put(row, column, vehicle, page.styles.text)
    page.figures(row, column + 3, ((count, COUNT if is_whole(count) else TWO),))


def _write_talkers(page: Page, row: int, influence: Influence) -> int:
    """By trait: worth and share of what is passed on; beside it contacts by channel; returns the row after."""
    page.section(row, (0, 3), "Who passes it on")
    page.section(row, (5, LAST), "How it is passed on")
    page.headings(row + 1, 0, ("Trait", "", "Worth of one more reached", "Share of earned contacts"), texts=2)
    page.headings(row + 1, 5, ("Channel", "", "Contacts (000)", "Share"), texts=2)
    page.put(row + 1, 9, "", page.styles.heading())
    page.sheet.set_row(row + 1, 42)
    traits = list(dict.fromkeys((*influence.worth, *influence.passed_on)))
    for at, trait in enumerate(traits, row + 2):
        page.put(at, 0, trait, page.styles.text)
        page.put(at, 1, "", page.styles.text)
        figures = ((influence.worth.get(trait), "0.000"), (influence.passed_on.get(trait), PERCENT))
        page.figures(at, 2, figures)
    _write_channels(page, row + 2, influence)
    row += 2 + max(len(traits), len(influence.channels) + 1)
    for note in ("Worth: of one more reached person beside an average one of the target (1.00). A person may have "
                 "several traits,", "so the shares need not add up to 100 %."):  # fmt: skip
        page.put(row, 0, note, page.styles.remark)
        row += 1
    return row


def _write_channels(page: Page, row: int, influence: Influence) -> None:
    """Contacts by channel; shares and their sum are live."""
    total = row + len(influence.channels)
    contacts = sum(influence.channels.values())
    sum_cell = cell_reference(total, 7, True, True)
    lines = [(name, value, "") for name, value in influence.channels.items()]
    cells = f"{cell_reference(row, 7)}:{cell_reference(total - 1, 7)}"
    for at, (name, value, formula) in enumerate([*lines, ("Total", contacts, f"=SUM({cells})")], row):
        last = at == total
        text, figure = _total_styles(page, ONE) if last else (page.styles.text, page.styles.figure(ONE))
        page.put(at, 5, name, text)
        page.put(at, 6, "", text)
        if formula and lines:
            page.formula(at, 7, formula, style=figure, value=value)
        else:
            page.number(at, 7, value, figure)
        share = _total_styles(page, PERCENT)[1] if last else page.styles.figure(PERCENT)
        ratio = f"=IF({sum_cell}=0,0,{cell_reference(at, 7)}/{sum_cell})"
        page.formula(at, 8, ratio, style=share, value=value / contacts if contacts else 0.0)


def _total_styles(page: Page, number_format: str) -> tuple[Format, Format]:
    return page.styles.total(), page.styles.total(number_format)


def _write_turns(page: Page, row: int, influence: Influence) -> int:
    """Where the verdict turns, assumption by assumption; returns the row after."""
    found = influence.break_even
    if found is None:
        return row - 1
    page.section(row, (0, 4), "What would change the verdict")
    page.headings(row + 1, 0, ("Assumption", "", "Value taken", "", "Verdict turns at"), texts=2)
    page.sheet.merge_range(row + 1, 3, row + 1, 4, "", page.styles.heading())
    page.put(row + 1, 3, "Verdict turns at", page.styles.heading())
    right = page.styles.get(align="right", bottom=1, bottom_color=RULE, italic=True, font_color=QUIET)
    multiplier = "Influencer multiplier from which the plans differ"
    lines = [(turn.parameter, turn.used, turn.turns_at, NOT_FOUND) for turn in found.assumptions]
    nowhere = f"not up to {found.searched_to:g}"
    shares = {parameter.heading for parameter in influence.parameters if parameter.share}
    for at, (name, used, turns_at, otherwise) in enumerate(
        [(multiplier, None, found.multiplier, nowhere), *lines], row + 2
    ):
        number_format = "0.0#%" if name in shares else "0.0#"
        page.put(at, 0, name, page.styles.text)
        page.put(at, 1, "", page.styles.text)
        page.number(at, 2, used, page.styles.figure(number_format))
        if turns_at is None:
            page.sheet.merge_range(at, 3, at, 4, "", right)
            page.put(at, 3, otherwise, right)
        else:
            page.sheet.merge_range(at, 3, at, 4, "", page.styles.figure(number_format))
            page.number(at, 3, turns_at, page.styles.figure(number_format))
    note = "Each assumption alone, both plans held as they are; only the multiplier plans anew."
    page.put(row + 3 + len(lines), 0, note, page.styles.remark)
    return row + 4 + len(lines)
