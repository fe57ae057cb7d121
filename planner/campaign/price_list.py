"""What the campaign's plans cost: its prices as a tariff."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from models.arrays import FloatArray
from models.purchase.columns import Columns
from models.purchase.tariff import Package, Steps, Tariff
from planner.campaign.inputs import Campaign


def tariff_of(campaign: Campaign, cost: FloatArray) -> Tariff:
    """Prices, week factors, packages, fixed costs and discounts. cost: (n_vehicles,) money of one insertion."""
    calendar = campaign.calendar
    weeks = campaign.brief.weeks if calendar is not None and calendar.binds_the_buy else 0
    columns = Columns(len(cost), weeks, len(campaign.packages))
    places = {vehicle.name: j for j, vehicle in enumerate(campaign.vehicles)}
    packages = tuple(
        Package(offer.name, _laid_out(places, offer.vehicles, offer.insertions), offer.price)
        for offer in campaign.packages
    )
    fixed = np.array([vehicle.fixed_cost for vehicle in campaign.vehicles])
    steps = tuple(_steps(campaign, columns, places))
    return Tariff(cost, columns, _factor(campaign, places, weeks), packages, fixed, steps)


def _laid_out(places: Mapping[str, int], names: Sequence[str], figures: Sequence[float]) -> FloatArray:
    """(n_vehicles,) figures of some vehicles, 0 of the others."""
    found = np.zeros(len(places))
    found[[places[name] for name in names]] = figures
    return found


def _factor(campaign: Campaign, places: Mapping[str, int], weeks: int) -> FloatArray | None:
    """(n_vehicles, n_weeks) price factors, where there are any."""
    calendar = campaign.calendar
    if not weeks or calendar is None or not calendar.factors:
        return None
    factor = np.ones((len(places), weeks))
    for row in calendar.factors:
        factor[[places[name] for name in row.vehicles]] = row.factors
    return factor


def _steps(campaign: Campaign, columns: Columns, places: Mapping[str, int]) -> Iterator[Steps]:
    """The discounts: rows of the same name are steps of one."""
    first = columns.private_from
    for name in dict.fromkeys(row.applies_to for row in campaign.discounts):
        rows = sorted((r for r in campaign.discounts if r.applies_to == name), key=lambda row: row.start)
        members = np.array(sorted(places[vehicle] for vehicle in rows[0].vehicles), dtype=np.int64)
        start, rate = np.array([row.start for row in rows]), np.array([row.rate for row in rows])
        steps = Steps(name, members, rows[0].by, start, rate, first)
        first += steps.n_columns
        yield steps
