"""Fixed costs, smallest buys, discounts by volume and packages: what is read, what is asked, where."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.rule_rows import DiscountRow, PackageRow
from planner.report.campaign.check_text import check_json, check_text
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import rewritten

Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]
Rows = dict[str, list[list[object]]]
TV = ("Quiz", "News")

# --- vehicles ---------------------------------------------------------------------------------------


def test_a_smallest_buy_and_a_fixed_cost_are_read(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign(None, {"Vehicles!H2": 3, "Vehicles!I2": "€ 1.250,50"})
    assert [(row.smallest_buy, row.fixed_cost) for row in campaign.vehicles[:2]] == [(3, 1250.5), (0, 0)]
    assert campaign.cells["Vehicles", "Quiz", "smallest_buy"] == "Vehicles!H2"
    assert rewritten(campaign, tmp_path / "again.xlsx").vehicles == campaign.vehicles


def test_blank_columns_are_defaults_that_are_listed(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign()
    texts = [found.text for found in campaign.defaults if found.sheet == "Vehicles"]
    assert {"Fixed cost: no fixed costs", "Smallest buy: no smallest buys"} <= set(texts)
    assert rewritten(campaign, tmp_path / "again.xlsx").defaults == campaign.defaults


VEHICLES_BROKEN: list[tuple[dict[str, object], str, str]] = [
    ({"Vehicles!H2": 5}, "Vehicles!H2", "smallest buy 5 exceeds maximum 4 (Vehicles!G2)"),
    (
        {"Vehicles!H2": 3, "Vehicles!J2": 2},
        "Vehicles!J2",
        "locked at 2, below the smallest buy 3 (Vehicles!H2)",
    ),
    ({"Vehicles!H2": 1.5}, "Vehicles!H2", "Smallest buy is 1.5; expected a whole number"),
    ({"Vehicles!H2": -1}, "Vehicles!H2", "at least 0"),
    ({"Vehicles!I2": -1}, "Vehicles!I2", "at least 0"),
    ({"Vehicles!I2": "much"}, "Vehicles!I2", "is not a number"),
]


@pytest.mark.parametrize(("edits", "cell", "words"), VEHICLES_BROKEN)
def test_every_problem_of_a_vehicle_names_its_cell(
    edits: dict[str, object], cell: str, words: str, buyers_problems: Problems
) -> None:
    found = buyers_problems(None, edits)
    assert list(found) == [cell]
    assert words in found[cell]


@pytest.mark.parametrize(
    "edits", [{"Vehicles!H2": 3, "Vehicles!J2": 0}, {"Vehicles!H2": 3, "Vehicles!G2": 0}]
)
def test_a_vehicle_that_is_switched_off_keeps_its_smallest_buy(
    edits: dict[str, object], buyers_campaign: Build
) -> None:
    assert buyers_campaign(None, edits).vehicles[0].smallest_buy == 3


# --- discounts --------------------------------------------------------------------------------------


def steps(*rows: list[object]) -> Rows:
    return {"Discounts": list(rows)}


def test_rows_of_the_same_name_are_the_steps_of_one_discount(buyers_campaign: Build) -> None:
    rows = steps(["medium: TV", 1000, "money", "5 %"], [" Medium:  tv", "€ 2.500,50", None, "7.5 %"])
    assert buyers_campaign(rows).discounts == (
        DiscountRow("medium: TV", TV, "money", 1000, 0.05, "Discounts!B2"),
        DiscountRow("medium: TV", TV, "money", 2500.5, 0.075, "Discounts!B3"),
    )


def test_steps_are_put_in_rising_order(buyers_campaign: Build) -> None:
    rows = steps(["Quiz", 4, None, 20], ["Drive", 10, None, 5], ["Quiz", 2, None, 10])
    read = buyers_campaign(rows).discounts
    assert [(row.applies_to, row.start, row.rate) for row in read] == [
        ("Quiz", 2, 0.1), ("Quiz", 4, 0.2), ("Drive", 10, 0.05),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "by"),
    [
        ("Quiz", "insertions"),
        ("vehicle: quiz", "insertions"),
        ("Radio", "money"),
        ("TV", "money"),
        ("Quiz; Cook", "money"),
        ("all", "money"),
    ],
)
def test_a_blank_unit_counts_insertions_of_a_vehicle_and_money_of_several(
    name: str, by: str, buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(steps([name, 3, None, "10 %"]))
    assert campaign.discounts[0].by == by
    assert f"{name}: From counts {by}" in [found.text for found in campaign.defaults]
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert (again.discounts, again.defaults) == (campaign.discounts, campaign.defaults)


@pytest.mark.parametrize(
    ("typed", "by"),
    [
        ("Spots", "insertions"),
        ("EUR", "money"),
        ("€", "money"),
        ("spend", "money"),
        ("insertions", "insertions"),
    ],
)
def test_a_discounts_unit_is_read_loosely(
    typed: str, by: str, buyers_campaign: Build, tmp_path: Path
) -> None:
    campaign = buyers_campaign(steps(["group: family", 3, typed, "10 %"]))
    assert (campaign.discounts[0].by, campaign.discounts[0].vehicles) == (by, ("Quiz", "Cook"))
    assert "Discounts" not in {found.sheet for found in campaign.defaults}
    assert rewritten(campaign, tmp_path / "again.xlsx").discounts == campaign.discounts


def test_cells_of_a_discount_are_known(buyers_campaign: Build) -> None:
    campaign = buyers_campaign(steps(["Quiz", 3, None, "10 %"]))
    assert campaign.cells["Discounts", "Discounts!B2", "rate"] == "Discounts!D2"
    assert campaign.cells["Discounts", "Discounts!B2", "start"] == "Discounts!B2"


def test_a_step_above_all_that_there_can_be_is_noticed(buyers_campaign: Build) -> None:
    campaign = buyers_campaign(steps(["Quiz", 4, None, "10 %"], ["Quiz", 5, None, "20 %"]))
    assert campaign.notices == (
        "Discounts!B3: the discount from 5 insertions on is never attained; there can be 4 (Max).",
    )


DISCOUNTS_BROKEN: list[tuple[Rows, str, str]] = [
    (steps(["Quizz", 3, None, "10 %"]), "A2", 'did you mean "Quiz"?'),
    (steps([None, 3, None, "10 %"]), "A2", "no Vehicle or group; name it"),
    (steps([";", 3, None, "10 %"]), "A2", "The discount applies to nothing"),
    (steps(["Quiz", None, None, "10 %"]), "B2", 'The discount on "Quiz" has no From; write it.'),
    (steps(["Quiz", 0, None, "10 %"]), "B2", "expected a number above 0"),
    (steps(["Quiz", 2.5, None, "10 %"]), "B2", "From 2.5 counts insertions; expected a whole number"),
    (steps(["Quiz", 3, "GRP", "10 %"]), "C2", 'Unit is "GRP"; expected insertions or money.'),
    (steps(["Quiz", 3, "mony", "10 %"]), "C2", 'did you mean "money"?'),
    (
        steps(["Quiz", 3, "money", "10 %"], ["Quiz", 4, "spots", "20 %"]),
        "C3",
        'The discount on "Quiz" counts spots here, but money in Discounts!C2; write the same in both.',
    ),
    (steps(["Quiz", 3, None, None]), "D2", "has no Discount %; write it."),
    (steps(["Quiz", 3, None, 0.1]), "D2", "is that 0.1 % or 10 %?"),
    (steps(["Quiz", 3, None, "0 %"]), "D2", "above 0 %"),
    (steps(["Quiz", 3, None, "100 %"]), "D2", "at most 99.9 %"),
    (
        steps(["Quiz", 3, None, "5 %"], ["Quiz", 3, None, "9 %"]),
        "B3",
        "From 3 is there twice (also Discounts!B2)",
    ),
    (
        steps(["Quiz", 2, None, "9 %"], ["Quiz", 3, None, "5 %"]),
        "D3",
        "The discount from 3 on, 5 %, is not more than the 9 % from 2 on (Discounts!D2); change one of them.",
    ),
    (
        steps(["Quiz", 20, "money", "9 %"], ["Quiz", 200, None, "9 %"]),
        "D3",
        "is not more than the 9 % from 20 on (Discounts!D2)",
    ),
    (
        steps(["Quiz", 3, None, "5 %"], ["medium: TV", 900, None, "5 %"], ["TV; Cook", 2, "spots", "5 %"]),
        "A3",
        '"Quiz" is in two discounts: "medium: TV" here and "Quiz" (Discounts!A2); it can be in one.',
    ),
]


@pytest.mark.parametrize(
    ("rows", "cell", "words"), DISCOUNTS_BROKEN, ids=[cell + words for _, cell, words in DISCOUNTS_BROKEN]
)
def test_every_problem_of_a_discount_names_its_cell(
    rows: Rows, cell: str, words: str, buyers_problems: Problems
) -> None:
    found = buyers_problems(rows)
    assert words in found.get(f"Discounts!{cell}", f"nothing there, but {found}")
    assert all(text.endswith((".", "?")) for text in found.values())
    assert len(found) <= 2  # one thing wrong is not reported as many


# --- packages ---------------------------------------------------------------------------------------


def package(*rows: list[object]) -> Rows:
    return {"Packages": list(rows)}


@pytest.mark.parametrize(
    "rows",
    [
        package(["Duo", "Quiz", 2, 350], ["Duo", "Cook", 1, None]),
        package(["Duo", "Quiz", 2, "€ 350"], [" duo", " COOK\u00a0", "1", 350]),
        package(["Duo", "Quiz", 2, None], ["Duo", "Cook", 1, 350]),
    ],
)
def test_a_package_is_its_rows_and_one_price(rows: Rows, buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign(rows)
    (read,) = campaign.packages
    assert (read.name, read.vehicles, read.insertions, read.price) == ("Duo", ("Quiz", "Cook"), (2, 1), 350)
    assert read.cell in ("Packages!D2", "Packages!D3")
    assert campaign.cells["Packages", "Duo", "price"] == read.cell
    assert campaign.cells["Packages", "Duo / Cook", "insertions"] == "Packages!C3"
    again = rewritten(campaign, tmp_path / "again.xlsx").packages
    assert again == (PackageRow("Duo", ("Quiz", "Cook"), (2, 1), 350, "Packages!D2"),)


def test_merged_names_and_prices_are_filled_down(buyers_book: Callable[..., Path]) -> None:
    path = buyers_book(package(["Duo", "Quiz", 2, 350], [None, "Cook", 1, None], ["Solo", "News", 4, 0]))
    book = openpyxl.load_workbook(path)
    for cells in ("A2:A3", "D2:D3"):
        book["Packages"].merge_cells(cells)
    book.save(path)
    assert read_campaign(path).packages == (
        PackageRow("Duo", ("Quiz", "Cook"), (2, 1), 350, "Packages!D2"),
        PackageRow("Solo", ("News",), (4,), 0, "Packages!D4"),
    )


def test_a_vehicle_without_a_price_can_be_in_a_package_and_must_be_bought_there(
    buyers_campaign: Build,
) -> None:
    rows = package(["Duo", "Quiz", 2, 350], ["Duo", "Cook", 1, None])
    campaign = buyers_campaign(rows, {"Vehicles!E4": "?", "Vehicles!K4": "yes"})
    assert (campaign.vehicles[2].unit_cost, campaign.vehicles[2].must_buy) == (None, True)
    assert "Not quoted  1 vehicle (price ?): bought in a package only" in check_text(campaign, 4)


def test_a_must_buy_without_a_price_outside_any_package_stays_a_problem(buyers_problems: Problems) -> None:
    found = buyers_problems(package(["Solo", "Quiz", 2, 350]), {"Vehicles!E4": "?", "Vehicles!K4": "yes"})
    assert "its price is not quoted" in found["Vehicles!K4"]


PACKAGES_BROKEN: list[tuple[Rows, str, str]] = [
    (package(["Duo", "Quizz", 2, 350]), "B2", 'is not a vehicle of the sheet Vehicles; did you mean "Quiz"?'),
    (package(["Duo", "Zebra", 2, 350]), "B2", "add it there, or remove the row."),
    (package(["Duo", None, 2, 350]), "B2", 'The package "Duo" has a row without a vehicle'),
    (package([None, "Quiz", 2, 350]), "A2", "no Package; name it"),
    (package(["Duo", "Quiz", None, 350]), "C2", '"Quiz" has no insertions in the package; write how many.'),
    (package(["Duo", "Quiz", 0, 350]), "C2", "expected a number above 0"),
    (package(["Duo", "Quiz", 1.5, 350]), "C2", "expected a whole number, because the Brief asks for whole"),
    (
        package(["Duo", "Quiz", 5, 350]),
        "C2",
        'The package "Duo" has 5 insertions of "Quiz", more than its maximum 4 (Vehicles!G2); change one of them.',
    ),
    (package(["Duo", "Quiz", 2, None]), "D2", 'The package "Duo" has no price; write what all of it costs.'),
    (package(["Duo", "Quiz", 2, -1]), "D2", "at least 0"),
    (package(["Duo", "Quiz", 2, "?"]), "D2", "is not a number"),
    (
        package(["Duo", "Quiz", 2, 350], ["Duo", "Cook", 1, 100]),
        "D3",
        'The package "Duo" has two prices (also Packages!D2)',
    ),
    (
        package(["Duo", "Quiz", 2, 350], ["Duo", "quiz", 1, None]),
        "B3",
        '"Quiz" is twice in the package "Duo" (also Packages!B2); write it once, with all its insertions.',
    ),
]


@pytest.mark.parametrize(
    ("rows", "cell", "words"), PACKAGES_BROKEN, ids=[cell + words for _, cell, words in PACKAGES_BROKEN]
)
def test_every_problem_of_a_package_names_its_cell(
    rows: Rows, cell: str, words: str, buyers_problems: Problems
) -> None:
    found = buyers_problems(rows)
    assert list(found) == [f"Packages!{cell}"]  # one thing wrong is not reported as many
    assert words in found[f"Packages!{cell}"]
    assert found[f"Packages!{cell}"].endswith((".", "?"))


def test_parts_of_insertions_are_allowed_where_the_brief_allows_them(buyers_campaign: Build) -> None:
    rows = package(["Duo", "Quiz", 1.5, 350]) | steps(["Drive", 2.5, None, "5 %"])
    campaign = buyers_campaign(rows, **{"Whole insertions": "no"})
    assert (campaign.packages[0].insertions, campaign.discounts[0].start) == ((1.5,), 2.5)


def test_check_counts_discounts_and_packages(buyers_campaign: Build) -> None:
    rows = package(["Duo", "Quiz", 2, 350], ["Duo", "Cook", 1, None], ["Solo", "News", 4, 700])
    rows |= steps(["Drive", 5, None, "5 %"], ["Drive", 10, None, "10 %"], ["Cook", 2, None, "3 %"])
    campaign = buyers_campaign(rows)
    told = check_text(campaign, 4)
    assert "Discounts   2 discounts with 3 steps" in told
    assert "Packages    2 packages" in told
    assert (check_json(campaign, 4)["discounts"], check_json(campaign, 4)["packages"]) == (2, 2)
