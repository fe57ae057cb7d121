"""The hidden sheet Certificate: what a plan's workbook keeps of its solving, for `planner evaluate` to read back.

One text, cut into pieces that a cell can hold, one below the other. It is for the program; whoever unhides the sheet
is told so. Its contents are planner/planning/proof.py's, which checks them.
"""

from planner.excel.read import Book
from planner.workbook.page.styles import Page

SHEET = "Certificate"
TITLE = "Kept for the program"
EXPLANATION = (
    "What was proven of this plan, so that  planner evaluate  need not prove it again while the campaign is the same. "
    "How sure the plan is stands on Notes, in words. If anything here is changed or removed, it is proven anew."
)
PIECE = 30_000  # characters; a cell holds 32,767
_FIRST_ROW = 3  # from 0


def write_proof_sheet(page: Page, proof: str) -> None:
    """Write the sheet, hidden."""
    page.widths((120,))
    page.put(0, 0, TITLE, page.styles.title)
    page.put(1, 0, EXPLANATION, page.styles.wrapped)
    for row, start in enumerate(range(0, len(proof), PIECE), _FIRST_ROW):
        page.put(row, 0, proof[start : start + PIECE])
    page.sheet.hide()


def read_proof(book: Book) -> str:
    """The text kept in a workbook; "" where there is none."""
    sheet = book.sheet(SHEET)
    if sheet is None:
        return ""
    return "".join(str(cells[1].value) for row, cells in sheet.rows() if row > _FIRST_ROW and 1 in cells)
