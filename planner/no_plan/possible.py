"""What arithmetic alone shows to be impossible, before any plan is sought."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

import numpy as np

from models.arrays import FloatArray
from models.conflict.conflict import SECONDS
from models.conflict.limits import demands_of
from models.problem.offer import most_of_columns, most_on_offer
from models.problem.problem import Problem
from models.programme.plans.feasible import feasible_plan
from models.rules.outcome import Outcome
from models.rules.row import insertions_text, number_text
from models.rules.rule import Limit, Rule
from models.rules.vehicle_limit import VehicleLimit
from models.rules.week_limit import WeekLimit
from planner.campaign.prepare import Prepared
from planner.campaign.weeks import Offered
from planner.errors import NoPlan
from planner.formats import cents, count_of, is_whole, listed, money
from planner.no_plan.no_plan import explanation_of, something_bought

_ROUNDING = 1e-9  # of the sums compared
_WEEKS_TOLD = 4
_TRIED = 20  # purchases tried before a programme is asked whether anything can be bought


def check_possible(prepared: Prepared, seconds: float = SECONDS) -> None:
    """Raises NoPlan where a sum says that there is no plan. seconds: for explaining why, 0 = not at all."""
    said = _dark_too_long(prepared)
    if said:
        raise NoPlan(said)
    for said, suspects in _impossible(prepared):
        raise NoPlan(said, explanation_of(prepared, seconds, suspects) if seconds else None)


def _dark_too_long(prepared: Prepared) -> str:
    """That nothing can be had in more weeks in a row than there may be without an insertion; "" where something can.
    (How long the gaps are is kept by the calendar, not by a rule: there is no other way out to be told.)"""
    offered, gap = prepared.rulebook.offered, prepared.campaign.brief.longest_gap
    calendar = prepared.campaign.calendar
    if offered is None or gap is None or calendar is None:
        return ""
    least = 1.0 if prepared.campaign.brief.whole else _ROUNDING  # insertions
    had = set(np.nonzero(_room_by_week(prepared, offered) >= least)[1].tolist())
    runs = [list(run) for lit, run in groupby(range(len(calendar.labels)), had.__contains__) if not lit]
    longest = max(runs, key=len, default=[])
    if len(longest) <= gap:
        return ""
    labels = listed([calendar.labels[week] for week in longest], _WEEKS_TOLD)
    return (
        f"At most {count_of(gap, 'week')} in a row may be without an insertion "
        f"({prepared.campaign.brief_cell('longest_gap')}), but nothing can be had in {count_of(len(longest), 'week')} "
        f"in a row: {labels}."
    )


def _room_by_week(prepared: Prepared, offered: Offered) -> FloatArray:
    """(n_vehicles, n_weeks) most insertions that can be had: on offer or locked there, within each limit of weeks."""
    room = np.where(np.isnan(offered.locked), np.array(offered.most), offered.locked)
    room[prepared.rulebook.buyable <= 0] = 0.0
    for rule in _most_in_weeks(prepared.problem):
        for week in rule.weeks:
            each, most = rule.each(week), np.full(len(room), np.inf)
            np.divide(rule.amount * (1 + _ROUNDING), each, out=most, where=each > 0)
            room[:, week] = np.minimum(room[:, week], most)
    return np.floor(room) if prepared.campaign.brief.whole else room


def _most_in_weeks(problem: Problem) -> list[WeekLimit]:
    """The most that weeks may hold."""
    return [rule for rule in problem.rules if isinstance(rule, WeekLimit) and rule.sense == "<="]


def _beyond_the_weeks(prepared: Prepared) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Vehicles of which more must be bought than each week's own limits leave room for."""
    offered, problem = prepared.rulebook.offered, prepared.problem
    if offered is None or not problem.columns.weeks:
        return
    room = _room_by_week(prepared, offered).sum(axis=1)
    limits = [rule.id for rule in _most_in_weeks(problem)]
    least = [rule for rule in problem.rules if isinstance(rule, VehicleLimit) and rule.sense == ">="]
    for rule in least:
        most = float(room[rule.vehicle])
        if rule.limit > most + _ROUNDING:
            left = insertions_text(most, rule.impressions) if most > 0 else "none"
            said = f"{rule.sentence()} ({prepared.cells[rule.id]}), but the limits of the weeks leave room for {left}."
            yield said, (rule.id, *limits)


