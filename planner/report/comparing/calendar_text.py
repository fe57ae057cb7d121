"""Two calendars side by side in the sentences that a buyer would say."""

from datetime import date

from planner.comparing.calendars import CalendarPair, PeriodPair, Week
from planner.comparing.side_by_side import SideBySide
from planner.formats import count_of, insertions_text, listed, money, month_of, number, percent
from planner.planning.model_error import plus_minus

MOST_NAMED = 4
SAME_POINTS = 0.0005  # of reach, 0..1: what one decimal of a percent cannot show
AS_BILLED = "money as billed, with fixed costs, discounts and packages shared out over the weeks"


def calendar_sentences(compared: SideBySide) -> str:
    """Flights, where money went in time, what was moved, and how soon people are reached; "" without calendars."""
    calendar = compared.calendar
    if calendar is None:
        have = [name for name, plan in zip("AB", compared.plans, strict=True) if plan.weeks is not None]
        return f"Only {have[0]} has a calendar, so their weeks are not compared." if have else ""
    if calendar.same:
        return "Both have the same insertions in the same weeks."
    told = [
        _flights(calendar), _money_in_time(compared, calendar), _moved(calendar), _reach_in_time(calendar),
    ]  # fmt: skip
    return " ".join(sentence for sentence in told if sentence)


def _flights(calendar: CalendarPair) -> str:
    a, b = calendar.flights
    if a == b:
        return ""
    return f"A runs {_week(a[0])} to {_week(a[1])}, B {_week(b[0])} to {_week(b[1])}."


def _week(week: Week) -> str:
    return f"{week.day} {month_of(week)}" if isinstance(week, date) else f"W{week}"


def _money_in_time(compared: SideBySide, calendar: CalendarPair) -> str:
    """The periods in which B spends most more, and most less, than A."""
    currency = compared.plans[0].campaign.brief.currency
    shifts = [(period.cost.difference or 0.0, period) for period in calendar.periods]
    shown = [
        (shift, period) for shift, period in shifts if money(abs(shift), currency) != money(0.0, currency)
    ]
    parts = []
    for word, found in (
        ("more", max(shown, key=lambda pair: pair[0], default=None)),
        ("less", min(shown, key=lambda pair: pair[0], default=None)),
    ):
        if found is not None and (found[0] > 0) == (word == "more"):
            parts.append(f"{money(abs(found[0]), currency)} {word} in {_named(found[1], calendar)}")
    return f"In time B spends {' and '.join(parts)}." if parts else ""


def _named(period: PeriodPair, calendar: CalendarPair) -> str:
    return period.name if calendar.by == "month" else f"the week {period.name}"


def _moved(calendar: CalendarPair) -> str:
    if not calendar.moved:
        return ""
    total = sum(vehicle.insertions for vehicle in calendar.moved)
    names = listed([vehicle.name for vehicle in calendar.moved], MOST_NAMED)
    one = abs(total - 1) < 1e-9
    return (
        f"Of the insertions that both buy, {insertions_text(total)} {'stands' if one else 'stand'} in other weeks, in "
        f"{count_of(len(calendar.moved), 'vehicle')} ({names})."
    )


def _reach_in_time(calendar: CalendarPair) -> str:
    """The end of the period by which reach is furthest apart, the last aside: that is told already."""
    apart = [period for period in calendar.periods[:-1] if period.reach.difference is not None]
    widest = max(apart, key=lambda period: abs(period.reach.difference or 0.0), default=None)
    if widest is None:
        return ""
    difference = widest.reach.difference or 0.0
    if abs(difference) < SAME_POINTS:
        return "Reach builds up alike."
    points = number(100 * abs(difference), 1) + plus_minus(100 * widest.reach_error)
    return (
        f"By the end of {_named(widest, calendar)} B has reached {percent(widest.reach.b)} of the target audience "
        f"instead of {percent(widest.reach.a)} ({points} points {'more' if difference > 0 else 'fewer'})."
    )
