"""A blank campaign, and a small filled one (example.toml), made from the schema."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from models.people.types import type_names
from planner.campaign.influence import Parameter, parameter_shown
from planner.campaign.inputs import Brief, Campaign, InfluenceRow
from planner.errors import OutputError
from planner.formats import one_line
from planner.workbook.campaign.calendar.columns import week_labels
from planner.workbook.campaign.calendar.rows import HELP
from planner.workbook.campaign.people.influence import PARAMETERS, evidence_shown
from planner.workbook.campaign.sheets import write_campaign_sheets
from planner.workbook.page.book import write_book
from planner.workbook.page.files import Target, target_of
from planner.workbook.page.parameter_table import write_influence_sheet
from planner.workbook.page.sheet_writer import Row, ShareRows, SheetWriter
from planner.workbook.page.styles import GOOD, Styles, lines_needed
from planner.workbook.schema.columns import Column, SheetSchema
from planner.workbook.schema.people_sheets import (
    COMPOSITION,
    SURVEY,
    SURVEY_FORM,
    SURVEY_HELP,
    TYPES,
    TYPES_HELP,
)
from planner.workbook.schema.sheets import (
    BRIEF,
    INFLUENCE,
    SCENARIOS,
    SCENARIOS_HELP,
    SHEETS,
    VEHICLES,
    WEEKS,
)

# A template heads one column of Composition, the one that a plan cannot do without.
_TEMPLATE_TRAITS = ("catalyst",)
_TEMPLATE_TYPES = 4
_SURVEY_FORM: Sequence[Row] = tuple({"what": row} for row in SURVEY_FORM)
_CREATED = datetime(2026, 1, 1)  # fixed, so that the same template is the same file

_HELP_HEAD = (
    "How to fill in this workbook",
    "The least there must be: Universe (000) and Budget on Brief; Vehicle, Medium, Unit cost and Audience (000) or "
    "Rating % on Vehicles; one column of Composition with the share of catalysts. All else has a default, which "
    "'planner check' lists. The tabs of these three sheets are brown.",
    "Headings may be in any order and anywhere on their sheet. A unit in a heading is part of it: percents may be "
    "typed as 25 % in percentage cells; amounts of money are in the currency of the Brief; (000) means thousands.",
    "A row per vehicle, trait, medium, rule, goal, step of a discount or vehicle in a package; blank rows and totals "
    "are passed over. Sheets of your own are left alone; add (not read) to the name of one that looks like these.",
    "Beside 'planner plan': 'planner frontier' says what other budgets buy and what to drop first, 'planner stability' "
    "how the plan stands in other surveys (fill in Sample size), assumptions (Low and High on Influence) and prices.",
    "With a survey's file on the sheet Survey: 'planner survey describe' lists its columns, 'survey crosstab' counts "
    "them, 'survey to-campaign' fills this workbook from it, 'survey plan' plans on its respondents, 'survey evaluate' "
    "sets a plan by both beside each other, 'survey validate' says what a plan made on half of them brings the others.",
)
_HELP_WIDTHS = (14, 26, 78, 24, 42)  # a screen of 1366 pixels shows all
_COMPOSITION_HELP: tuple[tuple[str, str, str], ...] = (
    (
        "catalyst",
        "Percent of the vehicle's audience that has the trait. Any trait can head a column.",
        "14 %",
    ),
    ("catalyst [%]", "The same, its unit spelled out.", "14 %"),
    ("catalyst [index]", "Index against the universe: 100 = as many as in the universe.", "140"),
    ("catalyst [coverage %]", "Percent of all people with the trait that one insertion reaches.", "3 %"),
    ("catalyst [000]", "People with the trait in the audience, in thousands.", "168"),
)


def _parameters(given: Mapping[str, tuple[float, str]], category: str = "") -> list[Parameter]:
    """The form of the Influence sheet: every parameter with its range and source, and what is given."""
    rows = []
    for parameter in PARAMETERS:
        used, source = given.get(parameter.key, (None, ""))
        own = InfluenceRow(parameter.key, used, source=source)
        rows.append(parameter_shown(evidence_shown(parameter.key, category), parameter.kind, own))
    return rows


@dataclass(frozen=True)
class _Form:
    """What the sheets of a new workbook hold. composition: traits, and each vehicle's shares. tables: by sheet."""

    answers: Row
    composition: tuple[Sequence[str], ShareRows]
    influence: Sequence[Parameter]
    tables: Mapping[str, Sequence[Row]]


def _blank(survey: Sequence[Row]) -> _Form:
    return _Form({}, (_TEMPLATE_TRAITS, ()), _parameters({}), {SURVEY.name: survey})


def _example() -> _Form:
    import tomllib

    told = tomllib.loads(Path(__file__).with_name("example.toml").read_text(encoding="utf-8"))
    brief, vehicles, composition = told["brief"], told["vehicles"], told["composition"]
    rows = [dict(zip(vehicles["columns"], row, strict=True)) | vehicles["all"] for row in vehicles["rows"]]
    shares = [(name, [None if share == "" else share for share in row]) for name, *row in composition["rows"]]
    influence = _parameters(told["influence"], brief["category"])
    return _Form(brief, (composition["traits"], shares), influence, {**told["tables"], VEHICLES.name: rows})


