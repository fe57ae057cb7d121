"""What a column of Composition may be as well: ratios for percents or for indices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from planner.campaign.inputs import TraitRow
from planner.excel.read import Cell
from planner.names import listing
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Reading, Trouble, exact, read_column, says_percent

BAND_TOLERANCE = 0.01
MOST_RATIO = 5.0  # an index column of no more than this is asked about: indices run from 20 to 500
MOST_BESIDE = 2.0  # beside larger ones: hundredths of the universe's share, or twice as many?
_RATIOS = (0.002, 0.05)  # as shares: percents that may as well be times the universe's share
_FEW = 0.5  # of the universe's share: where no vehicle has as much, ratios are likelier than percents


@dataclass(frozen=True)
class BandScale:
    """What the traits of a band that everyone belongs to add up to, in every vehicle's row: 1 or 100."""

    whole: float

    def shares(self, values: Sequence[float | Trouble | None]) -> list[float | Trouble | None]:
        """Bare numbers as shares of the audience."""
        return [exact(value / self.whole) if isinstance(value, float) else value for value in values]


def proven_scales(
    bands: Iterable[Sequence[TraitRow]],
    places: Mapping[str, int],
    rows: Sequence[Mapping[int, Cell]],
    findings: Findings,
) -> dict[str, BandScale]:
    """By trait of a band that everyone belongs to: what its figures prove to be parts of.

    places: columns under bare headings, by trait. rows: the cells of each vehicle, by column.
    """
    proven: dict[str, BandScale] = {}
    for members in bands:
        names = [trait.name for trait in members]
        complete = abs(sum(trait.share for trait in members) - 1) <= BAND_TOLERANCE
        if not complete or not places.keys() >= set(names):
            continue
        scale = _scale_of_band([[row.get(places[name]) for row in rows] for name in names])
        if scale is not None:
            proven.update(dict.fromkeys(names, scale))
        if scale == BandScale(1.0):
            findings.notice(
                f"Composition: {listing(names)} add up to 1 in every row; they were read as shares, so that 0.3 is "
                "30 %."
            )
    return proven


def _scale_of_band(columns: Sequence[Sequence[Cell | None]]) -> BandScale | None:
    """What bare figures of a complete band add up to, a column a trait; None where they prove nothing.

    Each may be rounded to a hundredth of the whole.
    """
    if any(map(says_percent, chain.from_iterable(columns))):
        return None
    sums = _sums([read_column(cells, Reading()) for cells in columns])
    slack = 0.005 * len(columns) + 1e-9
    for whole in (1.0, 100.0) if sums else ():
        if all(abs(total / whole - 1) <= slack for total in sums):
            return BandScale(whole)
    return None


def _sums(columns: Sequence[Sequence[float | Trouble | None]]) -> list[float]:
    """What the rows that are not blank add up to; nothing where one is not filled with figures."""
    rows = [row for row in zip(*columns, strict=True) if any(value is not None for value in row)]
    figures = [[value for value in row if isinstance(value, float)] for row in rows]
    return [sum(row) for row in figures] if all(len(row) == len(columns) for row in figures) else []


def asked_about_ratios(
    values: Sequence[float | Trouble | None], cells: Sequence[Cell | None], trait: TraitRow
) -> list[float | Trouble | None]:
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


def asked_about_scale(values: Sequence[float | Trouble | None]) -> list[float | Trouble | None]:
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
