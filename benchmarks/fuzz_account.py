"""An account of a campaign's workbook that owes nothing to the reader: every filled cell was read, or is spoken of.

The cells come straight from the XML by another way than the reader's (ElementTree). A cell is accounted for when
- the campaign says that a value of its own came from it, and the value fits what stands in the cell;
- or it is a heading, a key or an explanation of ours;
- or a notice names it: by its address, its row, its column, or the sheet it stands on;
- or it is a text or number of a small sheet that the campaign holds as such (a rule's name, a week's number).
What is left would have been passed over in silence. A value that does not fit was guessed.
"""

import math
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cached_property
from io import BytesIO
from itertools import pairwise
from xml.etree import ElementTree

from planner.campaign.inputs import Campaign
from planner.names import heading_key, key, says_nothing
from planner.workbook.cells.known_headings import known_headings
from planner.workbook.schema.people_sheets import TRAIT_ROW, TYPES_SHARE_ROW
from planner.workbook.schema.plan_sheets import RESULT_SHEETS
from planner.workbook.schema.sheets import BETWEEN_MEDIA_ROW, BRIEF, SCENARIOS, SHEETS

_PLACE = re.compile(r"([A-Z]+)(\d+)")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_HIDDEN = "\u200b\u200c\u2060\ufeff\u00ad\u00a0"
_SAYS = {"What it means", "Key", "Value", "Taken"}  # headings of what the program explains on its own sheets
_NO_TYPES = tuple(f"type {n}" for n in range(1, 5))  # what `planner new` heads the blank sheet Types with
_RESULTS = frozenset(map(key, RESULT_SHEETS))
_NAMES = {key(schema.name): schema.name for schema in SHEETS}  # by the sheet's name as it is compared


@dataclass(frozen=True)
class RawCell:
    """A filled cell as the XML has it. text: of the value; kind: of the XML (n, s, b, e, str, inlineStr, d)."""

    sheet: str
    row: int
    column: str
    text: str
    kind: str

    @property
    def place(self) -> str:
        """Such as E7."""
        return f"{self.column}{self.row}"


