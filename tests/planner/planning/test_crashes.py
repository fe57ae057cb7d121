"""Campaigns on which the program once ended with a fault of its own, or said what was not so."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.errors import InfeasiblePlan
from planner.campaign.inputs import Campaign
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.workbook.campaign.parse import read_campaign

QUICK = Options(seconds=30, break_even=False)
Rows = list[tuple[Any, ...]]
BRIEF: dict[str, Any] = {"Universe (000)": 50_000, "Budget": 150_000, "Weeks": 4, "Objective": "influence"}
VEHICLES: Rows = [
    ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"),
    ("Morning Show", "TV", 10_000, 3_000, 10), ("Evening News", "TV", 25_000, 6_000, 10),
    ("Quiz Night", "TV", 18_000, 4_500, 10), ("Weekly Herald", "Newspapers", 9_000, 1_500, 6),
    ("Home & Garden", "Magazines", 7_000, 1_200, 4), ("City Times", "Newspapers", 6_000, 900, 6),
]  # fmt: skip
SHARES: Rows = [("Vehicle", "catalyst"), *((row[0], 12) for row in VEHICLES[1:])]


@pytest.fixture
def campaign(tmp_path: Path) -> Callable[..., Campaign]:
    """The campaign of a workbook of these sheets; keywords with blanks are answers of the Brief."""

    def read(sheets: dict[str, Rows], **brief: Any) -> Campaign:
        book = openpyxl.Workbook()
        book.active.title = "Brief"
        for answer in (BRIEF | brief).items():
            book["Brief"].append(answer)
        for name, rows in ({"Vehicles": VEHICLES, "Composition": SHARES} | sheets).items():
            page = book.create_sheet(name)
            for row in rows:
                page.append(row)
        book.save(tmp_path / "campaign.xlsx")
        return read_campaign(tmp_path / "campaign.xlsx")

    return read


@pytest.mark.parametrize("nobody", [2, 3, 6])
def test_vehicles_that_nobody_of_a_trait_meets_are_planned(
    nobody: int, campaign: Callable[..., Campaign]
) -> None:
    """Two, three or all vehicles without catalysts: those are reached by the others alone, in the end by none."""
    shares = [SHARES[0], *((row[0], 0 if at < nobody else 12) for at, row in enumerate(SHARES[1:]))]
    result = make_plan(campaign({"Composition": shares}), QUICK)
    reach = {found.name: found.reach_share for found in result.audiences}
    assert 0 <= reach["catalysts"] <= 1
    assert (reach["catalysts"] == 0) == (nobody == 6)
    assert reach["everyone"] > 0.2


def test_least_money_with_a_goal_on_contacts_and_a_smallest_buy_is_planned(
    campaign: Callable[..., Campaign],
) -> None:
    vehicles = [(*VEHICLES[0], "Smallest buy"), *((*row, 3) for row in VEHICLES[1:])]
    goals: Rows = [("Audience", "Measure", "At least", "At most"), ("everyone", "2+ %", 5, None)]
    brief = {"Objective": "minimum cost", "Budget": None}
    result = make_plan(campaign({"Vehicles": vehicles, "Goals": goals}, **brief), QUICK)
    assert all(count == 0 or count >= 3 for count in result.vehicles.insertions)
    everyone = next(found for found in result.audiences if found.name == "everyone")
    assert everyone.distribution[2:].sum() >= 0.05 - 1e-9  # a rounding of sums
    assert result.cost > 0


def test_a_mixture_that_nothing_satisfies_has_no_plan(campaign: Callable[..., Campaign]) -> None:
    """Packages, a share, rating points and a goal on contacts, for 254."""
    vehicles: Rows = [
        ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max", "Fixed cost"),
        ("V0", "TV", 152, 22, 3), ("V1", "TV", 122, 162, 1), ("V2", "TV", 196, 112, 2), ("V3", "TV", 100, 159, 2),
        ("V4", "Magazines", 116, 18, 3, 46),
    ]  # fmt: skip
    sheets: dict[str, Rows] = {
        "Traits": [("Trait", "Role", "Share of universe %"), ("customer", "customer", 30),
                   ("catalyst", "catalyst", 12)],
        "Vehicles": vehicles,
        "Composition": [
            ("Vehicle", "catalyst", "customer"), ("V0", 6.6, 24), ("V1", 21.4, 29.1), ("V2", 10.9, 30.7),
            ("V3", 14.1, 19.7), ("V4", 13.2, 13.6),
        ],
        "Rules": [
            ("Rule", "Applies to", "At least", "At most", "Unit"), ("r0", "V0; V2", 40, None, "% of spend"),
            ("r1", "V0; V1; V2", 24.5, None, "GRP"),
        ],
        "Goals": [("Audience", "Measure", "At least", "At most"), ("everyone", "2+ %", 15, None)],
        "Packages": [
            ("Package", "Vehicle", "Insertions", "Price"), ("P0", "V1", 1, 496), ("P0", "V2", 2, 496),
            ("P1", "V0", 1, 443), ("P1", "V2", 1, 443), ("P1", "V4", 2, 443),
        ],
    }  # fmt: skip
    made = campaign(sheets, **{"Universe (000)": 1_000, "Budget": 254, "Customers first (keep %)": 0})
    with pytest.raises(InfeasiblePlan):
        make_plan(made, QUICK)


def test_a_share_of_the_budget_is_not_a_share_of_the_spend(campaign: Callable[..., Campaign]) -> None:
    """10 % of 600,000 is 60,000 in TV, where 171,000 can be spent in all."""
    rules: Rows = [
        ("Rule", "Applies to", "At least", "At most", "Unit"),
        ("cap", "TV", None, "10 %", "% of budget"),
    ]
    result = make_plan(campaign({"Rules": rules}, Objective="reach", Budget=600_000), QUICK)
    media = {row.name: row.medium for row in result.campaign.vehicles}
    costs = dict(zip(media, result.vehicles.insertions * result.vehicles.net_cost, strict=True))
    assert 50_000 <= sum(cost for name, cost in costs.items() if media[name] == "TV") <= 60_000
    assert sum(costs.values()) > 100_000


def test_weekly_caps_are_kept_and_the_plan_is_proven(campaign: Callable[..., Campaign]) -> None:
    weeks: Rows = [("Vehicle", "W1", "W2", "W3", "W4"), ("budget at most", *[30_000] * 4)]
    result = make_plan(campaign({"Weeks": weeks}), QUICK)
    assert result.status == "optimal"
    assert result.weeks is not None
    assert max(result.weeks.cost) <= 30_000 + 1e-6


@pytest.mark.parametrize("keep", [90, 97, 100])
def test_customers_are_never_served_better_than_by_the_best_plan_for_them(
    keep: float, campaign: Callable[..., Campaign]
) -> None:
    traits: Rows = [
        ("Trait", "Role", "Share of universe %"),
        ("catalyst", "catalyst", 10),
        ("customer", "customer", 20),
    ]
    shares = [
        ("Vehicle", "catalyst", "customer"),
        *((row[0], 8 + at, 30 - 3 * at) for at, row in enumerate(VEHICLES[1:])),
    ]
    sheets = {"Traits": traits, "Composition": shares}
    result = make_plan(campaign(sheets, **{"Customers first (keep %)": keep}), QUICK)
    assert result.customers_first is not None
    assert result.customers_first.floor - 1e-9 <= result.customers_first.kept <= result.customers_first.best
