"""The comparison workbook of scenarios: every sheet renders a table of planner.comparing.scenario_tables."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from planner.campaign.bought import counted_in, mixed
from planner.campaign.colours import colours
from planner.comparing.desk import STATUS
from planner.comparing.scenario_tables import (
    audience_table,
    insertions_table,
    money_table,
    pair_table,
    scenario_table,
)
from planner.comparing.sweep import Comparison
from planner.formats import count_of, money
from planner.report.assumed import assumed
from planner.report.comparing.scenarios import verdict_notes
from planner.workbook.figures.scenario_changes import write_changes
from planner.workbook.page.book import write_book
from planner.workbook.page.charts import Extent, Place, Series, add_share_chart
from planner.workbook.page.files import Target
from planner.workbook.page.styles import (
    COUNT,
    ONE,
    PERCENT,
    QUIET,
    REPEATED,
    RULE,
    TWO,
    Page,
    Styles,
    lines_needed,
)

_TITLE = "Scenarios side by side"
GAP = "0.000%;-0.000%;–"
PLUS_MINUS = '"±"0.00" %"'
SIGNED = '+0.00" %";-0.00" %";–'
MOST_IN_CHART, MOST_IN_MATRIX = 40, 40
_NAME, _CHANGES, _FIGURE, _VERDICT = 24, 25, 9.5, 18  # of widths that print on one page up to the verdict
_MONEY = ("cost", "budget", "cpp")
_ROWS_PRINTED = 28  # of a page of Reach, or of Money
_WIDEST = 46  # of a column of names
_MORE, _LESS = "#CFE8D5", "#F2D5D5"  # better, worse
_LIGHT, _DARK = "#F7FBFF", "#7FA3CC"  # least and most insertions of a vehicle
_SHORT = {"within the gaps": "gaps", "within survey error": "survey", "within the model's own error": "model"}


def write_scenarios(compared: Comparison, path: Path | Target) -> None:
    """Write the workbook; raises OutputError when it cannot stand where it was asked for."""
    write_book(path, compared.prepared.campaign.brief, partial(_fill, compared), title=_TITLE)


def _fill(compared: Comparison, styles: Styles) -> None:
    _comparison(styles.page("Comparison"), compared)
    _audiences(styles.page("Reach"), compared)
    _insertions(styles.page("Insertions"), compared)
    _money(styles.page("Money"), compared)
    write_changes(styles.page("Changes"), compared)
    _pairs(styles.page("Pairs"), compared)


# --- the scenarios ------------------------------------------------------------------------------------


_Columns = Sequence[tuple[str, str, str]]  # heading, key of the row, number format


def _columns(page: Page, compared: Comparison) -> tuple[_Columns, _Columns]:
    """The figures of a scenario: those that decide, up to the verdict; further ones, which print on the next page."""
    amount, times = page.styles.money(), compared.prepared.campaign.brief.effective_frequency
    return (
        ("Cost", "cost", amount), ("Reach, everyone", "reach", PERCENT), (f"{times}+, everyone", "effective", PERCENT),
        ("Reach, target", "target", PERCENT), ("Value, base's objective", "base_value", ONE),
        ("Change from base", "base_value_change_pct", SIGNED), ("Model's error", "model_error_pct", PLUS_MINUS),
        ("Gap", "gap", GAP),
    ), (
        ("Budget", "budget", amount), ("Insertions", "insertions", COUNT), ("Frequency, target", "frequency", ONE),
        ("GRP, target", "grp", ONE), ("CPP, target", "cpp", amount), ("Earned (000)", "earned_000", COUNT),
        ("Own value", "value", ONE),
    )  # fmt: skip


def _scenario(page: Page, number: int, row: Mapping[str, Any], columns: _Columns, further: _Columns) -> None:
    """A scenario's row: what differs, its figures, how it ended and how it stands beside the base."""
    bold = {"bold": True} if row["base"] else {}
    wrapped = page.styles.get(text_wrap=True, bottom=1, bottom_color=RULE, **bold)
    changes = row["changes"] or ("the campaign as it stands" if row["mode"] == "best" else "")
    verdict = row["reason"] or row["verdict"] or ""
    page.put(number, 0, row["scenario"], wrapped)
    page.put(number, 1, changes, wrapped)
    page.figures(number, 2, [(row.get(name), shown) for _, name, shown in columns])
    page.put(number, 2 + len(columns), STATUS.get(row["status"], ""), page.styles.label)
    page.put(number, 3 + len(columns), verdict, wrapped)
    cheapest = row.get("objective") == "minimum cost"  # a plan worth its money
    shown_as = {"value": page.styles.money()} if cheapest else {}
    page.figures(
        number,
        4 + len(columns),
        [(row.get(name), shown_as.get(name, shown)) for _, name, shown in further],
    )
    texts = ((row["scenario"], _NAME), (changes, _CHANGES), (verdict, _VERDICT))
    page.make_room(number, max(lines_needed(text, width) for text, width in texts))


