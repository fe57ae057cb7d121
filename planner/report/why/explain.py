"""An explanation: prices, a sentence per vehicle, what rules and budget are worth; for the terminal, and JSON."""

import math
from collections.abc import Sequence
from typing import Any

from planner.explaining.explained import BudgetStep, Explanation, RulePrice, VehiclePrice, price_rows
from planner.formats import (
    count_of,
    insertions_text,
    money,
    money_left,
    number,
    one_line,
    percent,
    price_decimals,
    short,
)
from planner.planning.model_error import error_text
from planner.report.json_values import fields_of, percents_of
from planner.report.layout import hanging, table, wrapped
from planner.report.plan.certificate import certificate_sentence

_SETTLED = 1e-4  # relative gap, below which what searches found is taken for the best
_TOLD = 5e-6  # relative: a plan that is worth less more than another reads as 0.000 % more
_FOLD = 9.99  # times the quoted price: more says nothing, as of free space at 0.01
_NEAR = 1.02  # times what a rule costs: no more than so much says the same
_ALIKE = 0.05  # of what whole insertions bring
SURE = {"solved": "confirmed", "dual": "first estimate", "rule": "at any price", "never": "at no price"}


def explanation_text(explanation: Explanation) -> str:
    """The whole explanation, at most 100 columns wide."""
    parts = [
        wrapped(certificate_sentence(explanation.result)),
        *(wrapped(line) for line in remarks(explanation)),
        _price_part("Bought: the price up to which each stays", explanation, bought=True),
        _price_part("Not bought: the price at which each would come in", explanation, bought=False),
        "\n".join(
            [
                "Why (typical here: the median of what is bought)",
                *(hanging("  ", _line(price)) for price in ordered(explanation.vehicles)),
            ]
        ),
        _rules_part(explanation),
        "\n".join(["Budget", *(hanging("  ", line) for line in budget_lines(explanation))]),
    ]
    return "\n\n".join(part for part in parts if part)


def ordered(prices: Sequence[VehiclePrice]) -> list[VehiclePrice]:
    """Bought ones first, in the campaign's order; then those that need the smallest fall in price."""

    def fall(price: VehiclePrice) -> float:
        return 2.0 if price.price is None else -1.0 if price.fall is None else price.fall

    bought = [price for price in prices if price.bought]
    return bought + sorted((price for price in prices if not price.bought), key=fall)


def remarks(explanation: Explanation) -> list[str]:
    """What a reader must know of how sure the prices are."""
    found = []
    result = explanation.result
    if result.status == "broken":
        found.append("The plan breaks rules; prices are those of the best plan that keeps them.")
    elif explanation.better > _TOLD:
        found.append(
            f"While explaining, a plan worth {percent(explanation.better, 3)} more than this one was found; prices "
            "and what rules cost are those of that plan."
        )
    if any(price.eases for price in explanation.vehicles):
        found.append(
            "Some rules look at what vehicles cost. Where Why says that nothing is proven at some prices, a change of "
            "the price also changes how easily such a rule is kept."
        )
    return [*found, *_how_sharp(explanation)]


def _how_sharp(explanation: Explanation) -> list[str]:
    """How sharply prices, and what rules cost, are known."""
    found = []
    wide = sum(price.low is not None and not price.confirmed for price in explanation.vehicles)
    if wide:
        found.append(
            f"{count_of(wide, 'price')} {'is' if wide == 1 else 'are'} known between two ends: Stays until and Comes "
            "in at are what is proven, and the most that may be paid can be higher, up to what How sure says."
        )
    if explanation.left_wide:
        found.append(
            f"The prices of {count_of(explanation.left_wide, 'vehicle')} are wider than 1 %, after few searches; "
            "planner explain with --time-limit searches on until then."
        )
    if explanation.rules_open and explanation.complete:
        found.append(
            f"The cost of {count_of(explanation.rules_open, 'rule')} is not told: the best plan without is known too "
            "roughly."
        )
    if not explanation.complete:
        found.append("The time limit ended the work: what was not reached is marked, or left out.")
    return found


def _line(price: VehiclePrice) -> str:
    """Why it is in or out, behind its name."""
    return f"{one_line(price.vehicle)}: {price.line}"


