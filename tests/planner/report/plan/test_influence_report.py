"""What influencers add to a plan, as people and programs read it: terminal, JSON, sheets."""

import json
import math
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.campaign.inputs import InfluenceRow
from planner.formats import display_width
from planner.planning.influence import BreakEven, Gain, TalkFigures, Turn
from planner.planning.results import CustomersFirst, PlanResult
from planner.report.plan.influence import (
    break_even_sentence,
    customers_price_sentence,
    difference_text,
    influence_lines,
)
from planner.report.plan.json_result import plan_json
from planner.report.plan.text import plan_table
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.write import write_plan

Maker = Callable[..., Any]


def with_influence(result: PlanResult, **changes: Any) -> PlanResult:
    assert result.influence is not None
    return replace(result, influence=replace(result.influence, **changes))


# --- terminal ------------------------------------------------------------------------------------


def influence_words(result: Any) -> str:
    return " ".join(f"{label}: {text}" for label, text in influence_lines(result))


def test_the_terminal_tells_verdict_changes_and_break_even(made_influenced: Maker) -> None:
    text = influence_words(made_influenced())
    for wanted in (
        "Tailoring: Tailoring reaches 41.2 % of influencers",
        "Comes in: Morning News. Goes out: Home News.",
        "From an influencer multiplier of 1.25 on, a tailored plan is worth over 0.01 % more",
        "Warning: Earned value is 17 % of paid",
    ):
        assert wanted in text, wanted


def test_a_gain_that_is_not_claimed_is_told_in_short_beside_the_table(made_influenced: Maker) -> None:
    short = "No gain is claimed: the tailored plan is worth 0.11 % more than the ordinary plan."
    text = influence_words(with_influence(made_influenced(), in_short=short))
    assert text.startswith(
        f"Tailoring: {short} From an influencer multiplier of 1.25 on, a tailored plan is worth"
    )
    assert "Compared with it, 1 vehicle comes in and 1 vehicle goes out." in text
    assert "Morning News" not in text


def test_the_sheet_says_at_which_assumptions_the_better_plan_changes(made_influenced: Maker) -> None:
    assert (
        "Judged by word of mouth, the tailored plan is the better one; that turns at: Catalyst multiplier 1.1 "
        "(used 1.8), Brand share of talk 1.23 % (used 5 %); at no value tried of the other 1."
    ) in break_even_sentence(made_influenced().influence)


def test_every_audience_stands_beside_the_ordinary_plan(made_influenced: Maker) -> None:
    made = made_influenced(audiences=9)
    result = replace(made, influence=replace(made.influence, reach_error=0.01))
    lines = plan_table(result).splitlines()
    for audience in result.influence.tailored.audiences:
        line = next(line for line in lines if line.startswith(audience.name + " "))
        assert line.split()[-4:] == [
            f"{100 * audience.earned:.2f}",
            f"{100 * audience.paid - 0.8:.1f}",
            "+0.80",
            f"{audience.paid - 0.008:.2f}",  # one percent of it, the model's own error
        ]


def test_a_plan_is_never_compared_with_itself(made_influenced: Maker) -> None:
    result = with_influence(made_influenced(), compared=False)
    assert "Ordinary" not in plan_table(result)
    assert "Comes in" not in influence_words(result)


def test_influence_stands_after_customers_first_and_before_the_rules(made_influenced: Maker) -> None:
    text = plan_table(made_influenced())
    places = [text.index(words) for words in ("\nCustomers ", "\nTailoring ", "\nBinding ")]
    assert places == sorted(places)


def test_without_influence_nothing_is_said_of_it(made_result: Maker) -> None:
    assert influence_lines(made_result()) == []
    assert "Tailoring" not in plan_table(made_result())


