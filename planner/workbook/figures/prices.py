"""The Prices sheet: what a buyer negotiates with. Prices of the vehicles, of the rules, of the next 1,000."""

from collections.abc import Mapping, Sequence
from typing import Any

from planner.explaining.explained import Explanation, RulePrice, VehiclePrice, price_rows
from planner.formats import is_whole, price_decimals
from planner.report.why.explain import (
    at_most,
    budget_lines,
    change_text,
    count_text,
    ordered,
    remarks,
    sureness,
)
from planner.workbook.page.styles import GOOD, PERCENT, QUIET, RULE, Page, Styles, lines_needed, said_as

HEADER_ROW = 4
WIDTHS = (27.0, 12.0, 10.5, 11.0, 11.0, 8.0, 11.0, 13.0, 13.0, 14.0, 58.0)
HEADINGS = ("Vehicle", "Medium", "Insertions", "Unit cost", "Comes in at", "Fall needed", "Stays until",
            "More or fewer\n10 % cheaper", "More or fewer\n10 % dearer", "How sure", "Why")  # fmt: skip
TEXTS = (0, 1, 9, 10)
LAST = len(HEADINGS) - 1
WORDS = (
    ("Comes in at", "the unit cost at which a vehicle that is not bought would enter the best plan."),
    ("Stays until", "the unit cost up to which a bought vehicle stays in the best plan."),
    ("Confirmed", "solved again: at this price and at every lower one a plan with it is worth more than any without; "
                  "at 1 % more and at every higher price none is."),
    ("Exact", "below this price a plan with it is worth more than any without, above it none is."),
    ("To, below", "at this price and at every higher one it is out; what lies between is open."),
    ("At least", "how far it is proven."),
    ("About even", "at its own price plans with it and without are worth about the same."),
    ("At any price, at no price", "it stays in, or out, whatever it costs."),
    ("First estimate", "worked out from this plan alone, not solved again."),
    ("Customers first", "prices, and what rules cost, hold it at the number of people it asks for now."),
    ("A rule aside", "as held, customers first needs the vehicle at any price; a plan made anew at a higher price asks "
                     "for fewer people, so the price told is the one without that rule."),
    ("Adds", "people of the target whom nothing else in the plan reaches."),
    ("Typical here", "the median of what is bought."),
    ("Counts for", "an influencer is worth as many ordinary people as the sheet Influence says; under word of mouth "
                   "those told count too."),
)  # fmt: skip


def write_prices_sheet(page: Page, explanation: Explanation, shades: Mapping[str, str]) -> None:
    """Write the sheet. shades: a colour for every medium."""
    _write_head(page, explanation)
    prices = ordered(explanation.vehicles)
    figures = {row["vehicle"]: row for row in price_rows(explanation)}
    for row, price in enumerate(prices, HEADER_ROW + 1):
        told = _price_figures(figures[price.vehicle], price.unit_000, _cost_format(page.styles, price))
        _write_price(page, row, price, told, shades[price.medium])
    row = HEADER_ROW + 2 + len(prices)
    row = _write_rules(page, row, explanation)
    row = _write_lines(page, row, "1,000 more and 1,000 less to spend", budget_lines(explanation))
    _write_words(page, row)
    page.set_up(header_row=HEADER_ROW)


def _write_head(page: Page, explanation: Explanation) -> None:
    page.title(
        "Prices: what to negotiate, and what the rules cost",
        "Comes in at: the price from which a vehicle that is not bought is worth buying. Stays until: the price up to "
        "which a bought one is. Below the tables stands what the words mean.",
    )
    bold = page.styles.get(bold=True, text_wrap=True, valign="top")
    page.paragraph(2, (0, LAST), " ".join(remarks(explanation)), style=bold, width=0.9 * sum(WIDTHS))
    page.widths(WIDTHS)
    for place, heading in enumerate(HEADINGS):
        style = page.styles.heading(number=place not in TEXTS, indent=int(place > 0))
        page.put(HEADER_ROW, place, heading, style)
    page.sheet.set_row(HEADER_ROW, 46)


def _write_price(
    page: Page, row: int, price: VehiclePrice, figures: Sequence[tuple[float | None, str]], shade: str
) -> None:
    """figures: of columns C to I, with their formats."""
    styles, line = page.styles, {"bottom": 1, "bottom_color": RULE}
    page.make_room(row, max(lines_needed(price.line, WIDTHS[LAST]), lines_needed(price.vehicle, WIDTHS[0])))
    page.put(row, 0, price.vehicle, styles.get(text_wrap=True, bold=price.bought, **line))
    page.put(row, 1, price.medium, styles.medium(shade))
    page.figures(row, 2, figures)
    if price.quoted is None:
        page.put(row, 3, "?", styles.get(align="right", **line))
    look = {"font_color": GOOD} if price.confirmed and price.source == "solved" and not price.aside else {}
    page.put(
        row, 9, sureness(price, styles.brief.currency), styles.get(indent=1, shrink=True, **line, **look)
    )
    page.put(row, 10, price.line, styles.wrapped)


