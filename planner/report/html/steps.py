"""A series of plans of which one is shown at a time: a slider, moved by mouse, finger or arrow keys, chooses it.

Without the script, and for a reader who looks for a text, all of them are there, one below the other.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.formats import is_whole, signed
from planner.report.html.page import Markup, element, facts
from planner.report.html.tables import Cell, Figure, sortable
from planner.report.why.explain import change_text, count_text

MOST_STEPS, MOST_ROWS = 60, 3_000  # steps of one slider, rows of all their tables


@dataclass(frozen=True)
class Step:
    """What the slider says where it stands here, and what is shown then."""

    name: str
    parts: Sequence[str]


def stepper(
    key: str, label: str, steps: Sequence[Step], *, above: Sequence[str] = (), first: int = 0
) -> Markup:
    """A slider over steps. key: of its address in the page. above: charts whose points know their step. first: the step
    shown at the beginning."""
    slider = element(
        "div",
        element("label", label, for_=f"{key}-slider"),
        element("input", type="range", id=f"{key}-slider", min=0, max=len(steps) - 1, step=1,
                value=min(first, len(steps) - 1)),
        element("output", steps[min(first, len(steps) - 1)].name, for_=f"{key}-slider"),
        class_="slider",
    )  # fmt: skip
    shown = (
        element("div", element("h3", step.name), *step.parts, class_="step", data_name=step.name)
        for step in steps
    )
    return element("div", *above, slider, element("div", *shown, aria_live="polite"), class_="steps")


def most_rows(steps: int) -> int:
    """How many rows the table of each of so many steps may have."""
    return max(8, min(60, MOST_ROWS // max(1, steps)))


@dataclass(frozen=True)
class Bought:
    """A vehicle of a plan. before: insertions in the plan it is held against, None = in none. unit_000: contacts
    (thousands) of one unit of a line bought by the thousand, 0 of insertions."""

    vehicle: str
    medium: Markup
    insertions: float
    before: float | None = None
    unit_000: float = 0.0


def plan_step(
    name: str, told: Sequence[tuple[str, str]], bought: Sequence[Bought], most: int, *more: str
) -> Step:
    """A plan as a step: what is told of it, then its vehicles, the first `most` of them."""
    held = any(row.before is not None for row in bought)
    headings = ["Vehicle", "Medium", "Insertions", *(["Change"] if held else [])]
    rows: list[list[Cell]] = [
        [row.vehicle, row.medium, _count(row), *([_change(row)] if held else [])] for row in bought[:most]
    ]
    rest = len(bought) - len(rows)
    caption = f"{rest} more vehicles are in the workbook." if rest > 0 else ""
    table = [sortable(headings, rows, caption=caption)] if rows else []
    return Step(name, [element("div", element("div", facts(told), *more), *table, class_="halves")])


def _count(row: Bought) -> Figure:
    return Figure(count_text(row.insertions, row.unit_000), row.insertions)


def _change(row: Bought) -> Figure:
    change = row.insertions - (row.before or 0.0)
    told = change_text(change, row.unit_000) if row.unit_000 else signed(change, 0 if is_whole(change) else 2)
    return Figure("" if abs(change) < 1e-9 else told, change)
