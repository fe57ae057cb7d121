"""The ranking of the vehicles: every measure by hand on two vehicles, its order, table, JSON and sheet."""

import json
import math
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from models.errors import InvalidInput
from planner.campaign.inputs import (
    Brief,
    Campaign,
    CompositionRow,
    InfluenceRow,
    MediumRow,
    TraitRow,
    VehicleRow,
)
from planner.campaign.population import build_population
from planner.formats import display_width
from planner.planning.ranking import MEASURES, audience_mask, measure_of, rank_vehicles, ranked
from planner.planning.results import Ranking
from planner.report.campaign.ranking import ranking_json, ranking_table
from planner.workbook.figures.ranking import HEADER_ROW, TEXTS
from planner.workbook.write import write_plan

Maker = Callable[..., Any]


@pytest.fixture
def two_vehicles() -> Campaign:
    """1,000 thousand people, 10 % catalysts. Alpha: 100 thousand viewers, 20 % of them catalysts, at 1,000.
    Beta: 200 thousand readers of whom half see the page, 5 % of them catalysts, at 4,000 less 25 % and 20 %.

    A catalyst talks 2.0 times as much as an everyday person, so volumes are 1/1.1 and 2/1.1. A person of volume 1
    passes on 10 conversations a week x 1/2 told x 1 listener x 2 weeks x 0.5 x 0.11 x 0.5 = 0.275 contacts:
    everyday 0.25, catalyst 0.5.
    """
    talk = {"conversations": 10.0, "catalyst": 2.0, "customer": 1.0, "brand_share": 0.5, "prompted": 0.11,
            "listeners": 1.0, "credible": 0.5, "weeks": 2.0, "online_echo": 0.0}  # fmt: skip
    return Campaign(
        brief=Brief(universe_000=1_000.0, budget=10_000.0, weeks=4, commission=0.2),
        traits=(TraitRow("catalyst", "catalyst", 0.1),),
        overlaps=(),
        audiences=(),
        media=(MediumRow("TV", 1.0, 0.5), MediumRow("Magazines", 1.0, 0.5)),
        between_media=1.0,
        vehicles=(
            VehicleRow("Alpha", "TV", 1_250.0, 100.0, 10),
            VehicleRow("Beta", "Magazines", 4_000.0, 200.0, 10, discount=0.25, ad_seen=0.5),
        ),
        composition_traits=("catalyst",),
        composition=(CompositionRow("Alpha", (0.2,)), CompositionRow("Beta", (0.05,))),
        influence=tuple(InfluenceRow(name, value) for name, value in talk.items()),
    )


def test_every_measure_of_everyone_is_what_is_calculated_by_hand(two_vehicles: Campaign) -> None:
    ranking = rank_vehicles(two_vehicles, build_population(two_vehicles), "everyone")
    expected = {
        "cost_per_insertion": [1_000, 2_400],
        "audience_000": [100, 100],
        "coverage_pct": [10, 10],
        "composition_pct": [100, 100],
        "index": [100, 100],
        "cpm": [10, 24],
        "cpp": [100, 240],
        "influencer_index": [200, 50],
        "cost_per_thousand_influencers": [1_000 / 20, 2_400 / 5],
        # Alpha: 80 everyday people x 1.25 + 20 catalysts x 1.5 = 130. Beta: 95 x 1.25 + 5 x 1.5 = 126.25.
        "cost_per_thousand_contacts": [1_000 / 130, 2_400 / 126.25],
    }
    assert {measure.key for measure in MEASURES} == set(expected)
    for key, figures in expected.items():
        assert getattr(ranking, key).tolist() == pytest.approx(figures, rel=1e-9), key


def test_the_measures_of_catalysts_count_catalysts_and_what_they_pass_on(two_vehicles: Campaign) -> None:
    ranking = rank_vehicles(two_vehicles, build_population(two_vehicles), "Catalysts")
    assert ranking.audience == "catalysts"
    assert ranking.population_000 == pytest.approx(100)
    assert ranking.coverage_pct.tolist() == pytest.approx([20, 5])
    assert ranking.composition_pct.tolist() == pytest.approx([20, 5])
    assert ranking.index.tolist() == pytest.approx([200, 50])
    assert ranking.cpm.tolist() == pytest.approx([50, 480])
    assert ranking.cpp.tolist() == pytest.approx([50, 480])
    assert ranking.cost_per_thousand_contacts.tolist() == pytest.approx([1_000 / 30, 2_400 / 7.5])


