"""A campaign filled from its survey: the sheets get the survey's figures as cells, and are then read as any other.

So the result is checked by the reader that checks every campaign. What the planner has filled in stands.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from models.people.audience import MOST_SEGMENTS
from models.people.pair_types import TYPES_FROM_PAIRS
from models.people.types import ENOUGH_TYPES, FEWEST_TYPES
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.campaign.segment_traits import room_for_types
from planner.campaign.survey import CLAIMS_ARE_CONTACTS
from planner.errors import Problem, WorkbookError
from planner.excel.read import Cell, Cells, Sheet, blank_sheet, code_of
from planner.formats import count_of, number
from planner.names import heading_key, key, listing, printable
from planner.survey.answers import Answers, answers_of, survey_of
from planner.survey.figures import SurveyFigures, survey_figures, survey_types
from planner.survey.respondents import Wanted, contact_probabilities
from planner.workbook.campaign.parse import campaign_of, tables_of
from planner.workbook.campaign.people.composition import trait_columns
from planner.workbook.campaign.survey.figure_rows import (
    KnownTables,
    Row,
    bands,
    composition_rows,
    factors_filled,
    media_rows,
    overlap_rows,
    pair_rows,
    repeats_filled,
    trait_rows,
    type_rows,
    vehicle_rows,
)
from planner.workbook.campaign.survey.survey import SurveyRequest
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.headings import Header, find_header
from planner.workbook.cells.numbers import exact, is_blank
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.people_sheets import COMPOSITION, OVERLAPS, PAIRS, SURVEY, TRAITS, TYPES
from planner.workbook.schema.sheets import BRIEF, MEDIA, VEHICLES

PERCENT_FORMAT = "0.00%"
Value = str | float
RowKey = Callable[[Sequence[str]], object]


@dataclass(frozen=True, eq=False)
class Filled:
    """A sheet with cells added. kept: cells that were filled already, with something else to say."""

    sheet: Sheet
    kept: int


def by_first(texts: Sequence[str]) -> object:
    """Rows are the same where their first key is."""
    return key(texts[0])


def by_pair(texts: Sequence[str]) -> object:
    """Rows are the same where they name the same two, in either order."""
    return frozenset(map(key, texts))


def filled(
    sheet: Sheet | None,
    schema: SheetSchema,
    rows: Sequence[Row],
    keys: Sequence[str],
    same: RowKey = by_first,
    currency: str = "",
) -> Filled:
    """A sheet with these rows filled in. keys: headings that name a row, by which `same` recognises it."""
    header = None if sheet is None or not sheet.cells else find_header(sheet, schema, currency)
    if sheet is None or header is None:
        name = schema.name if sheet is None else sheet.name
        sheet = blank_sheet(name)
    by_code = (
        {} if header is None else {code_of(cell.row, cell.column): cell for cell in sheet.cells.values()}
    )
    head = 1 if header is None else header.row
    filling = _Filling(sheet.name, by_code, head, _columns(schema, header))
    filling.place_of_rows(keys, same)
    for row in rows:
        filling.add(row, keys, same, schema)
    return Filled(sheet.filled(Cells(by_code)), filling.kept)


def _columns(schema: SheetSchema, header: Header | None) -> dict[str, int]:
    """Columns by the key of their heading."""
    if header is None:
        return {}
    known = {heading_key(schema.column(name).heading): at for name, at in header.columns.items()}
    return {**{heading_key(text): at for at, text in header.others.items()}, **known}


class _Filling:
    """A sheet being filled. rows: row number by what names it."""

    def __init__(self, name: str, cells: dict[int, Cell], head: int, columns: dict[str, int]) -> None:
        self.name, self.cells, self.head, self.columns, self.kept = name, cells, head, columns, 0
        self.rows: dict[object, int] = {}
        self.last_row = max((cell.row for cell in cells.values()), default=head)
        self.last_column = max((cell.column for cell in cells.values()), default=0)

    def place_of_rows(self, keys: Sequence[str], same: RowKey) -> None:
        """Find the rows that are there."""
        places = [self.columns.get(heading_key(heading), 0) for heading in keys]
        if 0 in places:
            return
        for at in range(self.head + 1, self.last_row + 1):
            cells = [self.cells.get(code_of(at, place)) for place in places]
            found = [str(cell.value) for cell in cells if cell is not None and not is_blank(cell)]
            if len(found) == len(keys):
                self.rows.setdefault(same(found), at)

    def add(self, row: Row, keys: Sequence[str], same: RowKey, schema: SheetSchema) -> None:
        """Fill in the blank cells of a row, or a new row."""
        named = same([str(row[heading]) for heading in keys])
        if named not in self.rows:
            self.last_row += 1
            self.rows[named] = self.last_row
        for heading, value in row.items():
            self._put(self.rows[named], self._column(heading), value, heading not in keys, schema)

    def _column(self, heading: str) -> int:
        if heading_key(heading) not in self.columns:
            self.last_column += 1
            self.columns[heading_key(heading)] = self.last_column
            self.cells[code_of(self.head, self.last_column)] = Cell(
                self.name, self.head, self.last_column, heading
            )
        return self.columns[heading_key(heading)]

    def _put(self, row: int, column: int, value: Value, counts: bool, schema: SheetSchema) -> None:
        there = self.cells.get(code_of(row, column))
        if there is not None and not is_blank(there):
            self.kept += counts
            return
        percent = not isinstance(value, str) and _is_percent(column, self.columns, schema)
        self.cells[code_of(row, column)] = Cell(
            self.name, row, column, value, PERCENT_FORMAT if percent else "General"
        )


def _is_percent(column: int, columns: Mapping[str, int], schema: SheetSchema) -> bool:
    """Whether a column holds percents: its schema says so; a column of a trait or type does."""
    heading = next(heading for heading, at in columns.items() if at == column)
    kinds = {heading_key(known.heading): known.kind for known in schema.columns}
    return kinds.get(heading, "percent" if schema.open_columns else "text") == "percent"


# --- a campaign filled with its survey's figures ----------------------------------------------------


@dataclass(frozen=True)
class FilledCampaign:
    """campaign: filled. said: what was done and must be known, a sentence each."""

    campaign: Campaign
    said: tuple[str, ...]


def _silent(answers: Answers) -> Iterator[str]:
    """Of which vehicles respondents gave no answer."""
    both = zip(answers.vehicles, answers.no_answer, strict=True)
    silent = [f"{name} ({number(gone)})" for name, gone in both if gone]
    if silent:
        yield f"Respondents without an answer are counted as not meeting the vehicle: {listing(silent, 8)}."


def campaign_from_survey(request: SurveyRequest, pairs: bool = False) -> FilledCampaign:
    """Fill a campaign from its survey. pairs: Pairs instead of Types.

    Raises WorkbookError with every problem: of the survey, of the audiences, of what else the campaign holds.
    """
    _refuse_without_medium(request)
    answers = answers_of(request.sheet, survey_of(request.sheet, request.folder), request.brief.universe_000)
    if answers.universe_000 is None:
        text = "Universe (000) is missing; write how many people (in thousands) the survey stands for."
        raise WorkbookError(printable(request.book.path.name), (Problem(BRIEF.name, text),))
    known = KnownTables(tables_of(request.sheets, request.brief.currency, Findings()))
    chance = contact_probabilities(answers, [_wanted(name, answers, known) for name in answers.vehicles])
    figures = survey_figures(answers, chance)
    said = [*answers.notices, *([CLAIMS_ARE_CONTACTS] if answers.contacts else [])]
    said += _silent(answers)
    done = _filled_sheets(request, known, answers, figures, said)
    campaign = _campaign(request, done)
    more = _shared_people(
        request, known, answers, figures, room_for_types(campaign, ENOUGH_TYPES), pairs, said
    )
    kept = sum(found.kept for found in done)
    said += [f"{count_of(kept, 'cell')} had been filled in already and stand."] if kept else []
    campaign = _campaign(request, [*done, *more])
    if more:  # types carry the duplication
        campaign = _without_factors(campaign, factors_filled(answers, known))
    campaign = _plannable(campaign, repeats_filled(answers, figures, known), said)
    assert campaign.survey is not None
    sheet = replace(campaign.survey, effective_base=answers.effective_base)
    return FilledCampaign(replace(campaign, survey=sheet), tuple(said))


def _refuse_without_medium(request: SurveyRequest) -> None:
    """A vehicle that neither Survey nor Vehicles gives a medium."""
    text = '"{}" has no medium; write one, such as TV, under Medium.'
    bare = [Problem(item.cell, text.format(item.name)) for item in request.sheet.vehicles if not item.medium]
    if bare:
        raise WorkbookError(printable(request.book.path.name), tuple(bare))


def _without_factors(campaign: Campaign, names: Collection[str]) -> Campaign:
    """The campaign without the duplication factors of these traits (keys)."""
    traits = (
        replace(trait, duplication_factor=None) if key(trait.name) in names else trait
        for trait in campaign.traits
    )
    return replace(campaign, traits=tuple(traits))


def _plannable(campaign: Campaign, repeats: Collection[str], said: list[str]) -> Campaign:
    """The campaign; without the survey's repeat audiences (of vehicles by name) where the reach model cannot have them.
    What cannot be planned is said now: raises WorkbookError."""
    try:
        prepare(campaign)
    except WorkbookError:
        if not repeats:
            raise
        vehicles = tuple(
            replace(row, repeat=None) if row.vehicle_name in repeats else row for row in campaign.vehicles
        )
        campaign = replace(campaign, vehicles=vehicles)
        prepare(campaign)
        said.append(
            "Repeat audience % was left blank: beside these duplications the reach model cannot have the survey's."
        )
    return campaign


def _campaign(request: SurveyRequest, done: Sequence[Filled]) -> Campaign:
    return campaign_of(replace(request.book, sheets=_replaced(request, [found.sheet for found in done])))


def _wanted(name: str, answers: Answers, known: KnownTables) -> Wanted:
    """A vehicle's audience as Vehicles has it."""
    record = known.with_audience(name)
    cell = next(item.cell for item in answers.sheet.vehicles if item.name == name)
    if record is None:
        return Wanted(name, None, cell)
    audience, rating = record.number("audience_000"), record.number("rating")
    if audience is None and rating is not None:
        audience = rating * (answers.universe_000 or 0.0)
    return Wanted(name, audience, cell if audience is None else record.address("audience_000"))


