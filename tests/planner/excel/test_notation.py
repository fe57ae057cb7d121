"""Columns, dates and number formats against openpyxl, which knows them too."""

import datetime

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_timedelta_format
from openpyxl.styles.numbers import is_date_format as dates_by_openpyxl
from openpyxl.utils import column_index_from_string, get_column_letter, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from planner.excel import notation

CODES = (
    *BUILTIN_FORMATS.values(),
    "yyyy-mm-dd", "[$-409]d-mmm", '0" days"', "[h]:mm", "[Red]0;yyyy", "[mm]:ss", "[ss].00", "0_d", r"0\d",
)  # fmt: skip


@pytest.mark.parametrize("number", [1, 25, 26, 27, 51, 52, 53, 702, 703, 728, 16_384])
def test_columns_are_lettered_as_openpyxl_letters_them(number):
    letters = get_column_letter(number)
    assert notation.column_letters(number) == letters
    assert notation.column_number(letters) == column_index_from_string(letters) == number


@pytest.mark.parametrize("reference", ["A1", "B2:D7", "$B$2:$AD$17", "xfd1048576"])
def test_a_range_has_openpyxls_corners(reference):
    left, top, right, bottom = range_boundaries(reference)
    assert notation.range_corners(reference) == (top, left, bottom, right)


@pytest.mark.parametrize("reference", ["", "A:C", "1:3", "A1:C", "A1:", "ABCD1", "A1:B2:C3", "A1 "])
def test_what_is_no_range_of_cells_has_no_corners(reference):
    assert notation.range_corners(reference) is None


def test_the_formats_without_a_code_of_their_own_are_openpyxls():
    # 44 lacks, in openpyxl, the semicolons of the standard.
    differing = {number for number, code in BUILTIN_FORMATS.items() if notation.FORMATS[number] != code}
    assert differing <= {44}
    assert set(notation.FORMATS) == set(BUILTIN_FORMATS)


@pytest.mark.parametrize("code", CODES)
def test_a_format_makes_a_date_or_a_duration_where_openpyxl_says_so(code):
    assert notation.is_date_format(code) == dates_by_openpyxl(code)
    assert notation.is_duration_format(code) == is_timedelta_format(code)


DAYS = [
    0,
    0.5,
    0.75,
    0.999999999,
    1,
    1.25,
    59,
    59.5,
    60,
    61,
    42_461,
    42_461.123456789,
    43_000.9999999999,
    -1,
    2_950_000,
]


@pytest.mark.parametrize("days", DAYS)
def test_a_number_is_the_moment_that_openpyxl_makes_of_it(days):
    assert notation.moment(days, notation.EPOCH) == from_excel(days, WINDOWS_EPOCH)
    assert notation.moment(days, notation.MAC_EPOCH) == from_excel(days, MAC_EPOCH)


@pytest.mark.parametrize("days", [0, 0.5, 1.75, 100.123456789, 0.00001])
def test_a_duration_is_openpyxls_to_the_millisecond(days):
    assert notation.duration(days) == from_excel(days, timedelta=True)


def test_a_date_past_the_calendar_is_refused():
    with pytest.raises(OverflowError):
        notation.moment(1e9, notation.EPOCH)
    assert notation.moment(2_958_465, notation.EPOCH) == datetime.datetime(9999, 12, 31)
