"""Is this file an Excel workbook that is safe to open? Checked before it is read.

A few kilobytes can ask a reader for gigabytes (merged ranges over a whole sheet, a zip that unpacks
to a thousand times its size); other files only look like workbooks. Each is refused in plain words.
"""

import zipfile
import zlib
from collections.abc import Sequence
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import NoReturn

from planner.errors import refuse

MOST_BYTES = 300_000_000  # unpacked; a rate card of 50,000 rows unpacks to about 40 MB
MOST_PARTS = 5_000
MOST_RATIO = 250  # of a large part's unpacked to packed size; ordinary sheets reach 10 to 60
LARGE_PART = 10_000_000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE_AS = "Open it in Excel or LibreOffice and save it as Excel Workbook (.xlsx)."
_TRUE_ENDING = " Excel opens it only under its own ending, such as .csv or .html: rename it first."


def check_file(path: Path) -> None:
    """Refuse whatever is not a workbook that can be opened safely.

    Raises WorkbookError with one problem about the whole file.
    """
    if path.is_dir():
        refuse(path, f"{path} is a folder; expected an Excel workbook (.xlsx).")
    if not path.exists():
        refuse(path, f"There is no file {path}. Check the name and the folder.")
    if not path.is_file():  # a pipe would be waited for, a device may never end
        refuse(path, f"{path} is no file but a pipe or a device; expected an Excel workbook (.xlsx).")
    if path.name.startswith("~$"):
        refuse(
            path,
            f"{path.name} is a lock file that Excel leaves while a workbook is open; "
            f"name the workbook itself ({path.name[2:]}).",
        )
    try:
        with path.open("rb") as file:
            start = file.read(8)
    except OSError as error:
        refuse(
            path,
            f"{path} cannot be read ({error.strerror}). Is it open in another program, or not yours to read?",
        )
    _check_kind(path, start)
    _check_zip(path)


def _check_kind(path: Path, start: bytes) -> None:
    if not start:
        refuse(path, f"{path.name} is empty; expected an Excel workbook (.xlsx).")
    if start == _OLE:
        with path.open("rb") as file, mmap(file.fileno(), 0, access=ACCESS_READ) as whole:
            encrypted, word, book = (
                whole.find(stream.encode("utf-16-le")) >= 0
                for stream in ("EncryptedPackage", "WordDocument", "Workbook")
            )
        if word and not book:
            refuse(path, f"{path.name} is a Word document (.doc); expected an Excel workbook (.xlsx).")
        if encrypted:
            refuse(
                path,
                f"{path.name} is protected by a password. Open it in Excel or LibreOffice and save it without one.",
            )
        refuse(path, f"{path.name} is in the old Excel format (.xls). {_SAVE_AS}")
    if start.startswith(b"%PDF"):
        refuse(
            path, f"{path.name} is a PDF, which has no cells; ask for the workbook that it was printed from."
        )
    if not start.startswith(b"PK"):
        renamed = _TRUE_ENDING if path.suffix.lower().startswith(".xls") else ""
        refuse(path, f"{path.name} is not an Excel workbook (.xlsx). {_SAVE_AS}{renamed}")


def _check_zip(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
            mimetype = archive.read("mimetype")[:200] if "mimetype" in archive.namelist() else b""
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError):
        wrong = f"{path.name} is damaged or cut short; it cannot be opened. Save it again and try once more."
        refuse(path, wrong)
    names = {part.filename for part in parts}
    if b"opendocument" in mimetype:
        refuse(path, f"{path.name} is an OpenDocument file (.ods). {_SAVE_AS}")
    if "xl/workbook.bin" in names:
        refuse(path, f"{path.name} is a binary workbook (.xlsb). {_SAVE_AS}")
    if not any(name.endswith(".xml") and "workbook" in name for name in names):
        _refuse_archive(path, sorted(names))
    _check_sizes(path, parts)


def _refuse_archive(path: Path, names: Sequence[str]) -> NoReturn:
    """A zip that is no workbook; one may lie in it."""
    packed = next((name for name in names if name.lower().endswith((".xlsx", ".xlsm"))), "")
    if packed:
        what = f'Unpack it, and name the workbook in it, such as "{packed}".'
        refuse(path, f"{path.name} is a zip archive. {what}")
    refuse(path, f"{path.name} holds no workbook; expected an Excel workbook (.xlsx). {_SAVE_AS}")


def _check_sizes(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    total = sum(part.file_size for part in parts)
    packed_too_well = any(
        part.file_size > LARGE_PART and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if len(parts) > MOST_PARTS or total > MOST_BYTES or packed_too_well:
        refuse(
            path,
            f"{path.name} unpacks to {total / 1e6:,.0f} MB in {len(parts)} parts, which no campaign needs; "
            "it was not opened. Copy the sheets with the campaign into a new workbook.",
        )
