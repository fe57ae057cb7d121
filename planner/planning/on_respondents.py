"""A plan on a survey's respondents, and a plan's figures by the segment model beside the respondents'."""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.respondents.respondents import Respondents
from planner.campaign.inputs import Campaign, Default
from planner.campaign.population import build_population
from planner.campaign.prepare import cell_of
from planner.campaign.respondents import only_what_counts, respondent_population
from planner.errors import Problem, WorkbookError
from planner.planning.figures import audience_figures
from planner.planning.halves import Halves
from planner.planning.plan import make_plan
from planner.planning.results import AudienceFigures, Influence, PlanResult, VerdictCode
from planner.planning.solve import Options

_PLANNED = ("influence", "reach", "impressions", "minimum cost")
MADE_ON_RESPONDENTS = (
    "This plan was made on the survey's respondents; `planner evaluate` values it by the segment model."
)


def plan_on_respondents(
    campaign: Campaign,
    respondents: Respondents,
    options: Options,
    fingerprint: str = "",
    notices: tuple[str, ...] = (),
    halves: Halves | None = None,
) -> PlanResult:
    """The best plan for the respondents themselves, every figure theirs. notices: of how they were read. halves: what
    tailoring brings people never seen; the verdict is then theirs."""
    refuse_unplanned(campaign)
    said = (*campaign.notices, *notices, MADE_ON_RESPONDENTS)
    campaign = replace(campaign, notices=said, defaults=_without_reach_model(campaign))
    people = respondent_population(campaign, only_what_counts(campaign, respondents))
    result = make_plan(campaign, replace(options, break_even=False), fingerprint, people)
    notes = (
        ("Survey", f"{len(respondents):,} respondents, effective base {respondents.effective_base():,.0f}."),
        (
            "Reach",
            "Exact under each respondent's own probabilities: not reached = product of (1 - p)^insertions.",
        ),
        *result.notes,
    )
    influence = result.influence
    if influence is not None:
        influence = _judged(influence, halves)
    return replace(result, notes=notes, influence=influence)


def _without_reach_model(campaign: Campaign) -> tuple[Default, ...]:
    """The campaign's defaults but those that respondents need not: duplication, repeat audiences."""
    idle = {
        ("Media", "duplication"),
        ("Media", "repeat"),
        ("Vehicles", "repeat"),
        ("Traits", "duplication_factor"),
    }
    return tuple(d for d in campaign.defaults if (d.sheet, d.attribute) not in idle)


def refuse_unplanned(campaign: Campaign) -> None:
    """Raises WorkbookError where the campaign asks what respondents are not planned for."""
    problems = []
    if campaign.brief.objective not in _PLANNED:
        cell = campaign.cells.get(("Brief", "objective", "value"), "Brief")
        text = f"on respondents a plan is made for {', '.join(_PLANNED[:-1])} or {_PLANNED[-1]}; "
        problems.append(Problem(cell, f"{text}the Objective is {campaign.brief.objective}."))
    for goal in campaign.goals:
        if goal.measure == "effective reach":
            text = f"a goal on {goal.times}+ reach cannot be planned on respondents; leave it out."
            problems.append(Problem(goal.cell or "Goals", text))
    if problems:
        raise WorkbookError(campaign.workbook, tuple(problems))


def _judged(influence: Influence, halves: Halves | None) -> Influence:
    """The verdict on people never seen; without one, none is claimed."""
    if influence.verdict_code not in ("gain", "within_model_error"):
        more = "" if halves is None else f" {halves.sentence}"
        return replace(influence, verdict=f"{influence.verdict}{more}")
    if halves is None:
        text = (
            f"On the respondents that the plan was made on, tailoring is worth {100 * influence.gain:.2f} % more "
            "than the ordinary plan. No gain is claimed: what it brings people never asked is told by planner "
            "survey validate."
        )
        return replace(influence, verdict=text, verdict_code="within_model_error")
    code: VerdictCode = "gain" if halves.brings else "within_model_error"
    return replace(influence, verdict=halves.sentence, verdict_code=code)


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


def model_against_survey(
    campaign: Campaign, respondents: Respondents, insertions: FloatArray, notices: tuple[str, ...] = ()
) -> ModelAgainstSurvey:
    """What the segment model and the respondents say of insertions (n_vehicles,), by audience."""
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
        tuple(found), bought, len(respondents), campaign.brief.effective_frequency, notices
    )


def _sampling(reach: FloatArray, weight: FloatArray) -> float:
    """One standard error of a weighted mean of reach, respondents drawn with their weights."""
    if len(reach) < 2:
        return 0.0
    share = weight / weight.sum()
    mean = float(share @ reach)
    return float(np.sqrt((share**2) @ (reach - mean) ** 2))
