"""The HTML report of a frontier: what other money buys, the price of influence, what to drop, the least change."""

from collections.abc import Sequence
from typing import Any

from planner.campaign.bought import bought_000
from planner.campaign.colours import PALETTE, colours
from planner.comparing.frontier import Frontier
from planner.comparing.frontier_tables import (
    budget_notes,
    budget_table,
    change_notes,
    change_table,
    drops_table,
    ladder_table,
    trade_off_table,
)
from planner.formats import money, money_short, number, percent
from planner.planning.audience_tables import alike
from planner.report.html.charts import Axis, Bar, Line, Point, Row, key, line_ends, plot, rows
from planner.report.html.page import Markup, Section, folded, foot, lead, listing, page, paragraphs, tiles
from planner.report.html.tables import MOST_STEPS, Bought, Step, most_rows, plan_step, stepper, table_part
from planner.report.plan.headline import subtitle

MOST_LINES = 4


def frontier_page(found: Frontier) -> str:
    """The report as one HTML file."""
    brief = found.campaign.brief
    sections = [
        Section("short", "In short", _short(found)),
        Section("reach", "Reach by budget", _reach(found)),
        Section("value", "Value by budget", _value(found), wide=False),
        Section("next", "What another 1,000 buys", _marginal(found), wide=False),
        Section("influence", "The price of influence", _trade_off(found)),
        Section("ladder", "What to drop when money is cut", _ladder(found)),
        Section("change", "The least change", _change(found)),
        Section("know", "What to know", listing([*budget_notes(found)[1:], *found.campaign.notices])),
    ]
    title = f"{brief.campaign or 'Media plan'}: other budgets"
    return page(title, subtitle(brief), sections, foot(found.campaign))


def _currency(found: Frontier) -> str:
    return found.campaign.brief.currency


def _solved(found: Frontier) -> list[dict[str, Any]]:
    return [point for point in found.budgets if "value" in point]


def _short(found: Frontier) -> list[Markup]:
    own = next((point for point in _solved(found) if point["budget"] == found.own), None)
    told = [("The campaign's budget", money(found.own, _currency(found)))]
    if own is not None:
        told += [("Reach of the target", percent(own["reach"]["target"])), ("Value", number(own["value"], 1))]
    if found.half is not None:
        told.append(("Half as much for the next 1,000 from", money(found.half[1], _currency(found))))
    certified = sum(point["status"] == "optimal" for point in found.budgets)
    told.append(("Certified points", f"{certified} of {len(found.budgets)}"))
    first = budget_notes(found)[:1] if len(found.budgets) > 1 else []
    return [tiles(told), *(lead(sentence, "plain") for sentence in first)]


# --- budgets -------------------------------------------------------------------------------------


def _marks(found: Frontier) -> list[tuple[float, str]]:
    """The campaign's own budget, and where another 1,000 buys half of what the first did."""
    marks = [(found.own, "the campaign's budget")]
    return marks if found.half is None else [*marks, (found.half[1], "half the first 1,000's worth")]


def _money_axis(found: Frontier) -> Axis:
    currency, most = _currency(found), max(point["budget"] for point in _solved(found))
    return Axis("budget", 0.0, 1.03 * most, lambda value: money_short(value, currency))


def _reach(found: Frontier) -> list[Markup]:
    """Reach of the audiences by budget; the slider shows each certified point's plan."""
    points = _chosen(found)
    if not points:
        return []
    names = _distinct(points, found.audiences)[:MOST_LINES]
    lines = [
        Line(name, PALETTE[n], [_reach_point(found, point, step, name) for step, point in enumerate(points)])
        for n, name in enumerate(names)
    ]
    low, high = line_ends([point.y for line in lines for point in line.points], 1.0)
    y = Axis("% of the audience reached", low, high, lambda value: percent(value, 0))
    drawn = plot("Reach by budget", lines, _money_axis(found), y, marks=_marks(found),
                 note="A point is a certified plan: press it, or move the slider below.")  # fmt: skip
    most = most_rows(len(points))
    before = next((point for point in points if point["budget"] == found.own), None)
    steps = [_step(found, point, before, most) for point in points]
    first = points.index(before) if before is not None else 0
    without = ("own", "on_hull", "least_per_1000", "most_per_1000")
    table = table_part(budget_table(found), _currency(found), without=without, notes=False)
    chosen = stepper("budget", "Choose a budget", steps, above=[drawn], first=first)
    return [chosen, folded("All budgets as a table", table)]


