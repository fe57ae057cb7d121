"""Segments and audiences on a hundred people, and the margins that every table must keep."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.arrays import FloatArray
from models.errors import InvalidInput
from models.people.audience import Segments, build_segments, overlap_bounds, split_audiences
from models.people.traits import Traits

# build_segments rakes until every margin is met to 1e-11 of the universe; split_audiences to 1e-10 of the
# audience. Both tolerances below leave a factor of ten or more.
RAKED = 1e-9


def two_traits(overlap: float | None = None) -> Segments:
    """A hundred people: 30 customers and 10 catalysts."""
    overlaps = [] if overlap is None else [("customer", "catalyst", overlap)]
    return build_segments(100, Traits(("customer", "catalyst"), np.array([0.3, 0.1]), ("", "")), overlaps)


def people(segments: Segments) -> dict[str, float]:
    return {name: round(float(n), 6) for name, n in zip(segments.names, segments.population, strict=True)}


def plain_ipf(segments: Segments, audience: float, composition: FloatArray) -> FloatArray:
    """(n_segments,) people reached: the two-layer table reached / not reached, raked in the plainest way."""
    table = np.ones((len(segments.population), 2))
    for _ in range(20_000):
        table *= (segments.population / table.sum(axis=1))[:, None]
        table[:, 0] *= audience / table[:, 0].sum()
        for trait, share in enumerate(composition):
            has = segments.has[:, trait]
            table[has, 0] *= audience * share / table[has, 0].sum()
            table[~has, 0] *= audience * (1 - share) / table[~has, 0].sum()
    return table[:, 0]


def test_traits_without_an_overlap_are_independent() -> None:
    assert people(two_traits()) == {
        "others": 63, "catalyst": 7, "customer": 27, "customer, catalyst": 3,
    }  # fmt: skip


def test_a_stated_overlap_is_kept() -> None:
    assert people(two_traits(0.06)) == {
        "others": 66, "catalyst": 4, "customer": 24, "customer, catalyst": 6,
    }  # fmt: skip


def test_a_band_is_one_dimension_and_what_is_left_over_is_other() -> None:
    ages = Traits(("young", "old", "catalyst"), np.array([0.3, 0.5, 0.1]), ("age", "age", ""))
    segments = build_segments(100, ages)
    assert len(segments.names) == 6
    assert people(segments)["others"] == 18
    assert people(segments)["young, catalyst"] == 3


def test_a_complete_band_leaves_no_one_over() -> None:
    ages = Traits(("young", "old"), np.array([0.4, 0.6]), ("age", "age"))
    assert people(build_segments(100, ages)) == {"young": 40, "old": 60}


def test_a_trait_within_another_leaves_no_segment_outside_it() -> None:
    assert people(two_traits(0.1)) == {"others": 70, "customer": 20, "customer, catalyst": 10}


def test_exclusive_traits_may_be_stated_as_an_overlap_of_nothing() -> None:
    assert people(two_traits(0.0)) == {"others": 60, "catalyst": 10, "customer": 30}


def test_a_population_without_traits_is_one_segment() -> None:
    segments = build_segments(100, Traits((), np.empty(0), ()))
    assert people(segments) == {"others": 100}
    assert split_audiences(segments, ["news"], np.array([20.0]), np.empty((1, 0))) == pytest.approx(20)


@pytest.mark.parametrize("overlap", [0.11, 0.31, -0.01])
def test_an_overlap_outside_the_frechet_bounds_names_both_traits(overlap: float) -> None:
    with pytest.raises(InvalidInput) as refused:
        two_traits(overlap)
    assert refused.value.subject == ("customer", "catalyst")
    assert "customer" in str(refused.value)
    assert "catalyst" in str(refused.value)


def test_large_traits_must_overlap() -> None:
    assert overlap_bounds(0.7, 0.6) == (0.3, 0.6)
    traits = Traits(("reader", "viewer"), np.array([0.7, 0.6]), ("", ""))
    with pytest.raises(InvalidInput, match=r"30\.00% to 60\.00%"):
        build_segments(100, traits, [("reader", "viewer", 0.29)])


def test_traits_of_one_band_cannot_overlap() -> None:
    ages = Traits(("young", "old"), np.array([0.3, 0.5]), ("age", "age"))
    with pytest.raises(InvalidInput, match=r"0\.00% to 0\.00%"):
        build_segments(100, ages, [("young", "old", 0.05)])


def test_overlaps_that_contradict_each_other_are_refused() -> None:
    """a within b and b within c, but a and c exclude each other."""
    traits = Traits(("a", "b", "c"), np.array([0.2, 0.2, 0.2]), ("", "", ""))
    with pytest.raises(InvalidInput, match="contradict each other"):
        build_segments(100, traits, [("a", "b", 0.2), ("b", "c", 0.2), ("a", "c", 0.0)])


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, 1.5])
def test_a_trait_of_nobody_or_everybody_is_refused(share: float) -> None:
    with pytest.raises(InvalidInput, match="customer"):
        Traits(("customer",), np.array([share]), ("",))


def test_a_band_above_a_hundred_percent_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"add up to 110\.00%"):
        Traits(("young", "old"), np.array([0.5, 0.6]), ("age", "age"))


def test_too_many_segments_are_refused_before_they_are_made() -> None:
    names = tuple(f"trait {n}" for n in range(60))
    with pytest.raises(InvalidInput, match="at most 512"):
        build_segments(100, Traits(names, np.full(60, 0.1), ("",) * 60))


def test_an_audience_keeps_its_size_and_its_composition() -> None:
    """20 people, half of them customers and a fifth catalysts: 10 customers and 4 catalysts."""
    segments = two_traits()
    reached = split_audiences(segments, ["news"], np.array([20.0]), np.array([[0.5, 0.2]]))[:, 0]
    assert reached.sum() == pytest.approx(20, rel=RAKED)
    assert reached @ segments.has == pytest.approx([10, 4], rel=RAKED)


def test_an_audience_like_the_universe_is_spread_evenly() -> None:
    segments = two_traits(0.06)
    reached = split_audiences(segments, ["news"], np.array([20.0]), np.array([[0.3, 0.1]]))[:, 0]
    assert reached / segments.population == pytest.approx(np.full(4, 0.2), rel=RAKED)


def test_ratings_stay_below_one_even_for_a_vehicle_that_nearly_everyone_uses() -> None:
    """95 of 100 people, 29.9 of the 30 customers: raking the reached alone gives ratings above 1."""
    segments = two_traits(0.06)
    reached = split_audiences(segments, ["news"], np.array([95.0]), np.array([[29.9 / 95, 9.9 / 95]]))[:, 0]
    rating = reached / segments.population
    assert (rating > 0).all()
    assert (rating < 1).all()
    assert reached @ segments.has == pytest.approx([29.9, 9.9], rel=RAKED)


def test_the_split_is_the_table_that_plain_raking_gives() -> None:
    traits = Traits(("customer", "catalyst", "young"), np.array([0.3, 0.1, 0.4]), ("", "", ""))
    segments = build_segments(100, traits, [("customer", "catalyst", 0.06), ("customer", "young", 0.2)])
    composition = np.array([0.45, 0.2, 0.25])
    ours = split_audiences(segments, ["news"], np.array([35.0]), composition[None])[:, 0]
    # 1e-8: what 20,000 rounds of plain raking leave
    assert ours == pytest.approx(plain_ipf(segments, 35.0, composition), rel=1e-8)


def test_segments_are_the_table_that_plain_raking_gives() -> None:
    shares, overlaps = np.array([0.3, 0.1, 0.4]), {(0, 1): 0.06, (0, 2): 0.2, (1, 2): 0.03}
    table = np.full((2, 2, 2), 1 / 8)
    for _ in range(5_000):
        for (a, b), both in overlaps.items():
            c = 3 - a - b
            wanted = np.array(
                [[1 - shares[a] - shares[b] + both, shares[b] - both], [shares[a] - both, both]]
            )
            table *= np.expand_dims(wanted / table.sum(axis=c), c)
    traits = Traits(("a", "b", "c"), shares, ("", "", ""))
    names = traits.names
    segments = build_segments(1.0, traits, [(names[a], names[b], both) for (a, b), both in overlaps.items()])
    plain = [table[tuple(row.astype(int))] for row in segments.has]
    assert segments.population == pytest.approx(plain, abs=1e-9)


def test_a_trait_that_the_audience_lacks_leaves_its_segments_empty() -> None:
    segments = two_traits()
    reached = split_audiences(segments, ["news"], np.array([20.0]), np.array([[0.5, 0.0]]))[:, 0]
    assert reached[segments.with_trait("catalyst")].sum() == 0
    assert reached @ segments.has == pytest.approx([10, 0], rel=RAKED)


def test_a_trait_that_all_of_the_audience_has_leaves_the_others_empty() -> None:
    segments = two_traits()
    reached = split_audiences(segments, ["club news"], np.array([20.0]), np.array([[1.0, 0.1]]))[:, 0]
    assert reached[~segments.with_trait("customer")].sum() == 0
    assert reached @ segments.has == pytest.approx([20, 2], rel=RAKED)


def test_a_band_that_the_audience_fills_leaves_nobody_outside_it() -> None:
    ages = Traits(("young", "old", "catalyst"), np.array([0.3, 0.5, 0.1]), ("age", "age", ""))
    segments = build_segments(100, ages)
    reached = split_audiences(segments, ["news"], np.array([20.0]), np.array([[0.25, 0.75, 0.1]]))[:, 0]
    outside = ~(segments.with_trait("young") | segments.with_trait("old"))
    assert reached[outside].sum() == 0
    assert reached @ segments.has == pytest.approx([5, 15, 2], rel=RAKED)


def test_an_audience_that_has_a_subset_trait_wherever_it_has_the_wider_one_is_possible() -> None:
    """Every catalyst is a customer, and so are all customers in this audience catalysts."""
    segments = two_traits(0.1)
    reached = split_audiences(segments, ["news"], np.array([20.0]), np.array([[0.2, 0.2]]))[:, 0]
    assert np.isfinite(reached).all()
    assert reached @ segments.has == pytest.approx([4, 4], rel=RAKED)


def test_a_subset_trait_cannot_be_commoner_in_an_audience_than_the_wider_one() -> None:
    with pytest.raises(InvalidInput, match='composition of "news" contradicts') as refused:
        split_audiences(two_traits(0.1), ["news"], np.array([20.0]), np.array([[0.2, 0.3]]))
    assert refused.value.subject == ("news", "customer", "catalyst")


def test_more_of_a_trait_than_there_are_people_names_vehicle_and_trait() -> None:
    with pytest.raises(InvalidInput, match="only 10 thousand") as refused:
        split_audiences(
            two_traits(), ["news", "club"], np.array([20.0, 40.0]), np.array([[0.3, 0.1], [0.3, 0.3]])
        )
    assert refused.value.subject == ("club", "catalyst")


def test_all_of_a_trait_is_no_more_than_there_are_and_yet_too_many() -> None:
    with pytest.raises(InvalidInput, match='"news" would reach 10 thousand catalyst, all there are; lower'):
        split_audiences(two_traits(), ["news"], np.array([100.0]), np.array([[0.2, 0.1]]))


def test_a_composition_whose_margins_fit_singly_but_not_together_is_refused() -> None:
    """26.9 of 27 people customers and 9.5 catalysts: 9.4 would be both, and only 3 of the hundred are."""
    with pytest.raises(InvalidInput, match="of its size, 27 % of the universe, can have") as refused:
        split_audiences(two_traits(), ["news"], np.array([27.0]), np.array([[26.9 / 27, 9.5 / 27]]))
    assert "news" in refused.value.subject


def test_shares_of_a_band_above_a_hundred_percent_name_vehicle_and_traits() -> None:
    ages = Traits(("young", "old"), np.array([0.3, 0.5]), ("age", "age"))
    with pytest.raises(InvalidInput) as refused:
        split_audiences(build_segments(100, ages), ["news"], np.array([20.0]), np.array([[0.5, 0.6]]))
    assert refused.value.subject == ("news", "young", "old")


def test_a_vehicle_without_an_audience_reaches_nobody() -> None:
    reached = split_audiences(two_traits(), ["news"], np.array([0.0]), np.array([[0.5, 0.2]]))
    assert (reached == 0).all()


ratings = st.lists(st.floats(0.001, 0.95), min_size=8, max_size=8)


@st.composite
def populations(draw: st.DrawFn) -> Segments:
    """Three traits with shares and one overlap that is possible beside them."""
    shares = np.array(draw(st.lists(st.floats(0.02, 0.9), min_size=3, max_size=3)))
    least, most = overlap_bounds(shares[0], shares[1])
    overlap = least + (most - least) * draw(st.floats(0.05, 0.95))
    return build_segments(1000, Traits(("a", "b", "c"), shares, ("", "", "")), [("a", "b", overlap)])


@settings(max_examples=60, deadline=None)
@given(populations(), st.lists(ratings, min_size=1, max_size=4))
def test_any_audience_that_exists_is_split_with_its_exact_margins(
    segments: Segments, drawn: list[list[float]]
) -> None:
    """Audiences made from ratings by segment: margins are possible, so they must be met."""
    rating = np.array(drawn).T[: len(segments.population)]
    made = rating * segments.population[:, None]
    audience = made.sum(axis=0)
    composition = (made.T @ segments.has) / audience[:, None]
    names = [f"vehicle {n}" for n in range(len(audience))]
    reached = split_audiences(segments, names, audience, composition)
    assert reached.sum(axis=0) == pytest.approx(audience, rel=RAKED)
    assert reached.T @ segments.has == pytest.approx(audience[:, None] * composition, rel=1e-8, abs=1e-7)
    assert (reached > 0).all()
    assert (reached < segments.population[:, None]).all()
    backwards = split_audiences(segments, names[::-1], audience[::-1], composition[::-1])
    assert backwards[:, ::-1] == pytest.approx(reached, rel=1e-6, abs=1e-7)


@settings(max_examples=60, deadline=None)
@given(populations())
def test_segments_keep_every_share(segments: Segments) -> None:
    assert segments.population.sum() == pytest.approx(1000, rel=RAKED)
    assert segments.trait_population() / 1000 == pytest.approx(segments.traits.share, abs=RAKED)


def test_splits_of_a_growing_audience_grow_in_every_segment() -> None:
    segments = two_traits(0.06)
    sizes = np.linspace(1, 49, 25)
    reached = split_audiences(
        segments, [f"{s}" for s in sizes], sizes, np.tile([0.45, 0.18], (len(sizes), 1))
    )
    assert all((later > earlier).all() for earlier, later in pairwise(reached.T))
