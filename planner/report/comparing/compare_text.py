"""Two plans side by side for the terminal, and in the sentences that a buyer would say."""

from collections.abc import Sequence

from planner.campaign.bought import added_up
from planner.campaign.units import how_many
from planner.comparing.pair import Difference, Pair, grouped
from planner.comparing.side_by_side import AudiencePair, SideBySide, VehiclePair
from planner.formats import (
    bought_words,
    count_of,
    insertions_text,
    is_whole,
    listed,
    money,
    number,
    one_line,
    percent,
    signed,
)
from planner.planning.model_error import ERROR_IS, error_text, plus_minus
from planner.report.comparing.calendar_text import AS_BILLED, calendar_sentences
from planner.report.layout import hanging, table, wrapped
from planner.report.plan.rules_text import rule_text
from planner.report.why.explain import change_text, count_text

LONGEST_LIST, MOST_NAMED, MOST_DIFFERENCES = 25, 4, 15
SAME_POINTS = 0.00005  # of reach, 0..1: what two decimals of a percent cannot show
_LARGE, _MILLION = 1e9, "million"  # money from which on wide tables are in millions
Row = tuple[str, ...]


def compare_table(compared: SideBySide) -> str:
    """What differs between the campaigns, the comparison in words, and its tables; at most 100 columns wide."""
    heads = "\n".join(
        hanging(f"{side}: ", plan_heading(compared, place)) for place, side in enumerate(("A", "B"))
    )
    parts, known = [heads, _differences_part(compared.differences)], notices(compared)
    parts.append(wrapped(" ".join(sentences(compared))))
    parts += [
        _audience_part(compared),
        _media_part(compared),
        _calendar_part(compared),
        _vehicle_part(compared),
        "\n".join(["Notices", *(hanging("  ", text) for text in known)]) if known else "",
    ]
    return "\n\n".join(part for part in parts if part)


def plan_heading(compared: SideBySide, side: int) -> str:
    """Which plan A or B is: its file, its campaign, its objective and budget."""
    brief = compared.plans[side].campaign.brief
    facts = [one_line(text) for text in (brief.campaign, brief.client) if text]
    facts += [
        f"objective {compared.plans[side].objective}",
        f"budget {money(brief.budget, brief.currency)} {brief.budget_is}",
    ]
    edits = len(compared.plans[side].edits)
    facts += [f"insertions of {count_of(edits, 'vehicle')} edited"] if edits else []
    return f"{compared.names[side]} ({', '.join(facts)})"


# --- in words -------------------------------------------------------------------------------------------


def sentences(compared: SideBySide) -> tuple[str, ...]:
    """The comparison as a buyer would tell it: money, vehicles, media, reach, worth, and what is broken."""
    told = [
        _money_sentence(compared),
        _vehicle_sentence(compared),
        _media_sentence(compared),
        _reach_sentence(compared),
        calendar_sentences(compared),
        _value_sentence(compared),
        _broken_sentence(compared),
    ]
    return tuple(sentence for sentence in told if sentence)


def _money_sentence(compared: SideBySide) -> str:
    spent = [money(plan.cost, plan.campaign.brief.currency) for plan in compared.plans]
    if compared.money_apart:
        return f"A costs {spent[0]} and B {spent[1]}; {' and '.join(compared.money_apart)}, so they are not compared."
    difference, share = compared.cost.difference or 0.0, compared.cost.percent
    currency = compared.plans[0].campaign.brief.currency
    if money(difference, currency) == money(0.0, currency):
        return f"Both plans cost {spent[0]}."
    more = "more" if difference > 0 else "less"
    beside = f" ({number(abs(share), 1)} %)" if share is not None and abs(share) >= 0.05 else ""
    return f"B costs {spent[1]}, {money(abs(difference), currency)}{beside} {more} than A with {spent[0]}."


