"""How a plan lies in one vector: three vehicles, two weeks, two packages."""

import numpy as np
import pytest

from models.purchase.columns import Columns

COLUMNS = Columns(3, 2, 2)
WEEKLY = np.array([[1.0, 2.0], [0.0, 4.0], [5.0, 0.0]])
PLAN = COLUMNS.join(WEEKLY.sum(axis=1), WEEKLY, np.array([1.0, 0.0]))


def test_insertions_come_first_then_weeks_vehicle_by_vehicle_then_packages() -> None:
    assert PLAN.tolist() == [3, 4, 5, 1, 2, 0, 4, 5, 0, 1, 0]
    assert COLUMNS.plan_size == len(PLAN)
    assert COLUMNS.private_from == 14  # after what tells of each vehicle whether it is bought


def test_what_is_joined_can_be_taken_apart() -> None:
    assert COLUMNS.insertions(PLAN).tolist() == [3, 4, 5]
    assert COLUMNS.weekly(PLAN).tolist() == WEEKLY.tolist()
    assert COLUMNS.packages_of(PLAN).tolist() == [1, 0]


def test_every_column_is_where_its_number_is() -> None:
    for vehicle in range(3):
        for week in range(2):
            assert PLAN[COLUMNS.week(vehicle, week)] == WEEKLY[vehicle, week]
    assert [PLAN[COLUMNS.package(p)] for p in range(2)] == [1, 0]
    places = [*range(3), *(COLUMNS.week(j, t) for j in range(3) for t in range(2)),
              *(COLUMNS.package(p) for p in range(2)), *(COLUMNS.bought(j) for j in range(3))]  # fmt: skip
    assert places == list(range(COLUMNS.private_from))


@pytest.mark.parametrize("columns", [Columns(3), Columns(3, 0, 1), Columns(3, 2)])
def test_what_a_campaign_has_not_takes_no_room(columns) -> None:
    assert columns.plan_size == 3 + 3 * columns.weeks + columns.packages
    plan = np.arange(columns.plan_size, dtype=float)
    assert columns.weekly(plan).shape == (3, columns.weeks)
    assert columns.packages_of(plan).shape == (columns.packages,)
