"""Two plans side by side in words, as JSON, as a sheet, and by the command."""

import json
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.comparing.pair import Pair
from planner.comparing.side_by_side import SideBySide
from planner.planning.evaluate import plan_figures
from planner.planning.results import RuleOutcome
from planner.report.comparing.compare_json import compare_json
from planner.report.comparing.compare_text import compare_table, sentences
from planner.workbook.figures.comparison import write_comparison
from planner.workbook.page.styles import unbroken
from planner.workbook.write import write_plan
from tests.planner.comparing.pairs import Maker, compared


def test_the_words_tell_money_vehicles_media_reach_and_worth(pair: SideBySide) -> None:
    told = sentences(pair)
    assert told[0] == "B costs $42,000, $7,500 (21.7 %) more than A with $34,500."
    assert told[1] == (
        "A buys 6 insertions in 3 vehicles, B 6 insertions in 3 vehicles. Only B buys Home News; only A buys Evening "
        "News. Changed from A to B: Morning News from 2 to 1."
    )
    assert told[2] == "Magazines has 40.5 % of the money in B, more than the 15.9 % in A."
    assert told[3].startswith("Of the target audience B reaches ")
    assert told[4].startswith("On their objective, influence, B is worth 2.80 % less than A (345.7 people")
    assert 3 <= len(told) <= 6


def test_a_plan_that_breaks_its_rules_is_said_to(made_result: Maker) -> None:
    broken = RuleOutcome("Brief!B6", "the plan costs at most USD 5", False, False, -1.0, "money")
    found = compared(made_result(), made_result(rules=(broken,)))
    assert sentences(found)[-1] == (
        "B breaks 1 rule of its own campaign: the plan costs at most USD 5, broken by $1 (Brief!B6)."
    )


def test_the_terminal_is_never_wider_than_a_hundred_columns(
    made_campaign: Maker, made_result: Maker, pair: SideBySide
) -> None:
    long = made_campaign(40, 5, names=("x" * 120,), campaign="y" * 200, budget=9e12)
    found = compared(made_result(long, audiences=9), made_result(made_campaign(30, 3, currency="CHF")))
    for text in (compare_table(pair), compare_table(found)):
        assert max(map(len, text.splitlines())) <= 100


def test_json_carries_every_figure_and_no_nan(pair: SideBySide) -> None:
    told = json.loads(json.dumps(compare_json(pair), allow_nan=False))
    assert told["schema"] == 1
    assert told["cost"] == {"a": 34_500, "b": 42_000, "difference": 7_500}
    assert told["vehicles"]["Morning News"]["insertions"] == {"a": 2, "b": 1, "difference": -1}
    assert told["media"]["TV"]["share_pct"]["a"] == pytest.approx(100 * 29_000 / 34_500)
    assert told["audiences"]["everyone"]["reach_pct"]["a"] == pytest.approx(
        100 * pair.plans[0].audiences[0].reach_share
    )
    assert told["not_comparable"] == {"money": [], "people": [], "value": []}
    assert told["a"]["insertions"] == {
        name: count
        for name, count in zip(
            [vehicle.name for vehicle in pair.plans[0].campaign.vehicles], (2, 1, 3, 0), strict=True
        )
        if count
    }
    assert told["campaign_differences"] == []


def test_the_sheet_tells_the_same_with_live_differences(pair: SideBySide, tmp_path: Path) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(pair, path)
    sheet, formulas = (
        openpyxl.load_workbook(path, data_only=True)["Compare"],
        openpyxl.load_workbook(path)["Compare"],
    )
    rows = {row[0].value: row for row in sheet.iter_rows() if row[0].value}
    assert [cell.value for cell in rows["Morning News"][2:8]] == [2, 1, -1, 8_000, 4_000, -4_000]
    assert [cell.value for cell in rows["All media"][2:5]] == [34_500, 42_000, 7_500]
    assert set(map(unbroken, sentences(pair))) <= set(rows)
    difference = formulas[rows["Morning News"][4].coordinate]
    assert re.fullmatch(r"=D(\d+)-C\1", difference.value)
    first = min(row[0].row for name, row in rows.items() if str(name).startswith("What differs"))
    assert first < rows["In words"][0].row


def test_no_title_ends_a_page_without_its_table(pair: SideBySide, tmp_path: Path) -> None:
    """On paper "In time, by month" stood at the end of a page, its table upon the next."""
    for times in range(1, 30):
        path = tmp_path / f"{times}.xlsx"
        write_comparison(replace(pair, media=pair.media * times, vehicles=pair.vehicles * 20), path)
        sheet = openpyxl.load_workbook(path)["Compare"]
        names = [cell.value for cell in sheet["A"]]
        tables = [
            names.index(head) for head in ("Audience", "Medium", "Vehicle")
        ]  # from 0: titles are a row above
        ends = [found.id for found in sheet.row_breaks.brk]  # rows after which a page ends, from 1
        assert ends
        assert not {end for end in ends for head in tables if head <= end <= head + 1}


def test_its_charts_have_titles_axis_names_and_units(pair: SideBySide, tmp_path: Path) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(pair, path)
    with zipfile.ZipFile(path) as archive:
        charts = sorted(name for name in archive.namelist() if "/charts/chart" in name)
        titles = [
            re.findall(r"<c:title>.*?</c:title>", archive.read(name).decode(), re.DOTALL) for name in charts
        ]
    words = [[re.sub(r"<[^>]*>", "", title) for title in found] for found in titles]
    assert words == [
        ["Reach by audience, plan A and plan B", "Audience", "People reached (% of the audience)"],
        ["Spend by medium, plan A and plan B", "Medium", "Spend (USD)"],
    ]


