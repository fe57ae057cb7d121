"""On the respondents of the American National Election Study 2016, where they lie beside the project; else skipped."""

import csv
from pathlib import Path

import numpy as np
import pytest

from models.problem.objectives import Objective
from models.problem.problem import Problem
from models.purchase.tariff import Tariff
from models.respondents.model import RespondentModel, respondent_model
from models.respondents.respondents import Respondents
from models.rules.budget import Budget
from models.search.allocate import Settings, allocate
from models.search.respondent_moves import RespondentMoves

_PLACES = (folder / "shared" / "data" / "anes_2016_media.csv" for folder in Path(__file__).parents)
_ROWS = next((place for place in _PLACES if place.exists()), None)
pytestmark = pytest.mark.skipif(_ROWS is None, reason="the respondents may not be redistributed")


def programmes(daily: bool) -> tuple[Problem, float]:
    """Five programmes at most, each seen by all who claim it, for those who persuade (every day); and their people."""
    assert _ROWS is not None
    with _ROWS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if float(row["weight_post"] or 0) > 0]
    rows = [row for row in rows if row["persuade"] == "1" and (not daily or row["discuss_days"] == "7")]
    names = [name for name in rows[0] if name.startswith("tv_")]
    claims = np.array([[row[name] == "1" for name in names] for row in rows], dtype=float)
    weight = np.array([float(row["weight_post"]) for row in rows])
    survey = Respondents(tuple(names), (), weight, claims, np.zeros((len(rows), 0), dtype=bool)).merged()
    n = len(names)
    model = respondent_model(survey, ("TV",), np.zeros(n, dtype=np.int64))
    tariff = Tariff(np.ones(n))
    objective = Objective("reach", "people", model.population, np.zeros(n))
    return Problem(model, tariff, np.ones(n), objective, (Budget("budget", tariff, 5.0),)), float(
        weight.sum()
    )


@pytest.mark.parametrize(("daily", "greedy_pct"), [(True, 69.5), (False, 67.0)])
def test_the_best_five_programmes_for_those_who_persuade_are_proven_best(
    daily: bool, greedy_pct: float
) -> None:
    problem, people = programmes(daily)
    assert isinstance(problem.model, RespondentModel)
    moves = RespondentMoves(problem, problem.model.exposure)
    greedy = moves.filled(moves.at(np.zeros(problem.n_vehicles, dtype=np.int64)))
    assert 100 * greedy.value / people == pytest.approx(greedy_pct, abs=0.06)  # as printed, to a tenth
    found = allocate(
        problem, Settings(gap=1e-5, seconds=3_600)
    )  # ends with the gap, however busy the machine
    assert found.value >= greedy.value
    assert found.gap <= 1e-5
    assert found.insertions.sum() == 5
