"""A campaign of four vehicles, small enough that every plan of it can be listed."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from planner.campaign.inputs import (
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    TraitRow,
    VehicleRow,
)
from planner.comparing.frontier import Asked, Changed, frontier
from planner.comparing.side_by_side import SideBySide
from tests.planner.comparing.frontiers import HERE, LADDER, TERMS
from tests.planner.comparing.pairs import Maker, compared

NAMES, COSTS, AUDIENCES = "ABCD", (20.0, 17.0, 11.0, 8.0), (200.0, 150.0, 90.0, 80.0)
COMPOSITION = ((0.5, 0.1), (0.2, 0.3), (0.4, 0.2), (0.1, 0.1))


def small_campaign(**changes: Any) -> Campaign:
    """Four vehicles of two media; customers and influencers do not use them alike."""
    vehicles = tuple(
        VehicleRow(name, medium, cost, audience, 3.0)
        for name, medium, cost, audience in zip(
            NAMES, ("TV", "TV", "Print", "Print"), COSTS, AUDIENCES, strict=True
        )
    )
    campaign = Campaign(
        Brief(campaign="Small", universe_000=1000.0, budget=100.0, objective="influence", customers_first=0.0),
        (TraitRow("customer", "customer", 0.3), TraitRow("catalyst", "catalyst", 0.15, weight=2.0)),
        (), (), (MediumRow("TV", 1.5, 0.5), MediumRow("Print", 2.0, 0.5)), 1.3, vehicles, ("customer", "catalyst"),
        tuple(CompositionRow(name, shares) for name, shares in zip(NAMES, COMPOSITION, strict=True)),
    )  # fmt: skip
    return replace(campaign, **changes)


@pytest.fixture(scope="session")
def small() -> Callable[..., Campaign]:
    return small_campaign


@pytest.fixture(scope="session")
def sampled() -> Callable[..., Campaign]:
    """The same with a sample behind every vehicle."""

    def make(size: float = 200.0, **changes: Any) -> Campaign:
        campaign = small_campaign(**changes)
        rows = tuple(replace(row, sample_size=size) for row in campaign.vehicles)
        return replace(campaign, vehicles=rows)

    return make


@pytest.fixture
def pair(made_campaign: Maker, made_result: Maker) -> SideBySide:
    """Four vehicles at 4,000, 5,500, 7,000, 8,500, in TV and Magazines by turns; B buys one fewer of the first and
    the fourth instead of the second."""
    campaign = made_campaign(4)
    a = made_result(campaign, insertions=[2, 1, 3, 0])
    b = made_result(campaign, insertions=[1, 0, 3, 2], value=12_000.0)
    return compared(a, b)


@pytest.fixture(scope="module")
def found(small):
    asked = Asked(points=4, trade_offs=6, ladder=LADDER, change=Changed(budget=60.0, within=0.01))
    return frontier(small(), asked, TERMS, HERE)
