"""The sample campaigns: rebuilt from their facts, sourced throughout, and readable."""

import csv
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

SAMPLES = Path(__file__).parents[2] / "sample_inputs"
NAMES = ("us_2016", "us_2016_unquoted", "us_2016_types", "spring_launch")
SHEETS = ["Brief", "Traits", "Overlaps", "Audiences", "Media", "Vehicles", "Composition", "Rules"]
QUALITY_PAPERS = {"The New York Times", "The Wall Street Journal", "The Washington Post"}
SURVEY_COLUMNS = {
    "catalyst [%]": "catalyst_pct",
    "other persuader [%]": "persuader_not_daily_pct",
    "graduate [%]": "college_pct",
    "age 18-34 [%]": "age_18_34_pct",
    "age 35-54 [%]": "age_35_54_pct",
    "age 55+ [%]": "age_55_plus_pct",
}


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every value of a workbook, by sheet."""
    book = openpyxl.load_workbook(path)
    return {page.title: list(page.iter_rows(values_only=True)) for page in book.worksheets}


def table(name: str, sheet: str) -> list[dict[str, Any]]:
    """The rows of a sheet by heading."""
    head, *rows = cells(SAMPLES / f"{name}.xlsx")[sheet]
    return [dict(zip(head, row, strict=True)) for row in rows]


def facts(name: str) -> list[dict[str, str]]:
    """The rows of a file of facts."""
    with (SAMPLES / "facts" / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders with the samples built anew."""
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")]
    for folder in folders:
        subprocess.run([sys.executable, str(SAMPLES / "build.py"), "--to", str(folder)], check=True)
    return folders


@pytest.mark.parametrize("name", NAMES)
def test_rebuilding_a_sample_gives_the_committed_values_cell_by_cell(name: str, rebuilt: list[Path]) -> None:
    assert cells(rebuilt[0] / f"{name}.xlsx") == cells(SAMPLES / f"{name}.xlsx")


@pytest.mark.parametrize("name", NAMES)
def test_rebuilding_a_sample_twice_gives_the_same_bytes(name: str, rebuilt: list[Path]) -> None:
    first, second = ((folder / f"{name}.xlsx").read_bytes() for folder in rebuilt)
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_has_the_sheets_of_a_campaign_and_one_of_notes(name: str) -> None:
    more = {"spring_launch": ["Influence"], "us_2016_types": ["Types"]}.get(name, [])
    sheets = [*SHEETS[:-1], *more, SHEETS[-1]]
    notes = "Notes" if name == "spring_launch" else "Sources"
    assert list(cells(SAMPLES / f"{name}.xlsx")) == [*sheets, notes]


@pytest.mark.parametrize("name", NAMES)
def test_every_vehicle_has_a_basis_and_says_where_price_audience_and_composition_come_from(name: str) -> None:
    for row in table(name, "Vehicles"):
        assert row["Basis (published / estimate)"] in ("published", "estimate"), row["Vehicle"]
        assert row["Audience base"], row["Vehicle"]
        for part in ("price", "audience|readers", "composition"):
            assert re.search(part, row["Source"]), (row["Vehicle"], part)


@pytest.mark.parametrize("name", NAMES)
def test_every_vehicle_has_a_composition(name: str) -> None:
    vehicles = [row["Vehicle"] for row in table(name, "Vehicles")]
    compositions = table(name, "Composition")
    assert vehicles == [row["Vehicle"] for row in compositions]
    assert len(set(vehicles)) == len(vehicles)
    assert all(value is not None for row in compositions for value in row.values())


@pytest.mark.parametrize("name", ["us_2016", "us_2016_unquoted"])
def test_surveyed_compositions_and_sample_sizes_are_those_of_the_facts(name: str) -> None:
    survey = {row["vehicle"]: row for row in facts("us_2016_compositions.csv")}
    asked = {row["vehicle"]: survey[row["survey"]] for row in facts("us_2016_vehicles.csv")}
    for row in table(name, "Composition"):
        for heading, column in SURVEY_COLUMNS.items():
            assert row[heading] == float(asked[row["Vehicle"]][column]), (row["Vehicle"], heading)
    for row in table(name, "Vehicles"):
        assert row["Sample size"] == int(asked[row["Vehicle"]]["respondents"])
        assert row["Sample size"] >= 100 or row["Vehicle"] == "The Washington Post"


def test_published_prices_and_audiences_are_those_of_the_facts() -> None:
    rates = {row["vehicle"]: row for row in facts("spring_vehicles.csv")}
    sample = table("spring_launch", "Vehicles")
    assert len(sample) == len(rates) == 85
    for row in sample:
        assert row["Unit cost"] == float(rates[row["Vehicle"]]["unit_cost_usd"])
        assert row["Audience (000)"] == float(rates[row["Vehicle"]]["audience_000"])


