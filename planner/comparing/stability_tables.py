"""A plan's stability as tables: one each, which sheets, JSON, CSV and HTML render."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.arrays import FloatArray
from models.many.regret import minimax, regrets
from planner.campaign import assumptions
from planner.campaign.bought import added_up, vehicle_cells, vehicle_columns
from planner.campaign.population import is_influencer_trait
from planner.comparing.desk import STATUS
from planner.comparing.doubts import IN_HAND, ORDINARY, SOURCES, SURVEY
from planner.comparing.journal import Answer
from planner.comparing.stability import Stability
from planner.formats import bought_text, count_of, number, percent
from planner.planning.model_error import value_error
from planner.table import Column, Table, table_of

Row = dict[str, Any]
LOW, HIGH = 2.5, 97.5  # percent: the ends of an interval
_NOISE = 2.0  # standard deviations that an index must lie above 100
_KEPT = 0.5  # of the draws: a vehicle bought in fewer is a doubtful buy


def stability_tables(found: Stability) -> tuple[Table, ...]:
    """Every table of a plan's stability."""
    return (
        vehicle_table(found),
        plan_table(found),
        swing_table(found),
        regret_table(found),
        average_table(found),
        draw_table(found),
    )


# --- vehicles -------------------------------------------------------------------------------------------


def vehicle_table(found: Stability) -> Table:
    """Per vehicle in how many draws the best plan buys it, and its usual insertions."""
    drawn = {source: plans for source in SOURCES if len(plans := _insertions(found, source))}
    columns = [
        *vehicle_columns(found.campaign.vehicles),
        Column("insertions", "Insertions in hand", "count"),
        *(column for source in drawn for column in _drawn_columns(source)),
        Column("warning", "Look at"),
    ]
    rows = _bought_or_drawn(found, drawn)
    notes = [
        "Bought in: share of the draws whose best plan buys it. Usual: the median; from, to: 80 % of the draws."
    ]
    marked = [at for at, row in enumerate(rows) if row["warning"]]
    return table_of("vehicles", "Which vehicles stay", columns, rows, notes, marked)


def _bought_or_drawn(found: Stability, drawn: Mapping[str, FloatArray]) -> list[Row]:
    """Vehicles that the plan in hand or the best plan of a draw buys, the most insertions first."""
    warned = {row["vehicle"]: row["warning"] for row in noisy_indices(found)}
    rows = [_vehicle_row(found, j, drawn) for j in range(len(found.campaign.vehicles))]
    for row in rows:
        row["warning"] = warned.get(row["vehicle"], "") or _seldom(row, drawn)
    told = [row for row in rows if row["insertions"] or any(row[f"{source}_bought"] for source in drawn)]
    return sorted(told, key=lambda row: -row["insertions"])


def _vehicle_row(found: Stability, j: int, drawn: Mapping[str, FloatArray]) -> Row:
    vehicle = found.campaign.vehicles[j]
    row: Row = vehicle_cells(vehicle) | {"insertions": found.plans[IN_HAND][j]}
    for source, plans in drawn.items():
        row |= _usual(source, plans[:, j])
    return row


def _drawn_columns(source: str) -> tuple[Column, ...]:
    name = source.capitalize()
    return (
        Column(f"{source}_bought", f"{name}: bought in", "share"),
        Column(f"{source}_usual", f"{name}: usual insertions", "count"),
        Column(f"{source}_low", f"{name}: from", "count"),
        Column(f"{source}_high", f"{name}: to", "count"),
    )


def _insertions(found: Stability, source: str) -> FloatArray:
    """(n_draws, n_vehicles) of the best plans of a source."""
    return np.array([draw["insertions"] for draw in found.draws[source] if "insertions" in draw])


def _usual(source: str, counts: FloatArray) -> Row:
    low, middle, high = np.percentile(counts, [10, 50, 90], method="inverted_cdf")
    return {
        f"{source}_bought": float((counts > 0).mean()),
        f"{source}_usual": float(middle),
        f"{source}_low": float(low),
        f"{source}_high": float(high),
    }


