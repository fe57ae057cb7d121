"""What stands at the head of a report: the figures that a client asks for first, and the campaign in one line."""

import math
from collections.abc import Sequence
from datetime import date

from planner.campaign.inputs import Brief
from planner.campaign.units import how_many
from planner.formats import (
    budget_text,
    cents,
    count_of,
    insertions_text,
    money,
    money_left,
    number,
    percent,
    short,
    shorten,
)
from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import PlanRow, plan_rows

BESIDE = " + "  # between what is bought as insertions and what by the thousand


def headline(result: PlanResult) -> list[tuple[str, str]]:
    """Labels and figures: budget, cost, left, what is bought; then of the target, where there is one, reach, frequency
    and GRP."""
    brief = result.campaign.brief
    rows = [row for row in plan_rows(result) if row.bought]
    decimals = cents(brief.budget, result.cost)
    figures = [
        ("Budget", budget_text(brief.budget, brief.currency, decimals)),
        ("Cost", money(result.cost, brief.currency, decimals)),
        ("Left", budget_text(money_left(brief.budget, result.cost, decimals), brief.currency, decimals)),
        _bought(rows),
    ]
    target = target_of(result)
    if target is not None:
        name = shorten(target.name, 16)
        figures += [
            (f"Reach, {name}", percent(target.reach_share)),
            ("Frequency", number(target.average_frequency, 1)),
            (f"GRP, {name}", number(target.grp)),
        ]
    return figures


def _bought(rows: Sequence[PlanRow]) -> tuple[str, str]:
    """Vehicles and insertions; contacts bought by the thousand are no insertions and are counted by themselves."""
    count, contacts = (math.fsum(getattr(row, of) for row in rows) for of in ("counted", "bought_000"))
    told = f"{insertions_text(count)} {'insertion' if count == 1 else 'insertions'}"
    more = f"{BESIDE}{short(1000 * contacts)} impressions" if contacts else ""
    return f"Bought, {count_of(how_many(rows), 'vehicle')}", told + more


def target_of(result: PlanResult) -> AudienceFigures | None:
    """The campaign's target audience, else the first one reported."""
    asked = result.campaign.brief.target_audience.casefold()
    named = {audience.name.casefold(): audience for audience in reversed(result.audiences)}
    first = result.audiences[0] if result.audiences else None
    return named.get(asked) or named.get("target") or first


def subtitle(brief: Brief) -> str:
    """Client, category, dates and currency in one line."""
    category = f"Category: {brief.category}" if brief.category else ""
    currency = f"All money in {brief.currency}, {brief.budget_is}" if brief.currency else ""
    parts = (brief.client, category, _dates(brief), currency)
    return shorten(" | ".join(part for part in parts if part), 180)


def _dates(brief: Brief) -> str:
    weeks = count_of(brief.weeks, "week")
    if brief.start is None or brief.last_day is None:
        return weeks
    return f"{_day(brief.start)} to {_day(brief.last_day)} ({weeks})"


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
