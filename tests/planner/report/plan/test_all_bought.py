"""Money is left because there is nothing more to buy: told where it is so, and nowhere else."""

from dataclasses import replace

import pytest

from planner.report.plan.notices import all_bought


@pytest.mark.parametrize(
    ("insertions", "budget", "told"),
    [
        ((4, 4), 50_000.0, True),
        ((4, 3), 50_000.0, False),
        ((4, 4), 38_000.0, False),
        ((4, 4), float("inf"), False),
    ],
)
def test_every_vehicle_stands_at_its_maximum(insertions, budget, told, made_campaign, made_result):
    """Two vehicles at 4,000 and 5,500, at most four insertions each: 38,000 in all."""
    campaign = made_campaign(2, 1, budget=budget)
    campaign = replace(campaign, vehicles=tuple(replace(row, maximum=4.0) for row in campaign.vehicles))
    result = replace(made_result(campaign, insertions=list(insertions)), cost=38_000.0, edits=(), edit=None)
    said = "Every vehicle stands at its maximum: $12,000 of the budget buys nothing more."
    assert all_bought(result) == (said if told else "")
