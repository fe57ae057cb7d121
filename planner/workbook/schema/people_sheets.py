"""The sheets of people, as data: traits, overlaps, audiences, and who the vehicles' audiences are."""

from typing import get_args

from planner.campaign import assumptions
from planner.campaign.inputs import Role
from planner.workbook.schema.columns import LONGEST_TEXT, Column, SheetSchema

MOST_WEIGHT, MOST_FACTOR = 50.0, 20.0
ROLES: tuple[str, ...] = get_args(Role)
COMPOSITION_UNITS = ("%", "index", "coverage %", "000")

# One column a paragraph; the formatter would spread each over ten lines.
# fmt: off
TRAITS = SheetSchema(
    "Traits",
    "What people are or are not: customers, conversation catalysts, experts in a category, ages.",
    (
        Column("Trait", "name", "text", "Name of the trait, as it heads its column of Composition.",
               "expert: food", required=True, width=22),
        Column("Role", "role", "choice",
               "customer, catalyst (influences others in many categories), expert (in one category) or "
               "demographic.", "expert",
               "told from the name: customer, catalyst, expert: category; others demographic",
               choices=ROLES),
        Column("Category", "category", "text", "The category that an expert is an expert in.", "food",
               "told from the name: expert: category"),
        Column("Band of", "band", "text",
               "Name of the band of traits that exclude each other, such as age. What is left over is other.",
               "age", aliases=("Band",)),
        Column("Share of universe %", "share", "percent", "Share of the universe that has the trait.",
               "20 %",
               f"{assumptions.CATALYST_SHARE.value * 100:g} % for a catalyst, "
               f"{assumptions.EXPERT_SHARE.value * 100:g} % for an expert; needed for any other", above=0, most=0.9999,
               width=14, aliases=("Share of universe", "Share %", "Share")),
        Column("Weight", "weight", "number",
               "How much a person with the trait counts beside an everyday person (1). 0 excludes.", "1.8",
               "catalyst and expert by the influence preset, others 1", least=0, most=MOST_WEIGHT,
               too_much="is beyond what is sensible; an everyday person counts 1, so 180 % is 1.8"),
        Column("Duplication factor", "duplication_factor", "number",
               "Excess duplication of vehicles among people with the trait, beside everyone's (1): D - 1 among them "
               "as a part of D - 1 among all.", "0.55",
               "0.55 for a catalyst; by age, estimates: 18-34 1.5, 35-54 1.1, 55+ 0.7; else as segments give it",
               above=0, most=MOST_FACTOR,
               too_much="is beyond what is sensible; everyone's is 1, so 60 % is 0.6", width=14),
    ),
    name_alone=True,
)

OVERLAPS = SheetSchema(
    "Overlaps",
    "How many people have two traits at once, where that is known. Traits not listed overlap by chance.",
    (
        Column("Trait A", "trait_a", "text", "One trait.", "catalyst", required=True, width=22),
        Column("Trait B", "trait_b", "text", "The other trait.", "expert: food", required=True, width=22),
        Column("Share of universe %", "share", "percent", "Share of the universe that has both.", "3 %",
               f"catalyst and expert of the category: {assumptions.CATALYST_EXPERT_LIFT.value:g} times chance",
               least=0, most=1, width=14,
               aliases=("Share of universe", "Share %", "Share")),
    ),
    row_is="an overlap",
)

AUDIENCES = SheetSchema(
    "Audiences",
    "Target audiences by name.",
    (
        Column("Audience", "name", "text", "Name of the audience.", "future customers", required=True,
               width=24),
        Column("Definition", "definition", "text",
               "Traits joined by and, or, not and parentheses; also everyone, customers, catalysts, experts, "
               "influencers, others.", "influencers and not customer", required=True, longest=LONGEST_TEXT, width=50),
    ),
)

COMPOSITION = SheetSchema(
    "Composition",
    "Percent of each vehicle's audience that has each trait: one column per trait, headed by its name; "
    "with [index], [coverage %] or [000] behind the name for figures in that unit. Blank = as in the "
    "universe.",
    (
        Column("Vehicle", "name", "text", "Name of the vehicle, as on Vehicles.", "Evening Quiz",
               required=True, width=28),
    ),
    open_columns=True,
)

TYPES_SHARE_ROW, TRAIT_ROW = "share of the universe", "trait:"
TYPES = SheetSchema(
    "Types",
    "Audience types from a survey, people who use the same vehicles: percent of each vehicle's audience in each "
    "type. One row is named share of the universe; rows named trait: and a trait give the percent of the trait's "
    "people in each type. Everyone belongs to one type; types carry the duplication, so no duplication factor applies.",
    (
        Column("Vehicle", "name", "text",
               "Name of the vehicle, as on Vehicles; or: share of the universe; or trait: and a trait's name.",
               "Evening Quiz", required=True, width=28),
    ),
    open_columns=True,
    further="one column per audience type",
)

TYPES_HELP: tuple[tuple[str, str, str, str], ...] = (  # row, what it is, example, what a blank means
    (TYPES_SHARE_ROW, "Percent of the universe that is of each type; adds up to 100 %.", "25 %", "needed"),
    (f"{TRAIT_ROW} catalyst", "Percent of the trait's people that are of each type; adds up to 100 %.", "31 %",
     "the trait is spread over the types as everyone"),
    ("Evening Quiz", "Percent of the vehicle's audience that is of each type; adds up to 100 %.", "18 %",
     "the vehicle is spread over the types as everyone"),
)

PAIRS = SheetSchema(
    "Pairs",
    "Who shares which two vehicles, some or all pairs, from a survey: people who meet one insertion in each. "
    "Twelve audience types are fitted to them. Fill this sheet or Types, not both.",
    (
        Column("Vehicle A", "a", "text", "A vehicle, as on Vehicles.", "Evening Quiz", required=True, width=28),
        Column("Vehicle B", "b", "text", "Another vehicle; or trait: and a trait's name.", "Morning News",
               required=True, width=28, aliases=("Vehicle B or trait",)),
        Column("People (000)", "people", "number", "People who meet both, in thousands. This or Percent of A.",
               "310", "from Percent of A", least=0, width=14),
        Column("Percent of A", "percent", "percent", "The same as percent of Vehicle A's audience.", "18 %",
               "from People (000)", least=0, most=1, width=14, aliases=("Percent of A %", "% of A")),
    ),
    row_is="a pair",
    most_rows=200_000,
)
