"""How frontiers, ladders and least changes are told."""

import json
from dataclasses import replace

import pytest

from models.errors import InvalidInput
from planner.campaign.rule_rows import PackageRow
from planner.comparing.desk import Sweep
from planner.comparing.frontier import (
    Asked,
    Changed,
    frontier,
    round_to,
    steps_of,
    trade_tasks,
)
from planner.report.comparing.frontier import frontier_json, frontier_text
from planner.workbook.figures.frontier import CHART, SECOND, write_frontier
from tests.planner.comparing.frontiers import HERE, LADDER, TERMS


class TestTelling:
    def test_two_workers_say_what_one_says(self, found, small):
        asked = Asked(points=4, trade_offs=6, ladder=LADDER, change=Changed(budget=60.0, within=0.01))
        other = frontier(small(), asked, TERMS, Sweep(workers=2))
        assert json.dumps(frontier_json(other)) == json.dumps(frontier_json(found))

    def test_a_run_goes_on_from_its_journal(self, tmp_path, small):
        asked, kept = Asked(points=4, trade_offs=0), tmp_path / "journal"
        first = frontier(small(), asked, TERMS, Sweep(workers=1, journal=kept))
        lines = kept.read_bytes().splitlines(keepends=True)
        kept.write_bytes(b"".join(lines[:2]) + lines[2][:20])
        again = frontier(small(), asked, TERMS, Sweep(workers=1, journal=kept))
        assert frontier_json(again) == frontier_json(first)

    def test_json_has_points_steps_ladder_and_change(self, found):
        told = json.loads(json.dumps(frontier_json(found), allow_nan=False))
        assert (told["schema"], told["kind"]) == (1, "frontier")
        assert [point["budget"] for point in told["points"]] == [p["budget"] for p in found.budgets]
        assert told["steps"][0]["price"] is None
        assert told["change"]["changes"] == found.change["changes"]

    def test_the_workbook_holds_every_table(self, found, tmp_path):
        import openpyxl

        write_frontier(found, tmp_path / "frontier.xlsx")
        book = openpyxl.load_workbook(tmp_path / "frontier.xlsx")
        budget, vehicle = next(book["What to drop"].iter_rows(min_row=5, min_col=2, max_col=3))
        assert (budget.alignment.horizontal, vehicle.alignment.horizontal) == ("right", "left")
        assert vehicle.alignment.indent == 1  # words do not touch the number on their left
        assert book.sheetnames == [
            "Frontier",
            "Plans",
            "Price of influence",
            "Ladder",
            "What to drop",
            "Least change",
        ]
        values = [cell.value for row in book["Frontier"].iter_rows() for cell in row]
        for point in found.budgets:
            assert any(isinstance(v, float | int) and v == pytest.approx(point["value"]) for v in values)

    def test_why_budgets_have_no_plan_stands_below_their_table_once_and_makes_no_row_high(
        self, found, tmp_path
    ):
        import openpyxl

        why = "No plan that keeps the rules costs less than $25. " + "These cannot all hold. " * 8
        none = [{"budget": budget, "status": "none", "reason": why} for budget in (10.0, 20.0)]
        write_frontier(replace(found, budgets=(*none, *found.budgets)), tmp_path / "frontier.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "frontier.xlsx")["Frontier"]
        shown = {
            cell.value: cell.row for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)
        }
        assert "Why there is none" not in shown
        (told,) = (text for text in shown if why.strip() in text)
        assert told.startswith("$10, $20: No plan")
        rows = [cell.row for cell in sheet["B"] if cell.value == "no plan"]
        assert len(rows) == 2
        assert max(rows) < shown[told]
        assert {sheet.row_dimensions[row].height for row in rows} <= {None, 15.0}

    def test_the_chart_of_trade_offs_marks_plans_off_the_hull_and_no_others(self, found, tmp_path):
        """The first plan was marked, for it has no step before it; of others off the hull none was."""
        import openpyxl

        reach = [(0.1, 0.30), (0.2, 0.20), (0.3, 0.19), (0.4, 0.10)]  # the second lies below the hull
        steps = tuple(
            {**found.trade_offs[0], "first": 1e3 * a, "second": 1e3 * b, "error": 0.01} for a, b in reach
        )
        path = tmp_path / "frontier.xlsx"
        write_frontier(replace(found, trade_offs=steps), path)
        sheet = openpyxl.load_workbook(path)["Price of influence"]
        (row,) = (cells[0].row for cells in sheet.iter_rows() if str(cells[0].value).startswith("Reach: "))
        at = [cell.value for cell in sheet[row]].index("On the concave hull")
        off = [each for each in range(row + 1, row + 5) if sheet.cell(each, at + 1).value != "yes"]
        (chart,) = sheet._charts
        marked = [series.xVal.numRef.f for series in chart.series if series.tx.v == "not on the hull"]
        assert [int(cell.rpartition("$")[2]) for cell in marked] == off == [row + 2]
        write_frontier(replace(found, trade_offs=steps[:1]), path)
        assert not openpyxl.load_workbook(path)["Price of influence"]._charts

    def test_no_printed_page_cuts_a_chart_or_repeats_its_beginning(self, found, tmp_path):
        """Of a sheet of several pages each repeats the first columns: charts and notes stand behind them."""
        import openpyxl

        write_frontier(found, tmp_path / "frontier.xlsx")
        sheet = openpyxl.load_workbook(tmp_path / "frontier.xlsx")["Frontier"]
        assert sheet.print_title_cols == "$A:$B"
        assert sheet["A1"].value == "Value and reach by budget"
        assert "A1:B1" in sheet.merged_cells  # so that it is whole on every page
        wide = [7 * (sheet.column_dimensions[name].width - 0.71) + 5 for name in "ABCDEFGHIJKLMNOP"]  # pixels
        across = wide[:2]
        paper = 96 * (11.0 - 0.8) / 0.8  # of Letter, the narrower, at 80 %
        page = paper - max(wide)  # it ends with a whole column, wherever that is
        for chart in sheet._charts:
            assert chart.anchor._from.col >= 2
        assert len(sheet._charts) == 2
        assert sum(across) + SECOND + CHART[0] <= page
        notes = [
            cell
            for row in sheet.iter_rows()
            for cell in row
            if str(cell.value).startswith("Figures per 1,000")
        ]
        assert [cell.column for cell in notes] == [3]

    def test_words_say_what_a_budget_buys(self, found):
        assert "the campaign's own" in frontier_text(found)
        assert "Certified: no plan that is worth as much changes fewer." in " ".join(
            frontier_text(found).split()
        )
        assert max(map(len, frontier_text(found).splitlines())) <= 100

    def test_budgets_that_buy_no_more_are_told(self, small):
        """Three of each of four cost 168; the budgets are 100, 200, 300 and 400."""
        rich = small(brief=replace(small().brief, budget=200.0))
        found = frontier(rich, Asked(points=4, trade_offs=0), TERMS, HERE)
        assert "Between $200 and $400 more money buys no more" in " ".join(frontier_text(found).split())
        assert "the best plan costs $168." in frontier_text(found)
        poor = replace(found, budgets=found.budgets[:2])
        assert "buys no more" not in frontier_text(poor)

    def test_a_ladder_that_costs_nothing_says_so(self, found):
        told = " ".join(frontier_text(replace(found, rungs=found.rungs[:1])).split())
        assert "Ladder: 1 nested plan; keeping the order costs nothing." in told

    def test_one_plan_and_one_step_are_told_as_one(self, found):
        broken = {"budget": 1.0, "status": "broken"}
        text = frontier_text(replace(found, trade_offs=found.trade_offs[:1], rungs=(found.rungs[0], broken)))
        told = " ".join(text.split())
        assert "Price of influence: one efficient plan, " in told
        assert "Ladder: 1 nested plan; " in told
        assert "1 step has no nested plan: see Ladder." in told

    def test_a_search_that_time_ended_says_so_on_the_terminal(self, found):
        ended = replace(found, budgets=({**found.budgets[0], "status": "time"}, *found.budgets[1:]))
        assert not any(line.endswith("  time") for line in frontier_text(found).splitlines())
        assert frontier_text(ended).splitlines()[2].endswith("  time")

    def test_a_campaign_that_saves_money_is_refused_in_a_sentence(self, small):
        saver = replace(small(), brief=replace(small().brief, objective="minimum cost"))
        with pytest.raises(InvalidInput, match="minimum cost looks for the least money"):
            frontier(saver, Asked(), TERMS, HERE)

    def test_packages_are_asked_too(self, small):
        offer = PackageRow("Both", ("A", "C"), (1.0, 1.0), 22.0)
        found = frontier(
            small(packages=(offer,)), Asked(points=2, trade_offs=2, ladder=(100.0, 60.0)), TERMS, HERE
        )
        assert all("value" in point for point in found.budgets)
        assert found.rungs[1]["cost"] <= 60.0

    def test_steps_fall_from_the_campaigns_own_budget(self):
        assert steps_of(200.0)[0] == 200.0
        assert steps_of(200.0)[-1] == 100.0
        assert len(steps_of(200.0)) == 11

    def test_a_rounded_budget_is_the_number_that_people_write(self):
        assert round_to(116.8, 116.8) == 116.8  # 1,168 tenths, in binary, are a little more

    def test_where_both_audiences_are_best_reached_alike_there_is_one_point(self):
        end = {"first": 5.0, "asked": 5.0, "plan": [1.0, 0.0]}
        assert not trade_tasks({"least": end, "last": end}, Asked(trade_offs=11))
