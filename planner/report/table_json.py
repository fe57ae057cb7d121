"""Tables of many plans as JSON: a list of rows, every figure by its column's key."""

from dataclasses import replace
from typing import Any

from planner.table import Column, Table

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
