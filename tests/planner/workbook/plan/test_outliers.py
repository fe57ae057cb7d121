"""Which vehicles the chart of price against index names."""

from planner.workbook.figures.ranking import Points, outliers


def test_a_name_that_would_stand_upon_another_vehicles_point_is_left_out() -> None:
    """Index from 100 to 200, price from 10 to 50: a name reaches 20 to the right, and is 2.8 high with its point."""
    apart = Points("TV", ("far", "left", "right"), (200.0, 100.0, 115.0), (50.0, 10.0, 12.0))
    assert outliers([apart]) == {"far", "right"}
    above = Points("TV", ("far", "left", "right"), (200.0, 100.0, 115.0), (50.0, 10.0, 13.0))
    assert outliers([above]) == {"far", "left", "right"}
