"""The workbook's sheets and columns, as data: the reader, the writer, the template and the README use it.

A new column or sheet starts here.
"""

from typing import get_args

from planner.campaign import assumptions
from planner.campaign.inputs import OBJECTIVES, BoughtAs, Brief, Flighting, ObjectiveName
from planner.campaign.scenario import MODES
from planner.workbook.schema.columns import LONGEST_TEXT, Column, SheetSchema
from planner.workbook.schema.people_sheets import (
    AUDIENCES,
    COMPOSITION,
    OVERLAPS,
    PAIRS,
    SURVEY,
    TRAITS,
    TYPES,
)
from planner.workbook.schema.rule_units import CHOICES as UNIT_CHOICES
from planner.workbook.schema.rule_units import HELP as UNIT_HELP
from planner.workbook.schema.rule_units import RULE_UNITS

YES_NO = ("yes", "no")
NO_CALENDAR = "even, where there is a calendar (Start and Weeks given, or rows on Weeks)"
_BLANK = Brief()  # what a blank answer becomes
MOST_PEOPLE_000 = 9_000_000.0  # all people there are
MOST_DUPLICATION = 100.0
BETWEEN_MEDIA_ROW = "between media"
UNQUOTED = "?"
FREE = 0.01  # Unit cost of space that costs nothing
MINIMUM_COST: ObjectiveName = "minimum cost"
FLIGHTINGS: tuple[Flighting, ...] = get_args(Flighting)
BOUGHT_AS: tuple[str, ...] = get_args(BoughtAs)
PRESETS = assumptions.PRESETS
MONEY_UNIT = RULE_UNITS["money"].written
GOAL_MEASURES = ("reach %", "3+ %", "GRP", "impressions (000)", "% of impressions", "average frequency")
DISCOUNT_UNITS = ("insertions", MONEY_UNIT)

_WORDS = [
    f"{name} ({words})" if words else name for name, words in OBJECTIVES.items() if name != MINIMUM_COST
]
_MAXIMISED = f"{', '.join(_WORDS[:-1])}, or {_WORDS[-1]}"

# One column a paragraph; the formatter would spread each over ten lines.
# fmt: off
BRIEF = SheetSchema(
    "Brief",
    "What is to be planned: one row per question, the answer beside it.",
    (
        Column("Campaign", "campaign", "text", "Name of the campaign.", "Autumn campaign"),
        Column("Client", "client", "text", "Who pays.", "Example Foods"),
        Column("Category", "category", "text",
               "Product category, such as food. Only experts of this category count as experts.", "food",
               "no expert counts"),
        Column("Currency", "currency", "text", "Currency of every amount of money in the workbook.", "EUR",
               f"the one beside the Budget, else {_BLANK.currency}",
               taken=f"amounts of money are taken as {_BLANK.currency}"),
        Column("Universe (000)", "universe_000", "number",
               "Size of the population that is planned for, in thousands of people.", "50,000",
               required=True, above=0, most=MOST_PEOPLE_000,
               too_much="is more thousands of people than live on earth; is it people? Write 50,000 for 50 million"),
        Column("Budget", "budget", "number",
               "Money there is to spend in media. The objective minimum cost can do without.", "500,000",
               required=True, least=0, money=True, taken=f"no limit, for the objective is {MINIMUM_COST}"),
        Column("Budget is (net / gross)", "budget_is", "choice",
               "Whether the budget is net (after the agency commission) or gross.", "net", _BLANK.budget_is,
               taken=f"the budget is taken as {_BLANK.budget_is}", choices=("net", "gross"), aliases=("Budget is",)),
        Column("Commission %", "commission", "percent",
               "Agency commission, taken off the discounted rate-card price.", "15 %", "0 %", least=0,
               most=0.99, taken="no agency commission"),
        Column("Start", "start", "date",
               "First day of the flight, as a date. Weeks run from Monday to Sunday, the first from this day on.",
               "2027-03-01",
               "no start date", taken="no start date, so weeks are numbered"),
        Column("Weeks", "weeks", "number", "Length of the flight in weeks.", "4",
               f"{_BLANK.weeks} weeks", taken=assumptions.WEEKS.basis, least=1, most=520,
               units=("weeks", "week", "wks", "wk", "w", "wochen", "woche", "semaines", "semaine", "semanas", "semana",
                      "settimane", "settimana", "weken")),
        Column("Objective", "objective", "choice",
               f"What the plan maximises: {_MAXIMISED}; or {MINIMUM_COST}: {OBJECTIVES[MINIMUM_COST]}.",
               "influence", _BLANK.objective,
               taken=f"the plan maximises {_BLANK.objective}", choices=tuple(OBJECTIVES)),
        Column("Target audience", "target_audience", "text",
               "Who is to be reached: the name of an audience on the sheet Audiences, or an expression "
               "over traits with and, or, not.", "everyone", _BLANK.target_audience,
               taken=f"{_BLANK.target_audience} is the target audience"),
        Column("Customers first (keep %)", "customers_first", "percent",
               "Customers first, influencers second: the plan keeps at least this much of the best customer "
               "reach that the budget can buy. 0 % puts no such floor.", "97 %",
               f"{_BLANK.customers_first:.0%}", taken=assumptions.CUSTOMERS_FIRST.basis, least=0, most=1,
               aliases=("Customers first", "Customers first %", "Customers first (keep)")),
        Column("Effective frequency", "effective_frequency", "number",
               "Number of contacts from which a person counts as effectively reached.", "3",
               str(_BLANK.effective_frequency), least=1,
               taken=f"a person counts as effectively reached from {_BLANK.effective_frequency} contacts",
               most=50, units=("+", "contacts", "times", "or more")),
        Column("Whole insertions (yes/no)", "whole", "yes/no",
               "Whether insertions are bought whole (yes) or may be fractions (no).", "yes", "yes",
               taken="insertions are bought whole",
               choices=YES_NO, aliases=("Whole insertions",)),
        Column("Influence preset", "influence_preset", "choice",
               "How much more than others influencers are taken to talk: sceptical (no more), "
               "moderate, or industry (as its studies claim).", "moderate", _BLANK.influence_preset,
               taken=f"influencers are weighted by the preset {_BLANK.influence_preset}", choices=PRESETS),
        Column("Flighting", "flighting", "choice",
               "How insertions are spread over the weeks: even, front-loaded (most at the start), or pulsed.",
               "even", NO_CALENDAR, taken=NO_CALENDAR, choices=FLIGHTINGS),
        Column("Longest gap (weeks)", "longest_gap", "number",
               "Most weeks in a row in which nothing may run. The plan buys and spreads enough insertions for that.",
               "1",
               "no such limit", least=0, most=519, aliases=("Longest gap",)),
        Column("Different names", "different_names", "text",
               "Media, genres or groups that are spelled alike and are two all the same, where that is asked: A / B; "
               "pairs separated by ;", "prime time / primetime", "names spelled alike are asked about",
               longest=LONGEST_TEXT),
    ),
    brief=True,
)

