"""The Notes sheet: how to read and edit the plan, how sure it is, and everything it assumes."""

from collections.abc import Iterable, Iterator, Sequence

from planner.formats import count_of, number, percent
from planner.planning.results import PlanResult, RuleOutcome
from planner.report.campaign.check_text import default_groups
from planner.report.plan.certificate import certificate_sentence
from planner.report.plan.influence import parameter_text
from planner.report.plan.notices import customers_first_sentence, result_notices
from planner.report.plan.rules_text import slack_text
from planner.workbook.page.styles import BAD, RULE, Page, keep_together, lines_needed, page_points, unbroken

WIDTHS = (24, 34, 90)
STATED = 6  # digits of a parameter as it was stated
Row = tuple[str, str, str]

HOW_TO: tuple[Row, ...] = (
    ("Read", "Summary", "One page: what to buy, what it costs, whom it reaches, how sure the plan is."),
    ("Read", "Plan",
     "Every vehicle, the bought ones first. Optimised is what the program chose and stays so; Insertions is what will "
     "be bought. GRP counts contacts per 100 people of the universe, rating is the GRP of one insertion, CPM money per "
     "thousand contacts, CPP money per GRP. Influencer index: 100 means as many influencers in the audience as in the "
     "universe. What is not bought stands in grey and is printed too; filter Insertions by the arrow in its heading to "
     "print the rest alone."),
    ("Read", "Reach",
     "People who meet the campaign at least once, their average number of contacts, and how many are met 2, 3, 4 or "
     "more times."),
    ("Read", "Influence",
     "Paid is reached by the plan, earned is told by people it reaches, combined is either. Tailored is this plan, "
     "ordinary the one with most reach of the target audience for the same money and rules."),
    ("Read", "Ranking",
     "Every vehicle on every measure for the target audience; what each measure is stands below the table."),
    ("Edit", "Plan, column Insertions",
     "Type other numbers into the yellow cells: cost, GRP, impressions, shares and totals follow at once, edited rows "
     "turn orange. Rows may be sorted and filtered. Reach and the certificate do not follow."),
    ("Come back", "This file",
     "Save and close it, then run  planner evaluate  with this file: it calculates reach, frequency and the rules for "
     "the edited insertions. The sheets after Notes, and the parameters at the end of Influence, are the campaign "
     "itself, so that this file can also be planned anew. Sheets of the campaign that hold nothing are hidden: to fill "
     "one in, right-click any sheet's name, Unhide."),
)  # fmt: skip
# Instead of editing Plan, where the plan has a calendar.
FLOWCHART_HOW_TO: tuple[Row, ...] = (
    ("Read", "Flowchart, Line items",
     "When the insertions stand: a column per week, by medium, with cost, GRP and reach by week. Line items is the "
     "same calendar as a list, as optimised."),
    ("Edit", "Flowchart, yellow cells",
     "Type other numbers into the weeks: cost, GRP and totals follow at once, also on Plan, whose Insertions are the "
     "sums of Flowchart. Rows may be sorted, hidden and set apart by notes. Reach and the certificate do not follow."),
)  # fmt: skip
STATUS = {
    "optimal": "optimal: no plan within the rules is better by more than the gap asked for",
    "feasible": "feasible: keeps every rule, but the gap is wider than the one asked for",
    "broken": "broken: breaks a rule, see below",
}


def write_notes_sheet(page: Page, result: PlanResult) -> None:
    """Write the sheet: tables of three columns, one below the other."""
    page.title("Notes: how to use this plan, and what it rests on")
    page.widths(WIDTHS)
    row, starts = 2, []
    for title, headings, rows in _sections(result):
        starts.append(row)
        row = _write_section(page, row, (title, headings), list(rows))
    page.set_up(header_row=0, frozen=0)
    keep_together(page, [0, *starts[1:]], row, page_points(page, WIDTHS), whole=False)


def how_to(calendar: bool) -> tuple[Row, ...]:
    """How to read and edit; where there is a calendar, Flowchart is the place to edit."""
    if not calendar:
        return HOW_TO
    read, edit = FLOWCHART_HOW_TO
    kept = [row for row in HOW_TO if row[0] != "Edit"]
    return (*kept[:2], read, *kept[2:-1], edit, kept[-1])


