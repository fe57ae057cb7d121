"""Tables as CSV: the frames' figures in the reader's notation, and no text that a spreadsheet takes for a formula."""

import csv
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from planner.cli.commands import app
from planner.planning.audience_tables import audience_frame
from planner.planning.tables import plan_frame
from planner.report.csv import Notation, csv_text
from planner.report.plan.json_result import plan_tables
from planner.table import Column, Table, plain_table

PAYLOADS = (
    *(Path(__file__).parents[1] / "payloads.txt").read_text(encoding="utf-8").splitlines(),
    "\t=1+1", "\r=1+1", "\n@SUM(1)", 'a";=1+1;"', "＝1+1",
)  # fmt: skip


def read(text: str, delimiter: str = ",") -> list[list[str]]:
    assert text.startswith("\ufeff")
    return list(csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=delimiter))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_no_cell_begins_like_a_formula_and_every_text_is_one_cell(delimiter):
    table = plain_table("t", [{"=name": payload, "-2": -1.5, "@": ("=x", "y")} for payload in PAYLOADS])
    lines = read(csv_text(table, Notation(delimiter)), delimiter)
    assert lines[0] == ["'=name", "'-2", "'@"]
    assert len(lines) == len(PAYLOADS) + 1
    for payload, (name, figure, groups) in zip(PAYLOADS, lines[1:], strict=True):
        assert name[:1] not in ("=", "+", "-", "@", "\t", "\r", "\n", "＝")
        told = " ".join(payload.split())
        assert name in (told, f"'{told}")
        assert (figure, groups) == ("-1.5", "'=x; y")


def test_figures_are_written_without_thousands_and_with_the_decimal_asked_for():
    columns = ["share", "money", "insertions", "given", "note"]
    rows = [[0.1 + 0.2, 1234567.5, np.float64(7.0), True, ""], [np.nan, np.inf, 0, np.False_, None]]
    text = csv_text(Table("t", "", list(map(Column, columns)), rows), Notation(";", ","))
    assert text == (
        '\ufeff"share";"money";"insertions";"given";"note"\r\n0,3;1234567,5;7;"yes";\r\n;;0;"no";\r\n'
    )


def test_a_plans_tables_have_the_figures_of_its_frame(made_influenced, made_weeks):
    result = made_influenced()
    tables = {table.key: table for table in plan_tables(result)}
    assert next(iter(tables)) == "plan"
    assert "weeks" not in tables
    back = pd.read_csv(StringIO(csv_text(tables["plan"])), encoding="utf-8-sig")
    back.columns = [name.removeprefix("\ufeff").strip('"') for name in back.columns]
    assert back["vehicle"].tolist() == plan_frame(result)["vehicle"].tolist()
    assert back["cost"].to_numpy() == pytest.approx(plan_frame(result)["cost"].to_numpy(), rel=1e-11)
    everyone = result.audiences[0]
    assert tables["audiences"].records[0]["reach_3_plus_pct"] == pytest.approx(
        100 * everyone.reached_at_least(3)
    )
    weeks = next(table for table in plan_tables(made_weeks()) if table.key == "weeks")
    assert sum(sum(counts) for _, _, *counts in weeks.rows) == made_weeks().vehicles.insertions.sum()


def test_audiences_are_worked_out_once_and_the_frame_has_their_figures(made_result):
    result = made_result()
    frame = audience_frame(result)
    assert audience_frame(result) is frame
    for row, audience in zip(frame.itertuples(), result.audiences, strict=True):
        assert (row.audience, row.grp) == (audience.name, audience.grp)
        assert row.reach_pct == 100 * audience.reach_share
        assert row.at_least_pct[2] == pytest.approx(100 * audience.reached_at_least(3))
        assert audience.reached_at_least(99) is None


# --- the option ----------------------------------------------------------------------------------


@pytest.fixture
def rank(buyers_book, tmp_path):
    """Runs `planner rank` with options; gives the exit code and what was said."""
    path = buyers_book()

    def run(*options: str) -> tuple[int, str]:
        ended = CliRunner().invoke(app, ["rank", str(path), *options])
        return ended.exit_code, ended.output

    return run


def test_rank_writes_its_table_to_a_file_and_never_over_one(rank, tmp_path):
    path = tmp_path / "ranking.csv"
    code, said = rank("--csv", str(path), "--sort", "cpm", "--top", "2", "--csv-decimal", "comma")
    assert (code, said.splitlines()[-1]) == (0, f"The table ranking is in {path}.")
    lines = read(path.read_text(encoding="utf-8"), ";")
    assert lines[0][:2] == ["vehicle", "medium"]
    assert len(lines) == 3
    before = path.read_bytes()
    code, said = rank("--csv", str(path))
    assert code == 2
    assert "exists already" in said
    assert path.read_bytes() == before
    assert rank("--csv", str(path), "--force")[0] == 0
    assert path.read_bytes() != before


def test_rank_writes_its_table_into_a_folder(rank, tmp_path):
    folder = tmp_path / "tables"
    assert rank("--csv", str(folder))[0] == 0
    assert [path.name for path in folder.iterdir()] == ["ranking.csv"]
    code, said = rank("--csv", str(folder))
    assert code == 2
    assert "holds tables already" in said
    assert rank("--csv", str(folder), "--force")[0] == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--csv", "ranking.csv", "--csv-decimal", "comma", "--csv-delimiter", "comma"), "told apart"),
        (("--csv", "nowhere/tables"), "does not exist"),
        (("--csv", "campaign.xlsx"), "does not end in .csv"),
    ],
)
def test_a_table_that_cannot_be_written_is_refused_before_the_work(
    options, said, rank, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    code, told = rank(*options)
    assert code == 2
    assert said in told
    assert [path.name for path in tmp_path.iterdir()] == ["campaign.xlsx"]
