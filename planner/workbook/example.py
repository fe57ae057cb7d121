"""The filled example: an invented campaign, as a planner would type it."""

from collections.abc import Mapping, Sequence
from datetime import date

from planner.workbook.sheet_writer import Row

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


def _vehicle(name: str, medium: str, genre: str, unit: str, cost: float | str, audience: float, appears: str,
             **more: str | float | bool) -> Row:  # fmt: skip
    return {"name": name, "medium": medium, "genre": genre, "unit": unit, "unit_cost": cost, "audience_000": audience,
            "appears": appears, "audience_base": "adults", "basis": "estimate", "source": "invented", **more}  # fmt: skip


TABLES: Mapping[str, Sequence[Row]] = {
    "Traits": (
        {"name": "customer", "role": "customer", "share": 0.2},
        {"name": "catalyst", "role": "catalyst", "share": 0.1},
        {"name": "expert: food", "role": "expert", "category": "food", "share": 0.2},
    ),
    "Overlaps": ({"trait_a": "catalyst", "trait_b": "expert: food", "share": 0.03},),
    "Audiences": (
        {"name": "future customers", "definition": "influencers and not customer"},
    ),
    "Media": (
        {"name": "TV", "duplication": 1.6, "repeat": 0.5},
        {"name": "Magazine", "duplication": 2.5, "repeat": 0.6},
        {"name": "between media", "duplication": 1.35},
    ),
    "Vehicles": (
        _vehicle("Example Evening Quiz", "TV", "entertainment", ":30", 24_000, 3_900, "weekly", groups="prime time",
                 repeat=0.45),
        _vehicle("Example Nightly News", "TV", "news", ":30", 21_000, 3_200, "5 a week", maximum=8, repeat=0.6),
        _vehicle("Example Crime Hour", "TV", "drama", ":30", 31_000, 4_700, "weekly", groups="prime time"),
        _vehicle("Example Kitchen Live", "TV", "food", ":30", 8_500, 1_150, "weekly", groups="daytime; cooking"),
        _vehicle("Example Sports Sunday", "TV", "sport", ":30", 27_500, 3_400, "weekly", discount=0.1),
        _vehicle("Example Cook & Table", "Magazine", "food", "page 4C", 14_800, 1_450, "monthly", groups="cooking",
                 ad_seen=0.6),
        _vehicle("Example Week in Review", "Magazine", "news", "page 4C", 22_000, 2_100, "weekly", ad_seen=0.5),
        _vehicle("Example Home Journal", "Magazine", "home", "page 4C", 18_000, 2_600, "every two weeks", ad_seen=0.55,
                 discount=0.05),
        _vehicle("Example Science Monthly", "Magazine", "science", "page 4C", "?", 620, "monthly", ad_seen=0.6),
    ),
    "Rules": (
        {"name": "magazines at least a fifth", "applies_to": "medium: Magazine", "at_least": 0.2, "unit": "% of spend"},
        {"name": "not only prime time", "applies_to": "group: prime time", "at_most": 220_000, "unit": "money"},
    ),
}  # fmt: skip

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
