"""The Influence sheet: parameters read loosely, refused precisely, written and read back the same."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest
import xlsxwriter

from planner.campaign.assumptions import TALK
from planner.campaign.influence import SHRINKAGE
from planner.campaign.inputs import Campaign, InfluenceRow
from planner.campaign.population import build_population
from planner.errors import WorkbookError
from planner.report.campaign.check_text import default_lines
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.people.influence import PARAMETERS
from planner.workbook.campaign.sheets import write_campaign_sheets, write_influence_table
from planner.workbook.page.styles import Styles
from planner.workbook.template import write_example, write_template

HEADINGS = ("Parameter", "Low", "Used", "High", "Source")
BRIEF: list[list[object]] = [["Universe (000)", 1000], ["Budget", 500], ["Weeks", 4], ["Category", "Food"]]


def written(
    path: Path,
    rows: Sequence[Sequence[object]],
    brief: Sequence[Sequence[object]] = (),
    headings: Sequence[str] = HEADINGS,
) -> Path:
    book = openpyxl.Workbook()
    book.active.title = "Brief"
    vehicles = [["Vehicle", "Medium", "Unit cost", "Rating %"], ["Quiz", "TV", 100, "10 %"]]
    tables = {"Vehicles": vehicles, "Composition": [["Vehicle", "catalyst"], ["Quiz", "8 %"]]}
    for row in (*BRIEF, *brief):
        book["Brief"].append(row)
    for name, table in (tables | {"Influence": [headings, *rows]}).items():
        sheet = book.create_sheet(name)
        for row in table:
            sheet.append(list(row))
    book.save(path)
    return path


def read(tmp_path: Path, *rows: Sequence[object], brief: Sequence[Sequence[object]] = ()) -> Campaign:
    return read_campaign(written(tmp_path / "a.xlsx", rows, brief))


def problems(tmp_path: Path, *rows: Sequence[object]) -> dict[str, str]:
    with pytest.raises(WorkbookError) as caught:
        read(tmp_path, *rows)
    return {problem.cell: problem.text for problem in caught.value.problems}


# --- names and values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        *((found.heading, key) for key, found in TALK.items()),
        ("CATALYST  multiplier", "catalyst"),
        ("prompted", "prompted"),
        ("omega", "worth"),
        ("worth of a conversation", "worth"),
        ("talk lasts (weeks)", "weeks"),
        ("Face-to-face", "face_to_face"),
        ("brand_share", "brand_share"),
        ("Conversations [per week]", "conversations"),
    ],
)
def test_a_parameter_is_known_by_its_name_loosely(name: str, parameter: str, tmp_path: Path) -> None:
    (row,) = read(tmp_path, (name, None, 0.5)).influence
    assert (row.parameter, row.used) == (parameter, 0.5)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Brand share of talk", "5 %"),
        ("Brand share of talk", 0.05),
        ("Brand share of talk", "0,05"),
        ("Brand share of talk [%]", 5),
        ("Brand share of talk %", "5 %"),
        ("Brand share of talk (share)", 0.05),
    ],
)
def test_a_share_is_read_as_it_is_written(name: str, typed: object, tmp_path: Path) -> None:
    (row,) = read(tmp_path, (name, "2 %", typed, "10 %", "our tracker")).influence
    assert row == InfluenceRow("brand_share", 0.05, 0.02, 0.1, "our tracker")


@pytest.mark.parametrize(
    ("typed", "used"),
    [("yes", 1), ("on", 1), (1, 1), (True, 1), ("no", 0), ("Off", 0), (0, 0), (False, 0)],
)
def test_index_shrinkage_is_a_switch(typed: object, used: float, tmp_path: Path) -> None:
    assert read(tmp_path, ("Index shrinkage", None, typed)).influence == (InfluenceRow(SHRINKAGE, used),)


def test_what_a_row_only_shows_of_the_evidence_is_not_the_planners(tmp_path: Path) -> None:
    food, technology = (3.95, 11.85), (2.7, 8.1)  # a range for another category: the Brief was changed since
    for low, high in (food, technology):
        assert read(tmp_path, ("Conversations per week", low, None, high, None)).influence == ()
    catalyst = TALK["catalyst"]
    row = ("Catalyst multiplier", catalyst.low, None, catalyst.high, catalyst.source)
    assert read(tmp_path, row).influence == ()


@pytest.mark.parametrize(
    ("row", "cell", "words"),
    [
        (("Catalist multiplyer", None, 2), "A2", 'did you mean "Catalyst multiplier"?'),
        (("Moonlight", None, 2), "A2", "expected one of Conversations per week"),
        (("Brand share of talk", None, 5), "C2", "is that 5 % or 500 %?"),
        (("Brand share of talk", None, 1), "C2", "is that 1 % or 100 %?"),
        (("Brand share of talk", None, "120 %"), "C2", "expected 0 to 100 %"),
        (("Brand share of talk", None, -0.1), "C2", "is negative"),
        (("Brand share of talk [points]", None, 0.1), "A2", "a unit that is not understood"),
        (("Weeks talk lasts (days)", None, 3), "A2", "a unit that is not understood"),
        (("Catalyst multiplier", None, -1), "C2", "is negative"),
        (("Catalyst multiplier", None, 5_000), "C2", "expected 0 to 100"),
        (("Catalyst multiplier", None, "180 %"), "C2", "percent sign"),
        (("Catalyst multiplier", None, "much"), "C2", "is not a number"),
        (("Catalyst multiplier", 3, 2, 1), "B2", "Low 3 is more than High 1 (Influence!D2)"),
        (("Catalyst multiplier", 5, None, None), "B2", "or give both"),
        (("Index shrinkage", None, "maybe"), "C2", "is neither yes nor no"),
        (("Index shrinkage", 0, "yes"), "B2", "switched on or off under Used"),
        ((None, None, 2), "A2", "no Parameter"),
    ],
)
def test_what_is_wrong_is_named_with_its_cell(
    row: Sequence[object], cell: str, words: str, tmp_path: Path
) -> None:
    found = problems(tmp_path, row)
    assert words in found.get(f"Influence!{cell}", f"nothing there, but {found}")
    assert len(found) == 1


def test_a_parameter_twice_is_a_problem(tmp_path: Path) -> None:
    found = problems(tmp_path, ("omega", None, 2), ("Worth of a conversation", None, 3))
    assert "is there twice (also Influence!A2)" in found["Influence!A3"]


def test_channels_that_are_all_nothing_are_a_problem(tmp_path: Path) -> None:
    rows = [(TALK[name].heading, None, 0) for name in ("face_to_face", "phone", "online", "other")]
    assert "one at least above" in problems(tmp_path, *rows)["Influence!C2"]


def test_a_sheet_without_its_headings_is_a_problem(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [("omega", 2)], headings=("What", "How much"))
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert '"Parameter"' in caught.value.problems[0].text


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            ("Catalyst multiplier", None, 4),
            "Influence!C2: Catalyst multiplier 4 lies outside its range, 1 to 3",
        ),
        (("Prompted", "1 %", "9 %", "5 %"), "Prompted by advertising 9 % lies outside its range, 1 % to 5 %"),
        (("Online", None, "30 %"), "add up to 121 %; they were rescaled"),
        (("Weeks talk lasts", 1, 6, 8), "longer than the flight of 4 weeks"),
    ],
)
def test_what_stops_nothing_is_noticed(row: Sequence[object], words: str, tmp_path: Path) -> None:
    notices = read(tmp_path, row).notices
    assert any(words in notice for notice in notices), notices


def test_a_figure_of_ones_own_is_no_outlier_where_the_evidence_has_no_range(tmp_path: Path) -> None:
    notices = read(tmp_path, ("Brand share of talk", None, "10 %")).notices
    assert not any("Brand share" in notice for notice in notices)


# --- defaults ---------------------------------------------------------------------------------------


def test_every_parameter_left_blank_is_a_default_with_value_preset_and_source(tmp_path: Path) -> None:
    campaign = read(tmp_path, ("omega", None, 2), brief=[["Influence preset", "industry"]])
    texts = {found.row: found.text for found in campaign.defaults if found.sheet == "Influence"}
    assert set(texts) == {parameter.heading for parameter in PARAMETERS} - {"Worth of a conversation"}
    assert texts["Catalyst multiplier"].startswith(
        "Catalyst multiplier: 3 (preset industry); Engagement Labs"
    )
    assert texts["Brand share of talk"].startswith("Brand share of talk: 5 % (every preset)")
    assert texts["Conversations per week"].startswith("Conversations per week: 7.9, food: an estimate")
    lines = [line for line in default_lines(campaign.defaults) if line.startswith("Influence")]
    assert lines[1].startswith("Influence, Catalyst multiplier: 3 (preset industry)")


def test_without_a_known_category_conversations_are_the_average(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", [], [])
    book = openpyxl.load_workbook(path)
    book["Brief"]["B4"] = "anvils"
    book.save(path)
    texts = {found.row: found.text for found in read_campaign(path).defaults}
    assert "4.6, the average of 15 categories" in texts["Conversations per week"]


# --- written and read back ---------------------------------------------------------------------------

OWN = (
    InfluenceRow("conversations", None, 3.0, None),
    InfluenceRow("catalyst", 2.5, None, 4.0, "own survey"),
    InfluenceRow("brand_share", 0.1),
    InfluenceRow("worth", 0.0),
    InfluenceRow(SHRINKAGE, 0.0),
)


def with_rows(tmp_path: Path, rows: tuple[InfluenceRow, ...]) -> Campaign:
    return replace(read_campaign(written(tmp_path / "plain.xlsx", [])), influence=rows)


def test_what_is_written_is_read_back_the_same(tmp_path: Path) -> None:
    campaign = with_rows(tmp_path, OWN)
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        write_campaign_sheets(book, campaign)
    again = read_campaign(tmp_path / "b.xlsx")
    assert again.influence == OWN
    with xlsxwriter.Workbook(tmp_path / "c.xlsx") as book:
        write_campaign_sheets(book, again)
    assert read_campaign(tmp_path / "c.xlsx") == again


def test_the_table_is_found_below_a_results_figures(tmp_path: Path) -> None:
    campaign = with_rows(tmp_path, OWN)
    path = tmp_path / "b.xlsx"
    with xlsxwriter.Workbook(path) as book:
        page = Styles(book, campaign.brief).page("Influence")
        sheet = page.sheet
        sheet.write_string(0, 0, "Influence: what influencers add")
        sheet.write_row(3, 0, ["Assumption", "Used", "Turns at"])  # as the break-even is headed
        for row in range(4, 90):
            sheet.write_row(row, 0, ["Catalyst multiplier", 1.8, 2.2, "total", "12 %"])
        last = write_influence_table(page, campaign, 91)
        write_campaign_sheets(book, campaign, influence=False)
    assert last == 91 + 1 + len(PARAMETERS)
    again = read_campaign(path)
    assert again.influence == OWN
    assert not [notice for notice in again.notices if "Taken" in notice]
    table = [row for row in openpyxl.load_workbook(path)["Influence"].iter_rows(min_row=92, values_only=True)]
    assert table[0][:6] == ("Parameter", "Low", "Used", "High", "Taken", "Source")
    taken = {row[0]: row[4] for row in table[1:]}
    assert taken["Catalyst multiplier"] == 2.5
    assert taken["Expert multiplier"] == 2
    assert taken["Index shrinkage"] == "no"


def test_a_template_is_the_form_and_says_nothing(tmp_path: Path) -> None:
    write_template(tmp_path / "new.xlsx")
    rows = list(openpyxl.load_workbook(tmp_path / "new.xlsx")["Influence"].iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    assert [row[0] for row in rows[1:]] == [parameter.heading for parameter in PARAMETERS]
    assert all(row[2] is None and row[4] for row in rows[1:])


def test_the_example_has_figures_of_its_own(tmp_path: Path) -> None:
    write_example(tmp_path / "a.xlsx")
    rows = {row.parameter: row for row in read_campaign(tmp_path / "a.xlsx").influence}
    assert rows["brand_share"].used == 0.1
    assert all(row.source.startswith("invented") for row in rows.values())


# --- index shrinkage in a campaign -------------------------------------------------------------------


def sampled(tmp_path: Path, shrinks: bool = True) -> Campaign:
    """The made vehicle measured on 50 people, at 40 % catalysts."""
    campaign = with_rows(tmp_path, () if shrinks else (InfluenceRow(SHRINKAGE, 0.0),))
    vehicle = replace(campaign.vehicles[0], sample_size=50.0)
    return replace(
        campaign,
        vehicles=(vehicle, replace(vehicle, name="News", sample_size=None)),
        composition=(
            replace(campaign.composition[0], shares=(0.4,)),
            replace(campaign.composition[0], vehicle="News", shares=(0.4,)),
        ),
    )


def test_a_composition_on_a_sample_is_shrunk_and_both_figures_are_kept(tmp_path: Path) -> None:
    people = build_population(sampled(tmp_path))
    assert people.composition_given.ravel().tolist() == [0.4, 0.4]
    assert people.composition_used.ravel() == pytest.approx([0.25, 0.4])  # (50 * .4 + 50 * .1) / 100
    assert people.influencer_share == pytest.approx([0.25, 0.4])
    (note,) = people.shrinkage_notes
    assert "1 vehicle" in note
    assert "50 respondents" in note


def test_switched_off_nothing_is_shrunk(tmp_path: Path) -> None:
    people = build_population(sampled(tmp_path, shrinks=False))
    assert np.array_equal(people.composition_given, people.composition_used)
    assert people.shrinkage_notes == ()
