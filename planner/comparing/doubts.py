"""The draws of a plan's stability: a campaign as other evidence might have given it, its best plan, and the plans
compared as they stand there.

A draw's random numbers depend on the seed, on what is drawn and on its number alone, so answers are the same for any
number of workers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.random import Generator

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.many.resampling import Surveys
from models.problem.certificate import Allocation
from models.problem.objectives import Earned, Objective
from models.problem.problem import Problem
from planner.campaign import assumptions
from planner.campaign.influence import parameters_of
from planner.campaign.inputs import Campaign
from planner.campaign.population import retuned
from planner.campaign.prepare import Prepared, objective_of, prepare
from planner.campaign.types import apart_in_surveys
from planner.comparing.desk import Answer, Desk, certified, figures, floor_of, reach_of
from planner.comparing.runner import Task
from planner.errors import WorkbookError
from planner.planning.questions import CUSTOMERS_FIRST, floored
from planner.planning.turning import with_assumption
from planner.planning.warm import answer, changed

SURVEY, ASSUMPTIONS, PRICES = "survey", "assumptions", "prices"
SOURCES = (SURVEY, ASSUMPTIONS, PRICES)
IN_HAND, ORDINARY, CUSTOMERS = "in hand", "ordinary", "most customers"
DRAWS = 40
_TRIES = 25  # draws that contradict themselves are drawn again, so many times


@dataclass(frozen=True)
class Doubt:
    """What is doubted. draws: of each source. seed: of all of them. prices: by what share a price may be off, 0 = none.
    sample: respondents of vehicles without a Sample size; None = they are taken as certain."""

    draws: int = DRAWS
    seed: int = 1
    prices: float = 0.1
    sample: float | None = None


def ask(desk: Desk, task: Task) -> Answer:
    """The answer to one question."""
    kinds: Mapping[str, Callable[[Desk, Any], Answer]] = {
        "base": _ask_base,
        SURVEY: _ask_survey,
        ASSUMPTIONS: _ask_assumptions,
        PRICES: _ask_prices,
        "set": _ask_set,
        "average": _ask_average,
        "valued": _ask_valued,
    }
    return kinds[task.data["kind"]](desk, task.data)


def _ask_base(desk: Desk, _: Any) -> Answer:
    solved = answer(desk.prepared, desk.relaxation, None, desk.options)
    plans = {IN_HAND: solved.tailored.decision.tolist(), ORDINARY: solved.ordinary.decision.tolist()}
    if solved.for_customers is not None:
        plans[CUSTOMERS] = solved.for_customers.decision.tolist()
    return {"plans": plans, "floor": floor_of(solved), **certified(solved.tailored)}


def random_of(doubt: Doubt, source: str, number: int, attempt: int = 0) -> np.random.Generator:
    """The random numbers of one draw."""
    return np.random.default_rng([doubt.seed, SOURCES.index(source), number, attempt])


def drawn_survey(desk: Desk, doubt: Doubt, number: int) -> Prepared:
    """The campaign of one survey; one that makes it impossible is drawn again. On respondents: as many of them, drawn
    with replacement."""
    prepared = desk.prepared
    people = prepared.campaign.respondents
    alike = apart_in_surveys(prepared.campaign, prepared.people.segments)
    surveys = Surveys(prepared.people.model, sample_sizes(prepared.campaign, doubt.sample), True, alike)
    for attempt in range(_TRIES):
        try:
            rng = random_of(doubt, SURVEY, number, attempt)
            if people is not None:
                return prepare(replace(prepared.campaign, respondents=people.resampled(rng)))
            return survey_draw(prepared, surveys, rng)
        except (WorkbookError, InvalidInput):
            continue
    raise InvalidInput(
        f"{_TRIES} surveys drawn contradicted themselves; the samples are too small to be drawn anew."
    )


def _ask_survey(desk: Desk, data: Any) -> Answer:
    return _anew(desk, drawn_survey(desk, data["doubt"], data["number"]), data["base"])


def _ask_prices(desk: Desk, data: Any) -> Answer:
    doubt = data["doubt"]
    rng = random_of(doubt, PRICES, data["number"])
    drawn = price_draw(desk.prepared.campaign, rng, doubt.prices)
    return _anew(desk, changed(desk.prepared, drawn), data["base"])


def _anew(desk: Desk, prepared: Prepared, base: Answer) -> Answer:
    """A campaign's best plan, and the plans compared as they stand there."""
    solved = desk.last = answer(prepared, desk.relaxation, desk.last, desk.options)
    best = _or_compared(solved.problem, solved.tailored, base)
    found = {**certified(best), **figures(prepared, best.decision)}
    return {**found, "plans": _valued(prepared, solved.problem, base)}


