"""What a survey's file holds: its columns, how complete they are, what looks odd; and what a weight column does."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from models.arrays import FloatArray
from models.errors import InvalidInput
from planner.campaign.survey import MissingValues, Reading, SurveyItem, SurveySheet, relative
from planner.formats import count_of, shorten
from planner.names import key, nearest
from planner.survey.grammar import CODES_BETWEEN
from planner.survey.table import MAKE_NUMBERS, Survey, SurveyColumn, Value, is_no_answer, no_numbers, to_mend

Kind = Literal["0/1", "codes", "number", "text", "blank"]
MOST_CODES = 20  # distinct whole numbers that are taken for codes
_MISSING_CODES = frozenset(
    {-9.0, -8.0, -7.0, -6.0, -5.0, -1.0, 97.0, 98.0, 99.0, 997.0, 998.0, 999.0, 9999.0}
)
_GAP = 3.0  # so many times further away than the others spread, a value stands apart
_LEAP = 10.0  # so many times the usual step between answers, or more, and it does too
_PERSONAL = re.compile(
    r"e-?mail|phone|mobile|\bname\b|surname|address|post ?code|zip|\bip\b|birth", re.IGNORECASE
)
_CODES = re.compile(r"\s*\d+(\s*[,;|]\s*\d+)*\s*[,;|]?\s*")
_MOSTLY_BLANK = 0.8
_IDENTITY = re.compile(
    r"(^|[ _.-])(id|uid|uuid|case ?id|resp ?id|respondent|serial|lfdn?r?)($|[ _.-])", re.IGNORECASE
)
_RESPONDENT = re.compile(
    r"(resp|respondent|person|panel|panell?ist|case|user)[ _.-]?(id|nr|no|number)|u?u?id|serial|lfdn?r?|respondent",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Oddity:
    """What looks odd of a column. value, respondents: the answer that it is about and who gave it; "" and 0: all."""

    what: str
    value: str = ""
    respondents: int = 0

    def __str__(self) -> str:
        people = f"{self.value} ({count_of(self.respondents, 'respondent')}) " if self.value else ""
        return f"{people}{self.what}"


@dataclass(frozen=True)
class ColumnFigures:
    """kind: by its values. missing: respondents without an answer. low, high: of numbers. distinct: different answers.
    odd: what looks wrong."""

    name: str
    label: str
    kind: Kind
    missing: int
    distinct: int
    low: float | None
    high: float | None
    values: str
    odd: tuple[Oddity, ...]


@dataclass(frozen=True)
class WeightFigures:
    """A weight column. used: respondents with a weight above 0. total: their weights' sum. effective: Kish's effective
    base, (sum w)^2 / sum w^2. left_out: blank or 0. negative: below 0, which no weight can be."""

    name: str
    used: int
    total: float
    effective: float
    low: float
    high: float
    left_out: int
    negative: int


@dataclass(frozen=True)
class Description:
    """A survey's columns, its weights where a weight column is named, and how it was read."""

    survey: Survey
    columns: tuple[ColumnFigures, ...]
    weight: WeightFigures | None


def describe(survey: Survey, weight: str = "") -> Description:
    """A survey's columns; raises InvalidInput where there is no such weight column, or it is none."""
    weights = None if not weight else weight_figures(survey, weight)
    return Description(survey, tuple(_figures(column) for column in survey.columns), weights)


def weight_figures(survey: Survey, name: str) -> WeightFigures:
    """What a weight column does."""
    column = survey.column(name)
    if column is None:
        known = nearest(name, [column.name for column in survey.columns])
        raise InvalidInput(f'{survey.file} has no column "{name}" for the weight{known or "."}')
    if column.is_text:
        raise InvalidInput(
            f'The weight column "{column.name}" of {survey.file} holds {no_numbers(column)}; expected numbers'
            f"{to_mend(column)}."
        )
    values = column.values[np.isfinite(column.values)]
    used = values[values > 0]
    if not len(used):
        raise InvalidInput(f'The weight column "{column.name}" of {survey.file} has no number above 0.')
    return WeightFigures(
        column.name,
        len(used),
        float(used.sum()),
        effective_base(used),
        float(used.min()),
        float(used.max()),
        survey.rows - len(used) - int((values < 0).sum()),
        int((values < 0).sum()),
    )


def effective_base(weight: FloatArray) -> float:
    """Kish's effective number of respondents, (sum w)^2 / sum w^2; 0 of none (Kish 1965, Survey Sampling).

    >>> effective_base(np.array([1.0, 1.0, 2.0])) == 16 / 6
    True
    """
    squares = float((weight**2).sum())
    return float(weight.sum()) ** 2 / squares if squares > 0 else 0.0


def _figures(column: SurveyColumn) -> ColumnFigures:
    missing = column.missing
    answers = column.values[~missing]
    distinct = np.unique(answers.astype(str) if column.is_text else answers)
    kind = _kind(column, distinct)
    low, high = (None, None) if kind in ("text", "blank") else (float(distinct[0]), float(distinct[-1]))
    return ColumnFigures(
        column.name,
        column.label,
        kind,
        int(missing.sum()),
        len(distinct),
        low,
        high,
        _values(column, kind, distinct),
        tuple(_odd(column, kind, answers, distinct)),
    )


