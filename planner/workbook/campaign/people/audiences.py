"""Audiences by name, and the Brief's target audience."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from models.errors import InvalidInput
from models.people.expressions import parse_expression
from planner.campaign.inputs import AudienceRow, Brief, TraitRow
from planner.campaign.segment_traits import free_words
from planner.names import key
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.table import Table

ALIASES = tuple(free_words())


def parse_audiences(table: Table, traits: Sequence[TraitRow]) -> tuple[AudienceRow, ...]:
    """The named audiences, every definition tried."""
    rows: list[AudienceRow] = []
    names = {key(trait.name): "a trait" for trait in traits} | dict.fromkeys(
        ALIASES, "a word with a meaning of its own"
    )
    for record in table.records:
        name, definition = record.text("name"), record.text("definition")
        record.stands_for(name, "definition")
        if key(name) in names:
            record.problem("name", f'"{name}" is already {names[key(name)]}; choose another name.')
        names[key(name)] = f"the name of an audience ({record.address('name')})"
        wrong = definition_problem(definition, traits)
        if wrong and "definition" not in record.bad:
            record.problem("definition", f'The audience "{name}" cannot be read: {wrong}')
        rows.append(AudienceRow(name, definition))
    return tuple(rows)


def definition_problem(definition: str, traits: Iterable[TraitRow]) -> str:
    """What is wrong with an audience's definition; "" when nothing is."""
    try:
        parse_expression(definition, [trait.name for trait in traits] + list(ALIASES))
    except InvalidInput as error:
        return str(error)
    return ""


def check_target(
    brief: Brief, audiences: Sequence[AudienceRow], traits: Sequence[TraitRow], findings: Findings
) -> Brief:
    """The Brief with its target audience in the spelling of the sheet Audiences, or a problem."""
    for audience in audiences:
        if key(audience.name) == key(brief.target_audience):
            return replace(brief, target_audience=audience.name)
    wrong = definition_problem(brief.target_audience, traits)
    if wrong:
        cell = findings.cell("Brief", "target_audience", "value")
        findings.problem(
            cell,
            f'Target audience "{brief.target_audience}" is not the name of an audience, and as a '
            f"definition it cannot be read: {wrong}",
        )
    return brief
