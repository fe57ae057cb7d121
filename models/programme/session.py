"""What search asks of a solver, and what a solver says: models.programme.highs and models.programme.cbc answer,
models.programme.solver chooses.

Statuses are read from the solver, not from PuLP (which calls a time limit "Optimal"), and values only where the
solver says they are feasible; every plan is checked again by the rules themselves, elsewhere. The programme
minimises, so a solver's dual bound is a lower bound; `bound` here is turned back to the worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.programme.programme import Cut

NO_LIMIT = 2**31 - 1


@dataclass(frozen=True, eq=False)
class Answer:
    """What a solver said.

    status: optimal (within the gap asked), feasible (stopped early with a point), infeasible, or none
    (stopped early without). bound: upper bound on the worth (inf when none). point: (n_columns,) of the
    problem's columns, None when there is none. increment_cost, insertion_cost: of an optimal relaxation, worth
    that each increment y_jk (n_increments,) and each x_j (n_vehicles,) would lose if it were forced up by one
    (reduced costs, negative where it would gain); row_worth: (n_rows,) worth that one more on the right side of
    each row of the problem's system would gain; None where not known.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    bound: float
    point: FloatArray | None
    increment_cost: FloatArray | None = None
    insertion_cost: FloatArray | None = None
    row_worth: FloatArray | None = None


class Session(Protocol):
    """A programme in a solver's hands."""

    def solve(
        self, *, whole: bool, gap: float, seconds: float, enough: float = np.inf, nodes: int = NO_LIMIT
    ) -> Answer: ...
    def limit(self, lower: FloatArray, upper: FloatArray) -> None: ...
    def set_floor(self, number: int, least: float) -> None: ...
    def set_effective(self, number: int, least: float) -> None: ...
    def count_whole(self, whole: BoolArray) -> None: ...
    def suggest(self, values: dict[int, float]) -> None: ...
    def add(self, cuts: Sequence[Cut]) -> None: ...
