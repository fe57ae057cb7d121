"""Files as they come: odd, damaged or hostile ones, and what a cell remembers."""

import os
import shutil
import subprocess
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles import Font

from planner.errors import WorkbookError
from planner.excel.file_checks import check_file
from planner.excel.read import Book, Cell, read_book
from planner.workbook.campaign.parse import read_campaign

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def saved(path: Path, rows: list[list[object]] | None = None) -> Path:
    book = openpyxl.Workbook()
    for row in rows or [["Universe (000)", 1000]]:
        book.active.append(row)
    book.save(path)
    return path


def with_sheet_xml(path: Path, xml: str) -> Path:
    """A workbook whose first sheet is this XML."""
    source = saved(path.with_name("source.xlsx"))
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, xml if name.endswith("sheet1.xml") else old.read(name))
    return path


def refusal(path: Path) -> str:
    with pytest.raises(WorkbookError) as caught:
        _ = [sheet.cells for sheet in read_book(path).sheets]
    (problem,) = caught.value.problems
    assert problem.cell == ""
    return problem.text


def test_a_sheet_is_read_where_it_is_looked_at(tmp_path: Path) -> None:
    path = with_sheet_xml(tmp_path / "cut.xlsx", "<worksheet><sheetData>")
    (sheet,) = read_book(path).sheets
    assert sheet.name == "Sheet"
    with pytest.raises(WorkbookError):
        _ = sheet.cells


def first(book: Book, row: int, column: int) -> Cell:
    return book.sheets[0].cells[row, column]


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
HOSTILE = {
    "missing.xlsx": (lambda path: path, "There is no file"),
    "folder.xlsx": (lambda path: path.mkdir() or path, "is a folder"),
    "~$plan.xlsx": (lambda path: write(path, b"x" * 165), "lock file"),
    "empty.xlsx": (lambda path: write(path, b""), "is empty"),
    "text.csv": (lambda path: write(path, b"Vehicle;Medium\n"), "and save it as Excel Workbook (.xlsx)."),
    "text.xlsx": (
        lambda path: write(path, b"Vehicle;Medium\n"),
        "under its own ending, such as .csv or .html",
    ),
    "page.xls": (lambda path: write(path, b"<html></html>"), "under its own ending, such as .csv or .html"),
    "printed.xlsx": (lambda path: write(path, b"%PDF-1.7\n"), "is a PDF, which has no cells"),
    "mail.xlsx": (lambda path: zipped(path, {"a/plan.xlsx": b"PK"}), 'workbook in it, such as "a/plan.xlsx"'),
    "old.xls": (lambda path: write(path, OLE + b"\0" * 600), "old Excel format"),
    "letter.xlsx": (
        lambda path: write(path, OLE + "WordDocument".encode("utf-16-le")),
        "is a Word document (.doc)",
    ),
    "letter_within.xls": (
        lambda path: write(path, OLE + "WordDocument Workbook".encode("utf-16-le")),
        "old Excel format",
    ),
    "secret.xlsx": (lambda path: write(path, OLE + "EncryptedPackage".encode("utf-16-le")), "password"),
    "cut.xlsx": (lambda path: write(path, b"PK\x03\x04" + b"\0" * 100), "damaged"),
    "binary.xlsb": (lambda path: zipped(path, {"xl/workbook.bin": b""}), ".xlsb"),
    "open.ods": (
        lambda path: zipped(path, {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}),
        ".ods",
    ),
    "letter.docx": (lambda path: zipped(path, {"word/document.xml": b"<a/>"}), "holds no workbook"),
    "hollow.xlsx": (lambda path: zipped(path, {"xl/workbook.xml": b"<workbook/>"}), "damaged"),
    "bomb.xlsx": (
        lambda path: zipped(path, {"xl/workbook.xml": b"<a/>", "xl/a.xml": b" " * 60_000_000}),
        "unpacks to",
    ),
    "parts.xlsx": (
        lambda path: zipped(path, {"xl/workbook.xml": b""} | {f"a{i}": b"" for i in range(6000)}),
        "parts",
    ),
    "strict.xlsx": (
        lambda path: zipped(path, {"xl/workbook.xml": b'<w xmlns="http://purl.oclc.org/ooxml/x"/>'}),
        "Strict",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_is_no_workbook_is_refused_in_plain_words(name: str, tmp_path: Path) -> None:
    make, words = HOSTILE[name]
    assert words in refusal(make(tmp_path / name))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "locked.xlsx")
    path.chmod(0)
    assert "cannot be read" in refusal(path)


def test_a_workbook_with_another_embedded_in_it_is_read(tmp_path: Path) -> None:
    path = saved(tmp_path / "deck.xlsx")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/embeddings/Worksheet1.xlsx", b"PK")
    assert read_book(path).sheets


def test_a_workbook_cut_in_the_middle_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path / "cut.xlsx")
    path.write_bytes(path.read_bytes()[:-200])
    assert "damaged" in refusal(path)


