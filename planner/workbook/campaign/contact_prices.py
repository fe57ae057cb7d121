"""Lines whose audience cannot be that of the unit they are sold by: contacts by the thousand, and absurd prices."""

import re
import statistics
from collections.abc import Sequence

from planner.campaign.bought import bought_000
from planner.campaign.inputs import VehicleRow
from planner.formats import number
from planner.names import listing
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Record

_NUMBER = re.compile(r"(\d{1,3}(?:[.,'’ \u00a0\u202f]\d{3})+|\d+)\s*(k|m|million)?\b")
_THOUSAND = re.compile(r"\bcp[mt]\b|\btkp\b|\bmille\b|\bthousand|000")
_TIMES = {"": 1, "k": 1e3, "m": 1e6, "million": 1e6}
_AGREEMENT = 0.01
_FAR = 500.0  # times the median price of a contact: no medium is so cheap or so dear beside the others


def unit_contacts_000(unit: str) -> float | None:
    """The contacts (thousands) that the words of a unit say it buys; None where they say no number.

    >>> unit_contacts_000("1,000 impressions"), unit_contacts_000("300x250, 100k imps"), unit_contacts_000("CPM 000s")
    (1.0, 100.0, 1.0)
    >>> unit_contacts_000("1.000 Kontakte"), unit_contacts_000("per 1 000"), unit_contacts_000("impressions")
    (1.0, 1.0, None)
    """
    words = unit.casefold()
    for digits, times in _NUMBER.findall(words):
        contacts = int(re.sub(r"\D", "", digits)) * _TIMES[times]
        if contacts and contacts % 1000 == 0:
            return contacts / 1000
    return 1.0 if _THOUSAND.search(words) else None


def check_thousands(rows: Sequence[tuple[Record, VehicleRow]], findings: Findings) -> None:
    """Lines bought by the thousand whose unit says another number of contacts than their audience: one problem."""
    odd = []
    for record, vehicle in rows:
        said, bought = unit_contacts_000(vehicle.unit), bought_000(vehicle)
        if said is not None and bought and abs(bought - said) > _AGREEMENT * said:
            odd.append((record, vehicle, said))
    if odd:
        record, vehicle, said = odd[0]
        attribute = "rating" if record.number("audience_000") is None else "audience_000"
        findings.of_column(
            [found.address(attribute) for found, _, _ in odd],
            f'"{vehicle.name}" is sold by {number(1000 * said)} contacts ("{vehicle.unit}"), but its audience is '
            f"{vehicle.audience_000:,.10g} thousand for each of them{{more}}; Audience (000) is what one unit buys: "
            f"write {said:,.10g}, or mend the Unit.",
        )


def ask_about_prices(rows: Sequence[tuple[Record, VehicleRow]], findings: Findings) -> None:
    """Prices per contact far from all others: one question, for price and audience may be of different units."""
    prices = [
        (vehicle.unit_cost / vehicle.contacts_000, vehicle)
        for record, vehicle in rows
        if vehicle.unit_cost
        and vehicle.contacts_000
        and not findings.is_wrong(record.address("audience_000"))
    ]
    usual = statistics.median([price for price, _ in prices]) if prices else 0.0
    far = [(price, row) for price, row in prices if not usual / _FAR <= price <= usual * _FAR]
    if far:
        price, row = far[0]
        cell = findings.cells["Vehicles", row.name, "unit_cost"]
        also = f" Likewise {listing([other.name for _, other in far[1:]])}." if far[1:] else ""
        findings.ask(
            f'{cell}: "{row.name}" costs {price:.3g} per thousand contacts, where others typically '
            f"cost {usual:.3g}.{also} Unit cost and Audience (000) are both of one unit bought: are they?"
        )
