"""How a workbook is spoiled: in its cells, its sheets, its XML or its bytes; number n the same every time."""

import random
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from io import BytesIO
from xml.etree import ElementTree

from benchmarks.fuzz_cells import (
    ATTRIBUTES,
    VALUES,
    Node,
    Parts,
    Spoiled,
    add_cell,
    all_cells,
    all_rows,
    change_cell,
    clear_cell,
    fill,
    tag,
)

KINDS = ("cells", "sheets", "xml", "zip")
WEIGHTS = (55, 20, 15, 10)


def _number_rows(root: Node) -> None:
    """Rows and their cells numbered as they stand."""
    for number, row in enumerate(all_rows(root), start=1):
        row.set("r", str(number))
        for cell in row:
            cell.set("r", cell.get("r", "A1").rstrip("0123456789") + str(number))


def delete_row(book: Spoiled) -> None:
    """A row is gone, those below move up."""
    _, part, root = book.sheet()
    data, rows = root.find(tag("sheetData")), all_rows(root)
    if data is not None and rows:
        data.remove(book.draw.choice(rows))
        _number_rows(root)
        book.put(part, root)


def copy_row(book: Spoiled) -> None:
    """A row is there twice, the second time somewhere else; headings are repeated so, too."""
    _, part, root = book.sheet()
    data, rows = root.find(tag("sheetData")), all_rows(root)
    if data is not None and rows:
        row = rows[0] if book.draw.random() < 0.3 else book.draw.choice(rows)
        data.insert(book.draw.randrange(len(rows) + 1), deepcopy(row))
        _number_rows(root)
        book.put(part, root)


def push_down(book: Spoiled) -> None:
    """Blank rows, or a title, above the table or inside it."""
    _, part, root = book.sheet()
    data, rows = root.find(tag("sheetData")), all_rows(root)
    if data is None or not rows:
        return
    at = 0 if book.draw.random() < 0.6 else book.draw.randrange(len(rows))
    for _ in range(book.draw.choice((1, 1, 2, 4))):
        row = ElementTree.Element(tag("row"), {"r": "1"})
        if book.draw.random() < 0.5:
            cell = ElementTree.SubElement(row, tag("c"), {"r": f"{book.draw.choice('AABCG')}1"})
            fill(cell, *book.draw.choice(VALUES), book.draw)
        data.insert(at, row)
    _number_rows(root)
    book.put(part, root)


def swap_columns(book: Spoiled) -> None:
    """Two columns change places, or one goes elsewhere, its headings with it or without."""
    _, part, root = book.sheet()
    letters = sorted({cell.get("r", "A1").rstrip("0123456789") for cell in all_cells(root)})
    if not letters:
        return
    one, other = book.draw.choice(letters), book.draw.choice([*letters, "Z", "AB"])
    first = 1 if book.draw.random() < 0.7 else 2
    for row in all_rows(root):
        if int(row.get("r", "1")) < first:
            continue
        for cell in row:
            place = cell.get("r", "A1")
            column = place.rstrip("0123456789")
            if column in (one, other):
                cell.set("r", (other if column == one else one) + place[len(column) :])
    book.put(part, root)


def delete_column(book: Spoiled) -> None:
    """A column is gone, or only its heading, or all but its heading."""
    _, part, root = book.sheet()
    letters = sorted({cell.get("r", "A1").rstrip("0123456789") for cell in all_cells(root)})
    if not letters:
        return
    column, which = book.draw.choice(letters), book.draw.choice(("all", "heading", "values"))
    for row in all_rows(root):
        is_first = row.get("r") == "1"
        if which == "all" or (which == "heading") == is_first:
            for cell in [c for c in row if c.get("r", "").rstrip("0123456789") == column]:
                row.remove(cell)
    book.put(part, root)


def merge(book: Spoiled) -> None:
    """A merged range over some cells; what it covers is not seen any more."""
    _, part, root = book.sheet()
    for old in root.findall(tag("mergeCells")):
        root.remove(old)
    first, column = book.draw.randrange(1, 8), book.draw.choice("ABCDEF")
    last = first + book.draw.choice((0, 1, 3))
    right = chr(ord(column) + book.draw.choice((0, 1, 2)))
    data = root.find(tag("sheetData"))
    if data is not None:
        node = ElementTree.Element(tag("mergeCells"))
        ElementTree.SubElement(node, tag("mergeCell"), {"ref": f"{column}{first}:{right}{last}"})
        root.insert(list(root).index(data) + 1, node)
        book.put(part, root)


def rename(book: Spoiled) -> None:
    """Another name for a sheet: a typing error, another case, a blank, another sheet's."""
    names = [name for name, _ in book.sheet_parts()]
    old = book.draw.choice(names)
    new = book.draw.choice(
        (old.upper(), f"{old} ", old[:-1], f"{old}s", f"My {old}", f"{old} (2)", f"{old} (not read)", "Sheet1",
         book.draw.choice(names), "Rule", "Media plan", "Plan", "Flowchart", "Scenarios", "é")
    )  # fmt: skip
    book.parts["xl/workbook.xml"] = book.parts["xl/workbook.xml"].replace(
        f'name="{old}"'.encode(), f'name="{new}"'.encode(), 1
    )


