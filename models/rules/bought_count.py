"""How many of a list are bought at all: either / or, at most n of a list, at least one, exclusivity.

sum over the entries of y_i  >= or <= count,   y_i = 1 where any vehicle of the entry is bought

An entry of one vehicle is b_j itself; of several it has a column of its own, y_i >= b_j and y_i <= sum b_j.
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.purchase.columns import Columns
from models.rules.outcome import Outcome
from models.rules.row import Private, Row, Side, limit_word
from models.rules.rule import Measured


@dataclass(frozen=True, eq=False)
class BoughtCount(Measured):
    """listed: the entries' names, for people. entries: per entry the indices of its vehicles. amount: how many
    entries. columns: how plans lie. first: its first private column, one an entry (those of one vehicle
    leave theirs unused). whole: insertions are whole."""

    id: str
    listed: str
    entries: tuple[IntArray, ...]
    sense: Side
    amount: float
    columns: Columns
    first: int = 0
    whole: bool = True
    unit: str = "bought"

    def _column(self, at: int) -> int:
        entry = self.entries[at]
        return self.columns.bought(int(entry[0])) if len(entry) == 1 else self.first + at

    def private(self) -> tuple[Private, ...]:
        several = ((at, entry) for at, entry in enumerate(self.entries) if len(entry) != 1)
        return tuple(Private(self.first + at, 0.0, 1.0, True, entry) for at, entry in several)

    def rows(self) -> tuple[Row, ...]:
        found = []
        for at, entry in enumerate(self.entries):
            if len(entry) == 1:
                continue
            bought = np.array([self.columns.bought(int(j)) for j in entry], dtype=np.int64)
            own = np.array([self._column(at)])
            found += [Row(np.append(own, b), np.array([1.0, -1.0]), ">=", 0.0) for b in bought]
            found.append(Row(np.concatenate([own, bought]), np.append(1.0, -np.ones(len(bought))), "<=", 0.0))
        counted = np.array([self._column(at) for at in range(len(self.entries))], dtype=np.int64)
        return (*found, Row(counted, np.ones(len(counted)), self.sense, self.amount))

    def reached(self, outcome: Outcome) -> float:
        least = self.columns.least_bought(self.whole, self.sense == ">=")
        return float(sum(any(outcome.plan[j] >= least for j in entry) for entry in self.entries))

    def newly_counted(self, insertions: FloatArray) -> IntArray:
        """Those of entries of several vehicles of which none is bought."""
        several = (entry for entry in self.entries if len(entry) != 1 and not insertions[entry].any())
        return np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *several]))

    def sentence(self) -> str:
        return f"{limit_word(self.sense)} {self.amount:g} of {self.listed} bought"