def test_spend_in_two_currencies_is_drawn_as_shares(
    made_campaign: Maker, made_result: Maker, tmp_path: Path
) -> None:
    path = tmp_path / "comparison.xlsx"
    write_comparison(
        compared(made_result(made_campaign(4)), made_result(made_campaign(4, currency="EUR"))), path
    )
    with zipfile.ZipFile(path) as archive:
        charts = "".join(
            archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name
        )
    assert "Share of the plan's spend (%)" in charts.replace("&#39;", "'").replace("&apos;", "'")
    assert "Spend (USD)" not in charts


# --- the command ------------------------------------------------------------------------------------


def planner(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner.cli.commands", *map(str, arguments)]
    root = Path(__file__).parents[3]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=root, check=False)


@pytest.fixture
def two_plans(made_campaign: Maker, tmp_path: Path) -> tuple[Path, Path]:
    """Two plans of one campaign, figures and all, without solving."""
    campaign = replace(made_campaign(4, target_audience="everyone"), rules=())
    paths = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path, insertions in zip(paths, ([2, 1, 3, 0], [1, 0, 3, 2]), strict=True):
        bought = np.array(insertions, float)
        write_plan(plan_figures(campaign, bought, bought), path)
    return paths


def test_compare_prints_writes_and_refuses_as_plan_does(two_plans: tuple[Path, Path], tmp_path: Path) -> None:
    a, b = two_plans
    output = tmp_path / "comparison.xlsx"
    done = planner("compare", a, b, "-o", output)
    assert done.returncode == 0, done.stderr
    assert "B costs $42,000, $7,500 (21.7 %) more than A with $34,500." in " ".join(done.stdout.split())
    assert openpyxl.load_workbook(output).sheetnames == ["Compare"]
    again = planner("compare", a, b, "-o", output)
    assert (again.returncode, "--force" in again.stderr) == (2, True)
    assert planner("compare", a, b, "-o", output, "--force", "--json").returncode == 0
    own = planner("compare", a, b, "-o", b, "--force")
    assert (own.returncode, "never written over" in own.stderr) == (2, True)
    odd = planner("compare", a, b, "-o", tmp_path / "comparison.pdf")
    assert (odd.returncode, ".xlsx" in odd.stderr) == (2, True)


def test_compare_as_json_is_what_the_figures_are(two_plans: tuple[Path, Path]) -> None:
    done = planner("compare", *two_plans, "--json")
    told = json.loads(done.stdout)
    assert told["cost"] == {"a": 34_500, "b": 42_000, "difference": 7_500}
    assert told["a"]["workbook"] == "a.xlsx"
    assert told["value"]["difference"] is not None


def test_an_edited_plan_is_compared_as_edited(two_plans: tuple[Path, Path]) -> None:
    a, _ = two_plans
    book = openpyxl.load_workbook(a)
    row = next(row for row in book["Plan"].iter_rows() if row[0].value == "Morning News")
    row[5].value = 5
    book.save(a)
    told = json.loads(planner("compare", *two_plans, "--json").stdout)
    assert told["a"]["edits"] == ["Morning News"]
    assert told["vehicles"]["Morning News"]["insertions"]["a"] == 5


def test_a_campaign_without_a_plan_is_asked_for_one(two_plans: tuple[Path, Path], tmp_path: Path) -> None:
    bare = tmp_path / "campaign.xlsx"
    assert planner("new", bare, "--example").returncode == 0
    done = planner("compare", two_plans[0], bare)
    assert done.returncode == 3
    assert "campaign.xlsx" in done.stderr
    assert "There is no sheet Plan" in done.stderr


def test_what_both_buy_alike_at_other_money_is_told_and_contacts_of_lines_by_the_thousand(
    pair: SideBySide, tmp_path: Path
) -> None:
    """A package may pay for what an edit did not touch: without its row the differences do not add up."""
    *changed, third = pair.vehicles
    first = replace(changed[-1], unit_000=100.0)  # 2 and 1 of it
    told = replace(pair, vehicles=(first, replace(third, cost=Pair(21_000.0, 20_000.0))))
    assert sum(vehicle.changed == 0 for vehicle in told.vehicles) == 1
    text = compare_table(told)
    assert f"For what both buy alike B pays $1,000 less: {third.name}." in " ".join(text.split())
    assert "left out" not in text
    assert re.search(r"200k imp\. +100k imp\. +-100k imp\.", text)
    write_comparison(told, tmp_path / "pair.xlsx")
    rows = openpyxl.load_workbook(tmp_path / "pair.xlsx")["Compare"].iter_rows()
    row = next(row for row in rows if row[0].value == first.name)
    assert (row[2].value, row[2].number_format) == (200_000, '"200k imp.";"200k imp."')
    other = replace(third, name="Other", cost=Pair(20_000.0, 21_000.0))
    even = compare_table(replace(told, vehicles=(*told.vehicles, other)))
    assert f"B pays as much in all, otherwise: {third.name}, Other." in " ".join(even.split())
    assert row[4].number_format == '"-100k imp.";"-100k imp."'  # one part alone would show --100k
