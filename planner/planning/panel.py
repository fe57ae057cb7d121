"""A panel of reach models on one schedule: what each classic model, and ours, makes of a plan's insertions.

Planners are used to one of these models; how far they lie apart is itself information. The pairwise duplications and
repeat audiences that the classic models ask for come from our calibrated model (models/reach/pairs.py), summed over the
segments of the audience: the panel compares formulas on the same figures, not data. On a survey's respondents they are
counted, and so is the reach that the formulas stand beside: there it shows how far each is off.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.classic.models import CLASSIC_MODELS
from models.classic.schedule import Estimate, Schedule
from models.errors import InvalidInput
from models.reach.frequency import contact_distribution
from models.reach.pairs import shared_audiences
from models.respondents.model import RespondentModel
from planner.campaign.bought import added_up
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population
from planner.campaign.units import how_many
from planner.planning.airtime import Airtime, airtime_of
from planner.planning.figures import CLASSES
from planner.planning.ranking import audience_mask

OURS = "nested gamma (ours)"
_OUR_SOURCE = "this program"
_OUR_FAULT = "knows duplication by medium, not by pair; cannot represent vehicles that exclude each other"
COUNTED = "respondents (counted)"
_COUNTED_SOURCE = "the survey"
_COUNTED_FAULT = "knows those who were asked; takes each insertion as met by chance, whatever was met before"
_OUR_CLASSES = 64


@dataclass(frozen=True, eq=False)
class PanelRow:
    """One model. estimate: None where it is undefined for this schedule, and `undefined` says why."""

    name: str
    source: str
    fault: str
    estimate: Estimate | None
    undefined: str = ""


@dataclass(frozen=True, eq=False)
class Panel:
    """All models on one schedule in one audience.

    population_000: people (000). vehicles: bought. insertions: of the schedule, without what is bought by the
    thousand; bought_000: contacts (thousands) of that. grp: in the audience.
    effective_frequency: contacts from which a person counts as effectively reached. segments: of the audience, or
    respondents (identical ones as one) where these are planned on. rows: the classic models, ours last. airtime: our
    reach of rotations and dayparts beside a rule of thumb.
    """

    audience: str
    definition: str
    population_000: float
    segments: int
    vehicles: int
    insertions: float
    bought_000: float
    grp: float
    effective_frequency: int
    rows: tuple[PanelRow, ...]
    airtime: tuple[Airtime, ...] = ()

    @property
    def counted(self) -> bool:
        """Whether ours is counted on respondents."""
        return self.rows[-1].name == COUNTED

    @property
    def ours(self) -> Estimate:
        """Our own estimate, which is always defined."""
        found = self.rows[-1].estimate
        assert found is not None
        return found

    def by_reach(self) -> list[tuple[float, str]]:
        """Reach shares that are defined and possible, with the models' names, lowest first."""
        defined = [(row.estimate, row.name) for row in self.rows if row.estimate is not None]
        return sorted((found.reach, name) for found, name in defined if found.possible)


def panel_of(
    campaign: Campaign, people: Population, insertions: FloatArray, audience: str = "everyone"
) -> Panel:
    """What every model makes of insertions (n_vehicles,) in an audience: a name, or a definition over traits.

    Raises InvalidInput where the audience is not understood or nobody is in it.
    """
    name, mask = audience_mask(people, audience)
    population = people.segments.population
    size = float(population[mask].sum())
    if size <= 0:
        raise InvalidInput(f'Nobody is in the audience "{name}".')
    share = people.share_of(mask)
    count, bought_000 = added_up(campaign.vehicles, insertions.tolist())
    contacts = float(share @ (people.model.audiences.contacts @ insertions))
    counted = isinstance(people.model, RespondentModel)
    said = (COUNTED, _COUNTED_SOURCE, _COUNTED_FAULT) if counted else (OURS, _OUR_SOURCE, _OUR_FAULT)
    ours = PanelRow(*said, _our_estimate(people, insertions, share, contacts))
    return Panel(
        audience=name,
        definition=people.definitions.get(name, ""),
        population_000=size,
        segments=int(mask.sum()),
        vehicles=how_many(row for row, count in zip(campaign.vehicles, insertions, strict=True) if count > 0),
        insertions=count,
        bought_000=bought_000,
        grp=100 * contacts,
        effective_frequency=campaign.brief.effective_frequency,
        rows=(*_classic_rows(people, insertions, share), ours),
        airtime=airtime_of(campaign, people, insertions, name, share),
    )


