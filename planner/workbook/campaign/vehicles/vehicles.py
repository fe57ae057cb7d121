"""Vehicles: price, audience and limits of every programme and publication."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from planner.campaign.bought import AIRTIME, cume_trouble
from planner.campaign.inputs import Brief, VehicleRow
from planner.formats import figure
from planner.names import key, listing, tidy
from planner.workbook.campaign.vehicles.limits import (
    ask_about_many,
    check_appears,
    check_limited,
    check_limits,
    check_whole,
    maximum_of,
    read_issues,
    states_limits,
)
from planner.workbook.campaign.vehicles.prices import (
    ask_about_prices,
    by_rating_point,
    check_rating_points,
    check_thousands,
)
from planner.workbook.campaign.vehicles.unit_rows import check_units
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import exact, is_blank
from planner.workbook.cells.table import Record, Table, has_only_a_name, only_a_name
from planner.workbook.schema.sheets import UNQUOTED, VEHICLES

RATING_TOLERANCE = 0.01
_NEXT_TO_NOTHING = 0.001  # of the universe: so small that a thousand times as many would fit into it
ATTRIBUTES = tuple(VehicleRow.__dataclass_fields__)

# What a blank means by the column's own definition (listed only when the whole column is blank) ...
PLAIN_DEFAULTS: Mapping[str, str] = {
    "discount": "no discount",
    "minimum": "no minimum",
    "must_buy": "nothing is a must-buy",
    "fixed_cost": "no fixed costs",
    "smallest_buy": "no smallest buys",
}
# ... and what is taken for it, an assumption that is listed vehicle by vehicle.
_ASSUMED: Mapping[str, str] = {"ad_seen": "the whole audience sees the advertisement"}
# What is worked out from several cells, or spelled as on another row.
_WORKED_OUT = frozenset({"medium", "unit_cost", "audience_000", "maximum", "groups", "issue_dates", "issues"})


def parse_vehicles(
    table: Table, brief: Brief, packaged: frozenset[str] = frozenset()
) -> tuple[VehicleRow, ...]:
    """The vehicles on offer; problems and defaults go to findings.

    packaged: keys of the names in packages, which can be bought there without a price of their own.
    """
    findings = table.findings
    if not table.records:
        if VEHICLES.name not in findings.unsure and not findings.is_wrong(VEHICLES.name):
            findings.problem(
                VEHICLES.name,
                "There are no vehicles; write at least one, with Vehicle, Medium, Unit cost and Audience (000) or "
                "Rating %.",
            )
        return ()
    _list_blank_columns(table, brief)
    _say_lacking(table)
    _check_twice(table.records)
    spelling: dict[str, str] = {}
    limited = states_limits(table)
    _say_only_named(table.records, findings)
    _check_agreement(table.records, brief.universe_000, findings)
    vehicles = tuple(_vehicle(record, limited, brief, spelling) for record in table.records)
    check_units(vehicles, findings)
    check_rating_points(table.records)
    check_appears(table.records, brief, findings)
    if limited:
        check_limited(table.records, brief, findings)
    rows = list(zip(table.records, vehicles, strict=True))
    ask_about_many(rows, findings)
    sound = [(record, vehicle) for record, vehicle in rows if not record.bad]
    if brief.whole:
        check_whole([record for record, _ in sound], findings)
    check_limits(sound, packaged, findings)
    _check_universe(table.records, vehicles, brief.universe_000, findings)
    _ask_about_millions(table.records, vehicles, brief.universe_000, findings)
    check_thousands(rows, findings)
    ask_about_prices(rows, findings)
    _notice_bases(vehicles, findings)
    _notice_nobody(table, brief)
    _notice_nothing(table.records, vehicles, findings)
    _notice_contacts(vehicles, findings)
    return vehicles


def _notice_contacts(vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    several = [f"{row.name} ({row.contacts:g})" for row in vehicles if row.contacts > 1]
    if several:
        findings.notice(
            f"Several contacts for each person reached: {listing(several)}. GRP, impressions, CPM and, on the sheet "
            "Plan, audience and rating per insertion count contacts; reach counts people."
        )


def _check_universe(
    records: Sequence[Record], vehicles: Sequence[VehicleRow], universe_000: float, findings: Findings
) -> None:
    """Audiences of more people than there are: one question, for they are likely given in people."""
    large = [
        (record.address("audience_000"), vehicle)
        for record, vehicle in zip(records, vehicles, strict=True)
        if 0 < universe_000 < vehicle.audience_000
    ]
    if large:
        vehicle = large[0][1]
        findings.of_column(
            [cell for cell, _ in large],
            f'The audience of "{vehicle.name}", {figure(vehicle.audience_000)} thousand, is more than the universe of '
            f"{figure(universe_000)} thousand{{more}}; are the people given in thousands?",
        )


def _ask_about_millions(
    records: Sequence[Record], vehicles: Sequence[VehicleRow], universe_000: float, findings: Findings
) -> None:
    """Stated audiences that are all next to nothing of the universe: one question, for they may be millions. What is
    sold by the thousand has the audience of one unit bought; what a rating contradicts is asked about."""
    stated = [
        (vehicle.audience_000, record.address("audience_000"))
        for record, vehicle in zip(records, vehicles, strict=True)
        if record.number("audience_000") is not None and vehicle.bought_as != "impressions"
        if record.number("rating") is None or not findings.is_wrong(record.address("rating"))
    ]
    largest, cell = max(stated, default=(0.0, ""))
    if 0 < largest < _NEXT_TO_NOTHING * universe_000:
        findings.ask(
            f"{cell}: no audience is more than {figure(largest)} thousand people, {100 * largest / universe_000:.2g} % "
            f"of a universe of {figure(universe_000)} thousand. Are the audiences in millions, or is the universe in "
            "people?"
        )


def _notice_nothing(records: Sequence[Record], vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    """Prices, but no insertion that can be bought."""
    priced = [place for place, vehicle in enumerate(vehicles) if vehicle.unit_cost is not None]
    if priced and not any(vehicles[place].maximum for place in priced):
        where = records[priced[0]].address("maximum")
        findings.notice(
            f"{where}: nothing can be bought, for there can be 0 insertions (Max) of all that has a price."
        )


def _notice_nobody(table: Table, brief: Brief) -> None:
    """Vehicles whose audience is given as 0."""
    named = [
        record.text("name")
        for record in table.records
        if 0 in (record.number("audience_000"), record.number("rating")) and brief.universe_000
    ]
    if named:
        has, it_reaches = ("has", "it reaches") if len(named) == 1 else ("have", "they reach")
        shown = listing([f'"{name}"' for name in named])
        table.findings.notice(f"{shown} {has} an audience of 0; {it_reaches} nobody.")


def _vehicle(record: Record, limited: bool, brief: Brief, spelling: dict[str, str]) -> VehicleRow:
    name = record.text("name")
    record.stands_for(name, *ATTRIBUTES, "rating")
    medium = record.text("medium")
    audience = _audience(record, brief)
    issue_dates, issues = read_issues(record, brief)
    groups = (tidy(part) for part in re.split("[;,]", record.text("groups")))
    vehicle = VehicleRow(
        medium=spelling.setdefault(key(medium), medium),
        unit_cost=record.number("unit_cost")
        if record.leaves_out("cpp")
        else by_rating_point(record, audience, brief),
        audience_000=audience,
        maximum=maximum_of(record, limited, brief, issues if issue_dates else None),
        groups=tuple({key(group): group for group in groups if group}.values()),
        issue_dates=issue_dates,
        issues=issues,
        **_as_stated(record),
    )
    _check_cume(record, vehicle, brief)
    return vehicle


def _as_stated(record: Record) -> dict[str, Any]:
    """The cells that are values of the row as they stand; a blank leaves the row's own default."""
    known = [attribute for attribute in ATTRIBUTES if attribute not in _WORKED_OUT]
    stated = {attribute: record.values.get(attribute) for attribute in known}
    return {"name": ""} | {attribute: value for attribute, value in stated.items() if value is not None}


