"""The sheet Survey, as data: its columns, the rows that it knows, what Help says of each."""

from planner.workbook.schema.columns import LONGEST_TEXT, Column, SheetSchema

# One column a paragraph; the formatter would spread each over ten lines.
# fmt: off
SURVEY_ROWS = ("file", "encoding", "weight", "weights are", "filter", "missing values", "claims are contacts",
               "plan on respondents", "vehicle", "trait", "cume", "users")
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
    ("file", "The survey, beside this workbook: CSV, Parquet, Excel, SPSS (.sav) or Triple-S (.sss, .xml).",
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
    ("vehicle", "A vehicle and its column. With an Audience (000) on Vehicles the chances are scaled to it.", "tv_1",
     ""),
    ("trait", "A trait and who has it; roles, bands and weights stand on Traits.", "persuade == 1", ""),
    ("cume", "Of a vehicle: who meets it at least once in four weeks, for its Cume %.", "tv_1_ever == 1", "unknown"),
    ("users", "Of a medium: who ever uses it, for its Users %.", "tv_hours > 0", "everyone may"),
)
# fmt: on
