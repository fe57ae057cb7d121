"""A campaign filled from its survey: the respondents' own figures on every sheet, and one that can be planned."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from typer.testing import CliRunner

from planner.campaign.inputs import Campaign
from planner.campaign.survey import CLAIMS_ARE_CONTACTS
from planner.cli.commands import app
from planner.errors import WorkbookError
from planner.survey.figures import survey_figures
from planner.survey.respondents import campaign_respondents
from planner.workbook.campaign.from_survey import campaign_from_survey
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.survey.survey import read_survey_request
from tests.planner.survey.surveyed_campaigns import (
    AUDIENCES,
    BRIEF,
    CONTACTS,
    ROWS,
    answers_in,
    workbook,
)


@pytest.fixture(scope="module")
def filled(survey: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Campaign]:
    """The campaign, written and read again."""
    folder = tmp_path_factory.mktemp("filled")
    told = CliRunner().invoke(app, ["survey", "to-campaign", str(workbook(folder, survey))])
    assert told.exit_code == 0, (told.output, told.exception)
    assert "2 vehicles came to Vehicles from the survey" in told.stdout
    return folder, read_campaign(folder / "c-filled.xlsx")


def test_audiences_that_are_given_stand_and_others_are_the_respondents(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    found = answers_in(folder / "c.xlsx")
    people = dict(zip(found.vehicles, found.people_000, strict=True))
    audience = {vehicle.name: vehicle.audience_000 for vehicle in campaign.vehicles}
    assert {name: audience[name] for name in AUDIENCES} == AUDIENCES
    assert audience["Times"] == pytest.approx(people["Times"], rel=1e-12)
    assert audience["Cook & Table"] == pytest.approx(people["Cook & Table"], rel=1e-12)
    assert [v.name for v in campaign.vehicles if v.unit_cost is None] == ["Times", "Cook & Table"]


def test_shares_overlaps_and_compositions_are_the_respondents(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    found = answers_in(folder / "c.xlsx")
    weight, has = found.weight / found.weight.sum(), found.has_trait
    assert [trait.share for trait in campaign.traits] == pytest.approx(list(weight @ has), rel=1e-12)
    assert [trait.band for trait in campaign.traits] == ["", "age", "age"]
    overlap = {(row.trait_a, row.trait_b): row.share for row in campaign.overlaps}
    assert overlap == {
        ("catalyst", "age 18-49"): pytest.approx(float(weight @ (has[:, 0] & has[:, 1])), rel=1e-12),
        ("catalyst", "age 50+"): pytest.approx(float(weight @ (has[:, 0] & has[:, 2])), rel=1e-12),
    }
    wanted = (found.use * found.weight[:, None]).T @ has / found.people_000[:, None]
    rows = {row.vehicle: row.shares for row in campaign.composition}
    for name, shares in zip(found.vehicles, wanted, strict=True):
        assert rows[name] == pytest.approx(tuple(shares), rel=1e-9)


def test_duplication_is_what_the_respondents_share(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    found = answers_in(folder / "c.xlsx")
    claims, weight = found.use[:, :5], found.weight / found.weight.sum()
    rating = np.array([AUDIENCES[f"TV {n}"] for n in range(1, 6)]) / 50_000
    chance = claims * (rating / (weight @ claims))
    shared, upper = (chance * weight[:, None]).T @ chance, np.triu_indices(5, 1)
    tv = next(medium for medium in campaign.media if medium.name == "TV")
    assert tv.duplication == pytest.approx(
        shared[upper].sum() / np.outer(rating, rating)[upper].sum(), rel=1e-9
    )


def test_repeat_audiences_are_of_chances_and_of_no_claims(filled: tuple[Path, Campaign]) -> None:
    """Of n of four issues, and none of claims."""
    folder, _ = filled
    found = answers_in(folder / "c.xlsx")
    figures = survey_figures(found, found.use)
    place = found.vehicles.index("Cook & Table")
    read = 4 * found.use[:, place]  # of four issues
    expected = found.weight @ (read * (read - 1) / 12) / (found.weight @ (read / 4))
    assert figures.repeat[place] == pytest.approx(expected, rel=1e-9)
    assert np.isnan(figures.repeat[:5]).all()  # claims


def test_repeat_audiences_that_the_reach_model_can_have_are_filled_in(survey: Any, tmp_path: Path) -> None:
    """Who read three of four issues reads all of them, others half of one in two: two in a row meet most of them."""
    issues = survey.frame["cook_issues"]
    loyal = replace(survey, frame=survey.frame.assign(cook_issues=issues.where(issues < 3, 4)))
    path = workbook(tmp_path, loyal)
    campaign = campaign_from_survey(read_survey_request(path)).campaign
    found = answers_in(path)
    figures = survey_figures(found, found.use)
    cook = next(vehicle for vehicle in campaign.vehicles if vehicle.name == "Cook & Table")
    assert cook.repeat == pytest.approx(float(figures.repeat[found.vehicles.index("Cook & Table")]), rel=1e-9)


def test_words_that_mean_always_or_never_and_claims_that_are_contacts_meet_the_same_people_again(
    survey: Any, tmp_path: Path
) -> None:
    times = ("vehicle", "Times", "paper", "1 = 1; 3 = 0", "Newspapers")
    rows = [times if row[1] == "Times" else row for row in (*ROWS, CONTACTS)]
    path = workbook(tmp_path, survey, rows, vehicles={"TV 1": 2_100})
    found = {
        row.name: row.repeat for row in campaign_from_survey(read_survey_request(path)).campaign.vehicles
    }
    assert (found["Times"], found["TV 2"]) == (0.999, 0.999)
    assert found["TV 1"] is None  # an audience was given, smaller than its claims


def test_a_survey_of_one_vehicle_is_a_campaign(survey: Any, tmp_path: Path) -> None:
    """Of its medium it tells no duplication, and the sheet Media nothing."""
    rows = [row for row in ROWS if row[0] != "vehicle" or row[1] == "Cook & Table"]
    path = workbook(tmp_path, survey, rows, vehicles={})
    (vehicle,) = campaign_from_survey(read_survey_request(path)).campaign.vehicles
    assert (vehicle.name, vehicle.medium) == ("Cook & Table", "Magazines")


def test_types_add_up_keep_every_audience_and_stand_without_duplication_factors(
    filled: tuple[Path, Campaign],
) -> None:
    _, campaign = filled
    assert campaign.types is not None
    assert set(campaign.types.vehicles) == {vehicle.name for vehicle in campaign.vehicles}
    assert set(campaign.types.traits) == {"catalyst", "age 18-49", "age 50+"}
    assert all(sum(row) == pytest.approx(1) for row in campaign.types.vehicles.values())
    assert {trait.duplication_factor for trait in campaign.traits} == {None}
    assert not any("Duplication factor" in notice for notice in campaign.notices)


def test_the_effective_base_stands_on_survey(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    assert campaign.survey is not None
    assert campaign.survey.effective_base == pytest.approx(
        answers_in(folder / "c.xlsx").effective_base, abs=0.05
    )


@pytest.mark.parametrize("typed", ["few", "0"])
def test_an_effective_base_of_nobody_is_a_problem(survey: Any, tmp_path: Path, typed: str) -> None:
    path = workbook(tmp_path, survey, [*ROWS, ("effective base", "", typed, "", "")])
    with pytest.raises(WorkbookError) as caught:
        read_survey_request(path)
    (problem,) = caught.value.problems
    assert f'effective base is "{typed}"; expected respondents, 1 or more' in problem.text


def test_sample_sizes_are_effective_bases(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    found = answers_in(folder / "c.xlsx")
    talk = found.weight * found.use[:, found.vehicles.index("Talk")]
    size = next(vehicle.sample_size for vehicle in campaign.vehicles if vehicle.name == "Talk")
    assert size == pytest.approx(talk.sum() ** 2 / (talk**2).sum(), abs=0.1)


def test_the_respondents_of_the_filled_campaign_have_its_audiences(filled: tuple[Path, Campaign]) -> None:
    folder, campaign = filled
    respondents, said = campaign_respondents(campaign, folder)
    assert respondents.universe == pytest.approx(50_000)
    wanted = [vehicle.audience_000 for vehicle in campaign.vehicles]
    assert respondents.audience() == pytest.approx(wanted, rel=1e-9)
    shares = [trait.share for trait in campaign.traits]
    assert respondents.weight @ respondents.has_trait / 50_000 == pytest.approx(shares)
    assert CLAIMS_ARE_CONTACTS not in said


def test_it_passes_check_and_plans(filled: tuple[Path, Campaign]) -> None:
    folder, _ = filled
    checked = CliRunner().invoke(app, ["check", str(folder / "c-filled.xlsx")])
    assert checked.exit_code == 0, checked.output
    assert "s.sav: 581 respondents of 600 count" in checked.stdout
    wanted = [
        "plan",
        str(folder / "c-filled.xlsx"),
        "--no-break-even",
        "--gap",
        "5",
        "--time-limit",
        "20",
        "--json",
    ]
    planned = CliRunner().invoke(app, wanted)
    assert planned.exit_code in (0, 5), planned.output
    assert json.loads(planned.stdout)["cost"] > 0


def test_a_survey_that_did_not_come_along_is_a_notice_of_check(
    filled: tuple[Path, Campaign], tmp_path: Path
) -> None:
    alone = tmp_path / "alone.xlsx"
    alone.write_bytes((filled[0] / "c-filled.xlsx").read_bytes())
    checked = CliRunner().invoke(app, ["check", str(alone), "--json"])
    assert checked.exit_code == 0, checked.output
    assert any(
        "no file s.sav beside the campaign" in notice for notice in json.loads(checked.stdout)["notices"]
    )


def test_claims_without_an_audience_are_refused_at_each_cell(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey, vehicles={"TV 1": 2_000})
    with pytest.raises(WorkbookError) as caught:
        campaign_from_survey(read_survey_request(path))
    assert [each.cell for each in caught.value.problems] == [f"Survey!C{row}" for row in (10, 11, 12, 13, 14)]
    assert all("0/1 claims" in problem.text for problem in caught.value.problems)


def test_vehicles_without_a_medium_are_a_problem_on_survey(survey: Any, tmp_path: Path) -> None:
    rows = [(*row[:4], "") if row[0] == "vehicle" else row for row in (*ROWS, CONTACTS)]
    with pytest.raises(WorkbookError) as caught:
        campaign_from_survey(read_survey_request(workbook(tmp_path, survey, rows, vehicles={})))
    problems, named = caught.value.problems, [row for row in rows if row[0] == "vehicle"]
    assert [problem.text.partition(" has no medium")[0] for problem in problems] == [
        f'"{row[1]}"' for row in named
    ]
    assert all(problem.cell.startswith("Survey!C") for problem in problems)


def test_claims_are_contacts_is_repeated_by_every_output(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey, (*ROWS, CONTACTS), vehicles={})
    told = CliRunner().invoke(app, ["survey", "to-campaign", str(path), "--json"])
    assert told.exit_code == 0, told.output
    assert CLAIMS_ARE_CONTACTS in json.loads(told.stdout)["notices"]
    campaign = read_campaign(tmp_path / "c-filled.xlsx")
    assert CLAIMS_ARE_CONTACTS in campaign.notices
    assert {v.audience_base for v in campaign.vehicles} == {"claims, taken as contacts", "survey"}
    tables = CliRunner().invoke(app, ["survey", "crosstab", str(path), "--json"])
    assert json.loads(tables.stdout)["assumptions"] == [CLAIMS_ARE_CONTACTS]


def test_an_audience_beyond_its_claims_is_a_problem_with_its_column(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey, vehicles=AUDIENCES | {"TV 4": 40_000})
    with pytest.raises(WorkbookError) as caught:
        campaign_from_survey(read_survey_request(path))
    (problem,) = caught.value.problems
    assert problem.cell == "Vehicles!D5"
    assert 'by the column "tv_4"' in problem.text


def test_pairs_where_they_are_asked_for(survey: Any, tmp_path: Path) -> None:
    found = campaign_from_survey(read_survey_request(workbook(tmp_path, survey)), pairs=True).campaign
    assert found.types is None
    assert len(found.pairs) == 8 * 7 // 2 + 8 * 3
    given = answers_in(tmp_path / "c.xlsx")
    times, cook = (given.use[:, given.vehicles.index(name)] for name in ("Times", "Cook & Table"))
    both = next(pair.people_000 for pair in found.pairs if (pair.a, pair.b) == ("Times", "Cook & Table"))
    assert both == pytest.approx(float(given.weight @ (times * cook)), rel=1e-9)


def test_what_the_planner_has_filled_in_stands(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey)
    book = openpyxl.load_workbook(path)
    traits = book.create_sheet("Traits")
    for row in (("Trait", "Role", "Weight", "Share of universe %"), ("catalyst", "catalyst", 3, None)):
        traits.append(row)
    media = book.create_sheet("Media")
    for pair in (("Medium", "Duplication"), ("TV", 1.9)):
        media.append(pair)
    book.save(path)
    found = campaign_from_survey(read_survey_request(path))
    catalyst = next(trait for trait in found.campaign.traits if trait.name == "catalyst")
    assert (catalyst.weight, catalyst.role) == (3.0, "catalyst")
    assert catalyst.share == pytest.approx(
        float(answers_in(path).weight @ answers_in(path).has_trait[:, 0]) / 50_000
    )
    assert next(medium.duplication for medium in found.campaign.media if medium.name == "TV") == 1.9
    assert any("had been filled in already" in text for text in found.said)


def test_compositions_go_under_the_headings_that_are_there_with_their_units(
    survey: Any, tmp_path: Path
) -> None:
    path = workbook(tmp_path, survey)
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("Composition")
    for row in (("Vehicle", "catalyst [index]", "age 50+ [%]"), ("TV 1", 110, None)):
        page.append(row)
    book.save(path)
    found = campaign_from_survey(read_survey_request(path))
    assert found.campaign.composition_traits == ("catalyst", "age 50+", "age 18-49")
    given = answers_in(path)
    old = given.use[:, 0] * given.weight @ given.has_trait[:, 2] / given.people_000[0]
    row = next(row for row in found.campaign.composition if row.vehicle == "TV 1")
    share = next(trait.share for trait in found.campaign.traits if trait.name == "catalyst")
    assert share is not None
    assert row.shares == pytest.approx((1.1 * share, old, 1 - old), rel=1e-9)
    assert "Composition: the survey's percents were not filled in under catalyst [index]." in found.said


def test_users_and_cumes_go_to_their_columns(survey: Any, tmp_path: Path) -> None:
    more = (("users", "TV", "age > 25", "", ""), ("cume", "TV 1", "tv_1 == 1 or age > 60", "", ""))
    found = campaign_from_survey(read_survey_request(workbook(tmp_path, survey, (*ROWS, *more))))
    tv = next(medium for medium in found.campaign.media if medium.name == "TV")
    assert tv.users is not None
    assert 0.8 < tv.users < 1
    assert any("no cume was filled in for TV 1." in text for text in found.said)  # no rotation


def test_a_trait_that_nobody_has_is_a_problem_at_its_cell(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey, (*ROWS, ("trait", "ancient", "age > 200", "", "")))
    with pytest.raises(WorkbookError) as caught:
        campaign_from_survey(read_survey_request(path))
    assert [(p.cell, "nobody" in p.text) for p in caught.value.problems] == [("Survey!C17", True)]


def test_weights_that_are_people_give_the_universe(survey: Any, tmp_path: Path) -> None:
    rows = (*ROWS, ("weights are", "", "people (000)", "", ""), CONTACTS)
    brief = {name: value for name, value in BRIEF.items() if name != "Universe (000)"}
    path = workbook(tmp_path, survey, rows, vehicles={}, brief=brief)
    found = campaign_from_survey(read_survey_request(path)).campaign
    assert found.brief.universe_000 == pytest.approx(float(answers_in(path).weight.sum()), rel=1e-12)


def test_a_workbook_in_another_folder_still_names_the_survey(survey: Any, tmp_path: Path) -> None:
    path = workbook(tmp_path, survey)
    (tmp_path / "a").mkdir()
    (tmp_path / "b" / "c").mkdir(parents=True)
    filled, plan, edited = tmp_path / "a" / "f.xlsx", tmp_path / "b" / "c" / "p.xlsx", tmp_path / "e.xlsx"
    for arguments in (
        ("survey", "to-campaign", path, "-o", filled),
        ("survey", "plan", filled, "-o", plan, "--halves", 0),
        ("evaluate", plan, "-o", edited),
    ):
        told = CliRunner().invoke(app, [str(argument) for argument in arguments])
        assert told.exit_code == 0, (told.output, told.exception)
    names = [openpyxl.load_workbook(file)["Survey"]["C2"].value for file in (filled, plan, edited)]
    assert names == ["../s.sav", "../../s.sav", "s.sav"]


def test_a_survey_that_names_a_unit_is_told_the_vehicles_name(survey: Any, tmp_path: Path) -> None:
    rows = [(what, "TV 1 | :30" if name == "TV 1" else name, *more) for what, name, *more in ROWS]
    path = workbook(tmp_path, survey, rows)
    book = openpyxl.load_workbook(path)
    book["Vehicles"]["F1"], book["Vehicles"]["F2"] = "Unit", ":30"
    book.save(path)
    with pytest.raises(WorkbookError) as caught:
        read_survey_request(path)
    (problem,) = caught.value.problems
    assert problem.cell == "Survey!C9"
    assert 'Write "TV 1"' in problem.text


def test_who_fills_what_is_missing_is_said(survey: Any, tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_campaign(workbook(tmp_path, survey))
    assert any("planner survey to-campaign" in text for text in caught.value.notices)


def test_units_of_a_vehicle_have_the_audience_that_one_of_their_rows_states(
    survey: Any, tmp_path: Path
) -> None:
    path = workbook(tmp_path, survey)
    book = openpyxl.load_workbook(path)
    page = book["Vehicles"]
    page["F1"] = "Unit"
    for row in range(2, page.max_row + 1):
        page.cell(row, 6, ":30")
    audience, page["D2"] = page["D2"].value, None
    page.append(("TV 1", "TV", 5_000, audience, None, ":10"))
    book.save(path)
    campaign = campaign_from_survey(read_survey_request(path)).campaign
    people = {vehicle.name: vehicle.audience_000 for vehicle in campaign.vehicles}
    assert (people["TV 1 | :30"], people["TV 1 | :10"]) == (audience, audience)