def _kind(column: SurveyColumn, distinct: FloatArray) -> Kind:
    if not len(distinct):
        return "blank"
    if column.is_text:
        return "text"
    if set(distinct.tolist()) <= {0.0, 1.0}:
        return "0/1"
    whole = bool((distinct == np.round(distinct)).all())
    return "codes" if whole and len(distinct) <= MOST_CODES else "number"


def _values(column: SurveyColumn, kind: Kind, distinct: FloatArray) -> str:
    """Codes with what they mean, or the first texts."""
    if kind not in ("codes", "text"):
        return ""
    words = [
        f"{value if kind == 'text' else f'{value:.15g}'}" + (f" = {meaning}" if (meaning := column.value_labels.get(
            str(value) if kind == "text" else float(value))) else "")
        for value in distinct[:MOST_CODES]
    ]  # fmt: skip
    more = f" and {len(distinct) - MOST_CODES:,} more" if len(distinct) > MOST_CODES else ""
    return f"{'; '.join(words)}{more}"


def _odd(column: SurveyColumn, kind: Kind, answers: FloatArray, distinct: FloatArray) -> list[Oddity]:
    if kind == "blank":
        return [Oddity("nobody has an answer")]
    found = []
    share = float(column.missing.mean())
    if len(distinct) == 1:
        found.append(
            Oddity(f"everybody who answers has the same answer ({shorten(_shown(distinct[0]), 40)})")
        )
    if share > _MOSTLY_BLANK:
        found.append(Oddity(f"{share:.0%} have no answer"))
    if _PERSONAL.search(f"{column.name.replace('_', ' ')} {column.label}"):
        found.append(Oddity("may hold personal data, which a survey for planning does without"))
    if again := _again(column.name, len(answers), len(distinct)):
        found.append(Oddity(again))
    found += _no_answers(column, kind, answers, distinct)
    found += _several(column, distinct)
    texts = (
        [str(value).lstrip("+-").replace(".", "", 1) for value in distinct[:200]] if kind == "text" else []
    )
    if sum(map(str.isdigit, texts)) > 0.8 * len(texts):
        found.append(
            Oddity(
                "texts beside numbers; if they mean no answer, name them in a row missing values of the Survey sheet"
            )
        )
    return found


def _several(column: SurveyColumn, distinct: FloatArray) -> list[Oddity]:
    """Answers that are lists of codes: texts, or numbers with decimal commas."""
    written = () if column.written is None else column.written
    texts = [str(text) for text in (distinct if column.is_text else sorted({*written} - {None}))]
    if not _are_lists(texts) or not (column.is_text or all(map(_rises, texts))):
        return []
    if column.is_text and to_mend(column) and not all(map(_rises, texts)):
        return [Oddity(f"numbers with decimal commas, kept as texts; {MAKE_NUMBERS}")]
    name = column.name if column.name.isidentifier() else f"`{column.name}`"
    such = CODES_BETWEEN.split(texts[0])[0].strip()
    holds = "holds" if column.is_text else "may hold"
    return [
        Oddity(
            f"{holds} several codes an answer; a vehicle or trait of one of them is such as {name} has {such}"
        )
    ]


def _are_lists(texts: Sequence[str]) -> bool:
    lists = [_CODES.fullmatch(text) for text in texts]
    return all(lists) and any(found and found[1] for found in lists)


def _rises(text: str) -> bool:
    """Whether codes of at most two digits stand in order, as decimals seldom do.

    >>> _rises("2,15"), _rises("2,1"), _rises("0,95"), _rises("1,1023")
    (True, False, False, False)
    """
    codes = [int(code) for code in re.findall(r"\d+", text)]
    return codes == sorted({*codes}) and codes[0] > 0 and codes[-1] < 100


def _again(name: str, answers: int, distinct: int) -> str:
    """What to say where numbers of respondents stand more than once, by a column's name; else ""."""
    if _IDENTITY.search(name) and answers / 2 < distinct < answers:
        return f"{count_of(answers - distinct, 'answer')} stood before; who is there twice counts twice"
    if not MOST_CODES < distinct <= answers / 2 or not _RESPONDENT.fullmatch(name.strip()):
        return ""
    return (
        f"each answer stands in {answers / distinct:.2g} rows on the average, and every row counts as a respondent; if "
        "a row is not a person but one of his answers, save the survey with a row for each person"
    )


def counted_again(survey: Survey) -> list[str]:
    """A sentence for each column of respondents' numbers in which some stand more than once."""
    found = []
    for column in survey.columns:
        if _IDENTITY.search(column.name) or _RESPONDENT.fullmatch(column.name.strip()):
            answers = column.values[~column.missing].tolist()
            again = _again(column.name, len(answers), len({*answers}))
            found += [f"{column.name}: {again}."] if again else []
    return found


