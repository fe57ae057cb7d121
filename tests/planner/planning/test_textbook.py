"""Textbook media-selection programmes, solved from workbooks as a planner would send them.

Each case is a campaign of the impressions objective: Audience (000) is the book's exposures per insertion, the
universe is so large that no rating matters, and the book's rows are the sheets' budget, Max and Rules. The
published optimum is compared with the plan, in fractions and in whole insertions. The cases, their sources
and recomputed optima (HiGHS through SciPy, whole optima by enumeration as well): ../shared/cases/textbook.json.

A row of the book that counts other people than its exposures are (customers) is left out where it does not bind at
the published optimum (a convex programme keeps its optimum then), and checked on the plan afterwards; `spare` says
which.

Cases of goals, least cost, set covering, ratios and fixed charges are in test_textbook_goals.py.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import PlanResult
from planner.workbook.campaign.parse import read_campaign

# A vehicle's Max where the book has no upper limit: more than any budget here buys.
UNLIMITED = 500


@dataclass(frozen=True)
class Case:
    """source: where it was printed. vehicles: name, medium, cost, exposures, most insertions.
    rules: applies to, at least, at most, unit. spare: rows of the book, "at least" in form, that are left out
    because they do not bind: coefficients and right side. fractional, whole: optimum and insertions; whole
    insertions None where several plans are best."""

    source: str
    budget: float
    vehicles: Sequence[tuple[str, str, float, float, float]]
    rules: Sequence[tuple[str, float | None, float | None, str]]
    fractional: tuple[float, Sequence[float]]
    whole: tuple[float, Sequence[float]]
    spare: Mapping[str, tuple[Sequence[float], float]]


CASES = {
    "win_big": Case(
        "Render & Stair, Quantitative Analysis for Management, LP applications: Win Big Gambling Club",
        8_000,
        [("TV spot", "TV", 800, 5_000, 12), ("Daily newspaper", "Newspaper", 925, 8_500, 5),
         ("Radio prime", "Radio", 290, 2_400, 25), ("Radio afternoon", "Radio", 380, 2_800, 20)],
        [("medium: Radio", 5, None, "insertions"), ("medium: Radio", None, 1_800, "money")],
        (67_240.301724, [1.96875, 5, 6.206897, 0]),
        (66_900, [2, 5, 6, 0]),
        {},
    ),
    "relax_enjoy": Case(
        "Anderson, Sweeney, Williams, An Introduction to Management Science, ch. 4, Table 4.12: Relax-and-Enjoy",
        30_000,
        [("Daytime TV", "TV", 1_500, 65, 15), ("Evening TV", "TV", 3_000, 90, 10),
         ("Daily newspaper", "Newspaper", 400, 40, 25), ("Sunday newspaper", "Newspaper", 1_000, 60, 4),
         ("Radio", "Radio", 100, 20, 30)],
        [("medium: TV", 10, None, "insertions"), ("medium: TV", None, 18_000, "money")],
        (2_370, [10, 0, 25, 2, 30]),
        (2_370, [10, 0, 25, 2, 30]),
        {"customers reached": ([1_000, 2_000, 1_500, 2_500, 300], 50_000)},
    ),
    "westchester": Case(
        "Anderson, Sweeney, Williams, An Introduction to Management Science, ch. 4 problem: Westchester Chamber of "
        "Commerce; audiences in thousands",
        18_200,
        [("TV", "TV", 2_000, 100, 10), ("Radio", "Radio", 300, 18, 20), ("Newspaper", "Newspaper", 600, 40, 10)],
        [("medium: Radio", None, 50, "% of insertions"), ("medium: TV", 10, None, "% of insertions")],
        (1_052, [4, 14, 10]),
        (1_052, [4, 14, 10]),
        {},
    ),
    "biggs": Case(
        "Taylor, Introduction to Management Science, ch. 4: Biggs Department Store",
        100_000,
        [("TV", "TV", 15_000, 20_000, 4), ("Radio", "Radio", 6_000, 12_000, 10),
         ("Newspaper", "Newspaper", 4_000, 9_000, 7)],
        [("all", None, 15, "insertions")],
        (185_000, [1.818182, 10, 3.181818]),
        (184_000, [2, 9, 4]),
        {},
    ),
    "flamingo_1": Case(
        "Anderson, Sweeney, Williams, ch. 4 case: Flamingo Grill; each medium's later insertions, which expose "
        "less, are a row of their own",
        279_000,
        [("TV 1-10", "TV", 10_000, 90, 10), ("TV 11+", "TV", 10_000, 55, UNLIMITED),
         ("Radio 1-15", "Radio", 3_000, 25, 15), ("Radio 16+", "Radio", 3_000, 20, UNLIMITED),
         ("News 1-20", "Newspaper", 1_000, 10, 20), ("News 21+", "Newspaper", 1_000, 5, UNLIMITED)],
        [("medium: TV", None, 20, "insertions"), ("medium: TV", 140_000, None, "money"),
         ("medium: Radio", None, 99_000, "money"), ("medium: Newspaper", 30_000, None, "money"),
         ("medium: Radio", 200, None, "% of TV's insertions")],
        (2_160, [10, 5, 15, 18, 20, 10]),
        (2_160, [10, 5, 15, 18, 20, 10]),
        {"new customers": ([4_000, 1_500, 2_000, 1_200, 1_000, 800], 100_000)},
    ),
    "winston_magazines": Case(
        "Winston, Operations Research, 4th ed. p. 494: Dorian Auto magazines; exposures per advertisement fall in "
        "steps, each step a row of its own (steps of 0 left out)",
        20_000,
        [("Inside Jocks 1-6", "Magazine", 1_000, 10_000, 6), ("Inside Jocks 7-10", "Magazine", 1_000, 3_000, 4),
         ("Inside Jocks 11-15", "Magazine", 1_000, 2_500, 5), ("Family Square 1-4", "Magazine", 1_000, 8_000, 4),
         ("Family Square 5-12", "Magazine", 1_000, 6_000, 8), ("Family Square 13-15", "Magazine", 1_000, 2_000, 3)],
        [],
        (146_000, [6, 2, 0, 4, 8, 0]),
        (146_000, [6, 2, 0, 4, 8, 0]),
        {},
    ),
    "show_and_sell": Case(
        "Taha, Operations Research, ch. 2: Show & Sell; minutes; TV is 25 times as effective as radio (data: "
        "tutorbin.com, show-and-sell; the optimum is recomputed)",
        10_000,
        [("Radio", "Radio", 15, 1, 400), ("TV", "TV", 300, 25, UNLIMITED)],
        [("Radio", 200, None, "% of TV's insertions")],
        (818.181818182, [60.606061, 30.303030]),
        (816, [66, 30]),
        {},
    ),
    "breem": Case(
        "Render & Stair: Deborah Kellogg's Denver agency (data: tutorsglobe.com 51726691; the optimum is recomputed)",
        100_000,
        [("TV spot", "TV", 3_000, 35_000, 25), ("Sunday paper", "Newspaper", 1_250, 20_000, UNLIMITED)],
        [("TV spot", 5, None, "insertions"), ("Sunday paper", 10, None, "insertions")],
        (1_535_000, [5, 68]),
        (1_535_000, [5, 68]),
        {},
    ),
    "kaos": Case(
        "Tan, Finite Mathematics, 9th ed. ch. 3, problem 22: Excelsior on station KAOS; minutes (data: vaia.com; the "
        "optimum is recomputed)",
        102_000,
        [("Morning", "TV", 3_000, 200, UNLIMITED), ("Afternoon", "TV", 1_000, 100, UNLIMITED),
         ("Evening", "TV", 12_000, 600, 6)],
        [("all", None, 25, "insertions")],
        (6_200, [22, 0, 3]),
        (6_200, [22, 0, 3]),
        {},
    ),
    "chamber_online": Case(
        "Westchester's chamber in a later edition; wizedu.com/questions/393774; in thousands",
        29_300,
        [("TV", "TV", 2_000, 100, 10), ("Radio", "Radio", 300, 18, 20), ("Online", "Online", 600, 20, 10)],
        [("medium: Radio", None, 50, "% of insertions"), ("medium: TV", 10, None, "% of insertions")],
        (1_446, [10, 17, 7]),
        (1_446, [10, 17, 7]),
        {},
    ),
    "chamber_five_ten_ten": Case(
        "The same with other figures; homeworkmarket.com, math-statistics-and-probability-0; in thousands",
        20_500,
        [("TV", "TV", 2_500, 110, 10), ("Radio", "Radio", 300, 17, 23), ("Newspaper", "Newspaper", 500, 30, 10)],
        [("medium: Radio", None, 40, "% of insertions"), ("medium: TV", 10, None, "% of insertions")],
        (1_020, [5, 10, 10]),
        (1_020, [5, 10, 10]),
        {},
    ),
    "chamber_misread": Case(
        "The same with other figures; wizedu.com/questions/2223, whose printed 2,218,736.8 (12, 2.53, 10.74) holds "
        "radio, not TV, to 10 % at least; in thousands",
        24_000,
        [("TV", "TV", 1_500, 150, 12), ("Radio", "Radio", 250, 17, 18), ("Online", "Online", 500, 35, 11)],
        [("medium: Radio", 10, 45, "% of insertions"), ("medium: TV", 10, None, "% of insertions")],
        (2_218.736842105, [12, 2.526316, 10.736842]),
        (2_218, [12, 4, 10]),
        {},
    ),
    "chamber_as_asked": Case(
        "wizedu.com/questions/2223 as it is asked: better than what is printed there",
        24_000,
        [("TV", "TV", 1_500, 150, 12), ("Radio", "Radio", 250, 17, 18), ("Online", "Online", 500, 35, 11)],
        [("medium: Radio", None, 45, "% of insertions"), ("medium: TV", 10, None, "% of insertions")],
        (2_219, [12, 2, 11]),
        (2_219, [12, 2, 11]),
        {},
    ),
    "chamber_sensitivity": Case(
        "The same with newspapers and three radio spots promised; Excel's sensitivity report at "
        "solutioninn.com, case-p121-modified 3959471; in thousands",
        24_000,
        [("TV", "TV", 1_500, 130, 12), ("Radio", "Radio", 250, 17, 18), ("News", "Newspaper", 225, 15, UNLIMITED),
         ("Online", "Online", 500, 35, 11)],
        [("medium: Radio", None, 45, "% of insertions"), ("medium: TV", 10, None, "% of insertions"),
         ("Radio", 3, None, "insertions")],
        (1_978.5, [12, 3, 0, 10.5]),
        (1_978, [12, 4, 0, 10]),
        {},
    ),
    "two_media": Case(
        "algebra.com, question 1166337: newspaper and radio advertisements",
        14_830,
        [("Newspaper", "Newspaper", 190, 5_700, 24), ("Radio", "Radio", 590, 6_700, 32)],
        [],
        (253_425.423729, [24, 17.406780]),
        (250_700, [24, 17]),
        {},
    ),
    "top_toys": Case(
        "Taha, Operations Research: Top Toys, wizedu.com/questions/296210; the first of each medium reaches more: "
        "a row of its own",
        20_000,
        [("Radio 1", "Radio", 300, 5_000, 1), ("Radio 2+", "Radio", 300, 2_000, UNLIMITED),
         ("TV 1", "TV", 2_000, 4_500, 1), ("TV 2+", "TV", 2_000, 3_000, UNLIMITED)],
        [("medium: Radio", None, 80, "% of budget"), ("medium: TV", None, 80, "% of budget")],
        (117_166.666667, [1, 52.333333, 1, 1]),
        (116_500, [1, 52, 1, 1]),
        {},
    ),
}  # fmt: skip


def write_workbook(case: Case, whole: bool, path: Path) -> None:
    book = openpyxl.Workbook()
    brief = book.active
    assert brief is not None
    brief.title = "Brief"
    for row in (
        ("Universe (000)", 8_000_000),
        ("Budget", case.budget),
        ("Objective", "impressions"),
        ("Whole insertions (yes/no)", "yes" if whole else "no"),
    ):
        brief.append(row)
    vehicles = book.create_sheet("Vehicles")
    vehicles.append(("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"))
    for vehicle in case.vehicles:
        vehicles.append(vehicle)
    rules = book.create_sheet("Rules")
    rules.append(("Rule", "Applies to", "At least", "At most", "Unit"))
    for number, rule in enumerate(case.rules):
        rules.append((f"rule {number}", *rule))
    book.save(path)


def solved(name: str, whole: bool, tmp_path: Path) -> PlanResult:
    path = tmp_path / f"{name}.xlsx"
    write_workbook(CASES[name], whole, path)
    # The books' integer optima lie as little as half a percent below the fractional ones: no gap is allowed.
    return make_plan(read_campaign(path), Options(gap=1e-9))


@pytest.mark.parametrize("whole", [False, True], ids=["fractional", "whole"])
@pytest.mark.parametrize("name", CASES)
def test_the_plan_is_the_published_optimum(name: str, whole: bool, tmp_path: Path) -> None:
    case = CASES[name]
    result = solved(name, whole, tmp_path)
    optimum, insertions = case.whole if whole else case.fractional
    assert result.status == "optimal"
    # 1e-8: the programme's own gap for fractional plans; the published optima carry six decimals and more
    assert result.value == pytest.approx(optimum, rel=1e-8), case.source
    assert result.bound == pytest.approx(optimum, rel=1e-7)
    assert result.vehicles.insertions == pytest.approx(np.array(insertions, dtype=float), abs=1e-5)
    assert result.cost <= case.budget * (1 + 1e-9)
    assert all(rule.holds for rule in result.rules)
    for row, (coefficients, least) in case.spare.items():
        assert np.dot(coefficients, result.vehicles.insertions) >= least, row


def test_customers_reached_are_those_of_the_book(tmp_path: Path) -> None:
    """Relax-and-Enjoy: 61,500 potential customers; Flamingo Grill: 127,100 new customers, and 150,000, 99,000
    and 30,000 spent on TV, radio and newspapers."""
    relax, flamingo = (solved(name, True, tmp_path) for name in ("relax_enjoy", "flamingo_1"))
    for result, name, row, reached in (
        (relax, "relax_enjoy", "customers reached", 61_500),
        (flamingo, "flamingo_1", "new customers", 127_100),
    ):
        assert np.dot(CASES[name].spare[row][0], result.vehicles.insertions) == pytest.approx(reached)
    spend = flamingo.vehicles.insertions * [vehicle[2] for vehicle in CASES["flamingo_1"].vehicles]
    assert [spend[:2].sum(), spend[2:4].sum(), spend[4:].sum()] == [150_000, 99_000, 30_000]


@pytest.mark.parametrize(
    ("name", "budget", "more"),
    [
        ("relax_enjoy", 100, 6), ("flamingo_1", 10_000, 55), ("westchester", 1_000, 51.304348),
        ("chamber_online", 100, 4.222222), ("chamber_sensitivity", 250, 17.5),
        ("chamber_sensitivity", 350, 17.5 + 6.8), ("chamber_sensitivity", -5_250, -367.5),
        ("chamber_sensitivity", -5_280, -367.5 - 2.6), ("biggs", 20_000, 20_000),
    ],
)  # fmt: skip
def test_a_little_more_budget_buys_what_the_books_shadow_price_says(
    name: str, budget: float, more: float, tmp_path: Path
) -> None:
    """Relax-and-Enjoy .06 per dollar, Flamingo Grill .0055 (55 points for 10,000), Westchester 51.30 people per dollar
    (1,180 / 23: half the insertions are radio); a chamber's .04222 thousand, another's .07 thousand
    from 5,250 less (TV then goes, at 130 for 1,500) to 250 more (online is then at its most, and radio adds .068);
    Biggs' 1 per dollar."""
    path = tmp_path / "more.xlsx"
    write_workbook(CASES[name], False, path)
    campaign = read_campaign(path, {"budget": CASES[name].budget + budget})
    richer = make_plan(campaign, Options(gap=1e-9))
    assert richer.value == pytest.approx(CASES[name].fractional[0] + more, rel=1e-8)
