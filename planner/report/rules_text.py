"""Rules in words: which are broken, which bind, how far a plan is from their limits."""

from collections.abc import Iterator, Sequence

from planner.formats import count_of, is_whole, listed, money, number
from planner.planning.results import RuleOutcome

MOST_RULES, MOST_PAID = 2, 1


def by_verdict(
    rules: Sequence[RuleOutcome],
) -> tuple[list[RuleOutcome], list[RuleOutcome], list[RuleOutcome]]:
    """The rules that are broken, that bind (of a price: that are paid), and the others."""
    broken = [rule for rule in rules if not rule.holds]
    binding = [rule for rule in rules if rule.holds and rule.binding]
    return broken, binding, [rule for rule in rules if rule.holds and not rule.binding]


def rule_lines(rules: Sequence[RuleOutcome], currency: str) -> Iterator[tuple[str, str]]:
    """Every broken rule in full; the first that bind, and how many others do or hold."""
    broken, binding, others = by_verdict(rules)
    yield from (("Broken", rule_text(rule, currency)) for rule in broken)
    rest = _others_text(len(others), "other rule" if broken or binding else "rule")
    for label, price, most in (("Binding", False, MOST_RULES), ("Paid", True, MOST_PAID)):
        found = [rule_text(rule, currency) for rule in binding if rule.price == price]
        if found:
            yield label, f"{listed(found, most, '; ')}. {rest}".rstrip()
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
        return money(distance, currency, 0 if is_whole(distance) else 2)
    if rule.unit.startswith("share"):
        points = 100 * distance
        return f"{number(points, 1) if points >= 0.05 else f'{points:.1g}'} percentage points"
    amount = f"{distance:,.4g}" if distance < 10_000 else number(distance)
    if rule.unit == "bought":
        return amount
    return f"{amount} {rule.unit.removesuffix('s') if amount == '1' else rule.unit}".strip()
