"""What planner compare says and writes of several scenarios."""

import json
import os
import shutil
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner

from planner.campaign.prepare import prepare
from planner.cli.commands import app
from planner.errors import WorkbookError
from planner.planning.proof import parse_proof, solved_before
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan
from planner.workbook.template import write_example


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a campaign, a comparison of three budgets, its tables and plan workbooks, and what was printed."""
    folder = tmp_path_factory.mktemp("made")
    write_example(folder / "a.xlsx")
    done = compare_in(
        folder, "a.xlsx", "--budgets", "300k,350k,400k", "-o", "c.xlsx", "--csv", "tables", "--plans", "plans",
        "--csv-decimal", "comma", "--workers", "1", "--json",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    (folder / "told.json").write_text(done.stdout)
    return folder


def compare_in(folder: Path, *words: str) -> Any:
    """planner compare in a folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        return CliRunner().invoke(app, ["compare", *words])
    finally:
        os.chdir(before)


PLANS = [f"plans/0{place} Budget {budget},000.xlsx" for place, budget in ((1, 300), (2, 350), (3, 400))]


def test_budgets_of_the_command_line_are_scenarios_with_every_file_asked_for(made: Path) -> None:
    told = json.loads((made / "told.json").read_text())
    assert [row["name"] for row in told["scenarios"]] == [
        "Budget 300,000",
        "Budget 350,000",
        "Budget 400,000",
    ]
    assert told["base"] == "Budget 400,000"  # the campaign's own
    names = {"scenarios", "audiences", "insertions", "money", "changes", "pairs"}
    assert {path.stem for path in (made / "tables").iterdir()} == names
    head, first = (made / "tables" / "scenarios.csv").read_text("utf-8-sig").splitlines()[:2]
    assert (head.count(";"), first.count(";")) == (18, 18)
    assert not list(made.glob("*.journal"))
    assert (made / "c.xlsx").exists()


def test_a_scenario_alone_stands_beside_the_campaign_and_several_changes_are_named_by_their_values(
    made: Path,
) -> None:
    def names(*words: str) -> list[str]:
        told = json.loads(compare_in(made, "a.xlsx", *words, "--json", "--workers", "1").stdout)
        assert told["base"] == told["scenarios"][0]["name"]
        return [each["name"] for each in told["scenarios"]]

    assert names("--budgets", "-10%") == ["as the campaign stands", "Budget 360,000"]
    assert names("--budgets", "0.2m", "--objectives", "Reach,influence") == [
        "200,000, reach",
        "200,000, influence",
    ]


def test_the_plan_workbook_of_a_scenario_is_a_plan_of_its_campaign(made: Path) -> None:
    told = json.loads((made / "told.json").read_text())
    read, given = read_plan(made / PLANS[0])
    assert read.brief.budget == 300_000
    bought = {row.name: n for row, n in zip(read.vehicles, given.insertions, strict=True) if n}
    assert bought == told["scenarios"][0]["insertions"]
    assert solved_before(prepare(read), parse_proof(given.proof), 1e-3) is not None  # nothing is solved again
    assert read.scenarios == ()


def test_what_stands_there_is_not_overwritten(made: Path) -> None:
    for words in (("-o", "c.xlsx"), ("--plans", "plans"), ("--csv", "tables")):
        again = compare_in(made, "a.xlsx", "--budgets", "300k,350k,400k", *words)
        assert again.exit_code == 2
        assert "overwrite" in again.output


def test_three_finished_plans_are_set_side_by_side(made: Path) -> None:
    done = compare_in(made, *PLANS, "--json", "--workers", "1")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [row["name"] for row in told["scenarios"]] == [Path(name).name for name in PLANS]
    assert {row["status"] for row in told["scenarios"]} == {"fixed"}
    assert len(told["pairs"]) == 3


def test_two_finished_plans_keep_their_own_keys(made: Path) -> None:
    told = json.loads(compare_in(made, *PLANS[:2], "--json", "--csv", "pair.csv").stdout)
    assert {"a", "b", "status", "vehicles", "media", "audiences", "sentences"} <= set(told)
    assert len((made / "pair.csv").read_text("utf-8-sig").splitlines()) == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((PLANS[0], PLANS[1], PLANS[0]), "is named twice"),
        ((*PLANS[:2], "--plans", "again"), "finished plans have their workbooks already"),
        ((*PLANS, "--plans", "again"), "finished plans have their workbooks already"),
    ],
)
def test_finished_plans_are_named_once_and_not_written_again(
    made: Path, words: Sequence[str], said: str
) -> None:
    done = compare_in(made, *words)
    assert done.exit_code == 2
    assert said in done.output
    assert not (made / "again").exists()


def with_scenarios(folder: Path, *rows: list[object]) -> str:
    book = openpyxl.load_workbook(folder / "a.xlsx")
    for row in rows:
        book["Scenarios"].append(row)
    book.save(folder / "b.xlsx")
    return "b.xlsx"


def test_a_plan_workbook_is_a_fixed_scenario(made: Path) -> None:
    shutil.copy(made / PLANS[2], made / "p.xlsx")
    name = with_scenarios(made, ["now", "x", "best"], ["as planned", None, "fixed", "p.xlsx"])
    now, planned = json.loads(compare_in(made, name, "--json", "--workers", "1").stdout)["scenarios"]
    assert planned["status"] == "fixed"
    assert planned["base_value"] == pytest.approx(
        now["base_value"], rel=1e-3
    )  # both within the gap of the best


