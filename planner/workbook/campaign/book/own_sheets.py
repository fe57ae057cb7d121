"""Which sheets of a workbook are ours, and what to say of the others.

A sheet that is nearly ours by its name or by its headings is a question, for what it says would not count. A
workbook that is no campaign at all gets one answer: what it holds and how to make a campaign of it.
"""

import difflib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice

from planner.excel.read import Book, Cell, Sheet
from planner.names import heading_key, key, listing, tidy
from planner.workbook.campaign.people.traits import is_influencer, role_of
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import HEADER_WITHIN
from planner.workbook.cells.known_headings import known_headings
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.foreign_words import resembles
from planner.workbook.schema.people_sheets import COMPOSITION, SURVEY
from planner.workbook.schema.plan_sheets import HEADINGS_OF_A_PLAN, PLAN, RESULT_SHEETS
from planner.workbook.schema.sheets import BRIEF, SHEETS, VEHICLES, WEEKS

OURS = "not read"  # in the name of a sheet of the planner's own that looks like one of ours
_COPY = re.compile(r" ?\(\d+\)$|_\d+$")  # what Excel and LibreOffice put behind the name of a copied sheet
_WEEK = re.compile(r"(?:w|wk|week) ?\d{1,2}")
_ALIKE = 0.8  # of a name and one of ours: Rule and Rules are 0.89, Weekly and Weeks 0.73
_OUR_HEADINGS = 3  # so many of a sheet's headings make it that sheet, or two with the one that names the row


def own_sheets(book: Book, findings: Findings) -> dict[str, Sheet] | None:
    """The sheets that are ours by their loose name; None where the workbook is no campaign.

    Two of one name, and others that are nearly ours, are problems; the rest is noticed.
    """
    own = {key(schema.name) for schema in (*SHEETS, PLAN)}
    sheets = _by_name([sheet for sheet in book.sheets if key(sheet.name) in own], findings)
    if not {key(BRIEF.name), key(VEHICLES.name), key(SURVEY.name)} & set(sheets):
        _say_foreign_workbook([sheet for sheet in book.sheets if sheet.cells], findings)
        return None
    known = own | set(map(key, RESULT_SHEETS))
    foreign = [sheet for sheet in book.sheets if key(sheet.name) not in known and sheet.cells]
    _say_foreign(foreign, sheets, book, findings)
    return sheets


def _by_name(found: Iterable[Sheet], findings: Findings) -> dict[str, Sheet]:
    """The first sheet of each name; another is a problem."""
    sheets: dict[str, Sheet] = {}
    for sheet in found:
        first = sheets.setdefault(key(sheet.name), sheet)
        if first is not sheet:
            _say_twice(first, sheet, findings)
    return sheets


def _say_twice(first: Sheet, second: Sheet, findings: Findings) -> None:
    findings.problem(
        second.name,
        f'There are two sheets of this name, "{first.name}" and "{second.name}" (blanks and capitals do not tell '
        "them apart); remove one, or give it another name.",
    )
    findings.unsure.add(tidy(first.name))


# --- sheets that are not ours -----------------------------------------------------------------------


def _say_foreign(
    foreign: Iterable[Sheet], sheets: Mapping[str, Sheet], book: Book, findings: Findings
) -> None:
    """A problem for each sheet that seems to be ours, one notice for the rest."""
    own: list[str] = []
    for sheet in foreign:
        meant = None if OURS in key(sheet.name) else _meant(sheet, sheets)
        if meant is not None:
            mend = f"{meant} is there too, and read. Keep one" if book.sheet(meant) else "Rename it"
            findings.problem(
                sheet.name,
                f'The sheet "{sheet.name}": did you mean {meant}? It is not read under this name. {mend}, or '
                f'add "({OURS})" to its name if it is not to count.',
            )
            findings.unsure.add(meant)
        else:
            own.append(f'"{sheet.name}"')
    if own:
        is_not, it_is = ("is not ours", "it is") if len(own) == 1 else ("are not ours", "they are")
        findings.notice(
            f"The sheet{'' if len(own) == 1 else 's'} {listing(own)} {is_not}; {it_is} not read and not copied into "
            "the result."
        )


def _meant(sheet: Sheet, sheets: Mapping[str, Sheet]) -> str | None:
    """The sheet of ours that one of another name seems to be: a plan's by its headings, another by its name, else
    by its headings; None where it is none, or a copy of what only the program writes."""
    rows = _keys(sheet)
    plan = next((name for name, headings in HEADINGS_OF_A_PLAN.items() if _have(rows, headings)), None)
    if plan is not None or _COPY.sub("", key(sheet.name)) in map(key, RESULT_SHEETS):
        return plan
    return _named_like(key(sheet.name), sheets) or _headed_like(rows, sheets)


def _have(rows: Sequence[Sequence[str]], headings: Iterable[str]) -> bool:
    return any(set(map(heading_key, headings)) <= set(texts) for texts in rows)


