"""The campaign spring_launch: 41 network programmes and 44 magazines, with modelled compositions.

Prices and audiences are published; who watches and reads is not, so compositions are modelled, as
indices (100 = as in the universe), by rules that stand in facts/spring_indices.csv with their reason:

- catalysts: the medium's index, replaced or multiplied where something is known about the genre, and
  kept within 75 to 155;
- experts of a category: 100; 135 where part of the title is about the category; 170 where all of it is;
- women: magazines as published (percent male of the same table as price and readers); a programme as
  surveyed in 2016, or the median of the surveyed programmes of its kind;
- customers of the (invented) brand: 15 % of adults, 65 % of them women, so the index follows from the
  vehicle's share of women alone.
"""

import re
from datetime import date
from statistics import median

from sheets import ADULTS_000, ADULTS_SOURCE, CITATION, SURVEY, Fact, Sheet, Value, by, facts, notes

BUDGET = 2_500_000
WEEKS = 13
CATALYST_BOUNDS = (75.0, 155.0)  # range of published title indices, 74 to 156, rounded inwards
CATALYST_SHARE, EXPERT_SHARE, BOTH_SHARE = 10.0, 20.0, 3.0
CUSTOMER_SHARE, WOMEN_AMONG_CUSTOMERS = 15.0, 65.0
CATEGORIES = ("food", "technology", "automotive", "beauty")
EXPERTS = tuple(f"expert: {category}" for category in CATEGORIES)
MUST_BUY = ("Gourmet",)
NOT_ON_AIR = "sports - NFL"
CRIME, SITCOM, SERVICE = "drama - crime", "sitcom", "women - service"


class Facts:
    """The facts of this campaign, read once."""

    def __init__(self) -> None:
        self.vehicles = facts("spring_vehicles.csv")
        self.rules = facts("spring_indices.csv")
        self.survey = by(facts("us_2016_compositions.csv"), "vehicle")
        self.surveyed = by(facts("spring_surveyed_programmes.csv"), "vehicle")
        self.kinds = by(facts("spring_women_by_genre.csv"), "genre")
        self.women = float(self.survey["ALL ADULTS"]["women_pct"])


def medium(vehicle: Fact) -> str:
    """TV or Magazines."""
    return "Magazines" if vehicle["medium"] == "magazine" else "TV"


def index(known: Facts, vehicle: Fact, trait: str) -> tuple[float, str]:
    """The modelled index of an influencer trait, and the reason of every rule that made it."""
    value, reasons = 100.0, []
    for rule in known.rules:
        if rule["trait"] != trait or rule["genre"] not in (medium(vehicle), vehicle["genre"]):
            continue
        number = float(rule["value"])
        value = value * number if rule["how"] == "times" else number
        reasons.append(f"{rule['how']} {number:g} ({rule['genre']})")
    if trait == "catalyst":
        value = min(max(value, CATALYST_BOUNDS[0]), CATALYST_BOUNDS[1])
    return round(value, 1), ", ".join(reasons)


def women(known: Facts, vehicle: Fact) -> tuple[float, str]:
    """Percent of the audience that are women, and where that comes from."""
    if medium(vehicle) == "Magazines":
        male = re.search(r"([\d.]+)% male", vehicle["audience_base"])
        if male is None:
            raise ValueError(f"no percent male for {vehicle['vehicle']}")
        return round(100 - float(male[1]), 2), "published"
    if row := known.surveyed.get(vehicle["vehicle"]):
        return float(known.survey[row["survey"]]["women_pct"]), f"as surveyed, {SURVEY}"
    kind = known.kinds[vehicle["genre"]]["surveyed_programmes"].split("; ")
    share = median(float(known.survey[programme]["women_pct"]) for programme in kind)
    return round(share, 2), f"median of {len(kind)} surveyed programmes of its kind, {SURVEY}"


def customer_index(women_pct: float, women_of_universe: float) -> float:
    """Index of customers in an audience, if women and men buy alike in every audience.

    >>> customer_index(51.35, 51.35)
    100.0
    """
    among_women = WOMEN_AMONG_CUSTOMERS / women_of_universe
    among_men = (100 - WOMEN_AMONG_CUSTOMERS) / (100 - women_of_universe)
    return round(women_pct * among_women + (100 - women_pct) * among_men, 1)


