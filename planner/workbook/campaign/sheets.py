"""A campaign back to its own sheets, so that a result workbook is itself a campaign.

A value that was a default is written blank, so that it is read back as a default.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from planner.campaign.appears import appearances
from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.influence import SHRINKAGE, Parameter, parameter_shown, parameters_of, shrinks_indices
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.rule_rows import PackageRow
from planner.campaign.weeks import LOCKED
from planner.workbook.campaign.book.places import (
    brief_rows,
    places_of,
    told_places,
    vehicle_places,
)
from planner.workbook.campaign.calendar.columns import mondays_of, week_labels
from planner.workbook.campaign.calendar.rows import FACTOR, LIMITS, WEIGHTS
from planner.workbook.campaign.people.influence import SWITCH
from planner.workbook.campaign.people.pairs import pair_row
from planner.workbook.campaign.people.types import type_rows
from planner.workbook.campaign.rules.goals import measure_text
from planner.workbook.campaign.rules.units import unit_text
from planner.workbook.campaign.survey.survey import survey_rows
from planner.workbook.campaign.vehicles.vehicles import PLAIN_DEFAULTS
from planner.workbook.page.parameter_table import write_influence_sheet, write_parameters
from planner.workbook.page.sheet_writer import PLAIN, Row, SheetWriter, WeekRow
from planner.workbook.page.styles import Page, money_format
from planner.workbook.schema.columns import SheetSchema
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
    BETWEEN_MEDIA_ROW,
    BRIEF,
    DISCOUNTS,
    GOALS,
    MEDIA,
    PACKAGES,
    RULES,
    UNQUOTED,
    VEHICLES,
    WEEKS,
)


@dataclass(frozen=True)
class _Defaults:
    """Which values the workbook did not give."""

    taken: frozenset[tuple[str, str, str]]

    def has(self, sheet: str, row: str, attribute: str) -> bool:
        """Whether a row's value, or its whole column, was a default."""
        return (sheet, row, attribute) in self.taken or (sheet, "", attribute) in self.taken


def write_campaign_sheets(
    book: Workbook, campaign: Campaign, folder: Path | None = None, influence: bool = True
) -> None:
    """Add the campaign's sheets to a workbook that is being written.

    folder: where the workbook is to lie, None = where the campaign lies.
    influence: False leaves the Influence sheet to the caller, who places write_influence_table on it, as in a plan's
    workbook: there a sheet that holds nothing is hidden, so that it is not printed.
    """
    taken = _Defaults(frozenset((found.sheet, found.row, found.attribute) for found in campaign.defaults))
    writer = SheetWriter(book, campaign.brief, margins=True, hide_blank=not influence)
    writer.key_values(_brief(campaign, taken), brief_rows(campaign))
    _write_people(writer, campaign, taken)
    media = [*(medium.name for medium in campaign.media), BETWEEN_MEDIA_ROW]
    writer.table(MEDIA, _media(campaign, taken), places=told_places(MEDIA, campaign, media))
    _write_vehicles(writer, campaign, taken)
    _write_compositions(writer, campaign)
    if influence:
        write_influence_sheet(writer, parameter_rows(campaign))
    _write_conditions(writer, campaign, taken)
    writer.weeks(week_headings(campaign), week_rows(campaign))
    if campaign.scenario_sheet is not None:
        writer.scenarios(campaign.scenario_sheet)
    if campaign.survey is not None:
        writer.table(SURVEY, survey_rows(campaign.survey, folder))


def _write_people(writer: SheetWriter, campaign: Campaign, taken: _Defaults) -> None:
    """Traits, their overlaps and the audiences."""
    names = [trait.name for trait in campaign.traits]
    traits = [_row(trait, TRAITS, trait.name, taken) for trait in campaign.traits]
    writer.table(TRAITS, traits, places=told_places(TRAITS, campaign, names))
    overlaps = [
        _row(overlap, OVERLAPS, "", taken)
        for overlap in campaign.overlaps
        if not taken.has(OVERLAPS.name, f"{overlap.trait_a} / {overlap.trait_b}", "share")
    ]
    writer.table(OVERLAPS, overlaps)
    writer.table(AUDIENCES, [_row(group, AUDIENCES, group.name, taken) for group in campaign.audiences])