@pytest.mark.parametrize("name", ["The Longest Programme Name " * 8, "読売新聞の朝刊" * 20, "x" * 300])
def test_no_line_is_wider_than_100_columns(name: str, made_influenced: Maker, made_campaign: Maker) -> None:
    result = made_influenced(made_campaign(30, 5, currency="CHF"), audiences=9)
    figures = TalkFigures(name, 1.0, 1.0, 1.0)
    result = with_influence(
        result,
        tailored=replace(result.influence.tailored, audiences=(figures,) * 3),
        gains=(Gain(name, "000", 9e14, 1.0), *result.influence.gains),
        comes_in=(name,) * 9,
        goes_out=(name,) * 9,
        verdict=name * 2,
        warnings=(name,),
        break_even=BreakEven(None, 10.0, (Turn(name, 1.0, 2.0),) * 9),
    )
    assert all(display_width(line) <= 100 for line in plan_table(result).splitlines())


def test_customers_first_says_what_is_given_up_and_gained(made_result: Maker) -> None:
    result = made_result(
        value=1_100.0, value_unit="people", customers_first=CustomersFirst(0.412, 0.405, 0.4, 1_000.0)
    )
    assert customers_price_sentence(result) == (
        "The plan gives up 0.70 points of customer reach; compared with the plan that is best for customers it gains "
        "+100.0 (+10.0 %) people."
    )
    best = replace(result, customers_first=CustomersFirst(0.412, 0.412, 0.4))
    assert customers_price_sentence(best) == "The plan gives up none of the best customer reach."
    assert customers_price_sentence(replace(result, customers_first=None)) == ""


def test_a_break_even_beyond_the_search_says_how_far_it_looked(made_influenced: Maker) -> None:
    result = made_influenced()
    turns = (Turn("Listeners", 1.4, None), Turn("Credible", 0.57, None))
    found = with_influence(result, break_even=BreakEven(None, 10.0, turns)).influence
    assert found is not None
    assert break_even_sentence(found) == (
        "No influencer multiplier up to 10 makes a tailored plan worth over 0.01 % more than the ordinary "
        "plan. Judged by word of mouth, the tailored plan stays the better one, whichever of 2 assumptions changes."
    )
    silent = with_influence(result, break_even=None).influence
    assert silent is not None
    assert break_even_sentence(silent) == ""


@pytest.mark.parametrize(
    ("gain", "text"),
    [
        (Gain("reach", "%", 41.25, 40.0), "+1.25 points"),
        (Gain("reach", "%", 40.0, 40.001), "0.00 points"),
        (Gain("contacts", "000", 1_000.0, 2_500.5), "-1,500.5"),
        (Gain("cost", "USD", 10.0, 9.5), "+$0.50"),
        (Gain("cost", "USD", 10.0, 10.0), "$0.00"),
    ],
)
def test_a_difference_bears_its_sign_and_unit(gain: Gain, text: str) -> None:
    assert difference_text(gain, "USD") == text


# --- JSON ----------------------------------------------------------------------------------------


def test_the_json_names_what_the_contract_names(made_influenced: Maker) -> None:
    result = made_influenced()
    found = json.loads(json.dumps(plan_json(result), allow_nan=False))["influence"]
    assert set(found) == {"preset", "worth", "audiences", "channels", "passed_on", "tailored", "ordinary",
                          "impressions_plan", "gain", "gain_model_error", "comes_in", "goes_out", "verdict",
                          "measurable", "verdict_code", "gain_pct", "model_error_pct",
                          "break_even", "parameters", "warnings"}  # fmt: skip
    everyone = result.influence.tailored.audiences[0]
    assert found["audiences"]["everyone"] == pytest.approx(
        {"paid_pct": 100 * everyone.paid, "earned_pct": 100 * everyone.earned,
         "combined_pct": 100 * everyone.combined})  # fmt: skip
    assert found["worth"]["catalyst"] == 1.34
    assert found["channels"]["phone"] == 30.485
    assert set(found["ordinary"]) == {"insertions", "cost", "audiences", "influence_weighted_000",
                                      "earned_contacts_000", "cost_per_thousand_influencers"}  # fmt: skip
    assert found["tailored"]["insertions"] == {"Morning News": 1, "Evening News": 2, "Weekly News": 3,
                                               "City News": 1, "Sports News": 2}  # fmt: skip
    assert found["gain"]["reach of everyone"] == pytest.approx(0.8)
    assert found["break_even"]["multiplier"] == 1.25
    assert found["break_even"]["assumptions"]["Prompted by advertising"] == {"used": 0.05, "turns_at": None}
    assert found["parameters"]["Listeners"]["used"] == 1.4
    assert set(found["parameters"]["Listeners"]) == {"low", "used", "high", "source", "given"}