def _vehicle_sentence(compared: SideBySide) -> str:
    if compared.same_insertions:
        return " ".join(filter(None, ["The two plans buy the same insertions.", _repriced(compared)]))
    counts = [_count(compared, side) for side in (0, 1)]
    alone = sum(bool(pair.only_in) for pair in compared.vehicles)
    told = (
        _only_one_buys(compared.vehicles),
        f"{alone} of these {'is' if alone == 1 else 'are'} in one campaign only." if alone else "",
        _shifted(compared.vehicles),
        _repriced(compared),
    )
    return " ".join([f"A buys {counts[0]}, B {counts[1]}.", *filter(None, told)])


def _only_one_buys(vehicles: Sequence[VehiclePair]) -> str:
    """Vehicles that one plan buys and the other does not."""
    bought = (
        ("B", [pair.name for pair in vehicles if pair.insertions.b and not pair.insertions.a]),
        ("A", [pair.name for pair in vehicles if pair.insertions.a and not pair.insertions.b]),
    )
    told = "; ".join(f"only {plan} buys {listed(names, MOST_NAMED)}" for plan, names in bought if names)
    return f"{told[0].upper()}{told[1:]}." if told else ""


def _shifted(vehicles: Sequence[VehiclePair]) -> str:
    """Vehicles that both plans buy, otherwise often."""
    both = [pair for pair in vehicles if pair.insertions.a and pair.insertions.b and pair.changed]
    told = [f"{pair.name} from {' to '.join(_counts(pair))}" for pair in both]
    return f"Changed from A to B: {listed(told, MOST_NAMED).removesuffix('.')}." if told else ""


def _repriced(compared: SideBySide) -> str:
    """What B pays more or less for what both plans buy alike."""
    pairs = [pair for pair in compared.vehicles if pair.repriced]
    more = sum(pair.cost.difference or 0.0 for pair in pairs)
    if not pairs:
        return ""
    amount = f"{money(abs(more), compared.plans[0].campaign.brief.currency)} {'more' if more > 0 else 'less'}"
    names = listed([pair.name for pair in pairs], MOST_NAMED)
    return f"For what both buy alike B pays {amount if abs(more) >= 0.005 else 'as much in all, otherwise'}: {names}."


def _counts(pair: VehiclePair) -> tuple[str, str]:
    """What A and B buy of a vehicle."""
    a, b = (
        "-" if n is None else count_text(n, pair.unit_000) for n in (pair.insertions.a, pair.insertions.b)
    )
    return a, b


def _count(compared: SideBySide, side: int) -> str:
    plan = compared.plans[side]
    rows, counts = plan.campaign.vehicles, plan.vehicles.insertions.tolist()
    vehicles = how_many(row for row, count in zip(rows, counts, strict=True) if count > 0)
    added = added_up(rows, counts)
    return f"{bought_words(*added)} in {count_of(vehicles, 'vehicle')}"


def _ins(count: float | None) -> str:
    return "-" if count is None else insertions_text(count)


def _media_sentence(compared: SideBySide) -> str:
    if len(compared.media) < 2:
        return ""
    largest = max(compared.media, key=lambda medium: abs((medium.share.b or 0.0) - (medium.share.a or 0.0)))
    a, b = largest.share.a or 0.0, largest.share.b or 0.0
    if abs(b - a) < 0.0005:
        return "B divides its money over the media as A does."
    more = "more" if b > a else "less"
    return f"{largest.name} has {percent(b)} of the money in B, {more} than the {percent(a)} in A."


def _reach_sentence(compared: SideBySide) -> str:
    """Reach and frequency of the target audience, and of influencers where both plans have them."""
    pairs = {pair.name: pair for pair in compared.audiences if pair.reach.difference is not None}
    main = pairs.get("target") or pairs.get("everyone")
    if main is None:
        return "The plans have no audience in common, so their reach is not compared."
    everybody = all(plan.campaign.brief.target_audience == "everyone" for plan in compared.plans)
    who = "everyone" if everybody or main.name == "everyone" else "the target audience"
    text = f"Of {who} B reaches {_reach(main)}, {_frequency(main)}"
    text += f"; of influencers {_reach(pairs['influencers'])}" if "influencers" in pairs else ""
    apart = f" ({'; '.join(compared.people_apart)})" if compared.people_apart else ""
    return f"{text}{apart}."


