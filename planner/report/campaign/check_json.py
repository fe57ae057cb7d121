"""What a campaign workbook says, and what is wrong with it, as JSON."""

from collections import Counter
from collections.abc import Sequence

from planner.campaign.inputs import Campaign
from planner.campaign.units import each_once, units_of
from planner.errors import WorkbookError
from planner.report.campaign.check_text import insertion_prices
from planner.report.json_values import SCHEMA, JsonObject, fields_of, finite


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
