"""What a relaxation and a whole-number search answer, turned back from the solver's costs to worth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Duals
from models.programme.reduced_costs import Charges, charges
from models.programme.rows.pieces import Pieces


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A relaxation's answer.

    status: optimal; infeasible; feasible or none where time ended. bound: no plan within the bounds lower, upper
    (n_columns,) is worth more. point: (n_columns,) None where there is none. loose: by what share of it the bound lies
    above the exact worth of the point's insertions, or a floor is missed, whichever is more. piece_cost: (n_pieces,)
    and insertion_cost: (n_vehicles,) worth that one more of each would lose; bought_cost: (n_vehicles,) that buying any
    at all loses besides; row_worth: (n_rows,) worth of one more on the right side of each row of the problem's system;
    None where the solver does not say. smallest: (n_vehicles,) insertions of a vehicle are none, or at least so many;
    any_within: (n_vehicles,) each, bounds of whether any is bought.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    bound: float
    lower: FloatArray
    upper: FloatArray
    point: FloatArray | None = None
    loose: float = np.inf
    pieces: Pieces | None = None
    piece_cost: FloatArray | None = None
    insertion_cost: FloatArray | None = None
    row_worth: FloatArray | None = None
    bought_cost: FloatArray | None = None
    smallest: FloatArray | None = None
    any_within: tuple[FloatArray, FloatArray] | None = None

    @property
    def settled(self) -> bool:
        """Whether it was solved."""
        return self.status == "optimal" and self.point is not None

    @cached_property
    def charged(self) -> Charges:
        """What every number of insertions is charged; nothing where the solver says nothing."""
        if self.pieces is None or self.piece_cost is None or self.insertion_cost is None:
            return Charges(self.bound, self.lower, self.upper)
        costs = (self.insertion_cost, self.pieces, self.piece_cost, self.bought_cost)
        return charges(self.bound, self.lower, self.upper, *costs, self.smallest, self.any_within)

    @cached_property
    def duals(self) -> Duals | None:
        """Shadow prices, in the problem's own units; None where the solver says nothing."""
        if (
            self.pieces is None
            or self.piece_cost is None
            or self.insertion_cost is None
            or self.row_worth is None
        ):
            return None
        cost = np.where(self.upper[: len(self.insertion_cost)] > 0, self.insertion_cost, np.nan)
        first = self.pieces.start == 0
        cost[self.pieces.vehicle[first]] += self.piece_cost[first]
        if self.bought_cost is not None:
            cost += self.bought_cost
        return Duals(self.row_worth, cost)


@dataclass(frozen=True, eq=False)
class Found:
    """A whole-number search's answer.

    status: as the solver says. bound: no plan within the bounds is worth more, or none that was looked for. point:
    (n_columns,); plan: (plan_size,) of it, made whole. keeps: whether the plan keeps everything, by its own check;
    value: its exact worth, minus infinity where it does not.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    bound: float
    point: FloatArray | None = None
    plan: FloatArray | None = None
    keeps: bool = False
    value: float = -np.inf
