"""Every family of rules and prices, alone and mixed, on campaigns so small that all plans can be listed."""

import numpy as np
import pytest

from models.errors import InfeasiblePlan
from models.search.allocate import Settings, allocate

PRICES = ("fixed cost", "package", "discount by insertions", "discount by money", "price factor")
RULES = (
    "smallest buy", "ratio of insertions", "ratio of grp", "ratio of money", "count", "count of groups",
    "limit in grp", "limit in money", "limit in insertions", "share of spend", "contact goal", "share of contacts",
    "week limit in money", "week limit in grp", "availability", "frequency cap", "reach floor",
)  # fmt: skip
LATER = (
    "titles per group",
    "share of budget",
    "appearances",
)  # not in the mixtures, which are drawn from the above
BY_WEEK = ("week limit in money", "week limit in grp", "availability", "price factor")
OBJECTIVES = ("reach", "impressions", "word of mouth", "minimum cost")
GAP = 1e-4
SETTINGS = Settings(gap=GAP)
EXACT = 1e-7  # relative: the solver's tolerances on bounds


def mixture(seed: int) -> tuple[str, ...]:
    """Two or three prices and two or three rules; weeks in every third."""
    rng = np.random.default_rng([888, seed])
    prices = [family for family in PRICES if family not in BY_WEEK]
    rules = [family for family in RULES if family not in BY_WEEK]
    chosen = [*rng.choice(prices, rng.integers(1, 4), False), *rng.choice(rules, rng.integers(1, 4), False)]
    if seed % 3 == 0:
        chosen += list(rng.choice(BY_WEEK, 2, False))
    return tuple(str(family) for family in chosen)


def assert_best(case, listed, settings=SETTINGS, known=()) -> None:
    """Our plan is the best of all within the gap, and says no more than is true; or there is none, and it says so."""
    try:
        found = allocate(case.problem, settings, known)
    except InfeasiblePlan:
        assert listed.plan is None
        return
    assert listed.plan is not None
    size = abs(listed.best)
    assert found.value == pytest.approx(case.problem.value(found.decision), rel=1e-12)
    assert listed.best * (1 - np.sign(listed.best) * GAP) - 1e-9 <= found.value <= listed.best + 1e-9 * size
    assert found.bound >= listed.best - EXACT * size
    assert found.gap <= GAP


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("family", [*PRICES, *RULES, *LATER])
def test_with_one_kind_of_rule_the_plan_is_the_best_of_all(family, seed, tiny, enumerated, keeps_all) -> None:
    case = tiny(seed, (family,))
    assert_best(case, enumerated(case))


@pytest.mark.parametrize("seed", range(45))
def test_with_several_kinds_together_it_is_too(seed, tiny, enumerated) -> None:
    case = tiny(1_000 + seed, mixture(seed))
    assert_best(case, enumerated(case))


@pytest.mark.parametrize("family", [*PRICES, *RULES, *LATER])
def test_on_respondents_too(family, tiny_on_respondents, enumerated) -> None:
    case = tiny_on_respondents(1, (family,))
    assert_best(case, enumerated(case))


@pytest.mark.parametrize(
    "seed", [*range(8), 7012, 7024, 7026]
)  # 7012: a first bound far off; 7026: no whole plan
def test_on_respondents_with_several_kinds_together(seed, tiny_on_respondents, enumerated) -> None:
    case = tiny_on_respondents(1_000 + seed, mixture(seed))
    assert_best(case, enumerated(case))


@pytest.mark.parametrize("seed", [*range(3), 7000])  # 7000: no whole plan
def test_on_respondents_who_tell_others(seed, tiny_on_respondents, enumerated) -> None:
    case = tiny_on_respondents(3_000 + seed, mixture(200 + seed), "word of mouth")
    assert_best(case, enumerated(case))


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("objective", OBJECTIVES)
def test_whatever_the_plan_is_for(objective, seed, tiny, enumerated) -> None:
    goal = ("reach floor",) if objective == "minimum cost" else ()
    families = tuple(dict.fromkeys((*mixture(100 + seed), *goal)))
    case = tiny(2_000 + seed, families, objective)
    assert_best(case, enumerated(case))


