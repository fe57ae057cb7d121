"""Units of one vehicle from the sheet to the plan and back, on a campaign of five rows."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from models.errors import NoCalendar
from planner.campaign.inputs import Campaign
from planner.cli.commands import app
from planner.errors import NoPlan
from planner.formats import count_of
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.tables import medium_totals, plan_rows
from planner.report.plan.headline import headline
from planner.report.plan.json_result import plan_json
from planner.workbook.plan.edits import read_plan
from planner.workbook.write import write_plan

Build = Callable[..., Campaign]
UNITS = {
    "Vehicles!M1": "Unit", "Vehicles!N1": "Ad seen %", "Vehicles!O1": "Appears", "Vehicles!M2": ":30",
    "Vehicles!N2": "90 %", "Vehicles!M6": ":10", "Vehicles!N6": "60 %", "Vehicles!O2": "weekly", "Vehicles!G2": None,
}  # fmt: skip
SHORT: dict[str, list[list[object]]] = {"Vehicles": [["Quiz", None, None, None, 45]]}
DATED = {"Weeks": 4, "Start": "2027-03-01", "Budget": 1200}
OPTIONS = Options(seconds=20, break_even=False)


def test_units_share_their_episodes_in_the_plan_and_in_its_weeks(buyers_campaign: Build) -> None:
    rules: list[list[object]] = [
        ["both", "Quiz", 3, None, "insertions"],
        ["long", "Quiz | :30", 1, None, "insertions"],
    ]
    result = make_plan(buyers_campaign({**SHORT, "Rules": rules}, UNITS, **DATED), OPTIONS)
    assert result.status == "optimal"
    bought, weeks = result.vehicles.insertions, result.weeks
    assert weeks is not None
    assert bought[0] >= 1
    assert 3 <= bought[0] + bought[4] <= 4
    assert (weeks.insertions[[0, 4]].sum(axis=0) <= 1).all()


def test_a_unit_with_weeks_of_its_own_takes_none_of_another_units_issues(buyers_campaign: Build) -> None:
    """Both can stand in the first week alone, where two of them find room; Quiz as such twice in two weeks."""
    weeks = [["Quiz", 2, 2, 0, 0], ["Quiz | :30", 2, 0, 0, 0], ["Quiz | :10", 2, 0, 0, 0]]
    result = make_plan(buyers_campaign({**SHORT, "Weeks": weeks}, UNITS, **DATED), OPTIONS)
    assert result.weeks is not None
    assert result.weeks.insertions[[0, 4]].sum() == 2


def test_a_monthly_settled_in_its_second_week_has_fewer_issues(buyers_campaign: Build) -> None:
    """Nine weeks have three issues, those of a title that stands in the second week two: that one and the sixth's."""
    only = {"Vehicles!M1": "Appears", "Vehicles!M2": "monthly", "Vehicles!G2": None}
    only |= {f"Weeks!{'FGHIJ'[week - 5]}1": f"W{week}" for week in range(5, 10)}
    weeks = [["locked: Quiz", None, 1, *[None] * 7]]
    brief = {"Weeks": 9, "Start": "2027-03-01", "Budget": 9000}
    result = make_plan(buyers_campaign({"Weeks": weeks}, only, **brief), OPTIONS)
    assert result.weeks is not None
    assert result.vehicles.insertions[0] == result.weeks.insertions[0].sum() == 2


