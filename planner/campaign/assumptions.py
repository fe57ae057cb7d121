"""Every default of the program, with where it comes from and how far it can be trusted.

The words in `basis` go to the planner as they stand (check, Notes sheet).
"""

import re
from dataclasses import dataclass, replace
from typing import Literal, get_args

from planner.names import unaccented


@dataclass(frozen=True)
class Assumption:
    """A default value and its basis, in words."""

    value: float
    basis: str


BETWEEN_MEDIA = Assumption(
    1.35, "near the measured TV-to-print, TV-to-radio and TV-to-web duplication (1.2 to 1.5, US 2016 survey)"
)

# Duplication within a medium, by a word found in the medium's name.
_TV_DUPLICATION = Assumption(
    1.7, "programmes measured at 1.6 (ANES 2016), campaigns over many spots at 2.0 to 2.1"
)
_WEB_DUPLICATION = Assumption(3.0, "measured on US news sites (ANES 2016: 2.97)")
_PRINT_DUPLICATION = Assumption(2.0, "an estimate from published reach of plans, not measured")
_POSTER_DUPLICATION = Assumption(1.3, "an estimate for posters, not measured")
# Parts of media's names in German, French, Spanish, Italian, Portuguese, Dutch, Polish and Scandinavian languages,
# without accents.
_ABROAD = {
    "tv": "fernseh televis telewiz",
    "radio": "horfunk",
    "newspaper": "zeitung quotidien periodico diario quotidiani giornali jornal jornais krant dagblad dziennik gazet"
    " dagspress tidning aviser",
    "magazine": "zeitschrift illustriert revist rivist periodici tijdschrift czasopism magazyn tygodnik tidskrift"
    " magasin ugeblad",
    "press": "prensa stampa imprensa prasa",
    "poster": "plakat affich vallas exterior affission buitenreclame zewnetrzn utomhus",
}
OUTDOOR = ("outdoor", "out of home", "ooh", "poster", "billboard")
DUPLICATION_WITHIN = {
    "tv": _TV_DUPLICATION,
    "television": _TV_DUPLICATION,
    "magazine": _PRINT_DUPLICATION,
    "newspaper": Assumption(3.0, "an estimate; four US quality papers among themselves are 7.5 (ANES 2016)"),
    "radio": Assumption(
        2.0, "an estimate; political talk and public radio among themselves are 5.4 (ANES 2016)"
    ),
    "press": _PRINT_DUPLICATION,
    "print": _PRINT_DUPLICATION,
    "web": _WEB_DUPLICATION,
    "online": _WEB_DUPLICATION,
    **dict.fromkeys(OUTDOOR, _POSTER_DUPLICATION),
}
DUPLICATION_OTHER = Assumption(1.7, "no measurement for this medium; the value for TV is used")

# Repeat audience: share of one insertion's audience that the next one meets again. By medium, then by what is bought.
PROGRAMME_REPEAT = Assumption(
    0.45, "of a weekly programme's viewers .38 to .55 return (Goodhardt, Ehrenberg, Collins 1987)"
)
STRIP_REPEAT = Assumption(
    0.50, "of a daily programme's viewers half return (Barwise, Ehrenberg, Goodhardt 1982)"
)
ISSUE = Assumption(0.55, "an issue of a weekly or monthly; one print-out of a readership survey")
ISSUE_OF_A_DAILY = Assumption(0.65, "an issue of a daily; day, week and month of one publisher (PAMCo 2020)")
RADIO_ROTATION_REPEAT = Assumption(0.13, "spots of one radio station (turnover rule of the trade)")
CUME_REPEAT_BASIS = "airtime, by its cume: rating x (2.8 / cume - 0.9), fitted to published reach tables"
ROTATION_REPEAT_BASIS = (
    "airtime of all day, prime or several stations: twice the rating (campaigns of three countries)"
)
DAYPART_REPEAT_BASIS = "airtime of one daypart or a small channel: five times the rating (late fringe tables)"
POSTER_REPEAT_BASIS = "a poster week, by its reach: trade formula reach = g / (g + 2) (OAAA 2006)"
IMPRESSIONS_REPEAT_BASIS = "an estimate for digital impressions: twice the rating, as airtime"
REPEAT = {
    "tv": PROGRAMME_REPEAT,
    "television": PROGRAMME_REPEAT,
    "magazine": ISSUE,
    "newspaper": ISSUE_OF_A_DAILY,
    "press": ISSUE,
    "print": ISSUE,
}
REPEAT_OTHER = Assumption(0.45, "no measurement for this medium; the value for a programme is used")

