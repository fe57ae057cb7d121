"""What a campaign workbook says, and what is wrong with it, for the terminal (100 columns)."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

from planner.campaign.bought import bought_000
from planner.campaign.inputs import Campaign, Default, VehicleRow
from planner.campaign.rulebook import money_cost
from planner.campaign.units import each_once, units_of
from planner.errors import Problem, WorkbookError
from planner.formats import (
    budget_text,
    cents,
    count_of,
    listed,
    money,
    number,
    per_one,
    percent,
    price_decimals,
)
from planner.report.json_values import SCHEMA, JsonObject, fields_of, finite
from planner.report.layout import hanging

MOST_ALIKE = 20  # problems of one kind that are shown; one of thousands is as good as all
MOST_NOTICES = 12
_PERCENTAGE = re.compile(r"([0-9.]+) %")
_PARTICULARS = re.compile(r'"[^"]*"|[A-Za-z ]+![A-Z]+\d+|[\d.,]+')


def problems_text(error: WorkbookError) -> str:
    """The problems of a workbook under its heading, cell addresses in one column, and what was not read.

    Of many that are alike the first are shown, and how many more there are.
    """
    width = min(28, max((len(problem.cell) for problem in error.problems), default=0))
    alike = Counter(map(_likeness, error.problems))
    shown: Counter[tuple[str, str]] = Counter()
    lines = []
    for problem in error.problems:
        kind = _likeness(problem)
        shown[kind] += 1
        if shown[kind] <= MOST_ALIKE:
            lines.append(hanging(f"  {problem.cell or '':<{width}}  ", problem.text))
        if shown[kind] == MOST_ALIKE and alike[kind] > MOST_ALIKE:
            more = f"... and {alike[kind] - MOST_ALIKE:,} more like this; --json lists them all."
            lines.append(hanging(f"  {'':<{width}}  ", more))
    if error.notices:
        lines += ["", "Notices", *(hanging("  ", text) for text in error.notices[:MOST_NOTICES])]
    if len(error.notices) > MOST_NOTICES:
        lines.append(f"  ... and {len(error.notices) - MOST_NOTICES:,} more; --json lists them all.")
    return "\n".join([str(error), *lines])


def _likeness(problem: Problem) -> tuple[str, str]:
    """What problems of one kind have in common: the sheet and the words, without what is quoted and numbers."""
    return problem.cell.rpartition("!")[0], _PARTICULARS.sub("#", problem.text)


def check_text(campaign: Campaign, segments: int, notes: Iterable[str] = ()) -> str:
    """What a campaign contains and every default taken, for `planner check`. notes: of its calibration."""
    brief = campaign.brief
    named = " - ".join(filter(None, (brief.campaign, brief.client, brief.category)))
    limited = f" {brief.budget_is}" if math.isfinite(brief.budget) else ""
    budget = budget_text(brief.budget, brief.currency, cents(brief.budget)) + limited
    facts = [
        ("Campaign", named or "not named"),
        ("Universe", f"{number(brief.universe_000)} thousand people in {_groups(campaign, segments)}"),
        ("Traits", ", ".join(f"{trait.name} {percent(trait.share)}" for trait in campaign.traits) or "none"),
        ("Budget", f"{budget}, {count_of(brief.weeks, 'week')}"),
        ("Vehicles", _vehicle_counts(campaign)),
        *_price_facts(campaign),
        ("Rules", count_of(len(campaign.rules), "rule")),
        *_demands(campaign),
        *_calendar_facts(campaign),
        *_scenario_facts(campaign),
    ]
    parts = (
        "\n".join(hanging(f"{name:<12}", text) for name, text in facts),
        _titled("Defaults taken", default_lines(campaign.told_defaults)),
        _titled("Notices", (*campaign.notices, *notes)),
    )
    return "\n\n".join(part for part in parts if part)


def _groups(campaign: Campaign, segments: int) -> str:
    """What people are planned as."""
    if campaign.respondents is None:
        return count_of(segments, "segment")
    return f"{count_of(len(campaign.respondents), 'respondent')}, {number(segments)} where identical ones are one"


def _titled(title: str, lines: Sequence[str]) -> str:
    """Sentences below a title; "" without any."""
    return "\n".join([title, *(hanging("  ", line) for line in lines)]) if lines else ""


def _scenario_facts(campaign: Campaign) -> list[tuple[str, str]]:
    """What else is asked, where anything is."""
    base = next((each.name for each in campaign.scenarios if each.base), "")
    count = count_of(len(campaign.scenarios), "scenario")
    return [("Scenarios", f"{count} for planner compare; the base is {base}")] if base else []


def _demands(campaign: Campaign) -> list[tuple[str, str]]:
    """Goals, discounts and packages, where there are any."""
    discounts = len({step.applies_to for step in campaign.discounts})
    steps = f" with {count_of(len(campaign.discounts), 'step')}"
    facts = (
        ("Goals", len(campaign.goals), count_of(len(campaign.goals), "goal")),
        ("Discounts", discounts, count_of(discounts, "discount") + steps),
        ("Packages", len(campaign.packages), count_of(len(campaign.packages), "package")),
    )
    return [(name, text) for name, count, text in facts if count]


def _calendar_facts(campaign: Campaign) -> list[tuple[str, str]]:
    """What the sheet Weeks and the Brief's flighting ask for; nothing where there is no calendar."""
    calendar = campaign.calendar
    if calendar is None:
        return []
    flighting = "own weights" if calendar.weights is not None else campaign.brief.flighting or "even"
    counts = (
        (len(calendar.limits), "limit"),
        (len(calendar.factors), "price factor"),
        (len(calendar.most), "vehicle with its own weeks", "vehicles with their own weeks"),
    )
    stated = [count_of(*count) for count in counts if count[0]]
    return [("Calendar", "; ".join([f"flighting {flighting}", *stated]))]


