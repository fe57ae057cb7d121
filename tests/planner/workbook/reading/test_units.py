"""Several units of one vehicle, Contacts, issues: what is read, what is asked, and how they are named."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.population import build_population
from planner.campaign.prepare import prepare
from planner.campaign.weeks import availability_of, spacing_of
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import rewritten

Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]
HEADED = {"Vehicles!M1": "Unit", "Vehicles!N1": "Ad seen %", "Vehicles!O1": "Contacts", "Vehicles!P1": "Appears",
          "Vehicles!Q1": "Repeat audience %"}  # fmt: skip
# A second unit of Quiz: cheaper, seen by fewer; what the vehicle has stands on the first row.
UNITS = HEADED | {"Vehicles!M2": ":30", "Vehicles!N2": "90 %", "Vehicles!M6": ":10", "Vehicles!N6": "60 %"}
SHORT: dict[str, list[list[object]]] = {"Vehicles": [["Quiz", None, None, None, 45]]}


def test_units_are_named_and_share_what_the_vehicle_has(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign(SHORT, UNITS)
    long, short = campaign.vehicles[0], campaign.vehicles[4]
    assert (long.name, short.name) == ("Quiz | :30", "Quiz | :10")
    assert (long.vehicle_name, short.vehicle_name, campaign.vehicles[1].vehicle_name) == (
        "Quiz",
        "Quiz",
        "News",
    )
    assert (short.medium, short.audience_000, short.maximum, short.genre) == ("TV", 100, 4, "fun")
    assert (short.unit_cost, short.ad_seen) == (45, 0.6)
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.vehicles == campaign.vehicles
    assert [row.name for row in rewritten(again, tmp_path / "third.xlsx").vehicles] == [
        row.name for row in campaign.vehicles
    ]


@pytest.mark.parametrize(
    ("edits", "asked"),
    [
        ({"Vehicles!N2": None, "Vehicles!N6": None}, True),
        ({}, False),
        ({"Vehicles!N2": None, "Vehicles!N6": None, "Vehicles!E6": 100}, False),  # the same price
    ],
)
def test_units_that_are_noticed_alike_at_different_prices_are_asked_about(
    edits: dict[str, object], asked: bool, buyers_campaign: Build
) -> None:
    campaign = buyers_campaign(SHORT, UNITS | edits)
    told = [notice for notice in campaign.notices if "noticed alike" in notice]
    assert [notice.partition(":")[0] for notice in told] == (["Vehicles!N2"] if asked else [])


def test_they_share_people_and_the_vehicle_counts_once(buyers_campaign: Build) -> None:
    model = build_population(buyers_campaign(SHORT, UNITS)).model
    assert model.audiences.stands_for is not None
    assert model.audiences.stands_for.tolist() == [0, 1, 2, 3, 0]
    alone = build_population(buyers_campaign(None, HEADED | {"Vehicles!N2": "90 %"})).model
    plan = np.array([2.0, 1, 1, 3])
    assert model.reach_shares(np.append(plan, 0)) == pytest.approx(alone.reach_shares(plan), rel=1e-12)
    more = model.reach_shares(np.array([2.0, 1, 1, 3, 1])) - model.reach_shares(np.array([2.0, 1, 1, 3, 0]))
    assert (more > 0).all()


def test_limits_count_all_units_and_prices_are_each_their_own(buyers_campaign: Build) -> None:
    must = {"Vehicles!K6": "yes", "Vehicles!L2": 2}
    problem = prepare(buyers_campaign(SHORT, UNITS | must)).problem

    def broken(*insertions: float) -> list[str]:
        plan = np.array(insertions)
        return [rule.sentence() for rule in problem.rules if not rule.holds(problem.outcome(plan))]

    assert broken(3, 0, 0, 0, 2) == ["Quiz (all units): at most 4 insertions"]
    assert "Quiz (all units): at least 2 insertions" in broken(0, 0, 0, 0, 1)
    assert broken(0, 0, 0, 0, 2) == []  # the must-buy is of the vehicle
    assert problem.tariff.total(np.array([1.0, 0, 0, 0, 2])) == pytest.approx(190)


def test_the_bare_name_means_all_units_and_a_unit_is_named_with_its_bar(buyers_campaign: Build) -> None:
    rules: list[list[object]] = [
        ["all", "Quiz", None, 3, "insertions"],
        ["short", "quiz |  :10", None, 1, "insertions"],
        ["titles", "TV", None, 1, "vehicles"],
        ["per", "per medium", None, 1, "vehicles"],
    ]
    campaign = buyers_campaign({**SHORT, "Rules": rules}, UNITS)
    assert [row.vehicles for row in campaign.rules[:2]] == [("Quiz | :30", "Quiz | :10"), ("Quiz | :10",)]
    problem = prepare(campaign).problem
    plan = np.array([1.0, 0, 1, 0, 1])  # two units of one TV title
    assert all(rule.holds(problem.outcome(plan)) for rule in problem.rules)
    two = np.array([1.0, 1, 1, 0, 0])
    assert sum(not rule.holds(problem.outcome(two)) for rule in problem.rules) == 2


BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"Vehicles!M6": None}, "Vehicles!M6", "has several rows (also Vehicles!A2)"),
    ({"Vehicles!M6": ":30"}, "Vehicles!A6", "is there twice (also Vehicles!A2)"),
    ({"Vehicles!G6": 5}, "Vehicles!G6", 'Max is "5" here and "4" in Vehicles!G2'),
    ({"Vehicles!B6": "Radio"}, "Vehicles!B6", 'Medium is "Radio" here and "TV" in Vehicles!B2'),
    ({"Vehicles!F6": 120}, "Vehicles!F6", '"Quiz | :10" has 120 thousand people and "Quiz | :30" 100 (Vehicles!F2)'),
    ({"Vehicles!Q2": "50 %", "Vehicles!Q6": "40 %"}, "Vehicles!Q6", "Repeat audience % is"),
    ({"Vehicles!A6": "Quiz :10"}, "Vehicles!B6", "medium"),
    ({"Vehicles!O2": 0.5}, "Vehicles!O2", "at least 1"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "cell", "words"), BROKEN)
def test_every_problem_names_its_cells(
    edits: dict[str, object], cell: str, words: str, buyers_problems: Problems
) -> None:
    assert words in buyers_problems(SHORT, UNITS | edits)[cell]


@pytest.mark.parametrize(
    "names",
    [("Quiz :30", "Quiz :10"), ("Quiz 30s", "Quiz 10 sec"), ('Quiz 30"', 'Quiz - 10"'), ("Quiz", "Quiz :10"),
     ("Quiz full page", "Quiz (half page)")],
)  # fmt: skip
def test_units_renamed_to_vehicles_are_asked_about(names: tuple[str, str], buyers_campaign: Build) -> None:
    notices = buyers_campaign(None, {"Vehicles!A2": names[0], "Vehicles!A3": names[1]}).notices
    asked = f'Vehicles!A3: is "{names[1]}" another unit of "{names[0]}" (Vehicles!A2)?'
    assert any(notice.startswith(asked) for notice in notices)


def test_several_pairs_that_may_be_units_are_one_question(buyers_campaign: Build) -> None:
    """Each pair with its cell; the first in full."""
    names = {"Vehicles!A2": "Quiz :30", "Vehicles!A3": "Quiz :10", "Vehicles!A4": "News", "Vehicles!A5": "News :15",
             "Vehicles!B4": "TV", "Vehicles!B5": "TV"}  # fmt: skip
    asked = [notice for notice in buyers_campaign(None, names).notices if "another unit" in notice]
    assert len(asked) == 1
    assert asked[0].startswith('Vehicles!A3: is "Quiz :10" another unit of "Quiz :30" (Vehicles!A2)?')
    assert asked[0].endswith('Likewise "News :15" (Vehicles!A5).')


@pytest.mark.parametrize(
    "names", [("Channel 3", "Channel 4"), ("News 10", "News 6"), ("Page One", "Page Two"), ("+1", "-1")]
)
def test_other_names_are_not(names: tuple[str, str], buyers_campaign: Build) -> None:
    read = buyers_campaign(None, {"Vehicles!A2": names[0], "Vehicles!A3": names[1]})
    assert read.vehicles[1].name == names[1]
    assert not [notice for notice in read.notices if "another unit" in notice]


def test_a_package_says_which_unit(buyers_campaign: Build, buyers_problems: Problems) -> None:
    package: list[list[object]] = [["Both", "Quiz", 1, 120], ["Both", "News", 1]]
    told = buyers_problems({**SHORT, "Packages": package}, UNITS)["Packages!B2"]
    assert '"Quiz | :30"' in told
    assert '"Quiz | :10"' in told
    package[0][1] = "Quiz | :10"
    assert buyers_campaign({**SHORT, "Packages": package}, UNITS).packages[0].vehicles == (
        "Quiz | :10",
        "News",
    )


def test_weeks_are_of_a_unit_or_of_all_and_a_lock_says_which(
    buyers_campaign: Build, buyers_problems: Problems
) -> None:
    lock: list[object] = ["locked: Quiz | :10", None, None, 1]
    weeks: list[list[object]] = [["Quiz", 1, 0, 1, 2], ["Quiz | :10", 1, 1, 1, 1], lock]
    campaign = buyers_campaign({**SHORT, "Weeks": weeks}, UNITS)
    assert spacing_of(campaign)["Quiz"].most.tolist() == [1, 0, 1, 2]
    assert availability_of(campaign)[4].tolist() == [1, 1, 1, 1]
    lock[0] = "locked: Quiz"
    told = buyers_problems({**SHORT, "Weeks": weeks}, UNITS)["Weeks!A4"]
    assert '"locked: Quiz | :10"' in told


def test_contacts_make_rating_points_and_no_reach(buyers_campaign: Build, tmp_path: Path) -> None:
    edits = HEADED | {"Vehicles!O2": 1.3, "Vehicles!Q2": "60 %"}
    campaign = buyers_campaign(None, edits)
    assert campaign.vehicles[0].contacts == 1.3
    assert rewritten(campaign, tmp_path / "again.xlsx").vehicles == campaign.vehicles
    rulebook = prepare(campaign).rulebook
    assert rulebook.rating[:2] == pytest.approx([13.0, 20.0])


def test_more_contacts_than_there_can_be_name_the_most(
    buyers_book: Callable[..., Path], buyers_problems: Problems
) -> None:
    path = buyers_book(None, HEADED | {"Vehicles!O2": 5, "Vehicles!Q2": "60 %"})
    with pytest.raises(WorkbookError) as caught:
        prepare(read_campaign(path))
    (problem,) = caught.value.problems
    assert problem.cell == "Vehicles!O2"
    assert "are possible" in problem.text


DATED = {"Weeks": 8, "Start": "2027-03-01"}


def test_a_blank_max_counts_the_issues_that_can_fall_into_the_flight(buyers_campaign: Build) -> None:
    edits = HEADED | {"Vehicles!P4": "monthly", "Vehicles!G4": None}
    campaign = buyers_campaign(None, edits, **DATED)
    assert campaign.vehicles[2].maximum == 2
    assert [d.text for d in campaign.defaults if (d.row, d.attribute) == ("Cook", "maximum")] == [
        "Cook: Max 2, the issues that can fall into 8 weeks (monthly)"
    ]
    spacing = spacing_of(campaign)["Cook"]
    assert (spacing.apart, spacing.each, spacing.flight) == (4, 1.0, 2.0)


def test_units_share_their_appearances_week_by_week(buyers_campaign: Build) -> None:
    edits = UNITS | {"Vehicles!P2": "weekly", "Vehicles!G2": None}
    spacing = spacing_of(buyers_campaign(SHORT, edits, **DATED))["Quiz"]
    assert spacing.members.tolist() == [0, 4]
    assert spacing.most.tolist() == [1.0] * 8
    assert spacing.over(np.eye(5, 8)) == 0  # one of each in weeks of their own
    assert spacing.over(np.ones((5, 8))) == 1


def test_issue_dates_are_weeks_of_their_own(buyers_campaign: Build, tmp_path: Path) -> None:
    edits = HEADED | {"Vehicles!R1": "Issue dates", "Vehicles!R4": "first Thursday", "Vehicles!G4": None}
    campaign = buyers_campaign(None, edits, **DATED)
    cook = campaign.vehicles[2]
    assert [f"{day:%d %b}" for day in cook.issues] == ["04 Mar", "01 Apr"]
    assert cook.maximum == 2
    assert availability_of(campaign)[2].tolist() == [1, 0, 0, 0, 1, 0, 0, 0]
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.vehicles == campaign.vehicles


@pytest.mark.parametrize(
    ("start", "days"), [("2027-03-04", ["04 Mar", "18 Mar", "25 Mar"]), ("2027-03-05", ["18 Mar", "25 Mar"])]
)
def test_an_issue_before_the_first_day_of_a_flight_is_none_of_its_issues(
    start: str, days: list[str], buyers_campaign: Build
) -> None:
    """Four weeks from a Thursday or a Friday on end on a Sunday, 28 March; an issue of the 29th comes too late."""
    text = "2027-03-01; 2027-03-04; 2027-03-18; 2027-03-25; 2027-03-29"
    edits = HEADED | {"Vehicles!R1": "Issue dates", "Vehicles!R4": text, "Vehicles!G4": None}
    campaign = buyers_campaign(None, edits, **{"Start": start, "Weeks": 4})
    assert [f"{day:%d %b}" for day in campaign.vehicles[2].issues] == days
    assert campaign.vehicles[2].maximum == len(days)
    assert campaign.brief.last_day == date(2027, 3, 28)


MONDAYS = ["01 Mar", "08 Mar", "15 Mar", "22 Mar", "29 Mar", "05 Apr", "12 Apr", "19 Apr"]


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("2027-03-04; 2027-04-01; 2027-09-01", ["04 Mar", "01 Apr"]),
        ((date(2027, 3, 18), "yyyy-mm-dd"), ["18 Mar"]),
        ("last Friday or 3 March 2027", None),
        ("last Friday; 3 March 2027", ["03 Mar", "26 Mar"]),
        ("March 4, 2027, April 1, 2027", ["04 Mar", "01 Apr"]),
        ("Mar 4, 2027; last Friday", ["04 Mar", "26 Mar"]),
        ("every Monday", MONDAYS),
        ("2nd Tuesday of the month", ["09 Mar", "13 Apr"]),
    ],
)
def test_issue_dates_are_read_in_the_ways_people_write_them(
    text: object, days: list[str] | None, buyers_campaign: Build, buyers_problems: Problems
) -> None:
    edits = HEADED | {"Vehicles!R1": "Issue dates", "Vehicles!R4": text}
    if days is None:
        assert "write dates such as" in buyers_problems(None, edits, **DATED)["Vehicles!R4"]
        return
    assert [f"{day:%d %b}" for day in buyers_campaign(None, edits, **DATED).vehicles[2].issues] == days


ISSUES_WRONG: list[tuple[dict[str, object], dict[str, object], str]] = [
    ({"Vehicles!R4": "now and then"}, DATED, '"now and then" is not a date'),
    ({"Vehicles!R4": "03/04/2027"}, DATED, "can be day 3 of month 4"),
    ({"Vehicles!R4": "first Thursday"}, {"Weeks": 8}, "only where the flight has a Start"),
]


@pytest.mark.parametrize(("edits", "brief", "words"), ISSUES_WRONG)
def test_issue_dates_that_cannot_be_read_name_their_cell(
    edits: dict[str, object], brief: dict[str, object], words: str, buyers_problems: Problems
) -> None:
    problems = buyers_problems(None, HEADED | {"Vehicles!R1": "Issue dates"} | edits, **brief)
    assert words in problems["Vehicles!R4"]


POINTS = HEADED | {
    "Vehicles!R1": "CPP", "Vehicles!S1": "Bought as", "Vehicles!T1": "Audience base", "Vehicles!E5": None,
    "Vehicles!R5": 30, "Vehicles!S5": "rotation", "Vehicles!T5": "adults",
}  # fmt: skip


@pytest.mark.parametrize("kind", ["rotation", "daypart", "strip", "programme"])
def test_broadcast_may_be_priced_by_the_rating_point(
    kind: str, buyers_campaign: Build, tmp_path: Path
) -> None:
    """Drive has 40 of 1,000 thousand: 4 points at 30 each."""
    campaign = buyers_campaign(None, POINTS | {"Vehicles!S5": kind})
    assert campaign.vehicles[3].unit_cost == pytest.approx(120)
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.vehicles == campaign.vehicles


def test_a_sheet_of_prices_by_the_point_needs_no_column_of_others(
    buyers_campaign: Build, buyers_problems: Problems
) -> None:
    rows = {
        f"Vehicles!{at}{row}": value
        for row in (2, 3, 4)
        for at, value in zip("RST", (30, "rotation", "adults"), strict=True)
    }
    only = POINTS | rows | {f"Vehicles!E{row}": None for row in range(1, 6)}
    assert [row.unit_cost for row in buyers_campaign(None, only).vehicles] == pytest.approx(
        [300, 600, 150, 120]
    )
    lacking = buyers_problems(None, only | {"Vehicles!R3": None})["Vehicles!R3"]
    assert "has no price; write its CPP, or in a column headed Unit cost the price, or ?" in lacking
    neither = only | {f"Vehicles!R{row}": None for row in range(1, 6)}
    (problem,) = buyers_problems(None, neither).values()
    assert 'There is no column "Unit cost"' in problem


POINTS_WRONG: list[tuple[dict[str, object], str]] = [
    ({"Vehicles!S5": None}, "write rotation, daypart, strip or programme in Bought as (Vehicles!S5)"),
    ({"Vehicles!T5": None}, "not of whom a point is 1 %; write it in Audience base (Vehicles!T5)"),
    ({"Vehicles!E5": 100}, "makes 120 for one insertion, but Unit cost (Vehicles!E5) says 100"),
    ({"Vehicles!E5": "?"}, "CPP gives a price, but Unit cost (Vehicles!E5)"),
    ({"Vehicles!R5": -1}, "above 0"),
]


@pytest.mark.parametrize(("edits", "words"), POINTS_WRONG)
def test_a_price_by_the_point_that_is_not_certain_names_its_cell(
    edits: dict[str, object], words: str, buyers_problems: Problems
) -> None:
    assert words in buyers_problems(None, POINTS | edits)["Vehicles!R5"]


def test_each_price_by_the_point_without_a_base_is_told(buyers_problems: Problems) -> None:
    other = {"Vehicles!E4": None, "Vehicles!R4": 30, "Vehicles!S4": "daypart"}
    problems = buyers_problems(None, POINTS | other | {"Vehicles!T5": None})
    for row in (4, 5):
        assert problems[f"Vehicles!R{row}"].endswith(
            " has a price per rating point, but not of whom a point is 1 %; write it in Audience base "
            f"(Vehicles!T{row}): the people of the Brief's universe, else convert the price."
        )
