"""The frozen inputs a plan is made from: one dataclass per kind of row in the workbook.

Everything here is a label, a number or None. Money is in the campaign's currency, people are in
thousands, every share is 0..1 (percent exists only on the sheet). None means that the planner left
the cell blank and that blank has a meaning of its own (said at each field).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Literal

from models.respondents.respondents import Respondents
from planner.campaign import assumptions
from planner.campaign.assumptions import Preset
from planner.campaign.calendar import Calendar
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow, RuleRow
from planner.campaign.scenario import Scenario
from planner.campaign.survey import SurveySheet

Role = Literal["customer", "catalyst", "expert", "demographic"]
ObjectiveName = Literal[
    "influence", "word of mouth", "reach", "effective reach", "impressions", "minimum cost"
]
MOST_INSERTIONS = 10_000  # of a vehicle: more are asked about, for every one of them is searched and shown
# What each maximises, for people; "" where its name says it.
OBJECTIVES: Mapping[ObjectiveName, str] = {
    "influence": "people reached, each weighed by how much they talk",
    "word of mouth": "people reached, and those whom they tell",
    "reach": "",
    "effective reach": "people met as often as Effective frequency says, or more",
    "impressions": "",
    "minimum cost": "the cheapest plan that meets the goals",
}
# Those for which a plan beside the ordinary one is judged by what it gains among some of the people.
TAILORED: tuple[ObjectiveName, ...] = ("influence", "word of mouth", "effective reach")
# Those that do not rest on reach, so that the model's error of reach is none of theirs.
NO_REACH: tuple[ObjectiveName, ...] = ("impressions", "minimum cost")
Flighting = Literal["even", "front-loaded", "pulsed"]
BoughtAs = Literal["programme", "strip", "rotation", "daypart", "issue", "poster", "impressions"]


@dataclass(frozen=True)
class Brief:
    """The Brief sheet: what is to be planned."""

    campaign: str = ""
    client: str = ""
    category: str = ""
    currency: str = "USD"
    universe_000: float = 0.0
    budget: float = 0.0
    budget_is: Literal["net", "gross"] = "net"
    commission: float = 0.0
    start: date | None = None
    weeks: int = int(assumptions.WEEKS.value)
    objective: ObjectiveName = "influence"
    target_audience: str = "everyone"
    customers_first: float = assumptions.CUSTOMERS_FIRST.value
    effective_frequency: int = 3
    whole: bool = True
    influence_preset: Preset = "moderate"
    flighting: Flighting | None = None  # None = left blank: even
    # Pairs of names that look alike and are two: "TV / TV 2; prime time / primetime".
    different_names: str = ""
    longest_gap: int | None = None  # most weeks in a row without insertions; None = as the flighting falls

    @property
    def last_day(self) -> date | None:
        """Of the flight: the Sunday of its last week; None without a Start. Weeks begin on Mondays, the first on Start.

        >>> Brief(start=date(2027, 3, 3), weeks=2).last_day
        datetime.date(2027, 3, 14)
        """
        return self.start and self.start + timedelta(weeks=self.weeks, days=-1 - self.start.weekday())


@dataclass(frozen=True)
class TraitRow:
    """A row of Traits. Only traits that count for the brief's category take part in a plan.

    category: an expert's category ("technology"), else "".
    band: name of the band of exclusive traits it belongs to, else "".
    share: of the universe, 0..1.
    weight: None = from the influence preset (catalyst, expert) or 1 (others).
    duplication_factor: excess duplication beside everyone's; None = by role or ages (assumptions), else not known.
    """

    name: str
    role: Role
    share: float
    category: str = ""
    band: str = ""
    weight: float | None = None
    duplication_factor: float | None = None


def counts_for(trait: TraitRow, brief: Brief) -> bool:
    """Whether a trait takes part in the plan: an expert counts only in the brief's category."""
    own = " ".join(trait.category.split()).casefold()
    return trait.role != "expert" or (
        bool(brief.category) and own == " ".join(brief.category.split()).casefold()
    )


@dataclass(frozen=True)
class OverlapRow:
    """Share of the universe that has both traits, 0..1."""

    trait_a: str
    trait_b: str
    share: float


@dataclass(frozen=True)
class AudienceRow:
    """A named target audience, defined by an expression over traits."""

    name: str
    definition: str


