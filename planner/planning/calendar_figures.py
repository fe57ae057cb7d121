"""A plan's weeks: when its insertions run, and what each week reaches."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.after.calendar import Laid, calendar, longest_gap
from models.after.wish import Wish, off_pattern
from models.arrays import FloatArray
from models.problem.certificate import Allocation
from models.rules.outcome import Outcome
from planner.campaign.bought import by_thousand
from planner.campaign.prepare import Prepared
from planner.campaign.week_rules import week_rules
from planner.campaign.weeks import availability_of, locked_of, pattern_of, spacing_of
from planner.formats import count_of
from planner.planning.results import RuleOutcome, WeekFigures
from planner.planning.week_tables import billed


def week_figures(
    prepared: Prepared, plan: FloatArray, weekly: FloatArray | None = None, seconds: float = 30.0
) -> WeekFigures | None:
    """The calendar of a plan (plan_size,), None where the campaign has none. weekly: as the planner has it;
    where it is not given, the calendar that follows the pattern best, of those found within `seconds`.

    Raises NoCalendar where none holds the plan, or none was found.
    """
    campaign, tariff = prepared.campaign, prepared.rulebook.tariff
    if campaign.calendar is None:
        return None
    pattern, name = pattern_of(campaign)
    locked, most = locked_of(campaign), np.array(availability_of(campaign))
    settled = np.where(np.isnan(locked), most, locked)
    gap, spacing = campaign.brief.longest_gap, tuple(spacing_of(campaign).values())
    steady = np.array([by_thousand(vehicle) for vehicle in campaign.vehicles], dtype=bool)
    wish = Wish(settled, pattern, prepared.rulebook.rating, np.nan_to_num(locked), gap, spacing, steady)
    laid = calendar(prepared.problem, plan, wish, seconds) if weekly is None else Laid(weekly)
    weekly = laid.weekly
    factor = np.ones_like(weekly) if tariff.factor is None else tariff.factor
    unit_cost = prepared.rulebook.cost[:, None] * factor
    columns = prepared.problem.columns
    standing = (
        columns.join(columns.insertions(plan), weekly, columns.packages_of(plan)) if columns.weeks else plan
    )
    spent = np.nan_to_num(tariff.spend(standing))
    points = prepared.rulebook.rating @ weekly
    reach, cumulative = _reach(prepared, weekly)
    return WeekFigures(
        labels=campaign.calendar.labels,
        mondays=campaign.calendar.mondays,
        insertions=weekly,
        unit_cost=unit_cost,
        cost=billed(weekly, unit_cost, spent).sum(axis=0),
        grp=points,
        audience="target",
        reach_share=reach,
        cumulative_share=cumulative,
        pattern=pattern,
        pattern_name=name,
        off_pattern=off_pattern(weekly, wish),
        cut_short=laid.cut_short,
    )


def gap_outcome(prepared: Prepared, weeks: WeekFigures | None) -> tuple[RuleOutcome, ...]:
    """How a calendar stands to the longest gap that the Brief allows; () where it says none."""
    brief = prepared.campaign.brief
    if weeks is None or brief.longest_gap is None:
        return ()
    slack = brief.longest_gap - longest_gap(weeks.insertions)
    text = f"at most {count_of(brief.longest_gap, 'week')} in a row without an insertion"
    cell = prepared.campaign.brief_cell("longest_gap")
    return (RuleOutcome(cell, text, slack >= 0, False, float(slack), "weeks"),)


def week_outcomes(prepared: Prepared, plan: FloatArray, weeks: WeekFigures | None) -> tuple[RuleOutcome, ...]:
    """Rules of single weeks that a calendar breaks, where weeks are not decided with the buy, so that the plan's own
    rules look at the whole flight alone."""
    columns, book = prepared.problem.columns, prepared.rulebook
    if weeks is None or columns.weeks or book.offered is None:
        return ()
    by_week = replace(columns, weeks=weeks.insertions.shape[1])
    outcome = Outcome(by_week.join(columns.insertions(plan), weeks.insertions, columns.packages_of(plan)))
    stated = week_rules(prepared.campaign, book.offered, replace(book.tariff, columns=by_week), book.rating)
    told = frozenset(prepared.problem.broken(plan))
    found = [(rule, cell) for rule, cell in stated if rule.id not in told and not rule.holds(outcome)]
    return tuple(
        RuleOutcome(cell, rule.broken_sentence(outcome), False, False, round(rule.slack(outcome), 6), rule.unit,
                    ids=(rule.id,), own=rule.of_vehicle is None)
        for rule, cell in found
    )  # fmt: skip


def in_calendars(
    prepared: Prepared, plans: Sequence[Allocation], seconds: float = 30.0
) -> tuple[list[Allocation], bool]:
    """Plans in the weeks that their calendars give them, their worth that of these weeks; as they are, where weeks
    are not decided with the buy. And whether time cut the first one's calendar short. seconds: for all of them."""
    if not prepared.problem.columns.weeks:
        return list(plans), False
    placed = {found.decision.tobytes(): found.decision for found in plans}
    short: list[bool] = []
    for key, plan in placed.items():
        weeks = week_figures(prepared, plan, seconds=seconds / len(placed))
        placed[key] = standing_in(prepared, plan, weeks)
        short.append(weeks is not None and weeks.cut_short)
    worth = prepared.problem.value if prepared.problem.objective.saves_money else None
    standing = [(found, placed[found.decision.tobytes()]) for found in plans]
    dated = [
        replace(found, plan=plan, value=worth(plan) if worth else found.value) for found, plan in standing
    ]
    return dated, short[0]


def standing_in(prepared: Prepared, plan: FloatArray, weeks: WeekFigures | None) -> FloatArray:
    """The plan (plan_size,) in the weeks of its calendar, which its prices depend on."""
    columns = prepared.problem.columns
    if weeks is None or not columns.weeks:
        return plan
    return columns.join(columns.insertions(plan), weeks.insertions, columns.packages_of(plan))


def _reach(prepared: Prepared, weekly: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Share of the target reached by each week alone, and by all weeks up to it."""
    people = prepared.people
    share = people.share_of(people.target)
    model, so_far = people.model, np.cumsum(weekly, axis=1)
    alone = [float(share @ model.reach_shares(week)) for week in weekly.T]
    together = [float(share @ model.reach_shares(week)) for week in so_far.T]
    return np.array(alone), np.array(together)
