"""A workbook of some sheets, read; or refused, with its problems."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.account.books import Rows, written


@pytest.fixture
def read(tmp_path: Path) -> Callable[..., Campaign]:
    return lambda sheets=(), **edits: read_campaign(
        written(tmp_path / "a.xlsx", dict(sheets), edits.get("edits"))
    )


@pytest.fixture
def refused(tmp_path: Path) -> Callable[..., WorkbookError]:
    def refuse(
        sheets: Mapping[str, Rows] | None = None, edits: Mapping[str, Any] | None = None
    ) -> WorkbookError:
        with pytest.raises(WorkbookError) as caught:
            read_campaign(written(tmp_path / "a.xlsx", sheets or {}, edits))
        return caught.value

    return refuse
