"""From a problem to a plan with a certificate: which order of work a problem is searched by.

by moves            a plan is whole insertions only, counts of what is bought included    models.search.by_moves
tree of choices     weeks, packages, discounts; least money                            models.search.tree
fractions           insertions may be parts                                            models.search.fractions
several contacts    people count who are met several times                             models.search.several_contacts
respondents         people are a survey's respondents                                  models.search.by_respondents

Last, the plan's nearest neighbours are looked at (models.search.last_climb).
"""

from collections.abc import Sequence
from typing import Literal

from models.arrays import FloatArray
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from models.programme.relaxation import Relaxation
from models.respondents.model import RespondentModel
from models.search.by_moves import by_moves
from models.search.by_respondents import by_respondents
from models.search.fractions import by_fractions
from models.search.last_climb import last_climb
from models.search.several_contacts import by_several_contacts
from models.search.tree import by_tree
from models.search.work import Settings, Work

__all__ = ["Settings", "Strategy", "allocate", "strategy_of"]

Strategy = Literal["by moves", "tree of choices", "fractions", "several contacts", "respondents"]
_ORDERS = {
    "by moves": by_moves,
    "tree of choices": by_tree,
    "fractions": by_fractions,
    "several contacts": by_several_contacts,
    "respondents": by_respondents,
}


def strategy_of(problem: Problem) -> Strategy:
    """How a problem is searched."""
    if isinstance(problem.model, RespondentModel):
        return "respondents"
    if problem.objective.effective is not None or problem.effective:
        return "several contacts"
    if not problem.whole:
        return "fractions"
    return "by moves" if problem.insertions_only and not problem.objective.saves_money else "tree of choices"


def allocate(
    problem: Problem,
    settings: Settings,
    starts: Sequence[FloatArray] = (),
    relaxation: Relaxation | None = None,
) -> Allocation:
    """The best plan found and a bound on all plans.

    starts: known plans; the answer is never worth less than those of (plan_size,) that keep all rules. relaxation: the
    campaign's, asked about this problem; one of its own is stated where there is none.
    Raises InfeasiblePlan when no plan keeps the rules, SolverFailure when the time limit leaves none.
    """
    work = Work(problem, settings, starts, relaxation, allocate)
    _ORDERS[strategy_of(problem)](work)
    last_climb(work)
    return work.finish()
