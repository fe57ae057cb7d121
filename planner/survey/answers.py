"""A survey read as a campaign's sheet Survey says: weights, chances of contact, traits; every problem at its cell."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from models.arrays import BoolArray, FloatArray
from models.errors import InvalidInput
from planner.campaign.survey import SurveyItem, SurveySheet
from planner.errors import Problem, WorkbookError
from planner.formats import count_of, number
from planner.names import key, listing
from planner.survey.describe import counted_again, effective_base
from planner.survey.expressions import Truth, column_of, expression_of, who
from planner.survey.files import read_survey
from planner.survey.readings import chances, without_missing
from planner.survey.table import Survey, no_numbers, to_mend

UNIVERSE_AGREES = 0.01  # of the Brief's Universe beside what the weights add up to
_WORTH = 1 / 3  # of the respondents are the effective base, where weights are usual ones
_MOSTLY = 0.8  # of the respondents answer, where all were asked
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Answers:
    """Respondents who count, as the sheet reads them.

    file: the survey's. weight: (n,) people (000) where the universe is known, else as the survey has them; > 0.
    use: (n, n_vehicles) chance of contact, or the claim (0 or 1). is_contact: (n_vehicles,) whether one insertion meets
    them so; a claim is not, unless contacts says that claims count so. has_trait: (n, n_traits). cumes, users: who, by
    vehicle and by medium. no_answer: (n_vehicles,) respondents without an answer, counted as not meeting it.
    universe_000: people (000), None where neither Brief nor weights say. sheet: how it was read.
    """

    file: str
    sheet: SurveySheet
    weight: FloatArray
    use: FloatArray
    is_contact: BoolArray
    has_trait: BoolArray
    no_answer: FloatArray
    cumes: dict[str, BoolArray] = field(default_factory=dict)
    users: dict[str, BoolArray] = field(default_factory=dict)
    universe_000: float | None = None
    contacts: bool = False
    notices: tuple[str, ...] = ()

    @property
    def vehicles(self) -> tuple[str, ...]:
        """Their names, in the sheet's order."""
        return tuple(item.name for item in self.sheet.vehicles)

    @property
    def traits(self) -> tuple[str, ...]:
        """Their names, in the sheet's order."""
        return tuple(item.name for item in self.sheet.traits)

    @property
    def media(self) -> tuple[str, ...]:
        """Per vehicle its medium."""
        return tuple(item.medium for item in self.sheet.vehicles)

    @property
    def people_000(self) -> FloatArray:
        """(n_vehicles,) weighted sum of the chances: an audience, or those who claim to use it."""
        return np.asarray(self.weight @ self.use)

    @property
    def effective_base(self) -> float:
        """Kish's, of all respondents who count."""
        return effective_base(self.weight)


@dataclass
class _Troubles:
    """Problems by cell; `all_of` goes on after each."""

    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    def tried(self, cell: str, name: str, attempt: Callable[..., T], *arguments: object) -> T | None:
        """What an attempt gives; None where it is a problem, which is noted."""
        try:
            return attempt(*arguments)
        except InvalidInput as trouble:
            self.problems.append(Problem(cell, f"{name}: {trouble}" if name else str(trouble)))
            return None


def survey_of(sheet: SurveySheet, folder: Path) -> Survey:
    """The survey that a sheet names, beside the campaign; raises WorkbookError where it cannot be read."""
    try:
        return read_survey(folder / sheet.file, sheet.encoding)
    except WorkbookError as trouble:
        problems = tuple(
            replace(problem, cell=problem.cell or sheet.file_cell) for problem in trouble.problems
        )
        raise WorkbookError(trouble.workbook, problems, trouble.notices) from None