def test_the_json_has_no_nan_and_null_without_influence(made_influenced: Maker, made_result: Maker) -> None:
    assert plan_json(made_result())["influence"] is None
    result = made_influenced()
    nobody = replace(result.influence.ordinary, cost_per_thousand_influencers=math.nan, cost=math.inf)
    found = plan_json(with_influence(result, ordinary=nobody, worth={"catalyst": math.nan}))
    text = json.dumps(found, allow_nan=False)
    assert json.loads(text)["influence"]["ordinary"]["cost_per_thousand_influencers"] is None
    assert json.loads(text)["influence"]["worth"] == {"catalyst": None}


# --- the sheets ----------------------------------------------------------------------------------


def sheet_of(result: PlanResult, path: Path, name: str = "Influence") -> Worksheet:
    write_plan(result, path / "plan.xlsx")
    return openpyxl.load_workbook(path / "plan.xlsx", data_only=True)[name]


def row_of(sheet: Worksheet, text: str, after: int = 1) -> int:
    return next(row for row in range(after, sheet.max_row + 1) if sheet.cell(row, 1).value == text)


def figures(sheet: Worksheet, row: int, first: int, last: int) -> list[Any]:
    return [sheet.cell(row, column).value for column in range(first, last + 1)]


def test_the_sheet_tells_paid_earned_and_combined_of_three_plans(
    made_influenced: Maker, tmp_path: Path
) -> None:
    result = made_influenced()
    sheet = sheet_of(result, tmp_path)
    plans = (result.influence.tailored, result.influence.ordinary, result.influence.impressions)
    first = row_of(sheet, "Audience") + 1
    for row, name in enumerate(("everyone", "target", "customers", "catalysts", "experts"), first):
        shares = [plan.audience(name) for plan in plans]
        expected = [value for found in shares for value in (found.paid, found.earned, found.combined)]
        assert figures(sheet, row, 1, 10) == [name, *map(pytest.approx, expected)]


def test_the_sheet_begins_with_the_verdict_and_ends_with_the_parameters(
    made_influenced: Maker, tmp_path: Path
) -> None:
    sheet = sheet_of(made_influenced(), tmp_path)
    assert str(sheet["A4"].value).startswith("Tailoring reaches 41.2 % of influencers")
    texts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert texts.index("Parameter") > texts.index("What would change the verdict")
    assert "Conversations per week" in texts[texts.index("Parameter") :]
    assert "Earned value is 17 % of paid; the evidence's ceiling is 15 %." in texts


def test_gains_worth_channels_and_turns_stand_on_the_sheet(made_influenced: Maker, tmp_path: Path) -> None:
    sheet = sheet_of(made_influenced(), tmp_path)
    gains = row_of(sheet, "Measure")
    assert figures(sheet, row_of(sheet, "Earned contacts", gains), 3, 6) == [
        234.5, pytest.approx(233.7), pytest.approx(0.8), pytest.approx(0.8 / 233.7, abs=5e-5)]  # fmt: skip
    reach = figures(sheet, row_of(sheet, "Reach of everyone", gains), 3, 6)
    assert reach[2] == pytest.approx(0.8) == pytest.approx(100 * (reach[0] - reach[1]))
    traits = row_of(sheet, "Trait")
    assert figures(sheet, row_of(sheet, "catalyst", traits), 3, 4) == [1.34, 0.16]
    assert [sheet.cell(traits + 1, column).value for column in (6, 8, 9)] == [
        "face to face", 178.22, pytest.approx(0.76)]  # fmt: skip
    turns = row_of(sheet, "Assumption")
    assert figures(sheet, turns + 1, 3, 4) == [None, 1.25]
    assert figures(sheet, row_of(sheet, "Prompted by advertising", turns), 3, 4) == [
        0.05,
        "at no value tried",
    ]
    assert figures(sheet, row_of(sheet, "Comes in"), 1, 10)[6] == "Goes out"
    assert figures(sheet, row_of(sheet, "Comes in") + 1, 1, 10)[::3] == ["Morning News", 1, "Home News", 1]