def _or_compared(problem: Problem, found: Allocation, base: Answer) -> Allocation:
    """What was found, with the plan in its place that is worth most of those compared that keep the rules. They are
    looked at last: a search ends at a plan that it begins with where that is within the gap, and draws would lean
    towards the plan in hand."""
    plans = [np.array(plan) for plan in base["plans"].values()]
    worth = [problem.value(plan) for plan in plans]
    for at in np.argsort(worth)[::-1]:
        if worth[at] <= found.value:
            break
        if not problem.broken(plans[at]):
            bound = max(found.bound, worth[at])
            insertions = problem.columns.insertions(plans[at])
            return replace(found, insertions=insertions, value=worth[at], bound=bound, plan=plans[at])
    return found


def _valued(prepared: Prepared, problem: Problem, base: Answer) -> Answer:
    """The plans compared: value, reach, cost, and whether they keep the rules there."""
    found = {}
    for name, listed in base["plans"].items():
        plan = np.array(listed)
        insertions = problem.columns.insertions(plan)
        found[name] = {
            "value": problem.value(plan),
            "reach": reach_of(prepared, insertions),
            "cost": prepared.rulebook.spend(plan),
            "keeps": not [rule for rule in problem.broken(plan) if rule != CUSTOMERS_FIRST],
        }
    return found


def _ask_assumptions(desk: Desk, data: Any) -> Answer:
    rng = random_of(data["doubt"], ASSUMPTIONS, data["number"])
    return _under(desk, dict(assumption_draw(desk.prepared.campaign, rng)), data["base"])


def _ask_set(desk: Desk, data: Any) -> Answer:
    return _under(desk, data["values"], data["base"])


def _under(desk: Desk, values: Mapping[str, float], base: Answer) -> Answer:
    """The best plan under other assumptions; people, prices and the floor of customers first are as they were."""
    problem, found = _best_by(desk, objective_under(desk.prepared, values), base)
    return {**found, "values": dict(values), "plans": _valued(desk.prepared, problem, base)}


def _best_by(desk: Desk, objective: Objective, base: Answer) -> tuple[Problem, Answer]:
    """The problem with another objective, and its best plan."""
    problem = replace(floored(desk.prepared, base["floor"]).problem, objective=objective)
    best = _or_compared(problem, desk.best(problem, ()), base)
    return problem, {**certified(best), **figures(desk.prepared, best.decision)}


def objective_under(prepared: Prepared, values: Mapping[str, float]) -> Objective:
    """The campaign's objective under other assumptions, over the same people."""
    campaign = with_values(prepared.campaign, values)
    return objective_of(campaign, retuned(prepared.people, campaign))


def _ask_average(desk: Desk, data: Any) -> Answer:
    """The plan best on average over the assumptions' draws: one programme, since people do not change."""
    doubt, campaign = data["doubt"], desk.prepared.campaign
    values = [assumption_draw(campaign, random_of(doubt, ASSUMPTIONS, n)) for n in range(doubt.draws)]
    objective = mean_objective([objective_under(desk.prepared, each) for each in values])
    problem, found = _best_by(desk, objective, data["base"])
    plans = {name: problem.value(np.array(plan)) for name, plan in data["base"]["plans"].items()}
    return {**found, "plans": plans}


def mean_objective(objectives: Sequence[Objective]) -> Objective:
    """Whose worth of a plan is the mean of theirs, exactly: segment worths averaged, listeners side by side."""
    n, first = len(objectives), objectives[0]
    segment = np.mean([each.segment_worth for each in objectives], axis=0)
    insertion = np.mean([each.insertion_worth for each in objectives], axis=0)
    told = [each.earned for each in objectives if len(each.earned.worth)]
    if not told:
        return replace(first, segment_worth=segment, insertion_worth=insertion)
    earned = Earned(
        np.vstack([each.hearing for each in told]), np.concatenate([each.worth for each in told]) / n
    )
    return replace(first, segment_worth=segment, insertion_worth=insertion, earned=earned)


