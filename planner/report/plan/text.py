"""A plan in sentences and in a table for the terminal (100 columns)."""

import math
import textwrap
from collections.abc import Sequence

from planner.campaign.inputs import Campaign
from planner.campaign.population import weight_of
from planner.campaign.units import how_many
from planner.formats import (
    NO_LIMIT,
    bought_text,
    cents,
    count_of,
    listed,
    money,
    money_left,
    month_of,
    number,
    one_line,
    people_text,
    percent,
    shorten,
    signed,
)
from planner.names import listing
from planner.planning.airtime import airtime_sentence
from planner.planning.audience_tables import named_audiences
from planner.planning.influence import Influence
from planner.planning.model_error import points_text
from planner.planning.results import AudienceFigures, CustomersFirst, PlanResult
from planner.planning.tables import BOUGHT, PlanRow, plan_rows
from planner.report.assumed import assumed
from planner.report.campaign.check_text import unquoted_lines
from planner.report.layout import WIDTH, hanging, table, wrapped
from planner.report.plan.all_bought import all_bought
from planner.report.plan.edit_text import edit_sentence
from planner.report.plan.influence import influence_lines
from planner.report.plan.rules_text import rule_lines

LONGEST_LIST, MOST_WEEKS, LABEL = 10, 4, 13
LONGEST_NOTICE = 2 * WIDTH  # letters of a campaign's notice: a little over two lines
FAR_OFF = 0.1  # share of the GRP in other weeks than the flighting asks that is told


READ_BACK = "The bound was read from the plan's workbook, not proven again."


def certificate_sentence(result: PlanResult) -> str:
    """How good the plan is beside every other plan within the rules, in one sentence; whether that was read back."""
    sentence = _certificate(result)
    return f"{sentence} {READ_BACK}" if result.read_back else sentence


def _certificate(result: PlanResult) -> str:
    if result.status == "broken":
        broken = sum(not rule.holds for rule in result.rules)
        return (f"This plan breaks {count_of(broken, 'rule')}; what is known of the best plan within the rules "
                "is no certificate for it.")  # fmt: skip
    if not math.isfinite(result.bound):
        return "This plan was evaluated, not optimised: how much better another could be was not calculated."
    if result.minimises:
        return _certificate_of_cost(result)
    if result.value <= 0:
        return _certificate_of_nothing(result)
    if result.status == "feasible" and counts_several_contacts(result.campaign):
        return _upper_limit(result)
    more = result.bound / result.value - 1
    if more < 1e-9:
        return "No plan within these rules is worth more than this one."
    sentence = f"No plan within these rules is worth more than {_rounded_up(more)} more than this one."
    return sentence + _gap_not_reached(result)


def _gap_not_reached(result: PlanResult) -> str:
    """Why the gap is not the one that was asked; "" where it is, and of edited plans, of which none was asked."""
    if result.status != "feasible" or result.is_edited:
        return ""
    why = "the time limit ended the search" if result.timed_out else "it was not reached"
    return f" A gap of {percent(result.gap_asked, 2)} was asked for; {why}."


def counts_several_contacts(campaign: Campaign) -> bool:
    """Whether n+ reach, which no programme can state, is the objective or a goal."""
    brief = campaign.brief
    objective = brief.objective == "effective reach" and brief.effective_frequency > 1
    return objective or any(goal.measure == "effective reach" and goal.times > 1 for goal in campaign.goals)


def _upper_limit(result: PlanResult) -> str:
    """Of a bound that is loose by its nature: what it says, and what it does not."""
    more = _rounded_up(result.bound / result.value - 1)
    sentence = (
        f"{_found(result, 'best')} within these rules can be worth more than {more} more, but that is an upper limit, "
        "not a certificate: it lies above how many people are met several times."
    )
    return f"{sentence} The time limit ended the search." if result.timed_out else sentence


def _found(result: PlanResult, best: str) -> str:
    """Where a sentence on other plans begins: an edited plan is the planner's, and none that was found."""
    return "No plan" if result.is_edited else f"This is the {best} plan found. None"


