"""Another campaign that the same evidence might have given: compositions, ratings and shares of other surveys of the
same size, assumptions within their ranges, prices about those quoted."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.random import Generator

from models.arrays import FloatArray
from models.many.draws import drawn_triangular
from models.many.resampling import Surveys
from planner.campaign import assumptions
from planner.campaign.influence import parameters_of
from planner.campaign.inputs import Campaign
from planner.campaign.population import retuned
from planner.campaign.prepare import Prepared, prepare
from planner.planning.turning import with_assumption

Values = Mapping[str, float]


# --- surveys --------------------------------------------------------------------------------------------


def sample_sizes(campaign: Campaign, size: float | None = None) -> FloatArray:
    """(n_vehicles,) respondents in each audience; `size` where none is stated, infinite without one."""
    stated = [size if row.sample_size is None else row.sample_size for row in campaign.vehicles]
    return np.array([np.inf if n is None else n for n in stated])


def survey_draw(prepared: Prepared, surveys: Surveys, rng: Generator) -> Prepared:
    """The campaign as another survey of the same size might have measured it. Raises WorkbookError where that is
    impossible."""
    people, campaign = prepared.people, prepared.campaign
    model = surveys.model_drawn(rng)
    segments = replace(people.segments, population=model.population)
    drawn = replace(people, segments=segments, model=model)
    times = (model.population @ model.audiences.rating) / np.maximum(
        people.model.population @ people.model.audiences.rating, 1e-300
    )
    vehicles = tuple(
        replace(row, audience_000=row.audience_000 * by)
        for row, by in zip(campaign.vehicles, times.tolist(), strict=True)
    )
    campaign = replace(campaign, vehicles=vehicles)
    return prepare(campaign, retuned(drawn, campaign))


def has_samples(campaign: Campaign) -> bool:
    """Whether any vehicle states the size of its sample, or the respondents themselves are known."""
    return campaign.respondents is not None or bool(np.isfinite(sample_sizes(campaign)).any())


# --- assumptions and prices -----------------------------------------------------------------------------


def ranges_of(campaign: Campaign) -> dict[str, tuple[float, float, float]]:
    """Low, used and high of every assumption that has a range."""
    named = zip(assumptions.TALK, parameters_of(campaign), strict=True)
    return {name: (row.low, row.used, row.high) for name, row in named if row.high > row.low}


def assumption_draw(campaign: Campaign, rng: Generator) -> Values:
    """A value for every assumption that has a range."""
    return {name: drawn_triangular(rng, *three) for name, three in ranges_of(campaign).items()}


def assumption_sets(campaign: Campaign) -> dict[str, Values]:
    """The sets that plans are held against: as used, the presets, all low, all high."""
    ranges = ranges_of(campaign)
    sets: dict[str, Values] = {"as used": {}}
    for preset in assumptions.PRESETS:
        sets[preset] = {name: assumptions.TALK[name].taken(preset) for name in ranges}
    sets["all low"] = {name: low for name, (low, _, _) in ranges.items()}
    sets["all high"] = {name: high for name, (_, _, high) in ranges.items()}
    return sets


def with_values(campaign: Campaign, values: Values) -> Campaign:
    """The campaign under other assumptions."""
    for name, value in values.items():
        campaign = with_assumption(campaign, name, value)
    return campaign


def price_draw(campaign: Campaign, rng: Generator, spread: float) -> Campaign:
    """The campaign with every unit cost between (1 - spread) and (1 + spread) times what is quoted."""
    times = rng.uniform(1 - spread, 1 + spread, len(campaign.vehicles)).tolist()
    vehicles = tuple(
        row if row.unit_cost is None else replace(row, unit_cost=row.unit_cost * factor)
        for row, factor in zip(campaign.vehicles, times, strict=True)
    )
    return replace(campaign, vehicles=vehicles)
