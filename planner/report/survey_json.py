"""A survey's columns and tables as JSON."""

from collections.abc import Sequence
from typing import Any

from planner.campaign.inputs import Campaign
from planner.survey.crosstab import SMALL_BASE, Crosstab
from planner.survey.describe import Description


def description_json(found: Description) -> dict[str, Any]:
    """The columns with what looks odd, and the weights."""
    survey = found.survey
    labels = {
        column.name: {str(value): words for value, words in column.value_labels.items()}
        for column in survey.columns
    }
    return {
        "schema": 1,
        "file": survey.file,
        "format": survey.format,
        "respondents": survey.rows,
        "weight": None if found.weight is None else vars(found.weight),
        "columns": [
            {**vars(column), "odd": [str(each) for each in column.odd], "value_labels": labels[column.name]}
            for column in found.columns
        ],
        "notices": list(survey.notices),
    }


def crosstab_json(found: Crosstab) -> dict[str, Any]:
    """Every figure; *_pct are percents, null where nobody is there to count."""
    return {
        "schema": 1,
        "file": found.file,
        "respondents": found.respondents,
        "effective_base": found.effective_base,
        "universe_000": found.universe_000,
        "small_base": SMALL_BASE,
        "assumptions": [found.assumption] if found.assumption else [],
        "figures": [vars(figure) for figure in found.figures],
        "notices": list(found.notices),
    }


def filled_json(campaign: Campaign, said: Sequence[str]) -> dict[str, Any]:
    """What a campaign was filled with, and what must be known of it."""
    return {
        "schema": 1,
        "population_000": campaign.brief.universe_000,
        "vehicles": {vehicle.name: vehicle.audience_000 for vehicle in campaign.vehicles},
        "not_quoted": [vehicle.name for vehicle in campaign.vehicles if vehicle.unit_cost is None],
        "traits": {trait.name: {"share_pct": 100 * trait.share} for trait in campaign.traits},
        "audience_types": 0 if campaign.types is None else len(campaign.types.names),
        "pairs": len(campaign.pairs),
        "duplication": {medium.name: medium.duplication for medium in campaign.media}
        | {"between media": campaign.between_media},
        "notices": list(said),
    }
