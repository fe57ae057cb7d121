"""Whole campaigns as planners made them (invented figures and names), read as they were meant."""

from pathlib import Path

import pytest

from planner.campaign.inputs import Campaign
from planner.workbook.campaign.parse import read_campaign

CAMPAIGNS = Path(__file__).parent / "campaigns"


def campaign(name: str) -> Campaign:
    return read_campaign(CAMPAIGNS / f"{name}.xlsx")


def test_a_rate_card_with_titles_totals_and_currency_signs() -> None:
    read = campaign("launch_21_vehicles")
    brief, first, last = read.brief, read.vehicles[0], read.vehicles[-1]
    assert (brief.currency, brief.budget, brief.universe_000, brief.weeks) == ("£", 1_500_000, 52_900, 8)
    assert len(read.vehicles) == 21
    assert (first.name, first.unit_cost, first.audience_000, first.discount) == (
        "Channel 3 Soap",
        62_000,
        3_900,
        0.1,
    )
    assert (last.name, last.unit_cost, last.audience_000, last.maximum) == (
        "Food site takeover",
        18_000,
        650,
        10,
    )
    assert read.composition[0].shares == (0.08, 0.16, 0.14, 0.68, 0.15, 0.3, 0.55)
    assert [(rule.applies_to, rule.at_least, rule.at_most, rule.unit) for rule in read.rules] == [
        ("TV", 0.5, None, "share"), ("Digital", None, 0.1, "share"), ("food press", 2, None, "vehicles"),
        ("daytime", None, 0.2, "share"),
    ]  # fmt: skip
    named = " ".join(read.notices)
    for said in (
        '"Timing plan (client)"',
        "MEDIA BRIEF v3 FINAL",
        "Vehicles!L3",
        "rows 13",
        "row 29",
        '"Influencers"',
    ):
        assert said in named


def test_sixty_vehicles_by_rating_with_discounts_packages_and_weekly_budgets() -> None:
    read = campaign("grill_60_vehicles")
    first = read.vehicles[0]
    assert (len(read.vehicles), read.brief.budget, read.brief.weeks) == (60, 12_000_000, 13)
    assert first.audience_000 == pytest.approx(0.069 * 258_000)  # 6.9 %
    assert (len(read.packages), len(read.discounts)) == (2, 4)
    assert read.calendar is not None
    assert (len(read.calendar.limits), len(read.calendar.factors)) == (13, 1)
    assert [(goal.audience, goal.measure) for goal in read.goals] == [
        ("target", "reach"), ("everyone", "average frequency"),
    ]  # fmt: skip
    assert "TOTAL TV/CABLE" in read.notices[0]


def test_decimal_commas_indices_and_goals_without_a_budget() -> None:
    read = campaign("pesto_minimum_cost")
    first = read.vehicles[0]
    assert (read.brief.objective, read.brief.currency, len(read.vehicles)) == ("minimum cost", "EUR", 15)
    assert first.audience_000 == pytest.approx(0.098 * 14_800)  # "9,8"
    assert read.composition[0].shares[1] == pytest.approx(0.118)  # index 118 of 10 %
    assert [(goal.audience, goal.measure, goal.at_least) for goal in read.goals] == [
        ("Shoppers", "reach", 0.7), ("Foodies", "effective reach", 0.35), ("target", "grp", 250),
    ]  # fmt: skip
    assert read.notices == ()
