"""How stable a plan is: other surveys of the same size, other assumptions, other prices, and what each plan regrets.

In each draw the campaign is another one that the same evidence might have given. The best plan is looked for anew, and
the plans compared (the one in hand, the ordinary one, the one of most customers) are valued as they are.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.problem.certificate import relative_gap
from models.programme.plans.completion import completed
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.comparing.desk import Answer, Sweep, Terms, asked_of
from planner.comparing.doubts import (
    ASSUMPTIONS,
    IN_HAND,
    ORDINARY,
    PRICES,
    SOURCES,
    SURVEY,
    Doubt,
    ask,
    assumption_sets,
    has_samples,
    objective_under,
    ranges_of,
)
from planner.comparing.runner import Task
from planner.planning.questions import floored, ordinary_problem
from planner.planning.turning import advantage_by

_STILL = 1e-9  # of its worth: a plan that moves less is not moved by an assumption
_CANDIDATES = 8  # plans held against all draws of the survey, beside those compared


@dataclass(frozen=True, eq=False)
class Stability:
    """plans: names -> (n_vehicles,) insertions of those compared. base: their figures as the campaign stands. draws:
    answers by source. swings: of each assumption. sets: names of the assumption sets, worth: (n_plans, n_sets) of every
    plan of `rivals` in each, best: (n_sets,) known. average: the plan best on average over the assumptions' draws;
    of_surveys: the same over the surveys', each None where there is none. untold: what was left out, and why."""

    campaign: Campaign
    prepared: Prepared
    terms: Terms
    doubt: Doubt
    plans: Mapping[str, FloatArray]
    base: Answer
    draws: Mapping[str, tuple[Answer, ...]]
    swings: tuple[Answer, ...]
    sets: tuple[str, ...]
    rivals: tuple[str, ...]
    worth: FloatArray
    best: FloatArray
    average: Answer | None
    of_surveys: Answer | None
    untold: tuple[str, ...]


def stability(
    campaign: Campaign, insertions: FloatArray | None, doubt: Doubt, terms: Terms, sweep: Sweep
) -> Stability:
    """How a plan stands in other surveys, assumptions and prices. insertions: (n_vehicles,) in hand, None = the best
    plan. Raises InvalidInput where there is nothing to doubt, NoPlan, WorkbookError."""
    refuse_unstable(campaign)
    put = partial(asked_of, campaign, ask, terms=terms, sweep=sweep)
    base = put([Task("base", {"kind": "base"})], what="the campaign")[0]
    if "plans" not in base:
        raise InvalidInput(f"The campaign has no plan to doubt. {base['reason']}")
    prepared = prepare(campaign)
    if insertions is not None:
        base = {**base, "plans": {**base["plans"], **in_hand(prepared, base, insertions)}}
    plans = {name: np.array(plan[: len(campaign.vehicles)]) for name, plan in base["plans"].items()}
    tasks, untold = _tasks(campaign, doubt, base)
    answers = dict(zip((task.key for task in tasks), put(tasks, what="draws"), strict=True))
    draws = {source: tuple(answers[t.key] for t in tasks if t.data["source"] == source) for source in SOURCES}
    mark = _mark(base, doubt)
    sets = {name: answers[f"set {name} {mark}"] for name in assumption_sets(campaign)}
    last = _last_tasks(draws, doubt, base)
    ended = dict(zip((task.key for task in last), put(last, what="plans best on average"), strict=True))
    average = ended.pop(f"average {mark}", None)
    rivals = _rivals(_keeping(prepared, base), sets, average)
    worth, best = _worth(prepared, sets, rivals)
    return Stability(
        campaign, prepared, terms, doubt, plans, base, draws, tuple(swings_of(prepared, plans)), tuple(sets),
        tuple(rivals), worth, best, average, _of_surveys(draws[SURVEY], list(ended.values()), base), untold,
    )  # fmt: skip