def groups(vehicle: Fact) -> str:
    """Network of a programme; weeklies and women's titles among the magazines."""
    if medium(vehicle) == "TV":
        return vehicle["vehicle"].rsplit("(", 1)[1].rstrip(")").replace("/", "; ")
    names = ["weeklies"] if vehicle["appears"] == "weekly" else []
    names += ["women's titles"] if vehicle["genre"].startswith("women") else []
    return "; ".join(names)


def vehicle_row(known: Facts, vehicle: Fact) -> list[Value]:
    """A row of Vehicles. Football is listed at no insertions: it is not on air in spring."""
    name, on_air = vehicle["vehicle"], vehicle["genre"] != NOT_ON_AIR
    base = "viewers 2+" if medium(vehicle) == "TV" else "readers"
    _, catalysts = index(known, vehicle, "catalyst")
    _, experts = index(known, vehicle, EXPERTS[0])
    _, women_source = women(known, vehicle)
    source = (
        f"price and audience published: {vehicle['unit']}, {vehicle['year']}, {vehicle['audience_base']}, "
        f"{vehicle['source_url']}; composition modelled: catalyst {catalysts}; expert in food "
        f"{experts or '100'}; women {women_source}; customer from women"
    )
    unit = ":30" if medium(vehicle) == "TV" else "page 4C"
    return [
        name,
        medium(vehicle),
        vehicle["genre"],
        groups(vehicle),
        unit,
        float(vehicle["unit_cost_usd"]),
        float(vehicle["audience_000"]),
        base,
        "programme" if medium(vehicle) == "TV" else "issue",
        vehicle["appears"] if on_air else None,
        None if on_air else 0,
        "yes" if name in MUST_BUY else None,
        "published",
        source,
    ]


def vehicles_sheet(known: Facts) -> Sheet:
    """The sheet Vehicles."""
    return Sheet(
        "Vehicles",
        (
            "Vehicle",
            "Medium",
            "Genre",
            "Groups",
            "Unit",
            "Unit cost",
            "Audience (000)",
            "Audience base",
            "Bought as",
            "Appears",
            "Max",
            "Must buy",
            "Basis (published / estimate)",
            "Source",
        ),
        [vehicle_row(known, vehicle) for vehicle in known.vehicles],
        (34, 11, 22, 22, 9, 11, 11, 12, 11, 16, 7, 8, 13, 110),
        ("", "", "", "", "", "#,##0", "#,##0", "", "", "", "0"),
    )


def composition_sheet(known: Facts) -> Sheet:
    """The sheet Composition: indices, and women and men in percent."""
    rows: list[list[Value]] = []
    for vehicle in known.vehicles:
        share, _ = women(known, vehicle)
        customers = customer_index(share, known.women)
        row: list[Value] = [vehicle["vehicle"], customers]
        row += [index(known, vehicle, trait)[0] for trait in ("catalyst", *EXPERTS)]
        rows.append([*row, share, round(100 - share, 2)])
    headings = (
        "Vehicle",
        "customer [index]",
        "catalyst [index]",
        *(f"{trait} [index]" for trait in EXPERTS),
        "women [%]",
        "men [%]",
    )
    formats = ("", *["0.0"] * (2 + len(EXPERTS)), "0.00", "0.00")
    return Sheet("Composition", headings, rows, (34, *[14] * (len(headings) - 1)), formats)


def traits_sheet(known: Facts) -> Sheet:
    """The sheet Traits. Weights and duplication factors are left to the program's defaults."""
    experts: list[list[Value]] = [
        [f"expert: {name}", "expert", name, None, EXPERT_SHARE] for name in CATEGORIES
    ]
    rows: list[list[Value]] = [
        ["customer", "customer", None, None, CUSTOMER_SHARE],
        ["catalyst", "catalyst", None, None, CATALYST_SHARE],
        *experts,
        ["women", "demographic", None, "sex", known.women],
        ["men", "demographic", None, "sex", round(100 - known.women, 2)],
    ]
    return Sheet(
        "Traits",
        ("Trait", "Role", "Category", "Band of", "Share of universe %"),
        rows,
        (22, 14, 14, 12, 14),
        ("", "", "", "", "0.00"),
    )


