"""From a campaign's sheets to the people that the models know: segments, audiences, reach."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.people.audience import Segments, build_segments
from models.people.expressions import normalise, parse_expression
from models.people.traits import Traits
from models.people.word_of_mouth import Talk, WordOfMouth, talk_in_classes
from models.problem.objectives import influence_weights
from models.reach.gamma import BETWEEN, Audiences, Duplication, ReachModel, TraitExcess, calibrate
from planner.campaign import assumptions
from planner.campaign.bought import repeat_of
from planner.campaign.compositions import audience_by_segment, composition_given, composition_used
from planner.campaign.influence import parameter_used, talk_of, word_of_mouth_of
from planner.campaign.inputs import Campaign, TraitRow, counts_for
from planner.campaign.segment_traits import ROLE_WORDS, segment_traits
from planner.campaign.types import types_of, users_of
from planner.campaign.units import each_once, places_once, stands_for, units_of


@dataclass(frozen=True, eq=False)
class Population:
    """The campaign's people.

    traits: rows that make segments, in the order of segments.traits. model: calibrated reach of every vehicle.
    masks: (n_segments,) per audience, by name. definitions: per audience, for people. target: the
    Brief's target audience. weights: (n_segments,) influence weight, 0 outside the target. talk: who
    tells whom.
    influencer_share: (n_vehicles,) share of influencers among those who see an insertion.
    composition_given, composition_used: (n_vehicles, n_traits) as the planner has it (nan = blank), and with
    sampling error taken off. shrinkage_notes: how that was done, for people; none where nothing was moved. moved:
    vehicles whose sample contradicts their audience types and was moved towards what those imply.
    """

    segments: Segments
    traits: tuple[TraitRow, ...]
    model: ReachModel
    masks: Mapping[str, BoolArray]
    definitions: Mapping[str, str]
    target: BoolArray
    weights: FloatArray
    talk: WordOfMouth
    influencer_share: FloatArray
    composition_given: FloatArray
    composition_used: FloatArray
    shrinkage_notes: tuple[str, ...] = ()
    moved: tuple[str, ...] = ()

    @property
    def customers(self) -> BoolArray | None:
        """(n_segments,) who is a customer; None where no customer trait is in use."""
        return self.masks.get("customers")

    def share_of(self, mask: BoolArray) -> FloatArray:
        """(n_segments,) share of an audience's people who are in each segment; 0 where nobody is in the audience."""
        people = self.segments.population * mask
        return people / max(float(people.sum()), 1e-300)


def build_population(campaign: Campaign) -> Population:
    """Segments, the audience of every vehicle in each, and reach calibrated on them.

    Raises models.errors.InvalidInput whose subject names the vehicle, trait or medium to correct.
    """
    brief, rows = campaign.brief, segment_traits(campaign)
    names = tuple(row.name for row in rows)
    traits = Traits(names, np.array([row.share for row in rows]), tuple(row.band for row in rows))
    once = replace(campaign, vehicles=each_once(campaign.vehicles))  # units of a vehicle share its people
    types = types_of(once, rows)
    users = users_of(once, types)
    beside = users.added_to(traits if types is None else types.added_to(traits))
    joints = [] if types is None else [*types.joints(traits), *users.joints]
    segments = build_segments(brief.universe_000, beside, _overlaps_among(campaign, names), joints)
    masks, definitions, target = _audiences(campaign, rows, segments)
    given = composition_given(once, rows)
    implied = None if types is None else types.implied(traits)
    used, shrinkage_notes = composition_used(once, rows, given, implied)
    places, beside_traits = places_once(campaign.vehicles), users.composition
    if types is not None:
        beside_traits = np.hstack([types.composition, users.composition])
    used, audience, moved = audience_by_segment(once, segments, used, implied, beside_traits)
    audience = audience[:, places]
    excesses = _excesses(rows, segments) if types is None else ()
    model = calibrate(_seen(campaign, segments, audience), _duplication(campaign, segments, excesses))
    return Population(
        segments,
        rows,
        model,
        masks,
        definitions,
        target,
        _segment_weights(campaign, rows, segments) * target,
        _talk(talk_of(campaign), segments, masks),
        _influencer_share(masks, audience),
        given[places],
        used[places],
        shrinkage_notes,
        moved,
    )


def _overlaps_among(campaign: Campaign, names: tuple[str, ...]) -> list[tuple[str, str, float]]:
    """The overlaps stated of these traits."""
    return [
        (row.trait_a, row.trait_b, row.share)
        for row in campaign.overlaps
        if row.trait_a in names and row.trait_b in names
    ]


def population_of(
    campaign: Campaign, rows: tuple[TraitRow, ...], segments: Segments, model: ReachModel
) -> Population:
    """People known one by one: their traits and reach as measured, nothing raked, shrunk or calibrated."""
    masks, definitions, target = _audiences(campaign, rows, segments)
    audience = segments.population[:, None] * model.audiences.rating
    used = np.stack([segments.has[:, t] @ audience for t in range(len(rows))], axis=1) if rows else None
    shape = (len(campaign.vehicles), len(rows))
    met = np.maximum(audience.sum(axis=0), 1e-300)[:, None]
    return Population(
        segments,
        rows,
        model,
        masks,
        definitions,
        target,
        _segment_weights(campaign, rows, segments) * target,
        talk_in_classes(segments.population, *_talking(segments, masks), talk_of(campaign)),
        _influencer_share(masks, audience),
        np.full(shape, np.nan),
        np.zeros(shape) if used is None else used / met,
    )