def test_without_influence_the_sheet_holds_the_parameters_alone(made_result: Maker, tmp_path: Path) -> None:
    sheet = sheet_of(made_result(), tmp_path)
    texts = [sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)]
    assert "Parameter" in texts
    assert "Audience" not in texts
    assert openpyxl.load_workbook(tmp_path / "plan.xlsx").sheetnames.count("Influence") == 1


def test_summary_and_notes_tell_the_verdict_and_the_parameters(
    made_influenced: Maker, tmp_path: Path
) -> None:
    result = made_influenced()
    write_plan(result, tmp_path / "plan.xlsx")
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx", data_only=True)
    summary = "\n".join(str(cell.value) for row in book["Summary"].iter_rows() for cell in row)
    assert result.influence.verdict in summary
    assert "Word of mouth adds 234.5 thousand credible contacts" in summary
    notes = [[cell.value for cell in row][:3] for row in book["Notes"].iter_rows()]
    listeners = next(row for row in notes if row[0] == "Listeners")
    assert listeners[1] == "1.4 (1 to 2), preset moderate"
    assert "groups of three and more" in str(listeners[2])


def test_the_charts_are_titled_and_their_axes_bear_units(
    made_influenced: Maker, made_campaign: Maker, tmp_path: Path
) -> None:
    write_plan(made_influenced(made_campaign(20, 3), audiences=9), tmp_path / "plan.xlsx")
    with zipfile.ZipFile(tmp_path / "plan.xlsx") as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    titles = [
        [re.sub(r"<[^>]*>", "", text) for text in re.findall(r"<c:title>.*?</c:title>", xml, re.DOTALL)]
        for xml in charts
    ]
    assert len(titles) == 6
    assert all(len(found) == 3 and all(found) for found in titles)
    assert [
        "Reach paid and added by word of mouth, tailored plan",
        "Audience",
        "% of the audience reached",
    ] in titles
    assert [
        "Paid reach: tailored less ordinary plan, in points",
        "Audience",
        "Points (% of the audience)",
    ] in titles
    scatter = next(xml for xml in charts if "<c:scatterChart>" in xml)
    assert scatter.count("<c:ser>") == 3
    assert '<c:plotVisOnly val="0"/>' in scatter or "plotVisOnly" not in scatter
    assert ["Price against influencer index, a point for each vehicle, the outliers named",
            "Influencer index (100 = as many influencers as in the universe)",
            "CPM (USD per thousand contacts)"] in titles  # fmt: skip


@pytest.mark.parametrize("name", ["=1+1", "x" * 300, "読売新聞" * 60, "Total Film"])
def test_unruly_names_do_not_break_the_sheets(
    name: str, made_influenced: Maker, made_campaign: Maker, tmp_path: Path
) -> None:
    result = made_influenced(made_campaign(3, names=(name,), currency='E"U\\R'))
    sheet = sheet_of(with_influence(result, verdict=name, comes_in=(name,)), tmp_path)
    assert sheet.cell(row_of(sheet, "Comes in") + 1, 1).value == name


def test_the_parameters_below_the_findings_are_read_back(
    made_influenced: Maker, made_campaign: Maker, tmp_path: Path
) -> None:
    given = (InfluenceRow("listeners", 2.0, 1.5, 2.5, "own survey"), InfluenceRow("prompted", 0.1))
    campaign = replace(made_campaign(30, 3), influence=given)
    write_plan(made_influenced(campaign, audiences=9), tmp_path / "plan.xlsx")
    again = read_campaign(tmp_path / "plan.xlsx")
    used = {row.parameter: row.used for row in again.influence if row.used is not None}
    assert used == {"listeners": 2.0, "prompted": 0.1}
    listeners = next(row for row in again.influence if row.parameter == "listeners")
    assert (listeners.low, listeners.high, listeners.source) == (1.5, 2.5, "own survey")
