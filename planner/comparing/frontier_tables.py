"""A frontier as tables: one each, which sheets, JSON, CSV and HTML render."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.many.hull import on_hull
from planner.campaign.bought import added_up, vehicle_cells, vehicle_columns
from planner.comparing.desk import STATUS
from planner.comparing.frontier import Frontier
from planner.formats import bought_words, money, percent
from planner.planning.model_error import error_text
from planner.table import Column, Table, table_of

Row = dict[str, Any]
PER = 1000.0  # of money: what marginal figures are of
_EXACT = 1e-6  # a gap that is none
_SHOWN = 5e-4  # of marginal figures: less is 0.000, and not -0.000


def frontier_tables(found: Frontier) -> tuple[Table, ...]:
    """Every table that a frontier has."""
    tables = [budget_table(found), plans_table(found)]
    tables += [trade_off_table(found)] if found.trade_offs else []
    tables += [ladder_table(found), drops_table(found)] if found.rungs else []
    tables += [change_table(found)] if found.change is not None and "nearest" in found.change else []
    return tuple(tables)


# --- budgets --------------------------------------------------------------------------------------------


def budget_table(found: Frontier) -> Table:
    """Value and reach of each audience by budget, and what another 1,000 buys."""
    rows = [_budget_row(found, at) for at in range(len(found.budgets))]
    _mark_hull(rows)
    columns = [
        Column("budget", "Budget", "money"),
        Column("status", "Certificate"),
        Column("cost", "Cost", "money"),
        Column("value", "Value", "people"),
        Column("bound", "No plan is worth more than", "people"),
        Column("gap", "Gap", "gap"),
        *(Column(f"reach: {name}", f"Reach: {name}", "share") for name in found.audiences),
        Column("value_per_1000", "Value per 1,000", "number"),
        Column("people_per_1000", "Target people (000) per 1,000", "number"),
        Column("least_per_1000", "Value per 1,000, at least", "number"),
        Column("most_per_1000", "Value per 1,000, at most", "number"),
        Column("error_per_1000", "Model's own error, per 1,000", "number"),
        Column("over_ordinary", "Value over the ordinary plan", "people"),
        Column("ordinary_error", "Model's own error", "people"),
        Column("on_hull", "On the concave hull", "yes/no"),
        Column("own", "The campaign's own", "yes/no"),
        Column("reason", "Why there is none"),
    ]
    marked = [at for at, row in enumerate(rows) if row["own"]]
    return table_of("points", "Value and reach by budget", columns, rows, budget_notes(found), marked)


def _budget_row(found: Frontier, at: int) -> Row:
    point = found.budgets[at]
    row: Row = {
        "budget": point["budget"],
        "status": STATUS[point["status"]],
        "reason": point.get("reason", ""),
        "own": point["budget"] == found.own,
    }
    if "value" not in point:
        return row
    row |= {name: point[name] for name in ("cost", "value", "bound", "gap")}
    row |= {f"reach: {name}": share for name, share in point["reach"].items()}
    row["over_ordinary"] = point["value"] - point["ordinary"]
    row["ordinary_error"] = point["ordinary_error"] * abs(point["value"])
    before = next((each for each in found.budgets[:at][::-1] if "value" in each), None)
    return row if before is None else row | _marginal(found, before, point)


def _marginal(found: Frontier, before: Row, point: Row) -> Row:
    """What another 1,000 bought since the budget before: as found, and within what the certificates leave open."""
    money = (point["budget"] - before["budget"]) / PER
    people = found.target_000 * (point["reach"]["target"] - before["reach"]["target"])
    least = (point["value"] - before["bound"]) / money
    return {
        "value_per_1000": (point["value"] - before["value"]) / money,
        "people_per_1000": people / money,
        "least_per_1000": least if abs(least) >= _SHOWN else 0.0,
        "most_per_1000": (point["bound"] - before["value"]) / money,
        "error_per_1000": point["error"] * abs(point["value"]) / money,
    }


def _mark_hull(rows: Sequence[Row]) -> None:
    known = [row for row in rows if "value" in row]
    if known:
        hull = on_hull(_array(known, "budget"), _array(known, "value"))
        for row, lies in zip(known, hull.tolist(), strict=True):
            row["on_hull"] = lies


def budget_notes(found: Frontier) -> list[str]:
    """What the curve says, in sentences."""
    notes = []
    if found.half is not None:
        before, half = (money(budget, found.campaign.brief.currency) for budget in found.half)
        notes.append(
            f"Beyond a budget of {half}, another 1,000 buys on average at most half of what each 1,000 of the first "
            f"{before} did."
        )
    elif sum(point["status"] == "optimal" for point in found.budgets) > 1:
        notes.append(
            "At every certified budget here, another 1,000 buys more than half of what the first ones did."
        )
    notes += _no_more(found)
    timed = sum(point["status"] == "time" for point in found.budgets)
    if timed:
        notes.append(f"{timed} of {len(found.budgets)} searches ended with their time: see Gap.")
    notes.append(
        "Figures per 1,000 are of the money added since the row above. At least and at most show what the "
        "certificates leave open."
    )
    return notes


def _no_more(found: Frontier) -> list[str]:
    """Between which budgets the best plan stays as it is and leaves money, in a sentence."""
    known = [point for point in found.budgets if "value" in point]
    top = known[-1] if known else {}
    alike = [point for point in known if point["insertions"] == top["insertions"]]
    if len(alike) < 2 or top["cost"] >= alike[0]["budget"]:
        return []
    three = alike[0]["budget"], top["budget"], top["cost"]
    low, high, cost = (money(each, found.campaign.brief.currency) for each in three)
    gap = "" if top["gap"] < _EXACT else ", but for the gap"
    return [f"Between {low} and {high} more money buys no more{gap}: the best plan costs {cost}."]


def plans_table(found: Frontier) -> Table:
    """Insertions of every vehicle that any budget buys, a column a budget."""
    points = [point for point in found.budgets if "insertions" in point]
    return _matrix(
        found, "plans", "Insertions by budget", [(point["budget"], point["insertions"]) for point in points]
    )


def _matrix(found: Frontier, key: str, title: str, plans: Sequence[tuple[float, Sequence[float]]]) -> Table:
    budgets = [Column(f"insertions: {budget:.12g}", f"{budget:,.0f}", "count") for budget, _ in plans]
    columns = [*vehicle_columns(found.campaign.vehicles), *budgets]
    rows = []
    for j, vehicle in enumerate(found.campaign.vehicles):
        if any(insertions[j] for _, insertions in plans):
            counts = {f"insertions: {budget:.12g}": own[j] for budget, own in plans}
            rows.append(vehicle_cells(vehicle) | counts)
    return table_of(key, title, columns, rows)


# --- two audiences --------------------------------------------------------------------------------------


def trade_off_table(found: Frontier) -> Table:
    """Efficient plans of the first audience's reach against influencers', and the price of each step."""
    first, second = found.pair
    people = _population(found)
    rows: list[Row] = []
    for point in found.trade_offs:
        row: Row = {
            "first": point["first"] / people[0],
            "second": point["second"] / people[1],
            "status": STATUS[point["status"]],
            "gap": point["gap"],
            "cost": point["cost"],
            "value": point["value"],
        }
        if rows:
            before = found.trade_offs[len(rows) - 1]
            won, lost = point["first"] - before["first"], before["second"] - point["second"]
            row |= {"won": won, "lost": lost, "price": lost / won if won > 0 else None}
            row |= {
                "won_error": point["error"] * point["first"],
                "lost_error": point["error"] * point["second"],
            }
        rows.append(row)
    hull = on_hull(_array(rows, "first"), _array(rows, "second"))
    for row, lies in zip(rows, hull.tolist(), strict=True):
        row["on_hull"] = lies
    columns = [
        Column("first", f"Reach: {first}", "share"),
        Column("second", f"Reach: {second}", "share"),
        Column("won", f"More {first} (000)", "people"),
        Column("won_error", "Model's own error", "people"),
        Column("lost", f"Fewer {second} (000)", "people"),
        Column("lost_error", "Model's own error", "people"),
        Column("price", f"Price ({second} per one of {first})", "number"),
        Column("on_hull", "On the concave hull", "yes/no"),
        Column("value", "Value", "people"),
        Column("cost", "Cost", "money"),
        Column("gap", "Gap", "gap"),
        Column("status", "Certificate"),
    ]
    notes = [
        f"Each row: no plan within the rules reaches more {second} among those that reach as many {first}, but for the "
        "gap. Customers first does not bind here: the table shows how many each plan keeps.",
        found.why_few
        or "Plans off the concave hull are efficient all the same; no weighting of the two audiences finds them.",
    ]
    own = next((point for point in found.budgets if point["budget"] == found.own and "reach" in point), None)
    if own is not None:
        notes.append(
            f"The campaign's own plan reaches {percent(own['reach'][first], 2)} of {first} and "
            f"{percent(own['reach'][second], 2)} of {second}."
        )
    title = f"The price of influence: {first} against {second}"
    return table_of("steps", title, columns, rows, notes)


def _population(found: Frontier) -> tuple[float, float]:
    """People (000) of either audience."""
    point = found.trade_offs[0]
    return tuple(  # type: ignore[return-value]
        point[which] / share if (share := point["reach"][name]) else 1.0
        for which, name in zip(("first", "second"), found.pair, strict=True)
    )


# --- ladder ---------------------------------------------------------------------------------------------


def ladder_table(found: Frontier) -> Table:
    """A row a budget: what the nested plan is worth, and what nesting costs."""
    rows = []
    for rung in found.rungs:
        row: Row = {"budget": rung["budget"], "status": STATUS[rung["status"]], "anew": rung.get("anew")}
        row["reason"] = rung.get("reason", "")
        if "value" in rung:
            anew = row["anew"] = max(rung["anew"], rung["value"])
            row |= {"cost": rung["cost"], "value": rung["value"], "lost": anew - rung["value"]}
            row["lost_share"] = row["lost"] / abs(anew) if anew else None
            row["error_share"] = rung.get("error")
            row |= {f"reach: {name}": share for name, share in rung["reach"].items()}
            vehicles = [found.campaign.vehicles[drop["vehicle"]] for drop in rung["drops"]]
            counts = [drop["insertions"] for drop in rung["drops"]]
            row["dropped"], row["dropped_000"] = added_up(vehicles, counts)
        rows.append(row)
    columns = [
        Column("budget", "Budget", "money"),
        Column("status", "Status"),
        Column("dropped", "Insertions dropped", "count"),
        Column("dropped_000", "Impressions (000) dropped", "count"),
        Column("cost", "Cost", "money"),
        Column("value", "Value", "people"),
        Column("anew", "Value of a plan made anew", "people"),
        Column("lost", "Lost by keeping the order", "people"),
        Column("lost_share", "Lost", "share"),
        Column("error_share", "Model's own error", "share"),
        *(Column(f"reach: {name}", f"Reach: {name}", "share") for name in found.audiences),
        Column("reason", "Why"),
    ]
    notes = ["Each plan is part of the one above it: its insertions can be dropped one after the other."]
    return table_of("ladder", "Budget ladder", columns, rows, notes)


def drops_table(found: Frontier) -> Table:
    """The insertions to drop, in order."""
    columns = [
        Column("order", "Order", "count"),
        Column("budget", "To come to a budget of", "money"),
        *vehicle_columns(found.campaign.vehicles, "Drop insertions of"),
        Column("insertions", "Insertions", "count"),
        Column("saved", "Saves", "money"),
        Column("lost", "Loses in value", "people"),
        Column("lost_error", "Model's own error", "people"),
        Column("lost_per_1000", "Loses per 1,000 saved", "number"),
    ]
    rows = [{"order": at, **row} for at, row in enumerate(_drops(found), 1)]
    notes = [
        "Money is at the price of single insertions; within a step the order is by what is lost per money saved.",
        "The model's own error is one standard deviation. That a drop loses something is certain: what is left is part "
        "of the plan before.",
    ]
    return table_of("drops", "What to drop, in this order", columns, rows, notes)


def _drops(found: Frontier) -> Iterator[Row]:
    for rung in found.rungs:
        for drop in rung.get("drops", ()):
            vehicle = found.campaign.vehicles[drop["vehicle"]]
            saved = drop["saved"]
            yield {
                "budget": rung["budget"],
                **vehicle_cells(vehicle),
                "insertions": drop["insertions"],
                "saved": saved,
                "lost": drop["lost"],
                "lost_error": drop["error"] * abs(rung["value"]),
                "lost_per_1000": PER * drop["lost"] / saved if saved > 0 else None,
            }


# --- least change ---------------------------------------------------------------------------------------


def change_table(found: Frontier) -> Table:
    """What the nearest plan changes, vehicle by vehicle, beside the best plan made anew."""
    change = found.change
    assert change is not None
    columns = [
        *vehicle_columns(found.campaign.vehicles),
        Column("before", "In hand", "count"),
        Column("nearest", "Nearest", "count"),
        Column("change", "Change", "count"),
        Column("anew", "Made anew", "count"),
    ]
    three = zip(change["before"], change["nearest"]["insertions"], change["best"]["insertions"], strict=True)
    rows = [
        {
            **vehicle_cells(vehicle),
            "before": before,
            "nearest": nearest,
            "change": nearest - before,
            "anew": anew,
        }
        for vehicle, (before, nearest, anew) in zip(found.campaign.vehicles, three, strict=True)
        if before or nearest or anew
    ]
    rows.sort(key=lambda row: -abs(row["change"]))
    marked = [at for at, row in enumerate(rows) if row["change"]]
    return table_of("change", "The least change", columns, rows, change_notes(found), marked)


def change_notes(found: Frontier) -> list[str]:
    """What the least change is, in sentences."""
    change = found.change
    if change is None:
        return []
    if "nearest" not in change:
        return [f"There is no plan under the new terms. {change['reason']}"]
    moved, anew = (_moved(found, change[plan]["insertions"]) for plan in ("nearest", "best"))
    told = [
        f"{bought_words(*moved)} changed; the best plan made anew changes {bought_words(*anew)}. "
        f"The nearest plan is worth {_beside_best(change)}."
    ]
    counted = ", a thousand impressions counted as an insertion" if moved[1] or anew[1] else ""
    if change["changes"] <= change["fewest"]:
        told.append(f"Certified: no plan that is worth as much changes fewer{counted}.")
    else:
        told.append(f"Not certified: another could change as few as {change['fewest']:g}{counted}.")
    return told


def _moved(found: Frontier, insertions: Sequence[float]) -> tuple[float, float]:
    """Insertions that a plan changes of the one in hand, and impressions (thousands)."""
    assert found.change is not None
    pairs = zip(insertions, found.change["before"], strict=True)
    return added_up(found.campaign.vehicles, [abs(after - before) for after, before in pairs])


def _beside_best(change: Row) -> str:
    """What the nearest plan is worth compared with the best one made anew."""
    best = change["best"]["value"]
    short = 1 - change["value"] / best if best else 0.0
    if abs(short) < 0.00005:
        return "as much as the plan made anew"
    less = "less" if short > 0 else "more"
    return f"{100 * abs(short):.2f} % {less} than the plan made anew{error_text(short, change['error'])}"


def _array(rows: Sequence[Row], key: str) -> FloatArray:
    return np.array([row[key] for row in rows], dtype=float)
