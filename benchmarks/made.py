"""Made campaigns: of any size, the same ones every time, and shaped like real ones.

Audiences and prices per thousand are lognormal (a few big vehicles, many small ones; a tenth of the price
per thousand between cheap and dear), compositions scatter around the universe's shares as surveyed ones do
(indices of influencers mostly 60 to 170), four media, at most 12 insertions of each vehicle. The budget buys
about 400 gross rating points.
"""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import RuleRow

FloatArray = NDArray[np.float64]

UNIVERSE = 200_000.0  # thousand people
MAXIMUM = 12.0
GRP = 400.0  # what the budget buys at the median price per thousand

# name, unit, duplication, repeat audience, median audience (000), median price per thousand
MEDIA = (
    ("TV", ":30", 1.6, 0.50, 1_600.0, 18.0),
    ("Magazines", "page 4C", 2.5, 0.60, 2_200.0, 14.0),
    ("Newspapers", "page", 4.0, 0.75, 700.0, 22.0),
    ("Radio", ":30", 3.0, 0.55, 500.0, 9.0),
)
AGES = {1: (), 2: (0.45, 0.55), 3: (0.3, 0.35, 0.35), 6: (0.12, 0.18, 0.17, 0.16, 0.17, 0.20)}


def made_campaign(
    vehicles: int, segments: int, customers_first: float = 0.0, rules: bool = False
) -> Campaign:
    """A campaign of so many vehicles and segments (8, 16, 24 or 48: three traits, and up to six ages; 12: without
    customers).

    customers_first: share of the best customer reach to keep, 0 for none. rules: spend limits on media, and
    a few must-buys.
    """
    rng = np.random.default_rng([vehicles, segments])
    traits = _traits(segments)
    medium = rng.choice(len(MEDIA), vehicles, p=[0.45, 0.3, 0.1, 0.15])
    medium[: len(MEDIA)] = np.arange(len(MEDIA))
    rows = _vehicles(rng, medium)
    audience = np.array([row.audience_000 for row in rows])
    return Campaign(
        brief=Brief(
            campaign=f"made, {vehicles} vehicles", category="food", universe_000=UNIVERSE,
            budget=round(GRP / 100 * UNIVERSE * _median_price(rows)), customers_first=customers_first,
        ),
        traits=traits,
        overlaps=(),
        audiences=(),
        media=tuple(MediumRow(name, duplication, repeat) for name, _, duplication, repeat, *_ in MEDIA),
        between_media=1.35,
        vehicles=rows,
        composition_traits=tuple(row.name for row in traits),
        composition=_composition(rng, traits, rows, audience),
        rules=_rules(rows) if rules else (),
    )  # fmt: skip


def _traits(segments: int) -> tuple[TraitRow, ...]:
    own: tuple[TraitRow, ...] = (
        TraitRow("customer", "customer", 0.2),
        TraitRow("catalyst", "catalyst", 0.1),
        TraitRow("expert: food", "expert", 0.2, category="food"),
    )
    if segments % 8:
        own = own[1:]
    ages = AGES[segments // 2 ** len(own)]
    return own + tuple(
        TraitRow(f"age {n + 1}", "demographic", share, band="age") for n, share in enumerate(ages)
    )


def _vehicles(rng: Generator, medium: NDArray[np.int64]) -> tuple[VehicleRow, ...]:
    size = np.array([row[4] for row in MEDIA])[medium] * rng.lognormal(0, 0.9, len(medium))
    size = np.minimum(size, 0.12 * UNIVERSE)
    price = np.array([row[5] for row in MEDIA])[medium] * rng.lognormal(0, 0.35, len(medium))
    return tuple(
        VehicleRow(
            name=f"{MEDIA[m][0]} {j + 1}", medium=MEDIA[m][0], unit_cost=float(round(a * p, -1) + 10),
            audience_000=float(round(a, 1)), maximum=MAXIMUM, unit=MEDIA[m][1], basis="estimate", source="made",
        )
        for j, (m, a, p) in enumerate(zip(medium, size, price, strict=True))
    )  # fmt: skip


def _median_price(rows: tuple[VehicleRow, ...]) -> float:
    """Money per thousand contacts."""
    return float(np.median([(row.unit_cost or 0.0) / row.audience_000 for row in rows]))


def _composition(
    rng: Generator, traits: tuple[TraitRow, ...], rows: tuple[VehicleRow, ...], audience: FloatArray
) -> tuple[CompositionRow, ...]:
    """Shares scattered around the universe's; ages add up to 1; never more people than there are."""
    share = np.array([trait.share for trait in traits])
    found = share * rng.lognormal(0, 0.3, (len(rows), len(traits)))
    ages = [i for i, trait in enumerate(traits) if trait.band]
    most = np.minimum(0.6, 0.7 * UNIVERSE * share / audience[:, None])
    found = np.minimum(found, most)
    if ages:
        found[:, ages] /= found[:, ages].sum(axis=1, keepdims=True)
    return tuple(
        CompositionRow(row.name, tuple(float(x) for x in shares))
        for row, shares in zip(rows, found, strict=True)
    )


def _rules(rows: tuple[VehicleRow, ...]) -> tuple[RuleRow, ...]:
    members = {name: tuple(row.name for row in rows if row.medium == name) for name, *_ in MEDIA}
    return (
        RuleRow("TV", "TV", members["TV"], 0.3, 0.55, "share"),
        RuleRow("Magazines", "Magazines", members["Magazines"], 0.2, None, "share"),
        RuleRow("Newspapers", "Newspapers", members["Newspapers"], 6, 30, "insertions"),
    )
