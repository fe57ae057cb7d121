"""A workbook of a plan by week."""

from pathlib import Path

import pytest

from planner.campaign.inputs import Campaign
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.write import write_plan
from tests.planner.workbook.flowchart.sheets import NAMES, Maker


@pytest.fixture
def plan(made_campaign: Maker, made_weeks: Maker, tmp_path: Path) -> tuple[Path, Campaign]:
    """A workbook in which Total Film, Cost and News have one insertion in weeks 1, 2, 3, and Idle has none."""
    path = tmp_path / "plan.xlsx"
    write_plan(made_weeks(made_campaign(4, names=NAMES), insertions=[1, 1, 1, 0]), path)
    return path, read_campaign(path)
