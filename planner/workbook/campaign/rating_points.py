"""Airtime priced by the rating point: Unit cost = CPP x the rating points of one insertion, of the universe."""

from planner.campaign.bought import AIRTIME
from planner.campaign.inputs import Brief
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import found, is_blank
from planner.workbook.cells.table import Record

_AGREEMENT = 0.01


def by_rating_point(record: Record, audience_000: float, brief: Brief, findings: Findings) -> float | None:
    """Money of one insertion; a problem where its price per point, or of whom the points are, is not certain."""
    cpp, cost, where = record.number("cpp"), record.number("unit_cost"), record.address("cpp")
    name = record.text("name")
    if record.text("bought_as") not in AIRTIME and "bought_as" not in record.bad:
        findings.problem(
            where,
            f'"{name}" is priced by the rating point, which is for airtime; write rotation or daypart in Bought as '
            f"({record.address('bought_as')}), or its price in Unit cost.",
        )
        return cost
    if not record.text("audience_base") and "audience_base" not in record.bad:
        findings.problem(
            where,
            f'"{name}" has a price per rating point, but not of whom a point is 1 %; write it in Audience base '
            f"({record.address('audience_base')}): the people of the Brief's universe, else convert the price.",
        )
        return cost
    if cpp is None or not brief.universe_000:
        return cost
    price = cpp * 100 * audience_000 / brief.universe_000
    if cost is not None and abs(cost - price) > _AGREEMENT * max(cost, price):
        findings.problem(
            where,
            f"{cpp:,.10g} a rating point makes {price:,.6g} for one insertion, but Unit cost "
            f"({record.address('unit_cost')}) says {cost:,.10g}; keep one of them.",
        )
        return cost
    cell = record.raw("unit_cost")
    if cost is None and cell is not None and not is_blank(cell) and "unit_cost" not in record.bad:
        findings.problem(
            where,
            f"CPP gives a price, but Unit cost ({record.address('unit_cost')}) is {found(cell)}; clear one.",
        )
    return price if cost is None else cost