def _impossible(prepared: Prepared) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What cannot be, the simplest first, and the rules that the sum is made of (all, if none are given)."""
    yield from ((said, ()) for said in _nothing_affordable(prepared))
    yield from _beyond_the_offer(prepared)
    yield from _beyond_the_weeks(prepared)
    yield from ((said, ()) for said in _goals_beyond_the_offer(prepared))
    yield from _minimums_beyond_the_budget(prepared)
    yield from ((said, ()) for said in _only_nothing(prepared))


def _nothing_affordable(prepared: Prepared) -> Iterator[str]:
    campaign = prepared.campaign
    cheapest = _cheapest_purchase(prepared)
    if cheapest is None:
        yield "No vehicle has a price and can be bought, so there is nothing to plan."
        return
    price, name = cheapest
    budget, cell = campaign.brief.budget, campaign.brief_cell("budget")
    if price > 0 and (budget <= 0 or (budget < price * (1 - 1e-12) and campaign.brief.whole)):
        currency, decimals = campaign.brief.currency, 0 if is_whole(budget) and is_whole(price) else 2
        stated = f"of {money(budget, currency, decimals)} ({cell})" if budget > 0 else f"({cell}) is 0 and"
        at = money(price, currency, decimals)
        yield f"The budget {stated} buys nothing: the least that can be bought is {name} at {at}."


def _cheapest_purchase(prepared: Prepared) -> tuple[float, str] | None:
    """The least money that buys anything, and what; None where nothing has a price."""
    tariff, buyable = prepared.rulebook.tariff, prepared.rulebook.buyable
    singly = tariff.cheapest() + tariff.fixed
    offers = [
        (float(singly[j]), vehicle.name)
        for j, vehicle in enumerate(prepared.campaign.vehicles)
        if tariff.cost[j] > 0 and buyable[j] > 0
    ]
    offers += [(package.price, f"the package {package.name}") for package in tariff.packages]
    return min(offers, default=None)


def _beyond_the_offer(prepared: Prepared) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Rules that ask for more than everything on offer gives; each with what limits the offer."""
    problem, most = prepared.problem, most_on_offer(prepared.problem)
    upper = most_of_columns(problem, most)
    for rule in (part for demand in demands_of(problem) for part in demand.parts if part.rows()):
        reached = _most_of(rule, upper)
        if reached is not None and reached < rule.limit - _ROUNDING * max(abs(rule.limit), 1.0):
            cell = prepared.cells[rule.id]
            said = (
                f"{rule.sentence()} ({cell}), but everything on offer gives {number_text(round(reached, 2))}."
            )
            yield said, (rule.id, *_limits_on(problem, rule))


