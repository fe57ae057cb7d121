"""Why a vehicle is in the plan, or why not: a sentence that a planner can read aloud, and a line beside its prices."""

import math
from dataclasses import replace

from planner.explaining.explained import VehiclePrice
from planner.explaining.reasons import Reason
from planner.formats import money, number, one_line, per_one, percent, price_decimals

_NOTHING = 5e-6  # of a plan's worth: reads as 0.000 %
_OF_RULES = ("rule", "package", "barred", "full")  # grounds that name their rule


def reason_sentence(reason: Reason, currency: str) -> str:
    """Why a vehicle is in or out, and at what price that changes. Every figure in it is the reason's own."""
    name = one_line(reason.price.vehicle)
    parts = [_ground_in(reason, currency) if reason.price.bought else _ground_out(reason, currency)]
    kept = "" if reason.ground in _OF_RULES else reason.rule
    parts.append(price_clause(reason.price, currency, kept))
    verb = "is in" if reason.price.bought else "stays out"
    return f"{name} {verb}: {'; '.join(part for part in parts if part)}."


def reason_line(reason: Reason, currency: str) -> str:
    """The same in short, beside its name and prices: what these do not say."""
    price = reason.price
    adds = f"adds {number(reason.added)} thousand people{_each_thousand(reason, currency)}"
    ground = _strength(reason, currency) if price.bought else _ground_out(reason, currency)
    parts = (
        ground,
        adds if price.bought else "",
        _by_points(price, currency),
        _beside_the_price(reason, currency),
    )
    return "; ".join(filter(None, parts))


def _beside_the_price(reason: Reason, currency: str) -> str:
    """What a price, and how sure it is, do not say."""
    price, kept = reason.price, "" if reason.ground in _OF_RULES else reason.rule
    if price.source == "dual":
        return ""
    if price.source != "solved":
        return _without_a_price(price, kept)
    endless = kept if price.low is not None and price.high is None else ""
    told = (
        ("", price.aside and f"{price.aside}, needs it at any price: the price is without that rule"),
        ("", _about_even(price, currency)),
        ("stays so long only because of a rule: ", price.rule),
        ("", _not_proven(price, currency)),
        ("perhaps at any price, in ", endless),
    )
    return "; ".join(words + what for words, what in told if what)


def _each_thousand(reason: Reason, currency: str) -> str:
    """What a thousand of the people added cost; in a package a vehicle without a price of its own has no part of it."""
    paid = 0 < reason.added_cost < math.inf
    return f" at {_amount(reason.added_cost, currency)} a thousand" if paid else ""


def _ground_in(reason: Reason, currency: str) -> str:
    adds = (
        f"it adds {number(reason.added)} thousand people of the target that nothing else in the plan reaches"
    )
    each = _each_thousand(reason, currency)
    return "; ".join(part for part in (_strength(reason, currency), adds + (each and f",{each}")) if part)


def _strength(reason: Reason, currency: str) -> str:
    """What speaks for a bought vehicle; "" where nothing stands out."""
    figure, typical = _figures(reason, currency)
    return {
        "rule": f"a rule keeps it, {reason.rule}",
        "package": f"it comes in {reason.rule}",
        "cheap": f"its contacts are cheap, {figure} a thousand{typical}",
        "target": f"{figure} of its contacts are in the target{typical}",
        "unique": f"{figure} of its audience is reached by no other vehicle in the plan{typical}",
        "worth": _counts_for(reason, figure, typical),
    }.get(reason.ground, "")


def _ground_out(reason: Reason, currency: str) -> str:
    figure, typical = _figures(reason, currency)
    if reason.besides:
        more = _ground_out(replace(reason, ground=reason.besides, besides=""), currency)
        return f"a rule leaves no room for it, {reason.rule}; {more}"
    return {
        "barred": f"a rule keeps it out, {reason.rule}",
        "unquoted": "it has no quoted price",
        "nobody": "it would add nobody of the target who counts",
        "full": f"a rule leaves no room for it, {reason.rule}",
        "cheap": f"its contacts are dear, {figure} a thousand{typical}",
        "target": f"only {figure} of its contacts are in the target{typical}",
        "unique": f"only {figure} of its audience would be new to the plan{typical}{_duplicated(reason)}",
        "worth": _counts_for(reason, figure, typical),
    }.get(reason.ground, "what it would replace is worth more")


