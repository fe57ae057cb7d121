"""Goals: what a plan must do for an audience, and what it may not pass."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf

from models.errors import InvalidInput
from models.people.expressions import parse_expression
from planner.campaign.inputs import AudienceRow, Brief, TraitRow, VehicleRow, counts_for
from planner.campaign.rule_rows import GoalMeasure, GoalRow, RuleRow
from planner.campaign.segment_traits import free_words
from planner.names import key, nearest, tidy, unknown
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import SHARE_OR_NUMBER, Number, Trouble
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.sheets import GOAL_MEASURES, GOALS, MINIMUM_COST

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


_MEASURES: Mapping[str, GoalMeasure] = {
    "reach": "reach", "reach %": "reach", "% reach": "reach", "reach in %": "reach", "1+": "reach", "1+ %": "reach",
    "grp": "grp", "grps": "grp", "trp": "grp", "trps": "grp", "gross rating points": "grp", "rating points": "grp",
    "impressions (000)": "impressions", "impressions 000": "impressions", "contacts (000)": "impressions",
    "impressions (thousands)": "impressions", "impressions in thousands": "impressions",
    "% of impressions": "share of impressions", "share of impressions": "share of impressions",
    "% of contacts": "share of impressions", "profile %": "share of impressions", "profile": "share of impressions",
    "average frequency": "average frequency", "frequency": "average frequency",
    "avg frequency": "average frequency", "avg. frequency": "average frequency", "average ots": "average frequency",
    "ots": "average frequency",
}  # fmt: skip
_TIMES = re.compile(r"(?:reach\s*)?(n|\d+)\s*\+\s*(?:reach\s*)?%?|effective reach\s*%?")
_FEWEST_TIMES, _MOST_TIMES = 2, 20
_REACH = ("reach", "effective reach")
_SHARES = (*_REACH, "share of impressions")

# Audiences that every plan reports, by what they are called on the sheet; and the roles that make them up.
_STANDARD: Mapping[str, str] = {
    "everyone": "everyone", "everybody": "everyone", "target": "target", "target audience": "target",
    "customer": "customers", "customers": "customers", "catalyst": "catalysts", "catalysts": "catalysts",
    "expert": "experts", "experts": "experts", "influencer": "influencers", "influencers": "influencers",
    "others": "others",
}  # fmt: skip
_ROLES: Mapping[str, tuple[str, ...]] = {
    "customers": ("customer",), "catalysts": ("catalyst",), "experts": ("expert",),
    "influencers": ("catalyst", "expert"), "others": ("catalyst", "expert"),
}  # fmt: skip

Measure = tuple[GoalMeasure, int]  # and from how many times on


def parse_goals(
    table: Table, brief: Brief, people: tuple[Sequence[AudienceRow], Sequence[TraitRow]]
) -> tuple[GoalRow, ...]:
    """The goals; problems go to findings. people: the campaign's audiences and traits."""
    findings = table.findings
    measures = [_measure(record, brief) for record in table.records]
    least, most = (_limits(table, side, measures) for side in ("at_least", "at_most"))
    goals = []
    for at, record in enumerate(table.records):
        audience = _audience(record, brief, people)
        limits = least[at], most[at]
        measure = measures[at]
        if measure is not None and not any(isinstance(limit, Trouble) for limit in limits):
            goals.append(_goal(record, audience, measure, limits))
    found = [goal for goal in goals if goal is not None]
    _check_twice(found, findings)
    return tuple(found)


def check_minimum_cost(
    brief: Brief,
    vehicles: Sequence[VehicleRow],
    rules: Sequence[RuleRow],
    goals: Sequence[GoalRow],
    findings: Findings,
) -> None:
    """The cheapest plan buys nothing unless something asks for a purchase."""
    if brief.objective != MINIMUM_COST:
        return
    forced = (
        any(goal.at_least and goal.measure != "share of impressions" for goal in goals)
        or any(rule.at_least and rule.unit not in ("share", "ratio") for rule in rules)
        or any(map(_is_bought, vehicles))
    )
    if not forced:
        findings.problem(
            findings.cell("Brief", "objective", "value"),
            "Objective minimum cost needs at least one goal: nothing has to be bought, so the cheapest plan "
            "is none. Write what must be attained on the sheet Goals, such as customers, reach %, 40 %.",
        )


