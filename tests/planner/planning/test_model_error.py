"""The model's own error, on reach and on the difference of two plans."""

import math
from dataclasses import replace

import numpy as np
import pytest

from models.reach.differences import difference_error
from planner.campaign.inputs import PairRow, TypesTable
from planner.campaign.prepare import prepare
from planner.campaign.survey import SurveySheet
from planner.planning.model_error import difference_c, model_error, reach_error
from tests.planner.planning.tailored import build


def test_the_models_error_is_of_reach_and_of_samples():
    """Samples of 100: two vehicles of 8 exchanged. With types the model's own part halves."""
    campaign = build()
    people = prepare(campaign).people
    n = len(campaign.vehicles)
    a, b = np.zeros(n), np.zeros(n)
    a[:2], b[1:3] = 1, 1
    rating = people.segments.population @ people.model.audiences.rating
    own = difference_error(a, b, rating, 0.2)
    assert model_error(campaign, people, (a, b)) == pytest.approx(own)
    sampled = replace(campaign, vehicles=tuple(replace(v, sample_size=100.0) for v in campaign.vehicles))
    assert model_error(sampled, people, (a, b)) > own
    paired = replace(campaign, pairs=(PairRow("x", "y", False, 1.0),))
    assert model_error(paired, people, (a, b)) == pytest.approx(own * 0.12 / 0.20)
    typed = replace(paired, types=TypesTable((), (), {}, {}))
    assert model_error(typed, people, (a, b)) == pytest.approx(own / 2)


def test_types_of_a_small_survey_err_more() -> None:
    """400 respondents of the universe's 10 million: sqrt(.55^2 + 1) times as much; of 2,000, or an unknown number, as
    usual. Quiz has twice as many in its sample as its audience says, and the median does not look at it."""
    typed = replace(build(), types=TypesTable(("a", "b"), (0.5, 0.5), {}, {}))

    def of(respondents: float) -> list[float]:
        rows = tuple(
            replace(
                row, sample_size=respondents * row.audience_000 / 10_000 * (2 if row.name == "Quiz" else 1)
            )
            for row in typed.vehicles
        )
        survey = replace(typed, vehicles=rows)
        return [difference_c(survey), reach_error(survey, np.array([1.0, 1, 1, 1, 0]))]

    assert of(400) == pytest.approx([0.1 * math.hypot(0.55, 1), 0.08 * math.hypot(0.55, 1) / 2])
    assert of(2_000) == pytest.approx([0.1, 0.04])
    assert difference_c(typed) == 0.1
    sheet = SurveySheet("s.csv", (), effective_base=400.0)
    stated = replace(typed, survey=sheet, vehicles=tuple(replace(v, sample_size=1e5) for v in typed.vehicles))
    assert difference_c(stated) == pytest.approx(0.1 * math.hypot(0.55, 1))
