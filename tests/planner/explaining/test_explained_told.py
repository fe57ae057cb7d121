"""An explanation in the workbook, as JSON, in the terminal and by the command."""

import json
from dataclasses import replace

from openpyxl import load_workbook
from typer.testing import CliRunner

from planner.campaign.rule_rows import RuleRow
from planner.cli.commands import app
from planner.explaining.explain import explain
from planner.explaining.explained import BudgetStep
from planner.planning.plan import make_plan
from planner.report.plan.json_result import explanation_tables, plan_tables
from planner.report.why.explain import budget_lines, explanation_json, explanation_text
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.write import write_plan
from tests.planner.explaining.explained_campaigns import OFFERED, QUICK, SAMPLES, build, explained


def test_the_prices_sheet_has_a_row_per_vehicle_and_the_file_is_a_valid_input(tmp_path):
    path = tmp_path / "explained.xlsx"
    write_plan(explained("rule").result, path, explained("rule"))
    sheet = load_workbook(path)["Prices"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {"Comes in at", "Stays until", "Fall needed", "Rules!B2", *OFFERED} <= set(texts)
    assert read_campaign(path).vehicles[0].name == "Quiz"


def test_the_prices_sheet_tells_contacts_of_what_is_bought_by_the_thousand(tmp_path):
    rule = explained("rule")
    quiz = replace(rule.vehicles[0], insertions=4.0, cheaper=2.0, dearer=None, unit_000=100.0)
    path = tmp_path / "explained.xlsx"
    write_plan(rule.result, path, replace(rule, vehicles=(quiz, *rule.vehicles[1:])))
    sheet = load_workbook(path)["Prices"]
    row = next(row for row in sheet.iter_rows() if row[0].value == "Quiz")
    assert [(row[at].value, row[at].number_format) for at in (2, 7)] == [
        (400_000, '"400k imp.";"400k imp."'),
        (200_000, '"+200k imp.";"+200k imp."'),
    ]
    assert row[8].value in (None, "", "-")


def test_json_has_prices_rules_and_the_next_thousand():
    found = json.loads(json.dumps(explanation_json(explained("rule")), allow_nan=False))
    assert set(found["vehicles"]) == set(OFFERED)
    keys = {"bought", "entry_price", "stays_until", "confirmed", "reason"}
    assert all(keys <= set(vehicle) for vehicle in found["vehicles"].values())
    assert all(set(rule) >= {"cell", "text", "value_cost", "money_cost"} for rule in found["rules"])
    assert found["next_1000"]["value"] > 0


def test_the_table_is_at_most_100_columns_wide():
    assert max(len(line) for line in explanation_text(explained("rule")).splitlines()) <= 100


def test_explain_on_the_command_line_plans_where_there_is_no_plan_and_writes_a_new_workbook(tmp_path):
    campaign, output = tmp_path / "campaign.xlsx", tmp_path / "explained.xlsx"
    runner = CliRunner()
    assert runner.invoke(app, ["new", str(campaign), "--example"]).exit_code == 0
    found = runner.invoke(app, ["explain", str(campaign), "-o", str(output), "--json"])
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout)["complete"] is True
    assert "Prices" in load_workbook(output).sheetnames
    again = runner.invoke(app, ["explain", str(output), "-o", str(output)])
    assert again.exit_code == 2  # never into its own input


def test_a_time_limit_leaves_marked_guesses_and_says_so():
    campaign = read_campaign(SAMPLES / "us_2016.xlsx")
    found = explain(make_plan(campaign, QUICK), replace(QUICK, seconds=0.5))
    assert not found.complete
    assert {price.source for price in found.vehicles} <= {"dual", "solved", "rule", "never"}
    assert "time limit" in explanation_text(found)


def test_the_tables_of_an_explanation_begin_with_its_prices():
    explanation = explained()
    tables = explanation_tables(explanation)
    others = [table.key for table in plan_tables(explanation.result)]
    assert [table.key for table in tables] == ["prices", *others]
    assert [row["vehicle"] for row in tables[0].records] == [price.vehicle for price in explanation.vehicles]


