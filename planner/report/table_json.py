"""Tables of many plans as JSON: a list of rows, every figure by its column's key."""

from typing import Any

from planner.comparing.table import Column, Table

_PERCENT = ("share", "points")


def table_json(table: Table) -> list[dict[str, Any]]:
    """A list of rows. A share's key ends in _pct and is a percent, as everywhere in JSON; a gap stays a fraction."""
    return [
        {json_key(column): _value(column, value) for column, value in zip(table.columns, row, strict=True)}
        for row in table.rows
    ]


def json_key(column: Column) -> str:
    """The key of a column.

    >>> json_key(Column("reach: target", "Reach", "share")), json_key(Column("budget", "Budget", "money"))
    ('reach: target_pct', 'budget')
    """
    return f"{column.key}_pct" if column.kind in _PERCENT else column.key


def _value(column: Column, value: Any) -> Any:
    if column.kind == "yes/no":
        return None if value is None else bool(value)
    if column.kind == "text":
        return value or None
    return value if value is None or column.kind not in _PERCENT else 100 * value
