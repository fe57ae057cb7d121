"""The HTML report of a plan: for a client meeting, on a screen, a phone or paper."""

from collections.abc import Sequence

from models.arrays import FloatArray
from planner.campaign.colours import PALETTE, colours, tint
from planner.campaign.units import how_many
from planner.formats import (
    bought_text,
    count_of,
    insertions_text,
    money,
    money_short,
    number,
    people_text,
    percent,
    short,
)
from planner.planning.audience_tables import MOST_LINES, distinct_audiences, lines_apart, named_audiences
from planner.planning.model_error import ERROR_IS, FIRM, reach_error
from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import BOUGHT, PlanRow, medium_totals, plan_rows, totals
from planner.report.campaign.check_text import default_lines
from planner.report.html.charts import Axis, Bar, Line, Point, Row, key, plot, round_end, rows
from planner.report.html.page import (
    Markup,
    Section,
    element,
    facts,
    folded,
    lead,
    listing,
    page,
    paragraphs,
    tiles,
)
from planner.report.html.tables import Cell, Figure, Shaded, grid, sortable
from planner.report.plan.certificate import certificate_sentence, edit_sentence, objective_sentence
from planner.report.plan.headline import headline, subtitle
from planner.report.plan.influence import (
    break_even_sentence,
    change_sentences,
    difference_text,
    earned_sentence,
    error_figure,
    gain_text,
    measure_words,
)
from planner.report.plan.notices import customers_first_sentence, result_notices
from planner.report.plan.rules_text import by_verdict, rule_text

MOST_TIMES = 10


def plan_page(result: PlanResult) -> str:
    """The report as one HTML file."""
    brief = result.campaign.brief
    edited = ", edited plan" if result.is_edited else ""
    sections = [
        Section("short", "In short", _short(result)),
        Section("money", "Where the money goes", _money(result), wide=False),
        Section("reach", "Whom it reaches", _reach(result), wide=False),
        Section("buy", "What to buy", [_buying(result)]),
        Section("when", "When", _when(result)),
        Section("often", "How often", _often(result)),
        Section("influencers", "What influencers add", _influencers(result)),
        Section("sure", "How sure this is", _sure(result)),
        Section("assumed", "What it assumes", _assumed(result)),
    ]
    return page(f"{brief.campaign or 'Media plan'}{edited}", subtitle(brief), sections, foot(result))


def foot(result: PlanResult) -> str:
    """Which program and which input made a page; no date, so that the same input gives the same page."""
    versions = ", ".join(f"{name} {version}" for name, version in result.run.versions().items())
    made = f"Made from the campaign with SHA-256 {result.fingerprint[:16]}" if result.fingerprint else "Made"
    return f"{made} by {versions or 'planner'}. This page stands alone and loads nothing."


def _short(result: PlanResult) -> list[Markup]:
    told = [edit_sentence(result), customers_first_sentence(result)]
    if result.influence is not None:
        told.append(result.influence.verdict)
    tone = "bad" if result.status == "broken" else "good"
    return [tiles(headline(result)), lead(certificate_sentence(result), tone), *paragraphs(told)]


# --- money ---------------------------------------------------------------------------------------


def _money(result: PlanResult) -> list[Markup]:
    """Shares by medium; of a plan in one medium by genre, and in words where there is nothing to set side by side."""
    shades, currency = colours(result.campaign), result.campaign.brief.currency
    for by in ("medium", "genre"):
        found = [total for total in totals(result, by) if total.vehicles]
        if len(found) > 1:
            listed = [
                Row(total.name, [Bar(0, total.share, shades.get(total.name, PALETTE[0]))],
                    f"{money(total.cost, currency)} · {percent(total.share)}")
                for total in found
            ]  # fmt: skip
            return [rows(f"Spend by {by}", listed)]
    media = [total for total in medium_totals(result) if total.vehicles]
    told = (
        f"All of it, {money(result.cost, currency)}, goes to {media[0].name}."
        if media
        else "Nothing is bought."
    )
    return paragraphs([told])


