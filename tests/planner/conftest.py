"""Campaigns and results made by hand, for every test that needs one but not a calculation."""

import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.planning.influence import Influence
from planner.planning.results import (
    AudienceFigures,
    PlanResult,
    Ranking,
)
from planner.workbook.campaign.parse import read_campaign
from tests.planner.by_hand import (
    build_audience,
    build_campaign,
    build_influence,
    build_ranking,
    build_result,
    build_weeks,
)

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse">
<value>0</value></prop></item></oor:items>"""


@pytest.fixture
def made_influence() -> Callable[..., Influence]:
    """What influencers add to a made result: made_influence(result, **fields)."""
    return build_influence


@pytest.fixture
def made_ranking() -> Callable[[PlanResult], Ranking]:
    """The ranking of a made result's vehicles: made_ranking(result)."""
    return build_ranking


@pytest.fixture
def made_influenced(made_result: Callable[..., PlanResult]) -> Callable[..., PlanResult]:
    """A made result with what influencers add and with its ranking; arguments as made_result's."""

    def build(*arguments: Any, **fields: Any) -> PlanResult:
        result = made_result(*arguments, **fields)
        return replace(result, influence=build_influence(result), ranking=build_ranking(result))

    return build


@pytest.fixture
def made_campaign() -> Callable[..., Campaign]:
    """Builds a campaign by hand: made_campaign(vehicles=6, media=2, names=(), unquoted=(), **brief)."""
    return build_campaign


@pytest.fixture
def made_result() -> Callable[..., PlanResult]:
    """Builds a result by hand: made_result(campaign, insertions=[...], audiences=5, **fields)."""
    return build_result


@pytest.fixture
def made_audience() -> Callable[..., AudienceFigures]:
    """Builds the figures of an audience: made_audience(name, definition, population_000, grp, classes=25)."""
    return build_audience


BUYERS_BRIEF = {
    "Currency": "EUR", "Universe (000)": 1000, "Budget": 5000, "Weeks": 4, "Objective": "reach",
}  # fmt: skip
BUYERS_BOOK: dict[str, list[list[object]]] = {
    "Traits": [
        ["Trait", "Role", "Share of universe %"],
        ["customer", "customer", "20 %"],
        ["catalyst", "catalyst", "10 %"],
        ["young", "demographic", "40 %"],
    ],
    "Audiences": [["Audience", "Definition"], ["Future", "catalyst and not customer"]],
    "Vehicles": [
        ["Vehicle", "Medium", "Genre", "Groups", "Unit cost", "Audience (000)", "Max", "Smallest buy", "Fixed cost",
         "Locked", "Must buy", "Min"],
        ["Quiz", "TV", "fun", "prime; family", 100, 100, 4],
        ["News", "TV", "news", None, 200, 200, 4],
        ["Cook", "Magazine", "food", "family", 300, 50, 3],
        ["Drive", "Radio", "music", None, 50, 40, 20],
    ],
    "Types": [["Vehicle", "screen", "print"]],
    "Pairs": [["Vehicle A", "Vehicle B", "People (000)", "Percent of A"]],
    "Rules": [["Rule", "Applies to", "At least", "At most", "Unit", "Note"]],
    "Goals": [["Audience", "Measure", "At least", "At most"]],
    "Discounts": [["Vehicle or group", "From", "Unit", "Discount %"]],
    "Packages": [["Package", "Vehicle", "Insertions", "Price"]],
    "Weeks": [["Vehicle", "W1", "W2", "W3", "W4"]],
}  # fmt: skip


@pytest.fixture
def buyers_book(tmp_path: Path) -> Callable[..., Path]:
    """Writes a campaign of four vehicles: buyers_book({"Rules": [rows]}, {"Vehicles!H2": 3}, Budget=None).

    rows: added below the sheet's headings, from row 2 on. edits: cells by address. A value may be a pair,
    (value, number format). Keywords are answers of the Brief.
    """

    def build(
        rows: Mapping[str, list[list[object]]] | None = None,
        edits: Mapping[str, object] | None = None,
        **brief: object,
    ) -> Path:
        book = openpyxl.Workbook()
        book.active.title = "Brief"
        for place, pair in enumerate({**BUYERS_BRIEF, **brief}.items(), 1):
            book["Brief"].cell(place, 1, pair[0])
            book["Brief"].cell(place, 2, pair[1])
        cells: dict[str, object] = {}
        for name, standing in BUYERS_BOOK.items():
            book.create_sheet(name)
            for number, row in enumerate([*standing, *(rows or {}).get(name, [])], 1):
                for place, value in enumerate(row):
                    cells[f"{name}!{'ABCDEFGHIJKL'[place]}{number}"] = value
        for address, value in {**cells, **(edits or {})}.items():
            sheet, _, place = address.partition("!")
            plain, number_format = value if isinstance(value, tuple) else (value, "General")
            book[sheet][place].value = plain
            book[sheet][place].number_format = number_format
        path = tmp_path / "campaign.xlsx"
        book.save(path)
        return path

    return build


@pytest.fixture
def made_weeks(made_result: Callable[..., PlanResult]) -> Callable[..., PlanResult]:
    """A made result with a calendar: made_weeks(campaign, insertions=[...], by_week=False, **fields)."""

    def build(*arguments: Any, by_week: bool = False, **fields: Any) -> PlanResult:
        return build_weeks(made_result(*arguments, **fields), by_week)

    return build


@pytest.fixture
def buyers_problems(buyers_book: Callable[..., Path]) -> Callable[..., dict[str, str]]:
    """Problems by cell of the workbook that buyers_book writes."""

    def read(*arguments: Any, **brief: object) -> dict[str, str]:
        with pytest.raises(WorkbookError) as caught:
            read_campaign(buyers_book(*arguments, **brief))
        return {problem.cell: problem.text for problem in caught.value.problems}

    return read


@pytest.fixture
def buyers_campaign(buyers_book: Callable[..., Path]) -> Callable[..., Campaign]:
    """The campaign of the workbook that buyers_book writes."""
    return lambda *arguments, **brief: read_campaign(buyers_book(*arguments, **brief))


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], openpyxl.Workbook]:
    """Opens a workbook with every formula calculated anew by LibreOffice, under a profile of its own."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("LibreOffice is not installed")
    profile = tmp_path_factory.mktemp("profile")
    (profile / "user").mkdir()
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE)

    def open_recalculated(path: Path) -> openpyxl.Workbook:
        out = tmp_path_factory.mktemp("recalculated")
        command = [soffice, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        assert (out / path.name).exists(), "LibreOffice wrote nothing"
        return openpyxl.load_workbook(out / path.name, data_only=True)

    return open_recalculated
