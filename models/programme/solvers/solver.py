"""What a solver is asked and what it says."""

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from models.arrays import FloatArray, IntArray
from models.programme.solvers.highs_quiet import NO_LIMIT
from models.programme.solvers.linear_programme import Editable


@dataclass(frozen=True, eq=False)
class Solved:
    """What a solver said of a programme.

    status: optimal (within the gap asked), feasible (stopped early with a point), infeasible, or none (stopped early
    without). lowest: nothing costs less (minus infinite where not known, infinite where nothing is feasible). values:
    (n_columns,) None where there are none. reduced, duals: (n_columns,) and (n_rows,) of an optimal relaxation, as the
    cost rises; None where not known.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    lowest: float
    values: FloatArray | None = None
    reduced: FloatArray | None = None
    duals: FloatArray | None = None


@dataclass(frozen=True)
class Limits:
    """When a solve may end. gap: relative. seconds. enough: a cost so low. above: nothing that costs as much is looked
    at (a search may then say infeasible). nodes: of the search tree. exact: to the least tolerances. heuristics:
    whether a search looks for plans beside its tree."""

    gap: float = 0.0
    seconds: float = 300.0
    enough: float = -np.inf
    above: float = np.inf
    nodes: int = NO_LIMIT
    exact: bool = False
    heuristics: bool = True


class LiveProgramme(Editable, Protocol):
    """A programme in a solver's hands."""

    def suggest(self, columns: IntArray, values: FloatArray) -> None: ...
    def solve(self, whole: bool, limits: Limits) -> Solved: ...
