"""A survey as it was read: one column a question, one row a respondent, whatever the file was."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.arrays import BoolArray
from planner.formats import count_of
from planner.names import key, listing, yes_or_no

LEVEL = "::"  # between the levels of a question's label: "Programmes watched :: Evening Quiz"
Value = float | str
_CHOSEN = frozenset([
    "selected", "quoted", "mentioned", "chosen", "checked", "ticked", "applies", "genannt", "gewählt",
    "cité", "coché", "citato", "mencionado", "marcado",
])  # fmt: skip
_NOT_CHOSEN = frozenset({"unchecked", "unselected", "does not apply"})
_NO_ANSWER = re.compile(
    r"refus|no answer|not answer|no response|don.?t know|do not know|missing|not asked|not applicable|\bn/?a\b|"
    r"^(nan|null|\.)$|keine angabe|wei(ss|ß) nicht|"
    r"verweigert|sans r[ée]ponse|ne sait pas|no sabe|no contesta|non risponde|non so",
    re.IGNORECASE,
)
MAKE_NUMBERS = "make numbers of them (in Excel: Data, Text to Columns)"
_LONGEST = 40  # letters of an answer that says there is none
_SHOWN = 3  # answers that a message lists


@dataclass(frozen=True, eq=False)
class SurveyColumn:
    """A question.

    name: as the file has it. label: the full question, "" where the file has none. values: (n,) numbers, nan where
    there is no answer; or (n,) texts, None where there is none. value_labels: what a value means. decimal: the mark of
    numbers that stand among texts. written: (n,) the texts of numbers with decimal commas, which may be lists: 2,5.
    """

    name: str
    values: NDArray[Any]
    label: str = ""
    value_labels: Mapping[Value, str] = field(default_factory=dict)
    decimal: str = "."
    written: NDArray[Any] | None = None

    @property
    def is_text(self) -> bool:
        """Whether the values are texts."""
        return self.values.dtype == object

    @cached_property
    def missing(self) -> BoolArray:
        """(n,) who gave no answer."""
        return missing_of(self.values)

    def says(self, answer: Value) -> bool | None:
        """Whether an answer says yes or no, by its label, else by itself; None where it says neither."""
        words = self.value_labels.get(answer)
        if words is None and not isinstance(answer, str):
            return {1.0: True, 0.0: False}.get(answer)
        return said(str(answer) if words is None else words)

    @cached_property
    def claims(self) -> NDArray[Any] | None:
        """(n,) 1 of who says yes, in a word or by its label, 0 of who says no, nan without an answer; None where there
        are no words, or one says neither. A choice that a column is named for marks who chose it."""
        if not self.is_text and not self.value_labels:
            return None
        answers = self.values[~self.missing]
        meant = {answer: self.says(answer) for answer in set(answers.tolist())}
        meant |= self._chosen(meant)
        if None in meant.values():
            return None
        found = np.full(len(self.values), np.nan)
        found[~self.missing] = [float(bool(meant[answer])) for answer in answers.tolist()]
        return found

    def _chosen(self, meant: Mapping[Value, bool | None]) -> dict[Value, bool]:
        """The one answer that says neither yes nor no but is what the column is named for ("Do you watch? - Quiz").
        meant: what each answer says."""
        named = key(f"{self.name} {self.label}")
        words = {
            answer: self.value_labels.get(answer, answer) for answer, says in meant.items() if says is None
        }
        chosen = [
            answer
            for answer, said in words.items()
            if isinstance(said, str) and key(said) in named and not is_no_answer(said)
        ]
        return {chosen[0]: True} if len(chosen) == 1 else {}

    @property
    def is_reversed(self) -> bool:
        """Whether a label says that 1 is no, or 0 yes: where others say neither, its numbers are no claims."""
        return self.says(1.0) is False or self.says(0.0) is True

    def in_words(self) -> list[str]:
        """The answers that were given, each by its label, else as it stands."""
        labels = self.value_labels
        answers = self.values[~self.missing].tolist()
        return [labels.get(each, each if isinstance(each, str) else f"{each:.15g}") for each in answers]

    @property
    def short_label(self) -> str:
        """The last level of the label; the name where there is none."""
        return self.label.rpartition(LEVEL)[2].strip() or self.name


@dataclass(frozen=True, eq=False)
class Survey:
    """A file's columns, all of `rows` values. format: of the file, in words. notices: how something was read."""

    file: str
    format: str
    columns: tuple[SurveyColumn, ...]
    rows: int
    notices: tuple[str, ...] = ()

    @cached_property
    def _places(self) -> dict[str, list[SurveyColumn]]:
        places: dict[str, list[SurveyColumn]] = {}
        for column in self.columns:
            for word in {key(column.name), key(column.label)} - {""}:
                places.setdefault(word, []).append(column)
        return places

    def column(self, name: str) -> SurveyColumn | None:
        """The column of this name: exactly, else in other capitals, else the only one with this label."""
        exact = next((column for column in self.columns if column.name == name), None)
        if exact is not None:
            return exact
        found = self._places.get(key(name), [])
        named = [column for column in found if key(column.name) == key(name)]
        return (named or found)[0] if len(named or found) == 1 else None


