"""From a survey's respondents to the people that the models know: every respondent is a segment of his own."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.arrays import BoolArray
from models.people.audience import Segments
from models.people.traits import Traits
from models.respondents.model import respondent_model
from models.respondents.respondents import Respondents
from planner.campaign.inputs import Campaign, Default, TraitRow
from planner.campaign.population import Population, build_population, population_of
from planner.campaign.segment_traits import traits_in_use
from planner.errors import Problem, WorkbookError
from planner.names import key

# Defaults that respondents need not.
_IDLE = frozenset(
    {("Media", "duplication"), ("Media", "repeat"), ("Vehicles", "repeat"), ("Traits", "duplication_factor")}
)
_IDLE_NOTICES = ("less than chance; the model counts", "no Duplication factor applies")  # and notices


def on_respondents(campaign: Campaign, respondents: Respondents, notices: tuple[str, ...] = ()) -> Campaign:
    """The campaign planned on respondents (not merged) instead of the segments of its sheets. notices: of how they were
    read; they come first, for every figure hangs on them. Defaults of segments stay defaults, and are not told."""
    defaults: tuple[Default, ...] = tuple(replace(d, text="") if _idle(d) else d for d in campaign.defaults)
    rest = (notice for notice in campaign.notices if not any(words in notice for words in _IDLE_NOTICES))
    said = tuple(dict.fromkeys((planned_on(respondents), *notices, *rest)))
    return replace(campaign, respondents=respondents, notices=said, defaults=defaults)


def _idle(default: Default) -> bool:
    shrinks = default.sheet == "Influence" and default.text.startswith("Index shrinkage")
    return shrinks or (default.sheet, default.attribute) in _IDLE


def planned_on(respondents: Respondents) -> str:
    """What every output of a campaign planned on respondents says."""
    return (
        f"Planned on the survey's {len(respondents):,} respondents: shares, compositions, types and duplication of the "
        "other sheets are not used."
    )


def people_of(campaign: Campaign) -> Population:
    """The people that a campaign is planned on: its survey's respondents where it has them, else its sheets' segments.

    Raises WorkbookError, and models.errors.InvalidInput as build_population.
    """
    if campaign.respondents is None:
        return build_population(campaign)
    return respondent_population(campaign, only_what_counts(campaign, campaign.respondents))


def respondent_population(campaign: Campaign, respondents: Respondents) -> Population:
    """The campaign's people as its survey has them. respondents: vehicles in the campaign's order, probabilities of
    seeing the advertisement; identical ones may be merged.

    Raises WorkbookError where a trait that the campaign uses is not among the respondents'.
    """
    rows = traits_in_use(campaign)
    has = _having(campaign, rows, respondents)
    universe = campaign.brief.universe_000
    people = respondents.weight * (universe / respondents.universe)
    held = people @ has / universe
    nobody = [row.name for row, share in zip(rows, held, strict=True) if not 0 < share < 1]
    _refuse(
        campaign, nobody, 'all respondents, or none, have the trait "{}"; mend its row on the sheet Survey.'
    )
    traits = Traits(tuple(row.name for row in rows), held, ("",) * len(rows))
    names = tuple(f"respondent {i + 1}" for i in range(len(people)))
    media = tuple(row.name for row in campaign.media)
    medium = np.array([media.index(vehicle.medium) for vehicle in campaign.vehicles], dtype=np.int64)
    scaled = Respondents(
        respondents.vehicles, respondents.traits, people, respondents.probability, respondents.has_trait
    )
    segments = Segments(names, traits, np.asarray(has, dtype=bool), people)
    return population_of(campaign, rows, segments, respondent_model(scaled, media, medium))


def _having(campaign: Campaign, rows: tuple[TraitRow, ...], respondents: Respondents) -> BoolArray:
    """(n_respondents, n_traits) who has each of these traits; WorkbookError where one was not asked for."""
    places = {key(name): place for place, name in enumerate(respondents.traits)}
    lacking = [row.name for row in rows if key(row.name) not in places]
    _refuse(
        campaign, lacking, '"{}" counts in this campaign, but has no row on the sheet Survey; add it there.'
    )
    return respondents.has_trait[:, [places[key(row.name)] for row in rows]]


def only_what_counts(campaign: Campaign, respondents: Respondents) -> Respondents:
    """The respondents with the traits that the campaign uses, identical ones as one."""
    rows = {key(row.name) for row in traits_in_use(campaign)}
    kept = [place for place, name in enumerate(respondents.traits) if key(name) in rows]
    names = tuple(respondents.traits[place] for place in kept)
    return replace(respondents, traits=names, has_trait=respondents.has_trait[:, kept]).merged()


def _refuse(campaign: Campaign, traits: Sequence[str], wrong: str) -> None:
    """Raise WorkbookError with a problem for each of these traits, where there are any. wrong: what is, of a name."""
    problems = tuple(
        Problem(campaign.cells.get(("Traits", name, "name"), "Traits"), wrong.format(name)) for name in traits
    )
    if problems:
        raise WorkbookError(campaign.workbook, problems)
