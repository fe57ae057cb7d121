"""Names as planners type them: compared loosely, kept as written."""

import re
from functools import lru_cache

_SPACES = re.compile(r"\s+")
_THOUSANDS = re.compile(
    r"\s*\((?:in )?(?:[’']?000[’']?s?|thousands?|tsd\.?|k)(?: people| persons| of people)?\)$"
    r"|\s+(?:in )?(?:[’'‘]000[’']?s?|000[’']?s|thousands?)$"
)
_BRACKETED = re.compile(r"\[(?:in )?(?:[’']?000[’']?s?|thousands?)\]")
# Zero-width, soft hyphen, direction marks, and control characters that are no spaces.
_INVISIBLE = dict.fromkeys([
    *map(ord, "\u200b\u200c\u2060\ufeff\u00ad"), *range(0x202A, 0x202F), *range(0x2066, 0x206A),
    *range(9), *range(14, 28), *range(0x7F, 0x85), *range(0x86, 0xA0),
])  # fmt: skip


def tidy(text: str) -> str:
    """Text without needless, non-breaking or invisible spaces and line feeds.

    >>> tidy(" Evening\\u00a0 Quiz\\n")
    'Evening Quiz'
    """
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


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


def heading_key(heading: str) -> str:
    """What a heading is compared by: asterisks, a final colon and spaces around brackets do not count either,
    and thousands are (000), however they are spelled.

    >>> heading_key("Audience(000) *:") == heading_key("audience (000)") == heading_key("Audience in thousands")
    True
    """
    plain = _THOUSANDS.sub(" (000)", key(heading.replace("*", " ")).rstrip(": "))
    plain = _BRACKETED.sub("[000]", plain)
    return tidy(re.sub(r"\s*/\s*", "/", re.sub(r"\s*%", " %", re.sub(r"\s*([(\[])\s*", r" \1", plain))))
