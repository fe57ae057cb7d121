"""Units of a rule in the words that planners use: money, percents, counts, ratios to other vehicles."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from planner.campaign.rule_rows import RatioOf, RuleRow, RuleUnit
from planner.formats import currency_mark
from planner.names import key, nearest, tidy
from planner.workbook.campaign.rules.groups import Sets, resolvable, resolve
from planner.workbook.cells.currencies import MEANINGS, agree
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import shown_as_percent
from planner.workbook.cells.table import Record
from planner.workbook.schema.rule_units import EXPECTED, RULE_UNITS

WHOLE_PLAN = "the whole plan"
_WHOLE_PLAN = frozenset({
    "", "plan", "the plan", "whole plan", WHOLE_PLAN, "total", "the total", "all", "everything", "all vehicles",
    "campaign", "the campaign",
})  # fmt: skip
_UNITS: Mapping[str, RuleUnit] = {
    key(word): unit
    for unit, words in RULE_UNITS.items()
    for word in (words.written, *words.words)
    if unit != "ratio"
}
# Words for "at most 1 of the list": the first leave no doubt, the others may mean exactly 1.
_EXCLUSIVE = frozenset({
    "exclusive", "exclusivity", "mutually exclusive", "only one", "only one of", "only one of the list",
    "not both", "not together", "exclude each other",
})  # fmt: skip
_EITHER = frozenset({"either/or", "either or", "either / or", "one of", "one of the list"})
_TARGET_POINTS = frozenset({"trp", "trps", "target rating points"})

_MEASURES: Mapping[RatioOf, str] = {
    "money": "spend|spending|money|costs?|budget",
    "insertions": "insertions?|spots?",
    "grp": "grps?|(?:gross )?rating points",
}
_PERCENT_OF = re.compile(r"(?:%|percent\b|per cent\b)\s*(?:of\b)?\s*(?P<rest>.+)", re.IGNORECASE)
_RATIO_WORDS: Mapping[RatioOf, str] = {"money": "spend", "insertions": "insertions", "grp": "GRP"}


@dataclass(frozen=True)
class Unit:
    """A rule's unit as read. of, base, members: of a ratio. exclusive: at most 1 by the unit's own words;
    either: at most 1 or exactly 1, unless limits say."""

    unit: RuleUnit
    of: RatioOf = "insertions"
    base: str = ""
    members: frozenset[str] = frozenset()
    exclusive: bool = False
    either: bool = False


def read_unit(record: Record, sets: Sets, currency: str) -> Unit | None:
    """The unit of a row of Rules; what cannot be read is a problem at its cell."""
    if "unit" in record.bad:
        return None
    text = record.text("unit")
    plain = _plain(key(text), currency) or (None if text else _shown(record))
    ratio = _PERCENT_OF.fullmatch(text)
    if plain is not None or (ratio is not None and not sets["vehicle"]):
        return plain  # where there are no vehicles, that is said already
    if ratio is not None:
        return _ratio(text, tidy(ratio["rest"]), record.address("unit"), sets, record.findings)
    record.problem("unit", _no_unit(text, currency))
    return None


def _shown(record: Record) -> Unit | None:
    """A blank unit beside a limit that is shown as a percentage."""
    cells = (record.raw(attribute) for attribute in ("at_least", "at_most"))
    percent = any(cell is not None and shown_as_percent(cell.number_format) for cell in cells)
    return Unit("share") if percent else None


def _no_unit(text: str, currency: str) -> str:
    if not text:
        return f"The rule has no unit; write {EXPECTED}."
    if key(text) in _TARGET_POINTS:
        return (
            f'Unit is "{text}"; a rule counts GRP, rating points of the universe. For those of an audience '
            "write a goal, on the sheet Goals."
        )
    hint = nearest(text, [*_UNITS, *_EXCLUSIVE, *_EITHER, *filter(None, [currency])]) or "."
    return f'Unit is "{text}"; expected {EXPECTED}{hint}'


def unit_text(rule: RuleRow) -> str:
    """A rule's unit as it is written on the sheet.

    >>> unit_text(RuleRow("", "radio", (), 2.0, None, "ratio", of="insertions", base="TV"))
    '% of insertions of TV'
    """
    if rule.unit == "ratio":
        return f"% of {_RATIO_WORDS[rule.of]}" + ("" if rule.base == WHOLE_PLAN else f" of {rule.base}")
    return RULE_UNITS[rule.unit].written


def _plain(text: str, currency: str) -> Unit | None:
    """A unit that is a word or two; the campaign's currency, by code or symbol, is money."""
    own = {key(currency), key(currency_mark(currency))} if currency else set()
    if text in own or (text in MEANINGS and agree(text, currency)):
        return Unit("money")
    if text in _UNITS:
        return Unit(_UNITS[text])
    if text in _EXCLUSIVE:
        return Unit("items", exclusive=True)
    return Unit("items", either=True) if text in _EITHER else None


