"""A workbook to a campaign: every problem gathered, every default listed.

The order is the order of need: the Brief (universe, weeks, category), vehicles, traits (which the
headings of Composition may name), composition, overlaps, audiences, media, influence, rules, goals,
discounts, packages, weeks.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from planner.campaign.inputs import (
    AudienceRow,
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    OverlapRow,
    PairRow,
    TraitRow,
    TypesTable,
    VehicleRow,
    counts_for,
)
from planner.campaign.survey import SurveySheet
from planner.campaign.units import each_once
from planner.campaign.weeks import overfull_locks, unavailable_locks
from planner.errors import WorkbookError
from planner.excel.read import Book, Sheet, read_book
from planner.names import key, printable
from planner.workbook.campaign.book.own_sheets import own_sheets
from planner.workbook.campaign.book.places import own_columns
from planner.workbook.campaign.brief.brief import parse_brief, said
from planner.workbook.campaign.calendar.weeks import parse_weeks
from planner.workbook.campaign.people.composition import People, parse_composition, trait_columns
from planner.workbook.campaign.people.influence import parse_influence
from planner.workbook.campaign.people.pairs import PairPeople, measured_duplication, parse_pairs
from planner.workbook.campaign.people.traits import parse_overlaps, parse_traits
from planner.workbook.campaign.people.types import parse_types
from planner.workbook.campaign.rules.discounts import parse_discounts, parse_packages
from planner.workbook.campaign.rules.goals import (
    check_minimum_cost,
    check_target,
    parse_audiences,
    parse_goals,
)
from planner.workbook.campaign.rules.rules import check_budget_shares, check_counted_alike, parse_rules
from planner.workbook.campaign.scenarios.scenarios import (
    name_missing_plans,
    parse_scenarios,
    sheet_as_it_stands,
)
from planner.workbook.campaign.survey.survey import check_bare_names, parse_survey
from planner.workbook.campaign.vehicles.media import check_users, list_repeats, parse_media
from planner.workbook.campaign.vehicles.spellings import ask_about_accents, ask_about_spellings
from planner.workbook.campaign.vehicles.unit_rows import (
    ask_about_alike_units,
    ask_about_units_in_names,
    named_by_unit,
)
from planner.workbook.campaign.vehicles.vehicles import parse_vehicles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import is_blank
from planner.workbook.cells.table import Table, no_table, read_table
from planner.workbook.schema.people_sheets import (
    AUDIENCES,
    COMPOSITION,
    OVERLAPS,
    PAIRS,
    SURVEY,
    TRAITS,
    TYPES,
)
from planner.workbook.schema.sheets import (
    BRIEF,
    DISCOUNTS,
    GOALS,
    INFLUENCE,
    MEDIA,
    PACKAGES,
    RULES,
    SCENARIOS,
    SHEETS,
    VEHICLES,
    WEEKS,
)

_FILLED_BY_A_SURVEY = (TRAITS.name, VEHICLES.name, COMPOSITION.name)


def read_campaign(path: Path, changes: Mapping[str, Any] | None = None) -> Campaign:
    """Read a campaign workbook.

    changes: attributes of the Brief given elsewhere (on the command line), which stand for its cells. The survey is
    read too where plans are made on its respondents.
    Raises WorkbookError with every problem found: the file's, or all of its cells' at once.
    """
    campaign = campaign_of(read_book(path), changes)
    if campaign.survey is None or not campaign.survey.planned_on:
        return campaign
    from planner.survey.respondents import planned_on_survey  # seldom, and long to load

    return planned_on_survey(campaign, path.parent)


def campaign_of(book: Book, changes: Mapping[str, Any] | None = None) -> Campaign:
    """The campaign of a workbook that was read, perhaps with cells added; raises as read_campaign."""
    findings, name = Findings(), printable(book.path.name)
    campaign = _parse(book, changes or {}, findings)
    if campaign is None or findings.problems:
        raise WorkbookError(name, tuple(findings.problems), tuple(findings.notices))
    return replace(campaign, workbook=name, file_hash=book.sha256)


def _survey(
    book: Book, tables: Mapping[str, Table], vehicles: Sequence[VehicleRow], findings: Findings
) -> SurveySheet | None:
    """The sheet Survey; where figures that it can fill are missing, who fills them is a notice."""
    unfilled = any(problem.cell.startswith(_FILLED_BY_A_SURVEY) for problem in findings.problems)
    sheet = parse_survey(tables[SURVEY.name], book.path.parent)
    if sheet is not None:
        check_bare_names(sheet, ((row.vehicle, row.unit) for row in vehicles), findings)
        if unfilled:
            findings.notice(
                "Missing shares, audiences and compositions can come from the survey: planner survey to-campaign."
            )
    return sheet


def _changed(brief: Brief, changes: Mapping[str, Any], findings: Findings) -> Brief:
    """The Brief with what was given elsewhere."""
    for attribute, value in changes.items():
        if getattr(brief, attribute) != value:
            column = BRIEF.column(attribute)
            findings.notice(
                f"{column.heading} was set to {said(column, value)} on the command line; the Brief says otherwise."
            )
    return replace(brief, **changes)


def _parse(book: Book, changes: Mapping[str, Any], findings: Findings) -> Campaign | None:
    """The campaign; None where the workbook is none."""
    sheets = own_sheets(book, findings)
    if sheets is None:
        return None
    if book.unstyled:
        findings.notice(
            "The number formats of the workbook cannot be read; a percentage is taken for the plain number that stands "
            "in its cell, and a date for a number."
        )
    brief = _changed(parse_brief(sheets.get(key(BRIEF.name)), findings, changes), changes, findings)
    tables = tables_of(sheets, brief.currency, findings)
    tables[VEHICLES.name] = named_by_unit(tables[VEHICLES.name])
    packaged = frozenset(key(record.text("vehicle")) for record in tables[PACKAGES.name].records)
    vehicles = parse_vehicles(tables[VEHICLES.name], brief, packaged)
    _ask_about_names(vehicles, tables[MEDIA.name], brief)
    if _rows_may_be_missing(tables[VEHICLES.name]):
        vehicles = ()  # what other sheets say of vehicles is not held against them
        tables |= {schema.name: no_table(schema, findings) for schema in (TYPES, PAIRS)}
    who = _who(tables, brief, vehicles, findings)
    brief = check_target(brief, who.audiences, who.traits, findings)
    media, between = _media(tables, brief, vehicles, who.pairs, findings)
    _say_users(media, who, findings)
    influence = parse_influence(tables[INFLUENCE.name], brief)
    rules = parse_rules(tables[RULES.name], vehicles, brief.currency)
    goals = parse_goals(tables[GOALS.name], brief, (who.audiences, who.traits))
    discounts = parse_discounts(tables[DISCOUNTS.name], vehicles, brief)
    packages = parse_packages(tables[PACKAGES.name], vehicles, brief)
    check_minimum_cost(brief, vehicles, rules, goals, findings)
    check_budget_shares(brief, rules, findings)
    check_counted_alike(vehicles, rules, discounts, findings)
    calendar, brief = parse_weeks(tables[WEEKS.name], brief, vehicles)
    _check_influence(brief, who, findings)
    campaign = Campaign(
        brief,
        who.traits,
        who.overlaps,
        who.audiences,
        media,
        between,
        vehicles,
        who.composition_traits,
        who.composition,
        rules,
        influence,
        goals,
        discounts,
        packages,
        calendar=calendar,
        types=who.types,
        pairs=who.pairs,
        survey=_survey(book, tables, vehicles, findings),
        defaults=tuple(findings.defaults),
        notices=tuple(findings.notices),
        cells=dict(findings.cells),
        own_columns=own_columns(tables[VEHICLES.name]),
    )
    if calendar is not None and calendar.locked and not findings.problems:
        # Locked weeks in which a vehicle does not appear, or not so often.
        for problem in (*unavailable_locks(campaign), *overfull_locks(campaign)):
            findings.problem(problem.cell, problem.text)
    asked = tables[SCENARIOS.name]
    scenarios = parse_scenarios(asked, campaign)
    name_missing_plans(asked, book.path)
    return replace(
        campaign,
        scenarios=scenarios,
        notices=tuple(findings.notices),
        scenario_sheet=sheet_as_it_stands(asked),
    )


@dataclass(frozen=True)
class _Who:
    """What the sheets say of people. known: Composition has figures."""

    traits: tuple[TraitRow, ...]
    composition_traits: tuple[str, ...]
    composition: tuple[CompositionRow, ...]
    types: TypesTable | None
    pairs: tuple[PairRow, ...]
    overlaps: tuple[OverlapRow, ...]
    audiences: tuple[AudienceRow, ...]
    known: bool


def _say_users(media: Sequence[MediumRow], who: _Who, findings: Findings) -> None:
    """That Users % and audience types are not counted twice, where a campaign has both."""
    told = [row.name for row in media if row.users is not None]
    sheet = TYPES.name if who.types is not None else PAIRS.name
    if told and (who.types is not None or who.pairs):
        findings.notice(
            f"{MEDIA.name}: Users % of {', '.join(told)} stands beside the audience types of {sheet}: people who never "
            "use the medium were taken from the types that its vehicles hardly reach, so that both say one thing."
        )


def _composed(names: Sequence[str], composition: Sequence[CompositionRow]) -> dict[tuple[str, str], float]:
    """What is known of a vehicle's audience, by vehicle and trait."""
    return {
        (row.vehicle, name): share
        for row in composition
        for name, share in zip(names, row.shares, strict=True)
        if share is not None
    }


