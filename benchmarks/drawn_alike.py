"""The campaigns of benchmarks.drawn, each said in other ways: is the plan worth the same?

    python -m benchmarks.drawn_alike [--first 0] [--count 40] [--seconds 60]

Every sheet's rows in another order, money in a thousandth of the currency, people by the unit instead of by the
thousand: none of it may change what the best plan is worth by more than the gap, whether there is one, or, where the
same insertions are bought, whom they reach. Prints where one does.
"""

import argparse
from dataclasses import replace
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.random import Generator

from benchmarks.drawn import drawn
from models.errors import PlanningError
from planner.campaign.inputs import Campaign
from planner.campaign.rule_rows import GoalRow
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import PlanResult

Row = TypeVar("Row")
TIMES = 1000.0
SAME_REACH = 1e-6  # sums in another order


def in_other_order(campaign: Campaign, rng: Generator) -> Campaign:
    """The rows of every sheet shuffled."""

    def shuffled(rows: tuple[Row, ...]) -> tuple[Row, ...]:
        return tuple(rows[i] for i in rng.permutation(len(rows)))

    order = rng.permutation(len(campaign.composition_traits))
    sheets = ("vehicles", "traits", "media", "rules", "goals", "discounts", "packages", "overlaps", "pairs")
    return replace(
        campaign,
        composition_traits=tuple(campaign.composition_traits[i] for i in order),
        composition=shuffled(
            tuple(replace(row, shares=tuple(row.shares[i] for i in order)) for row in campaign.composition)
        ),
        **{sheet: shuffled(getattr(campaign, sheet)) for sheet in sheets},
    )


def in_other_money(campaign: Campaign) -> Campaign:
    """Everything costs so many times as much."""
    calendar = campaign.calendar
    if calendar is not None:
        limits = (
            replace(x, amount=x.amount * (TIMES if x.measure == "money" else 1)) for x in calendar.limits
        )
        calendar = replace(calendar, limits=tuple(limits))
    return replace(
        campaign,
        brief=replace(campaign.brief, budget=campaign.brief.budget * TIMES),
        vehicles=tuple(
            replace(row, unit_cost=None if row.unit_cost is None else row.unit_cost * TIMES,
                    fixed_cost=row.fixed_cost * TIMES)
            for row in campaign.vehicles
        ),
        rules=tuple(
            replace(row, at_least=_times(row.at_least), at_most=_times(row.at_most))
            if row.unit == "money"
            else row
            for row in campaign.rules
        ),
        discounts=tuple(
            replace(row, start=row.start * (TIMES if row.by == "money" else 1)) for row in campaign.discounts
        ),
        packages=tuple(replace(row, price=row.price * TIMES) for row in campaign.packages),
        calendar=calendar,
    )  # fmt: skip


def in_other_people(campaign: Campaign) -> Campaign:
    """So many times as many people, in the universe and everywhere."""

    def goal(row: GoalRow) -> GoalRow:
        limits = {"at_least": _times(row.at_least), "at_most": _times(row.at_most)}
        return replace(row, **limits) if row.measure == "impressions" else row

    return replace(
        campaign,
        brief=replace(campaign.brief, universe_000=campaign.brief.universe_000 * TIMES),
        vehicles=tuple(replace(row, audience_000=row.audience_000 * TIMES) for row in campaign.vehicles),
        goals=tuple(goal(row) for row in campaign.goals),
        pairs=tuple(replace(row, people_000=row.people_000 * TIMES) for row in campaign.pairs),
    )


def _times(amount: float | None) -> float | None:
    return None if amount is None else amount * TIMES


def planned(campaign: Campaign, options: Options) -> PlanResult | str:
    """The plan, or why there is none."""
    try:
        return make_plan(campaign, options)
    except PlanningError as error:
        return type(error).__name__


def apart(one: PlanResult | str, other: PlanResult | str, gap: float) -> str:
    """How two answers to the same question disagree; "" where they do not. The second may count more people."""
    if isinstance(one, str) or isinstance(other, str):
        kinds = [found if isinstance(found, str) else "a plan" for found in (one, other)]
        return "" if kinds[0] == kinds[1] else " and ".join(kinds)
    share = [found.value / found.campaign.brief.universe_000 for found in (one, other)]
    if one.minimises:
        share = [found.value / found.campaign.brief.budget for found in (one, other)]
    if abs(share[0] - share[1]) > max(gap, one.gap, other.gap) * max(share):
        return f"worth {share[0]:.6g} and {share[1]:.6g} a person or of the budget"
    bought = [dict(zip((v.name for v in found.campaign.vehicles), found.vehicles.insertions, strict=True))
              for found in (one, other)]  # fmt: skip
    reach = [{a.name: a.reach_share for a in found.audiences} for found in (one, other)]
    if bought[0] == bought[1] and any(abs(reach[0][name] - reach[1][name]) > SAME_REACH for name in reach[0]):
        return "the same insertions reach others"
    return ""


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each plan, at most")
    asked = parser.parse_args()
    options, wrong = Options(seconds=asked.seconds, break_even=False), 0
    for number in range(asked.first, asked.first + asked.count):
        campaign, had = drawn(number)
        ways = (
            campaign,
            in_other_order(campaign, np.random.default_rng(number)),
            in_other_money(campaign),
            in_other_people(campaign),
        )
        answers = [planned(way, options) for way in ways]
        for one, other in pairwise(answers):
            said = apart(one, other, options.gap)
            if said:
                wrong += 1
                print(f"{number:5}  {said}  {had}", flush=True)
    print(f"{asked.count} campaigns in 4 ways each, {wrong} times two of them disagree.")


if __name__ == "__main__":
    main()
