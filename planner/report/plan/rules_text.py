"""Rules in words: which are broken, which bind, how far a plan is from their limits."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from planner.formats import cents, count_of, listed, money, number
from planner.planning.results import RuleOutcome

MOST_RULES, MOST_PAID = 2, 1
_WEEK = "the week of "
_LIMIT = re.compile(r"(?:^|: )(?=at (?:least|most) )")  # names with colons stand before it and behind
FEWEST_ALIKE = 3  # rules alike that are told as one


@dataclass(frozen=True)
class ByVerdict:
    """Rules that are broken, that bind, that hold otherwise; prices, which nobody can break, paid or not."""

    broken: list[RuleOutcome]
    binding: list[RuleOutcome]
    others: list[RuleOutcome]
    paid: list[RuleOutcome]
    unpaid: list[RuleOutcome]


def by_verdict(rules: Sequence[RuleOutcome]) -> ByVerdict:
    """The rules of a plan by what is to be said of them, each kind in their order."""
    found = ByVerdict([], [], [], [], [])
    kinds = {
        (False, True): found.binding,
        (False, False): found.others,
        (True, True): found.paid,
        (True, False): found.unpaid,
    }
    for rule in rules:
        (kinds[rule.price, rule.binding] if rule.holds else found.broken).append(rule)
    return found


@dataclass(frozen=True)
class Alike:
    """Rules that say the same of several weeks, vehicles or groups, as one; count: of how many."""

    rule: RuleOutcome
    count: int


def alike(rules: Sequence[RuleOutcome]) -> list[Alike]:
    """The rules in their order; those that hold and differ only in whom or when they are of stand as one, where the
    first of them stood."""
    found: dict[object, list[RuleOutcome]] = {}
    for rule in rules:
        head, said = _parts(rule.text)
        same = (said, rule.binding, rule.price, rule.own) if head and rule.holds else rule.text
        found.setdefault(same, []).append(rule)
    return [
        part
        for those in found.values()
        for part in ([_as_one(those)] if len(those) >= FEWEST_ALIKE else [Alike(rule, 1) for rule in those])
    ]


def rule_head(text: str) -> str:
    """Whom or when a rule is of; all of it where that is not said apart."""
    return _parts(text)[0] or text


def _parts(text: str) -> tuple[str, str]:
    """The head of a rule ("" where it has none), and what it says."""
    limit = _LIMIT.search(text)
    head, _, said = (text[: limit.start()], "", text[limit.end() :]) if limit else text.rpartition(": ")
    return head, said


def _as_one(rules: Sequence[RuleOutcome]) -> Alike:
    (first, said), (last, _) = _parts(rules[0].text), _parts(rules[-1].text)
    name = f"{first} and {len(rules) - 1} more"
    if first.startswith(_WEEK):  # which need not follow each other
        name = (
            f"each of {len(rules)} weeks between {first.removeprefix(_WEEK)} and {last.removeprefix(_WEEK)}"
        )
    return Alike(replace(rules[0], text=f"{name}: {said}"), len(rules))


def rule_lines(rules: Sequence[RuleOutcome], currency: str) -> Iterator[tuple[str, str]]:
    """Every broken rule in full; the first that bind, and how many others do or hold."""
    found = by_verdict(rules)
    yield from (("Broken", rule_text(rule, currency)) for rule in found.broken)
    told = found.broken or found.binding or found.paid
    rest = _others_text(len(found.others), "other rule" if told else "rule")
    for label, part, most in (("Binding", found.binding, MOST_RULES), ("Paid", found.paid, MOST_PAID)):
        if part:
            yield (
                label,
                f"{listed([rule_text(rule, currency) for rule in part], most, '; ')}. {rest}".rstrip(),
            )
            rest = ""
    if rest:
        yield "Rules", rest


def _others_text(others: int, what: str) -> str:
    return f"{count_of(others, what)} {'holds' if others == 1 else 'hold'}." if others else ""


def rule_text(rule: RuleOutcome, currency: str) -> str:
    """A rule, by how much it is broken where it is, and the cell where it stands."""
    text = told_text(rule, currency)
    return f"{text} ({rule.cell})" if rule.cell else text


def told_text(rule: RuleOutcome, currency: str) -> str:
    """A rule, and by how much it is broken where it is."""
    return rule.text if rule.holds else f"{rule.text}, broken by {slack_text(rule, currency)}"


def slack_text(rule: RuleOutcome, currency: str) -> str:
    """How far a plan is from the limit of a rule, in the rule's unit: 1 insertion, 2.5 GRP."""
    distance = abs(rule.slack)
    if rule.unit == "money":
        return money(distance, currency, cents(distance))
    if rule.unit.startswith("share"):
        points = 100 * distance
        return f"{number(points, 1) if points >= 0.05 else f'{points:.1g}'} percentage points"
    amount = f"{distance:,.4g}" if distance < 10_000 else number(distance)
    if rule.unit == "bought":
        return amount
    return f"{amount} {rule.unit.removesuffix('s') if amount == '1' else rule.unit}".strip()