def _who(
    tables: Mapping[str, Table], brief: Brief, vehicles: Sequence[VehicleRow], findings: Findings
) -> _Who:
    """Traits, compositions, types, pairs, overlaps and audiences."""
    described, compositions = tables[TRAITS.name], tables[COMPOSITION.name]
    columns = trait_columns(compositions, [record.text("name") for record in described.records])
    traits = parse_traits(described, {column.name: column.cell for column in columns}, brief)
    _say_customers_first(traits, findings)
    titles = each_once(vehicles)  # compositions, types and pairs are of a vehicle, whatever the unit
    names, composition = parse_composition(compositions, columns, People(brief, traits, titles))
    types = parse_types(tables[TYPES.name], titles, traits)
    composed = _composed(names, composition)
    people = PairPeople({key(row.name): row for row in titles}, traits, brief.universe_000, composed)
    pairs = parse_pairs(tables[PAIRS.name], people, types)
    if types is not None or pairs:
        _drop_duplication_factors(traits, findings)
    overlaps = parse_overlaps(tables[OVERLAPS.name], traits, brief)
    audiences = parse_audiences(tables[AUDIENCES.name], traits)
    known = any(not is_blank(row.cells.get(each.column)) for row in compositions.records for each in columns)
    return _Who(traits, names, composition, types, pairs, overlaps, audiences, known)


