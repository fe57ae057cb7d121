"""Media, genres and groups that may be one thing spelled twice: TV and Television, prime time and primetime.

What is spelled in two ways becomes two media with a duplication each, or two groups with half of a rule each.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from planner.campaign.inputs import VehicleRow
from planner.campaign.units import each_once
from planner.names import key, listing, nearest, tidy
from planner.workbook.cells.findings import Findings

_ACCENTS = re.compile(r"[\u0300-\u036f]")  # of Latin, Greek and Cyrillic; vowels of other scripts are letters
# Words for one medium.
_SAME: tuple[frozenset[str], ...] = (
    frozenset({"tv", "television", "telly", "fernsehen"}),
    frozenset({"newspaper", "paper", "dailie", "daily newspaper"}),
    frozenset({"magazine", "mag", "periodical"}),
    frozenset({"ooh", "outofhome", "outdoor", "poster"}),
    frozenset({"online", "internet", "web"}),
    frozenset({"cinema", "movietheater", "movietheatre"}),
)
MANY_NAMES = 300  # of a kind; nobody spells more in two ways by hand
_TYPO_FROM = 6  # letters; of shorter names two may differ in one and mean different things


Pairs = frozenset[frozenset[str]]  # of names as they are compared


def ask_about_spellings(
    vehicles: Sequence[VehicleRow], listed: Iterable[str], different: str, findings: Findings
) -> None:
    """A question for two names of one kind that may be the same.

    listed: media that the sheet Media tells apart. different: the Brief's pairs of names that are two.
    """
    apart = {key(name) for name in listed}
    media = _first_of("medium", [(vehicle.medium, vehicle.name) for vehicle in vehicles], findings)
    genres = _first_of("genre", [(vehicle.genre, vehicle.name) for vehicle in vehicles], findings)
    groups = _first_of(
        "groups", [(group, vehicle.name) for vehicle in vehicles for group in vehicle.groups], findings
    )
    pairs = _different(different, {*media, *genres, *groups, *apart}, findings)
    _ask("medium", "media", list(media.values()), apart, pairs, findings)
    _ask("genre", "genres", list(genres.values()), set(), pairs, findings)
    _ask("group", "groups", list(groups.values()), set(), pairs, findings)


def ask_about_accents(vehicles: Iterable[VehicleRow], findings: Findings) -> None:
    """One question about vehicles whose names differ by accents, spaces and signs only: Café TV and Cafe TV."""
    first: dict[str, VehicleRow] = {}
    alike = []
    for vehicle in each_once(tuple(vehicles)):
        other = first.setdefault(_without_accents(vehicle.vehicle_name), vehicle)
        if key(other.vehicle_name) != key(vehicle.vehicle_name):  # else it is there twice
            alike.append((vehicle, other))
    if alike:
        (one, other), *more = alike
        cells = [findings.cell("Vehicles", row.name, "name") for row in (one, other)]
        also = [f'"{row.vehicle_name}"' for row, _ in more]
        findings.ask(
            f'{cells[0]}: is "{one.vehicle_name}" the same as "{other.vehicle_name}" ({cells[1]})? They were taken as '
            "two vehicles, each with people of its own." + (f" Likewise {listing(also, 3)}." if also else "")
        )


def _without_accents(name: str) -> str:
    """A name's letters and figures; spaces and signs only between figures (6-10 is not 61-0), and a plus (RTL+).

    >>> _without_accents("Café-TV 2") == _without_accents("CAFE TV2"), _without_accents("Łódź TV")
    (True, 'łodztv')
    >>> _without_accents("RTL+"), _without_accents("Radio 1, 6-10")
    ('rtl+', 'radio1 6 10')
    """
    letters = _ACCENTS.sub("", unicodedata.normalize("NFKD", key(name)))
    is_sign = {letter: unicodedata.category(letter)[0] in "PSZ" and letter != "+" for letter in letters}
    plain = "".join(" " if is_sign[letter] else letter for letter in letters)
    return re.sub(r"(?<!\d) +| +(?!\d)", "", re.sub(" +", " ", plain)) or name


def _first_of(
    attribute: str, names: Iterable[tuple[str, str]], findings: Findings
) -> dict[str, tuple[str, str]]:
    """Each name that is there, by how it is compared: as it is written first, and in which cell. names: with their
    vehicles."""
    first: dict[str, tuple[str, str]] = {}
    for name, vehicle in names:
        if name:
            cell = findings.cell("Vehicles", vehicle, attribute)
            first.setdefault(key(name), (name, cell))
    return first


def _different(text: str, names: Collection[str], findings: Findings) -> Pairs:
    """The Brief's pairs: A / B; C / D. One that names no two names of Vehicles is a problem."""
    pairs = set()
    for part in _parts(text):
        found = next((pair for pair in _halves(part) if pair <= {*names} and len(pair) == 2), None)
        if found is not None:
            pairs.add(found)
        elif names:
            findings.problem(
                findings.cell("Brief", "different_names", "value"),
                f'Different names: "{part}" does not say which two media, genres or groups of the sheet Vehicles are '
                "different; write both as they are spelled there, such as prime time / primetime.",
            )
    return frozenset(pairs)


