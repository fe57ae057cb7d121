"""A frontier of a small campaign, and every plan of it."""

from itertools import product

import numpy as np

from planner.campaign.prepare import prepare
from planner.comparing.desk import Sweep, Terms

GAP = 1e-5
TERMS, HERE = Terms(GAP, 20.0), Sweep(workers=1)
LADDER = (100.0, 75.0, 50.0)


def every(campaign):
    """Every plan that keeps everything: its insertions, value and cost."""
    prepared = prepare(campaign)
    problem = prepared.problem
    found = []
    for counts in product(range(4), repeat=problem.n_vehicles):
        plan = np.array(counts, float)
        if not problem.broken(plan):
            found.append((plan, problem.value(plan)))
    return found


def best_of(campaign):
    return max(value for _, value in every(campaign))
