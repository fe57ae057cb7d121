"""The one shape of all that a plan must satisfy: rules, prices with conditions, goals.

A family is a frozen dataclass in a file of its own that inherits from `Rule`, or from `Limit` where one number of it
may give way. Everything that asks what a rule is (the programme, what binds, why no plan fits, what the report tells,
what is priced) asks by what stands here, never by the name of the family. The defaults are what most families answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar, Literal, Self, TypeVar

import numpy as np

from models.arrays import FloatArray, IntArray
from models.purchase.tariff import Tariff
from models.rules.outcome import Outcome
from models.rules.rounding import outwards
from models.rules.row import TOLERANCE, Private, Row, Side

R = TypeVar("R", bound="Rule")

# How much a demand is worth keeping in an explanation of a conflict: of two ways to say why no plan fits, the one with
# wishes (a goal, a rule, the budget) says more than the one with what is on offer.
ON_OFFER, TERMS, OWN_WISH, WISH = 0, 1, 2, 3


@dataclass(frozen=True)
class Treatment:
    """How a rule is treated where people are told of it.

    told: when the report of a plan names it. priced: when the plan is solved again without it, to say what it costs.
    keeping: how much it is worth keeping in an explanation of a conflict. charge: it is a price, which a plan pays
    and cannot break.
    """

    told: Literal["always", "when binding", "when broken"] = "always"
    priced: Literal["always", "when binding", "never"] = "when binding"
    keeping: int = WISH
    charge: bool = False


CHARGE = Treatment(priced="never", charge=True)


class Rule:
    """What a plan must satisfy, or what it is charged.

    id: opaque; the planner maps it to a cell. unit: of `slack`. impressions: how many one of the insertions it
    counts is, where they are bought by the thousand; 0 of insertions.
    """

    id: str
    impressions: float = 0.0
    if TYPE_CHECKING:  # a field of most families: a property here would become its default

        @property
        def unit(self) -> str: ...

    # --- for the programme ---

    def rows(self) -> tuple[Row, ...]:
        """Its rows; the limit stands last."""
        raise NotImplementedError

    @cached_property
    def known_rows(self) -> tuple[Row, ...]:
        """The same, worked out once: most rules stand in one problem after another."""
        return self.rows()

    def private(self) -> tuple[Private, ...]:
        """Columns that it needs for itself."""
        return ()

    # --- by its own arithmetic, independent of rows ---

    def slack(self, outcome: Outcome) -> float:
        """How far a plan is from the limit, in the rule's unit; negative where it is broken."""
        raise NotImplementedError

    def holds(self, outcome: Outcome) -> bool:
        """Whether a plan keeps it, but for the rounding of sums."""
        raise NotImplementedError

    def margin(self, outcome: Outcome) -> float:
        """Slack as a share of the limit's size."""
        return self.slack(outcome)

    # --- for people ---

    def sentence(self) -> str:
        """The rule in words."""
        raise NotImplementedError

    def broken_sentence(self, outcome: Outcome) -> str:
        """The rule in words to whoever has broken it."""
        return self.sentence()

    @property
    def treatment(self) -> Treatment:
        """How people are told of it."""
        return Treatment()

    @property
    def demand(self) -> object:
        """What it is a side of: rules of the same demand (both sides of a locked number) are told as one."""
        return self.id

    # --- what it looks at ---

    @property
    def of_vehicle(self) -> int | None:
        """The one vehicle whose insertions it looks at; None where it looks at more."""
        return None

    @property
    def offers(self) -> bool:
        """Whether it says how many insertions of its vehicle there are to be had."""
        return False

    def newly_counted(self, insertions: FloatArray) -> IntArray:
        """Vehicles whose first insertion counts, beside what its rows say of insertions and of what is bought."""
        return np.zeros(0, dtype=np.int64)

    # --- money ---

    def with_money(self, tariff: Tariff, budget: float | None = None) -> Self:
        """The same rule where plans cost what another tariff says, or where there is another budget."""
        return self

    def charged(self, tariff: Tariff) -> Tariff:
        """The tariff, with what this rule itself charges."""
        return tariff

    def is_paid(self, outcome: Outcome) -> bool:
        """Of a charge: whether the plan pays it."""
        return False


