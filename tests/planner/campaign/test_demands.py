"""Everything a buyer may demand, through a workbook: in, planned, out, and in again."""

from pathlib import Path

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.plan.json_result import plan_json
from planner.report.plan.text import plan_table
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.plan import read_insertions
from planner.workbook.write import write_plan

QUICK = Options(break_even=False)

# Quiz 100 and News 200 (TV), Cook 300 (Magazine), Drive 50 (Radio), universe 1,000 thousand.
EVERYTHING = {
    "Rules": [
        ["ratio", "Radio", None, "200 %", "% of TV's insertions"],
        ["either", "Cook; Drive", 1, 1, "vehicles"],
        ["points", "TV", 20, None, "GRP"],
    ],
    "Goals": [["everyone", "reach %", "20 %", None], ["everyone", "average frequency", None, 4]],
    "Discounts": [["TV", 600, "money", "10 %"], ["Drive", 4, "insertions", "20 %"]],
    "Packages": [["pair", "Quiz", 2, 350], ["pair", "News", 1, None]],
}


@pytest.fixture
def planned(buyers_book, tmp_path):
    """Plans a workbook and reads its result back: planned({"Rules": [...]}, edits, Budget=...)."""

    def plan(*arguments, **brief):
        path = buyers_book(*arguments, **brief)
        result = make_plan(read_campaign(path), QUICK)
        written = tmp_path / "plan.xlsx"
        write_plan(result, written)
        return result, written

    return plan


def evaluated(path: Path):
    campaign = read_campaign(path)
    given = read_insertions(path, campaign)
    return evaluate_plan(campaign, given.insertions, given.optimised, QUICK, "", given.weekly)


def bought(result) -> dict[str, float]:
    names = (vehicle.name for vehicle in result.campaign.vehicles)
    return {name: float(x) for name, x in zip(names, result.vehicles.insertions, strict=True) if x}


def test_a_campaign_with_every_rule_is_planned_and_comes_back_at_the_same_cost_and_worth(planned) -> None:
    result, path = planned(EVERYTHING, {"Vehicles!H2": 3, "Vehicles!I3": 40}, Budget=1500)
    again = evaluated(path)
    assert result.status == "optimal"
    assert all(rule.holds for rule in result.rules)
    assert again.cost == pytest.approx(result.cost, abs=0.01)
    assert again.value == pytest.approx(result.value, rel=1e-9)
    assert again.status == "optimal"


def test_the_programs_own_explanations_beside_the_briefs_answers_are_no_answers(planned) -> None:
    """A Brief without a row of headings has none for them in the plan's workbook: "Who pays." is short."""
    _, path = planned({}, {}, Client="Example Foods")
    read = read_campaign(path)
    assert read.brief.client == "Example Foods"
    assert not [notice for notice in read.notices if "Who pays" in notice]


def test_a_package_at_half_price_is_bought_and_paid_for_once(planned) -> None:
    """2 x Quiz and 1 x News cost 400 singly, 200 as a package; with 200 to spend nothing else is as good."""
    package = {"Packages": [["pair", "Quiz", 2, 200], ["pair", "News", 1, None]]}
    result, _ = planned(package, Budget=200)
    assert bought(result) == {"Quiz": 2, "News": 1}
    assert result.cost == 200
    assert [(package.name, package.bought) for package in result.packages] == [("pair", True)]
    assert sum(result.vehicles.cost) == pytest.approx(200)
    assert "package pair" in plan_table(result)
    assert plan_json(result)["packages"] == {"pair": {"bought": True, "price": 200.0}}


def test_a_discount_at_a_step_makes_room_for_what_did_not_fit(planned) -> None:
    """Four of Quiz at 100 cost 400, with 25 % off from four on 300; 300 then buys four, not three."""
    only = {"Vehicles!G3": 0, "Vehicles!G4": 0, "Vehicles!G5": 0}
    plain, _ = planned({}, only, Budget=300)
    cheaper, _ = planned({"Discounts": [["Quiz", 4, "insertions", "25 %"]]}, only, Budget=300)
    assert bought(plain) == {"Quiz": 3}
    assert bought(cheaper) == {"Quiz": 4}
    assert cheaper.cost == 300


