"""Campaigns and results made by hand, for every test that needs one but not a calculation."""

import math
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from planner.inputs import (
    Brief,
    Campaign,
    CompositionRow,
    Default,
    MediumRow,
    RuleRow,
    TraitRow,
    VehicleRow,
)
from planner.results import AudienceFigures, CustomersFirst, PlanResult, RuleOutcome, Run, VehicleFigures

MEDIA = ("TV", "Magazines", "Newspapers", "Radio", "Web")
WORDS = ("Morning", "Evening", "Weekly", "Home", "City", "Sports", "Garden", "Science", "Family", "Late")
KINDS = ("News", "Show", "Review", "Journal", "Hour", "Digest", "Live", "Times")
AUDIENCES = (
    ("everyone", ""), ("target", "customer or catalyst"), ("customers", "customer"),
    ("catalysts", "catalyst"), ("experts", "expert"), ("influencers", "catalyst or expert"),
    ("others", "not customer and not catalyst"),
    ("young", "men 18-34"), ("families", "women with children"),
)  # fmt: skip


def build_campaign(
    vehicles: int = 6,
    media: int = 2,
    names: tuple[str, ...] = (),
    unquoted: tuple[int, ...] = (),
    **brief: Any,
) -> Campaign:
    """A campaign of this many vehicles in so many media; `names` replaces the first vehicles' names,
    `unquoted` are places of vehicles without a price, further keywords are values of the brief."""
    made = [f"{WORDS[n % 10]} {KINDS[n // 10 % 8]}" for n in range(vehicles)]
    made[: len(names)] = names
    rows = tuple(
        VehicleRow(
            name=name, medium=MEDIA[n % media], unit_cost=None if n in unquoted else 4_000.0 + 1_500 * n,
            audience_000=900.0 + 130 * (n % 17), maximum=20, genre="news" if n % 2 else "drama",
            unit=":30" if n % media == 0 else "page 4C", basis="published" if n % 3 else "estimate",
            source="rate card",
        )
        for n, name in enumerate(made)
    )  # fmt: skip
    return Campaign(
        brief=replace(Brief(
            campaign="Spring launch", client="Example Foods", category="food", universe_000=50_000.0,
            budget=1_000_000.0, start=date(2027, 3, 1), target_audience="customer or catalyst",
        ), **brief),
        traits=(TraitRow("customer", "customer", 0.2), TraitRow("catalyst", "catalyst", 0.1)),
        overlaps=(),
        audiences=(),
        media=tuple(MediumRow(name, 1.6, 0.5) for name in MEDIA[:media]),
        between_media=1.35,
        vehicles=rows,
        composition_traits=("customer", "catalyst"),
        composition=tuple(CompositionRow(name, (0.2, 0.1)) for name in made),
        rules=(RuleRow("TV", "TV", tuple(made[::media]), None, 0.6, "share", cell="Rules!B2"),),
        defaults=(
            Default("Media", "TV", "duplication", "duplication 1.6: measured on 103 US programmes"),
            Default("Brief", "Weeks", "weeks", "a flight of four weeks"),
            *(Default("Vehicles", name, "repeat", "repeat audience 50 %, assumed") for name in made[:4]),
        ),
        notices=("Sheet Contacts is not ours and was not read.",),
    )  # fmt: skip


def build_audience(
    name: str, definition: str, population_000: float, grp: float, classes: int = 25
) -> AudienceFigures:
    """Figures of an audience whose contacts follow a Poisson distribution with mean grp / 100."""
    mean = grp / 100
    exact = [math.exp(-mean) * mean**n / math.factorial(n) for n in range(classes)]
    distribution = np.array([*exact, max(0.0, 1 - sum(exact))])
    reach = 1 - exact[0]
    return AudienceFigures(name, definition, population_000, reach, mean / reach if reach > 0 else 0.0, grp,
                           mean * population_000, distribution)  # fmt: skip


def build_result(
    campaign: Campaign | None = None,
    insertions: list[float] | None = None,
    audiences: int = 5,
    **changes: Any,
) -> PlanResult:
    """A plan of a campaign: 1, 2, 3, 0, 1, 2, 3, 0, ... insertions unless stated; keywords replace fields."""
    campaign = build_campaign() if campaign is None else campaign
    brief, count = campaign.brief, len(campaign.vehicles)
    bought = np.array([(n + 1) % 4 for n in range(count)] if insertions is None else insertions, dtype=float)
    price = np.array([math.nan if v.unit_cost is None else v.unit_cost for v in campaign.vehicles])
    bought = np.where(np.isnan(price), 0.0, bought)
    seen = np.array([vehicle.audience_000 for vehicle in campaign.vehicles])
    grp = 100 * float(bought @ seen) / brief.universe_000
    shares = (1.0, 0.28, 0.2, 0.1, 0.2, 0.27, 0.72, 0.15, 0.12)
    result = PlanResult(
        campaign=campaign, status="optimal", objective="influence", value=12_345.678,
        value_unit="people (000), weighted by influence", bound=12_354.0, gap=0.000674, gap_asked=0.001,
        cost=float(np.nansum(bought * price)),
        vehicles=VehicleFigures(
            insertions=bought, optimised=bought.copy(), net_cost=price,
            audience_000=seen, target_000=0.3 * seen,
            influencer_index=80.0 + 7 * (np.arange(count) % 13), composition_blank=np.arange(count) % 3 == 2,
        ),
        audiences=tuple(build_audience(name, text, share * brief.universe_000, grp * (1 + 0.1 * place))
                        for place, ((name, text), share) in enumerate(zip(AUDIENCES, shares, strict=True))
                        )[:audiences],
        customers_first=CustomersFirst(best=0.412, kept=0.405, floor=0.39964),
        rules=(
            RuleOutcome("Brief!B6", "Spend at most $1,000,000", True, True, 0.0, "money"),
            RuleOutcome("Rules!B2", "TV: at most 60 % of spend", True, False, 0.021, "share of spend"),
        ),
        notes=(("Reach", "Duplication between media is 1.35."), ("Influence", "A catalyst counts 1.8 times."),
               ("Reach", "Duplication within TV is 1.6.")),
        run=Run({"read": 0.12, "solve": 0.4}, {"planner": "0.1.0", "highspy": "1.15.1"}),
        fingerprint="ab" * 32,
    )  # fmt: skip
    return replace(result, **changes)


@pytest.fixture
def made_campaign() -> Callable[..., Campaign]:
    """Builds a campaign by hand: made_campaign(vehicles=6, media=2, names=(), unquoted=(), **brief)."""
    return build_campaign


@pytest.fixture
def made_result() -> Callable[..., PlanResult]:
    """Builds a result by hand: made_result(campaign, insertions=[...], audiences=5, **fields)."""
    return build_result


@pytest.fixture
def made_audience() -> Callable[..., AudienceFigures]:
    """Builds the figures of an audience: made_audience(name, definition, population_000, grp, classes=25)."""
    return build_audience
