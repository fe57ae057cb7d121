"""Surveys of other shapes than the usual one become campaigns that can be planned."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest

from models.errors import InvalidInput
from planner.campaign.prepare import prepare
from planner.campaign.segment_traits import segment_traits
from planner.campaign.survey import Reading
from planner.errors import WorkbookError
from planner.survey.describe import describe, survey_form
from planner.survey.expressions import who
from planner.survey.files import read_survey
from planner.survey.grammar import parse
from planner.survey.readings import chances, without_missing
from planner.survey.table import Survey, SurveyColumn
from planner.workbook.campaign.from_survey import FilledCampaign, campaign_from_survey
from planner.workbook.campaign.survey.survey import read_survey_request

HEADINGS = ("What", "Vehicle, trait or medium", "Column or expression", "Reads as", "Medium")


def filled(
    folder: Path,
    columns: Mapping[str, np.ndarray],
    rows: Sequence[Sequence[str]],
    medium: str = "TV",
    reads_as: str = "",
) -> FilledCampaign:
    """A campaign of 5 million people filled from a survey: columns that begin with v are vehicles."""
    pd.DataFrame(columns).to_csv(folder / "s.csv", index=False)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Survey"
    vehicles = [("vehicle", name, name, reads_as, medium) for name in columns if name.startswith("v")]
    for row in (HEADINGS, ("file", "", "s.csv"), ("claims are contacts", "", "yes"), *rows, *vehicles):
        sheet.append([value or None for value in row])
    page = book.create_sheet("Brief")
    for pair in (("Key", "Value"), ("Universe (000)", 5000), ("Budget", 10_000)):
        page.append(pair)
    book.save(folder / "c.xlsx")
    return campaign_from_survey(read_survey_request(folder / "c.xlsx"))


def people(n: int, vehicles: int, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Three latent traits (n, 3), and the columns of who uses what."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 3))
    odds = latent @ rng.normal(0, 1.2, (3, vehicles)) - 1.2
    uses = rng.random(odds.shape) < 1 / (1 + np.exp(-odds))
    return latent, {f"v{j}": uses[:, j].astype(int) for j in range(vehicles)}


@pytest.mark.parametrize("seed", range(3))
def test_traits_within_others_or_opposite_to_them_do_not_contradict_types(tmp_path: Path, seed: int) -> None:
    """Spread over types by itself, more of a type may have a trait than have the wider one that it is a part of."""
    latent, columns = people(400, 8, seed)
    wide = (latent[:, 0] > 0).astype(int)
    columns |= {"wide": wide, "narrow": wide * (latent[:, 1] > 1), "opposite": 1 - wide}
    columns["part"] = columns["narrow"] * (latent[:, 2] > 0)
    named = {"customer": "wide", "catalyst": "narrow", "others who buy": "opposite", "keen": "part"}
    rows = [("trait", name, column) for name, column in named.items()]
    made = filled(tmp_path, columns, rows).campaign
    assert made.types is not None
    assert len(prepare(made).people.segments.population) > len(made.types.names)


def test_a_medium_of_which_nobody_uses_two_vehicles_is_at_chance(tmp_path: Path) -> None:
    place = np.arange(120) % 4
    columns = {f"v{j}": (place == j).astype(int) for j in range(3)} | {"old": (np.arange(120) % 7 < 3) * 1}
    made = filled(tmp_path, columns, [("trait", "catalyst", "old")])
    assert [row.duplication for row in made.campaign.media] == [1.0]
    assert "No two vehicles share anybody (TV): Duplication 1, chance, was filled in." in made.said


def test_a_repeat_audience_that_duplication_alone_explains_is_left_blank_and_told(tmp_path: Path) -> None:
    """Everybody reads three of four issues: the next meets 2/3 of a reader's, duplication times rating is 3/4."""
    columns = {f"v{j}": np.full(60, 3) for j in range(2)} | {"old": np.arange(60) % 2}
    made = filled(tmp_path, columns, [("trait", "customer", "old")], "Magazines", "n of 4 issues")
    assert [row.repeat for row in made.campaign.vehicles] == [None, None]
    assert any(said.startswith("Repeat audience % of v0 and v1 was left blank") for said in made.said)