class OfMoney(Rule):
    """A rule that looks at what a plan costs."""

    tariff: Tariff

    def with_money(self, tariff: Tariff, budget: float | None = None) -> Self:
        return replace(self, tariff=tariff)  # type: ignore[type-var]


class OfVehicle(Rule):
    """A rule that looks at the insertions of one vehicle, which it has by its place."""

    vehicle: int

    @property
    def of_vehicle(self) -> int:
        return self.vehicle


class Limit(Rule):
    """A rule with one number that may give way where no plan fits. currency: for people."""

    currency: str = ""
    zero_is_none: ClassVar[bool] = True  # whether a limit lowered to nothing is as good as none

    @property
    def limit(self) -> float:
        """The number."""
        raise NotImplementedError

    @property
    def limit_unit(self) -> str:
        """Money, share of spend, share of budget, ratio, insertions, GRP, bought, share of the audience, share of
        impressions, contacts per person, or impressions (000). Shares and ratios are fractions."""
        return self.unit

    @property
    def multiplies(self) -> bool:
        """Whether the limit multiplies a sum: moving it bends the row, so that the smallest change is a fraction."""
        return False

    def row_slack(self, outcome: Outcome) -> float:
        """Slack in the unit of its row, which differs for shares."""
        return self.slack(outcome)

    @property
    def loosened(self) -> tuple[tuple[int, ...], ...]:
        """By slack that a stretched limit needs, the places of the rows that it loosens."""
        return ((-1,),)

    def holds(self, outcome: Outcome) -> bool:
        return self.slack(outcome) >= -TOLERANCE * max(abs(self.limit), 1.0)

    def margin(self, outcome: Outcome) -> float:
        return self.slack(outcome) / max(abs(self.limit), 1.0)

    def eased(self, limit: float) -> Self:
        """The same rule with another limit."""
        raise NotImplementedError

    def eased_for(self, outcome: Outcome) -> Self | None:
        """The rule with the nearest limit that a plan keeps, a number that people can type; None where only dropping
        it lets the plan in."""
        raise NotImplementedError

    def change_text(self, new: "Limit | None", by: str) -> str:
        """Its changed limit in words. new: with the limit changed, None where it is dropped; by: how far it moved."""
        lowered = new is not None and new.limit <= 0 and new.limit < self.limit
        if new is None or (lowered and self.zero_is_none):
            return f"drop it ({self.sentence()})"
        return f"{new.sentence()} ({by})"


class OfAmount(Limit):
    """A rule whose number is its `amount`."""

    amount: float

    @property
    def limit(self) -> float:
        return float(self.amount)

    def eased(self, limit: float) -> Self:
        return replace(self, amount=limit)  # type: ignore[type-var]


class Measured(OfAmount):
    """A rule that limits one measure of a plan: `reached` must be at least, or at most, `amount`."""

    sense: Side

    def reached(self, outcome: Outcome) -> float:
        """The measure of a plan, in the rule's unit."""
        raise NotImplementedError

    def slack(self, outcome: Outcome) -> float:
        reached = self.reached(outcome)
        return reached - self.amount if self.sense == ">=" else self.amount - reached

    def eased_for(self, outcome: Outcome) -> Self | None:
        if self.holds(outcome):
            return self
        return self.eased(outwards(self.reached(outcome), self.sense, self.limit_unit))


def by_demand(rules: Sequence[R]) -> list[tuple[R, ...]]:
    """Each rule by itself, the sides of one demand together, in the order given."""
    found: dict[object, list[R]] = {}
    for rule in rules:
        found.setdefault(rule.demand, []).append(rule)
    return [tuple(sides) for sides in found.values()]
