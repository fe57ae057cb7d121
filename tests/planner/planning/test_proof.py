"""A plan's workbook keeps what was proven: evaluated again, nothing is solved while the campaign is the same."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import RuleRow
from planner.errors import NoPlan
from planner.planning import plan as planning
from planner.planning.evaluate import evaluate_plan
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.proof import parse_proof, proof_text
from planner.planning.results import PlanResult
from planner.report.plan.certificate import READ_BACK, certificate_sentence
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.plan.edits import read_plan
from planner.workbook.plan.proof_sheet import SHEET, TITLE
from planner.workbook.write import write_plan

QUICK = Options(gap=1e-6)
ANOTHER, ALTERED = "is not the one that the plan in this workbook was made for", "was altered"
MOST_OF_TV = RuleRow("TV", "TV", ("A", "B"), None, 26_000.0, "money")


def campaign(**brief: Any) -> Campaign:
    """Four vehicles, 30,000 to spend, at most 26,000 on TV, customers first."""
    rows = (
        VehicleRow("A", "TV", 10_000.0, 800.0, 4.0),
        VehicleRow("B", "TV", 8_000.0, 500.0, 4.0),
        VehicleRow("C", "Magazine", 6_000.0, 300.0, 4.0),
        VehicleRow("D", "Magazine", 3_000.0, 180.0, 4.0),
    )
    shares = ((0.3, 0.1), (0.2, 0.08), (0.4, 0.2), (0.3, 0.3))
    return Campaign(
        replace(Brief(universe_000=10_000.0, budget=30_000.0), **brief),
        (TraitRow("customer", "customer", 0.3), TraitRow("catalyst", "catalyst", 0.1)), (), (),
        (MediumRow("TV", 1.6, 0.5), MediumRow("Magazine", 2.5, 0.6)), 1.35, rows, ("customer", "catalyst"),
        tuple(CompositionRow(row.name, each) for row, each in zip(rows, shares, strict=True)), (MOST_OF_TV,),
    )  # fmt: skip


@pytest.fixture(scope="module")
def made() -> PlanResult:
    return make_plan(campaign(), QUICK)


@pytest.fixture
def workbook(made: PlanResult, tmp_path: Path) -> Path:
    path = tmp_path / "plan.xlsx"
    write_plan(made, path)
    return path


@pytest.fixture
def unsolved(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be solved."""

    def solve(*_: object) -> None:
        raise AssertionError("it was solved again")

    for name in ("solve", "break_even_sought"):
        monkeypatch.setattr(planning, name, solve)


def evaluated(path: Path, options: Options = QUICK) -> PlanResult:
    made, given = read_plan(path)
    return evaluate_plan(
        made, given.insertions, given.optimised, options, weekly=given.weekly, proof=given.proof
    )


@contextmanager
def opened(path: Path, sheet: str) -> Iterator[Worksheet]:
    book = openpyxl.load_workbook(path)
    yield book[sheet]
    book.save(path)


def find(sheet: Worksheet, row: str, heading: str) -> Any:
    """The cell in a vehicle's row (or a Brief's) and a column."""
    cells = [cell for line in sheet.iter_rows() for cell in line]
    column = next(cell.column for cell in cells if str(cell.value).startswith(heading))
    line = next(cell.row for cell in cells if cell.value == row and cell.column == 1)
    return sheet.cell(line, column)


def same_figures(a: PlanResult, b: PlanResult) -> bool:
    ours = (a.value, a.bound, a.status, a.cost, [x.reach_share for x in a.audiences])
    return ours == (b.value, b.bound, b.status, b.cost, [x.reach_share for x in b.audiences])


# --- read back ------------------------------------------------------------------------------------


@pytest.mark.usefixtures("unsolved")
def test_an_unchanged_plan_is_evaluated_from_what_its_workbook_keeps(
    made: PlanResult, workbook: Path
) -> None:
    result = evaluated(workbook)
    assert same_figures(result, made)
    assert result.read_back
    assert certificate_sentence(result).endswith(READ_BACK)
    assert READ_BACK not in certificate_sentence(made)
    assert result.influence is not None
    assert made.influence is not None
    assert result.influence.verdict == made.influence.verdict
    assert result.influence.break_even == made.influence.break_even is not None
    assert result.customers_first == made.customers_first is not None
    assert result.proof == made.proof


