"""Fractions among percents: 0.8 beside 75 is 0.8 %, but perhaps 80 % was meant."""

from collections.abc import Sequence

from planner.excel.read import Cell
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import says_percent

_FAR = 5.0  # times as large: percents beside which a figure below 1 stands out


def ask_about_fractions(
    name: str, values: Sequence[object], cells: Sequence[Cell | None], findings: Findings
) -> None:
    """A figure below 1 among percents many times as large is a percent too, but perhaps was a fraction."""
    figures = _above_zero(values, cells)
    others = [value for value, _ in figures if value >= 0.01]
    small = [(value, cell) for value, cell in figures if value < 0.01 and not says_percent(cell)]
    if not _stand_out([value for value, _ in small], others):
        return
    value, cell = small[0]
    more = f" and {len(small) - 1:,} more were" if len(small) > 1 else " was"
    findings.ask(
        f"{cell.address}: {name} {100 * value:g}{more} taken as {100 * value:g} %, beside {100 * min(others):g} %"
        f"{' and more' if len(others) > 1 else ''}. If {10_000 * value:g} % is meant, write it so."
    )


def ask_about_share_fractions(
    name: str,
    values: Sequence[object],
    cells: Sequence[Cell | None],
    kinds: Sequence[str],
    findings: Findings,
) -> None:
    """The same of a column whose cells are of several kinds: of those that are shares."""
    shares = [
        (value, cell) for value, cell, kind in zip(values, cells, kinds, strict=True) if kind == "share"
    ]
    ask_about_fractions(name, [value for value, _ in shares], [cell for _, cell in shares], findings)


def _above_zero(values: Sequence[object], cells: Sequence[Cell | None]) -> list[tuple[float, Cell]]:
    """Figures above 0, each with its cell."""
    return [
        (value, cell)
        for value, cell in zip(values, cells, strict=True)
        if isinstance(value, float) and value > 0 and cell is not None
    ]


def _stand_out(small: Sequence[float], others: Sequence[float]) -> bool:
    """Whether a few figures are far below all others."""
    return 0 < len(small) <= len(others) and min(others) >= _FAR * max(small)