def _figures(reason: Reason, currency: str) -> tuple[str, str]:
    """A ground's figure, and beside it the median of what is bought."""

    def told(figure: float) -> str:
        if reason.ground == "cheap":
            return _amount(figure, currency)
        return number(figure, 2 if figure >= 1 else 3) if reason.ground == "worth" else percent(figure)

    return told(reason.figure), f" (typical here: {told(reason.typical)})"


def _counts_for(reason: Reason, figure: str, typical: str) -> str:
    """Worth of one person beside the typical one; with the influencer index where there is one."""
    one, whom = "each of its contacts", "contacts with ordinary people"
    if reason.reach:
        one, whom = f"each person it {'adds' if reason.price.bought else 'would add'}", "ordinary people"
    known = math.isfinite(reason.influencer_index)
    index = f", influencer index {number(reason.influencer_index)}" if known else ""
    return f"{one} counts for {figure} {whom}{typical}{index}"


def _duplicated(reason: Reason) -> str:
    told = " and ".join(f"{one_line(name)} reaches {percent(share, 0)}" for name, share in reason.shared)
    return f"; {told} of it" if told else ""


def price_clause(price: VehiclePrice, currency: str, kept: str = "") -> str:
    """At what price a vehicle comes in or goes out, as sure as it is. kept: a rule of its own, in words."""
    if price.lost_without is not None or (price.eases and not price.aside):
        return _about_even(price, currency) or _at_these_alone(price, currency)
    if price.price is None:
        return _without_a_price(price, kept)
    told = _priced(price, price.price, currency, kept)
    return f"{price.aside}, needs it at any price; without that rule {told}" if price.aside else told


def _priced(price: VehiclePrice, value: float, currency: str, kept: str) -> str:
    """The same of one that has a price (value)."""
    at = f"{money(value, currency, price.decimals)} {per_one(price.unit_000)}"
    if price.points:
        at += f" ({_a_point(price, value, currency)})"
    if price.source == "dual":
        return _first_guess(price, at)
    if price.low is None:
        return _out_from(price, currency)
    doubt = "" if price.confirmed else _doubt(price, currency, kept)
    if price.bought:
        rule = f", but only because of a rule: {price.rule}" if price.rule else ""
        out = price.quoted is not None and price.is_out_at(price.quoted)
        before = "a plan worth a little more leaves it out at its price; " if out else ""
        return f"{before}it stays up to {at}{doubt}{rule}"
    return _comes_in(price, value, at, doubt)


def _a_point(price: VehiclePrice, value: float, currency: str) -> str:
    """A price of one sold by the rating point, as its buyer negotiates it."""
    return f"{_amount(value / price.points, currency)} a rating point"


def _by_points(price: VehiclePrice, currency: str) -> str:
    """The quoted price and the one at which that changes, of one sold by the rating point; "" of any other."""
    if not price.points or price.quoted is None:
        return ""
    quoted = f"quoted at {_a_point(price, price.quoted, currency)}"
    verb = "stays until" if price.bought else "comes in at"
    return (
        quoted if price.price is None else f"{quoted}, {verb} {_amount(price.price / price.points, currency)}"
    )


def _about_even(price: VehiclePrice, currency: str) -> str:
    """Of a bought vehicle that is proven neither in nor out at its own price: how near plans without it come, and where
    it is proven in, and out."""
    lost = price.lost_without
    if lost is None:
        return ""
    told = "whether a better plan leaves it out at its price is open"
    if math.isfinite(lost):
        less = f"{percent(abs(lost), 3)} {'less' if lost > 0 else 'more'}"
        told = "about even at its price: the best plan found without it is worth "
        told += f"{'as much' if abs(lost) < _NOTHING else less}, a better one is not ruled out"
    words = ("at", "at") if price.eases else ("up to", "from")
    ends = zip(("in", "out"), words, (price.low, price.high), strict=True)
    certain = [f"{which} {word} {_amount(end, currency)}" for which, word, end in ends if end is not None]
    return f"{told}; certainly {' and '.join(certain)}"


