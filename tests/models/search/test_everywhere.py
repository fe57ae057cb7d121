"""Searches for a better plan than asked, against all plans of tiny briefs, listed by hand."""

from itertools import product

import numpy as np
import pytest

from models.errors import PlanningError
from models.programme.answers import Found
from models.search.everywhere import (
    around,
    between,
    list_downwards,
    offered,
    search_beside,
    search_everything,
    sharpen_beside,
)
from models.search.work import Settings, Work

FAMILIES = (("budget",), ("budget", "money"), ("share",), ("insertions", "minimum"), ("must-buy", "maximum"))
ROUNDING = 1e-9  # relative: of sums in another order
SEARCHED_TO = 2e-5  # relative: the gap of the searches, and their rows' tolerance


def unasked(*_: object) -> None:
    raise PlanningError("nothing else is asked")


@pytest.fixture(params=range(12))
def searched(request, make_problem, plan_values, plans_allowed):
    """Work on a problem, of which one plan and the relaxation are known; all plans that keep the rules, their worth."""
    seed = request.param
    problem = make_problem(
        900 + seed, 6, 4, ("influence", "reach")[seed % 2], 4, FAMILIES[seed % 5], 0.4
    ).problem
    plans = np.array(list(product(*(range(int(most) + 1) for most in problem.buyable))), dtype=float)
    plans = plans[plans_allowed(problem, plans)]
    values = plan_values(problem, plans)
    start = plans[np.argsort(values)[int(0.9 * len(values))]]  # better than nine in ten
    work = Work(problem, Settings(), [start], None, unasked)
    for found in work.relaxation.rounds(1e-7):
        work.learn(found)
    return work, plans, values


def test_the_best_plan_between_the_known_one_and_the_relaxation_is_found(searched) -> None:
    work, plans, values = searched
    best, point = work.insertions(work.best), work.relaxed_point
    lower, upper = np.minimum(best, np.floor(point + 1e-6)), np.maximum(best, np.ceil(point - 1e-6))
    best_between = values[((plans >= lower) & (plans <= upper)).all(axis=1)].max()
    sharpen_beside(work)
    assert work.value >= best_between * (1 - SEARCHED_TO)
    assert work.value == pytest.approx(work.problem.value(work.best), rel=ROUNDING)
    assert work.value <= values.max() * (1 + ROUNDING)
    assert not work.problem.broken(work.best)


@pytest.mark.parametrize("known", [True, False])
def test_the_best_plan_beside_the_relaxation_is_found(searched, known) -> None:
    work, plans, values = searched
    if not known:
        work.best, work.value = None, -np.inf
    bound, point = work.bound, work.relaxed_point
    near = ((plans >= np.floor(point + 1e-6) - 1) & (plans <= np.ceil(point - 1e-6) + 1)).all(axis=1)
    best_beside = values[near].max(initial=work.value)
    work.gap = 0.0  # nothing is near enough
    search_beside(work)
    assert best_beside * (1 - SEARCHED_TO) <= work.value <= values.max() * (1 + ROUNDING)
    assert work.bound == bound  # of what lies elsewhere they say nothing
    assert work.best is None or not work.problem.broken(work.best)


def test_where_the_best_plan_is_known_nothing_changes(searched) -> None:
    work, plans, values = searched
    work.offer(plans[np.argmax(values)])
    best = work.best
    sharpen_beside(work)
    assert np.array_equal(work.best, best)


def test_the_numbers_beside_are_those_charged_least(searched) -> None:
    work, n = searched[0], searched[0].problem.n_vehicles
    work.best, work.value = None, -np.inf
    nearest = [bounds[:n] for bounds in between(work, 0)]
    next_to = [bounds[:n] for bounds in around(work.problem, work.relaxed_point, 1.0)]
    for many in range(1, 2 * n + 1):
        within = [bounds[:n] for bounds in between(work, many)]
        taken, left = [], []
        for near, further, bounds in zip(nearest, next_to, within, strict=True):
            assert ((bounds == near) | (bounds == further)).all()
            charged, beyond = work.charged.of(further), further != near
            taken += charged[beyond & (bounds == further)].tolist()
            left += charged[beyond & (bounds == near)].tolist()
        assert len(taken) >= min(many, len(taken) + len(left))
        assert max(taken) <= min(left, default=np.inf)