def answers_of(sheet: SurveySheet, survey: Survey, universe_000: float = 0.0) -> Answers:
    """The respondents who count. universe_000: the Brief's, 0 = not given.

    Raises WorkbookError with every problem of the sheet with this file.
    """
    troubles = _Troubles()
    marked = _with_missing(sheet, survey, troubles)
    kept, silent = _kept(sheet, marked, troubles)
    weight = _weights(sheet, marked, kept, troubles)
    use = _uses(sheet, marked, troubles)
    traits = _truths(sheet.traits, marked, troubles)
    cumes, users = _truths(sheet.cumes, marked, troubles), _truths(sheet.users, marked, troubles)
    if troubles.problems or weight is None:
        raise WorkbookError(survey.file, tuple(troubles.problems), survey.notices)
    counts, unclear = kept & (weight > 0), number(int(silent.sum()))
    gone = f"by the filter ({unclear} of them for want of an answer)" if silent.any() else "by the filter"
    reasons = ((~kept, gone), (kept & (weight <= 0), "without a weight above 0"))
    left_out = listing([f"{number(int(those.sum()))} {why}" for those, why in reasons if those.any()])
    if not counts.any():
        raise _nobody(sheet, survey, kept, left_out)
    scaled, universe = _projected(sheet, weight[counts], universe_000, survey.file)
    _notice(sheet, marked, left_out, weight, traits, counts, troubles)
    troubles.notices += _partly_asked(sheet, use, counts)
    return Answers(
        survey.file,
        sheet,
        scaled,
        _stacked([column[counts] for column, _ in use], int(counts.sum())),
        np.array([item.reading.is_contact or sheet.contacts for item in sheet.vehicles], dtype=bool),
        _stacked([truth.yes[counts] for truth in traits], int(counts.sum())).astype(bool),
        np.array([float((counts & ~known).sum()) for _, known in use]),
        {item.name: truth.yes[counts] for item, truth in zip(sheet.cumes, cumes, strict=True)},
        {item.name: truth.yes[counts] for item, truth in zip(sheet.users, users, strict=True)},
        universe,
        sheet.contacts and any(not item.reading.is_contact for item in sheet.vehicles),
        (*survey.notices, *troubles.notices),
    )


def _uses(sheet: SurveySheet, survey: Survey, troubles: _Troubles) -> list[tuple[FloatArray, BoolArray]]:
    """Per vehicle the chances of each respondent, and whether he answered; without those that are a problem."""
    found = [
        troubles.tried(item.cell, f'"{item.name}"', chances, item.expression, item.reading, survey)
        for item in sheet.vehicles
    ]
    return [each for each in found if each is not None]


def _nobody(sheet: SurveySheet, survey: Survey, kept: BoolArray, left_out: str) -> WorkbookError:
    cell = sheet.weight_cell if kept.any() or not sheet.filters else sheet.filters[0].cell
    text = f"none of {number(survey.rows)} respondents counts; left out: {left_out}."
    return WorkbookError(survey.file, (Problem(cell or sheet.file_cell, text),), survey.notices)


def _stacked(columns: Sequence[np.ndarray], rows: int) -> np.ndarray:
    return np.column_stack(columns) if columns else np.empty((rows, 0))


def _with_missing(sheet: SurveySheet, survey: Survey, troubles: _Troubles) -> Survey:
    """The survey with answers that mean none taken out."""
    gone: dict[str, tuple[str, ...]] = {}
    everywhere: tuple[str, ...] = ()
    for row in sheet.missing:
        if not row.column:
            everywhere += row.values
            continue
        column = troubles.tried(row.cell, "", column_of, row.column, survey)
        if column is not None:
            gone[column.name] = (*gone.get(column.name, ()), *row.values)
    if not everywhere and not gone:
        return survey
    columns = tuple(
        without_missing(column, (*everywhere, *gone.get(column.name, ()))) for column in survey.columns
    )
    return replace(survey, columns=columns)


def _kept(sheet: SurveySheet, survey: Survey, troubles: _Troubles) -> tuple[BoolArray, BoolArray]:
    """(n,) whom the filters keep, and whom no answer keeps out, only the want of one."""
    kept, silent = np.ones(survey.rows, dtype=bool), np.ones(survey.rows, dtype=bool)
    for truth in _truths(sheet.filters, survey, troubles):
        kept &= truth.yes
        silent &= ~truth.no
    return kept, silent & ~kept


def _truths(items: Iterable[SurveyItem], survey: Survey, troubles: _Troubles) -> list[Truth]:
    def so(expression: str) -> Truth:
        return who(expression_of(expression, survey), survey)

    found = [troubles.tried(item.cell, item.name or "filter", so, item.expression) for item in items]
    return [truth for truth in found if truth is not None]


def _weights(sheet: SurveySheet, survey: Survey, kept: BoolArray, troubles: _Troubles) -> FloatArray | None:
    """(n,) weights as they stand, 0 where there is none."""
    if not sheet.weight:
        return np.ones(survey.rows)
    column = troubles.tried(sheet.weight_cell, "weight", column_of, sheet.weight, survey)
    if column is None:
        return None
    if column.is_text:
        held = f"holds {no_numbers(column)}; expected numbers from 0 on{to_mend(column)}."
        text = f'The weight column "{column.name}" {held}'
        troubles.problems.append(Problem(sheet.weight_cell, text))
        return None
    weight = np.where(np.isfinite(column.values), column.values, 0.0)
    below = int((kept & (weight < 0)).sum())
    if below:
        text = (
            f'The weight column "{column.name}" is below 0 in {count_of(below, "row")}; expected 0 or more.'
        )
        troubles.problems.append(Problem(sheet.weight_cell, text))
    return weight


