"""What reading a workbook turns up besides its values: problems, defaults, notices, addresses."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from planner.campaign.inputs import Default
from planner.errors import Problem

LONGEST = 800  # a cell may hold 32,767 characters; a message quoting it must not


@dataclass
class Findings:
    """Gathers everything found while reading, so that a planner sees all problems at once.

    unsure: sheets of which rows may be missing, because of a problem with the sheet itself; what other sheets
    say of those rows is then not held against them.
    """

    problems: list[Problem] = field(default_factory=list)
    defaults: list[Default] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    cells: dict[tuple[str, str, str], str] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    _said: set[object] = field(default_factory=set, repr=False)
    _wrong: set[str] = field(default_factory=set, repr=False)
    _asked: int = 0

    def problem(self, cell: str, text: str, also: Sequence[str] = ()) -> None:
        """Note something wrong at a cell, and `also` at others; the same text at the same cell is noted once."""
        short = text if len(text) <= LONGEST else f"{text[: LONGEST - 200]} ... {text[-180:]}"
        found = Problem(cell, short, tuple(also))
        if found not in self._said:
            self._said.add(found)
            self._wrong.update((cell, *also))
            self.problems.append(found)

    def of_column(self, cells: Sequence[str], text: str) -> None:
        """Note what is wrong at some cells of a column, once, in the words of the first; how many more there are stands
        where the text says {more}. Nothing where there are none."""
        if cells:
            self.problem(cells[0], text.replace("{more}", more_in_column(cells[1:])), cells[1:])

    def repeated(self, cell: str, what: str, earlier: str) -> None:
        """Note that what stands at a cell stands at an earlier one already."""
        self.problem(cell, f"{what} is there twice (also {earlier}); keep one of them.")

    def cell(self, sheet: str, row: str, attribute: str) -> str:
        """Where a value stands; the sheet where that is not known."""
        return self.cells.get((sheet, row, attribute), sheet)

    def doubt(self, cell: str) -> None:
        """A problem elsewhere leaves the value of this cell unknown."""
        self._wrong.add(cell)

    def is_wrong(self, cell: str) -> bool:
        """Whether there is a problem at a cell: what follows from its value is then no news."""
        return cell in self._wrong

    def default(self, sheet: str, row: str, attribute: str, text: str) -> None:
        """Note a default taken."""
        self.defaults.append(Default(sheet, row, attribute, text))

    def taken(self, sheet: str, attribute: str) -> set[str]:
        """The rows for which a default was taken."""
        return {found.row for found in self.defaults if (found.sheet, found.attribute) == (sheet, attribute)}

    def retell(self, sheet: str, attribute: str, told: Callable[[Default], Default | None]) -> None:
        """Defaults of an attribute in other words, or (None) not at all."""
        here = (sheet, attribute)
        new = [told(found) if (found.sheet, found.attribute) == here else found for found in self.defaults]
        self.defaults = [found for found in new if found is not None]

    def notice(self, text: str) -> None:
        """Note something that the planner should know but that stops nothing."""
        if text not in self._said:
            self._said.add(text)
            self.notices.append(text)

    def ask(self, text: str) -> None:
        """Note what was assumed and may be otherwise: before what is only told, for a plan depends on it."""
        if text not in self._said:
            self._said.add(text)
            self.notices.insert(self._asked, text)
            self._asked += 1


def more_in_column(others: Sequence[object]) -> str:
    """How many further cells of a column the same is true of."""
    return f" (and {len(others):,} more in this column)" if others else ""