def _sections(result: PlanResult) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Title, headings and rows of every part of the sheet, in reading order."""
    yield "How to read, edit and come back", ("What for", "Where", "How"), how_to(result.weeks is not None)
    yield "How sure the plan is", ("Topic", "", "Figure"), _certificate_rows(result)
    notices = enumerate(result_notices(result), 1)
    yield "What to know", ("No.", "", "Notice"), [(str(place), "", text) for place, text in notices]
    rules = [_rule_row(rule, result.campaign.brief.currency) for rule in result.rules]
    # The sheets of the campaign are written anew behind this one, in an order of rows and columns of their own.
    where = f"Rules (cells are those of {result.campaign.workbook})"
    yield where, ("Cell", "How the plan stands", "Rule"), rules
    yield "Assumptions of the calculation", ("Topic", "", "What is assumed"), _by_topic(result.notes)
    talk = ("Parameter", "Used (low to high)", "Source")
    yield "Word of mouth: parameters in force", talk, _parameters(result)
    # What the table above says once is not said again.
    above = {row[0] for row in _parameters(result)}
    told = [
        each for each in result.campaign.told_defaults if each.sheet != "Influence" or each.row not in above
    ]
    defaults = [_default_row(*group) for group in default_groups(told, ranges=False)]
    yield "Defaults taken where the campaign says nothing", ("Sheet", "Row", "What was taken"), defaults
    yield "The run", ("What", "", "Value"), _run_rows(result)


def _default_row(sheet: str, rows: Sequence[str], text: str) -> Row:
    """A default, and the rows that it was taken in: many of them stand in the widest column."""
    named = ", ".join(rows) or "all rows"
    if lines_needed(named, WIDTHS[1]) == 1:
        return sheet, named, text
    return sheet, count_of(len(rows), "row"), f"{text}. Rows: {named}."


def _certificate_rows(result: PlanResult) -> list[Row]:
    gap = f"{percent(result.gap, 3)} (asked for: {percent(result.gap_asked, 3)})"
    bound = "Least any plan can cost" if result.minimises else "Most any plan can be worth"
    told = {
        "Certificate": certificate_sentence(result),
        "Status": STATUS[result.status],
        "Objective": result.objective,
        "Value of this plan": f"{number(result.value, 1)} {result.value_unit}",
        bound: f"{number(result.bound, 1)} {result.value_unit}",
        "Gap": "none: a rule is broken" if result.status == "broken" else gap,
        "Customers first": customers_first_sentence(result) or "not asked for",
    }
    return [(topic, "", text) for topic, text in told.items()]


def _rule_row(rule: RuleOutcome, currency: str) -> Row:
    distance = slack_text(rule, currency)
    if not rule.holds:
        return rule.cell, f"BROKEN by {distance}", rule.text
    if rule.price:
        return rule.cell, "paid" if rule.binding else "not used", rule.text
    return rule.cell, "holds, binding" if rule.binding else f"holds, {distance} to spare", rule.text


def _by_topic(notes: Sequence[tuple[str, str]]) -> list[Row]:
    """Notes with their topics together, in the order in which the topics first come up."""
    topics = list(dict.fromkeys(topic for topic, _ in notes))
    return [(topic, "", text) for topic, text in sorted(notes, key=lambda note: topics.index(note[0]))]


def _parameters(result: PlanResult) -> list[Row]:
    """The parameters of word of mouth with their source, and who says what is used."""
    influence = result.influence
    if influence is None:
        return []
    rows = []
    for found in influence.parameters:
        low, used, high = (
            parameter_text(value, found.share, STATED) for value in (found.low, found.used, found.high)
        )
        who = "the campaign" if found.given is not None else f"preset {influence.preset}"
        rows.append((found.heading, f"{used} ({low} to {high}), {who}", found.source_told))
    return rows


def _run_rows(result: PlanResult) -> list[Row]:
    run = result.run
    return [
        ("Solver", "", run.solver),
        ("Input file (SHA-256)", "", result.fingerprint or "not read from a file"),
        *(("Version", name, version) for name, version in run.versions().items()),
        *(("Seconds", step, number(seconds, 2)) for step, seconds in run.seconds.items()),
    ]


def _write_section(page: Page, row: int, head: tuple[str, Row], rows: Sequence[Row]) -> int:
    """A titled table of three columns; returns the row where the next one starts."""
    if not rows:
        return row
    title, headings = head
    page.section(row, (0, len(WIDTHS) - 1), title)
    page.headings(row + 1, 0, headings, texts=len(headings))
    for at, texts in enumerate(rows, row + 2):
        _write_row(page, at, texts)
    return row + len(rows) + 3


def _write_row(page: Page, row: int, texts: Row) -> None:
    broken = texts[1].startswith("BROKEN")
    bad = page.styles.get(
        text_wrap=True, valign="top", bold=True, font_color=BAD, bottom=1, bottom_color=RULE
    )
    for column, text in enumerate(texts):
        page.put(row, column, unbroken(text), bad if broken and column == 1 else page.styles.wrapped)
    page.make_room(row, max(lines_needed(text, width) for text, width in zip(texts, WIDTHS, strict=True)))
