"""Units of one vehicle on its occasions: the intensity of all together, and how often people are met."""

import tracemalloc
from itertools import product
from math import comb

import numpy as np
import pytest

from models.reach import occasions as occasions_of
from models.reach.contacts import effective_shares
from models.reach.curves import intensity_at
from models.reach.frequency import contact_distribution
from models.reach.gamma import Audiences, Duplication, calibrate
from models.reach.occasions import Kind, contacts_given, further_contacts
from models.reach.units import Units, units_of

G = np.array([0.0, 0.3, 1.0, 6.0])


def units(first: float, bend: float, noticed: tuple[float, ...]) -> Units:
    """One vehicle in one segment, first the unit that everybody notices."""
    n = len(noticed)
    found = units_of(
        np.zeros(n, dtype=int), np.full((1, n), first), np.full((1, n), bend), first * np.array([noticed])
    )
    assert found is not None
    return found


def kinds_of(of: Units, counts: list[int], mean: float = 1.0, most: int = 20) -> list[Kind]:
    lines = np.arange(len(counts))
    seen = of.occasions(np.array([0]), lines)
    return [
        Kind(x, seen.missed[u], seen.small[u], further_contacts(mean, most)) for u, x in enumerate(counts)
    ]


@pytest.mark.parametrize(("first", "bend"), [(0.02, 0.01), (0.12, 0.6), (0.3, 3.0), (0.1, 600.0), (0.4, 0.0)])
@pytest.mark.parametrize("chance", [0.25, 0.9])
def test_the_intensity_is_the_mean_over_what_is_noticed(first, bend, chance) -> None:
    """f(x) = E s(x_ref + K), K ~ Binomial(x, a): each case by its sum; nodes of .4 in log h miss it by 2e-9."""
    of = units(first, bend, (1.0, chance))
    for long, short in ((1, 0), (0, 1), (0, 8), (40, 0), (5, 17), (6000, 0)):
        k = np.arange(short + 1)
        weights = [comb(short, i) * chance**i * (1 - chance) ** (short - i) for i in k]
        wanted = float(weights @ intensity_at(np.array(first), np.array(bend), (long + k).astype(float)))
        assert of.level(0, np.array([long, short], float))[0] == pytest.approx(wanted, rel=2e-9)


def test_it_is_concave_in_all_units_together_and_below_its_tangents() -> None:
    of, rng = units(0.15, 2.0, (1.0, 0.6, 0.2)), np.random.default_rng(3)
    for _ in range(200):
        a, b = rng.uniform(0, 12, (2, 3))
        levels = [float(of.level(0, x)[0]) for x in (a, b, (a + b) / 2)]
        assert levels[2] >= (levels[0] + levels[1]) / 2 - 1e-15
        assert levels[1] <= levels[0] + of.slope(0, a)[0] @ (b - a) + 1e-15
        alone = [float(of.level(0, np.eye(3)[u] * b)[0]) for u in range(3)]
        assert levels[1] <= sum(alone) + 1e-15
    step = 1e-6
    for u in range(3):
        rise = float((of.level(0, a + step * np.eye(3)[u]) - of.level(0, a))[0]) / step
        assert of.slope(0, a)[0, u] == pytest.approx(rise, rel=1e-5)


@pytest.mark.parametrize("bend", [2.0, 0.0])
@pytest.mark.parametrize("noticed", [(1.0, 0.5), (0.7,), (1.0, 0.5, 0.3)])
def test_chances_of_contacts_are_those_of_inclusion_and_exclusion(noticed, bend) -> None:
    """P(these are met, those are not) = sum over subsets of the met of +-exp(-g f): for few insertions, exactly."""
    of = units(0.2, bend, (1.0, *noticed) if noticed[0] < 1 else noticed)
    counts = [0] * (len(of.of) - len(noticed)) + [3, 2, 1][: len(noticed)]
    wanted = np.zeros((len(G), 20))
    for met in product(*(range(x + 1) for x in counts)):
        for gone in product(*(range(x + 1) for x in met)):
            left = np.array([x - m + g for x, m, g in zip(counts, met, gone, strict=True)], float)
            ways = np.prod([comb(x, m) * comb(m, g) for x, m, g in zip(counts, met, gone, strict=True)])
            wanted[:, sum(met)] += (-1) ** sum(gone) * ways * np.exp(-G * float(of.level(0, left)[0]))
    found = contacts_given([k for k in kinds_of(of, counts) if k.number], of.rate[:, 0], G[None])[0]
    assert found == pytest.approx(wanted, abs=1e-12)


