"""Why no plan satisfies a campaign, in the planner's words with their cells, and what would change that."""

from collections.abc import Collection, Iterator

import numpy as np

from models.conflict.changes import EasedLimit
from models.conflict.conflict import SECONDS, explain
from models.purchase.columns import SMALLEST
from models.rules.rounding import FRACTIONS
from models.rules.rule import by_demand
from models.rules.something_bought import SomethingBought
from planner.campaign.prepare import Prepared
from planner.errors import Change, Explanation, Problem

_UNITS = {"bought": "vehicles"}


def explanation_of(
    prepared: Prepared, seconds: float = SECONDS, suspects: Collection[str] = ()
) -> Explanation | None:
    """Why no plan that buys anything satisfies the campaign; None where one does. suspects: ids of rules and goals
    among which the conflict is looked for first."""
    found = explain(prepared.problem, min(seconds, SECONDS), (something_bought(prepared),), suspects)
    if found is None:
        return None
    return Explanation(
        tuple(_lines(prepared, found.rules)),
        tuple(_change(prepared, eased) for eased in found.eased_limits),
        tuple(_change(prepared, eased) for eased in found.overall),
        found.further,
        found.proven,
        found.minimal,
        found.finished,
    )


def something_bought(prepared: Prepared) -> SomethingBought:
    """That a plan buys anything: an insertion, or the smallest part of one that counts as bought. (No part of the
    budget: the cheapest plan may need next to nothing of a large one.)"""
    least = 1.0 if prepared.problem.whole else SMALLEST
    return SomethingBought("something", np.ones(prepared.problem.n_vehicles), least)


def _lines(prepared: Prepared, ids: tuple[str, ...]) -> Iterator[Problem]:
    """Each demand once, a locked number too."""
    for rule, *_ in by_demand([prepared.rule(rule_id) for rule_id in ids]):
        yield Problem(prepared.cells[rule.id], rule.sentence())


def _change(prepared: Prepared, eased: EasedLimit) -> Change:
    points = eased.unit in FRACTIONS
    contacts = prepared.rule(eased.rule_id).impressions
    size = 100 if points else contacts or 1.0
    change = None if np.isinf(eased.change) else round(eased.change * size, 6)
    unit = "percentage points" if points else _UNITS.get(eased.unit, eased.unit)
    return Change(prepared.cells[eased.rule_id], eased.text, change, "impressions" if contacts else unit)