def _replaced(request: SurveyRequest, done: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The workbook's sheets, those that were filled in their place, new ones behind."""
    by_key = {key(sheet.name): sheet for sheet in done}
    own = [by_key.pop(key(sheet.name), sheet) for sheet in request.book.sheets]
    return (*own, *by_key.values())


def _filled_sheets(
    request: SurveyRequest, known: KnownTables, answers: Answers, figures: SurveyFigures, said: list[str]
) -> list[Filled]:
    found = bands(answers, figures, known, said)
    done = [
        _fill(request, known, TRAITS, trait_rows(answers, figures, found, said), "Trait"),
        _fill(request, known, OVERLAPS, overlap_rows(answers, figures, found), "Trait A", "Trait B"),
        _fill(request, known, MEDIA, media_rows(answers, figures, said), "Medium"),
        _fill(request, known, VEHICLES, vehicle_rows(answers, figures, known, said), "Vehicle"),
        _fill(request, known, COMPOSITION, _composition(known, answers, figures, said), "Vehicle"),
    ]
    return done if request.brief.universe_000 else [*done, _with_universe(request, answers)]


def _composition(
    known: KnownTables, answers: Answers, figures: SurveyFigures, said: list[str]
) -> Sequence[Row]:
    """Composition's rows under the headings that the sheet has, with their units ("catalyst [%]")."""
    traits = [*answers.traits, *(record.text(TRAITS.key.attribute) for record in known.records(TRAITS))]
    columns = trait_columns(replace(known.tables[COMPOSITION.name], findings=Findings()), traits)
    return composition_rows(answers, figures, {key(found.name): found for found in columns}, said)


def _fill(
    request: SurveyRequest, known: KnownTables, schema: SheetSchema, rows: Sequence[Row], *keys: str
) -> Filled:
    """A sheet filled; of a form that was left blank only the headings that are used are written."""
    sheet = request.sheets.get(key(schema.name)) if known.records(schema) else None
    return filled(sheet, schema, rows, keys, by_pair if len(keys) > 1 else by_first, request.brief.currency)


def _shared_people(
    request: SurveyRequest, known: KnownTables, answers: Answers, figures: SurveyFigures, room: int, pairs: bool,
    said: list[str],
) -> list[Filled]:  # fmt: skip
    """Types, or Pairs where asked for: how vehicles share their people. room: for audience types."""
    if known.records(TYPES) or known.records(PAIRS):
        said.append("Types or Pairs are filled in already; they stand, and none were fitted.")
        return []
    needed = TYPES_FROM_PAIRS if pairs else FEWEST_TYPES
    if room < needed:
        text = (
            "The traits that the campaign asks about (by a role, a weight or an audience) make more than "
            f"{MOST_SEGMENTS // needed} segments beside {needed} audience types, and at most {MOST_SEGMENTS} in "
            "all are planned. List fewer of them, or give those that exclude each other a band."
        )
        raise WorkbookError(printable(request.book.path.name), (Problem(SURVEY.name, text),), tuple(said))
    if pairs:
        return [_fill(request, known, PAIRS, pair_rows(answers, figures), "Vehicle A", "Vehicle B")]
    found = survey_types(answers, room)
    if found is None:
        return []
    said.append(found.said)
    return [_fill(request, known, TYPES, type_rows(answers, found), "Vehicle")]


def _with_universe(request: SurveyRequest, answers: Answers) -> Filled:
    """The Brief with the universe that the weights add up to."""
    heading, universe = BRIEF.column("universe_000").heading, answers.universe_000 or 0.0
    sheet = request.sheets.get(key(BRIEF.name))
    if sheet is None:
        return filled(None, BRIEF, [{"Key": heading, "Value": universe}], ("Key",))
    place = next((p for p, cell in sheet.cells.items() if key(str(cell.value)) == key(heading)), None)
    row, column = place or (max(cell.row for cell in sheet.cells.values()) + 1, 1)
    cells = {code_of(cell.row, cell.column): cell for cell in sheet.cells.values()}
    cells.setdefault(code_of(row, column), Cell(sheet.name, row, column, heading))
    cells[code_of(row, column + 1)] = Cell(sheet.name, row, column + 1, exact(universe))
    return Filled(sheet.filled(Cells(cells)), 0)
