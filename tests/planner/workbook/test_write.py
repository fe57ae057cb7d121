"""The result workbook: what stands in it, and that its formulas tell the truth when recalculated."""

import os
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from planner.campaign.colours import PALETTE, colours
from planner.campaign.inputs import MediumRow
from planner.errors import OutputError
from planner.planning.results import PlanResult
from planner.workbook import write
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.page import files
from planner.workbook.page.styles import lines_needed
from planner.workbook.plan.plan import read_insertions
from planner.workbook.plan.plan_columns import FIRST_ROW, HEADER_ROW, SUM, Layout, plan_columns
from planner.workbook.write import write_plan

Maker = Callable[..., Any]
OURS = ["Summary", "Plan", "Recap", "Reach", "Influence", "Notes"]
WITH_RANKING = ["Summary", "Plan", "Recap", "Reach", "Influence", "Ranking", "Notes"]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[PlanResult], Path]:
    def write_to(result: PlanResult) -> Path:
        path = tmp_path / "plan.xlsx"
        write_plan(result, path)
        return path

    return write_to


def values(path: Path) -> openpyxl.Workbook:
    return openpyxl.load_workbook(path, data_only=True)


def plan_column(sheet: Worksheet, heading: str) -> int:
    """The column (from 1) under a heading of the Plan sheet."""
    return next(cell.column for cell in sheet[HEADER_ROW + 1] if cell.value == heading)


def plan_row(sheet: Worksheet, name: str) -> int:
    """The row (from 1) of a vehicle, of "Total", or of "Subtotal <medium>"."""
    for row in range(FIRST_ROW + 1, sheet.max_row + 1):
        first, second = sheet.cell(row, 1).value, sheet.cell(row, 2).value
        if name in (first, f"{first} {second}"):
            return row
    raise LookupError(name)


def figure(sheet: Worksheet, name: str, heading: str) -> Any:
    return sheet.cell(plan_row(sheet, name), plan_column(sheet, heading)).value


def texts(sheet: Worksheet) -> str:
    return "\n".join(str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None)


# --- live formulas -------------------------------------------------------------------------------


@pytest.mark.parametrize("case", ["plain", "unquoted", "nothing bought", "fractional", "edited", "influence"])
def test_formulas_recalculated_by_libreoffice_show_what_we_wrote(
    case: str,
    made_campaign: Maker,
    made_result: Maker,
    made_influenced: Maker,
    written: Maker,
    recalculated: Maker,
) -> None:
    result = {
        "plain": lambda: made_result(made_campaign(12, 3)),
        "unquoted": lambda: made_result(made_campaign(6, unquoted=(1, 4))),
        "nothing bought": lambda: made_result(made_campaign(4), insertions=[0, 0, 0, 0]),
        "fractional": lambda: made_result(made_campaign(3, whole=False), insertions=[1.25, 0, 2.5]),
        "edited": lambda: edited(made_result(made_campaign(4))),
        "influence": lambda: made_influenced(made_campaign(6, unquoted=(1,))),
    }[case]()
    path = written(result)
    formulas, ours, theirs = openpyxl.load_workbook(path), values(path), recalculated(path)
    names = OURS if result.ranking is None else WITH_RANKING
    cells = [cell for name in names for row in formulas[name].iter_rows() for cell in row]
    live = [(cell.parent.title, cell.coordinate) for cell in cells if cell.data_type == "f"]
    assert len(live) > 30
    for name, where in live:
        mine, other = ours[name][where].value, theirs[name][where].value
        assert is_same(mine, other), f"{name}!{where}: {mine!r}, LibreOffice {other!r}"


def is_same(mine: Any, other: Any) -> bool:
    if isinstance(mine, float | int):
        return bool(mine == pytest.approx(other, rel=1e-9, abs=1e-9))
    return (mine or "") == (other or "")


def edited(result: PlanResult) -> PlanResult:
    more = result.vehicles.insertions + np.array([0, 1, 0, 0])
    return replace(result, vehicles=replace(result.vehicles, insertions=more), edits=("Evening News",))


