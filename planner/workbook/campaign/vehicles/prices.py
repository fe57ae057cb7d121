"""Prices of vehicles: by the rating point, by the thousand contacts, and those that are absurd beside the others."""

import re
import statistics
from collections.abc import Sequence
from operator import itemgetter

from planner.campaign.bought import BROADCAST, bought_000
from planner.campaign.inputs import Brief, VehicleRow
from planner.formats import figure, number
from planner.names import listing
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import found, is_blank
from planner.workbook.cells.table import Record
from planner.workbook.schema.sheets import FREE

# --- by the rating point: Unit cost = CPP x the rating points of one insertion -----------------------

_SAME_PRICE = 0.01


def by_rating_point(record: Record, audience_000: float, brief: Brief) -> float | None:
    """Money of one insertion; a problem where the price per point says another price than Unit cost does."""
    cpp, cost, where = record.number("cpp"), record.number("unit_cost"), record.address("cpp")
    if _not_broadcast(record) or record.leaves_out("audience_base") or cpp is None or not brief.universe_000:
        return cost
    price = cpp * 100 * audience_000 / brief.universe_000
    if cost is None:
        _check_no_price(record)
        return price
    if abs(cost - price) > _SAME_PRICE * max(cost, price):
        record.findings.problem(
            where,
            f"{cpp:,.10g} a rating point makes {price:,.6g} for one insertion, but Unit cost "
            f"({record.address('unit_cost')}) says {cost:,.10g}; keep one of them.",
        )
    return cost


def check_rating_points(records: Sequence[Record]) -> None:
    """Prices per rating point that cannot be used: no broadcast, or of whom the points are is not said."""
    for record in (record for record in records if not record.leaves_out("cpp")):
        name = record.text("name")
        if _not_broadcast(record):
            record.problem(
                "cpp",
                f'"{name}" is priced by the rating point, which is for TV and radio; write rotation, daypart, strip or '
                f"programme in Bought as ({record.address('bought_as')}), or the price in Unit cost.",
            )
        elif record.leaves_out("audience_base"):
            record.problem(
                "cpp",
                f'"{name}" has a price per rating point, but not of whom a point is 1 %; write it in Audience base '
                f"({record.address('audience_base')}): the people of the Brief's universe, else convert the price.",
            )


def _not_broadcast(record: Record) -> bool:
    return record.text("bought_as") not in BROADCAST and "bought_as" not in record.bad


def _check_no_price(record: Record) -> None:
    """Beside a price per rating point Unit cost does not say that there is none."""
    cell = record.raw("unit_cost")
    if cell is not None and not is_blank(cell) and "unit_cost" not in record.bad:
        record.problem(
            "cpp",
            f"CPP gives a price, but Unit cost ({record.address('unit_cost')}) is {found(cell)}; clear one.",
        )


# --- by contacts: lines whose audience cannot be that of the unit they are sold by -------------------

_NUMBER = re.compile(r"(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+|\d+)(?:[.,](\d+))?\s*(k|m|mio|mln|millions?)?\b")
_THOUSAND = re.compile(r"\bcp[mt]\b|\btkp\b|\bmille\b|\bthousand|(?<!\d)(?<!\d[.,'’ \u00a0\u202f])000")
_TIMES = {"": 1, "k": 1e3}  # else a million
_AGREEMENT = 0.05  # contacts of each person reached are written to a tenth: 1.0 may be 1.05
_NO_PRICE = 0.2  # of a thousand contacts, in whatever currency
_FAR = 500.0  # times the median price of a contact: no medium is so cheap or so dear beside the others