def test_more_and_less_to_spend_are_said_as_what_the_best_plan_gains_and_loses():
    explanation = explained()
    unit = explanation.result.value_unit
    steps = {
        1000.0: ("With $1,000 more to spend the best plan gains 2.0", "it gains 1.50"),
        -1000.0: ("With $1,000 less to spend the best plan loses 2.0", "it loses 1.50"),
    }
    for money, (begins, parts) in steps.items():
        sign = 1 if money > 0 else -1
        step = BudgetStep(money, sign * 2.0, sign * 1.5, {})
        at = {"next_1000": step} if money > 0 else {"next_1000": None, "last_1000": step}
        (line,) = budget_lines(replace(explanation, **{"last_1000": None, **at}))
        assert line == f"{begins} {unit}; if insertions could be bought in parts, {parts} {unit}."
    alike = BudgetStep(1000.0, 43.1, 42.8)  # of impressions by the thousand, within a gap
    (line,) = budget_lines(replace(explanation, next_1000=alike, last_1000=None))
    assert line == f"With $1,000 more to spend the best plan gains 43.1 {unit}."


def test_less_budget_is_said_to_gain_where_a_share_of_it_leaves_more():
    """60 % of 2,300 are two insertions of Quiz at 1,100, and 100 is left; of 1,300 one, and 200 buy Soap."""
    offered = {"Quiz": (1_100.0, 50.0, 0.10, 0.40), "Soap": (200.0, 900.0, 0.10, 0.40)}
    share = RuleRow("some", "Quiz", ("Quiz",), 0.6, None, "budget", cell="Rules!B2")
    found = explain(make_plan(build(offered, (share,), budget=2_300.0), QUICK), QUICK)
    line = budget_lines(found)[1]
    assert found.last_1000.value > 0
    assert line.startswith("With $1,000 less to spend the best plan gains ")
    assert "(Quiz 2 to 1, Soap 0 to 1)" in line
    assert "loses" not in line


def test_the_models_own_error_stands_beside_what_more_budget_gains():
    explanation = explained()
    step = BudgetStep(1000.0, 8.0, None, {"Quiz": (1.0, 2.0), "Soap": (2.0, 1.0)}, share=0.004, error=0.011)
    (line,) = budget_lines(replace(explanation, next_1000=step, last_1000=None))
    assert line.endswith(" (Quiz 1 to 2, Soap 2 to 1), within the model's own error of 1.10 %.")
    nested = replace(step, error=0.0)
    (line,) = budget_lines(replace(explanation, next_1000=nested, last_1000=None))
    assert line.endswith(" (Quiz 1 to 2, Soap 2 to 1).")


def test_no_gain_is_put_down_to_whole_insertions_where_a_gap_leaves_one_open():
    explanation = replace(explained(), last_1000=None)
    settled = replace(explanation, next_1000=BudgetStep(1000.0, 0.0, None))
    open_ = replace(explanation, next_1000=BudgetStep(1000.0, 0.0, None, gap=0.0006))
    assert budget_lines(settled) == [
        "With $1,000 more to spend the best plan gains nothing, because insertions are whole."
    ]
    assert budget_lines(open_) == [
        "With $1,000 more to spend the best plan gains nothing that was found; a gap of 0.06 % leaves more open."
    ]


def test_what_few_searches_left_wide_is_told_with_how_to_have_it_sharper():
    told = explanation_text(replace(explained(), left_wide=2, rules_open=1))
    assert "The prices of 2 vehicles are wider than 1 %, after few searches" in told
    assert "--time-limit" in told
    assert "The cost of 1 rule is not told" in told


def test_a_price_that_was_not_reached_is_marked_so():
    explanation = explained()
    price = replace(explanation.vehicles[0], source="dual", price=None, low=None, high=None, confirmed=False)
    told = explanation_text(replace(explanation, vehicles=(price,)))
    assert "not reached" in told
    assert "first estimate" not in told


def test_what_is_bought_by_the_thousand_is_told_in_contacts_and_an_absurd_change_as_one():
    explanation = explained()
    price = replace(
        explanation.vehicles[0],
        insertions=400.0,
        unit_000=1.0,
        cheaper=20.0,
        dearer=-20.0,
        quoted=0.01,
        price=5.0,
    )
    told = explanation_text(replace(explanation, vehicles=(price,)))
    assert all(part in told for part in ("400k imp.", "+20k imp.", "-20k imp.", "over 999"))


def test_money_that_is_left_is_why_more_of_it_brings_nothing():
    explanation = replace(explained(), last_1000=None, next_1000=BudgetStep(1000.0, 0.0, None))
    cost = explanation.result.campaign.brief.budget - 2_500
    left = replace(explanation, result=replace(explanation.result, cost=cost))
    assert budget_lines(left) == [
        "With $1,000 more to spend the best plan gains nothing: $2,500 of the budget is left as it is."
    ]