def _price_part(title: str, explanation: Explanation, bought: bool) -> str:
    rows = [price for price in ordered(explanation.vehicles) if price.bought is bought]
    if not rows:
        return ""
    currency = explanation.result.campaign.brief.currency
    headings = ("Vehicle", "Insertions", "Unit cost", "Stays until" if bought else "Comes in at",
                "Change %", "More at\n-10 %", "More at\n+10 %", "How sure")  # fmt: skip
    lines = table(headings, [_price_row(price, currency) for price in rows], texts=1)
    return "\n".join([title, "", *lines])


def _price_row(price: VehiclePrice, currency: str) -> tuple[str, ...]:
    change = price.price / price.quoted - 1 if price.price is not None and price.quoted else None
    return (
        price.vehicle,
        count_text(price.insertions, price.unit_000),
        "?" if price.quoted is None else amount(price.quoted, currency),
        "-" if price.price is None else money(price.price, currency, price.decimals),
        "-" if change is None else f"{100 * change:+.1f}" if change < _FOLD else f"over {100 * _FOLD:.0f}",
        *(change_text(count, price.unit_000) for count in (price.cheaper, price.dearer)),
        sureness(price, currency),
    )


def count_text(count: float, unit_000: float) -> str:
    """What is bought; unit_000: contacts (thousands) of one unit, where they are bought by the thousand."""
    return f"{short(1000 * count * unit_000)} imp." if unit_000 and count else insertions_text(count)


def change_text(count: float | None, unit_000: float = 0.0) -> str:
    """Insertions, or contacts of a line bought by the thousand, more or fewer.

    >>> change_text(1.0), change_text(-2.0, 1.0), change_text(0.0), change_text(None)
    ('+1', '-2k imp.', '0', '-')
    """
    if count is None:
        return "-"
    sign = "+" if count > 1e-9 else "-" if count < -1e-9 else ""
    return sign + count_text(abs(count), unit_000)


def sureness(price: VehiclePrice, currency: str) -> str:
    """exact, confirmed, where it came from, or the interval that is proven."""
    if price.source == "dual" and price.price is None:
        return "not reached"
    if price.source != "solved":
        return SURE[price.source]
    if price.lost_without is not None:
        return "about even"
    if price.confirmed:
        return "a rule aside" if price.aside else "exact" if price.exact else SURE["solved"]
    return _proven_to(price, currency)


def _proven_to(price: VehiclePrice, currency: str) -> str:
    """How far the price is proven."""
    if price.low is None:
        return f"{'out at' if price.eases else 'below'} {amount(price.high, currency)}"
    if price.high is None:
        return "at this price" if price.eases else "at least"
    return f"to {amount(price.high, currency)}"


def amount(value: float | None, currency: str) -> str:
    """A price, with cents where it is small."""
    return money(value, currency, 0 if value is None else price_decimals([value]))


def _rules_part(explanation: Explanation) -> str:
    if not explanation.rules:
        return ""
    lines = [hanging("  ", rule_line(rule, explanation)) for rule in explanation.rules]
    return "\n".join(["What each rule costs", *lines])


def rule_line(rule: RulePrice, explanation: Explanation) -> str:
    """What one rule costs, in a sentence."""
    where = f" ({rule.cell})" if rule.cell else ""
    text = f"{one_line(rule.text)}{where}: "
    most = at_most(rule)
    if rule.value_cost <= 0:
        return f"{text}costs nothing{most and f' that was found, {most}'}."
    unit = explanation.result.value_unit
    beside = error_text(rule.share, rule.error) + (most and f", {most}")
    text += f"costs {number(rule.value_cost, 1)} {unit} ({percent(rule.share, 2)}{beside})"
    if rule.money_cost is None:
        return f"{text}."
    saved = money(rule.money_cost, explanation.result.campaign.brief.currency)
    return f"{text}; without this rule the same result costs {saved} less."


def at_most(rule: RulePrice) -> str:
    """What a rule costs at most, where searches leave more open than is told; "" elsewhere."""
    return f"no more than {percent(rule.most, 2)}" if rule.most > _NEAR * rule.share + _SETTLED else ""


def budget_lines(explanation: Explanation) -> list[str]:
    """What 1,000 more and 1,000 less to spend would change, a sentence each."""
    steps = (explanation.next_1000, explanation.last_1000)
    return [_budget_line(step, explanation) for step in steps if step is not None]


