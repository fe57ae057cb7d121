"""Clusters that meet people no less often than vehicles do, against sums of contacts worked out otherwise."""

import numpy as np
import pytest

from models.reach.clusters import dominating, fewer_sizes, reached_often


def random_classes(rng, times, many):
    """(many, most + 1) chances of 0, 1, ... contacts, of vehicles that meet seldom, always, or one and the same
    person again and again."""
    most = times + 3
    loyal = rng.beta(0.3, 0.8, (many, 4000))
    insertions = rng.integers(0, most + 1, many)
    met = rng.binomial(insertions[:, None], loyal)
    return np.array([np.bincount(row, minlength=most + 1) / len(row) for row in met])


def of_clusters(rates, most):
    """(most + 1,) chances of 0, 1, ..., most contacts or more, by multiplying Poisson numbers of each size out."""
    found = np.eye(most + 1)[0]
    for size, rate in enumerate(rates, 1):
        own, chance = np.zeros(most + 1), np.exp(-rate)
        for number in range(60):
            own[min(number * size, most)] += chance
            chance *= rate / (number + 1)
        both = np.convolve(found, own)
        found = np.append(both[:most], both[most:].sum())
    return found


@pytest.mark.parametrize("times", [2, 3, 4, 7])
def test_clusters_are_no_fewer_contacts_than_the_vehicles_class_by_class(times):
    classes = random_classes(np.random.default_rng(times), times, 60)
    for own in classes:
        rates = dominating(own[:times])
        assert (rates >= 0).all()
        of_rates = of_clusters(rates, times)
        # 1e-9: what the clusters beyond 60 and roundings take
        assert (np.cumsum(of_rates[:times]) <= np.cumsum(own[:times]) + 1e-9).all()
        assert of_rates[0] == pytest.approx(max(own[0], 1e-280), abs=1e-12)


@pytest.mark.parametrize("times", [2, 3, 4])
def test_the_sum_of_vehicles_is_met_no_more_often_than_their_clusters(times):
    rng = np.random.default_rng(10 + times)
    for _ in range(40):
        classes = random_classes(rng, times, 5)
        together = np.eye(1)[0]
        for own in classes:
            together = np.convolve(together, own)
        rates = sum(dominating(own[:times]) for own in classes)
        assert together[times:].sum() <= float(reached_often(rates)) + 1e-9  # roundings
        assert float(reached_often(rates)) == pytest.approx(of_clusters(rates, times)[-1], abs=1e-9)


def test_sizes_are_put_together_so_that_nobody_is_missed():
    rng = np.random.default_rng(3)
    for _ in range(20):
        rates = rng.exponential(0.2, 7)
        assert float(reached_often(fewer_sizes(rates, 4))) >= float(reached_often(rates)) - 1e-12  # roundings
