"""How Excel writes things: columns as letters, dates as numbers, number formats by their number.

The facts are those of ECMA-376 part 1 (18.3.1.73 merged ranges, 18.8.30 number formats, 18.17.4 dates). Every command
reads a workbook, and openpyxl, which knows the same, takes longer to load than a workbook takes to read.
"""

import re
from datetime import datetime, time, timedelta

EPOCH, MAC_EPOCH = datetime(1899, 12, 30), datetime(1904, 1, 1)
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d+)(?::\$?([A-Za-z]{1,3})\$?(\d+))?")
_LETTERS = 26
_DAY = 86_400  # seconds
_NO_LEAP_DAY = 60  # 29 February 1900, which Excel has and the calendar has not

_MONEY = '"$"#,##0'
_LINED_UP = r'_({0}* #,##0{1}_);_({0}* \(#,##0{1}\);_({0}* "-"{2}_);_(@_)'
FORMATS = {
    **dict(enumerate(("General", "0", "0.00", "#,##0", "#,##0.00"))),
    **dict(
        enumerate(
            (f"{_MONEY}{cents}_);{red}({_MONEY}{cents})" for cents in ("", ".00") for red in ("", "[Red]")), 5
        )
    ),
    **dict(enumerate(("0%", "0.00%", "0.00E+00", "# ?/?", "# ??/??"), 9)),
    **dict(enumerate(("mm-dd-yy", "d-mmm-yy", "d-mmm", "mmm-yy"), 14)),
    **dict(enumerate(("h:mm AM/PM", "h:mm:ss AM/PM", "h:mm", "h:mm:ss", "m/d/yy h:mm"), 18)),
    **dict(
        enumerate(
            (f"#,##0{cents}_);{red}(#,##0{cents})" for cents in ("", ".00") for red in ("", "[Red]")), 37
        )
    ),
    41: _LINED_UP.format("", "", ""),
    42: _LINED_UP.format('"$"', "", ""),
    43: _LINED_UP.format("", ".00", "??"),
    44: _LINED_UP.format('"$"', ".00", "??"),
    **dict(enumerate(("mm:ss", "[h]:mm:ss", "mmss.0", "##0.0E+0", "@"), 45)),
}
_QUOTED = re.compile(r'".*?"|\[(?!hh?\]|mm?\]|ss?\])[^\]]*\]')  # texts, and brackets that hold no time
_DATE_LETTER = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)
_TIME_PASSED = re.compile(r"\[(hh?|mm?|ss?)\]", re.IGNORECASE)


def column_letters(number: int) -> str:
    """A column (from 1) by its letters.

    >>> column_letters(1), column_letters(26), column_letters(27), column_letters(16384)
    ('A', 'Z', 'AA', 'XFD')
    """
    letters = ""
    while number:
        number, letter = divmod(number - 1, _LETTERS)
        letters = chr(ord("A") + letter) + letters
    return letters


def cell_reference(row: int, column: int, row_fixed: bool = False, column_fixed: bool = False) -> str:
    """A cell (row and column from 0, as those who write workbooks count) as formulas name it; fixed: with a $.

    >>> cell_reference(0, 0), cell_reference(9, 27, row_fixed=True), cell_reference(1, 2, True, True)
    ('A1', 'AB$10', '$C$2')
    """
    fixed = ("$" if column_fixed else "", "$" if row_fixed else "")
    return f"{fixed[0]}{column_letters(column + 1)}{fixed[1]}{row + 1}"


def column_number(letters: str) -> int:
    """A column's number (from 1) from its letters A to Z.

    >>> column_number("A"), column_number("xfd")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = _LETTERS * number + ord(letter) - ord("A") + 1
    return number


def range_corners(reference: str) -> tuple[int, int, int, int] | None:
    """First row, first column, last row and last column (from 1) of a range of cells; None for any other text.

    >>> range_corners("B2:$D$7"), range_corners("C3"), range_corners("A:B")
    ((2, 2, 7, 4), (3, 3, 3, 3), None)
    """
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    first, row, last, bottom = found.groups()
    return int(row), column_number(first), int(bottom or row), column_number(last or first)


def is_date_format(code: str) -> bool:
    """Whether a number format shows a date or a time: its part for positive numbers has a letter of one."""
    return _DATE_LETTER.search(_QUOTED.sub("", code.split(";", maxsplit=1)[0])) is not None


def is_duration_format(code: str) -> bool:
    """Whether a number format shows how much time has passed, as [h]:mm does."""
    return _TIME_PASSED.search(code.split(";", maxsplit=1)[0]) is not None


def moment(days: float, epoch: datetime) -> datetime | time:
    """The date and time, to the millisecond, that a number stands for; the time of day alone below 1.

    Raises OverflowError where the calendar has no such date.

    >>> moment(42_461, EPOCH), moment(0.75, EPOCH), moment(1.0, EPOCH)
    (datetime.datetime(2016, 4, 1, 0, 0), datetime.time(18, 0), datetime.datetime(1900, 1, 1, 0, 0))
    """
    day, part = divmod(days, 1)
    within = timedelta(milliseconds=round(part * _DAY * 1000))
    if 0 <= days < 1 and within.days == 0:
        return (EPOCH + within).time()
    if 0 < days < _NO_LEAP_DAY and epoch == EPOCH:
        day += 1
    return epoch + timedelta(days=day) + within


def duration(days: float) -> timedelta:
    """The time that a number of days stands for, to the millisecond."""
    found = timedelta(days=days)
    return (
        found
        - timedelta(microseconds=found.microseconds)
        + timedelta(microseconds=round(found.microseconds, -3))
    )
