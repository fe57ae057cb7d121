"""Where the Brief's keys and answers stand, and an account of every other cell of the sheet.

Keys stand in one column, answers in another to its right. An answer anywhere else would be passed over, so it is
a problem; titles, remarks and keys of the planner's own are named.
"""

import difflib
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from planner.excel.notation import column_letters
from planner.excel.read import Cell, Sheet, address
from planner.names import NEAR, heading_key, key, listing_of, tidy
from planner.workbook.campaign.brief.flight_end import differing_end
from planner.workbook.cells.columns import read_values
from planner.workbook.cells.currencies import MEANINGS, agree, currencies, currency_shown
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.known_headings import heading_trouble, known_headings
from planner.workbook.cells.numbers import Trouble, found, is_blank
from planner.workbook.cells.numerals import numeral_in, says_number
from planner.workbook.schema.columns import Column
from planner.workbook.schema.foreign_words import resembles
from planner.workbook.schema.sheets import BRIEF

EXPLANATION = "What it means"  # heads the column in which the program explains each key
_HEADER_WORDS = frozenset({"key", "value", "brief", "question", "answer"})
_REMARK_WORDS = 4  # so many words beside an answer are a remark
_CURRENCY = "USD"  # unless the Brief says otherwise
_BUDGET = re.compile(
    r"budget(?:\s*[(\[](?:in\s+)?(?P<unit>.*)[)\]]|,?\s+(?!is\b)(?:in\s+)?(?P<sign>\S+?))?:?"
)


@dataclass(frozen=True)
class Places:
    """Where the Brief's keys and answers stand.

    rows: by attribute. currency: the campaign's. answers: the cells of all answers, one hand's writing.
    doubtful: attributes that a key seems to mean, but not for certain. unread: keys that are not ours, as listed.
    """

    key_column: int
    value_column: int
    rows: Mapping[str, int]
    currency: str
    answers: tuple[Cell, ...] = ()
    doubtful: frozenset[str] = frozenset()
    unread: str = ""


def find_places(sheet: Sheet, findings: Findings) -> Places | None:
    """Keys and answers; None where the sheet has no key of ours. What is neither is said."""
    currency = _currency(sheet)
    known = known_headings(BRIEF, currency)
    hits = _keys(sheet, known)
    if not hits or _lies_on_its_side(sheet, hits, findings):
        return None
    key_column = Counter(column for _, column, _ in hits).most_common(1)[0][0]
    rows = _rows_of_keys(
        sheet, [(row, name) for row, at, name in hits if at == key_column], key_column, findings
    )
    value_column = _value_column(sheet, key_column, rows, currency)
    answers = [cell for row in rows.values() if (cell := sheet.cells.get((row, value_column))) is not None]
    places = Places(key_column, value_column, rows, currency, tuple(answers))
    return _Account(sheet, places, known, findings).close()


def _keys(sheet: Sheet, known: Mapping[str, str]) -> list[tuple[int, int, str]]:
    """Row, column and attribute of every key of ours."""
    texts = ((place, cell.value) for place, cell in sheet.cells.items() if isinstance(cell.value, str))
    keys = ((place, known.get(heading_key(text), "")) for place, text in texts if len(text) < 100)
    return [(row, column, attribute) for (row, column), attribute in keys if attribute]


def _rows_of_keys(
    sheet: Sheet, hits: Sequence[tuple[int, str]], column: int, findings: Findings
) -> dict[str, int]:
    """The row of every key, the first of those that are there twice, which is a problem."""
    rows: dict[str, int] = {}
    for row, attribute in hits:
        if attribute in rows:
            findings.problem(
                address("Brief", row, column),
                f'"{tidy(str(sheet.cells[row, column].value))}" is there twice (also '
                f"{address('Brief', rows[attribute], column)}); keep one of them.",
            )
        rows.setdefault(attribute, row)
    return rows


def _lies_on_its_side(sheet: Sheet, hits: Sequence[tuple[int, int, str]], findings: Findings) -> bool:
    """Whether the keys stand in a row, the answers below them: one problem, for nothing else is where it should be."""
    row, across = Counter(row for row, _, _ in hits).most_common(1)[0]
    _, down = Counter(column for _, column, _ in hits).most_common(1)[0]
    if across < LEAST_ACROSS or across <= down:
        return False
    findings.problem(
        address(sheet.name, row, min(column for at, column, _ in hits if at == row)),
        f"The Brief's keys stand side by side in row {row}; write them below each other in one column, each with its "
        "answer beside it (copy, then Paste special, Transpose).",
    )
    findings.unsure.add(BRIEF.name)
    return True