def raw_cells(content: bytes) -> list[RawCell]:
    """Every filled cell of a workbook's sheets that no merged range hides, but for sheets of results."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        book = next(name for name in names if name.endswith("workbook.xml"))
        folder, name = posixpath.split(book)
        links = {
            node.get("Id"): node.get("Target", "")
            for node in ElementTree.fromstring(archive.read(f"{folder}/_rels/{name}.rels"))
        }
        shared = posixpath.join(folder, "sharedStrings.xml")
        texts = _texts(archive.read(shared)) if shared in names else []
        cells: list[RawCell] = []
        for sheet in _all(ElementTree.fromstring(archive.read(book)), "sheet"):
            target = links[next(value for name, value in sheet.attrib.items() if name.endswith("}id"))]
            part = (
                target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            )
            if key(sheet.get("name", "")) not in _RESULTS:  # the program writes those anew, and reads none
                root = ElementTree.fromstring(archive.read(part))
                cells += _sheet_cells(sheet.get("name", ""), root, texts)
    return cells


def blank(cell: RawCell) -> bool:
    """Whether people mean nothing by it: -, n/a."""
    return cell.kind != "e" and says_nothing(cell.text)


def _all(node: ElementTree.Element, tag: str) -> Iterator[ElementTree.Element]:
    return (child for child in node.iter() if child.tag.rpartition("}")[2] == tag)


def _joined(node: ElementTree.Element) -> str:
    """The text of its t elements, without phonetic guides."""
    guides = {id(text) for guide in _all(node, "rPh") for text in _all(guide, "t")}
    return "".join(text.text or "" for text in _all(node, "t") if id(text) not in guides)


def _texts(part: bytes) -> list[str]:
    return [_joined(node) for node in _all(ElementTree.fromstring(part), "si")]


def _sheet_cells(sheet: str, root: ElementTree.Element, texts: list[str]) -> Iterator[RawCell]:
    hidden = {place for node in _all(root, "mergeCell") for place in _hidden_by(node.get("ref", ""))}
    for node in _all(root, "c"):
        found = _PLACE.fullmatch(node.get("r", ""))
        value = next(_all(node, "v"), None)
        kind = node.get("t", "n")
        text = _joined(node) if kind == "inlineStr" else "" if value is None else value.text or ""
        if kind == "s" and text:
            text = texts[int(text)]
        seen = _ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)
        if found and any(char > " " and char not in _HIDDEN for char in seen) and node.get("r") not in hidden:
            yield RawCell(sheet, int(found[2]), found[1], seen, kind)


def _hidden_by(reference: str) -> Iterator[str]:
    corners = _PLACE.findall(reference)
    if len(corners) == 2:
        (left, top), (right, bottom) = corners
        for row in range(int(top), int(bottom) + 1):
            for column in range(_number(left), _number(right) + 1):
                if (row, column) != (int(top), _number(left)):
                    yield f"{_letters(column)}{row}"


def _number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


# --- what a value may be read as --------------------------------------------------------------------


def fits(cell: RawCell, value: object) -> bool:
    """Whether a value can be what stands in a cell: the same text, or a number of the same figures."""
    if isinstance(value, bool):
        return key(cell.text) in (
            ("yes", "y", "true", "1", "x", "ja", "wahr") if value else ("no", "n", "false", "0", "-0")
        )
    if isinstance(value, date):
        return cell.kind in ("n", "d") or any(char.isdigit() for char in cell.text)
    if isinstance(value, int | float):
        return _figures_fit(cell, float(value))
    if isinstance(value, tuple):
        return all(_words_fit(cell.text, str(part)) for part in value)
    return value is None or _words_fit(cell.text, str(value))


def _words_fit(text: str, value: str) -> bool:
    if key(value) in key(text) or key(text).rstrip(".") in key(value):
        return True
    try:
        return math.isclose(float(text), float(value))  # a number taken for a name
    except ValueError:
        return False


def _figures_fit(cell: RawCell, value: float) -> bool:
    if cell.kind in ("n", ""):
        try:
            number = float(cell.text)
        except ValueError:
            return False
        return any(
            abs(number * scale - value) <= 1e-9 * max(abs(value), 1e-9) for scale in (1, 0.01, 100, 0.001)
        )
    figures = "".join(char for char in cell.text if char.isdigit())
    if not figures:
        return True  # words: weekly, none, free
    return _significant(f"{value:.12g}") in _significant(figures) or _significant(figures) in _significant(
        f"{value:.15g}"
    )


def _significant(text: str) -> str:
    """Figures without zeros at either end and without a point; an exponent is written out."""
    plain = f"{float(text):.15f}" if "e" in text else text
    return re.sub(r"\D", "", plain.rstrip("0") if "." in plain else plain).strip("0")


# --- what the campaign holds ------------------------------------------------------------------------


@dataclass(frozen=True)
class Account:
    """What a campaign says of the cells of its workbook."""

    campaign: Campaign

    @cached_property
    def values(self) -> dict[str, tuple[object, ...]]:
        """By address: the values that came from there."""
        found: dict[str, tuple[object, ...]] = {}
        for (sheet, row, attribute), place in self.campaign.cells.items():
            found[place] = (*found.get(place, ()), self._value(sheet, row, attribute))
        return found

    def _value(self, sheet: str, row: str, attribute: str) -> object:
        campaign = self.campaign
        if sheet == "Brief":
            return getattr(campaign.brief, row, None)
        rows = {"Vehicles": campaign.vehicles, "Traits": campaign.traits, "Media": campaign.media}.get(
            sheet, ()
        )
        named = self._named(sheet, rows).get(row)
        return getattr(named, attribute, None) if named is not None else None

    @cached_property
    def ratings(self) -> dict[int, float]:
        """By row of Vehicles: the audience as percent of the universe."""
        cells, universe = self.campaign.cells, self.campaign.brief.universe_000
        rows = {v.name: cells.get(("Vehicles", v.name, "name"), "") for v in self.campaign.vehicles}
        return {
            int(_PLACE.findall(rows[v.name])[-1][1]): float(f"{100 * v.audience_000 / universe:.10g}")
            for v in self.campaign.vehicles
            if rows[v.name] and universe
        }

    @staticmethod
    def _named(sheet: str, rows: Iterable[object]) -> Mapping[str, object]:
        return {row.name: row for row in rows}  # type: ignore[attr-defined]

    @cached_property
    def held(self) -> tuple[frozenset[str], frozenset[float]]:
        """Texts (as they are compared) and numbers anywhere in the campaign."""
        texts, numbers = set(), set()
        for value in _leaves(self.campaign):
            if isinstance(value, str):
                texts.add(key(value))
            elif isinstance(value, int | float):
                numbers.update(float(f"{value * scale:.10g}") for scale in (1, 100))
        return frozenset(texts), frozenset(numbers)

    @cached_property
    def headings(self) -> dict[str, frozenset[str]]:
        """By sheet (as its name is compared): headings, keys and what the program itself writes there."""
        campaign = self.campaign
        types = campaign.types.names if campaign.types else ()
        names = (*campaign.composition_traits, *types, *_SAYS, TYPES_SHARE_ROW, BETWEEN_MEDIA_ROW, *_NO_TYPES)
        own = {heading_key(name) for name in names}
        own |= {heading_key(column.heading) for column in campaign.own_columns}
        known = {key(schema.name): known_headings(schema, campaign.brief.currency) for schema in SHEETS}
        keys = known[key(BRIEF.name)]  # which a column of Scenarios may change
        return {
            sheet: frozenset({*headings, *own, *(keys if sheet == key(SCENARIOS.name) else ())})
            for sheet, headings in known.items()
        }

    def unspoken(self, cells: Iterable[RawCell]) -> list[tuple[RawCell, str]]:
        """Cells that nothing accounts for, or whose value does not fit, each with what is wrong."""
        filled = list(cells)
        rows = {(cell.sheet, cell.row) for cell in filled}
        used = Counter(sheet for sheet, _ in rows)  # of a sheet with headings alone nothing is read
        wrong = ((cell, self.trouble(cell)) for cell in filled if used[cell.sheet] > 1 and not blank(cell))
        return [(cell, trouble) for cell, trouble in wrong if trouble]

    def trouble(self, cell: RawCell) -> str:
        """What is wrong with one cell; "" when it is accounted for."""
        trouble = self._trouble(cell)
        return "" if not trouble or self.is_named(cell) else trouble

    def _trouble(self, cell: RawCell) -> str:
        """The same without what notices say."""
        sheet = key(cell.sheet)
        if sheet in _RESULTS:
            return ""
        forms = (cell.sheet, f"'{cell.sheet}'", _NAMES.get(sheet, cell.sheet))
        values = next((found for form in forms if (found := self.values.get(f"{form}!{cell.place}"))), None)
        if values is not None:
            bad = [value for value in values if value is not None and not fits(cell, value)]
            return f"was read as {bad[0]!r}" if len(bad) == len(values) else ""
        if sheet == "vehicles" and cell.row in self.ratings and fits(cell, self.ratings[cell.row]):
            return ""
        return "" if self._is_ours(cell) or self._is_held(cell) else "was neither read nor named"

    def _is_ours(self, cell: RawCell) -> bool:
        text = heading_key(re.sub(r"\[.*?\]|\(.*?\)|%|index", "", cell.text))
        known = self.headings.get(key(cell.sheet), frozenset())
        return self.explains(cell) or heading_key(cell.text) in known or text in known

    @staticmethod
    def explains(cell: RawCell) -> bool:
        """Whether a cell is what the program itself explains beside a key of the Brief."""
        return key(cell.sheet) == "brief" and any(
            cell.text.startswith(column.help) for column in BRIEF.columns
        )

    def _is_held(self, cell: RawCell) -> bool:
        texts, numbers = self.held
        if cell.kind == "n":
            try:
                number = float(cell.text)
                return float(f"{number:.10g}") in numbers or f"{number:.15g}" in texts
            except ValueError:
                return False
        parts = [key(part) for part in re.split(r"[;,:]|\s+or\s+", cell.text.removeprefix(TRAIT_ROW))]
        return (
            key(cell.text) in texts or all(part in texts or not part for part in parts) or self._is_word(cell)
        )

    def _is_word(self, cell: RawCell) -> bool:
        """A text of a small sheet that stands for something else: a unit, a measure, a week's heading, a percent."""
        small = key(cell.sheet) in (
            "rules",
            "goals",
            "weeks",
            "discounts",
            "influence",
            "packages",
            "pairs",
            "overlaps",
        )
        figures = [float(text) for text in re.findall(r"\d+(?:\.\d+)?", cell.text)]
        return small and (
            not figures or any(figure in self.held[1] for figure in figures) or key(cell.sheet) == "weeks"
        )

    def is_named(self, cell: RawCell) -> bool:
        """Whether a notice speaks of the cell, its row, its column or its sheet."""
        names = {cell.sheet, f"'{cell.sheet}'", _NAMES.get(key(cell.sheet), cell.sheet)}
        return any(_names(notice, cell, name) for notice in self.campaign.notices for name in names)