def _ask_valued(desk: Desk, data: Any) -> Answer:
    """What candidates are worth in one survey, nan where they break a rule there."""
    problem = drawn_survey(desk, data["doubt"], data["number"]).problem
    plans = [np.array(plan) for plan in data["plans"]]
    worth = [problem.value(plan) if not problem.broken(plan) else None for plan in plans]
    return {"worth": worth, "plans": data["plans"]}


# --- what is drawn -----------------------------------------------------------------------------------

Values = Mapping[str, float]


# --- surveys --------------------------------------------------------------------------------------------


def sample_sizes(campaign: Campaign, size: float | None = None) -> FloatArray:
    """(n_vehicles,) respondents in each audience; `size` where none is stated, infinite without one."""
    stated = [size if row.sample_size is None else row.sample_size for row in campaign.vehicles]
    return np.array([np.inf if n is None else n for n in stated])


def survey_draw(prepared: Prepared, surveys: Surveys, rng: Generator) -> Prepared:
    """The campaign as another survey of the same size might have measured it. Raises WorkbookError where that is
    impossible."""
    people, campaign = prepared.people, prepared.campaign
    model = surveys.model_drawn(rng)
    segments = replace(people.segments, population=model.population)
    drawn = replace(people, segments=segments, model=model)
    times = (model.population @ model.audiences.rating) / np.maximum(
        people.model.population @ people.model.audiences.rating, 1e-300
    )
    vehicles = tuple(
        replace(row, audience_000=row.audience_000 * by)
        for row, by in zip(campaign.vehicles, times.tolist(), strict=True)
    )
    campaign = replace(campaign, vehicles=vehicles)
    return prepare(campaign, retuned(drawn, campaign))


def has_samples(campaign: Campaign) -> bool:
    """Whether any vehicle states the size of its sample, or the respondents themselves are known."""
    return campaign.respondents is not None or bool(np.isfinite(sample_sizes(campaign)).any())


# --- assumptions and prices -----------------------------------------------------------------------------


def ranges_of(campaign: Campaign) -> dict[str, tuple[float, float, float]]:
    """Low, used and high of every assumption that has a range."""
    named = zip(assumptions.TALK, parameters_of(campaign), strict=True)
    return {name: (row.low, row.used, row.high) for name, row in named if row.high > row.low}


def assumption_draw(campaign: Campaign, rng: Generator) -> Values:
    """A value for every assumption that has a range."""
    return {name: drawn_triangular(rng, *three) for name, three in ranges_of(campaign).items()}


def drawn_triangular(rng: Generator, low: float, used: float, high: float) -> float:
    """A value between low and high, most likely about the one used (which may lie beyond either)."""
    low, high = min(low, used), max(high, used)
    return float(rng.triangular(low, used, high)) if high > low else used


def assumption_sets(campaign: Campaign) -> dict[str, Values]:
    """The sets that plans are held against: as used, the presets, all low, all high."""
    ranges = ranges_of(campaign)
    sets: dict[str, Values] = {"as used": {}}
    for preset in assumptions.PRESETS:
        sets[preset] = {name: assumptions.TALK[name].taken(preset) for name in ranges}
    sets["all low"] = {name: low for name, (low, _, _) in ranges.items()}
    sets["all high"] = {name: high for name, (_, _, high) in ranges.items()}
    return sets


def with_values(campaign: Campaign, values: Values) -> Campaign:
    """The campaign under other assumptions."""
    for name, value in values.items():
        campaign = with_assumption(campaign, name, value)
    return campaign


def price_draw(campaign: Campaign, rng: Generator, spread: float) -> Campaign:
    """The campaign with every unit cost between (1 - spread) and (1 + spread) times what is quoted."""
    times = rng.uniform(1 - spread, 1 + spread, len(campaign.vehicles)).tolist()
    vehicles = tuple(
        row if row.unit_cost is None else replace(row, unit_cost=row.unit_cost * factor)
        for row, factor in zip(campaign.vehicles, times, strict=True)
    )
    return replace(campaign, vehicles=vehicles)