@pytest.mark.parametrize(
    ("proven", "told"), [(False, "ended before it found one"), (True, "No calendar holds")]
)
def test_a_plan_without_a_calendar_is_told_without_its_weeks(
    proven: bool, told: str, buyers_campaign: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(*_: object) -> None:
        raise NoCalendar(proven=proven)

    monkeypatch.setattr("planner.planning.calendar_figures.calendar", nothing)
    campaign = buyers_campaign({}, {}, **DATED)
    result = make_plan(campaign, OPTIONS)
    assert result.status == "optimal"
    assert any(told in notice for notice in plan_json(result)["notices"])
    path = tmp_path / "plan.xlsx"
    write_plan(result, path)
    assert (read_plan(path)[1].insertions == result.vehicles.insertions).all()


def test_a_minimum_that_all_units_together_cannot_have_is_a_conflict_with_both_cells(
    buyers_campaign: Build,
) -> None:
    rules: list[list[object]] = [["both", "Quiz", 6, None, "insertions"]]
    with pytest.raises(NoPlan) as caught:
        make_plan(buyers_campaign({**SHORT, "Rules": rules}, UNITS, **DATED), OPTIONS)
    told = " | ".join(caught.value.explanation.words)
    assert "Quiz (all units): at most 4 insertions" in told


def test_reach_that_units_of_one_vehicle_cannot_give_is_no_goal(buyers_campaign: Build) -> None:
    """As two vehicles they would reach it."""
    goals: list[list[object]] = [["everyone", "reach %", "24 %"]]
    only = {"Vehicles!G3": 0, "Vehicles!G4": 0, "Vehicles!G5": 0}
    with pytest.raises(NoPlan):
        make_plan(buyers_campaign({**SHORT, "Goals": goals}, UNITS | only, **DATED), OPTIONS)
    apart = {
        "Vehicles!A6": "Show",
        "Vehicles!B6": "TV",
        "Vehicles!F6": 100,
        "Vehicles!G6": 4,
        "Vehicles!O6": "weekly",
    }
    assert make_plan(buyers_campaign({**SHORT, "Goals": goals}, UNITS | only | apart, **DATED), OPTIONS)


ALIKE = UNITS | {"Vehicles!N6": "90 %", "Vehicles!G3": 0, "Vehicles!G4": 0, "Vehicles!G5": 0}


@pytest.mark.parametrize("weeks", [[], [["budget at most", 500, 500, 500, 500]]])
def test_of_units_that_are_seen_alike_the_cheaper_is_bought(
    weeks: list[list[object]], buyers_campaign: Build
) -> None:
    """Though money is left, and a limit on insertions alone binds."""
    rules: list[list[object]] = [["few", "all", None, 3, "insertions"]]
    campaign = buyers_campaign({**SHORT, "Rules": rules, "Weeks": weeks}, ALIKE, **DATED)
    bought = make_plan(campaign, OPTIONS).vehicles.insertions
    assert (bought[0], bought[4]) == (0, 3)


def test_of_vehicles_with_one_audience_more_is_bought_of_the_cheaper(buyers_campaign: Build) -> None:
    """As many of one and one more of the other reach the same people, whichever it is."""
    rows: dict[str, list[list[object]]] = {
        "Vehicles": [["Dear", "TV", None, None, 90, 150, 4], ["Cheap", "TV", None, None, 50, 150, 4]],
        "Rules": [["few", "Dear; Cheap", None, 3, "insertions"]],
    }
    none = {f"Vehicles!G{row}": 0 for row in range(2, 6)}
    bought = make_plan(buyers_campaign(rows, none, Budget=5000), OPTIONS).vehicles.insertions
    assert bought[4:].tolist() == [1, 2]


def test_the_plans_workbook_names_units_and_reads_them_back(
    buyers_book: Callable[..., Path], tmp_path: Path
) -> None:
    path, plan = buyers_book(SHORT, UNITS, **DATED), tmp_path / "plan.xlsx"
    run = CliRunner().invoke(app, ["plan", str(path), "-o", str(plan), "--time-limit", "20"])
    assert run.exit_code == 0, run.output
    assert "Quiz | :10" in run.output
    campaign, edits = read_plan(plan)
    assert [row.name for row in campaign.vehicles] == ["Quiz | :30", "News", "Cook", "Drive", "Quiz | :10"]
    assert np.array_equal(edits.insertions, edits.optimised)
    again = CliRunner().invoke(app, ["evaluate", str(plan)])
    assert again.exit_code == 0, again.output


def test_a_campaign_of_one_unit_a_vehicle_plans_as_if_units_did_not_exist(buyers_campaign: Build) -> None:
    """The same bytes but for the units' names, and but for those of the workbook's cells."""
    named = {"Vehicles!M1": "Unit", **{f"Vehicles!M{row}": f":{row}0" for row in range(2, 6)}}
    told = []
    for edits in ({}, named):
        result = make_plan(buyers_campaign(None, edits, Budget=1200), OPTIONS)
        found = plan_json(result)
        found = {name: value for name, value in found.items() if name not in ("run", "fingerprint")}
        told.append(json.dumps(found, sort_keys=True))
    assert told[0] == told[1]


@pytest.mark.parametrize("budget", [500, 700, 900, 1100])
def test_parts_of_insertions_are_no_traces(budget: float, buyers_campaign: Build) -> None:
    """A trace of a second unit would let the first be worth all of its parts."""
    brief = {"Weeks": 4, "Budget": budget, "Whole insertions (yes/no)": "no"}
    bought = make_plan(buyers_campaign(SHORT, UNITS, **brief), OPTIONS).vehicles.insertions
    assert ((bought == 0) | (bought >= 0.01)).all()


def test_a_vehicle_bought_in_two_units_is_one_vehicle_wherever_vehicles_are_counted(
    buyers_campaign: Build,
) -> None:
    both = UNITS | {"Vehicles!J2": 1, "Vehicles!J6": 2}
    result = make_plan(buyers_campaign({**SHORT}, both, **DATED), OPTIONS)
    units = [row.vehicle for row in plan_rows(result) if row.bought and row.vehicle_name == "Quiz"]
    rows = sum(row.bought for row in plan_rows(result))
    assert sorted(units) == ["Quiz | :10", "Quiz | :30"]
    assert sum(total.vehicles for total in medium_totals(result)) == rows - 1
    assert f"Bought, {count_of(rows - 1, 'vehicle')}" in dict(headline(result))
