"""From answers to the chance that one insertion of a vehicle meets the respondent."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from planner.campaign.survey import Reading
from planner.formats import count_of
from planner.names import key, listing_of
from planner.survey.expressions import column_of, expression_of, numbers, who
from planner.survey.table import NotANumber, Numbers, Survey, SurveyColumn, Value, numbers_if_all

EXPECTED = (
    "expected 0/1, probability, probability %, n of 4 issues, or words with chances: always = 0.9; never = 0"
)
_CLAIM = frozenset({"", "0/1", "0 / 1", "claim", "0 or 1"})
_ISSUES = re.compile(
    r"(?:reads )?(?:n )?(?:of )?(\d{1,3})(?: (?:issues?|times|days|weeks|programmes?|episodes?))?"
)
_PAIR = re.compile(r"(.+?)\s*[=:]\s*([\d.,]+\s*%?)")
SHOWN = 3  # answers that a message lists


def _misread(column: str, such: str, answers: Sequence[tuple[str, int]], expected: str) -> InvalidInput:
    """Answers of a column that do not fit how it reads. such: what stands before them, "" or of what kind they are.
    answers: the different ones with their rows, the first ones are shown. expected: from its comma or semicolon on,
    what was expected and what to do."""
    shown = listing_of(answers, lambda pair: f"{pair[0]} ({count_of(pair[1], 'row')})", SHOWN)
    return InvalidInput(f'The column "{column}" holds {such}{shown}{expected}')


def parse_reading(text: str) -> Reading:
    """How a vehicle's column reads; raises InvalidInput.

    >>> parse_reading("n of 4 issues").most, parse_reading("always = 90 %; never = 0").words
    (4, (('always', 0.9), ('never', 0.0)))
    """
    plain = key(text)
    if plain in _CLAIM:
        return Reading()
    if plain in ("probability", "chance"):
        return Reading("probability")
    if plain in ("probability %", "probability%", "percent", "%"):
        return Reading("percent")
    issues = _ISSUES.fullmatch(plain)
    if issues is not None and int(issues[1]) > 0 and not plain.isdigit():
        return Reading("issues", int(issues[1]))
    return Reading("words", words=_words(text))


def _words(text: str) -> tuple[tuple[str, float], ...]:
    found: dict[str, tuple[str, float]] = {}
    for part in (part.strip() for part in text.split(";") if part.strip()):
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise InvalidInput(f'"{part[:60]}" was not understood; {EXPECTED}.')
        number, percent = pair[2].replace("%", "").strip().replace(",", "."), pair[2].endswith("%")
        try:
            chance = float(number) / (100 if percent else 1)
        except ValueError:
            raise InvalidInput(f'"{part[:60]}" has no number behind the sign; {EXPECTED}.') from None
        if not 0 <= chance <= 1:
            raise InvalidInput(f'"{part[:60]}" is no chance; expected 0 to 1, or 0 % to 100 %.')
        if key(pair[1]) in found:
            raise InvalidInput(f'"{pair[1]}" has two chances; keep one of them.')
        found[key(pair[1])] = (pair[1].strip(), chance)
    if not found:
        raise InvalidInput(f'"{text[:60]}" was not understood; {EXPECTED}.')
    return tuple(found.values())


def chances(expression: str, reading: Reading, survey: Survey) -> tuple[FloatArray, BoolArray]:
    """(n,) chances, 0 where there is no answer; and (n,) who answered.

    Raises InvalidInput naming the column, what it holds and in how many rows.
    """
    node = expression_of(expression, survey)
    if reading.kind == "words":
        if node.kind != "column":
            raise InvalidInput(f'"{expression}" is no single column; words with chances need one.')
        return _by_words(column_of(node.word, survey), reading)
    values = numbers(node, survey)
    if node.kind == "column":
        column = column_of(node.word, survey)
        if reading.kind == "claim" and (column.claims is not None or column.is_reversed):
            values = column.claims
        if values is None:
            raise _texts(column, reading)
    if values is None:  # a comparison: so or not
        truth = who(node, survey)
        if reading.is_contact:
            raise InvalidInput(
                f'"{expression}" is true or false; it reads as 0/1, not as {reading.sentence()}.'
            )
        return truth.yes.astype(np.float64), truth.yes | truth.no
    return _by_number(expression, values, reading)


def _texts(column: SurveyColumn, reading: Reading) -> InvalidInput:
    expected = (
        f"; Reads as says {reading.sentence()}. Give the words their chances there, or name those that mean no answer "
        "in a row missing values."
    )
    return _misread(column.name, "texts, such as ", _quoted(column.in_words()), expected)


def _quoted(answers: Iterable[str]) -> list[tuple[str, int]]:
    """Texts in quotes with their rows, the most frequent first."""
    return [(f'"{text}"', rows) for text, rows in Counter(answers).most_common()]


def _by_number(name: str, values: FloatArray, reading: Reading) -> tuple[FloatArray, BoolArray]:
    most = {"claim": 1.0, "probability": 1.0, "percent": 100.0, "issues": float(reading.most)}[reading.kind]
    known = ~np.isnan(values)
    given = values[known]
    whole = reading.kind in ("claim", "issues")
    wrong = (given < 0) | (given > most) | (whole & (given != np.round(given)))
    if wrong.any():
        found, count = np.unique(given[wrong], return_counts=True)
        answers = [(f"{value:.15g}", int(rows)) for value, rows in zip(found, count, strict=True)]
        expected = (
            "0 or 1" if reading.kind == "claim" else f"{'whole numbers ' if whole else ''}0 to {most:g}"
        )
        advice = (
            f"; expected {expected}. If that means no answer, name it in a row missing values; if it is another scale, "
            f"say so in Reads as{', such as 1 = 1; 2 = 0' if reading.kind == 'claim' else ''}."
        )
        raise _misread(name, "", answers, advice)
    return np.where(known, values, 0.0) / most, known


def _by_words(column: SurveyColumn, reading: Reading) -> tuple[FloatArray, BoolArray]:
    by_word = {key(word): chance for word, chance in reading.words}
    answers = column.values[~column.missing]
    distinct = set(answers.tolist())
    chance = {answer: _chance(answer, column, by_word) for answer in distinct}
    unknown = _quoted(
        column.value_labels.get(answer, _written(answer))
        for answer in answers.tolist()
        if chance[answer] is None
    )
    if unknown:
        expected = (
            f", which Reads as gives no chance ({reading.sentence()}); add it there, or name it in a row missing "
            "values."
        )
        raise _misread(column.name, "", unknown, expected)
    result = np.zeros(len(column.values))
    result[~column.missing] = [chance[answer] for answer in answers.tolist()]
    return result, ~column.missing


def _chance(answer: float | str, column: SurveyColumn, by_word: Mapping[str, float]) -> float | None:
    """The chance of an answer: by its label, else by what stands in the file."""
    label = column.value_labels.get(answer)
    found = None if label is None else by_word.get(key(label))
    return by_word.get(key(_written(answer))) if found is None else found


def _written(answer: float | str) -> str:
    return f"{answer:.15g}" if isinstance(answer, float) else answer


def without_missing(column: SurveyColumn, values: tuple[str, ...]) -> SurveyColumn:
    """The column with these answers (values, texts or labels) as no answers; numbers where only numbers are left."""
    gone = {key(value) for value in values}
    labels = {answer for answer, words in column.value_labels.items() if key(words) in gone}
    return _without_texts(column, gone, labels) if column.is_text else _without_numbers(column, gone, labels)


def _without_numbers(column: SurveyColumn, gone: set[str], labels: set[Value]) -> SurveyColumn:
    """gone: as typed, by key; labels: the numbers whose labels are among them."""
    codes = [*(code for value in gone if (code := _code(value)) is not None), *labels]
    marked = np.isin(column.values, np.array(codes, dtype=np.float64)) if codes else column.missing
    if not (marked & ~column.missing).any():
        return column
    return replace(column, values=np.where(marked, np.nan, column.values))


def _without_texts(column: SurveyColumn, gone: set[str], labels: set[Value]) -> SurveyColumn:
    """The same of texts: what is left may be numbers, unless its labels are of texts."""
    kept = [None if v is None or key(v) in gone or v in labels else v for v in column.values]
    if kept == column.values.tolist():
        return column
    texts = np.empty(len(kept), dtype=object)
    texts[:] = kept
    return replace(column, values=texts if column.value_labels else numbers_if_all(texts, column.decimal))


def _code(value: str) -> float | None:
    try:
        return Numbers()[value]
    except NotANumber:
        return None
