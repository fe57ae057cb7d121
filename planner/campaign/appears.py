"""How often a vehicle appears, from the words of the column Appears."""

import math
import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

from planner.names import key

# In English, German, French, Italian, Spanish, Dutch and Polish.
_TWO_MONTHS = (
    r"every (?:two|2|second|other) months?|6 (?:x|times)? ?a year|zweimonatlich|alle (?:zwei|2) monate|"
    r"dwumiesi(?:ę|e)cznik|co (?:dwa|2) miesi(?:ą|a)ce"
)
_DAILY = (
    r"daily|every day|once a day|t(?:ä|ae)glich|quotidien(?:ne)?|quotidiano|diari[oa]|dagelijks|codziennie"
)
_WEEKLY = (
    r"weekly|once a week|every week|w(?:ö|oe)chentlich|hebdomadaire|hebdo|settimanale|semanal|wekelijks|"
    r"tygodniowo|tygodnik|co tydzie(?:ń|n)"
)
_TWO_WEEKS = (
    r"every (?:two|2|second|other) weeks?|fortnightly|biweekly|bi-weekly|14-?t(?:ä|ae)gl(?:ich|ig)|"
    r"vierzehnt(?:ä|ae)gig|14-?t(?:ä|ae)gig|zweiw(?:ö|oe)chentlich|alle (?:zwei|2|14) (?:wochen|tage)|bimensuel(?:le)?|"
    r"quindicinale|quincenal|tweewekelijks|veertiendaags|dwutygodnik|co (?:dwa|2) tygodnie"
)
_MONTHLY = (
    r"monthly|once a month|every month|monatlich|mensuel(?:le)?|mensile|mensual|maandelijks|"
    r"miesi(?:ę|e)czni(?:e|k)"
)
_QUARTERLY = (
    r"quarterly|viertelj(?:ä|ae)hrlich|trimestriel(?:le)?|trimestrale|trimestral|per kwartaal|kwartalni[ek]"
)
_APPEARS: tuple[tuple[str, Callable[[float, float], float]], ...] = (
    (_DAILY, lambda weeks, n: 7 * weeks),
    (r"weekdays|every weekday", lambda weeks, n: 5 * weeks),
    (r"werkt(?:ä|ae)glich|werktags", lambda weeks, n: 6 * weeks),
    (r"(\d+)\s*(?:x|times|days|issues|nights)?\s*(?:a|per|/)\s*week", lambda weeks, n: n * weeks),
    (_WEEKLY, lambda weeks, n: weeks),
    (r"twice a week|two times a week|weekends?", lambda weeks, n: 2 * weeks),
    (r"three times a week", lambda weeks, n: 3 * weeks),
    (_TWO_WEEKS, lambda weeks, n: math.ceil(weeks / 2)),
    # Issues that can fall into the flight: a month is 52/12 weeks.
    (_MONTHLY, lambda weeks, n: math.ceil(weeks * 12 / 52)),
    (_TWO_MONTHS, lambda weeks, n: math.ceil(weeks * 6 / 52)),
    (_QUARTERLY, lambda weeks, n: math.ceil(weeks * 4 / 52)),
    (r"once", lambda weeks, n: 1),
    (r"twice", lambda weeks, n: 2),
    (r"(\d+)\s*(?:x|times?)", lambda weeks, n: n),
)
_DAYS = (  # in English and German
    r"mon(?:day)?s?|mo|montags?", r"tue(?:s|sday)?s?|di|dienstags?", r"wed(?:s|nesday)?s?|mi|mittwochs?",
    r"thu(?:r|rs|rsday)?s?|do|donnerstags?", r"fri(?:day)?s?|fr|freitags?", r"sat(?:urday)?s?|sa|samstags?|sonnabends?",
    r"sun(?:day)?s?|so|sonntags?",
)  # fmt: skip
_DAY = rf"\b(?:{'|'.join(_DAYS)})\b"
_DAY_LIST = re.compile(rf"(?:every |each |on |jeden )?{_DAY}(?:\s*(?:[,;/&+–-]|and|to|und|bis)\s*{_DAY})*")


@cache
def appearances(appears: str, weeks: int) -> float | None:
    """How often a vehicle appears in a flight; None when the words are not understood.

    >>> appearances("5 a week", 4), appearances("Every two weeks", 5), appearances("monthly", 8)
    (20, 3, 2)
    >>> appearances("Sundays", 4), appearances("Tue & Thu", 4)
    (4, 8)
    >>> appearances("monatlich", 8), appearances("14-täglich", 5), appearances("hebdomadaire", 4)
    (2, 3, 4)
    """
    text = key(appears)
    if days := _days_a_week(text):
        return days * weeks
    for pattern, count in _APPEARS:
        match = re.fullmatch(pattern, text)
        if match:
            number = next((int(group) for group in match.groups() if group and group.isdigit()), 0)
            return count(weeks, number)
    return None


