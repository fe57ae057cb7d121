"""The panel of reach models: by hand on two vehicles, its table and JSON, both samples from the command line."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from models.errors import InvalidInput
from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow
from planner.campaign.population import build_population
from planner.formats import display_width
from planner.planning.panel import OURS, Panel, folded, panel_of, reached_at_least, schedule_of
from planner.report.plan.panel import panel_json, panel_table

Maker = Callable[..., Any]
SAMPLES = Path(__file__).parents[3] / "sample_inputs"
CLASSIC = ["Sainsbury", "binomial", "beta-binomial", "Metheringham", "Agostini", "Hofmans", "Morgensztern",
           "canonical expansion", "canonical aggregation"]  # fmt: skip


def campaign(between: float = 1.5, repeat: float = 0.5, **brief: Any) -> Campaign:
    """1,000 thousand people, half of them catalysts; Alpha is seen by 200, Beta read by 100 thousand, of whom half are
    catalysts too. They share `between` times as many people as by chance."""
    return Campaign(
        brief=Brief(universe_000=1_000.0, budget=10_000.0, weeks=4, **brief),
        traits=(TraitRow("catalyst", "catalyst", 0.5, duplication_factor=1.0),),
        overlaps=(),
        audiences=(),
        media=(MediumRow("TV", 1.5, repeat), MediumRow("Magazines", 1.5, repeat)),
        between_media=between,
        vehicles=(
            VehicleRow("Alpha", "TV", 1_000.0, 200.0, 10),
            VehicleRow("Beta", "Magazines", 1_000.0, 100.0, 10),
        ),
        composition_traits=("catalyst",),
        composition=(CompositionRow("Alpha", (0.5,)), CompositionRow("Beta", (0.5,))),
    )


def panel(insertions: list[float], audience: str = "everyone", made: Campaign | None = None) -> Panel:
    found = campaign() if made is None else made
    return panel_of(found, build_population(found), np.array(insertions), audience)


def reaches(found: Panel) -> dict[str, float]:
    return {row.name: row.estimate.reach for row in found.rows if row.estimate is not None}


def test_an_insertion_of_several_contacts_reaches_the_same_people_more_often() -> None:
    """Beta meets each of its people 4 times: reach as with one contact; 100 x (.2 + 4 x .1) = 60 GRP on 27 % are 2.22
    contacts each. How they are distributed no classic model tells."""
    made = campaign()
    several = replace(made, vehicles=(made.vehicles[0], replace(made.vehicles[1], contacts=4.0)))
    plain, found = panel([1, 1]), panel([1, 1], made=several)
    assert reaches(found) == pytest.approx(reaches(plain))
    row = next(row for row in found.rows if row.name == "Morgensztern")
    assert row.estimate is not None
    assert row.estimate.average_frequency == pytest.approx(0.6 / 0.27)
    assert row.estimate.distribution is None
    assert '"Beta" gives several' in " ".join(row.estimate.notes)
    assert panel([1, 0], made=several).rows[0].estimate.distribution is not None  # Beta is not bought


def test_one_insertion_each_reaches_what_each_models_formula_says() -> None:
    """.2 and .1 share .03: 27 % by all that know pairs; 28 % at random; .15 twice at random 27.75 %; Agostini
    .3^2 / (.3 + 1.125 x .03)."""
    found = reaches(panel([1, 1]))
    assert list(found) == [*CLASSIC, OURS]
    exact = ("Hofmans", "Morgensztern", "canonical expansion", "canonical aggregation", OURS)
    for name in exact:
        assert found[name] == pytest.approx(0.27, abs=1e-9), name
    assert found["Sainsbury"] == pytest.approx(0.28, abs=1e-9)
    assert found["beta-binomial"] == pytest.approx(0.28, abs=1e-9)
    assert found["binomial"] == pytest.approx(0.2775, abs=1e-9)
    assert found["Metheringham"] == pytest.approx(0.27, abs=1e-9)
    assert found["Agostini"] == pytest.approx(0.09 / (0.3 + 1.125 * 0.03), abs=1e-9)


def test_repeat_audiences_are_those_of_the_campaign() -> None:
    """Half of Alpha's 20 % come again: two insertions reach 30 %, 10 % meet both."""
    found = panel([2, 0])
    for row in found.rows:
        assert row.estimate is not None
        if row.name not in ("Sainsbury", "binomial", "Agostini"):
            assert row.estimate.reach == pytest.approx(0.3, abs=1e-9), row.name
        if row.name not in ("Sainsbury", "binomial") and row.estimate.distribution is not None:
            # 1e-6: what models.reach.frequency promises of ours
            assert row.estimate.distribution[:3] == pytest.approx([0.7, 0.2, 0.1], abs=1e-6), row.name
    assert reaches(found)["Sainsbury"] == pytest.approx(0.36, abs=1e-9)


