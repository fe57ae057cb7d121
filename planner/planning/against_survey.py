"""A plan's figures by the segment model beside the respondents'."""

from dataclasses import dataclass

from models.arrays import FloatArray
from models.errors import InvalidInput
from planner.campaign.bought import added_up
from planner.campaign.inputs import Campaign
from planner.campaign.population import build_population
from planner.campaign.prepare import cell_of
from planner.campaign.respondents import planned_on, respondent_population
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
    """A schedule's figures twice. insertions: by vehicle name, those bought; added_up: what they come to, as
    planner.campaign.bought adds up. times: the Brief's effective frequency."""

    audiences: tuple[Beside, ...]
    insertions: dict[str, float]
    added_up: tuple[float, float]
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
    reach = people.model.reach_shares(insertions)
    found = []
    for figures in model:
        if figures.name not in theirs:
            continue
        mask = people.masks[figures.name]
        found.append(
            Beside(
                figures,
                theirs[figures.name],
                int(mask.sum()),
                respondents.taken(mask).sampling_error(reach[mask]),
            )
        )
    notices = tuple(notice for notice in campaign.notices if notice != planned_on(respondents))
    bought = {v.name: float(x) for v, x in zip(campaign.vehicles, insertions, strict=True) if x > 0}
    return ModelAgainstSurvey(
        tuple(found),
        bought,
        added_up(campaign.vehicles, insertions.tolist()),
        len(respondents),
        campaign.brief.effective_frequency,
        notices,
    )