def _at_these_alone(price: VehiclePrice, currency: str) -> str:
    """Of a vehicle whose higher price makes a rule easier to keep: where it is proven in, and out."""
    ends = []
    if price.low is not None:
        from_ = "up to" if price.in_from == 0 else "at"
        if 0 < price.in_from < price.low:
            from_ = f"from {_amount(price.in_from, currency)} to"
        ends.append(f"in {from_} {_amount(price.low, currency)} {per_one(price.unit_000)}")
    if price.high is not None:
        on = " on" if price.out_from <= price.high else ""
        ends.append(f"certainly out {'from' if on else 'at'} {_amount(price.high, currency)}{on}")
        if price.high < price.out_from < math.inf:
            ends.append(f"from {_amount(price.out_from, currency)} on")
    rule = f", but only because of a rule: {price.rule}" if price.rule else ""
    return (
        f"it is certainly {' and '.join(ends)}{rule}; at other prices{_aside(price, ' but its own')} it may be in or "
        f"out, because what it costs also counts in {price.eases}"
    )


def _not_proven(price: VehiclePrice, currency: str) -> str:
    """Beyond what prices nothing is proven, and the rules that it is for; "" where there are none."""
    if not price.eases:
        return ""
    aside = _aside(price, " (except at its own price)")
    below, above = (aside, "") if price.bought else ("", aside)
    ends = []
    if price.low is not None and price.in_from > 0:
        ends.append(f"below {_amount(min(price.in_from, price.low), currency)}{below}")
    if price.high is not None and price.out_from > price.high:
        ends.append(f"above {_amount(price.high, currency)}{above}")
    return f"nothing is proven {' and '.join(ends)}: its price also counts in {price.eases_at}"


def _aside(price: VehiclePrice, text: str) -> str:
    """text, where nothing is proven at prices around its own, at which the plan says itself whether it is bought."""
    own = math.nan if price.quoted is None or price.lost_without is not None else price.quoted
    if price.bought:
        return text if price.low is not None and own < min(price.in_from, price.low) else ""
    return text if price.high is not None and price.high < own < price.out_from else ""


def _out_from(price: VehiclePrice, currency: str) -> str:
    """Of a vehicle that is proven out from a price on, and in at none."""
    end = f"{_amount(price.high or math.inf, currency)} {per_one(price.unit_000)}"
    if price.bought:
        return f"a plan worth a little more leaves it out at its price, and from {end} on"
    return f"it comes in below {end} at best"


def _without_a_price(price: VehiclePrice, kept: str) -> str:
    if price.source == "rule":
        needed = f": without it no plan keeps {price.rule}" if price.rule else f": {kept}" if kept else ""
        return f"it stays whatever its price, within the budget{needed}"
    if price.source == "never" and price.bought:
        return "a plan without it is worth as much, whatever its price"
    if price.source == "never":
        return "no price would bring it in" if price.high else ""
    return "no price was found for it"


def _first_guess(price: VehiclePrice, at: str) -> str:
    word = "stays up to" if price.bought else "would come in at"
    return f"it {word} about {at}, a first guess not solved again"


def _comes_in(price: VehiclePrice, value: float, at: str, doubt: str) -> str:
    """At what price a vehicle left out is bought. value: that price; at: in words."""
    if price.quoted is None:
        return f"it would come in at {at}{doubt}"
    if value >= price.quoted:
        return f"a plan worth a little more buys it at its price, up to {at}{doubt}"
    return f"it would come in at {at}, {percent(price.fall)} less than quoted{doubt}"


def _doubt(price: VehiclePrice, currency: str, kept: str) -> str:
    if price.high is None:
        return f", perhaps at any, in {kept}" if kept else ", perhaps more"
    return f", perhaps more, but less than {_amount(price.high, currency)}"


def _amount(value: float, currency: str) -> str:
    return money(value, currency, price_decimals([value]))
