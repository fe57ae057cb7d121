"""What a higher price of one vehicle does: to what a relaxation is worth, to whole plans, to the rows of rules."""

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import LinearSystem, Problem
from models.programme.answers import Relaxed
from models.purchase.tariff import Tariff
from models.rules.budget import Budget
from models.rules.row import Row
from models.rules.rule import Rule

_ROUNDING = 1e-12  # of a row's largest coefficient


def worth_lost(problem: Problem, dearer: Problem, step: float, relaxed: Relaxed) -> float:
    """Worth that a relaxation loses per unit of a price: what more its point would take of every row, times what a unit
    of the row is worth. dearer: the same problem with the price raised by `step`. nan where it cannot be read."""
    rows, then, worth = problem.system.rows, dearer.system.rows, relaxed.row_worth
    if relaxed.point is None or worth is None or len(rows) != len(then):
        return float("nan")
    lost = 0.0
    for place in np.flatnonzero(worth):
        row, other = rows[place], then[place]
        if row is other:
            continue
        if not np.array_equal(row.columns, other.columns):
            return float("nan")
        more = (other.coefficients - row.coefficients) @ relaxed.point[row.columns]
        lost += float(worth[place] * (more - (other.right - row.right)))
    return lost / step


def kept_for(problem: Problem, dearer: Problem, step: float, plans: FloatArray) -> FloatArray:
    """(n,) by how much a price may rise until each of whole plans (n, n_vehicles) breaks a row, if every row goes on
    changing as it does in `dearer`, where the price is higher by `step`; infinite where none ever breaks. Nothing of
    plans with other parts than insertions."""
    if not _alike(problem, dearer):
        return np.full(len(plans), np.nan)
    with np.errstate(invalid="ignore"):
        now, then = (np.vstack(_left(each.system, plans)) for each in (problem, dearer))
        fall = np.where(np.isfinite(now), now - then, 0.0)
    falls = fall > _ROUNDING * np.abs(np.where(np.isfinite(now), now, 0.0))
    rise = np.where(falls, step * np.maximum(now, 0.0) / np.where(falls, fall, 1.0), np.inf)
    return np.asarray(rise.min(axis=0, initial=np.inf))


def eased_by_price(problem: Problem, priced: Problem) -> tuple[Rule, ...]:
    """The rules that another price of one vehicle may make easier to keep, as a higher one does where money is asked to
    be spent. Of a higher one: where there are none, every plan that keeps the rules there keeps them here too. priced:
    the same problem at that price. A row of which any coefficient eases counts; a higher price only makes a budget
    harder to keep, but by a discount's steps of money, whose own rows ease then."""
    pairs = zip(problem.rules, priced.rules, strict=True)
    return tuple(
        rule
        for rule, then in pairs
        if rule is not then and not isinstance(rule, Budget)
        and any(row_eases(*rows, problem.tariff) for rows in zip(rule.known_rows, then.known_rows, strict=True))
    )  # fmt: skip


def row_eases(row: Row, then: Row, tariff: Tariff) -> bool:
    """Whether a row whose columns are never negative may allow a plan that it did not; the same row in other units does
    not."""
    width = max([tariff.width - 1, *row.columns.tolist(), *then.columns.tolist()]) + 1
    before, after = (_singly(each, tariff, width) for each in (row, then))
    size, size_then = np.abs(before).max(), np.abs(after).max()
    if row.right == 0 and np.allclose(before * size_then, after * size, rtol=1e-12, atol=0.0):
        return False
    change = after - before
    rises, falls = (change > _ROUNDING * size).any(), (change < -_ROUNDING * size).any()
    return bool({"<=": falls, ">=": rises, "=": falls or rises}[row.sense] or row.right != then.right)


def _singly(row: Row, tariff: Tariff, width: int) -> FloatArray:
    """(n_columns,) coefficients of a row where insertions count singly: those of packages stand with the package, those
    at a discount in its steps, those whose price varies in their weeks."""
    found, n, weeks = np.zeros(width), len(tariff.cost), tariff.columns.weeks
    np.add.at(found, row.columns, row.coefficients)
    for package, held in enumerate(tariff.in_packages):
        found[tariff.columns.package(package)] += held @ found[:n]
    if tariff.factor is not None:
        dated = np.where(tariff.in_packages.any(axis=0), 0.0, found[:n])
        found[n : n * (1 + weeks)] += np.repeat(dated, weeks)
        found[:n] -= dated
        return found
    for steps in tariff.discounts:
        for member, j in enumerate(steps.members):
            found[[steps.money_in(member, step) for step in range(len(steps.start) + 1)]] += found[j]
            found[j] = 0.0
    return found


def _alike(problem: Problem, other: Problem) -> bool:
    """Whether two problems have the same rows of insertions, but for their numbers."""
    before, then = problem.system, other.system
    one, two = before.insertion_rows, then.insertion_rows
    if one is None or two is None or before.rule_ids != then.rule_ids:
        return False
    same = np.array_equal(one.places, two.places) and np.array_equal(one.members, two.members)
    return bool(same and np.array_equal(one.smallest, two.smallest))


def _scale(system: LinearSystem) -> FloatArray:
    """(n_rows,) what the rows of insertions are divided by."""
    assert system.insertion_rows is not None
    places = system.insertion_rows.places
    return np.where(places >= 0, system.scale[places], 1.0)


def _left(system: LinearSystem, plans: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n_rows, n) what plans leave of upper and of lower limits, in the rows' own units."""
    rows, scale = system.insertion_rows, _scale(system)[:, None]
    assert rows is not None
    taken = rows.activity(plans.T)
    return (rows.most[:, None] - taken) * scale, (taken - rows.least[:, None]) * scale
