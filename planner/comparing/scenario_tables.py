"""A comparison of scenarios as tables, which terminal, sheets, JSON, CSV and HTML render.

scenario_table    a row per scenario: money, value, gap, verdict against the base
audience_table    a row per scenario and audience: reach, n+, frequency, GRP, CPP
insertions_table  a row per vehicle, a column per scenario behind its medium and name
money_table       a row per medium, a column per scenario behind its name: share of its money, 0..1
change_table      a row per scenario and vehicle that it buys otherwise than the base: what that does to reach
pair_table        a row per pair: difference, interval, verdict
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from models.arrays import FloatArray
from planner.campaign.bought import added_up
from planner.comparing.journal import insertions_by_name
from planner.comparing.sweep import Comparison
from planner.comparing.verdicts import PairVerdict
from planner.planning.model_error import reach_difference_error
from planner.table import Column, Table, plain_table

_SAME = 1e-9


def scenario_table(compared: Comparison) -> Table:
    """Money in the currency; value and bound by the scenario's objective, base_value by the base's; gap 0..1. None
    where there is no plan or no such figure."""
    pairs = pairs_with_base(compared)
    columns = (
        "scenario base mode changes status cost budget objective value base_value base_value_change_pct "
        "model_error_pct bound gap insertions impressions_bought_000 earned_000 verdict reason"
    )
    rows = [_row(compared, at, pairs.get(at)) for at in range(len(compared.answers))]
    return plain_table("scenarios", rows, columns.split())


def pairs_with_base(compared: Comparison) -> dict[int, PairVerdict]:
    """The verdict of each scenario beside the base, by its place."""
    found: dict[int, PairVerdict] = {}
    for pair in compared.pairs:
        if compared.base in (pair.a, pair.b):
            found[pair.b if pair.a == compared.base else pair.a] = pair
    return found


def verdicts_against_base(compared: Comparison) -> dict[int, str]:
    """The verdict alone."""
    return {at: pair.judged.verdict for at, pair in pairs_with_base(compared).items()}


def _row(compared: Comparison, at: int, pair: PairVerdict | None) -> dict[str, Any]:
    scenario, answer = compared.scenarios[at], compared.answers[at]
    bought = _added_up(compared, answer["insertions"]) if "insertions" in answer else None
    return {
        **answer,
        "scenario": scenario.name,
        "base": at == compared.base,
        "mode": scenario.mode,
        "changes": "; ".join(scenario.words),
        "base_value_change_pct": _change_pct(compared, at),
        "model_error_pct": _error_pct(compared, pair),
        "insertions": None if bought is None else bought[0],
        "impressions_bought_000": None if bought is None else bought[1],
        "verdict": "the base" if at == compared.base else "" if pair is None else pair.judged.verdict,
        "reason": _reason(answer),
    }


def _reason(answer: Mapping[str, Any]) -> str:
    """Why there is no plan, or what it breaks."""
    breaks = "; ".join(answer.get("breaks", ()))
    return str(answer.get("reason") or (f"breaks: {breaks}" if breaks else ""))


def _added_up(compared: Comparison, insertions: Mapping[str, float]) -> tuple[float, float]:
    """Insertions, and contacts (thousands) bought by the thousand, as the base's vehicles are bought."""
    vehicles = compared.prepared.campaign.vehicles
    return added_up(vehicles, insertions_by_name(insertions, [vehicle.name for vehicle in vehicles]).tolist())


def _change_pct(compared: Comparison, at: int) -> float | None:
    """The plan's value by the base's yardstick, in percent more than the base's plan."""
    mine, base = (compared.answers[place].get("base_value") for place in (at, compared.base))
    same = compared.answers[at].get("same_people", False)
    return 100 * (mine - base) / abs(base) if same and mine is not None and base else None


def _error_pct(compared: Comparison, pair: PairVerdict | None) -> float | None:
    """One standard deviation of the model's own error on that change, in percent of the base's value."""
    base = compared.answers[compared.base].get("base_value")
    return (
        100 * pair.model_error / abs(base) if pair is not None and pair.measure == "value" and base else None
    )


def audience_table(compared: Comparison) -> Table:
    """Shares in percent; population in thousands; cpp None where there are no rating points."""
    rows = [
        {
            "scenario": compared.scenarios[at].name,
            "audience": found["name"],
            "times": answer["times"],
            **found,
        }
        for at in compared.found
        for answer in [compared.answers[at]]
        for found in answer["audiences"]
    ]
    columns = "scenario audience times population_000 reach_pct effective_pct frequency grp cpp"
    return plain_table("audiences", rows, columns.split())


