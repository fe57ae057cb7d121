"""The error of the model itself on the difference of two plans, and what a gain of that size may be called."""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray
from models.reach.differences import difference_error
from models.respondents.exposure import CERTAIN
from planner.campaign import assumptions
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population, is_influencer_trait, weight_of
from planner.campaign.prepare import Prepared
from planner.campaign.units import places_once, units_of
from planner.formats import signed
from planner.names import key
from planner.planning.results import PlanResult

ERROR_IS = "The model's own error is one standard deviation of what the reach model may err on a difference."
PLUS_MINUS_IS = "+- is the reach model's own error on a difference: one standard deviation."
FIRM = 2.0  # standard deviations that a gain must exceed


def model_error(campaign: Campaign, people: Population, plans: Sequence[FloatArray]) -> float:
    """One standard deviation of the error on the difference of two plans' value, as a share of it: the reach model's,
    and the sampling error of compositions with a Sample size. plans: two, (n_vehicles,) insertions each."""
    if campaign.respondents is not None:
        return 0.0  # reach is counted; what tailoring brings people not asked, halves tell (planner.planning.halves)
    return float(
        np.hypot(reach_difference_error(campaign, people, *plans), _sampling(campaign, people, *plans))
    )


def reach_difference_error(campaign: Campaign, people: Population, a: FloatArray, b: FloatArray) -> float:
    """One standard deviation of the reach model's own error on the difference of two plans' reach, in any audience, as
    a share of that reach. a, b: (n_vehicles,) insertions. Measured on everyone, and taken for parts of them."""
    rating = people.segments.population @ people.model.audiences.contacts / people.segments.universe
    if units_of(campaign.vehicles):  # :10 for :30 of a show exchanges no vehicle
        a, b, rating = _by_vehicle(campaign, a * rating), _by_vehicle(campaign, b * rating), np.ones(1)
    return difference_error(a, b, np.broadcast_to(rating, a.shape), difference_c(campaign))


def result_difference_error(a: PlanResult, b: PlanResult) -> float:
    """The same of two plans that may be of two campaigns, whose vehicles are matched by their names; contacts are each
    campaign's own."""
    names = [[key(vehicle.vehicle_name) for vehicle in each.campaign.vehicles] for each in (a, b)]
    places = {name: place for place, name in enumerate(dict.fromkeys([*names[0], *names[1]]))}
    bought = np.zeros((2, len(places)))
    for contacts, own, each in zip(bought, names, (a, b), strict=True):
        rating = [each.campaign.rating(vehicle) for vehicle in each.campaign.vehicles]
        np.add.at(contacts, [places[name] for name in own], each.vehicles.insertions * np.array(rating))
    c = max(difference_c(a.campaign), difference_c(b.campaign))
    return difference_error(bought[0], bought[1], np.ones(len(places)), c)


def difference_c(campaign: Campaign) -> float:
    """c of models.reach.differences: the less, the more is known of who shares vehicles; 0 on respondents, whose reach
    is counted."""
    if campaign.respondents is not None:
        return 0.0
    if campaign.types is not None:
        return assumptions.DIFFERENCE_ERROR_WITH_TYPES.value * _small_survey(campaign)
    return (assumptions.DIFFERENCE_ERROR_WITH_PAIRS if campaign.pairs else assumptions.DIFFERENCE_ERROR).value


def _small_survey(campaign: Campaign) -> float:
    """How many times the usual error types of a small survey have: sqrt(.55^2 + 400 / n), at least 1, n respondents of
    an effective base, as samples of 120, 400 and 1,760 of the 2016 study have it.

    n is the effective base on the sheet Survey; where none is there, the median over vehicles of Sample size over the
    share of the universe that one insertion meets, which is too large where audiences are smaller than what respondents
    claim; without sample sizes 1 time."""
    bases = [
        row.sample_size * campaign.brief.universe_000 / row.audience_000
        for row in campaign.vehicles
        if row.sample_size and row.audience_000
    ]
    if campaign.survey is not None and campaign.survey.effective_base:
        bases = [campaign.survey.effective_base]
    return max(1.0, float(np.hypot(0.55, 20 / np.sqrt(np.median(bases))))) if bases else 1.0