def test_people_met_several_times_are_counted_once_and_their_contacts_each(two_vehicles: Campaign) -> None:
    """1.5 contacts a unit: the audience, coverage, composition and what people pass on stay; a contact costs less."""
    often = replace(
        two_vehicles,
        vehicles=(replace(two_vehicles.vehicles[0], contacts=1.5), two_vehicles.vehicles[1]),
    )
    once, ranking = (rank_vehicles(of, build_population(of), "everyone") for of in (two_vehicles, often))
    for name in ("audience_000", "coverage_pct", "composition_pct", "index", "influencer_index"):
        assert getattr(ranking, name).tolist() == pytest.approx(getattr(once, name).tolist()), name
    assert ranking.cpm.tolist() == pytest.approx([1_000 / 150, 2_400 / 100])
    assert ranking.cpp.tolist() == pytest.approx([1_000 / 15, 2_400 / 10])
    assert ranking.cost_per_thousand_influencers.tolist() == pytest.approx([1_000 / 30, 2_400 / 5])
    assert ranking.cost_per_thousand_contacts.tolist() == pytest.approx([1_000 / 180, 2_400 / 126.25])


def test_where_nobody_talks_a_contact_costs_the_cpm(two_vehicles: Campaign) -> None:
    silent = replace(two_vehicles, influence=(InfluenceRow("prompted", 0.0),))
    ranking = rank_vehicles(silent, build_population(silent), "others")
    assert ranking.cost_per_thousand_contacts.tolist() == pytest.approx(ranking.cpm.tolist())


def test_an_audience_may_be_a_definition(two_vehicles: Campaign) -> None:
    people = build_population(two_vehicles)
    name, mask = audience_mask(people, "not   catalyst")
    assert name == "not catalyst"
    assert mask.tolist() == people.masks["others"].tolist()
    with pytest.raises(InvalidInput, match='audience "gardeners" is not understood'):
        audience_mask(people, "gardeners")


def test_a_vehicle_without_a_price_has_no_costs_and_stands_last(two_vehicles: Campaign) -> None:
    alpha, beta = two_vehicles.vehicles
    campaign = replace(two_vehicles, vehicles=(replace(alpha, unit_cost=None), beta))
    ranking = rank_vehicles(campaign, build_population(campaign), "everyone")
    for measure in MEASURES:
        assert math.isnan(getattr(ranking, measure.key)[0]) == measure.cost, measure.key
    assert ranked(ranking, "cpm") == [1, 0]
    assert ranked(ranking, "index") == [0, 1]


def test_without_influencers_their_measures_are_blank_and_the_cpm_sorts(two_vehicles: Campaign) -> None:
    campaign = replace(two_vehicles, traits=(TraitRow("gardeners", "demographic", 0.3),), composition=())
    ranking = rank_vehicles(campaign, build_population(campaign))
    assert all(math.isnan(value) for value in ranking.influencer_index)
    assert all(math.isnan(value) for value in ranking.cost_per_thousand_influencers)
    assert ranked(ranking) == ranked(ranking, "cpm") == [0, 1]
    assert ranking_json(ranking)["sort"] == "cpm"
    assert "nan" not in ranking_table(ranking)


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.key)
def test_costs_are_sorted_upwards_and_everything_else_downwards(
    measure: Any, made_result: Maker, made_ranking: Maker, made_campaign: Maker
) -> None:
    ranking = made_ranking(made_result(made_campaign(17, 3, unquoted=(2, 5))))
    values = [getattr(ranking, measure.key)[place] for place in ranked(ranking, measure.key)]
    known = [value for value in values if not math.isnan(value)]
    assert known == sorted(known, reverse=not measure.cost)
    assert all(math.isnan(value) for value in values[len(known) :])
    assert len(values) == 17