@dataclass(frozen=True)
class MediumRow:
    """A medium: duplication within it (times chance), default repeat audience (0..1), chart colour (#rrggbb or "");
    users: share of the universe that ever uses it, None = everyone may."""

    name: str
    duplication: float
    repeat: float
    colour: str = ""
    users: float | None = None


@dataclass(frozen=True)
class VehicleRow:
    """A row of Vehicles.

    unit_cost: rate-card price of one insertion; None = "?", not quoted, never bought.
    discount: 0..1. audience_000: people (000) of one insertion (a Rating % has been converted).
    ad_seen: share of the audience that sees the advertisement, 0..1.
    repeat: share of one insertion's audience that the next meets again; None = by bought_as, else the medium's.
    bought_as: what an insertion is; None = an issue or programme as the medium's. cume: share of the universe that the
    line reaches at least once in four weeks; None = unknown.
    maximum: most insertions, from Max or from Appears over the flight.
    locked: exactly this many insertions; None = free. sample_size: None = unknown.
    fixed_cost: money once if bought at all, as the budget pays it (net or gross). smallest_buy: fewest
    insertions if bought at all, 0 = no such limit.
    vehicle: of a vehicle that is sold in several units its own name, name being `Vehicle | Unit`; "" where this is
    its only unit. Its units have the same audience, repeat, bought_as, cume, appears, minimum and maximum; the limits
    and must_buy count all of them.
    contacts: mean contacts, >= 1, that one unit bought gives each person whom it reaches.
    issue_dates: as written ("first Thursday"), "" where not told; issues: those that fall into the flight.
    cpp: money per rating point of the universe where the price was given so (unit_cost follows from it), else None.
    """

    name: str
    medium: str
    unit_cost: float | None
    audience_000: float
    maximum: float
    genre: str = ""
    groups: tuple[str, ...] = ()
    unit: str = ""
    discount: float = 0.0
    audience_base: str = ""
    ad_seen: float = 1.0
    repeat: float | None = None
    appears: str = ""
    minimum: float = 0.0
    locked: float | None = None
    must_buy: bool = False
    sample_size: float | None = None
    basis: str = ""
    source: str = ""
    fixed_cost: float = 0.0
    smallest_buy: float = 0.0
    bought_as: BoughtAs | None = None
    cume: float | None = None
    vehicle: str = ""
    contacts: float = 1.0
    issue_dates: str = ""
    issues: tuple[date, ...] = ()
    cpp: float | None = None

    @property
    def vehicle_name(self) -> str:
        """The name of the programme or publication, whatever the unit."""
        return self.vehicle or self.name

    @property
    def asked_for(self) -> bool:
        """Whether a minimum or must-buy asks for this very row: of a vehicle in several units any of them will do."""
        return not self.vehicle and (self.must_buy or self.minimum > 0)

    @property
    def seen_000(self) -> float:
        """People (000) who see the advertisement in one insertion."""
        return self.audience_000 * self.ad_seen

    @property
    def contacts_000(self) -> float:
        """Contacts (000) with the advertisement in one insertion."""
        return self.seen_000 * self.contacts


@dataclass(frozen=True)
class CompositionRow:
    """Share (0..1) of one vehicle's audience that has each trait, in the order of
    Campaign.composition_traits. None = left blank: the universe's share is used, and marked."""

    vehicle: str
    shares: tuple[float | None, ...]


@dataclass(frozen=True)
class TypesTable:
    """The sheet Types: audience types, to one of which everyone belongs.

    names: of the types. share: of the universe, per type, adding up to 1. vehicles: per vehicle that is on the sheet,
    the share of its audience in each type. traits: per trait that is there, the share of its people in each.
    """

    names: tuple[str, ...]
    share: tuple[float, ...]
    vehicles: Mapping[str, tuple[float, ...]]
    traits: Mapping[str, tuple[float, ...]]


@dataclass(frozen=True)
class PairRow:
    """A row of Pairs: who meets one insertion in each of two vehicles, or in a vehicle and has a trait.

    b: a vehicle, or (b_is_trait) a trait. people_000: that both have.
    """

    a: str
    b: str
    b_is_trait: bool
    people_000: float


