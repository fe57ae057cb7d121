"""Scenarios of one campaign, or several finished plans, asked and set side by side."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from math import inf, isfinite
from time import monotonic
from typing import Any

import numpy as np

from models.arrays import FloatArray
from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.campaign.rule_rows import GoalRow
from planner.campaign.scenario import Scenario
from planner.comparing.asking import Question, ask, begin, setup
from planner.comparing.desk import Sweep, Terms
from planner.comparing.journal import Answer, insertions_by_name, weekly_by_name
from planner.comparing.runner import Task
from planner.comparing.verdicts import PairVerdict, pair_verdicts
from planner.names import key

FORM = 1  # of an answer: another one is not read from a journal
_ROUNDING = 1e-12  # of a value: no less


@dataclass(frozen=True)
class Asked:
    """A scenario with its campaign. insertions: (n_vehicles,) and weekly (n_vehicles, n_weeks) of a fixed plan."""

    scenario: Scenario
    campaign: Campaign
    insertions: FloatArray | None = None
    weekly: FloatArray | None = None


@dataclass(frozen=True, eq=False)
class Comparison:
    """Scenarios and what they answered, in one order. base: the place of the one that others are held against;
    prepared: its campaign. pairs: their verdicts. run: what varies from run to run."""

    scenarios: tuple[Scenario, ...]
    campaigns: tuple[Campaign, ...]
    answers: tuple[Answer, ...]
    base: int
    prepared: Prepared
    pairs: tuple[PairVerdict, ...]
    gap: float
    run: Mapping[str, Any] = field(default_factory=dict)

    @property
    def why_base(self) -> str:
        """Why a base that nobody marked is not the first scenario, in a sentence; "" where it is, or is marked."""
        if self.base == 0 or any(each.base for each in self.scenarios):
            return ""
        first, base = self.scenarios[0].name, self.scenarios[self.base].name
        return f"{base} is the base, the first that has a plan: {first} has none."

    @property
    def found(self) -> list[int]:
        """The places of scenarios that have a plan."""
        return [at for at, answer in enumerate(self.answers) if "cost" in answer]

    def reach_pct(self, at: int, audience: str) -> float:
        """Percent of an audience that the plan of the scenario at a place reaches."""
        found = next(each for each in self.answers[at]["audiences"] if each["name"] == audience)
        return float(found["reach_pct"])


def compare_scenarios(
    asked: Sequence[Asked], ground: Campaign, terms: Terms, sweep: Sweep, with_plans: bool = False
) -> Comparison:
    """Ask every scenario and judge every pair. ground: the campaign that scenarios are changes of. terms: of each
    scenario. with_plans: whether answers hold what plan workbooks keep. Raises WorkbookError where the base campaign is
    impossible."""
    started = monotonic()
    at = next((place for place, each in enumerate(asked) if each.scenario.base), None)
    base, widest = asked[at or 0].campaign, _widest(asked)
    goals = _goals(asked, base)
    put = partial(
        sweep.run,
        setup=partial(setup, base, widest, goals, terms.gap, terms.seconds),
        ask=ask,
        begin=begin,
        fingerprint=_fingerprint((ground, base, widest), goals, terms, with_plans),
    )
    answers = put([_task(each, with_plans) for each in asked], what="scenarios")
    answers = _never_less(asked, answers, with_plans, put)
    sweep.progress("verdicts")
    at = _unmarked(asked, answers) if at is None else at
    prepared = prepare(asked[at].campaign)
    return Comparison(
        tuple(each.scenario for each in asked),
        tuple(each.campaign for each in asked),
        answers,
        at,
        prepared,
        pair_verdicts(prepared, answers, at),
        terms.gap,
        {"seconds": round(monotonic() - started, 1), "workers": sweep.workers, "cluster": sweep.cluster},
    )


def _unmarked(asked: Sequence[Asked], answers: Sequence[Answer]) -> int:
    """The place of the base where none is marked: the first, or of those that differ from it by their budget only, by
    which nothing is valued, the first that has a plan."""
    first = _but_for_budget(asked[0].campaign)
    alike = (
        at
        for at, each in enumerate(asked)
        if "cost" in answers[at] and _but_for_budget(each.campaign) == first
    )
    return next(alike, 0)


def _but_for_budget(campaign: Campaign) -> str:
    return campaign_fingerprint(replace(campaign, brief=replace(campaign.brief, budget=0.0)), 0.0)


def _never_less(
    asked: Sequence[Asked],
    answers: Sequence[Answer],
    with_plans: bool,
    put: Callable[..., tuple[Answer, ...]],
) -> tuple[Answer, ...]:
    """The answers, where more money is never worth less, and no best plan less than one that is given: plans are made
    to a gap only, so a scenario is asked again from the plan of the same one with less money where that is worth more.
    It need not keep what is asked here (more money may reach more customers, of whom a share is kept); then the answer
    stays."""
    found, tried = list(answers), set[tuple[int, int]]()
    ladders = _by_budget(asked, found)
    while again := [pair for pair in _less(ladders, asked, found) if pair not in tried]:
        tried.update(again)
        tasks = [_task_from(asked[at], found[before], with_plans) for at, before in again]
        for (at, _), other in zip(again, put(tasks, what="scenarios again"), strict=True):
            if _worth(other) > _worth(found[at]):
                found[at] = other
    return tuple(found)


def _by_budget(asked: Sequence[Asked], answers: Sequence[Answer]) -> list[list[int]]:
    """The places of scenarios that differ by their budget only and have a plan that keeps the rules, budgets rising;
    given plans before the best."""
    alike: dict[str, list[int]] = {}
    for at, each in enumerate(asked):
        if "value" in answers[at] and answers[at]["status"] != "broken":
            alike.setdefault(_but_for_budget(each.campaign), []).append(at)

    def by_budget(at: int) -> tuple[float, bool]:
        return asked[at].campaign.brief.budget, asked[at].scenario.mode != "fixed"

    return [sorted(places, key=by_budget) for places in alike.values()]


def _less(
    ladders: Sequence[Sequence[int]], asked: Sequence[Asked], answers: Sequence[Answer]
) -> list[tuple[int, int]]:
    """Scenarios that look for a plan and are worth less than one of no more money: their places, and that one's."""
    found = []
    for places in ladders:
        best = places[0]
        for at in places[1:]:
            mine, known = _worth(answers[at]), _worth(answers[best])
            if known <= mine + _ROUNDING * abs(mine):
                best = at
            elif asked[at].scenario.mode != "fixed":
                found.append((at, best))
    return found