def _is_bought(vehicle: VehicleRow) -> bool:
    return bool(vehicle.must_buy or vehicle.minimum or vehicle.locked)


def measure_text(goal: GoalRow) -> str:
    """A goal's measure as it is written on the sheet.

    >>> measure_text(GoalRow("everyone", "effective reach", 0.2, times=3))
    '3+ %'
    """
    if goal.measure == "effective reach":
        return f"{goal.times}+ %"
    return {"reach": "reach %", "grp": "GRP", "impressions": "impressions (000)",
            "share of impressions": "% of impressions"}.get(goal.measure, goal.measure)  # fmt: skip


# --- measure and audience ---------------------------------------------------------------------------


def _measure(record: Record, brief: Brief) -> Measure | None:
    if "measure" in record.bad:
        return None
    text = record.text("measure")
    plain = tidy(key(text).replace("'000", "000").replace("’000", "000"))
    if plain in _MEASURES:
        return _MEASURES[plain], 1
    times = _TIMES.fullmatch(plain)
    if times is not None:
        return _times(record, times[1], brief)
    expected = "reach %, 3+ %, GRP, impressions (000), % of impressions or average frequency"
    if not text:
        problem = f"The goal has no measure; write {expected}."
    elif plain.startswith("impressions"):
        problem = f'Measure is "{text}"; impressions are given in thousands: write impressions (000).'
    else:
        problem = f'Measure is "{text}"; expected {expected}{nearest(text, GOAL_MEASURES) or "."}'
    record.problem("measure", problem)
    return None


def _times(record: Record, digits: str | None, brief: Brief) -> Measure | None:
    """How often people must be met: as written, or the Brief's Effective frequency."""
    written = digits is not None and digits != "n"
    times = int(digits) if digits is not None and digits != "n" else brief.effective_frequency
    if times == 1:
        return "reach", 1
    if _FEWEST_TIMES <= times <= _MOST_TIMES:
        return "effective reach", times
    where = (
        ""
        if written
        else f" (the Brief's Effective frequency, {record.findings.cells['Brief', 'effective_frequency', 'value']})"
    )
    record.problem(
        "measure",
        f'Measure "{record.text("measure")}" asks for {times} contacts{where}; expected from {_FEWEST_TIMES} to '
        f"{_MOST_TIMES}.",
    )
    return None


def _audience(record: Record, brief: Brief, people: tuple[Sequence[AudienceRow], Sequence[TraitRow]]) -> str:
    """The audience's name as the program knows it; a problem where there is none of that name."""
    audiences, traits = people
    name, own = record.text("audience"), _by_key(audiences)
    standard = _STANDARD.get(key(name))
    if standard is not None:
        twice = key(name) in own and key(brief.target_audience) != key(name)
        _check_standard(record, standard, _having(standard, traits, brief), twice)
        return standard
    if key(name) in own:
        return own[key(name)]
    if name and not definition_problem(name, traits):
        return _by_key(traits).get(key(name), tidy(name))
    if "audience" not in record.bad:
        known = [*own.values(), *dict.fromkeys(_STANDARD.values()), *_by_key(traits).values()]
        otherwise = (
            "; use a name from the sheets Audiences or Traits, or everyone, target, customers, catalysts, experts, "
            "influencers or others."
        )
        wrong = unknown(name, "the name of an audience", known, otherwise)
        record.problem("audience", wrong)
    return name


def _by_key(rows: Sequence[AudienceRow | TraitRow]) -> dict[str, str]:
    """Names by how they are compared."""
    return {key(row.name): row.name for row in rows}


