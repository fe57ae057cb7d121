"""When to run what is bought: by hand, and against every calendar of tiny plans."""

from dataclasses import replace

import numpy as np
import pytest

from models.after.calendar import by_hand, longest_gap
from models.after.calendar import calendar as laid
from models.after.wish import Wish, delivered, off_pattern
from models.errors import NoCalendar
from models.problem.objectives import Objective, cost_objective
from models.problem.problem import Problem
from models.purchase.columns import Columns
from models.purchase.tariff import Tariff
from models.reach.gamma import Audiences, Duplication, calibrate
from models.rules.appearances import Spacing
from models.rules.budget import Budget
from models.rules.week_limit import WeekLimit
from tests.models.after.small_calendars import COST, RATING, every_calendar, problem_at, tariff_of

EVEN = np.full(3, 1 / 3)
FRONT = np.array([0.5, 0.3, 0.2])
FREE = np.full((3, 3), np.inf)


def calendar(*asked) -> np.ndarray:
    return laid(*asked).weekly


def problem(weeks: int = 0, rules=(), whole: bool = True) -> Problem:
    return problem_at(tariff_of(weeks), rules, whole)


def test_the_largest_is_placed_first_into_the_week_that_lacks_most() -> None:
    """Sport (10 points) into weeks 2 and 3, from the end; film, one point each, fills week 1, which has nothing."""
    weekly = by_hand(np.array([0.0, 2.0, 3.0]), Wish(FREE, EVEN, RATING))
    assert weekly is not None
    assert weekly[1].tolist() == [0, 1, 1]
    assert weekly[2].tolist() == [3, 0, 0]


def test_what_finds_no_room_has_no_calendar() -> None:
    most = FREE.copy()
    most[0] = [1.0, 0.0, 1.0]
    assert by_hand(np.array([3.0, 0.0, 0.0]), Wish(most, EVEN, RATING)) is None
    for seconds in (30.0, 0.0):  # that there is none is known without any time: time is not to blame
        with pytest.raises(NoCalendar) as missing:
            calendar(problem(), np.array([3.0, 0.0, 0.0]), Wish(most, EVEN, RATING), seconds)
        assert missing.value.proven
    assert calendar(problem(), np.array([2.0, 0.0, 0.0]), Wish(most, EVEN, RATING))[0].tolist() == [1, 0, 1]


def test_thousands_go_many_at_a_time_and_are_spread_as_single_ones_are() -> None:
    """9,001 of film, at most 1,000 of them in week 1: the others share the rest, to one insertion."""
    most = FREE.copy()
    most[2, 0] = 1000.0
    weekly = by_hand(np.array([0.0, 0.0, 9001.0]), Wish(most, EVEN, RATING))
    assert weekly is not None
    assert weekly[2, 0] == 1000
    assert sorted(weekly[2, 1:]) == [4000, 4001]


def test_off_pattern_is_the_share_of_points_that_stand_in_other_weeks() -> None:
    wish = Wish(FREE[:1, :2], np.array([0.75, 0.25]), np.array([2.0]))
    assert off_pattern(np.array([[3.0, 1.0]]), wish) == 0
    assert off_pattern(np.array([[1.0, 3.0]]), wish) == 0.5
    assert off_pattern(np.zeros((1, 2)), wish) == 0


@pytest.mark.parametrize("pattern", [EVEN, FRONT, np.array([0.5, 0.5, 0.0])], ids=["even", "front", "pulsed"])
@pytest.mark.parametrize("insertions", [(3, 0, 0), (2, 2, 1), (1, 3, 3), (4, 1, 2)])
@pytest.mark.parametrize("limited", [False, True])
def test_no_calendar_follows_the_pattern_more_closely(insertions, pattern, limited) -> None:
    """Of all calendars; with news to be had in weeks 1 and 3 only, twice each, as well."""
    most = FREE.copy()
    if limited:
        most[0] = [2.0, 0.0, 2.0]
    wish = Wish(most, pattern, RATING)
    found = calendar(problem(), np.array(insertions, dtype=float), wish)
    best = min(off_pattern(weekly, wish) for weekly in every_calendar(insertions, 3, most))
    assert found is not None
    assert found.sum(axis=1).tolist() == list(insertions)
    assert (found <= most).all()
    # 1e-3: the search's gap, and what it grants to spreading each vehicle; 1e-2: what vehicles may be even for
    assert off_pattern(found, wish) <= max(best + 2e-3, 1e-2)