def _leaves(value: object) -> Iterator[object]:
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            if field.name not in ("cells", "notices", "defaults"):
                yield from _leaves(getattr(value, field.name))
    elif isinstance(value, Mapping):
        yield from value
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, tuple | list | frozenset):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _names(notice: str, cell: RawCell, name: str) -> bool:
    if re.search(rf"(?<![A-Z0-9]){cell.place}(?!\d)", notice) and name in notice:
        return True
    if "not ours" in notice and (f'"{cell.sheet}"' in notice or " more " in notice):
        return True
    heads = notice.startswith(name) or f"{name}!" in notice
    rows = re.match(rf"{re.escape(name)}:? rows? (.*)", notice)
    if rows and (re.search(rf"(?<![A-Z0-9]){cell.row}(?!\d)", rows[1]) or " more" in rows[1]):
        return True
    if heads and "above the headings" in notice and " more " in notice:
        return True
    spoken = rf"{re.escape(name)}!{cell.column}\d+(: the column| and [\d,]+ more under no heading)"
    column = re.search(spoken, notice)
    return bool(column) or (heads and _ranges(notice, cell))


def _ranges(notice: str, cell: RawCell) -> bool:
    """Whether a range such as C2:C5 in a notice covers the cell."""
    return any(
        first[0] == cell.column and int(first[1]) <= cell.row <= int(last[1])
        for first, last in pairwise(_PLACE.findall(notice))
    )