def are_different(name: str, other: str, different: str) -> bool:
    """Whether the Brief's pairs of names that are two say it of these.

    >>> are_different("Television", "TV", "prime time / primetime; tv / television")
    True
    """
    return any(frozenset({key(name), key(other)}) in _halves(part) for part in _parts(different))


def _parts(text: str) -> list[str]:
    return [tidy(part) for part in text.split(";") if tidy(part)]


def _halves(part: str) -> list[frozenset[str]]:
    """The two names of a pair A / B, as they are compared; several readings where a name has a stroke in it."""
    return [frozenset({key(part[:at]), key(part[at + 1 :])}) for at, sign in enumerate(part) if sign == "/"]


def _ask(
    kind: str,
    several: str,
    names: Sequence[tuple[str, str]],
    apart: Collection[str],
    pairs: Pairs,
    findings: Findings,
) -> None:
    for place, (name, cell) in enumerate(names[:MANY_NAMES]):
        for other, first in names[:place]:
            both = frozenset({key(name), key(other)})
            if not may_be_same(name, other) or both <= {*apart} or both in pairs:
                continue
            or_media = ", or list both on the sheet Media" if kind == "medium" else ""
            findings.problem(
                cell,
                f'Is the {kind} "{name}" the same as "{other}" ({first})? They would be two {several}; write it in one '
                f'way. If they are two, write "{other} / {name}" beside Different names on the Brief{or_media}.',
            )
            break


def alike(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the known word that is nearest, or may be the same thing; "" where there is none.

    >>> alike("Television", ["TV", "Radio"])
    '; did you mean "TV"?'
    """
    names = list(known)
    same = next((name for name in names[:MANY_NAMES] if may_be_same(word, name)), "")
    return f'; did you mean "{same}"?' if same else nearest(word, names)


def may_be_same(name: str, other: str) -> bool:
    """Whether two names may be spellings of one.

    >>> may_be_same("TV", "T.V."), may_be_same("Magazines", "Magazine"), may_be_same("Channel 3", "Channel 4")
    (True, True, False)
    >>> may_be_same("TV", "Televison")
    True
    """
    a, b = _plain(name), _plain(other)
    if a == b or any({a, b} <= same for same in _SAME) or _misspelled(key(name), key(other)):
        return True
    # Televison beside TV: a slip in another word for it.
    return any(
        _misspelled(word, key(slip))
        for known, slip in ((a, other), (b, name))
        for same in _SAME
        if known in same
        for word in same
    )


def _misspelled(name: str, other: str) -> bool:
    """Whether two names, as they are compared, differ as by a slip of the pen."""
    a, b = _plain(name), _plain(other)
    if min(len(a), len(b)) < _TYPO_FROM or _digits(a) != _digits(b) or a[0] != b[0]:
        return False
    return _one_letter_apart(a, b) and _differ_in_a_long_word(name, other)


def _plain(name: str) -> str:
    """Without spaces, points, dashes and the like, and without a plural's s; a sign such as = or + is no spelling."""
    return re.sub(r"[\s._\-/'’,()]+", "", key(name).replace("&", "and")).removesuffix("s")


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _one_letter_apart(a: str, b: str) -> bool:
    """Whether one letter was left out, added, changed, or swapped with its neighbour."""
    short, long = sorted((a, b), key=len)
    start = next((at for at, (x, y) in enumerate(zip(short, long, strict=False)) if x != y), len(short))
    if len(long) - len(short) == 1:
        return short[start:] == long[start + 1 :]
    if len(short) != len(long):
        return False
    swapped = short[start + 1 : start + 2] + short[start : start + 1]
    return short[start + 1 :] == long[start + 1 :] or swapped + short[start + 2 :] == long[start:]


def _differ_in_a_long_word(a: str, b: str) -> bool:
    """Whether the words that differ are long: Cable A and Cable B are two things."""
    differing = set(a.split()) ^ set(b.split())
    return all(len(word) >= _TYPO_FROM - 1 for word in differing)
