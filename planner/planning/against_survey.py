"""A plan's figures by the segment model beside the respondents'."""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from planner.campaign.inputs import Campaign
from planner.campaign.population import build_population
from planner.campaign.prepare import cell_of
from planner.campaign.respondents import respondent_population
from planner.errors import Problem, WorkbookError
from planner.planning.figures import audience_figures
from planner.planning.results import AudienceFigures


@dataclass(frozen=True)
class Beside:
    """An audience by the segment model and by the respondents. asked: respondents in it; sampling: one standard error
    of the respondents' reach, a share."""

    model: AudienceFigures
    survey: AudienceFigures
    asked: int
    sampling: float

    @property
    def points(self) -> float:
        """Reach by the model beyond the respondents', in points."""
        return 100 * (self.model.reach_share - self.survey.reach_share)


@dataclass(frozen=True)
class ModelAgainstSurvey:
    """A schedule's figures twice. insertions: by vehicle name, those bought. times: the Brief's effective frequency."""

    audiences: tuple[Beside, ...]
    insertions: dict[str, float]
    respondents: int
    times: int
    notices: tuple[str, ...] = ()


def model_against_survey(campaign: Campaign, insertions: FloatArray) -> ModelAgainstSurvey:
    """What the segment model and the respondents say of insertions (n_vehicles,), by audience. campaign: planned on its
    respondents."""
    respondents = campaign.respondents
    assert respondents is not None
    try:
        by_model = build_population(campaign)
    except InvalidInput as error:
        raise WorkbookError(
            campaign.workbook, (Problem(cell_of(campaign, error.subject), str(error)),)
        ) from error
    people = respondent_population(campaign, respondents)
    model, survey = audience_figures(by_model, insertions), audience_figures(people, insertions)
    theirs = {figures.name: figures for figures in survey}
    reach, weight = people.model.reach_shares(insertions), people.segments.population
    found = []
    for figures in model:
        if figures.name not in theirs:
            continue
        mask = people.masks[figures.name]
        found.append(
            Beside(figures, theirs[figures.name], int(mask.sum()), _sampling(reach[mask], weight[mask]))
        )
    bought = {v.name: float(x) for v, x in zip(campaign.vehicles, insertions, strict=True) if x > 0}
    return ModelAgainstSurvey(
        tuple(found), bought, len(respondents), campaign.brief.effective_frequency, campaign.notices
    )


def _sampling(reach: FloatArray, weight: FloatArray) -> float:
    """One standard error of a weighted mean of reach, respondents drawn with their weights."""
    if len(reach) < 2:
        return 0.0
    share = weight / weight.sum()
    mean = float(share @ reach)
    return float(np.sqrt((share**2) @ (reach - mean) ** 2))
