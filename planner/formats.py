"""Numbers as people read them: one spelling for the terminal, the workbook and the messages."""

import calendar
import math
import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

# Symbols that stand before the amount. A currency that is not listed is written by its code.
SYMBOLS = {
    "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "CNY": "CN¥", "INR": "₹", "KRW": "₩",
    "CAD": "CA$", "AUD": "A$", "NZD": "NZ$", "HKD": "HK$", "SGD": "S$", "MXN": "MX$", "BRL": "R$",
}  # fmt: skip
WITHOUT_CENTS = frozenset({"JPY", "KRW"})
NOTHING = "-"
_LEAST, _HALF_A_CENT = 1e-8, 0.005  # money below the least is rounding
_NAME_LEFT = 5  # columns of a name that is shortened before its unit
NO_LIMIT, NOT_QUOTED = "no limit", "not quoted"


@cache
def currency_mark(currency: str) -> str:
    """What stands before an amount: a symbol, or the code and a space.

    >>> currency_mark("usd"), currency_mark("CHF"), currency_mark("£"), currency_mark("")
    ('$', 'CHF ', '£', '')
    """
    code = currency.strip().upper()
    if not code or code in SYMBOLS.values():
        return code
    return SYMBOLS.get(code, f"{one_line(currency)[:8]} ")


def money(amount: float | None, currency: str, decimals: int = 0) -> str:
    """An amount with its currency; "-" where there is none. Below half a cent it has the decimals that show it.

    >>> money(1234567.8, "USD"), money(-5, "CHF"), money(float("nan"), "EUR")
    ('$1,234,568', '-CHF 5', '-')
    >>> money(0.04, "USD"), money(0.00253, "USD", 2), money(1e-12, "USD")
    ('$0', '$0.0025', '$0')
    """
    if amount is None or not math.isfinite(amount):
        return NOTHING
    places = 0 if currency.strip().upper() in WITHOUT_CENTS else decimals
    digits = f"{_half_up(abs(amount), places):,.{places}f}"
    if _HALF_A_CENT > abs(amount) >= _LEAST:
        digits = f"{abs(amount):.{price_decimals([amount])}f}"
    minus = "-" if amount < 0 and float(digits.replace(",", "")) > 0 else ""
    return f"{minus}{currency_mark(currency)}{digits}"


def money_short(amount: float, currency: str) -> str:
    """An amount on an axis, thousands and millions in short.

    >>> money_short(2_500_000, "USD"), money_short(12_000, "EUR"), money_short(0, "CHF")
    ('$2.5m', '€12k', 'CHF 0')
    """
    if abs(amount) < 1e3:
        return money(amount, currency)
    return f"{'-' if amount < 0 else ''}{currency_mark(currency)}{short(abs(amount))}"


def short(amount: float) -> str:
    """A count or an amount >= 0 in thousands and millions.

    >>> short(6_000_000), short(12_340), short(7)
    ('6m', '12.34k', '7')
    """
    for size, letter in ((1e9, "bn"), (1e6, "m"), (1e3, "k")):
        if amount >= size:
            return f"{amount / size:.4g}{letter}"
    return f"{amount:.4g}"


def money_left(budget: float, cost: float, decimals: int = 2) -> float:
    """What is left of a budget beside a cost as both are told, with so many decimals, so that they add up.

    >>> money_left(100.0, 0.005), money_left(100.0, 99.999), money_left(2_500.0, 2_300.5, 0)
    (99.99, 0.0, 199.0)
    """
    if not math.isfinite(budget):
        return budget
    return float(_half_up(budget, decimals) - _half_up(cost, decimals))


def cents(*amounts: float) -> int:
    """Decimals that show these amounts: cents where all are under 1,000, or lie within 1 of each other.

    >>> cents(400_000.0, 397_332.5), cents(400.0, 397.5), cents(400_000.0, 399_999.5), cents(400.0, 397.0)
    (0, 2, 2, 0)
    """
    known = [amount for amount in amounts if math.isfinite(amount)]
    if all(abs(amount - round(amount)) < 0.005 for amount in known):
        return 0
    near = len(known) > 1 and max(known) - min(known) < 1
    return 2 if near or max(map(abs, known)) < 1000 else 0


