"""How many people each of many plans meets n times or more: what one medium does is worked out once for all of them.

Given the intensity of a person, the contacts of different media are independent. So who is met fewer than n times is a
sum over segments, nodes of that intensity and classes a of what half of the media do (a contacts) times what the others
do (fewer than n - a): for all pairs of what halves may do at once, products of matrices (models.reach.contacts).
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from models.arrays import FloatArray, IntArray
from models.reach.contacts import Contacts
from models.reach.polynomials import multiplied

_MOST_NUMBERS = 15_000_000  # of what is known of media and of both halves
_LARGEST = 2**62  # whole number
_AT_ONCE = 512  # of what one half may do


@dataclass(frozen=True, eq=False)
class _Half:
    """media: which. choices: (n, n_media) of the schedules of each; of: (n_plans,) which of these a plan has."""

    media: tuple[int, ...]
    choices: IntArray
    of: IntArray


def met_by_each(
    contacts: Contacts, people: FloatArray, plans: IntArray, deadline: float = np.inf
) -> FloatArray | None:
    """(n_plans,) people met `contacts.times` times or more by plans (n_plans, n_vehicles) of whole insertions; None
    where that takes too much memory, or time (time.monotonic) ends. people: (n_segments counted,). As `contacts` has
    it, but for those whom reach has not: no plan meets more."""
    each = [_told_apart(plans[:, medium.members]) for medium in contacts.nodes.media]
    schedules, of = [own for own, _ in each], [which for _, which in each]
    left, right = _halves(of, [len(own) for own in schedules])
    weight = people[:, None] * contacts.nodes.weight
    kept = sum(map(len, schedules)) + 3 * (len(left.choices) + len(right.choices))  # rows, and copies
    if kept * contacts.times * weight.size > _MOST_NUMBERS:
        return None
    known = []
    for m, own in enumerate(schedules):
        known.append(_of_medium(contacts, m, own, deadline))
        if time.monotonic() > deadline:
            return None
    some, others = _together(known, left) * weight.ravel(), _together(known, right)
    np.cumsum(others, axis=0, out=others)
    some, others = (half.transpose(1, 0, 2).reshape(half.shape[1], -1) for half in (some, others[::-1]))
    found = np.full(len(plans), float(people @ (1 - contacts.nodes.atom)))
    for first in range(0, len(some), _AT_ONCE):
        own = np.flatnonzero((left.of >= first) & (left.of < first + _AT_ONCE))
        missed = some[first : first + _AT_ONCE] @ others.T
        found[own] -= missed[left.of[own] - first, right.of[own]]
        if time.monotonic() > deadline:
            return None
    return found


def _halves(of: Sequence[IntArray], many: Sequence[int]) -> tuple[_Half, _Half]:
    """Media in two halves that may do about equally much. of: (n_plans,) each, which schedule of a medium a plan has;
    many: how many there are."""
    halves: tuple[list[int], list[int]] = [], []
    for m in np.argsort(-np.array(many), kind="stable").tolist():
        min(halves, key=lambda own: float(np.prod([float(many[i]) for i in own]))).append(m)
    return _half(halves[0], of), _half(halves[1], of)


def _half(media: Sequence[int], of: Sequence[IntArray]) -> _Half:
    rows = np.array([of[m] for m in media], dtype=np.int64).reshape(len(media), len(of[0])).T
    return _Half(tuple(media), *_told_apart(rows))


def _told_apart(rows: IntArray) -> tuple[IntArray, IntArray]:
    """Rows (n, n_columns) of whole numbers, 0 or more, each once; and (n,) which of them each is."""
    key, size = np.zeros(len(rows), dtype=np.int64), 1
    for column in rows.T:
        numbers = int(column.max(initial=0)) + 1
        if size * numbers > _LARGEST:  # numbered through
            key = np.unique(key, return_inverse=True)[1].ravel()
            size = len(rows)
        key, size = key * numbers + column, size * numbers
    _, first, which = np.unique(key, return_index=True, return_inverse=True)
    return rows[first], which.ravel()


def _of_medium(contacts: Contacts, m: int, schedules: IntArray, deadline: float) -> FloatArray:
    """(times, n, n_segments * n_g0) chances of contacts with a medium by its schedules (n, n_members), as many as time
    allows."""
    size = contacts.nodes.weight.size
    found = np.empty((contacts.times, len(schedules), size))
    insertions = np.zeros(contacts.n_vehicles)
    for place, own in enumerate(schedules):
        if time.monotonic() > deadline:
            break
        insertions[contacts.nodes.media[m].members] = own
        found[:, place] = contacts.given_people(m, insertions).reshape(-1, size)
    return found


def _together(known: Sequence[FloatArray], half: _Half) -> FloatArray:
    """(times, n, n_segments * n_g0) the same of media together, by choices of their schedules."""
    if not half.media:
        found = np.zeros((known[0].shape[0], len(half.choices), known[0].shape[2]))
        found[0] = 1.0
        return found
    parts = [known[m][:, chosen] for m, chosen in zip(half.media, half.choices.T, strict=True)]
    return reduce(multiplied, parts)
