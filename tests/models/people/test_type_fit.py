"""Types on latent traits: the steps of their fit, which weights they are fitted with, and people left out."""

import numpy as np
import pytest
from scipy.optimize import minimize

from models.arrays import FloatArray
from models.people.type_fit import TypeFit, _stepped, fit_types, fitting_weights


def test_steps_end_at_the_best_penalised_logistic_regression() -> None:
    """One vehicle, four types at known places, by scipy's own minimum."""
    other = np.array([[1.0, -1.0], [1.0, 0.0], [1.0, 0.5], [1.0, 2.0]])
    met, size, prior = (
        np.array([[1.0, 3.0, 9.0, 18.0]]),
        np.array([[10.0, 12.0, 20.0, 20.0]]),
        np.array([0.1, 1.0]),
    )

    def loss(x: FloatArray) -> float:
        odds = other @ x
        return float((size * np.logaddexp(0, odds) - met * odds).sum() + (prior * x**2).sum() / 2)

    own = np.zeros((1, 2))
    for _ in range(30):
        own = _stepped(own, other, np.zeros(4), met, size, prior)
    assert own[0] == pytest.approx(minimize(loss, np.zeros(2), tol=1e-12).x, abs=1e-5)


def on_a_trait(n: int, seed: int) -> FloatArray:
    """(n, 12) uses of people on one continuous trait: half of the vehicles gain by it, half lose."""
    random = np.random.default_rng(seed)
    slope = np.repeat([1.5, -1.5], 6)
    chance = 1 / (1 + np.exp(-(-1.0 + random.normal(size=(n, 1)) * slope)))
    return (random.random((n, 12)) < chance).astype(float)


def test_people_left_out_are_likelier_by_types_on_a_trait_than_by_ratings_alone() -> None:
    """By more than .2 a person (sampling error of 1,000: .03), and ratings of small surveys stay inside 0 and 1."""
    uses, others = on_a_trait(500, 1), on_a_trait(1_000, 2)
    equal = np.ones(500)
    typed = fit_types(uses, equal, equal, 10, 0)
    alone = fit_types(uses, equal, equal, 1, 0)
    assert typed.log_likelihoods(others).mean() > alone.log_likelihoods(others).mean() + 0.2
    assert typed.belongs.sum(axis=1) == pytest.approx(1)
    tiny = fit_types(uses[:12], equal[:12], equal[:12], 8, 0)
    assert ((tiny.rate > 0) & (tiny.rate < 1)).all()


def test_a_trait_is_spread_over_types_as_whoever_has_it_is_although_nobody_s_type_is_certain() -> None:
    """Two types, one vehicle that .8 and .1 of them meet, a trait that .5 and .1 have, people exactly so: EM finds the
    .5 and .1 (1/4 of a person in 4,000 is the prior, 20 rounds leave .002)."""
    rate, trait = np.array([0.8, 0.1]), np.array([0.5, 0.1])
    met = np.array([1, 1, 0, 0])
    has = np.array([1.0, 0, 1, 0])
    people = np.where(met[:, None], rate, 1 - rate) * np.where(has[:, None] > 0, trait, 1 - trait) * 0.5
    chance = np.where(met[:, None], rate, 1 - rate) * 0.5
    belongs = chance / chance.sum(axis=1, keepdims=True)
    found = TypeFit(np.full(2, 0.5), rate[None], belongs, 0.0).with_trait(has, 8_000 * people.sum(axis=1))
    assert found == pytest.approx(trait, abs=0.003)
    alone = has * people.sum(axis=1) @ belongs / (people.sum(axis=1) @ belongs)
    assert abs(alone - trait).min() > 0.05  # what means of the chances make of it


def test_weights_that_only_make_noise_are_left_out_of_the_fit_and_those_that_count_people_are_not() -> None:
    """3,000 people, weights at random: equal ones serve others better. The same people as rows of different answers
    with how many gave them: without weights a rare answer would count as a common one."""
    uses = on_a_trait(3_000, 3)
    random = np.random.default_rng(4).lognormal(0, 1, 3_000)
    assert (fitting_weights(uses, random / random.mean(), 6) == 1).all()
    rows, counts = np.unique(uses[:, :6], axis=0, return_counts=True)
    assert fitting_weights(rows, counts / counts.mean(), 4) == pytest.approx(counts / counts.mean())