def _influencer_share(masks: Mapping[str, BoolArray], audience: FloatArray) -> FloatArray:
    """(n_vehicles,) share of influencers in audiences (n_segments, n_vehicles) of people (000)."""
    influencers = masks.get("influencers", np.zeros(len(audience), dtype=bool))
    return np.asarray(audience[influencers].sum(axis=0) / np.maximum(audience.sum(axis=0), 1e-300))


def retuned(people: Population, campaign: Campaign) -> Population:
    """The same people under other weights and other word of mouth; their reach stays."""
    rows = tuple(row for row in campaign.traits if row.name in people.segments.traits.names)
    talk = talk_among(people, talk_of(campaign))
    return replace(people, traits=rows, weights=weights_of(people, campaign), talk=talk)


def with_audiences_of(people: Population, campaign: Campaign) -> Population:
    """The same people, with the audiences that a campaign's goals name."""
    masks, definitions, _ = _audiences(campaign, people.traits, people.segments)
    return replace(people, masks=masks, definitions=definitions)


def weights_of(people: Population, campaign: Campaign) -> FloatArray:
    """(n_segments,) influence weights under a campaign's figures; 0 outside the target audience."""
    rows = tuple(row for row in campaign.traits if row.name in people.segments.traits.names)
    return _segment_weights(campaign, rows, people.segments) * people.target


def talk_among(people: Population, talk: Talk) -> WordOfMouth:
    """Word of mouth among the same people under other parameters."""
    return _talk(talk, people.segments, people.masks)


def _segment_weights(campaign: Campaign, rows: tuple[TraitRow, ...], segments: Segments) -> FloatArray:
    others = len(segments.traits.names) - len(rows)  # audience types, behind the traits
    talks = np.array([is_influencer_trait(row, campaign) for row in rows] + [False] * others, dtype=bool)
    weights = np.array([weight_of(row, campaign) for row in rows] + [1.0] * others)
    return influence_weights(segments, talks, weights)


def _talk(talk: Talk, segments: Segments, masks: Mapping[str, BoolArray]) -> WordOfMouth:
    return word_of_mouth_of(talk, segments, *_talking(segments, masks))


def _talking(segments: Segments, masks: Mapping[str, BoolArray]) -> tuple[BoolArray, BoolArray, BoolArray]:
    """(n_segments,) who are catalysts, experts, customers."""
    nobody = np.zeros(len(segments.population), dtype=bool)
    catalysts, experts, customers = (
        masks.get(name, nobody) for name in ("catalysts", "experts", "customers")
    )
    return catalysts, experts, customers


def is_influencer_trait(row: TraitRow, campaign: Campaign) -> bool:
    """Whether a trait is a catalyst's or an expert's that counts in the brief's category."""
    return row.role in ("catalyst", "expert") and counts_for(row, campaign.brief)


def weight_of(row: TraitRow, campaign: Campaign) -> float:
    """The trait's weight; a blank one of an influencer is the preset's, of any other trait 1."""
    if row.weight is not None:
        return row.weight
    if not is_influencer_trait(row, campaign):
        return 1.0
    return parameter_used(campaign, row.role)


def _audiences(
    campaign: Campaign, rows: tuple[TraitRow, ...], segments: Segments
) -> tuple[dict[str, BoolArray], dict[str, str], BoolArray]:
    """Standard audiences that exist here, then the campaign's own, then those that only goals name; and the target."""
    words, wanted = _words(campaign, rows, segments), campaign.brief.target_audience
    own_definitions = {row.name: row.definition for row in campaign.audiences}
    own = {name: _mask(text, words) for name, text in own_definitions.items()}
    target = own[wanted] if wanted in own else _mask(wanted, words)
    kept = _standard_masks(words, target)
    taken = {normalise(name) for name in kept}
    kept |= {name: mask for name, mask in own.items() if normalise(name) not in taken}
    unnamed = dict.fromkeys(goal.audience for goal in campaign.goals if goal.audience not in kept)
    kept |= {audience: _mask(audience, words) for audience in unnamed}  # a trait, or several
    definitions = _standard_definitions(campaign, rows, own_definitions.get(wanted, wanted))
    return kept, definitions | dict(zip(unnamed, unnamed, strict=True)) | own_definitions, target


def _mask(definition: str, words: Mapping[str, BoolArray]) -> BoolArray:
    """(n_segments,) who is meant by a definition."""
    return parse_expression(definition, list(words)).mask(words)