def _our_estimate(people: Population, insertions: FloatArray, share: FloatArray, contacts: float) -> Estimate:
    reach = float(share @ people.model.reach_shares(insertions))
    distribution = share @ contact_distribution(people.model, insertions, _OUR_CLASSES)
    return Estimate(reach, contacts / reach if reach > 0 else 0.0, distribution)


def _classic_rows(people: Population, insertions: FloatArray, share: FloatArray) -> list[PanelRow]:
    """Each model's answer, or why it has none; what the schedule itself lacks, all of them lack."""
    try:
        schedule = schedule_of(people, insertions, share)
    except InvalidInput as error:
        return [PanelRow(m.name, m.source, m.fault, None, _sentence(error)) for m in CLASSIC_MODELS]
    rows, several = [], _several(people, schedule.vehicles)
    contacts = float(share @ (people.model.audiences.contacts @ insertions))
    for model in CLASSIC_MODELS:
        row = PanelRow(model.name, model.source, model.fault, None)
        try:
            found = model.estimate(schedule)
            rows.append(replace(row, estimate=_of_people(found, several, contacts) if several else found))
        except InvalidInput as error:
            rows.append(replace(row, undefined=_sentence(error)))
    return rows


def _several(people: Population, vehicles: Sequence[str]) -> str:
    """The first of these vehicles of which an insertion meets its people several times; "" where none does."""
    audiences = people.model.audiences
    if audiences.per_person is None:
        return ""
    several = {name for name, each in zip(audiences.vehicles, audiences.per_person, strict=True) if each > 1}
    return next((name for name in vehicles if name in several), "")


def _of_people(found: Estimate, several: str, contacts: float) -> Estimate:
    """An estimate of a schedule with insertions that meet their people several times: reach counts people, as the
    formulas do; how often they are met is all contacts shared out among them, and their distribution is not known."""
    note = (
        f'The classic models count one contact an insertion, and "{several}" gives several: reach is of people all the '
        "same, frequency is all contacts by it, and there is no distribution."
    )
    return replace(
        found,
        average_frequency=contacts / found.reach,
        distribution=None,
        notes=(*(text for text in found.notes), note),
    )


def schedule_of(people: Population, insertions: FloatArray, share: FloatArray) -> Schedule:
    """The vehicles bought that somebody of the audience uses, with all that the classic models ask for.

    share: (n_segments,) of the audience, summing to 1. Raises InvalidInput where nothing is bought, or an insertion is
    not whole.
    """
    audiences = people.model.audiences
    rating = share @ audiences.rating
    bought = np.flatnonzero((insertions > 0) & (rating > 0))
    model = people.model
    if isinstance(model, RespondentModel):
        shared = model.shared_audiences(bought, share)
    else:
        shared = shared_audiences(model, bought, share)
    return Schedule(
        tuple(audiences.vehicles[j] for j in bought),
        rating[bought],
        2 * rating[bought] - shared.diagonal(),
        shared,
        insertions[bought],
    )


def reached_at_least(found: Estimate, times: int) -> float | None:
    """n+ as a share; None where the model has no distribution, or ours does not reach so far."""
    classes = found.distribution
    if classes is None:
        return None
    if len(classes) == _OUR_CLASSES and times >= _OUR_CLASSES:
        return None
    return float(classes[times:].sum())


def folded(classes: FloatArray, most: int = CLASSES) -> FloatArray:
    """(most,) classes, the last one "or more"; those that a short schedule cannot reach are 0.

    >>> folded(np.array([0.5, 0.3, 0.1, 0.1]), 3).tolist()
    [0.5, 0.3, 0.2]
    """
    padded = np.zeros(max(most, len(classes)))
    padded[: len(classes)] = classes
    return np.append(padded[: most - 1], padded[most - 1 :].sum())


def _sentence(error: InvalidInput) -> str:
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}"
