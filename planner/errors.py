"""Errors about files and sheets, on top of the model's own."""

from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from models.errors import InfeasiblePlan, PlanningError
from planner.names import printable


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a workbook.

    cell: its address, such as "Vehicles!E7", or a sheet's name, or "" for the whole file.
    text: what was found, what was expected, what to do. also: further cells of which the same is true.
    """

    cell: str
    text: str
    also: tuple[str, ...] = ()


class WorkbookError(PlanningError):
    """A workbook cannot be read as a campaign; carries every problem found, not just the first.

    notices: what was not read, or taken for something; it may explain the problems.
    """

    def __init__(self, workbook: str, problems: tuple[Problem, ...], notices: tuple[str, ...] = ()) -> None:
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__(f"{workbook} has {count}; nothing was calculated.")
        self.workbook = workbook
        self.problems = problems
        self.notices = notices


def refuse(path: Path, text: str) -> NoReturn:
    """Refuse a whole file: raises WorkbookError with this one problem."""
    raise WorkbookError(printable(path.name or str(path)), (Problem("", printable(text)),))


class OutputError(PlanningError):
    """A result cannot be written where it was asked for."""


@dataclass(frozen=True)
class Change:
    """A limit that would give way. change: by how much, negative where it falls, None where it has to be dropped;
    unit: money, percentage points, insertions, vehicles, GRP, impressions (000) or contacts per person."""

    cell: str
    text: str
    change: float | None
    unit: str


@dataclass(frozen=True)
class Explanation:
    """conflict: what cannot all hold, irreducible. changes: each enough alone, the cheapest first. overall: the
    cheapest changes together. further: other things conflict as well. proven, minimal, finished: as in
    models.conflict.conflict.Conflict."""

    conflict: tuple[Problem, ...]
    changes: tuple[Change, ...] = ()
    overall: tuple[Change, ...] = ()
    further: bool = False
    proven: bool = True
    minimal: bool = True
    finished: bool = True

    @property
    def words(self) -> tuple[str, ...]:
        """The conflict as "cell: words" each."""
        return tuple(f"{line.cell}: {line.text}" for line in self.conflict)


class NoPlan(InfeasiblePlan):
    """No plan satisfies a campaign; carries why, and what would change that."""

    def __init__(self, message: str, explanation: Explanation | None = None) -> None:
        self.explanation = Explanation(()) if explanation is None else explanation
        super().__init__(message, self.explanation.words)