def _named_like(name: str, sheets: Mapping[str, Sheet]) -> str | None:
    for schema in SHEETS:
        ours = key(schema.name)
        is_typo = _alike(_singular(name), _singular(ours))
        begins = _singular(name.partition(" ")[0]) == _singular(ours) and ours not in sheets
        if _singular(name) == _singular(ours) or is_typo or begins:
            return schema.name
    return None


def _headed_like(rows: Sequence[Sequence[str]], sheets: Mapping[str, Sheet]) -> str | None:
    ours = next((schema.name for schema in SHEETS if _has_headings_of(rows, schema)), None)
    vehicles = sheets.get(key(VEHICLES.name))
    has_none = vehicles is None or not vehicles.cells
    return VEHICLES.name if ours is None and has_none and _is_rate_card(rows) else ours


def _alike(one: str, other: str) -> bool:
    matcher = difflib.SequenceMatcher(None, one, other)
    return matcher.real_quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE


def _singular(word: str) -> str:
    return word.removesuffix("s")


def _has_headings_of(rows: Sequence[Sequence[str]], schema: SheetSchema) -> bool:
    """Whether a row (of the Brief: a column) of texts has the headings of a sheet of ours."""
    known = known_headings(schema)
    if schema.brief:
        firsts = {texts[0] for texts in rows if texts}  # the keys of a Brief
        return len({known[text] for text in firsts if text in known}) >= _OUR_HEADINGS
    return any(_heads(schema, texts, {known[text] for text in texts if text in known}) for texts in rows)


def _is_rate_card(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a row of texts has headings that are like those of Vehicles, though none of them is."""
    known = known_headings(VEHICLES)
    alike = ({known.get(text, "") or resembles(text, VEHICLES) for text in texts} - {""} for texts in rows)
    return any(len(headings) > _OUR_HEADINGS for headings in alike)


def _heads(schema: SheetSchema, texts: Sequence[str], attributes: Collection[str]) -> bool:
    """Whether a row is of a sheet's headings. attributes: those of ours among its texts."""
    named = schema.key.attribute in attributes
    if schema.open_columns:
        return named and _opens(schema, texts)
    return len(attributes) >= _OUR_HEADINGS - named


def _opens(schema: SheetSchema, texts: Sequence[str]) -> bool:
    """Whether further headings are those of Composition (a customer, an influencer) or Weeks (W1)."""
    if schema is COMPOSITION:
        return any(is_influencer(text) or role_of(text) == "customer" for text in texts)
    return schema is WEEKS and sum(_WEEK.fullmatch(text) is not None for text in texts) > 1


def _texts(cells: Mapping[int, Cell]) -> list[str]:
    """The texts of a row that may be headings."""
    texts = (cell.value for cell in cells.values())
    return [tidy(text) for text in texts if isinstance(text, str) and 0 < len(text) <= 60]


def _keys(sheet: Sheet) -> list[list[str]]:
    """Those of the first rows, as headings are compared."""
    return [list(map(heading_key, _texts(cells))) for _, cells in islice(sheet.rows(), HEADER_WITHIN)]


# --- a workbook that is no campaign -----------------------------------------------------------------


def _say_foreign_workbook(sheets: Sequence[Sheet], findings: Findings) -> None:
    """One answer to somebody's media plan: what it holds, what that resembles, how to go on."""
    described = [_described(sheet) for sheet in sheets[:6]]
    more = f" and {len(sheets) - 6:,} more" if len(sheets) > 6 else ""
    holds = f"It holds {', '.join(described)}{more}." if sheets else "All its sheets are blank."
    seem = [told for sheet in sheets[:6] if (told := _advice(sheet))]
    advice = f"If they are ours, {listing(seem)}; or write" if seem else "Write"
    findings.problem(
        "",
        f"This is no campaign workbook: it has neither a sheet {BRIEF.name} nor a sheet {VEHICLES.name}. {holds} "
        f"{advice} a blank campaign with planner new campaign.xlsx and copy into it what fits; its sheet Help explains "
        "every column.",
    )


def _advice(sheet: Sheet) -> str:
    """What to do with a sheet that has the headings of some of ours; "" where it has none."""
    rows = _keys(sheet)
    fits = [schema.name for schema in SHEETS if _has_headings_of(rows, schema)]
    fits = fits or [VEHICLES.name] * _is_rate_card(rows)
    if len(fits) > 1:
        return f'part "{sheet.name}" into sheets {listing(fits)}'
    return f'call "{sheet.name}" {fits[0]}' if fits else ""


def _described(sheet: Sheet) -> str:
    """A sheet with the row of most headings."""
    rows = [(number, _texts(cells)) for number, cells in islice(sheet.rows(), HEADER_WITHIN)]
    number, headings = max(rows, key=lambda row: len({*row[1]}))
    shown = f"row {number}: {listing(headings, 8)}" if headings else "no headings"
    return f'"{sheet.name}" ({shown})'
