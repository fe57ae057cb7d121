"""Frontiers, ladders and least changes of a small campaign, and how they are told."""

import json
from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest

from models.errors import InvalidInput
from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import PackageRow, RuleRow
from planner.comparing.desk import Sweep, Terms
from planner.comparing.frontier import (
    Asked,
    Changed,
    frontier,
    half_of,
    never_less,
    round_to,
    steps_of,
    trade_tasks,
)
from planner.comparing.frontier_questions import with_changes
from planner.comparing.frontier_tables import change_notes, frontier_tables
from planner.planning.model_error import reach_difference_error, value_error
from planner.report.comparing.frontier import frontier_json, frontier_text
from planner.workbook.figures.frontier import CHART, SECOND, write_frontier

GAP = 1e-5
TERMS, HERE = Terms(GAP, 20.0), Sweep(workers=1)
LADDER = (100.0, 75.0, 50.0)


def every(campaign):
    """Every plan that keeps everything: its insertions, value and cost."""
    prepared = prepare(campaign)
    problem = prepared.problem
    found = []
    for counts in product(range(4), repeat=problem.n_vehicles):
        plan = np.array(counts, float)
        if not problem.broken(plan):
            found.append((plan, problem.value(plan)))
    return found


def best_of(campaign):
    return max(value for _, value in every(campaign))


@pytest.fixture(scope="module")
def found(small):
    asked = Asked(points=4, trade_offs=6, ladder=LADDER, change=Changed(budget=60.0, within=0.01))
    return frontier(small(), asked, TERMS, HERE)


def test_what_is_dropped_of_a_line_by_the_thousand_is_no_insertions(found):
    """The same ladder, were its first vehicle 100 thousand contacts a unit."""
    first, *others = found.campaign.vehicles
    lot = replace(first, bought_as="impressions", audience_000=100.0)
    told = replace(found, campaign=replace(found.campaign, vehicles=(lot, *others)))
    whole, parted = (frontier_json(one)["ladder"] for one in (found, told))
    units = [sum(d["insertions"] for d in rung["drops"] if d["vehicle"] == 0) for rung in found.rungs]
    assert sum(units) > 0
    assert [rung["dropped_000"] for rung in parted] == [100 * count for count in units]
    assert [rung["dropped"] for rung in parted] == [
        rung["dropped"] - count for rung, count in zip(whole, units, strict=True)
    ]
    assert {rung["dropped_000"] for rung in whole} == {0}


@pytest.mark.parametrize("key", ["plans", "drops", "change"])
def test_numbers_of_insertions_say_what_they_count_where_a_line_is_sold_by_the_thousand(key, found):
    first, *others = found.campaign.vehicles
    lot = replace(first, bought_as="impressions", audience_000=100.0)
    told = replace(found, campaign=replace(found.campaign, vehicles=(lot, *others)))
    (mixed,), (plain,) = ([one for one in frontier_tables(each) if one.key == key] for each in (told, found))
    counted = {row["vehicle"]: row["counted_in"] for row in mixed.records}
    assert counted.pop(first.name) == "100,000 impressions"
    assert set(counted.values()) == {"insertions"}
    assert "counted_in" not in plain.records[0]


class TestModelError:
    def test_it_stands_beside_every_difference(self, found, small):
        """Of each point to the one before and to its ordinary plan, of each step, of each rung to a plan made anew."""
        prepared = prepare(small())
        plans = [np.array(point["insertions"]) for point in found.budgets]
        told = [point["error"] for point in found.budgets[1:]]
        assert told == [value_error(prepared, a, b) for a, b in pairwise(plans)]
        assert max(told) > 0
        steps = [np.array(point["insertions"]) for point in found.trade_offs]
        told = [point["error"] for point in found.trade_offs[1:]]
        assert told == [
            reach_difference_error(prepared.campaign, prepared.people, a, b) for a, b in pairwise(steps)
        ]
        anew = dict(zip((point["budget"] for point in found.budgets), plans, strict=True))
        for rung in found.rungs:
            if "insertions" in rung:
                own = np.array(rung["insertions"])
                assert rung["error"] == value_error(prepared, own, anew[rung["budget"]])
                for last in rung["drops"][-1:]:
                    above = own.copy()
                    above[last["vehicle"]] += last["insertions"]
                    assert last["error"] == value_error(prepared, above, own) > 0
        assert any(rung.get("drops") for rung in found.rungs)
        tables = {table.key: table for table in frontier_tables(found)}
        points, ladder = tables["points"].records, tables["ladder"].records
        assert points[0]["error_per_1000"] is None
        assert points[1]["error_per_1000"] >= 0
        assert all(row["ordinary_error"] >= 0 for row in points)
        assert ladder[0]["error_share"] == 0  # the first rung is the plan itself