def test_traits_that_nobody_asks_about_leave_room_for_types(tmp_path: Path) -> None:
    """Catalysts and seven others make 256 segments, beside which two types could be planned."""
    latent, columns = people(1200, 12)
    rng = np.random.default_rng(1)
    names = ["catalyst", *(f"trait {n}" for n in range(7))]
    columns |= {f"t{n}": (latent[:, n % 3] + rng.normal(size=1200) > 0.5).astype(int) for n in range(8)}
    made = filled(tmp_path, columns, [("trait", name, f"t{n}") for n, name in enumerate(names)])
    assert made.campaign.types is not None
    assert len(made.campaign.types.names) >= 18
    assert "catalyst" in [row.name for row in segment_traits(made.campaign)]
    assert any("with fewer traits there would be room for more" in said for said in made.said)


def test_a_vehicle_that_everybody_meets_is_refused_at_its_row(tmp_path: Path) -> None:
    _, columns = people(100, 3)
    columns |= {"v9": np.ones(100, dtype=int), "old": (np.arange(100) < 30) * 1}
    with pytest.raises(WorkbookError) as caught:
        filled(tmp_path, columns, [("trait", "catalyst", "old")])
    (problem,) = caught.value.problems
    assert problem.cell == "Survey!C8"
    assert (
        problem.text == '"v9" meets everybody among the respondents who count; leave it out, or mend the row.'
    )


def test_yes_and_no_are_claims_in_whichever_language_and_code() -> None:
    texts = np.array(["Ja", "nein", "FALSCH", None], dtype=object)
    labels = {1.0: "Selected", 2.0: "Not selected"}
    columns = (
        SurveyColumn("soap", texts),
        SurveyColumn("quiz", np.array([1.0, 2.0, np.nan, 1.0]), "", labels),
        SurveyColumn("codes", np.array([1.0, 2.0, 2.0, 1.0])),
    )
    survey = Survey("s.csv", "CSV", columns, 4)
    assert chances("soap", Reading(), survey)[0].tolist() == [1, 0, 0, 0]
    assert chances("quiz", Reading(), survey)[0].tolist() == [1, 0, 0, 1]
    assert who(parse("quiz"), survey).no.tolist() == [False, True, False, False]
    with pytest.raises(InvalidInput, match="2 "):
        chances("codes", Reading(), survey)
    form = survey_form(describe(survey), Path("s.csv"), Path())
    assert [item.name for item in form.vehicles] == ["soap", "quiz"]


def test_what_a_column_is_named_for_marks_who_chose_it() -> None:
    """As Alchemer and Qualtrics write what was chosen; another only answer, Never, marks nobody."""
    chosen, never = (np.array([word, None, word], dtype=object) for word in ("Quiz", "Never"))
    codes = np.array([3.0, np.nan, 3.0])
    columns = (
        SurveyColumn("Quiz:Which do you watch?", chosen),
        SurveyColumn("q1_3", codes, "Which do you watch? - Quiz", {3.0: "Quiz"}),
        SurveyColumn("q1_4", np.array([1.0, 0.0, 1.0]), "Which do you watch? - Quiz", {1.0: "Quiz"}),
        SurveyColumn("q2", never, "How often do you watch Quiz?"),
        SurveyColumn("sex", np.array([1.0, 0.0, 1.0]), "Sex", {0.0: "male", 1.0: "female"}),
    )
    survey = Survey("s.sav", "SPSS", columns, 3)
    form = survey_form(describe(survey), Path("s.sav"), Path())
    assert [item.expression for item in form.vehicles] == ["Quiz:Which do you watch?", "q1_3", "q1_4"]
    for item in form.vehicles:
        assert chances(item.expression, item.reading, survey)[0].tolist() == [1, 0, 1]
    with pytest.raises(InvalidInput, match="Never"):
        chances("q2", Reading(), survey)


@pytest.mark.parametrize(
    ("values", "labels", "label", "chosen"),
    [
        ((0.0, 1.0), {0.0: "Quiz", 1.0: "Not mentioned"}, "Seen :: Quiz", [1, 0]),
        ((1.0, 2.0), {1.0: "Quiz", 2.0: "Not mentioned"}, "Seen :: Quiz", [1, 0]),
        ((0.0, 1.0), {0.0: "Not mentioned", 1.0: "Quiz"}, "", [0, 1]),
        (("1", "2"), {"1": "Yes", "2": "No", "9": "Refused"}, "", [1, 0]),
    ],
)
def test_what_labels_say_is_so_whatever_the_codes_are(
    values: tuple[Any, Any], labels: Any, label: str, chosen: list[int]
) -> None:
    """Also where a third answer was none; of 0 for a choice and 1 for none, 1 is none."""
    refused = "9" if isinstance(values[0], str) else 9.0
    array = np.array([*values, refused], dtype=object if isinstance(refused, str) else float)
    column = without_missing(SurveyColumn("q", array, label, labels), ("9", "Refused"))
    survey = Survey("s.sav", "SPSS", (column,), 3)
    assert chances("q", Reading(), survey)[0].tolist() == [*chosen, 0]