def _comparison(page: Page, compared: Comparison) -> None:
    """One row per scenario."""
    columns, further = _columns(page, compared)
    rows, behind = _with_audiences(compared), 4 + len(columns)
    width = partial(_width, rows, compared.prepared.campaign.brief.currency)
    widths = (_NAME, _CHANGES, *map(width, columns), 10, _VERDICT, *map(width, further))
    page.widths(widths)
    brief, base = compared.prepared.campaign.brief, compared.scenarios[compared.base].name
    named, many = f"{brief.campaign}: " * bool(brief.campaign), count_of(len(compared.scenarios), "scenario")
    subtitle = f"{named}{many}; the base is {base}; plans within {100 * compared.gap:g} % of the best"
    page.title(_TITLE)
    told = page.styles.get(text_wrap=True, font_color=QUIET)
    # What stands in the columns that each page repeats fits in them; the notes stand beside them.
    page.paragraph(1, (0, REPEATED - 1), subtitle, style=told, width=_NAME + _CHANGES)
    page.headings(3, 0, ("Scenario", "What differs"), texts=2)
    for at, (heading, _, _) in (*enumerate(columns, 2), *enumerate(further, behind)):
        page.put(3, at, heading, page.styles.heading())
    page.headings(3, 2 + len(columns), ("Status", "Verdict beside the base"), texts=2)
    page.make_room(3, 2)
    for number, row in enumerate(rows, 4):
        _scenario(page, number, row, columns, further)
    end = 5 + len(rows)
    for at, text in enumerate(
        (*assumed(compared.prepared.campaign), *_legend(compared), *verdict_notes(compared)), end
    ):
        page.paragraph(at, (REPEATED, behind - 1), text, style=told, width=sum(widths[REPEATED:behind]))
    page.set_up(header_row=3, width=sum(widths))
    page.sheet.set_v_pagebreaks([behind])


def _width(rows: Sequence[Mapping[str, Any]], currency: str, column: tuple[str, str, str]) -> float:
    """Characters that a column's figures take; money of a currency with a long mark takes more than others."""
    amounts = [row.get(column[1]) for row in rows] if column[1] in _MONEY else []
    return max([_FIGURE, *(len(money(amount, currency)) + 1.0 for amount in amounts if amount is not None)])


def _legend(compared: Comparison) -> list[str]:
    objective = compared.prepared.problem.objective
    return [
        f"Value by the base's objective: {objective.unit} ({objective.name}), at the base's people and weights.",
        "Verdict: different; or within the gaps (a better plan of either may reverse it), within survey error "
        "(another sample of the same people may), within the model's own error (reach itself is known no better).",
    ]


def _with_audiences(compared: Comparison) -> list[dict[str, Any]]:
    """The rows of the scenarios with everyone's and the target's figures."""
    rows = scenario_table(compared).records
    for row, answer in zip(rows, compared.answers, strict=True):
        figures = {found["name"]: found for found in answer.get("audiences", ())}
        if figures:
            everyone, target = figures["everyone"], figures["target"]
            row |= {"reach": everyone["reach_pct"] / 100, "effective": everyone["effective_pct"] / 100}
            row |= {"target": target["reach_pct"] / 100}
            row |= {name: target[name] for name in ("frequency", "grp", "cpp")}
    return rows