CATALYST_SHARE = Assumption(
    0.10, "Keller: one adult in ten influences others in many categories (range 9 to 15 %)"
)
EXPERT_SHARE = Assumption(0.20, "Keller: one adult in five is an expert in a category (range 5 to 25 %)")
CATALYST_EXPERT_LIFT = Assumption(
    1.5, "an estimate: catalysts and experts overlap 1.5 times as much as by chance (3 % against 2 %)"
)
# Excess duplication among a trait's people beside everyone's, stable over three US surveys (2012, 2016, 2020).
CATALYST_DUPLICATION_FACTOR = Assumption(
    0.55, "catalysts' excess duplication is about half of all adults' (three US surveys)"
)
_AGED = "an estimate from three US surveys: the young share vehicles more, the old less than all adults"
AGE_DUPLICATION_FACTORS = {
    (18, 34): Assumption(1.5, _AGED),
    (35, 54): Assumption(1.1, _AGED),
    (55, 120): Assumption(0.7, _AGED),
}
_AGES = re.compile(
    r"(?:age[sd]?:?|adults|people)?\s*(\d{1,3})\s*"
    r"(?:(?:-|\u2013|to)\s*(\d{1,3})|\+|and (?:over|older|above))(?: years)?"
)


def duplication_factor(name: str, role: str) -> Assumption | None:
    """The excess duplication taken for a trait by its role, or by the ages that its name says; None: not known.

    >>> duplication_factor("aged 18-34", "demographic").value, duplication_factor("55+", "demographic").value
    (1.5, 0.7)
    >>> duplication_factor("women 18-34", "demographic") is None
    True
    """
    if role == "catalyst":
        return CATALYST_DUPLICATION_FACTOR
    ages = _AGES.fullmatch(" ".join(name.split()).casefold()) if role == "demographic" else None
    if ages is None:
        return None
    low, high = int(ages[1]), int(ages[2] or 120)
    return next((found for (a, b), found in AGE_DUPLICATION_FACTORS.items() if a <= low <= high <= b), None)


Preset = Literal["sceptical", "moderate", "industry"]
PRESETS: tuple[Preset, ...] = get_args(Preset)


@dataclass(frozen=True)
class Range:
    """A parameter of word of mouth: what the presets sceptical, moderate and industry take.

    share: it lies between 0 and 1. source: in words, for the planner.
    """

    heading: str
    low: float
    default: float
    high: float
    source: str
    share: bool = False

    def taken(self, preset: str) -> float:
        """The preset's value.

        >>> TALK["catalyst"].taken("moderate")
        1.8
        """
        return (self.low, self.default, self.high)[PRESETS.index(preset)]


# Parameters of word of mouth, by attribute of models.people.word_of_mouth.Talk (channels apart): what the presets take.
TALK = {
    "conversations": Range("Conversations per week", 4.6, 4.6, 4.6, "by category, see CONVERSATIONS_PER_WEEK"),
    "catalyst": Range("Catalyst multiplier", 1.0, 1.8, 3.0,
                      "Engagement Labs 2020: 131 a week against 73; McKinsey 2010: 3"),
    "expert": Range("Expert multiplier", 1.0, 2.0, 4.0,
                    "an estimate for the own category; Keller Fay only says 2 to 8 times"),
    "customer": Range("Customer multiplier", 1.0, 1.0, 1.0, "no figure found; customers talk as everyone"),
    "brand_share": Range("Brand share of talk", 0.05, 0.05, 0.05,
                         "an assumption: the brand's share of its category's talk; state your own", True),
    "prompted": Range("Prompted by advertising", 0.02, 0.05, 0.22,
                      "Lovett, Peres and Xu 2019: elasticity near 0.02; JAR 2009, ESPN 2008: 20 to 22 % of talk cites "
                      "advertising", True),
    "listeners": Range("Listeners", 1.0, 1.4, 2.0,
                       "an estimate from 28 % of brand talk in groups of three and more (2014)"),
    "credible": Range("Credible", 0.45, 0.57, 0.60, "TalkTrack, ARF 2014: 57 % of talk rated 9 or 10 of 10", True),
    "weeks": Range("Weeks talk lasts", 2.0, 2.0, 2.0,
                   "WOMMA 2014: most of the effect within two weeks; at most the flight"),
    "face_to_face": Range("Face to face", 0.76, 0.76, 0.76, "TalkTrack 2013", True),
    "phone": Range("Phone", 0.13, 0.13, 0.13, "TalkTrack 2013", True),
    "online": Range("Online", 0.09, 0.09, 0.09, "TalkTrack 2013", True),
    "other": Range("Other", 0.02, 0.02, 0.02, "TalkTrack 2013", True),
    "homophily": Range("Homophily", 0.0, 0.0, 0.0, "no figure found; people talk to anyone", True),
    "online_echo": Range("Online echo", 0.0, 0.0, 0.10,
                         "Fay and Larkin 2017: online and offline talk hardly correlate"),
    "worth": Range("Worth of a conversation", 1.0, 1.0, 5.0,
                   "a paid contact = 1; WOMMA 2014 claims at least 5 (sponsored)"),
}  # fmt: skip

