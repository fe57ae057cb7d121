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
    unclear = _unclear(record)
    if unclear:
        findings.problem(where, unclear)
    if unclear or cpp is None or not brief.universe_000:
        return cost
    price = cpp * 100 * audience_000 / brief.universe_000
    if cost is None:
        _check_no_price(record, findings)
        return price
    if abs(cost - price) > _AGREEMENT * max(cost, price):
        findings.problem(
            where,
            f"{cpp:,.10g} a rating point makes {price:,.6g} for one insertion, but Unit cost "
            f"({record.address('unit_cost')}) says {cost:,.10g}; keep one of them.",
        )
    return cost


def _unclear(record: Record) -> str:
    """Why a price per rating point cannot be used; "" where it can."""
    name = record.text("name")
    if record.text("bought_as") not in AIRTIME and "bought_as" not in record.bad:
        return (
            f'"{name}" is priced by the rating point, which is for airtime; write rotation or daypart in Bought as '
            f"({record.address('bought_as')}), or its price in Unit cost."
        )
    if not record.text("audience_base") and "audience_base" not in record.bad:
        return (
            f'"{name}" has a price per rating point, but not of whom a point is 1 %; write it in Audience base '
            f"({record.address('audience_base')}): the people of the Brief's universe, else convert the price."
        )
    return ""


def _check_no_price(record: Record, findings: Findings) -> None:
    """Beside a price per rating point Unit cost does not say that there is none."""
    cell = record.raw("unit_cost")
    if cell is not None and not is_blank(cell) and "unit_cost" not in record.bad:
        findings.problem(
            record.address("cpp"),
            f"CPP gives a price, but Unit cost ({record.address('unit_cost')}) is {found(cell)}; clear one.",
        )