def _ratio(text: str, rest: str, where: str, sets: Sets, findings: Findings) -> Unit | None:
    """% of something: of a measure of the whole plan, or of other vehicles."""
    wordings = _wordings(rest)
    read = (_meant(of, bases, sets) for of, bases in wordings)
    readings = {(unit.unit, unit.of, unit.members): unit for unit in read if unit is not None}
    units = list(readings.values())
    if len(units) == 1:
        return units[0]
    if units:
        ways = " or ".join(f'"% of {_RATIO_WORDS[unit.of]} of {unit.base}"' for unit in units)
        findings.problem(where, f'Unit "{text}" can be read in several ways; write {ways}.')
    elif wordings:
        resolve(wordings[-1][1][-1], where, sets, findings, "unit")
    elif resolvable(rest, sets) is not None:
        findings.problem(
            where,
            f'Unit is "{text}": of its spend, insertions or GRP? Write one of them, such as "% of insertions '
            f'of {rest}".',
        )
    else:
        findings.problem(where, f'Unit is "{text}"; expected {EXPECTED}.')
    return None


def _meant(of: RatioOf, bases: tuple[str, ...], sets: Sets) -> Unit | None:
    """The unit with the first of these names that stands for vehicles, or for the whole plan."""
    every = frozenset[str]().union(*sets["vehicle"].values())
    for base in bases:
        chosen = resolvable(base, sets) if key(base) else None
        if key(base) in _WHOLE_PLAN and chosen in (None, every):
            return Unit("share") if of == "money" else Unit("ratio", of, WHOLE_PLAN, every)
        if chosen is not None:
            return Unit("ratio", of, base, chosen)
    return None


def _wordings(rest: str) -> list[tuple[RatioOf, tuple[str, ...]]]:
    """What may be meant by insertions of TV, TV insertions, TV's insertions or insertions: each measure with
    the name that it may be of, as written and without its article.

    >>> _wordings("GRP of the plan"), _wordings("TV's spend")
    ([('grp', ('the plan', 'plan'))], [('money', ("TV's",)), ('money', ('TV',))])
    """
    found: list[tuple[RatioOf, tuple[str, ...]]] = []
    for of, words in _MEASURES.items():
        before = re.fullmatch(rf"(?:the\s+)?(?:{words})(?:\s+(?:of|in|on)\s+(.+))?", rest, re.IGNORECASE)
        after = re.fullmatch(rf"(.+?)\s+(?:{words})", rest, re.IGNORECASE)
        bases = [before[1] or ""] if before else []
        bases += dict.fromkeys([after[1], re.sub(r"['’]s?$", "", after[1])]) if after else []
        bare = [re.sub(r"^the\s+", "", base, flags=re.IGNORECASE) for base in bases]
        found += [(of, tuple(dict.fromkeys(names))) for names in zip(bases, bare, strict=True)]
    return found