def _chosen(found: Frontier) -> list[dict[str, Any]]:
    """The points that the slider stops at: all, or so many of them evenly apart, the campaign's own among them."""
    points = _solved(found)
    every = -(-len(points) // MOST_STEPS) if points else 1
    return [point for at, point in enumerate(points) if at % every == 0 or point["budget"] == found.own]


def _distinct(points: Sequence[dict[str, Any]], audiences: Sequence[str]) -> list[str]:
    """Audiences whose reach differs somewhere from that of those before them."""
    return [same[0] for same in alike(audiences, lambda name: (point["reach"][name] for point in points))]


def _reach_point(found: Frontier, point: dict[str, Any], step: int, name: str) -> Point:
    reach = point["reach"][name]
    told = f"{money(point['budget'], _currency(found))}: {percent(reach)} of {name}"
    return Point(point["budget"], reach, told, step=step)


def _step(found: Frontier, point: dict[str, Any], own: dict[str, Any] | None, most: int) -> Step:
    bought = _bought(found, point, None if own is None or own is point else own["insertions"])
    bought.sort(key=lambda row: -row.insertions)
    value, bound = number(point["value"], 1), number(point["bound"], 1)
    told = [
        ("Cost", money(point["cost"], _currency(found))),
        ("Value", value if value == bound else f"{value}; no plan is worth more than {bound}"),
        (
            "Reach",
            ", ".join(f"{name} {percent(point['reach'][name])}" for name in found.audiences[:MOST_LINES]),
        ),
    ]
    return plan_step(money(point["budget"], _currency(found)), told, bought, most)


def _bought(found: Frontier, point: dict[str, Any], held: list[float] | None) -> list[Bought]:
    """What a budget buys, beside what the campaign's own one does. held: insertions of the campaign's own budget."""
    shades = colours(found.campaign)
    beside: list[float | None] = [None] * len(found.campaign.vehicles) if held is None else [*held]
    return [
        Bought(vehicle.name, key(vehicle.medium, shades[vehicle.medium]), count, own, bought_000(vehicle))
        for vehicle, count, own in zip(found.campaign.vehicles, point["insertions"], beside, strict=True)
        if count or own
    ]


def _value(found: Frontier) -> list[Markup]:
    points = _solved(found)
    if len(points) < 2:
        return []
    currency = _currency(found)
    value = [
        Point(p["budget"], p["value"], f"{money(p['budget'], currency)}: {number(p['value'], 1)}")
        for p in points
    ]
    bound = [Point(p["budget"], p["bound"]) for p in points]
    lines = [
        Line("The plan found", PALETTE[0], value),
        Line("No plan is worth more", PALETTE[3], bound, dots=False, dashed=True),
    ]
    low, high = line_ends([point.y for point in (*value, *bound)])
    y = Axis(found.campaign.brief.objective, low, high, number)
    return [plot("Value", lines, _money_axis(found), y, marks=_marks(found)[:1], height=220)]


def _marginal(found: Frontier) -> list[Markup]:
    listed = [row for row in budget_table(found).records if row.get("people_per_1000") is not None]
    if not listed:
        return []
    before = [found.budgets[0]["budget"], *(row["budget"] for row in listed)]
    points = [_gained(found, row, low) for row, low in zip(listed, before, strict=False)]
    top = line_ends([0.0, *(point.y for point in points)])[1]
    y = Axis("target people (000)", 0.0, top, lambda value: f"{value:.3g}")
    line = Line("", PALETTE[2], points, columns=1.0)
    note = "More of the target reached by each 1,000 since the budget before."
    return [
        plot(
            "More people per 1,000",
            [line],
            _money_axis(found),
            y,
            marks=_marks(found)[:1],
            height=220,
            note=note,
        )
    ]


def _gained(found: Frontier, row: dict[str, Any], before: float) -> Point:
    """A column as wide as the money since the budget before."""
    people, budget = row["people_per_1000"], row["budget"]
    told = f"to {money(budget, _currency(found))}: {number(1000 * people)} people per 1,000"
    return Point((before + budget) / 2, max(people, 0.0), told, width=0.92 * (budget - before))


# --- two audiences -------------------------------------------------------------------------------


def _trade_off(found: Frontier) -> list[Markup]:
    if not found.trade_offs:
        return paragraphs([found.untold])
    table, (first, second) = trade_off_table(found), found.pair
    listed = table.records
    points = [
        Point(row["first"], row["second"],
              f"{percent(row['first'], 2)} of {first}, {percent(row['second'], 2)} of {second}")
        for row in listed
    ]  # fmt: skip
    hull = [point for point, row in zip(points, listed, strict=True) if row["on_hull"]]
    lines = [Line("Efficient plans", PALETTE[0], points),
             Line("Concave hull", PALETTE[1], hull, dots=False, dashed=True)]  # fmt: skip
    x, y = (
        _close([getattr(point, of) for point in points], name) for of, name in (("x", first), ("y", second))
    )
    return [
        plot("Each point: no plan reaches more of one without fewer of the other", lines, x, y),
        table_part(table, _currency(found)),
    ]


def _close(values: Sequence[float], name: str) -> Axis:
    """An axis that shows a small range of shares."""
    low, high = min(values), max(values)
    beyond = 0.1 * (high - low) or 0.01
    decimals = 1 if high - low > 0.02 else 2
    ends = max(0.0, low - beyond), min(1.0, high + beyond)
    return Axis(f"% of {name} reached", *ends, lambda value: percent(value, decimals))


# --- ladder and least change ---------------------------------------------------------------------


def _ladder(found: Frontier) -> list[Markup]:
    if not found.rungs:
        return paragraphs([found.no_ladder])
    listed = ladder_table(found).records
    currency = _currency(found)
    most = max((row["anew"] or 0.0 for row in listed), default=1.0) or 1.0
    drawn = [_rung(row, currency) for row in listed]
    legend = [("Worth of the cut plan", PALETTE[0]), ("More if planned anew", PALETTE[3])]
    chart = rows("Value as the budget is cut, keeping one order", drawn, legend=legend, scale=(0.0, most))
    return [chart, table_part(drops_table(found), currency), table_part(ladder_table(found), currency)]


def _rung(row: dict[str, Any], currency: str) -> Row:
    budget = money(row["budget"], currency)
    if row.get("value") is None:
        return Row(budget, [], "no nested plan")
    worth = Bar(0, row["value"], PALETTE[0], number(row["value"], 1))
    lost = Bar(row["value"], row["anew"], PALETTE[3], f"lost: {number(row['lost'], 1)}")
    return Row(budget, [worth, lost], f"{percent(row['lost_share'], 2)} lost")


def _change(found: Frontier) -> list[Markup]:
    if found.change is None:
        return []
    told = change_notes(found)
    shown = [lead(told[0], "plain"), *paragraphs(told[1:])]
    if "nearest" not in found.change:
        return shown
    return [*shown, table_part(change_table(found), _currency(found), notes=False)]