def test_a_merged_range_over_the_whole_sheet_is_refused_at_once(tmp_path: Path) -> None:
    path = with_sheet_xml(
        tmp_path / "merged.xlsx",
        f'<worksheet xmlns="{MAIN}"><sheetData/><mergeCells><mergeCell '
        f'ref="A1:XFD20000"/></mergeCells></worksheet>',
    )
    started = time.monotonic()
    assert "merged cells" in refusal(path)
    assert time.monotonic() - started < 5


def test_an_entity_bomb_is_refused(tmp_path: Path) -> None:
    bomb = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    path = with_sheet_xml(
        tmp_path / "bomb.xlsx", f'{bomb}<worksheet xmlns="{MAIN}"><sheetData>&c;</sheetData></worksheet>'
    )
    assert "damaged" in refusal(path)


def test_a_stray_cell_in_the_last_corner_costs_nothing(tmp_path: Path) -> None:
    path = with_sheet_xml(
        tmp_path / "far.xlsx",
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c '
        f'r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData></worksheet>',
    )
    started = time.monotonic()
    assert first(read_book(path), 1_048_576, 16_384).address == "Sheet!XFD1048576"
    assert time.monotonic() - started < 5


def test_rows_of_formatted_blank_cells_change_no_place_of_others(tmp_path: Path) -> None:
    """Such rows are passed over in the raw XML; what does not say where it stands follows what is before it."""
    blank = "".join(
        f'<row r="{row}" ht="12"><c r="A{row}" s="0"/><c r="B{row}"></c></row>' for row in range(2, 20_001)
    )
    path = with_sheet_xml(
        tmp_path / "blank.xlsx",
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><v>1</v></c></row>{blank}'
        "<row><c/><c><v>2</v></c></row>"
        '<row r="20003" hidden="1"><c r="A20003" s="0"/></row><row r="20004" hidden="0"><c r="A20004" s="0"/></row>'
        '<row r="20005"><c r="A20005" s="0"/><c r="C20005"><v>3</v></c></row></sheetData></worksheet>',
    )
    (sheet,) = read_book(path).sheets
    assert {place: cell.value for place, cell in sheet.cells.items()} == {
        (1, 1): 1,
        (20_001, 2): 2,
        (20_005, 3): 3,
    }
    assert sheet.contents.hidden_rows == {20_003}


def test_a_number_of_four_hundred_digits_is_no_number(tmp_path: Path) -> None:
    row = f'<row r="1"><c r="A1"><v>{"9" * 400}</v></c></row>'
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{row}</sheetData></worksheet>'
    assert first(read_book(with_sheet_xml(tmp_path / "huge.xlsx", xml)), 1, 1).value == float("inf")


