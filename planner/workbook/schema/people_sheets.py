"""The sheets of people, as data: traits, overlaps, audiences, who the vehicles' audiences are, the survey of them."""

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
    "Percent of each vehicle's audience that has each trait: one column per trait, headed by its name; with [index], "
    "[coverage %] or [000] behind the name for figures in that unit. Blank = as in the universe.",
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


# One column a paragraph; the formatter would spread each over ten lines.
# fmt: off
SURVEY_ROWS = ("file", "encoding", "weight", "weights are", "filter", "missing values", "claims are contacts",
               "plan on respondents", "effective base", "vehicle", "trait", "cume", "users")
# Rows that a blank campaign begins with.
SURVEY_FORM = ("file", "weight", "missing values", "claims are contacts", "plan on respondents")

SURVEY = SheetSchema(
    "Survey",
    "Which file holds the respondents of a survey, and how its columns are read; planner survey works from it. A plan "
    "reads it only where it says plan on respondents: yes.",
    (
        Column("What", "what", "choice", "What the row says.", "vehicle", required=True, choices=SURVEY_ROWS, width=20),
        Column("Vehicle, trait or medium", "name", "text",
               "Of a vehicle, trait, cume or users: whose. Of missing values: the column, blank = all columns.",
               "Evening Quiz", "the last level of the question's label, for a vehicle or trait", width=28),
        Column("Column or expression", "value", "text",
               "A column of the survey, or an expression over columns: persuade == 1 and discuss_days == 7; age in (1, "
               "2); 18 <= age <= 34; gender == \"Female\" (a label); age is missing; with and, or, not, parentheses. "
               "Names with blanks or signs stand in backticks: `days a week` >= 5.",
               "tv_1", longest=LONGEST_TEXT, width=44),
        Column("Reads as", "reads", "text",
               "Of a vehicle, how the column reads: 0/1; probability; probability %; n of 4 issues; or words with "
               "their chances (always = 0.9; sometimes = 0.4; never = 0).", "0/1", "0/1",
               longest=LONGEST_TEXT, width=30),
        Column("Medium", "medium", "text", "Of a vehicle: its medium.", "TV", "as on Vehicles", width=16),
    ),
)

SURVEY_HELP: tuple[tuple[str, str, str, str], ...] = (  # row, what it is, example, what a blank means
    ("file", "The survey, beside this workbook: CSV, Parquet, Excel, SPSS (.sav), Stata (.dta), Triple-S (.sss, .xml).",
     "survey.sav", "there is no survey"),
    ("encoding", "Encoding of the survey's texts.", "cp1252", "as the file says, else UTF-8"),
    ("weight", "The weight column. Who has none, or 0, is left out.", "wt", "everybody counts alike"),
    ("weights are", "relative: scaled so that they add up to the Brief's Universe (000); people or people (000): how "
     "many people each respondent stands for.", "people", "relative"),
    ("filter", "Who is kept; several rows must all hold.", "age >= 18", "everybody"),
    ("missing values", "Answers that mean no answer: codes, texts or labels, separated by ;", "98; 99; refused",
     "blanks, and what SPSS has as user-missing"),
    ("claims are contacts", "yes: who claims to use a vehicle meets every insertion. Needed to plan on 0/1 claims of "
     "vehicles without an audience of their own; every output repeats it.", "no", "no"),
    ("plan on respondents", "yes: every command plans on the respondents, each a segment of his own, instead of the "
     "segments of Traits and Composition: plan, evaluate, explain, rank, compare, frontier, stability, panel.", "no",
     "no"),
    ("effective base", "How many respondents without weights the survey is worth (Kish): types of a small survey err "
     "more. planner survey to-campaign fills it in.", "257", "by the Sample sizes on Vehicles"),
    ("vehicle", "A vehicle and its column. With an Audience (000) on Vehicles the chances are scaled to it.", "tv_1",
     ""),
    ("trait", "A trait and who has it; roles, bands and weights stand on Traits.", "persuade == 1", ""),
    ("cume", "Of a vehicle: who meets it at least once in four weeks, for its Cume %.", "tv_1_ever == 1", "unknown"),
    ("users", "Of a medium: who ever uses it, for its Users %.", "tv_hours > 0", "everyone may"),
)
# fmt: on