MEDIA = SheetSchema(
    "Media",
    "How the vehicles of a medium share their people. One more row, named between media, gives the "
    "Duplication between media.",
    (
        Column("Medium", "name", "text", "Name of the medium, as on Vehicles; or: between media.", "TV",
               required=True, width=20),
        Column("Duplication", "duplication", "number",
               "How much more often than by chance two vehicles of the medium share a person (1 = chance).",
               "1.7", assumptions.in_words(assumptions.DUPLICATION_WITHIN, assumptions.DUPLICATION_OTHER)
               + f"; {BETWEEN_MEDIA_ROW} {assumptions.BETWEEN_MEDIA.value:g}", above=0, most=MOST_DUPLICATION,
               too_much="is beyond what is sensible; 1 is chance, so 160 % is 1.6"),
        Column("Repeat audience %", "repeat", "percent",
               "Share of one insertion's audience that the next insertion in the same vehicle meets again.",
               "45 %", assumptions.in_words(assumptions.REPEAT, assumptions.REPEAT_OTHER, percent=True), above=0,
               most=0.999,
               width=14, aliases=("Repeat audience", "Repeat %")),
        Column("Users %", "users", "percent",
               "Share of the universe that ever uses the medium; the rest is never reached by it. Beside Types or "
               "Pairs the rest is taken from the types that the medium hardly reaches.", "90 %",
               "everyone may", above=0, most=0.9999, aliases=("Users",)),
        Column("Colour", "colour", "text", "Colour in charts, as #RRGGBB.", "#1F77B4", "the program's own",
               aliases=("Color",)),
    ),
)

