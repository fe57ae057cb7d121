"""Every family of rows as LP text, beside the committed text: a wrong sign shows up as a difference.

To accept a wanted change, run with REWRITE_GOLDEN=1 and read the difference before committing it.
"""

import os
import re
from pathlib import Path

import numpy as np
import pytest

from models.problem.goals import EffectiveFloor, Floor, frequency_cap
from models.problem.objectives import Objective, cost_objective
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.reach.gamma import Audiences, Duplication, ReachModel, calibrate
from models.rules.appearances import Appearances, Spacing
from models.rules.availability import Availability
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.contact_goal import ContactGoal
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit
from models.rules.outcome import Outcome
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.registry import FAMILIES
from models.rules.rule import Rule
from models.rules.smallest_buy import SmallestBuy
from models.rules.something_bought import SomethingBought
from models.rules.titles_per_group import TitlesPerGroup
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from models.rules.week_limit import WeekLimit
from models.rules.week_lock import WeekLock

GOLDEN = Path(__file__).parents[1] / "golden"
COST = np.array([100.0, 250.0])
NEWS = np.array([0])
SPORT = np.array([1])
RATING = np.array([12.0, 19.5])  # points of one insertion: 120 and 195 (000) of 1,000
BUDGET = Budget("cell", Tariff(COST), 600.0)
PLAIN = Tariff(COST)
TWO_WEEKS = Tariff(COST, Columns(2, 2))
DEAR_WEEK = Tariff(COST, Columns(2, 2), np.array([[1.0, 1.5], [1.0, 0.8]]))
PACKAGE = Tariff(COST, Columns(2, 0, 1), packages=(Package("duo", np.array([2.0, 1.0]), 360.0),))
FIXED = Tariff(COST, fixed=np.array([80.0, 0.0]))


def discounted(by: str, start: list[float], rate: list[float], members: tuple[int, ...]) -> Tariff:
    """News (and sport) cheaper from so many insertions, or so much money, on."""
    steps = Steps("print", np.array(members), by, np.array(start), np.array(rate), 4)  # type: ignore[arg-type]
    return Tariff(COST, discounts=(steps,))


BY_INSERTIONS = discounted("insertions", [2.0, 3.0], [0.1, 0.2], (0,))
BY_MONEY = discounted("money", [500.0], [0.1], (0, 1))


def model(medium: tuple[int, int] = (0, 1)) -> ReachModel:
    """News and sport in two media (or one), two segments."""
    return calibrate(
        Audiences(
            ("news", "sport"), ("print", "TV"), np.array(medium), np.array([900.0, 100.0]),
            np.array([[0.10, 0.20], [0.30, 0.15]]), np.array([0.6, 0.5]), np.zeros(2, dtype=bool),
        ),
        Duplication(1.35, np.array([1.6, 1.6]), np.array([1.0, 0.6])),
    )  # fmt: skip


def programme(
    rules: tuple[Rule, ...],
    floors: tuple[Floor, ...] = (),
    reach: bool = False,
    whole: bool = True,
    medium: tuple[int, int] = (0, 1),
    tariff: Tariff = PLAIN,
    cheapest: bool = False,
    effective: tuple[EffectiveFloor, ...] = (),
) -> Problem:
    """Impressions (no reach variables) unless reach is asked for, or least money; at most 3 of news and 2 of
    sport."""
    worth = np.array([900.0, 180.0]) if reach else np.zeros(2)
    contacts = np.zeros(2) if reach else np.array([120.0, 195.0])
    return Problem(
        model(medium),
        tariff,
        np.array([3.0, 2.0]),
        cost_objective(2, 2) if cheapest else Objective("test", "people", worth, contacts),
        rules,
        floors,
        whole,
        effective,
    )


def group(measure: str, sense: str, amount: float) -> GroupLimit:
    return GroupLimit("cell", "print", NEWS, measure, sense, amount, Tariff(COST))  # type: ignore[arg-type]


def both(measure: str, sense: str, amount: float) -> GroupLimit:
    """A group of both vehicles, so that the row stays a row (one vehicle's becomes its bounds)."""
    return GroupLimit("cell", "all", np.array([0, 1]), measure, sense, amount, Tariff(COST))  # type: ignore[arg-type]


