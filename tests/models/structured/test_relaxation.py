"""One programme, restated: whatever was asked before, it answers as one stated for the question alone."""

from dataclasses import replace

import numpy as np
import pytest

from models.problem.goals import Floor
from models.problem.problem import Problem
from models.problem.response import Response
from models.programme.relaxation import Relaxation
from models.programme.rows.pieces import first_pieces, joined, split
from models.programme.rows.tangents import Tangents
from models.rules.budget import Budget

MIXTURES = (
    ("fixed cost", "count", "limit in money"), ("package", "smallest buy", "reach floor"),
    ("discount by money", "ratio of insertions", "frequency cap"), ("share of spend", "limit in grp"),
    ("price factor", "week limit in money", "package"), ("availability", "discount by insertions"),
)  # fmt: skip
OBJECTIVES = ("reach", "impressions", "word of mouth", "influence", "minimum cost")
TOLERANCE = 1e-6  # relative, to which the relaxations are brought on their curves
EXACT = 1e-7  # relative: the solver's tolerances


def questions_about(problem: Problem, seed: int) -> list[Problem]:
    """Other budgets, a rule left out, other weights, a floor added and moved, fractions."""
    rng = np.random.default_rng([77, seed])

    def budget(factor: float) -> Problem:
        rules = (replace(r, amount=factor * r.amount) if isinstance(r, Budget) else r for r in problem.rules)
        return replace(problem, rules=tuple(rules))

    people = problem.model.population * (rng.random(len(problem.model.population)) < 0.6)
    upper = problem.system.upper[: problem.n_vehicles]
    full = float(people @ problem.model.reach_shares(upper))
    weights = problem.objective.segment_worth * rng.uniform(0.5, 2.0, len(people))
    return [
        budget(0.7), budget(1.5), replace(problem, rules=problem.rules[:-1]),
        replace(problem, objective=replace(problem.objective, segment_worth=weights)),
        *(replace(problem, floors=(*problem.floors, Floor("more", people * 1, part * full))) for part in (0.2, 0.3)),
        replace(problem, whole=False),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_a_restated_programme_answers_as_one_stated_for_the_question_alone(seed, tiny) -> None:
    case = tiny(3_000 + seed, MIXTURES[seed % len(MIXTURES)], OBJECTIVES[seed % len(OBJECTIVES)])
    asked = Relaxation(case.problem)
    for problem in [*questions_about(case.problem, seed), case.problem]:
        asked.restate(problem)
        alone = Relaxation(problem)
        ours, theirs = asked.relax(TOLERANCE), alone.relax(TOLERANCE)
        assert ours.status == theirs.status
        if ours.settled:
            assert ours.bound == pytest.approx(theirs.bound, rel=3 * TOLERANCE, abs=1e-9)
        ours, theirs = asked.search(), alone.search()
        if (
            theirs.plan is not None and theirs.keeps
        ):  # tangents differ, so that both bound the best, and no more
            assert ours.bound >= theirs.value - EXACT * abs(theirs.value)


@pytest.mark.parametrize("seed", range(6))
def test_no_plan_is_worth_more_than_the_bound_however_often_it_was_restated(seed, tiny, enumerated) -> None:
    case = tiny(4_000 + seed, MIXTURES[seed % len(MIXTURES)], OBJECTIVES[seed % len(OBJECTIVES)])
    asked = Relaxation(case.problem)
    for problem in questions_about(case.problem, seed):
        asked.restate(problem)
        asked.relax(TOLERANCE)
    asked.restate(case.problem)
    best = enumerated(case).best
    if np.isfinite(best):
        assert asked.relax(TOLERANCE).bound >= best - EXACT * abs(best)
        assert asked.search().bound >= best - EXACT * abs(best)


def test_a_changed_floor_a_price_and_a_budget_change_numbers_alone(tiny) -> None:
    problem = tiny(1, ("reach floor", "limit in money")).problem
    asked = Relaxation(problem)
    rows = asked.live.programme.n_rows
    floor = problem.floors[0]
    lower = replace(problem, floors=(Floor(floor.id, floor.people * 1.0, 0.9 * floor.least),))
    cheaper = replace(lower, rules=tuple(replace(r, amount=0.8 * r.amount) for r in problem.rules))
    assert [asked.restate(changed) for changed in (lower, cheaper, problem)] == ["", "", ""]
    assert asked.live.programme.n_rows == rows


def test_it_says_why_it_is_stated_anew(tiny) -> None:
    problem = tiny(1, ("limit in money",)).problem
    asked = Relaxation(problem)
    more = replace(problem, buyable=problem.buyable + 40, rules=())
    assert asked.restate(more) == "more insertions of a vehicle"
    assert asked.restate(problem) == ""


@pytest.mark.parametrize("most", [16, 17, 19, 40, 700])
def test_pieces_lie_on_or_above_the_curve_and_are_exact_where_they_end(most, make_model) -> None:
    """To a rounding of sums; split where a number of insertions lies, they are exact there."""
    model = make_model(np.random.default_rng(most), 3, 4)
    response = Response(model, np.array([float(most), 3.0, 0.0]), np.ones(4, dtype=bool))
    pieces = first_pieces(response)
    curve = np.cumsum(response.increments[:, :most], axis=1)
    inside = [most * 0.4, most - 0.5]

    def at(insertions: float) -> np.ndarray:
        amount = np.clip(insertions - pieces.start, 0, pieces.length) * (pieces.vehicle == 0)
        return pieces.rate @ amount

    for insertions in range(1, most + 1):
        assert (at(insertions) >= curve[:, insertions - 1] * (1 - 1e-12)).all()
    for end in pieces.last[pieces.vehicle == 0].tolist():
        assert at(end) == pytest.approx(curve[:, end - 1], rel=1e-12)
    for insertions in inside:
        gone, made = split(response, pieces, np.array([insertions, 2.0, 0.0]))
        pieces = pieces if made is None else joined([pieces.without(gone), made])
    for insertions in inside:
        for whole in (int(np.floor(insertions)), int(np.ceil(insertions))):
            assert at(whole) == pytest.approx(curve[:, whole - 1], rel=1e-12)
    assert len(first_pieces(response)) < 70


@pytest.mark.parametrize("family", ["limit in money", "reach floor"])
@pytest.mark.parametrize("seed", range(4))
def test_a_search_has_the_same_bound_without_the_tangents_it_does_not_need(
    seed, family, tiny, monkeypatch
) -> None:
    problem = tiny(7_000 + seed, (family,), "reach").problem
    n = problem.n_vehicles

    def asked() -> float:
        relaxation = Relaxation(problem)
        rng = np.random.default_rng(seed)
        for _ in range(20):
            relaxation.cut_at(rng.uniform(0, 1, n) * problem.system.upper[:n])
        upper = problem.system.upper.copy()
        upper[:n] = np.floor(upper[:n] / 2)
        return relaxation.search(problem.system.lower, upper).bound

    with_few = asked()
    monkeypatch.setattr(Tangents, "unneeded", lambda *_: np.zeros(0, dtype=np.int64))
    # To the tolerances of a search: its rows are kept to 1e-10 of their size, and its bound is no more exact.
    assert with_few == pytest.approx(asked(), rel=1e-6)
