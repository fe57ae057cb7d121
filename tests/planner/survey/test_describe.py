"""What `planner survey describe` says of a file, by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from models.errors import InvalidInput
from planner.campaign.survey import SurveyItem, SurveySheet
from planner.cli.commands import app
from planner.report.survey.survey import description_json, description_text
from planner.survey.answers import answers_of
from planner.survey.describe import Description, describe, survey_form
from planner.survey.files import read_survey

CSV = "wt,email,sex,q1,q2,same,none\n1,a@b,1,0,1,3,\n1,c@d,2,1,99,3,\n2,e@f,1,1,2,3,\n0,g@h,2,,3,3,\n,i@j,1,0,2,3,\n"


def described(folder: Path, text: str = CSV, weight: str = "") -> Description:
    path = folder / "small.csv"
    path.write_text(text, encoding="utf-8")
    return describe(read_survey(path), weight)


def test_kinds_blanks_and_ranges(tmp_path: Path) -> None:
    found = {column.name: column for column in described(tmp_path).columns}
    kinds = {name: column.kind for name, column in found.items()}
    assert kinds == {
        "wt": "codes", "email": "text", "sex": "codes", "q1": "0/1", "q2": "codes", "same": "codes", "none": "blank",
    }  # fmt: skip
    assert (found["q1"].missing, found["q1"].distinct, found["q1"].low, found["q1"].high) == (1, 2, 0.0, 1.0)


def test_what_looks_odd_is_said(tmp_path: Path) -> None:
    odd = {column.name: tuple(map(str, column.odd)) for column in described(tmp_path).columns if column.odd}
    assert set(odd) == {"email", "q2", "same", "none"}
    assert "personal data" in odd["email"][0]
    assert odd["q2"] == ("99 (1 respondent) stands apart, as a code for no answer may",)
    assert "same answer (3)" in odd["same"][0]
    assert "nobody" in odd["none"][0]


def test_a_number_that_should_be_one_respondents_is_told_where_it_stands_twice(tmp_path: Path) -> None:
    found = {c.name: c.odd for c in described(tmp_path, "id,region_id\n1,1\n2,1\n3,1\n2,2\n").columns}
    assert [str(odd) for odd in found["id"]] == ["1 answer stood before; who is there twice counts twice"]
    assert found["region_id"] == ()


def test_9_beyond_a_short_scale_may_be_no_answer(tmp_path: Path) -> None:
    found = {c.name: c.odd for c in described(tmp_path, "q,days\n1,6\n2,7\n3,8\n4,9\n9,10\n").columns}
    assert [odd.value for odd in found["q"]] == ["9"]
    assert found["days"] == ()


def test_what_is_odd_of_many_columns_is_said_once(tmp_path: Path) -> None:
    names = [f"q{j}" for j in range(7)]
    rows = [[0, 1, 98][(i + j) % 3] if i < 6 else 98 * (j == 0) for i in range(7) for j in range(7)]
    lines = [",".join(map(str, rows[at : at + 7])) for at in range(0, 49, 7)]
    told = description_text(described(tmp_path, "\n".join([",".join(names), *lines, ""])))
    assert " ".join(told.split("Worth a look:")[1].split()) == (
        "q0, q1, q2, q3, q4 and 2 more (7 columns): 98 (2 to 3 respondents) stands apart, as a code for no answer may."
    )


def test_a_sheet_is_begun_with_what_reads_as_claims_or_chances(tmp_path: Path) -> None:
    """Claims are 0 and 1 beside what looks like no answer; weights, ages and codes are no vehicles."""
    text = "wt,age,tv,radio,often\n0.5,20,0,0.25,1\n0.7,35,1,0,2\n0.9,50,98,1,3\n0.8,61,1,,4\n"
    form = survey_form(described(tmp_path, text, "wt"), tmp_path / "small.csv", tmp_path)
    assert [(item.name, item.reading.kind) for item in form.vehicles] == [
        ("tv", "claim"),
        ("radio", "probability"),
    ]
    assert form.weight == "wt"


def test_a_sheet_is_begun_with_what_means_no_answer(tmp_path: Path) -> None:
    """Words are missing values of every column, other codes of a vehicle's column only."""
    text = "age,tv,radio,quiz\n20,0,NA,yes\n99,98,1,no\n35,1,0,Don't know\n40,1,.,no\n"
    form = survey_form(described(tmp_path, text), tmp_path / "small.csv", tmp_path)
    assert [(row.column, row.values) for row in form.missing] == [
        ("", (".", "NA", "Don't know")),
        ("tv", ("98",)),
    ]
    assert [item.name for item in form.vehicles] == ["tv", "radio", "quiz"]
    survey = read_survey(tmp_path / "small.csv")
    assert answers_of(replace(form, contacts=True), survey).people_000.tolist() == [2.0, 1.0, 1.0]


def test_a_row_for_each_answer_instead_of_each_respondent_is_told(tmp_path: Path) -> None:
    """30 people of whom each has a row for each of three titles; by the tables' notices too."""
    lines = "".join(f"{person},{title},{person % 2}\n" for person in range(30) for title in "abc")
    found = described(tmp_path, "resp_id,title,reads\n" + lines)
    assert "stands in 3 rows on the average" in str(found.columns[0].odd[0])
    form = SurveySheet("small.csv", (SurveyItem("a", "title == 'a' and reads"),))
    assert any("every row counts as a respondent" in said for said in answers_of(form, found.survey).notices)


def test_weights_by_hand(tmp_path: Path) -> None:
    weight = described(tmp_path, weight="WT").weight
    assert weight is not None
    assert (weight.used, weight.total, weight.low, weight.high) == (3, 4.0, 1.0, 2.0)
    assert weight.effective == 16 / 6
    assert weight.left_out == 2


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("wtt", 'did you mean "wt"'),
        ("email", r'holds "a@b" \(1 row\), .*; expected numbers'),
        ("none", "no number above 0"),
    ],
)
def test_what_is_no_weight_is_said(tmp_path: Path, name: str, says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        described(tmp_path, weight=name)


def test_the_command_says_it_in_words_and_as_json(tmp_path: Path) -> None:
    described(tmp_path)
    told = CliRunner().invoke(app, ["survey", "describe", str(tmp_path / "small.csv"), "--weight", "wt"])
    assert told.exit_code == 0
    assert "5 respondents, 7 columns" in told.stdout
    assert "effective base 3 (Kish)" in told.stdout
    as_json = CliRunner().invoke(app, ["survey", "describe", str(tmp_path / "small.csv"), "--json"])
    assert json.loads(as_json.stdout) == json.loads(json.dumps(description_json(described(tmp_path))))
