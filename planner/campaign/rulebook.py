"""The campaign's rules and prices as the models know them, and back to the planner's words and cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.goals import EffectiveFloor, Floor, frequency_cap
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from models.rules.bought_count import BoughtCount
from models.rules.budget import Budget
from models.rules.contact_goal import ContactGoal
from models.rules.fixed_cost import FixedCost
from models.rules.group_limit import GroupLimit, Measure
from models.rules.package_offer import PackageOffer
from models.rules.ratio import Ratio
from models.rules.row import Side
from models.rules.rule import Rule
from models.rules.smallest_buy import SmallestBuy
from models.rules.titles_per_group import TitlesPerGroup
from models.rules.vehicle_limit import VehicleLimit
from models.rules.volume_discount import VolumeDiscount
from planner.campaign.bought import contacts_of
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.population import Population
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.campaign.units import units_of
from planner.campaign.week_rules import week_rules
from planner.campaign.weeks import Offered, offered_in, weeks_decided
from planner.formats import currency_mark


@dataclass(frozen=True, eq=False)
class Rulebook:
    """rules: every rule of the campaign, goals aside. cells: rule id -> address. tariff: what a plan costs.
    cost: (n_vehicles,) money the budget pays for one insertion, nan where there is no price. buyable:
    (n_vehicles,) most insertions on offer. rating: (n_vehicles,) rating points of one insertion, seen. offered: when
    each vehicle can run; None without a calendar."""

    rules: tuple[Rule, ...]
    cells: Mapping[str, str]
    tariff: Tariff
    cost: FloatArray
    buyable: FloatArray
    rating: FloatArray
    offered: Offered | None = None

    @property
    def columns(self) -> Columns:
        return self.tariff.columns

    def spend(self, plan: FloatArray) -> float:
        """Money of the budget that a plan (plan_size,) costs."""
        return self.tariff.total(plan)


def money_cost(vehicle: VehicleRow, campaign: Campaign) -> float:
    """Money the budget pays for one insertion: Unit cost x (1 - Discount), and x (1 - Commission) where the
    budget is net; nan where there is no price."""
    if vehicle.unit_cost is None:
        return float("nan")
    commission = campaign.brief.commission if campaign.brief.budget_is == "net" else 0.0
    return vehicle.unit_cost * (1 - vehicle.discount) * (1 - commission)


def build_rulebook(campaign: Campaign, known: Rulebook | None = None) -> Rulebook:
    """Every rule and every price that the campaign states. known: of a campaign like it, whose weeks are taken where
    they are the same."""
    return _Builder(campaign, None if known is None else known.offered).build()


@dataclass
class _Builder:
    """Gathers rules with their cells."""

    campaign: Campaign
    offered: Offered | None = None  # of a campaign like it; once built, of this one
    rules: list[Rule] = field(default_factory=list)
    cells: dict[str, str] = field(default_factory=dict)

    def build(self) -> Rulebook:
        campaign = self.campaign
        cost = np.array([money_cost(vehicle, campaign) for vehicle in campaign.vehicles])
        self.names = tuple(vehicle.name for vehicle in campaign.vehicles)
        self.positions = {name: j for j, name in enumerate(self.names)}
        self.tariff = tariff_of(campaign, np.where(np.isnan(cost), 0.0, cost))
        self.rating = np.array([campaign.rating(vehicle) for vehicle in campaign.vehicles])
        buyable = np.array([v.maximum for v in campaign.vehicles])
        buyable = np.where(np.isnan(cost) & ~self.tariff.in_packages.any(axis=0), 0.0, buyable)
        if np.isfinite(campaign.brief.budget):
            budget = Budget("budget", self.tariff, campaign.brief.budget, self._currency)
            self._add(budget, campaign.brief_cell("budget"))
        self._vehicles()
        self._packages(np.isnan(cost))
        self._discounts(buyable)
        self._rules()
        self._weeks()
        return Rulebook(tuple(self.rules), self.cells, self.tariff, cost, buyable, self.rating, self.offered)

    def _vehicles(self) -> None:
        for j, vehicle in enumerate(self.campaign.vehicles):
            for rule, attribute in _vehicle_rules(j, vehicle, self.tariff.columns, self._currency):
                self._add(rule, self.campaign.cell("Vehicles", vehicle.name, attribute))
        for name, places in units_of(self.campaign.vehicles).items():
            self._all_units(name, places)

    def _all_units(self, name: str, places: Sequence[int]) -> None:
        """Limits of a vehicle in several units count all of them."""
        rows, members = [self.campaign.vehicles[place] for place in places], np.array(places, dtype=np.int64)
        limits: list[tuple[str, Side, float]] = [("maximum", "<=", rows[0].maximum)]
        limits += [("minimum", ">=", rows[0].minimum)] if rows[0].minimum > 0 else []
        limits += [("must_buy", ">=", 1.0)] if any(row.must_buy for row in rows) else []
        for attribute, sense, amount in limits:
            row = next((row for row in rows if attribute == "must_buy" and row.must_buy), rows[0])
            rule = GroupLimit(f"{attribute} of {name}", f"{name} (all units)", members, "insertions", sense, amount,
                              self.tariff, self._currency, impressions=contacts_of(rows))  # fmt: skip
            self._add(rule, self.campaign.cell("Vehicles", row.name, attribute))

    def _rules(self) -> None:
        for number, row in enumerate(self.campaign.rules):
            for rule in self._rule(number, row):
                self._add(rule, row.cell or f"Rules, {row.name}")

    def _add(self, rule: Rule, cell: str) -> None:
        self.rules.append(rule)
        self.cells[rule.id] = cell

    @property
    def _currency(self) -> str:
        """What stands before an amount of money."""
        return currency_mark(self.campaign.brief.currency)

    # --- prices ---

    def _packages(self, unquoted: Sequence[bool] | FloatArray) -> None:
        only = tuple(np.flatnonzero(np.asarray(unquoted) & self.tariff.in_packages.any(axis=0)).tolist())
        for p, row in enumerate(self.campaign.packages):
            offer = PackageOffer(f"package {p}", p, self.names, self.tariff, only, self._currency)
            self._add(offer, row.cell or f"Packages, {row.name}")

    def _discounts(self, buyable: FloatArray) -> None:
        whole = self.campaign.brief.whole
        for place, steps in enumerate(self.tariff.discounts):
            row = next(row for row in self.campaign.discounts if row.applies_to == steps.name)
            rule = VolumeDiscount(f"discount {place}", place, self.tariff, buyable, whole, self._currency,
                                  impressions=self._contacts(steps.members))  # fmt: skip
            self._add(rule, row.cell or f"Discounts, {row.applies_to}")

    # --- rules ---

    def _rule(self, number: int, row: RuleRow) -> Iterator[Rule]:
        limits: tuple[tuple[Side, float | None], ...] = ((">=", row.at_least), ("<=", row.at_most))
        for sense, amount in limits:
            if amount is not None:
                yield from self._one_rule(f"rule {number} {sense}", row, sense, amount)

    def _per_group(self, rule_id: str, row: RuleRow, sense: Side, amount: float) -> Iterator[Rule]:
        """A rule a value of what vehicles have in common; units of one vehicle are one title."""
        columns, whole = self.tariff.columns, self.campaign.brief.whole
        for number, (value, names) in enumerate(row.items):
            entries = self._by_vehicle(names)
            if any(len(entry) > 1 for entry in entries):
                yield BoughtCount(f"{rule_id} {number}", f"{row.per} {value}", tuple(entries), sense, amount,
                                  columns, self._next_private(), whole)  # fmt: skip
            else:
                yield TitlesPerGroup(f"{rule_id} {number}", row.per, value, self._members(names), sense, amount,
                                     columns, whole)  # fmt: skip

    def _one_rule(self, rule_id: str, row: RuleRow, sense: Side, amount: float) -> Iterator[Rule]:
        """The rules that one limit of a row says: one, or one a value where it is per group."""
        members = self._members(row.vehicles)
        columns, whole = self.tariff.columns, self.campaign.brief.whole
        if row.unit == "ratio":
            base = self._members(row.base_vehicles)
            yield Ratio(rule_id, row.applies_to, members, row.base, base, row.of, sense, amount,
                        self.tariff, self.rating)  # fmt: skip
        elif row.per:
            yield from self._per_group(rule_id, row, sense, amount)
        elif row.unit in ("vehicles", "items"):
            entries = [self._members(names) for _, names in row.items]
            if row.unit == "vehicles":
                entries = self._by_vehicle(row.vehicles)
            first = self._next_private()
            yield BoughtCount(rule_id, row.applies_to, tuple(entries), sense, amount, columns, first, whole)
        else:
            rating = self.rating if row.unit == "grp" else None
            yield GroupLimit(rule_id, row.applies_to, members, cast(Measure, row.unit), sense, amount,
                             self.tariff, self._currency, rating, self.campaign.brief.budget,
                             self._contacts(members) if row.unit == "insertions" else 0.0)  # fmt: skip

    def _contacts(self, members: IntArray) -> float:
        return contacts_of(self.campaign.vehicles[j] for j in members.tolist())

    def _by_vehicle(self, names: Sequence[str]) -> list[IntArray]:
        """Places of lines, those of units of one vehicle together."""
        found: dict[str, list[int]] = {}
        for j in self._members(names).tolist():
            found.setdefault(self.campaign.vehicles[j].vehicle_name, []).append(j)
        return [np.array(places, dtype=np.int64) for places in found.values()]

    def _next_private(self) -> int:
        """The first column that no rule has yet."""
        own = [column.column + 1 for rule in self.rules for column in rule.private()]
        return max([self.tariff.width, *own])

    def _members(self, names: Sequence[str]) -> IntArray:
        return np.array(sorted(self.positions[name] for name in names), dtype=np.int64)

    def _weeks(self) -> None:
        """When insertions can stand, and limits on weeks and months."""
        if self.campaign.calendar is None:
            self.offered = None
            return
        self.offered = offered_in(self.campaign, self.offered)
        for rule, cell in week_rules(self.campaign, self.offered, self.tariff, self.rating):
            self._add(rule, cell)


def _vehicle_rules(
    j: int, vehicle: VehicleRow, columns: Columns, currency: str
) -> Iterator[tuple[Rule, str]]:
    """A vehicle's own limits and prices, each with the attribute that states it."""

    def limit(why: str, sense: str, insertions: float) -> VehicleLimit:
        return VehicleLimit(f"{why} {sense} {j}", j, vehicle.name, why, sense, insertions,  # type: ignore[arg-type]
                            impressions=contacts)  # fmt: skip

    contacts = contacts_of([vehicle])

    if not vehicle.vehicle:  # else they count all units
        yield limit("maximum", "<=", vehicle.maximum), "maximum"
        if vehicle.minimum > 0:
            yield limit("minimum", ">=", vehicle.minimum), "minimum"
        if vehicle.must_buy:
            yield limit("must-buy", ">=", 1.0), "must_buy"
    if vehicle.locked is not None:
        for sense in ("<=", ">="):
            yield limit("locked", sense, vehicle.locked), "locked"
    if vehicle.smallest_buy > 0:
        smallest = SmallestBuy(f"smallest buy {j}", j, vehicle.name, vehicle.smallest_buy, columns,
                               impressions=contacts)  # fmt: skip
        yield smallest, "smallest_buy"
    if vehicle.fixed_cost > 0:
        fixed = FixedCost(f"fixed cost {j}", j, vehicle.name, vehicle.fixed_cost, columns, currency)
        yield fixed, "fixed_cost"


