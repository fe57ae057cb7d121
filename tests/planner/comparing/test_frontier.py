"""Frontiers, ladders and least changes of a small campaign."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from planner.campaign.prepare import prepare
from planner.campaign.rule_rows import GoalRow, RuleRow
from planner.comparing.candidates import never_less, undominated, with_best
from planner.comparing.desk import Terms
from planner.comparing.frontier import (
    Asked,
    Changed,
    frontier,
    half_of,
    nothing_between,
)
from planner.comparing.frontier_questions import with_changes
from planner.comparing.frontier_tables import change_notes, frontier_tables
from planner.planning.model_error import reach_difference_error, value_error
from planner.report.comparing.frontier import frontier_json, frontier_text
from tests.planner.comparing.frontiers import GAP, HERE, LADDER, TERMS, best_of, every


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

    def test_no_point_is_worth_less_than_the_plan_in_hand_where_that_can_be_paid(self, small):
        wide, (best, value) = Terms(0.3, 20.0), max(every(small()), key=lambda each: each[1])
        alone = frontier(small(), Asked(points=4, trade_offs=0), wide, HERE)
        own = next(point for point in alone.budgets if point["budget"] == alone.own)
        assert own["value"] < value  # made to a gap of 30 %
        held = frontier(small(), Asked(points=4, trade_offs=0, in_hand=tuple(best)), wide, HERE)
        for point in held.budgets:
            assert (point["value"] >= value) == (point["budget"] >= held.own)
            assert point["value"] <= point["bound"]
            assert point["gap"] == pytest.approx(1 - point["value"] / point["bound"])

    def test_the_least_change_is_told_beside_the_best_plan_known_of_its_budget(self, found):
        change, points = found.change, found.budgets
        assert with_best(change, points) == change
        better = {**points[0], "budget": change["budget"], "value": 1e6, "insertions": [9.0, 0.0, 0.0, 0.0]}
        told = with_best(change, [better])
        assert told["best"]["value"] == 1e6
        assert told["best"]["bound"] == change["best"]["bound"]
        assert told["best_changes"] == np.abs(np.subtract([9.0, 0.0, 0.0, 0.0], change["before"])).sum()
        assert with_best({**change, "value": 2e6}, [better])["best"]["value"] == 2e6

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

    def test_demands_that_no_budget_meets_are_told_at_every_budget(self, small):
        """Three of each of four reach far less than all customers."""
        goal = GoalRow("customers", "reach", 0.999, cell="Goals!C2")
        found = frontier(small(goals=(goal,)), Asked(points=3, trade_offs=0), TERMS, HERE)
        assert len(found.budgets) == 4
        for point in found.budgets:
            assert point["status"] == "none"
            assert "Goals!C2" in point["reason"]
            assert "costs at most" not in point["reason"]
        assert "another 1,000" not in frontier_text(found)


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

    def test_no_plan_that_is_known_reaches_more_of_both(self, small):
        """Points to a gap of 30 % of most of the time lie below the best plan of all, which is in hand."""
        best = max(every(small()), key=lambda each: each[1])[0]
        wide = frontier(small(), Asked(points=4, trade_offs=6, in_hand=tuple(best)), Terms(3.0, 20.0), HERE)
        (own,) = (point for point in wide.budgets if point["budget"] == wide.own)
        assert own["plan"] == best.tolist()
        reached = [own["reach"][name] for name in wide.pair]
        for step in wide.trade_offs:
            mine = [step["reach"][name] for name in wide.pair]
            assert mine == pytest.approx(reached, rel=1e-9) or any(
                a > b for a, b in zip(mine, reached, strict=True)
            )

    def test_a_known_plan_takes_the_place_and_the_bounds_of_a_point_below_it(self, small):
        prepared, pair = prepare(small()), ("customers", "influencers")
        people = prepared.people
        first, second = (float(people.segments.population @ people.masks[name]) for name in pair)
        plan = [1.0, 1.0, 1.0, 1.0]
        known = {"plan": plan, "insertions": plan, "value": 1.0, "cost": 56.0}
        known |= {"reach": dict(zip(pair, (0.4, 0.3), strict=True))}
        step = {"first": 0.39 * first, "second": 0.3 * second, "status": "time", "gap": 0.5}
        step |= {"most_first": 0.41 * first, "most_second": 0.32 * second, "plan": [0.0] * 4}
        beside = {**step, "first": 0.41 * first}  # reaches more of one
        told, other = undominated(prepared, [step, beside], [known], pair, 0.1)
        assert other is beside
        assert (told["plan"], told["status"]) == (plan, "optimal")
        assert told["gap"] == pytest.approx(1 - 0.3 / 0.32)  # wider than 1 - 0.4 / 0.41
        dear = {**known, "plan": [3.0] * 4}  # breaks the budget
        assert undominated(prepared, [step], [dear], pair, 0.1) == [step]

    def test_where_nobody_influences_there_is_no_price_of_influence(self, small):
        rows = tuple(replace(row, shares=row.shares[:1]) for row in small().composition)
        plain = small(traits=small().traits[:1], composition_traits=("customer",), composition=rows)
        found = frontier(plain, Asked(points=1), TERMS, HERE)
        assert not found.trade_offs
        assert found.untold.startswith("No trait is a catalyst's or an expert's")

    @pytest.mark.parametrize(("apart", "few"), [(0.9, True), (1.1, False)])
    @pytest.mark.parametrize("audience", ["first", "second"])
    def test_nothing_is_asked_between_ends_nearer_to_each_other_than_the_models_error(
        self, small, audience, apart, few
    ):
        prepared = prepare(small())
        plans = [3.0, 0.0, 1.0, 0.0], [2.0, 2.0, 0.0, 0.0]
        error = reach_difference_error(prepared.campaign, prepared.people, *map(np.array, plans))
        same = {"first": 10.0, "second": 10.0, "most_first": 10.0, "most_second": 10.0}
        one, other = ({**same, "insertions": plan} for plan in plans)
        end = other if audience == "first" else one  # a bound, which may lie beyond the plan found
        end[f"most_{audience}"] += 10 * apart * error
        ends = {"least": one, "last": other}
        assert error > 0
        assert bool(nothing_between(prepared, ends, Asked())) is few
        assert not nothing_between(prepared, ends, Asked(trade_offs=11))  # who asks for so many is told them

    def test_ends_alone_are_two_points_of_the_curve_and_the_reason_is_told(self, small):
        shares = ((0.32, 0.15), (0.30, 0.17), (0.30, 0.15), (0.28, 0.15))
        rows = zip(small().composition, shares, strict=True)
        alike = small(composition=tuple(replace(row, shares=own) for row, own in rows))
        few, many = (frontier(alike, Asked(points=1, trade_offs=count), TERMS, HERE) for count in (None, 11))
        assert len(few.trade_offs) == 2
        assert [point["plan"] for point in few.trade_offs] == [many.trade_offs[at]["plan"] for at in (0, -1)]
        assert few.why_few
        assert not many.why_few
        (told,) = (table.notes for table in frontier_tables(few) if table.key == "steps")
        assert few.why_few in told
        assert few.why_few in " ".join(frontier_text(few).split())
        assert frontier_json(few)["trade_off"]["why_few"] == few.why_few


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
