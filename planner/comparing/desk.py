"""Where questions about one campaign are asked: its live programme, and figures that every answer has.

An answer is plain data, as planner.comparing.runner keeps it in a journal.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from models.arrays import FloatArray
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.search.allocate import Settings, allocate
from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.comparing.runner import Task, run
from planner.no_plan.no_plan import explanation_of
from planner.planning.options import Options
from planner.planning.questions import Solved, customer_floor
from planner.planning.warm import relaxation_for

Answer = dict[str, Any]
STATUS = {  # of an answer, for people
    "optimal": "certified",
    "feasible": "not within the gap asked",
    "time": "time",
    "none": "no plan",
    "failed": "no plan",
    "nested": "nested",
    "fixed": "as given",
    "broken": "breaks a rule",
    "nearest": "certified nearest",
}
_REASON_SECONDS = 3.0  # for saying why there is no plan


@dataclass(frozen=True)
class Terms:
    """How to ask. gap: relative. seconds: for one question, after which its row is marked "time"."""

    gap: float = 1e-3
    seconds: float = 20.0


@dataclass(frozen=True)
class Sweep:
    """Where questions are asked, as planner.comparing.runner.run takes it."""

    workers: int | None = None
    journal: Path | None = None
    cluster: str | None = None
    progress: Callable[[str], None] = lambda _: None

    def run(self, tasks: Sequence[Task], **how: Any) -> tuple[Answer, ...]:
        """Every task's answer. how: what else runner.run takes."""
        return tuple(run(tasks, **vars(self), **how))


@dataclass(eq=False)
class Desk:
    """What one stretch of questions shares: the campaign, its live programme, the last answer."""

    prepared: Prepared
    terms: Terms
    relaxation: Relaxation | None
    last: Solved | None = None

    @property
    def options(self) -> Options:
        """How to plan one question."""
        return Options(self.terms.gap, self.terms.seconds, break_even=False, explain=False)

    def best(self, problem: Problem, starts: Sequence[FloatArray], sharper: float = 1.0) -> Allocation:
        """The best plan of a problem, from known ones that keep its rules, to `sharper` of the gap asked. Raises
        InfeasiblePlan."""
        usable = [plan for plan in starts if not problem.broken(plan)]
        gap = sharper * self.terms.gap
        settings = Settings(gap, self.terms.seconds, thorough=False, sharpen=False)
        return allocate(problem, settings, usable, self.relaxation)


def setup(campaign: Campaign, terms: Terms) -> tuple[Prepared, Terms]:
    """What a worker needs."""
    return prepare(campaign), terms


def begin(state: tuple[Prepared, Terms]) -> Desk:
    """What a stretch begins with."""
    prepared, terms = state
    return Desk(prepared, terms, relaxation_for(prepared))


def asked_of(
    campaign: Campaign,
    ask: Callable[[Desk, Task], Answer],
    tasks: Sequence[Task],
    terms: Terms,
    sweep: Sweep,
    what: str,
) -> tuple[Answer, ...]:
    """The answers to questions about a campaign, in their order. what: of what progress is told."""
    begun = {"setup": partial(setup, campaign, terms), "begin": begin}
    return sweep.run(
        tasks, ask=ask, **begun, fingerprint=campaign_fingerprint(campaign, terms.gap), what=what
    )


def certified(plan: Allocation) -> Answer:
    """A plan's value with its bound."""
    status = "optimal" if plan.optimal else "time" if plan.timed_out else "feasible"
    return {"status": status, "value": plan.value, "bound": plan.bound, "gap": plan.gap}


def floor_of(solved: Solved) -> float | None:
    """People (000) of the floor of customers first that plans were made under; None where there was none."""
    floor = customer_floor(solved.problem)
    return None if floor is None else floor.least


def figures(prepared: Prepared, plan: FloatArray) -> Answer:
    """What a plan (plan_size,) costs and whom it reaches (shares)."""
    insertions = prepared.problem.columns.insertions(plan)
    return {
        "cost": prepared.rulebook.spend(plan),
        "reach": reach_of(prepared, insertions),
        "insertions": insertions.tolist(),
        "plan": plan.tolist(),
    }


def reach_of(prepared: Prepared, insertions: FloatArray) -> dict[str, float]:
    """Share of each audience reached by insertions (n_vehicles,)."""
    people = prepared.people
    reached = people.model.reach_shares(insertions)
    return {name: float(people.share_of(mask) @ reached) for name, mask in people.masks.items()}


def why_none(prepared: Prepared, seconds: float = _REASON_SECONDS) -> str:
    """Why a campaign has no plan, in a sentence."""
    why = explanation_of(prepared, seconds)
    if why is None or not why.conflict:
        return "No plan was found that keeps the rules."
    return f"These cannot all hold: {'; '.join(why.words)}."