def _vehicle_counts(campaign: Campaign) -> str:
    once = each_once(campaign.vehicles)
    media = Counter(vehicle.medium for vehicle in once)
    named = ", ".join(f"{medium} {count}" for medium, count in media.items())
    kinds = count_of(len(media), "medium", "media")
    several = len({vehicle.vehicle for vehicle in campaign.vehicles if vehicle.vehicle})
    units = f"; {several} in several units, {len(campaign.vehicles)} rows in all" if several else ""
    return f"{count_of(len(once), 'vehicle')} in {kinds}: {named}{units}"


def insertion_prices(campaign: Campaign) -> list[tuple[float, VehicleRow]]:
    """What the budget pays for one insertion, and the vehicle, the cheapest first; those not quoted left out."""
    prices = ((money_cost(vehicle, campaign), vehicle) for vehicle in campaign.vehicles)
    found = ((price, vehicle) for price, vehicle in prices if math.isfinite(price))
    return sorted(found, key=lambda pair: (pair[0], pair[1].name))


def unquoted_lines(campaign: Campaign, words: str) -> list[str]:
    """How many vehicles, or units of some, have no price and are never bought, and how many only in a package."""
    packaged = {vehicle for package in campaign.packages for vehicle in package.vehicles}
    rows = [vehicle for vehicle in campaign.vehicles if vehicle.unit_cost is None]
    kind = "unit" if any(row.vehicle for row in rows) else "vehicle"
    inside = sum(row.name in packaged for row in rows)
    counts = ((len(rows) - inside, "never bought"), (inside, "bought in a package only"))
    return [f"{count_of(count, kind)} {words}: {how}" for count, how in counts if count]


def _price_facts(campaign: Campaign) -> list[tuple[str, str]]:
    prices = insertion_prices(campaign)
    facts = [("Not quoted", text) for text in unquoted_lines(campaign, "(price ?)")]
    if not prices:
        return facts
    decimals = price_decimals([price for price, _ in prices])
    ends = (("Cheapest", prices[0]), ("Dearest", prices[-1]))
    brief = campaign.brief
    return [(word, f"{money(price, brief.currency, decimals)} {brief.budget_is} {per_one(bought_000(vehicle))}: "
                   f"{vehicle.name}") for word, (price, vehicle) in ends] + facts  # fmt: skip


