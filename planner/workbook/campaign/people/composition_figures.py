"""A figure of Composition: what share of an audience it is in its unit, why it cannot be true, what else it may be."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from planner.campaign.inputs import TraitRow, VehicleRow
from planner.excel.read import Cell
from planner.formats import percent
from planner.names import listing
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Number, Reading, Trouble, exact, read_column, says_percent

POPULATION_TOLERANCE = 0.005
MORE_THAN_ALL = "; expected at most 100 %."
MORE_THAN_THERE_ARE = "mend the audience, the composition or the share."


@dataclass(frozen=True)
class Figure:
    """A figure of Composition in its unit."""

    value: float
    unit: str
    trait: TraitRow
    vehicle: VehicleRow
    universe_000: float

    @property
    def population(self) -> float:
        """People with the trait, in thousands."""
        return self.trait.share * self.universe_000

    def share(self) -> float | None:
        """Share of the vehicle's audience; None where the audience is 0 and the figure is of people."""
        audience = self.vehicle.audience_000
        if self.unit == "%":
            return self.value
        if self.unit == "index":
            return exact(self.value / 100 * self.trait.share)
        people = self.value * self.population if self.unit == "coverage %" else self.value
        return exact(people / audience) if audience else None

    def trouble(self) -> str:
        """Why the figure cannot be true; "" when it can."""
        name, trait, audience = self.vehicle.name, self.trait.name, self.vehicle.audience_000
        share = self.share()
        if self.value < 0:
            return f"{trait} is negative ({self.value:g}); expected 0 or more."
        if not self.universe_000 or math.isnan(self.trait.share):
            return ""  # the universe or the trait's share is a problem already
        if share is None:
            people = f'"{name}" has an audience of 0, but people with the trait {trait}; mend one of them.'
            return people if self.value else ""
        if share > 1:
            made = f"{trait} is" if self.unit == "%" else f"{self.in_words()} makes"
            return f'{made} {percent(share)} of the audience of "{name}"{MORE_THAN_ALL}'
        possible = audience <= self.universe_000  # otherwise that is said already, at the audience
        if possible and share * audience > self.population * (1 + POPULATION_TOLERANCE):
            return (
                f'"{name}": {share:.2%} of its {audience:,.6g} thousand people are '
                f"{share * audience:,.6g} thousand with the trait {trait}, but the whole universe has only "
                f"{self.population:,.6g} thousand ({self.trait.share:.2%} of {self.universe_000:,.10g}); "
                f"{MORE_THAN_THERE_ARE}"
            )
        return ""

    def in_words(self) -> str:
        """The figure as a planner would say it."""
        forms = {
            "%": f"{self.value * 100:,.10g} %",
            "index": f"An index of {self.value:g} on a universe's share of {self.trait.share * 100:.10g} %",
            "coverage %": f"A coverage of {self.value * 100:,.10g} % of {self.population:,.10g} thousand people",
            "000": f"{self.value:,.10g} thousand people out of {self.vehicle.audience_000:,.10g}",
        }
        return forms[self.unit]


# --- what a column may be as well: ratios for percents or for indices --------------------------------

BAND_TOLERANCE = 0.01
MOST_RATIO = 5.0  # an index column of no more than this is asked about: indices run from 20 to 500
MOST_BESIDE = 2.0  # beside larger ones: hundredths of the universe's share, or twice as many?
_RATIOS = (0.002, 0.05)  # as shares: percents that may as well be times the universe's share
_FEW = 0.5  # of the universe's share: where no vehicle has as much, ratios are likelier than percents


def proven_scales(
    bands: Iterable[Sequence[TraitRow]],
    places: Mapping[str, int],
    rows: Sequence[Mapping[int, Cell]],
    findings: Findings,
) -> dict[str, float]:
    """By trait of a band that everyone belongs to: what its figures prove to be parts of.

    places: columns under bare headings, by trait. rows: the cells of each vehicle, by column.
    """
    proven: dict[str, float] = {}
    for members in bands:
        names = [trait.name for trait in members]
        complete = abs(sum(trait.share for trait in members) - 1) <= BAND_TOLERANCE
        if not complete or not places.keys() >= set(names):
            continue
        scale = _scale_of_band([[row.get(places[name]) for row in rows] for name in names])
        if scale is not None:
            proven.update(dict.fromkeys(names, scale))
        if scale == 1.0:
            findings.notice(
                f"Composition: {listing(names)} add up to 1 in every row; they were read as shares, so that 0.3 is "
                "30 %."
            )
    return proven


def _scale_of_band(columns: Sequence[Sequence[Cell | None]]) -> float | None:
    """What bare figures of a complete band add up to, a column a trait; None where they prove nothing.

    Each may be rounded to a hundredth of the whole.
    """
    if any(map(says_percent, chain.from_iterable(columns))):
        return None
    sums = _sums([read_column(cells, Reading()) for cells in columns])
    slack = 0.005 * len(columns) + 1e-9
    for whole in (1.0, 100.0) if sums else ():
        if all(abs(total / whole - 1) <= slack for total in sums):
            return whole
    return None


def _sums(columns: Sequence[Sequence[Number]]) -> list[float]:
    """What the rows that are not blank add up to; nothing where one is not filled with figures."""
    rows = [row for row in zip(*columns, strict=True) if any(value is not None for value in row)]
    figures = [[value for value in row if isinstance(value, float)] for row in rows]
    return [sum(row) for row in figures] if all(len(row) == len(columns) for row in figures) else []


def asked_about_ratios(
    values: Sequence[Number], cells: Sequence[Cell | None], trait: TraitRow
) -> list[Number]:
    """Figures from 0.2 to 5 of a trait that no vehicle would have half as often as the universe: percents, or times
    the universe's share? Asked where neither heading nor cells say percent."""
    given = [value for value in values if isinstance(value, float)]
    if any(map(says_percent, cells)) or not _may_be_ratios(given, trait.share):
        return list(values)
    return [_ratio_question(value, trait) if isinstance(value, float) else value for value in values]


def _may_be_ratios(given: Sequence[float], universe: float) -> bool:
    """Whether several figures are of the size of ratios, and less than percents of a trait would be."""
    least, most = _RATIOS
    alike = len(given) > 2 and all(least <= value <= most for value in given)
    return alike and max(given) < _FEW * universe


def _ratio_question(value: float, trait: TraitRow) -> Trouble:
    figure = 100 * value
    return Trouble(
        f"is that {figure:g} % of the audience, or {figure:g} times the universe's {100 * trait.share:g} %? Head the "
        f'column "{trait.name} [%]", or write the index ({100 * figure:g}) under "{trait.name} [index]"',
        "percent or ratio",
    )


def asked_about_scale(values: Sequence[Number]) -> list[Number]:
    """Indices of a few units, as where 1 is the average: 100 is, so they may be meant 100 times as much.

    Beside indices of the usual size only those that hardly can be are asked about.
    """
    given = [value for value in values if isinstance(value, float) and value > 0]
    most = MOST_RATIO if given and max(given) <= MOST_RATIO else MOST_BESIDE
    return [
        _scale_question(value) if isinstance(value, float) and 0 < value <= most else value
        for value in values
    ]


def _scale_question(value: float) -> Trouble:
    return Trouble(
        f"is that an index of {value:g} or of {value * 100:g}? An index of 100 is the universe's share; write "
        f"{value * 100:g} where {value:g} times as many is meant",
        "scale of an index",
    )