def test_an_edited_insertions_cell_changes_cost_grp_and_totals(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker, tmp_path: Path
) -> None:
    # Morning News (TV) costs 4,000 and reaches 900 of 50,000 thousand (1.8 %), Evening News (Magazines) 5,500
    # and 1,030.
    path = written(made_result(made_campaign(2, budget=50_000.0), insertions=[1, 2]))
    book = openpyxl.load_workbook(path)
    sheet = book["Plan"]
    sheet.cell(plan_row(sheet, "Morning News"), plan_column(sheet, "Insertions (editable)"), 5)
    changed = tmp_path / "changed.xlsx"
    book.save(changed)
    book = recalculated(changed)
    sheet = book["Plan"]
    expected = {
        ("Morning News", "Cost"): 20_000,
        ("Morning News", "GRP"): 9.0,
        ("Morning News", "Impressions (000)"): 4_500,
        ("Morning News", "CPM"): 4_000 / 900,
        ("Morning News", "Share of spend"): 20_000 / 31_000,
        ("Subtotal TV", "Cost"): 20_000,
        ("Subtotal Magazines", "Cost"): 11_000,
        ("Total", "Cost"): 31_000,
        ("Total", "GRP"): 9.0 + 2 * 2.06,
        ("Total", "CPP"): 31_000 / 13.12,
        ("Total", "Insertions (editable)"): 7,
    }
    assert {key: figure(sheet, *key) for key in expected} == pytest.approx(expected)
    assert [sheet.cell(4, column).value for column in (1, 2, 3, 4)] == [50_000, 19_000, 2, 1]
    assert "planner evaluate" in book["Summary"]["A3"].value


def test_an_unchanged_plan_carries_no_warning(made_result: Maker, written: Maker) -> None:
    assert not values(written(made_result()))["Summary"]["A3"].value


def test_insertions_of_a_vehicle_without_a_price_break_no_total(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker
) -> None:
    result = made_result(made_campaign(4, unquoted=(1,)), insertions=[1, 0, 1, 1])
    path = written(
        replace(result, vehicles=replace(result.vehicles, insertions=np.array([1.0, 2.0, 1.0, 1.0])))
    )
    for book in (values(path), recalculated(path)):
        sheet = book["Plan"]
        assert figure(sheet, "Evening News", "Net cost per insertion") == "not quoted"
        assert figure(sheet, "Evening News", "Cost") == "not quoted"
        assert figure(sheet, "Total", "Cost") == pytest.approx(4_000 + 7_000 + 8_500)


def test_media_named_like_patterns_keep_their_own_subtotals(
    made_campaign: Maker, made_result: Maker, written: Maker, recalculated: Maker
) -> None:
    campaign = made_campaign(4)
    names = {"TV": "TV*", "Magazines": ">5"}
    campaign = replace(
        campaign,
        media=tuple(MediumRow(name, 1.6, 0.5) for name in names.values()),
        vehicles=tuple(replace(vehicle, medium=names[vehicle.medium]) for vehicle in campaign.vehicles),
    )
    sheet = recalculated(written(made_result(campaign, insertions=[1, 1, 1, 1])))["Plan"]
    assert figure(sheet, "Subtotal TV*", "Cost") == 4_000 + 7_000
    assert figure(sheet, "Subtotal >5", "Cost") == 5_500 + 8_500


# --- what stands in the workbook -----------------------------------------------------------------


def test_our_sheets_come_first_and_the_campaigns_own_follow(made_result: Maker, written: Maker) -> None:
    names = openpyxl.load_workbook(written(made_result())).sheetnames
    assert names[: len(OURS)] == OURS
    assert {"Brief", "Vehicles"} <= set(names[4:])