def drop_sheet(book: Spoiled) -> None:
    """A sheet is not listed any more."""
    pattern = re.compile(rb"<sheet [^>]*?/>")
    listed = pattern.findall(book.parts["xl/workbook.xml"])
    if listed:
        book.parts["xl/workbook.xml"] = book.parts["xl/workbook.xml"].replace(
            book.draw.choice(listed), b"", 1
        )


def hide(book: Spoiled) -> None:
    """A hidden sheet."""
    names = [name for name, _ in book.sheet_parts()]
    old = f'name="{book.draw.choice(names)}"'.encode()
    book.parts["xl/workbook.xml"] = book.parts["xl/workbook.xml"].replace(old, old + b' state="hidden"', 1)


# --- XML and bytes ----------------------------------------------------------------------------------


def spoil_part(book: Spoiled) -> None:
    """Bytes of a part's XML: an attribute, a tag, a stretch, a document type; or the part is gone or empty."""
    name = book.draw.choice(sorted(book.parts))
    content, draw = book.parts[name], book.draw
    which = draw.randrange(9)
    if which == 0:
        del book.parts[name]
    elif which == 1:
        book.parts[name] = b""
    elif which == 2:
        book.parts[name] = content[: draw.randrange(len(content) + 1)]
    elif which == 3:
        book.parts[name] = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
    elif which == 4:
        book.parts[name] = content.replace(
            b'encoding="UTF-8"', b'encoding="' + draw.choice((b"latin1", b"x", b"UTF-16"))
        )
    elif which == 5:
        at = draw.randrange(len(content) + 1)
        book.parts[name] = content[:at] + bytes(draw.randrange(256) for _ in range(3)) + content[at + 3 :]
    elif which == 6:
        book.parts[name] = _attribute(content, draw)
    elif which == 7:
        tags = sorted(set(re.findall(rb"<(\w+)", content)))
        old = draw.choice(tags) if tags else b"x"
        book.parts[name] = content.replace(
            b"<" + old, b"<" + draw.choice((b"x", b"c", b"v", b"row", b"t")), draw.choice((1, 9999))
        )
    else:
        book.parts[draw.choice(sorted(book.parts))] = content


def _attribute(content: bytes, draw: random.Random) -> bytes:
    """One attribute with another value."""
    found = list(re.finditer(rb'(\w+)="([^"]*)"', content))
    if not found:
        return content
    at = draw.choice(found)
    value = draw.choice(ATTRIBUTES)
    return content[: at.start(2)] + value + content[at.end(2) :]


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a zip."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def spoil_bytes(content: bytes, draw: random.Random) -> bytes:
    """A zip with wrong bytes, cut short, or with a stretch twice."""
    data = bytearray(content)
    which = draw.randrange(5)
    if which == 0:
        return bytes(data[: draw.randrange(len(data))])
    if which == 1:
        at, length = draw.randrange(len(data)), draw.randrange(1, 2000)
        return bytes(data[:at] + data[at + length :])
    if which == 2:
        at = draw.randrange(len(data))
        return bytes(data[:at] + data[at : at + draw.randrange(1, 2000)] + data[at:])
    start = max(len(data) - 1500, 0) if which == 3 else 0  # the zip's own list stands at its end
    for _ in range(draw.choice((1, 1, 2, 8, 40))):
        data[draw.randrange(start, len(data))] = draw.randrange(256)
    return bytes(data)


Spoil = Callable[[Spoiled], None]
CELLS: tuple[Spoil, ...] = (change_cell, change_cell, change_cell, add_cell, clear_cell)
ON_SHEETS: tuple[Spoil, ...] = (
    delete_row, copy_row, push_down, swap_columns, delete_column, merge, rename, drop_sheet, hide,
)  # fmt: skip


def spoiled(bases: Sequence[tuple[str, Parts]], number: int) -> tuple[str, bytes, Spoiled]:
    """Workbook `number`: what it was made of and how it was spoiled, its bytes, and the record."""
    draw = random.Random(number)
    name, parts = draw.choice(bases)
    book = Spoiled(dict(parts), draw)
    kind = draw.choices(KINDS, WEIGHTS)[0]
    for _ in range(draw.choice((1, 1, 1, 2, 4))):
        if kind == "zip":
            continue
        spoil = spoil_part if kind == "xml" else draw.choice(CELLS if kind == "cells" else ON_SHEETS)
        book.done.append(spoil.__name__)
        try:
            spoil(book)
        except (ElementTree.ParseError, IndexError):  # spoiled beyond this kind of spoiling
            break
    content = packed(book.parts)
    if kind == "zip":
        content = spoil_bytes(content, draw)
    book.only_cells = kind == "cells"
    return f"{name}: {kind} {' '.join(book.done)}", content, book
