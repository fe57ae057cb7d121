"""What is written is read back the same, whatever the campaign holds."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.inputs import (
    AudienceRow,
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    OverlapRow,
    TraitRow,
    VehicleRow,
)
from planner.campaign.rule_rows import DiscountRow, GoalRow, PackageRow, RuleRow
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.template import write_example
from tests.planner.workbook.reading.book import rewritten


def content(campaign: Campaign) -> Campaign:
    """The campaign without the addresses that its rows carry, and without notices about the sheet."""
    bare = {
        name: tuple(replace(row, cell="") for row in getattr(campaign, name))
        for name in ("rules", "goals", "discounts", "packages")
    }
    return replace(campaign, **bare, notices=())


def small_campaign(vehicles: Sequence[VehicleRow]) -> Campaign:
    return Campaign(
        brief=Brief(currency="EUR", universe_000=1000, budget=500, weeks=4),
        traits=(TraitRow("catalyst", "catalyst", 0.1),),
        overlaps=(),
        audiences=(),
        media=(MediumRow("TV", 1.6, 0.5),),
        between_media=1.35,
        vehicles=tuple(vehicles),
        composition_traits=("catalyst",),
        composition=tuple(CompositionRow(vehicle.name, (0.1,)) for vehicle in vehicles),
    )


def test_the_example_survives_being_written(tmp_path: Path) -> None:
    write_example(tmp_path / "a.xlsx")
    campaign = read_campaign(tmp_path / "a.xlsx")
    assert rewritten(campaign, tmp_path / "b.xlsx") == campaign


def test_a_least_campaign_keeps_all_its_defaults(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Brief"
    book.active.append(["Universe (000)", 1000])
    book.active.append(["Budget", 0])
    for name, rows in {
        "Vehicles": [
            ["Vehicle", "Medium", "Unit cost", "Audience (000)"],
            ["A", "TV", 5, 100],
            ["B", "Radio", "?", 50],
        ],
        "Composition": [["Vehicle", "catalyst", "expert: food"], ["A", "12 %", None]],
    }.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book["Brief"].append(["Category", "food"])
    book.save(tmp_path / "a.xlsx")
    campaign = read_campaign(tmp_path / "a.xlsx")
    again = rewritten(campaign, tmp_path / "b.xlsx")
    assert again == campaign
    assert again.defaults == campaign.defaults


def test_a_vehicle_with_a_formula_for_a_name_survives(tmp_path: Path) -> None:
    names = [
        "=1+1",
        "+1",
        "@SUM(A1)",
        "-1",
        "'quoted",
        "http://example.com",
        "007",
        "#N/A",
        "  two  spaces ",
        "Ünïcode 🎬",
    ]
    vehicles = [VehicleRow(name, "TV", 10.0, 100.0, 4.0) for name in names]
    again = rewritten(small_campaign(vehicles), tmp_path / "a.xlsx")
    assert [vehicle.name for vehicle in again.vehicles] == [" ".join(name.split()) for name in names]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book["Vehicles"]["A2"].data_type == "s"


def test_amounts_bear_the_campaigns_currency(tmp_path: Path) -> None:
    rewritten(small_campaign([VehicleRow("A", "TV", 12.5, 100.0, 4.0)]), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    column = [cell.value for cell in book["Vehicles"][1]].index("Unit cost")
    assert "€" in book["Vehicles"][2][column].number_format
    assert "0.00" in book["Vehicles"][2][column].number_format


def test_a_zero_that_was_given_is_told_from_one_that_was_not(tmp_path: Path) -> None:
    given_zero = small_campaign([VehicleRow("A", "TV", 10.0, 100.0, 4.0, discount=0.0)])
    again = rewritten(given_zero, tmp_path / "a.xlsx")
    assert not [found for found in again.defaults if found.attribute == "discount"]


# --- random campaigns ------------------------------------------------------------------------------

WORD = st.text(st.sampled_from("abcdeABCD äöé=+-@'#&<>\"0123456789"), min_size=1, max_size=12)
NAMES = WORD.map(lambda text: f"v{' '.join(text.split())}")
GENRES = ("", "=news", "d'äma", "@sport & spiel", 'the "b"', "+7 #1 <x>")  # none may be taken for another
SHARE = st.integers(1, 999).map(lambda n: n / 1000)
MONEY = st.one_of(st.integers(1, 10**7).map(float), st.decimals(1, 10**6, places=2).map(float))
COUNT = st.integers(0, 60).map(float)


def unique(names: st.SearchStrategy[str], least: int, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(names, min_size=least, max_size=most, unique_by=lambda name: name.casefold())


@st.composite
def vehicle(draw: st.DrawFn, name: str) -> VehicleRow:
    low, span = draw(st.integers(0, 5)), draw(st.integers(0, 30))
    quoted = draw(st.booleans())
    low = low if quoted else 0
    locked = draw(st.none() | st.integers(low, low + span).map(float)) if quoted else None
    return VehicleRow(
        name=name,
        medium=draw(st.sampled_from(["TV", "Magazine", "Web site"])),
        unit_cost=draw(MONEY) if quoted else None,
        audience_000=draw(st.floats(0.001, 90)),
        maximum=float(low + span),
        genre=draw(st.sampled_from(GENRES)),
        groups=tuple(draw(unique(st.sampled_from(["one", "two", "three"]), 0, 3))),
        unit=draw(st.sampled_from(["", ":30", "page 4C"])),
        discount=draw(st.just(0.0) | SHARE),
        audience_base="adults",
        ad_seen=draw(st.just(1.0) | SHARE),
        repeat=draw(st.none() | SHARE),
        minimum=float(low),
        locked=locked,
        must_buy=quoted and low + span > 0 and locked is None and draw(st.booleans()),
        sample_size=draw(st.none() | st.integers(1, 9999).map(float)),
        basis=draw(st.sampled_from(["", "published", "estimate"])),
        source=draw(st.just("") | NAMES),
        fixed_cost=draw(st.just(0.0) | MONEY),
        smallest_buy=float(draw(st.integers(0, int(locked) if locked else low + span))),
    )


@st.composite
def demands(draw: st.DrawFn, vehicles: Sequence[VehicleRow]) -> dict[str, Any]:
    """Rules of the newer units, goals, discounts and packages over these vehicles."""
    first, names = vehicles[0].name, tuple(vehicle.name for vehicle in vehicles)
    listed = tuple((f"vehicle: {name}", (name,)) for name in names)
    one, last = f"vehicle: {first}", f"vehicle: {names[-1]}"
    of = draw(st.sampled_from(["money", "insertions", "grp"]))
    rules = [RuleRow("grp", "all", names, draw(MONEY), None, "grp")]
    if len(names) > 1:
        several = "; ".join(name for name, _ in listed)
        part, times = draw(SHARE), draw(SHARE) * 20
        rules += [
            RuleRow("ratio", one, names[:1], times, None, "ratio", of=of, base=last, base_vehicles=names[-1:]),
            RuleRow("part", one, names[:1], part, None, "ratio", of="grp", base="the whole plan", base_vehicles=names),
            RuleRow("count", "all", names, 1.0, None, "vehicles"),
            RuleRow("items", several, names, None, 1.0, "items", items=listed),
        ]  # fmt: skip
    steps = draw(st.lists(SHARE, min_size=1, max_size=3, unique=True))
    by = draw(st.sampled_from(["insertions", "money"]))
    offered = [vehicle for vehicle in vehicles if vehicle.maximum >= 1]
    contents = [(v.name, float(draw(st.integers(1, int(v.maximum))))) for v in offered]
    return {
        "rules": tuple(rules),
        "goals": (
            GoalRow("mine", "reach", draw(SHARE)),
            GoalRow("everyone", "effective reach", draw(SHARE), times=draw(st.integers(2, 20))),
            GoalRow("target", "grp", draw(MONEY), 1e9),
            GoalRow("customers", "impressions", None, draw(MONEY)),
            GoalRow("customers", "share of impressions", draw(SHARE), 1.0),
            GoalRow("others", "average frequency", None, draw(st.floats(1, 30))),
        ),
        "discounts": tuple(
            DiscountRow(f"vehicle: {first}", (first,), by, float(place), rate)
            for place, rate in enumerate(sorted(steps), 1)
        ),
        "packages": (PackageRow("p", *zip(*contents, strict=True), draw(MONEY)),) if contents else (),
    }


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    names = draw(unique(NAMES, 1, 6))
    vehicles = tuple(draw(vehicle(name)) for name in names)
    traits = (
        TraitRow("customer", "customer", draw(SHARE)),
        TraitRow(
            "catalyst",
            "catalyst",
            draw(SHARE),
            weight=draw(st.none() | st.floats(0, 9)),
            duplication_factor=0.6,
        ),
        TraitRow("expert: food", "expert", draw(SHARE), category="food", weight=draw(SHARE)),
        TraitRow("x 18-34", "demographic", 0.4, band="age"),
        TraitRow("x 35+", "demographic", 0.6, band="age", weight=0.0),
    )
    columns = ("catalyst", "customer")
    low = max(0.0, traits[1].share + traits[2].share - 1)
    limit = draw(st.floats(0, 1)), draw(MONEY)
    rules = (
        RuleRow("share", "all", tuple(names), 0.0, round(limit[0], 9), "share", "why not"),
        RuleRow("money", f"vehicle: {names[0]}", (names[0],), None, limit[1], "money"),
    )
    more = draw(demands(vehicles))
    return Campaign(
        brief=Brief(
            campaign=draw(st.just("") | NAMES),
            client="c",
            category="food",
            currency=draw(st.sampled_from(["EUR", "USD", "XYZ"])),
            universe_000=1e6,
            budget=draw(st.just(0.0) | MONEY),
            budget_is="gross",
            commission=draw(st.just(0.0) | SHARE) * 0.9,
            start=draw(st.none() | st.dates(date(2000, 1, 1), date(2090, 1, 1))),
            weeks=draw(st.integers(1, 52)),
            objective=draw(
                st.sampled_from(["influence", "reach", "effective reach", "impressions", "minimum cost"])
            ),
            target_audience="everyone",
            customers_first=draw(SHARE),
            effective_frequency=draw(st.integers(1, 9)),
            whole=True,
            influence_preset=draw(st.sampled_from(["sceptical", "moderate", "industry"])),
            flighting=draw(st.sampled_from([None, "even", "front-loaded", "pulsed"])),
        ),
        traits=traits,
        overlaps=(
            OverlapRow("catalyst", "expert: food", max(low, min(traits[1].share, traits[2].share) * 0.5)),
        ),
        audiences=(AudienceRow("mine", "customer and not catalyst"),),
        media=(
            MediumRow("TV", 1.6, draw(SHARE), "#112233"),
            MediumRow("Magazine", draw(st.floats(1, 9)), 0.6),
            MediumRow("Web site", 2.0, 0.5),
        ),
        between_media=draw(st.floats(1, 3)),
        vehicles=vehicles,
        composition_traits=columns,
        composition=tuple(CompositionRow(name, (draw(st.none() | SHARE), 0.5)) for name in names),
        **more | {"rules": rules + more["rules"]},
    )


def digits(value: Any) -> Any:
    """A value to the 15 digits that a spreadsheet holds."""
    if isinstance(value, float):
        return float(f"{value:.15g}")
    if isinstance(value, tuple):
        return tuple(digits(part) for part in value)
    if hasattr(value, "__dataclass_fields__"):
        return type(value)(**{name: digits(getattr(value, name)) for name in value.__dataclass_fields__})
    return value


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(campaign=campaigns())
def test_any_campaign_survives_being_written_and_read(campaign: Campaign, tmp_path: Path) -> None:
    campaign = digits(campaign)
    once = rewritten(campaign, tmp_path / "once.xlsx")
    for name in (
        "brief",
        "traits",
        "audiences",
        "media",
        "between_media",
        "vehicles",
        "composition",
        "overlaps",
    ):
        assert getattr(once, name) == getattr(campaign, name), name
    for name in ("rules", "goals", "discounts", "packages"):
        assert getattr(content(once), name) == getattr(campaign, name), name
    same = replace(campaign, calendar=once.calendar)  # a flighting alone makes one
    assert campaign_fingerprint(once, 1e-3) == campaign_fingerprint(same, 1e-3)
    assert content(rewritten(once, tmp_path / "twice.xlsx")) == content(once)
