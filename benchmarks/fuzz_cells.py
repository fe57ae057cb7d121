"""A workbook's parts while it is spoiled, and what spoils its cells."""

import random
import re
from copy import deepcopy
from dataclasses import dataclass, field
from xml.etree import ElementTree

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

Node = ElementTree.Element
Parts = dict[str, bytes]

# What people, programs and mischief put into a cell: (type, text).
VALUES: tuple[tuple[str, str], ...] = (
    *(("n", text) for text in ("0", "-1", "0.5", "1", "2", "3.7", "12", "100", "250", "1e6", "5e10", "1e308", "-0")),
    *(("n", text) for text in ("1E+400", "NaN", "INF", "-INF", "0.1234567890123456789", "44000", "1e-320", "007")),
    *(("b", text) for text in ("0", "1", "2", "true")),
    *(("e", text) for text in ("#N/A", "#DIV/0!", "#REF!", "#VALUE!")),
    *(("d", text) for text in ("2027-03-01", "2027-13-45", "12:30:00")),
    *(
        ("inlineStr", text)
        for text in (
            "", " ", "\u00a0", "\u200b", "x", "?", "-", "n/a", "TBC", "none", "yes", "no", "JA", "0", "-5",
            "12,5", "1.234", "1,234", "1.234,5", "1,00,000", "12 %", "12%", "1e5", "150k", "4M", "£1.5m",
            "$ 9,000", "9.000 €", "EUR 500", "½", "٣٤", "१२", "１２", "12 500", "12'500", "(500)", "5-", "--5",
            "+7", "≈ 5", "5?", "ca. 40", "3-5", "1/2", "2027-03-01", "1.3.2027", "March", "weekly", "5 a week",
            "every blue moon", "=1+1", "=cmd|'/C calc'!A1", "@SUM(A1)", "+A1", "-A1", "Total", "TOTAL TV",
            "Subtotal:", "Notes: subject to availability", "all", "per medium", "tv", "T.V.", "medium: TV",
            "TV; Magazine", "TV or Magazine", "customer", "catalyst", "expert: food", "not customer",
            "Vehicle", "Medium", "Unit cost", "Universe (000)", "Budget", "Max", "GRP", "% of spend",
            "% of budget", "money", "reach %", "3+ %", "minimum cost", "reach", "W1", "locked: x",
            "price factor", "_x0041_", "_x0000_", "_xD800_", "a\nb", "a\tb", "\u202eabc", "é", "e\u0301", "😀",
            "A" * 300, "B" * 6000, "9" * 400, "<&>\"'", "#N/A", "TRUE",
            "nan", "inf", "1_000", "0x10", "1e999", "٪", "‰ 5", "100 % of TV", "at most 1", "between media",
        )
    ),
)  # fmt: skip
ATTRIBUTES = (
    b"", b"0", b"-1", b"999999", b"A1", b"ZZZZ9", b"A0", b"XFE1", b"s", b"n", b"str", b"b", b"x", b"A1:XFD1048576",
)  # fmt: skip


@dataclass
class Spoiled:
    """A workbook while it is spoiled. touched: cells whose value alone was changed, with what stands there now."""

    parts: Parts
    draw: random.Random
    done: list[str] = field(default_factory=list)
    touched: list[tuple[str, str]] = field(default_factory=list)
    only_cells: bool = True

    def sheet_parts(self) -> list[tuple[str, str]]:
        """(name, part) of the sheets whose parts are there and are XML; input sheets are named oftenest."""
        names = re.findall(
            rb'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"', self.parts.get("xl/workbook.xml", b"")
        )
        links = self.parts.get("xl/_rels/workbook.xml.rels", b"")
        found = []
        for name, link in names:
            node = re.search(rb'<Relationship [^>]*?Id="' + re.escape(link) + rb'"[^>]*', links)
            target = re.search(rb'Target="/?(?:xl/)?([^"]*)"', node[0]) if node else None
            part = f"xl/{target[1].decode('utf-8', 'replace')}" if target else ""
            if part in self.parts:
                found.append((name.decode("utf-8", "replace"), part))
        return found

    def sheet(self) -> tuple[str, str, Node]:
        """A sheet drawn at random, as a tree."""
        sheets = [
            pair for pair in self.sheet_parts() if pair[0] not in ("Help", "Sources")
        ] or self.sheet_parts()
        name, part = self.draw.choice(sheets)
        return name, part, ElementTree.fromstring(self.parts[part])

    def put(self, part: str, root: Node) -> None:
        """Write a tree back."""
        self.parts[part] = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


# --- cells ------------------------------------------------------------------------------------------


def tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def all_rows(root: Node) -> list[Node]:
    return list(root.iter(tag("row")))


def all_cells(root: Node) -> list[Node]:
    return list(root.iter(tag("c")))


def _filled(root: Node) -> list[Node]:
    return [cell for cell in all_cells(root) if len(cell)]


def fill(cell: Node, kind: str, text: str, draw: random.Random) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if kind != "n":
        cell.set("t", kind)
    if draw.random() < 0.05:
        ElementTree.SubElement(cell, tag("f")).text = "1+1"
    clean = "".join(char for char in text if char >= " " or char in "\n\t")
    if kind == "inlineStr":
        ElementTree.SubElement(ElementTree.SubElement(cell, tag("is")), tag("t")).text = clean
    else:
        ElementTree.SubElement(cell, tag("v")).text = clean


def change_cell(book: Spoiled) -> None:
    """Another value in a cell; sometimes another cell's of the same sheet, sometimes another number format."""
    name, part, root = book.sheet()
    cells = all_cells(root)
    if not cells:
        return
    cell = book.draw.choice(_filled(root) or cells) if book.draw.random() < 0.8 else book.draw.choice(cells)
    before = _says(cell)
    others = _filled(root)
    if others and book.draw.random() < 0.3:
        other = book.draw.choice(others)
        for child in list(cell):
            cell.remove(child)
        cell.attrib.pop("t", None)
        cell.extend(deepcopy(child) for child in other)
        cell.attrib.update({key: value for key, value in other.attrib.items() if key != "r"})
    else:
        fill(cell, *book.draw.choice(VALUES), book.draw)
    if book.draw.random() < 0.1:
        cell.set("s", str(book.draw.randrange(60)))
    if _says(cell) != before:
        book.touched.append((name, cell.get("r", "")))
    book.put(part, root)


def _says(cell: Node) -> tuple[str | None, str]:
    """The kind of a cell's value and its text."""
    return cell.get("t"), "".join(cell.itertext())


def clear_cell(book: Spoiled) -> None:
    """A cell without its value."""
    _, part, root = book.sheet()
    cells = _filled(root)
    if cells:
        cell = book.draw.choice(cells)
        for child in list(cell):
            cell.remove(child)
        book.put(part, root)


def add_cell(book: Spoiled) -> None:
    """A value beside, below or far from what is there."""
    name, part, root = book.sheet()
    data = root.find(tag("sheetData"))
    rows = all_rows(root)
    if data is None or not rows:
        return
    row = book.draw.choice(rows)
    if book.draw.random() < 0.3:
        number = max(int(r.get("r", "1")) for r in rows) + book.draw.choice((1, 2, 5))
        row = ElementTree.SubElement(data, tag("row"), {"r": str(number)})
    taken = {cell.get("r") for cell in row}
    column = book.draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    place = f"{column}{row.get('r')}"
    if place in taken:
        return
    cell = ElementTree.SubElement(row, tag("c"), {"r": place})
    fill(cell, *book.draw.choice(VALUES), book.draw)
    book.touched.append((name, place))
    book.put(part, root)
