"""A table of many plans as sheets, JSON, CSV and HTML render it: a pandas frame, and what each column holds."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pandas as pd

# money; people (000); share 0..1, shown as a percent; points (share less share); gap (a share, JSON leaves it one);
# count of insertions or draws; index, 100 = as the universe; number of another kind; yes/no; text.
Kind = Literal["text", "money", "people", "share", "points", "gap", "count", "index", "number", "yes/no"]


@dataclass(frozen=True)
class Column:
    """key: in the frame and in JSON. heading: for people."""

    key: str
    heading: str
    kind: Kind = "text"


@dataclass(frozen=True, eq=False)
class Table:
    """key: in JSON and the name of its CSV. frame: a column a key, None or nan where there is nothing. notes: below it,
    a sentence each. marked: places of rows that stand out."""

    key: str
    title: str
    columns: Sequence[Column]
    frame: "pd.DataFrame"
    notes: Sequence[str] = ()
    marked: Sequence[int] = ()

    @property
    def rows(self) -> list[list[Any]]:
        """The cells, row by row; None where there is nothing."""
        return [[cell(value) for value in row] for row in self.frame.itertuples(index=False, name=None)]

    @property
    def records(self) -> list[dict[str, Any]]:
        """The rows, each by its columns' keys."""
        keys = [column.key for column in self.columns]
        return [dict(zip(keys, row, strict=True)) for row in self.rows]


def table_of(
    key: str,
    title: str,
    columns: Sequence[Column],
    rows: Sequence[Mapping[str, Any]],
    notes: Sequence[str] = (),
    marked: Sequence[int] = (),
) -> Table:
    """A table of rows, each with a value by key; what a row lacks is empty."""
    import pandas as pd

    keys = [column.key for column in columns]
    cells = [[row.get(key) for key in keys] for row in rows]
    return Table(key, title, columns, pd.DataFrame(cells, columns=keys, dtype=object), notes, marked)


def cell(value: Any) -> Any:
    """A frame's value as plain data: None for nan, Python's own numbers.

    >>> cell(float("nan")), cell(2.5), cell("TV"), cell(True)
    (None, 2.5, 'TV', True)
    """
    if isinstance(value, int | float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