def _buying(result: PlanResult) -> Markup:
    bought = [row for row in plan_rows(result) if row.bought]
    shades, currency = colours(result.campaign), result.campaign.brief.currency
    indexed = any(row.influencer_index is not None for row in bought)
    headings = ["Vehicle", "Medium", "Insertions", "Cost", "Share", "GRP", "CPM", "CPP"]
    headings += ["Influencer index"] if indexed else []
    listed = [_vehicle(row, shades[row.medium], currency, indexed) for row in bought]
    count = how_many(bought)
    idle = how_many(result.campaign.vehicles) - count
    are = "is" if idle == 1 else "are"
    caption = f"{count_of(count, 'vehicle')} bought; {idle} more on offer {are} not. Headings sort the table."
    return sortable(headings, listed, caption=caption, total=_total(bought, currency, len(headings)))


def _total(bought: Sequence[PlanRow], currency: str, columns: int) -> list[Cell]:
    """What the bought vehicles come to; blank in the columns of prices and indices."""
    spent, grp = sum(row.cost or 0.0 for row in bought), sum(row.grp for row in bought)
    count, contacts = sum(row.counted for row in bought), sum(row.bought_000 for row in bought)
    total: list[Cell] = [
        "Total", "", Figure(bought_text(count, contacts), count), Figure(money(spent, currency), spent),
        Figure(percent(1.0) if spent else "-", 1.0), Figure(number(grp, 1), grp),
    ]  # fmt: skip
    return [*total, *[""] * (columns - len(total))]


def _vehicle(row: PlanRow, shade: str, currency: str, indexed: bool) -> list[Cell]:
    figures: list[Cell] = [
        Figure(bought_text(row.counted, row.bought_000), row.insertions), Figure(money(row.cost, currency), row.cost),
        Figure(percent(row.share), row.share), Figure(number(row.grp, 1), row.grp),
        Figure(money(row.cpm, currency, 2), row.cpm), Figure(money(row.cpp, currency), row.cpp),
    ]  # fmt: skip
    index: list[Cell] = [Figure(number(row.influencer_index), row.influencer_index)] if indexed else []
    return [row.vehicle, key(row.medium, shade), *figures, *index]


# --- people --------------------------------------------------------------------------------------


def _reach(result: PlanResult) -> list[Markup]:
    times = result.campaign.brief.effective_frequency
    error = FIRM * reach_error(result.campaign, result.vehicles.insertions)
    listed = [_reach_row(name, audience, times, error) for name, audience in named_audiences(result)]
    if not listed:
        return []
    within = f"give or take {percent(error)} of the reach: in 19 of 20"
    if result.campaign.respondents is not None:
        note = f"The line is the survey's sampling error, {within} surveys of so many people."
    else:
        note = (
            f"The line is the range of the reach model's own error, {within} plans of so many vehicles. Audiences and "
            "ratings are taken as they stand."
        )
    legend = [("Reached", PALETTE[0]), (f"Reached {times} times or more", PALETTE[1])][: 1 + (times > 1)]
    return [rows("Share of the audience reached", listed, legend=legend, note=note, scale=(0.0, 1.0))]


def _reach_row(name: str, audience: AudienceFigures, times: int, error: float) -> Row:
    reach = audience.reach_pct / 100
    low, high = reach * (1 - error), min(1.0, reach * (1 + error))
    tip = f"{percent(low)} to {percent(high)}"
    bars = [Bar(0, reach, PALETTE[0], tip), Bar(low, high, "", tip, kind="range")]
    often = audience.reached_at_least(times)
    if times > 1 and often is not None:
        bars.append(Bar(0, often, PALETTE[1], f"{times}+: {percent(often)}", kind="thin"))
    return Row(name, bars, f"{percent(reach)} ({number(100 * low)}–{number(100 * high)})")


