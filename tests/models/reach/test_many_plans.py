"""People met n times or more by many plans at once, beside each plan by itself."""

import numpy as np
import pytest

from models.reach.contacts import Contacts, effective_shares
from models.reach.frequency import COARSE, FINE
from models.reach.many_plans import met_by_each

ACCURACY = {FINE: 4e-8, COARSE: 1e-6}  # of a share: what each grid promises, twice for both sides


@pytest.mark.parametrize("grid", [FINE, COARSE])
@pytest.mark.parametrize("seed", range(8))
def test_each_of_many_plans_meets_as_many_as_by_itself(make_model, make_units, seed, grid):
    rng = np.random.default_rng(seed)
    model = make_model(rng, 6, 4)
    model = make_units(model, rng, contacts=seed % 4 == 3) if seed % 2 else model
    counted = np.array([True, True, False, True])
    people, times = rng.uniform(1, 2, 3), 2 + seed % 4
    plans = rng.integers(0, 4, (60, 6))
    contacts = Contacts(model, times, plans.max(axis=0).astype(float), counted, grid=grid)
    found = met_by_each(contacts, people, plans)
    alone = [people @ effective_shares(model, plan.astype(float), times)[counted] for plan in plans]
    assert found == pytest.approx(np.array(alone), abs=ACCURACY[grid] * people.sum())


def test_what_time_does_not_allow_is_not_told(make_model):
    model, plans = make_model(np.random.default_rng(1), 6, 4), np.eye(6, dtype=np.int64)
    contacts = Contacts(model, 2, np.ones(6), np.ones(4, dtype=bool))
    assert met_by_each(contacts, model.population, plans, deadline=0.0) is None