VEHICLES = SheetSchema(
    "Vehicles",
    "The programmes and publications on offer, one row each: price, audience, limits.",
    (
        Column("Vehicle", "name", "text", "Name of the programme or publication.", "Evening Quiz",
               required=True, width=28),
        Column("Medium", "medium", "text", "Medium it belongs to.", "TV", required=True, width=14),
        Column("Genre", "genre", "text", "Genre, for rules about it.", "entertainment", width=14),
        Column("Groups", "groups", "text",
               "Groups for rules, separated by ; or , A name before a colon says of what kind: a rule per group: "
               "publisher then holds for each publisher.", "prime time; publisher: Example House",
               longest=LONGEST_TEXT, width=18),
        Column("Unit", "unit", "text", "What is bought: length, size, colour, position.", ":30"),
        Column("Unit cost", "unit_cost", "number",
               "Rate-card price of one insertion of that unit; ? = not quoted (shown, and bought in a package only); "
               f"{FREE:g} = free space (added value), beside its Max.",
               "12,500", required=True, above=0, money=True),
        Column("CPP", "cpp", "number",
               "Instead of Unit cost, of TV and radio: price of one rating point, 1 % of the universe; "
               "Audience base must say who that is.", "850", "Unit cost says the price", above=0, money=True, width=10,
               aliases=("Cost per point", "Cost per rating point")),
        Column("Discount %", "discount", "percent", "Discount off the rate card.", "10 %", "0 %", least=0,
               most=0.999, too_much="leaves no price; expected at most 99.9 %, such as 10 %; for free space (added "
               f"value) write {FREE:g} as its Unit cost",
               aliases=("Discount",)),
        Column("Fixed cost", "fixed_cost", "number",
               "Cost once if bought at all, such as production, as the budget pays it.", "2,000", "0",
               least=0, money=True),
        Column("Audience (000)", "audience_000", "number",
               "People reached by one insertion, in thousands.", "1,200", "from Rating %", least=0),
        Column("Rating %", "rating", "percent",
               "Audience of one insertion as percent of the universe. Audience or Rating is needed.",
               "2.4 %", "from Audience (000)", least=0, most=1, aliases=("Rating",)),
        Column("Audience base", "audience_base", "text",
               "Of whom the audience is counted: adults, viewers 2+, copies. Carried along, never converted.",
               "adults", width=14),
        Column("Ad seen %", "ad_seen", "percent", "Share of the audience that sees the advertisement.",
               "60 %", "100 %", above=0, most=1, aliases=("Ad seen",)),
        Column("Repeat audience %", "repeat", "percent",
               "Share of one insertion's audience that the next insertion meets again.", "55 %",
               "by Bought as, else the medium's", above=0, most=0.999, width=14,
               aliases=("Repeat audience", "Repeat %")),
        Column("Bought as", "bought_as", "choice",
               "What one insertion is, which tells how many of its people the next one meets again: a programme, "
               "a daily strip, a rotation of spots (all day, prime, several stations) or one daypart of a station, an "
               "issue, a poster week, or impressions. A rotation is one line a station and daypart.", "rotation",
               "issue in print, poster outdoors, impressions by the thousand, else programme",
               choices=BOUGHT_AS, width=11),
        Column("Cume %", "cume", "percent",
               "Of a rotation or daypart: share of the universe that the line reaches at least once in four weeks.",
               "60 %", "unknown", above=0, most=1, width=9, aliases=("Cume",)),
        Column("Contacts", "contacts", "number",
               "Mean contacts that one insertion gives each person whom it reaches: of a poster week, say. Reach stays "
               "as it is; rating points and frequency are of contacts.", "3.5", "1", least=1, width=9),
        Column("Appears", "appears", "text",
               "How often it appears: daily, weekdays, 5 a week, Sundays, weekly, every two weeks, monthly, "
               "every two months, quarterly, 3 times; wöchentlich, mensuel and the like too. A blank Max is the issues "
               "that can fall into the flight; a calendar keeps them as far apart as they appear.", "weekly"),
        Column("Issue dates", "issue_dates", "raw",
               "When the issues appear: dates separated by ; or a day such as first Thursday, last Friday, every "
               "Monday. Needs the Brief's Start. Gives a blank Max, and the weeks that the calendar uses.",
               "first Thursday", "by Appears", width=16),
        Column("Min", "minimum", "number", "Least number of insertions.", "2", "0", least=0, width=8,
               aliases=("Minimum",)),
        Column("Max", "maximum", "number", "Most insertions.", "4", "from Appears over the flight",
               least=0,
               width=8, aliases=("Maximum",)),
        Column("Locked", "locked", "number", "Exactly this many insertions.", "3", "free", least=0, width=8),
        Column("Smallest buy", "smallest_buy", "number", "Fewest insertions if bought at all.", "3", "0",
               least=0, width=9),
        Column("Must buy", "must_buy", "yes/no", "yes: at least one insertion is bought.", "no", "no",
               choices=YES_NO, width=9),
        Column("Sample size", "sample_size", "number",
               "Number of survey respondents behind the composition (effective, where known).", "240",
               "unknown", above=0),
        Column("Basis (published / estimate)", "basis", "choice",
               "Whether price and audience are published or an estimate.", "published",
               choices=("published", "estimate"), aliases=("Basis",), width=14),
        Column("Source", "source", "text", "Where the figures come from.", "rate card 2026",
               longest=LONGEST_TEXT, width=28),
    ),
    one_of=(("audience_000", "rating"), ("unit_cost", "cpp")),
    own_travel=True,
)

