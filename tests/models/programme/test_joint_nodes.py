"""Nodes of all media together: few, chances, and right for who is met several times."""

import numpy as np
import pytest

from models.programme.often.clock import UNTIMED
from models.programme.often.joint_nodes import FEW, MISSED, joint_nodes
from models.reach.contact_nodes import contact_nodes
from models.reach.contacts import effective_shares
from models.reach.frequency import Grid
from models.reach.gamma import Audiences, Duplication, calibrate
from models.reach.polynomials import multiplied
from models.reach.vehicle_terms import VehicleTerms

MEDIA, EACH, TIMES = 4, 3, 3
GRID = Grid(3.0, 2e-5, 1e-6, TIMES)  # as models.programme.often.nodes has it


def in_four_media(seed):
    """Vehicles of four media, two segments."""
    rng, n = np.random.default_rng(seed), MEDIA * EACH
    names, media = tuple(f"v{j}" for j in range(n)), tuple("abcd")
    ratings = rng.uniform(0.01, 0.25, (2, n))
    audiences = Audiences(
        names, media, np.arange(n) // EACH, np.array([800.0, 1200.0]), ratings, rng.uniform(0.2, 0.7, n),
        np.zeros(n, dtype=bool),
    )  # fmt: skip
    return calibrate(audiences, Duplication(1.2, rng.uniform(1.2, 2.2, MEDIA), np.ones(2)))


def joined(model, upper):
    segments = np.arange(len(model.population))
    nodes = contact_nodes(model, segments, upper, GRID)
    most = model.intensity(upper) @ (model.audiences.medium[:, None] == np.arange(MEDIA))
    return nodes, joint_nodes(nodes, most, range(MEDIA), TIMES, UNTIMED)


def met_at_nodes(model, nodes, joint, plan):
    """(n_nodes,) exact chance of three contacts or more given the intensities of each node."""
    terms = VehicleTerms(model, TIMES, np.arange(len(model.population)), nodes)
    total = None
    for m, medium in enumerate(nodes.media):
        product = np.zeros((TIMES, *medium.nodes.shape))
        product[0] = 1.0
        for j in medium.members[plan[medium.members] > 0]:
            term = terms.made(m, np.array([j]), plan[[j]])
            product = multiplied(product, term.reshape(product.shape))
        own = product[:, joint.segment, np.maximum(joint.places[m], 0)]
        own[:, joint.places[m] < 0] = np.eye(TIMES)[:, :1]
        total = own if total is None else multiplied(total, own)
    return 1 - total.sum(axis=0)


@pytest.mark.parametrize("seed", range(3))
def test_few_nodes_tell_of_every_plan_how_many_are_met_three_times(seed):
    model, upper, rng = in_four_media(seed), np.full(MEDIA * EACH, 8.0), np.random.default_rng(seed)
    nodes, joint = joined(model, upper)
    for part in (0.1, 0.3, 0.6, 1.0, 1.0):
        plan = np.floor(9 * rng.random(len(upper))) * (rng.random(len(upper)) < part)
        met = joint.share * met_at_nodes(model, nodes, joint, plan)
        told = np.bincount(joint.segment, met, 2)
        exact = effective_shares(model, plan, TIMES)
        # Those at nodes left out count as met in the bound, and whom intensities beneath GRID's contact have met.
        assert (told >= exact - FEW - MISSED - (1 + MEDIA) * GRID.smallest).all()
        assert (told <= exact + MISSED).all()


def test_nodes_left_are_a_small_part_of_all_and_their_shares_are_chances():
    nodes, joint = joined(in_four_media(0), np.full(MEDIA * EACH, 8.0))
    together = [np.count_nonzero(medium.mixture(0), axis=1).max() + 1 for medium in nodes.media]
    assert len(joint.share) < 0.1 * 2 * np.prod(together) * np.count_nonzero(nodes.weight[0])
    assert (joint.share > 0).all()
    assert (np.bincount(joint.segment, joint.share) <= 1 + 1e-9).all()
