"""Two plans side by side: vehicles, money by medium, what each does in every audience, and whether each figure
can be set against the other's. Nothing is solved; the figures are those of the insertions as they stand.

Figures of campaigns that state things differently are not like with like. What differs is listed; a difference is
None where it would mean nothing: money in two currencies or net against gross, an audience of one name that is two
groups of people, a value by two objectives.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from planner.campaign.influence import parameters_of, shrinks_indices
from planner.campaign.inputs import NO_REACH, Campaign, counts_for
from planner.comparing.calendars import CalendarPair, calendars_compared
from planner.comparing.pair import Difference, Pair
from planner.names import key
from planner.planning.model_error import result_difference_error
from planner.planning.results import AudienceFigures, PlanResult, RuleOutcome
from planner.planning.tables import PlanRow, medium_totals, plan_rows

T = TypeVar("T")
SAME_SHARE = 1e-3  # of the universe, relative: raking leaves less


@dataclass(frozen=True)
class VehiclePair:
    """A vehicle in both plans. insertions, cost: None in a campaign that does not have the vehicle; cost also where
    it has no price. unit_000: contacts (thousands) that one unit of a line bought by the thousand buys in both; else 0.
    """

    name: str
    medium: str
    insertions: Pair
    cost: Pair
    unit_000: float = 0.0

    @property
    def only_in(self) -> str:
        """ "a" or "b" where only that campaign has the vehicle, else ""."""
        return "b" if self.insertions.a is None else "a" if self.insertions.b is None else ""

    @property
    def bought(self) -> bool:
        """Whether either plan buys it."""
        return bool(self.insertions.a or self.insertions.b)

    @property
    def changed(self) -> float:
        """Insertions more or fewer; a vehicle that one campaign lacks counts as not bought there."""
        return (self.insertions.b or 0.0) - (self.insertions.a or 0.0)

    @property
    def differs(self) -> bool:
        """Whether the plans buy otherwise of it, or pay otherwise."""
        return abs(self.changed) > 1e-9 or self.repriced

    @property
    def repriced(self) -> bool:
        """Whether both plans buy as much of it, at other money: a package, a discount, weeks, another price."""
        return abs(self.changed) < 1e-9 and abs(self.cost.difference or 0.0) >= 0.005


@dataclass(frozen=True)
class MediumPair:
    """Money in a medium, and its share (0..1) of the plan's spend."""

    name: str
    cost: Pair
    share: Pair