def test_of_calendars_as_close_each_vehicle_is_spread_over_the_flight() -> None:
    """Three insertions in three weeks: one in each, of either vehicle of the same rating."""
    wish = Wish(np.full((2, 3), np.inf), EVEN, np.array([5.0, 5.0]))
    tiny = problem()
    pair = Problem(
        calibrate(
            Audiences(("a", "b"), ("TV",), np.zeros(2, dtype=int), np.array([1000.0]), np.full((1, 2), 0.05),
                      np.full(2, 0.5), np.zeros(2, dtype=bool)),
            Duplication(1.3, np.array([1.6]), np.ones(1)),
        ),
        Tariff(np.ones(2)), np.full(2, 9.0), Objective("o", "u", np.zeros(1), np.ones(2)), (), (), tiny.whole,
    )  # fmt: skip
    assert calendar(pair, np.array([3.0, 3.0]), wish).tolist() == [[1, 1, 1], [1, 1, 1]]


@pytest.mark.parametrize("pattern", [EVEN, FRONT], ids=["even", "front"])
def test_where_weeks_bind_the_buy_the_calendar_keeps_their_limits(pattern) -> None:
    """At most 350 in week 1, where the pattern would put more; the plan's own weeks keep it too."""
    tariff = Tariff(COST, Columns(3, 3))
    rules = (
        Budget("budget", tariff, 2_000.0),
        WeekLimit("week", "week 1", (0,), "money", "<=", 350.0, tariff, RATING),
    )
    bound = problem(3, rules)
    weekly = np.array([[0.0, 1.0, 1.0], [0.0, 1.0, 2.0], [0.0, 0.0, 2.0]])
    plan = tariff.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    wish = Wish(FREE, pattern, RATING)
    found = calendar(bound, plan, wish)
    assert found is not None
    assert float(COST @ found[:, 0]) <= 350
    kept = [w for w in every_calendar(plan[:3], 3, FREE) if COST @ w[:, 0] <= 350]
    assert off_pattern(found, wish) <= min(off_pattern(w, wish) for w in kept) + 2e-3
    assert off_pattern(found, wish) < off_pattern(weekly, wish)


def test_parts_of_insertions_have_a_calendar_as_well() -> None:
    """1.5 insertions over three weeks, evenly: half of one in each."""
    found = calendar(problem(whole=False), np.array([1.5, 0.0, 0.0]), Wish(FREE, EVEN, RATING))
    assert found is not None
    assert found[0] == pytest.approx([0.5, 0.5, 0.5], abs=1e-6)


def test_a_plan_of_nothing_has_an_empty_calendar() -> None:
    assert not calendar(problem(), np.zeros(3), Wish(FREE, EVEN, RATING)).any()


@pytest.mark.parametrize("bound", [False, True])
def test_what_must_stand_in_a_week_stands_there_and_the_rest_follows_the_pattern(bound) -> None:
    """News twice in week 3, none in week 1: of four, the other two stand in week 2."""
    most, least = FREE.copy(), np.zeros((3, 3))
    most[0], least[0] = [0.0, np.inf, 2.0], [0.0, 0.0, 2.0]
    wish = Wish(most, FRONT, RATING, least)
    tiny = problem(3 if bound else 0)
    plan = np.zeros(tiny.columns.plan_size)
    plan[0] = 4.0
    if bound:
        plan[tiny.columns.week(0, 0)] = 4.0  # where the buy's own weeks had it
    found = calendar(tiny, plan, wish)
    assert found is not None
    assert found[0].tolist() == [0, 2, 2]
    by = by_hand(np.array([4.0, 0.0, 0.0]), wish)
    assert by is not None
    assert by[0].tolist() == [0, 2, 2]
    plan[0] = 1.0
    assert by_hand(np.array([1.0, 0.0, 0.0]), wish) is None