_FURTHER_HELP: Mapping[str, Sequence[tuple[str, str, str, str]]] = {
    COMPOSITION.name: [(*row, "the universe's share") for row in _COMPOSITION_HELP],
    TYPES.name: TYPES_HELP,
    SURVEY.name: SURVEY_HELP,
    WEEKS.name: HELP,
    SCENARIOS.name: SCENARIOS_HELP,
    INFLUENCE.name: [
        (parameter.heading, f"{evidence_shown(parameter.key, '').source}.", "", "the preset's value")
        for parameter in PARAMETERS
    ],
}


def write_template(path: Path, force: bool = False) -> None:
    """Write a blank campaign workbook.

    Raises OutputError when the file exists (unless force) or cannot be written.
    """
    _write(_free(path, force), _blank(_SURVEY_FORM), keep=False)


def write_example(path: Path, force: bool = False) -> None:
    """Write a small filled campaign, of invented vehicles.

    Raises OutputError when the file exists (unless force) or cannot be written.
    """
    _write(_free(path, force), _example(), keep=False)


def write_template_with(survey: Sequence[Row], target: Target) -> None:
    """Write a blank campaign whose sheet Survey is begun; raises OutputError when it cannot stand there."""
    _write(target, _blank(survey))


def write_campaign(campaign: Campaign, target: Target) -> None:
    """Write a campaign as a workbook to go on with, Help included; raises OutputError when it cannot stand there."""

    def fill(styles: Styles) -> None:
        write_campaign_sheets(styles.book, campaign, target.path.parent)
        _write_help(SheetWriter(styles.book, campaign.brief))

    title = one_line(campaign.brief.campaign)[:200] or "Media campaign"
    write_book(target, campaign.brief, fill, created=_CREATED, title=title)


def _fill_sheets(writer: SheetWriter, form: _Form) -> None:
    """Every sheet of a campaign, in order."""
    special: dict[str, Callable[[], None]] = {
        BRIEF.name: lambda: writer.key_values(form.answers),
        WEEKS.name: lambda: writer.weeks(week_labels(Brief()), []),
        TYPES.name: lambda: writer.shares(TYPES, type_names(_TEMPLATE_TYPES), []),
        SCENARIOS.name: lambda: writer.scenarios(None),
        COMPOSITION.name: lambda: writer.shares(COMPOSITION, *form.composition),
        INFLUENCE.name: lambda: write_influence_sheet(writer, form.influence),
    }
    for schema in SHEETS:
        if schema.name in special:
            special[schema.name]()
        else:
            writer.table(schema, form.tables.get(schema.name, ()))


def _free(path: Path, force: bool) -> Target:
    """Where a new workbook is to stand."""
    target = target_of(path)
    if target.seen is not None and not force:
        raise OutputError(f"{path} exists already; choose another name, or overwrite it with --force.")
    return target


def _write(target: Target, form: _Form, keep: bool = True) -> None:
    brief = Brief(currency=str(form.answers.get("currency", "")))

    def fill(styles: Styles) -> None:
        writer = SheetWriter(styles.book, brief)
        _fill_sheets(writer, form)
        _write_help(writer)

    write_book(target, brief, fill, keep, created=_CREATED, title="Media campaign")


def _write_help(writer: SheetWriter) -> None:
    """The Help sheet: every column explained, with an example."""
    page = writer.page("Help")
    page.sheet.set_tab_color(GOOD)
    page.widths(_HELP_WIDTHS)
    page.put(0, 0, _HELP_HEAD[0], writer.get(bold=True, font_size=16))
    for number, text in enumerate(_HELP_HEAD[1:], 1):
        page.sheet.merge_range(number, 0, number, 4, text, writer.get(text_wrap=True))
        page.make_high(number, 30)
    header = len(_HELP_HEAD) + 1
    for place, text in enumerate(("Sheet", "Column", "What it is", "Example", "Blank means")):
        page.put(header, place, text, writer.head())
    for number, row in enumerate((row for schema in SHEETS for row in _help_rows(schema)), header + 1):
        for place, text in enumerate(row):
            page.put(number, place, text, writer.get(text_wrap=True, bold=place == 1))
        # LibreOffice does not make room by itself.
        most = max(lines_needed(text, width) for text, width in zip(row, _HELP_WIDTHS, strict=True))
        page.make_high(number, 3 + 13.5 * most)
    page.sheet.freeze_panes(header + 1, 0)
    page.sheet.set_landscape()
    page.sheet.fit_to_pages(1, 0)


def _help_rows(schema: SheetSchema) -> list[tuple[str, ...]]:
    """The sheet, its columns, and what else may stand on it."""
    columns = [
        (column.heading, _what(column), column.example, "needed" if column.required else column.blank)
        for column in schema.columns
    ]
    about = ("", schema.help, "", "")
    return [(schema.name, *row) for row in (about, *columns, *_FURTHER_HELP.get(schema.name, ()))]


def _what(column: Column) -> str:
    return f"{column.help} One of: {', '.join(column.choices)}." if column.choices else column.help