def _by_vehicle(campaign: Campaign, figures: FloatArray) -> FloatArray:
    """Figures (n_rows,) summed over each vehicle's units."""
    places = places_once(campaign.vehicles)
    return np.asarray(np.eye(places.max() + 1)[places].T @ figures)


def value_error(prepared: Prepared, a: FloatArray, b: FloatArray) -> float:
    """The same of two plans' insertions (n_vehicles,) by the campaign's own objective; 0 where it is no reach: money
    and contacts are sums."""
    objective = prepared.problem.objective
    if objective.effective is None and not objective.counts_reach:
        return 0.0
    return model_error(prepared.campaign, prepared.people, (a, b))


def error_text(share: float, error: float) -> str:
    """A difference of value (a share of it) beside one standard deviation of the model's own error, in words that end a
    sentence; "" where the value is no reach, or the plans are the same.

    >>> [error_text(share, 0.011).split(" of ")[0] for share in (0.004, 0.02, 0.04)]
    [", within the model's own error", ", within twice the model's own error", ", beyond twice the model's own error"]
    >>> error_text(0.004, 0.011)
    ", within the model's own error of 1.10 %"
    """
    if error <= 0:
        return ""
    place = "beyond" if abs(share) > FIRM * error else "within"
    twice = "twice " if abs(share) > error else ""
    return f", {place} {twice}the model's own error of {100 * error:.2f} %"


def points_text(difference: float, error: float) -> str:
    """A difference of reach with one standard deviation of the model's error on it, both in percentage points.

    >>> points_text(0.034, 0.251), points_text(-1.5, 0.0)
    ('+0.03 +-0.25 points', '-1.50 points')
    """
    return f"{signed(difference, 2)}{plus_minus(error)} points"


def plus_minus(error: float) -> str:
    """The error behind a difference of two decimals; "" where there is none."""
    return f" +-{error:.2f}" if error >= 0.005 else ""


def reach_error(campaign: Campaign, insertions: FloatArray) -> float:
    """One standard deviation of the reach model's error on a plan's reach, as a share of that reach: c / sqrt(n) of n
    vehicles bought. insertions: (n_vehicles,). Measured on everyone, one contact in each of 8 and of 16 vehicles.

    On respondents, whose reach is counted, the survey's own sampling error. Ratings and compositions are taken as they
    stand: their own errors are not in it."""
    if campaign.respondents is not None:
        people, missed = (
            campaign.respondents,
            np.log1p(-np.minimum(campaign.respondents.probability, 1 - CERTAIN)),
        )
        reach = -np.expm1(missed @ insertions)
        return people.sampling_error(reach) / max(float(people.weight @ reach / people.universe), 1e-300)
    bought = len(set(places_once(campaign.vehicles)[insertions > 0].tolist()))
    c = (
        assumptions.REACH_ERROR_WITH_TYPES
        if campaign.types is not None or campaign.pairs
        else assumptions.REACH_ERROR
    )
    small = _small_survey(campaign) if campaign.types is not None else 1.0
    return c.value * small / float(np.sqrt(bought)) if bought else 0.0


def _sampling(campaign: Campaign, people: Population, a: FloatArray, b: FloatArray) -> float:
    """What the sampling error of influencers' shares leaves open, under the objective influence; elsewhere 0.

    A vehicle's contacts are worth so much more by its influencers' share c and their weight beyond everyone's; c has
    the variance c (1-c) / n. Contacts count as the plan's last ones do: by the reach that 1 % more of it adds.
    """
    if campaign.brief.objective != "influence":
        return 0.0
    population = people.segments.population
    value = float((population * people.weights) @ people.model.reach_shares(a))
    contacts = population @ people.model.audiences.contacts
    bought = float(contacts @ a)
    if value <= 0 or bought <= 0:
        return 0.0
    added = population @ (people.model.reach_shares(1.01 * a) - people.model.reach_shares(a))
    sizes = np.array([np.inf if v.sample_size is None else v.sample_size for v in campaign.vehicles])
    variance = 0.0
    for at, row in enumerate(people.traits):
        if is_influencer_trait(row, campaign):
            share = people.composition_used[:, at]
            worth = (weight_of(row, campaign) - 1) * float(added) / (0.01 * bought)
            variance += float((((a - b) * contacts * worth) ** 2 * share * (1 - share) / sizes).sum())
    return float(np.sqrt(variance)) / value
