"""A scenario: a campaign with named changes, and what is asked about it; it says only what differs."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

from planner.campaign.rule_rows import GoalRow

Mode = Literal["best", "cheapest", "fixed"]
MODES: tuple[Mode, ...] = get_args(Mode)
ChangeKind = Literal["brief", "rule", "weight", "parameter", "price", "discount", "goal"]
# Attributes of the Brief that nothing else of the campaign was read by.
_READ_ALONE = frozenset({
    "campaign", "client", "budget", "budget_is", "commission", "objective", "target_audience", "customers_first",
    "whole", "influence_preset",
})  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One thing that a scenario states otherwise.

    kind and subject: a Brief's attribute; a rule's name; a trait; a parameter's key; vehicles, by name; a goal.
    value: as the campaign holds it; of a rule None drops it, of a price relative says that it is a factor. side: of a
    rule or goal. words: as people read it, "Budget 4,000,000". goal: the goal asked for. cell: where it is stated, so
    that what cannot be is told there; of the command line, the option.
    """

    kind: ChangeKind
    subject: tuple[str, ...]
    value: Any
    words: str
    side: Literal["at_least", "at_most", ""] = ""
    relative: bool = False
    goal: GoalRow | None = None
    cell: str = ""

    @property
    def restates(self) -> bool:
        """Whether the workbook has to be read under it."""
        return self.kind == "brief" and self.subject[0] not in _READ_ALONE

    def meets(self, other: "Change") -> bool:
        """Whether both state the same thing, so that one of them would be lost or work on top of the other."""
        if self.kind != other.kind:
            return False
        if self.kind in ("price", "discount"):
            return not set(self.subject).isdisjoint(other.subject)
        sides = {self.side, other.side}
        return self.subject == other.subject and (len(sides) == 1 or (self.kind == "rule" and "" in sides))


@dataclass(frozen=True)
class Scenario:
    """What is asked: the campaign with changes, in a mode. plan: of mode fixed, the name of a plan workbook, "" for the
    plan in the campaign's own workbook. base: whether others are held against it. cells: where it says what, by
    "mode", "plan" and so on; of the row's first cell under "name"."""

    name: str
    mode: Mode = "best"
    changes: tuple[Change, ...] = ()
    plan: str = ""
    base: bool = False
    cells: dict[str, str] = field(default_factory=dict, compare=False)

    @property
    def restated(self) -> dict[str, Any]:
        """The Brief's attributes under which the workbook has to be read, with their values."""
        return {change.subject[0]: change.value for change in self.changes if change.restates}

    @property
    def words(self) -> tuple[str, ...]:
        """What differs, as people read it."""
        asked = {"best": (), "cheapest": ("least money for the goals",), "fixed": ("plan given",)}[self.mode]
        return (*asked, *(change.words for change in self.changes))


def with_one_base(scenarios: Sequence[Scenario]) -> tuple[Scenario, ...]:
    """The scenarios with one base: the first that is marked, else the first."""
    at = next((place for place, each in enumerate(scenarios) if each.base), 0)
    return tuple(replace(each, base=place == at) for place, each in enumerate(scenarios))