def _check_cume(record: Record, vehicle: VehicleRow, brief: Brief) -> None:
    """A cume that the line's rating cannot have, or that nothing is calculated from."""
    if vehicle.cume is None:
        return
    if vehicle.bought_as in AIRTIME:
        trouble = cume_trouble(vehicle, brief.universe_000)
        if trouble:
            record.problem("cume", trouble)
    elif "bought_as" not in record.bad:
        record.problem(
            "cume",
            f'"{vehicle.name}" has a Cume %, which is of a rotation or a daypart; write one of them in Bought as '
            f"({record.address('bought_as')}), or clear it.",
        )


def _list_blank_columns(table: Table, brief: Brief) -> None:
    """What blanks mean: of a column that is all blank, and what is assumed of single vehicles where others say it."""
    for attribute, text in {**PLAIN_DEFAULTS, **_ASSUMED}.items():
        if all(record.leaves_out(attribute) for record in table.records):
            told = f"{table.schema.column(attribute).heading}: {text}"
            table.findings.default("Vehicles", "", attribute, told)
        elif attribute in _ASSUMED:
            for name in (row.text("name") for row in table.records if row.values.get(attribute) is None):
                table.findings.default("Vehicles", name, attribute, f"{name}: {text}")
    if not states_limits(table):
        told = f"Max: one insertion a week, {brief.weeks} in the flight, unless a row says otherwise"
        table.findings.default("Vehicles", "", "maximum", told)