def _often(result: PlanResult) -> list[Markup]:
    """n+ reach, a line for each audience whose line can be told apart, and every audience's in a table."""
    audiences = result.audiences
    if not audiences or not result.vehicles.insertions.any():
        return []
    last = max(MOST_TIMES, result.campaign.brief.effective_frequency)
    drawn = [audiences[place] for place in lines_apart(audiences, last)]
    lines = [Line(each.name, PALETTE[at], _at_least(each, last)) for at, each in enumerate(drawn)]
    top = round_end(max(audience.reach_pct for audience in drawn) / 100)
    x = Axis("contacts, at least", 1, last, lambda value: f"{value:.0f}+", at=range(1, last + 1))
    y = Axis("% of the audience", 0, min(top, 1.0), lambda value: percent(value, 0))
    times = result.campaign.brief.effective_frequency
    marks = [(float(times), f"effective: {times}+")] if times > 1 else []
    table = _frequency_table(result, last)
    others = len(distinct_audiences(audiences)) > len(drawn)
    near = (
        "The other audiences' lines lie near these" if len(drawn) < MOST_LINES else "For the other audiences"
    )
    note = f"{near}: see the figures." if others else ""
    title = "People who meet the campaign at least so often"
    return [plot(title, lines, x, y, marks=marks, note=note, table=table)]


def _at_least(audience: AudienceFigures, last: int) -> list[Point]:
    """n+ reach, up to `last` times."""
    often = ((n, audience.reached_at_least(n)) for n in range(1, last + 1))
    return [
        Point(n, share, f"{audience.name}: {percent(share)} at least {count_of(n, 'time')}")
        for n, share in often
        if share is not None
    ]


def _frequency_table(result: PlanResult, last: int) -> Markup:
    headings = ["Audience", "People (000)", "Frequency", "GRP", *(f"{n}+" for n in range(1, last + 1))]
    listed: list[list[Cell]] = []
    for name, audience in named_audiences(result):
        often = [audience.reached_at_least(n) for n in range(1, last + 1)]
        people = Figure(people_text(audience.population_000), audience.population_000)
        frequency = Figure(number(audience.average_frequency, 2), audience.average_frequency)
        shares = (Figure(percent(share), share) for share in often)
        listed.append([name, people, frequency, Figure(number(audience.grp, 1), audience.grp), *shares])
    return sortable(headings, listed, caption="Reach by number of contacts, % of the audience.")


# --- weeks ---------------------------------------------------------------------------------------


def _when(result: PlanResult) -> list[Markup]:
    weeks = result.weeks
    if weeks is None or not result.vehicles.insertions.any():
        return []
    labels = [
        label if monday is None else f"{monday.day} {monday:%b}"
        for label, monday in zip(weeks.labels, weeks.mondays, strict=True)
    ]
    told = f"Weeks begin on the Mondays shown; insertions follow the flighting ({weeks.pattern_name})."
    chart = [_week_plot(result, labels)] if len(labels) > 1 else []
    return [_flowchart(result, labels), *chart, *paragraphs([told if any(weeks.mondays) else ""])]


def _flowchart(result: PlanResult, labels: Sequence[str]) -> Markup:
    weeks = result.weeks
    assert weeks is not None
    costs = [
        Shaded(money_short(float(cost), result.campaign.brief.currency), strong=True) for cost in weeks.cost
    ]
    grps = [Shaded(number(float(grp), 1), strong=True) for grp in weeks.grp]
    rows = [*_rows_by_week(result, weeks.insertions), ("Money", costs), ("GRP", grps)]
    return grid("Insertions by week", labels, rows, caption="Insertions by week.")


def _rows_by_week(result: PlanResult, insertions: FloatArray) -> list[tuple[str, list[Shaded]]]:
    """What is bought in each week; the colour is stronger the more it is, of contacts by the thousand in their row."""
    shades = colours(result.campaign)
    places = {vehicle.name: at for at, vehicle in enumerate(result.campaign.vehicles)}
    bought = [(row, insertions[places[row.vehicle]]) for row in plan_rows(result) if row.bought]
    most = max((count for row, counts in bought if not row.by_thousand for count in counts), default=1.0)
    return [
        (f"{row.vehicle} (impressions)", _week_cells(1000 * row.unit_000 * counts, shades[row.medium]))
        if row.by_thousand
        else (row.vehicle, _week_cells(counts, shades[row.medium], most))
        for row, counts in bought
    ]