def _media(
    tables: Mapping[str, Table],
    brief: Brief,
    vehicles: Sequence[VehicleRow],
    pairs: Sequence[PairRow],
    findings: Findings,
) -> tuple[tuple[MediumRow, ...], float]:
    """The media, and the duplication between them; read from the pairs where Media leaves it to them."""
    titles = each_once(vehicles)
    used = dict.fromkeys(vehicle.medium for vehicle in vehicles if vehicle.medium)
    media, between = parse_media(tables[MEDIA.name], list(used), brief.different_names)
    check_users(media, titles, brief.universe_000, findings)
    list_repeats(vehicles, brief, media, findings)
    if not pairs:
        return media, between
    media, measured = measured_duplication(pairs, titles, media, brief.universe_000, findings)
    return media, between if measured is None else measured


def _ask_about_names(vehicles: Sequence[VehicleRow], media: Table, brief: Brief) -> None:
    """Names that may mean one thing."""
    findings = media.findings
    ask_about_units_in_names(vehicles, findings)
    ask_about_alike_units(vehicles, findings)
    ask_about_accents(vehicles, findings)
    listed = [record.text("name") for record in media.records]
    ask_about_spellings(vehicles, listed, brief.different_names, findings)


def _say_customers_first(traits: Iterable[TraitRow], findings: Findings) -> None:
    """Without customers the default for Customers first is no promise: say that instead."""
    if any(trait.role == "customer" for trait in traits):
        return
    off = f"{BRIEF.column('customers_first').heading}: no trait is a customer: customers first is off"
    findings.retell("Brief", "customers_first", lambda default: replace(default, text=off))


def _drop_duplication_factors(traits: Iterable[TraitRow], findings: Findings) -> None:
    """Types carry the duplication: no factor of a trait applies, and none is told as a default."""
    findings.retell("Traits", "duplication_factor", lambda _: None)
    stated = [trait.name for trait in traits if trait.duplication_factor is not None]
    if stated:
        cells = ", ".join(findings.cells.get(("Traits", name, "duplication_factor"), name) for name in stated)
        findings.notice(
            f"With audience types no Duplication factor applies; those stated ({cells}) were not used."
        )


def _rows_may_be_missing(table: Table) -> bool:
    """Whether a sheet may say more than was read: a problem with the sheet, its names or its headings."""
    named = {column.attribute for column in table.schema.columns if column.kind == "text" and column.required}
    doubtful = bool(named & table.header.doubtful) or any(named & record.bad for record in table.records)
    return doubtful or table.schema.name in table.findings.unsure


def _check_influence(brief: Brief, who: _Who, findings: Findings) -> None:
    """The objective influence needs to know something about influencers."""
    unclear = findings.is_wrong(findings.cells.get(("Brief", "objective", "value"), ""))
    if brief.objective != "influence" or unclear or {BRIEF.name, COMPOSITION.name} & findings.unsure:
        return
    if who.composition and not who.known:
        findings.problem(
            "Composition",
            "The objective is influence, but no vehicle has a composition; give the percent of "
            "catalysts in the vehicles' audiences, or choose the objective reach.",
        )
    elif not any(trait.role in ("catalyst", "expert") and counts_for(trait, brief) for trait in who.traits):
        findings.notice(
            "No trait is a catalyst or an expert of the category: nobody counts more than others by influence."
        )


def tables_of(sheets: Mapping[str, Sheet], currency: str, findings: Findings) -> dict[str, Table]:
    """Every table by its sheet's name, without rows where that is not there. sheets: by the key of their name."""
    tables = {schema.name: no_table(schema, findings) for schema in SHEETS if not schema.brief}
    for name, blank in tables.items():
        sheet = sheets.get(key(name))
        read = None if sheet is None else read_table(sheet, blank.schema, findings, currency)
        tables[name] = read or blank
    return tables
