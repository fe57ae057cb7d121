"""Vehicles by traits, as a survey counts them.

For vehicle j and trait t, w the weights, x the chance or claim, h who has the trait:

    people      sum w x h
    coverage    sum w x h / sum w h       of the trait's people, those whom the vehicle reaches
    composition sum w x h / sum w x       of the vehicle's audience, those with the trait
    index       100 composition / (sum w h / sum w)
    base        respondents with x > 0; effective base (sum w x)^2 / sum (w x)^2 (Kish 1965)

The 95 % interval of a composition is Wilson's (1927) with the effective base for the sample size (Kott 2017, Survey
Methodology 43-2). A vehicle on a base under 140 respondents is marked: Great Britain's National Readership Survey first
released a title's estimates at 140 unweighted readers of an average issue (nrs.co.uk, Data Release Rules; 175 before).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from models.arrays import BoolArray
from models.errors import InvalidInput
from models.people.expressions import parse_expression
from planner.campaign.inputs import AudienceRow
from planner.names import key, nearest
from planner.survey.answers import Answers
from planner.survey.describe import effective_base
from planner.table import Table, plain_table

SMALL_BASE = 140
SMALL_BASE_RULE = (
    f"base under {SMALL_BASE} respondents, the fewest readers on which the National Readership Survey (Great Britain) "
    "first released a title's figures"
)
EVERYONE = "everyone"
_Z = 1.959963984540054  # of a normal distribution: 2.5 % lie above


@dataclass(frozen=True)
class Figure:
    """A vehicle by a trait. people_000: None where no universe is known. base: respondents who use the vehicle.
    *_pct are percents; None where nobody is there to count."""

    vehicle: str
    medium: str
    trait: str
    people_000: float | None
    coverage_pct: float | None
    composition_pct: float | None
    index: float | None
    low_pct: float | None
    high_pct: float | None
    base: int
    effective_base: float
    small_base: bool


@dataclass(frozen=True)
class Crosstab:
    """figures: by vehicle (everyone first), then by trait. notices: how the survey was read; assumption: "" or what
    every output repeats."""

    file: str
    respondents: int
    effective_base: float
    universe_000: float | None
    traits: tuple[str, ...]
    vehicles: tuple[str, ...]
    figures: tuple[Figure, ...]
    notices: tuple[str, ...]
    assumption: str = ""

    def table(self) -> Table:
        """One row a vehicle and trait; each says what was assumed, where something was."""
        rows = [vars(figure) | {"assumption": self.assumption} for figure in self.figures]
        return plain_table("crosstab", rows)

    def of(self, vehicle: str) -> tuple[Figure, ...]:
        """A vehicle's figures, by trait."""
        return tuple(figure for figure in self.figures if figure.vehicle == vehicle)


def crosstab(
    answers: Answers,
    audiences: Sequence[AudienceRow] = (),
    vehicles: Sequence[str] = (),
    traits: Sequence[str] = (),
    assumption: str = "",
) -> Crosstab:
    """Tabulate vehicles by traits; of each all, unless some are named.

    audiences: named definitions over traits. traits: names of traits or audiences, or definitions over traits.
    Without any, everyone is the one column. Raises InvalidInput where a name is not known.
    """
    columns = [_place(name, answers.vehicles) for name in vehicles] or range(len(answers.vehicles))
    named = list(traits) or [*answers.traits, *(audience.name for audience in audiences)] or [EVERYONE]
    masks = {name: _members(name, answers, audiences) for name in named}
    figures = [
        _figure(answers, column, name, mask) for column in (None, *columns) for name, mask in masks.items()
    ]
    shown = (EVERYONE, *(answers.vehicles[column] for column in columns))
    return Crosstab(
        answers.file,
        len(answers.weight),
        answers.effective_base,
        answers.universe_000,
        tuple(masks),
        shown,
        tuple(figures),
        answers.notices,
        assumption,
    )


def _place(name: str, known: Sequence[str]) -> int:
    for place, other in enumerate(known):
        if key(other) == key(name):
            return place
    hint = nearest(name, known) or "; the sheet Survey lists them."
    raise InvalidInput(f'"{name}" is not a vehicle of the sheet Survey{hint}')


def _members(name: str, answers: Answers, audiences: Sequence[AudienceRow]) -> BoolArray:
    """(n,) who belongs to a trait, an audience, or a definition over traits."""
    traits = {trait: answers.has_trait[:, place] for place, trait in enumerate(answers.traits)}
    by_key = {key(trait): mask for trait, mask in traits.items()}
    if key(name) in by_key:
        return by_key[key(name)]
    definition = next((a.definition for a in audiences if key(a.name) == key(name)), name)
    everyone = {EVERYONE: np.ones(len(answers.weight), dtype=bool)}
    known = {**everyone, **traits}
    return parse_expression(definition, tuple(known)).mask(known)


def _figure(answers: Answers, column: int | None, trait: str, mask: BoolArray) -> Figure:
    """column: of a vehicle; None = everyone."""
    use = np.ones(len(answers.weight)) if column is None else answers.use[:, column]
    weight = answers.weight * use
    people, having, everyone = (
        float(weight.sum()),
        float(answers.weight[mask].sum()),
        float(answers.weight.sum()),
    )
    both = float(weight[mask].sum())
    composition = both / people if people > 0 else None
    share = having / everyone
    effective = effective_base(weight)
    low, high = (None, None) if composition is None else wilson(composition, effective)
    base = int((use > 0).sum())
    return Figure(
        EVERYONE if column is None else answers.vehicles[column],
        "" if column is None else answers.media[column],
        trait,
        None if answers.universe_000 is None else both,
        _percent(both / having if having > 0 else None),
        _percent(composition),
        None if composition is None or share <= 0 else 100 * composition / share,
        _percent(low),
        _percent(high),
        base,
        effective,
        base < SMALL_BASE,
    )


def _percent(share: float | None) -> float | None:
    return None if share is None else 100 * share


def wilson(share: float, n: float) -> tuple[float, float]:
    """Wilson's 95 % interval of a share measured on n (1927, J. Am. Stat. Assoc. 22, 209-212).

    >>> [round(end, 4) for end in wilson(0.5, 100)]
    [0.4038, 0.5962]
    """
    if n <= 0:
        return 0.0, 1.0
    middle = share + _Z**2 / (2 * n)
    half = _Z * sqrt(share * (1 - share) / n + _Z**2 / (4 * n**2))
    return max((middle - half) / (1 + _Z**2 / n), 0.0), min((middle + half) / (1 + _Z**2 / n), 1.0)
