"""The campaign's goals as the models know them: rows where they are linear, floors where they are reach."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.arrays import FloatArray
from models.problem.goals import EffectiveFloor, Floor, frequency_cap
from models.rules.contact_goal import ContactGoal
from models.rules.row import number_text
from planner.campaign.inputs import Campaign, GoalRow
from planner.campaign.population import Population


@dataclass(frozen=True, eq=False)
class Goalbook:
    """contacts: goals in GRP and impressions, rules like any other. floors: on reach, and caps on frequency.
    effective: floors on n+ reach. rows: goal id -> its row; sentences, cells: for people."""

    contacts: tuple[ContactGoal, ...]
    floors: tuple[Floor, ...]
    effective: tuple[EffectiveFloor, ...]
    rows: Mapping[str, GoalRow]
    sentences: Mapping[str, str]
    cells: Mapping[str, str]


def build_goalbook(campaign: Campaign, people: Population) -> Goalbook:
    """Every goal of the campaign."""
    contacts: list[ContactGoal] = []
    floors: list[Floor] = []
    effective: list[EffectiveFloor] = []
    rows, sentences, cells = {}, {}, {}
    for number, row in enumerate(campaign.goals):
        goal_id = f"goal {number}"
        mask = people.masks[row.audience]
        people_000 = people.segments.population * mask
        rows[goal_id], cells[goal_id] = row, row.cell or f"Goals, {row.audience}"
        sentences[goal_id] = goal_sentence(row)
        if row.measure in ("grp", "impressions"):
            contacts += _contact_goals(goal_id, row, people_000, people.model.audiences.rating)
        elif row.measure == "average frequency":
            assert row.at_most is not None
            floors.append(frequency_cap(goal_id, people_000, people.model.audiences.rating, row.at_most))
        else:
            assert row.at_least is not None
            least = row.at_least * float(people_000.sum())
            if row.measure == "reach" or row.times == 1:
                floors.append(Floor(goal_id, people_000, least))
            else:
                effective.append(EffectiveFloor(goal_id, people_000, row.times, least))
    for goal in contacts:
        rows[goal.id] = campaign.goals[int(goal.id.split()[1])]
        cells[goal.id] = rows[goal.id].cell or f"Goals, {goal.audience}"
        sentences[goal.id] = goal.sentence()
    return Goalbook(tuple(contacts), tuple(floors), tuple(effective), rows, sentences, cells)


def _contact_goals(goal_id: str, row: GoalRow, people: FloatArray, rating: FloatArray) -> list[ContactGoal]:
    each = people @ rating
    if row.measure == "grp":
        each = 100 * each / max(float(people.sum()), 1e-300)
    unit = "GRP" if row.measure == "grp" else "impressions (000)"
    return [
        ContactGoal(f"{goal_id} {sense}", row.audience, each, sense, amount, unit)  # type: ignore[arg-type]
        for sense, amount in ((">=", row.at_least), ("<=", row.at_most))
        if amount is not None
    ]


def goal_sentence(row: GoalRow) -> str:
    """A goal in words."""
    if row.measure == "average frequency":
        return f"{row.audience}: at most {number_text(row.at_most or 0.0)} contacts per person reached"
    if row.measure in ("grp", "impressions"):
        limits = [
            f"{word} {number_text(amount)}"
            for word, amount in (("at least", row.at_least), ("at most", row.at_most))
            if amount is not None
        ]
        unit = "GRP" if row.measure == "grp" else "impressions (000)"
        return f"{row.audience}: {' and '.join(limits)} {unit}"
    what = "reached" if row.measure == "reach" else f"reached {row.times} times or more"
    return f"{row.audience}: at least {100 * (row.at_least or 0.0):g} % {what}"