def points(sense: str, amount: float) -> GroupLimit:
    """Rating points of both vehicles."""
    return GroupLimit("cell", "all", np.array([0, 1]), "grp", sense, amount, PLAIN, rating=RATING)  # type: ignore[arg-type]


def ratio(of: str, sense: str, amount: float) -> Ratio:
    """News beside sport."""
    return Ratio("cell", "print", NEWS, "TV", SPORT, of, sense, amount, PLAIN, RATING)  # type: ignore[arg-type]


def count(entries: tuple[np.ndarray, ...], sense: str) -> BoughtCount:
    """One of two entries; private columns come after b."""
    return BoughtCount("cell", "a list", entries, sense, 1.0, PLAIN.columns, 4)  # type: ignore[arg-type]


def spaced(tariff: Tariff) -> Appearances:
    """Two units, one in each week and one in any two weeks."""
    spacing = Spacing(np.array([0, 1]), np.array([1.0, 2.0]), 2, 1.0)
    return Appearances("cell", "show", spacing, spacing.flight, tariff.columns)


def titles(sense: str, amount: float) -> TitlesPerGroup:
    """Both vehicles have one publisher."""
    return TitlesPerGroup("cell", "publisher", "House", np.array([0, 1]), sense, amount, PLAIN.columns)  # type: ignore[arg-type]


def of_budget(sense: str, amount: float) -> GroupLimit:
    """Both vehicles' share of 600."""
    return GroupLimit("cell", "all", np.array([0, 1]), "budget", sense, amount, PLAIN, budget=600.0)  # type: ignore[arg-type]


def discount(tariff: Tariff) -> VolumeDiscount:
    return VolumeDiscount("cell", 0, tariff, np.array([3.0, 2.0]))


def week(measure: str, sense: str, weeks: tuple[int, ...], amount: float) -> WeekLimit:
    tariff = DEAR_WEEK if measure == "money" else TWO_WEEKS
    return WeekLimit("cell", "a period", weeks, measure, sense, amount, tariff, RATING)  # type: ignore[arg-type]


def lock(sense: str) -> WeekLock:
    """One of sport in the second week."""
    return WeekLock("cell", 1, "sport", 1, "week 2", sense, 1.0, TWO_WEEKS.columns)  # type: ignore[arg-type]


