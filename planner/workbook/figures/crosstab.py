"""A survey's tables as a workbook: one sheet of composition and index, one of every figure."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from planner.campaign.inputs import Brief
from planner.formats import number
from planner.survey.crosstab import SMALL_BASE_RULE, Crosstab, Figure
from planner.workbook.figures.ranking import GOOD_FILL, HIGH_INDEX, LOW_INDEX, MIDDLE_FILL, POOR_FILL
from planner.workbook.page.book import write_book
from planner.workbook.page.files import Target
from planner.workbook.page.styles import COUNT, INDEX, PEOPLE, PERCENT, QUIET, RULE, Page, Styles

_HEADER = 5
_FIGURES: Sequence[tuple[str, str, str, float]] = (  # heading, attribute, number format, width
    ("Vehicle", "vehicle", "", 30), ("Medium", "medium", "", 14), ("Trait", "trait", "", 20),
    ("People (000)", "people_000", PEOPLE, 12), ("Coverage %", "coverage_pct", PERCENT, 11),
    ("Composition %", "composition_pct", PERCENT, 12), ("95 % from", "low_pct", PERCENT, 10),
    ("95 % to", "high_pct", PERCENT, 10), ("Index", "index", INDEX, 8), ("Base", "base", COUNT, 9),
    ("Effective base", "effective_base", COUNT, 14), ("Small base", "small_base", "", 12),
)  # fmt: skip
_SCALE = {
    "type": "3_color_scale", "min_color": POOR_FILL, "mid_color": MIDDLE_FILL, "max_color": GOOD_FILL,
    "min_type": "num", "min_value": LOW_INDEX, "mid_type": "num", "mid_value": 100, "max_type": "num",
    "max_value": HIGH_INDEX,
}  # fmt: skip


def write_crosstab(found: Crosstab, target: Target, brief: Brief) -> None:
    """Write the tables; raises OutputError when they cannot stand there."""
    write_book(target, brief, partial(_fill, found), title="Survey tables")


def _fill(found: Crosstab, styles: Styles) -> None:
    _write_tables(styles.page("Crosstab"), found)
    _write_figures(styles.page("Figures"), found)


def _write_head(page: Page, found: Crosstab, title: str) -> None:
    base = (
        f"{number(found.respondents)} respondents, effective base {number(found.effective_base)} (Kish 1965)"
    )
    page.title(title, f"{found.file}: {base}.", f"In grey: {SMALL_BASE_RULE}.")
    page.put(3, 0, found.assumption, page.styles.get(bold=True) if found.assumption else page.styles.subtitle)


def _write_tables(page: Page, found: Crosstab) -> None:
    """Composition and index, side by side by trait; indices coloured."""
    _write_head(page, found, "Composition and index, vehicles by traits")
    page.widths((32, 14, 9, 13, *[11, 8] * len(found.traits)))
    page.headings(_HEADER, 0, ("Vehicle", "Medium", "Base", "Effective base"), texts=2)
    for place, trait in enumerate(found.traits):
        page.headings(_HEADER, 4 + 2 * place, (f"{trait} %", f"{trait} index"), texts=0)
    page.sheet.set_row(_HEADER, 45)
    for row, vehicle in enumerate(found.vehicles, _HEADER + 1):
        figures = found.of(vehicle)
        look = _look(page, figures[0])
        page.put(row, 0, vehicle, look(""))
        page.put(row, 1, figures[0].medium, look(""))
        page.number(row, 2, figures[0].base, look(COUNT))
        page.number(row, 3, figures[0].effective_base, look(COUNT))
        for place, figure in enumerate(figures):
            page.number(row, 4 + 2 * place, _share(figure.composition_pct), look(PERCENT))
            page.number(row, 5 + 2 * place, figure.index, look(INDEX))
    last = _HEADER + len(found.vehicles)
    for place in range(len(found.traits)):
        page.sheet.conditional_format(
            _HEADER + 2, 5 + 2 * place, max(last, _HEADER + 2), 5 + 2 * place, _SCALE
        )
    page.sheet.autofilter(_HEADER, 0, last, 3 + 2 * len(found.traits))
    page.set_up(header_row=_HEADER, width=68 + 19 * len(found.traits))


def _write_figures(page: Page, found: Crosstab) -> None:
    """Every figure, one row a vehicle and trait."""
    _write_head(page, found, "Every figure")
    page.widths([width for *_, width in _FIGURES])
    page.headings(_HEADER, 0, [heading for heading, *_ in _FIGURES], texts=3)
    page.sheet.set_row(_HEADER, 30)
    for row, figure in enumerate(found.figures, _HEADER + 1):
        _write_figure(page, row, figure)
    last, index = _HEADER + len(found.figures), [attribute for _, attribute, *_ in _FIGURES].index("index")
    page.sheet.conditional_format(_HEADER + 1, index, last, index, _SCALE)
    page.sheet.autofilter(_HEADER, 0, last, len(_FIGURES) - 1)
    for row, notice in enumerate(found.notices, last + 2):
        page.put(row, 0, notice, page.styles.subtitle)
    page.set_up(header_row=_HEADER)


def _write_figure(page: Page, row: int, figure: Figure) -> None:
    look = _look(page, figure)
    for column, (_, attribute, shown, _) in enumerate(_FIGURES):
        value = getattr(figure, attribute)
        if attribute == "small_base":
            page.put(row, column, "yes" if value else "", look("@"))
        elif isinstance(value, str):
            page.put(row, column, value, look(""))
        else:
            page.number(row, column, _share(value) if attribute.endswith("_pct") else value, look(shown))


def _look(page: Page, figure: Figure) -> Any:
    """The format of a number format, grey on a small base."""
    grey = {"font_color": QUIET, "italic": True} if figure.small_base else {}

    def look(shown: str) -> Any:
        number_look = {"num_format": shown, "align": "right"} if shown else {}
        return page.styles.get(bottom=1, bottom_color=RULE, **number_look, **grey)

    return look


def _share(percent: float | None) -> float | None:
    return None if percent is None else percent / 100
