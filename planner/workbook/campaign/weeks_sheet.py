"""A calendar back to the rows of the sheet Weeks; what was a default is left blank."""

from collections.abc import Iterable, Sequence
from datetime import date

from planner.campaign.calendar import Calendar, WeekLimit
from planner.campaign.inputs import Campaign
from planner.campaign.weeks import LOCKED
from planner.workbook.campaign.week_columns import mondays_of, week_labels
from planner.workbook.campaign.week_rows import FACTOR, LIMITS, WEIGHTS
from planner.workbook.page.sheet_writer import WeekRow
from planner.workbook.page.styles import money_format
from planner.workbook.schema.sheets import WEEKS

WORD = (WEEKS.name, WEIGHTS, "word")  # in campaign.cells where Weeks, and not the Brief, gives the flighting


def week_headings(campaign: Campaign) -> tuple[date | str, ...]:
    """The headings of the weeks: Mondays as dates, where the calendar's labels are dates, else W1, W2, ..."""
    calendar = campaign.calendar
    labels = week_labels(campaign.brief) if calendar is None else calendar.labels
    mondays = mondays_of(campaign.brief) if calendar is None else calendar.mondays
    return tuple(
        monday if monday is not None and label == monday.isoformat() else label
        for label, monday in zip(labels, mondays, strict=True)
    )


def week_rows(campaign: Campaign) -> list[WeekRow]:
    """The rows: flighting, limits, price factors, vehicles, locked weeks."""
    calendar = campaign.calendar
    if calendar is None:
        return []
    blank = {found.attribute for found in campaign.defaults if found.sheet == WEEKS.name}
    rows = _weights(campaign, calendar, "weights" in blank)
    rows += _limits(calendar, money_format(campaign.brief.currency, 2))
    for factor in calendar.factors:
        name = f"{FACTOR}: {factor.name}" if factor.name else FACTOR
        rows.append(WeekRow(name, factor.factors))
    rows += [WeekRow(name, _zeros_blank(most, "most" in blank)) for name, most in calendar.most.items()]
    rows += [WeekRow(f"{LOCKED}: {name}", settled) for name, settled in calendar.locked.items()]
    return rows


def _weights(campaign: Campaign, calendar: Calendar, zeros_blank: bool) -> list[WeekRow]:
    if calendar.weights is not None:
        return [WeekRow(WEIGHTS, _zeros_blank(calendar.weights, zeros_blank))]
    if campaign.brief.flighting is not None and WORD in campaign.cells:
        return [WeekRow(WEIGHTS, (campaign.brief.flighting,))]
    return []


def _zeros_blank(numbers: Sequence[float | None], wanted: bool) -> tuple[float | None, ...]:
    """Zeros as blanks, where that is what a blank means; not all of them, or the row would not be one."""
    if not wanted:
        return tuple(numbers)
    if not any(numbers):
        return tuple(0.0 if place == 0 else None for place in range(len(numbers)))
    return tuple(number or None for number in numbers)


def _limits(calendar: Calendar, money: str) -> list[WeekRow]:
    """A row for each kind of limit; a month's stands in its first week."""
    rows = []
    for name, kind in LIMITS.items():
        own = [
            limit
            for limit in calendar.limits
            if (limit.measure, limit.sense, _is_monthly(limit)) == (kind.measure, kind.sense, kind.monthly)
        ]
        if own:
            shown = money if kind.measure == "money" else "#,##0.######"
            rows.append(WeekRow(name, _by_week(own, len(calendar.labels)), shown))
    return rows


def _by_week(limits: Iterable[WeekLimit], weeks: int) -> tuple[float | None, ...]:
    amounts = {limit.weeks[0]: limit.amount for limit in limits}
    return tuple(amounts.get(week) for week in range(weeks))


def _is_monthly(limit: WeekLimit) -> bool:
    """Whether a limit is of a month: its period is named so, even where the month has one week in the flight."""
    return "week" not in limit.period