def _projected(
    sheet: SurveySheet, weight: FloatArray, universe_000: float, file: str
) -> tuple[FloatArray, float | None]:
    """Weights as people (000), and the universe; as they stand where no universe is known."""
    total = float(weight.sum())
    if sheet.weights_are == "relative":
        return (weight * (universe_000 / total), universe_000) if universe_000 else (weight, None)
    scale = 0.001 if sheet.weights_are == "people" else 1.0
    if universe_000 and abs(total * scale - universe_000) > UNIVERSE_AGREES * universe_000:
        people = number(total * scale, 0 if total * scale >= 100 else 3)
        text = (
            f"The weights are {sheet.weights_are} and add up to {people} thousand people, but the Brief's "
            f"Universe (000) says {number(universe_000)}; mend one of them, or write relative."
        )
        raise WorkbookError(file, (Problem(sheet.weight_cell, text),))
    return weight * scale, total * scale


def _notice(
    sheet: SurveySheet, survey: Survey, left_out: str, weight: FloatArray, traits: Sequence[Truth],
    counts: BoolArray, troubles: _Troubles,
) -> None:  # fmt: skip
    """What was left out, and what was taken for no."""
    say = troubles.notices.append
    out = f"{survey.file}: {count_of(int(counts.sum()), 'respondent')} of {number(survey.rows)} count"
    say(f"{out}." if counts.all() else f"{out}; left out: {left_out}.")
    troubles.notices += counted_again(survey)
    counted = weight[counts]
    if effective_base(counted) < _WORTH * len(counted):
        say(
            f"The weights differ so much that {number(len(counted))} respondents are worth "
            f"{number(effective_base(counted), 0)} without weights (effective base); the largest weight stands for "
            f"{100 * counted.max() / counted.sum():.2g} % of everybody."
        )
    idle = _idle(sheet)
    if idle:
        say(
            f"Nothing is made of {listing(idle)}: the sheet Survey has no such vehicle, or none of such a medium."
        )
    unclear = [
        f"{item.name} ({number(gone)})"
        for item, truth in zip(sheet.traits, traits, strict=True)
        if (gone := int((counts & ~truth.yes & ~truth.no).sum()))
    ]
    if unclear:
        say(f"Respondents whose answers do not tell are counted as without the trait: {listing(unclear, 8)}.")


def _partly_asked(
    sheet: SurveySheet, use: Sequence[tuple[FloatArray, BoolArray]], counts: BoolArray
) -> list[str]:
    """Vehicles of which many gave no answer, as in split ballots, and pairs that nobody answered both of. A column in
    which nobody says no is one of marks, whose blanks say it."""
    places = [
        place
        for place, (chance, known) in enumerate(use)
        if (counts & known).sum() < _MOSTLY * counts.sum() and chance[counts & known].min(initial=1.0) < 1
    ]
    if not places:
        return []
    few = [
        f"{sheet.vehicles[place].name} ({number(int((counts & use[place][1]).sum()))})" for place in places
    ]
    told = [
        f"Answered by fewer than {100 * _MOSTLY:.0f} % of {number(int(counts.sum()))} respondents: {listing(few)}. "
        "Where the others were not asked, the audience is too small: keep who was asked (a row filter), or state "
        "Audience (000)."
    ]
    known = np.column_stack([use[place][1][counts] for place in places]).astype(np.float32)
    apart = np.argwhere(np.triu(known.T @ known == 0, 1))
    if len(apart):
        a, b = (sheet.vehicles[places[at]].name for at in apart[0])
        more = f", nor about {count_of(len(apart) - 1, 'more pair')}" if len(apart) > 1 else ""
        told.append(
            f"No respondent was asked about both {a} and {b}{more}: who uses both is not known (of the respondents "
            "nobody is counted), so that reach of plans with both is a guess."
        )
    return told


def _idle(sheet: SurveySheet) -> list[str]:
    """Cumes and users of what no row vehicle has, in words."""
    vehicles = {key(item.name) for item in sheet.vehicles}
    media = {key(item.medium) for item in sheet.vehicles}
    rows = (("cume", sheet.cumes, vehicles), ("users", sheet.users, media))
    return [
        f"the {what} of {item.name}"
        for what, items, known in rows
        for item in items
        if key(item.name) not in known
    ]