def test_a_quality_paper_costs_as_much_per_thousand_readers_as_usa_today() -> None:
    rows = {row["Vehicle"]: row for row in table("us_2016", "Vehicles")}
    per_thousand = {name: row["Unit cost"] / row["Audience (000)"] for name, row in rows.items()}
    assert per_thousand["USA Today"] == pytest.approx(199_000 / 3_700)
    for name in QUALITY_PAPERS:
        assert per_thousand[name] == pytest.approx(per_thousand["USA Today"], rel=1e-3)
        assert rows[name]["Basis (published / estimate)"] == "estimate"


def test_the_unquoted_sample_differs_only_in_what_it_says_of_the_quality_papers() -> None:
    quoted, unquoted = (table(name, "Vehicles") for name in ("us_2016", "us_2016_unquoted"))
    for with_price, without in zip(quoted, unquoted, strict=True):
        changed = {heading for heading in with_price if with_price[heading] != without[heading]}
        if with_price["Vehicle"] in QUALITY_PAPERS:
            assert without["Unit cost"] == "?"
            assert changed == {"Unit cost", "Source"}
        else:
            assert not changed


def test_endemic_titles_and_only_they_have_the_endemic_index() -> None:
    food = {
        row["Vehicle"] for row in table("spring_launch", "Composition") if row["expert: food [index]"] == 170
    }
    assert food == {"Gourmet"}


def test_the_client_of_spring_launch_knows_its_share_of_talk_and_us_2016_leaves_all_to_the_preset() -> None:
    parse = pytest.importorskip("planner.workbook.campaign.parse")
    (row,) = parse.read_campaign(SAMPLES / "spring_launch.xlsx").influence
    assert (row.parameter, row.low, row.used, row.high) == ("brand_share", None, 0.1, 0.15)
    assert parse.read_campaign(SAMPLES / "us_2016.xlsx").influence == ()


def test_women_and_men_make_up_every_audience() -> None:
    for row in table("spring_launch", "Composition"):
        assert row["women [%]"] + row["men [%]"] == pytest.approx(100)


def test_no_respondent_is_among_the_facts() -> None:
    # A respondent file has a row per person, and its columns caseid and weight_post.
    for path in (SAMPLES / "facts").iterdir():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert len(lines) < 100, path.name
        assert not re.search("caseid|weight", lines[0]), path.name


@pytest.mark.parametrize("name", NAMES)
def test_no_text_of_a_sample_is_a_formula(name: str) -> None:
    book = openpyxl.load_workbook(SAMPLES / f"{name}.xlsx")
    assert all(cell.data_type != "f" for page in book.worksheets for row in page.iter_rows() for cell in row)


def test_the_types_are_those_of_the_facts_and_every_vehicle_and_trait_has_a_row() -> None:
    fitted = {row["row"]: row for row in facts("us_2016_types.csv")}
    surveyed = {row["vehicle"]: row["survey"] for row in facts("us_2016_vehicles.csv")}
    rows, types = table("us_2016_types", "Types"), list(fitted["ALL ADULTS"])[1:]
    assert [row["Vehicle"] for row in rows[7:]] == list(surveyed)
    for row in rows:
        label = row["Vehicle"]
        name = "ALL ADULTS" if label == "share of the universe" else surveyed.get(label, label)
        assert [row[kind] for kind in types] == [float(fitted[name][kind]) for kind in types]
        assert sum(row[kind] for kind in types) == pytest.approx(100, abs=0.01)


def test_the_sample_with_types_differs_in_nothing_else() -> None:
    plain, typed = (cells(SAMPLES / f"{name}.xlsx") for name in ("us_2016", "us_2016_types"))
    assert {sheet for sheet in typed if typed[sheet] != plain.get(sheet)} == {"Brief", "Types"}


@pytest.mark.parametrize(
    ("name", "vehicles", "traits"),
    [("us_2016", 39, 6), ("us_2016_unquoted", 39, 6), ("us_2016_types", 39, 6), ("spring_launch", 85, 8)],
)
def test_the_reader_finds_no_problem_in_a_sample(name: str, vehicles: int, traits: int) -> None:
    parse = pytest.importorskip("planner.workbook.campaign.parse")
    campaign = parse.read_campaign(SAMPLES / f"{name}.xlsx")
    assert len(campaign.vehicles) == vehicles
    assert len(campaign.traits) == traits
    assert not [notice for notice in campaign.notices if "Vehicles" in notice]


def test_the_build_script_needs_nothing_outside_its_folder() -> None:
    for script in SAMPLES.glob("*.py"):
        assert "shared" not in script.read_text(encoding="utf-8"), script.name
