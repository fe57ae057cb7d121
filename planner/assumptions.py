"""Every default of the program, with where it comes from and how far it can be trusted.

The words in `basis` go to the planner as they stand (check, Notes sheet).
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Assumption:
    """A default value and its basis, in words."""

    value: float
    basis: str


BETWEEN_MEDIA = Assumption(
    1.35, "near the measured TV-to-print, TV-to-radio and TV-to-web duplication (1.2 to 1.5, US 2016 survey)"
)

# Duplication within a medium, by a word found in the medium's name.
DUPLICATION_WITHIN = {
    "tv": Assumption(1.6, "measured on 103 US programmes (ANES 2016: 1.61)"),
    "television": Assumption(1.6, "measured on 103 US programmes (ANES 2016: 1.61)"),
    "magazine": Assumption(2.5, "an estimate, not measured"),
    "newspaper": Assumption(7.5, "measured on four US quality papers only (ANES 2016: 7.50)"),
    "radio": Assumption(5.4, "measured on US political talk and public radio only (ANES 2016: 5.36)"),
    "web": Assumption(3.0, "measured on US news sites (ANES 2016: 2.97)"),
    "online": Assumption(3.0, "measured on US news sites (ANES 2016: 2.97)"),
}
DUPLICATION_OTHER = Assumption(1.6, "no measurement for this medium; the value for TV is used")

# Repeat audience: share of one insertion's audience that the next one meets again.
REPEAT = {
    "tv": Assumption(0.50, "an assumption: about half of a programme's viewers return the next week"),
    "television": Assumption(0.50, "an assumption: about half of a programme's viewers return the next week"),
    "magazine": Assumption(0.60, "an assumption: a title has more loyal readers than a programme viewers"),
    "newspaper": Assumption(0.75, "an assumption: most of a paper's readers read the next issue too"),
}
REPEAT_OTHER = Assumption(0.50, "an assumption: about half of the audience returns")

CATALYST_SHARE = Assumption(
    0.10, "Keller: one adult in ten influences others in many categories (range 9 to 15 %)"
)
EXPERT_SHARE = Assumption(0.20, "Keller: one adult in five is an expert in a category (range 5 to 25 %)")
CATALYST_EXPERT_LIFT = Assumption(
    1.5, "an estimate: catalysts and experts overlap 1.5 times as much as by chance (3 % against 2 %)"
)
CATALYST_DUPLICATION_FACTOR = Assumption(
    0.6, "catalysts' excess duplication is about half to two thirds of all adults' (three US surveys)"
)

# Influence weight (conversations beside an everyday person's) by preset: (catalyst, expert in the category).
INFLUENCE_WEIGHTS = {
    "sceptical": (
        Assumption(1.0, "the null case: influencers count as everyone"),
        Assumption(1.0, "the null case: influencers count as everyone"),
    ),
    "moderate": (
        Assumption(1.8, "Engagement Labs 2020: 131 conversations a week against 73"),
        Assumption(2.0, "an estimate; Keller Fay only says 2 to 8 times"),
    ),
    "industry": (
        Assumption(3.0, "McKinsey 2010: three times the messages per head"),
        Assumption(4.0, "an estimate; the upper end of what the industry claims"),
    ),
}

CUSTOMERS_FIRST = Assumption(0.97, "keep at least 97 % of the best customer reach that the budget can buy")
WEEKS = Assumption(4, "a flight of four weeks")


def by_medium(table: dict[str, Assumption], medium: str, otherwise: Assumption) -> Assumption:
    """The assumption for a medium, found by a word in its name.

    >>> by_medium(DUPLICATION_WITHIN, "TV network", DUPLICATION_OTHER).value
    1.6
    """
    name = medium.casefold()
    return next((found for word, found in table.items() if word in name), otherwise)
