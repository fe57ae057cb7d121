"""What a scenario is asked, in a worker: its plan, certified, with the figures that a comparison tells.

    setup      people, reach and rules of the campaign, once a worker
    begin      a live programme with room for every budget, once a stretch
    ask        a scenario: its plan, starting from the one before, and its figures

An answer is plain: names, numbers, None. What varies from run to run is not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.programme.plans.completion import completed
from models.programme.relaxation import Relaxation
from models.reach.similar_plans import SimilarPlans
from planner.campaign.inputs import Campaign
from planner.campaign.population import with_audiences_of
from planner.campaign.prepare import Prepared, prepare
from planner.campaign.rule_rows import GoalRow
from planner.campaign.scenario import Mode
from planner.comparing.journal import Answer, insertions_by_name
from planner.comparing.runner import Task
from planner.planning.calendar_figures import in_calendars
from planner.planning.options import Clock, Options
from planner.planning.proof import proof_of, proof_text
from planner.planning.questions import Solved
from planner.planning.solve import Ask, with_impressions
from planner.planning.warm import answer, changed, relaxation_for


@dataclass(frozen=True, eq=False)
class Question:
    """A scenario as a worker is asked it. campaign: with its changes made. insertions: (n_vehicles,) of a fixed plan,
    weekly: (n_vehicles, n_weeks) where it says when; None where the best plan is sought, unless known: then they are a
    plan to start from. with_proof: whether the answer holds what a plan's workbook keeps."""

    campaign: Campaign
    mode: Mode = "best"
    insertions: FloatArray | None = None
    weekly: FloatArray | None = None
    with_proof: bool = False
    known: bool = False


@dataclass(frozen=True, eq=False)
class Ground:
    """What all scenarios of a sweep share. base: whose objective is the yardstick. widest: with the largest budget."""

    base: Prepared
    widest: Prepared
    options: Options


@dataclass(eq=False)
class Asking:
    """A stretch of scenarios at work. last: what the one before found."""

    ground: Ground
    relaxation: Relaxation | None
    last: Solved | None = None
    plans: SimilarPlans = field(default_factory=SimilarPlans)


def setup(base: Campaign, widest: Campaign, goals: tuple[GoalRow, ...], gap: float, seconds: float) -> Ground:
    """Make the base campaign ready. goals: of any scenario; figures of their audiences are told of every one. gap: of
    every plan. seconds: for one scenario at most."""
    prepared = prepare(base)
    prepared = replace(prepared, people=with_audiences_of(prepared.people, replace(base, goals=goals)))
    options = Options(gap, seconds, break_even=False, explain=True)
    return Ground(prepared, changed(prepared, widest), options)


def begin(ground: Ground) -> Asking:
    """A programme of its own, so that answers do not depend on what was asked before the stretch."""
    return Asking(ground, relaxation_for(ground.base, [ground.widest], ground.options.solver))


def ask(asking: Asking, task: Task) -> Answer:
    """A scenario's answer. Raises NoPlan, WorkbookError."""
    question: Question = task.data
    ground = asking.ground
    prepared = changed(ground.base, question.campaign)
    if question.mode == "fixed":
        assert question.insertions is not None
        plan = completed(prepared.problem, question.insertions, question.weekly)
        return {**_fixed(prepared, plan), **figures(prepared, ground.base, plan, asking.plans)}
    known = []
    if question.known:
        assert question.insertions is not None
        known = [completed(prepared.problem, question.insertions, question.weekly)]
    clock = Clock(ground.options.seconds, dated=question.campaign.calendar is not None)
    options = replace(ground.options, seconds=clock.left())
    solved = answer(prepared, asking.relaxation, asking.last, options, known)
    asking.last = solved
    if question.with_proof and solved.impressions is None:
        find = Ask(prepared, ground.options, Clock(ground.options.seconds), solved.relaxation, quick=True)
        solved = with_impressions(find, solved)
    if prepared.rulebook.tariff.factor is not None:
        (tailored,), _ = in_calendars(prepared, (solved.tailored,), clock.for_calendar())
        solved = replace(solved, tailored=tailored)
    plan = solved.tailored.decision
    found = {**_certificate(solved), **figures(prepared, ground.base, plan, asking.plans)}
    if question.with_proof:
        found["proof"] = proof_text(proof_of(prepared, solved, ground.options.gap, None))
    return found


def _certificate(solved: Solved) -> Answer:
    """How good a plan is proven to be."""
    found, objective = solved.tailored, solved.problem.objective
    sign = -1.0 if objective.saves_money else 1.0
    status = "time" if found.timed_out else "optimal" if found.optimal else "feasible"
    return {
        "status": status,
        "objective": objective.name,
        "value": sign * found.value,
        "bound": sign * found.bound if isfinite(found.bound) else None,
        "gap": found.gap if isfinite(found.bound) else None,
        "breaks": [],
    }


