"""Campaigns and results made by hand, for every test that needs one but not a calculation."""

import math
import shutil
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.campaign.influence import parameters_of
from planner.campaign.inputs import Brief, Campaign, CompositionRow, Default, MediumRow, TraitRow, VehicleRow
from planner.campaign.rule_rows import RuleRow
from planner.errors import WorkbookError
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
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.campaign.week_columns import mondays_of, week_labels

# Started in the background, a shell has the interrupt ignored, and programs that tests start would inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""
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


@pytest.fixture
def made_influence() -> Callable[..., Influence]:
    """What influencers add to a made result: made_influence(result, **fields)."""
    return build_influence


@pytest.fixture
def made_ranking() -> Callable[[PlanResult], Ranking]:
    """The ranking of a made result's vehicles: made_ranking(result)."""
    return build_ranking


@pytest.fixture
def made_influenced(made_result: Callable[..., PlanResult]) -> Callable[..., PlanResult]:
    """A made result with what influencers add and with its ranking; arguments as made_result's."""

    def build(*arguments: Any, **fields: Any) -> PlanResult:
        result = made_result(*arguments, **fields)
        return replace(result, influence=build_influence(result), ranking=build_ranking(result))

    return build


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


BUYERS_BRIEF = {
    "Currency": "EUR", "Universe (000)": 1000, "Budget": 5000, "Weeks": 4, "Objective": "reach",
}  # fmt: skip
BUYERS_BOOK: dict[str, list[list[object]]] = {
    "Traits": [
        ["Trait", "Role", "Share of universe %"],
        ["customer", "customer", "20 %"],
        ["catalyst", "catalyst", "10 %"],
        ["young", "demographic", "40 %"],
    ],
    "Audiences": [["Audience", "Definition"], ["Future", "catalyst and not customer"]],
    "Vehicles": [
        ["Vehicle", "Medium", "Genre", "Groups", "Unit cost", "Audience (000)", "Max", "Smallest buy", "Fixed cost",
         "Locked", "Must buy", "Min"],
        ["Quiz", "TV", "fun", "prime; family", 100, 100, 4],
        ["News", "TV", "news", None, 200, 200, 4],
        ["Cook", "Magazine", "food", "family", 300, 50, 3],
        ["Drive", "Radio", "music", None, 50, 40, 20],
    ],
    "Types": [["Vehicle", "screen", "print"]],
    "Pairs": [["Vehicle A", "Vehicle B", "People (000)", "Percent of A"]],
    "Rules": [["Rule", "Applies to", "At least", "At most", "Unit", "Note"]],
    "Goals": [["Audience", "Measure", "At least", "At most"]],
    "Discounts": [["Vehicle or group", "From", "Unit", "Discount %"]],
    "Packages": [["Package", "Vehicle", "Insertions", "Price"]],
    "Weeks": [["Vehicle", "W1", "W2", "W3", "W4"]],
}  # fmt: skip


@pytest.fixture
def buyers_book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a campaign of four vehicles: buyers_book({"Rules": [rows]}, {"Vehicles!H2": 3}, Budget=None).

    rows: added below the sheet's headings, from row 2 on. edits: cells by address. A value may be a pair,
    (value, number format). Keywords are answers of the Brief.
    """

    def build(
        rows: Mapping[str, list[list[object]]] | None = None,
        edits: Mapping[str, object] | None = None,
        **brief: object,
    ) -> Path:
        book = openpyxl.Workbook()
        book.active.title = "Brief"
        for place, pair in enumerate({**BUYERS_BRIEF, **brief}.items(), 1):
            book["Brief"].cell(place, 1, pair[0])
            book["Brief"].cell(place, 2, pair[1])
        cells: dict[str, object] = {}
        for name, standing in BUYERS_BOOK.items():
            book.create_sheet(name)
            for number, row in enumerate([*standing, *(rows or {}).get(name, [])], 1):
                for place, value in enumerate(row):
                    cells[f"{name}!{'ABCDEFGHIJKL'[place]}{number}"] = value
        for address, value in {**cells, **(edits or {})}.items():
            sheet, _, place = address.partition("!")
            plain, number_format = value if isinstance(value, tuple) else (value, "General")
            book[sheet][place].value = plain
            book[sheet][place].number_format = number_format
        path = tmp_path / "campaign.xlsx"
        book.save(path)
        return path

    return build


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
    return replace(result, weeks=figures, cost=float(cost.sum()))


@pytest.fixture
def made_weeks(made_result: Callable[..., PlanResult]) -> Callable[..., PlanResult]:
    """A made result with a calendar: made_weeks(campaign, insertions=[...], by_week=False, **fields)."""

    def build(*arguments: Any, by_week: bool = False, **fields: Any) -> PlanResult:
        return build_weeks(made_result(*arguments, **fields), by_week)

    return build


@pytest.fixture
def buyers_problems(buyers_book: Callable[..., Path]) -> Callable[..., dict[str, str]]:
    """Problems by cell of the workbook that buyers_book writes."""

    def read(*arguments: Any, **brief: object) -> dict[str, str]:
        with pytest.raises(WorkbookError) as caught:
            read_campaign(buyers_book(*arguments, **brief))
        return {problem.cell: problem.text for problem in caught.value.problems}

    return read


@pytest.fixture
def buyers_campaign(buyers_book: Callable[..., Path]) -> Callable[..., Campaign]:
    """The campaign of the workbook that buyers_book writes."""
    return lambda *arguments, **brief: read_campaign(buyers_book(*arguments, **brief))


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], openpyxl.Workbook]:
    """Opens a workbook with every formula calculated anew by LibreOffice, under a profile of its own."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)

    def open_recalculated(path: Path) -> openpyxl.Workbook:
        out = tmp_path_factory.mktemp("recalculated")
        command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        assert (out / path.name).exists(), "LibreOffice wrote nothing"
        return openpyxl.load_workbook(out / path.name, data_only=True)

    return open_recalculated
