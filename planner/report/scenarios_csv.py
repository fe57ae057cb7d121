"""The tables of a comparison as CSV files: one a frame, texts never formulas, in the reader's own marks."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from planner.campaign.scenarios import Scenario
from planner.comparing.frames import (
    audience_frame,
    change_frame,
    insertions_frame,
    money_frame,
    pair_frame,
    scenario_frame,
)
from planner.comparing.sweep import Comparison
from planner.errors import OutputError

if TYPE_CHECKING:
    import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # how a spreadsheet tells a formula
TABLES: Mapping[str, Callable[[Comparison], "pd.DataFrame"]] = {
    "scenarios": scenario_frame,
    "audiences": audience_frame,
    "insertions": lambda compared: insertions_frame(compared).reset_index(),
    "money": lambda compared: money_frame(compared).reset_index(),
    "changes": change_frame,
    "pairs": pair_frame,
}


def write_tables(compared: Comparison, folder: Path, delimiter: str, decimal: str) -> None:
    """Write every table; raises OutputError where one cannot be written."""
    for name, frame_of in TABLES.items():
        frame = frame_of(compared).infer_objects()
        frame.columns = [plain_text(column) for column in frame.columns]
        for column in frame.columns:
            if frame[column].dtype == object or str(frame[column].dtype).startswith("str"):
                frame[column] = frame[column].map(plain_text)
        try:
            frame.to_csv(
                folder / f"{name}.csv", index=False, sep=delimiter, decimal=decimal, encoding="utf-8-sig"
            )
        except OSError as error:
            raise OutputError(f"{folder / name}.csv cannot be written ({error.strerror}).") from error


def plain_text(value: Any) -> Any:
    """A text that no spreadsheet takes for a formula; other values as they are.

    >>> plain_text("=1+1"), plain_text("Budget"), plain_text(-3.5)
    ("'=1+1", 'Budget', -3.5)
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def plan_file_names(scenarios: Sequence[Scenario]) -> list[str]:
    """A file name for each scenario's plan: its number and what of its name every file system takes.

    >>> plan_file_names([Scenario("a/b: 2 m"), Scenario("..")])
    ['01 a b 2 m.xlsx', '02.xlsx']
    """
    digits = max(2, len(str(len(scenarios))))
    names = []
    for number, scenario in enumerate(scenarios, 1):
        plain = " ".join(re.sub(r"[^\w%+,.-]+", " ", scenario.name).strip(" .").split())[:60]
        names.append(f"{number:0{digits}} {plain}".rstrip(" .") + ".xlsx")
    return names
