"""A programme in the hands of HiGHS, alive between solves: it goes on from its last basis, and every change of the
programme is told to it as it is made.
"""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray
from models.programme.solvers.highs_run import HighsRun, handed_over
from models.programme.solvers.linear_programme import LinearProgramme, Rows
from models.programme.solvers.matrix import Terms
from models.programme.solvers.proven import is_infeasible, proven
from models.programme.solvers.solver import Limits, LiveProgramme, Solved

_TOLD_APART = 1e-7  # of a row: ten times the tolerance of a search
_DOUBT = 1e-7  # of a bound: where its duals prove less by more than this, it is asked for again


def open_live(programme: LinearProgramme, solver: str) -> LiveProgramme:
    """A solver with a programme. PuLP, which knows where CBC is, is imported for CBC alone."""
    if solver == "highs":
        return LiveHighs(programme)
    from models.programme.solvers.cbc import LiveCbc

    return LiveCbc(programme)


class LiveHighs:
    """HiGHS, alive: hot restarts after added rows and changed numbers."""

    def __init__(self, programme: LinearProgramme) -> None:
        self.programme, self.run = programme, HighsRun()
        self.run.taken(self.highs.passModel(handed_over(programme)))
        self._relaxed: bool | None = True
        self._proves_more_cold = True

    @property
    def highs(self) -> Any:
        """The solver itself."""
        return self.run.highs

    # --- changes ---

    def add_columns(
        self, names: Sequence[str], lower: FloatArray, upper: FloatArray, terms: Terms | None = None
    ) -> IntArray:
        """As LinearProgramme.add_columns."""
        added = self.programme.add_columns(names, lower, upper, terms)
        many, none = len(added), np.zeros(0)
        start, index, value = np.zeros(many, dtype=np.int32), np.zeros(0, dtype=np.int32), none
        if terms is not None:
            order = np.argsort(terms[1], kind="stable")
            counts = np.bincount(terms[1], minlength=many)
            start = np.concatenate([[0], np.cumsum(counts)[:-1]]).astype(np.int32)
            index, value = terms[0][order].astype(np.int32), terms[2][order].astype(float)
        self.run.taken(
            self.highs.addCols(many, np.zeros(many), lower, upper, len(index), start, index, value)
        )
        return added

    def add_rows(self, rows: Rows) -> IntArray:
        """As LinearProgramme.add_rows."""
        self.run.taken(
            self.highs.addRows(
                len(rows), rows.least, rows.most, len(rows.index), rows.start[:-1], rows.index, rows.value
            )
        )
        return self.programme.add_rows(rows)

    def set_column_bounds(self, columns: IntArray, lower: FloatArray, upper: FloatArray) -> None:
        """As LinearProgramme.set_column_bounds."""
        changed = (self.programme.lower[columns] != lower) | (self.programme.upper[columns] != upper)
        columns, lower, upper = columns[changed], lower[changed], upper[changed]
        if len(columns):
            self.programme.set_column_bounds(columns, lower, upper)
            self.highs.changeColsBounds(len(columns), columns.astype(np.int32), lower, upper)

    def set_row_bounds(self, rows: IntArray, least: FloatArray, most: FloatArray) -> None:
        """As LinearProgramme.set_row_bounds."""
        changed = (self.programme.least[rows] != least) | (self.programme.most[rows] != most)
        rows, least, most = rows[changed], least[changed], most[changed]
        if len(rows):
            self.programme.set_row_bounds(rows, least, most)
            self.highs.changeRowsBounds(len(rows), rows.astype(np.int32), least, most)

    def set_coefficients(self, terms: Terms) -> None:
        """As LinearProgramme.set_coefficients."""
        self.programme.set_coefficients(terms)
        for i, j, a in zip(*(part.tolist() for part in terms), strict=True):
            self.run.taken(self.highs.changeCoeff(i, j, a))

    def set_costs(self, columns: IntArray, costs: FloatArray) -> None:
        """As LinearProgramme.set_costs."""
        self.programme.set_costs(columns, costs)
        self.highs.changeColsCost(len(columns), columns.astype(np.int32), costs.astype(float))

    def set_whole(self, columns: IntArray, whole: BoolArray) -> None:
        """As LinearProgramme.set_whole; told to the solver when it next searches."""
        self.programme.set_whole(columns, whole)
        self._relaxed = None

    def suggest(self, columns: IntArray, values: FloatArray) -> None:
        """Numbers of some columns that belong to a known plan: the next search starts from it."""
        self.highs.setSolution(len(columns), columns.astype(np.int32), values.astype(float))

    # --- solving ---

    def solve(self, whole: bool, limits: Limits) -> Solved:
        """Best point within the gap, or any that is enough, or the best after so many nodes of the search tree;
        whole=False solves the relaxation."""
        whole = whole and bool(self.programme.whole.any())
        self._set_integrality(whole)
        end = self.run.limit(whole, limits)
        if not whole:
            return self._relax(end)
        basis, before = self.highs.getBasis(), time.monotonic()
        solved = self.run.solved(whole=True)
        if solved.status == "infeasible" and np.isinf(limits.above):
            left = limits.seconds - (time.monotonic() - before)
            solved = self._sure(replace(limits, seconds=left))
        if basis.valid:
            self.highs.setBasis(basis)  # a search leaves none for the next relaxation to go on from
        return replace(solved, lowest=min(solved.lowest, limits.above))

    def _sure(self, limits: Limits) -> Solved:
        """What a search says that has found nothing where nothing was left out of it. That there is nothing is believed
        where duals prove it of the relaxation, or where a search without presolve, to no finer tolerances than usual,
        finds nothing either (with it HiGHS 1.15 and 1.16 are wrong now and then where limits hold exactly) and one of
        every whole number moves its rows by more than the rounding of a search."""
        before, relaxed = time.monotonic(), self.solve(False, limits)
        if relaxed.status == "infeasible":
            return relaxed
        self._set_integrality(True)
        left = limits.seconds - (time.monotonic() - before)
        self.run.limit(
            True, replace(limits, seconds=left, exact=False, gap=1.0 if limits.exact else limits.gap)
        )
        self.run.set("presolve", "off")
        again = self.run.solved(whole=True)
        self.run.set("presolve", "choose")
        matrix = self.programme.matrix
        size = np.abs(matrix.value[self.programme.whole[matrix.column]])
        blurred = bool(((size > 0) & (size < _TOLD_APART)).any())
        doubted = blurred if again.status == "infeasible" else limits.exact
        return Solved("none", -np.inf) if doubted else again

    def _relax(self, end: float) -> Solved:
        """The relaxation's answer, as far as its duals prove it; once more from cold where the last basis, or presolve,
        made the solver stumble, or say more than they prove; the latter only as long as that helps. end: on its own
        clock."""
        said, solved = self._said_and_proven()
        short = said.lowest - solved.lowest > _DOUBT * (abs(said.lowest) + _DOUBT)
        if self.highs.getRunTime() >= end or not (
            solved.status == "none" or (short and self._proves_more_cold)
        ):
            return solved
        self.highs.clearSolver()
        self.run.set("presolve", "off" if solved.status == "none" else "choose")
        again = self._said_and_proven()[1]
        self.run.set("presolve", "choose")
        if solved.status == "none":
            return again
        self._proves_more_cold = again.lowest > solved.lowest
        return again if self._proves_more_cold else solved

    def _said_and_proven(self) -> tuple[Solved, Solved]:
        """What the solver says of the relaxation, and what of that is proven."""
        said, programme = self.run.solved(whole=False), self.programme
        if said.status == "infeasible" and not is_infeasible(programme, self.run.ray()):
            return said, Solved("none", -np.inf)
        if said.duals is None:
            return said, said
        found = proven(programme, programme.cost, said.duals)
        return said, replace(said, lowest=found.lowest, reduced=found.reduced, duals=found.duals)

    def _set_integrality(self, whole: bool) -> None:
        if self._relaxed is not (not whole):
            columns = np.arange(self.programme.n_columns, dtype=np.int32)
            kinds = self.programme.whole.astype(np.uint8) * int(self.run.highspy.HighsVarType.kInteger)
            self.highs.changeColsIntegrality(len(columns), columns, kinds if whole else np.zeros_like(kinds))
            self._relaxed = not whole
