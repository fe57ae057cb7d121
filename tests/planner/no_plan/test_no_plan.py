"""When no plan satisfies the campaign: exit code 4, why, and the cheapest ways out, with their cells."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xlsxwriter

from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import GoalRow, PackageRow, RuleRow
from planner.cli.commands import main
from planner.errors import Change, Explanation, NoPlan, Problem
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.why.infeasible import infeasible_text
from planner.workbook.campaign.sheets import write_campaign_sheets

QUICK = Options(break_even=False)


def campaign(
    rules: tuple[RuleRow, ...] = (), budget: float = 100_000, **vehicles: dict[str, Any]
) -> Campaign:
    """A and B on TV at 10,000 and 8,000, C a magazine at 6,000, at most 4 of each; `vehicles` changes theirs."""
    rows = (
        VehicleRow("A", "TV", 10_000, 800, 4, genre="news"), VehicleRow("B", "TV", 8_000, 500, 4),
        VehicleRow("C", "Magazine", 6_000, 300, 4),
    )  # fmt: skip
    return Campaign(
        Brief(universe_000=10_000, budget=budget, currency="EUR"),
        (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Magazine", 2.5, 0.6)), 1.35,
        tuple(replace(row, **vehicles.get(row.name, {})) for row in rows), ("catalyst",),
        tuple(CompositionRow(row.name, (0.1,)) for row in rows), rules,
    )  # fmt: skip


def rule(
    applies_to: str, unit: str, least: float | None = None, most: float | None = None, cell: str = "Rules!B2"
):
    members = {"TV": ("A", "B"), "Magazine": ("C",), "news": ("A",), "all": ("A", "B", "C")}[applies_to]
    return RuleRow(f"rule {cell}", applies_to, members, least, most, unit, cell=cell)


class Told:
    """What the command line said."""

    def __init__(self, code: int, out: str, messages: str) -> None:
        self.code, self.messages = code, messages
        self.json: dict[str, Any] = json.loads(out) if out.strip() else {}

    def conflict(self) -> list[tuple[str, str]]:
        return [(line["cell"], line["text"]) for line in self.json["conflict"]]

    def changes(self, which: str = "relaxations") -> dict[str, tuple[float | None, str]]:
        return {line["cell"]: (line["change"], line["unit"]) for line in self.json[which]}


@pytest.fixture(name="plan")
def plan_fixture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """Writes a campaign's workbook, plans it on the command line, and sees that nothing is written."""

    def plan(made: Campaign, *options: str) -> Told:
        monkeypatch.chdir(tmp_path)
        with xlsxwriter.Workbook("c.xlsx", {"strings_to_formulas": False}) as book:
            write_campaign_sheets(book, made)
        monkeypatch.setattr(sys, "argv", ["planner", "plan", "c.xlsx", "--json", *options])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert [path.name for path in tmp_path.iterdir()] == ["c.xlsx"]
        return Told(int(ended.value.code or 0), said.out, said.err)

    return plan


def test_shares_that_add_up_to_more_than_everything(plan):
    """Magazines at 30 %: C four times is 24,000, TV at most 56,000 (4 A, 2 B): 70 %. TV at 80 %: 72,000 is all of
    it, and 3 C at 18,000 are 20 %."""
    told = plan(campaign((rule("TV", "share", 0.8), rule("Magazine", "share", 0.3, cell="Rules!B3"))))
    assert told.code == 4
    assert told.conflict() == [
        ("Rules!B2", "TV: at least 80 % of spend"), ("Rules!B3", "Magazine: at least 30 % of spend"),
    ]  # fmt: skip
    points = "percentage points"
    assert told.changes() == {"Rules!B2": (-10.0, points), "Rules!B3": (-10.0, points)}
    assert told.changes("overall") == {"Rules!B2": (-10.0, points)}
    assert told.json["status"] == "infeasible"
    assert (told.json["proven"], told.json["minimal"], told.json["complete"]) == (True, True, True)
    assert told.messages.splitlines() == [
        "These rules together leave nothing that can be bought.",
        "  Rules!B2  TV: at least 80 % of spend",
        "  Rules!B3  Magazine: at least 30 % of spend",
        "Any one of these changes is enough, the cheapest first:",
        "  Rules!B2  TV: at least 70 % of spend (10 points less)",
        "  Rules!B3  Magazine: at least 20 % of spend (10 points less)",
    ]


def test_must_buys_that_cost_more_than_there_is(plan):
    """10,000 + 8,000 + 6,000 of 20,000: 4,000 more, or any one of them less."""
    must = {name: {"must_buy": True} for name in "ABC"}
    told = plan(campaign(budget=20_000, **must))
    assert told.code == 4
    assert "add up to €24,000; the budget is €20,000 (Brief!" in told.messages
    budget, *bought = (cell for cell, _ in told.conflict())
    assert budget.startswith("Brief!")
    assert len(set(bought)) == 3
    assert told.changes() == {budget: (4_000, "money"), **{cell: (-1, "insertions") for cell in bought}}
    assert "A: drop the must-buy" in told.messages
    assert "the plan costs at most €24,000 (€4,000 more)" in told.messages


