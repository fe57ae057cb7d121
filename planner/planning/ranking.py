"""Every vehicle measured on one audience: how well it covers it, how rich it is in it, what that costs.

One insertion of vehicle j is seen by N_c p_jc people of segment c (population, rating; the share that sees the
advertisement is in the rating). In an audience A:

    audience      a_j = sum over c in A of N_c p_jc             people (000)
    coverage      a_j / (people of A)                           in percent; times Contacts its rating points
    composition   a_j / (everybody who sees it)                 in percent
    index         composition / (A's share of the universe)     100 = as many as among everybody
    CPM           price / (a_j Contacts_j)                      money per thousand contacts
    CPP           price / (coverage Contacts_j)                 money per rating point of the audience
    contacts, paid and earned    sum over c in A of N_c p_jc (Contacts_j + tau_c)

tau_c (models.people.word_of_mouth) are the credible contacts that a reached person of segment c passes on, to
whomever: what the people of A who see one insertion are worth when those they tell are counted too. With nobody
talking the cost per thousand contacts is the CPM. It is a measure of one insertion: a plan counts people reached, who
talk once however often they are met, and what the listeners hear (models/problem/objectives.py).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from models.arrays import BoolArray
from models.errors import InvalidInput
from models.people.expressions import normalise, parse_expression
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population, blank_compositions
from planner.campaign.rulebook import money_cost
from planner.campaign.segment_traits import ROLE_WORDS
from planner.planning.figures import influencer_compositions
from planner.planning.results import Ranking
from planner.planning.tables import divided, once_per_result, plain


@dataclass(frozen=True)
class Measure:
    """A column of the ranking. key: attribute of Ranking. cost: the lower the better. help: what it is."""

    key: str
    heading: str
    cost: bool
    money: bool
    decimals: int
    help: str


MEASURES = (
    Measure("audience_000", "Audience (000)", False, False, 0,
            "people of the audience, in thousands, who see one insertion"),
    Measure("coverage_pct", "Coverage %", False, False, 2,
            "share of the audience that sees one insertion; with one contact each the same number is its rating"),
    Measure("composition_pct", "Composition %", False, False, 1,
            "share of those who see one insertion that belongs to the audience"),
    Measure("index", "Index", False, False, 0,
            "composition beside the audience's share of the universe; 100 = as many as among everybody"),
    Measure("cost_per_insertion", "Cost per insertion", True, True, 0,
            "what the budget, net or gross, pays for one insertion"),
    Measure("cpm", "CPM", True, True, 2, "money per thousand contacts in the audience"),
    Measure("cpp", "CPP", True, True, 0,
            "money per rating point of the audience (as many contacts as 1 % of it has people)"),
    Measure("influencer_index", "Influencer index", False, False, 0,
            "share of influencers in everybody who sees it, beside the universe's; 100 = the same"),
    Measure("cost_per_thousand_influencers", "Cost per 000 influencer contacts", True, True, 2,
            "money per thousand contacts with influencers, whatever the audience"),
    Measure("cost_per_thousand_contacts", "Cost per 000 contacts paid and earned", True, True, 2,
            "money per thousand contacts in the audience, together with the credible contacts that the people "
            "of the audience who see one insertion pass on"),
)  # fmt: skip

_ALIASES = {"audience": "audience_000", "coverage": "coverage_pct", "composition": "composition_pct",
            "price": "cost_per_insertion", "cost": "cost_per_insertion", "net cost": "cost_per_insertion",
            "influencers": "influencer_index", "cost per 000 influencers": "cost_per_thousand_influencers",
            "contacts": "cost_per_thousand_contacts"}  # fmt: skip


def rank_vehicles(campaign: Campaign, people: Population, audience: str = "target") -> Ranking:
    """Every vehicle on every measure, for one audience; nan where there is no figure.

    audience: the name of an audience or a definition over traits ("catalyst and not customer").
    Raises InvalidInput where it is neither.
    """
    name, mask = audience_mask(people, audience)
    population = people.segments.population
    seen = population[:, None] * people.model.audiences.rating  # people; one met several times is one
    met_often = population[:, None] * people.model.audiences.contacts
    paid = met_often[mask].sum(axis=0)
    inside, everybody, size = seen[mask].sum(axis=0), seen.sum(axis=0), float(population[mask].sum())
    price = np.array([money_cost(vehicle, campaign) for vehicle in campaign.vehicles])
    coverage = divided(100 * inside, size)
    # All alike are all alike: no 100.00000000000001.
    composition = np.round(divided(100 * inside, everybody), 9)
    influencers = people.masks.get("influencers", np.zeros(len(population), dtype=bool))
    universe = people.segments.universe
    influencers_share = float(population[influencers].sum()) / universe
    met = seen[influencers].sum(axis=0)
    contacts = paid + people.talk.passed_on[mask] @ seen[mask]
    return Ranking(
        audience=name,
        definition=people.definitions.get(name, ""),
        population_000=size,
        currency=campaign.brief.currency,
        vehicles=tuple(vehicle.name for vehicle in campaign.vehicles),
        media=tuple(vehicle.medium for vehicle in campaign.vehicles),
        cost_per_insertion=price,
        audience_000=inside,
        coverage_pct=coverage,
        composition_pct=composition,
        index=np.round(divided(composition, size / universe), 9),
        cpm=divided(price, paid),
        cpp=divided(price, divided(100 * paid, size)),
        influencer_index=np.round(divided(100 * divided(met, everybody), influencers_share), 9),
        cost_per_thousand_influencers=divided(price, met_often[influencers].sum(axis=0)),
        cost_per_thousand_contacts=divided(price, contacts),
        composition_blank=blank_compositions(campaign, people.traits),
        compositions=influencer_compositions(campaign, people),
    )


def audience_mask(people: Population, audience: str) -> tuple[str, BoolArray]:
    """An audience's name (or its definition, tidied) and its segments (n_segments,)."""
    names = {normalise(name): name for name in people.masks}
    if normalise(audience) in names:
        name = names[normalise(audience)]
        return name, people.masks[name]
    roles = {
        word: people.masks[f"{role}s"] for word, role in ROLE_WORDS.items() if f"{role}s" in people.masks
    }
    traits = {row.name: people.segments.with_trait(row.name) for row in people.traits}
    words = {**people.masks, **roles, **traits}
    try:
        return " ".join(audience.split()), parse_expression(audience, list(words)).mask(words)
    except InvalidInput as error:
        raise InvalidInput(f'The audience "{audience}" is not understood: {error}') from error