def budget_text(budget: float, currency: str, decimals: int = 0) -> str:
    """A budget; without end it sets no limit."""
    return money(budget, currency, decimals) if math.isfinite(budget) else NO_LIMIT


def price_decimals(prices: list[float]) -> int:
    """Decimals that show these prices: cents only where prices are small and use them, two digits of one below a cent.

    >>> price_decimals([1200.0, 35_000.5]), price_decimals([12.5, 80.0]), price_decimals([12.5, 0.0025])
    (0, 2, 4)
    """
    known = [price for price in prices if math.isfinite(price)]
    least = min((abs(price) for price in known if abs(price) >= _LEAST), default=1.0)
    if least < 0.01:
        return 1 - math.floor(math.log10(least))
    return 2 if any(abs(price) < 100 and price != round(price) for price in known) else 0


def figure(value: float) -> str:
    """A figure as it is typed, of any size.

    >>> figure(25e9), figure(0.1 + 0.2), figure(1_234.5), figure(6.94e-8)
    ('25,000,000,000', '0.3', '1,234.5', '0.0000000694')
    """
    if abs(value) < 1e10:
        return f"{Decimal(f'{value:.10g}'):,f}"
    return f"{value:,.2f}".rstrip("0").rstrip(".")


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thousands separated; "-" where there is none.

    >>> number(1234.5678, 1), number(None), number(-0.0)
    ('1,234.6', '-', '0')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    text = f"{_half_up(value, decimals):,.{decimals}f}"
    return text.removeprefix("-") if not any(digit in "123456789" for digit in text) else text


def people_text(thousands: float) -> str:
    """People in thousands; a small audience, such as a profession's, with a decimal.

    >>> people_text(1850.4), people_text(3.2)
    ('1,850', '3.2')
    """
    return number(thousands, 1 if 0 < thousands < 100 else 0)


def signed(value: float | None, decimals: int) -> str:
    """A number with its sign.

    >>> signed(1.25, 1), signed(-0.001, 2), signed(None, 1)
    ('+1.3', '0.00', '-')
    """
    if value is None or not math.isfinite(value):
        return number(None)
    text = number(value, decimals)
    return f"+{text}" if value > 0 and any(digit in "123456789" for digit in text) else text


def _half_up(value: float, decimals: int) -> Decimal:
    """Rounded as a spreadsheet shows it, halves away from 0; beyond 15 digits nothing is known.

    >>> _half_up(397332.5, 0), _half_up(1.005, 2)
    (Decimal('397333'), Decimal('1.01'))
    """
    return Decimal(f"{value:.15g}").quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def percent(share: float | None, decimals: int = 1) -> str:
    """A share (0..1) as a percentage.

    >>> percent(0.1234), percent(None)
    ('12.3 %', '-')
    """
    return NOTHING if share is None or not math.isfinite(share) else f"{number(100 * share, decimals)} %"


def insertions_text(count: float) -> str:
    """A number of insertions: whole numbers without decimals.

    >>> insertions_text(3.0), insertions_text(2.25)
    ('3', '2.25')
    """
    return number(count) if is_whole(count) else number(count, 2)


def bought_text(insertions: float, bought_000: float) -> str:
    """What is bought: insertions, and beside them contacts (thousands) that are bought by the thousand.

    >>> bought_text(3, 0), bought_text(108, 6000), bought_text(0, 6000)
    ('3', '108 + 6m imp.', '6m impressions')
    """
    if not bought_000:
        return insertions_text(insertions)
    contacts = short(1000 * bought_000)
    return f"{insertions_text(insertions)} + {contacts} imp." if insertions else f"{contacts} impressions"


