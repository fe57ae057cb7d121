"""The plain data that a rule hands to the programme, and numbers in words."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from models.arrays import FloatArray, IntArray

Sense = Literal["<=", ">=", "="]
Side = Literal["<=", ">="]
TOLERANCE = 1e-9  # of the size of the numbers compared: rounding of sums, not a licence
_SEEN = 2e-12  # by a solver, of 1: HiGHS leaves out coefficients up to 1e-12


@dataclass(frozen=True, eq=False)
class Row:
    """sum of coefficients * columns  (sense)  right.

    columns: indices as models.purchase.columns lays them out (a vehicle's insertions are the column of its index);
    coefficients: as many numbers.
    """

    columns: IntArray
    coefficients: FloatArray
    sense: Sense
    right: float

    @cached_property
    def scale(self) -> float:
        """The largest coefficient, by which it is divided before a solver sees it; less where the smallest would come
        out so small that the solver leaves it out."""
        size = np.abs(self.coefficients[self.coefficients != 0])
        return float(min(size.max(initial=0.0), size.min(initial=np.inf) / _SEEN)) or 1.0

    @cached_property
    def summed(self) -> tuple[IntArray, FloatArray]:
        """Its columns in order, each once, and what they count."""
        if (self.columns[1:] > self.columns[:-1]).all():
            return self.columns, self.coefficients
        columns, place = np.unique(self.columns, return_inverse=True)
        values = np.zeros(len(columns))
        np.add.at(values, place, self.coefficients)
        return columns, values


@dataclass(frozen=True, eq=False)
class Private:
    """A column that one rule needs for itself: its index, bounds, and whether it is a whole number. any_of: where it
    only says whether any of these vehicles is bought, and so is no choice of its own."""

    column: int
    low: float
    high: float
    whole: bool
    any_of: IntArray | None = None


def number_text(value: float) -> str:
    """A number as people write it.

    >>> number_text(1250000.0), number_text(2.5)
    ('1,250,000', '2.5')
    """
    return f"{value:,.4f}".rstrip("0").rstrip(".")


def insertions_text(count: float, contacts: float = 0.0) -> str:
    """A number of insertions; of impressions, where one insertion is so many contacts that are bought by the thousand.

    >>> insertions_text(1.0), insertions_text(2.5), insertions_text(20.0, 1000.0)
    ('1 insertion', '2.5 insertions', '20,000 impressions')
    """
    if contacts:
        return f"{number_text(count * contacts)} impressions"
    return f"{number_text(count)} {'insertion' if count == 1 else 'insertions'}"


def too_many_text(name: str, bought: float, most: float, when: str, contacts: float = 0.0) -> str:
    """That more of a vehicle stands in some weeks than can be had. when: the weeks, for people.

    >>> too_many_text("Monthly", 2.0, 1.0, "week 1")
    'Monthly: 2 insertions in week 1, when at most 1 can be had'
    """
    can = f"at most {number_text(most * (contacts or 1.0))} can" if most > 0 else "it cannot"
    return f"{name}: {insertions_text(bought, contacts)} in {when}, when {can} be had"


def money_text(mark: str, amount: float) -> str:
    """An amount with what stands for its currency: a symbol, or a code and a space.

    >>> money_text("$", 1250000.0), money_text("CHF", 2.5), money_text("Rs. ", 7.0), money_text("", 3.0)
    ('$1,250,000', 'CHF 2.50', 'Rs. 7', '3')
    """
    mark, whole = mark.strip(), amount == round(amount)
    number = number_text(amount) if whole or amount != round(amount, 2) else f"{amount:,.2f}"
    return f"{mark} {number}" if mark[-1:].isalpha() or mark.endswith(".") else f"{mark}{number}"


def limit_word(sense: Side) -> str:
    """At least or at most."""
    return "at least" if sense == ">=" else "at most"
