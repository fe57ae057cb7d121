"""Plans on respondents from the command line, judged on halves; the segment model beside the survey."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from models.errors import InvalidInput
from models.respondents.respondents import Respondents
from planner.campaign.respondents import only_what_counts, respondent_population
from planner.cli.commands import app
from planner.errors import WorkbookError
from planner.planning import halving
from planner.planning.against_survey import model_against_survey
from planner.planning.halves import Half, Halves, estimate
from planner.planning.options import Options
from planner.report.survey.survey import against_text, halves_text
from planner.survey.respondents import campaign_respondents, planned_on_survey
from planner.workbook.campaign.parse import read_campaign

TV = {"Evening Quiz": 200.0, "Nightly News": 260.0, "Crime Hour": 160.0, "Sports Sunday": 180.0}
CLAIMS = {name: f"tv_{n}" for name, n in zip(TV, (1, 2, 3, 5), strict=True)}
BRIEF = (
    ("Key", "Value"), ("Campaign", "Soup"), ("Category", "food"), ("Universe (000)", 1000), ("Budget", 9000),
    ("Weeks", 4), ("Customers first (keep %)", "90 %"),
)  # fmt: skip


@pytest.fixture
def campaign(tmp_path: Path, survey: Any) -> Path:
    """A campaign with a sheet Survey beside its survey: four programmes and a magazine."""
    survey.write(tmp_path / "survey.csv")
    vehicles = [(name, "TV", 900 + 2 * audience, audience / 2, 45, 4) for name, audience in TV.items()]
    table = {
        "Brief": BRIEF,
        "Traits": [
            ("Trait", "Role", "Category", "Share of universe %"),
            ("catalyst", "catalyst", None, 30.0),
            ("women", "customer", None, 50.0),
        ],
        "Vehicles": [
            ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Repeat audience %", "Max"),
            *vehicles,
            ("Cook & Table", "magazines", 700, 60.0, 55, 3),
        ],
        "Composition": [
            ("Vehicle", "catalyst", "women"), *((name, 32.0, 50.0) for name in TV), ("Cook & Table", 45.0, 50.0),
        ],
        "Survey": [
            ("What", "Vehicle, trait or medium", "Column or expression", "Reads as", "Medium"),
            ("file", None, "survey.csv"),
            ("weight", None, "weight"),
            ("trait", "catalyst", "advises == 1"),
            ("trait", "women", "gender == 2"),
            *(("vehicle", name, column, "0/1", "TV") for name, column in CLAIMS.items()),
            ("vehicle", "Cook & Table", "cook_issues", "n of 4 issues", "magazines"),
        ],
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in table.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(tmp_path / "soup.xlsx")
    return tmp_path / "soup.xlsx"


def run(*arguments: object) -> Any:
    return CliRunner().invoke(app, ["survey", *(str(each) for each in arguments)])


def test_a_plan_on_respondents_is_certified_written_and_valued_by_them(
    campaign: Path, tmp_path: Path
) -> None:
    done = run("plan", campaign, "-o", tmp_path / "plan.xlsx", "--halves", 2, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["gap"] <= 0.001
    assert "one half of the respondents" in told["influence"]["verdict"]
    beside = json.loads(run("evaluate", tmp_path / "plan.xlsx", "--json").stdout)
    by_name = {each["name"]: each for each in beside["audiences"]}
    reach = {name: each["reach_pct"] for name, each in told["audiences"].items()}
    assert by_name["everyone"]["survey"]["reach_pct"] == pytest.approx(reach["everyone"], abs=1e-6)
    assert by_name["everyone"]["model"]["reach_pct"] == pytest.approx(reach["everyone"], abs=12)


def test_the_segment_model_beside_a_survey_is_that_of_plan_and_its_defaults_stay_defaults(
    campaign: Path, tmp_path: Path
) -> None:
    """A default taken for a medium (its repeat audience) is not the planner's own statement, planned on respondents or
    not: Bought as says more."""
    book = openpyxl.load_workbook(campaign)
    sheet = book["Vehicles"]
    for row in range(1, sheet.max_row + 1):
        sheet.cell(row, 5).value = "Bought as" if row == 1 else "strip" if row < 6 else "issue"
    book.save(campaign)
    plan, own = tmp_path / "plan.xlsx", tmp_path / "own.xlsx"
    done = CliRunner().invoke(app, ["plan", str(campaign), "--no-break-even", "--json", "-o", str(plan)])
    assert done.exit_code == 0, done.output
    reach = {name: each["reach_pct"] for name, each in json.loads(done.stdout)["audiences"].items()}
    beside = json.loads(run("evaluate", plan, "--json").stdout)["audiences"]
    assert {each["name"]: each["model"]["reach_pct"] for each in beside} == pytest.approx(reach, abs=1e-9)
    assert run("plan", campaign, "-o", own, "--halves", 0).exit_code == 0
    media = {row[0]: row[2] for row in openpyxl.load_workbook(own)["Media"].iter_rows(values_only=True)}
    assert media["TV"] is None


def test_reach_by_respondents_is_their_weighted_product_by_hand(campaign: Path) -> None:
    read = planned_on_survey(read_campaign(campaign), campaign.parent)
    respondents = read.respondents
    assert respondents is not None
    x = np.array([2.0, 0.0, 1.0, 0.0, 3.0])
    found = model_against_survey(read, x)
    missed = np.prod((1 - respondents.probability) ** x, axis=1)
    expected = float(respondents.weight @ (1 - missed) / respondents.weight.sum())
    everyone = next(each for each in found.audiences if each.model.name == "everyone")
    assert everyone.survey.reach_share == pytest.approx(expected, abs=1e-9)
    women = next(each for each in found.audiences if each.model.name == "customers")
    own = respondents.has_trait[:, respondents.traits.index("women")]
    weight = respondents.weight[own]
    assert women.survey.reach_share == pytest.approx(
        float(weight @ (1 - missed[own]) / weight.sum()), abs=1e-9
    )
    assert women.asked == int(own.sum())
    rating = respondents.weight @ respondents.probability / respondents.weight.sum()
    assert everyone.survey.grp == pytest.approx(100 * float(rating @ x), abs=1e-6)
    assert against_text(found).startswith("6 insertions of 3 vehicles")
    assert against_text(replace(found, added_up=(1.0, 6000.0))).startswith(
        "1 insertion and 6m impressions of 3"
    )


def test_merging_identical_respondents_changes_no_reach(campaign: Path) -> None:
    read = read_campaign(campaign)
    respondents, _ = campaign_respondents(read, campaign.parent)
    x = np.array([1.0, 2.0, 0.0, 1.0, 1.0])
    merged = only_what_counts(read, respondents)
    assert len(merged) < len(respondents)
    sides = [respondent_population(read, each) for each in (respondents, merged)]
    values = [float(side.weights * side.segments.population @ side.model.reach_shares(x)) for side in sides]
    assert values[0] == pytest.approx(values[1], rel=1e-12)
    earned = [side.segments.population @ side.talk.earned(side.model.reach_shares(x)) for side in sides]
    assert earned[0] == pytest.approx(earned[1], rel=1e-9)


def test_validate_tells_every_half_and_repeats_itself(campaign: Path) -> None:
    done = run("validate", campaign, "--halves", 3, "--json", "--quiet")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert len(told["halves"]) == 6
    assert told["curse_points"]["mean"] > 0  # a plan promises more than it brings: five vehicles, 290 people
    again = json.loads(run("validate", campaign, "--halves", 3, "--json", "--quiet").stdout)
    assert again == told
    assert "one half of the respondents" in run("validate", campaign, "--halves", 1, "--quiet").stdout


def test_the_interval_of_overlapping_halves_by_hand() -> None:
    found = estimate(np.array([1.0, 2.0, 3.0]))
    half = 4.302653 * np.sqrt(4 / 3)  # Student's t of two degrees of freedom; variance 1, (1/3 + 1)
    assert (found.low, found.high) == pytest.approx((2 - half, 2 + half), abs=1e-5)


def test_a_gain_is_one_only_above_the_chance_of_who_was_asked() -> None:
    sure = Halves(
        100, 2, 0, tuple(Half(55.0, 50.5 + d, 54.0, 50.0, False) for d in (0.0, 0.001, 0.002, 0.003))
    )
    doubtful = Halves(
        100, 2, 0, tuple(Half(55.0, 50.0 + d, 54.0, 50.0, False) for d in (1.0, -1.0, 0.5, 0.0))
    )
    assert sure.brings
    assert not doubtful.brings
    assert "no gain" in doubtful.sentence
    assert sure.curse.mean == pytest.approx(4.4985)


def test_the_verdict_of_one_halving_says_once_and_shows_no_loss_that_rounds_to_nothing() -> None:
    pair = (Half(50.0, 50.5, 50.0, 50.501, False), Half(50.0, 50.2, 50.0, 50.201, False))
    said = Halves(100, 1, 0, pair).sentence
    assert "the other (once halved), tailoring brings 0.00 % of value" in said
    assert said.endswith("A plan promised 0.35 points less than it brought.")
    assert "-0.00" not in halves_text(Halves(100, 1, 0, (Half(50.0, 50.0, 50.0, 50.0 + 1e-9, False),) * 2))


def test_a_trait_without_a_row_on_survey_is_named(campaign: Path) -> None:
    read = read_campaign(campaign)
    respondents, _ = campaign_respondents(read, campaign.parent)
    one = Respondents(
        respondents.vehicles, ("women",), respondents.weight, respondents.probability,
        respondents.has_trait[:, [respondents.traits.index("women")]],
    )  # fmt: skip
    with pytest.raises(WorkbookError) as caught:
        respondent_population(read, one)
    assert [problem.cell for problem in caught.value.problems] == ["Traits!A2"]
    assert "catalyst" in caught.value.problems[0].text


def test_validate_is_of_objectives_that_tailor(campaign: Path) -> None:
    read = planned_on_survey(read_campaign(campaign, {"objective": "impressions"}), campaign.parent)
    with pytest.raises(InvalidInput, match="nothing is tailored"):
        halving.validate(read, Options(), 1)
    often = planned_on_survey(read_campaign(campaign, {"objective": "effective reach"}), campaign.parent)
    found = halving.validate(often, Options(seconds=20.0), 1)
    assert 0 < found.halves[0].tailored_realised < 100
