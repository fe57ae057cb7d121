"""What earns a vehicle its place in a plan, or keeps it out: measured, then the strongest ground chosen.

A vehicle's insertions are worth, per unit of money,
    worth / money = contacts / money * in the target * own reach / contacts * unique * worth / people added
with  in the target = share of its contacts in the target;  own reach = people of the target it reaches alone;
unique = share of these that nothing else in the plan reaches;  people added = own reach * unique. Reach with and
without it comes from the exact model. Four of the factors are grounds that a planner knows: cheap (contacts per
money), target, unique, and worth (influencers). A bought vehicle's ground is the factor in which it is furthest
above the typical (median) bought one; of one left out, the factor in which its first insertion is furthest below the
typical last insertion bought. What is not about money comes first: no price, a rule, nobody it would add.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.after.binding import binding_rules
from models.arrays import BoolArray, FloatArray
from models.problem.problem import Problem
from models.rules.row import insertions_text
from models.rules.rule import Rule
from planner.campaign.bought import contacts_of
from planner.campaign.prepare import Prepared
from planner.explaining.explained import VehiclePrice
from planner.names import key
from planner.planning.figures import influencer_indices

Ground = Literal[
    "rule", "package", "unquoted", "barred", "nobody", "full", "cheap", "target", "unique", "worth"
]
FACTORS: tuple[Ground, ...] = ("cheap", "target", "unique", "worth")
_SHARES_MOST = 2  # vehicles named as sharing its audience
_NOBODY = 1e-9  # of the target: fewer people than this are none
_STANDS_OUT = 1.02  # times the typical figure; less is no ground


@dataclass(frozen=True)
class Reason:
    """Why one vehicle is in or out. Money in the campaign's currency, people in thousands.

    ground: the strongest; "" where nothing stands out. figure, typical: of the ground, for cheap money per thousand
    contacts, for target and unique shares (0..1), for worth the worth of one person added, or where `reach` is no part
    of the objective of one contact in the target. rule: in words with its
    cell, where one decides, or keeps some of what is bought though it is not the ground, or the package by which a
    vehicle without an upper price may be bought at any. added: people of the target that it adds (or would add), at
    added_cost each thousand.
    shared: where that keeps it out, the bought vehicles that reach most of its audience, with the share (0..1) of it
    that they reach.
    influencer_index: 100 = as in the universe, nan = none. besides: where a rule leaves no room, what else speaks most
    against it; figure and typical are of that.
    """

    price: VehiclePrice
    ground: Ground | Literal[""]
    figure: float
    typical: float
    rule: str
    added: float
    added_cost: float
    shared: tuple[tuple[str, float], ...]
    influencer_index: float
    reach: bool = True
    besides: Ground | Literal[""] = ""


@dataclass(frozen=True, eq=False)
class Measures:
    """Per vehicle, (n_vehicles,): the factors above for its insertions (or its first), nan where there are none.
    added: people (000) of the target. worth: on the plan's objective. money: what the insertions cost."""

    cheap: FloatArray
    target: FloatArray
    unique: FloatArray
    worth: FloatArray
    added: FloatArray
    gained: FloatArray
    money: FloatArray


@dataclass(frozen=True, eq=False)
class Standing:
    """A plan (n_vehicles,), its decision (plan_size,), and what is known of it: what all insertions of each vehicle do,
    and the last, and the ids of the rules that bind it, budgets aside."""

    prepared: Prepared
    plan: FloatArray
    decision: FloatArray
    whole: Measures
    last: Measures
    binding: Collection[str]


def measured(prepared: Prepared, decision: FloatArray) -> Standing:
    """What reasons of a plan (plan_size,) look at, whatever the prices."""
    problem = prepared.problem
    plan = problem.columns.insertions(decision)
    bought = plan > 0
    whole = measure(prepared, decision, np.where(bought, -plan, 1.0))
    last = measure(prepared, decision, np.where(bought, -np.minimum(plan, 1.0), 1.0))
    binding = binding_rules(problem, decision) if bought.any() else frozenset()
    return Standing(
        prepared, plan, decision, whole, last, binding - {budget.id for budget in problem.budgets}
    )