def default_lines(defaults: Sequence[Default]) -> list[str]:
    """Every default in a line; the same default in many rows of a sheet is one line that names some of them."""
    return [
        f"{sheet}, {listed(rows, 3)}: {text}" if rows else f"{sheet}: {text}"
        for sheet, rows, text in default_groups(defaults)
    ]


def default_groups(defaults: Sequence[Default], ranges: bool = True) -> list[tuple[str, list[str], str]]:
    """Sheet, rows and words of every default. The same default in many rows of a sheet is one group. ranges: so is one
    of vehicles of which only the percentage differs."""
    rows: dict[tuple[str, str, str], list[Default]] = {}
    for default in defaults:
        words = default_words(default)
        alike = _PERCENTAGE.sub("%", words, count=1) if ranges and default.sheet == "Vehicles" else words
        rows.setdefault((default.sheet, default.attribute, alike), []).append(default)
    return [
        (sheet, [default.row for default in alike if default.row], _spanned(map(default_words, alike)))
        for (sheet, _, _), alike in rows.items()
    ]


def _spanned(texts: Iterable[str]) -> str:
    """One text for texts of which only the first percentage differs: its range."""
    first, *others = dict.fromkeys(texts)
    if not others:
        return first
    figures = sorted(
        (found[1] for text in (first, *others) if (found := _PERCENTAGE.search(text))), key=float
    )
    return _PERCENTAGE.sub(f"{figures[0]} to {figures[-1]} %", first, count=1)


def default_words(default: Default) -> str:
    """What was taken, without the row's name where that is said beside it."""
    return default.text.removeprefix(f"{default.row}: ") if default.row else default.text


# --- as JSON ----------------------------------------------------------------------------------------


def check_json(campaign: Campaign, segments: int, notes: Sequence[str] = ()) -> JsonObject:
    """What a campaign contains and every default taken. notes: of its calibration. Money is net."""
    brief = campaign.brief
    prices = [{"vehicle": vehicle.name, "net_cost": price} for price, vehicle in insertion_prices(campaign)]
    return {
        "schema": SCHEMA,
        "status": "valid",
        "campaign": brief.campaign,
        "population_000": finite(brief.universe_000),
        "segments": segments,
        "budget": finite(brief.budget),
        "currency": brief.currency,
        "vehicles": dict(Counter(vehicle.medium for vehicle in each_once(campaign.vehicles))),
        "units": _units(campaign),
        "not_quoted": [vehicle.name for vehicle in campaign.vehicles if vehicle.unit_cost is None],
        "cheapest_insertion": prices[0] if prices else None,
        "dearest_insertion": prices[-1] if prices else None,
        "traits": {trait.name: {"share_pct": 100 * trait.share} for trait in campaign.traits},
        "rules": len(campaign.rules),
        "goals": len(campaign.goals),
        "discounts": len({step.applies_to for step in campaign.discounts}),
        "packages": len(campaign.packages),
        "scenarios": len(campaign.scenarios),
        "defaults": [fields_of(each, "sheet row text") for each in campaign.told_defaults],
        "notices": [*campaign.notices, *notes],
    }  # fmt: skip


def _units(campaign: Campaign) -> dict[str, list[str]]:
    """Vehicles of several units, with the names of their rows."""
    names = [vehicle.name for vehicle in campaign.vehicles]
    return {name: [names[place] for place in places] for name, places in units_of(campaign.vehicles).items()}


def problems_json(error: WorkbookError) -> JsonObject:
    """A workbook that cannot be read, with every problem found."""
    problems = [fields_of(each, f"cell text{' also' if each.also else ''}") for each in error.problems]
    notices = {"notices": list(error.notices)} if error.notices else {}
    return {"schema": SCHEMA, "status": "invalid", "problems": problems, **notices}


def ended_json(status: str, message: str) -> JsonObject:
    """There is neither a plan nor a reason in the campaign why not. status: none (time or the solver ended the
    search), refused (a request or a file), fault (the program's own)."""
    return {"schema": SCHEMA, "status": status, "message": message}