def _limits_on(problem: Problem, rule: Rule) -> Iterator[str]:
    """Ids of the rules that say how much of a rule's vehicles there is."""
    columns = problem.columns
    members = {int(c) for c in rule.rows()[-1].columns if c < columns.vehicles}
    weekly = [int(c) for c in rule.rows()[-1].columns if columns.vehicles <= c]
    members |= {(c - columns.vehicles) // columns.weeks for c in weekly if columns.weeks}
    yield from (other.id for other in problem.rules if other.offers and other.of_vehicle in members)


def _goals_beyond_the_offer(prepared: Prepared) -> Iterator[str]:
    """Goals of reach that are above the reach of buying everything."""
    problem, most = prepared.problem, most_on_offer(prepared.problem)
    everything = Outcome(most, prepared.people.model)
    caps = [floor for floor in problem.floors if floor.contacts is not None]
    for floor in (goal for goal in problem.goals if goal not in caps):
        people = max(float(floor.people.sum()), 1e-300)
        short = -floor.slack(everything) * people
        if short > 1e-8 * floor.least:
            share = 100 * (floor.least - short) / people
            yield (
                f"{floor.sentence()} ({prepared.cells[floor.id]}), but everything on offer together "
                f"gives {share:.2f} %."
            )


def _most_of(rule: Limit, upper: FloatArray) -> float | None:
    """The most of what a rule asks for at least, None where it asks for a part of something, or for nothing."""
    row = rule.rows()[-1]
    if row.sense != ">=" or row.right != rule.limit or row.columns.max(initial=0) >= len(upper):
        return None  # a share: its row is a difference
    gives = row.coefficients > 0
    reached = float((row.coefficients[gives] * upper[row.columns[gives]]).sum())
    return reached if np.isfinite(reached) else None


def _minimums_beyond_the_budget(prepared: Prepared) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What must be bought in any case, at the least it can cost."""
    tariff, budget = prepared.rulebook.tariff, prepared.campaign.brief.budget
    least = prepared.problem.system.lower[: prepared.problem.n_vehicles]
    singly = ~tariff.in_packages.any(axis=0)  # in a package it may cost next to nothing
    needed = float((least * tariff.cheapest() + np.where(least > 0, tariff.fixed, 0.0))[singly].sum())
    # Of several vehicles sold only in packages one package may do; the dearest of their cheapest is needed.
    only = np.flatnonzero((least > 0) & (tariff.cost == 0) & ~singly)
    prices = np.array([package.price for package in tariff.packages])
    needed += max((float(prices[tariff.in_packages[:, j] > 0].min()) for j in only), default=0.0)
    if needed > budget * (1 + _ROUNDING):
        brief = prepared.campaign.brief
        needs, has = (money(amount, brief.currency, cents(needed, budget)) for amount in (needed, budget))
        said = f"Minimums, must-buys and locked insertions add up to {needs}; the budget is {has} "
        said += f"({prepared.campaign.brief_cell('budget')})."
        problem = prepared.problem
        asked = (rule.id for rule in problem.rules if rule.of_vehicle is not None and not rule.offers)
        yield said, (*(rule.id for rule in problem.budgets), *asked)


def _only_nothing(prepared: Prepared) -> Iterator[str]:
    """Rules that only a plan of nothing keeps leave no plan. (Rules that none keeps are found in solving.)"""
    problem = prepared.problem
    if not _keeps_rules(problem, np.zeros(problem.columns.plan_size)) or _one_purchase_keeps_rules(problem):
        return
    wanted = replace(problem, rules=(*problem.rules, something_bought(prepared)))
    if feasible_plan(wanted) is None:
        yield "These rules together leave nothing that can be bought."


def _one_purchase_keeps_rules(problem: Problem) -> bool:
    """Whether one purchase of one of the cheapest vehicles, in the first week that takes it, keeps every rule."""
    upper, cost, columns = problem.system.upper, problem.cost, problem.columns
    offered = np.flatnonzero((cost > 0) & (upper[: problem.n_vehicles] > 0))
    for vehicle in offered[np.argsort(cost[offered], kind="stable")][:_TRIED].tolist():
        plan = np.zeros(columns.plan_size)
        weeks = [columns.week(vehicle, week) for week in range(columns.weeks)]
        plan[[vehicle, *[column for column in weeks if upper[column] > 0][:1]]] = 1.0
        if _keeps_rules(problem, plan):
            return True
    return False


def _keeps_rules(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan (plan_size,) keeps bounds and rules; floors are not looked at."""
    inside = (plan <= problem.system.upper[: len(plan)] + _ROUNDING).all()
    inside = inside and (plan >= problem.system.lower[: len(plan)] - _ROUNDING).all()
    outcome = problem.outcome(plan)
    return bool(inside) and problem.consistent(plan) and all(rule.holds(outcome) for rule in problem.rules)