def find_reasons(standing: Standing, prices: Sequence[VehiclePrice]) -> tuple[Reason, ...]:
    """The strongest ground of every vehicle, in the campaign's order."""
    prepared, plan = standing.prepared, standing.plan
    bought, index = plan > 0, influencer_indices(prepared.people)
    found = []
    for j, price in enumerate(prices):
        measures = standing.whole if bought[j] else standing.last
        ground, rule = _settled(standing, price, j)
        figure = typical = float("nan")
        besides: Ground | Literal[""] = ""
        if not ground:
            ground, figure, typical = _strongest(measures, bought, j, _factors(price))
        elif ground == "full":
            besides, figure, typical = _strongest(measures, bought, j, _factors(price))
        shared = _shared(prepared, plan, j) if ground == "unique" and not bought[j] else ()
        cost = _ratio(measures.money, measures.added)[j]
        found.append(
            Reason(
                price,
                ground,
                figure,
                typical,
                rule,
                float(measures.added[j]),
                float(cost),
                shared,
                float(index[j]),
                prepared.problem.objective.counts_reach,
                besides,
            )
        )
    return tuple(found)


def measure(prepared: Prepared, decision: FloatArray, change: FloatArray) -> Measures:
    """What each vehicle of a plan (plan_size,) alone changes if its insertions change by `change` (n_vehicles,),
    negative = taken out."""
    people, problem = prepared.people, prepared.problem
    plan = problem.columns.insertions(decision)
    population = people.segments.population
    target = population * people.target
    size, rating = np.abs(change), people.model.audiences.contacts
    before, value = float(target @ people.model.reach_shares(plan)), problem.value(plan)
    n = len(plan)
    added, gained, own = np.zeros(n), np.zeros(n), np.zeros(n)
    for j in range(n):
        other = plan + change[j] * (np.arange(n) == j)
        alone = size[j] * (np.arange(n) == j)
        added[j] = abs(float(target @ people.model.reach_shares(other)) - before)
        gained[j] = abs(problem.value(other) - value)
        own[j] = float(target @ people.model.reach_shares(alone))
    contacts, inside = size * (population @ rating), size * (target @ rating)
    reach = problem.objective.counts_reach
    money = size * _paid(prepared, decision)
    return Measures(
        cheap=_ratio(contacts, np.where(contacts > 0, money, 0.0)),  # of no contacts, a thousand has no price
        target=_ratio(inside, contacts),
        unique=_ratio(added, own) if reach else np.full(n, np.nan),  # whoever else is met counts as much
        worth=_ratio(gained, added if reach else inside),
        added=added,
        gained=gained,
        money=money,
    )


def _paid(prepared: Prepared, decision: FloatArray) -> FloatArray:
    """(n_vehicles,) money for one insertion, of a bought vehicle on average as it is paid: discounts, packages, fixed
    cost and the prices of weeks included."""
    spent, plan = prepared.rulebook.tariff.spend(decision), prepared.problem.columns.insertions(decision)
    return np.where(plan > 0, spent / np.where(plan > 0, plan, 1.0), prepared.rulebook.cost)


def _package(prepared: Prepared, decision: FloatArray, j: int) -> str:
    """The packages that bring all insertions of a vehicle, with their cells; "" where some are bought singly."""
    tariff, columns = prepared.rulebook.tariff, prepared.problem.columns
    if not columns.packages or tariff.from_packages(decision)[j] < decision[j] - 1e-9:
        return ""
    chosen = columns.packages_of(decision) * tariff.in_packages[:, j] > 0
    return " and ".join(f"the package {tariff.packages[p].name}" for p in np.flatnonzero(chosen))


