"""When a title's issues appear: dates, or a day of the month such as "first Thursday"."""

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from planner.names import key

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
    rf"(?P<nth>{'|'.join(_ORDINALS)}) (?P<day>{'|'.join(_DAYS)})(?: (?:of|in) (?:the|each|every) month)?"
)
_EVERY = re.compile(rf"(?:every |each )?(?P<day>{'|'.join(_DAYS)})s?")
SEPARATORS = re.compile(r"[;\n]+|,(?=\s*\d)|,(?=\s*(?:" + "|".join(_ORDINALS) + r")\b)", re.IGNORECASE)


def pattern_of(text: str) -> Callable[[date], bool] | None:
    """Whether a day is one of the issues' that words describe; None where the words are not understood.

    >>> first = pattern_of("First Thursday")
    >>> first is not None and first(date(2027, 3, 4)), pattern_of("now and then")
    (True, None)
    """
    words = key(text)
    of_month, every = _OF_MONTH.fullmatch(words), _EVERY.fullmatch(words)
    if of_month:
        nth, day = _ORDINALS[of_month["nth"]], _DAYS.index(of_month["day"])
        return lambda at: at.weekday() == day and _nth_of_month(at, nth)
    if every:
        weekday = _DAYS.index(every["day"])
        return lambda at: at.weekday() == weekday
    return None


def _nth_of_month(at: date, nth: int) -> bool:
    if nth > 0:
        return (at.day - 1) // 7 + 1 == nth
    return at.day + 7 > monthrange(at.year, at.month)[1]


def days_within(start: date, weeks: int) -> list[date]:
    """Every day of a flight, from the Monday of its first week on."""
    monday = start - timedelta(days=start.weekday())
    return [monday + timedelta(days=day) for day in range(7 * weeks)]


def by_week(issues: tuple[date, ...], start: date, weeks: int) -> tuple[int, ...]:
    """(weeks,) issues in each week of a flight.

    >>> by_week((date(2027, 3, 4), date(2027, 4, 1)), date(2027, 3, 3), 5)
    (1, 0, 0, 0, 1)
    """
    monday = start - timedelta(days=start.weekday())
    places = [(issue - monday).days // 7 for issue in issues]
    return tuple(places.count(week) for week in range(weeks))