# --- prices as a tariff ------------------------------------------------------------------------------


def tariff_of(campaign: Campaign, cost: FloatArray) -> Tariff:
    """Prices, week factors, packages, fixed costs and discounts. cost: (n_vehicles,) money of one insertion."""
    weeks = weeks_decided(campaign)
    columns = Columns(len(cost), weeks, len(campaign.packages))
    places = {vehicle.name: j for j, vehicle in enumerate(campaign.vehicles)}
    packages = tuple(
        Package(offer.name, _laid_out(places, offer.vehicles, offer.insertions), offer.price)
        for offer in campaign.packages
    )
    fixed = np.array([vehicle.fixed_cost for vehicle in campaign.vehicles])
    steps = tuple(_steps(campaign, columns, places))
    return Tariff(cost, columns, _factor(campaign, places, weeks), packages, fixed, steps)


def _laid_out(places: Mapping[str, int], names: Sequence[str], figures: Sequence[float]) -> FloatArray:
    """(n_vehicles,) figures of some vehicles, 0 of the others."""
    found = np.zeros(len(places))
    found[[places[name] for name in names]] = figures
    return found


def _factor(campaign: Campaign, places: Mapping[str, int], weeks: int) -> FloatArray | None:
    """(n_vehicles, n_weeks) price factors, where there are any."""
    calendar = campaign.calendar
    if not weeks or calendar is None or not calendar.factors:
        return None
    factor = np.ones((len(places), weeks))
    for row in calendar.factors:
        factor[[places[name] for name in row.vehicles]] = row.factors
    return factor