def _fixed(prepared: Prepared, plan: FloatArray) -> Answer:
    """A plan as it stands: nothing is known of a better one."""
    objective = prepared.problem.objective
    sign = -1.0 if objective.saves_money else 1.0
    breaks = [prepared.rule(broken).sentence() for broken in prepared.problem.broken(plan) if broken]
    return {
        "status": "broken" if breaks else "fixed",
        "objective": objective.name,
        "value": sign * prepared.problem.value(plan),
        "bound": None,
        "gap": None,
        "breaks": breaks,
    }


def figures(prepared: Prepared, base: Prepared, plan: FloatArray, plans: SimilarPlans) -> Answer:
    """What a plan (plan_size,) buys and does: in its own campaign, and by the base's yardstick."""
    campaign, rulebook, people = prepared.campaign, prepared.rulebook, prepared.people
    insertions = rulebook.columns.insertions(plan)
    spent = rulebook.tariff.spend(plan)
    names = [vehicle.name for vehicle in campaign.vehicles]
    bought = np.flatnonzero(insertions > 0)
    reach = people.model.reach_shares(insertions)
    budget = campaign.brief.budget
    cost = rulebook.spend(plan)
    return {
        "cost": cost,
        "budget": budget if isfinite(budget) else None,
        "base_value": base_value(base, names, insertions),
        "same_people": _same_people(prepared, base),
        "same_yardstick": _same_yardstick(prepared, base),
        "insertions": {names[j]: float(insertions[j]) for j in bought},
        "money": {names[j]: float(spent[j]) for j in bought},
        "packages": np.flatnonzero(rulebook.columns.packages_of(plan) > 0.5).tolist(),
        "weekly": _weekly(rulebook.columns.weekly(plan), names) if rulebook.columns.weeks else {},
        "audiences": _audiences(prepared, insertions, reach, cost, plans),
        "times": campaign.brief.effective_frequency,
        "earned_000": float(people.talk.contacts_told(reach).sum()),
    }


def _weekly(weekly: FloatArray, names: Sequence[str]) -> dict[str, list[float]]:
    """Insertions by week of each vehicle that has any."""
    return {name: row.tolist() for name, row in zip(names, weekly, strict=True) if row.any()}


def base_value(base: Prepared, names: Sequence[str], insertions: FloatArray) -> float | None:
    """What insertions (n_vehicles,) in vehicles of these names are worth by the base's objective, among the base's
    people, at the base's prices; None where the base has not all of them."""
    problem = base.problem
    own = [vehicle.name for vehicle in base.campaign.vehicles]
    counts = dict(zip(names, insertions.tolist(), strict=True))
    if any(name not in own for name, count in counts.items() if count):
        return None
    insertions = insertions_by_name(counts, own)
    if problem.objective.saves_money:
        return -problem.value(completed(problem, insertions))
    return problem.value(problem.columns.alone(insertions))


def _same_people(prepared: Prepared, base: Prepared) -> bool:
    return prepared.people.model is base.people.model


def _same_yardstick(prepared: Prepared, base: Prepared) -> bool:
    """Whether a scenario maximises what the base does: the same worth of the same people."""
    one, other = prepared.problem.objective, base.problem.objective
    earned = (one.earned.worth.shape, one.earned.hearing.shape) == (
        other.earned.worth.shape,
        other.earned.hearing.shape,
    )
    return (
        _same_people(prepared, base)
        and (one.name, one.saves_money) == (other.name, other.saves_money)
        and np.array_equal(one.segment_worth, other.segment_worth)
        and np.array_equal(one.insertion_worth, other.insertion_worth)
        and earned
        and np.array_equal(one.earned.worth, other.earned.worth)
        and np.array_equal(one.earned.hearing, other.earned.hearing)
        and prepared.campaign.brief.effective_frequency == base.campaign.brief.effective_frequency
    )


def _audiences(
    prepared: Prepared, insertions: FloatArray, reach: FloatArray, cost: float, plans: SimilarPlans
) -> list[Mapping[str, Any]]:
    """Reach, n+, frequency, rating points and their cost in every audience. The shares are 0..100."""
    people, times = prepared.people, prepared.campaign.brief.effective_frequency
    contacts = people.model.audiences.contacts @ insertions
    often = plans.effective_shares(people.model, insertions, times)
    found: list[Mapping[str, Any]] = []
    for name, mask in people.masks.items():
        share = people.share_of(mask)
        reached, heads, met = (float(share @ each) for each in (reach, contacts, often))
        found.append(
            {
                "name": name,
                "population_000": float(people.segments.population[mask].sum()),
                "reach_pct": 100 * reached,
                "effective_pct": 100 * met,
                "frequency": heads / reached if reached > 0 else 0.0,
                "grp": 100 * heads,
                "cpp": cost / (100 * heads) if heads > 0 else None,
            }
        )
    return found
