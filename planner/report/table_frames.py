"""Tables of many plans as plain frames for CSV: columns by their names in JSON, shares as percents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from planner.report.table_json import json_key, json_value
from planner.table import Table

if TYPE_CHECKING:
    import pandas as pd


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