LEAST_ACROSS = 3  # keys in one row, and none below another
LONGEST_CURRENCY = 10  # letters


def _currency(sheet: Sheet) -> str:
    """The campaign's currency, beside its key wherever that stands; where it is blank, the budget's."""
    for _, cells in sheet.rows():
        name = next((at for at, cell in cells.items() if key(str(cell.value)) == "currency"), None)
        answer = None if name is None else _beside(cells, name)
        text = "" if answer is None else tidy(str(answer.value))
        if text and len(text) <= LONGEST_CURRENCY:  # else it is what the program explains beside a blank
            return text
    return _currency_of_budget(sheet) or _CURRENCY


def _beside(cells: Mapping[int, Cell], column: int) -> Cell | None:
    """The first cell of a row to the right of a column that is not blank."""
    return next((cell for at, cell in cells.items() if at > column and not is_blank(cell)), None)


def _currency_of_budget(sheet: Sheet) -> str:
    """The currency that stands beside the budget, in its key, its cell or its number format; "" where none does, or
    where it may be the default."""
    for _, cells in sheet.rows():
        keys = ((at, _BUDGET.fullmatch(key(str(cell.value)))) for at, cell in cells.items())
        name, head = next(((at, found) for at, found in keys if found), (0, None))
        if head is not None:
            return _code_or_sign(tidy(head["unit"] or head["sign"] or ""), _sign_of(_beside(cells, name)))
    return ""


def _code_or_sign(*signs: str) -> str:
    """The code of the first of these signs that is one currency's alone; else the first that is several currencies',
    none of them the default, as it stands (kr); "" where there is none."""
    known = [sign for sign in signs if sign in MEANINGS]
    codes = (min(currencies(sign)) for sign in known if len(currencies(sign)) == 1)
    return next(codes, next((sign for sign in known if not agree(sign, _CURRENCY)), ""))


def _sign_of(amount: Cell | None) -> str:
    """What stands for a currency in a cell or its number format; "" where nothing does."""
    if amount is None:
        return ""
    if not isinstance(amount.value, str):
        return currency_shown(amount.number_format)
    numeral = numeral_in(amount.value)
    return numeral.currency if numeral else ""


def _answers_by_column(sheet: Sheet, key_column: int, rows: Mapping[str, int], currency: str) -> Counter[int]:
    """How many keys have an answer that can be read in each column to their right; words answer nothing."""
    filled: Counter[int] = Counter()
    for attribute, row in rows.items():
        column = BRIEF.column(attribute)
        for at, cell in sheet.row(row).items():
            if at > key_column:
                filled[at] += column.kind != "text" and _can_answer(column, cell, currency)
    return filled


def _value_column(sheet: Sheet, key_column: int, rows: Mapping[str, int], currency: str) -> int:
    """The column headed Value; else the one to the right with most answers that can be read, the first of equals."""
    first = min(rows.values())
    right = (place for place in sheet.cells if place[0] < first and place[1] > key_column)
    headed = [column for row, column in right if key(str(sheet.cells[row, column].value)) == "value"]
    if headed:
        return min(headed)
    filled = _answers_by_column(sheet, key_column, rows, currency)
    best = max(filled.values(), default=0)
    return min((at for at, count in filled.items() if count == best), default=key_column + 1)


def _can_answer(column: Column, cell: Cell, currency: str) -> bool:
    """Whether a cell can be read as the answer to a question; of a text, whether it is short."""
    if is_blank(cell) or cell.error or cell.uncached:
        return False
    if column.kind == "text":
        return isinstance(cell.value, str) and len(cell.value.split()) < _REMARK_WORDS
    return not isinstance(read_values(column, [cell], Findings(), currency)[0], Trouble)


# --- the account ------------------------------------------------------------------------------------


