"""A date from a date cell, or from text that can be read in one way only."""

import calendar
import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from planner.excel.read import Cell
from planner.names import tidy, unaccented
from planner.workbook.cells.numbers import Trouble, no_value

# The months in English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish, Danish and Norwegian,
# without accents; three letters or more of their beginnings mean them where they can mean no other. Listopad is October
# in Croatian.
_MONTHS = tuple(
    tuple(words.split())
    for words in (
        "january januar janner janvier enero gennaio janeiro januari styczen stycznia",
        "february februar feber fevrier febrero febbraio fevereiro februari luty lutego",
        "march marz maerz mars marzo marco maart marzec marca marts mrt",
        "april avril abril aprile kwiecien kwietnia",
        "may mai mayo maggio maio mei maj maja",
        "june juni juin junio giugno junho czerwiec czerwca",
        "july juli juillet julio luglio julho lipiec lipca",
        "august aout agosto augustus augusti sierpien sierpnia",
        "september septembre septiembre settembre setembro wrzesien wrzesnia",
        "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika listopad listopada",
        "november novembre noviembre novembro listopad listopada",
        "december dezember decembre diciembre dicembre dezembro grudzien grudnia desember",
    )
)
# The days of the week likewise, two letters or more; "segunda", the second of the week, is Monday.
_WEEKDAYS = tuple(
    words.split()
    for words in (
        "monday montag lundi lunes lunedi segunda maandag poniedzialek mandag",
        "tuesday dienstag mardi martes martedi terca dinsdag wtorek tisdag tirsdag",
        "wednesday mittwoch mercredi miercoles mercoledi quarta woensdag sroda onsdag",
        "thursday donnerstag jeudi jueves giovedi quinta donderdag czwartek torsdag",
        "friday freitag vendredi viernes venerdi sexta vrijdag piatek fredag",
        "saturday samstag sonnabend samedi sabado sabato zaterdag sobota lordag",
        "sunday sonntag dimanche domingo domenica zondag niedziela sondag",
    )
)
_NAMED_DAY = re.compile(r"(?P<name>[^\W\d_]{2,})(?:-feira)?\.? (?P<date>.*\d.*)")
_WORD = r"(?P<month>[^\W\d_]{3,})\.?"
_DAY = r"(?P<day>\d{1,2})"
_YEAR = r"(?P<year>\d{4})"
_WRITTEN = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"{_DAY}(?:\.|st|nd|rd|th|er|º)?[ -]*(?:de |of )?{_WORD}[ -]*(?:del? )?{_YEAR}",
        rf"{_WORD} {_DAY}(?:st|nd|rd|th)? {_YEAR}",
    )
)
_DOTTED = re.compile(rf"{_DAY}\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}")
_YEAR_FIRST = re.compile(rf"{_YEAR}([-/])(?P<month>\d{{1,2}})\2{_DAY}")
_CHARACTERS = re.compile(rf"{_YEAR} ?[年년] ?(?P<month>\d{{1,2}}) ?[月월] ?{_DAY} ?[日일]?")
_SLASHED = re.compile(r"(\d{1,2})[/-](\d{1,2})[/-](\d{4})")
_NO_DATE = "is not a date; expected one such as 2027-03-01"


def read_date(cell: Cell) -> date | Trouble:
    """A date from a date cell or from text that can be read in one way only."""
    value = cell.value
    trouble = no_value(cell)
    if trouble:
        return trouble
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return _date_in_text(tidy(value).replace(",", ""))
    if isinstance(value, int) and 19_000_101 <= value <= 21_001_231:
        return _date_in_text(str(value))  # 20270503
    if isinstance(value, int | float) and not isinstance(value, bool) and 20_000 <= value <= 80_000:
        day = date(1899, 12, 30) + timedelta(days=int(value))
        return Trouble(
            f"is a plain number; if it is meant as the date {day:%Y-%m-%d}, format the cell as a date"
        )
    return Trouble(_NO_DATE)


def _date_in_text(text: str) -> date | Trouble:
    """The date that a text says; a day of the week before it must be that date's."""
    day, named = _bare_date(text), _NAMED_DAY.fullmatch(text)
    days = _those(_WEEKDAYS, named["name"]) if named and isinstance(day, Trouble) else frozenset()
    if not named or not days:  # Mar 3 2027 is no Tuesday
        return day
    day = _bare_date(named["date"])
    if isinstance(day, Trouble) or day.weekday() + 1 in days:
        return day
    return Trouble(f"is no such day: {day} is a {calendar.day_name[day.weekday()]}")


def _bare_date(text: str) -> date | Trouble:
    forms = (_YEAR_FIRST, _DOTTED, _CHARACTERS, *_WRITTEN)
    found = next(filter(None, (form.fullmatch(text) for form in forms)), None)
    if found is not None:
        return _date_of(found["year"], found["month"], found["day"])
    slashed = _SLASHED.fullmatch(text)
    return _of_two_readings(*map(int, slashed.groups())) if slashed else _written_by_a_program(text)


def _date_of(year: str, month: str, day: str) -> date | Trouble:
    months = [int(month)] if month.isdigit() else sorted(months_of(month))
    if len(months) > 1:
        return Trouble(
            f"can be {' or '.join(f'{year}-{number:02}-{int(day):02}' for number in months)}; write one"
        )
    try:
        return date(int(year), months[0] if months else 0, int(day))
    except ValueError:
        return Trouble(_NO_DATE)


@lru_cache(maxsize=256)
def months_of(word: str) -> frozenset[int]:
    """The numbers of the months, 1 to 12, that a name or the beginning of one may mean.

    >>> [sorted(months_of(word)) for word in ("März", "févr", "sierpnia", "jui", "autumn")]
    [[3], [2], [8], [6, 7], []]
    """
    return _those(_MONTHS, word)


def _those(names: Sequence[Sequence[str]], word: str) -> frozenset[int]:
    """The places, from 1, that a word may mean: it is one of their names, or the beginning of one."""
    plain = unaccented(word)
    return frozenset(
        place for place, words in enumerate(names, start=1) if any(own.startswith(plain) for own in words)
    )


def _of_two_readings(first: int, second: int, year: int) -> date | Trouble:
    """The date of 13/5/2027, where only one of the two can be a month."""
    readings = {(day, month) for day, month in ((first, second), (second, first)) if month <= 12}
    if len(readings) == 2:
        return Trouble(
            f"can be day {first} of month {second} or day {second} of month {first}; "
            f"write {year}-{second:02}-{first:02} or {year}-{first:02}-{second:02}"
        )
    try:
        day, month = readings.pop()
        return date(year, month, day)
    except (ValueError, KeyError):
        return Trouble(_NO_DATE)


def _written_by_a_program(text: str) -> date | Trouble:
    """The date of 2027-03-01 00:00:00, as other programs write it; with a time of day it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return Trouble(_NO_DATE)
    return moment.date() if moment.time() == time(0) else Trouble(_NO_DATE)