@pytest.mark.parametrize(
    "labels",
    [
        {0.0: "Not applicable", 1.0: "No", 2.0: "Yes"},
        {0.0: "Skipped", 1.0: "Not mentioned"},
        {0.0: "Yes", 1.0: "Sometimes"},
        {0.0: "Don't know", 1.0: "No"},
    ],
)
def test_where_labels_turn_numbers_round_and_leave_one_open_nothing_is_guessed(labels: Any) -> None:
    """Who was not asked, or skipped it, is no one who says yes."""
    column = SurveyColumn("q", np.array(list(labels)), "Do you watch, or don't know?", labels)
    survey = Survey("s.sav", "SPSS", (column,), len(labels))
    with pytest.raises(
        InvalidInput, match=next(text for text in labels.values() if text not in ("Yes", "No"))
    ):
        chances("q", Reading(), survey)
    with pytest.raises(InvalidInput, match="a comparison such as"):
        who(parse("q"), survey)


def test_one_code_of_several_is_a_vehicle_or_a_trait() -> None:
    texts = np.array(["1,3,7", "13", None, "3; 07"], dtype=object)
    survey = Survey("s.csv", "CSV", (SurveyColumn("seen", texts), SurveyColumn("one", np.arange(4.0))), 4)
    found = who(parse("seen has 3"), survey)
    assert (found.yes.tolist(), found.unknown) == ([True, False, False, True], 1)
    assert who(parse("not seen has 7"), survey).yes.tolist() == [False, True, False, False]
    assert who(parse("one has 3"), survey).yes.tolist() == [False, False, False, True]
    assert who(parse("seen has 3.0"), survey).yes.tolist() == [True, False, False, True]
    assert who(parse('seen has "1,3"'), survey).yes.tolist() == [True, False, False, False]
    (odd,) = describe(survey).columns[0].odd
    assert "holds several codes an answer" in str(odd)
    assert "such as seen has 1" in str(odd)


def test_decimal_commas_kept_as_texts_are_no_codes() -> None:
    """As an Excel file has them whose numbers were typed in another language's Excel."""
    texts = np.array(["0,87", "1,108", "2", None], dtype=object)
    survey = Survey("s.xlsx", "Excel", (SurveyColumn("weight", texts),), 4)
    (odd,) = describe(survey).columns[0].odd
    assert str(odd).startswith("numbers with decimal commas, kept as texts; make numbers of them")


def test_codes_that_read_as_decimals_are_looked_for_as_they_were_written(tmp_path: Path) -> None:
    """Beside semicolons 2,5 is two and a half, unless codes are asked for; 1,10 is no 1,1."""
    (tmp_path / "s.csv").write_text("id;seen;scale\n1;2,5;3,1\n2;5;2,5\n3;1,10;1\n4;;2\n")
    survey = read_survey(tmp_path / "s.csv")
    assert who(parse("seen has 5"), survey).yes.tolist() == [True, True, False, False]
    assert who(parse("seen has 10"), survey).no.tolist() == [True, True, False, False]
    assert who(parse("seen == 2.5"), survey).yes.tolist() == [True, False, False, False]
    odd = {column.name: str(column.odd[0]) if column.odd else "" for column in describe(survey).columns}
    assert "may hold several codes an answer" in odd["seen"]
    assert "several" not in odd["scale"]


def test_decimals_of_a_workbook_are_no_codes() -> None:
    survey = Survey("s.xlsx", "Excel", (SurveyColumn("seen", np.array([2.5, 5.0])),), 2)
    with pytest.raises(
        InvalidInput, match=r'seen holds numbers such as 2.5, and "has" looks for whole codes'
    ):
        who(parse("seen has 5"), survey)