@pytest.mark.parametrize("insertions", [(3, 2, 1), (2, 4, 0)])
def test_with_settled_weeks_no_calendar_follows_the_pattern_more_closely(insertions) -> None:
    most, least = FREE.copy(), np.zeros((3, 3))
    most[1, 2] = least[1, 2] = 2.0
    wish = Wish(most, FRONT, RATING, least)
    found = calendar(problem(), np.array(insertions, dtype=float), wish)
    best = min(
        off_pattern(weekly, wish) for weekly in every_calendar(insertions, 3, most) if (weekly >= least).all()
    )
    assert found is not None
    assert found[1, 2] == 2
    assert off_pattern(found, wish) <= best + 2e-3


def saving(problem_: Problem) -> Problem:
    """The same, to meet its rules for the least money."""
    return replace(problem_, objective=cost_objective(1, 3, ""))


def test_the_calendar_of_the_cheapest_plan_moves_nothing_into_a_dear_week() -> None:
    """News at 100, and 300 in week 2: twice in week 1 costs 200, one in each 400. Week 3 costs as little as week 1."""
    factor = np.array([[1.0, 3.0], [1.0, 1.0], [1.0, 1.0]])
    cheapest = priced(2, factor)
    plan = cheapest.columns.join(np.array([2.0, 0, 0]), np.array([[2.0, 0], [0, 0], [0, 0]]), np.zeros(0))
    wish = Wish(FREE[:, :2], np.full(2, 0.5), RATING)
    assert calendar(saving(cheapest), plan, wish)[0].tolist() == [2, 0]
    assert calendar(cheapest, plan, wish)[0].tolist() == [1, 1]  # other objectives: the budget allows it
    even = priced(3, np.array([[1.0, 3.0, 1.0], [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]]))
    plan = even.columns.join(
        np.array([2.0, 0, 0]), np.array([[2.0, 0, 0], [0, 0, 0], [0, 0, 0]]), np.zeros(0)
    )
    assert calendar(saving(even), plan, Wish(FREE, EVEN, RATING))[0].tolist() == [1, 0, 1]


def priced(weeks: int, factor) -> Problem:
    """The vehicles at prices that differ by week, 1,000 to spend."""
    tariff = Tariff(COST, Columns(3, weeks), factor)
    return replace(problem(weeks, [Budget("budget", tariff, 1_000.0)]), tariff=tariff)


@pytest.mark.parametrize(("gap", "longest"), [(None, 2), (1, 1), (0, 0)])
def test_the_longest_gap_is_kept_although_the_pattern_asks_for_nothing_there(
    gap: int | None, longest: int
) -> None:
    """Six of news in four weeks, all asked for in the first and the last."""
    pattern = np.array([0.5, 0.0, 0.0, 0.5])
    wish = Wish(np.full((3, 4), np.inf), pattern, RATING, gap=gap)
    found = calendar(problem(), np.array([6.0, 0.0, 0.0]), wish)
    assert found is not None
    assert found.sum() == 6.0
    assert longest_gap(found) == longest


def test_too_few_insertions_for_the_gap_leave_the_shortest_that_was_found() -> None:
    wish = Wish(np.full((3, 4), np.inf), np.full(4, 0.25), RATING, gap=0)
    found = calendar(problem(), np.array([1.0, 0.0, 0.0]), wish)
    assert found is not None
    assert longest_gap(found) >= 2


def test_what_is_steady_is_delivered_as_the_pattern_goes_whatever_others_leave_short() -> None:
    """Sport (10 points) can stand in weeks 1 and 3 only; film, by the thousand, does not make up for week 2."""
    most = FREE.copy()
    most[1, 1] = 0.0
    plan = np.array([0.0, 2.0, 6.0])
    filler = calendar(problem(), plan, Wish(most, EVEN, RATING))
    steady = calendar(problem(), plan, Wish(most, EVEN, RATING, steady=np.array([False, False, True])))
    assert filler is not None
    assert steady is not None
    assert filler[2].tolist() == [0, 6, 0]
    assert steady[2].tolist() == [2, 2, 2]


