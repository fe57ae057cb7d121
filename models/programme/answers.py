"""What a relaxation and a whole-number search answer, turned back from the solver's costs to worth."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Duals
from models.programme.reduced_costs import Charges, Costs, charges


@dataclass(frozen=True, eq=False)
class Relaxed:
    """A relaxation's answer.

    status: optimal; infeasible; feasible or none where time ended. bound: no plan within the bounds lower, upper
    (n_columns,) is worth more. point: (n_columns,) None where there is none. loose: by what share of it the bound lies
    above the exact worth of the point's insertions, or a floor is missed, whichever is more. costs: what more of
    anything would lose; row_worth: (n_rows,) worth of one more on the right side of each row of the problem's system;
    None where the solver does not say.
    """

    status: Literal["optimal", "feasible", "infeasible", "none"]
    bound: float
    lower: FloatArray
    upper: FloatArray
    point: FloatArray | None = None
    loose: float = np.inf
    costs: Costs | None = None
    row_worth: FloatArray | None = None

    @property
    def settled(self) -> bool:
        """Whether it was solved."""
        return self.status == "optimal" and self.point is not None

    @cached_property
    def charged(self) -> Charges:
        """What every number of insertions is charged; nothing where the solver says nothing."""
        if self.costs is None:
            return Charges(self.bound, self.lower, self.upper)
        return charges(self.bound, self.lower, self.upper, self.costs)

    @cached_property
    def duals(self) -> Duals | None:
        """Shadow prices, in the problem's own units; None where the solver says nothing."""
        if self.costs is None or self.row_worth is None:
            return None
        first = self.costs.first
        return Duals(self.row_worth, np.where(self.upper[: len(first)] > 0, first, np.nan))


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