def test_no_plan_is_worth_more_than_the_bound_less_what_any_of_its_numbers_is_charged(searched) -> None:
    work, plans, values = searched
    for plan, value in zip(plans, values, strict=True):
        assert value <= work.charged.bound * (1 + 1e-6) - work.charged.of(plan).max()  # of the solver's rows


def test_a_suggested_plan_is_told_after_every_change_of_bounds(searched, monkeypatch) -> None:
    work, told, live = searched[0], [], searched[0].relaxation.live
    for name in ("set_column_bounds", "set_row_bounds", "suggest", "solve"):
        made = getattr(live, name)
        monkeypatch.setattr(live, name, lambda *a, made=made, name=name: told.append(name) or made(*a))
    work.relaxation.suggest(work.best)
    work.relaxation.search(*around(work.problem, work.best, 1.0), nodes=1)
    assert told[told.index("solve") - 1] == "suggest"  # HiGHS forgets it where bounds change


@pytest.mark.parametrize(("quick", "least"), [(True, 0.9), (False, 0.7)])  # of the gap asked for
def test_where_an_answer_within_the_gap_is_enough_no_search_begins_with_much_less(
    searched, monkeypatch, quick, least
) -> None:
    work, asked, search = searched[0], [], searched[0].relaxation.search
    work.settings = Settings(thorough=not quick, sharpen=not quick)
    work.best, work.value = None, -np.inf
    monkeypatch.setattr(
        work.relaxation, "search", lambda *a, **k: asked.append(a[2] / work.gap) or search(*a, **k)
    )
    search_everything(work, offered, suggest=True)
    assert least <= asked[0] < 1
    assert all(share < 0.8 for share in asked[1:])  # where its plan is worth less than the programme says
    assert work.closed()


@pytest.mark.parametrize("first", [1e-4, 0.0])  # 0: of a gap of 0
def test_plans_listed_downwards_end_with_the_best_of_all(searched, first) -> None:
    work, _, values = searched
    list_downwards(work, first, lambda work: work.value, 1_000_000)
    assert work.value == pytest.approx(values.max(), rel=ROUNDING)
    assert work.bound == pytest.approx(values.max(), rel=ROUNDING)


def test_where_too_many_would_be_listed_the_bound_still_holds(searched) -> None:
    work, _, values = searched
    list_downwards(work, 1e-4, lambda work: work.value, 2)
    assert work.value <= values.max() * (1 + ROUNDING)
    assert work.bound >= values.max() * (1 - ROUNDING)


@pytest.mark.parametrize("bound", [1.0, 0.0])
def test_where_no_plan_is_known_listing_ends_with_what_is_worth_nothing(searched, monkeypatch, bound) -> None:
    work, listed = searched[0], []
    work.bound *= bound
    work.best, work.value = None, -np.inf
    monkeypatch.setattr(work, "list_better", lambda worth, many: not listed.append(worth))  # nothing is found
    list_downwards(work, 1e-3, lambda work: work.value)
    assert [worth < 0 for worth in listed] == [False] * (len(listed) - 1) + [bound > 0]


def test_a_plan_that_was_found_before_time_ended_is_a_plan(searched, monkeypatch) -> None:
    """A search found none, and not all of the few plans were tried."""
    work, plans, _ = searched
    work.best, work.value = None, -np.inf
    monkeypatch.setattr(work, "tried_each", lambda few: not work.offer(plans[0]))
    monkeypatch.setattr(work.relaxation, "search", lambda *_, **__: Found("infeasible", -np.inf))
    search_everything(work, offered)
    assert work.best is not None


def test_bounds_around_a_point_are_its_neighbours_within_what_is_on_offer(make_problem) -> None:
    problem = make_problem(900, 3, 3).problem
    most = problem.system.upper[:3]
    lower, upper = around(problem, np.array([0.0, 0.4, most[2]]), 1.0)
    assert lower[:3].tolist() == [0.0, 0.0, most[2] - 1]
    assert upper[:3].tolist() == [1.0, min(2.0, most[1]), most[2]]