def _shown(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _no_answers(column: SurveyColumn, kind: Kind, answers: FloatArray, distinct: FloatArray) -> list[Oddity]:
    """Values that most likely mean no answer: by what they or their labels say, or numbers beside a scale."""
    why = {value: told for value in distinct.tolist() if (told := _says_no_answer(column, value))}
    if kind in ("codes", "number"):
        apart = _stray([value for value in distinct.tolist() if value not in why])
        why |= dict.fromkeys(apart, "stands apart, as a code for no answer may")
    return [Oddity(what, _shown(value), int((answers == value).sum())) for value, what in why.items()]


def _says_no_answer(column: SurveyColumn, value: Value) -> str:
    """What to say of a value which, or whose label, says that there is no answer; else ""."""
    meaning = column.value_labels.get(value, value)
    if not isinstance(meaning, str) or not is_no_answer(meaning):
        return ""
    labelled = "" if value == meaning else f'is labelled "{meaning}" and '
    return (
        f"{labelled}counts as an answer; name it in a row missing values of the Survey sheet where it is none"
    )


def _stray(values: Sequence[float]) -> list[float]:
    """Values that stand apart, and 8 and 9 beyond a short scale."""
    apart = set(_standing_apart(np.array(values)))
    codes = {8.0, 9.0}
    if _is_scale([value for value in values if value not in apart | codes]):
        apart |= codes
    return [value for value in values if value in apart]


def _is_scale(values: Sequence[float]) -> bool:
    """Whether these, in order, are all whole numbers from 0 or 1 to at most 6."""
    if len(values) < 2 or values[0] not in (0.0, 1.0) or values[-1] > 6:
        return False
    return list(values) == [values[0] + step for step in range(len(values))]


def _standing_apart(distinct: FloatArray) -> list[float]:
    """Values such as 99 or -9 beyond all others."""
    codes = np.isin(distinct, list(_MISSING_CODES))
    usual = distinct[~codes]
    if not len(usual) or len(usual) == len(distinct):
        return []
    spread = max(float(usual[-1] - usual[0]), 1.0)
    beyond = _GAP * min(spread, 10.0)
    if len(usual) > 2:
        beyond = min(beyond, _LEAP * float(np.median(np.diff(usual))))
    return [
        float(value) for value in distinct[codes] if value < min(usual[0], 0) or value > usual[-1] + beyond
    ]


def survey_form(found: Description, survey: Path, folder: Path, encoding: str = "") -> SurveySheet:
    """The sheet. survey: where the file lies; folder: the campaign's, to which its name is relative."""
    weight = "" if found.weight is None else found.weight.name
    readings = [
        (column, reading)
        for column, figures in zip(found.survey.columns, found.columns, strict=True)
        if column.name != weight and (reading := _reading(column, figures)) is not None
    ]
    times = Counter(key(column.short_label) for column, _ in readings)
    return SurveySheet(
        relative(survey, folder),
        tuple(SurveyItem(_name(column, times), column.name, reading) for column, reading in readings),
        encoding=encoding,
        weight=weight,
        missing=_missing_values(found, [column.name for column, _ in readings]),
    )


def _missing_values(found: Description, vehicles: Sequence[str]) -> tuple[MissingValues, ...]:
    """What looks like no answer: words, of every column; other codes, of each of these columns."""
    words: dict[str, None] = {}
    rows = []
    for column, figures in zip(found.survey.columns, found.columns, strict=True):
        meanings = _odd_answers(column, figures)
        mean_none = [said for said in meanings.values() if is_no_answer(said) and ";" not in said]
        words |= dict.fromkeys(mean_none)
        codes = tuple(value for value, said in meanings.items() if said not in mean_none)
        rows += [MissingValues(column.name, codes)] if codes and column.name in vehicles else []
    return (*([MissingValues("", tuple(words))] if words else []), *rows)


def _odd_answers(column: SurveyColumn, figures: ColumnFigures) -> dict[str, str]:
    """Answers that look like none, each with its label, else itself."""
    said = {_shown(code): words for code, words in column.value_labels.items()}
    return {each.value: said.get(each.value, each.value) for each in figures.odd if each.value}


def _reading(column: SurveyColumn, figures: ColumnFigures) -> Reading | None:
    """0 and 1, or yes and no, beside what looks like no answer; or shares; None of what reads as neither."""
    odd = _odd_answers(column, figures)
    answers = [v for v in set(column.values[~column.missing].tolist()) if _shown(v) not in odd]
    if not answers:
        return None
    meant = {answer: column.says(answer) for answer in answers}
    if column.claims is not None or (not column.is_reversed and _are_claims(meant)):
        return Reading()
    shares = figures.kind == "number" and min(answers) >= 0 and max(answers) <= 1
    return Reading("probability") if shares else None


def _are_claims(meant: Mapping[Value, bool | None]) -> bool:
    """Whether answers say yes or no, or are 0 and 1 of which one has a label of its own."""
    return None not in meant.values() or ({*meant} <= {0.0, 1.0} and {*meant.values()} != {None})


def _name(column: SurveyColumn, times: Counter[str]) -> str:
    """The last level of its label, unless other columns have the same."""
    return column.short_label if times[key(column.short_label)] == 1 else column.name
