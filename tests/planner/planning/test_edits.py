"""Edits of a plan: what they cost, and what becomes of them when the plan is made anew."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.inputs import Brief, Campaign, CompositionRow, Default, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import GoalRow
from planner.errors import NoPlan, WorkbookError
from planner.planning.edits import PlanEdits, edit_cost, edited_vehicles, keep_edits, leave_edits
from planner.planning.evaluate import evaluate_plan, plan_figures
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import EditCost, EditedVehicle
from planner.report.plan.certificate import certificate_sentence, edit_json, edit_sentence
from planner.report.plan.json_result import plan_json
from planner.report.plan.text import plan_table

Maker = Callable[..., Any]
QUICK = Options(gap=1e-6, break_even=False)


def campaign(**brief: Any) -> Campaign:
    """Three vehicles of 10,000 thousand people; 30,000 to spend."""
    vehicles = (
        VehicleRow("A", "TV", 10_000.0, 800.0, 4.0),
        VehicleRow("B", "TV", 8_000.0, 500.0, 4.0),
        VehicleRow("C", "Magazine", 6_000.0, 300.0, 4.0),
    )
    cells = {("Vehicles", row.name, "maximum"): f"Vehicles!F{at}" for at, row in enumerate(vehicles, 2)}
    cells["Brief", "budget", "value"] = "Brief!B6"
    return Campaign(
        replace(Brief(universe_000=10_000.0, budget=30_000.0), **brief),
        (TraitRow("customer", "customer", 0.3), TraitRow("catalyst", "catalyst", 0.1)), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Magazine", 2.5, 0.6)), 1.35, vehicles, ("customer", "catalyst"),
        tuple(CompositionRow(row.name, (0.3, share)) for row, share in zip(vehicles, (0.1, 0.08, 0.2), strict=True)),
        cells=cells, workbook="plan.xlsx",
    )  # fmt: skip


def edits(insertions: list[float], optimised: list[float]) -> PlanEdits:
    return PlanEdits(
        np.array(insertions, float), np.array(optimised, float), ("Plan!F7", "Plan!F8", "Plan!F9")
    )


# --- what edits cost ------------------------------------------------------------------------------


def test_the_loss_is_the_best_plans_value_less_the_edited_ones() -> None:
    changed = (EditedVehicle("A", 3, 2),)
    assert edit_cost(changed, 90.0, 120.0) == EditCost(changed, 30.0, 25.0)
    assert edit_cost(changed, 150.0, 120.0) == EditCost(changed, -30.0, -25.0)
    assert edit_cost(changed, 90.0, None) == EditCost(changed, None, None)
    assert edit_cost((), 90.0, 120.0) is None


def test_an_edit_within_the_rules_costs_what_two_evaluations_differ_by() -> None:
    best = make_plan(campaign(customers_first=0.0), QUICK)
    optimised = best.vehicles.insertions
    edited = optimised - (optimised == optimised.max())
    result = evaluate_plan(campaign(customers_first=0.0), edited, optimised, QUICK)
    lower = plan_figures(campaign(), edited, optimised).value
    assert result.edit is not None
    # The best plan found anew may be better than the one in hand, by no more than the gap asked for.
    assert result.edit.value_lost == pytest.approx(best.value - lower, abs=1e-6 * best.bound)
    assert result.edit.value_lost > 0
    assert result.edit.pct_lost == pytest.approx(100 * result.edit.value_lost / best.value, rel=1e-5)
    assert {vehicle.name for vehicle in result.edit.vehicles} == set(result.edits)
    assert result.edit.breaks == ()
    assert "cost" in edit_sentence(result)


def test_an_edit_that_overspends_is_worth_more_and_says_what_it_breaks() -> None:
    optimised = make_plan(campaign(), QUICK).vehicles.insertions
    result = evaluate_plan(campaign(), np.array([4.0, 4.0, 4.0]), optimised, QUICK)
    assert result.status == "broken"
    assert result.edit is not None
    assert result.edit.value_lost is not None
    assert result.edit.value_lost < 0
    assert result.edit.breaks == ("the plan costs at most $30,000 (Brief!B6)",)
    sentence = edit_sentence(result)
    assert "more than the best plan found within the rules" in sentence
    assert "; it is not within them itself." in sentence
    assert "Brief!B6" in sentence
    assert "Edited:" in plan_table(result)


def test_an_edit_that_saves_money_by_missing_a_goal_costs_less_and_is_compared_with_no_ordinary_plan() -> (
    None
):
    goal = GoalRow("everyone", "reach", 0.12, cell="Goals!C2")
    asked = replace(campaign(objective="minimum cost", customers_first=0.0), goals=(goal,))
    best = make_plan(asked, QUICK)
    result = evaluate_plan(asked, np.array([1.0, 0.0, 0.0]), best.vehicles.insertions, QUICK)
    assert result.status == "broken"
    saved = best.cost - result.cost
    assert saved > 0
    assert f"The edited plan costs ${saved:,.0f} (" in edit_sentence(result)
    assert "less than the best plan found within the rules" in edit_sentence(result)
    assert "ordinary plan" not in plan_table(result)


def test_an_edit_below_the_customers_first_floor_says_so() -> None:
    # Only C's readers are customers: without it customers are hardly met.
    made = campaign(customers_first=0.97)
    rows = tuple(
        CompositionRow(name, (share, 0.1)) for name, share in (("A", 0.05), ("B", 0.05), ("C", 0.95))
    )
    made = replace(made, composition=rows)
    optimised = make_plan(made, QUICK).vehicles.insertions
    assert optimised[2] > 0
    result = evaluate_plan(made, np.array([1.0, 0.0, 0.0]), optimised, QUICK)
    assert result.edit is not None
    assert any("customers first: 97 %" in text for text in result.edit.breaks)
    assert result.status == "broken"
    assert "breaks 1 rule" in certificate_sentence(result)
    assert result.influence is not None
    assert result.influence.verdict.startswith("This plan and the ordinary plan cannot be compared")


def test_nothing_edited_has_no_cost() -> None:
    optimised = make_plan(campaign(), QUICK).vehicles.insertions
    result = evaluate_plan(campaign(), optimised, optimised, QUICK)
    assert result.edit is None
    assert edit_sentence(result) == ""
    assert plan_json(result)["edit"] is None


def test_a_sum_of_weeks_that_differs_in_its_last_digit_is_no_edit() -> None:
    optimised = np.array([1.8, 1.2, 0.0])
    result = evaluate_plan(campaign(whole=False), np.nextafter(optimised, 9), optimised, QUICK)
    assert (result.edits, result.edit) == ((), None)


def test_where_no_plan_keeps_the_rules_the_cost_is_unknown() -> None:
    impossible = campaign(budget=100.0)  # buys nothing: the cheapest insertion is 6,000
    result = evaluate_plan(impossible, np.array([1.0, 0, 0]), np.zeros(3), QUICK)
    assert result.edit == EditCost(
        (EditedVehicle("A", 0.0, 1.0),), None, None, ("the plan costs at most $100 (Brief!B6)",)
    )
    assert "no plan keeps the rules" in edit_sentence(result)


def test_edits_of_a_line_by_the_thousand_are_told_in_impressions(made_result: Maker) -> None:
    result = made_result(edit=EditCost((EditedVehicle("City News", 5750.0, 6000.0),), 12.5, 0.1))
    lines = tuple(
        replace(row, bought_as="impressions", audience_000=1.0) if row.name == "City News" else row
        for row in result.campaign.vehicles
    )
    told = edit_sentence(replace(result, campaign=replace(result.campaign, vehicles=lines)))
    assert "City News 6,000,000 impressions instead of 5,750,000 impressions." in told
    assert "City News 6,000 instead of 5,750." in edit_sentence(result)


def test_json_tells_every_edit_and_its_cost(made_result: Maker) -> None:
    cost = EditCost((EditedVehicle("City News", 3.0, 2.5),), 12.5, 0.1, ("a rule (Rules!B2)",), 0.02)
    assert edit_json(made_result(edit=cost)) == {
        "vehicles": {"City News": {"optimised": 3, "edited": 2.5}},
        "value_lost": 12.5,
        "pct_lost": 0.1,
        "model_error_pct": 2.0,
        "breaks": ["a rule (Rules!B2)"],
    }


# --- planning anew --------------------------------------------------------------------------------


def test_kept_edits_are_locked_and_named_and_the_rest_is_free() -> None:
    kept = keep_edits(campaign(), edits([1, 0, 2], [2, 0, 1]))
    assert [vehicle.locked for vehicle in kept.vehicles] == [1.0, None, 2.0]
    assert kept.cells["Vehicles", "C", "locked"] == "Plan!F9"
    assert "Locked by your edits on Plan: A at 1, C at 2." in kept.notices[-1]
    plan = make_plan(kept, QUICK)
    assert plan.vehicles.insertions[[0, 2]].tolist() == [1.0, 2.0]
    free = make_plan(campaign(), QUICK)
    assert plan.value <= free.bound * (1 + 1e-9)


def test_an_edit_is_the_later_word_than_a_lock() -> None:
    first = keep_edits(campaign(), edits([1, 0, 2], [2, 0, 1]))
    second = keep_edits(first, edits([3, 0, 2], [1, 0, 2]))
    assert [vehicle.locked for vehicle in second.vehicles] == [3.0, None, 2.0]
    assert "replace what was locked before: Plan!F7 (A, 1)" in second.notices[-1]


@pytest.mark.parametrize(
    ("change", "insertions", "wanted"),
    [
        ({}, 5.0, "above maximum 4 (Vehicles!F2)"),
        ({"minimum": 2.0}, 1.0, "below minimum 2 (Vehicles, A)"),
        ({"must_buy": True}, 0.0, "it is a must-buy (Vehicles, A)"),
        ({"unit_cost": None}, 1.0, "its price is not quoted (Vehicles, A)"),
        ({"smallest_buy": 3.0}, 2.0, "below its smallest buy of 3 (Vehicles, A)"),
        ({}, 1.5, "the Brief asks for whole insertions (Brief)"),
    ],
)
def test_an_edit_against_the_campaign_names_both_cells(
    change: dict[str, Any], insertions: float, wanted: str
) -> None:
    made = campaign()
    made = replace(made, vehicles=(replace(made.vehicles[0], **change), *made.vehicles[1:]))
    with pytest.raises(WorkbookError) as caught:
        keep_edits(made, edits([insertions, 0, 0], [3, 0, 0]))
    assert [problem.cell for problem in caught.value.problems] == ["Plan!F7"]
    assert wanted in caught.value.problems[0].text


def test_every_contradiction_is_told_at_once() -> None:
    with pytest.raises(WorkbookError) as caught:
        keep_edits(campaign(), edits([9, 2.5, 0], [1, 1, 1]))
    assert [problem.cell for problem in caught.value.problems] == ["Plan!F7", "Plan!F8"]


def test_without_edits_locking_says_so_and_leaves_the_campaign() -> None:
    kept = keep_edits(campaign(), edits([1, 1, 1], [1, 1, 1]))
    assert replace(kept, notices=()) == campaign()
    assert kept.notices == ("No insertions on Plan are edited, so there is nothing to lock.",)


def test_edits_not_kept_are_counted_and_the_option_named() -> None:
    left = leave_edits(campaign(), edits([1, 0, 2], [2, 0, 2]))
    assert left.notices == (
        "1 edit on Plan was not kept (A at 1); --lock-edits keeps them and plans the rest.",
    )
    assert leave_edits(campaign(), edits([1, 0, 2], [1, 0, 2])) == campaign()


def test_an_edit_is_where_the_two_columns_differ() -> None:
    found = edited_vehicles(campaign(), np.array([1.0, 2.0, 3.0]), np.array([1.0, 0.0, 3.0]))
    assert found == (EditedVehicle("B", 0.0, 2.0),)


def test_an_edit_that_buys_what_has_no_price_says_so() -> None:
    made = campaign()
    made = replace(made, vehicles=(*made.vehicles[:2], replace(made.vehicles[2], unit_cost=None)))
    result = evaluate_plan(made, np.array([1.0, 1.0, 2.0]), np.array([1.0, 1.0, 0.0]), QUICK)
    assert result.edit is not None
    assert result.status == "broken"
    assert result.edit.breaks == ("C: 2 insertions, but its price is not quoted (Vehicles, C)",)


# --- edited weeks ---------------------------------------------------------------------------------

W = tuple(f"W{week}" for week in range(1, 5))


def dated(*limits: WeekLimit, **brief: Any) -> Campaign:
    """The campaign in four weeks; without limits the weeks are found after the buy."""
    made = campaign(weeks=4, **brief)
    return replace(made, calendar=Calendar(W, (None,) * 4, limits=limits))


def rearranged(made: Campaign, weekly: list[list[float]], planned: list[list[float]] | None) -> PlanEdits:
    """A Flowchart with these weeks, beside the optimised ones."""
    cells = {
        vehicle.name: tuple(f"Flowchart!{c}{at}" for c in "FGHI")
        for at, vehicle in enumerate(made.vehicles, 8)
    }
    now = np.array(weekly, float)
    was = now if planned is None else np.array(planned, float)
    return PlanEdits(
        now.sum(axis=1), was.sum(axis=1), ("Plan!F7", "Plan!F8", "Plan!F9"), (), now,
        None if planned is None else was, cells,
    )  # fmt: skip


@pytest.mark.parametrize(
    "limits", [(), (WeekLimit("money", "<=", (0,), 12_000.0, "week 1"),)], ids=["free", "bound"]
)
def test_an_edited_week_keeps_its_number_in_its_week(limits) -> None:
    """A moved from week 1 to week 4, its total free; C once more in week 2, its total and that week locked."""
    made = dated(*limits)
    edits = rearranged(made, [[0, 0, 0, 1], [0] * 4, [1, 1, 0, 0]], [[1, 0, 0, 0], [0] * 4, [1, 0, 0, 0]])
    kept = keep_edits(made, edits)
    assert kept.calendar is not None
    assert kept.calendar.locked == {"A": (0, None, None, 1), "C": (None, 1, None, None)}
    assert [vehicle.locked for vehicle in kept.vehicles] == [None, None, 2.0]
    assert "A (0 in W1, 1 in W4), C (1 in W2)" in kept.notices[-2]
    plan = make_plan(kept, QUICK)
    assert plan.weeks is not None
    weekly = plan.weeks.insertions
    assert weekly[0, 0] == 0
    assert weekly[0, 3] == 1
    assert weekly[2, 1] == 1
    assert weekly[2].sum() == 2
    assert plan.status != "broken"


def test_an_edit_of_a_flowchart_against_the_campaign_names_its_week() -> None:
    """Insertions on Plan are sums there: A was once in week 1, and is six times in week 3, of four at most."""
    edits = rearranged(dated(), [[1, 0, 6, 0], [0] * 4, [0] * 4], [[1, 0, 0, 0], [0] * 4, [0] * 4])
    with pytest.raises(WorkbookError) as caught:
        keep_edits(dated(), edits)
    assert [problem.cell for problem in caught.value.problems] == ["Flowchart!H8"]
    assert leave_edits(dated(), edits).notices[-1].startswith("1 edit on Flowchart was not kept")


def test_weeks_that_stand_as_planned_are_nothing_to_lock() -> None:
    made, weeks = dated(), [[1.0, 0, 0, 0], [0.0] * 4, [0.0] * 4]
    assert "nothing to lock" in keep_edits(made, rearranged(made, weeks, weeks)).notices[-1]
    assert leave_edits(made, rearranged(made, weeks, weeks)) is made


def test_weeks_not_kept_are_told() -> None:
    made = dated()
    moved = rearranged(made, [[0, 1, 0, 0], [0] * 4, [0] * 4], [[1, 0, 0, 0], [0] * 4, [0] * 4])
    assert leave_edits(made, moved).notices[-1] == (
        "Weeks edited on Flowchart were not kept (A); --lock-edits keeps them and plans the rest."
    )


def test_without_the_optimised_weeks_those_of_edited_vehicles_are_kept_whole() -> None:
    made = dated()
    edits = replace(
        rearranged(made, [[0, 2, 0, 0], [1, 0, 0, 0], [0] * 4], None), optimised=np.array([1.0, 1.0, 0.0])
    )
    kept = keep_edits(made, edits)
    assert kept.calendar is not None
    assert kept.calendar.locked == {"A": (0, 2, 0, 0)}
    assert "Line items" in kept.notices[-2]


def test_a_lock_where_nothing_can_be_had_names_both_cells() -> None:
    made = dated()
    assert made.calendar is not None
    made = replace(
        made, calendar=replace(made.calendar, most={"A": (0.0, 2.0, 2.0, 2.0)}),
        cells={**made.cells, ("Weeks", "A", "W1"): "Weeks!B4"},
    )  # fmt: skip
    edits = rearranged(made, [[1, 0, 0, 0], [0] * 4, [0] * 4], [[0, 1, 0, 0], [0] * 4, [0] * 4])
    with pytest.raises(WorkbookError) as caught:
        keep_edits(made, edits)
    (problem,) = caught.value.problems
    assert problem.cell == "Flowchart!F8"
    assert problem.text == (
        '"A" is to have 1 insertion in the week W1, but it cannot be had then (Weeks!B4); change one of them.'
    )


@pytest.mark.parametrize(
    "limits", [(), (WeekLimit("money", "<=", (3,), 5_000.0, "week 4", "Weeks!E3"),)], ids=["free", "bound"]
)
def test_a_lock_that_no_plan_can_keep_is_named(limits) -> None:
    """Four of A in week 4 cost 32,000; the budget is 30,000, and that of week 4 perhaps 5,000."""
    made = dated(*limits)
    kept = keep_edits(
        made, rearranged(made, [[0, 0, 0, 4], [0] * 4, [0] * 4], [[4, 0, 0, 0], [0] * 4, [0] * 4])
    )
    with pytest.raises(NoPlan) as caught:
        make_plan(kept, QUICK)
    assert caught.value.explanation is not None
    assert "Flowchart!I8" in {problem.cell for problem in caught.value.explanation.conflict}


def test_a_max_that_nobody_stated_gives_way_to_an_edit_and_says_so() -> None:
    stated = campaign()
    given = replace(stated.vehicles[0], appears="weekly", maximum=4.0)
    assert stated.brief.weeks == 4
    made = replace(stated, vehicles=(given, *stated.vehicles[1:]))
    kept = keep_edits(made, edits([6, 0, 1], [2, 0, 1]))
    assert (kept.vehicles[0].locked, kept.vehicles[0].maximum) == (6.0, 6.0)
    assert any("a Max that nobody stated; it was raised: A from 4 to 6" in notice for notice in kept.notices)


def test_a_max_that_gives_way_is_of_all_units_of_the_vehicle() -> None:
    stated = campaign()
    long, short = (replace(row, vehicle="A", name=f"A | {row.name}") for row in stated.vehicles[:2])
    default = Default("Vehicles", "", "maximum", "Max: one insertion a week, unless a row says otherwise")
    made = replace(stated, vehicles=(long, short, stated.vehicles[2]), defaults=(default,))
    kept = keep_edits(made, edits([3, 3, 1], [2, 0, 1]))
    assert [(row.locked, row.maximum) for row in kept.vehicles] == [(3, 6), (3, 6), (None, 4)]
    assert any("it was raised: A from 4 to 6" in notice for notice in kept.notices)
