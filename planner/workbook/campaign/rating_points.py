"""Broadcast spots priced by the rating point: Unit cost = CPP x the rating points of one insertion, of the universe."""

from collections.abc import Sequence

from planner.campaign.bought import BROADCAST
from planner.campaign.inputs import Brief
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import found, is_blank
from planner.workbook.cells.table import Record

_AGREEMENT = 0.01


def by_rating_point(record: Record, audience_000: float, brief: Brief, findings: Findings) -> float | None:
    """Money of one insertion; a problem where the price per point says another price than Unit cost does."""
    cpp, cost, where = record.number("cpp"), record.number("unit_cost"), record.address("cpp")
    if _not_broadcast(record) or _no_base(record) or cpp is None or not brief.universe_000:
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


def check_rating_points(records: Sequence[Record], findings: Findings) -> None:
    """Prices per rating point that cannot be used: no broadcast, or of whom the points are is not said. One problem for
    all of a kind."""
    priced = [record for record in records if record.number("cpp") is not None or "cpp" in record.bad]
    _say(
        [record for record in priced if _not_broadcast(record)],
        "bought_as",
        '"{name}"{more} {is_} priced by the rating point, which is for TV and radio; write rotation, daypart, '
        "strip or programme in Bought as ({cell}), or the price in Unit cost.",
        findings,
    )
    _say(
        [record for record in priced if not _not_broadcast(record) and _no_base(record)],
        "audience_base",
        '"{name}"{more} {has} a price per rating point, but not of whom a point is 1 %; write it in Audience base '
        "({cell}): the people of the Brief's universe, else convert the price.",
        findings,
    )


def _not_broadcast(record: Record) -> bool:
    return record.text("bought_as") not in BROADCAST and "bought_as" not in record.bad


def _no_base(record: Record) -> bool:
    return not record.text("audience_base") and "audience_base" not in record.bad


def _say(records: Sequence[Record], attribute: str, text: str, findings: Findings) -> None:
    """One problem for records, at their prices per point. attribute: what is to be written."""
    if not records:
        return
    first, *others = records
    many = f" and {len(others):,} more" if others else ""
    is_, has = ("are", "have") if others else ("is", "has")
    told = text.format(name=first.text("name"), more=many, is_=is_, has=has, cell=first.address(attribute))
    findings.problem(first.address("cpp"), told, [other.address("cpp") for other in others])


def _check_no_price(record: Record, findings: Findings) -> None:
    """Beside a price per rating point Unit cost does not say that there is none."""
    cell = record.raw("unit_cost")
    if cell is not None and not is_blank(cell) and "unit_cost" not in record.bad:
        findings.problem(
            record.address("cpp"),
            f"CPP gives a price, but Unit cost ({record.address('unit_cost')}) is {found(cell)}; clear one.",
        )