def _having(standard: str, traits: Sequence[TraitRow], brief: Brief) -> bool:
    """Whether any trait that counts makes a standard audience up."""
    roles = _ROLES.get(standard)
    return roles is None or any(trait.role in roles and counts_for(trait, brief) for trait in traits)


def _check_standard(record: Record, standard: str, having: bool, twice: bool) -> None:
    """A standard audience of somebody, and no other of its name."""
    name, where = record.text("audience"), record.address("audience")
    if not having:
        roles = " or ".join(_ROLES[standard])
        wrong = f'"{name}" is an audience of nobody: no trait that counts here has the role {roles}.'
        record.findings.problem(where, wrong)
    elif twice:
        record.findings.problem(
            where,
            f'"{name}" may be the Brief\'s target audience or the audience of that name on the sheet '
            "Audiences; give the latter another name.",
        )


# --- limits -----------------------------------------------------------------------------------------


def _limits(table: Table, attribute: str, measures: Sequence[Measure | None]) -> list[Number]:
    """A column of limits: percents for reach, plain numbers for the other measures."""
    names = [measure[0] if measure else None for measure in measures]
    kinds = ["" if name is None else "share" if name in _SHARES else "number" for name in names]
    return table.limits(attribute, kinds, SHARE_OR_NUMBER, lambda limit, at: _bounded(limit, names[at]))


def _bounded(limit: Number, measure: GoalMeasure | None) -> Number:
    if not isinstance(limit, float):
        return limit
    if measure in _SHARES and not 0 <= limit <= 1:
        return Trouble("is out of bounds; a percent of an audience is from 0 to 100")
    return Trouble("is negative; expected 0 or more") if limit < 0 else limit


def _goal(record: Record, audience: str, measure: Measure, limits: tuple[Number, Number]) -> GoalRow | None:
    name, times = measure
    least, most = (limit if isinstance(limit, float) else None for limit in limits)
    wrong = _wrong_limits(record, name, least, most)
    if wrong:
        record.findings.problem(*wrong)
        return None
    where = record.address("at_least" if least is not None else "at_most")
    record.stands_for(where, "audience", "measure", "at_least", "at_most")
    return GoalRow(audience, name, least, most, times, where)


def _wrong_limits(
    record: Record, measure: GoalMeasure, least: float | None, most: float | None
) -> tuple[str, str] | None:
    """The first thing that is wrong with a goal's limits: the cell and what is wrong there."""
    frequency = measure == "average frequency"
    low, high = -inf if least is None else least, inf if most is None else most
    lacking = "at_most" if frequency else "at_least"
    none = (least, most) == (None, None) and not record.lacks(lacking)
    wrongs = (
        (measure in _REACH and most is not None, "at_most",
         "A plan cannot be kept from reaching people: reach and n+ take no At most. Limit average frequency, GRP, "
         "impressions or money instead."),
        (frequency and least is not None, "at_least",
         "A least average frequency cannot be promised, and reaching fewer people would attain it; write how many are "
         "to be met often enough instead, such as 3+ % at least 20 %."),
        (none, lacking, f"The goal has no {GOALS.column(lacking).heading}; write it."),
        (frequency and high < 1, "at_most",
         f"Average frequency at most {high:g} can never be: who is reached at all is met once or more."),
        (low > high, "at_least",
         f"At least {low:,.10g} is more than At most {high:,.10g} ({record.address('at_most')}); change one of them."),
    )  # fmt: skip
    return next(((record.address(side), text) for is_so, side, text in wrongs if is_so), None)


def _check_twice(goals: Sequence[GoalRow], findings: Findings) -> None:
    """The same side of the same goal in two rows."""
    first: dict[tuple[str, str, int, str], str] = {}
    for goal in goals:
        for side, limit in (("at_least", goal.at_least), ("at_most", goal.at_most)):
            if limit is None:
                continue
            where = findings.cells["Goals", goal.cell, side]
            earlier = first.setdefault((goal.audience, goal.measure, goal.times, side), where)
            if earlier != where:
                findings.repeated(where, f"{measure_text(goal)} of {goal.audience}", earlier)
