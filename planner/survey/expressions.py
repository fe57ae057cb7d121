"""Who has a trait, as an expression over a survey's columns: `persuade == 1 and discuss_days == 7`.

Comparisons (== != < <= > >=, chained as in 18 <= age <= 34), `in (1, 2, 3)`, `has 3` (of answers that hold several
codes or texts, "1,3,7"), `is missing`, `is not missing`, + - * /, and, or, not, parentheses. A column whose name has
blanks stands in backticks, or in quotes on the left of a comparison; a text stands in quotes. An answer with labels may
be compared with a label: gender == "Female". A question may also be named by its label.

Logic has three values (Kleene): a comparison with an answer that is missing is neither true nor false, nor is its
`not`; who is neither does not have the trait.

Nothing is evaluated by Python: a text is cut into words, the words into a tree, the tree is worked out on arrays.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from planner.names import key, listing, nearest
from planner.survey.grammar import CODES_BETWEEN, COMPARISONS, Node, parse
from planner.survey.table import Survey, SurveyColumn, Value, missing_of, with_rows

_SUMS: Mapping[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv,
}  # fmt: skip


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
    texts = _as_written(answers)
    if texts is None or code.kind not in ("number", "text"):
        return _compared(Node("compare", "==", node.parts), survey)
    known = ~missing_of(answers.values)
    sought = _listed(f"{float(code.word):.15g}" if code.kind == "number" else code.word)
    held = {answer: sought in _listed(answer) for answer in set(texts[known])}
    so = np.array([held.get(answer, False) for answer in texts], dtype=bool)
    return Truth(so, known & ~so)


def _as_written(answers: _Operand) -> NDArray[Any] | None:
    """Answers as texts; None of numbers, where they are not decimals."""
    column = answers.column
    if column is None or answers.is_text:
        return answers.values if answers.is_text else None
    if column.written is None:
        _refuse_decimals(column)
    return column.written


def _refuse_decimals(column: SurveyColumn) -> None:
    """Two codes with a comma between them, 2,5, are a number where a workbook took the comma for a decimal mark."""
    parts = column.values[np.isfinite(column.values) & (column.values % 1 != 0)]
    if len(parts):
        raise InvalidInput(
            f'{column.name} holds numbers such as {parts[0]:.15g}, and "has" looks for whole codes; if these were '
            "codes with a comma between them, save the survey as CSV, where they stand as they were typed."
        )


def _listed(codes: str) -> str:
    """Codes or texts as they are compared, a comma before and behind each; a text may hold commas itself.

    >>> _listed("03; Local News")
    ',3,local news,'
    """
    return f",{','.join(map(_plain, CODES_BETWEEN.split(codes)))},"


def _plain(code: str) -> str:
    """A code or text as it is compared: 03 is 3."""
    return key(code).lstrip("0") or "0" if code.strip().isdigit() else key(code)


def _zero_or_one(node: Node, survey: Survey) -> Truth:
    """A column of 0 and 1, or of yes and no, by itself."""
    found, others = _operand(node, survey), list[str]()
    if found.column is not None and found.column.claims is not None:
        found = _Operand(found.column.claims, found.column, False)
    elif found.column is not None and found.column.is_reversed:
        others = found.column.in_words()
    known = ~missing_of(found.values)
    values = found.values[known]
    if not others:
        others = values.tolist() if found.is_text else [f"{v:.15g}" for v in values if v not in (0.0, 1.0)]
    if others:
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
    left, right = _by_label(left, right), _by_label(right, left)
    if left.is_text and node.word not in ("==", "=", "!=", "<>"):
        raise InvalidInput(f'texts cannot be compared by "{node.word}"; use == or !=.')
    known = ~(missing_of(left.values) | missing_of(right.values))
    result = np.zeros(survey.rows, dtype=bool)
    a, b = (_folded(side) if side.is_text else side.values for side in (left, right))
    result[known] = COMPARISONS[node.word](a[known], b[known])
    return Truth(result, known & ~result)


def _folded(side: _Operand) -> NDArray[Any]:
    folded = np.empty(len(side.values), dtype=object)
    folded[:] = [None if value is None else key(value) for value in side.values]
    return folded


def _by_label(side: _Operand, other: _Operand) -> _Operand:
    """A text beside a column: the answer that it is, or is the label of."""
    if not side.is_text or (other.is_text and (side.column is not None or other.column is None)):
        return side
    text = next((value for value in side.values if value is not None), "")
    if side.column is not None or other.column is None:
        name = side.column.name if side.column is not None else f'"{text}"'
        raise InvalidInput(f"{name} holds texts, which cannot be compared with numbers; put texts in quotes.")
    answer = np.full(len(side.values), _answer_of(text, other.column), other.values.dtype)
    return _Operand(answer, None, other.is_text)


def _answer_of(label: str, column: SurveyColumn) -> Value:
    """The answer that a label of a column means; of a column of texts also the text itself."""
    meanings = column.value_labels
    answer = next((value for value, words in meanings.items() if key(words) == key(label)), None)
    if answer is not None:
        return answer
    if column.is_text:
        _refuse_misspelt(label, column)
        return label
    labels = listing([f'"{words}"' for words in meanings.values()], 8)
    known = f"; its labels are {labels}" if meanings else ""
    raise InvalidInput(f'{column.name} holds numbers, and "{label}" is no label of one{known}.')


def _refuse_misspelt(text: str, column: SurveyColumn) -> None:
    """A text that nobody answers, but somebody nearly."""
    answers = {key(answer): answer for answer in column.values[~column.missing]}
    if key(text) not in answers and (near := nearest(text, answers.values())):
        raise InvalidInput(f'nobody answers "{text}" to {column.name}{near} If not, write has instead of ==.')


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
