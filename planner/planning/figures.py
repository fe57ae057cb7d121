"""The figures of a plan, per audience and per vehicle, from the exact model."""

from collections.abc import Sequence

import numpy as np

from models.arrays import FloatArray
from models.purchase.tariff import Tariff
from models.reach.frequency import contact_distribution
from planner.campaign.inputs import Campaign, counts_for
from planner.campaign.population import Population, blank_compositions
from planner.campaign.rulebook import Rulebook
from planner.planning.results import (
    AudienceFigures,
    ExtraCost,
    PackageFigures,
    TraitComposition,
    VehicleFigures,
)
from planner.planning.tables import divided

CLASSES = 21  # contacts 0 to 19, and "20 or more"


def audience_figures(people: Population, insertions: FloatArray) -> tuple[AudienceFigures, ...]:
    """Reach, frequency and distribution of insertions (n_vehicles,) in every audience of the campaign.

    An audience's distribution is that of its segments, weighted by their people.
    """
    model, population = people.model, people.segments.population
    distribution = contact_distribution(model, insertions, CLASSES)
    reach = model.reach_shares(insertions)
    contacts = model.audiences.contacts @ insertions
    figures = []
    for name, mask in people.masks.items():
        size = float(population[mask].sum())
        share = people.share_of(mask)
        reached, per_head = float(share @ reach), float(share @ contacts)
        figures.append(
            AudienceFigures(
                name=name,
                definition=people.definitions[name],
                population_000=size,
                reach_share=reached,
                average_frequency=per_head / reached if reached > 0 else 0.0,
                grp=100 * per_head,
                impressions_000=per_head * size,
                distribution=share @ distribution if size > 0 else np.eye(CLASSES)[0],
            )
        )
    return tuple(figures)


def vehicle_figures(
    campaign: Campaign, people: Population, rulebook: Rulebook, plan: FloatArray, optimised: FloatArray
) -> VehicleFigures:
    """Per vehicle of a plan (plan_size,): what one insertion costs, whom it meets, how rich in influencers."""
    insertions = rulebook.columns.insertions(plan)
    seen = people.segments.population[:, None] * people.model.audiences.contacts
    compositions = influencer_compositions(campaign, people)
    return VehicleFigures(
        insertions=insertions,
        optimised=optimised,
        net_cost=rulebook.cost,
        audience_000=seen.sum(axis=0),
        target_000=seen[people.target].sum(axis=0),
        influencer_index=influencer_indices(people),
        composition_blank=blank_compositions(campaign, people.traits),
        composition_shrunk=np.any([found.shrunk for found in compositions], axis=0)
        if compositions
        else np.zeros(len(insertions), dtype=bool),
        cost=rulebook.tariff.spend(plan),
        extra=extra_costs(rulebook.tariff, plan),
    )


def influencer_indices(people: Population) -> FloatArray:
    """(n_vehicles,) share of influencers among those who see a vehicle beside the universe's, 100 = the same; nan
    where nobody sees it, or no influencer trait is in use."""
    influencers = people.masks.get("influencers")
    if influencers is None:
        return np.full(len(people.influencer_share), np.nan)
    share = people.segments.population[influencers].sum() / people.segments.universe
    seen = people.segments.population @ people.model.audiences.contacts
    return np.where(seen > 0, 100 * people.influencer_share / share, np.nan)


def extra_costs(tariff: Tariff, plan: FloatArray) -> tuple[ExtraCost, ...]:
    """Per vehicle its fixed cost, the discount it is in, and what packages come to; () where the campaign has none
    of these."""
    fixed = tariff.fixed
    if not (fixed.any() or tariff.packages or tariff.discounts):
        return ()
    packaged, other = _packaged(tariff), tariff.spend(plan) - _listed(tariff, plan)
    own = {int(j): steps for steps in tariff.discounts for j in steps.members if not packaged[j]}
    found = []
    for j, together in enumerate(packaged):
        if together:
            found.append(ExtraCost(float(fixed[j]), (), round(float(other[j]), 6), packaged=together))
        elif j in own:
            each = tuple(zip(own[j].start.tolist(), own[j].rate.tolist(), strict=True))
            found.append(ExtraCost(float(fixed[j]), each, 0.0, own[j].name, own[j].by))
        else:
            found.append(ExtraCost(float(fixed[j]), (), 0.0))
    return tuple(found)


def _listed(tariff: Tariff, plan: FloatArray) -> FloatArray:
    """(n_vehicles,) what a plan's insertions come to by the unit costs of their weeks."""
    if tariff.factor is None:
        return np.asarray(tariff.cost * tariff.columns.insertions(plan))
    return np.asarray((tariff.cost[:, None] * tariff.factor * tariff.columns.weekly(plan)).sum(axis=1))


def _packaged(tariff: Tariff) -> list[str]:
    """Per vehicle the packages that decide what it costs, "" where none do: those it is in, and those that are
    decided with them, by a vehicle or a discount that they share."""
    links = [(set(np.flatnonzero(row).tolist()), {package.name})
             for row, package in zip(tariff.in_packages, tariff.packages, strict=True)]  # fmt: skip
    links += [(set(steps.members.tolist()), set()) for steps in tariff.discounts]
    of = {j: ", ".join(sorted(names)) for vehicles, names in _joined(links) for j in vehicles}
    return [of.get(j, "") for j in range(len(tariff.cost))]


def _joined(links: Sequence[tuple[set[int], set[str]]]) -> list[tuple[set[int], set[str]]]:
    """Links that share a member, directly or through others, as one."""
    joined: list[tuple[set[int], set[str]]] = []
    for members, names in links:
        meet = [part for part in joined if part[0] & members]
        joined = [part for part in joined if not part[0] & members]
        joined.append((members.union(*(v for v, _ in meet)), names.union(*(n for _, n in meet))))
    return joined


def package_figures(rulebook: Rulebook, plan: FloatArray) -> tuple[PackageFigures, ...]:
    """Which packages a plan buys."""
    taken = rulebook.columns.packages_of(plan)
    offers = zip(rulebook.tariff.packages, taken, strict=True)
    return tuple(PackageFigures(offer.name, bool(z > 0.5), offer.price) for offer, z in offers)


def influencer_compositions(campaign: Campaign, people: Population) -> tuple[TraitComposition, ...]:
    """Of every catalyst and expert trait that counts: its share of each vehicle's audience, given and used."""
    seen = people.segments.population[:, None] * people.model.audiences.contacts
    everybody = seen.sum(axis=0)
    found = []
    for column, trait in enumerate(people.traits):
        if trait.role in ("catalyst", "expert") and counts_for(trait, campaign.brief):
            inside = seen[people.segments.with_trait(trait.name)].sum(axis=0)
            calculated = divided(inside, everybody)
            given, used = people.composition_given[:, column], people.composition_used[:, column]
            found.append(
                TraitComposition(trait.name, 100 * given, 100 * np.where(np.isnan(used), calculated, used))
            )
    return tuple(found)
