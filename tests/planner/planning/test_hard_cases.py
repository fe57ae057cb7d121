"""What reviewers broke once: each is a command line, as a planner would type it."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from models.errors import InfeasiblePlan
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import RuleRow
from planner.errors import WorkbookError
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.workbook.campaign.sheets import write_campaign_sheets

SAMPLES = Path(__file__).parents[3] / "sample_inputs"


def campaign(rules: tuple[RuleRow, ...] = (), **brief: object) -> Campaign:
    """Two programmes and a title of 10,000 thousand people; 100,000 to spend."""
    made = Brief(universe_000=10_000, budget=100_000, **brief)  # type: ignore[arg-type]
    vehicles = (
        VehicleRow("A", "TV", 10_000, 800, 4, genre="news"),
        VehicleRow("B", "TV", 8_000, 500, 4),
        VehicleRow("C", "Magazine", 6_000, 300, 4),
    )
    return Campaign(
        made, (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Magazine", 2.5, 0.6)), 1.35, vehicles, ("catalyst",),
        tuple(CompositionRow(v.name, (share,)) for v, share in zip(vehicles, (0.1, 0.08, 0.2), strict=True)), rules,
        cells={("Vehicles", "A", "maximum"): "Vehicles!F2"},
    )  # fmt: skip


def limit(applies_to: str, vehicles: tuple[str, ...], unit: str, least=None, most=None, cell="Rules!B2"):
    return RuleRow("rule", applies_to, vehicles, least, most, unit, cell=cell)


def test_a_gap_of_nothing_is_closed_in_a_moment():
    result = make_plan(campaign(), Options(gap=0.0, seconds=60, break_even=False))
    assert result.status == "optimal"
    assert result.gap <= 1e-9  # the solvers' own tolerance
    assert result.run.seconds["tailored plan"] < 60


def test_shares_that_only_a_plan_of_nothing_keeps_are_no_plan():
    rules = (
        limit("TV", ("A", "B"), "share", least=0.8),
        limit("Magazine", ("C",), "share", least=0.3, cell="Rules!B3"),
    )
    with pytest.raises(InfeasiblePlan, match="nothing that can be bought") as error:
        make_plan(campaign(rules), Options())
    assert [rule.split(":")[0] for rule in error.value.rules] == ["Rules!B2", "Rules!B3"]


def test_a_conflict_with_a_maximum_names_the_maximum():
    with pytest.raises(InfeasiblePlan) as error:
        make_plan(campaign((limit("news", ("A",), "insertions", least=9),)), Options())
    assert sorted(rule.split(": ")[0] for rule in error.value.rules) == ["Rules!B2", "Vehicles!F2"]


@pytest.mark.parametrize("brief", [{"target_audience": "catalyst and not catalyst"}, {}])
def test_where_nobody_counts_nothing_is_planned(brief):
    made = campaign(**brief)
    if not brief:
        made = replace(made, traits=(replace(made.traits[0], weight=0.0),),
                       brief=replace(made.brief, target_audience="catalyst"))  # fmt: skip
    with pytest.raises(WorkbookError) as error:
        prepare(made)
    assert "Nobody" in error.value.problems[0].text


def test_a_plan_that_breaks_rules_gets_no_praise():
    far_over = np.array([40.0, 0.0, 0.0])
    result = evaluate_plan(campaign(), far_over, far_over, Options())
    assert result.status == "broken"
    assert "cannot be compared" in result.influence.verdict
    assert not result.influence.in_short
    assert result.customers_first is None


def test_part_of_an_insertion_in_a_whole_campaign_is_told():
    half = np.array([1.5, 0.0, 0.0])
    result = evaluate_plan(campaign(), half, half, Options())
    assert any("Not whole" in notice and "A" in notice for notice in result.campaign.notices)


def test_without_time_the_bound_is_still_a_number():
    result = make_plan(campaign(), Options(seconds=0.05))
    assert np.isfinite(result.bound)
    assert result.bound >= result.value


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner.cli.commands", *arguments]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("option", ["--budget", "--time-limit", "--gap"])
def test_an_infinite_number_is_a_usage_error(option, tmp_path):
    done = run("plan", str(SAMPLES / "us_2016.xlsx"), "-o", "plan.xlsx", option, "inf", cwd=tmp_path)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


SAYS_WHEN_IT_SOLVES = """
import sys
import planner.planning.plan as planning
solve = planning.solve
def told(*arguments):
    print("solving", file=sys.stderr, flush=True)
    return solve(*arguments)
planning.solve = told
from planner.cli.commands import main
main()
"""


def test_an_interrupted_plan_ends_with_130_and_leaves_nothing(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-c", SAYS_WHEN_IT_SOLVES, "plan", str(SAMPLES / "spring_launch.xlsx"), "-o", "plan.xlsx"],
        cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    assert process.stderr.readline() == "solving\n"
    process.send_signal(signal.SIGINT)
    _, messages = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Interrupted." in messages
    assert list(tmp_path.iterdir()) == []


def test_the_least_conflict_is_told_on_the_command_line_with_exit_code_4(tmp_path):
    rules = (limit("TV", ("A", "B"), "share", least=0.8), limit("Magazine", ("C",), "share", least=0.3))
    with xlsxwriter.Workbook(str(tmp_path / "c.xlsx"), {"strings_to_formulas": False}) as book:
        write_campaign_sheets(book, campaign(rules))
    done = run("plan", "c.xlsx", cwd=tmp_path)
    assert done.returncode == 4, done.stderr
    assert "Rules!B3" in done.stderr
    assert not (tmp_path / "c-plan.xlsx").exists()
