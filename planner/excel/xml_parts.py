"""The parts of an .xlsx file as XML: which sheets there are, their texts, number formats and cells.

Only what a value depends on is read. Fonts, fills, colours, links and drawings are left alone, so that what is
wrong with them cannot keep a planner from reading his numbers. The XML is read once, as a stream; a document
type (where entity bombs live) is refused.
"""

import posixpath
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import IO
from xml.parsers import expat

from planner.excel.notation import EPOCH, FORMATS, MAC_EPOCH, is_date_format, is_duration_format

GENERAL = "General"
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_WITHOUT_CELLS = frozenset({"chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"})
LONGEST_FORMAT = 1_000  # letters; Excel writes 255, and every cell is read by its format
_PIECE = 1 << 18
STRICT = b"purl.oclc.org/ooxml"


class Damaged(Exception):
    """A part that cannot be what the file says it is. Its text, where there is one, is for the planner."""


@dataclass(frozen=True)
class SheetPart:
    """A sheet as the workbook lists it. part: its place in the zip, "" where the file does not have it."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class Look:
    """What a cell's style says of its value: the number format, and whether it makes a date or a duration."""

    number_format: str = GENERAL
    date: bool = False
    duration: bool = False


@dataclass(frozen=True)
class Parts:
    """What all sheets share. looks: by style number; None where the file's styles cannot be read."""

    sheets: tuple[SheetPart, ...]
    texts: tuple[str, ...]
    looks: tuple[Look, ...] | None
    epoch: datetime


def in_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a quarter of a megabyte at a time."""
    return iter(partial(file.read, _PIECE), b"")


def parse_stream(
    pieces: Iterable[bytes],
    start: Callable[[str, dict[str, str]], None],
    end: Callable[[str], None],
    text: Callable[[str], None] | None = None,
) -> None:
    """Read XML; raises Damaged for a document type, ExpatError for what is no XML."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_document_type
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse_document_type(*_: object) -> None:
    raise Damaged


def local(tag: str) -> str:
    """A tag without its prefix.

    >>> local("x:row"), local("row")
    ('row', 'row')
    """
    return tag.rpartition(":")[2]


def _workbook_part(names: Sequence[str]) -> str:
    """The workbook's own part, whatever it is called."""
    usual = "xl/workbook.xml"
    others = (name for name in names if name.endswith(".xml") and "workbook" in name)
    return usual if usual in names else next(others)


def read_parts(archive: zipfile.ZipFile) -> Parts:
    """What the workbook's own part, its texts and its styles say."""
    names = set(archive.namelist())
    workbook = _workbook_part(archive.namelist())
    folder, name = posixpath.split(workbook)
    links = _links(archive, posixpath.join(folder, "_rels", f"{name}.rels"), folder)
    elements = _elements(archive, workbook)
    mac = any(
        tag == "workbookPr" and values.get("date1904") in ("1", "true", "on") for tag, values in elements
    )
    sheets = [_sheet_part(values, links, names) for tag, values in elements if tag == "sheet"]
    return Parts(
        tuple(sheet for sheet in sheets if sheet is not None),
        _texts(archive, _of_kind(links, "sharedStrings", names)),
        _looks(archive, _of_kind(links, "styles", names)),
        MAC_EPOCH if mac else EPOCH,
    )


Links = Mapping[str, tuple[str, str]]  # by id: the kind of the link and the part it leads to


def _elements(archive: zipfile.ZipFile, part: str) -> list[tuple[str, dict[str, str]]]:
    """The elements of a small part, in order, with their attributes."""
    found: list[tuple[str, dict[str, str]]] = []
    with archive.open(part) as file:
        parse_stream(in_pieces(file), lambda tag, values: found.append((local(tag), values)), lambda _: None)
    return found


def _links(archive: zipfile.ZipFile, part: str, folder: str) -> Links:
    links: dict[str, tuple[str, str]] = {}
    for tag, values in _elements(archive, part):
        if tag == "Relationship":
            target = values.get("Target", "")
            place = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            links[values.get("Id", "")] = (values.get("Type", "").rpartition("/")[2], place)
    return links


def _of_kind(links: Links, kind: str, names: set[str]) -> str:
    """The part of a kind that the workbook has one of; "" where there is none."""
    return next((part for other, part in links.values() if other == kind and part in names), "")


def _sheet_part(values: Mapping[str, str], links: Links, names: set[str]) -> SheetPart | None:
    """A listed sheet; None for a sheet of another kind (a chart, a dialog). One of no kind is read as it stands."""
    link = next((value for name, value in values.items() if local(name) == "id"), "")
    kind, part = links.get(link, ("worksheet", ""))
    if kind in _WITHOUT_CELLS:
        return None
    hidden = values.get("state", "visible") != "visible"
    return SheetPart(values.get("name", ""), part if part in names else "", hidden)


# --- texts ------------------------------------------------------------------------------------------


def _texts(archive: zipfile.ZipFile, part: str) -> tuple[str, ...]:
    """The texts that cells refer to by their number; phonetic guides are no part of them."""
    if not part:
        return ()
    reader = _TextReader()
    with archive.open(part) as file:
        parse_stream(in_pieces(file), reader.start, reader.end, reader.text)
    return tuple(reader.found)


class _TextReader:
    def __init__(self) -> None:
        self.found: list[str] = []
        self._pieces: list[str] = []
        self._wanted = self._guide = False

    def start(self, tag: str, _: dict[str, str]) -> None:
        name = local(tag)
        if name == "si":
            self._pieces = []
        elif name == "rPh":
            self._guide = True
        elif name == "t":
            self._wanted = not self._guide

    def text(self, text: str) -> None:
        if self._wanted:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        name = local(tag)
        if name == "t":
            self._wanted = False
        elif name == "rPh":
            self._guide = False
        elif name == "si":
            self.found.append(plain_text("".join(self._pieces)))


def plain_text(text: str) -> str:
    """A text with the characters that XML writes as _x000D_."""
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


# --- number formats ---------------------------------------------------------------------------------


def _looks(archive: zipfile.ZipFile, part: str) -> tuple[Look, ...] | None:
    """What each style says of a value; None where the part is not there, is no XML or has formats that none can be."""
    if not part:
        return None
    reader = _StyleReader()
    try:
        with archive.open(part) as file:
            parse_stream(in_pieces(file), reader.start, reader.end)
    except expat.ExpatError:
        return None
    if any(len(code) > LONGEST_FORMAT for code in reader.formats.values()):
        return None
    return tuple(_look(reader.formats, number) for number in reader.styles)


class _StyleReader:
    def __init__(self) -> None:
        self.formats: dict[str, str] = {}
        self.styles: list[str] = []
        self._cells = False

    def start(self, tag: str, values: dict[str, str]) -> None:
        name = local(tag)
        if name == "numFmt":
            self.formats[values.get("numFmtId", "")] = values.get("formatCode", GENERAL)
        elif name == "cellXfs":
            self._cells = True
        elif name == "xf" and self._cells:
            self.styles.append(values.get("numFmtId", "0"))

    def end(self, tag: str) -> None:
        if local(tag) == "cellXfs":
            self._cells = False


def _look(formats: Mapping[str, str], number: str) -> Look:
    builtin = FORMATS.get(int(number), GENERAL) if number.isdigit() else GENERAL
    builtin = builtin.replace('"$"', "")  # a format without a code of its own shows the reader's own currency
    code = formats.get(number, builtin) or GENERAL
    return Look(code, is_date_format(code), is_duration_format(code))
