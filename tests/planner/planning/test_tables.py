"""The plan's table is worked out once; sums of it are sums of one and the same column."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.planning.audience_tables import named_audiences
from planner.planning.tables import medium_totals, plan_frame, plan_rows, totals
from planner.planning.week_tables import billed

Maker = Callable[..., Any]


def test_the_frame_is_made_once_for_a_result(made_result: Maker) -> None:
    result = made_result()
    assert plan_frame(result) is plan_frame(result)
    assert plan_frame(result) is not plan_frame(made_result())


def test_rows_are_the_frames_and_say_none_where_it_has_nan(made_campaign: Maker, made_result: Maker) -> None:
    result = made_result(made_campaign(3, unquoted=(1,)), insertions=[1, 0, 2])
    unquoted = next(row for row in plan_rows(result) if row.unit_price is None)
    assert (unquoted.cost, unquoted.cpm, unquoted.cpp) == (0.0, None, None)
    assert [row.vehicle for row in plan_rows(result)] == plan_frame(result)["vehicle"].tolist()


@pytest.mark.parametrize("by", ["medium", "genre"])
def test_each_way_to_add_up_gives_the_whole_plan(by: str, made_campaign: Maker, made_result: Maker) -> None:
    result = made_result(made_campaign(12, 3))
    frame = plan_frame(result)
    for column in ("cost", "grp", "impressions_000", "insertions"):
        assert sum(getattr(total, column) for total in totals(result, by)) == pytest.approx(
            frame[column].sum()
        )


def test_cpp_and_cpm_of_a_sum_are_money_by_what_it_bought(made_result: Maker) -> None:
    for total in medium_totals(made_result()):
        if total.vehicles:
            assert total.cpp == pytest.approx(total.cost / total.grp)
            assert total.cpm == pytest.approx(total.cost / total.impressions_000)


def test_a_medium_without_a_vehicle_bought_is_there_with_nothing(
    made_campaign: Maker, made_result: Maker
) -> None:
    campaign = made_campaign(2, 2)
    result = made_result(campaign, insertions=[1, 0])
    idle = next(total for total in totals(result, "medium") if not total.vehicles)
    assert (idle.cost, idle.grp, idle.cpp) == (0.0, 0.0, None)


def test_what_is_billed_by_week_adds_up_to_what_the_vehicle_costs() -> None:
    weekly, prices = np.array([[1.0, 3.0], [2.0, 0.0]]), np.array([[10.0, 20.0], [np.nan, np.nan]])
    # 70 at list prices cost 63 with 10 % off; the second is sold by a package alone, at 8.
    found = billed(weekly, prices, np.array([63.0, 8.0]))
    assert found.tolist() == [[9.0, 54.0], [8.0, 0.0]]


def test_audiences_with_the_same_figures_are_listed_once_under_all_their_names(
    made_audience: Maker, made_result: Maker
) -> None:
    same, other = (made_audience(name, "", 10.0, 50.0, classes=5) for name in ("everyone", "target"))
    third = made_audience("customers", "", 4.0, 50.0, classes=5)
    result = made_result(audiences=0)
    result = replace(result, audiences=(same, other, third))
    assert [name for name, _ in named_audiences(result)] == ["everyone, target", "customers"]