def test_insertions_of_several_contacts_give_their_mean() -> None:
    of = units(0.05, 2.0, (1.0, 0.5))
    found = contacts_given(kinds_of(of, [2, 3], 1.5, 60), of.rate[:, 0], G[None])[0]
    once = -np.expm1(-np.outer(G, of.level(0, np.array([1.0, 0.0])) * [1, 0.5]))
    assert found.sum(axis=1) == pytest.approx(1.0, abs=1e-9)
    assert found @ np.arange(60) == pytest.approx(1.5 * (once @ [2, 3]), rel=1e-8)
    assert found[:, 0] == pytest.approx(np.exp(-G * float(of.level(0, np.array([2.0, 3.0]))[0])), rel=1e-12)


def test_very_many_insertions_of_units_much_alike_are_counted_as_of_one_kind(monkeypatch) -> None:
    """Their mean chance: 20 and 20 of which half and .45 are noticed differ from the exact by under .002."""
    of = units(0.1, 1.0, (1.0, 0.5, 0.45))
    kinds = kinds_of(of, [0, 20, 20], most=41)[1:]
    exact = contacts_given(kinds, of.rate[:, 0], G[None])[0]
    monkeypatch.setattr(occasions_of, "_MOST_STATES", 100)
    assert contacts_given(kinds, of.rate[:, 0], G[None])[0] == pytest.approx(exact, abs=0.002)


def test_kinds_counted_as_one_for_their_states_are_alike_and_keep_their_contacts():
    """A unit that many notice and three that few do, none with an audience of its own: those three count as one."""
    rating = np.array([[0.14, 0.007, 0.007, 0.007]])
    audiences = Audiences(
        ("a", "b", "c", "d"), ("tv",), np.zeros(4, dtype=int), np.array([1000.0]), rating, np.full(4, 0.01),
        np.zeros(4, dtype=bool), np.zeros(4, dtype=int), np.array([2.0, 1.3, 1.3, 1.02]),
    )  # fmt: skip
    model, plan = calibrate(audiences, Duplication(1.0, np.ones(1), np.ones(1))), np.array([8.0, 11, 6, 10])
    met = contact_distribution(model, plan, 64)
    assert met @ np.arange(64) == pytest.approx(audiences.contacts @ plan, rel=1e-6)
    for times in (3, 6, 8):
        assert effective_shares(model, plan, times) == pytest.approx(met[:, times:].sum(axis=1), abs=1e-5)


@pytest.mark.parametrize("g", [1.0, 100.0, 1e4, 1e9])
def test_people_met_as_good_as_for_certain_take_no_memory_and_lose_no_chance(g: float) -> None:
    """Two insertions met at the rate of 1 and two at that of 1 / g, each for itself: a binomial of each. Jump by jump
    1e9 of them took gigabytes, and 1e4 lost 3e-10 of all chances."""
    never, none = np.zeros((1, 1)), np.zeros((1, 1))
    kinds = [Kind(2, never, np.array([each]), further_contacts(1.0, 6)) for each in (1.0, 1 / g)]
    tracemalloc.start()
    found = contacts_given(kinds, none, np.array([[g]]))[0, 0]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    hit = -np.expm1(-np.array([g, 1.0]))
    each = [[(1 - h) ** 2, 2 * h * (1 - h), h**2] for h in hit]
    assert found == pytest.approx([*np.convolve(*each), 0.0], abs=1e-13)
    assert peak < 1_000_000
