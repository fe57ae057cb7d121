"""Scenarios: rows that say what is asked beside the campaign as it stands, several values a cell where wanted."""

import math
from collections.abc import Sequence
from itertools import product
from pathlib import Path

from planner.campaign.inputs import Campaign, OwnSheet
from planner.campaign.scenario import MODES, Change, Mode, Scenario, with_one_base
from planner.campaign.scenarios import changed
from planner.errors import WorkbookError
from planner.excel.read import Cell, address
from planner.names import key, tidy
from planner.workbook.campaign.rules.goals import check_minimum_cost
from planner.workbook.campaign.rules.rules import check_budget_shares
from planner.workbook.campaign.scenarios.columns import Reader, reader_of
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import is_blank, shown_as_percent
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import MINIMUM_COST, SCENARIOS

MOST = 5_000  # scenarios of a campaign
_SEPARATOR = ";"
Choices = list[list[Change]]  # per column with something in it, the changes its cell asks for


def parse_scenarios(table: Table, campaign: Campaign) -> tuple[Scenario, ...]:
    """The scenarios, those of several values one by one; problems go to findings."""
    findings = table.findings
    columns = _columns(table, campaign)
    per_row: list[Choices] = [[] for _ in table.records]
    for number, reader in columns.items():
        _read_column(number, reader, table.records, per_row, findings)
    scenarios: list[Scenario] = []
    for record, choices in zip(table.records, per_row, strict=True):
        _check_apart(choices, findings)
        if _too_many(record, choices, len(scenarios)):
            break
        scenarios += _expanded(record, choices)
    _check_twice(scenarios, findings)
    if not findings.problems:
        _check_each(scenarios, campaign, findings)
    return with_one_base(scenarios)


def name_missing_plans(table: Table, book: Path) -> None:
    """Say which plan workbooks are not there, where the sheet has other problems: without any, who reads the plans says
    so. book: the campaign's workbook."""
    if any(problem.cell.startswith(f"{table.schema.name}!") for problem in table.findings.problems):
        for record in table.records:
            if missing := no_plan_there(book, record.text("plan")):
                record.problem("plan", missing)


def no_plan_there(book: Path, plan: str) -> str:
    """What to say where a plan that a scenario names is no file beside the campaign's workbook; else ""."""
    if not plan or (book.parent / plan).is_file():
        return ""
    return f'"{plan}" is no file in the folder of {book.name}; expected a plan workbook, such as plan.xlsx.'


def sheet_as_it_stands(table: Table) -> OwnSheet | None:
    """What the planner wrote on the sheet, to be written again; None where there is nothing."""
    if not table.records:
        return None
    header = table.header
    headings = {at: SCENARIOS.column(name).heading for name, at in header.columns.items()}
    headings |= {at: tidy(text) for at, text in header.others.items()}
    turn = sorted(headings)
    rows = tuple(
        tuple(
            None
            if (cell := record.cells.get(at)) is None
            else (cell.value, shown_as_percent(cell.number_format))
            for at in turn
        )
        for record in table.records
    )
    return OwnSheet(tuple(headings[at] for at in turn), rows)


def _columns(table: Table, campaign: Campaign) -> dict[int, Reader]:
    """What each column with something in it changes."""
    found: dict[int, Reader] = {}
    seen: dict[str, str] = {}
    for number, heading in table.header.others.items():
        if table.is_blank(number):
            continue
        where = address(SCENARIOS.name, table.header.row, number)
        reader = reader_of(heading, where, campaign, table.findings)
        earlier = seen.setdefault(key(heading), where)
        if earlier != where:
            table.findings.repeated(where, f'The heading "{tidy(heading)}"', earlier)
        elif reader is not None:
            found[number] = reader
    return found


def _read_column(
    number: int, reader: Reader, records: Sequence[Record], per_row: Sequence[Choices], findings: Findings
) -> None:
    """Add what a column's cells ask for to each row."""
    parts = [_parts(record.cells.get(number)) for record in records]
    changes = iter(reader.read([part for row in parts for part in row], findings))
    for row, choices in zip(parts, per_row, strict=True):
        asked = [change for change in (next(changes) for _ in row) if change is not None]
        if asked:
            choices.append(asked)


