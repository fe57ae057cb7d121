"""Files that are broken or huge: nothing in them is dropped unsaid."""

import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from planner.campaign.inputs import Campaign
from planner.errors import WorkbookError
from planner.excel.read import read_book
from planner.report.campaign.check_text import MOST_ALIKE, problems_text
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import read_table
from planner.workbook.schema.sheets import SHEETS
from tests.planner.workbook.account.books import HEADINGS, RULES, VEHICLES, by_cell, written


def rezipped(path: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """The workbook with its parts changed; None leaves a part out."""
    with zipfile.ZipFile(path) as whole:
        parts = {name: whole.read(name) for name in whole.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            changed = change(name, content)
            if changed is not None:
                archive.writestr(name, changed)
    return path


STYLES: dict[str, Callable[[bytes], bytes | None]] = {
    "a fill without content": lambda xml: xml.replace(b"<fill><patternFill /></fill>", b"<fill/>", 1),
    "a font family above 14": lambda xml: xml.replace(b'<family val="2" />', b'<family val="34" />'),
    "a colour with a hash": lambda xml: xml.replace(b"<b />", b'<b /><color rgb="#FFCC00"/>').replace(
        b"<sz ", b'<color rgb="#FFCC00"/><sz ', 1
    ),
    "no styles": lambda xml: None,
    "styles cut short": lambda xml: xml[: len(xml) // 2],
    "an endless format": lambda xml: xml.replace(
        b"<fonts",
        b'<numFmts><numFmt numFmtId="200" formatCode="' + b"[&quot;" * 50_000 + b'"/></numFmts><fonts',
        1,
    ).replace(b'numFmtId="0"', b'numFmtId="200"'),
}


@pytest.mark.parametrize("fault", STYLES)
def test_faulty_styles_never_keep_values_from_being_read(fault: str, tmp_path: Path) -> None:
    path = rezipped(
        written(tmp_path / "a.xlsx", {}),
        lambda name, content: STYLES[fault](content) if name == "xl/styles.xml" else content,
    )
    campaign = read_campaign(path)
    assert len(campaign.vehicles) == 4
    assert any("number formats" in notice for notice in campaign.notices) == (
        fault in ("no styles", "styles cut short", "an endless format")
    )


def test_an_outside_link_without_relations_does_not_keep_values_from_being_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {})
    link = b'<externalReferences xmlns:r="x"><externalReference r:id="rId99"/></externalReferences>'
    rezipped(
        path,
        lambda name, xml: (
            xml.replace(b"</sheets>", b"</sheets>" + link) if name == "xl/workbook.xml" else xml
        ),
    )
    assert len(read_campaign(path).vehicles) == 4


def test_a_sheet_whose_link_names_no_kind_is_read_and_a_chart_is_none(tmp_path: Path) -> None:
    def with_kind(kind: bytes) -> Campaign:
        def change(name: str, xml: bytes) -> bytes:
            link = b'relationships/worksheet" Target="/xl/worksheets/sheet3.xml"'
            return (
                xml.replace(link, kind + b'" Target="/xl/worksheets/sheet3.xml"')
                if name.endswith(".rels")
                else xml
            )

        return read_campaign(rezipped(written(tmp_path / "a.xlsx", {"Rules": RULES}), change))

    assert len(with_kind(b"-1").rules) == 1
    assert len(with_kind(b"relationships/chartsheet").rules) == 0


def test_a_boolean_that_is_none_is_no_answer(tmp_path: Path) -> None:
    def change(name: str, xml: bytes) -> bytes:
        return xml.replace(b't="b"><v>1</v>', b't="b"><v>2</v>') if "sheet1" in name else xml

    path = rezipped(
        written(tmp_path / "a.xlsx", {}, {"Brief!A6": "Whole insertions", "Brief!B6": True}), change
    )
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert by_cell(caught.value)["Brief!B6"] == (
        'Whole insertions (yes/no) "2" is neither yes nor no; write one of them.'
    )


def test_a_sheet_whose_part_is_missing_is_refused_by_its_name(tmp_path: Path) -> None:
    path = rezipped(
        written(tmp_path / "a.xlsx", {"Rules": RULES}),
        lambda name, xml: None if name == "xl/worksheets/sheet3.xml" else xml,
    )
    with pytest.raises(WorkbookError) as caught:
        read_campaign(path)
    assert 'lists the sheet "Rules", whose contents are not in the file' in caught.value.problems[0].text


def test_remarks_in_thousands_of_rows_are_one_notice(read: Callable[..., Campaign]) -> None:
    rows = [HEADINGS, *VEHICLES, *[()] * 5, *[(None,) * 6 + ("x",)] * 2000]
    (notice,) = read({"Vehicles": rows}).notices
    assert "rows 11, 12, 13 and 1,997 more have nothing in our columns" in notice


def test_numbers_in_many_rows_without_a_name_are_one_problem_with_every_cell(
    refused: Callable[..., WorkbookError],
) -> None:
    (problem,) = refused({"Vehicles": [HEADINGS, *VEHICLES, *[(None, None, 5)] * 300]}).problems
    first = 2 + len(VEHICLES)
    assert problem.cell == f"Vehicles!A{first}"
    assert problem.text.startswith(f"300 rows have values (this one in Vehicles!C{first}) but no Vehicle")
    assert problem.also == tuple(f"Vehicles!A{row}" for row in range(first + 1, first + 300))


def test_more_rows_than_a_campaign_has_are_one_problem_and_none_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", {"Vehicles": [HEADINGS, *[(f"v{n}",) for n in range(30)]]})
    sheet = next(sheet for sheet in read_book(path).sheets if sheet.name == "Vehicles")
    schema = replace(next(schema for schema in SHEETS if schema.name == "Vehicles"), most_rows=20)
    findings = Findings()
    table = read_table(sheet, schema, findings)
    assert table is not None
    assert table.records == ()
    (problem,) = findings.problems
    assert problem.cell == "Vehicles!A22"  # the twenty-first below the headings
    assert problem.text.startswith("Vehicles has 30 rows with a Vehicle, more than 20,")
    assert findings.unsure == {"Vehicles"}


def test_thousands_of_foreign_sheets_are_one_notice(read: Callable[..., Campaign]) -> None:
    (notice,) = read({f"Store {number}": [("x",)] for number in range(300)}).notices
    assert "and 295 more are not ours" in notice


def test_more_cells_than_a_campaign_needs_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("planner.excel.read.MOST_VALUES", 20)
    with pytest.raises(WorkbookError) as caught:
        read_campaign(written(tmp_path / "a.xlsx", {}))
    assert "more than 20 filled cells" in caught.value.problems[0].text


def test_thousands_of_problems_are_summed_up(refused: Callable[..., WorkbookError]) -> None:
    rows = [HEADINGS, *((f"v{number // 2}", "TV", 10, 100, 4) for number in range(6000))]  # each name twice
    error = refused({"Vehicles": rows})
    assert len(error.problems) == 3000
    text = problems_text(error)
    assert f"and {3000 - MOST_ALIKE:,} more like this" in text
    assert len(text) < 5000


def test_a_name_of_thirty_thousand_characters_is_a_problem(refused: Callable[..., WorkbookError]) -> None:
    found = by_cell(refused(edits={"Vehicles!A2": "x" * 30000, "Vehicles!A3": "y" * 30000}))
    assert list(found) == ["Vehicles!A2"]
    assert "is a text of 30,000 characters; expected at most 255" in found["Vehicles!A2"]