def _days_a_week(text: str) -> int:
    """How many days are named; 0 where something else is.

    >>> _days_a_week("sundays"), _days_a_week("tue & thu"), _days_a_week("mon-sat, sun"), _days_a_week("weekly")
    (1, 2, 7, 0)
    >>> _days_a_week("mo.-sa."), _days_a_week("mittwochs und sonnabends"), _days_a_week("mo-di-mi")
    (6, 2, 0)
    """
    text = text.replace(".", "")  # Mo.-Fr.
    if not _DAY_LIST.fullmatch(text):
        return 0
    named: set[int] = set()
    for part in re.split(r"\s*(?:[,;/&+]|\band\b|\bund\b)\s*", text):
        first, *last = map(_day_of, re.findall(_DAY, part))
        if len(last) > 1:  # tue-wed-thu: from and to are not told
            return 0
        end = last[0] if last else first
        named |= {day % 7 for day in range(first, end + 1 + (7 if end < first else 0))}
    return len(named)


def _day_of(word: str) -> int:
    return next(day for day, names in enumerate(_DAYS) if re.fullmatch(names, word))


# Weeks from one issue to the next, where they are more than one.
_APART: tuple[tuple[str, int], ...] = ((_TWO_WEEKS, 2), (_MONTHLY, 4), (_TWO_MONTHS, 8), (_QUARTERLY, 12))


@cache
def weeks_apart(appears: str) -> int:
    """In how many weeks in a row there is one issue: 1 where there is one each week, or more.

    >>> weeks_apart("Monthly"), weeks_apart("every two weeks"), weeks_apart("weekly")
    (4, 2, 1)
    """
    return next((weeks for pattern, weeks in _APART if re.fullmatch(pattern, key(appears))), 1)


# --- issues by their dates ---------------------------------------------------------------------------

_BY_NAME = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ORDINALS = {
    "first": 1,
    "1st": 1,
    "second": 2,
    "2nd": 2,
    "third": 3,
    "3rd": 3,
    "fourth": 4,
    "4th": 4,
    "last": -1,
}
_OF_MONTH = re.compile(
    rf"(?P<nth>{'|'.join(_ORDINALS)}) (?P<day>{'|'.join(_BY_NAME)})(?: (?:of|in) (?:the|each|every) month)?"
)
_EVERY = re.compile(rf"(?:every |each )?(?P<day>{'|'.join(_BY_NAME)})s?")
# A comma between dates, not that of Sept 14, 2027.
_COMMA = r",(?=\s*\d)(?!\s*\d{4}(?![-./\d]))|(?<=\b\d{4}),|,(?=\s*(?:" + "|".join(_ORDINALS) + r")\b)"
SEPARATORS = re.compile(rf"[;\n]+|{_COMMA}", re.IGNORECASE)


def pattern_of(text: str) -> Callable[[date], bool] | None:
    """Whether a day is one of the issues' that words describe; None where the words are not understood.

    >>> first = pattern_of("First Thursday")
    >>> first is not None and first(date(2027, 3, 4)), pattern_of("now and then")
    (True, None)
    """
    words = key(text)
    of_month, every = _OF_MONTH.fullmatch(words), _EVERY.fullmatch(words)
    if of_month:
        nth, day = _ORDINALS[of_month["nth"]], _BY_NAME.index(of_month["day"])
        return lambda at: at.weekday() == day and _nth_of_month(at, nth)
    if every:
        weekday = _BY_NAME.index(every["day"])
        return lambda at: at.weekday() == weekday
    return None


def _nth_of_month(at: date, nth: int) -> bool:
    if nth > 0:
        return (at.day - 1) // 7 + 1 == nth
    return at.day + 7 > monthrange(at.year, at.month)[1]


def days_within(start: date, weeks: int) -> list[date]:
    """Every day of a flight, to the Sunday of its last week."""
    return [start + timedelta(days=day) for day in range(7 * weeks - start.weekday())]


def by_week(issues: tuple[date, ...], start: date, weeks: int) -> tuple[int, ...]:
    """(weeks,) issues in each week of a flight.

    >>> by_week((date(2027, 3, 4), date(2027, 4, 1)), date(2027, 3, 3), 5)
    (1, 0, 0, 0, 1)
    """
    monday = start - timedelta(days=start.weekday())
    places = [(issue - monday).days // 7 for issue in issues]
    return tuple(places.count(week) for week in range(weeks))
