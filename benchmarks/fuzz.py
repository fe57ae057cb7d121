"""Thousands of spoiled workbooks: none crashes the reader, and no cell is passed over or guessed in silence.

python -m benchmarks.fuzz [--first 0] [--count 1000] [--planned 0.01] [--campaigns FOLDER] [--keep FOLDER]

Workbook n is the same every time: a sample input, the filled example (or an .xlsx of FOLDER), spoiled once to four
times in its cells, its sheets, its XML or its bytes, and read as `planner check` reads it. Refused is right; read is
right when benchmarks.fuzz_account, which owes nothing to the reader, finds every cell read or named, and when a changed
cell shows somewhere. A share is also planned for two seconds. Prints what went wrong, and the counts.
"""

import argparse
import random
import re
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field, replace
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from benchmarks.fuzz_account import Account, RawCell, blank, raw_cells
from models.errors import PlanningError
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.errors import WorkbookError
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.check_text import check_text
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.schema.sheets import SHEETS
from planner.workbook.template import write_example

SAMPLES = Path(__file__).parents[1] / "sample_inputs"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SECONDS = 2.0  # of a plan
SHOWN = 0.1  # of those read: so many are also prepared and told as check tells them
KINDS = ("cells", "sheets", "xml", "zip")
WEIGHTS = (55, 20, 15, 10)

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


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _rows(root: Node) -> list[Node]:
    return list(root.iter(_tag("row")))


def _cells(root: Node) -> list[Node]:
    return list(root.iter(_tag("c")))


def _filled(root: Node) -> list[Node]:
    return [cell for cell in _cells(root) if len(cell)]


def _fill(cell: Node, kind: str, text: str, draw: random.Random) -> None:
    for child in list(cell):
        cell.remove(child)
    cell.attrib.pop("t", None)
    if kind != "n":
        cell.set("t", kind)
    if draw.random() < 0.05:
        ElementTree.SubElement(cell, _tag("f")).text = "1+1"
    clean = "".join(char for char in text if char >= " " or char in "\n\t")
    if kind == "inlineStr":
        ElementTree.SubElement(ElementTree.SubElement(cell, _tag("is")), _tag("t")).text = clean
    else:
        ElementTree.SubElement(cell, _tag("v")).text = clean


def change_cell(book: Spoiled) -> None:
    """Another value in a cell; sometimes another cell's of the same sheet, sometimes another number format."""
    name, part, root = book.sheet()
    cells = _cells(root)
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
        _fill(cell, *book.draw.choice(VALUES), book.draw)
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
    data = root.find(_tag("sheetData"))
    rows = _rows(root)
    if data is None or not rows:
        return
    row = book.draw.choice(rows)
    if book.draw.random() < 0.3:
        number = max(int(r.get("r", "1")) for r in rows) + book.draw.choice((1, 2, 5))
        row = ElementTree.SubElement(data, _tag("row"), {"r": str(number)})
    taken = {cell.get("r") for cell in row}
    column = book.draw.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    place = f"{column}{row.get('r')}"
    if place in taken:
        return
    cell = ElementTree.SubElement(row, _tag("c"), {"r": place})
    _fill(cell, *book.draw.choice(VALUES), book.draw)
    book.touched.append((name, place))
    book.put(part, root)


# --- sheets -----------------------------------------------------------------------------------------


def _number_rows(root: Node) -> None:
    """Rows and their cells numbered as they stand."""
    for number, row in enumerate(_rows(root), start=1):
        row.set("r", str(number))
        for cell in row:
            cell.set("r", cell.get("r", "A1").rstrip("0123456789") + str(number))


def delete_row(book: Spoiled) -> None:
    """A row is gone, those below move up."""
    _, part, root = book.sheet()
    data, rows = root.find(_tag("sheetData")), _rows(root)
    if data is not None and rows:
        data.remove(book.draw.choice(rows))
        _number_rows(root)
        book.put(part, root)


