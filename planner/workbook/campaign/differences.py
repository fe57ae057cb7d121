"""What differs between two campaigns, sheet by sheet: whoever sets two plans side by side must know it first."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from planner.campaign.inputs import Campaign
from planner.comparing.pair import Difference
from planner.formats import figure
from planner.names import key
from planner.workbook.campaign.people.influence import PARAMETERS
from planner.workbook.schema.columns import Column
from planner.workbook.schema.sheets import BRIEF, SHEETS

THERE, ABSENT, BLANK = "there", "not there", "blank"
# What a row says for people only, where it stands, and what follows from other columns.
_IDLE = frozenset({"source", "note", "cell", "basis", "colour", "name", "audience_base"})
_PARAMETERS = {parameter.key: parameter.heading for parameter in PARAMETERS}
_RESOLVED = frozenset({"vehicles", "base_vehicles", "items"})


def campaign_differences(a: Campaign, b: Campaign) -> tuple[Difference, ...]:
    """Every difference, in the order of the sheets."""
    return (
        *_brief(a, b),
        *_rows("Traits", a.traits, b.traits, lambda row: row.name),
        *_rows("Overlaps", a.overlaps, b.overlaps, lambda row: f"{row.trait_a} and {row.trait_b}"),
        *_rows("Audiences", a.audiences, b.audiences, lambda row: row.name),
        *_rows("Media", a.media, b.media, lambda row: row.name),
        *_value("Media", "between media", "Duplication", a.between_media, b.between_media),
        *_rows("Vehicles", a.vehicles, b.vehicles, lambda row: row.name),
        *_composition(a, b),
        *_whole("Types", "audience types", a.types, b.types),
        *_rows("Pairs", a.pairs, b.pairs, lambda row: f"{row.a} and {row.b}"),
        *_rows("Influence", a.influence, b.influence, lambda row: _PARAMETERS.get(row.parameter, row.parameter)),
        *_rows("Rules", a.rules, b.rules, lambda row: f"{row.applies_to} ({row.unit})", _RESOLVED),
        *_rows("Goals", a.goals, b.goals, lambda row: f"{row.audience}: {row.measure}"),
        *_rows("Discounts", a.discounts, b.discounts, lambda row: f"{row.applies_to} from {row.start:g}", _RESOLVED),
        *_rows("Packages", a.packages, b.packages, lambda row: row.name),
        *_whole("Weeks", "calendar", a.calendar, b.calendar),
    )  # fmt: skip


# --- by sheet -----------------------------------------------------------------------------------------


def _brief(a: Campaign, b: Campaign) -> Iterator[Difference]:
    named = {column.attribute: column for column in BRIEF.columns}
    for field in fields(a.brief):
        column = named.get(field.name)
        heading = column.heading if column else field.name.replace("_", " ").capitalize()
        yield from _value(
            "Brief", "", heading, getattr(a.brief, field.name), getattr(b.brief, field.name), column
        )


def _rows(
    sheet: str,
    a: Iterable[Any],
    b: Iterable[Any],
    name: Callable[[Any], str],
    passed_over: frozenset[str] = frozenset(),
) -> Iterator[Difference]:
    """Rows that only one has, and columns in which the rows of both differ."""
    mine, other = _named(a, name), _named(b, name)
    columns = _columns(sheet)
    for folded in dict.fromkeys([*mine, *other]):
        if folded not in other:
            yield Difference(sheet, mine[folded][0], "", THERE, ABSENT)
        elif folded not in mine:
            yield Difference(sheet, other[folded][0], "", ABSENT, THERE)
        else:
            (label, left), (_, right) = mine[folded], other[folded]
            for field in fields(left):
                if field.name not in _IDLE | passed_over:
                    column = columns.get(field.name)
                    heading = column.heading if column else field.name.replace("_", " ")
                    values = getattr(left, field.name), getattr(right, field.name)
                    yield from _value(sheet, label, heading, *values, column)


def _named(rows: Iterable[Any], name: Callable[[Any], str]) -> dict[str, tuple[str, Any]]:
    """Label and row by the label compared loosely; a label that is there again is numbered."""
    found: dict[str, tuple[str, Any]] = {}
    for row in rows:
        label, count = name(row), 2
        while key(label) in found:
            label, count = f"{name(row)} no. {count}", count + 1
        found[key(label)] = label, row
    return found


def _composition(a: Campaign, b: Campaign) -> Iterator[Difference]:
    mine, other = _shares(a), _shares(b)
    both = {key(vehicle.name) for vehicle in a.vehicles} & {key(vehicle.name) for vehicle in b.vehicles}
    for place in dict.fromkeys([*mine, *other]):
        if place[0] in both:
            label, trait, left = mine.get(place, (*other.get(place, ("", "", None))[:2], None))
            right = other[place][2] if place in other else None
            yield from _value("Composition", label, trait, left, right, _PERCENT)


def _whole(sheet: str, what: str, a: object, b: object) -> Iterator[Difference]:
    """What is told as one: there or not, or another."""
    if a != b:
        words = ("its own", "another") if a and b else (THERE if a else ABSENT, THERE if b else ABSENT)
        yield Difference(sheet, "", what, *words)


_PERCENT = Column("", "", "percent", "")


def _shares(campaign: Campaign) -> Mapping[tuple[str, str], tuple[str, str, float | None]]:
    return {
        (key(row.vehicle), key(trait)): (row.vehicle, trait, share)
        for row in campaign.composition
        for trait, share in zip(campaign.composition_traits, row.shares, strict=True)
    }


# --- values in words ----------------------------------------------------------------------------------


def _columns(sheet: str) -> dict[str, Column]:
    schema = next((schema for schema in SHEETS if schema.name == sheet), None)
    return {column.attribute: column for column in schema.columns} if schema else {}


def _value(
    sheet: str, row: str, what: str, a: object, b: object, column: Column | None = None
) -> Iterator[Difference]:
    if not _same(a, b):
        yield Difference(sheet, row, what, _words(a, column), _words(b, column))


def _same(a: object, b: object) -> bool:
    """Equal, as far as a sheet tells: figures to 12 digits, texts loosely."""
    if isinstance(a, int | float) and isinstance(b, int | float):
        return abs(a - b) <= 1e-12 * max(abs(a), abs(b)) or a == b
    if isinstance(a, str) and isinstance(b, str):
        return key(a) == key(b)
    return a == b


def _words(value: object, column: Column | None) -> str:
    if value is None or value in ("", ()):
        return "?" if column is not None and column.attribute == "unit_cost" else BLANK
    if isinstance(value, tuple):
        return "; ".join(_words(part, None) for part in value)
    return _word(value, column)


def _word(value: object, column: Column | None) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return _figure(value, column)
    return value.isoformat() if isinstance(value, date) else str(value)


def _figure(value: float, column: Column | None) -> str:
    percent = column is not None and column.kind == "percent"
    return f"{100 * value:.10g} %" if percent else figure(value)
