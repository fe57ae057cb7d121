"""The HTML report of a comparison: scenarios side by side, how sure each difference is, what changes from the base."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.campaign.bought import bought_000
from planner.campaign.colours import PALETTE, colours, tint
from planner.comparing.scenario_tables import (
    change_table,
    insertions_table,
    money_table,
    scenario_table,
    verdicts_against_base,
)
from planner.comparing.sweep import Comparison
from planner.formats import bought_text, count_of, money, money_short, number, percent, signed
from planner.planning.audience_tables import alike
from planner.planning.model_error import plus_minus
from planner.report.comparing.scenarios import change_text, verdict_notes
from planner.report.html.charts import Axis, Bar, Line, Point, Row, key, line_ends, plot, rows
from planner.report.html.page import Markup, Section, foot, lead, listing, page, paragraphs, tiles
from planner.report.html.pairs import pairs
from planner.report.html.tables import (
    GOOD,
    MOST_ROWS,
    MOST_STEPS,
    POOR,
    Bought,
    Cell,
    Figure,
    Shaded,
    Step,
    grid,
    most_rows,
    plan_step,
    sortable,
    stepper,
)
from planner.report.plan.headline import subtitle
from planner.report.why.explain import change_text as changed_text
from planner.report.why.explain import count_text

MOST_LINES = 4
_Changes = Mapping[str, Sequence[Mapping[str, Any]]]  # of each scenario, vehicle by vehicle
MOST_SENTENCES = 8  # of a page that is read; the workbook has all


def comparison_page(compared: Comparison) -> str:
    """The report as one HTML file."""
    campaign = compared.prepared.campaign
    sections = [
        Section("short", "In short", _short(compared)),
        Section("scenarios", "The scenarios", [_table(compared)]),
        Section("reach", "Reach and money, plan by plan", _by_money(compared)),
        Section("shares", "Where the money goes", _shares(compared)),
        Section("vehicles", "What each scenario buys", [_matrix(compared)] if compared.found else []),
        Section("pairs", "Is one better than another?", pairs(compared)),
        Section("know", "What to know", listing(_notes(compared))),
    ]
    name = campaign.brief.campaign or "Media plan"
    return page(f"{name}: scenarios", subtitle(campaign.brief), sections, foot(campaign))


# --- in short ------------------------------------------------------------------------------------


def _short(compared: Comparison) -> list[Markup]:
    base = compared.scenarios[compared.base].name
    answer = compared.answers[compared.base]
    told = [("Scenarios", number(len(compared.scenarios))), ("Base", base)]
    if "cost" in answer:
        told += [
            ("Cost of the base", money(answer["cost"], _currency(compared))),
            (f"Reach, {answer['audiences'][0]['name']}", percent(answer["audiences"][0]["reach_pct"] / 100)),
        ]
    others = [at for at in compared.found if at != compared.base]
    # Of each scenario its value beside the base's, with the model's own error; "" where that is not known.
    changes = [
        change_text(row["base_value_change_pct"], row["model_error_pct"])
        for row in scenario_table(compared).records
    ]
    verdicts = verdicts_against_base(compared)
    sentences = [_against_base(compared, at, changes, verdicts) for at in others[:MOST_SENTENCES]]
    first = sentences[0] if len(others) == 1 else _best_sentence(compared, changes, verdicts)
    return [
        tiles(told),
        *([lead(first, "plain")] if first else []),
        *listing(sentences if len(others) > 1 else []),
        *paragraphs(
            [f"{len(others) - MOST_SENTENCES:,} more are in the table."]
            if len(others) > MOST_SENTENCES
            else []
        ),
    ]


def _best_sentence(compared: Comparison, changes: Sequence[str], verdicts: Mapping[int, str]) -> str:
    """Which scenario is worth most by the base's yardstick."""
    known = [at for at in compared.found if compared.answers[at]["base_value"] is not None]
    known = [at for at in known if compared.answers[at]["same_people"]]
    if len(known) < 2:
        return ""
    best = max(known, key=lambda at: float(compared.answers[at]["base_value"]))
    name = compared.scenarios[best].name
    if best == compared.base:
        return f"By the base's objective, no scenario is worth more than the base, “{name}”."
    change, verdict = changes[best], verdicts.get(best, "")
    more = f", {change} beside the base" if change else ""
    return f"By the base's objective, “{name}” is worth most{more}{f': {verdict}' if verdict else ''}."


def _against_base(compared: Comparison, at: int, changes: Sequence[str], verdicts: Mapping[int, str]) -> str:
    """A scenario beside the base, in a sentence with its verdict."""
    change, verdict = changes[at], verdicts.get(at, "")
    cost = money(compared.answers[at]["cost"], _currency(compared))
    worth = f", worth {change} beside the base" if change else ""
    return f"“{compared.scenarios[at].name}” costs {cost}{worth}{f': {verdict}' if verdict else ''}."


def _currency(compared: Comparison) -> str:
    return compared.prepared.campaign.brief.currency


# --- tables --------------------------------------------------------------------------------------


