"""Prices of linear campaigns (insertions in parts, worth that adds up) are exact: the textbooks' programmes, beside
their sensitivity reports and beside SciPy's linear programmes."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from planner.explaining.explain import explain
from planner.explaining.explained import VehiclePrice
from planner.planning.options import Options
from planner.report.why.explain import sureness
from tests.planner.planning.test_textbook import CASES, Case, solved


def prices(name: str, tmp_path: Path) -> tuple[VehiclePrice, ...]:
    return explain(solved(name, False, tmp_path), Options(gap=1e-9)).vehicles


def rows(case: Case, cost: Sequence[float]) -> tuple[list[np.ndarray], list[float]]:
    """The budget and the rules, each as coefficients @ insertions <= limit."""
    names = [vehicle[0] for vehicle in case.vehicles]
    media = [vehicle[1] for vehicle in case.vehicles]
    found, limits = [np.array(cost, dtype=float)], [case.budget]

    def members(applies: str) -> np.ndarray:
        label = applies.removeprefix("medium: ")
        return np.array([label in ("all", name, medium) for name, medium in zip(names, media, strict=True)])

    for applies, least, most, unit in case.rules:
        among = members(applies).astype(float)
        for number, sign in ((least, -1.0), (most, 1.0)):
            if number is None:
                continue
            if unit in ("insertions", "money"):
                row, limit = among * (cost if unit == "money" else 1.0), number
            elif unit == "% of budget":
                row, limit = among * cost, number / 100 * case.budget
            else:
                whole = members(
                    unit.removeprefix("% of ").removesuffix("'s insertions").replace("insertions", "all")
                )
                row, limit = among - number / 100 * whole, 0.0
            found.append(sign * row)
            limits.append(sign * limit)
    return found, limits


def worth(case: Case, place: int, price: float, offered: bool = True) -> float:
    """Of the best plan at a unit cost of one vehicle, or without it."""
    cost = np.array([vehicle[2] for vehicle in case.vehicles], dtype=float)
    cost[place] = price
    most = [vehicle[4] for vehicle in case.vehicles]
    most[place] *= offered
    matrix, limits = rows(case, cost)
    worths = -np.array([vehicle[3] for vehicle in case.vehicles], dtype=float)
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    return -linprog(worths, np.array(matrix), limits, bounds=[(0, each) for each in most], options=tight).fun


@pytest.mark.parametrize("name", CASES)
def test_a_price_is_where_the_best_plan_is_worth_no_more_than_without_the_vehicle(
    name: str, tmp_path: Path
) -> None:
    """SciPy: a hundred thousandth below the price plans with the vehicle are worth more; at it, no more. 1e-9: to which
    HiGHS solves. At any price: they are worth more at the budget itself."""
    case, checked = CASES[name], 0
    for place, told in enumerate(prices(name, tmp_path)):
        if told.source == "rule" or told.eases:
            continue
        without, price = worth(case, place, 1.0, offered=False), told.price
        assert price is not None
        checked += 1
        if told.high is None:
            assert price == case.budget
            assert worth(case, place, price) > without * (1 + 1e-9)
            continue
        assert told.low == told.high == price
        assert worth(case, place, price * (1 - 1e-5)) > without * (1 + 1e-9)
        assert worth(case, place, price * (1 + 1e-9)) == pytest.approx(without, rel=1e-9)
    assert checked or name == "breem"  # its rules ask for both


def test_a_price_is_exact_where_several_shadow_prices_are_as_good(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """TV at its most costs all the budget: a dollar is worth anything from nothing (more buys no more TV) to 1, and at
    1, what less of it loses, radio that reaches 5 comes in below 5."""
    case = Case(
        "by hand",
        1_000,
        [("TV", "TV", 10, 10, 100), ("Radio", "Radio", 20, 5, 50)],
        [],
        (1_000, []),
        (1_000, []),
        {},
    )
    monkeypatch.setitem(CASES, "hand", case)
    radio = prices("hand", tmp_path)[1]
    assert (radio.low, radio.high) == (pytest.approx(5, rel=1e-6), radio.low)


@pytest.mark.parametrize(
    ("name", "vehicle", "price"),
    [
        ("relax_enjoy", "Evening TV", 3_000 - 65 / 0.06), ("win_big", "Radio afternoon", 380 - 344.827586 / 8.275862),
        ("chamber_sensitivity", "News", 15 / 0.07), ("kaos", "Afternoon", 750), ("biggs", "Newspaper", 6_750),
    ],
)  # fmt: skip
def test_a_price_is_the_books_reduced_cost_over_its_shadow_price(
    name: str, vehicle: str, price: float, tmp_path: Path
) -> None:
    """Relax-and-Enjoy: reduced cost 65, .06 per dollar. Win Big: 344.83, 6.25 of the budget and 2.0259 of the limit on
    radio. A chamber's newspapers reach 15, at .07 per dollar. By hand: KAOS pays 2/45 per dollar and 66 2/3 per minute
    (200 for 3,000, 600 for 12,000), which leaves an afternoon's 100 at 33 1/3 for 750. Biggs without newspapers has TV
    left, 20,000 for 15,000, so their 9,000 are worth 6,750."""
    told = next(each for each in prices(name, tmp_path) if each.vehicle == vehicle)
    assert told.price == pytest.approx(price, rel=1e-6)  # the books' figures carry seven digits
    assert sureness(told, "USD") == "exact"


def test_a_price_known_but_for_rounding_is_told_as_the_round_one(tmp_path: Path) -> None:
    """KAOS in whole insertions: what the proofs leave for rounding made 35,999.99 of 36,000."""
    told = explain(solved("kaos", True, tmp_path), Options(gap=1e-9)).vehicles
    ends = [end for each in told for end in (each.low, each.high) if end is not None]
    assert 36_000 in ends