TAKEN = "Taken"
INFLUENCE = SheetSchema(
    "Influence",
    "How much people talk and how that spreads: one row per parameter of word of mouth. A row that is left "
    "out or blank under Used takes the value of the Brief's Influence preset.",
    (
        Column("Parameter", "name", "text",
               "Name of the parameter: Conversations per week, Catalyst multiplier, Brand share of talk, "
               "Prompted by advertising, ..., Index shrinkage. The Help sheet lists all.",
               "Brand share of talk", required=True, width=26),
        Column("Low", "low", "raw", "Low end of its range, for sensitivity.", "5 %", "the evidence's"),
        Column("Used", "used", "raw",
               "Its value in this campaign. A share may be 10 % or 0.1; Index shrinkage is yes or no.", "10 %",
               "the Influence preset's; conversations by the Brief's Category"),
        Column("High", "high", "raw", "High end of its range, for sensitivity.", "15 %", "the evidence's"),
        Column("Source", "source", "text", "Where the figures come from.", "brand tracker 2026",
               "the evidence's", longest=LONGEST_TEXT, width=60),
    ),
    passed_over=(TAKEN,),
    last_header=True,
)

RULES = SheetSchema(
    "Rules",
    "Limits over vehicles, media, genres or groups.",
    (
        Column("Rule", "name", "text", "A name for the rule.", "magazines at least a fifth",
               "what it applies to", width=28),
        Column("Applies to", "applies_to", "text",
               "A vehicle, medium, genre or group, a list of them separated by ; or all. medium:, genre:, group: or "
               "vehicle: in front tells two of the same name apart. per medium, per genre or per group: publisher (of "
               "Groups such as publisher: Example House), with Unit vehicles: each by itself.", "medium: magazines",
               required=True, longest=LONGEST_TEXT, width=28),
        Column("At least", "at_least", "raw", "Lower limit.", "20", "none", least=0, aliases=("Min", "Minimum")),
        Column("At most", "at_most", "raw", "Upper limit.", "50", "none", least=0, aliases=("Max", "Maximum")),
        Column("Unit", "unit", "text", UNIT_HELP, "% of spend", required=True, choices=UNIT_CHOICES, width=16),
        Column("Note", "note", "text", "For yourself.", longest=LONGEST_TEXT, width=30),
    ),
    one_of=(("at_least", "at_most"),),
    row_is="a rule",
)

GOALS = SheetSchema(
    "Goals",
    "What the plan must do for an audience, under any objective; minimum cost looks for the cheapest way.",
    (
        Column("Audience", "audience", "text",
               "An audience of the sheet Audiences, a trait, or everyone, target, customers, catalysts, experts, "
               "influencers, others.", "customers", required=True, width=24),
        Column("Measure", "measure", "text",
               "reach %; 3+ % (met 3 times or more; n+ % takes the Brief's Effective frequency); GRP (contacts "
               "per 100 people of the audience); impressions (000); % of impressions (its part of all that the "
               "plan gives); average frequency (At most only).",
               "reach %", required=True, choices=GOAL_MEASURES, width=18),
        Column("At least", "at_least", "raw", "What must be attained.", "40 %", "no such goal", least=0,
               aliases=("Min", "Minimum")),
        Column("At most", "at_most", "raw",
               "What may not be passed: average frequency, GRP, impressions or a part of them.", "6",
               "no such limit", least=0, aliases=("Max", "Maximum")),
    ),
    one_of=(("at_least", "at_most"),),
    row_is="a goal",
)

DISCOUNTS = SheetSchema(
    "Discounts",
    "From so much on, all units of a vehicle, medium, genre or group cost less: one row per step.",
    (
        Column("Vehicle or group", "applies_to", "text",
               "A vehicle, medium, genre or group, a list of them separated by ; or all. Rows of the same name "
               "are the steps of one discount; a vehicle can be in one discount.", "medium: TV", required=True,
               longest=LONGEST_TEXT, width=28, aliases=("Applies to",)),
        Column("From", "start", "number",
               "From so many insertions, or so much money before this discount (net or gross, as the budget), on.",
               "100,000", required=True, above=0, money_at_times=True),
        Column("Unit", "by", "text", "What From counts.", MONEY_UNIT,
               "insertions for a vehicle; money for a medium, genre, group or list", choices=DISCOUNT_UNITS),
        Column("Discount %", "rate", "percent", "What is taken off the price of all units, beside the "
               "vehicle's own Discount %.", "10 %", required=True, above=0, most=0.999, aliases=("Discount",)),
    ),
    row_is="a discount",
)

