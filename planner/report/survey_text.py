"""A survey's columns and tables for the terminal (100 columns)."""

from planner.formats import count_of, number
from planner.report.layout import hanging, table
from planner.survey.describe import ColumnFigures, Description, WeightFigures

_HEADINGS = ("Column", "Label", "Kind", "No answer", "Lowest", "Highest")


def description_text(found: Description) -> str:
    """The columns, the weights, what looks odd."""
    survey = found.survey
    lines = [
        hanging("", f"{survey.file} ({survey.format}): {count_of(survey.rows, 'respondent')}, "
                    f"{count_of(len(found.columns), 'column')}."),
        *(hanging("", notice) for notice in survey.notices),
        *([] if found.weight is None else [hanging("", _weight(found.weight))]),
        "",
        *table(_HEADINGS, [_row(column) for column in found.columns], texts=3),
    ]  # fmt: skip
    odd = [hanging("  ", f"{column.name}: {text}.") for column in found.columns for text in column.odd]
    if odd:
        lines += ["", "Worth a look:", *odd]
    return "\n".join(lines)


def _row(column: ColumnFigures) -> tuple[str, ...]:
    ends = ("" if value is None else f"{value:g}" for value in (column.low, column.high))
    return (column.name, column.label or column.values, column.kind, number(column.missing), *ends)


def _weight(weight: WeightFigures) -> str:
    out = (
        f"; {count_of(weight.left_out, 'respondent')} without a weight are left out"
        if weight.left_out
        else ""
    )
    wrong = f"; {count_of(weight.negative, 'weight')} below 0, which none can be" if weight.negative else ""
    return (
        f"Weight {weight.name}: {count_of(weight.used, 'respondent')}, sum {number(weight.total, 3)}, "
        f"{weight.low:g} to {weight.high:g}, effective base {number(weight.effective)} (Kish){out}{wrong}."
    )
