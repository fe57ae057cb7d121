"""A table as terminal, sheets, JSON, CSV and HTML render it: rows, and what each column holds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Literal

# money; people (000); share 0..1, shown as a percent; points (share less share); gap (a share, JSON leaves it one);
# count of insertions or draws; index, 100 = as the universe; number of another kind; yes/no; text.
Kind = Literal["text", "money", "people", "share", "points", "gap", "count", "index", "number", "yes/no"]


@dataclass(frozen=True)
class Column:
    """key: in JSON and CSV. heading: for people."""

    key: str
    heading: str = ""
    kind: Kind = "text"

    @property
    def is_percent(self) -> bool:
        """Whether JSON and CSV hold it in percent."""
        return self.kind in ("share", "points")

    @property
    def json_key(self) -> str:
        """Its key in JSON and CSV.

        >>> Column("lost_share", "Lost", "share").json_key, Column("budget", "Budget", "money").json_key
        ('lost_share_pct', 'budget')
        """
        return f"{self.key}_pct" if self.is_percent else self.key

    def json_value(self, value: Any) -> Any:
        """A cell as JSON and CSV hold it."""
        if self.kind == "text":
            return None if value == "" else value
        if value is None:
            return None
        return bool(value) if self.kind == "yes/no" else 100 * value if self.is_percent else value


@dataclass(frozen=True, eq=False)
class Table:
    """key: in JSON and the name of its CSV. rows: a cell a column, None where there is nothing. notes: below it, a
    sentence each. marked: places of rows that stand out."""

    key: str
    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    notes: Sequence[str] = ()
    marked: Sequence[int] = ()

    @property
    def keys(self) -> list[str]:
        """The columns' keys."""
        return [column.key for column in self.columns]

    @property
    def filled(self) -> "Table":
        """The table as it is read: without columns of words in which no row says anything."""
        kept = [
            place for place, column in enumerate(self.columns)
            if column.kind not in ("text", "yes/no") or any(row[place] for row in self.rows)
        ]  # fmt: skip
        columns, rows = [self.columns[at] for at in kept], [[row[at] for at in kept] for row in self.rows]
        return Table(self.key, self.title, columns, rows, self.notes, self.marked)

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows, each by its columns' keys."""
        keys = self.keys
        return [dict(zip(keys, row, strict=True)) for row in self.rows]

    def by(self, key: str) -> dict[Any, list[dict[str, Any]]]:
        """The records without one column, by what stands in it."""
        found: dict[Any, list[dict[str, Any]]] = {}
        for row in self.records:
            found.setdefault(row.pop(key), []).append(row)
        return found

    def json(self) -> list[dict[str, Any]]:
        """A list of rows. A share's key ends in _pct and is a percent, as everywhere in JSON; a gap stays a fraction.
        Columns `reach: NAME` are one object reach_pct by name."""
        return [self._json(row) for row in self.rows]

    def _json(self, cells: Sequence[Any]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for column, cell in zip(self.columns, cells, strict=True):
            group, _, name = column.key.partition(": ")
            if name:
                found.setdefault(Column(group, "", column.kind).json_key, {})[name] = column.json_value(cell)
            else:
                found[column.json_key] = column.json_value(cell)
        return found


def table_of(
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    notes: Sequence[str] = (),
    marked: Sequence[int] = (),
) -> Table:
    """A table of rows, each with a value by key; what a row lacks is empty."""
    cells = [[cell(row.get(column.key)) for column in columns] for row in rows]
    return Table(key, title, columns, cells, notes, marked)


def plain_table(key: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str] = ()) -> Table:
    """A table for other programs: a column for each key of its rows, unless they are named."""
    return table_of(key, "", [Column(name) for name in columns or dict.fromkeys(chain(*rows))], rows)


def cell(value: Any) -> Any:
    """A value as plain data: None for nan, Python's own numbers.

    >>> cell(float("nan")), cell(2.5), cell("TV"), cell(True)
    (None, 2.5, 'TV', True)
    """
    if isinstance(value, int | float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