def brief_sheet() -> Sheet:
    """The sheet Brief."""
    rows: list[list[Value]] = [
        ["Campaign", "Spring launch"],
        ["Client", "Example Foods (invented)"],
        ["Category", "food"],
        ["Currency", "USD"],
        ["Universe (000)", ADULTS_000],
        ["Budget", BUDGET],
        ["Budget is (net / gross)", "net"],
        ["Commission %", 15],
        ["Start", date(2016, 3, 7)],
        ["Weeks", WEEKS],
        ["Objective", "influence"],
        ["Target audience", "everyone"],
        ["Customers first (keep %)", 97],
        ["Effective frequency", 3],
        ["Whole insertions (yes/no)", "yes"],
        ["Influence preset", "moderate"],
    ]
    return Sheet("Brief", (), rows, (28, 44), ("", "#,##0"))


def influence_sheet() -> Sheet:
    """The sheet Influence: the one parameter that the (invented) client knows. All others are the preset's."""
    rows: list[list[Value]] = [
        [
            "Brand share of talk",
            0.05,
            0.1,
            0.15,
            "invented: the client's estimate, a tenth of the talk about food is about its brands",
        ]
    ]
    return Sheet(
        "Influence",
        ("Parameter", "Low", "Used", "High", "Source"),
        rows,
        (26, 11, 11, 11, 80),
        ("", "0%", "0%", "0%"),
    )


def rules_sheet() -> Sheet:
    """The sheet Rules: what the (invented) client asked for."""
    rows: list[list[Value]] = [
        ["magazines at least a quarter", "medium: Magazines", 25, None, "% of spend", "recipes need a page"],
        ["TV at least two fifths", "medium: TV", 40, None, "% of spend", "the trade watches television"],
        ["no crime drama campaign", f"genre: {CRIME}", None, 20, "% of spend", "client's taste"],
        [
            "few sitcom spots",
            f"genre: {SITCOM}",
            None,
            3,
            "insertions",
            "last year's campaign was all sitcoms",
        ],
        ["women's service titles", f"genre: {SERVICE}", None, 4, "insertions", "not the same readers again"],
        ["no network above its share", "group: CBS", None, 600_000, "money", "agreed with the networks"],
    ]
    return Sheet(
        "Rules",
        ("Rule", "Applies to", "At least", "At most", "Unit", "Note"),
        rows,
        (32, 26, 11, 11, 14, 40),
        ("", "", "#,##0", "#,##0"),
    )


def notes_sheet(known: Facts) -> Sheet:
    """The sheet Notes: free text, not read by the program."""
    rows = notes(
        "spring_launch.txt",
        citation=CITATION,
        universe=ADULTS_SOURCE,
        customers=CUSTOMER_SHARE,
        women=WOMEN_AMONG_CUSTOMERS,
    )
    for rule in known.rules:
        change = f"{rule['genre']}: {rule['how']} {rule['value']} ({rule['basis']})"
        rows.append([f"Index: {rule['trait']}", f"{change}; {rule['reason']}."])
    return Sheet("Notes", (), rows, (28, 126))


def sheets() -> list[Sheet]:
    """The whole workbook."""
    known = Facts()
    overlaps: list[list[Value]] = [["catalyst", expert, BOTH_SHARE] for expert in EXPERTS]
    overlaps.append(["customer", "women", CUSTOMER_SHARE * WOMEN_AMONG_CUSTOMERS / 100])
    audiences: list[list[Value]] = [
        ["future customers", "not customer"],
        ["influencers to win", "(catalyst or expert: food) and not customer"],
        ["women who talk", "women and (catalyst or expert: food)"],
    ]
    media: list[list[Value]] = [["TV", None, None, "#1F77B4"], ["Magazines", None, None, "#2CA02C"]]
    return [
        brief_sheet(),
        traits_sheet(known),
        Sheet(
            "Overlaps",
            ("Trait A", "Trait B", "Share of universe %"),
            overlaps,
            (22, 22, 14),
            ("", "", "0.00"),
        ),
        Sheet("Audiences", ("Audience", "Definition"), audiences, (28, 60)),
        Sheet("Media", ("Medium", "Duplication", "Repeat audience %", "Colour"), media, (20, 12, 14, 12)),
        vehicles_sheet(known),
        composition_sheet(known),
        influence_sheet(),
        rules_sheet(),
        notes_sheet(known),
    ]
