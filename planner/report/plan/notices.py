"""What a reader of a plan must know beside its figures, in sentences."""

import math

import numpy as np

from planner.campaign.units import how_many
from planner.formats import count_of, listed, money, money_left, month_of, percent
from planner.planning.model_error import points_text
from planner.planning.results import CustomersFirst, PlanResult, WeekFigures
from planner.planning.tables import BOUGHT
from planner.report.assumed import assumed
from planner.report.campaign.check_text import unquoted_lines

LONGEST_LIST, MOST_WEEKS, MOST_MOVED = 10, 4, 4
FAR_OFF = 0.1  # share of the GRP in other weeks than the flighting asks that is told


def customers_first_sentence(result: PlanResult) -> str:
    """What the plan keeps of the reach among customers, "" where customers first is off."""
    first = result.customers_first
    if first is None:
        return ""
    return (f"This plan reaches {percent(first.kept)} of customers, the best plan for them {percent(first.best)}"
            f"{_fewer(first, named=True)}; the floor is {percent(first.floor)}.")  # fmt: skip


def customers_in_short(result: PlanResult) -> str:
    """The same in one line; what +- is says the column Error where there is one."""
    first = result.customers_first
    if first is None:
        return ""
    fewer = _fewer(first, named=result.influence is None or not result.influence.compared)
    return (f"{percent(first.kept)} of customers are reached; the best plan for them reaches {percent(first.best)}"
            f"{fewer}; the floor is {percent(first.floor)}.")  # fmt: skip


def _fewer(first: CustomersFirst, named: bool) -> str:
    """By how many points a plan reaches fewer customers than the best for them; "" where no fewer. named: the model's
    own error is called so, where nothing beside it says what +- is."""
    fewer = 100 * (first.kept - first.best)
    if fewer > -0.005:
        return ""
    if named and first.reach_error >= 0.005:
        return f" ({points_text(fewer, 0.0)}; the model's own error: {first.reach_error:.2f})"
    return f" ({points_text(fewer, first.reach_error)})"


def composition_notice(result: PlanResult) -> str:
    """How many vehicles stand at the universe's share of influencers for want of a figure of their own."""
    rows = result.campaign.vehicles
    blank = how_many(row for row, none in zip(rows, result.vehicles.composition_blank, strict=True) if none)
    if not blank:
        return ""
    every = how_many(rows)
    influencer = sorted({trait.role for trait in result.campaign.traits} & {"catalyst", "expert"})
    what = " or ".join(influencer) or "influencer"
    verb = "has" if blank == 1 else "have"
    return f"{blank} of {count_of(every, 'vehicle')} {verb} no {what} figure; the universe's share is used instead."


def result_notices(result: PlanResult) -> tuple[str, ...]:
    """What a reader of the plan must know beside the figures."""
    return tuple(dict.fromkeys((*of_the_plan(result), *result.campaign.notices)))


def of_the_plan(result: PlanResult) -> list[str]:
    """What is assumed of the survey, and what this plan, not its campaign, asks to be told: never cut short."""
    quoted = " ".join(f"{text}." for text in unquoted_lines(result.campaign, "without a quoted price"))
    own = (
        _edited(result),
        all_bought(result),
        *calendar_notices(result),
        composition_notice(result),
        quoted,
    )
    return [*assumed(result.campaign), *filter(None, own)]


def _edited(result: PlanResult) -> str:
    """What a planner changed: insertions, where no sentence on what the edits cost says so, and weeks of vehicles that
    have as many as before."""
    told = []
    if result.edits and result.edit is None:
        told.append(f"Insertions edited by the planner: {listed(result.edits, LONGEST_LIST)}.")
    moved = _moved(result)
    if moved:
        told.append(f"Weeks edited by the planner: {listed(moved, MOST_MOVED)}.")
    return " ".join(told)


def _moved(result: PlanResult) -> list[str]:
    """Vehicles whose insertions, as many as before, stand in other weeks than they were optimised for."""
    weeks, before = result.weeks, result.optimised_weekly
    if weeks is None or before is None:
        return []
    told, differ = [], np.abs(weeks.insertions - before) > BOUGHT
    for place in np.flatnonzero(differ.any(axis=1)).tolist():
        name, now = result.campaign.vehicles[place].name, weeks.insertions[place]
        changed = [
            f"{now[week]:g} in {_week_name(weeks, week)}" for week in np.flatnonzero(differ[place]).tolist()
        ]
        if name not in result.edits:
            told.append(f"{name} ({listed(changed, MOST_WEEKS)})")
    return told