def _write_vehicles(writer: SheetWriter, campaign: Campaign, taken: _Defaults) -> None:
    """Vehicles, with the planner's own columns."""
    names = [vehicle.name for vehicle in campaign.vehicles]
    own = {column.heading: list(map(column.values.get, names)) for column in campaign.own_columns}
    # A value that a blank means by itself is left blank, unless all were given: then blanks would turn into
    # a default that was not one.
    spelled_out = {
        attribute
        for attribute in PLAIN_DEFAULTS
        if not taken.has(VEHICLES.name, "", attribute)
        and all(_is_plain(vehicle, attribute) for vehicle in campaign.vehicles)
    }
    rows = [_vehicle(vehicle, campaign.brief.weeks, spelled_out, taken) for vehicle in campaign.vehicles]
    writer.table(VEHICLES, rows, places=vehicle_places(campaign), own=own)


def _write_compositions(writer: SheetWriter, campaign: Campaign) -> None:
    """Who the audiences are: by traits, and by types or pairs where the campaign has them."""
    shares = [(row.vehicle, row.shares) for row in campaign.composition]
    columns = ("", *campaign.composition_traits)  # that of the vehicles first
    places = told_places(COMPOSITION, campaign, [row.vehicle for row in campaign.composition], columns)
    writer.shares(COMPOSITION, campaign.composition_traits, shares, places)
    if campaign.types is not None:
        writer.shares(TYPES, campaign.types.names, type_rows(campaign.types))
    if campaign.pairs:
        writer.table(PAIRS, [pair_row(pair) for pair in campaign.pairs])


def _write_conditions(writer: SheetWriter, campaign: Campaign, taken: _Defaults) -> None:
    """What a plan must keep to, and what it costs less by."""
    stood = [{"applies_to": rule.cell} for rule in campaign.rules]
    rules = [{**_row(rule, RULES, "", taken), "unit": unit_text(rule)} for rule in campaign.rules]
    writer.table(RULES, rules, places=places_of(RULES, stood, {}))
    writer.table(
        GOALS, [{**_row(goal, GOALS, "", taken), "measure": measure_text(goal)} for goal in campaign.goals]
    )
    writer.table(DISCOUNTS, [_row(step, DISCOUNTS, step.applies_to, taken) for step in campaign.discounts])
    writer.table(PACKAGES, list(chain.from_iterable(map(_package, campaign.packages))))


def write_influence_table(page: Page, campaign: Campaign, first_row: int) -> int:
    """The parameters of word of mouth as a table that is read back; it must be the last on its sheet.

    first_row: of its headings, from 0; the columns are A to F, the last over five. Returns the row after the last.
    """
    writer = SheetWriter(page.book, campaign.brief)
    return write_parameters(writer, page, first_row, parameter_rows(campaign), source=(5, 60))


def parameter_rows(campaign: Campaign) -> list[Parameter]:
    """Every parameter: the planner's figures, the evidence's range and source where there are none."""
    switch = next((row for row in campaign.influence if row.parameter == SHRINKAGE), None)
    shown = parameter_shown(SWITCH, "yes/no", switch)
    return [*parameters_of(campaign), replace(shown, used=float(shrinks_indices(campaign)))]


def _row(record: Any, schema: SheetSchema, key: str, taken: _Defaults) -> dict[str, Any]:
    """A dataclass as a row of its sheet, defaults blank."""
    return {
        column.attribute: getattr(record, column.attribute)
        for column in schema.columns
        if hasattr(record, column.attribute) and not taken.has(schema.name, key, column.attribute)
    }


def _brief(campaign: Campaign, taken: _Defaults) -> Row:
    brief = {
        column.attribute: getattr(campaign.brief, column.attribute)
        for column in BRIEF.columns
        if not taken.has(BRIEF.name, column.heading, column.attribute)
        and not (column.attribute == "flighting" and WORD in campaign.cells)  # it stands on Weeks
    }
    return brief if isfinite(campaign.brief.budget) else {**brief, "budget": None}  # no limit is a blank


def _media(campaign: Campaign, taken: _Defaults) -> list[Row]:
    between: dict[str, Any] = {"name": BETWEEN_MEDIA_ROW}
    if not taken.has(MEDIA.name, BETWEEN_MEDIA_ROW, "duplication"):
        between["duplication"] = campaign.between_media
    return [*(_row(medium, MEDIA, medium.name, taken) for medium in campaign.media), between]