def _budget_line(step: BudgetStep, explanation: Explanation) -> str:
    """What a change of the budget does to the best plan, and what insertions do that could be bought in parts."""
    unit, currency = explanation.result.value_unit, explanation.result.campaign.brief.currency
    name = f"With {money(abs(step.money), currency)} {'less' if step.money < 0 else 'more'} to spend the best plan"
    parts, in_parts = "", f"{_verb(step, step.smoothed)} {{}}{number(abs(step.smoothed or 0.0), 2)} {unit}"
    if step.smoothed is not None and not _alike(step):
        parts = f"; if insertions could be bought in parts, it {in_parts.format('')}"
    if step.value is None:
        parts = "if everything could be bought in parts; whole plans are not known so sharply"
        return f"{name} {in_parts.format('about ')}, {parts}."
    worth, change = abs(step.value), _verb(step, step.value)
    if worth <= 1e-9 * max(explanation.result.value, 1e-300):
        if step.gap > _SETTLED:
            return f"{name} {change} nothing that was found; a gap of {percent(step.gap, 2)} leaves more open{parts}."
        left = money_left(explanation.result.campaign.brief.budget, explanation.result.cost)
        if left >= abs(step.money):
            return f"{name} {change} nothing: {money(left, currency)} of the budget is left as it is."
        return f"{name} {change} nothing, because insertions are whole{parts}."
    beside = error_text(step.share, step.error)
    return f"{name} {change} {number(worth, 1)} {unit}{_changes(step, explanation.vehicles)}{beside}{parts}."


def _verb(step: BudgetStep, change: float | None) -> str:
    """Gains or loses: what rules ask as a share of the budget may leave more where there is less. Of nothing, as money
    goes."""
    return "gains" if (change or step.money) > 0 else "loses"


def _alike(step: BudgetStep) -> bool:
    """Whether parts of insertions bring what whole ones do, but for what gaps leave open."""
    if not step.value or not step.smoothed:
        return False
    return math.isclose(step.value, step.smoothed, rel_tol=_ALIKE)


def _changes(step: BudgetStep, prices: Sequence[VehiclePrice]) -> str:
    """How what the best plan buys changes, in brackets."""
    unit = {price.vehicle: price.unit_000 for price in prices}
    changed = ", ".join(
        f"{one_line(vehicle)} {' to '.join(count_text(count, unit.get(vehicle, 0.0)) for count in (before, after))}"
        for vehicle, (before, after) in list(step.changes.items())[:6]
    )
    rest = len(step.changes) - 6
    more = f" and {count_of(rest, 'vehicle')} more" if rest > 0 else ""
    return f" ({changed}{more})" if changed else ""


# --- as JSON: money in the campaign's currency, *_pct in percents, null where there is no number -----


def explanation_json(explanation: Explanation) -> dict[str, Any]:
    """The whole explanation as plain values, ready for json.dumps(allow_nan=False)."""
    result = explanation.result
    return {
        "schema": 1,
        "status": result.status,
        "campaign": result.campaign.brief.campaign,
        "currency": result.campaign.brief.currency,
        **fields_of(result, "value value_unit"),
        "better_pct": 100 * explanation.better,
        "complete": explanation.complete,
        "vehicles": {row["vehicle"]: _vehicle(row) for row in price_rows(explanation)},
        "rules": [
            {
                **fields_of(rule, "cell text value_cost"),
                **percents_of(rule, value_cost_pct="share", at_most_pct="most", model_error_pct="error"),
                "money_cost": rule.money_cost,
            }
            for rule in explanation.rules
        ],
        "next_1000": _step(explanation.next_1000),
        "last_1000": _step(explanation.last_1000),
        "remarks": remarks(explanation),
        "fingerprint": result.fingerprint,
        "run": {"seconds": round(explanation.seconds, 3)},
    }


def _vehicle(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in ("vehicle", "medium")}


def _step(step: BudgetStep | None) -> dict[str, Any] | None:
    if step is None:
        return None
    changes = {name: {"from": before, "to": after} for name, (before, after) in step.changes.items()}
    return {
        "money": step.money,
        "value": step.value,
        "smoothed_value": step.smoothed,
        "gap": step.gap,
        **percents_of(step, value_pct="share", model_error_pct="error"),
        "changes": changes,
    }