def _worth(answer: Answer) -> float:
    """What a plan is worth by its own objective: the less money the more where that is saved."""
    if "value" not in answer:
        return -inf
    value = float(answer["value"])
    return -value if answer["objective"] == "minimum cost" else value


def _widest(asked: Sequence[Asked]) -> Campaign:
    """The campaign with the largest budget there is: its programme has room for the others."""
    limited = [each.campaign for each in asked if isfinite(each.campaign.brief.budget)]
    return max(limited or [asked[0].campaign], key=lambda campaign: campaign.brief.budget)


def _goals(asked: Sequence[Asked], base: Campaign) -> tuple[GoalRow, ...]:
    """A goal for each audience of the base's people that goals of any scenario name."""
    words = _words(base)
    known = (goal for each in asked if _words(each.campaign) == words for goal in each.campaign.goals)
    return tuple({goal.audience: goal for goal in known}.values())


def _words(campaign: Campaign) -> tuple[object, ...]:
    """What audiences are made of."""
    return campaign.brief.category, campaign.audiences, tuple((row.name, row.role) for row in campaign.traits)


def _fingerprint(
    campaigns: Sequence[Campaign], goals: Sequence[GoalRow], terms: Terms, with_plans: bool
) -> str:
    """Of all that answers depend on beside the scenario."""
    parts = [campaign_fingerprint(each, terms.gap) for each in campaigns]
    parts += [goal.audience for goal in goals]
    return sha256(repr((FORM, *parts, terms.seconds, with_plans)).encode()).hexdigest()


def _task_from(asked: Asked, other: Answer, with_plans: bool) -> Task:
    """The question again, from the plan of another answer."""
    names = [vehicle.name for vehicle in asked.campaign.vehicles]
    insertions, weekly = other["insertions"], other["weekly"]
    own = insertions_by_name(insertions, names), weekly_by_name(weekly, names)
    question = Question(asked.campaign, asked.scenario.mode, *own, with_plans, known=True)
    plan = sha256(repr((insertions, weekly)).encode()).hexdigest()[:16]
    return Task(f"{_key(asked)} from {plan}", question)


def _task(asked: Asked, with_plans: bool) -> Task:
    question = Question(asked.campaign, asked.scenario.mode, asked.insertions, asked.weekly, with_plans)
    return Task(_key(asked), question)


def _key(asked: Asked) -> str:
    """The same for the same scenario: its name, what it changes, and the plan that it fixes."""
    changes = [
        (each.kind, each.subject, each.side, repr(each.value), each.relative, each.cell)
        for each in asked.scenario.changes
    ]
    plans = [None if each is None else np.asarray(each).tolist() for each in (asked.insertions, asked.weekly)]
    own = campaign_fingerprint(asked.campaign, 0.0) if asked.scenario.mode == "fixed" else ""
    said = repr((key(asked.scenario.name), asked.scenario.mode, changes, plans, own))
    return sha256(said.encode()).hexdigest()[:24]
