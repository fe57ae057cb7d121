"""The campaign's goals as the models know them: rows where they are linear, floors where they are reach."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.problem.goals import EffectiveFloor, Floor, frequency_cap
from models.rules.contact_goal import ContactGoal
from models.rules.row import Side
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population
from planner.campaign.rule_rows import GoalRow


@dataclass(frozen=True, eq=False)
class Goalbook:
    """contacts: goals in GRP and impressions, rules like any other. floors: on reach, and caps on frequency.
    effective: floors on n+ reach. cells: goal id -> address."""

    contacts: tuple[ContactGoal, ...]
    floors: tuple[Floor, ...]
    effective: tuple[EffectiveFloor, ...]
    cells: Mapping[str, str]


def build_goalbook(campaign: Campaign, people: Population) -> Goalbook:
    """Every goal of the campaign."""
    contacts: list[ContactGoal] = []
    floors: list[Floor] = []
    effective: list[EffectiveFloor] = []
    cells: dict[str, str] = {}
    for number, row in enumerate(campaign.goals):
        goal_id, audience = f"goal {number}", people.segments.population * people.masks[row.audience]
        asked = list(_contact_goals(goal_id, row, audience, people.model.audiences.contacts))
        contacts += asked
        if not asked and _of_times(row):
            effective.append(
                EffectiveFloor(goal_id, audience, row.times, _least(row, audience), row.audience)
            )
        elif not asked:
            floors.append(_floor(goal_id, row, audience, people.model.audiences.contacts))
        cells |= dict.fromkeys([goal_id, *(goal.id for goal in asked)], row.cell or f"Goals, {row.audience}")
    return Goalbook(tuple(contacts), tuple(floors), tuple(effective), cells)


def _of_times(row: GoalRow) -> bool:
    return row.measure not in ("reach", "average frequency") and row.times > 1


def _least(row: GoalRow, audience: FloatArray) -> float:
    """People (000)."""
    assert row.at_least is not None
    return row.at_least * float(audience.sum())


def _floor(goal_id: str, row: GoalRow, audience: FloatArray, rating: FloatArray) -> Floor:
    if row.measure != "average frequency":
        return Floor(goal_id, audience, _least(row, audience), audience=row.audience)
    assert row.at_most is not None
    return frequency_cap(goal_id, audience, rating, row.at_most, row.audience)


def _contact_goals(
    goal_id: str, row: GoalRow, audience: FloatArray, rating: FloatArray
) -> Iterator[ContactGoal]:
    """Both sides of a goal in GRP or impressions; none of another."""
    if row.measure not in ("grp", "impressions"):
        return
    each, unit = np.asarray(audience @ rating), "impressions (000)"
    if row.measure == "grp":
        each, unit = 100 * each / max(float(audience.sum()), 1e-300), "GRP"
    limits: tuple[tuple[Side, float | None], ...] = ((">=", row.at_least), ("<=", row.at_most))
    for sense, amount in limits:
        if amount is not None:
            yield ContactGoal(f"{goal_id} {sense}", row.audience, each, sense, amount, unit)