def _seldom(row: Row, drawn: Mapping[str, FloatArray]) -> str:
    few = [source for source in drawn if row["insertions"] and row[f"{source}_bought"] < _KEPT]
    return f"left out in most draws ({', '.join(few)})" if few else ""


def noisy_indices(found: Stability) -> list[Row]:
    """Vehicles bought more than in the ordinary plan, though their influencers' index may be noise."""
    if found.campaign.respondents is not None:
        return []  # who is asked is drawn
    more = found.plans[IN_HAND] > found.plans[ORDINARY]
    rows = []
    for j in np.flatnonzero(more).tolist():
        vehicle = found.campaign.vehicles[j]
        size = vehicle.sample_size or found.doubt.sample
        told = _noise(found, j, size) if size else "its influencers' share has no Sample size"
        if told:
            rows.append({"vehicle": vehicle.name, "warning": told})
    return rows


def _noise(found: Stability, j: int, size: float) -> str:
    people = found.prepared.people
    for at, trait in enumerate(people.traits):
        share = people.composition_given[j, at]
        if not is_influencer_trait(trait, found.campaign) or np.isnan(share):
            continue
        error = float(np.sqrt(trait.share * (1 - trait.share) / size))
        if share > trait.share and share - trait.share < _NOISE * error:
            spread = 100 * _NOISE * error / trait.share
            return (
                f"its index of {100 * share / trait.share:.0f} ({trait.name}) may be noise: with {size:g} "
                f"respondents chance alone makes 100 ± {spread:.0f}"
            )
    return ""


# --- plans ----------------------------------------------------------------------------------------------


def plan_table(found: Stability) -> Table:
    """Per source and plan the interval of its reach and of its gain over the ordinary plan, and its regret."""
    columns = [
        Column("source", "Doubt"),
        Column("plan", "Plan"),
        Column("draws", "Draws", "count"),
        Column("reach", "Reach of the target", "share"),
        Column("reach_low", "from", "share"),
        Column("reach_high", "to", "share"),
        Column("gain", "Gain over the ordinary plan", "share"),
        Column("gain_low", "from", "share"),
        Column("gain_high", "to", "share"),
        Column("gain_error", "Model's own error on it", "share"),
        Column("ahead", "Draws ahead of it", "share"),
        Column("regret", "Regret, mean", "share"),
        Column("regret_high", "Regret, most", "share"),
        Column("cost_low", "Cost from", "money"),
        Column("cost_high", "Cost to", "money"),
        Column("keeps", "Draws that keep the rules", "share"),
    ]
    rows = [
        {"source": source, "plan": name, **_plan_row(found, source, name)}
        for source in SOURCES
        if any("plans" in draw for draw in found.draws[source])
        for name in found.plans
    ]
    notes = [
        "From, to: 95 % of the draws. Regret: by what share the plan is worth less than the best found in the draw; 0 "
        "where it reaches fewer customers than are kept there and so is worth more. Draws in which it breaks a rule "
        "(costs more than the budget, say) do not count for regret: see the last column.",
        *found.untold,
    ]
    timed = sum(draw.get("status") == "time" for draws in found.draws.values() for draw in draws)
    notes += [f"{timed} searches ended with their time."] if timed else []
    return table_of("plans", "How the plans stand", columns, rows, notes)


def _plan_row(found: Stability, source: str, name: str) -> Row:
    known = [draw for draw in found.draws[source] if "plans" in draw]
    own = [draw["plans"][name] for draw in known]
    value, keeps, cost = (_figures(own, key) for key in ("value", "keeps", "cost"))
    ordinary = _figures([draw["plans"][ORDINARY] for draw in known], "value")
    gain = value / np.maximum(np.abs(ordinary), 1e-300) - 1
    regret = regrets(value[None], _figures(known, "value"))[0][keeps]
    reach = _figures([each["reach"] for each in own], "target")
    return {
        "draws": len(known),
        **_interval("reach", reach),
        **(
            {"ahead": None}
            if name == ORDINARY
            else {
                **_interval("gain", gain),
                # the reach model's own error: no draw of a survey, assumption or price has it
                "gain_error": value_error(found.prepared, found.plans[name], found.plans[ORDINARY]),
                "ahead": float((gain > 0).mean()),
            }
        ),
        "regret": float(regret.mean()) if keeps.any() else None,
        "regret_high": float(regret.max()) if keeps.any() else None,
        "cost_low": cost.min().item(),
        "cost_high": cost.max().item(),
        "keeps": float(keeps.mean()),
    }


