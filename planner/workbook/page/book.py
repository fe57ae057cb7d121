"""A workbook of figures: made whole or not at all, with its properties, its formats and its sheets."""

from collections.abc import Callable
from datetime import datetime, time
from pathlib import Path
from typing import Any, BinaryIO

from xlsxwriter import Workbook

from planner.campaign.inputs import Brief
from planner.workbook.page.files import EPOCH, OPTIONS, Target, write_whole
from planner.workbook.page.styles import Styles


def write_book(
    path: Path | Target, brief: Brief, fill: Callable[[Styles], None], keep: bool = True, **properties: Any
) -> None:
    """Let `fill` make the sheets; the same figures give the same bytes. keep: as write_whole. properties: title, and
    others that XlsxWriter names. Raises OutputError when the workbook cannot stand where it was asked for."""

    def write(file: BinaryIO) -> None:
        with Workbook(file, OPTIONS) as book:
            created = datetime.combine(brief.start or EPOCH, time())
            book.set_properties({"created": created, **properties})
            fill(Styles(book, brief))

    write_whole(path, write, keep)
