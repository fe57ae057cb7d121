"""Where a written table stands; what reads places needs no writer of workbooks."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Places:
    """Where a table stands, from 0: columns by attribute, own columns by heading, the header's row, each row's."""

    columns: Mapping[str, int]
    own: Mapping[str, int]
    header: int
    rows: tuple[int, ...]
