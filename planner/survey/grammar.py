"""Expressions as texts: cut into words, the words into a tree. What a planner may write, and its parts."""

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from models.errors import InvalidInput

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d][\w.$@\#]*)|`(?P<column>[^`]+)`|"(?P<text>[^"]*)"|'(?P<quoted>[^']*)'
    |(?P<sign><=|>=|==|!=|<>|[=<>+\-*/(),]))""",
    re.VERBOSE,
)
COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "=": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "in", "is", "missing", "has"})
CODES_BETWEEN = re.compile("[,;|]")  # several codes in one answer
_DEEPEST = 40  # parentheses within each other


@dataclass(frozen=True)
class Node:
    """A part of an expression. kind: number, text, column, sum, compare, in, has, missing, and, or, not. word: its
    number, text, column or sign. parts: operands."""

    kind: str
    word: str = ""
    parts: tuple["Node", ...] = ()

    def columns(self) -> tuple[str, ...]:
        """Names of the columns that it asks for."""
        own = (self.word,) if self.kind == "column" else ()
        return (*own, *(name for part in self.parts for name in part.columns()))


def parse(text: str) -> Node:
    """Parse an expression; raises InvalidInput saying what was found where something else was expected.

    >>> parse("persuade == 1 and `days a week` >= 5").columns()
    ('persuade', 'days a week')
    """
    return _Parser(_tokens(text)).parse()


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    position, end = 0, len(text.rstrip())
    while position < end:
        found = _TOKEN.match(text, position)
        if found is None:
            raise InvalidInput(
                f'"{text[position:].strip()[:40]}" was not understood; expected columns (names with blanks or '
                "signs in backticks: `days a week`), numbers, texts in quotes, comparisons such as == and >=, and, or, "
                "not."
            )
        kind = found.lastgroup or ""
        word = found[kind]
        if kind == "name" and word.casefold() in _WORDS:
            kind, word = "word", word.casefold()
        tokens.append(("text" if kind == "quoted" else kind, word))
        position = found.end()
    if not tokens:
        raise InvalidInput(
            "the expression is empty; expected something like: persuade == 1 and discuss_days == 7."
        )
    return tokens


class _Parser:
    """Recursive descent; `at` moves forward as words are taken."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    def parse(self) -> Node:
        node = self._either()
        if self.at < len(self.tokens):
            raise InvalidInput(f'"{self.tokens[self.at][1]}" was not expected here; join parts by and, or.')
        return node

    def _take(self, kind: str, *words: str) -> str | None:
        """The next word, taken, where it is one of these."""
        if self.at < len(self.tokens):
            found, word = self.tokens[self.at]
            if found == kind and (not words or word in words):
                self.at += 1
                return word
        return None

    def _either(self) -> Node:
        return self._joined("or", lambda: self._joined("and", self._negated))

    def _joined(self, word: str, read: Callable[[], Node]) -> Node:
        parts = [read()]
        while self._take("word", word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else Node(word, "", tuple(parts))

    def _negated(self) -> Node:
        if self._take("word", "not"):
            self._deeper()
            node = Node("not", "", (self._negated(),))
            self.depth -= 1
            return node
        return self._comparison()

    def _comparison(self) -> Node:
        first = _named(self._sum())
        if self._take("word", "in"):
            return Node("in", "", (first, *self._list()))
        if self._take("word", "has"):
            return Node("has", "", (first, self._single()))
        if self._take("word", "is"):
            negated = self._take("word", "not") is not None
            if not self._take("word", "missing"):
                raise InvalidInput('"is" stands before missing or not missing; compare by == otherwise.')
            node = Node("missing", "", (first,))
            return Node("not", "", (node,)) if negated else node
        pairs: list[Node] = []
        left = first
        while (sign := self._take("sign", *COMPARISONS)) is not None:
            right = self._sum()
            pairs.append(Node("compare", sign, (left, right)))
            left = right
        if not pairs:
            return first
        return pairs[0] if len(pairs) == 1 else Node("and", "", tuple(pairs))

    def _list(self) -> tuple[Node, ...]:
        if not self._take("sign", "("):
            raise InvalidInput('"in" needs a list in parentheses, such as in (1, 2, 3).')
        values = [self._sum()]
        while self._take("sign", ","):
            values.append(self._sum())
        self._close()
        return tuple(values)

    def _close(self) -> None:
        if not self._take("sign", ")"):
            raise InvalidInput('a closing ")" is missing.')

    def _sum(self) -> Node:
        node = self._product()
        while (sign := self._take("sign", "+", "-")) is not None:
            node = Node("sum", sign, (_named(node), _named(self._product())))
        return node

    def _product(self) -> Node:
        node = self._single()
        while (sign := self._take("sign", "*", "/")) is not None:
            node = Node("sum", sign, (_named(node), _named(self._single())))
        return node

    def _single(self) -> Node:
        if self._take("sign", "-"):
            self._deeper()
            node = Node("sum", "-", (Node("number", "0"), self._single()))
            self.depth -= 1
            return node
        if self._take("sign", "("):
            self._deeper()
            node = self._either()
            self._close()
            self.depth -= 1
            return node
        for kind in ("number", "text"):
            if (word := self._take(kind)) is not None:
                return Node(kind, word)
        name = self._take("name") or self._take("column")
        if name is None:
            found = f'"{self.tokens[self.at][1]}"' if self.at < len(self.tokens) else "the end"
            raise InvalidInput(f"found {found} where a column, a number or a text in quotes was expected.")
        return Node("column", name)

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _DEEPEST:
            raise InvalidInput(
                f"there are more than {_DEEPEST} parentheses within each other; make it simpler."
            )


def _named(node: Node) -> Node:
    """A quoted text on the left names a column."""
    return Node("column", node.word) if node.kind == "text" else node