def test_plan_lists_bought_vehicles_first_and_media_together(
    made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    sheet = values(written(made_result(made_campaign(12, 3))))["Plan"]
    bought = [sheet.cell(row, 6).value > 0 for row in range(FIRST_ROW + 1, FIRST_ROW + 13)]
    media = [sheet.cell(row, 2).value for row in range(FIRST_ROW + 1, FIRST_ROW + 1 + sum(bought))]
    assert bought == sorted(bought, reverse=True)
    assert [name for place, name in enumerate(media) if name not in media[:place]] == [
        name for place, name in enumerate(media) if place == 0 or media[place - 1] != name
    ]


def test_every_column_of_plan_has_a_key_of_its_own_that_its_formulas_find(made_campaign: Maker) -> None:
    columns = plan_columns(made_campaign().brief, (), every=True)
    assert len({column.key for column in columns}) == len(columns)
    layout = Layout(columns, vehicles=2, media=1)
    for column in columns:
        for formula in (column.formula, column.total):
            if isinstance(formula, str):  # an unknown key raises KeyError
                assert "{" not in layout.fill(formula.replace(SUM, ""), 6)


def test_only_insertions_are_unlocked(made_result: Maker, written: Maker) -> None:
    sheet = openpyxl.load_workbook(written(made_result()))["Plan"]
    unlocked = {cell.column_letter for cell in sheet[FIRST_ROW + 1] if not cell.protection.locked}
    assert unlocked == {"F"}


def test_reach_shows_every_audience_with_its_distribution(made_result: Maker, written: Maker) -> None:
    result = made_result(audiences=3)
    sheet = values(written(result))["Reach"]
    everyone = result.audiences[0]
    row = [cell.value for cell in sheet[6]]
    assert row[:4] == ["everyone", None, everyone.population_000, pytest.approx(everyone.reach_share)]
    assert row[8:11] == [pytest.approx(everyone.reached_at_least(n)) for n in (1, 2, 3)]
    shares = [cell.value for cell in sheet[12]][2:]
    assert sum(share for share in shares if share is not None) == pytest.approx(1.0)


def test_reach_beyond_the_last_class_is_left_blank(
    made_audience: Maker, made_result: Maker, written: Maker
) -> None:
    short = made_audience("everyone", "", 50_000.0, 120.0, classes=4)
    row = [cell.value for cell in values(written(replace(made_result(), audiences=(short,))))["Reach"][6]]
    assert row[8:12] == [pytest.approx(short.reached_at_least(n)) for n in (1, 2, 3, 4)]
    assert row[12:18] == [None] * 6


def test_notes_tell_defaults_assumptions_rules_and_the_run(made_result: Maker, written: Maker) -> None:
    notes = texts(values(written(made_result()))["Notes"])
    for wanted in ("a flight of four weeks", "Duplication between media is 1.35.", "Rules!B2", "1.15.1",
                   "ab" * 32,
                   "holds, 2.1 percentage points to spare", "planner evaluate"):  # fmt: skip
        assert wanted in notes


def test_summary_names_the_largest_and_points_to_the_rest(
    made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    summary = texts(values(written(made_result(made_campaign(40, 3))))["Summary"])
    assert "and 16 more, see Plan" in summary
    assert "No plan within these rules is worth more than 0.07 % more than this one." in summary


def test_a_broken_rule_is_said_on_summary_and_notes(made_result: Maker, written: Maker) -> None:
    result = made_result(status="broken")
    rule = replace(result.rules[1], holds=False, slack=-0.05)
    book = values(written(replace(result, rules=(result.rules[0], rule))))
    assert "breaks 1 rule" in texts(book["Summary"])
    assert "BROKEN by 5.0 percentage points" in texts(book["Notes"])


@pytest.mark.parametrize(
    "name", ["=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "-2", "http://example.com", "'quoted"]
)
def test_a_vehicle_named_like_a_formula_stays_text(
    name: str, made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    campaign = made_campaign(3, names=(name,), campaign=name, client=name)
    book = openpyxl.load_workbook(written(made_result(replace(campaign, notices=(name,)))))
    cells = [cell for sheet in OURS for row in book[sheet].iter_rows() for cell in row if cell.value == name]
    assert {cell.data_type for cell in cells} == {"s"}
    assert {cell.parent.title for cell in cells} >= {"Summary", "Plan", "Notes"}
    assert all(cell.hyperlink is None for cell in cells)


@pytest.mark.parametrize(
    "name", ["x" * 300, "Wörter & <Zeichen> \x07\n" * 20, "読売新聞" * 60, '&P&N&"Bold"', "Total Film"]
)
def test_unruly_names_do_not_break_the_workbook(
    name: str, made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    campaign = made_campaign(3, names=(name,), campaign=name, client=name, currency='E"U\\R')
    book = values(written(made_result(campaign)))
    assert book["Plan"].max_row > FIRST_ROW
    assert book["Plan"].oddHeader.left.text is not None


@pytest.mark.parametrize("sizes", [(1, 1, 1), (5, 2, 9), (85, 5, 9), (3, 1, 0)])
def test_campaigns_of_many_sizes_are_written(
    sizes: tuple[int, int, int], made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    vehicles, media, audiences = sizes
    result = made_result(made_campaign(vehicles, media), audiences=audiences, customers_first=None, rules=())
    sheet = values(written(result))["Plan"]
    assert figure(sheet, "Total", "Cost") == pytest.approx(result.cost)


def test_every_sheet_prints_landscape_and_readable_with_its_header_repeated(
    made_influenced: Maker, written: Maker
) -> None:
    book = openpyxl.load_workbook(written(made_influenced()))
    for name in WITH_RANKING:
        sheet = book[name]
        assert sheet.page_setup.orientation == "landscape"
        if name == "Plan":  # as many pages as 8 points need, vehicle and medium on each
            assert 10 * sheet.page_setup.scale / 100 >= 8
            assert sheet.print_title_cols == "$A:$B"
        elif name == "Influence":  # tables on one page's width, charts on the next
            assert 10 * sheet.page_setup.scale / 100 >= 8
            assert [each.id for each in sheet.col_breaks.brk] == [11]
        else:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage
            assert sheet.page_setup.fitToWidth in (None, 1)
        assert sheet.print_title_rows
        assert sheet.freeze_panes
        assert "Spring launch" in sheet.oddHeader.left.text
        assert "&P" in sheet.oddFooter.right.text or "Page" in sheet.oddFooter.right.text


@pytest.mark.parametrize(
    ("currency", "shown"), [("USD", '"$"#,##0'), ("EUR", '"€"#,##0'), ("CHF", '"CHF "#,##0')]
)
def test_money_is_shown_in_the_campaigns_currency(
    currency: str, shown: str, made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    sheet = openpyxl.load_workbook(written(made_result(made_campaign(currency=currency))))["Plan"]
    cell = sheet.cell(plan_row(sheet, "Total"), plan_column(sheet, "Cost"))
    assert cell.number_format.startswith(shown)


def test_every_chart_has_a_title_and_both_axis_titles(made_result: Maker, written: Maker) -> None:
    with zipfile.ZipFile(written(made_result())) as archive:
        charts = {name: archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name}
    assert len(charts) == 4
    for name, xml in charts.items():
        title, *axes = re.findall(r"<c:title>.*?</c:title>", xml, re.DOTALL)
        written_titles = [re.sub(r"<[^>]*>", "", text) for text in (title, *axes)]
        assert len(written_titles) == 3, name
        assert all(written_titles), name


def test_a_campaign_colour_is_used_and_others_differ(made_campaign: Maker) -> None:
    campaign = made_campaign(4, 3)
    media = (replace(campaign.media[0], colour="4e79a7"), replace(campaign.media[1], colour="blue-ish"))
    shades = colours(replace(campaign, media=(*media, campaign.media[2])))
    assert shades["TV"] == "#4E79A7" == PALETTE[0]
    assert len(set(shades.values())) == 3


def test_wrapped_text_is_given_a_line_for_every_part() -> None:
    assert [lines_needed(text, 10) for text in ("", "short", "a text of some length", "two\nlines")] == [
        1,
        1,
        2,
        2,
    ]


def test_the_plan_is_itself_a_campaign_and_its_edits_come_back(
    made_campaign: Maker, made_result: Maker, written: Maker, tmp_path: Path
) -> None:
    campaign = made_campaign(7, 3, names=("Total Film", "Subtotal Show", "=1+1"), unquoted=(4,))
    result = made_result(campaign)
    path = written(result)
    again = read_campaign(path)
    assert [vehicle.name for vehicle in again.vehicles] == [vehicle.name for vehicle in campaign.vehicles]
    book = openpyxl.load_workbook(path)
    for sheet in book:  # openpyxl would write a name such as =1+1 back as a formula
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == "=1+1":
                    cell.data_type = "s"
    book["Plan"].cell(plan_row(book["Plan"], "Total Film"), 6, 9)
    book.save(tmp_path / "changed.xlsx")
    found = read_insertions(tmp_path / "changed.xlsx", again)
    assert found.insertions.tolist() == [9.0, *result.vehicles.insertions.tolist()[1:]]
    assert found.optimised.tolist() == result.vehicles.optimised.tolist()


# --- the file ------------------------------------------------------------------------------------


def test_the_same_result_gives_the_same_bytes(made_result: Maker, tmp_path: Path) -> None:
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    write_plan(made_result(), first)
    write_plan(made_result(), second)
    assert first.read_bytes() == second.read_bytes()


def test_writing_replaces_an_older_plan_and_leaves_nothing_beside_it(
    made_result: Maker, written: Maker
) -> None:
    path = written(made_result(fingerprint="old"))
    written(made_result(fingerprint="new"))
    assert "new" in texts(values(path)["Notes"])
    assert [file.name for file in path.parent.iterdir()] == ["plan.xlsx"]


def test_a_locked_target_keeps_the_finished_plan_beside_it(
    made_result: Maker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "plan.xlsx"
    target.write_text("open in Excel")
    replace_file = os.replace

    def locked(source: Path, path: Path) -> None:
        if Path(path) == target:
            raise PermissionError(13, "Permission denied")
        replace_file(source, path)

    monkeypatch.setattr(files.os, "replace", locked)
    with pytest.raises(OutputError, match=r"close plan\.xlsx in Excel") as error:
        write_plan(made_result(), target)
    kept = next(file for file in tmp_path.iterdir() if file != target)
    assert re.fullmatch(r"plan-\d{8}-\d{6}\.xlsx", kept.name)
    assert str(kept) in str(error.value)
    assert values(kept).sheetnames[: len(OURS)] == OURS
    assert target.read_text() == "open in Excel"
    assert len(list(tmp_path.iterdir())) == 2


def test_a_failure_while_writing_leaves_the_old_file_and_no_litter(
    made_result: Maker, written: Maker, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(made_result())
    before = path.read_bytes()
    monkeypatch.setattr(write, "write_notes_sheet", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_plan(made_result(), path)
    assert path.read_bytes() == before
    assert [file.name for file in path.parent.iterdir()] == ["plan.xlsx"]
