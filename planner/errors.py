"""Errors about files and sheets, on top of the model's own."""

from dataclasses import dataclass

from models.errors import PlanningError


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a workbook.

    cell: its address, such as "Vehicles!E7", or a sheet's name, or "" for the whole file.
    text: what was found, what was expected, what to do.
    """

    cell: str
    text: str


class WorkbookError(PlanningError):
    """A workbook cannot be read as a campaign; carries every problem found, not just the first."""

    def __init__(self, workbook: str, problems: tuple[Problem, ...]) -> None:
        count = f"{len(problems)} problem{'s' if len(problems) != 1 else ''}"
        super().__init__(f"{workbook} has {count}; nothing was calculated.")
        self.workbook = workbook
        self.problems = problems


class OutputError(PlanningError):
    """A result cannot be written where it was asked for."""