@pytest.mark.usefixtures("unsolved")
def test_an_edited_plan_too_and_its_edits_cost_what_they_do_against_the_plan_kept(
    made: PlanResult, workbook: Path
) -> None:
    bought = next(v.name for v, n in zip(made.campaign.vehicles, made.vehicles.insertions, strict=True) if n)
    with opened(workbook, "Plan") as sheet:
        cell = find(sheet, bought, "Insertions")
        cell.value -= 1
    result = evaluated(workbook)
    assert result.read_back
    assert result.bound == made.bound
    assert result.edit is not None
    assert result.edit.value_lost == pytest.approx(made.value - result.value)
    assert result.value < made.value


@pytest.mark.usefixtures("unsolved")
def test_an_edit_that_overspends_is_broken_and_its_bound_that_of_plans_within_the_rules(
    made: PlanResult, workbook: Path
) -> None:
    with opened(workbook, "Plan") as sheet:
        find(sheet, "A", "Insertions").value = 4
    result = evaluated(workbook)
    assert result.status == "broken"
    assert result.read_back
    assert result.bound == made.bound


@pytest.mark.usefixtures("unsolved")
def test_names_notes_and_the_files_name_are_no_part_of_the_campaign(workbook: Path) -> None:
    with opened(workbook, "Brief") as sheet:
        find(sheet, "Campaign", "Campaign").offset(0, 1).value = "Another name"
    renamed = workbook.rename(workbook.with_name("renamed.xlsx"))
    assert evaluated(renamed).read_back


def test_the_sheet_is_hidden_and_says_whose_it_is(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    assert book[SHEET].sheet_state == "hidden"
    assert book[SHEET]["A1"].value == TITLE
    assert not [notice for notice in read_campaign(workbook).notices if SHEET in notice]


# --- solved anew ----------------------------------------------------------------------------------

CHANGES: dict[str, tuple[str, Callable[[Worksheet], Any], float]] = {
    "price": ("Vehicles", lambda sheet: find(sheet, "C", "Unit cost"), 5_500.0),
    "rule": ("Rules", lambda sheet: find(sheet, "TV", "At most"), 20_000.0),
    "budget": ("Brief", lambda sheet: find(sheet, "Budget", "Budget").offset(0, 1), 24_000.0),
    "audience": ("Vehicles", lambda sheet: find(sheet, "C", "Audience (000)"), 330.0),
    "duplication": ("Media", lambda sheet: find(sheet, "TV", "Duplication"), 1.7),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_campaign_is_solved_anew_and_that_is_said(change: str, workbook: Path) -> None:
    sheet_name, cell, value = CHANGES[change]
    with opened(workbook, sheet_name) as sheet:
        cell(sheet).value = value
    result = evaluated(workbook)
    assert not result.read_back
    assert any(ANOTHER in notice for notice in result.campaign.notices)
    changed, given = read_plan(workbook)
    afresh = evaluate_plan(changed, given.insertions, given.optimised, QUICK)
    assert same_figures(result, afresh)
    assert parse_proof(result.proof) is not None


def test_another_gap_is_another_question(workbook: Path) -> None:
    assert not evaluated(workbook, replace(QUICK, gap=1e-3, break_even=False)).read_back


def test_parts_of_insertions_are_compared_with_fractions_which_were_not_proven(workbook: Path) -> None:
    with opened(workbook, "Plan") as sheet:
        find(sheet, "D", "Insertions").value = 0.5
    result = evaluated(workbook)
    assert not result.read_back
    assert not any(ANOTHER in notice or ALTERED in notice for notice in result.campaign.notices)


def test_a_workbook_without_the_sheet_is_solved_for_and_nothing_is_said(workbook: Path) -> None:
    book = openpyxl.load_workbook(workbook)
    del book[SHEET]
    book.save(workbook)
    result = evaluated(workbook)
    assert not result.read_back
    assert not any(ANOTHER in notice or ALTERED in notice for notice in result.campaign.notices)


# --- made by hand ---------------------------------------------------------------------------------


def with_kept(path: Path, change: Callable[[str], str]) -> None:
    """Change the text that a workbook keeps."""
    with opened(path, SHEET) as sheet:
        sheet["A4"].value = change(sheet["A4"].value)


def test_a_bound_typed_over_is_not_believed(made: PlanResult, workbook: Path) -> None:
    with_kept(workbook, lambda text: text.replace(repr(made.bound), repr(1.01 * made.bound)))
    result = evaluated(workbook)
    assert not result.read_back
    assert any(ALTERED in notice for notice in result.campaign.notices)
    assert result.bound == pytest.approx(made.bound)


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "{}", '{"checksum": "", "proof": {}}'])
def test_what_is_no_proof_is_not_believed(text: str, workbook: Path) -> None:
    with_kept(workbook, lambda _: text)
    assert not evaluated(workbook).read_back