def _certificate_of_cost(result: PlanResult) -> str:
    """Of the cheapest plan: how much cheaper another could be."""
    cost, least = result.value, max(result.bound, 0.0)
    if cost <= 0 or least >= cost * (1 - 1e-9):
        return "No plan within these rules costs less than this one."
    less = _rounded_up(1 - least / cost)
    if result.status == "feasible" and counts_several_contacts(result.campaign):
        text = (
            f"{_found(result, 'cheapest')} within these rules can cost over {less} less, but that is a lower "
            "limit, not a certificate: it grants more people met several times than there are."
        )
    else:
        text = f"No plan within these rules costs over {less} less than this one."
        if result.status == "feasible" and not result.is_edited:
            text += f" A gap of {percent(result.gap_asked, 2)} was asked for"
            text += "." if result.timed_out else "; it was not reached."
    return f"{text} The time limit ended the search." if result.timed_out else text


def _certificate_of_nothing(result: PlanResult) -> str:
    if result.bound <= 0:
        return "No plan within these rules is worth anything."
    most = f"{number(result.bound, 1)} {result.value_unit}".strip()
    return f"This plan is worth nothing; another could be worth up to {most}."


def _rounded_up(share: float) -> str:
    """A share as a percentage, never rounded down: the sentence must stay true."""
    decimals = 2 if share < 0.1 else 1
    step = 10.0 ** (-decimals - 2)
    return percent(step * math.ceil(round(share / step, 6)), decimals)


def objective_sentence(result: PlanResult) -> str:
    """What the plan is worth, and the most that any plan could be."""
    worth = f"{number(result.value, 1)} {result.value_unit}".strip() + _weights_text(result.campaign)
    if result.minimises:
        least, spent = (
            money(amount, result.campaign.brief.currency) for amount in (result.bound, result.value)
        )
        known = (
            "" if not math.isfinite(result.bound) else f"; no plan within the rules costs less than {least}"
        )
        return f"Objective {result.objective}: {spent}{known}."
    if result.status == "broken" or not math.isfinite(result.bound):
        return f"Objective {result.objective}: {worth}."
    return (
        f"Objective {result.objective}: {worth}; no plan within the rules passes {number(result.bound, 1)}."
    )


def _weights_text(campaign: Campaign) -> str:
    """What influence-weighted means here: whom it counts how often."""
    if campaign.brief.objective != "influence":
        return ""
    weights = [(row.name, weight_of(row, campaign)) for row in campaign.traits]
    told = [f"{name} {weight:g} times" for name, weight in weights if weight != 1]
    return f" ({listing(told, 4)})" if told else " (everyone once)"


def customers_first_sentence(result: PlanResult) -> str:
    """What the plan keeps of the reach among customers, "" where customers first is off."""
    first = result.customers_first
    if first is None:
        return ""
    kept = f", {percent(first.kept / first.best)} of it" if first.best > 0 else ""
    return (f"The best plan for customers reaches {percent(first.best)} of them, this one "
            f"{percent(first.kept)}{_fewer(first, named=True)}{kept} (floor {percent(first.floor)}).")  # fmt: skip


def _customers_in_short(result: PlanResult) -> str:
    """The same in one line; what +- is says the column Error where there is one."""
    first = result.customers_first
    if first is None:
        return ""
    fewer = _fewer(first, named=result.influence is None or not result.influence.compared)
    return (f"{percent(first.kept)} of customers are reached, at best {percent(first.best)}{fewer}; floor "
            f"{percent(first.floor)}.")  # fmt: skip


def _fewer(first: CustomersFirst, named: bool) -> str:
    """By how many points a plan reaches fewer customers than the best for them; "" where no fewer. named: the model's
    own error is called so, where nothing beside it says what +- is."""
    fewer = 100 * (first.kept - first.best)
    if fewer > -0.005:
        return ""
    if named and first.reach_error >= 0.005:
        return f" ({points_text(fewer, 0.0)}; the model's own error: {first.reach_error:.2f})"
    return f" ({points_text(fewer, first.reach_error)})"


def composition_notice(result: PlanResult) -> str:
    """How many vehicles stand at the universe's share of influencers for want of a figure of their own."""
    rows = result.campaign.vehicles
    blank = how_many(row for row, none in zip(rows, result.vehicles.composition_blank, strict=True) if none)
    if not blank:
        return ""
    every = how_many(rows)
    influencer = sorted({trait.role for trait in result.campaign.traits} & {"catalyst", "expert"})
    what = " or ".join(influencer) or "influencer"
    verb = "has" if blank == 1 else "have"
    return f"{blank} of {count_of(every, 'vehicle')} {verb} no {what} figure; the universe's share stands in."