def _parts(cell: Cell | None) -> list[Cell]:
    """A cell's several values, as cells of the same address; none where it is blank."""
    if cell is None or is_blank(cell):
        return []
    if not isinstance(cell.value, str) or _SEPARATOR not in cell.value:
        return [cell]
    texts = [tidy(text) for text in cell.value.split(_SEPARATOR)]
    return [cell._replace(value=text) for text in texts if text]


def _check_apart(choices: Choices, findings: Findings) -> None:
    """Two columns of a row must not change the same thing: which of them counts would be the order of the columns."""
    for at, (change, *_) in enumerate(choices):
        earlier = next((each for each, *_ in choices[:at] if each.meets(change)), None)
        if earlier is not None:
            findings.problem(
                change.cell,
                f'"{change.words}" and "{earlier.words}" ({earlier.cell}) change the same thing; clear one of them, or '
                "name what each is for.",
            )


def _too_many(record: Record, choices: Choices, before: int) -> bool:
    count = before + math.prod(map(len, choices))
    if count > MOST:
        record.problem(
            "name",
            f"With this row there are {count:,} scenarios; at most {MOST:,} are asked at once. Ask for fewer values.",
        )
    return count > MOST


def _expanded(record: Record, choices: Choices) -> list[Scenario]:
    """A row's scenarios: one for every combination of its values."""
    plan, name = record.text("plan"), record.text("name")
    mode = _mode(record, plan)
    cells = {attribute: record.address(attribute) for attribute in ("name", "mode", "plan", "base")}
    several = [at for at, asked in enumerate(choices) if len(asked) > 1]
    return [
        Scenario(
            ", ".join([name, *(changes[at].words for at in several)]),
            mode,
            changes,
            plan,
            bool(record.flag("base")) and number == 0,
            cells,
        )
        for number, changes in enumerate(product(*choices))
    ]


def _mode(record: Record, plan: str) -> Mode:
    """The mode asked for; a plan that is named is a fixed one."""
    asked = record.text("mode")
    mode: Mode = next((known for known in MODES if known == asked), "fixed" if plan else "best")
    if plan and mode != "fixed":
        record.problem(
            "mode",
            f"Mode is {mode}, but a Plan is named ({record.address('plan')}); write fixed, or clear the Plan.",
        )
    return mode


def _check_twice(scenarios: Sequence[Scenario], findings: Findings) -> None:
    seen: dict[str, str] = {}
    for scenario in scenarios:
        if not scenario.name:
            continue  # it could not be read, which is said
        where = scenario.cells["name"]
        earlier = seen.get(key(scenario.name))
        seen[key(scenario.name)] = where
        if earlier == where:
            findings.problem(where, f'"{scenario.name}" comes twice from this row; write each value once.')
        elif earlier is not None:
            findings.problem(
                where, f'"{scenario.name}" is there twice (also {earlier}); give it another name.'
            )
    marked = list(dict.fromkeys(each.cells["base"] for each in scenarios if each.base))
    if len(marked) > 1:
        findings.problem(marked[1], f"Base is marked twice (also {marked[0]}); mark one scenario.")


def check_scenarios(scenarios: Sequence[Scenario], campaign: Campaign) -> None:
    """Raises WorkbookError where a scenario of the command line lacks what it needs."""
    findings = Findings()
    _check_each(scenarios, campaign, findings)
    if findings.problems:
        raise WorkbookError(campaign.workbook, tuple(findings.problems))


def _check_each(scenarios: Sequence[Scenario], campaign: Campaign, findings: Findings) -> None:
    """What the changed campaign lacks, where the campaign itself does not: a budget, a goal."""
    for scenario in scenarios:
        if scenario.restated:
            continue  # the workbook is read again under it, and checked then
        other, asked = changed(campaign, scenario), Findings(cells=dict(campaign.cells))
        if other.brief.budget == float("inf") and other.brief.objective != MINIMUM_COST:
            asked.problem("", "There is no Budget; write one on Brief or here.")
        check_minimum_cost(other.brief, other.vehicles, other.rules, other.goals, asked)
        check_budget_shares(other.brief, other.rules, asked)
        for rule in other.rules:
            if rule.at_least is not None and rule.at_most is not None and rule.at_least > rule.at_most:
                asked.problem("", f'The rule "{rule.name}" asks for at least more than at most.')
        for problem in asked.problems:
            findings.problem(scenario.cells.get("name", ""), f"{scenario.name}: {problem.text}")