CASES = {
    "budget": lambda: programme((Budget("cell", Tariff(COST), 600.0),)),
    "budget_fractional": lambda: programme((Budget("cell", Tariff(COST), 600.0),), whole=False),
    "vehicle_limit_at_least": lambda: programme((VehicleLimit("cell", 1, "sport", "minimum", ">=", 1.0),)),
    "vehicle_limit_at_most": lambda: programme((VehicleLimit("cell", 0, "news", "maximum", "<=", 2.0),)),
    "group_limit_money_at_least": lambda: programme((both("money", ">=", 300.0),)),
    "group_limit_money_at_most": lambda: programme((both("money", "<=", 700.0),)),
    "group_limit_share_at_least": lambda: programme((group("share", ">=", 0.4),)),
    "group_limit_share_at_most": lambda: programme((group("share", "<=", 0.25),)),
    "group_limit_insertions_at_least": lambda: programme((both("insertions", ">=", 2.0),)),
    "group_limit_insertions_at_most": lambda: programme((both("insertions", "<=", 4.0),)),
    "group_limit_of_one_vehicle": lambda: programme((group("money", "<=", 250.0),)),
    "floor": lambda: programme((), (Floor("customers first", np.array([0.0, 100.0]), 30.0),)),
    "reach": lambda: programme((Budget("cell", Tariff(COST), 600.0),), reach=True),
    "reach_in_one_medium": lambda: programme(
        (Budget("cell", Tariff(COST), 600.0),), reach=True, medium=(1, 1)
    ),
    "something_bought": lambda: programme((SomethingBought("something", np.ones(2), 1.0),)),
    "group_limit_grp_at_least": lambda: programme((points(">=", 30.0),)),
    "group_limit_grp_at_most": lambda: programme((points("<=", 50.0),)),
    "smallest_buy": lambda: programme((SmallestBuy("cell", 0, "news", 2.0, PLAIN.columns),)),
    "smallest_buy_fractional": lambda: programme(
        (SmallestBuy("cell", 0, "news", 2.0, PLAIN.columns),), whole=False
    ),
    "ratio_insertions_at_least": lambda: programme((ratio("insertions", ">=", 2.0),)),
    "ratio_grp_at_most": lambda: programme((ratio("grp", "<=", 0.5),)),
    "ratio_money_at_least": lambda: programme((ratio("money", ">=", 0.5),)),
    "bought_count_at_most": lambda: programme((count((NEWS, SPORT), "<="),)),
    "bought_count_of_groups_at_least": lambda: programme((count((np.array([0, 1]), SPORT), ">="),)),
    "titles_per_group_at_most": lambda: programme((titles("<=", 1.0),)),
    "titles_per_group_at_least": lambda: programme((titles(">=", 2.0),)),
    "group_limit_share_of_budget_at_most": lambda: programme((of_budget("<=", 0.5),)),
    "fixed_cost": lambda: programme(
        (Budget("budget", FIXED, 600.0), FixedCost("cell", 0, "news", 80.0, FIXED.columns)), tariff=FIXED
    ),
    "package_offer": lambda: programme(
        (Budget("budget", PACKAGE, 600.0), PackageOffer("cell", 0, ("news", "sport"), PACKAGE)),
        tariff=PACKAGE,
    ),
    "fixed_cost_beside_reach": lambda: programme(
        (Budget("budget", FIXED, 600.0), FixedCost("cell", 0, "news", 80.0, FIXED.columns)),
        reach=True,
        tariff=FIXED,
    ),
    "package_offer_beside_reach": lambda: programme(
        (PackageOffer("cell", 0, ("news", "sport"), PACKAGE),), reach=True, tariff=PACKAGE
    ),
    "package_offer_of_a_vehicle_sold_no_other_way": lambda: programme(
        (PackageOffer("cell", 0, ("news", "sport"), PACKAGE, (1,)),), tariff=PACKAGE
    ),
    "volume_discount_by_insertions": lambda: programme(
        (Budget("budget", BY_INSERTIONS, 600.0), discount(BY_INSERTIONS)), tariff=BY_INSERTIONS
    ),
    "volume_discount_by_money": lambda: programme(
        (Budget("budget", BY_MONEY, 600.0), discount(BY_MONEY)), tariff=BY_MONEY
    ),
    "availability": lambda: programme(
        (Availability("cell", 1, "sport", np.array([0.0, 1.0]), TWO_WEEKS.columns),), tariff=TWO_WEEKS
    ),
    "availability_of_the_flight": lambda: programme(
        (Availability("cell", 0, "news", np.array([0.0, 1.0]), PLAIN.columns),)
    ),
    "appearances": lambda: programme((spaced(TWO_WEEKS),), tariff=TWO_WEEKS),
    "appearances_of_the_flight": lambda: programme((spaced(PLAIN),)),
    "week_limit_money_at_most": lambda: programme((week("money", "<=", (1,), 300.0),), tariff=DEAR_WEEK),
    "week_limit_grp_at_least": lambda: programme((week("grp", ">=", (0, 1), 20.0),), tariff=TWO_WEEKS),
    "week_lock_at_least": lambda: programme((lock(">="),), tariff=TWO_WEEKS),
    "week_lock_at_most": lambda: programme((lock("<="),), tariff=TWO_WEEKS),
    "price_factor": lambda: programme((Budget("budget", DEAR_WEEK, 600.0),), tariff=DEAR_WEEK),
    "contact_goal_at_least": lambda: programme((ContactGoal("cell", "all", RATING, ">=", 40.0, "GRP"),)),
    "contact_goal_at_most": lambda: programme(
        (ContactGoal("cell", "all", 10 * RATING, "<=", 400.0, "impressions (000)"),)
    ),
    "contact_goal_share": lambda: programme(
        (ContactGoal("cell", "some", RATING * [0.5, 0.2], ">=", 0.3, "share of impressions", RATING),)
    ),
    "frequency_cap": lambda: programme(
        (), (frequency_cap("cap", np.array([900.0, 100.0]), model().audiences.rating, 1.2),)
    ),
    "effective_floor": lambda: programme(
        (), effective=(EffectiveFloor("goal", np.array([900.0, 0.0]), 2, 90.0),)
    ),
    "minimum_cost": lambda: programme(
        (BUDGET,), (Floor("goal", np.array([900.0, 100.0]), 250.0),), cheapest=True
    ),
    "minimum_cost_discounted": lambda: programme(
        (discount(BY_INSERTIONS),), tariff=BY_INSERTIONS, cheapest=True
    ),
}


def snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def parts(text: str) -> list[str | float]:
    """Words and numbers; a number keeps its sign."""
    found: list[str | float] = []
    for word in text.split():
        try:
            found.append(float(word))
        except ValueError:
            found.append(word)
    return found


@pytest.mark.parametrize("case", CASES)
def test_the_programme_is_the_one_that_was_agreed(case: str, tmp_path: Path) -> None:
    written = tmp_path / "programme.lp"
    lp, _ = Relaxation(CASES[case]()).live.programme.to_pulp()
    lp.writeLP(str(written))
    golden = GOLDEN / f"{case}.lp"
    if os.environ.get("REWRITE_GOLDEN"):
        golden.write_text(written.read_text())
    ours, agreed = parts(written.read_text()), parts(golden.read_text())
    assert [p for p in ours if isinstance(p, str)] == [p for p in agreed if isinstance(p, str)]
    # 1e-9: PuLP writes twelve digits; calibration (root finding to 1e-12) may differ by platform in the last.
    assert [p for p in ours if isinstance(p, float)] == pytest.approx(
        [p for p in agreed if isinstance(p, float)], rel=1e-9, abs=1e-11
    )


@pytest.mark.parametrize("family", FAMILIES)
def test_every_family_of_rules_has_a_golden_programme(family: type) -> None:
    name = snake_case(family.__name__)
    assert any(case == name or case.startswith(name + "_") for case in CASES)
    assert list(GOLDEN.glob(f"{name}*.lp"))


@pytest.mark.parametrize("measure", ["money", "share", "insertions", "grp"])
@pytest.mark.parametrize("sense", ["at_least", "at_most"])
def test_every_measure_and_sense_of_a_group_limit_has_one(measure: str, sense: str) -> None:
    assert (GOLDEN / f"group_limit_{measure}_{sense}.lp").exists()


def test_every_golden_programme_belongs_to_a_case() -> None:
    assert {path.stem for path in GOLDEN.glob("*.lp")} == set(CASES)


def test_every_family_of_rules_has_a_test_of_its_own() -> None:
    for family in FAMILIES:
        assert (Path(__file__).parent / f"test_{snake_case(family.__name__)}.py").exists()


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (BUDGET, [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1), (3, 0), (3, 1)]),
        (VehicleLimit("cell", 1, "sport", "minimum", ">=", 2.0), [(0, 2), (1, 2), (2, 2), (3, 2)]),
        (group("share", ">=", 0.4), [(0, 0), (1, 0), (2, 0), (2, 1), (3, 0), (3, 1)]),
        (group("share", "<=", 0.25), [(0, 0), (0, 1), (0, 2), (1, 2)]),
        (group("money", ">=", 150.0), [(2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2)]),
        (both("insertions", "<=", 1.0), [(0, 0), (0, 1), (1, 0)]),
    ],
)  # fmt: skip
def test_the_programme_allows_exactly_the_plans_that_the_rule_holds_for(
    rule: Rule, expected: list[tuple[int, int]]
) -> None:
    """Budget 600; sport at least 2; a share of .4 is 200 in 500; .25 is 100 in 600."""
    system = programme((rule,)).system
    plans = [(news, sport) for news in range(4) for sport in range(3)]
    assert [plan for plan in plans if system.feasible(np.array(plan, dtype=float))] == expected
    assert [plan for plan in plans if rule.holds(Outcome(np.array(plan, dtype=float)))] == expected
