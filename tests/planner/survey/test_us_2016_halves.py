"""Half to half on the 2016 election study, whose respondents are no part of this project: skipped without them."""

from pathlib import Path

import openpyxl
import pytest

from planner.planning.halving import validate
from planner.planning.options import Options
from planner.workbook.campaign.parse import read_campaign

_PLACES = (up / "shared" / "data" / "anes_2016_media.csv" for up in Path(__file__).parents)
RESPONDENTS = next((place for place in _PLACES if place.exists()), None)
PROGRAMMES = {
    "Scandal": "tv_scandal", "NCIS": "tv_ncis", "Empire": "tv_empire", "Hannity": "tv_hannity", "Conan": "tv_conan",
    "60 Minutes": "tv_60_minutes", "Rachel Maddow": "tv_the_rachel_maddow_show", "20/20": "tv_20_20",
}  # fmt: skip


@pytest.mark.skipif(RESPONDENTS is None, reason="the respondents of 2016 are not here")
def test_a_plan_promises_more_than_it_brings_and_tailoring_no_gain_that_the_survey_could_show(
    tmp_path: Path,
) -> None:
    book = openpyxl.Workbook()
    sheets = {
        "Brief": [("Key", "Value"), ("Universe (000)", 249_500), ("Budget", 40), ("Category", "politics")],
        "Traits": [("Trait", "Role", "Share of universe %"), ("catalyst", "catalyst", 16)],
        "Vehicles": [
            ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"),
            *((name, "TV", 10, 4_000, 1) for name in PROGRAMMES),
        ],
        "Composition": [("Vehicle", "catalyst"), *((name, 16) for name in PROGRAMMES)],
        "Survey": [
            ("What", "Vehicle, trait or medium", "Column or expression"),
            ("file", None, str(RESPONDENTS)), ("weight", None, "weight_post"), ("plan on respondents", None, "yes"),
            ("trait", "catalyst", "persuade == 1 and discuss_days == 7"),
            *(("vehicle", name, column) for name, column in PROGRAMMES.items()),
        ],
    }  # fmt: skip
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        page = book.create_sheet(title)
        for row in rows:
            page.append(list(row))
    book.save(tmp_path / "us.xlsx")
    campaign = read_campaign(tmp_path / "us.xlsx")
    assert campaign.respondents is not None
    assert len(campaign.respondents) == 3_648
    found = validate(campaign, Options(seconds=30.0), repeats=2)
    assert found.curse.mean > 0
    assert found.realised.low < 0 < found.realised.high or all(half.same for half in found.halves)
    assert not found.brings
