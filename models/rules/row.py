"""The plain data that a rule hands to the programme, and what every rule can do."""

from dataclasses import dataclass
from typing import Literal, Protocol

from models.arrays import FloatArray, IntArray

Sense = Literal["<=", ">="]
TOLERANCE = 1e-9  # of the size of the numbers compared: rounding of sums, not a licence


@dataclass(frozen=True, eq=False)
class Row:
    """sum of coefficients * insertions  (sense)  right.

    vehicles: indices; coefficients: as many numbers.
    """

    vehicles: IntArray
    coefficients: FloatArray
    sense: Sense
    right: float


class Rule(Protocol):
    """One rule of a buyer, in every way it is needed.

    id: opaque; the planner maps it to a cell. rows: for the programme. slack: how far insertions
    (n_vehicles,) are from the limit in the rule's own unit, negative when broken; written
    independently of rows. sentence: for people.
    """

    @property
    def id(self) -> str: ...
    @property
    def unit(self) -> str: ...
    def rows(self) -> tuple[Row, ...]: ...
    def slack(self, insertions: FloatArray) -> float: ...
    def holds(self, insertions: FloatArray) -> bool: ...
    def sentence(self) -> str: ...


def number_text(value: float) -> str:
    """A number as people write it.

    >>> number_text(1250000.0), number_text(2.5)
    ('1,250,000', '2.5')
    """
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4f}".rstrip("0")
