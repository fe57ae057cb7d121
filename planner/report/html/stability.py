"""The HTML report of a plan's stability: the tornado, which vehicles stay, regret, what is best on average."""

from collections.abc import Sequence
from typing import Any

from planner.campaign.bought import bought_000
from planner.campaign.colours import PALETTE, tint
from planner.campaign.inputs import VehicleRow
from planner.comparing.doubts import IN_HAND, SOURCES
from planner.comparing.stability import Stability
from planner.comparing.stability_tables import (
    average_table,
    plan_table,
    regret_table,
    sentences,
    swing_table,
    vehicle_table,
    warnings,
)
from planner.formats import number, percent, signed
from planner.report.html.charts import Bar, Row, line_ends, rows
from planner.report.html.page import Markup, Section, folded, foot, lead, listing, page, paragraphs
from planner.report.html.tables import GOOD, POOR, Shaded, grid, table_part
from planner.report.plan.headline import subtitle
from planner.report.why.explain import count_text

LOW, HIGH = PALETTE[1], PALETTE[0]


def stability_page(found: Stability) -> str:
    """The report as one HTML file."""
    brief = found.campaign.brief
    sections = [
        Section("short", "In short", _short(found)),
        Section("tornado", "One assumption at a time", _tornado(found), wide=False),
        Section("reach", "Reach in other surveys, assumptions, prices", _intervals(found), wide=False),
        Section("stay", "Which vehicles stay", _vehicles(found)),
        Section("regret", "Regret: plans in each set of assumptions", _regret(found)),
        Section(
            "average",
            "Best on average",
            [table_part(average_table(found), brief.currency, without=("insertions",))],
        ),
        Section("know", "What to know", listing([*found.untold, *found.campaign.notices])),
    ]
    title = f"{brief.campaign or 'Media plan'}: how stable the plan is"
    return page(title, subtitle(brief), sections, foot(found.campaign, f"Seed {found.doubt.seed}."))


def _short(found: Stability) -> list[Markup]:
    told = sentences(found)
    return [
        *(lead(sentence, "plain") for sentence in told[:1]),
        *paragraphs(told[1:]),
        *listing(warnings(found)),
    ]


def _tornado(found: Stability) -> list[Markup]:
    """Worth at the low and high of each assumption beside that as used, the widest swing first."""
    table = swing_table(found)
    listed = [row for row in table.records if row["worth_low"] is not None]
    drawn = [
        Row(f"{row['assumption']} ({_value(row['low'])} to {_value(row['high'])})",
            [Bar(0, row["worth_low"], LOW, f"at {_value(row['low'])}: {_signed(row['worth_low'])}"),
             Bar(0, row["worth_high"], HIGH, f"at {_value(row['high'])}: {_signed(row['worth_high'])}")],
            f"{_signed(row['worth_low'])} / {_signed(row['worth_high'])}")
        for row in listed
    ]  # fmt: skip
    if not drawn:
        return []
    chart = rows("Worth of the plan beside that with the values used", drawn,
                 legend=[("At the low value", LOW), ("At the high value", HIGH)])  # fmt: skip
    return [chart, folded("The figures", table_part(table, found.campaign.brief.currency))]


def _value(value: float) -> str:
    return f"{value:.6g}"  # as stated


def _signed(share: float) -> str:
    return f"{signed(100 * share, 2)} %"


def _intervals(found: Stability) -> list[Markup]:
    """Per doubt and plan the middle of its reach and where 95 % of the draws lie."""
    listed = [row for row in plan_table(found).records if row["draws"]]
    if not listed:
        return paragraphs(list(found.untold))
    drawn = [_interval(row) for row in listed]
    ends = [row[key] for row in listed for key in ("reach_low", "reach_high")]
    note = "The bar ends at the mean. The scale does not begin at 0."
    chart = rows("Target reached: mean and 95 % of the draws", drawn, scale=line_ends(ends, 1.0), note=note)
    return [chart, folded("The figures", table_part(plan_table(found), found.campaign.brief.currency))]


def _interval(row: dict[str, Any]) -> Row:
    low, high = row["reach_low"], row["reach_high"]
    ink = PALETTE[0] if row["plan"] == IN_HAND else PALETTE[8]
    tip = f"{percent(low)} to {percent(high)}"
    bars = [Bar(0, row["reach"], ink, tip), Bar(low, high, "", tip, kind="range")]
    shown = f"{percent(row['reach'])} ({number(100 * low, 1)}–{number(100 * high, 1)})"
    return Row(f"{row['plan']}, {row['source']}", bars, shown)


def _vehicles(found: Stability) -> list[Markup]:
    """In how many draws the best plan buys each vehicle, the fuller the colour the more."""
    table = vehicle_table(found)
    listed = table.records
    sources = [source for source in SOURCES if listed and f"{source}_bought" in listed[0]]
    if not sources:
        return [table_part(table, found.campaign.brief.currency)]
    warned = ["Look at"] if any(row["warning"] for row in listed) else []
    headings = ["In hand", *(source.capitalize() for source in sources), *warned]
    lines = {line.name: line for line in found.campaign.vehicles}
    body = [(row["vehicle"], _kept(lines[row["vehicle"]], row, sources)[: len(headings)]) for row in listed]
    caption = "Share of draws whose best plan buys the vehicle; usual insertions in brackets."
    return [grid("Vehicle", headings, body, caption=caption)]


def _kept(line: VehicleRow, row: dict[str, Any], sources: Sequence[str]) -> list[Shaded]:
    in_hand = count_text(row["insertions"], bought_000(line)) if row["insertions"] else ""
    drawn = (_bought(line, row, source) for source in sources)
    return [Shaded(in_hand, strong=True), *drawn, Shaded(row["warning"] or "")]


def _bought(line: VehicleRow, row: dict[str, Any], source: str) -> Shaded:
    share, usual = float(row[f"{source}_bought"]), float(row[f"{source}_usual"])
    told = f"{percent(share, 0)} ({count_text(usual, bought_000(line))})"
    return Shaded(told, tint(GOOD, 0.7 * share) if share else "")


def _regret(found: Stability) -> list[Markup]:
    table = regret_table(found)
    listed = table.records
    names = [*(f"regret: {name}" for name in found.sets), "most"]
    worst = max((float(row["most"]) for row in listed), default=0.0) or 1.0
    body = [
        (row["plan"], [Shaded(percent(float(row[name]), 2), tint(POOR, 0.75 * float(row[name]) / worst),
                              strong=name == "most") for name in names])
        for row in listed
    ]  # fmt: skip
    headings = [*(name.capitalize() for name in found.sets), "Most"]
    caption = (
        "By what share of the best a plan is worth less; the marked plan regrets least in its worst set."
    )
    marked = table.marked[0] if table.marked else None
    return [*paragraphs(list(table.notes)), grid("Plan", headings, body, caption=caption, marked=marked)]
