"""What stands in a plan's workbook."""

import re
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from planner.campaign.colours import PALETTE, colours
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.page.styles import lines_needed
from planner.workbook.plan.plan import read_insertions
from planner.workbook.plan.plan_columns import FIRST_ROW, SUM, Layout, plan_columns
from tests.planner.workbook.plan.cells import (
    OURS,
    WITH_RANKING,
    Maker,
    figure,
    plan_column,
    plan_row,
    texts,
    values,
)


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
    assert "No plan within these rules is worth over 0.07 % more than this one." in summary


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
        if name == "Plan":  # as many pages as 8 points need, or 7, vehicle and medium on each
            assert 10 * sheet.page_setup.scale / 100 >= 7
            assert sheet.print_title_cols == "$A:$B"
        elif name == "Influence":  # charts below the tables, two side by side
            assert 10 * sheet.page_setup.scale / 100 >= 8
            assert not sheet.col_breaks.brk
            across = sum(
                each.width * (each.max - each.min + 1)
                for each in sheet.column_dimensions.values()
                if not each.hidden
            )
            assert across <= 170  # characters that a page takes at 80 %
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
    media = (replace(campaign.media[0], colour="#4e79a7"), replace(campaign.media[1], colour=""))
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


BLANK = ("Overlaps", "Audiences", "Goals", "Discounts", "Packages")


def test_sheets_of_the_campaign_that_hold_nothing_are_hidden_and_read_back_without_a_word(
    made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    campaign = made_campaign(3)
    path = written(made_result(campaign))
    book = openpyxl.load_workbook(path)
    hidden = {sheet.title for sheet in book if sheet.sheet_state == "hidden"}
    assert set(BLANK) <= hidden
    assert not {"Brief", "Vehicles", "Media"} & hidden
    assert not any("hidden" in notice for notice in read_campaign(path).notices)
    book["Goals"]["A2"], book["Goals"]["B2"], book["Goals"]["C2"] = "everyone", "reach %", "10 %"
    book.save(path)
    assert "The sheet Goals is hidden; it was read." in read_campaign(path).notices


@pytest.mark.parametrize(("times", "short"), [(1.0, False), (100_000.0, True)])
def test_bars_of_a_hundred_million_are_labelled_in_millions(
    times: float, short: bool, made_campaign: Maker, made_result: Maker, written: Maker
) -> None:
    """A label of a dozen digits breaks within its number."""
    campaign = made_campaign(6, 2)
    dear = tuple(replace(row, unit_cost=row.unit_cost * times) for row in campaign.vehicles)
    path = written(made_result(replace(campaign, vehicles=dear)))
    with zipfile.ZipFile(path) as archive:
        charts = [archive.read(name).decode() for name in archive.namelist() if "/charts/chart" in name]
    (spend,) = [text for text in charts if "Spend by medium" in text]
    labels = spend.partition("<c:dLbls>")[2].partition("</c:dLbls>")[0]
    assert ("&quot;m&quot;" in labels) is short