@dataclass
class _Account:
    """Every cell of the sheet that is no key of ours and no answer to one, sorted and said."""

    sheet: Sheet
    places: Places
    known: Mapping[str, str]
    findings: Findings
    doubtful: set[str] = field(default_factory=set)
    unread: list[tuple[Cell, Cell | None]] = field(default_factory=list)
    titles: list[Cell] = field(default_factory=list)
    remarks: list[Cell] = field(default_factory=list)
    astray: dict[int, list[Cell]] = field(default_factory=dict)
    explained: set[int] = field(default_factory=set)

    def close(self) -> Places:
        """Look at every row, then say what was found; the places with the keys in doubt."""
        by_row = {row: attribute for attribute, row in self.places.rows.items()}
        self.explained |= self._explanations()
        for row, cells in self.sheet.rows():
            name = cells.get(self.places.key_column)
            if row in by_row:
                self._beside(BRIEF.column(by_row[row]), cells)
            elif name is not None and isinstance(name.value, str) and heading_key(name.value) in self.known:
                continue  # that it is there twice is said already
            else:
                self._other_row(row, cells)
        self._say()
        return replace(
            self.places,
            doubtful=frozenset(self.doubtful),
            unread=listing_of(self.unread, _answered) if self.unread else "",
        )

    def _explanations(self) -> set[int]:
        """Columns in which the program explains two keys or more; an earlier version may say something else."""
        rows = ((BRIEF.column(name).help, self.sheet.row(row)) for name, row in self.places.rows.items())
        ours = Counter(at for text, cells in rows for at in cells if str(cells[at].value).startswith(text))
        return {at for at, times in ours.items() if times > 1}

    def _beside(self, column: Column, cells: Mapping[int, Cell]) -> None:
        """Cells beside a key and its answer: another answer, another key, or a remark."""
        answered = not is_blank(cells.get(self.places.value_column))
        beyond = self._key_beyond(cells)
        for at, cell in cells.items():
            if beyond is not None and at >= beyond:
                continue  # a key elsewhere, and what stands beside it
            if is_blank(cell) or self._is_ours(column, at, cell):
                continue
            if not self._may_answer(column, cell, answered):
                self.remarks.append(cell)
                continue
            self.astray.setdefault(at, []).append(cell)
            if not answered:
                self.doubtful.add(column.attribute)

    def _is_ours(self, column: Column, at: int, cell: Cell) -> bool:
        """Whether a cell of a key's row is the key, its answer, or the program's own explanation."""
        if at in (self.places.key_column, self.places.value_column):
            return True
        wordy = isinstance(cell.value, str) and len(cell.value.split()) >= _REMARK_WORDS
        return str(cell.value).startswith(column.help) or (at in self.explained and wordy)

    def _may_answer(self, column: Column, cell: Cell, answered: bool) -> bool:
        """Whether a cell beside could be the answer; beside an answer in words only a number is another."""
        if answered and column.kind == "text":
            return not isinstance(cell.value, str)
        return _can_answer(column, cell, self.places.currency)

    def _key_beyond(self, cells: Mapping[int, Cell]) -> int | None:
        """The column of a key of ours in another column than the keys', with something beside it; it is noted."""
        for at, cell in cells.items():
            is_key = isinstance(cell.value, str) and heading_key(cell.value) in self.known
            answers = [other for place, other in cells.items() if place > at and not is_blank(other)]
            own = range(self.places.key_column, self.places.value_column + 1)  # a unit may stand between
            if is_key and at not in own and at not in self.explained and answers:
                self.astray.setdefault(at, []).append(cell)
                self.doubtful.add(self.known[heading_key(str(cell.value))])
                return at
        return None

    def _other_row(self, row: int, cells: Mapping[int, Cell]) -> None:
        """A row without a key of ours in the column of keys."""
        name, value = (_filled(cells.get(at)) for at in (self.places.key_column, self.places.value_column))
        if name is not None and key(str(name.value)) in _HEADER_WORDS:
            self._header_row(cells)
        elif self._key_beyond(cells) is not None:
            return
        elif name is not None and value is not None:
            self._foreign_key(name, value)
        elif value is not None and row > min(self.places.rows.values()):
            wrong = f"{found(value)} has no key beside it; write the key or clear the cell."
            self.findings.problem(address("Brief", row, self.places.value_column), wrong)
        else:
            self.titles += filter(None, map(_filled, cells.values()))

    def _header_row(self, cells: Mapping[int, Cell]) -> None:
        """Key, Value, What it means: the program's own explanations need no word."""
        for at, cell in cells.items():
            text = heading_key(str(cell.value))
            if text == heading_key(EXPLANATION):
                self.explained.add(at)
            elif text not in _HEADER_WORDS and not is_blank(cell):
                self.titles.append(cell)

    def _foreign_key(self, name: Cell, value: Cell) -> None:
        """A key that is not ours but has an answer: nearly ours is a question, else it is the planner's own."""
        text = str(name.value)
        meant, trouble = heading_trouble(text, BRIEF, self.places.currency)
        ours = resembles(text, BRIEF)
        close = difflib.get_close_matches(heading_key(text), self.known, n=1, cutoff=NEAR)
        near = close[0] if close else self._shares_a_word(text, value)
        is_number = says_number(value.value)
        if meant is not None and "did you mean" not in trouble:
            self.findings.problem(name.address, f"The key {found(name)} {trouble}")
            self.doubtful.add(meant.attribute)
        elif ours == "Weeks" and not is_number:
            self._flight(name, value)
        elif near:
            self._doubt(name, ours or near, '; did you mean "{}"?')
        elif is_number:
            what = (
                '; if it is "{}", call it so'
                if ours
                else "; expected one of the keys that the Help sheet lists"
            )
            self._doubt(name, ours, f"{what}. Its number is not read; remove it, or say in words what it is.")
        else:
            self.unread.append((name, value))

    def _shares_a_word(self, text: str, value: Cell) -> str:
        """The key of ours that a key with a number shares its main word with: Media budget; "" where there is none.
        Where ours is not there, a text with figures is a number too: US$ 6.5m gross."""
        words = set(heading_key(text).split())
        mains = {
            "budget": "Budget",
            "universe": "Universe (000)",
            "commission": "Commission %",
            "weeks": "Weeks",
        }
        ours = next((heading for word, heading in mains.items() if word in words), "")
        if not ours or not isinstance(value.value, str):
            return ours
        missing = self.known[heading_key(ours)] not in self.places.rows
        return ours if missing and any(map(str.isdigit, value.value)) else ""

    def _flight(self, name: Cell, value: Cell) -> None:
        """When the flight ends, or a remark on it: asked about where Weeks says nothing, or a date says else."""
        rows, at = self.places.rows, self.places.value_column
        weeks, start = (_filled(self.sheet.cells.get((rows.get(of, 0), at))) for of in ("weeks", "start"))
        if differs := differing_end(value, start, weeks):
            self.findings.problem(name.address, f"{found(name)} {differs}")
        elif weeks is None and any(map(str.isdigit, found(value))):
            what = f", so {found(value)} is not read; write how many weeks the flight has beside {{}}."
            self._doubt(name, "Weeks", what)
        else:
            self.unread.append((name, value))

    def _doubt(self, name: Cell, ours: str, what: str) -> None:
        """A key that is not ours is a problem; ours that it may mean, named in {}, is not missed besides."""
        column = BRIEF.column(self.known[heading_key(ours)]) if ours else None
        if column is not None:
            self.doubtful.add(column.attribute)
            what = what.replace("{}", column.heading)
        self.findings.problem(name.address, f"{found(name)} is not a key of the Brief{what}")

    def _say(self) -> None:
        say = self.findings
        if self.unread:
            one = len(self.unread) == 1
            is_not, was = ("is not a key", "it was") if one else ("are not keys", "they were")
            say.notice(f"Brief: {listing_of(self.unread, _answered)} {is_not} of ours; {was} not read.")
        for at, cells in sorted(self.astray.items()):
            held = listing_of(cells, _placed, 3)
            say.problem(
                cells[0].address,
                f"What stands in column {column_letters(at)} is not read: {held}. The Brief's keys are in column "
                f"{column_letters(self.places.key_column)}, its answers in column "
                f"{column_letters(self.places.value_column)}; move it there, or remove it (further scenarios stand "
                "on a sheet Scenarios).",
                [cell.address for cell in cells[1:]],
            )
        for cells, what in (
            (self.titles, "for a title or remark"),
            (self.remarks, "for a remark beside an answer"),
        ):
            if cells:
                held = listing_of(cells, _placed, 3)
                say.notice(f"Brief: {held} taken {what} and not read.")


def _placed(cell: Cell) -> str:
    """A cell as quoted, with its place."""
    return f"{found(cell)} ({column_letters(cell.column)}{cell.row})"


def _answered(pair: tuple[Cell, Cell | None]) -> str:
    """A key that is not ours, with its place and what stands beside it."""
    name, value = pair
    answer = f"; {column_letters(value.column)}{value.row}: {found(value)}" if value is not None else ""
    ours = resembles(str(name.value), BRIEF)
    like = f'; like "{ours}"' if ours else ""
    return f"{found(name)} ({column_letters(name.column)}{name.row}{answer}{like})"


def _filled(cell: Cell | None) -> Cell | None:
    return None if is_blank(cell) else cell
