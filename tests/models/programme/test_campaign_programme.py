"""A programme that is stated anew, exact where it was exact before, bounds as one that never was anything else."""

from dataclasses import replace

import numpy as np
import pytest

from models.programme.relaxation import Relaxation

TOLERANCE = 1e-6  # to which relaxations lie on their curves


@pytest.mark.parametrize("seed", range(4))
class TestStatedAnew:
    def two(self, make_problem, seed):
        """The same people: reach of some segments, and of all of them; many insertions, so that stretches are split."""
        made = make_problem(seed, 8, 6, most=400, spend=0.6).problem
        some, every = (made.model.population * (np.arange(6) < many) for many in (3, 6))
        return tuple(
            replace(made, objective=replace(made.objective, segment_worth=worth)) for worth in (some, every)
        )

    def test_after_relaxations_its_bound_is_that_of_a_new_one(self, make_problem, seed):
        before, after = self.two(make_problem, seed)
        relaxation = Relaxation(before)
        relaxation.relax(TOLERANCE)
        assert relaxation.restate(after)
        found, new = relaxation.relax(TOLERANCE), Relaxation(after).relax(TOLERANCE)
        assert found.bound == pytest.approx(new.bound, rel=3 * TOLERANCE)

    def test_no_plan_is_worth_more_than_its_bound(self, make_problem, seed):
        before, after = self.two(make_problem, seed)
        relaxation = Relaxation(before)
        plan = Relaxation(after).relax(TOLERANCE).point[:8]
        relaxation.relax(TOLERANCE)
        relaxation.restate(after)
        relaxation.cut_at(plan)
        whole = np.floor(plan + 1e-9)
        assert not after.broken(whole)
        assert relaxation.relax(TOLERANCE).bound >= after.value(whole)
