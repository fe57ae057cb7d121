"""Who has a trait, as an expression over a survey's columns: `persuade == 1 and discuss_days == 7`.

Comparisons (== != < <= > >=, chained as in 18 <= age <= 34), `in (1, 2, 3)`, `has 3` (of answers that hold several
codes or texts, "1,3,7"), `is missing`, `is not missing`, + - * /, and, or, not, parentheses. A column whose name has
blanks stands in backticks, or in quotes on the left of a comparison; a text stands in quotes. A number with labels may
be compared with a label: gender == "Female". A question may also be named by its label.

Logic has three values (Kleene): a comparison with an answer that is missing is neither true nor false, nor is its
`not`; who is neither does not have the trait.

Nothing is evaluated by Python: a text is cut into words, the words into a tree, the tree is worked out on arrays.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from planner.names import key, listing, nearest
from planner.survey.table import Survey, SurveyColumn, missing_of, with_rows

_TOKEN = re.compile(
    r"""\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<name>[^\W\d][\w.$@\#]*)|`(?P<column>[^`]+)`|"(?P<text>[^"]*)"|'(?P<quoted>[^']*)'
    |(?P<sign><=|>=|==|!=|<>|[=<>+\-*/(),]))""",
    re.VERBOSE,
)
_COMPARISONS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "=": operator.eq, "!=": operator.ne, "<>": operator.ne,
    "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
_SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip
_WORDS = frozenset({"and", "or", "not", "in", "is", "missing", "has"})
_BETWEEN = re.compile("[,;|]")  # several codes in one answer
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


@dataclass(frozen=True, eq=False)
class Truth:
    """(n,) who is so for certain, and who is not; who is neither did not answer."""

    yes: BoolArray
    no: BoolArray

    @property
    def unknown(self) -> int:
        """How many did not answer."""
        return int((~(self.yes | self.no)).sum())


@dataclass(frozen=True, eq=False)
class _Operand:
    """Numbers or texts; column: whose they are, None of a literal or a sum."""

    values: NDArray[Any]
    column: SurveyColumn | None
    is_text: bool


def parse(text: str) -> Node:
    """Parse an expression; raises InvalidInput saying what was found where something else was expected.

    >>> parse("persuade == 1 and `days a week` >= 5").columns()
    ('persuade', 'days a week')
    """
    return _Parser(_tokens(text)).parse()


def expression_of(text: str, survey: Survey) -> Node:
    """The expression, or the column that the whole text names.

    Raises InvalidInput.
    """
    return Node("column", text.strip()) if survey.column(text.strip()) is not None else parse(text)


def who(node: Node, survey: Survey) -> Truth:
    """Who an expression is true of. Raises InvalidInput: an unknown column, texts compared with numbers."""
    return _truth(node, survey)


def numbers(node: Node, survey: Survey) -> FloatArray | None:
    """(n,) the numbers of a column or sum; None where the expression is a comparison or holds texts."""
    if node.kind not in ("number", "column", "sum"):
        return None
    found = _operand(node, survey)
    return None if found.is_text else np.asarray(found.values, dtype=np.float64)


# --- words --------------------------------------------------------------------------------------------


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
        parts = [self._all()]
        while self._take("word", "or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else Node("or", "", tuple(parts))

    def _all(self) -> Node:
        parts = [self._negated()]
        while self._take("word", "and"):
            parts.append(self._negated())
        return parts[0] if len(parts) == 1 else Node("and", "", tuple(parts))

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
        while (sign := self._take("sign", *_COMPARISONS)) is not None:
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


# --- on a survey --------------------------------------------------------------------------------------


def _truth(node: Node, survey: Survey) -> Truth:
    return _TRUTHS.get(node.kind, _zero_or_one)(node, survey)


def _all(parts: Sequence[Truth]) -> Truth:
    yes, no = [part.yes for part in parts], [part.no for part in parts]
    return Truth(np.logical_and.reduce(yes), np.logical_or.reduce(no))


def _not(truth: Truth) -> Truth:
    return Truth(truth.no, truth.yes)


def _any(parts: Sequence[Truth]) -> Truth:
    return _not(_all([_not(part) for part in parts]))


def _is_missing(node: Node, survey: Survey) -> Truth:
    missing = missing_of(_operand(node.parts[0], survey).values)
    return Truth(missing, ~missing)


def _is_in(node: Node, survey: Survey) -> Truth:
    first, *values = node.parts
    return _any([_compared(Node("compare", "==", (first, value)), survey) for value in values])


def _has(node: Node, survey: Survey) -> Truth:
    """Who has a code among several."""
    answers, code = _operand(node.parts[0], survey), node.parts[1]
    if answers.column is not None and not answers.is_text:
        _refuse_decimals(answers.column)
    if not answers.is_text or code.kind not in ("number", "text"):
        return _compared(Node("compare", "==", node.parts), survey)
    known = ~missing_of(answers.values)
    sought = _listed(f"{float(code.word):.15g}" if code.kind == "number" else code.word)
    held = {answer: sought in _listed(answer) for answer in set(answers.values[known])}
    so = np.array([held.get(answer, False) for answer in answers.values], dtype=bool)
    return Truth(so, known & ~so)


def _refuse_decimals(column: SurveyColumn) -> None:
    """Two codes with a comma between them, 2,5, are a number where commas are decimal marks."""
    parts = column.values[np.isfinite(column.values) & (column.values % 1 != 0)]
    if len(parts):
        raise InvalidInput(
            f'{column.name} holds numbers such as {parts[0]:.15g}, and "has" looks for whole codes; if commas stand '
            "between codes there, save the survey with commas between columns, too."
        )


def _listed(codes: str) -> str:
    """Codes or texts as they are compared, a comma before and behind each; a text may hold commas itself.

    >>> _listed("03; Local News")
    ',3,local news,'
    """
    return f",{','.join(map(_plain, _BETWEEN.split(codes)))},"


def _plain(code: str) -> str:
    """A code or text as it is compared: 03 is 3."""
    return key(code).lstrip("0") or "0" if code.strip().isdigit() else key(code)


def _zero_or_one(node: Node, survey: Survey) -> Truth:
    """A column of 0 and 1, or of yes and no, by itself."""
    found = _operand(node, survey)
    if found.column is not None and found.column.claims is not None:
        found = _Operand(found.column.claims, found.column, False)
    known = ~missing_of(found.values)
    values = found.values[known]
    if found.is_text or not np.isin(values.astype(np.float64), (0.0, 1.0)).all():
        others = values if found.is_text else [f"{v:.15g}" for v in values if v not in (0.0, 1.0)]
        raise InvalidInput(
            f"{_said(node)} holds {with_rows(others)}; expected 0 or 1, or a comparison such as {_said(node)} == 1."
        )
    is_so = np.zeros(len(known), dtype=bool)
    is_so[known] = values.astype(np.float64) == 1.0
    return Truth(is_so, known & ~is_so)


def _said(node: Node) -> str:
    return node.word if node.kind == "column" else "the sum"


def _compared(node: Node, survey: Survey) -> Truth:
    left, right = (_operand(part, survey) for part in node.parts)
    if left.is_text != right.is_text:
        left, right = _by_label(left, right), _by_label(right, left)
    if left.is_text and node.word not in ("==", "=", "!=", "<>"):
        raise InvalidInput(f'texts cannot be compared by "{node.word}"; use == or !=.')
    known = ~(missing_of(left.values) | missing_of(right.values))
    result = np.zeros(survey.rows, dtype=bool)
    a, b = (_folded(side) if side.is_text else side.values for side in (left, right))
    result[known] = _COMPARISONS[node.word](a[known], b[known])
    return Truth(result, known & ~result)


def _folded(side: _Operand) -> NDArray[Any]:
    folded = np.empty(len(side.values), dtype=object)
    folded[:] = [None if value is None else key(value) for value in side.values]
    return folded


def _by_label(side: _Operand, other: _Operand) -> _Operand:
    """A text beside a column of numbers: the number that it is the label of."""
    if not side.is_text:
        return side
    text = next((value for value in side.values if value is not None), "")
    if side.column is not None or other.column is None:
        name = side.column.name if side.column is not None else f'"{text}"'
        raise InvalidInput(f"{name} holds texts, which cannot be compared with numbers; put texts in quotes.")
    return _Operand(np.full(len(side.values), _code_of(text, other.column)), None, False)


def _code_of(label: str, column: SurveyColumn) -> float:
    """The number that a label of a column means."""
    meanings = column.value_labels
    code = next((value for value, words in meanings.items() if key(words) == key(label)), None)
    if code is not None:
        return float(code)
    labels = listing([f'"{words}"' for words in meanings.values()], 8)
    known = f"; its labels are {labels}" if meanings else ""
    raise InvalidInput(f'{column.name} holds numbers, and "{label}" is no label of one{known}.')


_TRUTHS: Mapping[str, Callable[[Node, Survey], Truth]] = {
    "and": lambda node, survey: _all([_truth(part, survey) for part in node.parts]),
    "or": lambda node, survey: _any([_truth(part, survey) for part in node.parts]),
    "not": lambda node, survey: _not(_truth(node.parts[0], survey)),
    "missing": _is_missing,
    "in": _is_in,
    "has": _has,
    "compare": _compared,
}


def _operand(node: Node, survey: Survey) -> _Operand:
    if node.kind == "number":
        return _Operand(np.full(survey.rows, float(node.word)), None, False)
    if node.kind == "text":
        texts = np.empty(survey.rows, dtype=object)
        texts[:] = node.word
        return _Operand(texts, None, True)
    if node.kind == "column":
        column = column_of(node.word, survey)
        return _Operand(column.values, column, column.is_text)
    if node.kind != "sum":
        raise InvalidInput(
            "a comparison stands where a number was expected; put and, or between comparisons."
        )
    left, right = (_operand(part, survey) for part in node.parts)
    if left.is_text or right.is_text:
        raise InvalidInput(f'texts cannot be added up ("{node.word}").')
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.asarray(_SUMS[node.word](left.values, right.values), dtype=np.float64)
    return _Operand(np.where(np.isfinite(values), values, np.nan), None, False)


def column_of(name: str, survey: Survey) -> SurveyColumn:
    """The column of this name or label. Raises InvalidInput with the nearest one."""
    column = survey.column(name)
    if column is None:
        known = [c.name for c in survey.columns] + [c.label for c in survey.columns if c.label]
        hint = nearest(name, known) or "; a text stands in quotes, a column with blanks in backticks."
        raise InvalidInput(f'"{name}" is not a column of {survey.file}{hint}')
    return column