def said(words: str) -> bool | None:
    """What a word says of a claim, "Selected" and "Not selected" among them; None where it says neither.

    >>> said("Ja"), said("not selected"), said("often")
    (True, False, None)
    """
    word = key(words)
    for no in ("not ", "nicht ", "non ", "no "):
        if word.removeprefix(no) in _CHOSEN:
            return not word.startswith(no)
    return False if word in _NOT_CHOSEN else yes_or_no(word)


def is_no_answer(words: str) -> bool:
    """Whether words most likely say that there is no answer.

    >>> is_no_answer("Don't know"), is_no_answer("never")
    (True, False)
    """
    return len(words) <= _LONGEST and _NO_ANSWER.search(words) is not None


def missing_of(values: NDArray[Any]) -> BoolArray:
    """(n,) which of these values, numbers or texts, is no answer."""
    if values.dtype == object:
        return np.array([value is None for value in values], dtype=bool)
    return np.asarray(np.isnan(values))


def as_texts(values: Sequence[str | None]) -> NDArray[Any]:
    """(n,) texts, None where blank."""
    texts = np.empty(len(values), dtype=object)
    texts[:] = [None if value is None else value.strip() or None for value in values]
    return texts


def date_text(moment: date) -> str:
    """A date as a survey's text, with its time of day where it has one.

    >>> date_text(datetime(2016, 9, 22)), date_text(datetime(2016, 9, 22, 14, 3, 5))
    ('2016-09-22', '2016-09-22 14:03:05')
    """
    if not isinstance(moment, datetime) or moment.time() == time():
        return f"{moment:%Y-%m-%d}"
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def numbers_or_texts(values: Sequence[Any], words: Callable[[Any], str] = str) -> NDArray[Any]:
    """(n,) numbers where there is nothing else, nan where there is none; otherwise texts, None where there is none.

    words: a value as text.

    >>> numbers_or_texts([1, None, 2.5]).tolist(), numbers_or_texts([1, None, "a "]).tolist()
    ([1.0, nan, 2.5], ['1', None, 'a'])
    """
    if all(value is None or isinstance(value, int | float) for value in values):
        return np.array([np.nan if value is None else float(value) for value in values])
    return as_texts([None if value is None else words(value) for value in values])


class NotANumber(ValueError):
    """A cell that is neither blank nor a number. text: as it stands."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class Numbers(dict[str, float]):
    """Numbers by their text, each read once, to the last digit; a blank is nan. Raises NotANumber.

    decimal: the decimal mark, "." or ",".
    """

    def __init__(self, decimal: str = ".") -> None:
        super().__init__()
        self.decimal = decimal

    def __missing__(self, text: str) -> float:
        bare = text.strip()
        if self.decimal == "," and "." not in bare:
            bare = bare.replace(",", ".", 1)
        if bare and not bare.lstrip("+-")[:1].isdigit() and not bare.lstrip("+-").startswith("."):
            raise NotANumber(text)  # float() takes nan and inf
        try:
            value = float(bare) if bare else np.nan
        except ValueError:
            raise NotANumber(text) from None
        if "_" in bare:  # float() takes 1_000
            raise NotANumber(text)
        self[text] = value
        return value


def numbers_if_all(texts: NDArray[Any], decimal: str = ".") -> NDArray[Any]:
    """(n,) numbers where texts (None = no answer) are nothing else, else these texts."""
    cache = Numbers(decimal)
    try:
        return np.array([cache[text or ""] for text in texts])
    except NotANumber:
        return texts


def with_rows(answers: Iterable[str]) -> str:
    """The most frequent of these answers and their rows, for a message.

    >>> with_rows(["never", "often", "never"])
    '"never" (2 rows) and "often" (1 row)'
    """
    counted = Counter(answers).most_common(_SHOWN)
    return listing([f'"{text}" ({count_of(n, "row")})' for text, n in counted])


def is_number(text: str) -> bool:
    """Whether a text is a number.

    >>> is_number(" 1.5"), is_number("nan"), is_number("")
    (True, False, False)
    """
    try:
        return not np.isnan(Numbers()[text])
    except NotANumber:
        return False


def title_rows(rows: Iterable[Sequence[str]]) -> int:
    """How many rows stand above the names of columns: those with one text at most, where texts follow that are no
    numbers, more than one; 0 where none do.

    >>> title_rows([["Readers 2027", ""], ["", ""], ["id", "tv"], ["1", "0"]]), title_rows([["id"], ["1", "0"]])
    (2, 0)
    """
    for place, row in enumerate(rows):
        filled = [text for text in row if text.strip()]
        if len(filled) > 1:
            return 0 if any(map(is_number, filled)) else place
    return 0


def title_notice(file: str, titles: Sequence[str]) -> tuple[str, ...]:
    """That texts above the names were passed over; nothing where there are none."""
    shown = listing([f'"{text}"' for text in titles], _SHOWN)
    return (f"{file}: {shown} above the names of columns, taken for a title and not read.",) if titles else ()


def to_mend(column: SurveyColumn) -> str:
    """What to do with texts that are numbers but for their decimal commas, to end a sentence; "" with others."""
    return f": {MAKE_NUMBERS}" if numbers_if_all(column.values, ",").dtype.kind == "f" else ""


def no_numbers(column: SurveyColumn) -> str:
    """Those of a column of texts that are no numbers, and their rows."""
    return with_rows(text for text in column.values[~column.missing] if not is_number(text))