def test_one_amount_written_in_two_ways_is_one_scenario_too_many(made: Path) -> None:
    done = compare_in(made, with_scenarios(made, ["b", None, None, None, "300k; 0.3m"]))
    assert isinstance(done.exception, WorkbookError)
    (problem,) = done.exception.problems
    assert problem.cell == "Scenarios!A2"
    assert "write each value once" in problem.text


def test_a_goal_that_cannot_be_met_is_said_at_the_scenarios_own_cell(made: Path) -> None:
    book = openpyxl.load_workbook(made / "a.xlsx")
    sheet = book["Scenarios"]
    sheet["E1"] = "Goal: everyone reach %"
    sheet.append(["all", None, "cheapest", None, "99 %"])
    book.save(made / "g.xlsx")
    told = json.loads(compare_in(made, "g.xlsx", "--json", "--workers", "1").stdout)
    assert "Scenarios!E2: everyone: at least 99 %" in told["scenarios"][0]["reason"]


def test_a_plan_that_is_not_there_is_said_at_its_cell_also_by_check(made: Path) -> None:
    name = with_scenarios(made, ["now", "x", "best"], ["gone", None, "fixed", "none.xlsx"])
    done = compare_in(made, name)
    assert isinstance(done.exception, WorkbookError)
    (problem,) = done.exception.problems
    assert problem.cell == "Scenarios!D3"
    assert "is no file in the folder" in problem.text
    checked = CliRunner().invoke(app, ["check", str(made / name)])
    assert isinstance(checked.exception, WorkbookError)


def test_a_plan_that_is_not_there_is_said_beside_other_problems_of_the_sheet(made: Path) -> None:
    name = with_scenarios(made, ["now", "x", "dearest"], ["gone", None, "fixed", "none.xlsx"])
    done = compare_in(made, name)
    assert isinstance(done.exception, WorkbookError)
    told = {problem.cell: problem.text for problem in done.exception.problems}
    assert "is no file in the folder" in told["Scenarios!D3"]
    assert len(told) > 1


def test_a_plan_is_made_with_scenarios_and_keeps_them(made: Path) -> None:
    name = with_scenarios(made, ["half", None, None, None, "200k"])
    options = ["-o", str(made / "q.xlsx"), "--no-break-even", "--quiet"]
    assert CliRunner().invoke(app, ["plan", str(made / name), *options]).exit_code == 0
    assert [each.name for each in read_campaign(made / "q.xlsx").scenarios] == ["half"]
    assert read_campaign(made / "q.xlsx").brief.budget == 400_000


def test_a_campaign_without_scenarios_is_told_what_to_fill_or_type(made: Path) -> None:
    done = compare_in(made, "a.xlsx")
    assert done.exit_code == 2
    assert "Fill in its sheet Scenarios" in done.output
    assert "--budgets 4m,6m,8m" in done.output


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--budgets", "400,000"), "are these thousands"),
        (("--budgets", "4m,,6m"), "has a blank or the same value twice"),
        (("--budgets", "300k,0.3m"), "has the same amount twice"),
        (("--budgets", "300k,400k", "--journal", "a.xlsx"), "is no journal"),
        (("--budgets", "rich"), "expected an amount of money"),
        (("--objectives", "glory"), "is not one of influence, reach"),
        (("--influence", "mild"), "is not one of sceptical, moderate, industry"),
        (("--budgets", "4m,5m", "--cluster", "nowhere", "--workers", "1"), "No Dask scheduler answers"),
    ],
)
def test_what_is_typed_wrongly_is_refused(made: Path, words: Sequence[str], said: str) -> None:
    done = compare_in(made, "a.xlsx", *words)
    assert done.exit_code != 0
    assert said in done.output + str(done.exception)


def test_two_plans_compared_quietly_say_where_the_comparison_is(made: Path) -> None:
    done = compare_in(made, PLANS[0], PLANS[1], "-o", "quiet.xlsx", "--quiet")
    assert (done.exit_code, done.stdout) == (0, "")
    assert done.stderr == "The comparison is in quiet.xlsx.\n"


def test_of_budgets_none_of_which_the_campaign_states_the_base_is_the_first_that_has_a_plan(
    buyers_book: Callable[..., Path],
) -> None:
    """50 buys one insertion of Drive, which reaches 4 %."""
    path = buyers_book({"Goals": [["everyone", "reach", "20 %", None]]})
    run = partial(compare_in, path.parent, path.name, "--workers", "1", "--json")
    assert json.loads(run("--budgets", "50;4k;6k").stdout)["base"] == "Budget 4,000"
    assert json.loads(run("--budgets", "50;5k;6k").stdout)["base"] == "Budget 5,000"  # the campaign's own
    assert json.loads(run("--budgets", "50;60").stdout)["base"] == "Budget 50"
    told = " ".join(
        compare_in(path.parent, path.name, "--workers", "1", "--budgets", "50;4k;6k").stdout.split()
    )
    assert "Budget 4,000 is the base, the first that has a plan: Budget 50 has none." in told
