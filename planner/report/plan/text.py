"""A plan as a table and labelled sentences for the terminal (100 columns)."""

import math
import textwrap
from collections.abc import Sequence

from planner.formats import (
    NO_LIMIT,
    bought_text,
    cents,
    money,
    money_left,
    number,
    one_line,
    people_text,
    percent,
    shorten,
    signed,
)
from planner.planning.airtime import airtime_sentence
from planner.planning.audience_tables import named_audiences
from planner.planning.influence import Influence
from planner.planning.results import AudienceFigures, PlanResult
from planner.planning.tables import PlanRow, plan_rows
from planner.report.layout import WIDTH, hanging, table, wrapped
from planner.report.plan.certificate import certificate_sentence, edit_sentence
from planner.report.plan.influence import influence_lines
from planner.report.plan.notices import LONGEST_LIST, customers_in_short, of_the_plan
from planner.report.plan.rules_text import rule_lines

LABEL = 13
LONGEST_NOTICE = 2 * WIDTH  # letters of a campaign's notice: a little over two lines


def plan_table(result: PlanResult) -> str:
    """What to buy, what it costs, whom it reaches and how sure that is; at most 100 columns wide."""
    parts = [_buying_part(result), _audience_part(result), _verdict_part(result)]
    return "\n\n".join(part for part in parts if part)


def _costs(rows: Sequence[PlanRow]) -> list[float]:
    return [row.cost or 0.0 for row in rows]


def _buying_part(result: PlanResult) -> str:
    brief = result.campaign.brief
    rows = [row for row in plan_rows(result) if row.bought]
    heading = wrapped(" - ".join(map(one_line, filter(None, (brief.campaign, brief.client)))))
    if not rows:
        return f"{heading}\nNothing is bought.\n{_budget_line(result)}".lstrip()
    shown, left = dearest(rows, LONGEST_LIST)
    headings = ("Vehicle", "Medium", "Insertions", "Cost", "Share", "GRP")
    decimals = cents(*_costs(shown))
    rows_shown = [
        (row.vehicle, row.medium, bought_text(row.counted, row.bought_000), money(row.cost, brief.currency, decimals),
         percent(row.share), number(row.grp, 1))
        for row in shown
    ]  # fmt: skip
    lines = table(headings, rows_shown, texts=2)
    if left:
        cost = sum(_costs(left))
        lines.append(
            shorten(f"... and {len(left)} more, {money(cost, brief.currency, decimals)} together", WIDTH)
        )
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
    decimals = cents(brief.budget, cost)
    left = money_left(brief.budget, cost, decimals)
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
        ("Customers", customers_in_short(result)),
        ("Airtime", airtime_sentence(result.airtime)),
        *influence_lines(result),
        *rule_lines(result.rules, result.campaign.brief.currency),
        *(("Notice", notice) for notice in _notices(result)),
    )
    return "\n".join(hanging(f"{label:<{LABEL}}", text) for label, text in told if text)


def _notices(result: PlanResult) -> list[str]:
    """Those of the plan; of the campaign's own the first, in short, and that the sheet Notes has all."""
    own = of_the_plan(result)
    others = [notice for notice in dict.fromkeys(result.campaign.notices) if notice not in own]
    if not others:
        return own
    first = textwrap.shorten(one_line(others[0]), LONGEST_NOTICE, placeholder=" ...")
    if len(others) == 1 and first == others[0]:
        return [*own, first]
    return [*own, f"{first} ({f'{len(others) - 1} more on' if len(others) > 1 else 'See'} the sheet Notes.)"]