def _check_twice(records: Sequence[Record]) -> None:
    first: dict[str, Record] = {}
    for record in (record for record in records if "name" not in record.bad):
        name = record.text("name")
        earlier = first.setdefault(key(name), record)
        if earlier is not record:
            mend = (
                "units."
                if record.text("vehicle")
                else "names, or units (the column Unit) if it is one vehicle."
            )
            also = f"(also {earlier.address('name')}); keep one of them, or give them different {mend}"
            record.problem("name", f'"{name}" is there twice {also}')


def _audience(record: Record, brief: Brief) -> float:
    """People (000), stated or by the rating; 0 where neither is, or where that is a problem on the Brief."""
    audience, rating = record.number("audience_000"), record.number("rating")
    return audience if audience is not None else exact((rating or 0.0) * brief.universe_000)


def _say_lacking(table: Table) -> None:
    """Vehicles without a medium, a price or an audience: one problem for all of a column."""
    audience = "audience_000" if table.has("audience_000") else "rating"
    unquoted = f"or {UNQUOTED} if it is not quoted."
    price, cost = "unit_cost", f"unit cost; write the price, {unquoted}"
    if not table.has(price):
        price, cost = "cpp", f"price; write its CPP, or in a column headed Unit cost the price, {unquoted}"
    for attribute, others, what in (
        ("medium", (), "medium; write one, such as TV."),
        (price, ("unit_cost", "cpp"), cost),
        (audience, ("audience_000", "rating"), "audience; write Audience (000) or Rating %."),
    ):
        lacking = [record for record in table.records if _lacks(record, (attribute, *others))]
        if lacking:
            name, (first, *more) = lacking[0].text("name"), [record.address(attribute) for record in lacking]
            places = listing([place.partition("!")[2] for place in more], 3)
            has = f"and {len(more):,} more ({places}) have" if more else "has"
            table.findings.problem(first, f'"{name}" {has} no {what}', more)


def _lacks(record: Record, attributes: Sequence[str]) -> bool:
    """Whether none of these is stated, and none is wrong, in doubt or not quoted, which is said elsewhere."""
    said = {*record.bad, *record.header.doubtful}
    stated = any(
        record.values.get(attribute) is not None or not is_blank(record.raw(attribute))
        for attribute in attributes
    )
    return not stated and said.isdisjoint(attributes) and not has_only_a_name(record)


def _say_only_named(records: Sequence[Record], findings: Findings) -> None:
    """Rows with nothing but a name, as bands between vehicles are: one problem."""
    named = [record for record in records if has_only_a_name(record) and "name" not in record.bad]
    if named:
        told = only_a_name(f'"{named[0].text("name")}"{{more}}', "a vehicle")
        findings.of_column([record.address("name") for record in named], told)


def _check_agreement(records: Sequence[Record], universe_000: float, findings: Findings) -> None:
    """Audiences beside ratings that say otherwise: one question. A thousandth of what each rating says: millions."""
    other = [found for found in _stated_twice(records, universe_000) if not _agree(*found[1:])]
    if other:
        record, audience, by_rating = other[0]
        millions = all(_agree(1000 * audience, by_rating) for _, audience, by_rating in other)
        findings.of_column(
            [record.address("rating") for record, _, _ in other],
            f"The rating gives {by_rating:,.6g} thousand people in a universe of {universe_000:,.10g} thousand, but "
            f"Audience (000) ({record.address('audience_000')}) says {audience:,.10g}{{more}}; "
            + ("are the audiences in millions?" if millions else "keep one of them, or mend it."),
        )


def _stated_twice(records: Iterable[Record], universe_000: float) -> Iterator[tuple[Record, float, float]]:
    """Records with an audience and a rating: people (000) of either."""
    for record in records:
        audience, rating = record.number("audience_000"), record.number("rating")
        if universe_000 and audience is not None and rating is not None:
            yield record, audience, exact(rating * universe_000)


def _agree(audience: float, by_rating: float) -> bool:
    return abs(audience - by_rating) <= RATING_TOLERANCE * max(audience, by_rating)


def _notice_bases(vehicles: Sequence[VehicleRow], findings: Findings) -> None:
    bases = {
        key(vehicle.audience_base): vehicle.audience_base for vehicle in vehicles if vehicle.audience_base
    }
    if len(bases) > 1:
        findings.notice(
            f"Audiences are counted on different bases ({listing(list(bases.values()))}); they were taken as "
            "they stand."
        )