def _table(compared: Comparison) -> Markup:
    """Every scenario, those without a plan with their reason."""
    currency = _currency(compared)
    shown = _distinct(compared)[:3]
    # Whether the scenarios' names say all that differs.
    named = all(each.name in (*each.words, ", ".join(each.words)) for each in compared.scenarios)
    reach = (f"Reach, {name}" for name in shown)
    differs = [] if named else ["What differs"]
    headings = ["Scenario", *differs, "Verdict", "Cost", "Value", "Change", *reach, "Insertions", "Gap"]
    listed = [
        _scenario_row(row, compared.answers[at], shown, currency)
        for at, row in enumerate(scenario_table(compared).records)
    ]
    if named:
        listed = [[name, *cells] for name, _, *cells in listed]
    caption = (
        "Value by the base's objective; change from the base. Gap: how much better another plan could be."
    )
    return sortable(headings, listed, caption=caption, most=MOST_ROWS)


def _distinct(compared: Comparison) -> list[str]:
    """Names of the audiences that every scenario has and that differ in size or reach from those before them."""
    answers = [
        {audience["name"]: audience for audience in compared.answers[at]["audiences"]}
        for at in compared.found
    ]
    names = [name for name in (answers[0] if answers else ()) if all(name in each for each in answers)]
    told = ("population_000", "reach_pct")
    return [
        same[0] for same in alike(names, lambda name: (each[name][key] for each in answers for key in told))
    ]


def _scenario_row(
    row: dict[Any, Any], answer: dict[str, Any], audiences: Sequence[str], currency: str
) -> list[Cell]:
    reach = {found["name"]: found["reach_pct"] / 100 for found in answer.get("audiences", ())}
    change = row["base_value_change_pct"]
    verdict = row["verdict"] or row["reason"] or str(row["status"] or "")
    return [
        row["scenario"], row["changes"] or "as the campaign", verdict,
        Figure(money(row["cost"], currency), row["cost"]),
        Figure(number(row["base_value"], 1), row["base_value"]),
        Figure(change_text(change, row["model_error_pct"]) or "-", change),
        *(Figure(percent(reach.get(name)), reach.get(name)) for name in audiences),
        Figure("-" if row["insertions"] is None else bought_text(row["insertions"], row["impressions_bought_000"]),
               row["insertions"]),
        Figure(percent(row["gap"], 2), row["gap"]),
    ]  # fmt: skip


def _matrix(compared: Comparison) -> Markup:
    """Vehicles by scenarios: insertions, the stronger the colour the more of the vehicle."""
    table, shades, units = insertions_table(compared), colours(compared.prepared.campaign), _units(compared)
    listed = [
        (
            vehicle,
            [_count(count, units[vehicle], shades.get(medium, PALETTE[0]), max(counts)) for count in counts],
        )
        for medium, vehicle, *counts in table.rows
    ]
    caption = "Insertions by vehicle and scenario; the stronger the colour, the more of the vehicle."
    return grid("Insertions", table.keys[2:], listed, caption=caption)


def _count(count: float, unit_000: float, shade: str, most: float) -> Shaded:
    strength = tint(shade, 0.25 + 0.7 * count / most) if count > 1e-9 else ""
    return Shaded(count_text(count, unit_000), strength) if strength else Shaded("")


def _units(compared: Comparison) -> dict[str, float]:
    """Contacts (thousands) of one unit of each line bought by the thousand, 0 of other vehicles."""
    return {row.name: bought_000(row) for campaign in compared.campaigns for row in campaign.vehicles}


# --- reach and money -----------------------------------------------------------------------------


def _by_money(compared: Comparison) -> list[Markup]:
    """Reach against cost, and under the slider each scenario's plan and what it changes from the base."""
    order = sorted(compared.found, key=lambda at: float(compared.answers[at]["cost"]))[:MOST_STEPS]
    if not order:
        return []
    place = {at: step for step, at in enumerate(order)}
    changes = change_table(compared).by("scenario")
    most = most_rows(len(order))
    steps = [_step(compared, at, changes, most) for at in order]
    left = len(compared.found) - len(order)
    note = f"The first {len(order)} of {len(compared.found)} scenarios, by cost." if left > 0 else ""
    first = place.get(compared.base, 0)
    return [
        stepper("plan", "Choose a scenario", steps, above=[_reach_plot(compared, order)], first=first),
        *paragraphs([note]),
    ]


def _reach_plot(compared: Comparison, order: Sequence[int]) -> Markup:
    audiences = _distinct(compared)[:MOST_LINES]
    by_budget = all(
        change.subject == ("budget",) for at in order for change in compared.scenarios[at].changes
    )
    currency = _currency(compared)
    lines = [
        Line(name, PALETTE[n], [_reach_point(compared, at, step, name) for step, at in enumerate(order)],
             joined=by_budget)
        for n, name in enumerate(audiences)
    ]  # fmt: skip
    costs = [float(compared.answers[at]["cost"]) for at in order]
    bottom, top = line_ends([point.y for line in lines for point in line.points], 1.0)
    low, high = min(costs), max(costs)
    beyond = 0.06 * (high - low) or 0.1 * high or 1.0
    x = Axis("cost", low - beyond, high + beyond, lambda value: money_short(value, currency))
    y = Axis("% of the audience reached", bottom, top, lambda value: percent(value, 0))
    return plot(
        "Reach against money", lines, x, y, note="A point is a scenario: press it, or move the slider below."
    )


