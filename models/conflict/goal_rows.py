"""The rows of goals that may be stretched: reached + slack >= least, divided by the people of the goal."""

from collections.abc import Iterator

import numpy as np

from models.arrays import FloatArray, IntArray
from models.conflict.stretched import Stretched
from models.problem.goals import EffectiveFloor, Floor
from models.programme.keyed_rows import Keyed
from models.programme.relaxation import Relaxation


def goal_rows(relaxation: Relaxation, stretches: Stretched) -> Iterator[Keyed]:
    """The rows of every goal among the demands. relaxation: has the people of the goals."""
    for demand, floor in stretches.floors.items():
        yield from _floor_rows(relaxation, stretches, demand, floor)
    for demand, goal in stretches.effective.items():
        yield _met_row(relaxation, stretches, demand, goal)


def _floor_rows(relaxation: Relaxation, stretches: Stretched, demand: int, floor: Floor) -> Iterator[Keyed]:
    """people . R + contacts . x + slack >= least; of a cap, a column stands for the people reached."""
    people = floor.people[relaxation.response.segments]
    columns, values = relaxation.curves.r[people > 0], people[people > 0]
    if floor.contacts is not None:
        met, size = stretches.met[demand], _size(floor)
        yield _row(("met", demand), np.append(columns, met), np.append(values, -size), 0.0, floor)
        bought = np.flatnonzero(floor.contacts)
        columns, values = np.append(bought, met), np.append(floor.contacts[bought], size)
    yield _with_slack(stretches, demand, floor, columns, values)


def _met_row(relaxation: Relaxation, stretches: Stretched, demand: int, goal: EffectiveFloor) -> Keyed:
    """people . F + slack >= least."""
    people = goal.people[relaxation.response.segments]
    f = relaxation.curves.meet(relaxation.session, goal.times)
    return _with_slack(stretches, demand, goal, f[people > 0], people[people > 0])


def _with_slack(
    stretches: Stretched, demand: int, goal: Floor | EffectiveFloor, columns: IntArray, values: FloatArray
) -> Keyed:
    slack = stretches.slacks[demand][0].column
    return _row(("goal", demand), np.append(columns, slack), np.append(values, _size(goal)), goal.least, goal)


def _row(
    key: tuple[str, int], columns: IntArray, values: FloatArray, least: float, goal: Floor | EffectiveFloor
) -> Keyed:
    """At least so much, in people's own size."""
    return Keyed(key, columns, values, least, np.inf, _size(goal))


def _size(goal: Floor | EffectiveFloor) -> float:
    """What a goal's row is divided by."""
    return float(goal.people.sum()) or 1.0