def test_a_measure_is_found_by_its_heading_in_any_case(made_result: Maker, made_ranking: Maker) -> None:
    for measure in MEASURES:
        assert measure_of(measure.heading.upper()) is measure_of(measure.key) is measure
    with pytest.raises(InvalidInput, match='no measure "colour" to sort by; there are: audience 000'):
        ranking_table(made_ranking(made_result()), "colour")


@pytest.mark.parametrize("name", ["", "The Longest Programme Name " * 8, "読売新聞の朝刊" * 20])
@pytest.mark.parametrize("price", [1.0, 1e6])
def test_no_line_of_the_table_is_wider_than_100_columns(
    name: str, price: float, made_campaign: Maker, made_result: Maker, made_ranking: Maker
) -> None:
    ranking: Ranking = made_ranking(made_result(made_campaign(30, 5, names=(name,) if name else ())))
    for key in (
        "cost_per_insertion",
        "cpm",
        "cpp",
        "cost_per_thousand_influencers",
        "cost_per_thousand_contacts",
    ):
        ranking = replace(ranking, **{key: price * getattr(ranking, key)})
    text = ranking_table(ranking, "cpm", 12)
    assert all(display_width(line) <= 100 for line in text.splitlines())
    assert "the first 12 of 30 vehicles by CPM, lowest first" in " ".join(text.split())


def test_the_table_marks_vehicles_without_a_composition(made_result: Maker, made_ranking: Maker) -> None:
    text = ranking_table(made_ranking(made_result()))
    assert "* Weekly News" in text
    assert "* no composition figure for influencers: the universe's share is used instead." in text


def test_the_json_holds_every_measure_and_no_nan(
    made_campaign: Maker, made_result: Maker, made_ranking: Maker
) -> None:
    ranking = made_ranking(made_result(made_campaign(6, unquoted=(1,))))
    found = json.loads(json.dumps(ranking_json(ranking, "influencer index", 6), allow_nan=False))
    assert found["sort"] == "influencer_index"
    assert found["order"] == "descending"
    assert found["vehicles"][0]["vehicle"] == "Sports News"
    unquoted = next(row for row in found["vehicles"] if row["vehicle"] == "Evening News")
    assert unquoted["cpm"] is unquoted["cost_per_insertion"] is None
    assert set(unquoted) == {
        "vehicle",
        "medium",
        "composition_given",
        "composition",
        *(found.key for found in MEASURES),
    }
    assert len(ranking_json(ranking, "cpm", 2)["vehicles"]) == 2


def test_the_sheet_can_be_sorted_is_coloured_and_explains_its_columns(
    made_influenced: Maker, made_campaign: Maker, tmp_path: Path
) -> None:
    write_plan(made_influenced(made_campaign(12, 3, unquoted=(4,))), tmp_path / "plan.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "plan.xlsx")["Ranking"]
    last = HEADER_ROW + 1 + 12
    assert sheet.auto_filter.ref == f"A{HEADER_ROW + 1}:M{last}"
    assert sheet.freeze_panes == f"B{HEADER_ROW + 2}"
    headings = [cell.value for cell in sheet[HEADER_ROW + 1]][: len(TEXTS) + len(MEASURES)]
    assert headings[len(TEXTS) :] == [
        "Net cost per insertion" if measure.key == "cost_per_insertion" else measure.heading
        for measure in MEASURES
    ]
    scales = {
        str(cells.sqref): rules[0].type for cells, rules in sheet.conditional_formatting._cf_rules.items()
    }
    assert len(scales) == len(MEASURES) - 2  # composition and index of the target are the same for all
    assert set(scales.values()) == {"colorScale"}
    below = {sheet.cell(row, 1).value for row in range(last + 1, sheet.max_row + 1)}
    assert below >= {measure.heading for measure in MEASURES if measure.key != "cost_per_insertion"}
    names = [sheet.cell(row, 1).value for row in range(HEADER_ROW + 2, last + 1)]
    assert names[-1] == "City News"  # not quoted
    assert sheet.column_dimensions["P"].hidden  # with Q and R: the points of the chart on Influence
