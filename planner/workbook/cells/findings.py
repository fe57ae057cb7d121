"""What reading a workbook turns up besides its values: problems, defaults, notices, addresses."""

import difflib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from planner.campaign.inputs import Default
from planner.errors import Problem
from planner.names import key

LONGEST = 800  # a cell may hold 32,767 characters; a message quoting it must not
MANY_NAMES = 200  # more are not all compared with a word that is not known
NEAR = 0.7  # how alike a word must be to be suggested; below, suggestions are silly more often than right


Thing = TypeVar("Thing")


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

    def repeated(self, cell: str, what: str, earlier: str) -> None:
        """Note that what stands at a cell stands at an earlier one already."""
        self.problem(cell, f"{what} is there twice (also {earlier}); keep one of them.")

    def doubt(self, cell: str) -> None:
        """A problem elsewhere leaves the value of this cell unknown."""
        self._wrong.add(cell)

    def is_wrong(self, cell: str) -> bool:
        """Whether there is a problem at a cell: what follows from its value is then no news."""
        return cell in self._wrong

    def default(self, sheet: str, row: str, attribute: str, text: str) -> None:
        """Note a default taken."""
        self.defaults.append(Default(sheet, row, attribute, text))

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


def nearest(word: str, known: Iterable[str]) -> str:
    """`; did you mean "x"?` for the nearest known word, or "" when none is near.

    >>> nearest("Budgte", ["Budget", "Weeks"])
    '; did you mean "Budget"?'
    """
    by_key = {key(name): name for name in known}
    found = difflib.get_close_matches(key(word), _likely(key(word), by_key), n=1, cutoff=NEAR)
    return f'; did you mean "{by_key[found[0]]}"?' if found else ""


def _likely(word: str, known: Iterable[str]) -> list[str]:
    """Of many names those that begin as the word does, so that thousands of questions stay cheap."""
    names = list(known)
    if len(names) <= MANY_NAMES:
        return names
    return [name for name in names if name[:2] == word[:2] and abs(len(name) - len(word)) <= 4][:MANY_NAMES]


def listing(names: Sequence[str], most: int = 5) -> str:
    """Names as people list them, cut where the list grows long.

    >>> listing(["a", "b", "c"])
    'a, b and c'
    """
    if len(names) > most:
        return ", ".join(names[:most]) + f" and {len(names) - most:,} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else "none"


def listing_of(things: Sequence[Thing], word: Callable[[Thing], str], most: int = 5) -> str:
    """The same of things of which there may be a million: only those that are shown are put into words.

    >>> listing_of(range(1000), str, 2)
    '0, 1 and 998 more'
    """
    shown = [word(thing) for thing in things[: most + 1]]
    return listing(shown + [""] * (len(things) - len(shown)), most)