def in_hand(prepared: Prepared, base: Answer, insertions: FloatArray) -> dict[str, list[float]]:
    """The plan in hand (n_vehicles,), which is the ordinary plan too where it keeps all rules and reaches as many as
    the one found: a plan has no gain over one that is worse at its own aim."""
    plan = completed(prepared.problem, insertions)
    plain = ordinary_problem(floored(prepared, base["floor"]))
    as_good = plain.value(plan) >= plain.value(np.array(base["plans"][ORDINARY]))
    names = (IN_HAND, ORDINARY) if as_good and not plain.broken(plan) else (IN_HAND,)
    return dict.fromkeys(names, plan.tolist())


def refuse_unstable(campaign: Campaign) -> None:
    """Raises InvalidInput for objectives that have no value to compare by."""
    cell = campaign.brief_cell("objective")
    if campaign.brief.objective == "minimum cost":
        raise InvalidInput(
            f"{cell}: the objective minimum cost buys what meets the goals; stability asks how a plan's value stands, "
            "so choose another objective, such as influence or reach."
        )
    if campaign.brief.objective == "effective reach":
        raise InvalidInput(
            f"{cell}: the objective effective reach has no bound to hold plans against; stability asks for the best "
            "plan again and again, so choose another objective, such as influence or reach."
        )


# --- tasks ----------------------------------------------------------------------------------------------


def _tasks(campaign: Campaign, doubt: Doubt, base: Answer) -> tuple[list[Task], tuple[str, ...]]:
    """Every draw and set, and what is left out."""
    counts = {SURVEY: doubt.draws, ASSUMPTIONS: doubt.draws, PRICES: doubt.draws}
    untold = []
    if not has_samples(campaign) and doubt.sample is None:
        counts[SURVEY] = 0
        untold.append(
            "Survey error is left out: no vehicle has a Sample size. Fill that column of Vehicles, or give --sample."
        )
    if doubt.prices <= 0:
        counts[PRICES] = 0
    if not ranges_of(campaign):
        counts[ASSUMPTIONS] = 0
        untold.append("Assumptions are left out: none has a range on Influence.")
    shared = {"base": base, "doubt": doubt}
    mark = _mark(base, doubt)
    tasks = [
        Task(f"{source} {n} {mark}", {"kind": source, "source": source, "number": n, **shared})
        for source in SOURCES
        for n in range(counts[source])
    ]
    tasks += [
        Task(f"set {name} {mark}", {"kind": "set", "source": "set", "values": dict(values), **shared})
        for name, values in assumption_sets(campaign).items()
    ]
    return tasks, tuple(untold)


def _last_tasks(draws: Mapping[str, Sequence[Answer]], doubt: Doubt, base: Answer) -> list[Task]:
    """The programme of the assumptions' mean; the surveys' candidates, held against each of their draws."""
    shared, mark = {"base": base, "doubt": doubt}, _mark(base, doubt)
    tasks = []
    if draws[ASSUMPTIONS]:
        tasks.append(Task(f"average {mark}", {"kind": "average", **shared}))
    candidates = _candidates(draws[SURVEY], base)
    for n in range(len(draws[SURVEY])):
        tasks.append(
            Task(f"valued {n} {mark}", {"kind": "valued", "number": n, "plans": candidates, **shared})
        )
    return tasks


def _mark(base: Answer, doubt: Doubt) -> str:
    """What a question's key must hold beside its number: the plans compared, and what is doubted."""
    return sha256(json.dumps([base["plans"], repr(doubt)]).encode()).hexdigest()[:12]


def _candidates(draws: Sequence[Answer], base: Answer) -> list[list[float]]:
    """Plans to hold against every survey: those compared, and those that draws found best, the most frequent first."""
    found: dict[tuple[float, ...], int] = {}
    for draw in draws:
        if "plan" in draw:
            plan = tuple(draw["plan"])
            found[plan] = found.get(plan, 0) + 1
    often = sorted(found, key=lambda plan: -found[plan])[:_CANDIDATES]
    return [*base["plans"].values(), *(list(plan) for plan in often)]


# --- what follows ---------------------------------------------------------------------------------------


