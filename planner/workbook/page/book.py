"""A workbook of figures: made whole or not at all, with its properties, its formats and its sheets."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path
from typing import BinaryIO

from xlsxwriter import Workbook

from planner.campaign.inputs import Brief
from planner.workbook.page.files import EPOCH, OPTIONS, Target, write_whole
from planner.workbook.page.styles import Page, Styles


@dataclass(frozen=True, eq=False)
class Book:
    """A workbook being written."""

    styles: Styles

    def page(self, name: str) -> Page:
        """A new sheet, behind those there are."""
        return Page(self.styles.book.add_worksheet(name), self.styles)


def write_book(path: Path | Target, brief: Brief, title: str, fill: Callable[[Book], None]) -> None:
    """Let `fill` make the sheets; the same figures give the same bytes. Raises OutputError when the workbook cannot
    stand where it was asked for."""

    def write(file: BinaryIO) -> None:
        with Workbook(file, OPTIONS) as book:
            created = datetime.combine(brief.start or EPOCH, time())
            book.set_properties({"title": title, "created": created})
            fill(Book(Styles(book, brief)))

    write_whole(path, write)