def _offered_in(prepared: Prepared, j: int) -> str:
    """The packages that hold a vehicle; "" where none does."""
    name = key(prepared.campaign.vehicles[j].name)
    held = [package for package in prepared.campaign.packages if name in map(key, package.vehicles)]
    return " and ".join(f"the package {package.name} ({package.cell})" for package in held)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    safe = np.isfinite(whole) & (whole > 0)
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=safe))


def _settled(standing: Standing, price: VehiclePrice, j: int) -> tuple[Ground | Literal[""], str]:
    """A ground that is not a matter of more or less, or ""; and the rule in words, or the package, or ""."""
    if price.bought:
        ground, rule = _settled_in(standing.prepared, standing.decision, j)
    else:
        ground, rule = _settled_out(standing, price, j)
    endless = price.price is not None and price.high is None
    return ground, rule or (_offered_in(standing.prepared, j) if endless else "")


def _settled_in(prepared: Prepared, decision: FloatArray, j: int) -> tuple[Ground | Literal[""], str]:
    """Of what is bought: a ground that is not a matter of more or less, and the rule behind it in words; "" where there
    is none. decision: (plan_size,)."""
    row, bought = prepared.campaign.vehicles[j], prepared.problem.columns.insertions(decision)[j]
    if row.locked is not None:
        return "rule", _own_rule(prepared, j)
    if row.asked_for:
        least = max(row.minimum, row.smallest_buy, float(row.must_buy))
        return ("rule" if bought <= least + 1e-9 else ""), _own_rule(prepared, j)
    package = _package(prepared, decision, j)
    return ("package", package) if package else ("", "")


def _settled_out(standing: Standing, price: VehiclePrice, j: int) -> tuple[Ground | Literal[""], str]:
    """The same of what is not bought."""
    prepared, last = standing.prepared, standing.last
    if _barred(prepared, j):
        return "barred", _own_rule(prepared, j)
    if last.gained[j] <= 0 or (
        prepared.problem.objective.counts_reach
        and last.added[j] <= _NOBODY * prepared.people.segments.population.sum()
    ):
        return "nobody", ""
    if prepared.campaign.vehicles[j].unit_cost is None:
        return "unquoted", ""
    full = _keeping_out(standing, price, j)
    return ("full" if full else ""), prepared.told_together(full)


def _keeping_out(standing: Standing, price: VehiclePrice, j: int) -> list[Rule]:
    """The rules without room for one insertion more: any, where no price would bring it in, else those that bind, of a
    vehicle that gains more per money than something bought."""
    prepared, decision, binding = standing.prepared, standing.decision, standing.binding
    if price.source == "never":
        return _full_rules(prepared, decision, j)
    if not binding or not _beats_typical(standing.last, prepared.problem.columns.insertions(decision), j):
        return []
    return [rule for rule in _full_rules(prepared, decision, j) if rule.id in binding]


def _barred(prepared: Prepared, j: int) -> bool:
    """Whether no insertion of a vehicle may be bought."""
    row = prepared.campaign.vehicles[j]
    return row.locked is not None or (row.maximum < 1 and prepared.campaign.brief.whole)


def _beats_typical(last: Measures, plan: FloatArray, j: int) -> bool:
    """Whether a vehicle gains more per money than the least that is bought."""
    rates = _ratio(last.gained, last.money)
    return bool(rates[j] > (np.nanmin(rates[plan > 0]) if (plan > 0).any() else np.inf))


def _own_rule(prepared: Prepared, j: int) -> str:
    """The limit of its own that holds a vehicle, in words with its cell."""
    row = prepared.campaign.vehicles[j]
    each = contacts_of([row])
    said = [
        (row.locked is not None, "locked", f"locked at {insertions_text(row.locked or 0, each)}"),
        (row.must_buy, "must_buy", "a must-buy"),
        (row.minimum > 0, "minimum", f"a minimum of {insertions_text(row.minimum, each)}"),
        (True, "maximum", f"at most {insertions_text(row.maximum, each)} may be bought"),
    ]
    attribute, text = next((attribute, text) for applies, attribute, text in said if applies)
    cell = prepared.campaign.cells.get(("Vehicles", row.name, attribute), "")
    return f"{text} ({cell})" if cell else text


