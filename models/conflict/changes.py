"""Limits that give way: by how much, also as a share of the limit, and in words."""

from dataclasses import dataclass

import numpy as np

from models.conflict.limits import Demand, change_text, size
from models.rules.rule import Limit

_DROPPED = 10.0  # what dropping a limit costs, where no other limit helps: as much as ten times the limit


@dataclass(frozen=True, eq=False)
class EasedLimit:
    """A limit that gives way. rule_id: of the rule or floor. new_limit: what it would be; change: by how much it
    moves, negative where it falls; both in unit (shares and ratios as fractions), infinite where only dropping it
    helps. text: for people. relative: the change as a share of the limit. parts: the rule or floor (both sides of
    a locked number) as it would be, none if it is dropped."""

    rule_id: str
    change: float
    unit: str
    new_limit: float
    text: str
    relative: float
    parts: tuple[Limit, ...]


def relative_change(old: Demand, new: Demand | None, cheapest: float) -> float:
    """A change as a share of its limit. cheapest: money of the cheapest insertion."""
    if new is None:
        return _DROPPED
    return distance(old, new) / size(old.parts[0], cheapest)


def has_moved(old: Demand, new: Demand | None) -> bool:
    """Whether a limit is another now, or dropped."""
    return new is None or old.parts[0].limit != new.parts[0].limit


def eased_limit(old: Demand, new: Demand | None, cheapest: float) -> EasedLimit:
    """The change from one limit to another, or to none. cheapest: money of the cheapest insertion."""
    before, relative = old.parts[0], relative_change(old, new, cheapest)
    if new is None:
        text = change_text(before, None)
        return EasedLimit(old.id, np.inf, before.limit_unit, np.inf, text, relative, ())
    after = new.parts[0]
    change, text = round(after.limit - before.limit, 9), change_text(before, after)
    return EasedLimit(old.id, change, after.limit_unit, round(after.limit, 9), text, relative, new.parts)


def distance(old: Demand, new: Demand) -> float:
    """How far a limit has moved, in its unit."""
    return abs(new.parts[0].limit - old.parts[0].limit)