def _audiences(page: Page, compared: Comparison) -> None:
    """One part per audience: reach, n+, frequency, GRP, CPP of every scenario."""
    page.widths((_name_width(compared), *([13] * 6)))
    page.title("Reach by audience")
    times = sorted({compared.answers[at]["times"] for at in compared.found})
    often = f"{times[0]}+ reach" if len(times) == 1 else "Effective reach"
    page.headings(1, 0, ("Scenario", "Reach", often, "Frequency", "GRP", "CPP"), texts=1)
    row, breaks, used = 2, list[int](), 0
    formats = (
        ("reach_pct", PERCENT, 100),
        ("effective_pct", PERCENT, 100),
        ("frequency", TWO, 1),
        ("grp", ONE, 1),
    )
    for audience, part in audience_table(compared).by("audience").items():
        if used and used + len(part) > _ROWS_PRINTED:
            breaks.append(row)
            used = 0
        used += len(part) + 2
        page.section(row, (0, 5), f"{audience} ({part[0]['population_000']:,.0f} thousand people)")
        for number, found in enumerate(part, row + 1):
            page.put(number, 0, found["scenario"], page.styles.label)
            shown = [(found[name] / by, style) for name, style, by in formats]
            page.figures(number, 1, [*shown, (found["cpp"], page.styles.money(0))])
        row += 2 + len(part)
    page.set_up(header_row=1)
    page.sheet.set_h_pagebreaks(breaks)


def _name_width(compared: Comparison) -> float:
    """Of a column of the scenarios' names."""
    return float(min(max(_NAME, *(len(each.name) for each in compared.scenarios)), _WIDEST))


# --- matrices -----------------------------------------------------------------------------------------


def _insertions(page: Page, compared: Comparison) -> None:
    """Vehicles down, scenarios across: insertions, darker where a scenario buys more of the vehicle."""
    table = insertions_table(compared)
    names, vehicles = table.keys[2:], compared.prepared.campaign.vehicles
    counted = {row.name: counted_in(row) for row in vehicles} if mixed(vehicles) else {}
    first = 3 if counted else 2  # column of the first scenario
    widths = (*(30, 14, 19)[:first], *([12] * len(names)))
    page.widths(widths)
    page.title("Insertions")
    page.headings(2, 0, (*("Vehicle", "Medium", "Counted in")[:first], *names), texts=first)
    page.make_room(2, max([lines_needed(name, 10) for name in names], default=1))
    look = page.styles.get(num_format="#,##0.##;-#,##0.##;", align="center", bottom=1, bottom_color=RULE)
    tints = colours(compared.prepared.campaign)
    for number, (medium, vehicle, *counts) in enumerate(table.rows, 3):
        page.put(number, 0, vehicle, page.styles.medium(tints.get(medium, QUIET)))
        for at, text in enumerate((medium, counted.get(vehicle, ""))[: first - 1], 1):
            page.put(number, at, text, page.styles.label)
        for at, count in enumerate(counts, first):
            page.number(number, at, count, look)
    if table.rows:
        _shade(page, [counts for _, _, *counts in table.rows], first)
    page.set_up(header_row=2, frozen=first, width=sum(widths))


def _shade(page: Page, counts: Sequence[Sequence[float]], first: int) -> None:
    """Each vehicle's counts, one a scenario, shaded by its own most; first: column of the first scenario."""
    last = first - 1 + len(counts[0])
    nothing = page.styles.book.add_format({"bg_color": "#FFFFFF"})
    blank = {"type": "cell", "criteria": "==", "value": 0, "format": nothing, "stop_if_true": True}
    page.sheet.conditional_format(3, first, 2 + len(counts), last, blank)
    for number, most in enumerate(map(max, counts), 3):
        scale = {"type": "2_color_scale", "min_color": _LIGHT, "max_color": _DARK, "min_type": "num",
                 "min_value": 0, "max_type": "num", "max_value": most}  # fmt: skip
        page.sheet.conditional_format(number, first, number, last, scale)