def _full_rules(prepared: Prepared, decision: FloatArray, j: int) -> list[Rule]:
    """Rules beside the budget that set a most and would be broken by one insertion more, in whatever week."""
    problem = prepared.problem
    now = problem.outcome(decision)
    likely = [rule for rule in problem.rules if rule not in problem.budgets and _is_most(rule)]
    more = [problem.outcome(plan) for plan in _one_more(problem, decision, j)] if likely else []
    return [rule for rule in likely if not any(rule.holds(plan) for plan in more) and rule.holds(now)]


def _is_most(rule: Rule) -> bool:
    """Whether a rule sets a most: a minimum is never full, also where others' money makes a share of it too small."""
    rows = rule.known_rows
    return bool(rows) and rows[-1].sense == "<="


def _one_more(problem: Problem, decision: FloatArray, j: int) -> list[FloatArray]:
    """(plan_size,) plans with one insertion more of a vehicle: one for each week that has room for it."""
    columns = problem.columns
    places = np.array([columns.week(j, week) for week in range(columns.weeks)], dtype=np.int64)
    room = places[problem.system.upper[places] > decision[places]]
    found = []
    for place in room if len(room) else places:
        plan = decision.copy()
        plan[[j, place]] += 1.0
        found.append(plan)
    return found or [decision + (np.arange(len(decision)) == j)]


def _factors(price: VehiclePrice) -> Sequence[Ground]:
    """What may speak for or against a vehicle: of one that no price would bring in, not its price."""
    return FACTORS[1:] if price.source == "never" else FACTORS


def _strongest(
    measures: Measures, bought: BoolArray, j: int, factors: Sequence[Ground]
) -> tuple[Ground | Literal[""], float, float]:
    """The factor that speaks most for a bought vehicle, or most against one left out: its figure and the typical."""
    ratios: dict[Ground, float] = {}
    figures: dict[Ground, tuple[float, float]] = {}
    for factor in factors:
        values = getattr(measures, factor)
        typical = float(np.nanmedian(values[bought])) if np.isfinite(values[bought]).any() else np.nan
        if np.isfinite(values[j]) and typical > 0:
            ratios[factor] = (
                float(values[j]) / typical if bought[j] else typical / max(float(values[j]), 1e-300)
            )
            figures[factor] = (float(values[j]), typical)
    if not ratios:
        return "", float("nan"), float("nan")
    ground = max(ratios, key=lambda factor: ratios[factor])
    figure, typical = figures[ground]
    if ground == "cheap":  # told as money per thousand contacts
        figure, typical = 1 / figure, 1 / typical
    return (ground if ratios[ground] > _STANDS_OUT else ""), figure, typical


def _shared(prepared: Prepared, plan: FloatArray, j: int) -> tuple[tuple[str, float], ...]:
    """The other bought vehicles that reach most of this one's audience in the target, and which share of it."""
    model = prepared.people.model
    target = prepared.people.segments.population * prepared.people.target
    places = np.arange(len(plan))
    own = np.where(places == j, max(plan[j], 1.0), 0.0)
    reach = float(target @ model.reach_shares(own))
    if reach <= 0:
        return ()
    shares = {}
    for i in np.flatnonzero(plan > 0):
        if i != j:
            other = np.where(places == i, plan, 0.0)
            both = reach + float(target @ (model.reach_shares(other) - model.reach_shares(own + other)))
            shares[prepared.campaign.vehicles[int(i)].name] = both / reach
    most = sorted(shares.items(), key=lambda pair: -pair[1])[:_SHARES_MOST]
    return tuple(most)