def _vehicle(vehicle: VehicleRow, weeks: int, spelled_out: set[str], taken: _Defaults) -> Row:
    row = _row(vehicle, VEHICLES, vehicle.name, taken)
    row["unit_cost"] = UNQUOTED if vehicle.unit_cost is None else vehicle.unit_cost
    if vehicle.cpp is not None:
        row["unit_cost"] = None
    row["name"] = vehicle.vehicle_name
    row["groups"] = "; ".join(vehicle.groups)
    counted = float(len(vehicle.issues)) if vehicle.issue_dates else None
    if vehicle.appears and counted is None:
        counted = appearances(vehicle.appears, weeks)
    if counted == vehicle.maximum:
        row["maximum"] = None
    for attribute in (*PLAIN_DEFAULTS, "contacts"):
        if attribute not in spelled_out and _is_plain(vehicle, attribute):
            row[attribute] = None
    return row


def _is_plain(vehicle: VehicleRow, attribute: str) -> bool:
    """Whether a value is what a blank means."""
    return bool(getattr(vehicle, attribute) == getattr(VehicleRow, attribute))


def _package(package: PackageRow) -> Sequence[Row]:
    """A row per vehicle, the price on the first."""
    contents = zip(package.vehicles, package.insertions, strict=True)
    rows: list[Row] = [
        {"name": package.name, "vehicle": vehicle, "insertions": count} for vehicle, count in contents
    ]
    return [{**rows[0], "price": package.price}, *rows[1:]]


# --- a calendar back to the rows of the sheet Weeks; what was a default is left blank -----------------

WORD = (WEEKS.name, WEIGHTS, "word")  # in campaign.cells where Weeks, and not the Brief, gives the flighting


def week_headings(campaign: Campaign) -> tuple[date | str, ...]:
    """The headings of the weeks: Mondays as dates, where the calendar's labels are dates, else W1, W2, ..."""
    calendar = campaign.calendar
    labels = week_labels(campaign.brief) if calendar is None else calendar.labels
    mondays = mondays_of(campaign.brief) if calendar is None else calendar.mondays
    return tuple(
        monday if monday is not None and label == monday.isoformat() else label
        for label, monday in zip(labels, mondays, strict=True)
    )


def week_rows(campaign: Campaign) -> list[WeekRow]:
    """The rows: flighting, limits, price factors, vehicles, locked weeks."""
    calendar = campaign.calendar
    if calendar is None:
        return []
    blank = {found.attribute for found in campaign.defaults if found.sheet == WEEKS.name}
    rows = _weights(campaign, calendar, "weights" in blank)
    rows += _limits(calendar, money_format(campaign.brief.currency, 2))
    for factor in calendar.factors:
        name = f"{FACTOR}: {factor.name}" if factor.name else FACTOR
        rows.append(WeekRow(name, factor.factors))
    rows += [WeekRow(name, _zeros_blank(most, "most" in blank)) for name, most in calendar.most.items()]
    rows += [WeekRow(f"{LOCKED}: {name}", settled) for name, settled in calendar.locked.items()]
    return rows


def _weights(campaign: Campaign, calendar: Calendar, zeros_blank: bool) -> list[WeekRow]:
    if calendar.weights is not None:
        return [WeekRow(WEIGHTS, _zeros_blank(calendar.weights, zeros_blank))]
    if campaign.brief.flighting is not None and WORD in campaign.cells:
        return [WeekRow(WEIGHTS, (campaign.brief.flighting,))]
    return []


def _zeros_blank(numbers: Sequence[float | None], wanted: bool) -> tuple[float | None, ...]:
    """Zeros as blanks, where that is what a blank means; not all of them, or the row would not be one."""
    if not wanted:
        return tuple(numbers)
    if not any(numbers):
        return tuple(0.0 if place == 0 else None for place in range(len(numbers)))
    return tuple(number or None for number in numbers)


def _limits(calendar: Calendar, money: str) -> list[WeekRow]:
    """A row for each kind of limit; a month's stands in its first week."""
    rows = []
    for name, kind in LIMITS.items():
        own = [
            limit
            for limit in calendar.limits
            # A month's period is named so, even where the month has one week in the flight.
            if (limit.measure, limit.sense, "week" not in limit.period)
            == (kind.measure, kind.sense, kind.monthly)
        ]
        if own:
            shown = money if kind.measure == "money" else PLAIN
            rows.append(WeekRow(name, _by_week(own, len(calendar.labels)), shown))
    return rows


def _by_week(limits: Iterable[WeekLimit], weeks: int) -> tuple[float | None, ...]:
    amounts = {limit.weeks[0]: limit.amount for limit in limits}
    return tuple(amounts.get(week) for week in range(weeks))
