"""Campaigns and results made by hand."""

import math
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np

from planner.campaign.influence import parameters_of
from planner.campaign.inputs import Brief, Campaign, CompositionRow, Default, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import RuleRow
from planner.planning.influence import BreakEven, Gain, Influence, PlanMeasures, TalkFigures, Turn
from planner.planning.results import (
    AudienceFigures,
    CustomersFirst,
    PlanResult,
    Ranking,
    RuleOutcome,
    Run,
    VehicleFigures,
    WeekFigures,
)
from planner.workbook.campaign.calendar.columns import mondays_of, week_labels

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
            composition_shrunk=np.zeros(count, dtype=bool), cost=bought * np.nan_to_num(price),
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
        run=Run({"read": 0.12, "solve": 0.4}, lambda: {"planner": "0.1.0", "highspy": "1.15.1"}),
        fingerprint="ab" * 32,
    )  # fmt: skip
    return replace(result, **changes)


def buying(figures: VehicleFigures, insertions: np.ndarray) -> VehicleFigures:
    """The figures of vehicles with other insertions, which cost their price."""
    return replace(figures, insertions=insertions, cost=insertions * np.nan_to_num(figures.net_cost))


def build_measures(result: PlanResult, label: str, insertions: np.ndarray, lift: float) -> PlanMeasures:
    """Measures of a plan whose paid reach is the result's, `lift` points higher; 2 % of it is told."""
    price = np.nan_to_num(result.vehicles.net_cost)
    audiences = []
    for audience in result.audiences:
        paid = min(1.0, audience.reach_share + lift / 100)
        audiences.append(TalkFigures(audience.name, paid, 0.02 * paid, 1 - (1 - paid) * (1 - 0.02 * paid)))
    return PlanMeasures(label, insertions, float(insertions @ price), tuple(audiences), 12_345.6 + 100 * lift,
                        234.5 + lift, 812.25 - lift)  # fmt: skip


def build_influence(result: PlanResult, **changes: Any) -> Influence:
    """What influencers add to a result: against an ordinary plan that reaches 0.8 points less and buys the
    first vehicle not bought instead of the first bought; keywords replace fields."""
    bought = result.vehicles.insertions
    ordinary = bought.copy()
    new, old = int(np.argmax(bought > 0)), int(np.argmax(bought == 0))
    ordinary[[new, old]] = ordinary[[old, new]]
    names = [vehicle.name for vehicle in result.campaign.vehicles]
    tailored, before = (
        build_measures(result, "tailored", bought, 0),
        build_measures(result, "ordinary", ordinary, -0.8),
    )
    gains = [
        Gain(f"reach of {figures.name}", "%", 100 * figures.paid, 100 * other.paid)
        for figures, other in zip(tailored.audiences, before.audiences, strict=True)
    ]
    currency = result.campaign.brief.currency
    gains += [
        Gain("people reached, influence-weighted", "000", tailored.influence_weighted_000,
             before.influence_weighted_000),
        Gain("earned contacts", "000", tailored.earned_contacts_000, before.earned_contacts_000),
        Gain("cost per thousand influencers", currency, tailored.cost_per_thousand_influencers,
             before.cost_per_thousand_influencers),
    ]  # fmt: skip
    influence = Influence(
        preset="moderate",
        parameters=parameters_of(result.campaign),
        worth={"customer": 1.0, "catalyst": 1.34, "everyday": 0.9625},
        passed_on={"customer": 0.2, "catalyst": 0.16, "everyday": 0.7},
        channels={"face to face": 178.22, "phone": 30.485, "online": 21.105, "other": 4.69},
        tailored=tailored, ordinary=before,
        impressions=build_measures(result, "impressions", np.roll(bought, 1), -3.0),
        gains=tuple(gains), comes_in=(names[new],), goes_out=(names[old],) if bought[old] == 0 else (),
        verdict="Tailoring reaches 41.2 % of influencers instead of 40.4 % (+0.80 points, +2.0 %). It costs no "
                "reach among everyone or customers.",
        measurable=True,
        break_even=BreakEven(1.25, 10.0, (
            Turn("Catalyst multiplier", 1.8, 1.1), Turn("Prompted by advertising", 0.05, None),
            Turn("Brand share of talk", 0.05, 0.0123),
        )),
        warnings=("Earned value is 17 % of paid; the evidence's ceiling is 15 %.",),
    )  # fmt: skip
    return replace(influence, **changes)


def build_ranking(result: PlanResult) -> Ranking:
    """The ranking of a result's vehicles for its target audience, 28 % of the universe."""
    figures, brief = result.vehicles, result.campaign.brief
    size = 0.28 * brief.universe_000
    influencers = 0.0027 * figures.influencer_index * figures.audience_000
    return Ranking(
        audience="target", definition=brief.target_audience, population_000=size, currency=brief.currency,
        vehicles=tuple(vehicle.name for vehicle in result.campaign.vehicles),
        media=tuple(vehicle.medium for vehicle in result.campaign.vehicles),
        cost_per_insertion=figures.net_cost, audience_000=figures.target_000,
        coverage_pct=100 * figures.target_000 / size,
        composition_pct=100 * figures.target_000 / figures.audience_000,
        index=100 * figures.target_000 / figures.audience_000 / 0.28,
        cpm=figures.net_cost / figures.target_000, cpp=figures.net_cost * size / 100 / figures.target_000,
        influencer_index=figures.influencer_index,
        cost_per_thousand_influencers=figures.net_cost / influencers,
        cost_per_thousand_contacts=figures.net_cost / figures.target_000 / 1.03,
        composition_blank=figures.composition_blank,
    )  # fmt: skip


def build_weeks(result: PlanResult, by_week: bool = False) -> PlanResult:
    """A made result with a calendar: each vehicle's insertions dealt out over the flight, the second vehicle's
    first in the second week, and so on. by_week: prices rise by 10 % a week for the first medium. Reach is made up.
    """
    campaign, brief, bought = result.campaign, result.campaign.brief, result.vehicles.insertions
    weeks = brief.weeks
    spread = np.zeros((len(bought), weeks))
    for place, count in enumerate(bought):
        for turn in range(int(count)):
            spread[place, (place + turn * max(1, weeks // 3)) % weeks] += 1
        spread[place, place % weeks] += count - int(count)
    price = np.tile(result.vehicles.net_cost[:, None], (1, weeks))
    first = np.array([vehicle.medium == campaign.vehicles[0].medium for vehicle in campaign.vehicles])
    if by_week:
        price = np.where(first[:, None], price * (1 + 0.1 * np.arange(weeks)), price)
    cost = np.nansum(spread * price, axis=0)
    grp = 100 * (result.vehicles.audience_000 @ spread) / brief.universe_000
    pattern = np.arange(weeks, 0, -1) / (weeks * (weeks + 1) / 2)
    figures = WeekFigures(
        labels=week_labels(brief), mondays=mondays_of(brief), insertions=spread, unit_cost=price, cost=cost,
        grp=grp, audience="target", reach_share=1 - np.exp(-grp / 100),
        cumulative_share=1 - np.exp(-np.cumsum(grp) / 150), pattern=pattern, pattern_name="front-loaded",
        off_pattern=0.04,
    )  # fmt: skip
    vehicles = replace(result.vehicles, cost=np.nansum(spread * price, axis=1))
    return replace(result, vehicles=vehicles, weeks=figures, cost=float(cost.sum()))