# Mixtures in which a package's insertions, put into cheap weeks, would reach a discount or a ratio that their plan's
# own money does not; and whose rows are so tight that a solver's rounding decides.
DATED = (
    (701, "price factor, discount by money, package, fixed cost, count, ratio of money", "impressions"),
    (412, "price factor, package, ratio of money", "reach"),
    (392, "package, contact goal, ratio of money, week limit in money, fixed cost, discount by money, price factor",
     "reach"),
)  # fmt: skip
DATED_IN_PARTS = (
    (4, "discount by money, availability, ratio of money, price factor, package", "influence"),
    (97, "package, ratio of money, price factor, discount by insertions", "impressions"),
    (35, "package, reach floor, price factor, discount by money, ratio of money", "minimum cost"),
)


@pytest.mark.parametrize(("seed", "families", "objective"), DATED)
def test_with_packages_in_weeks_of_their_own_prices_too(seed, families, objective, tiny, enumerated) -> None:
    case = tiny(seed, tuple(families.split(", ")), objective)
    assert_best(case, enumerated(case))


@pytest.mark.parametrize(("seed", "families", "objective"), DATED_IN_PARTS)
def test_and_in_parts_of_insertions(seed, families, objective, tiny, enumerated, keeps_all) -> None:
    assert_fractional(tiny(seed, tuple(families.split(", ")), objective, whole=False), enumerated, keeps_all)


COUNTED = [family for family in (*RULES, *LATER) if family not in BY_WEEK]


@pytest.mark.parametrize("seed", range(60))
def test_an_answer_that_need_only_be_within_the_gap_is_certified_too(seed, tiny, enumerated) -> None:
    """Where moves search, questions alone certify it; from a plan of another campaign, or from none."""
    rng = np.random.default_rng([999, seed])
    families = ("fixed cost", *rng.choice(COUNTED, 2, False))[seed % 2 :]
    case = tiny(6_000 + seed, tuple(str(family) for family in families), OBJECTIVES[seed % 3])
    only = case.problem.columns.plan_size == case.problem.n_vehicles  # a plan says no weeks
    known = [rng.integers(0, 3, case.problem.n_vehicles).astype(float)] if seed % 3 and only else []
    settings = Settings(gap=GAP, thorough=False, sharpen=False)
    assert_best(case, enumerated(case), settings, known)


@pytest.mark.parametrize("seed", range(3))
def test_cbc_finds_the_same(seed, tiny, enumerated) -> None:
    case = tiny(3_000 + seed, mixture(200 + seed))
    assert_best(case, enumerated(case), Settings(gap=GAP, solver="cbc"))


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("family", [*PRICES, *RULES, *LATER])
def test_a_fractional_plan_keeps_the_rule_and_is_worth_no_less_than_the_best_whole_one(
    family, seed, tiny, enumerated, keeps_all
) -> None:
    assert_fractional(tiny(seed, (family,), whole=False), enumerated, keeps_all)


@pytest.mark.parametrize("seed", range(16))
def test_so_does_one_with_several_kinds(seed, tiny, enumerated, keeps_all) -> None:
    assert_fractional(tiny(4_000 + seed, mixture(300 + seed), whole=False), enumerated, keeps_all)


def assert_fractional(case, enumerated, keeps_all) -> None:
    listed = enumerated(case)
    try:
        found = allocate(case.problem, SETTINGS)
    except InfeasiblePlan:
        assert listed.plan is None
        return
    assert keeps_all(case, found.decision)
    assert found.bound >= found.value
    # The fractional plan is certified to the gap; the whole one may be the best of all.
    assert found.value >= listed.best - GAP * abs(listed.best)
    assert found.bound >= listed.best - EXACT * abs(listed.best)
    assert found.gap <= GAP


@pytest.mark.parametrize("family", RULES)
def test_every_rule_here_costs_something(family, tiny, enumerated) -> None:
    """In one of its campaigns a better plan breaks this rule and no other: otherwise nothing was tested."""
    listed = [enumerated(tiny(seed, (family,))) for seed in range(4)]
    assert any(case.best_without(family) > case.best for case in listed)


@pytest.mark.parametrize("family", PRICES)
def test_every_price_here_decides_something(family, tiny, enumerated) -> None:
    """In one of its campaigns the best plan without it is another one, or cannot be paid with it."""
    with_it = [enumerated(tiny(seed, (family,))).best for seed in range(4)]
    without = []
    for seed in range(4):
        case = tiny(seed, (family,))
        raw = case.raw
        raw.fixed, raw.factor, raw.discounts = np.zeros(raw.n), None, []
        raw.packages = [(held, 1e12) for held, _ in raw.packages]
        without.append(enumerated(case).best)
    assert with_it != pytest.approx(without, rel=1e-9)