# Brand mentions a week of an average adult, by category: technology published (Keller 2012), the others
# scaled from daily participation (TalkTrack 2013); an average category where none is named.
CONVERSATIONS_PER_WEEK = {
    "food": 7.9, "dining": 7.9, "media": 7.1, "entertainment": 7.1, "beverages": 6.2, "drinks": 6.2,
    "sports": 5.5, "recreation": 5.5, "hobbies": 5.5, "technology": 5.4, "retail": 5.3, "apparel": 5.3,
    "fashion": 5.3, "health": 4.6, "telecom": 4.4, "automotive": 4.3, "cars": 4.3, "home": 3.6,
    "personal care": 3.5, "beauty": 3.5, "financial": 3.5, "finance": 3.5, "household": 3.3, "travel": 2.6,
    "children": 1.9,
}  # fmt: skip
CONVERSATIONS_AVERAGE = 4.6

_HALVES = "halves of three US surveys: two vehicles of 8 exchanged"
DIFFERENCE_ERROR = Assumption(0.20, f"{_HALVES} are known to 3.4 % of value")
DIFFERENCE_ERROR_WITH_TYPES = Assumption(0.10, f"{_HALVES} are known to 1.7 % of value with audience types")
DIFFERENCE_ERROR_WITH_PAIRS = Assumption(
    0.12,
    "halves of a US survey: two vehicles of 8 exchanged are known to 2.0 % of value with types fitted to pairs",
)
REACH_ERROR = Assumption(
    0.115, "halves of a US survey: plans of 8 and 16 vehicles are known to 4.1 and 2.8 % of reach"
)
REACH_ERROR_WITH_TYPES = Assumption(
    0.08,
    "halves of a US survey: plans of 8 and 16 vehicles are known to 2.5 and 2.2 % of reach with audience types",
)
EARNED_CEILING = Assumption(0.15, "WOMMA 2014, sponsored: word of mouth adds at most 15 % to paid media")
PAIRS_RESPONDENTS = Assumption(2000.0, "an assumption: people asked in the survey behind the sheet Pairs")
SHRINKAGE_WITH_TYPES = Assumption(150.0, "what audience types imply; halves of three US surveys")
SHRINKAGE_FEW_VEHICLES = Assumption(50.0, "an assumption: under 8 vehicles the spread cannot be measured")


def conversations_per_week(category: str) -> tuple[float, str]:
    """Conversations a week in a category, and where the figure is from.

    >>> conversations_per_week("Food")[0]
    7.9
    """
    words = " ".join(category.split()).casefold()
    for name, weekly in CONVERSATIONS_PER_WEEK.items():
        if name in words:
            how = (
                "published, Keller 2012" if name == "technology" else "an estimate scaled from TalkTrack 2013"
            )
            return weekly, f"{name}: {how}"
    return CONVERSATIONS_AVERAGE, "the average of 15 categories (TalkTrack 2013), for no category is known"


def evidence_of(parameter: str, category: str) -> Range:
    """What is known of a parameter of word of mouth; conversations by category, plus or minus half.

    >>> evidence_of("conversations", "food").high
    11.85
    """
    found = TALK[parameter]
    if parameter != "conversations":
        return found
    weekly, source = conversations_per_week(category)
    low, high = round(weekly / 2, 9), round(weekly * 1.5, 9)  # free of binary dust
    return replace(found, low=low, default=weekly, high=high, source=source)


CUSTOMERS_FIRST = Assumption(0.97, "keep at least 97 % of the best customer reach that the budget can buy")
WEEKS = Assumption(4, "a flight of four weeks")


def by_medium(table: dict[str, Assumption], medium: str, otherwise: Assumption) -> Assumption:
    """The assumption for a medium, found by a word in its name.

    >>> by_medium(DUPLICATION_WITHIN, "TV network", DUPLICATION_OTHER).value
    1.7
    """
    return next((found for word, found in table.items() if has_word(medium, word)), otherwise)


def has_word(medium: str, word: str) -> bool:
    """Whether a word, or what it is abroad, is part of a medium's name; a hyphen is a space.

    >>> has_word("Digital Out-of-Home", "out of home"), has_word("Tageszeitungen", "newspaper")
    (True, True)
    """
    name = unaccented(medium).replace("-", " ")
    return any(part in name for part in (word, *_ABROAD.get(word, "").split()))


def in_words(table: dict[str, Assumption], otherwise: Assumption, percent: bool = False) -> str:
    """The defaults of media in words; words for one medium share theirs.

    >>> in_words(REPEAT, REPEAT_OTHER, percent=True)
    'by medium: tv or television 45 %, magazine or press or print 55 %, newspaper 65 %, others 45 %'
    """
    words: dict[Assumption, list[str]] = {}
    for word, found in table.items():
        words.setdefault(found, []).append(word)
    entries = [(" or ".join(named), found) for found, named in words.items()] + [("others", otherwise)]
    return "by medium: " + ", ".join(
        f"{name} {found.value * 100:g} %" if percent else f"{name} {found.value:g}" for name, found in entries
    )
