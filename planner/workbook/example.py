"""The filled example: an invented campaign, as a planner would type it."""

from collections.abc import Mapping, Sequence
from datetime import date

from planner.workbook.page.sheet_writer import Row

BRIEF_ANSWERS: Row = {
    "campaign": "Example: new muesli (invented figures)",
    "client": "Example Foods",
    "category": "food",
    "currency": "EUR",
    "universe_000": 50_000,
    "budget": 400_000,
    "budget_is": "net",
    "commission": 0.15,
    "start": date(2027, 3, 1),
    "weeks": 4,
    "objective": "influence",
    "target_audience": "everyone",
    "customers_first": 0.97,
    "effective_frequency": 3,
    "whole": True,
    "influence_preset": "moderate",
}

# fmt: off
_VEHICLE_COLUMNS = ("name", "medium", "genre", "groups", "unit", "unit_cost", "audience_000", "appears",
                    "ad_seen", "discount", "maximum", "smallest_buy")
_VEHICLES: Sequence[tuple[str | float | None, ...]] = (
    ("Example Evening Quiz", "TV", "quiz", "prime time", ":30", 24_000, 3_900, "weekly", 1, None, None, None),
    ("Example Nightly News", "TV", "news", "", ":30", 21_000, 3_200, "5 a week", 1, None, 8, 3),
    ("Example Crime Hour", "TV", "drama", "prime time", ":30", 31_000, 4_700, "weekly", 1, None, None, None),
    ("Example Kitchen Live", "TV", "food", "daytime", ":30", 8_500, 1_150, "weekly", 1, None, None, None),
    ("Example Sports Sunday", "TV", "sport", "", ":30", 27_500, 3_400, "weekly", 1, 0.1, None, None),
    ("Example Cook & Table", "Magazine", "food", "", "page", 14_800, 1_450, "monthly", 0.6, None, None, None),
    ("Example Week in Review", "Magazine", "news", "", "page", 22_000, 2_100, "weekly", 0.5, None, None, None),
    ("Example Home Journal", "Magazine", "home", "", "page", 18_000, 2_600, "fortnightly", 0.55, 0.05, None, None),
    ("Example Science Monthly", "Magazine", "science", "", "page", "?", 620, "monthly", 0.6, None, None, None),
)
# fmt: on


def _vehicle(values: Sequence[str | float | None]) -> Row:
    given = dict(zip(_VEHICLE_COLUMNS, values, strict=True))
    return {**given, "audience_base": "adults", "basis": "estimate", "source": "invented"}


TABLES: Mapping[str, Sequence[Row]] = {
    "Traits": (
        {"name": "customer", "role": "customer", "share": 0.2},
        {"name": "catalyst", "role": "catalyst", "share": 0.1},
        {"name": "expert: food", "role": "expert", "category": "food", "share": 0.2},
    ),
    "Overlaps": ({"trait_a": "catalyst", "trait_b": "expert: food", "share": 0.03},),
    "Audiences": ({"name": "future customers", "definition": "influencers and not customer"},),
    "Media": (
        {"name": "TV", "duplication": 1.6, "repeat": 0.5},
        {"name": "Magazine", "duplication": 2.5, "repeat": 0.6},
        {"name": "between media", "duplication": 1.35},
    ),
    "Vehicles": tuple(_vehicle(values) for values in _VEHICLES),
    "Rules": (
        {
            "name": "magazines at least a fifth",
            "applies_to": "medium: Magazine",
            "at_least": 0.2,
            "unit": "% of spend",
        },
        {
            "name": "not only prime time",
            "applies_to": "group: prime time",
            "at_most": 220_000,
            "unit": "money",
        },
        {
            "name": "two magazines are enough",
            "applies_to": "medium: Magazine",
            "at_most": 2,
            "unit": "vehicles",
        },
        {"name": "among the cooks", "applies_to": "genre: food", "at_least": 4, "unit": "GRP"},
    ),
    "Goals": ({"audience": "customers", "measure": "reach %", "at_least": 0.25},),
}

COMPOSITION_TRAITS = ("customer", "catalyst", "expert: food")
COMPOSITION_ROWS: Sequence[tuple[str, Sequence[float | None]]] = (
    ("Example Evening Quiz", (0.21, 0.08, 0.17)),
    ("Example Nightly News", (0.2, 0.13, 0.2)),
    ("Example Crime Hour", (0.19, 0.08, 0.16)),
    ("Example Kitchen Live", (0.31, 0.14, 0.44)),
    ("Example Sports Sunday", (0.17, 0.1, None)),
    ("Example Cook & Table", (0.34, 0.17, 0.52)),
    ("Example Week in Review", (0.2, 0.21, 0.22)),
    ("Example Home Journal", (0.27, 0.12, 0.31)),
    ("Example Science Monthly", (0.18, 0.24, 0.21)),
)

# Used and Source, by parameter.
INFLUENCE_ROWS: Mapping[str, tuple[float, str]] = {
    "brand_share": (0.1, "invented: a tenth of the talk about food is about the brand"),
    "listeners": (1.5, "invented"),
}
