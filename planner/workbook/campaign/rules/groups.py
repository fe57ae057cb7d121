"""What a rule, a ratio or a discount applies to: a vehicle, a medium, a genre, a group, a list of them, all."""

import re
from collections.abc import Iterable, Iterator, Sequence

from planner.campaign.inputs import VehicleRow
from planner.names import key, listing, tidy
from planner.workbook.campaign.vehicles.spellings import alike
from planner.workbook.cells.findings import Findings

KINDS = ("vehicle", "medium", "genre", "group")
ALL = "all"
EVERYTHING = frozenset({ALL, "everything", "all vehicles"})

_SEPARATORS = re.compile(r"\s*[,/+&]\s*|\s+(?:and|or)\s+", re.IGNORECASE)  # what people write for a semicolon
_PER = re.compile(r"per\s+(?P<kind>medium|genre|group)\s*(?::\s*(?P<of>.+))?", re.IGNORECASE)


class Sets(dict[str, dict[str, frozenset[str]]]):
    """The vehicles that names stand for: kind -> key -> vehicles. spelling: of each key, as it was written first."""

    spelling: dict[str, str]


def vehicle_sets(vehicles: Iterable[VehicleRow]) -> Sets:
    """Every name that a rule can apply to, by kind."""
    gathered: dict[str, dict[str, set[str]]] = {kind: {} for kind in KINDS}
    spelling: dict[str, str] = {}
    for vehicle in vehicles:
        names = {
            "vehicle": (vehicle.name, vehicle.vehicle),
            "medium": (vehicle.medium,),
            "genre": (vehicle.genre,),
            "group": vehicle.groups,
        }
        for kind, own in names.items():
            for name in filter(None, own):
                gathered[kind].setdefault(key(name), set()).add(vehicle.name)
                spelling.setdefault(key(name), name)
    sets = Sets(
        (kind, {name: frozenset(members) for name, members in named.items()})
        for kind, named in gathered.items()
    )
    sets.spelling = spelling
    return sets


def resolve(
    applies_to: str, where: str, sets: Sets, findings: Findings, what: str = "rule"
) -> frozenset[str]:
    """The vehicles that a text stands for; what is not known is a problem at `where`. what: has the text."""
    return frozenset[str]().union(*(chosen for _, chosen in entries(applies_to, where, sets, findings, what)))


def entries(
    applies_to: str, where: str, sets: Sets, findings: Findings, what: str = "rule"
) -> list[tuple[str, frozenset[str]]]:
    """The entries of a list separated by semicolons, each with its vehicles."""
    if not sets["vehicle"]:
        return []  # no vehicles: said already
    whole = lookup(applies_to, sets)
    if len(set(whole.values())) == 1:  # also a vehicle whose name has a ; in it
        return [(tidy(applies_to), next(iter(whole.values())))]
    parts = [tidy(part) for part in applies_to.split(";") if tidy(part)]
    if not parts:
        findings.problem(
            where, f"The {what} applies to nothing; name a vehicle, medium, genre or group, or write all."
        )
    return [(part, _resolve_one(part, where, sets, findings)) for part in parts]


def resolvable(applies_to: str, sets: Sets) -> frozenset[str] | None:
    """The vehicles that a text stands for, or None where it stands for nothing certain."""
    silent = Findings()
    chosen = resolve(applies_to, "", sets, silent)
    return None if silent.problems else chosen


def lookup(name: str, sets: Sets) -> dict[str, frozenset[str]]:
    """The sets that a name stands for, by kind, with or without a kind in front."""
    kind, _, rest = name.partition(":")
    if key(kind) in KINDS and key(rest) in sets[key(kind)]:
        return {key(kind): sets[key(kind)][key(rest)]}
    if key(name) in EVERYTHING and not any(key(name) in named for named in sets.values()):
        return {"all": frozenset().union(*sets["vehicle"].values())}
    return {kind: named[key(name)] for kind, named in sets.items() if key(name) in named}


def per_group(
    applies_to: str, vehicles: Iterable[VehicleRow]
) -> tuple[str, dict[str, tuple[str, ...]]] | None:
    """What "per medium", "per genre" or "per group: publisher" asks for: the kind, and its values with their vehicles
    (of groups such as "publisher: Example House" those of that kind); None where a text asks for nothing of the kind.

    >>> house = VehicleRow("Star", "TV", 1.0, 1.0, 1.0, groups=("publisher: House", "prime time"))
    >>> per_group("per group: publisher", [house])
    ('publisher', {'House': ('Star',)})
    """
    asked = _PER.fullmatch(tidy(applies_to))
    if asked is None:
        return None
    kind, of = asked["kind"].casefold(), tidy(asked["of"] or "")
    values: dict[str, list[str]] = {}
    spelling: dict[str, str] = {}
    for vehicle in vehicles:
        for value in _values(vehicle, kind, of):
            values.setdefault(spelling.setdefault(key(value), value), []).append(vehicle.name)
    return of or kind, {value: tuple(names) for value, names in values.items()}


def _values(vehicle: VehicleRow, kind: str, of: str) -> Iterator[str]:
    """A vehicle's media, genres or groups; of groups of a kind what stands behind the colon."""
    own = {"medium": (vehicle.medium,), "genre": (vehicle.genre,), "group": vehicle.groups}[kind]
    for name in filter(None, own):
        before, colon, value = name.partition(":")
        if not of:
            yield name
        elif colon and key(before) == key(of):
            yield tidy(value)


def in_order(chosen: frozenset[str], vehicles: Sequence[VehicleRow]) -> tuple[str, ...]:
    """Names in the order of the vehicles."""
    return tuple(vehicle.name for vehicle in vehicles if vehicle.name in chosen)


def _resolve_one(name: str, where: str, sets: Sets, findings: Findings) -> frozenset[str]:
    meanings = lookup(name, sets)
    if not meanings:
        findings.problem(where, _unknown(name, sets))
        return frozenset()
    if len(set(meanings.values())) > 1:
        kinds = listing([f"{kind}: {name}" for kind in meanings])
        findings.problem(
            where, f'"{name}" means different vehicles as {listing(list(meanings))}; write one of {kinds}.'
        )
    return next(iter(meanings.values()))


def _unknown(name: str, sets: Sets) -> str:
    """What is said of a name that stands for nothing."""
    parts = [tidy(part) for part in _SEPARATORS.split(name) if tidy(part)]
    if len(parts) > 1 and all(lookup(part, sets) for part in parts):
        return f'"{name}" is no name; separate several names with a semicolon: {"; ".join(parts)}.'
    names = _names(sets)
    # Market: Austria.
    valued = next((known for known in names if key(known.partition(":")[2]) == key(name)), None)
    hint = f'; did you mean "{valued}"?' if valued else alike(re.sub(r"^\w+:", "", name), names)
    return f'"{name}" is no vehicle, medium, genre or group' + (
        hint or "; use a name from the sheet Vehicles, or all."
    )


def _names(sets: Sets) -> list[str]:
    """All names that stand for something, as they are spelled."""
    return [sets.spelling[name] for named in sets.values() for name in named]