def _cost_format(styles: Styles, price: VehiclePrice) -> str:
    """The format of money that suits a vehicle's prices: cents beside 12.50, none beside 100,000."""
    shown = [amount for amount in (price.price, price.quoted) if amount is not None]
    return styles.money(max(price_decimals(shown), 0 if price.price is None else price.decimals))


def _price_figures(row: Mapping[str, Any], unit_000: float, cost: str) -> Sequence[tuple[float | None, str]]:
    """Figures of columns C to I with their formats, of a row of price_rows. unit_000: contacts (thousands) of one unit
    of a line bought by the thousand. cost: the format of prices."""
    fall, counts = row["fall_pct"], _counts(row, unit_000)
    return (
        counts[0],
        (row["unit_cost"], cost),
        (row["entry_price"], cost),
        (None if fall is None else fall / 100, PERCENT),
        (row["stays_until"], cost),
        *counts[1:],
    )


def _counts(row: Mapping[str, Any], unit_000: float) -> list[tuple[float | None, str]]:
    """What is bought, and what more or less at 10 % less and at 10 % more, each with its format."""
    bought, *changes = (row[key] for key in ("insertions", "change_at_10_pct_less", "change_at_10_pct_more"))
    counts = [bought, *changes]
    if unit_000:
        told = (count_text(bought, unit_000), *(change_text(each, unit_000) for each in changes))
        contacts = (None if each is None else 1000 * unit_000 * each for each in counts)
        return list(zip(contacts, map(said_as, told), strict=True))
    count = "0" if all(each is None or is_whole(each) for each in counts) else "0.00"
    change = f"+{count};-{count};0"
    return [(bought, count), *((each, change) for each in changes)]


def _write_rules(page: Page, row: int, explanation: Explanation) -> int:
    """What each rule costs; returns the row where the next part may start."""
    unit = explanation.result.value_unit
    title = f"What each rule costs: solved again without it (worth in {unit})"
    page.section(row, (0, LAST), title)
    if not explanation.rules:
        page.put(row + 1, 0, "No rule beside the budget binds.", page.styles.text)
        return row + 3
    headings = {0: "Cell", 3: "Model's error", 4: "Worth lost", 5: "In %", 6: "In money", 7: "Rule"}
    for place in range(LAST + 1):
        style = page.styles.heading(number=place in (3, 4, 5, 6), indent=int(place == 7))
        page.put(row + 1, place, headings.get(place, ""), style)
    for at, rule in enumerate(explanation.rules, row + 2):
        _write_rule(page, at, rule)
    return row + 3 + len(explanation.rules)


def _write_rule(page: Page, row: int, rule: RulePrice) -> None:
    styles = page.styles
    page.put(row, 0, rule.cell, styles.text)
    for place in (1, 2):
        page.put(row, place, "", styles.text)
    page.figures(row, 3, (
        (rule.error or None, '"±"0.00%'), (rule.value_cost, "#,##0.0"), (rule.share, "0.00%"),
        (rule.money_cost, styles.money()),
    ))  # fmt: skip
    style = styles.get(text_wrap=True, indent=1, bottom=1, bottom_color=RULE)
    most = at_most(rule)
    text = f"{rule.text} (costs {most})" if most else rule.text
    page.paragraph(row, (7, LAST), text, style=style, width=sum(WIDTHS[7:]))


def _write_lines(page: Page, row: int, title: str, lines: Sequence[str]) -> int:
    """Sentences under a title; returns the row where the next part may start."""
    page.section(row, (0, LAST), title)
    told = lines or ["Not solved within the time limit."]
    for at, line in enumerate(told, row + 1):
        page.paragraph(at, (0, LAST), line, style=page.styles.wrapped, width=sum(WIDTHS))
    return row + 2 + len(told)


def _write_words(page: Page, row: int) -> None:
    page.section(row, (0, LAST), "What the words mean")
    for at, (word, meaning) in enumerate(WORDS, row + 1):
        page.put(at, 0, word, page.styles.get(bold=True))
        page.put(at, 1, meaning, page.styles.get(font_color=QUIET))
