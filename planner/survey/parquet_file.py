"""Surveys as Parquet (pyarrow)."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from planner.errors import refuse
from planner.survey.table import Survey, SurveyColumn


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
    notices = (
        (f"Columns that hold lists or structures were not read: {', '.join(nested[:5])}.",) if nested else ()
    )
    return Survey(path.name, "Parquet", columns, table.num_rows, notices)


def _label(field: Any) -> str:
    raw = (field.metadata or {}).get(b"label", b"")
    return str(raw.decode("utf-8", "replace"))


def _values(column: Any) -> NDArray[Any]:
    """Numbers and truths as numbers, all else as texts."""
    import pyarrow

    if pyarrow.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    kind = column.type
    if pyarrow.types.is_boolean(kind) or pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
        return np.asarray(column.cast(pyarrow.float64()).to_numpy(), dtype=np.float64)
    if pyarrow.types.is_decimal(kind):
        return np.array([np.nan if value is None else float(value) for value in column.to_pylist()])
    if pyarrow.types.is_null(kind):
        return np.full(len(column), np.nan)
    texts = np.empty(len(column), dtype=object)
    texts[:] = [
        None if value is None or not str(value).strip() else str(value).strip()
        for value in column.to_pylist()
    ]
    return texts
