"""Expressions over a survey's columns: by hand, and whatever they cannot be."""

from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidInput
from planner.survey.expressions import expression_of, numbers, who
from planner.survey.grammar import parse
from planner.survey.table import Survey, SurveyColumn

NAN = np.nan


def texts(*values: str | None) -> Any:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


SURVEY = Survey(
    "small.sav",
    "SPSS",
    (
        SurveyColumn("age", np.array([18.0, 34.0, 35.0, NAN])),
        SurveyColumn("sex", np.array([1.0, 2.0, 2.0, 1.0]), "Are you", {1.0: "Male", 2.0: "Female"}),
        SurveyColumn("days a week", np.array([7.0, 7.0, 0.0, 3.0])),
        SurveyColumn("claims", np.array([1.0, 0.0, NAN, 1.0]), "Watched :: Evening Quiz"),
        SurveyColumn("Region", texts("North", "south", None, "North")),
        SurveyColumn("county", texts("K", "s", None, "K"), "", {"K": "Kent", "S": "Surrey"}),
    ),
    4,
)


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("age >= 34", "0110", "1000"),
        ("not age >= 34", "1000", "0110"),
        ("18 <= age <= 34", "1100", "0010"),
        ("age in (18, 35)", "1010", "0100"),
        ("age is missing", "0001", "1110"),
        ("age is not missing and sex = 1", "1000", "0111"),
        ("`days a week` == 7 and sex == 1", "1000", "0111"),
        ('"days a week" == 7 or claims', "1101", "0000"),
        ('sex == "female"', "0110", "1001"),
        ('sex != "Male"', "0110", "1001"),
        ("region == 'NORTH'", "1001", "0100"),
        ("Region == 'West'", "0000", "1101"),
        ("county == 'kent'", "1001", "0100"),
        ("Region has 'Nroth'", "0000", "1101"),
        ("county == 'K' or county == 'Surrey'", "1101", "0000"),
        ("`Watched :: Evening Quiz`", "1001", "0100"),
        ("(age + `days a week`) / 2 > 20", "0100", "1010"),
        ("-age < -20", "0110", "1000"),
        ("age * 0 / 0 == 1", "0000", "0000"),
        ("age > 100 or sex == 1", "1001", "0110"),
        ("NOT (age > 100 AND sex == 1)", "1110", "0000"),
    ],
)
def test_by_hand(text: str, yes: str, no: str) -> None:
    """yes, no: by respondent; who is in neither did not answer."""
    found = who(parse(text), SURVEY)
    assert "".join(str(int(v)) for v in found.yes) == yes
    assert "".join(str(int(v)) for v in found.no) == no


def test_a_cell_that_is_a_columns_name_needs_no_backticks() -> None:
    assert who(expression_of("claims", SURVEY), SURVEY).unknown == 1
    assert expression_of(" Watched :: Evening Quiz ", SURVEY).word == "Watched :: Evening Quiz"
    found = numbers(expression_of("days a week", SURVEY), SURVEY)
    assert found is not None
    assert found.tolist() == [7, 7, 0, 3]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        ("agee > 3", 'did you mean "age"'),
        ("sex == Male", '"Male" is not a column'),
        ('sex == "Malle"', 'its labels are "Male" and "Female"'),
        ('age == "old"', "age holds numbers"),
        ('Region == "Nroth"', 'did you mean "North"? If not, write has instead of =='),
        ("Region == 3", "Region holds texts"),
        ("Region > 'a'", 'cannot be compared by ">"'),
        ("Region", 'holds "North"'),
        ("age", '"18" (1 row)'),
        ("age > ", "found the end"),
        ("(age > 3", '")" is missing'),
        ("age > 3 sex", '"sex" was not expected'),
        ("age in 3", "needs a list"),
        ("age is 3", '"is" stands before missing'),
        ("age ~ 3", "was not understood"),
        ("Region + 1 > 2", "cannot be added"),
        ("(age > 3) + 1 > 2", "a comparison stands where a number"),
        ("__import__('os').system('x')", "was not understood"),
        ("(" * 100 + "age" + ")" * 100, "more than 40 parentheses"),
        ("not " * 3000 + "age", "more than 40"),
    ],
)
def test_what_cannot_be_is_said(text: str, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        who(parse(text), SURVEY)
    assert says in str(caught.value)


@given(st.text(alphabet="age sex()=<>!&|'\"`0123.+-*/,notinadris ", max_size=60))
def test_any_text_is_an_expression_or_a_sentence(text: str) -> None:
    with suppress(InvalidInput):
        found = who(parse(text), SURVEY)
        assert not (found.yes & found.no).any()