def bought_words(insertions: float, bought_000: float) -> str:
    """The same in a sentence.

    >>> bought_words(108, 6000), bought_words(1, 0)
    ('108 insertions and 6m impressions', '1 insertion')
    """
    told = f"{insertions_text(insertions)} {'insertion' if insertions == 1 else 'insertions'}"
    return f"{told} and {short(1000 * bought_000)} impressions" if bought_000 else told


def counted_in(unit_000: float = 0.0) -> str:
    """What one of a line's Insertions is: an insertion, or so many contacts (thousands) where it is bought by the
    thousand.

    >>> counted_in(), counted_in(1)
    ('insertions', '1,000 impressions')
    """
    return f"{number(1000 * unit_000)} impressions" if unit_000 else "insertions"


def per_one(unit_000: float = 0.0) -> str:
    """What a price is of: an insertion, or so many contacts (thousands) of a line that is bought by the thousand.

    >>> per_one(), per_one(1), per_one(100)
    ('an insertion', 'per 1,000 impressions', 'per 100,000 impressions')
    """
    return f"per {number(1000 * unit_000)} impressions" if unit_000 else "an insertion"


def is_whole(value: float) -> bool:
    """Whether a number is whole, within what a solver leaves behind.

    >>> is_whole(7.0000000000007), is_whole(0.5)
    (True, False)
    """
    return abs(value - round(value)) < 1e-6


def month_of(monday: date) -> str:
    """The month that a week belongs to: that of its Monday.

    >>> month_of(date(2027, 3, 29))
    'March 2027'
    """
    return f"{calendar.month_name[monday.month]} {monday.year}"


def count_of(count: float, singular: str, plural: str = "") -> str:
    """A count with its noun.

    >>> count_of(1, "vehicle"), count_of(1.0, "insertion"), count_of(2.5, "insertion"), count_of(2, "medium", "media")
    ('1 vehicle', '1 insertion', '2.5 insertions', '2 media')
    """
    return f"{count:,.10g} {singular if count == 1 else plural or singular + 's'}"


def one_line(text: str) -> str:
    """Text on one line, without characters that a terminal would act on.

    >>> one_line("Good\\n Morning\\x1b[31m")
    'Good Morning[31m'
    """
    kept = "".join(" " if char.isspace() else char for char in text if char.isspace() or _is_printed(char))
    return " ".join(kept.split())


def listed(names: Sequence[str], most: int, between: str = ", ") -> str:
    """Names in a row, the number of those left out at the end.

    >>> listed(("a", "b", "c", "d"), 2)
    'a, b and 2 more'
    """
    more = f" and {len(names) - most:,} more" if len(names) > most else ""
    return between.join(map(one_line, names[:most])) + more


def _is_printed(char: str) -> bool:
    return not unicodedata.category(char).startswith("C")


def display_width(text: str) -> int:
    """Columns that a text takes on a terminal: East Asian wide characters take two.

    >>> display_width("abc"), display_width("読売")
    (3, 4)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def shorten(text: str, width: int) -> str:
    """Text of at most this many columns, its end replaced by "..." where it is longer; a unit behind the name stays.

    >>> shorten("Good Morning America", 12), shorten("Good Morning America | :30", 17)
    ('Good Morn...', 'Good Mor... | :30')
    """
    line = one_line(text)
    if display_width(line) <= width:
        return line
    name, bar, unit = line.rpartition(" | ")
    end = f"...{bar}{unit}"
    if not bar or display_width(end) > width - _NAME_LEFT:
        name, end = line, "..."[:width]
    line = name
    while line and display_width(line) > width - len(end):
        line = line[:-1]
    return line + end


def shorten_middle(text: str, width: int) -> str:
    """Text of at most this many columns, its middle replaced by "..." where it is longer: names of which the end tells
    them apart.

    >>> shorten_middle("cheapest, customers reach at least 30 %", 24)
    'cheapest, ...least 30 %'
    """
    line = one_line(text)
    if display_width(line) <= width:
        return line
    room = (width - 3) // 2
    head, tail = line, line
    while display_width(head) > room:
        head = head[:-1]
    while display_width(tail) > room:
        tail = tail[1:]
    return f"{head}...{tail}"
