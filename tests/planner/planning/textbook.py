"""A textbook's programme as a campaign, and whether a plan is its published optimum."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.planning.options import Options
from planner.planning.results import PlanResult
from planner.workbook.campaign.parse import read_campaign

EXACT = Options(gap=1e-9)


@dataclass(frozen=True)
class Case:
    """source: where it was printed. brief, and rows of each sheet under its headings; fractional, whole: optimum, and
    its insertions, None where several plans are best."""

    source: str
    brief: Mapping[str, object]
    sheets: Mapping[str, Sequence[Sequence[object]]]
    fractional: tuple[float, Sequence[float] | None] | None = None
    whole: tuple[float, Sequence[float] | None] | None = None
    spare: Mapping[str, tuple[Sequence[float], float]] = field(default_factory=dict)


VEHICLES = ("Vehicle", "Medium", "Unit cost", "Audience (000)", "Max")
RULES = ("Rule", "Applies to", "At least", "At most", "Unit")
GOALS = ("Audience", "Measure", "At least")
TRAITS = ("Trait", "Role", "Share of universe %")


def campaign_of(case: Case, whole: bool, path: Path) -> Campaign:
    book = openpyxl.Workbook()
    brief = book.active
    assert brief is not None
    brief.title = "Brief"
    asked = {"Universe (000)": 8_000_000, "Whole insertions (yes/no)": "yes" if whole else "no", **case.brief}
    for row in asked.items():
        brief.append(row)
    for name, rows in case.sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return read_campaign(path)


def assert_published(result: PlanResult, case: Case, whole: bool) -> None:
    published = case.whole if whole else case.fractional
    assert published is not None
    worth, insertions = published
    assert result.status == "optimal"
    # 1e-7: fractional plans to 1e-8 of their worth; the published optima carry seven digits and more
    assert result.value == pytest.approx(worth, rel=1e-7), case.source
    assert result.bound == pytest.approx(worth, rel=1e-6)
    assert all(rule.holds for rule in result.rules)
    if insertions is not None:
        # 1e-3 of an insertion: as close as a plan worth the published optimum to 1e-7 comes
        assert result.vehicles.insertions == pytest.approx(
            np.array(insertions, dtype=float), rel=1e-4, abs=1e-3
        )
    for row, (coefficients, least) in case.spare.items():
        assert np.dot(coefficients, result.vehicles.insertions) >= least, row
