"""Users %: people who never use a medium are never reached by it, and everything else stays exact."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter

from models.reach.frequency import contact_distribution
from planner.campaign.inputs import Campaign
from planner.campaign.population import build_population
from planner.campaign.types import CampaignTypes, apart_in_surveys, users_of
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.sheets import write_campaign_sheets


def with_media(buyers_book: Callable[..., Path], users: object) -> Path:
    """The buyers' campaign with a sheet Media of its own."""
    path = buyers_book()
    book = openpyxl.load_workbook(path)
    sheet = book.create_sheet("Media")
    sheet.append(["Medium", "Duplication", "Users %"])
    sheet.append(["TV", 1.7, users])
    book.save(path)
    return path


def test_ratings_stay_exact_and_reach_has_a_ceiling(buyers_book: Callable[..., Path]) -> None:
    """TV has 60 % users: Quiz and News 10 and 20 % of the universe; bought 500 times each they reach at most 60 %."""
    plain, people = (
        build_population(read_campaign(with_media(buyers_book, users))) for users in (None, "60 %")
    )
    population = people.segments.population
    assert population.sum() == pytest.approx(1000)
    assert population @ people.model.audiences.rating == pytest.approx([100, 200, 50, 40])
    users = people.segments.with_trait("users of TV")
    assert population[users].sum() == pytest.approx(600)
    assert (people.model.audiences.rating[~users][:, :2] == 0).all()
    # Magazine and radio meet users and others alike
    assert population[users] @ people.model.audiences.rating[users][:, 2:] == pytest.approx([30, 24])
    much = np.array([500.0, 500, 0, 0])
    reach = people.model.reach_shares(much)
    assert (reach[~users] == 0).all()
    assert population @ reach < 600
    assert population @ reach < plain.segments.population @ plain.model.reach_shares(much)
    assert [row.name for row in people.traits] == [row.name for row in plain.traits]


def test_the_distribution_of_contacts_agrees_with_reach(buyers_book: Callable[..., Path]) -> None:
    people = build_population(read_campaign(with_media(buyers_book, "60 %")))
    plan = np.array([4.0, 3, 2, 5])
    share = people.segments.population / people.segments.universe
    classes = share @ contact_distribution(people.model, plan)
    assert 1 - classes[0] == pytest.approx(float(share @ people.model.reach_shares(plan)), abs=1e-6)


def test_users_come_back(buyers_book: Callable[..., Path], tmp_path: Path) -> None:
    campaign = read_campaign(with_media(buyers_book, "60 %"))
    assert [row.users for row in campaign.media] == [0.6, None, None]
    with xlsxwriter.Workbook(tmp_path / "again.xlsx") as book:
        write_campaign_sheets(book, campaign)
    again = read_campaign(tmp_path / "again.xlsx")
    assert again.media == campaign.media


def test_fewer_users_than_one_vehicle_reaches_name_the_cell(buyers_book: Callable[..., Path]) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_campaign(with_media(buyers_book, "15 %"))
    (problem,) = caught.value.problems
    assert problem.cell == "Media!C2"
    assert '"News" alone reaches 20' in problem.text


def test_users_beside_audience_types_by_hand(buyers_book: Callable[..., Path]) -> None:
    """Quiz and News: 18 and 36 % of type a, 2 and 4 % of type b. One insertion in each misses .82 x .64 = .5248 of a,
    .98 x .96 = .9408 of b; who never uses TV is .5248^c of a and .9408^c of b, together 40 % of everybody."""
    campaign = read_campaign(with_media(buyers_book, "60 %"))
    composition = np.array([[0.9, 0.1], [0.9, 0.1], [0.5, 0.5], [0.2, 0.8]])
    types = CampaignTypes(("a", "b"), np.array([0.5, 0.5]), composition, np.full((0, 2), np.nan))
    found = users_of(campaign, types)
    (joint,) = found.joints
    assert joint.share.sum(axis=1) == pytest.approx([0.6, 0.4])
    never = joint.share[1] / 0.5
    assert np.log(never[0]) / np.log(0.5248) == pytest.approx(np.log(never[1]) / np.log(0.9408))
    assert found.composition[:2].tolist() == [[1, 0], [1, 0]]
    assert found.composition[2:, 1] == pytest.approx([0.5 * never.sum(), 0.2 * never[0] + 0.8 * never[1]])
    assert (
        users_of(read_campaign(with_media(buyers_book, "22 %")), types).joints == ()
    )  # a alone needs .5 x .392


SAMPLES = Path(__file__).parents[3] / "sample_inputs"


def test_users_change_little_of_what_audience_types_know_already() -> None:
    """One insertion in each TV programme, and 400: 85 % users. Types know who meets none of 31 programmes, so that less
    than half a point is left to users; without types it is two points. Beyond that both have the ceiling."""
    with_types = read_campaign(SAMPLES / "us_2016_types.xlsx")
    television = np.array([vehicle.medium == "TV" for vehicle in with_types.vehicles])

    def reach(campaign: Campaign, users: float | None, times: float) -> float:
        media = tuple(replace(row, users=users if row.name == "TV" else None) for row in campaign.media)
        people = build_population(replace(campaign, media=media))
        population = people.segments.population
        return float(100 * population @ people.model.reach_shares(times * television) / population.sum())

    plain = replace(with_types, types=None)
    assert 0 < reach(with_types, None, 1) - reach(with_types, 0.85, 1) < 0.5
    assert reach(plain, None, 1) - reach(plain, 0.85, 1) > 1.5
    assert reach(with_types, 0.85, 400) < 85 < reach(with_types, None, 400)


def test_check_says_how_users_stand_beside_types(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(SAMPLES / "us_2016_types.xlsx")
    sheet = book["Media"]
    headings = [cell.value for cell in sheet[1]]
    column = headings.index("Users %") + 1 if "Users %" in headings else len(headings) + 1
    sheet.cell(1, column, "Users %")
    sheet.cell(2, column, 85)
    book.save(tmp_path / "users.xlsx")
    told = [text for text in read_campaign(tmp_path / "users.xlsx").notices if "Users %" in text]
    assert told == [
        "Media: Users % of TV stands beside the audience types of Types: people who never use the medium were taken "
        "from the types that its vehicles hardly reach, so that both say one thing."
    ]
    assert not [text for text in read_campaign(SAMPLES / "us_2016_types.xlsx").notices if "Users %" in text]


def test_surveys_tell_users_of_a_medium_from_others_only_by_their_traits(
    buyers_book: Callable[..., Path],
) -> None:
    campaign = read_campaign(with_media(buyers_book, "60 %"))
    segments = build_population(campaign).segments
    groups = apart_in_surveys(campaign, segments)
    of_traits = segments.has[:, : len(build_population(campaign).traits)]
    assert len(set(groups.tolist())) == len(segments.population) / 2
    for group in set(groups.tolist()):
        assert (of_traits[groups == group] == of_traits[groups == group][0]).all()
    plain = read_campaign(with_media(buyers_book, None))
    own = apart_in_surveys(plain, build_population(plain).segments)
    assert len(set(own.tolist())) == len(own)