def _of_surveys(draws: Sequence[Answer], valued: Sequence[Answer], base: Answer) -> Answer | None:
    """The candidate best on average over the surveys, beside what no plan is worth more than on average."""
    known = [each for each in valued if "worth" in each]
    bounds = [draw["bound"] for draw in draws if "bound" in draw]
    mean = _mean_worth(known)
    if not bounds or np.isnan(mean).all():
        return None
    top = int(np.nanargmax(mean))
    bound = max(float(np.mean(bounds)), float(mean[top]))
    names = list(base["plans"])
    return {
        "plan": known[0]["plans"][top],
        "name": names[top] if top < len(names) else "",
        "value": float(mean[top]),
        "bound": bound,
        "gap": relative_gap(float(mean[top]), bound),
        "plans": {name: _known(mean[at]) for at, name in enumerate(names)},
        "candidates": len(mean),
    }


def _mean_worth(valued: Sequence[Answer]) -> FloatArray:
    """(n_candidates,) mean worth, nan of a plan that breaks a rule in some survey; (0,) where nothing is known."""
    worth = [[np.nan if value is None else value for value in each["worth"]] for each in valued]
    return np.array(worth).mean(axis=0) if worth else np.empty(0)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def swings_of(prepared: Prepared, plans: Mapping[str, FloatArray]) -> list[Answer]:
    """Per assumption what the plan is worth at its low and high, by the measure it acts on, and its advantage over the
    ordinary plan; the widest swing first; what moves nothing is left out. Both plans are held fixed."""
    campaign, people = prepared.campaign, prepared.people
    reach = people.model.reach_shares(plans[IN_HAND])
    ordinary, nothing = people.model.reach_shares(plans[ORDINARY]), np.zeros(len(reach))
    found: list[Answer] = []
    for name, (low, used, high) in ranges_of(campaign).items():
        worth = advantage_by(campaign, people, name, (reach, nothing))
        over = advantage_by(campaign, people, name, (reach, ordinary))
        three = (low, used, high)
        found.append(
            {
                "assumption": name,
                "values": list(three),
                "worth": [worth(value) for value in three],
                "advantage": [over(value) for value in three],
            }
        )
    moving = [each for each in found if np.ptp(each["worth"]) > _STILL * abs(each["worth"][1])]
    return sorted(moving, key=lambda each: -float(np.ptp(each["worth"])))


def _keeping(prepared: Prepared, base: Answer) -> dict[str, FloatArray]:
    """Insertions (n_vehicles,) of the plans compared that keep the campaign's rules: others are no better for costing
    more."""
    n, broken = prepared.problem.n_vehicles, prepared.problem.broken
    listed = {name: np.array(plan) for name, plan in base["plans"].items()}
    return {name: plan[:n] for name, plan in listed.items() if not broken(plan)}


def _rivals(
    plans: Mapping[str, FloatArray], sets: Mapping[str, Answer], average: Answer | None
) -> dict[str, FloatArray]:
    """Plans of the regret matrix, each once: those compared, the best of each set, the best on average."""
    named = dict(plans)
    named |= {f"best for {name}": np.array(each.get("insertions", ())) for name, each in sets.items()}
    named |= {} if average is None else {"best on average": np.array(average.get("insertions", ()))}
    found: dict[str, FloatArray] = {}
    for name, plan in named.items():
        if len(plan) and not any(np.array_equal(plan, other) for other in found.values()):
            found[name] = plan
    return found


def _worth(
    prepared: Prepared, sets: Mapping[str, Answer], rivals: Mapping[str, FloatArray]
) -> tuple[FloatArray, FloatArray]:
    """(n_plans, n_sets) worth, and (n_sets,) of the best found."""
    reach = {name: prepared.people.model.reach_shares(plan) for name, plan in rivals.items()}
    worth = np.zeros((len(rivals), len(sets)))
    for at, each in enumerate(sets.values()):
        objective = objective_under(prepared, each.get("values", {}))
        worth[:, at] = [objective.value(reach[name], plan) for name, plan in rivals.items()]
    found = [each.get("value", -np.inf) for each in sets.values()]
    return worth, np.maximum(np.array(found), worth.max(axis=0))