def _money(page: Page, compared: Comparison) -> None:
    """Scenarios down, media across: shares of money, and the same stacked to 100 %."""
    table = money_table(compared)
    media, names = [row[0] for row in table.rows], table.keys[1:]
    page.widths((_name_width(compared), *([13] * max(len(media), 6))))
    page.title("Share of money by medium")
    page.headings(2, 0, ("Scenario", *media), texts=1)
    for at, name in enumerate(names, 1):
        page.put(2 + at, 0, name, page.styles.label)
        page.figures(2 + at, 1, [(row[at], PERCENT) for row in table.rows])
    shown = min(len(names), MOST_IN_CHART)
    if media and shown:
        tints = colours(compared.prepared.campaign)
        place = Place(page.book, page.sheet, 4 + len(names), 0, 760, 150 + 24 * shown)
        _money_chart(place, names[:shown], [tints.get(name, QUIET) for name in media])
    page.set_up(header_row=2)
    page.sheet.set_h_pagebreaks([4 + len(names)] if len(names) + shown > _ROWS_PRINTED else [])


# --- pairs --------------------------------------------------------------------------------------------


def _money_chart(place: Place, names: Sequence[str], tints: Sequence[str]) -> None:
    """Shares of money of these scenarios, a colour a medium."""
    last = 2 + len(names)
    parts = [
        Series(["Money", 2, at, 2, at], ["Money", 3, 0, last, 0], ["Money", 3, at, last, at])
        for at in range(1, 1 + len(tints))
    ]
    letters = max(len(name) for name in names)
    titles = ("Share of money by medium", "")
    add_share_chart(place, parts, Extent(1.0, min(letters, 40)), colours=tints, titles=titles)


def _pairs(page: Page, compared: Comparison) -> None:
    """A matrix of verdicts where it can be read, and every pair with its interval."""
    pairs = pair_table(compared).records
    names = [compared.scenarios[at].name for at in compared.found]
    width = _name_width(compared)
    page.widths((width, width, 40, *([13] * max(5, len(names)))))
    page.title("Is one better than the other?")
    row = 2
    if 2 < len(names) <= MOST_IN_MATRIX:
        page.put(1, 0, _MATRIX_LEGEND, page.styles.subtitle)
        row = _matrix(page, row, names, pairs)
    page.headings(row, 0, ("a", "b", "Verdict", "By", "a less b", "From", "To", "Model's error"), texts=4)
    for number, found in enumerate(pairs, row + 1):
        page.put(number, 0, found["a"], page.styles.label)
        page.put(number, 1, found["b"], page.styles.label)
        certain = " (one plan holds the other)" if found["certain"] else ""
        page.put(number, 2, f"{found['verdict']}{certain}", page.styles.text)
        page.put(number, 3, found["measure"], page.styles.label)
        page.figures(number, 4, [(found[name], TWO) for name in ("difference", "low", "high", "model_error")])
    page.set_up(header_row=0)


_MATRIX_LEGEND = (
    "Row beside column. More, less: they are different (of value, reach or cost: see By below; green is better). Gaps, "
    "survey, model: within which doubt the difference lies, so that neither is known to be better."
)


def _matrix(page: Page, row: int, names: list[str], rows: Sequence[Mapping[str, Any]]) -> int:
    """Verdicts of every pair in short; returns the row after."""
    page.headings(row, 0, ("", "", "", *names), texts=3)
    page.make_room(row, max(lines_needed(name, 11) for name in names))  # bold letters are wider
    pairs = {(found["a"], found["b"]): (found, 1.0) for found in rows}
    pairs |= {(b, a): (found, -1.0) for (a, b), (found, _) in pairs.items()}
    for number, a in enumerate(names, row + 1):
        page.put(number, 0, a, page.styles.label)
        for at, b in enumerate(names, 3):
            said, fill = _verdict(*pairs[a, b]) if (a, b) in pairs else ("", {})
            page.put(number, at, said, page.styles.get(align="center", border=1, border_color=RULE, **fill))
    return row + 2 + len(names)


def _verdict(pair: Mapping[Any, Any], sign: float) -> tuple[str, dict[str, str]]:
    """What a cell of the matrix says, and its colour. sign: -1 where the pair is the other way round."""
    if pair["verdict"] != "different":
        return _SHORT[pair["verdict"]], {}
    more = sign * pair["difference"] > 0
    better = more if pair["measure"] != "cost" else not more
    return "more" if more else "less", {"bg_color": _MORE if better else _LESS}
