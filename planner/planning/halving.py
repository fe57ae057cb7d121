"""Halves of a campaign's respondents, each planned on, its plans valued on the other."""

from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from planner.campaign.inputs import TAILORED, Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.planning.halves import Half, Halves
from planner.planning.options import Clock, Options
from planner.planning.solve import Ask, Known, best_plans, nearest


def validate(campaign: Campaign, options: Options, repeats: int = 5, seed: int = 0) -> Halves:
    """Plan on halves of a campaign's respondents. Raises InvalidInput where nothing is tailored, NoPlan where a half
    has no plan."""
    if campaign.brief.objective not in TAILORED:
        raise InvalidInput(
            f"Halves of the respondents tell what tailoring brings, and under the objective {campaign.brief.objective} "
            f"nothing is tailored; choose {', '.join(TAILORED[:-1])} or {TAILORED[-1]}."
        )
    respondents = campaign.respondents
    assert respondents is not None
    rng, found = np.random.default_rng(seed), list[Half]()
    clock = Clock(options.seconds)
    for count in range(repeats):
        order = rng.permutation(len(respondents))
        parts = [np.sort(order[: len(order) // 2]), np.sort(order[len(order) // 2 :])]
        sides = [prepare(replace(campaign, respondents=respondents.taken(part))) for part in parts]
        for at, (own, other) in enumerate((sides, sides[::-1])):
            options.progress(f"half {2 * count + at + 1} of {2 * repeats}")
            share = clock.left() / (2 * (repeats - count) - at)
            found.append(_half(own, other, replace(options, seconds=share)))
    return Halves(len(respondents), repeats, seed, tuple(found))


def _half(own: Prepared, other: Prepared, options: Options) -> Half:
    quiet = replace(options, progress=lambda _: None)
    ask = Ask(own, quiet, Clock(options.seconds), None, quick=True)
    solved = nearest(best_plans(ask, Known()))
    plans = (solved.tailored.decision, solved.ordinary.decision)
    predicted, realised = ([_percent(side, plan) for plan in plans] for side in (own, other))
    return Half(predicted[0], realised[0], predicted[1], realised[1], bool(np.array_equal(*plans)))


def _percent(prepared: Prepared, plan: FloatArray) -> float:
    """A plan's value in percent of what reaching everybody is worth."""
    problem = prepared.problem
    return 100 * problem.value(plan) / problem.objective.ceiling(np.zeros(problem.n_vehicles))
