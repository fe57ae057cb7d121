"""The column that says what numbers of insertions count, where some lines are bought by the thousand."""

from planner.campaign.bought import mixed
from planner.campaign.inputs import Campaign
from planner.table import Column


def counted_columns(campaign: Campaign) -> tuple[Column, ...]:
    """The column, keyed counted_in, where the campaign has such lines; else none."""
    return (Column("counted_in", "Counted in"),) if mixed(campaign.vehicles) else ()