def _reach(pair: AudiencePair) -> str:
    difference = pair.reach.difference or 0.0
    if abs(difference) < SAME_POINTS:
        return f"{percent(pair.reach.b)}, as A"
    more = "more" if difference > 0 else "fewer"
    error = plus_minus(100 * pair.error)
    points = f"{number(100 * abs(difference), 2)}{error} points"  # two decimals: one would seem not to add up
    return f"{percent(pair.reach.b)} instead of {percent(pair.reach.a)} ({points} {more})"


def _frequency(pair: AudiencePair) -> str:
    a, b = (number(figure, 2) for figure in (pair.frequency.a, pair.frequency.b))
    return f"{b} times each on average" if a == b else f"{b} times each on average instead of {a}"


def _value_sentence(compared: SideBySide) -> str:
    if compared.value_apart:
        return f"What the plans are worth cannot be compared: {'; '.join(compared.value_apart)}."
    plan, difference, share = compared.plans[0], compared.value.difference or 0.0, compared.value.percent
    if plan.objective == "minimum cost":
        return ""
    if share is None or abs(share) < 0.005:
        return f"On their objective, {plan.objective}, the plans are worth the same."
    more = "more" if difference > 0 else "less"
    amount = f"{number(abs(difference), 1)} {plan.value_unit}"
    text = (
        f"On their objective, {plan.objective}, B is worth {number(abs(share), 2)} % {more} than A ({amount})"
    )
    text += f"{error_text(share / 100, compared.value_error)}."
    if compared.differences:
        text += " Each is measured by its own campaign."
    return text


def _broken_sentence(compared: SideBySide) -> str:
    told = []
    for side, name in enumerate("AB"):
        broken = compared.broken(side)
        if broken:
            currency = compared.plans[side].campaign.brief.currency
            words = listed([rule_text(rule, currency) for rule in broken], 3)
            told.append(f"{name} breaks {count_of(len(broken), 'rule')} of its own campaign: {words}.")
    return " ".join(told)


# --- tables -----------------------------------------------------------------------------------------------


def _differences_part(differences: Sequence[Difference]) -> str:
    if not differences:
        return "The two campaigns state the same."
    told = grouped(differences)
    lines = ["The campaigns differ"]
    for found in told[:MOST_DIFFERENCES]:
        where = f"  {found.sheet:<12}"
        lines.append(hanging(where, f"{found.subject}: {found.a} in A, {found.b} in B"))
    if len(told) > MOST_DIFFERENCES:
        lines.append(f"  ... and {len(told) - MOST_DIFFERENCES} more; the workbook (-o) and --json list them")
    return "\n".join(lines)


def _audience_part(compared: SideBySide) -> str:
    times = compared.times
    effective = (f"{times}+ %\nA", "B") if times > 1 else ()
    headings = ("Audience", "Reach %\nA", "B", "Points", "+-", "Frequency\nA", "B", "GRP\nA", "B", *effective)
    lines = table(headings, [_audience_row(pair, times) for pair in compared.audiences], texts=1)
    return "\n".join(
        [*lines, *([wrapped(f"+-: {ERROR_IS[0].lower()}{ERROR_IS[1:]}")] if compared.error > 0 else [])]
    )


def _audience_row(pair: AudiencePair, times: int) -> Row:
    effective = _both(pair.effective, 1, 100) if times > 1 else ()
    points = pair.reach.difference
    return (
        pair.name if pair.same_people else f"{pair.name} (not the same people)",
        *_both(pair.reach, 1, 100),
        signed(None if points is None else 100 * points, 2),
        number(100 * pair.error if points is not None and pair.error > 0 else None, 2),
        *_both(pair.frequency, 2),
        *_both(pair.grp, 1),
        *effective,
    )


def _both(pair: Pair, decimals: int, times: float = 1.0) -> tuple[str, str]:
    a, b = (None if figure is None else times * figure for figure in (pair.a, pair.b))
    return number(a, decimals), number(b, decimals)