def test_what_the_sentence_adds_up_is_what_is_listed_though_another_rule_conflicts_too(plan):
    """Three must-buys of 24,000 in a budget of 20,000; that a rule allows two insertions is another matter."""
    must = {name: {"must_buy": True} for name in "ABC"}
    told = plan(campaign((rule("all", "insertions", most=2),), budget=20_000, **must))
    assert "add up to €24,000; the budget is €20,000 (Brief!" in told.messages
    budget, *bought = (cell for cell, _ in told.conflict())
    assert budget.startswith("Brief!")
    assert [cell.split("!")[0] for cell in bought] == ["Vehicles"] * 3


def test_dropping_a_lock_is_dropping_the_whole_of_it(plan):
    """10,000 of A is more than 30 % of 18,000; without the lock B and C can be bought."""
    told = plan(campaign((rule("news", "share", most=0.3),), budget=18_000, A={"locked": 1.0}))
    assert "A: locked at 1 insertion" in [text for _, text in told.conflict()]
    assert "drop it (A: locked at 1 insertion)" in told.messages
    free = campaign((rule("news", "share", most=0.3),), budget=18_000)
    assert make_plan(free, QUICK).status == "optimal"


def test_a_budget_of_nothing_buys_a_package_that_is_free():
    free = replace(campaign(budget=0), packages=(PackageRow("P", ("A",), (2.0,), 0.0),))
    result = make_plan(free, QUICK)
    assert (result.vehicles.insertions.tolist(), result.cost) == ([2, 0, 0], 0)


def test_a_budget_of_nothing_conflicts_with_buying_anything(plan):
    told = plan(campaign(budget=0))
    assert told.code == 4
    assert [text for _, text in told.conflict()] == ["the plan costs at most €0"]
    assert "is 0 and buys nothing: the least that can be bought is C at €6,000." in told.messages
    assert "the plan costs at most €6,000 (€6,000 more)" in told.messages


def test_a_locked_number_is_told_once(plan):
    told = plan(campaign(budget=25_000, A={"locked": 3.0}))
    (budget, _), (cell, text) = told.conflict()
    assert text == "A: locked at 3 insertions"
    assert told.changes() == {budget: (5_000, "money"), cell: (-1, "insertions")}
    assert "A: locked at 2 (1 insertion fewer)" in told.messages


def test_more_than_is_on_offer_names_what_limits_the_offer(plan):
    """Nine of A where four are to be had: five fewer, or five more, 90,000 of 100,000."""
    told = plan(campaign((rule("news", "insertions", 9),)))
    assert "news: at least 9 insertions (Rules!B2), but everything on offer gives 4." in told.messages
    (cell, text), (own, _) = told.conflict()
    assert text == "A: at most 4 insertions (maximum)"
    assert own == "Rules!B2"
    assert told.changes() == {cell: (5, "insertions"), "Rules!B2": (-5, "insertions")}


def test_a_conflict_of_whole_numbers_only(plan):
    """TV for 11,000 to 15,000, where it costs 8,000, 10,000, 16,000, ..."""
    rules = (rule("TV", "money", 11_000, 15_000),)
    told = plan(campaign(rules))
    assert told.messages.startswith("No plan satisfies the campaign: these cannot all hold.")
    assert [text for _, text in told.conflict()] == ["TV: at least €11,000", "TV: at most €15,000"]
    assert sorted((c["change"], c["unit"]) for c in told.json["relaxations"]) == [
        (-1_000, "money"),
        (1_000, "money"),
    ]
    assert (
        make_plan(replace(campaign(rules), brief=replace(campaign().brief, whole=False)), QUICK).status
        == "optimal"
    )


def test_several_conflicts_are_mended_together(plan):
    """Nine of A, six of C, four of each to be had."""
    rules = (rule("news", "insertions", 9), rule("Magazine", "insertions", 6, cell="Rules!B3"))
    told = plan(campaign(rules, budget=500_000))
    assert told.json["further_conflicts"]
    assert told.json["relaxations"] == []
    assert "conflict as well, so no single change is enough" in told.messages
    # 5 of 9 is less than 5 of 4, 2 of 6 less than 2 of 4.
    assert told.changes("overall") == {"Rules!B2": (-5, "insertions"), "Rules!B3": (-2, "insertions")}


def test_the_budget_alone_may_be_too_small(plan):
    told = plan(campaign(budget=5_000))
    assert told.messages.startswith("The budget of €5,000 (")
    assert [text for _, text in told.conflict()] == ["the plan costs at most €5,000"]
    assert list(told.changes().values()) == [(1_000, "money")]


