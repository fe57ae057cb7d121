"""Word of mouth in the programme: columns for what is heard, and tangents above its curves.

H_i  <= tangents of 1 - exp(-h) at h_i = sum_c hearing_ic R_c      R: reach (models.programme.rows.curves)
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.objectives import Earned
from models.programme.rows.tangents import FIRST_PARTS
from models.programme.solvers.linear_programme import Editable, Rows, rows_below, unit_columns
from models.reach.gamma import reached


@dataclass(frozen=True, eq=False)
class Told:
    """Word of mouth: hearing (n_listeners, n_segments), the H columns, and the most that each can be."""

    hearing: FloatArray
    columns: IntArray
    most: FloatArray

    def tangents(self, r: IntArray, reach: FloatArray) -> Rows:
        """H_i - slope * sum_c hearing_ic R_c <= H(h) - slope h."""
        heard = self.hearing @ reach
        slope = np.exp(-heard)
        i, c = np.nonzero(self.hearing > 0)
        value = slope[i] * self.hearing[i, c] / self.most[i]
        return rows_below(self.columns, i, r[c], value, (1 - slope - slope * heard) / self.most)


class Heard:
    """What is stated so far. r: (n_segments,) the columns R; most: (n_segments,) of T, and k_person, as of their
    curves."""

    def __init__(self, r: IntArray, most: FloatArray, k_person: FloatArray) -> None:
        self._r, self._most, self._k_person = r, most, k_person
        self._told: list[Told] = []

    def state(self, into: Editable, earned: Earned) -> Told:
        """The H of what is heard (n_listeners, n_segments), stated where they are not yet, with tangents."""
        for told in self._told:
            if np.array_equal(told.hearing, earned.hearing):
                return told
        most = -np.expm1(-earned.hearing.sum(axis=1))
        first = sum(len(told.columns) for told in self._told)
        names = [f"H_{first + i}" for i in range(len(most))]
        told = Told(earned.hearing, unit_columns(into, names), most)
        self._told.append(told)
        for part in FIRST_PARTS:
            into.add_rows(told.tangents(self._r, reached(self._most * part, self._k_person)))
        return told

    def cut(self, into: Editable, reach: FloatArray) -> None:
        """State tangents at a reach (n_segments,)."""
        for told in self._told:
            into.add_rows(told.tangents(self._r, reach))