def test_codes_below_labels_are_looked_for_as_they_were_written(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("id;seen;w\nNumber;Titles;Weight\n1;2,5;1,5\n2;5;1\n")
    survey = read_survey(tmp_path / "s.csv")
    assert who(parse("seen has 5"), survey).yes.tolist() == [True, True]


def test_codes_for_no_answer_on_both_sides_of_a_claim_are_seen(tmp_path: Path) -> None:
    column = SurveyColumn("tv", np.array([0.0, 1.0, -1.0, 8.0, 9.0]))
    texts = SurveyColumn("quiz", np.array(["Yes", "No", "Don't know", "No", "No"], dtype=object))
    found = describe(Survey("s.csv", "CSV", (column, texts), 5))
    assert [odd.value for odd in found.columns[0].odd] == ["-1", "8", "9"]
    assert [odd.value for odd in found.columns[1].odd] == ["Don't know"]
    assert [item.name for item in survey_form(found, tmp_path / "s.csv", tmp_path).vehicles] == ["tv", "quiz"]


def test_questions_below_the_names_are_labels(tmp_path: Path) -> None:
    """As Qualtrics writes them, with and without its ids; a first answer in words is no label."""
    names, ids = "id,q1,city\n", '"{""ImportId"":""a""}","{""ImportId"":""b""}","{""ImportId"":""c""}"\n'
    labels, body = "Number,Seen :: Evening Quiz,Where\n", "1,1,Rome\n2,0,Oslo\n"
    for text in (names + labels + body, names + labels + ids + body):
        (tmp_path / "s.csv").write_text(text)
        survey = read_survey(tmp_path / "s.csv")
        assert [column.short_label for column in survey.columns] == ["Number", "Evening Quiz", "Where"]
        assert (survey.rows, survey.columns[1].values.tolist()) == (2, [1.0, 0.0])
        assert any("Row 2 of s.csv was taken for the questions' labels" in said for said in survey.notices)
    (tmp_path / "s.csv").write_text("city,talk\nRome,often\nOslo,1\n")
    assert read_survey(tmp_path / "s.csv").rows == 2


@pytest.mark.parametrize(
    ("first", "rows"),
    [("Response,Response,Response", 2), ("a,no,yes", 3), (",NA,refused", 3), (",Yes,Often", 2)],
)
def test_labels_may_repeat_and_are_more_than_words_that_a_respondent_may_answer(
    tmp_path: Path, first: str, rows: int
) -> None:
    (tmp_path / "s.csv").write_text(f"city,q1,q2\n{first}\nRome,1,0\nOslo,0,1\n")
    assert read_survey(tmp_path / "s.csv").rows == rows


def test_labels_above_answers_in_words_are_none_of_them(tmp_path: Path) -> None:
    """Each of two answers is given five times; a first respondent gives one of them in some column."""
    body = "".join(f"{sex},{watch},{n}x\n" for n in range(5) for sex in "mf" for watch in ("No", "Yes"))
    for first, rows in (
        ("Are you,Watched Quiz,Any comment", 20),
        ("other,Yes,none", 21),
        ("m,perhaps,none", 21),
    ):
        (tmp_path / "s.csv").write_text(f"sex,q1,text\n{first}\n{body}")
        survey = read_survey(tmp_path / "s.csv")
        assert survey.rows == rows, first
        assert (survey.columns[1].label == "Watched Quiz") == (rows == 20)


def test_decimal_commas_beside_words_that_mean_no_answer_are_numbers(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("wt;q\n1,5;0\nNA;1\n2,5;1\n")
    column = read_survey(tmp_path / "s.csv").columns[0]
    assert np.nansum(without_missing(column, ("NA",)).values) == 4.0


def test_split_ballots_are_said(tmp_path: Path) -> None:
    """Of marks, in which nobody says no, a blank is a no."""
    asked = np.arange(120) % 2 == 0
    yes = np.arange(120) % 6 < 2
    columns = {
        "v1": np.where(asked, yes * 1.0, np.nan), "v2": np.where(~asked, yes * 1.0, np.nan), "v3": yes * 1,
        "v4": np.where(yes, 1.0, np.nan), "old": (np.arange(120) % 5 == 0) * 1,
    }  # fmt: skip
    said = " ".join(filled(tmp_path, columns, [("trait", "catalyst", "old")]).said)
    assert "Answered by fewer than 80 % of 120 respondents: v1 (60) and v2 (60). Where" in said
    assert "No respondent was asked about both v1 and v2: who uses both is not known" in said


def test_weights_that_leave_hardly_anybody_are_said(tmp_path: Path) -> None:
    _, columns = people(150, 4)
    columns |= {"w": np.where(np.arange(150) == 0, 851.0, 1.0), "old": (np.arange(150) < 60) * 1}
    rows = [("weight", "", "w"), ("trait", "catalyst", "old")]
    said = " ".join(filled(tmp_path, columns, rows).said)
    assert (
        "150 respondents are worth 1 without weights (effective base); the largest weight stands for 85 %"
        in said
    )
