"""Values as JSON holds them: null for nan and infinity, lists for tuples, percents for shares."""

import math
from typing import Any

SCHEMA = 1

JsonObject = dict[str, Any]


def finite(value: float | None) -> float | None:
    """The number, or None for nan and infinity.

    >>> finite(2.0), finite(float("nan"))
    (2.0, None)
    """
    return float(value) if value is not None and math.isfinite(value) else None


def fields_of(record: Any, names: str) -> JsonObject:
    """Attributes of a record, by their names (separated by blanks), as JSON holds them: None for nan or infinity, lists
    for tuples."""
    return {name: _as_json(getattr(record, name)) for name in names.split()}


def _as_json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    return finite(value) if isinstance(value, float) else value


def percents_of(record: Any, **names: str) -> dict[str, float | None]:
    """Shares of a record in percent; names: of its attributes, by key in JSON."""
    return {key: finite(100 * getattr(record, name)) for key, name in names.items()}