def test_every_model_counts_the_same_contacts() -> None:
    """GRP = reach x frequency: 3 x 20 + 2 x 10 = 80."""
    found = panel([3, 2])
    assert found.grp == pytest.approx(80)
    for row in found.rows:
        assert row.estimate is not None
        assert 100 * row.estimate.reach * row.estimate.average_frequency == pytest.approx(80, rel=1e-9), (
            row.name
        )


def test_an_audience_has_its_own_ratings_and_pairs() -> None:
    """80 % of Alpha's 200 thousand are catalysts: 160 of 500 thousand, 32 %."""
    made = replace(
        campaign(), composition=(CompositionRow("Alpha", (0.8,)), CompositionRow("Beta", (0.5,)))
    )  # fmt: skip
    found = panel([1, 0], "catalysts", made)
    assert found.population_000 == pytest.approx(500)
    assert found.segments == 1
    assert reaches(found) == pytest.approx(dict.fromkeys([*CLASSIC, OURS], 0.32), abs=1e-9)
    assert panel([1, 0], "not catalyst", made).rows[0].estimate.reach == pytest.approx(0.08, abs=1e-9)


def test_an_audience_that_is_not_understood_or_empty_is_refused() -> None:
    with pytest.raises(InvalidInput, match='audience "catalists" is not understood'):
        panel([1, 1], "catalists")
    with pytest.raises(InvalidInput, match="Nobody is in the audience"):
        panel([1, 1], "catalyst and not catalyst")


def test_a_model_that_is_undefined_says_why_and_the_others_go_on() -> None:
    """.5 and .02 at random: no average vehicle has their 1 % of pairs."""
    vehicles = (
        VehicleRow("Alpha", "TV", 1_000.0, 500.0, 10),
        VehicleRow("Beta", "Magazines", 1_000.0, 20.0, 10),
    )
    made = replace(campaign(1.0), vehicles=vehicles)
    found = panel([1, 1], made=made)
    missing = {row.name: row.undefined for row in found.rows if row.estimate is None}
    assert list(missing) == ["Metheringham"]
    assert missing["Metheringham"].startswith("Two insertions share 1.000% of the people on average")
    plain = panel_json(found)
    row = next(row for row in plain["models"] if row["name"] == "Metheringham")
    assert row["reach_pct"] is row["distribution"] is row["average_frequency"] is None
    assert row["undefined"] == missing["Metheringham"]
    text = " ".join(panel_table(found).split())
    assert "Metheringham: undefined: Two insertions share 1.000%" in text


def test_an_impossible_reach_is_shown_and_left_out_of_the_spread() -> None:
    """.5 and .02: the binomial's 45.2 % is less than Alpha's own 50 %."""
    vehicles = (
        VehicleRow("Alpha", "TV", 1_000.0, 500.0, 10),
        VehicleRow("Beta", "Magazines", 1_000.0, 20.0, 10),
    )
    found = panel([1, 1], made=replace(campaign(1.0), vehicles=vehicles))
    plain = panel_json(found)
    row = next(row for row in plain["models"] if row["name"] == "binomial")
    assert row["reach_pct"] == pytest.approx(45.24)
    assert row["possible"] is False
    assert plain["lowest"]["reach_pct"] > 50
    text = " ".join(panel_table(found).split())
    assert 'binomial: Impossible: "Alpha" alone reaches 50.0%' in text
    assert "Left out as impossible: binomial" in text


def test_parts_of_insertions_leave_only_ours() -> None:
    made = campaign(whole=False)
    found = panel([1.5, 1], made=made)
    assert list(reaches(found)) == [OURS]
    text = " ".join(panel_table(found).split())
    assert text.count('"Alpha" has 1.5 insertions; this model counts whole insertions') == 1
    assert "No classic model has an answer for this schedule; ours is" in text
    plain = json.loads(json.dumps(panel_json(found), allow_nan=False))
    assert plain["spread_pct"] == 0