def measure_of(sort: str) -> Measure:
    """The measure that a word names: its key or heading, in any case, or its usual short name.

    Raises InvalidInput listing the measures.

    >>> measure_of("Influencer index").key, measure_of("cpp").key, measure_of("contacts").key
    ('influencer_index', 'cpp', 'cost_per_thousand_contacts')
    """
    asked = _plain(sort)
    for measure in MEASURES:
        if asked in (_plain(measure.key), _plain(measure.heading)) or _ALIASES.get(asked) == measure.key:
            return measure
    known = ", ".join(measure.key.replace("_", " ") for measure in MEASURES)
    raise InvalidInput(f'There is no measure "{sort}" to sort by; there are: {known}.')


@once_per_result
def ranking_columns(ranking: Ranking) -> dict[str, Any]:
    """Every vehicle's figures by column, in the campaign's order: vehicle, medium, the keys of MEASURES, whether an
    influencer composition is given and was shrunk, and of each influencer trait the percents `TRAIT given` and
    `TRAIT used`."""
    return {
        "vehicle": list(ranking.vehicles),
        "medium": list(ranking.media),
        **{measure.key: getattr(ranking, measure.key) for measure in MEASURES},
        "composition_given": ~ranking.composition_blank,
        "composition_shrunk": ranking.composition_shrunk,
        **{f"{found.trait} given": found.given for found in ranking.compositions},
        **{f"{found.trait} used": found.used for found in ranking.compositions},
    }


def ranked_rows(ranking: Ranking, sort: str = "", top: int | None = None) -> list[dict[str, Any]]:
    """The rows of ranking_columns, best first (see ranked); None where there is no figure."""
    plain_columns = {
        name: values.tolist() if isinstance(values, np.ndarray) else values
        for name, values in ranking_columns(ranking).items()
    }
    return [
        {name: plain(values[place]) for name, values in plain_columns.items()}
        for place in ranked(ranking, sort, top)
    ]


def _plain(text: str) -> str:
    return normalise("".join(" " if char in "_-%()" else char for char in text))


def default_sort(ranking: Ranking) -> str:
    """What is sorted by where nothing is asked: the cheapest way to influencers; without any, the CPM."""
    costs = ranking.cost_per_thousand_influencers
    return "cost_per_thousand_influencers" if np.isfinite(costs).any() else "cpm"


def ranked(ranking: Ranking, sort: str = "", top: int | None = None) -> list[int]:
    """Places of the vehicles, best first: the lowest cost, the highest of anything else.

    Vehicles without the figure stand last; equals keep the campaign's order. top: so many; None = all.
    """
    measure = measure_of(sort or default_sort(ranking))
    values = getattr(ranking, measure.key)
    order = np.argsort(np.where(np.isnan(values), np.inf, values if measure.cost else -values), kind="stable")
    return [int(place) for place in (order if top is None else order[: max(top, 0)])]
