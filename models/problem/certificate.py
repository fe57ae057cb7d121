"""A plan's certificate: its exact value, an upper bound on every plan's value, and the gap between them.

The value comes from the reach model itself, never from the programme's approximation; the bound from the
programme with tangents above the curves and with untightened floors, so it holds for every plan within the
rules. gap = (bound - value) / bound.
"""

from dataclasses import dataclass

from models.arrays import FloatArray

ROUNDING = 1e-9  # relative; a value and a bound nearer than what a solver calls the same are equal
_TOLERANCES = 1e-7  # relative, of a solver's whole-number search


@dataclass(frozen=True, eq=False)
class Duals:
    """Shadow prices of a linear relaxation at its optimum, all as worth gained by a little more freedom.

    row_worth: (n_rows,) per unit of the right side of the problem's system, rows unscaled: of an upper limit
    >= 0, of a lower one <= 0. first_cost: (n_vehicles,) worth that a vehicle's first insertion would lose if it
    were forced in at its price, negative where it would gain; nan of those not on offer.
    """

    row_worth: FloatArray
    first_cost: FloatArray


@dataclass(frozen=True, eq=False)
class Allocation:
    """Insertions and their certificate.

    plan: (plan_size,) as models.purchase.columns lays it out. insertions: (n_vehicles,). value: exact worth. bound:
    no plan within the rules is worth more.
    gap_asked: the relative gap that counts as optimal. timed_out: the time limit ended the search.
    rounds: linear programmes solved; searches: whole-number searches. duals: of the last relaxation solved,
    where the solver is HiGHS.
    """

    insertions: FloatArray
    value: float
    bound: float
    gap_asked: float
    timed_out: bool = False
    rounds: int = 0
    searches: int = 0
    plan: FloatArray | None = None
    duals: Duals | None = None

    @property
    def decision(self) -> FloatArray:
        """(plan_size,) the whole plan; its insertions, where there is nothing more to it."""
        return self.insertions if self.plan is None else self.plan

    @property
    def gap(self) -> float:
        """(bound - value) / bound; 0 where nothing is worth anything."""
        return relative_gap(self.value, self.bound)

    @property
    def optimal(self) -> bool:
        """Whether the gap is within the one asked for."""
        return self.gap <= self.gap_asked


def contradicts(value: float, bound: float) -> bool:
    """Whether a plan's worth says that a bound is none: more than a solver's tolerances in a search come to.

    >>> contradicts(100.00001, 100.0), contradicts(100.001, 100.0)
    (False, True)
    """
    return value > bound + _TOLERANCES * abs(value)


def relative_gap(value: float, bound: float) -> float:
    """How far a value may be from the best, 0..1; where worth is money saved (negative), a share of the money. A value
    that equals its bound but for rounding is the best: the gap is 0.

    >>> relative_gap(99.0, 100.0)
    0.01
    >>> relative_gap(-100.0, -99.0)
    0.01
    >>> relative_gap(19624.840380108737, 19624.84038010874)
    0.0
    """
    if bound == float("inf") or value == -float("inf"):
        return 1.0
    size = bound if bound > 0 else -value
    gap = (bound - value) / size if size > 0 else 0.0
    return float(gap) if gap > ROUNDING else 0.0
