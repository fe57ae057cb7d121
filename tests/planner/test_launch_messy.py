"""A buyer's sheet as it comes: two units a vehicle, posters, digital by the thousand, radio, remarks and totals."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.campaign.bought import repeat_of
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.plan.json_result import plan_json
from planner.workbook.campaign.parse import read_campaign

MESSY = Path(__file__).parent / "workbook" / "campaigns" / "launch_messy.xlsx"  # invented figures and names
# The answers: what posters and contacts by the thousand are. Units are understood as they stand.
ANSWERS = {"M3": "Bought as", "M24": "poster", "M25": "impressions"}


@pytest.fixture(scope="module")
def cleaned(tmp_path_factory: pytest.TempPathFactory) -> Callable[[dict[str, object]], Path]:
    def write(answers: dict[str, object]) -> Path:
        book = openpyxl.load_workbook(MESSY)
        for cell, value in answers.items():
            book["Vehicles"][cell] = value
        path = tmp_path_factory.mktemp("messy") / "launch.xlsx"
        book.save(path)
        return path

    return write


def test_what_is_not_certain_is_asked_and_stops_nothing() -> None:
    notices = read_campaign(MESSY).notices
    asked = [notice for notice in notices if "has no Bought as" in notice]
    assert list(notices[:2]) == asked  # questions stand before what is only told
    assert asked[0].startswith("Vehicles!A24: ")
    assert "taken as posters. If that is wrong" in asked[0]
    assert asked[1].startswith("Vehicles!A25: ")
    assert "taken as impressions, sold by the thousand" in asked[1]


def test_what_was_taken_is_what_the_answers_say(cleaned: Callable[[dict[str, object]], Path]) -> None:
    asked, answered = read_campaign(MESSY), read_campaign(cleaned(ANSWERS))
    media = {row.name: row for row in asked.media}
    repeats = [
        {row.name: repeat_of(row, media[row.medium], asked.brief.universe_000, False) for row in one.vehicles}
        for one in (asked, answered)
    ]
    assert repeats[0] == repeats[1]
    assert repeats[0]["Supermarket panels"] == 0.64
    stated = repeat_of(
        next(row for row in asked.vehicles if row.name == "Supermarket panels"),
        replace(media["Outdoor"], repeat=0.5), asked.brief.universe_000, True,
    )  # fmt: skip
    assert stated == 0.5  # a medium's own holds where the line says nothing


def test_once_answered_it_plans_and_units_share_their_vehicles(
    cleaned: Callable[[dict[str, object]], Path],
) -> None:
    campaign = read_campaign(cleaned(ANSWERS))
    units = {
        row.vehicle: [r.unit for r in campaign.vehicles if r.vehicle == row.vehicle]
        for row in campaign.vehicles
    }
    assert {name: found for name, found in units.items() if name} == {
        "Channel 3 Soap": [":30", ":10"], "Channel 3 Morning": [":30", ":15"],
        "Good Cooking": ["full page", "half page"],
    }  # fmt: skip
    result = make_plan(campaign, Options(seconds=60, break_even=False))
    assert result.status == "optimal"
    assert result.gap <= result.gap_asked
    bought = result.vehicles.insertions
    for name, most in (("Channel 3 Soap", 24), ("Channel 3 Morning", 40), ("Good Cooking", 2)):
        own = [place for place, row in enumerate(campaign.vehicles) if row.vehicle == name]
        assert bought[own].sum() <= most
    assert all(rule.holds for rule in result.rules)
    weeks = result.weeks
    assert weeks is not None
    assert weeks.insertions.sum(axis=1) == pytest.approx(bought)
    for row, place in zip(weeks.insertions, campaign.vehicles, strict=True):
        if place.appears == "monthly":
            assert max(np.convolve(row, np.ones(4), "valid"), default=0) <= 1
    assert set(plan_json(result)["insertions"]) <= {row.name for row in campaign.vehicles}
