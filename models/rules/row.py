"""The plain data that a rule hands to the programme, and what every rule can do."""

from dataclasses import dataclass
from typing import Literal, Protocol

from models.arrays import FloatArray, IntArray
from models.rules.outcome import Outcome

Sense = Literal["<=", ">=", "="]
Side = Literal["<=", ">="]
TOLERANCE = 1e-9  # of the size of the numbers compared: rounding of sums, not a licence


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


@dataclass(frozen=True)
class Private:
    """A column that one rule needs for itself: its index, bounds, and whether it is a whole number."""

    column: int
    low: float
    high: float
    whole: bool


class Rule(Protocol):
    """One rule of a buyer, in every way it is needed.

    id: opaque; the planner maps it to a cell. rows, private: for the programme. slack: how far a plan is
    from the limit in the rule's own unit, negative when broken; written independently of rows. sentence: for
    people.
    """

    @property
    def id(self) -> str: ...
    @property
    def unit(self) -> str: ...
    def rows(self) -> tuple[Row, ...]: ...
    def private(self) -> tuple[Private, ...]: ...
    def slack(self, outcome: Outcome) -> float: ...
    def holds(self, outcome: Outcome) -> bool: ...
    def sentence(self) -> str: ...


class Simple:
    """A rule without columns of its own."""

    def private(self) -> tuple[Private, ...]:
        return ()


def number_text(value: float) -> str:
    """A number as people write it.

    >>> number_text(1250000.0), number_text(2.5)
    ('1,250,000', '2.5')
    """
    return f"{value:,.0f}" if value == round(value) else f"{value:,.4f}".rstrip("0")


def limit_word(sense: Side) -> str:
    """At least or at most."""
    return "at least" if sense == ">=" else "at most"


class Measured(Simple):
    """A rule that limits one measure of a plan: `reached` must be at least, or at most, `amount`."""

    sense: Side
    amount: float

    def reached(self, outcome: Outcome) -> float:
        """The measure of a plan, in the rule's unit."""
        raise NotImplementedError

    def slack(self, outcome: Outcome) -> float:
        reached = self.reached(outcome)
        return reached - self.amount if self.sense == ">=" else self.amount - reached

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -TOLERANCE * max(abs(self.amount), 1.0)