def _media_part(compared: SideBySide) -> str:
    rows = [
        (pair.name, *_monies(compared, pair.cost), percent(pair.share.a), percent(pair.share.b))
        for pair in compared.media
    ]
    return "\n".join(table(("Medium", "Cost A", "Cost B", "Difference", "Share A", "Share B"), rows, texts=1))


def _calendar_part(compared: SideBySide) -> str:
    calendar = compared.calendar
    if calendar is None or calendar.same:
        return ""
    headings = (calendar.by.capitalize(), "Cost A", "Cost B", "Difference", "Inser-\ntions\nA", "B", "GRP\nA", "B",
                "Reach\nso far\n% A", "B", "+-")  # fmt: skip
    unit = _money_unit(compared)
    rows = [
        (period.name, *_monies(compared, period.cost, unit), _ins(period.insertions.a), _ins(period.insertions.b),
         *_both(period.grp, 1), *_both(period.reach, 1, 100), number(100 * period.reach_error or None, 2))
        for period in calendar.periods
    ]  # fmt: skip
    lines = table(headings, rows[:LONGEST_LIST], texts=1)
    if len(rows) > LONGEST_LIST:
        lines.append(f"... and {len(rows) - LONGEST_LIST} more")
    return "\n".join(
        [*lines, wrapped(AS_BILLED.replace("money", f"Money in {unit}" if unit else "Money", 1))]
    )


def _money_unit(compared: SideBySide) -> str:
    """What the money of a wide table is in, said once below it: the currency, millions of it from a billion on; "" of
    two currencies, which stand beside every amount."""
    a, b = (plan.campaign.brief.currency for plan in compared.plans)
    large = max(compared.cost.a or 0.0, compared.cost.b or 0.0) >= _LARGE
    return "" if a != b else f"{a} {_MILLION}" if large else a


def _monies(compared: SideBySide, pair: Pair, unit: str = "") -> tuple[str, str, str]:
    """unit: what all of them are in, where it is said elsewhere."""
    a, b = ("", "") if unit else (plan.campaign.brief.currency for plan in compared.plans)
    times, decimals = (1e-6, 1) if unit.endswith(_MILLION) else (1.0, 0)
    amounts = (None if amount is None else times * amount for amount in (pair.a, pair.b, pair.difference))
    one, other, more = (money(n, mark, decimals) for n, mark in zip(amounts, (a, b, a), strict=True))
    return one, other, more


def _vehicle_part(compared: SideBySide) -> str:
    """The vehicles whose insertions or money differ; those of which neither does are counted."""
    changed = [pair for pair in compared.vehicles if pair.differs]
    headings = ("Vehicle", "Medium", "Insertions\nA", "B", "Difference", "Cost A", "Cost B", "Difference")
    unit = _money_unit(compared)
    unit = unit if unit.endswith(_MILLION) else ""
    rows = [_vehicle_row(compared, pair, unit) for pair in changed[:LONGEST_LIST]]
    lines = table(headings, rows, texts=2) if rows else []
    more, same = len(changed) - LONGEST_LIST, len(compared.vehicles) - len(changed)
    notes = (
        (more > 0, f"... and {more} more that differ"),
        (unit and rows, f"Money in {unit}"),
        (any(pair.only_in for pair in changed), "Insertions of - : the vehicle is not in that campaign"),
        (same and rows, f"{count_of(same, 'vehicle')} that both plans buy alike are left out"),
    )
    return "\n".join([*lines, *(text for told, text in notes if told)])


def notices(compared: SideBySide) -> tuple[str, ...]:
    """What a reader must know of either workbook, each said once."""
    a, b = (plan.campaign.notices for plan in compared.plans)
    both = [f"A and B: {text}" for text in a if text in b]
    return (
        *both,
        *(f"A: {text}" for text in a if text not in b),
        *(f"B: {text}" for text in b if text not in a),
    )


def _vehicle_row(compared: SideBySide, pair: VehiclePair, unit: str) -> Row:
    changed = signed(pair.changed, 0 if is_whole(pair.changed) else 2)
    changed = change_text(pair.changed, pair.unit_000) if pair.unit_000 else changed
    return (pair.name, pair.medium, *_counts(pair), changed, *_monies(compared, pair.cost, unit))