def _reach_point(compared: Comparison, at: int, step: int, name: str) -> Point:
    answer, reach = compared.answers[at], compared.reach_pct(at, name) / 100
    told = f"{compared.scenarios[at].name}: {percent(reach)} of {name}, {money(answer['cost'], _currency(compared))}"
    return Point(float(answer["cost"]), reach, told, step=step)


def _step(compared: Comparison, at: int, changes: _Changes, most: int) -> Step:
    answer, base = compared.answers[at], compared.answers[compared.base]
    shades = colours(compared.prepared.campaign)
    media = {row.name: row.medium for row in compared.campaigns[at].vehicles}
    units = _units(compared)
    held = at != compared.base and "insertions" in base
    before = base["insertions"] if held else {}
    names = sorted(
        dict.fromkeys([*answer["insertions"], *before]), key=lambda name: -answer["money"].get(name, 0.0)
    )
    bought = [
        Bought(name, key(media.get(name, ""), shades.get(media.get(name, ""), PALETTE[0])),
               answer["insertions"].get(name, 0.0), before.get(name, 0.0) if held else None, units.get(name, 0.0))
        for name in names
    ]  # fmt: skip
    told = [
        ("What differs", "; ".join(compared.scenarios[at].words) or "as the campaign states it"),
        ("Cost", money(answer["cost"], _currency(compared))),
        (
            "Reach",
            ", ".join(
                f"{a['name']} {percent(a['reach_pct'] / 100)}" for a in answer["audiences"][:MOST_LINES]
            ),
        ),
    ]
    return plan_step(compared.scenarios[at].name, told, bought, most, *_waterfall(compared, at, changes))


def _waterfall(compared: Comparison, at: int, changes: _Changes) -> list[Markup]:
    """How the reach of the base becomes that of a scenario, vehicle by vehicle."""
    own = changes.get(compared.scenarios[at].name, ())
    if at == compared.base or not own:
        return []
    start = compared.reach_pct(compared.base, "target")
    units = _units(compared)
    listed, level = [Row("Reach of the base", [Bar(0, start, PALETTE[8])], f"{start:.2f} %")], start
    for row in own:
        points = row["reach_points"]
        ink = GOOD if points >= 0 else POOR
        unit, count = units[row["vehicle"]], row["insertions"]
        name = f"{row['vehicle']} ({changed_text(count, unit) if unit else f'{count:+g}'})"
        listed.append(
            Row(
                name,
                [Bar(level, level + points, ink)],
                f"{signed(points, 2)}{plus_minus(float(row['error_points']))}",
            )
        )
        level += points
    listed.append(Row("Reach here", [Bar(0, level, PALETTE[0])], f"{level:.2f} %"))
    levels = [bar.end for row in listed for bar in row.bars]
    low = max(0.0, min(levels) - 0.15 * (max(levels) - min(levels) or 1.0))
    note = (
        "Points of the target's reach, +- one standard deviation of the model's own error on each; the change in "
        "insertions in brackets. The scale does not begin at 0."
    )
    return [rows("From the base to here", listed, scale=(low, max(levels)), note=note)]


def _shares(compared: Comparison) -> list[Markup]:
    """Each scenario's money by medium, stacked to 100 %."""
    table, shades = money_table(compared), colours(compared.prepared.campaign)
    if not table.rows:
        return []
    listed, names = [], table.keys[1:]
    for place, name in enumerate(names[:MOST_STEPS], 1):
        level, bars = 0.0, []
        for medium, *shares in table.rows:
            share = shares[place - 1]
            ink = shades.get(medium, PALETTE[0])
            bars.append(Bar(level, level + share, ink, f"{medium}: {percent(share)}"))
            level += share
        share, medium = max((row[place], row[0]) for row in table.rows)
        listed.append(Row(name, bars, f"{medium} {percent(share, 0)}"))
    legend = [(row[0], shades.get(row[0], PALETTE[0])) for row in table.rows]
    note = "At the end: the largest share."
    if len(names) > len(listed):
        note += f" The first {len(listed)} of {len(names):,} scenarios; the workbook has all."
    return [rows("Share of money by medium", listed, legend=legend, scale=(0.0, 1.0), note=note)]


def _notes(compared: Comparison) -> list[str]:
    failed = len(compared.scenarios) - len(compared.found)
    told = [
        f"{count_of(failed, 'scenario')} {'has' if failed == 1 else 'have'} no plan: the reason is in the table."
    ]
    return [
        *(told if failed else []), *verdict_notes(compared),
        "Different: neither the plans' gaps, nor survey error, nor the model's own error explains the difference, "
        "or one plan holds all of the other.",
        *compared.prepared.campaign.notices,
    ]  # fmt: skip
