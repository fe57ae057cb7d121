"""The sheets of a plan: those that come back edited, as data, and the names of all that a result workbook has."""

from planner.campaign.inputs import MOST_INSERTIONS
from planner.workbook.schema.columns import Column, SheetSchema

# One column a paragraph; the formatter would spread each over ten lines.
# fmt: off
PLAN = SheetSchema(
    "Plan",
    "The insertions of a plan: Optimised is the program's, Insertions the planner's.",
    (
        Column("Vehicle", "name", "text", "Name of the vehicle.", required=True),
        Column("Optimised (fixed)", "optimised", "number", "Insertions of the optimised plan.",
               required=True, least=0, most=MOST_INSERTIONS, aliases=("Optimised", "Optimised insertions")),
        Column("Insertions (editable)", "insertions", "number", "Insertions to evaluate; edit these.",
               required=True, least=0, most=MOST_INSERTIONS,
               aliases=("Insertions", "Insertions (sum of Flowchart)")),
    ),
)

FLOWCHART = SheetSchema(
    "Flowchart",
    "The insertions of a plan by week, the editable place of a plan with a calendar.",
    (
        Column("Vehicle", "name", "text", "Name of the vehicle.", required=True),
        Column("Medium", "medium", "text", "Its medium.", required=True),
    ),
    open_columns=True,
    further="one column per week",
)


# Headings that only these sheets have together, by which a copy of one is known.
HEADINGS_OF_A_PLAN = {
    PLAN.name: ("Vehicle", "Optimised (fixed)"),
    FLOWCHART.name: ("Vehicle", "Medium", "Insertions", "Share of spend"),
}

# Sheets of a result workbook: the program writes them anew each time.
RESULT_SHEETS = (
    "Summary", "Plan", "Recap", "Reach", "Notes", "Flowchart", "Line items", "Influence", "Ranking", "Prices",
    "Frontier", "Stability", "Help", "Sources", "Compare", "Certificate",
)  # fmt: skip