def _steps(campaign: Campaign, columns: Columns, places: Mapping[str, int]) -> Iterator[Steps]:
    """The discounts: rows of the same name are steps of one."""
    first = columns.private_from
    for name in dict.fromkeys(row.applies_to for row in campaign.discounts):
        rows = sorted((r for r in campaign.discounts if r.applies_to == name), key=lambda row: row.start)
        members = np.array(sorted(places[vehicle] for vehicle in rows[0].vehicles), dtype=np.int64)
        start, rate = np.array([row.start for row in rows]), np.array([row.rate for row in rows])
        steps = Steps(name, members, rows[0].by, start, rate, first)
        first += steps.n_columns
        yield steps


# --- goals ------------------------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Goalbook:
    """contacts: goals in GRP and impressions, rules like any other. floors: on reach, and caps on frequency.
    effective: floors on n+ reach. cells: goal id -> address."""

    contacts: tuple[ContactGoal, ...]
    floors: tuple[Floor, ...]
    effective: tuple[EffectiveFloor, ...]
    cells: Mapping[str, str]


def build_goalbook(campaign: Campaign, people: Population) -> Goalbook:
    """Every goal of the campaign."""
    contacts: list[ContactGoal] = []
    floors: list[Floor] = []
    effective: list[EffectiveFloor] = []
    cells: dict[str, str] = {}
    for number, row in enumerate(campaign.goals):
        goal_id, audience = f"goal {number}", people.segments.population * people.masks[row.audience]
        asked = list(_contact_goals(goal_id, row, audience, people))
        contacts += asked
        if not asked and _of_times(row):
            effective.append(
                EffectiveFloor(goal_id, audience, row.times, _least(row, audience), row.audience)
            )
        elif not asked:
            floors.append(_floor(goal_id, row, audience, people.model.audiences.contacts))
        cells |= dict.fromkeys([goal_id, *(goal.id for goal in asked)], row.cell or f"Goals, {row.audience}")
    return Goalbook(tuple(contacts), tuple(floors), tuple(effective), cells)


