"""Named audiences as expressions over traits: `customer and not catalyst`, `(catalyst or expert) and men 18-34`.

A name may hold spaces, colons and dashes; it is matched against the known names, longest first, so
`expert: food` is one name. `not` binds closest, then `and`, then `or`. Case and repeated spaces do
not matter.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray
from models.errors import InvalidInput

_WORD_END = r"(?![\w])"
_DEEPEST = 40  # parentheses and "not" within each other


@dataclass(frozen=True)
class Expression:
    """A parsed audience definition. operator: name, not, and, or; parts: operands (a name's own label)."""

    operator: str
    parts: tuple["Expression", ...] = ()
    name: str = ""

    def names(self) -> tuple[str, ...]:
        """Every name that the definition mentions, in order of appearance."""
        if self.operator == "name":
            return (self.name,)
        return tuple(name for part in self.parts for name in part.names())

    def mask(self, masks: Mapping[str, BoolArray]) -> BoolArray:
        """Which segments belong to it: (n_segments,), from the mask of each name."""
        if self.operator == "name":
            return masks[self.name]
        parts = [part.mask(masks) for part in self.parts]
        if self.operator == "not":
            return ~parts[0]
        combine = np.logical_and if self.operator == "and" else np.logical_or
        return np.asarray(combine.reduce(parts))


def normalise(text: str) -> str:
    """Case, repeated (or non-breaking) spaces and codings of one letter removed, for comparing names."""
    return unicodedata.normalize("NFC", " ".join(text.replace("\u00a0", " ").split())).casefold()


def parse_expression(text: str, names: Collection[str]) -> Expression:
    """Parse a definition over `names`.

    Raises InvalidInput saying what was found where a name or an operator was expected.

    >>> parse_expression("Customer and not (catalyst or expert: food)",
    ...                  ["customer", "catalyst", "expert: food"]).names()
    ('customer', 'catalyst', 'expert: food')
    """
    return _Parser(text, names).parse()


class _Parser:
    """Recursive descent over a definition; position moves forward as tokens are taken."""

    def __init__(self, text: str, names: Collection[str]) -> None:
        self.text = normalise(text)
        self.position = self.depth = 0
        known = {normalise(name): name for name in names}
        self.known = dict(sorted(known.items(), key=lambda item: -len(item[0])))

    def parse(self) -> Expression:
        if not self.text:
            raise InvalidInput("the definition is empty; expected something like: customer and not catalyst.")
        expression = self._any_of()
        if self._rest():
            raise InvalidInput(f'"{self._rest()}" was not expected here; join names by and, or, not.')
        return expression

    def _rest(self) -> str:
        return self.text[self.position :].lstrip()

    def _take(self, pattern: str) -> bool:
        found = re.compile(r"\s*" + pattern).match(self.text, self.position)
        if found is not None:
            self.position = found.end()
        return found is not None

    def _any_of(self) -> Expression:
        return self._joined("or", lambda: self._joined("and", self._single))

    def _joined(self, word: str, read: Callable[[], Expression]) -> Expression:
        parts = [read()]
        while self._take(word + _WORD_END):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Expression(word, tuple(parts))

    def _single(self) -> Expression:
        for name, label in self.known.items():
            if self._take(re.escape(name) + _WORD_END):
                return Expression("name", name=label)
        if self._take("not" + _WORD_END):
            return Expression("not", (self._deeper(self._single),))
        if self._take(r"\("):
            inner = self._deeper(self._any_of)
            if not self._take(r"\)"):
                raise InvalidInput('a closing ")" is missing.')
            return inner
        found = self._rest() or "the end"
        known = ", ".join(label for _, label in sorted(self.known.items()))
        raise InvalidInput(f'found "{found}" where a name was expected; known names: {known}.')

    def _deeper(self, read: Callable[[], Expression]) -> Expression:
        """What stands in parentheses or behind "not"; one that is too deep would end the program."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise InvalidInput(
                f'more than {_DEEPEST} parentheses or "not" stand within each other; make it simpler.'
            )
        inner = read()
        self.depth -= 1
        return inner
