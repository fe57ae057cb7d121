"""A calendar survives being written and read."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.campaign.calendar import Calendar, PriceFactor, WeekLimit
from planner.campaign.inputs import Brief, Campaign, VehicleRow
from planner.workbook.campaign.calendar.columns import mondays_of, week_labels
from tests.planner.workbook.reading.book import rewritten
from tests.planner.workbook.reading.weeks_book import MONDAYS, START, content, problems, read


def test_a_calendar_survives_being_written(tmp_path: Path) -> None:
    campaign = read(
        tmp_path,
        ["flighting weight", 3, 2, None, 1],
        ["Quiz", None, None, 0, 2],
        ["News", 0, 0, 0, 0],
        ["budget at most", 100.25, None, 50, None],
        ["GRP at least per month", 5],
        ["price factor: medium: TV", 1.2, None, None, None],
        ["price factor", None, "%90", None, None],
        brief={"Start": START},
        headings=["Vehicle", *MONDAYS],
    )
    assert campaign.calendar is not None
    once = rewritten(campaign, tmp_path / "once.xlsx")
    assert content(once) == content(campaign)
    assert rewritten(once, tmp_path / "twice.xlsx") == once


def test_locked_weeks_are_read_and_survive_being_written(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["Locked:  quiz", None, 0, 2], ["Quiz", 1, 1, 2, 1])
    assert campaign.calendar is not None
    assert campaign.calendar.locked == {"Quiz": (None, 0, 2, None)}
    assert not campaign.calendar.binds_the_buy
    assert rewritten(campaign, tmp_path / "b.xlsx").calendar == campaign.calendar


def test_a_locked_week_in_which_nothing_can_be_had_names_both_cells(tmp_path: Path) -> None:
    found = problems(tmp_path, ["Quiz", 1, 0, 2, 1], ["locked: Quiz", 1, 1])
    assert found == {
        "Weeks!C3": '"Quiz" is to have 1 insertion in the week W2, but it cannot be had then (Weeks!C2); change one of '
        "them."
    }


def test_a_flighting_by_a_word_is_written_back_where_it_stood(tmp_path: Path) -> None:
    campaign = read(tmp_path, ["flighting weight", "pulsed"])
    assert rewritten(campaign, tmp_path / "b.xlsx") == campaign


NUMBER = st.integers(0, 400).map(lambda n: n / 4)
FACTOR = st.sampled_from([0.5, 0.8, 1.0, 1.25, 2.0])


@st.composite
def calendars(draw: st.DrawFn) -> tuple[Brief, Calendar]:
    weeks = draw(st.integers(1, 30))
    start = draw(st.none() | st.dates(date(2000, 1, 1), date(2090, 1, 1)))
    brief = Brief(currency="EUR", universe_000=1000, budget=500, weeks=weeks, start=start, objective="reach")
    mondays = mondays_of(brief)
    by_date = draw(st.booleans()) and start is not None
    labels = tuple(str(monday) if by_date else f"W{n}" for n, monday in enumerate(mondays, 1))
    per_week = st.lists(NUMBER, min_size=weeks, max_size=weeks).map(tuple)
    weights = draw(st.none() | per_week.filter(any))
    factors = draw(
        st.lists(
            st.tuples(
                st.sampled_from([("", ("A", "B")), ("genre: x", ("C",)), ("D", ("D",))]),
                st.lists(FACTOR, min_size=weeks, max_size=weeks).map(tuple),
            ),
            unique_by=lambda pair: pair[0],
        )
    )
    week = draw(st.integers(0, weeks - 1))
    limits = draw(st.sampled_from([(), (WeekLimit("grp", ">=", (week,), draw(NUMBER), ""),)]))
    monday = mondays[week]
    named = f"week {week + 1}" if monday is None else f"the week of {monday.day} {monday:%B %Y}"
    limits = tuple(replace(limit, period=named) for limit in limits)
    rows = tuple(PriceFactor(name, vehicles, numbers) for (name, vehicles), numbers in factors)
    listed = sorted(draw(st.sets(st.sampled_from("AB"))))
    most = {name: tuple(float(round(number)) for number in draw(per_week)) for name in listed}
    return brief, Calendar(labels, mondays, weights, limits, rows, most)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=calendars())
def test_any_calendar_survives_being_written_and_read(made: tuple[Brief, Calendar], tmp_path: Path) -> None:
    brief, found = made
    # A row for everything covers all that no narrower row does: C and D too, where they have none.
    covered = {name for factor in found.factors if factor.name for name in factor.vehicles}
    factors = tuple(
        replace(factor, vehicles=tuple(name for name in "ABCD" if name not in covered)) if not factor.name
        else factor for factor in found.factors
    )  # fmt: skip
    found = replace(found, factors=factors)
    vehicles = tuple(
        VehicleRow(name, "TV", 5.0, 10.0, 9.0, genre="x" if name == "C" else "") for name in "ABCD"
    )
    campaign = Campaign(brief, (), (), (), (), 1.35, vehicles, (), (), calendar=found)
    again = content(rewritten(campaign, tmp_path / "a.xlsx")).calendar
    empty = not (found.weights or found.limits or found.factors or found.most)
    of_its_start = Calendar(week_labels(brief), mondays_of(brief)) if brief.start else None
    assert again == (of_its_start if empty else found)
