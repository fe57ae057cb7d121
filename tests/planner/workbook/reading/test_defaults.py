"""What a campaign leaves blank: defaults, each listed with where it was taken."""

from pathlib import Path

import pytest

from planner.campaign.inputs import Default
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import BOOK, Edits, at, defaults, only, problems, written

LEAST: dict[str, list[list[object]]] = {
    "Brief": [["Universe (000)", 1000], ["Budget", 500]],
    "Vehicles": [
        ["Vehicle", "Medium", "Unit cost", "Rating %"],
        ["Quiz", "TV", 100, "10 %"],
        ["Cook", "Food magazines", 50, "5 %"],
    ],
    "Composition": [["Vehicle", "Catalysts"], ["Quiz", "8 %"]],
}


def test_the_least_campaign_is_enough(tmp_path: Path) -> None:
    campaign = read_campaign(only(tmp_path / "a.xlsx", LEAST))
    assert [vehicle.audience_000 for vehicle in campaign.vehicles] == [100.0, 50.0]
    assert [vehicle.maximum for vehicle in campaign.vehicles] == [4.0, 4.0]
    (trait,) = campaign.traits
    assert (trait.name, trait.role, trait.share) == ("Catalysts", "catalyst", 0.1)
    assert campaign.composition[1].shares == (None,)
    assert [medium.duplication for medium in campaign.media] == [1.7, 2.0]


def test_every_default_of_the_least_campaign_is_listed(tmp_path: Path) -> None:
    campaign = read_campaign(only(tmp_path / "a.xlsx", LEAST))
    assert {found.row for found in campaign.defaults if found.sheet == "Brief"} == {
        "Currency",
        "Budget is (net / gross)",
        "Commission %",
        "Start",
        "Weeks",
        "Objective",
        "Target audience",
        "Customers first (keep %)",
        "Effective frequency",
        "Whole insertions (yes/no)",
        "Influence preset",
        "Flighting",
    }
    assert {attribute for _, attribute in defaults(campaign, "Vehicles")} == {
        "discount",
        "minimum",
        "must_buy",
        "fixed_cost",
        "smallest_buy",
        "ad_seen",
        "maximum",
    }
    assert {("Catalysts", "share"), ("Catalysts", "role"), ("Catalysts", "weight")} <= set(
        defaults(campaign, "Traits")
    )
    assert defaults(campaign, "Composition")["", "Catalysts"].startswith(
        "1 of 2 vehicles has no Catalysts figure"
    )
    assert {row for row, _ in defaults(campaign, "Media")} == {"TV", "Food magazines", "between media"}


def test_catalysts_and_experts_overlap_more_than_by_chance_unless_stated(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", without=("Overlaps",)))
    (overlap,) = campaign.overlaps
    assert (overlap.trait_a, overlap.trait_b, overlap.share) == ("catalyst", "expert: food", 0.03)
    assert ("catalyst / expert: food", "share") in defaults(campaign, "Overlaps")


def test_an_overlap_by_default_stays_within_what_is_possible(tmp_path: Path) -> None:
    edits = {"Traits!E3": "90 %", "Traits!E4": "90 %", "Composition!C1": None, "Composition!D1": None}
    edits |= {f"Composition!{column}{row}": None for column in "CD" for row in (2, 3, 4)}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits, without=("Overlaps",)))
    assert campaign.overlaps[0].share == 0.9


@pytest.mark.parametrize("edits", [{"Brief!B4": None}, {"Brief!A4": None, "Brief!B4": None}])
def test_a_budget_given_elsewhere_stands_for_a_blank_or_missing_one(edits: Edits, tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits), {"budget": 700.0})
    assert campaign.brief.budget == 700
    assert "Budget is 700, from the command line; the Brief leaves it blank." in campaign.notices


def test_a_default_that_is_given_elsewhere_is_none_and_a_cell_is_overruled_aloud(tmp_path: Path) -> None:
    changes = {"objective": "reach", "weeks": 8}
    campaign = read_campaign(written(tmp_path / "a.xlsx"), changes)
    assert (campaign.brief.objective, campaign.brief.weeks) == ("reach", 8)
    assert ("Objective", "objective") not in defaults(campaign, "Brief")
    assert "Weeks was set to 8 on the command line; the Brief says otherwise." in campaign.notices


def test_a_wrong_cell_stays_a_problem_whatever_is_given_elsewhere(tmp_path: Path) -> None:
    with pytest.raises(WorkbookError) as caught:
        read_campaign(written(tmp_path / "a.xlsx", {"Brief!B4": "much"}), {"budget": 700.0})
    assert [problem.cell for problem in caught.value.problems] == ["Brief!B4"]


@pytest.mark.parametrize("typed", ["word of mouth", "Word-of-mouth"])
def test_word_of_mouth_is_an_objective(typed: str, tmp_path: Path) -> None:
    edits = {"Brief!A6": "Objective", "Brief!B6": typed}
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).brief.objective == "word of mouth"


def test_a_budget_of_zero_is_a_value(tmp_path: Path) -> None:
    assert read_campaign(written(tmp_path / "a.xlsx", {"Brief!B4": 0})).brief.budget == 0


def test_a_composition_of_zero_is_a_value(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {"Composition!C2": 0}))
    assert campaign.composition[0].shares[1] == 0.0
    assert defaults(campaign, "Composition") == {}