def copy_row(book: Spoiled) -> None:
    """A row is there twice, the second time somewhere else; headings are repeated so, too."""
    _, part, root = book.sheet()
    data, rows = root.find(_tag("sheetData")), _rows(root)
    if data is not None and rows:
        row = rows[0] if book.draw.random() < 0.3 else book.draw.choice(rows)
        data.insert(book.draw.randrange(len(rows) + 1), deepcopy(row))
        _number_rows(root)
        book.put(part, root)


def push_down(book: Spoiled) -> None:
    """Blank rows, or a title, above the table or inside it."""
    _, part, root = book.sheet()
    data, rows = root.find(_tag("sheetData")), _rows(root)
    if data is None or not rows:
        return
    at = 0 if book.draw.random() < 0.6 else book.draw.randrange(len(rows))
    for _ in range(book.draw.choice((1, 1, 2, 4))):
        row = ElementTree.Element(_tag("row"), {"r": "1"})
        if book.draw.random() < 0.5:
            cell = ElementTree.SubElement(row, _tag("c"), {"r": f"{book.draw.choice('AABCG')}1"})
            _fill(cell, *book.draw.choice(VALUES), book.draw)
        data.insert(at, row)
    _number_rows(root)
    book.put(part, root)


def swap_columns(book: Spoiled) -> None:
    """Two columns change places, or one goes elsewhere, its headings with it or without."""
    _, part, root = book.sheet()
    letters = sorted({cell.get("r", "A1").rstrip("0123456789") for cell in _cells(root)})
    if not letters:
        return
    one, other = book.draw.choice(letters), book.draw.choice([*letters, "Z", "AB"])
    first = 1 if book.draw.random() < 0.7 else 2
    for row in _rows(root):
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
    letters = sorted({cell.get("r", "A1").rstrip("0123456789") for cell in _cells(root)})
    if not letters:
        return
    column, which = book.draw.choice(letters), book.draw.choice(("all", "heading", "values"))
    for row in _rows(root):
        is_first = row.get("r") == "1"
        if which == "all" or (which == "heading") == is_first:
            for cell in [c for c in row if c.get("r", "").rstrip("0123456789") == column]:
                row.remove(cell)
    book.put(part, root)


def merge(book: Spoiled) -> None:
    """A merged range over some cells; what it covers is not seen any more."""
    _, part, root = book.sheet()
    for old in root.findall(_tag("mergeCells")):
        root.remove(old)
    first, column = book.draw.randrange(1, 8), book.draw.choice("ABCDEF")
    last = first + book.draw.choice((0, 1, 3))
    right = chr(ord(column) + book.draw.choice((0, 1, 2)))
    data = root.find(_tag("sheetData"))
    if data is not None:
        node = ElementTree.Element(_tag("mergeCells"))
        ElementTree.SubElement(node, _tag("mergeCell"), {"ref": f"{column}{first}:{right}{last}"})
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


# --- what becomes of it -----------------------------------------------------------------------------


@dataclass
class Tally:
    """What became of the workbooks."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, outcome: str, what: str = "") -> None:
        """Count an outcome; keep what went wrong."""
        self.counts[outcome] += 1
        if what:
            self.wrong.append(what)


def bases(campaigns: Path | None, folder: Path) -> list[tuple[str, Parts]]:
    """The workbooks to spoil, as parts."""
    write_example(folder / "example.xlsx", force=True)
    paths = [folder / "example.xlsx", *sorted(SAMPLES.glob("*.xlsx"))]
    paths += sorted(campaigns.glob("*.xlsx")) if campaigns else []
    found = []
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            found.append((path.stem, {name: archive.read(name) for name in archive.namelist()}))
    return found


def same(one: Campaign, other: Campaign) -> bool:
    """Whether two campaigns say the same, their notices and the planner's own columns included."""
    return replace(one, file_hash="") == replace(other, file_hash="") and one.own_columns == other.own_columns