def test_each_change_lets_a_plan_in_when_it_is_made():
    """TV at least 60 %, magazines at least three times, of 40,000: 3 C are 18,000, and 2 A 20,000 beside them, 52.63
    %; with 2 C at 12,000 there are 28,000 for TV, 70 %. 3 C and 28,000 of TV, 60.87 %, take 46,000."""
    rules = (rule("TV", "share", 0.6), rule("Magazine", "insertions", 3, cell="Rules!B3"))
    with pytest.raises(NoPlan) as error:
        make_plan(campaign(rules, budget=40_000), QUICK)
    told = {change.cell: change for change in error.value.explanation.changes}
    assert set(told) == {"Brief", "Rules!B2", "Rules!B3"}
    share, few, money = told["Rules!B2"], told["Rules!B3"], told["Brief"]
    assert (share.change, few.change, money.change) == (-7.37, -1, 6_000)
    mended = [
        campaign((replace(rules[0], at_least=0.5263), rules[1]), budget=40_000),
        campaign((rules[0], replace(rules[1], at_least=2.0)), budget=40_000),
        campaign(rules, budget=40_000 + money.change),
    ]
    for made in mended:
        assert make_plan(made, QUICK).status == "optimal"
    for made in (
        campaign((replace(rules[0], at_least=0.5264), rules[1]), budget=40_000),
        campaign(rules, budget=40_000 + money.change - 1),
    ):
        with pytest.raises(NoPlan):
            make_plan(made, QUICK)


def goal(least: float, measure: str = "reach", times: int = 1) -> GoalRow:
    return GoalRow("everyone", measure, least, None, times, "Goals!C2")  # type: ignore[arg-type]


def test_a_goal_above_the_reach_of_everything_is_told_before_solving():
    made = replace(campaign(budget=1e6), goals=(goal(0.9),))
    with pytest.raises(
        NoPlan, match=r"everyone: at least 90 % reached \(Goals!C2\), but everything .* gives"
    ) as error:
        make_plan(made, QUICK)
    assert "Goals!C2" in [line.cell for line in error.value.explanation.conflict]


def test_a_goal_that_the_budget_does_not_reach_gives_way_by_points():
    made = replace(campaign(budget=20_000), goals=(goal(0.2),))
    with pytest.raises(NoPlan) as error:
        make_plan(made, QUICK)
    why = error.value.explanation
    assert [line.cell for line in why.conflict] == ["Brief", "Goals!C2"]
    told = {change.cell: change for change in why.changes}
    lower = told["Goals!C2"]
    assert lower.unit == "percentage points"
    assert lower.text.startswith("everyone: at least ")
    assert lower.change is not None
    assert -20 < lower.change < 0
    assert told["Brief"].change is not None
    most = make_plan(replace(made, goals=(goal(round(0.2 + lower.change / 100, 9)),)), QUICK)
    assert most.status == "optimal"
    assert make_plan(
        replace(made, brief=replace(made.brief, budget=20_000 + told["Brief"].change)), QUICK
    ).status == "optimal"  # fmt: skip


def test_evaluating_a_plan_of_an_impossible_campaign_does_not_wait_for_an_explanation():
    rules = (rule("TV", "share", 0.8), rule("Magazine", "share", 0.3, cell="Rules!B3"))
    given = np.array([1.0, 1.0, 1.0])
    result = evaluate_plan(campaign(rules), given, given, QUICK)
    assert result.status == "broken"
    assert not np.isfinite(result.bound)


def test_long_lists_are_cut_on_the_terminal_and_doubt_is_told():
    many = tuple(Problem(f"Vehicles!M{n}", f"v{n}: at most 4 insertions (maximum)") for n in range(30))
    why = Explanation(
        many, overall=(Change("Goals!C2", "drop it", None, "GRP"),), proven=False, minimal=False
    )
    told = infeasible_text(NoPlan("No plan was found.", why)).splitlines()
    assert told[13] == "  ... and 18 more"
    assert "No change of one of these alone is enough." in told
    assert told[-2].startswith("Not proven")
    assert told[-1].startswith("The conflict was not searched to its end")


def test_a_budget_far_beyond_what_is_needed_rules_no_cheapest_plan_out():
    """Parts of insertions, least money: 1 % of everyone costs some thousands of a budget of 1e9."""
    free = campaign(budget=1e9)
    cheap = replace(
        free,
        brief=replace(free.brief, objective="minimum cost", whole=False),
        goals=(GoalRow("everyone", "reach", 0.01, cell="Goals!C2"),),
    )
    result = make_plan(cheap, QUICK)
    assert 0 < result.cost < 2_000


@pytest.mark.parametrize("minimal", [True, False])
def test_a_conflict_that_was_not_searched_to_its_end_is_no_proof(minimal, monkeypatch):
    """Before the end of the search what is listed may still hold."""
    why = Explanation((Problem("Rules!B2", "TV: at least €11,000"),), minimal=minimal)
    monkeypatch.setattr("planner.planning.solve.explanation_of", lambda *_: why)
    with pytest.raises(NoPlan) as told:
        make_plan(campaign((rule("TV", "money", 11_000, 15_000),)), QUICK)
    assert ("as far as was searched" in str(told.value)) != minimal