@dataclass(frozen=True)
class AudiencePair:
    """What the plans do in an audience. population_000: people (000). reach, effective: shares 0..1, of the audience
    met at least once, and at least `times` times. frequency: contacts per person reached. grp. same_people: whether
    the name means the same definition, and as large a part of the universe, in both; True where only one has it.
    error: one standard deviation of the model's own error on the difference of reach, a share of the audience."""

    name: str
    population_000: Pair
    reach: Pair
    effective: Pair
    frequency: Pair
    grp: Pair
    same_people: bool
    error: float = 0.0


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Plan A and plan B. names: of their workbooks. differences: of their campaigns. money_apart, people_apart,
    value_apart: why their money, people, values cannot be set against each other; () where they can. times: of
    effective reach. value: by their objective, b - a None where the objectives are not the same. calendar: None where
    not both have one. error: one standard deviation of the model's own error on the difference of reach, and of value
    that is reach, as a share of it; 0 where reach is counted."""

    names: tuple[str, str]
    plans: tuple[PlanResult, PlanResult]
    differences: tuple[Difference, ...]
    money_apart: tuple[str, ...]
    people_apart: tuple[str, ...]
    value_apart: tuple[str, ...]
    vehicles: tuple[VehiclePair, ...]
    media: tuple[MediumPair, ...]
    audiences: tuple[AudiencePair, ...]
    times: int
    cost: Pair
    value: Pair
    calendar: CalendarPair | None = None
    error: float = 0.0

    @property
    def value_error(self) -> float:
        """One standard deviation of the model's own error on the difference of value, as a share of it; 0 where value
        is no reach."""
        return 0.0 if {plan.objective for plan in self.plans} & {*NO_REACH} else self.error

    @property
    def same_insertions(self) -> bool:
        """Whether both plans buy the same."""
        return all(abs(vehicle.changed) < 1e-9 for vehicle in self.vehicles)

    def broken(self, side: int) -> tuple[RuleOutcome, ...]:
        """The rules of its own campaign that a plan (0 = A, 1 = B) breaks."""
        return tuple(rule for rule in self.plans[side].rules if not rule.holds)


def side_by_side(
    names: tuple[str, str], a: PlanResult, b: PlanResult, differences: tuple[Difference, ...]
) -> SideBySide:
    """Set plan B beside plan A, each by its own campaign. differences: what the two campaigns state differently."""
    money = _money_apart(a.campaign, b.campaign)
    value = _value_apart(a, b)
    times = a.campaign.brief.effective_frequency
    error = result_difference_error(a, b)
    people, audiences = _people_apart(a.campaign, b.campaign), tuple(_audiences(a, b, times, error))
    target = all(pair.same_people for pair in audiences if pair.name == "target") and key(_target(a)) == key(
        _target(b)
    )
    return SideBySide(
        names=names,
        plans=(a, b),
        differences=differences,
        money_apart=money,
        people_apart=people,
        value_apart=value,
        vehicles=_vehicles(plan_rows(a), plan_rows(b), not money),
        media=_media(a, b, not money),
        audiences=audiences,
        times=times,
        cost=Pair(a.cost, b.cost, not money),
        value=Pair(a.value, b.value, not value),
        calendar=calendars_compared(a, b, not money, not people, target, error),
        error=error,
    )


# --- what cannot be compared --------------------------------------------------------------------------


def _money_apart(a: Campaign, b: Campaign) -> tuple[str, ...]:
    reasons = []
    if key(a.brief.currency) != key(b.brief.currency):
        reasons.append(f"A is in {a.brief.currency}, B in {b.brief.currency}")
    if a.brief.budget_is != b.brief.budget_is:
        reasons.append(f"A's money is {a.brief.budget_is}, B's {b.brief.budget_is}")
    return tuple(reasons)


def _people_apart(a: Campaign, b: Campaign) -> tuple[str, ...]:
    left, right = a.brief.universe_000, b.brief.universe_000
    if left == right:
        return ()
    return (f"A plans for {left:,.10g} thousand people, B for {right:,.10g} thousand",)


def _value_apart(a: PlanResult, b: PlanResult) -> tuple[str, ...]:
    """Why the values are not on one scale: another objective, other people, other weights or talk."""
    one, other = a.campaign, b.campaign
    reasons = list(_people_apart(one, other))
    if a.objective != b.objective:
        reasons.append(f"A's objective is {a.objective}, B's {b.objective}")
    if a.objective == b.objective == "minimum cost":
        reasons += _money_apart(one, other)
    targets = [_target(result) for result in (a, b)]
    if key(targets[0]) != key(targets[1]):
        reasons.append(f"A's target audience is {targets[0]}, B's {targets[1]}")
    brief, brief_b = one.brief, other.brief
    if brief.objective == "effective reach" and brief.effective_frequency != brief_b.effective_frequency:
        reasons.append("their effective frequency differs")
    if brief.influence_preset != brief_b.influence_preset:
        reasons.append(f"A's influence preset is {brief.influence_preset}, B's {brief_b.influence_preset}")
    if _talk(one) != _talk(other):
        reasons.append("their sheets Influence use other parameters")
    if _traits(one) != _traits(other):
        reasons.append("their traits, or the traits' shares and weights, differ")
    return tuple(reasons)


def _target(result: PlanResult) -> str:
    """The definition of the target audience."""
    found = next((audience.definition for audience in result.audiences if audience.name == "target"), "")
    return found or result.campaign.brief.target_audience


def _talk(campaign: Campaign) -> set[tuple[str, float]]:
    """The parameters of word of mouth in force, wherever they come from."""
    switch = ("index shrinkage", float(shrinks_indices(campaign)))
    return {switch, *((found.heading, found.used) for found in parameters_of(campaign))}


def _traits(campaign: Campaign) -> set[tuple[object, ...]]:
    """The traits that count, with all that the worth of their people rests on."""
    return {
        (key(row.name), row.role, row.share, row.weight, key(row.band))
        for row in campaign.traits
        if counts_for(row, campaign.brief)
    }


# --- pairs --------------------------------------------------------------------------------------------


def _paired(a: Mapping[str, T], b: Mapping[str, T]) -> Iterator[tuple[T | None, T | None]]:
    for name in dict.fromkeys([*a, *b]):
        yield a.get(name), b.get(name)


def _figures(a: T | None, b: T | None, figure: Callable[[T], float | None], comparable: bool = True) -> Pair:
    """A figure of both; None of what one plan does not have."""
    return Pair(None if a is None else figure(a), None if b is None else figure(b), comparable)


def _vehicles(a: Sequence[PlanRow], b: Sequence[PlanRow], money: bool) -> tuple[VehiclePair, ...]:
    """Vehicles that either plan buys: changed ones first, the largest change first."""
    pairs = [
        _vehicle(mine, other, money)
        for mine, other in _paired({key(row.vehicle): row for row in a}, {key(row.vehicle): row for row in b})
    ]
    return tuple(sorted((pair for pair in pairs if pair.bought), key=_by_size))


def _vehicle(a: PlanRow | None, b: PlanRow | None, money: bool) -> VehiclePair:
    row = a or b
    assert row is not None
    insertions = _figures(a, b, lambda row: row.insertions)
    units = {each.unit_000 for each in (a, b) if each is not None}
    return VehiclePair(
        row.vehicle,
        row.medium,
        insertions,
        _figures(a, b, lambda row: row.cost, money),
        units.pop() if len(units) == 1 else 0.0,
    )


def _by_size(pair: VehiclePair) -> tuple[bool, float, float]:
    a, b = pair.cost.a or 0.0, pair.cost.b or 0.0
    shift = b - a if pair.cost.comparable else pair.changed
    return abs(pair.changed) < 1e-9, -abs(shift), -max(a, b)


def _media(a: PlanResult, b: PlanResult, money: bool) -> tuple[MediumPair, ...]:
    mine, other = ({key(t.name): t for t in medium_totals(result)} for result in (a, b))
    pairs = []
    for one, two in _paired(mine, other):
        total = one or two
        assert total is not None
        cost = _figures(one, two, lambda total: total.cost, money)
        pairs.append(MediumPair(total.name, cost, _figures(one, two, lambda total: total.share)))
    return tuple(pairs)


def _audiences(a: PlanResult, b: PlanResult, times: int, error: float) -> Iterator[AudiencePair]:
    mine, other = ({key(found.name): found for found in result.audiences} for result in (a, b))
    for one, two in _paired(mine, other):
        found = one or two
        assert found is not None
        same = one is None or two is None or _same_people(one, two, a.campaign, b.campaign)
        yield AudiencePair(
            found.name,
            _figures(one, two, lambda audience: audience.population_000, same),
            _figures(one, two, lambda audience: audience.reach_share, same),
            _figures(one, two, lambda audience: audience.reached_at_least(times), same),
            _figures(one, two, lambda audience: audience.average_frequency, same),
            _figures(one, two, lambda audience: audience.grp, same),
            same,
            0.0 if one is None or two is None else error * (one.reach_share + two.reach_share) / 2,
        )


def _same_people(one: AudienceFigures, two: AudienceFigures, a: Campaign, b: Campaign) -> bool:
    """Whether audiences of one name are defined alike and are as large a part of their universe."""
    shares = [
        audience.population_000 / max(campaign.brief.universe_000, 1e-300)
        for audience, campaign in ((one, a), (two, b))
    ]
    alike = abs(shares[0] - shares[1]) <= SAME_SHARE * max(shares)
    return alike and key(one.definition) == key(two.definition)