class TestCurve:
    def test_every_point_is_the_best_of_all_plans_within_its_certificate(self, found, small):
        for point in found.budgets:
            best = best_of(with_changes(small(), point["budget"], {}))
            assert best * (1 - GAP) <= point["value"] <= best * (1 + 1e-12)
            assert point["bound"] >= best * (1 - 1e-12)

    def test_more_money_never_buys_less_though_plans_are_made_to_a_gap(self, small):
        wide = frontier(small(), Asked(points=12, trade_offs=0), Terms(0.3, 20.0), HERE)
        values = [point["value"] for point in wide.budgets]
        assert values == sorted(values)
        poor, rich = wide.budgets[3], {**wide.budgets[-1], "value": 0.0}
        taken = never_less(prepare(small()), [poor, rich])[1]
        assert (taken["value"], taken["plan"]) == (poor["value"], poor["plan"])
        assert taken["gap"] == pytest.approx(1 - poor["value"] / rich["bound"])

    def test_a_smaller_budgets_plan_is_not_taken_where_it_breaks_a_rule(self, small):
        share = RuleRow("TV", "medium: TV", ("A", "B"), 0.9, None, "budget", cell="Rules!B2")
        prepared = prepare(small(rules=(share,)))
        point = {"value": 1.0, "bound": 2.0, "gap": 0.5, "floor": None, "plan": [3.0, 0.0, 0.0, 0.0]}
        point |= {"cost": 60.0, "reach": {}, "insertions": [3.0, 0.0, 0.0, 0.0]}
        poor = {**point, "budget": 100.0, "value": 1.5}
        rich = {**point, "budget": 200.0}
        assert never_less(prepared, [poor, rich])[1] is rich
        assert never_less(prepare(small()), [poor, rich])[1]["value"] == 1.5

    def test_the_campaigns_own_budget_is_among_them(self, found):
        assert [p["budget"] for p in found.budgets] == [50.0, 75.0, 100.0, 150.0, 200.0]

    def test_marginal_figures_are_differences_per_1000(self, found):
        table = frontier_tables(found)[0]
        keys = [column.key for column in table.columns]
        rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
        for before, row in pairwise(rows):
            per = (row["value"] - before["value"]) / (row["budget"] - before["budget"])
            assert row["value_per_1000"] == pytest.approx(1000 * per)
            assert row["least_per_1000"] <= row["value_per_1000"] <= row["most_per_1000"]

    def test_a_budget_without_a_plan_is_a_row_with_its_reason(self, small):
        dear = replace(small(), vehicles=(replace(small().vehicles[0], minimum=3.0), *small().vehicles[1:]))
        found = frontier(dear, Asked(points=4, trade_offs=0), TERMS, HERE)
        first = found.budgets[0]
        assert (first["budget"], first["status"]) == (50.0, "none")
        assert "costs less than $60." in first["reason"]  # three of 20
        assert "at most $50" in first["reason"]
        assert "3 insertions" in first["reason"]
        assert "value" in found.budgets[1]


class TestTradeOff:
    def test_points_are_those_of_which_no_plan_is_better_in_both(self, found, small):
        people = prepare(small()).people
        reach = [people.model.reach_shares(plan) for plan, _ in every(small())]
        both = [
            tuple(
                float(people.segments.population[people.masks[name]] @ r[people.masks[name]])
                for name in found.pair
            )
            for r in reach
        ]
        best = {p for p in both if not any(q != p and q[0] >= p[0] and q[1] >= p[1] for q in both)}
        assert found.pair == ("customers", "influencers")
        for point in found.trade_offs:
            # a tenth of the gap: to which trade-offs are searched
            assert any(
                abs(point["first"] - a) <= GAP * a and abs(point["second"] - b) <= GAP * b for a, b in best
            )
        assert len(found.trade_offs) >= 3

    def test_where_nobody_influences_there_is_no_price_of_influence(self, small):
        rows = tuple(replace(row, shares=row.shares[:1]) for row in small().composition)
        plain = small(traits=small().traits[:1], composition_traits=("customer",), composition=rows)
        found = frontier(plain, Asked(points=1), TERMS, HERE)
        assert not found.trade_offs
        assert found.untold.startswith("No trait is a catalyst's or an expert's")


