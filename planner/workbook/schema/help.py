"""The workbook's sheets and columns as a Markdown table, for the README: `python -m planner.workbook.schema.help`."""

from planner.workbook.schema.columns import Column, SheetSchema
from planner.workbook.schema.sheets import SHEETS


def schema_markdown() -> str:
    """One table per program: sheet, columns (needed ones in bold), what the sheet is."""
    rows = ["| Sheet | Columns (**needed**) | What it is |", "| --- | --- | --- |"]
    rows += [f"| {sheet.name} | {_columns(sheet)} | {_cell(sheet.help)} |" for sheet in SHEETS]
    return "\n".join(rows)


def _columns(sheet: SheetSchema) -> str:
    listed = [_heading(column) for column in sheet.columns]
    return ", ".join(listed + ([sheet.further] if sheet.open_columns else []))


def _heading(column: Column) -> str:
    heading = _cell(column.heading)
    return f"**{heading}**" if column.required else heading


def _cell(text: str) -> str:
    return text.replace("|", "/").replace("\n", " ")


if __name__ == "__main__":
    print(schema_markdown())