def result_notices(result: PlanResult) -> tuple[str, ...]:
    """What a reader of the plan must know beside the figures."""
    return tuple(dict.fromkeys((*_of_the_plan(result), *result.campaign.notices)))


def _of_the_plan(result: PlanResult) -> list[str]:
    """What is assumed of the survey, and what this plan, not its campaign, asks to be told: never cut short."""
    quoted = " ".join(f"{text}." for text in unquoted_lines(result.campaign, "without a quoted price"))
    own = (
        _edited(result),
        all_bought(result),
        *calendar_notices(result),
        composition_notice(result),
        quoted,
    )
    return [*assumed(result.campaign), *filter(None, own)]


def _edited(result: PlanResult) -> str:
    """That a planner changed the plan, where no sentence on what the edits cost says so."""
    if result.edit is not None or not result.is_edited:
        return ""
    if result.edits:
        return f"Insertions edited by the planner: {listed(result.edits, LONGEST_LIST)}."
    return "Weeks edited by the planner: insertions stand in other weeks than they were optimised for."


def calendar_notices(result: PlanResult) -> list[str]:
    """Weeks without insertions that the flighting asks some for, and a calendar far from it."""
    weeks = result.weeks
    if weeks is None or not result.vehicles.insertions.any():
        return []
    dark = [
        label if monday is None else f"{monday.day} {month_of(monday)}"
        for label, monday, count, asked in zip(
            weeks.labels, weeks.mondays, weeks.insertions.sum(axis=0), weeks.pattern, strict=True
        )
        if count <= BOUGHT and asked > 0
    ]
    told = []
    if dark:
        places = listed(dark, MOST_WEEKS)
        told.append(
            f"Nothing stands in {len(dark)} of the {count_of(len(weeks.labels), 'week')}, where the flighting asks for "
            f"some: {places}."
        )
    if weeks.off_pattern > FAR_OFF:
        told.append(
            f"{percent(weeks.off_pattern)} of the calendar's GRP stand in other weeks than the flighting "
            f"({weeks.pattern_name}) asks"
            + (
                "."
                if result.is_edited
                else ": vehicles' own weeks, limits or few insertions allow no better."
            )
        )
    return told


# --- the table -----------------------------------------------------------------------------------


def plan_table(result: PlanResult) -> str:
    """What to buy, what it costs, whom it reaches and how sure that is; at most 100 columns wide."""
    parts = [_buying_part(result), _audience_part(result), _verdict_part(result)]
    return "\n\n".join(part for part in parts if part)


def _buying_part(result: PlanResult) -> str:
    brief = result.campaign.brief
    rows = [row for row in plan_rows(result) if row.bought]
    heading = wrapped(" - ".join(map(one_line, filter(None, (brief.campaign, brief.client)))))
    if not rows:
        return f"{heading}\nNothing is bought.\n{_budget_line(result)}".lstrip()
    shown, left = dearest(rows, LONGEST_LIST)
    headings = ("Vehicle", "Medium", "Insertions", "Cost", "Share", "GRP")
    rows_shown = [
        (row.vehicle, row.medium, bought_text(row.counted, row.bought_000), money(row.cost, brief.currency),
         percent(row.share), number(row.grp, 1))
        for row in shown
    ]  # fmt: skip
    lines = table(headings, rows_shown, texts=2)
    if left:
        cost = sum(row.cost or 0.0 for row in left)
        lines.append(shorten(f"... and {len(left)} more, {money(cost, brief.currency)} together", WIDTH))
    headed = [heading, "", *lines] if heading else lines
    return "\n".join([*headed, "", _budget_line(result)])


def dearest(rows: Sequence[PlanRow], most: int) -> tuple[list[PlanRow], list[PlanRow]]:
    """The rows that cost most, at most so many, and the others; both in the plan's order."""
    by_cost = sorted(range(len(rows)), key=lambda place: -(rows[place].cost or 0.0))
    shown = set(by_cost[:most])
    return (
        [row for place, row in enumerate(rows) if place in shown],
        [row for place, row in enumerate(rows) if place not in shown],
    )