@dataclass(frozen=True)
class InfluenceRow:
    """A row of Influence: a parameter of word of mouth.

    parameter: its key in planner.campaign.assumptions.TALK, or "index_shrinkage" (used 1 = on, 0 = off).
    used: None = the preset's value. low, high: the range for sensitivity; None = the evidence's.
    Shares are 0..1. source: as the planner wrote it.
    """

    parameter: str
    used: float | None
    low: float | None = None
    high: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Default:
    """A value that the workbook did not give.

    sheet, row (its key: a vehicle, a brief key, "" for a whole column or sheet) and attribute
    (of the row's dataclass here) say where; text says what was taken, for people; "" where nothing depends on it.
    measured: it was read from other figures of the workbook, and is no assumption.
    """

    sheet: str
    row: str
    attribute: str
    text: str
    measured: bool = False


@dataclass(frozen=True)
class OwnColumn:
    """A column of Vehicles or Plan that is the planner's own: it is not read, but goes along into the plan's workbook.
    values: as they stand, by vehicle. cell: address of its heading."""

    heading: str
    values: Mapping[str, object]
    cell: str = ""


@dataclass(frozen=True)
class OwnSheet:
    """A sheet as the planner wrote it. headings: from left to right. rows: as long, each cell its value and whether
    it is shown as a percentage, None where there is nothing."""

    headings: tuple[str, ...]
    rows: tuple[tuple[tuple[Any, bool] | None, ...], ...]


@dataclass(frozen=True)
class Campaign:
    """A whole campaign, checked and complete.

    between_media: duplication between media, times chance. types, pairs: at most one of them is given.
    defaults: every default taken. notices: what the planner should know but that stops nothing
    (hidden rows that were read, sheets that are not ours, a band rescaled to 100 %).
    cells: (sheet, row key, attribute) -> address, for messages about a value found wrong later.
    workbook: the file's name, for messages. calendar: None where the campaign has neither a sheet Weeks nor
    a Flighting. survey: where the respondents are and how they are read; None without a sheet Survey. own_columns:
    the planner's own of Vehicles; plan_columns: of Plan, where a plan was read. scenarios: what else is
    asked, for planner compare; scenario_sheet: as written, to be written again. respondents: of the survey, where they
    are planned on instead of segments (planner.campaign.respondents); not merged.
    """

    brief: Brief
    traits: tuple[TraitRow, ...]
    overlaps: tuple[OverlapRow, ...]
    audiences: tuple[AudienceRow, ...]
    media: tuple[MediumRow, ...]
    between_media: float
    vehicles: tuple[VehicleRow, ...]
    composition_traits: tuple[str, ...]
    composition: tuple[CompositionRow, ...]
    rules: tuple[RuleRow, ...] = ()
    influence: tuple[InfluenceRow, ...] = ()
    goals: tuple[GoalRow, ...] = ()
    discounts: tuple[DiscountRow, ...] = ()
    packages: tuple[PackageRow, ...] = ()
    calendar: Calendar | None = None
    types: TypesTable | None = None
    pairs: tuple[PairRow, ...] = ()
    survey: SurveySheet | None = None
    respondents: Respondents | None = field(default=None, compare=False, repr=False)
    defaults: tuple[Default, ...] = ()
    notices: tuple[str, ...] = ()
    cells: Mapping[tuple[str, str, str], str] = field(default_factory=dict, compare=False)
    workbook: str = field(default="The campaign", compare=False)
    file_hash: str = field(default="", compare=False)
    own_columns: tuple[OwnColumn, ...] = field(default=(), compare=False)
    scenarios: tuple[Scenario, ...] = field(default=(), compare=False)
    scenario_sheet: OwnSheet | None = field(default=None, compare=False)
    plan_columns: tuple[OwnColumn, ...] = field(default=(), compare=False)

    @property
    def told_defaults(self) -> tuple[Default, ...]:
        """The defaults on which something of the campaign depends."""
        return tuple(default for default in self.defaults if default.text)

    def noticed(self, *notices: str) -> "Campaign":
        """The campaign with more that the planner should know."""
        return replace(self, notices=(*self.notices, *notices)) if notices else self

    def cell(self, sheet: str, row: str, attribute: str) -> str:
        """Address of a value; where it came from another column or none, its row."""
        return self.cells.get((sheet, row, attribute), f"{sheet}, {row}")

    def brief_cell(self, attribute: str) -> str:
        """Address of an answer on Brief; the sheet, where it is not there."""
        return self.cells.get(("Brief", attribute, "value"), "Brief")

    def rating(self, vehicle: VehicleRow) -> float:
        """One insertion's rating points: contacts with the advertisement, as percent of the universe."""
        return 100 * vehicle.contacts_000 / self.brief.universe_000 if self.brief.universe_000 else 0.0