def unseen(
    account: Account, before: Campaign, raw: Sequence[RawCell], touched: Sequence[tuple[str, str]]
) -> list[str]:
    """Changed cells that show nowhere: the campaign is as it was, and none says that the value came from there."""
    if not touched or not same(account.campaign, before):
        return []
    there = {(cell.sheet, cell.place): cell for cell in raw}
    used = {(cell.sheet, row) for cell in raw for row in (cell.row, 0)}
    more = {
        sheet
        for sheet in {cell.sheet for cell in raw}
        if len([row for name, row in used if name == sheet]) > 2
    }
    ours = more & {schema.name for schema in SHEETS}  # of a sheet with headings alone nothing is read
    found = [there[place] for place in touched if place in there and place[0] in ours]
    found = [cell for cell in found if not account.explains(cell) and not blank(cell)]
    addressed = account.values
    return [
        f"{cell.sheet}!{cell.place} {cell.text[:60]!r} changed nothing and is not spoken of"
        for cell in found
        if f"{cell.sheet}!{cell.place}" not in addressed and not account.is_named(cell)
    ]


def judge(
    path: Path, content: bytes, book: Spoiled, before: Campaign | None, planned: bool, tally: Tally, what: str
) -> None:
    """Read one workbook as check does, hold the account against it, and perhaps plan it."""
    path.write_bytes(content)
    try:
        campaign = read_campaign(path)
    except WorkbookError as error:
        bad = [p for p in error.problems if not p.text.strip() or "Traceback" in p.text]
        tally.add("refused", f"{what}: an empty problem" if bad or not error.problems else "")
        return
    except Exception:
        tally.add("crashed", f"{what}: {traceback.format_exc(limit=-4)}")
        return
    tally.add("read")
    try:
        raw = raw_cells(content)
    except Exception as error:  # another reader refuses what ours takes: to be looked at
        tally.add("not read by another", f"{what}: another reader says {error!r}")
        return
    account = Account(campaign)
    for cell, trouble in account.unspoken(raw):
        tally.add("silent", f"{what}: {cell.sheet}!{cell.place} {cell.text[:60]!r} {trouble}")
    if book.only_cells and before is not None:
        for trouble in unseen(account, before, raw, book.touched):
            tally.add("silent", f"{what}: {trouble}")
    try:
        if book.draw.random() < SHOWN:
            prepared = prepare(campaign)
            check_text(prepared.campaign, len(prepared.people.segments.names), prepared.people.model.notes)
        if planned:
            tally.add("planned")
            make_plan(campaign, Options(seconds=SECONDS, break_even=False))
    except PlanningError:
        tally.add("no plan")
    except Exception:
        tally.add("crashed", f"{what}: {traceback.format_exc(limit=-4)}")


def run(
    first: int,
    count: int,
    planned: float,
    campaigns: Path | None = None,
    keep: Path | None = None,
    only: Sequence[str] = (),
) -> Tally:
    """Spoil and judge workbooks `first` to `first + count`, of the bases `only` names, else of all."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [base for base in bases(campaigns, folder) if not only or base[0] in only]
        befores = {stem: _before(folder, stem, parts) for stem, parts in sources}
        for number in range(first, first + count):
            what, content, book = spoiled(sources, number)
            path = folder / f"{number}.xlsx"
            plans = random.Random(-number - 1).random() < planned
            said = len(tally.wrong)
            judge(path, content, book, befores[what.partition(":")[0]], plans, tally, f"{number} {what}")
            if keep is not None and len(tally.wrong) > said:
                (keep / path.name).write_bytes(content)
            path.unlink()
    return tally


def _before(folder: Path, stem: str, parts: Parts) -> Campaign | None:
    """The campaign before it was spoiled, packed as the spoiled ones are; None where it has problems of its own."""
    path = folder / f"{stem}_before.xlsx"
    path.write_bytes(packed(parts))
    try:
        return read_campaign(path)
    except WorkbookError:
        return None


def main() -> None:
    """Print what went wrong, then the counts."""
    parser = argparse.ArgumentParser(description="Read thousands of spoiled workbooks.")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--planned", type=float, default=0.01)
    parser.add_argument("--campaigns", type=Path)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    tally = run(asked.first, asked.count, asked.planned, asked.campaigns, asked.keep)
    print("\n".join(tally.wrong))
    print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(tally.counts.items())))


if __name__ == "__main__":
    main()