def test_a_steady_delivery_gives_way_to_rules_of_the_weeks() -> None:
    """Week 2 may hold 1 point: two of film in each week would be too many."""
    tariff = Tariff(COST, Columns(3, 3))
    rule = WeekLimit("points", "week 2", (1,), "grp", "<=", 1.0, tariff, RATING)
    asked = problem(weeks=3, rules=(rule,))
    plan = asked.columns.join(
        np.array([0.0, 0.0, 6.0]), np.array([[0.0] * 3, [0.0] * 3, [3.0, 0.0, 3.0]]), np.zeros(0)
    )
    found = calendar(asked, plan, Wish(FREE, EVEN, RATING, steady=np.array([False, False, True])))
    assert found is not None
    assert found[2, 1] <= 1
    assert found[2].sum() == 6


def test_a_delivery_keeps_limits_and_adds_up() -> None:
    """Week 1 takes at most 2, so that weeks 2 and 3 share the other 8 as 3 : 2; week 4 is not asked for."""
    pattern, most = np.array([0.5, 0.3, 0.2, 0.0]), np.array([2.0, 9.0, 9.0, 9.0])
    parts = delivered(10.0, pattern, np.zeros(4), most, whole=False)
    assert parts == pytest.approx([2.0, 4.8, 3.2, 0.0])
    assert delivered(21.0, pattern, np.zeros(4), most, whole=True) is None
    assert delivered(3.0, pattern, np.array([0.0, 0, 0, 4]), most, whole=True) is None
    locked = delivered(10.0, pattern, np.array([0.0, 0, 7, 0]), most, whole=True)
    assert locked is not None
    assert locked.tolist() == [2, 1, 7, 0]


@pytest.mark.parametrize("seed", range(12))
def test_of_all_calendars_that_keep_the_rules_none_is_nearer(seed: int) -> None:
    """Four weeks: issues of news two weeks apart, money at most in each week, film settled in week 2."""
    rng = np.random.default_rng(seed)
    pattern, most, least = rng.dirichlet(np.ones(4)), np.full((3, 4), np.inf), np.zeros((3, 4))
    most[2, 1] = least[2, 1] = 1.0
    wish = Wish(most, pattern, RATING, least, spacing=(Spacing(np.array([0]), np.full(4, np.inf), 2, 1.0),))
    insertions = np.array([rng.integers(0, 3), rng.integers(1, 3), rng.integers(1, 4)], dtype=float)
    own = every_calendar(insertions, 4, most)
    possible = [w for w in own if (w >= least).all() and wish.spacing[0].over(w) <= 0]
    begun = possible[int(rng.integers(len(possible)))]
    limit = float((COST @ begun).max()) + 60.0
    tariff = Tariff(COST, Columns(3, 4))
    rules = [WeekLimit(f"week {t}", "", (t,), "money", "<=", limit, tariff, RATING) for t in range(4)]
    asked = problem(4, rules)
    found = calendar(asked, tariff.columns.join(insertions, begun, np.zeros(0)), wish)
    assert found is not None
    assert not asked.broken(tariff.columns.join(insertions, found, np.zeros(0)))
    assert wish.spacing[0].over(found) <= 0
    assert found[2, 1] == 1
    best = min(off_pattern(w, wish) for w in possible if (COST @ w <= limit).all())
    # 2e-3: the search's gap, and what counts as near as the rows allow; 1e-2: what vehicles may be even for
    assert off_pattern(found, wish) <= max(best + 2e-3, 1e-2)


