"""Textbook programmes of goals, least cost, set covering, ratios and fixed charges, solved from workbooks.

As in test_textbook.py: Audience (000) is the book's exposures per insertion, the universe so large that no rating
matters, and the book's rows are sheets' rows, shown with each case. Sources and recomputed optima (HiGHS through
SciPy, whole optima by enumeration as well): ../shared/cases/textbook.json.

What the book counts is counted by traits: an audience of a book's goal is a trait, and Composition says what part of a
vehicle's audience has it.

One row of one book cannot be stated, a floor under a weighted average over channels (ampl_grp_trp: attractiveness);
it does not bind at the published optimum, and is checked on the plan.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from planner.planning.evaluate import evaluate_plan
from planner.planning.plan import make_plan
from tests.planner.planning.textbook import (
    EXACT,
    GOALS,
    RULES,
    TRAITS,
    VEHICLES,
    Case,
    assert_published,
    campaign_of,
)  # fmt: skip

CASES = {
    "dorian_auto": Case(
        "Winston, Operations Research: Applications and Algorithms, ch. 3: Dorian Auto. Thousands of dollars; millions "
        "of high-income women (HIW) and men (HIM) who see a commercial: comedy 7 and 2, football 2 and 12",
        {"Objective": "minimum cost"},
        {
            "Traits": [TRAITS, ("HIW", "demographic", 40), ("HIM", "demographic", 40)],
            "Audiences": [("Audience", "Definition"), ("women", "HIW"), ("men", "HIM")],
            "Vehicles": [VEHICLES, ("Comedy", "TV", 50, 10, 20), ("Football", "TV", 100, 16, 20)],
            "Composition": [("Vehicle", "HIW %", "HIM %"), ("Comedy", 70, 20), ("Football", 12.5, 75)],
            "Goals": [GOALS, ("women", "impressions (000)", 28), ("men", "impressions (000)", 24)],
        },
        (320, [3.6, 1.4]),
        (400, None),  # 4 and 2, or 6 and 1
    ),
    "super_grain": Case(
        "Hillier and Hillier, Introduction to Management Science: Super Grain's cereal, thousands of dollars. "
        "Planning costs, young children, parents and coupons are traits, each vehicle's share as many as one "
        "insertion has of them",
        {"Objective": "impressions", "Budget": 4_000},
        {
            "Vehicles": [
                VEHICLES, ("TV commercials", "TV", 300, 1_300, 5), ("Magazine ads", "Magazine", 150, 600, 500),
                ("Sunday supplements", "Newspaper", 100, 500, 500),
            ],
            "Traits": [TRAITS, *((name, "demographic", 10) for name in ("planning", "children", "parents", "coupons"))],
            "Composition": [
                ("Vehicle", "planning %", "children %", "parents %", "coupons %"),
                ("TV commercials", 90 / 13, 120 / 13, 50 / 13, 0), ("Magazine ads", 30 / 6, 10 / 6, 20 / 6, 40 / 6),
                ("Sunday supplements", 8, 0, 4, 24),
            ],
            "Goals": [
                (*GOALS, "At most"), ("planning", "impressions (000)", None, 1_000),
                ("children", "impressions (000)", 500), ("parents", "impressions (000)", 500),
                ("coupons", "impressions (000)", 1_490, 1_490),
            ],
        },
        (16_175, [3, 14, 7.75]),
    ),
    "publicity": Case(
        "Gueret, Prins, Sevaux, Applications of Optimization with Xpress-MP: publicity campaign; perception quality is "
        "ten thousand contacts, people reached (000) are a trait",
        {"Objective": "impressions", "Budget": 250_000},
        {
            "Vehicles": [
                VEHICLES, ("Free weekly", "Newspaper", 1_500, 30, 4), ("Monthly", "Magazine", 8_000, 70, 2),
                ("Weekly", "Magazine", 12_000, 80, 8), ("Radio spot", "Radio", 9_000, 20, 60),
                ("Billboard", "Outdoor", 24_000, 60, 4), ("TV spot", "TV", 51_000, 90, 8),
            ],
            "Traits": [TRAITS, ("people", "demographic", 10)],
            "Composition": [
                ("Vehicle", "people %"), ("Free weekly", 40), ("Monthly", 150 / 70), ("Weekly", 2.5),
                ("Radio spot", 30), ("Billboard", 5), ("TV spot", 10),
            ],
            "Goals": [GOALS, ("people", "impressions (000)", 100)],
        },
        (1_220, [4, 2, 8, 4, 4, 0]),
        (1_220, [4, 2, 8, 4, 4, 0]),
    ),
    "eddie_kelly": Case(
        "Render & Stair, Quantitative Analysis for Management: Eddie Kelly's re-election; studyres.com/doc/21290957",
        {"Objective": "impressions", "Budget": 15_000},
        {
            "Vehicles": [
                VEHICLES, ("TV", "Television", 800, 30_000, 10), ("Radio", "Broadcast", 400, 22_000, 10),
                ("Billboard", "Outdoor", 500, 24_000, 10), ("Newspaper", "Print", 100, 8_000, 10),
            ],
            "Rules": [
                RULES, ("on air", "TV; Radio", 6, None, "insertions"),
                ("no more than TV", "Billboard; Newspaper", None, 100, "% of spend of TV"),
            ],
        },
        (722_250, [6.875, 10, 9, 10]),
        (718_000, [7, 10, 9, 9]),
    ),
    "ampl_grp_trp": Case(
        "github.com/ampl/colab.ampl.com, authors/mikhail/Advertisement/TV_Advertisement_campaign_GRP_TRP.ipynb, "
        "as coded there: 7 channels, each at least 3 % of all GRP, three of them 70 %, 70 % of the money on five",
        {"Objective": "impressions", "Budget": 500_000},
        {
            "Vehicles": [
                VEHICLES,
                *(
                    (f"TV-{n}", "TV", cost, 1_000 * points, 600)
                    for n, cost, points in (
                        (1, 1_500, 0.75), (2, 1_350, 0.9), (3, 1_100, 1.35), (4, 1_000, 1.05), (5, 1_000, 1.35),
                        (6, 1_350, 0.95), (7, 900, 1.25),
                    )
                ),
            ],
            "Rules": [
                RULES, ("leaders", "TV-1; TV-2; TV-6", 70, None, "% of GRP"),
                *((f"some of {n}", f"TV-{n}", 3, None, "% of GRP") for n in range(1, 8)),
                ("Media International", "TV-1; TV-2; TV-3; TV-4; TV-5", 350_000, 350_000, "money"),
            ],
        },
        (392_120.1302, [15.684805, 181.250175, 8.713781, 11.203432, 60.996465, 104.837189, 9.410883]),
        None,
        {"attractiveness": ([-25, -10, 35, 5, 35, -5, 25], 0)},
    ),
    "aimms_cover": Case(
        "AIMMS Modeling Guide, ch. 9: media selection by set covering; six audiences, each to be covered by a medium",
        {"Objective": "minimum cost"},
        {
            "Vehicles": [
                VEHICLES,
                *(
                    (name, "all", cost, 100, 1)
                    for name, cost in (
                        ("Glossy magazine", 20_000), ("TV late night", 50_000), ("TV prime time", 60_000),
                        ("Billboard train", 45_000), ("Billboard bus", 30_000), ("National paper", 55_000),
                        ("Financial paper", 60_000), ("Regional paper", 52_500),
                    )
                ),
            ],
            "Rules": [
                RULES,
                ("audience 1", "Glossy magazine; Billboard train; Regional paper", 1, None, "vehicles"),
                ("audience 2", "TV late night; TV prime time; Financial paper", 1, None, "vehicles"),
                ("audience 3", "TV late night; Billboard bus", 1, None, "vehicles"),
                ("audience 4", "Glossy magazine; National paper", 1, None, "vehicles"),
                ("audience 5", "Financial paper; Regional paper", 1, None, "vehicles"),
                ("audience 6", "TV prime time; Billboard train; National paper", 1, None, "vehicles"),
            ],
        },
        None,
        (155_000, [1, 0, 0, 1, 1, 0, 1, 0]),
    ),
    "fixed_charge_media": Case(
        "github.com/raulalmuzara/optimization-problems-lingo-gusek (1091b75), problem 3: a fixed cost and a smallest "
        "buy of each medium; thousands of euros",
        {"Objective": "impressions", "Budget": 500_000},
        {
            "Vehicles": [
                (*VEHICLES, "Fixed cost", "Smallest buy"),
                ("TV", "TV", 2_000, 20_000, 10_000, 300_000, 100),
                ("Radio", "Radio", 100, 5_000, 10_000, 100_000, 200),
                ("Billboard", "Outdoor", 10, 50, 10_000, 1_000, 2_000),
            ],
        },
        (20_000_000, [0, 4_000, 0]),
        (20_000_000, [0, 4_000, 0]),
    ),
}  # fmt: skip

GSU = Case(
    "Georgia State University, dscthw 8140, goal/Advert.html: exposure goals that a budget of 100 cannot meet together "
    "(it is an exercise in goal programming)",
    {"Objective": "impressions", "Budget": 100},
    {
        "Traits": [TRAITS, ("upper income", "demographic", 20), ("under 30", "demographic", 40)],
        "Audiences": [("Audience", "Definition"), ("rich", "upper income"), ("young", "under 30")],
        "Vehicles": [VEHICLES, ("TV", "TV", 1, 13_000, 200), ("Radio", "Radio", 1, 6_000, 200)],
        "Composition": [
            ("Vehicle", "upper income %", "under 30 %"),
            ("TV", 100 / 13, 900 / 13), ("Radio", 25, 50),
        ],
        "Goals": [
            GOALS, ("rich", "impressions (000)", 140_000), ("young", "impressions (000)", 500_000),
            ("everyone", "impressions (000)", 1_000_000),
        ],
    },
)  # fmt: skip


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.fractional])
def test_the_fractional_plan_is_the_published_optimum(name: str, tmp_path: Path) -> None:
    assert_published(
        make_plan(campaign_of(CASES[name], False, tmp_path / "book.xlsx"), EXACT), CASES[name], False
    )


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if case.whole])
def test_the_whole_plan_is_the_published_optimum(name: str, tmp_path: Path) -> None:
    assert_published(
        make_plan(campaign_of(CASES[name], True, tmp_path / "book.xlsx"), EXACT), CASES[name], True
    )


def test_dorian_auto_has_two_whole_plans_and_ours_is_one_of_them(tmp_path: Path) -> None:
    plan = make_plan(campaign_of(CASES["dorian_auto"], True, tmp_path / "book.xlsx"), EXACT)
    assert plan.vehicles.insertions.tolist() in ([4, 2], [6, 1])
    assert plan.cost == 400


@pytest.mark.parametrize(("audience", "price"), [("women", 5.0), ("men", 7.5)])
def test_a_million_more_of_either_audience_costs_the_books_shadow_price(
    audience: str, price: float, tmp_path: Path
) -> None:
    campaign = campaign_of(CASES["dorian_auto"], False, tmp_path / "book.xlsx")
    more = tuple(
        replace(goal, at_least=(goal.at_least or 0.0) + (goal.audience == audience))
        for goal in campaign.goals
    )
    dearer = make_plan(replace(campaign, goals=more), EXACT)
    assert dearer.cost - 320 == pytest.approx(price, abs=1e-4)


def test_the_wrong_answer_that_was_published_for_eddie_kelly_is_rejected(tmp_path: Path) -> None:
    """homeworksource.com/p/1028736: 6, 10, 10, 10 for 720,000. Billboards and newspapers would cost 6,000, TV 4,800."""
    campaign = campaign_of(CASES["eddie_kelly"], True, tmp_path / "book.xlsx")
    wrong = np.array([6.0, 10.0, 10.0, 10.0])
    result = evaluate_plan(campaign, wrong, wrong, EXACT)
    assert result.value == pytest.approx(720_000)
    assert result.status == "broken"
    (broken,) = [rule for rule in result.rules if not rule.holds]
    assert (broken.cell, broken.slack) == ("Rules!B3", -1_200)
    assert result.bound == pytest.approx(718_000, rel=1e-6)


def test_a_programme_that_ignores_whole_numbers_gets_the_set_cover_wrong(tmp_path: Path) -> None:
    """The relaxation costs 150,000 with three halves; fractions here are bought from a hundredth on, and cost next to
    nothing: neither is a cover, which is why the case is for whole insertions."""
    plan = make_plan(campaign_of(CASES["aimms_cover"], True, tmp_path / "book.xlsx"), EXACT)
    assert plan.bound == pytest.approx(155_000, rel=1e-6)


def test_goals_beyond_the_budget_are_said_to_conflict(tmp_path: Path) -> None:
    """Rich needs at most 20 of TV (150,000 less 500 for each), young at least 34 (3,000 and 6,000 for each)."""
    campaign = campaign_of(GSU, False, tmp_path / "book.xlsx")
    with pytest.raises(InfeasiblePlan) as error:
        make_plan(campaign, EXACT)
    cells = {rule.split(": ")[0] for rule in error.value.rules}
    named = [goal for goal in campaign.goals if goal.cell in cells]
    assert cells == {"Brief!B4", *(goal.cell for goal in named)}
    assert 1 <= len(named) <= 2
    for dropped in named:  # irreducible: without any one of them the others can hold
        rest = tuple(goal for goal in named if goal is not dropped)
        assert make_plan(replace(campaign, goals=rest), EXACT).status == "optimal"


def test_cost_per_thousand_is_kotlers(tmp_path: Path) -> None:
    """Kotler & Armstrong, Principles of Marketing, 17th ed., p. 468: a page in Forbes, 163,413 for 900,000 readers,
    costs 181 per thousand (181.57, cut); in the Northeast edition of Businessweek, 48,100 for 155,000, 310."""
    case = Case(
        "", {"Objective": "impressions", "Budget": 300_000},
        {"Vehicles": [VEHICLES, ("Forbes", "Magazine", 163_413, 900, 1), ("Businessweek NE", "Print", 48_100, 155, 1)]},
    )  # fmt: skip
    ranking = make_plan(campaign_of(case, True, tmp_path / "book.xlsx"), EXACT).ranking
    assert ranking is not None
    assert ranking.cpm == pytest.approx([181.57, 310.323], abs=1e-2)
