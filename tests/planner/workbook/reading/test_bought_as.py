"""Bought as and Cume %: what is read, what is asked, and the repeat audience that follows."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from planner.campaign.appears import appearances, weeks_apart
from planner.campaign.bought import repeat_of
from planner.campaign.inputs import BoughtAs, Campaign, MediumRow, VehicleRow
from planner.campaign.population import build_population
from planner.campaign.prepare import prepare
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.sheets import write_campaign_sheets

Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]
HEADED = {"Vehicles!M1": "Bought as", "Vehicles!N1": "Cume %", "Vehicles!O1": "Appears"}
LINE = VehicleRow("line", "TV", 1.0, 20.0, 100.0)  # 2 % of a universe of 1,000
TV = MediumRow("TV", 1.7, 0.45)


@pytest.mark.parametrize(
    ("changes", "repeat"),
    [
        ({}, 0.45),  # the medium's
        ({"bought_as": "programme"}, 0.45),
        ({"bought_as": "strip"}, 0.50),
        ({"bought_as": "rotation"}, 0.04),
        ({"bought_as": "daypart"}, 0.10),
        ({"bought_as": "rotation", "cume": 0.53}, 0.02 * (2.8 / 0.53 - 0.9)),
        ({"bought_as": "rotation", "medium": "Radio"}, 0.13),
        ({"bought_as": "rotation", "medium": "Radio", "cume": 0.2}, 0.02 * (14 - 0.9)),
        ({"bought_as": "issue"}, 0.55),
        ({"bought_as": "issue", "appears": "5 a week"}, 0.65),
        ({"bought_as": "issue", "medium": "Newspapers"}, 0.65),
        ({"bought_as": "issue", "medium": "Newspapers", "appears": "weekly"}, 0.55),
        ({"bought_as": "issue", "medium": "Newspapers", "appears": "Sundays"}, 0.55),
        ({"bought_as": "issue", "appears": "Mon-Sat"}, 0.65),
        ({"bought_as": "poster", "audience_000": 640.0}, 0.78),
        ({"bought_as": "impressions"}, 0.04),
        ({"bought_as": "rotation", "repeat": 0.3}, 0.3),  # what is stated stands
    ],
)
def test_repeat_audience_by_what_is_bought(changes: dict[str, object], repeat: float) -> None:
    vehicle = replace(LINE, **changes)  # type: ignore[arg-type]
    assert repeat_of(vehicle, TV, 1000, False) == pytest.approx(repeat)


@pytest.mark.parametrize(("kind", "repeat"), [("programme", 0.6), ("issue", 0.6), ("rotation", 0.04)])
def test_a_medium_that_states_its_repeat_does_so_for_programmes_and_issues(
    kind: BoughtAs, repeat: float
) -> None:
    stated = replace(TV, repeat=0.6)
    assert repeat_of(replace(LINE, bought_as=kind), stated, 1000, True) == pytest.approx(repeat)


def test_it_is_read_listed_and_comes_back(buyers_campaign: Build, tmp_path: Path) -> None:
    edits = HEADED | {"Vehicles!M2": "Rotation", "Vehicles!N2": "60 %", "Vehicles!M4": "issue"}
    campaign = buyers_campaign(None, edits)
    assert [(row.bought_as, row.cume) for row in campaign.vehicles[:3]] == [
        ("rotation", 0.6), (None, None), ("issue", None),
    ]  # fmt: skip
    told = {
        (found.row, found.attribute): found.text for found in campaign.defaults if found.sheet == "Vehicles"
    }
    assert told["Quiz", "repeat"].startswith(
        "repeat audience 37.7 %, bought as rotation: airtime, by its cume"
    )
    assert told["Cook", "repeat"].startswith("repeat audience 55 %, bought as issue")
    with xlsxwriter.Workbook(tmp_path / "again.xlsx") as book:
        write_campaign_sheets(book, campaign)
    again = read_campaign(tmp_path / "again.xlsx")
    assert again.vehicles == campaign.vehicles
    assert again.defaults == campaign.defaults


def test_a_repeat_audience_that_contacts_raised_is_told_as_it_was_used(buyers_campaign: Build) -> None:
    edits = HEADED | {"Vehicles!M2": "poster", "Vehicles!P1": "Contacts", "Vehicles!P2": 40}
    prepared = prepare(buyers_campaign(None, edits))
    (told,) = [d.text for d in prepared.campaign.defaults if (d.row, d.attribute) == ("Quiz", "repeat")]
    used = prepared.people.model.raised["Quiz"]
    assert told.startswith(f"repeat audience {100 * used:.3g} %, raised: 40 contacts for each person reached")
    assert used > 0.64  # the default of a poster week


@pytest.mark.parametrize("seen", [None, "50 %", "10 %"])
def test_a_repeat_audience_that_cannot_be_is_told_as_the_sheet_has_it(
    seen: str | None, buyers_campaign: Build
) -> None:
    """Quiz has 10 % of everyone: two such audiences drawn anew share as much, whoever sees the advertisement in them.
    Stated so, it is taken."""
    edits = HEADED | {"Vehicles!O1": "Repeat audience %", "Vehicles!O2": "2 %", "Vehicles!P1": "Ad seen %"}
    edits |= {"Vehicles!P2": seen}
    with pytest.raises(WorkbookError) as refused:
        prepare(buyers_campaign(None, edits))
    (problem,) = refused.value.problems
    assert problem.cell == "Vehicles!O2"
    told = float(re.findall(r"already share ([\d.]+)%", problem.text)[0])
    assert told >= 10
    prepare(buyers_campaign(None, edits | {"Vehicles!O2": f"{told + 0.05} %"}))  # told to a tenth


def test_an_audience_of_nearly_everybody_is_not_told_to_state_more_than_all(buyers_campaign: Build) -> None:
    edits = HEADED | {"Vehicles!B2": "Door drops", "Vehicles!F2": 970, "Vehicles!O1": "Repeat audience %"}
    edits |= {"Vehicles!O2": "99 %", "Vehicles!P1": "Ad seen %", "Vehicles!P2": "80 %"}
    with pytest.raises(WorkbookError) as refused:
        prepare(buyers_campaign(None, edits))
    (problem,) = refused.value.problems
    assert problem.text.endswith(
        "share all there is, and more, by the medium's duplication and Ad seen %; leave it blank."
    )


def test_airtime_reaches_more_than_a_programme_of_the_same_rating(buyers_campaign: Build) -> None:
    """Twenty spots of 4 %: under 20 % of the universe as a programme, over 30 % as a rotation."""
    most = np.array([0.0, 0, 0, 20])
    shares = []
    for kind in (None, "rotation"):
        people = build_population(buyers_campaign(None, HEADED | {"Vehicles!M5": kind}))
        shares.append(float(people.segments.population @ people.model.reach_shares(most)) / 1000)
    assert shares[0] < 0.2
    assert shares[1] > 0.3


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"Vehicles!M2": "series"}, "Vehicles!M2", "programme"),
    ({"Vehicles!N2": "60 %"}, "Vehicles!N2", "write one of them in Bought as (Vehicles!M2)"),
    ({"Vehicles!M2": "programme", "Vehicles!N2": "60 %"}, "Vehicles!N2", "is of a rotation or a daypart"),
    ({"Vehicles!M2": "rotation", "Vehicles!N2": "20 %"}, "Vehicles!N2", "reaches more than 25.7 %"),
    ({"Vehicles!M2": "rotation", "Vehicles!N2": "120 %"}, "Vehicles!N2", "at most 100 %"),
]


@pytest.mark.parametrize(("edits", "cell", "words"), BROKEN)
def test_every_problem_names_its_cell(
    edits: dict[str, object], cell: str, words: str, buyers_problems: Problems
) -> None:
    problems = buyers_problems(None, HEADED | edits)
    assert words in problems[cell]


def test_lines_that_are_taken_alike_are_one_question(buyers_campaign: Build) -> None:
    """Three units by the thousand: one question, at the first of them."""
    units = {"Vehicles!M1": "Unit"} | {f"Vehicles!M{row}": "impressions" for row in (2, 3, 4)}
    asked = [notice for notice in buyers_campaign(None, units).notices if "has no Bought as" in notice]
    assert len(asked) == 1
    assert "taken as impressions, sold by the thousand. Likewise " in asked[0]


def test_a_unit_of_a_thousand_contacts_is_not_the_audience_of_a_site(
    buyers_campaign: Build, buyers_problems: Problems
) -> None:
    """Quiz has an audience of 100 thousand, News of 200: neither is what 1,000 contacts buy, 100,000 are."""
    units = {"Vehicles!M1": "Unit", "Vehicles!M2": "1,000 impressions", "Vehicles!M3": "CPM"}
    problems = buyers_problems(None, units)
    assert list(problems) == ["Vehicles!F2"]
    assert problems["Vehicles!F2"].startswith(
        '"Quiz" is sold by 1,000 contacts ("1,000 impressions"), but its audience'
    )
    assert "(and 1 more in this column)" in problems["Vehicles!F2"]
    assert "write 1, or mend the Unit" in problems["Vehicles!F2"]
    buyers_campaign(None, {"Vehicles!M1": "Unit", "Vehicles!M2": "100k impressions"})
    buyers_campaign(None, units | {"Vehicles!F2": 1, "Vehicles!F3": 1})


@pytest.mark.parametrize(
    ("unit", "audience", "contacts"),
    [("1.5 million impressions", 1500, None), ("CPM (min. 500,000)", 1, None), ("100 x 1,000 impressions", 100, None),
     ("1,000 impressions", 0.5, 2), ("2m impressions", 890, 2.2)],
)  # fmt: skip
def test_a_unit_may_say_its_contacts_in_several_ways(
    buyers_campaign: Build, unit: str, audience: float, contacts: float | None
) -> None:
    heads = {"Vehicles!M1": "Unit", "Vehicles!N1": "Contacts", "Vehicles!M2": unit, "Vehicles!N2": contacts}
    edits = heads | {"Vehicles!F2": audience}
    made = buyers_campaign(None, edits, **{"Universe (000)": 300_000})
    assert made.vehicles[0].audience_000 == audience


def test_contacts_of_each_person_are_among_those_a_unit_buys(buyers_problems: Problems) -> None:
    heads = {"Vehicles!M1": "Unit", "Vehicles!N1": "Contacts", "Vehicles!M2": "1,000 impressions"}
    (problem,) = buyers_problems(None, heads | {"Vehicles!N2": 2, "Vehicles!F2": 1}).values()
    assert "its audience is 1 thousand for each of them, each met 2 times" in problem
    assert "write 0.5, or mend the Unit" in problem


def test_a_price_far_from_all_others_is_asked_about(buyers_campaign: Build) -> None:
    """1 to 6 a thousand contacts; News at 200 for 200 million, Cook at 300 for 50 people: neither can be."""

    def told(edits: dict[str, object]) -> list[str]:
        found = buyers_campaign(None, edits, **{"Universe (000)": 300_000}).notices
        return [notice for notice in found if "per thousand contacts" in notice]

    assert not told({})
    (asked,) = told({"Vehicles!F3": 200_000, "Vehicles!F4": 0.05})
    assert asked.startswith(
        'Vehicles!E3: "News" costs 0.001 per thousand contacts, where others typically cost 1.25.'
    )
    assert "Likewise Cook." in asked
    only = {"Vehicles!G4": 0, "Vehicles!E3": "?", "Vehicles!E4": "?"}
    (asked,) = told(only | {"Vehicles!E2": 0.02, "Vehicles!F2": 200_000})
    assert "costs 0.0000001 per thousand contacts, where others typically cost 1.25." in asked
    assert not told({"Vehicles!E2": 0.01, "Vehicles!F2": 200_000})  # free space


def test_a_price_of_an_audience_that_is_a_problem_is_not_asked_about_too(buyers_campaign: Build) -> None:
    """Rating %, 20 % of 300 million people for a thousand contacts: said once."""
    rated = {"Vehicles!M1": "Unit", "Vehicles!N1": "Rating %", "Vehicles!M2": "CPM", "Vehicles!N2": 20}
    with pytest.raises(WorkbookError) as found:
        buyers_campaign(None, rated | {"Vehicles!F2": None}, **{"Universe (000)": 300_000})
    assert [problem.cell for problem in found.value.problems] == ["Vehicles!N2"]
    assert not [notice for notice in found.value.notices if "per thousand contacts" in notice]


def test_more_insertions_than_episodes_are_not_silently_a_programme(buyers_campaign: Build) -> None:
    weekly = HEADED | {"Vehicles!O2": "weekly", "Vehicles!G2": 40}
    told = [notice for notice in buyers_campaign(None, weekly).notices if "airtime" in notice]
    assert len(told) == 1
    assert told[0].startswith('Vehicles!G2: "Quiz" may be bought 40 times, more often than it appears')
    settled = weekly | {"Vehicles!M2": "rotation"}
    assert not [notice for notice in buyers_campaign(None, settled).notices if "airtime" in notice]


def test_words_of_appears_that_are_not_understood_are_one_problem(buyers_problems: Problems) -> None:
    problems = buyers_problems(None, HEADED | {"Vehicles!O3": "now and then", "Vehicles!O4": "seldom"})
    assert "Vehicles!O4" not in problems
    assert problems["Vehicles!O3"].startswith('Appears is "now and then"; expected daily, weekdays')
    assert problems["Vehicles!O3"].endswith("(and 1 more in this column).")


def test_words_of_appears_that_are_not_understood_say_nothing_of_other_lines(
    buyers_problems: Problems,
) -> None:
    nothing = {f"Vehicles!G{row}": None for row in range(2, 6)}
    assert list(buyers_problems(None, HEADED | nothing | {"Vehicles!O3": "now and then"})) == ["Vehicles!O3"]
    mixed = buyers_problems(None, HEADED | nothing | {"Vehicles!O3": "now and then", "Vehicles!O4": "weekly"})
    assert list(mixed) == ["Vehicles!O3", "Vehicles!G2"]  # Max is blank, and one line appears weekly


def test_six_issues_a_year_lie_two_months_apart(buyers_campaign: Build) -> None:
    campaign = buyers_campaign(
        None, HEADED | {"Vehicles!O2": "every two months", "Vehicles!G2": None}, Weeks=20
    )
    assert campaign.vehicles[0].maximum == 3  # 20 weeks of 52 have 2.3 of 6 issues: 3 can fall into them


@pytest.mark.parametrize(
    ("words", "issues", "apart"),
    [("monatlich", 2, 4), ("14-täglich", 4, 2), ("Wöchentlich", 8, 1), ("täglich", 56, 1), ("mensuel", 2, 4),
     ("quindicinale", 4, 2), ("trimestral", 1, 12), ("maandelijks", 2, 4), ("alle zwei Monate", 1, 8),
     ("codziennie", 56, 1), ("tygodnik", 8, 1), ("co dwa tygodnie", 4, 2), ("miesięcznik", 2, 4),
     ("dwumiesięcznik", 1, 8), ("kwartalnie", 1, 12)],
)  # fmt: skip
def test_how_often_a_title_appears_is_read_in_other_languages(words: str, issues: int, apart: int) -> None:
    assert (appearances(words, 8), weeks_apart(words)) == (issues, apart)


def test_a_mediums_repeat_audience_is_told_only_where_a_line_takes_it(buyers_campaign: Build) -> None:
    def told(*kinds: str) -> list[str]:
        cells = {f"Vehicles!M{row}": kind for row, kind in enumerate(kinds, 2)}
        made = buyers_campaign(None, HEADED | cells)
        return [d.row for d in made.told_defaults if (d.sheet, d.attribute) == ("Media", "repeat")]

    media = told()
    assert "TV" in media
    lines = len(buyers_campaign().vehicles)
    assert told(*["issue"] * lines) == []