def test_a_bound_below_the_plans_own_worth_is_refused_whatever_its_checksum(
    made: PlanResult, workbook: Path
) -> None:
    def lower(text: str) -> str:
        proof = parse_proof(text)
        assert proof is not None
        tailored = replace(proof.plans["tailored"], bound=0.9 * made.value)
        return proof_text(replace(proof, plans={**proof.plans, "tailored": tailored}))

    with_kept(workbook, lower)
    result = evaluated(workbook)
    assert not result.read_back
    assert result.bound == pytest.approx(made.bound)


@pytest.mark.parametrize("part", ["value", "insertions", "rules"])
def test_a_rivals_plan_that_arithmetic_contradicts_is_refused(
    part: str, made: PlanResult, workbook: Path
) -> None:
    def change(text: str) -> str:
        proof = parse_proof(text)
        assert proof is not None
        ordinary = proof.plans["ordinary"]
        if part == "value":
            ordinary = replace(ordinary, value=1.01 * ordinary.value, bound=2 * ordinary.bound)
        else:
            more = ordinary.decision + (4.0 if part == "rules" else -1.0) * (ordinary.decision > 0)
            ordinary = replace(ordinary, plan=more, insertions=more)
        return proof_text(replace(proof, plans={**proof.plans, "ordinary": ordinary}))

    with_kept(workbook, change)
    assert not evaluated(workbook).read_back


def test_an_edited_plan_worth_more_than_the_bound_shows_it_to_be_wrong(
    made: PlanResult, workbook: Path
) -> None:
    # A worse plan is claimed to be the best, with a bound just above it.
    worse = evaluate_plan(made.campaign, np.array([0.0, 0.0, 4.0, 2.0]), made.vehicles.insertions, QUICK)
    proof = parse_proof(made.proof)
    assert proof is not None
    given = worse.vehicles.insertions
    tailored = replace(
        proof.plans["tailored"], insertions=given, plan=given, value=worse.value, bound=worse.value
    )
    with_kept(workbook, lambda _: proof_text(replace(proof, plans={**proof.plans, "tailored": tailored})))
    result = evaluated(workbook)
    assert not result.read_back
    assert result.bound == pytest.approx(made.bound)


# --- the fingerprint ------------------------------------------------------------------------------


def test_the_fingerprint_is_of_what_a_plan_depends_on_alone() -> None:
    made = campaign()
    same = campaign_fingerprint(made, 1e-3)
    idle = replace(
        made, notices=("a notice",), workbook="other.xlsx", rules=(replace(MOST_OF_TV, name="other"),)
    )
    assert campaign_fingerprint(idle, 1e-3) == same
    rounded = replace(made, brief=replace(made.brief, budget=30_000.0 * (1 + 1e-15)))
    assert campaign_fingerprint(rounded, 1e-3) == same
    changed = (
        replace(made, brief=replace(made.brief, objective="reach")),
        replace(made, vehicles=(replace(made.vehicles[0], locked=2.0), *made.vehicles[1:])),
        replace(made, composition=(CompositionRow("A", (0.3, 0.11)), *made.composition[1:])),
        replace(made, rules=()),
        replace(made, between_media=1.4),
        replace(made, traits=(replace(made.traits[0], weight=2.0), *made.traits[1:])),
        replace(made, brief=replace(made.brief, influence_preset="industry")),
    )
    found = {campaign_fingerprint(each, 1e-3) for each in changed}
    assert len(found | {same, campaign_fingerprint(made, 1e-4)}) == len(changed) + 2


def test_what_is_kept_is_json_with_its_checksum(made: PlanResult) -> None:
    kept = json.loads(made.proof)
    assert set(kept) == {"checksum", "proof"}
    assert set(kept["proof"]["plans"]) == {"tailored", "ordinary", "impressions", "customers"}


def test_no_plan_within_the_rules_is_still_no_plan(made: PlanResult, workbook: Path) -> None:
    with opened(workbook, "Brief") as sheet:
        find(sheet, "Budget", "Budget").offset(0, 1).value = 10.0
    with pytest.raises(NoPlan):
        make_plan(read_campaign(workbook), QUICK)
    assert evaluated(workbook).influence is None
