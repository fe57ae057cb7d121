"""Names as planners type them: compared loosely, kept as written, suggested, listed."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeVar

MANY_NAMES = 200  # more are not all compared with a word that is not known
NEAR = 0.7  # how alike a word must be to be suggested; below, suggestions are silly more often than right

Thing = TypeVar("Thing")

_SPACES = re.compile(r"\s+")
_THOUSANDS = re.compile(
    r"\s*\((?:in )?(?:[’']?000[’']?s?|thousands?|tsd\.?|k)(?: people| persons| of people)?\)$"
    r"|\s+(?:in )?(?:[’'‘]?000[’']?s?|thousands?)$"
)
_BRACKETED = re.compile(r"\[(?:in )?(?:[’']?000[’']?s?|thousands?)\]")
_MARKS = str.maketrans(
    dict.fromkeys("*†‡¹²³⁴⁵⁶⁷⁸⁹⁰_", " ")
)  # of footnotes, and what programs write for a space
# Zero-width, soft hyphen, direction marks, and control characters that are no spaces.
_INVISIBLE = dict.fromkeys([
    *map(ord, "\u200b\u200c\u200e\u200f\u061c\u2060\ufeff\u00ad"), *range(0x202A, 0x202F), *range(0x2066, 0x206A),
    *range(9), *range(14, 28), *range(0x7F, 0x85), *range(0x86, 0xA0),
])  # fmt: skip

# What they say can mean nothing else, in whichever language.
_YES = frozenset([
    "yes", "y", "on", "true", "1", "x", "ja", "oui", "si", "sí", "sì", "sim", "tak", "ano", "áno", "evet",
    "igen", "kyllä", "da", "да", "так", "ναι", "はい", "是", "예", "نعم", "כן",
    "wahr", "vrai", "vero", "verdadero", "✓", "✔", "✔\ufe0f", "✅", "☑",
])  # fmt: skip
_NO = frozenset([
    "no", "n", "off", "false", "0", "nein", "non", "nee", "nej", "nei", "não", "nie", "ne", "hayır", "hayir",
    "nem", "ei", "nu", "нет", "ні", "όχι", "いいえ", "否", "아니요", "لا", "לא",
    "falsch", "faux", "falso", "✗", "✘", "❌", "☐",
])  # fmt: skip


def yes_or_no(text: str) -> bool | None:
    """What a word says; None where it says neither.

    >>> yes_or_no("Yes"), yes_or_no("off"), yes_or_no("perhaps")
    (True, False, None)
    """
    word = key(text)
    return word in _YES if word in _YES or word in _NO else None


def tidy(text: str) -> str:
    """Text without needless, non-breaking or invisible spaces and line feeds; é is one letter, however it is coded.

    >>> tidy(" Evening\\u00a0 Quiz\\n"), tidy("Cafe\\u0301") == "Café"
    ('Evening Quiz', True)
    """
    return unicodedata.normalize("NFC", _SPACES.sub(" ", text.translate(_INVISIBLE)).strip())


@lru_cache(maxsize=16_384)
def unaccented(text: str) -> str:
    """Text in small letters without their accents and strokes.

    >>> unaccented("Periódico"), unaccented("Poniedziałek"), unaccented("lør")
    ('periodico', 'poniedzialek', 'lor')
    """
    parts = unicodedata.normalize("NFD", text.casefold().replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def printable(text: str) -> str:
    """Text that every file and screen can hold: letters that a file's name has in another encoding become "?".

    >>> printable("Fr\\udcfchling.xlsx")
    'Fr?hling.xlsx'
    """
    return text.encode("utf-8", "replace").decode()


@lru_cache(maxsize=16_384)
def key(name: str) -> str:
    """What a name is compared by: case and spaces do not count.

    >>> key(" Evening  QUIZ") == key("evening quiz")
    True
    """
    return tidy(name).casefold()


@lru_cache(maxsize=16_384)
def heading_key(heading: str) -> str:
    """What a heading is compared by: marks of footnotes, a final colon or dot and spaces around brackets do not count
    either, underscores are spaces, and thousands are (000), however they are spelled.

    >>> heading_key("Audience(000)¹ *:") == heading_key("audience_000") == heading_key("Audience in thousands")
    True
    """
    plain = _THOUSANDS.sub(" (000)", key(heading.translate(_MARKS)).rstrip(":. "))
    plain = _BRACKETED.sub("[000]", plain)
    return tidy(re.sub(r"\s*/\s*", "/", re.sub(r"\s*%", " %", re.sub(r"\s*([(\[])\s*", r" \1", plain))))


def says_nothing(text: str) -> bool:
    """Whether a text is what people type for nothing: n/a, a dash or a line of them.

    >>> says_nothing("-"), says_nothing("====="), says_nothing("N/A"), says_nothing("none")
    (True, True, True, False)
    """
    return key(text) in ("n/a", "n.a.") or not key(text).strip("-‐‑‒–—―−_=")


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the nearest known word, or "" when none is near.

    >>> nearest("Budgte", ["Budget", "Weeks"])
    '; did you mean "Budget"?'
    """
    by_key = {key(name): name for name in known}
    found = difflib.get_close_matches(key(word), _likely(key(word), by_key), n=1, cutoff=NEAR)
    return f'; did you mean "{by_key[found[0]]}"?' if found else ""


def unknown(word: str, what: str, known: Iterable[str], otherwise: str = ".") -> str:
    """What is wrong with a name that is not known: the nearest one, or what to do otherwise.

    >>> unknown("Telly", "a medium", ["Radio"], "; add it there.")
    '"Telly" is not a medium; add it there.'
    """
    return f'"{word}" is not {what}{nearest(word, known) or otherwise}'


def _likely(word: str, known: Iterable[str]) -> list[str]:
    """Of many names those that begin as the word does, so that thousands of questions stay cheap."""
    names = list(known)
    if len(names) <= MANY_NAMES:
        return names
    return [name for name in names if name[:2] == word[:2] and abs(len(name) - len(word)) <= 4][:MANY_NAMES]


def listing(names: Sequence[str], most: int = 5) -> str:
    """Names as people list them, cut where the list grows long.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "none"


def listing_of(things: Sequence[Thing], word: Callable[[Thing], str], most: int = 5) -> str:
    """The same of things of which there may be a million: only those that are shown are put into words.

    >>> listing_of(range(1000), str, 2)
    '0, 1 and 998 more'
    """
    shown = [word(thing) for thing in things[: most + 1]]
    return listing(shown + [""] * (len(things) - len(shown)), most)
