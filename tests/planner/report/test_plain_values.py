"""What the commands print as JSON is plain Python, under every kind of rule; a fault is one line."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter

from planner.campaign.calendar import Calendar
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow, RuleRow
from planner.cli import commands as cli
from planner.cli.shared import terminal
from planner.workbook.campaign.sheets import write_campaign_sheets

ALL = ("A", "B", "C", "D")


def ruled(**brief: object) -> Campaign:
    """Four vehicles under a rule of every kind; D, with a smallest buy, is too dear to be bought."""
    vehicles = (
        VehicleRow("A", "TV", 10_000, 800, 4, genre="news", fixed_cost=500),
        VehicleRow("B", "TV", 8_000, 500, 4, minimum=1),
        VehicleRow("C", "Magazine", 6_000, 300, 4, must_buy=True),
        VehicleRow("D", "Magazine", 40_000, 200, 4, smallest_buy=3),
    )
    rules = (
        RuleRow("money", "TV", ("A", "B"), 1_000, 60_000, "money"),
        RuleRow("share", "Magazine", ("C", "D"), 0.05, 0.7, "share"),
        RuleRow("insertions", "TV", ("A", "B"), 1, 7, "insertions"),
        RuleRow("grp", "TV", ("A", "B"), 1, 90, "grp"),
        RuleRow("vehicles", "Magazine", ("C", "D"), None, 1, "vehicles"),
        RuleRow("ratio", "TV", ("A", "B"), 0.5, None, "ratio", of="insertions", base="Magazine",
                base_vehicles=("C", "D")),
    )  # fmt: skip
    goals = (
        GoalRow("everyone", "reach", 0.05), GoalRow("everyone", "average frequency", None, 3.0),
        GoalRow("everyone", "grp", 10.0, 90.0), GoalRow("everyone", "effective reach", 0.001, None, 2),
    )  # fmt: skip
    return Campaign(
        Brief(universe_000=10_000, budget=60_000, start=date(2027, 3, 1), weeks=4, flighting="even", **brief),  # type: ignore[arg-type]
        (TraitRow("catalyst", "catalyst", 0.1), TraitRow("buyer", "customer", 0.2)), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Magazine", 2.5, 0.6)), 1.35, vehicles, ("catalyst", "buyer"),
        tuple(CompositionRow(row.name, (0.1, 0.2)) for row in vehicles), rules, goals=goals,
        discounts=(DiscountRow("B", ("B",), "insertions", 2, 0.1),),
        packages=(PackageRow("P", ("A", "C"), (1.0, 1.0), 15_000),),
        calendar=Calendar(("W1", "W2", "W3", "W4"), (None,) * 4),
    )  # fmt: skip


def written(campaign: Campaign, path: Path) -> str:
    book = xlsxwriter.Workbook(str(path))
    write_campaign_sheets(book, campaign)
    book.close()
    return str(path)


def command(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["planner", *words])
    with pytest.raises(SystemExit) as left:
        cli.main()
    return int(left.value.code or 0)


def not_plain(value: object, at: str = "") -> list[str]:
    """Where a value is of another type than JSON's own."""
    if isinstance(value, dict):
        return [found for key, each in value.items() for found in not_plain(each, f"{at}.{key}")]
    if isinstance(value, list | tuple):
        return [found for n, each in enumerate(value) for found in not_plain(each, f"{at}[{n}]")]
    return [] if value is None or type(value) in (bool, int, float, str) else [f"{at}: {type(value)}"]


def test_not_plain_finds_a_numpy_value() -> None:
    assert not_plain({"a": [1, {"b": np.bool_(True)}]}) == [".a[1].b: <class 'numpy.bool'>"]


@pytest.mark.parametrize("name", ["plan", "evaluate", "explain", "compare", "panel", "check", "rank"])
def test_every_value_a_command_prints_as_json_is_plain(name, tmp_path, monkeypatch, capsys) -> None:
    given: list[object] = []
    monkeypatch.setattr(terminal, "print_json", given.append)
    book = written(ruled(), tmp_path / "ruled.xlsx")
    plan = str(tmp_path / "plan.xlsx")
    if name != "plan":
        assert command(monkeypatch, "plan", book, "--output", plan, "--quiet") == 0
    words = {
        "plan": (book, "--output", plan), "evaluate": (plan,), "explain": (plan, "--time-limit", "20"),
        "compare": (plan, plan), "panel": (plan,), "check": (book,), "rank": (book,),
    }[name]  # fmt: skip
    assert command(monkeypatch, name, *words, "--json") == 0, capsys.readouterr().err
    assert given
    assert not_plain(given[0]) == []


def test_a_smallest_buy_of_what_is_not_bought_is_printed(tmp_path, monkeypatch, capsys) -> None:
    book = written(ruled(), tmp_path / "ruled.xlsx")
    assert command(monkeypatch, "plan", book, "--output", str(tmp_path / "plan.xlsx"), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert "D" not in told["insertions"]
    rule = next(rule for rule in told["rules"] if rule["text"].startswith("D: at least 3"))
    assert rule["holds"] is True


def test_an_unforeseen_error_is_one_line_and_its_details_are_kept(tmp_path, monkeypatch, capsys) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ZeroDivisionError("nobody foresaw this")

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setattr("planner.planning.plan.make_plan", fails)
    monkeypatch.setattr("planner.workbook.campaign.parse.read_campaign", fails)
    book = written(ruled(), tmp_path / "ruled.xlsx")
    assert command(monkeypatch, "plan", book, "--output", str(tmp_path / "plan.xlsx")) == 1
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    (kept,) = tmp_path.glob("planner-fault-*.txt")
    assert "a fault of the program" in said.err
    details = kept.read_text(encoding="utf-8")
    assert "ZeroDivisionError" in details
    assert "nobody foresaw this" not in details  # a message may hold what stands in cells
