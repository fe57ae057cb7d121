"""The result as JSON, for programs."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from planner.errors import Change, Explanation, NoPlan, Problem, WorkbookError
from planner.planning.results import Run
from planner.report.campaign.check_text import check_json, problems_json
from planner.report.plan.json_result import plan_json
from planner.report.why.infeasible import infeasible_json

Maker = Callable[..., Any]


def through_json(value: Any) -> Any:
    return json.loads(json.dumps(value, allow_nan=False))


def test_the_json_names_what_the_contract_names(made_result: Maker) -> None:
    found = through_json(plan_json(made_result()))
    assert found["schema"] == 1
    assert set(found) >= {"status", "objective", "value", "value_unit", "bound", "gap", "budget", "cost",
                          "currency", "insertions", "audiences", "customers_first", "rules", "notes",
                          "edits", "run"}  # fmt: skip
    assert set(found["audiences"]["everyone"]) == {"population_000", "reach_pct", "average_frequency", "grp",
                                                   "impressions_000", "distribution"}  # fmt: skip
    assert found["rules"][0] == {"cell": "Brief!B6", "text": "Spend at most $1,000,000", "holds": True,
                                 "binding": True, "slack": 0.0, "unit": "money"}  # fmt: skip


def test_percents_are_percents_and_fractions_fractions(made_result: Maker) -> None:
    result = made_result()
    found = through_json(plan_json(result))
    everyone = result.audiences[0]
    assert found["gap"] == result.gap
    assert found["customers_first"] == pytest.approx(
        {"best": 41.2, "kept": 40.5, "floor": 39.964, "model_error_pct": 0.0, "model_error_points": 0.0}
    )
    assert found["audiences"]["everyone"]["reach_pct"] == pytest.approx(100 * everyone.reach_share)
    assert sum(found["audiences"]["everyone"]["distribution"]) == pytest.approx(1.0)


def test_only_bought_vehicles_are_listed_and_whole_insertions_are_integers(
    made_campaign: Maker, made_result: Maker
) -> None:
    result = made_result(made_campaign(4), insertions=[3.0000000001, 0, 1e-12, 2.5])
    assert json.dumps(plan_json(result)["insertions"]) == '{"Morning News": 3, "Home News": 2.5}'


def test_missing_numbers_are_null(made_campaign: Maker, made_result: Maker) -> None:
    result = made_result(made_campaign(3, unquoted=(0,)), bound=math.inf, gap=math.nan, customers_first=None)
    rules = (replace(result.rules[0], slack=-math.inf),)
    audience = replace(
        result.audiences[0], average_frequency=math.nan, distribution=np.array([1.0, math.nan])
    )
    found = through_json(plan_json(replace(result, rules=rules, audiences=(audience,))))
    assert found["bound"] is found["gap"] is found["customers_first"] is None
    assert found["rules"][0]["slack"] is None
    assert found["audiences"]["everyone"]["average_frequency"] is None
    assert found["audiences"]["everyone"]["distribution"] == [1.0, None]


def test_what_varies_from_run_to_run_stands_under_run_alone(made_result: Maker) -> None:
    first = plan_json(made_result())
    second = plan_json(made_result(run=Run({"solve": 9.9}, lambda: {"highspy": "2"}, "cbc")))
    assert first.pop("run") != second.pop("run")
    assert first == second


def test_check_counts_vehicles_and_names_the_ends_of_the_price_range(made_campaign: Maker) -> None:
    found = through_json(check_json(made_campaign(5, 2, unquoted=(1,), commission=0.15), 4, ("a note",)))
    assert found["status"] == "valid"
    assert found["vehicles"] == {"TV": 3, "Magazines": 2}
    assert found["not_quoted"] == ["Evening News"]
    assert found["cheapest_insertion"] == {"vehicle": "Morning News", "net_cost": pytest.approx(3_400)}
    assert found["dearest_insertion"] == {"vehicle": "City News", "net_cost": pytest.approx(8_500)}
    assert found["notices"][-1] == "a note"
    assert check_json(made_campaign(1, 1, unquoted=(0,)), 1)["cheapest_insertion"] is None


def test_a_campaign_without_a_plan_names_what_conflicts_and_what_would_mend_it() -> None:
    line = Problem("Rules!B2", "TV: at most 10 % of spend")
    change = Change("Rules!B2", "TV: at most 12.5 % of spend (2.5 points more)", 2.5, "percentage points")
    dropped = Change(
        "Rules!B3", "drop it (TV: at most 50 % of the insertions of radio)", None, "percentage points"
    )
    why = Explanation((line,), (change,), (change, dropped), further=False, proven=True)
    assert infeasible_json(NoPlan("These rules cannot all hold.", why)) == {
        "schema": 1,
        "status": "infeasible",
        "message": "These rules cannot all hold.",
        "conflict": [{"cell": "Rules!B2", "text": "TV: at most 10 % of spend"}],
        "relaxations": [
            {"cell": change.cell, "text": change.text, "change": 2.5, "unit": "percentage points"}
        ],
        "overall": [
            {"cell": change.cell, "text": change.text, "change": 2.5, "unit": "percentage points"},
            {"cell": dropped.cell, "text": dropped.text, "change": None, "unit": "percentage points"},
        ],
        "further_conflicts": False,
        "proven": True,
        "minimal": True,
        "complete": True,
    }


def test_where_nothing_was_explained_nothing_is_claimed() -> None:
    found = infeasible_json(InfeasiblePlan("No calendar can hold this plan.", ("Weeks!B2: TV News: twice",)))
    assert found["conflict"] == [{"cell": "Weeks!B2", "text": "TV News: twice"}]
    assert (found["relaxations"], found["proven"], found["complete"]) == ([], False, False)


def test_problems_of_a_workbook_come_with_their_cells() -> None:
    error = WorkbookError(
        "plan.xlsx", (Problem("Vehicles!E7", "a number is missing."), Problem("", "no Brief."))
    )
    assert problems_json(error) == {
        "schema": 1,
        "status": "invalid",
        "problems": [
            {"cell": "Vehicles!E7", "text": "a number is missing."},
            {"cell": "", "text": "no Brief."},
        ],
    }