def test_a_plan_of_nothing_reaches_nobody_and_says_so() -> None:
    found = panel([0, 0])
    assert reaches(found) == {OURS: 0.0}
    assert found.rows[0].undefined == "Nothing is bought, so there is no schedule to estimate."
    assert "0 insertions in 0 vehicles" in panel_table(found)
    json.dumps(panel_json(found), allow_nan=False)


def test_classes_beyond_the_last_are_or_more() -> None:
    assert folded(np.array([0.4, 0.3, 0.2, 0.1]), 3) == pytest.approx([0.4, 0.3, 0.3])
    assert folded(np.array([0.4, 0.6]), 4) == pytest.approx([0.4, 0.6, 0, 0])


def test_effective_reach_is_the_share_met_as_often_as_the_brief_asks() -> None:
    """Two insertions of Alpha: 10 % meet both; nobody can meet three."""
    made = campaign(effective_frequency=2)
    plain = panel_json(panel([2, 0], made=made))
    rows = {row["name"]: row for row in plain["models"]}
    assert rows["beta-binomial"]["effective_reach_pct"] == pytest.approx(10, abs=1e-6)
    assert rows[OURS]["effective_reach_pct"] == pytest.approx(10, abs=1e-4)
    assert rows["Hofmans"]["effective_reach_pct"] is None
    three = panel([2, 0], made=campaign(effective_frequency=3))
    assert reached_at_least(three.rows[0].estimate, 3) == 0
    assert "2+ %" in panel_table(panel([2, 0], made=made))
    assert "1+ %" not in panel_table(panel([2, 0], made=campaign(effective_frequency=1)))


def test_the_json_is_complete_and_agrees_with_the_table() -> None:
    found = panel([3, 2])
    plain = json.loads(json.dumps(panel_json(found), allow_nan=False))
    assert plain["schema"] == 1
    assert plain["audience"] == "everyone"
    assert [row["name"] for row in plain["models"]] == [*CLASSIC, OURS]
    keys = {"name", "source", "fault", "reach_pct", "difference_pct", "average_frequency", "effective_reach_pct",
            "distribution", "possible", "undefined", "notes"}  # fmt: skip
    for row in plain["models"]:
        assert set(row) == keys
        assert row["fault"]
        if row["distribution"] is not None:
            assert len(row["distribution"]) == 21
            assert sum(row["distribution"]) == pytest.approx(1, abs=1e-9)
            assert 100 * (1 - row["distribution"][0]) == pytest.approx(row["reach_pct"], abs=1e-6)
    reach = {row["name"]: row["reach_pct"] for row in plain["models"]}
    ours = plain["models"][-1]
    assert ours["difference_pct"] == 0
    for row in plain["models"]:
        assert row["difference_pct"] == pytest.approx(row["reach_pct"] - ours["reach_pct"])
    assert plain["lowest"]["reach_pct"] == min(reach.values())
    assert plain["highest"] == {
        "name": max(reach, key=lambda name: reach[name]),
        "reach_pct": max(reach.values()),
    }
    assert plain["spread_pct"] == pytest.approx(max(reach.values()) - min(reach.values()))
    table = panel_table(found)
    for name, value in reach.items():
        line = next(line for line in table.splitlines() if line.startswith(name))
        assert f"{value:.1f}" in line
    assert "calibrated model" in plain["basis"]
    assert plain["basis"] in " ".join(table.split())


def test_ours_is_what_the_plan_reports(made_campaign: Maker) -> None:
    """The figures of evaluate, from the same model."""
    from planner.planning.figures import audience_figures

    made = made_campaign(12, 3)
    people = build_population(made)
    bought = np.arange(12.0) % 4
    for figures in audience_figures(people, bought):
        ours = panel_of(made, people, bought, figures.name).ours
        assert ours.reach == pytest.approx(figures.reach_share, rel=1e-12), figures.name
        assert ours.average_frequency == pytest.approx(figures.average_frequency, rel=1e-12)
        assert ours.distribution is not None
        # 1e-6: what models.reach.frequency promises; the panel works out 64 classes, evaluate 21
        assert folded(ours.distribution) == pytest.approx(figures.distribution, abs=1e-6)


def test_the_table_fits_a_hundred_columns_whatever_the_names(made_campaign: Maker) -> None:
    made = made_campaign(40, 5, names=("読売新聞" * 12, "The Very Long Name of a Programme " * 4))
    people = build_population(made)
    found = panel_of(made, people, np.full(40, 3.0), "influencers")
    assert max(display_width(line) for line in panel_table(found).splitlines()) <= 100
    halves = panel_of(made, people, np.full(40, 2.5))
    assert max(display_width(line) for line in panel_table(halves).splitlines()) <= 100


