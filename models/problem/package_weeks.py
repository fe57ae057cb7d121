"""Insertions of packages stand in the dearest weeks, also where a row would rather have them elsewhere.

Of a vehicle with prices by week, g_j = sum_t cost_j factor_jt (w_jt - v_jt) is smallest where the v_jt that stand in
packages take the dearest weeks first (models.purchase.tariff). A budget wants that anyway. A row that wants g_j large
(a discount's step by money, "at least" in money) would put them into cheap weeks, and allow what a plan's own money
does not. For these vehicles alone, weeks of one factor taken together, dearest level first:

    w_jt - v_jt <= most_jt (1 - f_l)    t in level l         f_l in {0, 1}: all of l stands in packages
    v_jt        <= most_jt f_l          t in level l + 1
    f_l+1       <= f_l
"""

from collections.abc import Sequence

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.purchase.tariff import Tariff
from models.rules.package_offer import PackageOffer
from models.rules.row import Row
from models.rules.rule import Rule


def dearest_weeks_first(tariff: Tariff, rules: Sequence[Rule], upper: FloatArray) -> list[Row]:
    """The rows above, for vehicles whose money a row of `rules` may want large.

    upper: (n_columns,) the most that any plan has of each column.
    """
    if not tariff.dated:
        return []
    rows = [row for rule in rules if not isinstance(rule, PackageOffer) for row in rule.known_rows]
    wanted = _wanted_large(tariff, rows, len(upper))
    return [row for j in tariff.dated if wanted[j] for row in _in_order(tariff, j, upper)]


def _wanted_large(tariff: Tariff, rows: Sequence[Row], n_columns: int) -> BoolArray:
    """(n_vehicles,) whether a row allows more the larger g_j is, which has -price v_jt in it: less of it then is the
    cheat."""
    weeks = range(tariff.columns.weeks)
    inside, wanted = np.full(n_columns, -1), np.zeros(len(tariff.cost), dtype=bool)
    for j in tariff.dated:
        inside[[tariff.package_weeks.inside(j, t) for t in weeks]] = j
    for sense in ("<=", ">=", "="):
        own = [row for row in rows if row.sense == sense]
        vehicles = inside[np.concatenate([np.zeros(0, dtype=np.int64), *(row.columns for row in own)])]
        numbers = np.concatenate([np.zeros(0), *(row.coefficients for row in own)])
        unsafe = {"<=": numbers > 0, ">=": numbers < 0, "=": numbers != 0}[sense]
        wanted[vehicles[unsafe & (vehicles >= 0)]] = True
    return wanted


def _in_order(tariff: Tariff, vehicle: int, upper: FloatArray) -> list[Row]:
    """A vehicle's rows: a level's weeks are taken up before those of the next."""
    assert tariff.factor is not None
    factor, columns = tariff.factor[vehicle], tariff.columns
    levels = [np.flatnonzero(factor == level) for level in np.unique(factor)[::-1]]
    rows, before = [], -1
    for level, weeks in enumerate(levels):
        filled = tariff.package_weeks.filled(vehicle, int(weeks[0]))
        for t in weeks.tolist():
            inside, standing = tariff.package_weeks.inside(vehicle, t), columns.week(vehicle, t)
            most = float(upper[standing])
            if level:
                rows.append(Row(np.array([inside, before]), np.array([1.0, -most]), "<=", 0.0))
            if level + 1 < len(levels):
                at = np.array([standing, inside, filled])
                rows.append(Row(at, np.array([1.0, -1.0, most]), "<=", most))
        if 0 < level < len(levels) - 1:
            rows.append(Row(np.array([filled, before]), np.array([1.0, -1.0]), "<=", 0.0))
        before = filled
    return rows