def insertions_table(compared: Comparison) -> Table:
    """Vehicles that any scenario buys, by medium and then most bought."""
    media = _media(compared)
    bought = [compared.answers[at]["insertions"] for at in compared.found]
    counts = {
        name: [each.get(name, 0.0) for each in bought] for name in {name for each in bought for name in each}
    }
    places = {medium: at for at, medium in enumerate(dict.fromkeys(media.values()))}
    order = sorted(counts, key=lambda name: (places[media[name]], -sum(counts[name]), name))
    columns = [Column("medium"), Column("vehicle"), *_scenarios(compared)]
    return Table("insertions", "", columns, [[media[name], name, *counts[name]] for name in order])


def _scenarios(compared: Comparison) -> list[Column]:
    """A column of figures for each scenario that has a plan."""
    return [Column(compared.scenarios[at].name) for at in compared.found]


def _media(compared: Comparison) -> dict[str, str]:
    """The medium of every vehicle of any campaign."""
    return {row.name: row.medium for campaign in compared.campaigns for row in campaign.vehicles}


def money_table(compared: Comparison) -> Table:
    """The share (0..1) of each scenario's money in each medium; every column adds up to 1, or to 0 where nothing is
    spent."""
    media = _media(compared)
    shares: dict[str, list[float]] = {medium: [] for medium in media.values()}
    for at in compared.found:
        own = dict.fromkeys(shares, 0.0)
        for name, amount in compared.answers[at]["money"].items():
            own[media[name]] += amount
        total = sum(own.values())
        for medium, amount in own.items():
            shares[medium].append(amount / total if total else 0.0)
    rows = [[medium, *each] for medium, each in shares.items() if sum(each) > 0]
    return Table("money", "", [Column("medium"), *_scenarios(compared)], rows)


@lru_cache(maxsize=2)  # of the comparison at hand, which several reports tell
def change_table(compared: Comparison) -> Table:
    """Per scenario the vehicles that it buys otherwise than the base, in its people's order of effect.

    insertions: less the base's. reach_points: of the target audience, percentage points that the change adds; all of a
    scenario's add up to its reach less the base's. Each is the mean of two orders, first to last and last to first, as
    what one vehicle adds depends on the others.
    """
    media = _media(compared)
    rows = [row for at in compared.found if at != compared.base for row in _changes(compared, at, media)]
    return plain_table(
        "changes", rows, ["scenario", "vehicle", "medium", "insertions", "reach_points", "error_points"]
    )


def _changes(compared: Comparison, at: int, media: dict[str, str]) -> list[dict[str, Any]]:
    base, answer = compared.answers[compared.base], compared.answers[at]
    if "cost" not in base or not answer["same_people"]:
        return []
    names = [vehicle.name for vehicle in compared.prepared.campaign.vehicles]
    if not set(answer["insertions"]) <= set(names):
        return []
    before, after = (insertions_by_name(each["insertions"], names) for each in (base, answer))
    changed = np.flatnonzero(np.abs(after - before) > _SAME)
    effects = (
        _steps(compared, before, after, changed) + _steps(compared, before, after, changed[::-1])[::-1]
    ) / 2
    order = np.argsort(-effects, kind="stable")
    return [
        {
            "scenario": compared.scenarios[at].name,
            "vehicle": names[changed[i]],
            "medium": media[names[changed[i]]],
            "insertions": float(after[changed[i]] - before[changed[i]]),
            "reach_points": float(effects[i]),
            "error_points": _step_error(compared, before, after, changed[i]),
        }
        for i in order
    ]


def _steps(compared: Comparison, before: FloatArray, after: FloatArray, order: Any) -> FloatArray:
    """What each change in turn adds to the target's reach, in percentage points."""
    people, plan = compared.prepared.people, before.copy()
    share = people.share_of(people.target)
    reach = [float(share @ people.model.reach_shares(plan))]
    for j in order:
        plan[j] = after[j]
        reach.append(float(share @ people.model.reach_shares(plan)))
    return 100 * np.diff(reach)


def _step_error(compared: Comparison, before: FloatArray, after: FloatArray, j: int) -> float:
    """One standard deviation of the model's own error on what one change adds to the target's reach, in points."""
    people, plan = compared.prepared.people, before.copy()
    plan[j] = after[j]
    reach = float(people.share_of(people.target) @ people.model.reach_shares(before))
    return 100 * reach * reach_difference_error(compared.prepared.campaign, people, before, plan)


def pair_table(compared: Comparison) -> Table:
    """difference: of a less b, by `measure` (value by the base's yardstick, cost, or percent of everyone reached);
    low, high: the interval that decided the verdict; model_error: one standard deviation of the model's own."""
    names = [scenario.name for scenario in compared.scenarios]
    rows = [
        {**vars(pair), **vars(pair.judged), "a": names[pair.a], "b": names[pair.b]} for pair in compared.pairs
    ]
    return plain_table(
        "pairs", rows, ["a", "b", "measure", "difference", "low", "high", "model_error", "verdict", "certain"]
    )


def all_tables(compared: Comparison) -> tuple[Table, ...]:
    """Every table, the scenarios first."""
    tables = scenario_table, audience_table, insertions_table, money_table, change_table, pair_table
    return tuple(table(compared) for table in tables)