def test_hundreds_of_insertions_have_finite_answers(made_campaign: Maker) -> None:
    """200 vehicles of five media, 1,200 insertions: our own pairs, every model finite or undefined in words."""
    made = made_campaign(80, 5)
    many = replace(
        made,
        vehicles=tuple(
            replace(row, name=f"{row.name} {n}") for n in range(3) for row in made.vehicles[: 80 - 10 * n]
        ),
        composition=tuple(
            replace(row, vehicle=f"{row.vehicle} {n}")
            for n in range(3)
            for row in made.composition[: 80 - 10 * n]
        ),
        rules=(),
    )
    people = build_population(many)
    found = panel_of(many, people, np.full(len(many.vehicles), 6.0))
    assert found.insertions == 6 * 210
    plain = json.loads(json.dumps(panel_json(found), allow_nan=False))
    assert sum(row["reach_pct"] is not None for row in plain["models"]) >= 6
    for row in plain["models"]:
        assert (row["undefined"] is None) == (row["reach_pct"] is not None)
        if row["distribution"] is not None:
            assert min(row["distribution"]) >= 0
            assert sum(row["distribution"]) == pytest.approx(1, abs=1e-9)


def test_a_vehicle_that_nobody_in_the_audience_uses_is_left_out() -> None:
    made = campaign()
    people = build_population(made)
    nobody = replace(people.model.audiences, rating=people.model.audiences.rating * np.array([1.0, 0.0]))
    alone = replace(people, model=replace(people.model, audiences=nobody))
    found = schedule_of(alone, np.array([1.0, 1.0]), np.full(len(people.segments.population), 1 / 2))
    assert found.vehicles == ("Alpha",)


# From the command line --------------------------------------------------------------------------------------


def planner(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "planner.cli.commands", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=SAMPLES.parent)


@pytest.fixture(scope="module", params=["us_2016", "spring_launch"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workbook of a sample's plan."""
    path = tmp_path_factory.mktemp("panel") / f"{request.param}-plan.xlsx"
    made = planner("plan", SAMPLES / f"{request.param}.xlsx", "-o", path, "--quiet", "--no-break-even")
    assert made.returncode == 0, made.stderr
    return path


def test_the_panel_of_a_samples_plan_is_a_table_and_json(plan: Path) -> None:
    shown = planner("panel", plan)
    assert shown.returncode == 0, shown.stderr
    assert max(display_width(line) for line in shown.stdout.splitlines()) <= 100
    for name in [*CLASSIC, OURS]:
        assert f"\n{name} " in shown.stdout
    assert "Spread: " in shown.stdout
    found = planner("panel", plan, "--json", "--audience", "influencers")
    assert found.returncode == 0, found.stderr
    plain = json.loads(found.stdout)
    assert plain["audience"] == "influencers"
    reach = {row["name"]: row["reach_pct"] for row in plain["models"]}
    # What the literature agrees on: chance alone overstates, and each step away from it less so.
    assert reach["Sainsbury"] > reach["beta-binomial"] > reach[OURS]


def test_the_panels_own_row_is_what_evaluate_reports(plan: Path) -> None:
    evaluated = json.loads(planner("evaluate", plan, "--json", "--no-break-even").stdout)
    for audience in ("everyone", "catalysts"):
        found = json.loads(planner("panel", plan, "--json", "--audience", audience).stdout)
        ours, reported = found["models"][-1], evaluated["audiences"][audience]
        assert ours["reach_pct"] == pytest.approx(reported["reach_pct"], rel=1e-12)
        assert ours["average_frequency"] == pytest.approx(reported["average_frequency"], rel=1e-12)
        # 1e-6: what models.reach.frequency promises; the panel works out 64 classes, evaluate 21
        assert ours["distribution"] == pytest.approx(reported["distribution"], abs=1e-6)
        assert found["grp"] == pytest.approx(reported["grp"], rel=1e-12)


def test_a_campaign_without_a_plan_is_told_what_is_needed() -> None:
    found = planner("panel", SAMPLES / "us_2016.xlsx")
    assert found.returncode == 3
    said = " ".join(found.stderr.split())
    assert "There is no sheet Plan" in said
    assert "make a plan first (planner plan)" in said


def test_an_unknown_audience_is_a_usage_error(plan: Path) -> None:
    found = planner("panel", plan, "--audience", "catalists")
    assert found.returncode == 2
    assert '"catalists" is not understood' in found.stderr