def _budget_line(result: PlanResult) -> str:
    brief, cost = result.campaign.brief, result.cost
    if not math.isfinite(brief.budget):
        return wrapped(
            f"Cost {money(cost, brief.currency, cents(cost))} {brief.budget_is}; budget: {NO_LIMIT}."
        )
    decimals, left = cents(brief.budget, cost), money_left(brief.budget, cost)
    rest = (
        f"{money(left, brief.currency, decimals)} left"
        if left >= -0.005
        else f"{money(-left, brief.currency, decimals)} over the budget"
    )
    spent = f" ({percent(cost / brief.budget)})" if brief.budget > 0 else ""
    return wrapped(f"Cost {money(cost, brief.currency, decimals)} of a {brief.budget_is} budget of "
                    f"{money(brief.budget, brief.currency, decimals)}{spent}; {rest}.")  # fmt: skip


def _audience_part(result: PlanResult) -> str:
    """A line for every audience; where tailoring is judged, the last columns set it beside the ordinary plan."""
    times, influence = result.campaign.brief.effective_frequency, result.influence
    rows = named_audiences(result)
    if not rows:
        return ""
    effective = (f"{times}+ %",) if times > 1 else ()
    beside = _beside_headings(influence)
    headings = ("Audience", "People\n(000)", "Reach %", "Frequency", "GRP", *effective, *beside)
    lines = [
        (name, *_audience_figures(audience, times), *_beside(audience, influence)[: len(beside)])
        for name, audience in rows
    ]
    return "\n".join(table(headings, lines, texts=1))


def _audience_figures(audience: AudienceFigures, times: int) -> tuple[str, ...]:
    at_least = audience.reached_at_least(times)
    effective = (number(None if at_least is None else 100 * at_least, 1),) if times > 1 else ()
    return (people_text(audience.population_000), number(audience.reach_pct, 1),
            number(audience.average_frequency, 2), number(audience.grp, 1), *effective)  # fmt: skip


def _beside_headings(influence: Influence | None) -> tuple[str, ...]:
    """A plan that is the ordinary one is not compared with itself."""
    if influence is None:
        return ()
    return ("Told %", "Ordinary\nreach %", "Points", "Error\n+-") if influence.compared else ("Told %",)


def _beside(audience: AudienceFigures, influence: Influence | None) -> tuple[str, ...]:
    """Who is told by word of mouth; reach of the ordinary plan, how much more this one reaches, and one standard
    deviation of the model's own error on that."""
    if influence is None:
        return ()
    own, other = (plan.audience(audience.name) for plan in (influence.tailored, influence.ordinary))
    told = None if own is None else 100 * own.earned
    if own is None or other is None:
        return number(told, 2), number(None), number(None), number(None)
    points, error = 100 * (own.paid - other.paid), 100 * influence.reach_error * other.paid
    return number(told, 2), number(100 * other.paid, 1), signed(points, 2), number(error or None, 2)


def _verdict_part(result: PlanResult) -> str:
    """What the plan is worth, what tailoring does, and how sure that is, a labelled sentence each."""
    told = (
        ("Certificate", certificate_sentence(result)),
        ("Edits", edit_sentence(result, with_rules=False)),
        ("Customers", _customers_in_short(result)),
        ("Airtime", airtime_sentence(result.airtime)),
        *influence_lines(result),
        *rule_lines(result.rules, result.campaign.brief.currency),
        *(("Notice", notice) for notice in _notices(result)),
    )
    return "\n".join(hanging(f"{label:<{LABEL}}", text) for label, text in told if text)


def _notices(result: PlanResult) -> list[str]:
    """Those of the plan; of the campaign's own the first, in short, and that the sheet Notes has all."""
    own = _of_the_plan(result)
    others = [notice for notice in dict.fromkeys(result.campaign.notices) if notice not in own]
    if not others:
        return own
    first = textwrap.shorten(one_line(others[0]), LONGEST_NOTICE, placeholder=" ...")
    if len(others) == 1 and first == others[0]:
        return [*own, first]
    return [*own, f"{first} ({f'{len(others) - 1} more on' if len(others) > 1 else 'See'} the sheet Notes.)"]
