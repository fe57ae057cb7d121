"""Tables of many plans as JSON and as plain frames for CSV."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from planner.table import Column, Table

if TYPE_CHECKING:
    import pandas as pd

_PERCENT = ("share", "points")


def table_json(table: Table) -> list[dict[str, Any]]:
    """A list of rows. A share's key ends in _pct and is a percent, as everywhere in JSON; a gap stays a fraction.
    Columns `reach: NAME` are one object reach_pct by name."""
    return [_row(table, row) for row in table.rows]


def _row(table: Table, cells: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column, cell in zip(table.columns, cells, strict=True):
        group, _, name = column.key.partition(": ")
        value = json_value(column, cell)
        if name:
            found.setdefault(json_key(replace(column, key=group)), {})[name] = value
        else:
            found[json_key(column)] = value
    return found


def json_key(column: Column) -> str:
    """The key of a column.

    >>> json_key(Column("lost_share", "Lost", "share")), json_key(Column("budget", "Budget", "money"))
    ('lost_share_pct', 'budget')
    """
    return f"{column.key}_pct" if column.kind in _PERCENT else column.key


def json_value(column: Column, value: Any) -> Any:
    """A cell as JSON and CSV hold it."""
    if column.kind == "yes/no":
        return None if value is None else bool(value)
    if column.kind == "text":
        return value or None
    return value if value is None or column.kind not in _PERCENT else 100 * value


def table_frames(tables: Sequence[Table]) -> "dict[str, pd.DataFrame]":
    """A frame a table, by its key; those without rows are left out."""
    return {table.key: _frame(table) for table in tables if table.rows}


def _frame(table: Table) -> "pd.DataFrame":
    import pandas as pd

    names = [json_key(column) for column in table.columns]
    rows = [
        [json_value(column, value) for column, value in zip(table.columns, row, strict=True)]
        for row in table.rows
    ]
    return pd.DataFrame(rows, columns=names, dtype=object)