def test_every_value_remembers_its_cell_and_number_format(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Vehicles"
    sheet["E7"] = 0.25
    sheet["E7"].number_format = "0%"
    sheet["B2"].font = Font(bold=True)
    book.save(tmp_path / "a.xlsx")
    read = read_book(tmp_path / "a.xlsx").sheets[0]
    assert read.cells[7, 5] == Cell("Vehicles", 7, 5, 0.25, "0%")
    assert read.cells[7, 5].address == "Vehicles!E7"
    assert list(read.cells) == [(7, 5)]  # a formatted blank is blank


def test_a_formula_without_value_is_told_from_a_blank_and_from_an_empty_text(tmp_path: Path) -> None:
    path = with_sheet_xml(
        tmp_path / "formulas.xlsx",
        f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1"><f>1+1</f></c><c '
        f'r="B1"><f>1+1</f><v>2</v></c>'
        '<c r="C1" t="str"><f>""</f><v></v></c><c r="D1"><f>1+1</f><v/></c></row></sheetData></worksheet>',
    )
    cells = read_book(path).sheets[0].cells
    assert cells[1, 1].uncached
    assert cells[1, 4].uncached
    assert cells[1, 2].value == 2
    assert (1, 3) not in cells


def test_an_error_value_is_told_from_a_text_that_looks_like_one(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["A1"] = "#N/A"
    book.active["A2"] = "#N/A"
    book.active["A2"].data_type = "s"
    book.save(tmp_path / "a.xlsx")
    read = read_book(tmp_path / "a.xlsx")
    assert first(read, 1, 1).error
    assert not first(read, 2, 1).error


def test_merged_cells_are_filled_down(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["B2"] = "TV"
    book.active.merge_cells("B2:C4")
    book.save(tmp_path / "a.xlsx")
    sheet = read_book(tmp_path / "a.xlsx").sheets[0]
    assert {place: cell.value for place, cell in sheet.cells.items()} == {
        (2, 2): "TV",
        (3, 2): "TV",
        (4, 2): "TV",
    }


def test_hidden_rows_columns_and_sheets_are_known(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active["C3"] = 1
    book.active.row_dimensions[3].hidden = True
    book.active.column_dimensions.group("B", "D", hidden=True)
    hidden = book.create_sheet("Secret")
    hidden.sheet_state = "veryHidden"
    book.save(tmp_path / "a.xlsx")
    sheet, secret = read_book(tmp_path / "a.xlsx").sheets
    assert sheet.contents.hidden_rows == {3}
    assert sheet.contents.hidden_columns == {2, 3, 4}
    assert secret.hidden


def test_a_workbook_with_pictures_charts_and_many_styles_is_read(tmp_path: Path) -> None:
    xlsxwriter = pytest.importorskip("xlsxwriter")
    path = tmp_path / "rich.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Brief")
        sheet.write_string(0, 0, "Budget")
        sheet.write_rich_string(1, 0, "Uni", book.add_format({"bold": True}), "verse (000)")
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "=Brief!$B$1:$B$2"})
        sheet.insert_chart("D2", chart)
        whole_sheet = book.add_chart({"type": "pie"})
        whole_sheet.add_series({"values": "=Brief!$B$1:$B$2"})
        book.add_chartsheet("Chart").set_chart(whole_sheet)
    (sheet_read,) = read_book(path).sheets
    assert sheet_read.cells[2, 1].value == "Universe (000)"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice")
def test_a_copy_saved_by_libreoffice_reads_the_same(tmp_path: Path) -> None:
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.template import write_example

    write_example(tmp_path / "example.xlsx")
    command = [
        "soffice",
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "xlsx",
        "--outdir",
        str(tmp_path / "copy"),
        str(tmp_path / "example.xlsx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert read_campaign(tmp_path / "copy" / "example.xlsx") == read_campaign(tmp_path / "example.xlsx")


def test_a_copy_saved_by_openpyxl_reads_the_same(tmp_path: Path) -> None:
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.template import write_example

    write_example(tmp_path / "example.xlsx")
    openpyxl.load_workbook(tmp_path / "example.xlsx").save(tmp_path / "copy.xlsx")
    assert read_campaign(tmp_path / "copy.xlsx") == read_campaign(tmp_path / "example.xlsx")


def test_an_ordinary_workbook_passes_the_checks(tmp_path: Path) -> None:
    check_file(saved(tmp_path / "a.xlsx"))


def test_a_folder_without_a_name_is_named_by_its_path() -> None:
    with pytest.raises(WorkbookError, match=r"^\. has 1 problem"):
        check_file(Path("."))


def test_the_hash_of_a_file_is_of_the_bytes_that_were_read(buyers_book) -> None:
    path = buyers_book()
    before = sha256(path.read_bytes()).hexdigest()
    campaign = read_campaign(path)
    path.write_bytes(b"saved by someone else meanwhile")
    assert campaign.file_hash == before


def test_a_currency_left_blank_is_not_the_explanation_beside_it(buyers_book) -> None:
    """As the program writes it: the Brief's explanations stand beside its answers, blank ones too."""
    said = "Currency of every amount of money in the workbook. Blank: USD."
    campaign = read_campaign(
        buyers_book(None, {"Brief!C1": said, "Brief!B3": (5000, '"$"#,##0')}, Currency=None)
    )
    assert campaign.brief.currency == "USD"