class TestLadder:
    def test_each_rung_is_part_of_the_one_above_and_within_its_budget(self, found):
        above = np.array(found.rungs[0]["insertions"])
        assert [rung["budget"] for rung in found.rungs] == list(LADDER)
        for rung in found.rungs:
            assert (np.array(rung["insertions"]) <= above).all()
            assert rung["cost"] <= rung["budget"]
            assert rung["value"] <= rung["bound"] * (1 + 1e-12)
            above = np.array(rung["insertions"])

    def test_dropping_what_it_says_leads_from_rung_to_rung(self, found):
        plan = np.array(found.rungs[0]["insertions"])
        for rung in found.rungs[1:]:
            for drop in rung["drops"]:
                plan[drop["vehicle"]] -= drop["insertions"]
            assert plan.tolist() == rung["insertions"]

    def test_a_rung_that_breaks_a_rule_says_which(self, small):
        locked = RuleRow("TV", "TV", ("A", "B"), 4.0, None, "insertions", cell="Rules!B2")
        found = frontier(small(rules=(locked,)), Asked(points=0, ladder=(100.0, 75.0, 40.0)), TERMS, HERE)
        last = found.rungs[-1]
        assert last["status"] in ("none", "broken")
        assert "at least 4 insertions" in last["reason"]
        assert "Rules!B2" in last["reason"]


class TestLeastChange:
    def test_it_is_the_nearest_of_all_plans_that_are_worth_enough(self, found, small):
        change, after = found.change, with_changes(small(), 60.0, {})
        before = np.array(change["before"])
        good = [plan for plan, value in every(after) if value >= change["least"]]
        assert change["changes"] == min(np.abs(plan - before).sum() for plan in good)
        assert change["changes"] == change["fewest"]
        assert change["least"] == pytest.approx(0.99 * best_of(after), rel=2 * GAP)

    def test_insertions_and_impressions_are_told_apart(self, found):
        lines = found.campaign.vehicles
        by_thousand = replace(lines[0], bought_as="impressions", audience_000=1.0)
        campaign = replace(found.campaign, vehicles=(by_thousand, *lines[1:]))
        still = [0.0] * (len(lines) - 2)
        change = {
            **found.change, "before": [500.0, 2.0, *still], "changes": 203.0, "fewest": 203.0,
            "nearest": {"insertions": [700.0, 5.0, *still]},
            "best": {**found.change["best"], "insertions": [500.0, 4.0, *still]},
        }  # fmt: skip
        told = change_notes(replace(found, campaign=campaign, change=change))
        assert told[0].startswith(
            "3 insertions and 200k impressions changed; the best plan made anew changes 2 insertions. "
        )
        assert told[1].endswith("changes fewer, a thousand impressions counted as an insertion.")

    def test_the_nearest_plan_is_compared_with_the_one_made_anew(self, found):
        change = {
            **found.change,
            "value": 99.0,
            "best": {**found.change["best"], "value": 100.0},
            "error": 0.0,
        }
        assert change_notes(replace(found, change=change))[0].endswith(
            " The nearest plan is worth 1.00 % less than the plan made anew."
        )

    def test_a_new_price_and_a_plan_in_hand(self, small):
        before = (1.0, 1.0, 1.0, 1.0)
        asked = Asked(points=0, trade_offs=0, change=Changed(None, (("A", 60.0),), before, 0.02))
        change = frontier(small(), asked, TERMS, HERE).change
        after = with_changes(small(), None, {"A": 60.0})
        good = [plan for plan, value in every(after) if value >= change["least"]]
        assert change["before"] == list(before)
        assert change["changes"] == min(np.abs(plan - np.array(before)).sum() for plan in good)


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
        plan = [1.0, 0.0]
        ends = {"least": {"first": 5.0, "plan": plan}, "most": 5.0, "plan": plan}
        assert len(trade_tasks(ends, Asked(trade_offs=11))) == 1


def test_where_money_buys_half_is_told_beside_all_money_of_the_least_budget() -> None:
    """Each 1,000 of the first 200,000 brings 120, more 50: also where goals forbid buying nothing."""
    points = [(200_000, 24_000), (240_000, 26_000), (400_000, 33_000)]
    solved = [{"budget": budget, "value": value, "status": "optimal"} for budget, value in points]
    assert half_of(solved) == (200_000, 200_000)
    assert half_of(solved[:1]) is half_of([]) is None


def test_the_budget_that_half_is_told_beside_lies_on_the_hull() -> None:
    """100,000 buys 80 each 1,000, 200,000 buys 120, more 50: the first certified budget is not what is halved."""
    points = [(100_000, 8_000), (200_000, 24_000), (400_000, 33_000)]
    solved = [{"budget": budget, "value": value, "status": "optimal"} for budget, value in points]
    assert half_of(solved) == (200_000, 200_000)