def _week_name(weeks: WeekFigures, week: int) -> str:
    """A week by its Monday, else as it is headed."""
    monday = weeks.mondays[week]
    return weeks.labels[week] if monday is None else f"{monday.day} {month_of(monday)}"


def calendar_notices(result: PlanResult) -> list[str]:
    """Weeks without insertions that the flighting asks some for, and a calendar far from it."""
    weeks = result.weeks
    if weeks is None or not result.vehicles.insertions.any():
        return []
    counts, asked = weeks.insertions.sum(axis=0), weeks.pattern > 0
    dark = [_week_name(weeks, week) for week in np.flatnonzero((counts <= BOUGHT) & asked).tolist()]
    told = []
    if dark:
        places = listed(dark, MOST_WEEKS)
        told.append(
            f"{len(dark)} of the {count_of(len(weeks.labels), 'week')} {'has' if len(dark) == 1 else 'have'} no "
            f"insertions, although the flighting asks for some: {places}."
        )
    return [
        *told,
        *_in_dark_weeks(result, weeks),
        *_off_pattern(weeks, result.is_edited, result.campaign.brief.currency),
    ]


def _in_dark_weeks(result: PlanResult, weeks: WeekFigures) -> list[str]:
    """Insertions in weeks for which the flighting asks nothing, and how such weeks are kept free."""
    standing = weeks.insertions[:, weeks.pattern <= 0] > BOUGHT
    lit = np.flatnonzero((weeks.insertions.sum(axis=0) > BOUGHT) & (weeks.pattern <= 0)).tolist()
    if not lit:
        return []
    names = [result.campaign.vehicles[place].name for place in np.flatnonzero(standing.any(axis=1)).tolist()]
    places = listed([_week_name(weeks, week) for week in lit], MOST_WEEKS)
    return [
        f"{len(lit)} of {count_of(standing.shape[1], 'week')} for which the flighting ({weeks.pattern_name}) asks "
        f"nothing {'has' if len(lit) == 1 else 'have'} insertions of {listed(names, MOST_WEEKS)}: {places}. (A row GRP "
        "at most on Weeks, with 0 in such weeks, keeps them free.)"
    ]


def _off_pattern(weeks: WeekFigures, edited: bool, currency: str) -> list[str]:
    """How far a calendar is from the flighting, where that is far, and that time ended the search for a nearer one."""
    told = []
    if weeks.off_pattern > FAR_OFF:
        dearer = _dearer_as_asked(weeks)
        why = ", because of vehicles' own weeks, limits or few insertions."
        if dearer > 0:
            why = (
                f": money buys most in the weeks with lower prices. Spread as the flighting asks, the same "
                f"insertions would cost {money(dearer, currency)} more. "
                "(To keep more in other weeks, write GRP at least on Weeks.)"
            )
        told.append(
            f"{percent(weeks.off_pattern)} of the calendar's GRP stand in other weeks than the flighting "
            f"({weeks.pattern_name}) asks for{'.' if edited or weeks.cut_short else why}"
        )
    if weeks.cut_short:
        told.append(
            "The time limit ended the search for a calendar; with more time one nearer to the flighting may be found."
        )
    return told


def _dearer_as_asked(weeks: WeekFigures) -> float:
    """Money by which what is bought would cost more where each vehicle stood as the flighting asks, at the weeks'
    prices; 0 where that is no reason for other weeks: it is under a hundredth of what is bought."""
    prices, bought = np.nan_to_num(weeks.unit_cost), weeks.insertions.sum(axis=1)
    paid = float((prices * weeks.insertions).sum())
    dearer = float(bought @ (prices @ weeks.pattern)) - paid
    return dearer if dearer > 0.01 * paid else 0.0


def all_bought(result: PlanResult) -> str:
    """The sentence; "" where something is left to buy, or no money is, or a planner changed the plan."""
    brief, vehicles = result.campaign.brief, result.campaign.vehicles
    bought: dict[str, float] = {}  # by vehicle, all its units
    for row, count in zip(vehicles, result.vehicles.insertions.tolist(), strict=True):
        bought[row.vehicle_name] = bought.get(row.vehicle_name, 0.0) + count
    left = money_left(brief.budget, result.cost)
    priced = [row for row in vehicles if row.unit_cost is not None and row.audience_000 > 0]
    open_ = any(bought[row.vehicle_name] < row.maximum - BOUGHT for row in priced)
    if open_ or not priced or result.is_edited or not 0 < left < math.inf:
        return ""
    return (
        f"Every vehicle stands at its maximum: {money(left, brief.currency)} of the budget buys nothing more."
    )