def test_issues_that_fill_a_flight_stand_as_early_as_they_can() -> None:
    """Thirteen issues in 49 weeks, one in any four: there is one such calendar, and no search finds it by chance."""
    most = np.full((3, 49), np.inf)
    wish = Wish(most, np.full(49, 1 / 49), RATING, spacing=(Spacing(np.array([0]), most[0], 4, 1.0),))
    weekly = by_hand(np.array([13.0, 5.0, 0.0]), wish)
    assert weekly is not None
    assert np.flatnonzero(weekly[0]).tolist() == list(range(0, 49, 4))
    assert by_hand(np.array([14.0, 5.0, 0.0]), wish) is None


def test_where_time_ends_the_calendar_found_by_then_is_kept_and_said_to_be_one() -> None:
    """All of it in week 1 costs 300 there; by hand is no calendar, as no other week may have so dear an insertion."""
    tariff = Tariff(COST, Columns(3, 3))
    rule = WeekLimit("points", "week 2", (1,), "grp", "<=", 3.0, tariff, RATING)
    asked = problem(3, (rule,))
    weekly = np.array([[3.0, 0.0, 0.0], [0.0] * 3, [0.0] * 3])
    plan = asked.columns.join(weekly.sum(axis=1), weekly, np.zeros(0))
    ended, whole = (
        laid(asked, plan, Wish(FREE, EVEN, RATING), 0.0),
        laid(asked, plan, Wish(FREE, EVEN, RATING)),
    )
    assert ended is not None
    assert whole is not None
    assert ended.cut_short
    assert ended.weekly.tolist() == weekly.tolist()
    assert not whole.cut_short
    assert whole.weekly[0].tolist() in ([2, 0, 1], [1, 0, 2])


@pytest.mark.parametrize("parts", [False, True])
def test_where_a_search_finds_nothing_the_plans_own_weeks_are_its_calendar(parts: bool, monkeypatch) -> None:
    """A solver's rounding may break a rule that the plan itself keeps: here week 2 holds no point."""
    monkeypatch.setattr("models.after.calendar_search.solve_once", lambda *_, **__: "none")
    tariff = Tariff(COST, Columns(3, 3))
    rule = WeekLimit("points", "week 2", (1,), "grp", "<=", 0.0, tariff, RATING)
    asked = problem(3, (rule,), whole=not parts)
    weekly = np.array([[1.5 if parts else 1.0, 0.0, 0.0], [0.0] * 3, [0.0] * 3])
    found = calendar(
        asked, asked.columns.join(weekly.sum(axis=1), weekly, np.zeros(0)), Wish(FREE, EVEN, RATING)
    )
    assert found is not None
    assert found[:, 1].sum() == 0
    assert found.sum() == weekly.sum()


@pytest.mark.parametrize(("answer", "proven"), [("none", False), ("infeasible", True)])
def test_a_search_that_ends_without_an_answer_is_no_proof_that_there_is_none(
    answer, proven, monkeypatch
) -> None:
    monkeypatch.setattr("models.after.calendar.by_hand", lambda *_: None)
    monkeypatch.setattr("models.after.calendar_search.solve_once", lambda *_, **__: answer)
    with pytest.raises(NoCalendar) as missing:
        laid(problem(), np.array([0.0, 1.0, 0.0]), Wish(FREE, EVEN, RATING))
    assert missing.value.proven is proven


def test_where_few_nodes_find_nothing_the_search_goes_on(monkeypatch) -> None:
    monkeypatch.setattr("models.after.calendar.by_hand", lambda *_: None)
    monkeypatch.setattr("models.after.calendar_search.searched", lambda *_: None)
    assert calendar(problem(), np.array([0.0, 1.0, 2.0]), Wish(FREE, EVEN, RATING)).sum() == 3


def test_a_gap_that_no_calendar_keeps_is_no_reason_to_have_none() -> None:
    """Half an insertion in one week of three, where no week is to go without."""
    half = np.array([0.5, 0.0, 0.0])
    assert calendar(problem(whole=False), half, Wish(FREE, EVEN, RATING, gap=0)).sum() == 0.5
    only_first = FREE.copy()
    only_first[0, 1:] = 0.0
    assert calendar(problem(whole=False), half, Wish(only_first, EVEN, RATING, gap=1))[0, 0] == 0.5
