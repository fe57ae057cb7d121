"""Names as planners type them: compared loosely, kept as written."""

import re

_SPACES = re.compile(r"\s+")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))


def tidy(text: str) -> str:
    """Text without needless, non-breaking or invisible spaces and line feeds.

    >>> tidy(" Evening\\u00a0 Quiz\\n")
    'Evening Quiz'
    """
    return _SPACES.sub(" ", text.translate(_INVISIBLE)).strip()


def key(name: str) -> str:
    """What a name is compared by: case and spaces do not count.

    >>> key(" Evening  QUIZ") == key("evening quiz")
    True
    """
    return tidy(name).casefold()


def heading_key(heading: str) -> str:
    """What a heading is compared by: asterisks, a final colon and spaces around brackets do not count either.

    >>> heading_key("Audience(000) *:") == heading_key("audience (000)")
    True
    """
    plain = key(heading.replace("*", " ")).rstrip(": ")
    plain = plain.replace("['000]", "[000]").replace("('000)", "(000)").replace("(’000)", "(000)")
    return tidy(re.sub(r"\s*/\s*", "/", re.sub(r"\s*%", " %", re.sub(r"\s*([(\[])\s*", r" \1", plain))))