def _week_cells(counts: FloatArray, shade: str, most: float = 0.0) -> list[Shaded]:
    """What each week has. most: of all rows whose colours compare; 0 = of these, which are impressions."""
    strongest, told = most or counts.max(), insertions_text if most else short
    return [
        Shaded(told(count), tint(shade, 0.35 + 0.65 * count / strongest)) if count > BOUGHT else Shaded("")
        for count in counts.tolist()
    ]


def _week_plot(result: PlanResult, labels: Sequence[str]) -> Markup:
    weeks = result.weeks
    assert weeks is not None
    alone, together = weeks.reach_share.tolist(), weeks.cumulative_share.tolist()
    columns = [Point(at, share, f"{labels[at]} alone: {percent(share)}") for at, share in enumerate(alone)]
    up_to = [Point(at, share, f"up to {labels[at]}: {percent(share)}") for at, share in enumerate(together)]
    lines = [
        Line("The week alone", PALETTE[0], columns, columns=0.6),
        Line("All weeks up to it", PALETTE[1], up_to),
    ]
    step = max(1, -(-len(labels) // 13))
    x = Axis("week", -0.5, len(labels) - 0.5, lambda at: labels[round(at)], at=range(0, len(labels), step))
    y = Axis(
        f"% of {weeks.audience}", 0, min(1.0, round_end(max(together, default=0.0))), lambda v: percent(v, 0)
    )
    listed: list[list[Cell]] = [[label, Figure(percent(a), a), Figure(percent(b), b)]
              for label, a, b in zip(labels, alone, together, strict=True)]  # fmt: skip
    table = sortable(("Week", "Alone", "Up to it"), listed, caption=f"Reach of {weeks.audience} by week.")
    return plot("Reach by week", lines, x, y, height=220, table=table)


# --- influencers, certainty ----------------------------------------------------------------------


def _influencers(result: PlanResult) -> list[Markup]:
    influence = result.influence
    if influence is None:
        return []
    told = [" ".join(change_sentences(influence)), earned_sentence(influence), break_even_sentence(influence)]
    parts = [lead(influence.verdict, "plain"), *paragraphs([*told, *influence.warnings])]
    if not influence.compared:
        return parts
    currency = result.campaign.brief.currency
    gains: list[list[Cell]] = [
        [
            measure_words(gain),
            Figure(gain_text(gain.tailored, gain.unit, currency), gain.tailored),
            Figure(gain_text(gain.ordinary, gain.unit, currency), gain.ordinary),
            Figure(difference_text(gain, currency), gain.points),
            Figure(error_figure(gain, currency), gain.error),
        ]
        for gain in influence.gains
    ]
    headings = ("Measure", "Tailored plan", "Ordinary plan", "Difference", "Model's own error")
    return [
        *parts,
        folded(
            "The two plans, measure by measure",
            sortable(headings, gains, caption=f"Same money and rules. {ERROR_IS}"),
        ),
    ]


def _sure(result: PlanResult) -> list[Markup]:
    told = [("Certificate", certificate_sentence(result)), ("Worth", objective_sentence(result))]
    if result.customers_first is not None:
        told.append(("Customers first", customers_first_sentence(result)))
    currency = result.campaign.brief.currency
    rules = by_verdict(result.rules)
    for name, part in (
        ("Broken rule", rules.broken),
        ("Rule that binds", rules.binding),
        ("Price paid", rules.paid),
    ):
        told += [(name, rule_text(rule, currency)) for rule in part]
    folds = ((rules.others, "other rule", "kept"), (rules.unpaid, "price", "not paid"))
    rest = [
        folded(f"{count_of(len(part), what)} {how}", *listing([rule_text(rule, currency) for rule in part]))
        for part, what, how in folds
        if part
    ]
    return [facts(told), *rest]


def _assumed(result: PlanResult) -> list[Markup]:
    defaults = default_lines(result.campaign.told_defaults)
    parts = listing(result_notices(result))
    if defaults:
        parts.append(folded(f"{count_of(len(defaults), 'default')} taken", *listing(defaults)))
    if result.notes:
        notes = [[topic, told] for topic, told in result.notes]
        table = element("div", facts([(str(topic), str(told)) for topic, told in notes]))
        parts.append(folded("How it was calculated", table))
    return parts