def _of_times(row: GoalRow) -> bool:
    return row.measure not in ("reach", "average frequency") and row.times > 1


def _least(row: GoalRow, audience: FloatArray) -> float:
    """People (000)."""
    assert row.at_least is not None
    return row.at_least * float(audience.sum())


def _floor(goal_id: str, row: GoalRow, audience: FloatArray, rating: FloatArray) -> Floor:
    if row.measure != "average frequency":
        return Floor(goal_id, audience, _least(row, audience), audience=row.audience)
    assert row.at_most is not None
    return frequency_cap(goal_id, audience, rating, row.at_most, row.audience)


def _contact_goals(
    goal_id: str, row: GoalRow, audience: FloatArray, people: Population
) -> Iterator[ContactGoal]:
    """Both sides of a goal in GRP, impressions or a share of them; none of another."""
    if row.measure not in ("grp", "impressions", "share of impressions"):
        return
    everyone, rating = people.segments.population, people.model.audiences.contacts
    each, unit, whole = np.asarray(audience @ rating), "impressions (000)", None
    if row.measure == "share of impressions":
        points = 100 / float(everyone.sum())
        each, unit, whole = points * each, "share of impressions", points * np.asarray(everyone @ rating)
    if row.measure == "grp":
        each, unit = 100 * each / max(float(audience.sum()), 1e-300), "GRP"
    limits: tuple[tuple[Side, float | None], ...] = ((">=", row.at_least), ("<=", row.at_most))
    for sense, amount in limits:
        if amount is not None:
            yield ContactGoal(f"{goal_id} {sense}", row.audience, each, sense, amount, unit, whole)
