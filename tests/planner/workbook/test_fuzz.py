"""Spoiled workbooks: none crashes the reader, and no cell of one is passed over or guessed in silence."""

from pathlib import Path

import openpyxl
import pytest

ROOT = Path(__file__).parents[3]
COUNT, PIECES = 300, 4


@pytest.fixture(autouse=True)
def from_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(ROOT))


@pytest.mark.parametrize("piece", range(PIECES))
def test_no_spoiled_workbook_crashes_the_reader_or_is_read_in_silence(piece: int) -> None:
    from benchmarks.fuzz import run

    count = COUNT // PIECES
    tally = run(1_000_000 + piece * count, count, planned=0.0, only=("example", "us_2016"))
    assert tally.wrong == []
    assert tally.counts["read"] + tally.counts["refused"] == count
    assert tally.counts["read"] >= count // 10  # the account was held against some
    assert tally.counts["refused"] >= count // 10


def test_the_account_finds_what_a_reader_would_pass_over_or_guess(tmp_path: Path) -> None:
    """The account is itself held against a campaign that does not say all, and one that says something else."""
    from dataclasses import replace

    from benchmarks.fuzz_account import Account, raw_cells
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.template import write_example

    path = tmp_path / "example.xlsx"
    write_example(path)
    book = openpyxl.load_workbook(path)
    book["Rules"]["J3"] = 20_000
    book.save(path)
    cells = raw_cells(path.read_bytes())
    book["Rules"]["J3"] = None
    book["Brief"]["H40"] = "remark"
    book.save(path)
    campaign = read_campaign(path)
    (passed_over,) = Account(campaign).unspoken(cells)
    assert (passed_over[0].sheet, passed_over[0].place) == ("Rules", "J3")
    cells = [cell for cell in cells if cell.place != "J3"]
    guessed = replace(campaign, brief=replace(campaign.brief, budget=4_000_000.0))
    (wrong,) = Account(guessed).unspoken(cells)
    assert wrong[0].sheet == "Brief"
    assert wrong[1] == "was read as 4000000.0"