def unit_contacts_000(unit: str) -> list[float]:
    """The contacts (thousands) that the words of a unit may say it buys; none where they say no number.

    >>> unit_contacts_000("1,000 impressions"), unit_contacts_000("300x250, 100k imps"), unit_contacts_000("CPM 000s")
    ([1.0], [100.0], [1.0])
    >>> unit_contacts_000("1.5 million impressions"), unit_contacts_000("per 1 000"), unit_contacts_000("impressions")
    ([1500.0], [1.0], [])
    >>> unit_contacts_000("CPM (min. 500,000)"), unit_contacts_000("100 x 1.000 Kontakte")
    ([500.0, 1.0], [1.0, 100.0])
    """
    words = unit.casefold()
    numbers = [_number(*found) for found in _NUMBER.findall(words)]
    said = [number / 1000 for number in numbers if number and number % 1000 == 0]
    if _THOUSAND.search(words):
        said.append(1.0)
    if 1.0 in said:
        said += [number for number in numbers if 0 < number < 1000]  # 100 CPM, 100 x 1,000
    return list(dict.fromkeys(said))


def _number(whole: str, part: str, times: str) -> float:
    digits = re.sub(r"\D", "", whole)
    return float(f"{digits}.{part}") * _TIMES.get(times, 1e6)


def check_thousands(rows: Sequence[tuple[Record, VehicleRow]], findings: Findings) -> None:
    """Lines bought by the thousand whose unit says another number of contacts than their audience: one problem."""
    odd = []
    for record, vehicle in rows:
        said, bought = unit_contacts_000(vehicle.unit), bought_000(vehicle)
        if said and bought and all(abs(bought - contacts) > _AGREEMENT * contacts for contacts in said):
            odd.append((record, vehicle, said[0]))
    if odd:
        _, vehicle, contacts = odd[0]
        met = f", each met {vehicle.contacts:g} times" if vehicle.contacts != 1 else ""
        findings.of_column(
            [_audience_cell(found) for found, _, _ in odd],
            f'"{vehicle.name}" is sold by {number(1000 * contacts)} contacts ("{vehicle.unit}"), but its audience is '
            f"{vehicle.audience_000:,.10g} thousand for each of them{met}{{more}}; Audience (000) is what one unit "
            f"buys: write {contacts / vehicle.contacts:,.4g}, or mend the Unit.",
        )


def _audience_cell(record: Record) -> str:
    return record.address("rating" if record.number("audience_000") is None else "audience_000")


def _round(price: float) -> float:
    """To three figures, of any size."""
    return float(f"{price:.3g}")


def _per_contact(record: Record, vehicle: VehicleRow, findings: Findings) -> float | None:
    """Price per thousand contacts; None where either is not known, or wrong already, or it costs nothing."""
    if vehicle.unit_cost is None or vehicle.unit_cost <= FREE or not vehicle.contacts_000:
        return None
    return None if findings.is_wrong(_audience_cell(record)) else vehicle.unit_cost / vehicle.contacts_000


def ask_about_prices(rows: Sequence[tuple[Record, VehicleRow]], findings: Findings) -> None:
    """Prices per contact far from all others, or all next to nothing: one question, for price and audience may be of
    different units."""
    prices = [(price, row) for record, row in rows if (price := _per_contact(record, row, findings))]
    if not prices:
        return
    _ask_about_thousands(*max(prices, key=itemgetter(0)), findings)
    usual = statistics.median(price for price, _ in prices)
    far = [(price, row) for price, row in prices if not usual / _FAR <= price <= usual * _FAR]
    if far:
        (price, row), *others = far
        usual = statistics.median([other for other, line in prices if line is not row])
        cell = findings.cells["Vehicles", row.name, "unit_cost"]
        also = f" Likewise {listing([other.name for _, other in others])}." if others else ""
        findings.ask(
            f'{cell}: "{row.name}" costs {figure(_round(price))} per thousand contacts, where others '
            f"typically cost {figure(_round(usual))}.{also} Unit cost and Audience (000) are both of one unit bought: "
            "are they?"
        )


def _ask_about_thousands(dearest: float, row: VehicleRow, findings: Findings) -> None:
    if dearest < _NO_PRICE:
        findings.ask(
            f"{findings.cells['Vehicles', row.name, 'unit_cost']}: a thousand contacts cost at most "
            f"{figure(_round(dearest))} in every vehicle. Are the prices in thousands, or the audiences in people?"
        )