def test_a_question_mark_is_a_price_not_quoted(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {at("Unit cost", 2): " ? "}))
    assert campaign.vehicles[0].unit_cost is None


@pytest.mark.parametrize(
    ("appears", "weeks", "most"),
    [
        ("daily", 4, 28),
        ("5 a week", 4, 20),
        ("3 per week", 2, 6),
        ("2x/week", 3, 6),
        ("Weekdays", 4, 20),
        ("weekly", 6, 6),
        ("every two weeks", 5, 3),
        ("Fortnightly", 4, 2),
        ("monthly", 4, 1),
        ("monthly", 8, 2),
        ("monthly", 9, 3),
        ("monthly", 52, 12),
        ("monthly", 1, 1),
        ("quarterly", 4, 1),
        ("3 times", 4, 3),
        ("once", 4, 1),
    ],
)
def test_how_often_a_vehicle_appears_gives_its_maximum(
    appears: str, weeks: int, most: int, tmp_path: Path
) -> None:
    edits = {at("Appears", 2): appears, at("Max", 2): None, "Brief!B5": weeks}
    assert read_campaign(written(tmp_path / "a.xlsx", edits)).vehicles[0].maximum == most


def test_a_fractional_campaign_takes_fractional_limits(tmp_path: Path) -> None:
    edits = {"Brief!A6": "Whole insertions (yes/no)", "Brief!B6": "No", at("Max", 2): 2.5}
    campaign = read_campaign(written(tmp_path / "a.xlsx", edits))
    assert (campaign.brief.whole, campaign.vehicles[0].maximum) == (False, 2.5)


def test_a_default_says_where_it_was_taken(tmp_path: Path) -> None:
    campaign = read_campaign(written(tmp_path / "a.xlsx", {"Media!C2": None}))
    assert Default("Media", "TV", "repeat", defaults(campaign, "Media")["TV", "repeat"]) in campaign.defaults


REACH_ONLY: dict[str, list[list[object]]] = {
    "Brief": [*BOOK["Brief"], ["Objective", "reach"]],
    "Vehicles": BOOK["Vehicles"],
}
CUSTOMER_ONLY: list[list[object]] = [["Trait", "Share of universe %"], ["customer", "20 %"]]


def with_columns(path: Path, *headings: str, share: object = "8 %") -> Path:
    names = [row[0] for row in BOOK["Vehicles"][1:]]
    sheets = REACH_ONLY | {
        "Traits": CUSTOMER_ONLY,
        "Composition": [["Vehicle", *headings], *([name, *[share] * len(headings)] for name in names)],
    }
    return only(path, sheets)


def test_influencers_that_traits_leaves_out_keep_their_defaults(tmp_path: Path) -> None:
    campaign = read_campaign(with_columns(tmp_path / "a.xlsx", "customer", "catalyst", "expert: food"))
    assert [(trait.name, trait.role, trait.category) for trait in campaign.traits] == [
        ("customer", "customer", ""),
        ("catalyst", "catalyst", ""),
        ("expert: food", "expert", "food"),
    ]
    assert campaign.composition[0].shares == (0.08, 0.08, 0.08)
    listed = defaults(campaign, "Traits")
    assert {(name, what) for name in ("catalyst", "expert: food") for what in ("role", "share")} <= set(
        listed
    )


def test_a_column_that_is_no_influencer_must_still_be_on_traits(tmp_path: Path) -> None:
    found = problems(with_columns(tmp_path / "a.xlsx", "customer", "left-handed"))
    assert "no such trait; add it there" in found["Composition!C1"]


@pytest.mark.parametrize(
    ("heading", "hint"), [("catalysts", "catalyst"), ("experts: food", "expert: food"), ("expert: fod", "")]
)
def test_another_spelling_of_a_listed_influencer_is_no_new_trait(
    heading: str, hint: str, tmp_path: Path
) -> None:
    found = problems(written(tmp_path / "a.xlsx", {"Composition!G1": heading, "Composition!G2": "5 %"}))
    assert "no such trait" in found["Composition!G1"]
    assert hint in found["Composition!G1"]


def test_a_blank_column_of_an_influencer_that_is_not_listed_is_not_a_trait(tmp_path: Path) -> None:
    campaign = read_campaign(with_columns(tmp_path / "a.xlsx", "catalyst", share=None))
    assert [trait.name for trait in campaign.traits] == ["customer"]


def test_answers_from_the_command_line_are_said_as_a_planner_writes_them(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx")
    notices = read_campaign(path, {"whole": False, "customers_first": 0.9}).notices
    assert "Whole insertions (yes/no) is no, from the command line; the Brief leaves it blank." in notices
    assert "Customers first (keep %) is 90 %, from the command line; the Brief leaves it blank." in notices
    given = {"Brief!A6": "Whole insertions (yes/no)", "Brief!B6": "yes"}
    notices = read_campaign(written(tmp_path / "b.xlsx", given), {"whole": False}).notices
    assert "Whole insertions (yes/no) was set to no on the command line; the Brief says otherwise." in notices


def test_without_customers_the_default_says_that_customers_first_is_off(tmp_path: Path) -> None:
    text = "no trait is a customer: customers first is off"
    place = ("Customers first (keep %)", "customers_first")
    assert text in defaults(read_campaign(only(tmp_path / "a.xlsx", REACH_ONLY)), "Brief")[place]
    assert text not in defaults(read_campaign(written(tmp_path / "b.xlsx")), "Brief")[place]
