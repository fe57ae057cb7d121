"""A plan's workbook, written."""

from collections.abc import Callable
from pathlib import Path

import pytest

from planner.planning.results import PlanResult
from planner.workbook.write import write_plan


@pytest.fixture
def written(tmp_path: Path) -> Callable[[PlanResult], Path]:
    def write_to(result: PlanResult) -> Path:
        path = tmp_path / "plan.xlsx"
        write_plan(result, path)
        return path

    return write_to
