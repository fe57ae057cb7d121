"""Surveys as Parquet (pyarrow)."""

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.names import listing
from planner.survey.table import Survey, SurveyColumn, as_texts, date_text


def read(path: Path, encoding: str) -> Survey:
    """Read a Parquet survey. A column's label is its field's metadata `label`, where it has one."""
    import pyarrow
    import pyarrow.parquet

    try:
        table = pyarrow.parquet.ParquetFile(path).read()
    except (pyarrow.ArrowException, OSError, ValueError, RuntimeError):
        refuse(path, f"{path.name} is no Parquet file, or is damaged; save it again and try once more.")
    if not table.num_columns:
        refuse(path, f"{path.name} has no columns.")
    nested = [field.name for field in table.schema if pyarrow.types.is_nested(field.type)]
    columns = tuple(
        SurveyColumn(field.name, _values(table.column(place)), _label(field))
        for place, field in enumerate(table.schema)
        if field.name not in nested
    )
    notices = (f"Columns that hold lists or structures were not read: {listing(nested)}.",) if nested else ()
    return Survey(path.name, "Parquet", columns, table.num_rows, notices)


def _label(field: Any) -> str:
    raw = (field.metadata or {}).get(b"label", b"")
    return str(raw.decode("utf-8", "replace"))


def _values(column: Any) -> NDArray[Any]:
    """Numbers and truths as numbers, all else as texts."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    types, kind = pyarrow.types, column.type
    if any(is_so(kind) for is_so in (types.is_boolean, types.is_integer, types.is_floating)):
        return np.asarray(column.cast(pyarrow.float64()).to_numpy(), dtype=np.float64)
    values = column.to_pylist()
    if types.is_decimal(kind) or types.is_null(kind):
        return np.array([np.nan if value is None else float(value) for value in values], dtype=np.float64)
    return as_texts([None if value is None else _text(value) for value in values])


def _text(value: Any) -> str:
    return date_text(value) if isinstance(value, date) else str(value)