def _figures(answers: Sequence[Answer], key: str) -> NDArray[Any]:
    """A figure of each answer."""
    return np.array([answer[key] for answer in answers])


def _interval(key: str, values: FloatArray) -> Row:
    low, high = np.percentile(values, [LOW, HIGH])
    return {key: float(values.mean()), f"{key}_low": float(low), f"{key}_high": float(high)}


# --- assumptions ----------------------------------------------------------------------------------------


def swing_table(found: Stability) -> Table:
    """One assumption at a time, low and high: the tornado."""
    columns = [
        Column("assumption", "Assumption"),
        Column("low", "Low", "number"),
        Column("used", "Used", "number"),
        Column("high", "High", "number"),
        Column("worth_low", "Worth at low, beside as used", "share"),
        Column("worth_high", "Worth at high, beside as used", "share"),
        Column("advantage_low", "Ahead of the ordinary plan (000) at low", "people"),
        Column("advantage", "as used", "people"),
        Column("advantage_high", "at high", "people"),
    ]
    rows = []
    for each in found.swings:
        low, used, high = each["worth"]
        rows.append(
            {
                "assumption": assumptions.TALK[each["assumption"]].heading,
                **dict(zip(("low", "used", "high"), each["values"], strict=True)),
                "worth_low": low / used - 1 if used else None,
                "worth_high": high / used - 1 if used else None,
                **dict(zip(("advantage_low", "advantage", "advantage_high"), each["advantage"], strict=True)),
            }
        )
    notes = [
        "Both plans are held fixed. Under the objective influence the multipliers of catalysts and experts are judged "
        "by the influence-weighted reach, everything else by paid reach and the worth of what is passed on."
    ]
    return table_of("assumptions", "One assumption at a time", columns, rows, notes)


def regret_table(found: Stability) -> Table:
    """Plans by assumption sets: by what share of the best each is worth less; the minimax row marked."""
    regret = regrets(found.worth, found.best)
    top = minimax(regret)
    columns = [
        Column("plan", "Plan"),
        *(Column(f"regret: {name}", name.capitalize(), "share") for name in found.sets),
    ]
    columns += [Column("most", "Most", "share"), Column("minimax", "Minimax", "yes/no")]
    rows = [
        {
            "plan": name,
            **{f"regret: {name}": share for name, share in zip(found.sets, regret[at].tolist(), strict=True)},
            "most": float(regret[at].max()),
            "minimax": at == top,
        }
        for at, name in enumerate(found.rivals)
    ]
    notes = [
        f'The plan "{found.rivals[top]}" regrets least in its worst set: {100 * regret[top].max():.2f} %.',
        *([] if IN_HAND in found.rivals else ["The plan in hand breaks a rule, so it is not among them."]),
    ]
    return table_of("regret", "Regret of each plan in each set of assumptions", columns, rows, notes, [top])


def average_table(found: Stability) -> Table:
    """The plans best on average over the draws, each with what no plan is worth more than on average."""
    columns = [
        Column("over", "On average over"),
        Column("value", "Value", "people"),
        Column("bound", "No plan is worth more than", "people"),
        Column("gap", "Gap", "gap"),
        Column("plan_value", "The plan in hand", "people"),
        Column("ordinary_value", "The ordinary plan", "people"),
        Column("changes", "Insertions changed from the plan in hand", "count"),
        Column("changes_000", "Impressions (000) changed", "count"),
        Column("insertions", "Insertions"),
    ]
    rows = []
    if found.average is not None and "value" in found.average:
        rows.append(_average_row(found, "assumptions: one programme, certified", found.average))
    if found.of_surveys is not None:
        words = f"surveys: the best of {found.of_surveys['candidates']} candidates (sample average)"
        rows.append(_average_row(found, words, found.of_surveys))
    notes = [
        "Where only assumptions differ people do not change, so the mean of the draws is one programme with a "
        "certificate. Where surveys differ the bound is the mean of the draws' own bounds: no plan is on average worth "
        "more."
    ]
    return table_of("average", "Best on average", columns, rows, notes)


