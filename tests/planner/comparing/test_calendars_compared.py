"""Two calendars side by side, by hand."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.comparing.calendars import MovedVehicle
from planner.comparing.side_by_side import SideBySide, side_by_side
from planner.planning.results import PlanResult
from planner.report.comparing.calendar_text import calendar_sentences
from planner.report.comparing.compare_json import compare_json
from planner.report.comparing.compare_text import compare_table, sentences
from planner.workbook.figures.comparison import write_comparison

Maker = Callable[..., Any]
MONDAY = date(2027, 3, 22)  # its flight of four weeks has two in March and two in April


def placed(result: PlanResult, weekly: list[list[float]], start: date | None = MONDAY) -> PlanResult:
    """A result with these weeks; every insertion costs 100 and is 10 GRP; reach builds by a tenth a week."""
    bought, weeks = np.array(weekly, float), len(weekly[0])
    assert result.weeks is not None
    figures = replace(
        result.weeks,
        labels=tuple(f"W{n}" for n in range(1, weeks + 1)),
        mondays=tuple(None if start is None else start + timedelta(weeks=n) for n in range(weeks)),
        insertions=bought, unit_cost=np.full(bought.shape, 100.0), cost=100 * bought.sum(axis=0),
        grp=10 * bought.sum(axis=0),
        cumulative_share=np.cumsum(bought.sum(axis=0)) / 10,
    )  # fmt: skip
    vehicles = replace(result.vehicles, insertions=bought.sum(axis=1), cost=100 * bought.sum(axis=1))
    return replace(result, weeks=figures, vehicles=vehicles)


@pytest.fixture
def compared(made_campaign: Maker, made_weeks: Maker) -> Callable[..., SideBySide]:
    """Two plans of two vehicles, with these weeks."""

    def build(a: list[list[float]], b: list[list[float]], *starts: date | None) -> SideBySide:
        base = made_weeks(made_campaign(2), insertions=[1, 1])
        first, second = starts or (MONDAY, MONDAY)
        return side_by_side(("a.xlsx", "b.xlsx"), placed(base, a, first), placed(base, b, second), ())

    return build


MOVED = ([[2, 0, 1, 0], [0, 1, 0, 0]], [[0, 1, 0, 3], [0, 1, 0, 0]])


def test_each_week_has_its_money_insertions_grp_and_reach_so_far(compared: Callable[..., SideBySide]) -> None:
    found = compared(*MOVED).calendar
    assert found is not None
    assert (found.by, [period.name for period in found.periods]) == (
        "week", ["2027-03-22", "2027-03-29", "2027-04-05", "2027-04-12"],
    )  # fmt: skip
    assert [(p.insertions.a, p.insertions.b) for p in found.periods] == [(2, 0), (1, 2), (1, 0), (0, 3)]
    assert [p.cost.difference for p in found.periods] == [-200, 100, -100, 300]
    assert [p.grp.difference for p in found.periods] == [-20, 10, -10, 30]
    assert [p.reach.a for p in found.periods] == pytest.approx([0.2, 0.3, 0.4, 0.4])
    assert [p.reach.b for p in found.periods] == pytest.approx([0.0, 0.2, 0.2, 0.5])


def test_what_both_buy_and_stands_elsewhere_is_moved(compared: Callable[..., SideBySide]) -> None:
    """The first: three in A, four in B; of three that both have none keeps its week. The second stays."""
    found = compared(*MOVED)
    assert found.calendar is not None
    name = found.plans[0].campaign.vehicles[0].name
    assert found.calendar.moved == (MovedVehicle(name, 3.0),)
    assert not found.calendar.same


def test_long_flights_are_told_by_the_month_of_their_mondays(compared: Callable[..., SideBySide]) -> None:
    row = [1.0] * 9
    found = compared([row, row], [[0, 2, *row[2:]], row]).calendar
    assert found is not None
    assert [(p.name, p.insertions.a, p.insertions.b) for p in found.periods] == [
        ("March 2027", 4, 4), ("April 2027", 8, 8), ("May 2027", 6, 6),
    ]  # fmt: skip
    assert [vehicle.insertions for vehicle in found.moved] == [1]


def test_flights_that_start_apart_are_matched_by_their_mondays(compared: Callable[..., SideBySide]) -> None:
    """B starts a week later: what is A's second week is B's first. Before its start B has reached nobody."""
    later = MONDAY + timedelta(weeks=1)
    both = compared([[1, 1], [0, 0]], [[1, 1], [0, 0]], MONDAY, later)
    found = both.calendar
    assert found is not None
    assert [(p.insertions.a, p.insertions.b) for p in found.periods] == [(1, 0), (1, 1), (0, 1)]
    assert [p.reach.b for p in found.periods] == pytest.approx([0.0, 0.1, 0.2])
    assert [p.reach.a for p in found.periods] == pytest.approx([0.1, 0.2, 0.2])
    assert "A runs 22 March 2027 to 29 March 2027, B 29 March 2027 to 5 April 2027." in calendar_sentences(
        both
    )


def test_without_a_start_weeks_are_matched_by_their_place(compared: Callable[..., SideBySide]) -> None:
    found = compared([[1, 0], [0, 1]], [[0, 1], [0, 1]], None, MONDAY).calendar
    assert found is not None
    assert [period.name for period in found.periods] == ["W1", "W2"]


def test_it_is_told_in_sentences(compared: Callable[..., SideBySide]) -> None:
    both = compared(*MOVED)
    name = both.plans[0].campaign.vehicles[0].name
    told = calendar_sentences(both)
    assert told in sentences(both)
    assert "300 more in the week 2027-04-12 and " in told
    assert "200 less in the week 2027-03-22." in told
    assert f"Of the insertions that both buy, 3 stand in other weeks, in 1 vehicle ({name})." in told
    assert (
        "By the end of the week 2027-03-22 B has reached 0.0 % of the target audience instead of 20.0 %"
        in told
    )
    assert "so far" in compare_table(both)
    assert both.calendar is not None
    last = both.calendar.periods[-1]
    assert last.reach_error == pytest.approx(both.error * (0.4 + 0.5) / 2)
    assert both.error > 0


def test_weeks_and_money_of_any_currency_fit_the_table(compared: Callable[..., SideBySide]) -> None:
    both = compared(*MOVED)
    a, b = (
        replace(plan, campaign=replace(plan.campaign, brief=replace(plan.campaign.brief, currency="IDR")))
        for plan in both.plans
    )
    told = compare_table(side_by_side(("a.xlsx", "b.xlsx"), a, b, ()))
    assert "\n2027-03-22     200       0        -200 " in told
    assert "Money in IDR as billed, with fixed costs" in told
    large = [
        replace(plan, weeks=replace(plan.weeks, cost=plan.weeks.cost * 1e7), cost=4e9) for plan in (a, b)
    ]
    told = compare_table(side_by_side(("a.xlsx", "b.xlsx"), large[0], large[1], ()))
    assert "\n2027-03-22  2,000.0      0.0    -2,000.0 " in told
    assert "Money in IDR million as billed, with fixed costs" in told


def test_the_same_calendar_is_called_so(compared: Callable[..., SideBySide]) -> None:
    both = compared(MOVED[0], MOVED[0])
    assert both.calendar is not None
    assert both.calendar.same
    assert calendar_sentences(both) == "Both have the same insertions in the same weeks."
    assert "Reach so far" not in compare_table(both)


def test_a_calendar_that_only_one_plan_has_is_said(
    made_campaign: Maker, made_weeks: Maker, made_result: Maker
) -> None:
    a, b = made_weeks(made_campaign(2), insertions=[1, 1]), made_result(made_campaign(2), insertions=[1, 1])
    both = side_by_side(("a.xlsx", "b.xlsx"), a, b, ())
    assert both.calendar is None
    assert calendar_sentences(both) == "Only A has a calendar, so their weeks are not compared."
    assert compare_json(both)["calendar"] is None
    assert calendar_sentences(side_by_side(("b.xlsx", "b.xlsx"), b, b, ())) == ""


def test_json_and_sheet_have_every_period(compared: Callable[..., SideBySide], tmp_path: Path) -> None:
    both = compared(*MOVED)
    calendar = json.loads(json.dumps(compare_json(both), allow_nan=False))["calendar"]
    name = both.plans[0].campaign.vehicles[0].name
    assert calendar["by"] == "week"
    assert calendar["moved"] == {name: 3}
    assert calendar["periods"][3]["cost"] == {"a": 0, "b": 300, "difference": 300}
    assert calendar["periods"][0]["cumulative_reach_pct"]["difference"] == pytest.approx(-20)
    write_comparison(both, tmp_path / "c.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "c.xlsx", data_only=True)["Compare"]
    rows = {row[0]: row for row in sheet.iter_rows(values_only=True) if row[0]}
    assert rows["2027-04-12"][2:5] == (0, 300, 300)
    assert rows["2027-04-12"][5:7] == (0, 3)
    assert rows["2027-04-12"][10:13] == pytest.approx((0.4, 0.5, 10))
