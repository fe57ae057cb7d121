"""A campaign whose sheet Survey says `plan on respondents: yes`: every command plans on them."""

import itertools
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from numpy.typing import NDArray
from typer.testing import CliRunner

from models.problem.goals import Effective
from models.respondents.exposure import contact_shares
from models.respondents.model import RespondentModel
from models.respondents.respondents import Respondents
from models.search.respondent_contacts import ContactMoves
from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.campaign.respondents import planned_on
from planner.campaign.survey import CLAIMS_ARE_CONTACTS
from planner.cli.commands import app
from planner.planning.questions import customer_problem
from planner.planning.variants import with_vehicle
from planner.planning.warm import changed
from planner.workbook.campaign.parse import read_campaign

VEHICLES = (
    ("Evening Quiz", 200, "tv_1 == 1"),
    ("Nightly News", 250, "tv_2 == 1"),
    ("Late Jazz", 90, "radio_2 == 1"),
)
PLANS = np.array(list(itertools.product(range(4), repeat=len(VEHICLES))), dtype=float)


@pytest.fixture
def campaign(tmp_path: Path, survey: Any) -> Path:
    """Three vehicles, no duplication, no composition that counts: the survey knows."""
    survey.write(tmp_path / "survey.csv")
    table: dict[str, list[tuple[Any, ...]]] = {
        "Brief": [
            ("Key", "Value"), ("Campaign", "Soup"), ("Category", "food"), ("Universe (000)", 1000), ("Budget", 1500),
            ("Weeks", 4), ("Customers first (keep %)", "90 %"),
        ],
        "Traits": [("Trait", "Role", "Share of universe %"), ("catalyst", "catalyst", 30), ("women", "customer", 50)],
        "Vehicles": [
            ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max"),
            *((name, "TV", cost, 40.0, 3) for name, cost, _ in VEHICLES),
        ],
        "Composition": [("Vehicle", "catalyst"), *((name, 32.0) for name, _, _ in VEHICLES)],
        "Survey": [
            ("What", "Vehicle, trait or medium", "Column or expression", "Reads as"),
            ("file", None, "survey.csv"), ("weight", None, "weight"), ("plan on respondents", None, "yes"),
            ("claims are contacts", None, "yes"),
            ("trait", "catalyst", "advises == 1"), ("trait", "women", "gender == 2"),
            *(("vehicle", name, column) for name, _, column in VEHICLES),
        ],
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in table.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    book.save(tmp_path / "soup.xlsx")
    return tmp_path / "soup.xlsx"


def run(*arguments: object) -> Any:
    done = CliRunner().invoke(app, [*(str(each) for each in arguments), "--json", "--quiet"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_a_plan_and_its_evaluation_are_of_the_same_respondents(campaign: Path, tmp_path: Path) -> None:
    plan = run("plan", campaign, "--no-break-even", "-o", tmp_path / "plan.xlsx")
    again = run("evaluate", tmp_path / "plan.xlsx")
    assert again["audiences"] == plan["audiences"]
    assert again["gap"] == plan["gap"] <= 0.001
    read = read_campaign(tmp_path / "plan.xlsx")
    assert read.respondents is not None
    assert planned_on(read.respondents) in read.notices
    x = np.array([float(plan["insertions"].get(vehicle.name, 0)) for vehicle in read.vehicles])
    missed = np.prod((1 - read.respondents.probability) ** x, axis=1)
    expected = 100 * (1 - read.respondents.weight @ missed / read.respondents.universe)
    assert plan["audiences"]["everyone"]["reach_pct"] == pytest.approx(expected, abs=1e-9)


def test_no_segment_figure_moves_a_plan_on_respondents(campaign: Path) -> None:
    read = read_campaign(campaign)
    other = replace(read, composition=tuple(replace(row, shares=(0.9,)) for row in read.composition))
    one, two = (prepare(each).problem for each in (read, other))
    x = np.array([1.0, 2.0, 1.0])
    assert one.value(x) == two.value(x)


def test_budgets_are_compared_and_judged_by_drawing_respondents(campaign: Path, tmp_path: Path) -> None:
    told = run("compare", campaign, "--budgets", "1000,1500", "--workers", 1, "-o", tmp_path / "c.xlsx")
    one, other = told["scenarios"]
    assert one["base_value"] < other["base_value"]
    pair = told["pairs"][0]
    # The dearer plan is better, as far as the survey tells; where it holds the other one, within the gaps alone.
    assert pair["low"] <= pair["difference"] <= pair["high"] < 0
    assert says_what_claims_are(tmp_path / "c.xlsx")


def test_frontier_and_stability_ask_respondents(campaign: Path, tmp_path: Path) -> None:
    told = run("frontier", campaign, "-o", tmp_path / "f.xlsx", "--points", 2, "--trade-offs", 2, "--no-ladder",
               "--workers", 1)  # fmt: skip
    values = [point["value"] for point in told["points"]]
    assert values == sorted(values)
    told = run("stability", campaign, "-o", tmp_path / "s.xlsx", "--draws", 3, "--workers", 1)
    assert told["left_out"] == []
    surveys = [each["value"] for each in told["draws"] if each["source"] == "survey"]
    assert len(set(surveys)) == 3
    assert says_what_claims_are(tmp_path / "f.xlsx")
    assert says_what_claims_are(tmp_path / "s.xlsx")


def test_word_of_mouth_is_worth_what_people_earn(campaign: Path) -> None:
    prepared = prepare(read_campaign(campaign, {"objective": "word of mouth"}))
    people, x = prepared.people, np.array([1.0, 1.0, 0.0])
    reach = people.model.reach_shares(x)
    earned = people.segments.population @ people.talk.earned(reach)
    worth = float(people.segments.population @ reach) + float(earned)  # a conversation is worth one contact
    assert prepared.problem.value(x) == pytest.approx(worth, rel=1e-9)


def test_effective_reach_is_planned_for_and_told_without_a_certificate(
    campaign: Path, tmp_path: Path
) -> None:
    told = run("plan", campaign, "--objective", "effective-reach", "-o", tmp_path / "often.xlsx")
    read = read_campaign(campaign, {"objective": "effective reach"})
    assert read.respondents is not None
    x = np.array([float(told["insertions"].get(vehicle.name, 0)) for vehicle in read.vehicles])
    often = 1 - contact_shares(read.respondents.probability, x, 4)[:, :3].sum(axis=1)  # 3 times or more
    assert told["value"] == pytest.approx(float(read.respondents.weight @ often), rel=1e-9)
    assert told["bound"] >= told["value"]


def test_effective_reach_is_planned_for_with_packages(campaign: Path, tmp_path: Path) -> None:
    """A package of two vehicles at half their price: the best of all plans, by enumeration."""
    book = openpyxl.load_workbook(campaign)
    book["Brief"]["B5"], book["Brief"]["B7"] = 900, "1 %"  # budget, customers first
    sheet = book.create_sheet("Packages")
    for row in (
        ("Package", "Price", "Vehicle", "Insertions"),
        ("Duo", 290, "Evening Quiz", 2),
        ("Duo", None, "Late Jazz", 2),
    ):
        sheet.append(list(row))
    book.save(campaign)
    told = run("plan", campaign, "--objective", "effective-reach", "-o", tmp_path / "often.xlsx")
    people = read_campaign(campaign).respondents
    assert people is not None

    def worth(x: NDArray[np.float64]) -> float:
        return float(people.weight @ (1 - contact_shares(people.probability, x, 4)[:, :3].sum(axis=1)))

    cost = np.array([cost for _, cost, _ in VEHICLES])
    in_budget = [x for x in PLANS if cost @ x - 290 * (x[0] >= 2 and x[2] >= 2) <= 900]
    assert told["value"] == pytest.approx(max(map(worth, in_budget)), rel=1e-9)
    problem = prepare(read_campaign(campaign, {"objective": "effective reach"})).problem
    assert isinstance(problem.model, RespondentModel)
    moves = ContactMoves(problem, problem.model.exposure, Effective(problem.model.population, 3), np.inf)
    bought = moves.filled(moves.at(np.zeros(len(VEHICLES), dtype=np.int64)), 0.5)
    assert moves.keeps(bought)
    assert bought.insertions.any()


def test_check_counts_respondents(campaign: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(campaign)])
    assert done.exit_code == 0
    assert "593 respondents" in done.output
    assert "segments" not in done.output.split("Traits")[0]


def test_a_scenario_has_the_campaigns_respondents_though_they_do_not_travel(campaign: Path) -> None:
    prepared = prepare(read_campaign(campaign))
    asked = replace(prepared.campaign, respondents=None, brief=replace(prepared.campaign.brief, budget=900.0))
    assert changed(prepared, asked).people.model is prepared.people.model


def test_the_fingerprint_is_of_the_respondents_too(campaign: Path) -> None:
    read = read_campaign(campaign)
    assert read.respondents is not None
    fewer = replace(read, respondents=read.respondents.taken(np.arange(100)))
    prints = {campaign_fingerprint(each, 1e-3) for each in (read, fewer, replace(read, respondents=None))}
    assert len(prints) == 3


def test_other_surveys_are_drawn_person_by_person() -> None:
    people = Respondents(
        ("A",), (), np.array([1.0, 3.0]), np.array([[0.0], [1.0]]), np.zeros((2, 0), dtype=bool)
    )
    drawn = [people.resampled(np.random.default_rng(seed)) for seed in range(200)]
    assert {each.universe for each in drawn} == {4.0}
    audience = np.array([each.audience()[0] for each in drawn])
    # Both, the first twice, the second twice: 1/2, 1/4, 1/4, with audiences 3, 0 and 4; 3 sd of 200 draws.
    assert audience.mean() == pytest.approx(2.5, abs=3 * 1.5 / 200**0.5)
    assert people.sampling_error(np.array([0.0, 1.0])) == pytest.approx(
        (0.25**2 * 0.75**2 + 0.75**2 * 0.25**2) ** 0.5
    )


def test_prices_are_explained_on_respondents(campaign: Path, tmp_path: Path) -> None:
    """A vehicle stays at the price told, and is out at the other end of the bracket: each end planned again."""
    book = openpyxl.load_workbook(campaign)
    book["Brief"].append(["Customers first (keep %)", "50 %"])
    book["Brief"].delete_rows(7)
    book.save(campaign)
    told = run("explain", campaign, "-o", tmp_path / "why.xlsx", "--time-limit", 60)
    prices = told["vehicles"]
    assert set(prices) == {name for name, _, _ in VEHICLES}
    read = read_campaign(campaign)
    without = {name: best_worth(read, name, locked=0.0) for name in prices}
    for name, price in prices.items():
        if price["low"]:
            cheap = best_worth(read, name, unit_cost=price["low"], minimum=1.0)
            assert cheap > without[name] * (1 - 1e-9)
        if price["high"]:
            dear = best_worth(read, name, unit_cost=price["high"], minimum=1.0)
            assert dear <= without[name] * (1 + 1e-5)  # models.after.questions.MARGIN
    assert any(price["low"] for price in prices.values())


def best_worth(campaign: Campaign, name: str, **changes: float) -> float:
    """Of all plans of at most three insertions of each vehicle, under the floor of customers first of the campaign as
    it stands."""
    place = [vehicle.name for vehicle in campaign.vehicles].index(name)
    asked = prepare(with_vehicle(campaign, place, **changes)).problem
    first = customer_problem(prepare(campaign))
    assert first is not None
    floor = 0.5 * max(first.value(plan) for plan in PLANS if not first.broken(plan))
    kept = [plan for plan in PLANS if not asked.broken(plan) and first.value(plan) >= floor * (1 - 1e-9)]
    whole = [
        plan for plan in kept if changes.get("minimum", 0.0) <= plan[place] <= changes.get("locked", 3.0)
    ]
    return max((asked.value(plan) for plan in whole), default=-np.inf)


def test_a_panel_stands_beside_what_is_counted(campaign: Path, tmp_path: Path) -> None:
    plan = run("plan", campaign, "--no-break-even", "-o", tmp_path / "plan.xlsx")
    told = json.loads(CliRunner().invoke(app, ["panel", str(tmp_path / "plan.xlsx"), "--json"]).stdout)
    ours = told["models"][-1]
    assert ours["reach_pct"] == pytest.approx(plan["audiences"]["everyone"]["reach_pct"], abs=1e-9)
    read = read_campaign(tmp_path / "plan.xlsx")
    assert read.respondents is not None
    share = read.respondents.weight / read.respondents.universe
    p = read.respondents.probability[:, :2]
    model = prepare(read).people.model
    assert isinstance(model, RespondentModel)
    merged = model.population / model.population.sum()
    both = model.shared_audiences(np.array([0, 1]), merged)
    assert both[0, 1] == pytest.approx(float(share @ (p[:, 0] * p[:, 1])), rel=1e-9)
    assert both[0, 0] == pytest.approx(float(share @ p[:, 0] ** 2), rel=1e-9)


def test_what_claims_are_taken_for_is_said_first(campaign: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.xlsx"
    commands = (
        ("plan", campaign, "--no-break-even", "-o", plan),
        ("survey", "evaluate", plan),
        ("survey", "validate", campaign, "--halves", "1"),
    )
    for command in commands:
        done = CliRunner().invoke(app, [*map(str, command)])
        assert "Claims are contacts" in done.stdout, command
    quiet = CliRunner().invoke(
        app, ["plan", str(campaign), "--no-break-even", "--quiet", "-o", str(tmp_path / "quiet.xlsx")]
    )
    assert (quiet.stdout, quiet.stderr.count(CLAIMS_ARE_CONTACTS)) == ("", 1)
    assert says_what_claims_are(plan)


def says_what_claims_are(path: Path) -> bool:
    pages = openpyxl.load_workbook(path, read_only=True).worksheets
    return any(CLAIMS_ARE_CONTACTS in row for page in pages for row in page.iter_rows(values_only=True))


def test_a_goal_on_reach_several_times_is_kept_by_the_plan(campaign: Path, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(campaign)
    sheet = book.create_sheet("Goals")
    for row in (("Audience", "Measure", "At least"), ("everyone", "2+ %", 3.0)):
        sheet.append(list(row))
    book.save(campaign)
    told = run("plan", campaign, "--no-break-even", "-o", tmp_path / "often.xlsx")
    read = read_campaign(campaign)
    assert read.respondents is not None
    x = np.array([float(told["insertions"].get(vehicle.name, 0)) for vehicle in read.vehicles])
    often = 1 - contact_shares(read.respondents.probability, x, 3)[:, :2].sum(axis=1)
    assert read.respondents.weight @ often >= 0.03 * read.respondents.universe
    assert told["bound"] >= told["value"]