def _average_row(found: Stability, over: str, best: Row) -> Row:
    insertions = np.array(best["plan"][: len(found.campaign.vehicles)])
    pairs = zip(found.campaign.vehicles, insertions.tolist(), strict=True)
    bought = [f"{row.name} {bought_text(*added_up([row], [count]))}" for row, count in pairs if count]
    moved = np.abs(insertions - found.plans[IN_HAND]).tolist()
    changes, changes_000 = added_up(found.campaign.vehicles, moved)
    return {
        "over": over,
        **{key: best[key] for key in ("value", "bound", "gap")},
        "plan_value": best["plans"].get(IN_HAND),
        "ordinary_value": best["plans"].get(ORDINARY),
        "changes": changes,
        "changes_000": changes_000,
        "insertions": ", ".join(bought),
    }


def draw_table(found: Stability) -> Table:
    """Every draw."""
    columns = [
        Column("source", "Doubt"),
        Column("number", "Draw", "count"),
        Column("status", "Certificate"),
        Column("value", "Best value found", "people"),
        Column("bound", "Bound", "people"),
        Column("plan", "Value of the plan in hand", "people"),
        Column("keeps", "It keeps the rules", "yes/no"),
        Column("ordinary", "Value of the ordinary plan", "people"),
        Column("reason", "Why there is none"),
    ]
    rows: list[Row] = []
    for source in SOURCES:
        for place, draw in enumerate(found.draws[source], 1):
            row: Row = {"source": source, "number": place, "status": STATUS[draw["status"]]}
            row |= {key: draw.get(key) for key in ("value", "bound", "reason")}
            if "plans" in draw:
                plans = draw["plans"]
                row |= {"plan": plans[IN_HAND]["value"], "ordinary": plans[ORDINARY]["value"]}
                row["keeps"] = plans[IN_HAND]["keeps"]
            rows.append(row)
    notes = [
        "The best plan of a draw keeps its rules, the budget among them, and as many customers as are kept there; a "
        "plan that does not may be worth more."
    ]
    return table_of("draws", "Every draw", columns, rows, notes)


def warnings(found: Stability) -> list[str]:
    """What the planner should look at, in sentences."""
    told = [f"{row['vehicle']}: {row['warning']}." for row in noisy_indices(found)]
    failed = {source: sum("plan" not in draw for draw in draws) for source, draws in found.draws.items()}
    told += [
        f"{count_of(count, 'draw')} ({source}) without a plan: see Draws."
        for source, count in failed.items()
        if count
    ]
    return told


def sentences(found: Stability) -> list[str]:
    """What stability says, in sentences."""
    same = np.array_equal(found.plans[IN_HAND], found.plans[ORDINARY])
    told = ["The plan in hand is the ordinary plan, so there is no gain to doubt."] if same else []
    told += [_told(row, same) for row in plan_table(found).records if row["plan"] == IN_HAND]
    told += regret_table(found).notes
    return told


def _told(row: Row, same: bool) -> str:
    """How the plan in hand stands in the draws of one source. same: it is the ordinary plan."""
    what = "other surveys" if row["source"] == SURVEY else f"other {row['source']}"
    kept = round(row["keeps"] * row["draws"])
    parts = [f"In {count_of(row['draws'], 'draw')} of {what} the plan"]
    if kept < row["draws"]:
        parts.append(f" keeps the rules, the budget among them, in {kept}{'; there it' if kept else ''}")
    if kept:
        least, most = (percent(row[name], 2) for name in ("regret", "regret_high"))
        parts.append(f" is {least} below the best found on average, at most {most}")
    if not same:
        low, high = number(100 * row["gain_low"], 2), percent(row["gain_high"], 2)
        parts.append(f"; its gain over the ordinary plan lies between {low} and {high}")
    return f"{''.join(parts)}."
