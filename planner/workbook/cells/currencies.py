"""Currencies as people write them: by code, symbol or word; which are the same and which can only be told apart.

A symbol may stand for several currencies ($ for dozens): it agrees with a campaign in any of them.
"""

import re
from collections.abc import Iterator, Mapping

from planner.formats import SYMBOLS
from planner.names import key

_DOLLARS = "USD CAD AUD NZD HKD SGD MXN TWD ARS CLP COP UYU"
_WRITTEN: Mapping[str, str] = {
    "$": _DOLLARS, "dollar": _DOLLARS, "dollars": _DOLLARS, "us$": "USD", "u.s.$": "USD", "a$": "AUD", "au$": "AUD",
    "c$": "CAD", "can$": "CAD", "ca$": "CAD", "nt$": "TWD", "r$": "BRL",
    "€": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "pound": "GBP", "pounds": "GBP", "stg": "GBP",
    "¥": "JPY CNY", "yen": "JPY", "rmb": "CNY", "yuan": "CNY", "fr": "CHF", "fr.": "CHF", "sfr": "CHF", "sfr.": "CHF",
    "kr": "SEK NOK DKK ISK", "kr.": "SEK NOK DKK ISK", "kronor": "SEK", "kroner": "NOK DKK", "zloty": "PLN",
    "złoty": "PLN", "złotych": "PLN", "franken": "CHF", "forint": "HUF", "ft": "HUF",
    "zł": "PLN", "zl": "PLN", "kč": "CZK", "lei": "RON",
    "руб": "RUB", "руб.": "RUB", "р.": "RUB", "₽": "RUB", "₺": "TRY", "₴": "UAH", "₪": "ILS",
    "₹": "INR", "rs": "INR PKR LKR NPR MUR", "rs.": "INR PKR LKR NPR MUR", "rupees": "INR PKR LKR NPR MUR",
    "₩": "KRW", "฿": "THB", "₱": "PHP", "₫": "VND", "₦": "NGN", "rp": "IDR", "rm": "MYR",
}  # fmt: skip
_CODES = (
    "USD", "EUR", "GBP", "CHF", "SEK", "NOK", "DKK", "ISK", "PLN", "CZK", "HUF", "RON", "RUB", "TRY", "UAH", "ILS",
    "JPY", "CNY", "INR", "PKR", "LKR", "KRW", "THB", "PHP", "VND", "IDR", "MYR", "AUD", "CAD", "NZD", "HKD", "SGD",
    "TWD", "BRL", "MXN", "ARS", "CLP", "COP", "ZAR", "NGN", "KES", "EGP", "AED", "SAR", "QAR",
)  # fmt: skip
_THOUSANDTHS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
MEANINGS: Mapping[str, frozenset[str]] = {
    **{code.casefold(): frozenset({code}) for code in _CODES},
    **{symbol.casefold(): frozenset({code}) for code, symbol in SYMBOLS.items()},
    **{word: frozenset(codes.split()) for word, codes in _WRITTEN.items()},
}
WORDS = tuple(sorted(MEANINGS, key=len, reverse=True))  # the longest first: "us$" before "$"
_LITERALS = re.compile(r'\[\$([^\]-]*)(?:-[^\]]*)?\]|"([^"]*)"|\\(.)')


def currencies(word: str) -> frozenset[str]:
    """The currencies that a code, symbol or word can stand for; one that is not known stands for itself.

    >>> sorted(currencies("€")), sorted(currencies("XYZ"))
    (['EUR'], ['XYZ'])
    """
    return MEANINGS.get(key(word), frozenset({key(word).upper()}))


def agree(word: str, currency: str) -> bool:
    """Whether an amount with this sign can be in a campaign's currency.

    >>> agree("$", "CAD"), agree("£", "EUR")
    (True, False)
    """
    return bool(currencies(word) & currencies(currency))


def spellings(currency: str) -> Iterator[str]:
    """The campaign's own currency in every way it is written."""
    yield currency
    own = currencies(currency)
    yield from (word for word, codes in MEANINGS.items() if codes & own)


def without_currency(text: str, own: str = "") -> tuple[str, str]:
    """Lower-case text without the currency before or behind it, and that currency; "" where there is none.

    own: the campaign's currency, which need not be a known one.

    >>> without_currency("us$ 12"), without_currency("12 xyz", "XYZ"), without_currency("12")
    (('12', 'us$'), ('12', 'xyz'), ('12', ''))
    >>> without_currency("150 k€")
    ('150 k', '€')
    """
    for word in (key(own), *WORDS):
        if word and text.startswith(word) and not _runs_on(word[-1], text[len(word) : len(word) + 1]):
            return text[len(word) :].strip(), word
        if word and text.endswith(word) and not _runs_on(word[0], text[: -len(word)][-1:]):
            return text[: -len(word)].strip(), word
    return text, ""


def _runs_on(end: str, beside: str) -> bool:
    """Whether a currency's word goes on with another letter; a symbol (150 k€) ends where it ends."""
    return end.isalpha() and beside.isalpha()


def has_thousandths(currency: str) -> bool:
    """Whether the currency is divided into thousandths (some dinars and rials); others into hundredths at most."""
    return bool(currencies(currency) & _THOUSANDTHS)


def currency_shown(number_format: str) -> str:
    r"""The currency that a number format shows; "" where it shows none.

    >>> currency_shown('"$"#,##0'), currency_shown("[$€-407] #,##0.00"), currency_shown("#,##0.00")
    ('$', '€', '')
    """
    first = number_format.partition(";")[0]
    shown = [tuple_[0] or tuple_[1] or tuple_[2] for tuple_ in _LITERALS.findall(first)]
    bare = _LITERALS.sub("", first)
    shown += [char for char in bare if char in "$€£¥₹₩"]
    return next((word for text in shown if (word := key(text)) in MEANINGS), "")