def test_a_fixed_cost_is_paid_once_and_only_by_what_is_bought(planned) -> None:
    """Quiz costs 100 an insertion and 150 once; with 450 three are bought, with 200 of it none."""
    only = {"Vehicles!G3": 0, "Vehicles!G4": 0, "Vehicles!I2": 150, "Vehicles!G5": 1}
    result, _ = planned({}, only, Budget=500)
    assert bought(result) == {"Quiz": 3, "Drive": 1}
    assert result.cost == 500


def test_the_cheapest_plan_that_meets_a_goal_is_found_and_reported_as_money(planned) -> None:
    """At 1,000 thousand people 20 GRP are one of News, at 200, or two of Quiz, at 200; 30 GRP are 300."""
    result, _ = planned({"Goals": [["everyone", "GRP", 30, None]]}, Objective="minimum cost", Budget=None)
    assert result.cost == result.value == 300
    assert result.bound == pytest.approx(300, rel=1e-3)
    assert "300" in plan_table(result)


def test_a_calendar_adds_up_to_the_plan_and_follows_its_weights(planned) -> None:
    weeks = {"Weeks": [["flighting weight", 1, 0, 0, 1]]}
    result, path = planned(weeks, Budget=1200)
    assert result.weeks is not None
    assert np.array_equal(result.weeks.insertions.sum(axis=1), result.vehicles.insertions)
    assert result.weeks.grp[1:3].tolist() == [0, 0]
    assert read_insertions(path, read_campaign(path)).weekly.tolist() == result.weeks.insertions.tolist()


def test_a_limit_on_a_week_limits_what_is_bought_and_where_it_stands(planned) -> None:
    """100 of money in each of four weeks buys Quiz at 100 or Drive at 50; News at 200 and Cook at 300 fit nowhere."""
    result, path = planned({"Weeks": [["budget at most", 100, 100, 100, 100]]}, Budget=5000)
    assert set(bought(result)) <= {"Quiz", "Drive"}
    assert (result.weeks.cost <= 100).all()
    assert result.cost == 400
    assert evaluated(path).cost == result.cost


def test_dear_weeks_are_avoided(planned) -> None:
    only = {"Vehicles!G3": 0, "Vehicles!G4": 0, "Vehicles!G5": 0}
    result, _ = planned({"Weeks": [["price factor", 3, 1, 1, 3]]}, only, Budget=400)
    assert bought(result) == {"Quiz": 4}
    assert result.weeks.insertions[0, [0, 3]].tolist() == [0, 0]
    assert result.cost == 400


def test_rules_that_leave_nothing_are_infeasible_and_nothing_is_written(buyers_book) -> None:
    demands = {
        "Rules": [["either", "Cook; Drive", None, 0, "vehicles"], ["must", "Cook", 1, None, "insertions"]]
    }
    with pytest.raises(InfeasiblePlan) as caught:
        make_plan(read_campaign(buyers_book(demands)), QUICK)
    assert any("Rules!" in rule for rule in caught.value.rules)


def test_live_formulas_hold_with_every_kind_of_price_and_week(planned, recalculated) -> None:
    import openpyxl

    weeks = {"Weeks": [["price factor: TV", 1.5, 1, 1, 1], ["budget at most", 500, 500, 500, 500]]}
    _, path = planned(EVERYTHING | weeks, {"Vehicles!H2": 3, "Vehicles!I3": 40}, Budget=1500)
    stated, fresh = openpyxl.load_workbook(path, data_only=True), recalculated(path)
    formulas = openpyxl.load_workbook(path)
    compared = 0
    for name in ("Plan", "Flowchart", "Summary"):
        for row in formulas[name].iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    ours, theirs = stated[name][cell.coordinate].value, fresh[name][cell.coordinate].value
                    assert theirs == (
                        pytest.approx(ours, rel=1e-9, abs=1e-6) if ours not in (None, "") else ours
                    )
                    compared += 1
    assert compared > 60