def _standard_masks(words: Mapping[str, BoolArray], target: BoolArray) -> dict[str, BoolArray]:
    """The audiences that every campaign has, as far as there are such people; the target in any case."""
    named = ("everyone", "target", "customers", "catalysts", "experts", "influencers")
    masks = {name: target if name == "target" else words[name] for name in named}
    kept = {name: mask for name, mask in masks.items() if mask.any() or name == "target"}
    return kept | {"others": words["others"]} if "influencers" in kept else kept


def _standard_definitions(campaign: Campaign, rows: tuple[TraitRow, ...], target: str) -> dict[str, str]:
    """What the audiences that every campaign has are, for people. target: the Brief's, as it is defined."""
    return {
        "everyone": "the universe",
        "target": target,
        "customers": _listed(rows, campaign, ("customer",)),
        "catalysts": _listed(rows, campaign, ("catalyst",)),
        "experts": _listed(rows, campaign, ("expert",)),
        "influencers": _listed(rows, campaign, ("catalyst", "expert")),
        "others": "not influencers",
    }


def _words(campaign: Campaign, rows: tuple[TraitRow, ...], segments: Segments) -> dict[str, BoolArray]:
    """Who is meant by each word of a definition: everyone, the roles, the traits."""
    words: dict[str, BoolArray] = {"everyone": np.ones(len(segments.population), dtype=bool)}
    for word, role in ROLE_WORDS.items():
        having = [i for i, row in enumerate(rows) if row.role == role and counts_for(row, campaign.brief)]
        words[word] = np.asarray(segments.has[:, having].any(axis=1))
    words["influencers"] = words["catalysts"] | words["experts"]
    words["others"] = ~words["influencers"]
    return words | {row.name: segments.with_trait(row.name) for row in rows}


def _listed(rows: tuple[TraitRow, ...], campaign: Campaign, roles: tuple[str, ...]) -> str:
    return " or ".join(row.name for row in rows if row.role in roles and counts_for(row, campaign.brief))


def blank_compositions(campaign: Campaign, rows: tuple[TraitRow, ...]) -> BoolArray:
    """(n_vehicles,) vehicles without a figure for some influencer trait in use."""
    wanted = [row.name for row in rows if is_influencer_trait(row, campaign)]
    columns = {name: i for i, name in enumerate(campaign.composition_traits)}
    shares = {row.vehicle: row.shares for row in campaign.composition}
    return np.array(
        [
            any(
                vehicle.vehicle_name not in shares
                or name not in columns
                or shares[vehicle.vehicle_name][columns[name]] is None
                for name in wanted
            )
            for vehicle in campaign.vehicles
        ],
        dtype=bool,
    )


def _seen(campaign: Campaign, segments: Segments, audience: FloatArray) -> Audiences:
    """Ratings of the advertisement: of q that see it among the audience, p becomes q p and r becomes q r."""
    media = tuple(row.name for row in campaign.media)
    vehicles = campaign.vehicles
    seen = np.array([vehicle.ad_seen for vehicle in vehicles])
    contacts = np.array([vehicle.contacts for vehicle in vehicles])
    return Audiences(
        tuple(vehicle.name for vehicle in vehicles),
        media,
        np.array([media.index(vehicle.medium) for vehicle in vehicles]),
        segments.population,
        audience / segments.population[:, None] * seen,
        np.array(_repeats(campaign)) * seen,
        np.array([vehicle.repeat is not None for vehicle in vehicles]),
        stands_for(vehicles) if units_of(vehicles) else None,
        contacts if (contacts > 1).any() else None,
    )


def _repeats(campaign: Campaign) -> list[float]:
    """The repeat audience of every vehicle."""
    by_name = {row.name: row for row in campaign.media}
    stated, universe = media_that_state_repeat(campaign), campaign.brief.universe_000
    return [repeat_of(v, by_name[v.medium], universe, v.medium in stated) for v in campaign.vehicles]


def media_that_state_repeat(campaign: Campaign) -> frozenset[str]:
    """Media whose repeat audience the planner states."""
    assumed = {d.row for d in campaign.defaults if (d.sheet, d.attribute) == ("Media", "repeat")}
    return frozenset(row.name for row in campaign.media if row.name not in assumed)


def _duplication(campaign: Campaign, segments: Segments, excesses: tuple[TraitExcess, ...]) -> Duplication:
    within = np.array([row.duplication for row in campaign.media])
    everyone = np.ones(len(segments.population))
    lowered = frozenset({BETWEEN, *(row.name for row in campaign.media)})
    defaults = (d for d in campaign.defaults if not d.measured)  # what pairs measure is of the whole universe
    assumed = {d.row for d in defaults if (d.sheet, d.attribute) == ("Media", "duplication")}
    return Duplication(campaign.between_media, within, everyone, lowered, excesses, frozenset(assumed))


def _excesses(rows: tuple[TraitRow, ...], segments: Segments) -> tuple[TraitExcess, ...]:
    """The traits whose excess duplication is stated, or known by their role or ages."""
    found = []
    for row in rows:
        assumed = assumptions.duplication_factor(row.name, row.role)
        times = row.duplication_factor or (assumed.value if assumed else None)
        if times is not None:
            found.append(TraitExcess(row.name, segments.with_trait(row.name), times))
    return tuple(found)
