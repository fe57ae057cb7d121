"""What every output of a campaign repeats: that claims are taken as contacts."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from planner.campaign.inputs import Campaign
from planner.campaign.survey import CLAIMS_ARE_CONTACTS
from planner.report.layout import hanging
from planner.table import Column, Table

_COLUMN = "survey_assumption"  # of every CSV table


def assumed(campaign: Campaign) -> tuple[str, ...]:
    """The sentence, where the campaign assumes it."""
    return tuple(notice for notice in campaign.notices if notice == CLAIMS_ARE_CONTACTS)


def json_with_assumed(
    campaign: Campaign, plain: Callable[[], dict[str, Any]]
) -> Callable[[], dict[str, Any]]:
    """Plain values with `notices`, where there are none yet."""
    said = list(assumed(campaign))

    def told() -> dict[str, Any]:
        values = plain()
        return {**values, "notices": said} if said and "notices" not in values else values

    return told


def text_with_assumed(campaign: Campaign, text: Callable[[], str]) -> Callable[[], str]:
    """A text with the sentence below."""
    return lambda: "\n\n".join([text().rstrip("\n"), *(hanging("", notice) for notice in assumed(campaign))])


def tables_with_assumed(campaign: Campaign, tables: Sequence[Table]) -> Sequence[Table]:
    """Tables with the sentence in a last column, where the campaign assumes it."""
    said = " ".join(assumed(campaign))
    if not said:
        return tables
    return [
        replace(table, columns=[*table.columns, Column(_COLUMN)], rows=[[*row, said] for row in table.rows])
        for table in tables
    ]