PACKAGES = SheetSchema(
    "Packages",
    "Insertions in several vehicles, all or nothing, at a price of their own: one row per vehicle.",
    (
        Column("Package", "name", "text", "Name of the package, on each of its rows.", "food bundle",
               required=True, width=24),
        Column("Vehicle", "vehicle", "text", "A vehicle in it, as on Vehicles.", "Kitchen Live",
               required=True, width=28),
        Column("Insertions", "insertions", "number", "How many insertions of the vehicle are in it.", "3",
               required=True, above=0),
        Column("Price", "price", "number",
               "What the budget pays for all of it, taken as it stands; on its first row, or the same on each.",
               "30,000", required=True, least=0, money=True),
    ),
    row_is="a package",
)

WEEKS = SheetSchema(
    "Weeks",
    "When insertions can and should stand: one column per week of the flight, headed W1, W2, ... or by its "
    "Monday. A row per vehicle, with its most insertions in each week; rows named flighting weight, budget at "
    "most, GRP at most (also at least, also per month), price factor, or price factor: and a name, or locked: and "
    "a vehicle. Left blank, there is no calendar.",
    (
        Column("Vehicle", "name", "text",
               "Name of the vehicle, as on Vehicles; or one of the row names that Help lists.",
               "Evening Quiz", required=True, width=34),
    ),
    open_columns=True,
    further="one column per week",
)

SCENARIO_COLUMNS = ("Rule: NAME", "Weight: TRAIT", "Parameter: NAME", "Price: VEHICLE", "Discount: VEHICLE",
                    "Goal: AUDIENCE MEASURE")
SCENARIOS = SheetSchema(
    "Scenarios",
    "What else is asked about this campaign, for planner compare: one row per scenario, with only what differs from "
    "the other sheets. Further columns are headed by any key of Brief, or by "
    + ", ".join(SCENARIO_COLUMNS) + ". A Budget and a Price may be a change, -10 %. Several values in a cell, 2m; 3m; "
    "4m, are as many scenarios.",
    (
        Column("Scenario", "name", "text", "Name of the scenario.", "a tenth less", required=True, width=30),
        Column("Base", "base", "yes/no", "x marks the scenario that the others are held against.", "x",
               "the first row is the base", width=8),
        Column("Mode", "mode", "choice",
               "best: the best plan for the budget. cheapest: least money for the goals; a Budget counts only where "
               "the row gives one. fixed: a plan as it stands, evaluated only.", "best",
               "best; fixed where a Plan is named", choices=MODES, width=10),
        Column("Plan", "plan", "text",
               "Of mode fixed: file name of a plan workbook in the same folder, whose insertions are evaluated.",
               "plan.xlsx", "the Plan of this workbook", width=18),
    ),
    open_columns=True,
    further="one column per change",
    name_alone=True,
)
SCENARIOS_HELP: tuple[tuple[str, str, str, str], ...] = (  # heading, what it is, example, what a blank means
    ("Budget", "Any key of Brief, as there.", "4m; 6m; 8m", "as on Brief"),
    ("Rule: magazines at least a fifth", "The limit of that rule of Rules, in its unit; off drops the rule. At least "
     "or at most behind the name where it has both.", "30 %", "as on Rules"),
    ("Weight: catalyst", "The Weight of a trait.", "2.5", "as on Traits"),
    ("Parameter: Catalyst multiplier", "A parameter of Influence.", "3", "as on Influence"),
    ("Price: Evening Quiz", "Unit cost of a vehicle, or a change in percent of a vehicle, medium, genre, group, list "
     "or all.", "+10 %", "as on Vehicles"),
    ("Discount: Evening Quiz", "Discount % of a vehicle, medium, genre, group, list or all.", "15 %", "as on Vehicles"),
    ("Goal: customers reach %", "A goal for an audience; it takes the place of that on Goals.", "65 %", "as on Goals"),
)

SHEETS = (BRIEF, TRAITS, OVERLAPS, AUDIENCES, MEDIA, VEHICLES, COMPOSITION, TYPES, PAIRS, INFLUENCE, RULES, GOALS,
          DISCOUNTS, PACKAGES, WEEKS, SCENARIOS, SURVEY)
