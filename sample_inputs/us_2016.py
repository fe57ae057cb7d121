"""The campaign us_2016: real programmes and newspapers, with surveyed audiences.

Prices and audiences are published ones of the 2015-16 season wherever there is one. Where there is
none, the figure is an estimate, marked as one, and derived here:

1. Price of a spot without a published price. TVB/SQAD publish a price per thousand adults 25-54 by
   daypart. The share of a programme's audience that is 25 to 54 follows from the survey: all of its
   35 to 54 and ten of the seventeen years 18 to 34. Price = price per thousand x that share x audience.
2. Audience of a telecast without a published figure. People say that they watch a programme
   regularly (at least once a month); the share of them in one telecast is far lower for a programme
   that airs every day than for a weekly one. The missing ones all air on four or five days a week, so
   the median ratio over the daily programmes that have both figures is taken. (The ten priced weekly
   programmes have a median of about a third, which would give Good Morning America 18 million viewers
   a day, against 4.7 million published.)
3. Quality papers: readers of an average issue are the same share of regular readers as USA Today's,
   and a page costs as much per thousand of them.
"""

from dataclasses import dataclass
from datetime import date
from statistics import median

from sheets import (
    ADULTS_000,
    ADULTS_SOURCE,
    CITATION,
    SURVEY,
    Fact,
    Sheet,
    Value,
    by,
    dollars,
    facts,
    notes,
    text,
)

BUDGET = 8_000_000
WEEKS = 8
YEARS_18_TO_34, YEARS_25_TO_34 = 17, 10
QUALITY_PAPERS = "quality newspaper"
UNQUOTED = "?"
BOUGHT_AS = {"print": "issue", "weekly": "programme", "4 a week": "strip", "5 a week": "strip"}

# Trait on the sheets -> column of the survey table, role, band
TRAITS = {
    "catalyst": ("catalyst_pct", "catalyst", "persuasion"),
    "other persuader": ("persuader_not_daily_pct", "demographic", "persuasion"),
    "graduate": ("college_pct", "customer", None),
    "age 18-34": ("age_18_34_pct", "demographic", "age"),
    "age 35-54": ("age_35_54_pct", "demographic", "age"),
    "age 55+": ("age_55_plus_pct", "demographic", "age"),
}


@dataclass(frozen=True)
class Figure:
    """A number of one vehicle, where it comes from, and whether somebody published it."""

    value: float
    source: str
    published: bool
    base: str = ""


class Facts:
    """The facts of this campaign, read once, and the ratios that follow from them."""

    def __init__(self) -> None:
        self.vehicles = facts("us_2016_vehicles.csv")
        self.survey = by(facts("us_2016_compositions.csv"), "vehicle")
        self.audiences = by(facts("us_2016_tv_audiences.csv"), "vehicle")
        self.dayparts = by(facts("us_2016_dayparts.csv"), "daypart")
        prices = facts("us_2016_prices.csv")
        self.rates = by((row for row in prices if row["vehicle"] != "USA Today Mon-Thu"), "vehicle")
        self.usa_today = by((row for row in prices if row["vehicle"] == "USA Today Mon-Thu"), "year")
        self.everyone = self.survey["ALL ADULTS"]

    def regular(self, vehicle: Fact) -> float:
        """Adults (000) who say that they use the vehicle regularly."""
        return ADULTS_000 * float(self.survey[vehicle["survey"]]["reach_pct"]) / 100

    def published_audience(self, vehicle: Fact) -> Figure | None:
        """The published audience of one telecast, if there is one."""
        if vehicle["vehicle"] in self.audiences:
            row = self.audiences[vehicle["vehicle"]]
            return Figure(float(row["audience_000"]), row["source_url"], True, row["audience_base"])
        row = self.rates.get(vehicle["rate"], {})
        if row.get("audience_000"):
            return Figure(float(row["audience_000"]), row["source_url"], True, row["audience_base"])
        return None

    def ratio(self, *appearances: str) -> float:
        """Median, over the programmes that appear so often, of telecast audience over regular viewers."""
        return median(
            audience.value / self.regular(vehicle)
            for vehicle in self.vehicles
            if vehicle["appears"] in appearances and (audience := self.published_audience(vehicle))
        )

    def share_25_54(self, vehicle: Fact) -> float:
        """Share of the vehicle's audience that is 25 to 54 years old, by the survey."""
        row = self.survey[vehicle["survey"]]
        return (
            float(row["age_35_54_pct"]) + float(row["age_18_34_pct"]) * YEARS_25_TO_34 / YEARS_18_TO_34
        ) / 100


def tv_audience(known: Facts, vehicle: Fact) -> Figure:
    """Audience of one telecast: published, or estimated from the regular viewers."""
    if published := known.published_audience(vehicle):
        source = f"audience: {published.base}, {published.source}"
        return Figure(published.value, source, True, "viewers 2+ taken as adults")
    regular, ratio = known.regular(vehicle), known.ratio("5 a week")
    source = (
        f"audience: estimate, {regular:,.0f} thousand regular viewers ({SURVEY}) x {ratio:.3f}, "
        "the median ratio of telecast audience to regular viewers of the daily programmes "
        "with a published audience"
    )
    return Figure(round(regular * ratio, -1), source, False, "adults (estimate)")


def tv_price(known: Facts, vehicle: Fact, audience: Figure) -> Figure:
    """Price of one :30 spot: published, or estimated from the price per thousand of its daypart."""
    if row := known.rates.get(vehicle["rate"]):
        return Figure(
            float(row["unit_cost_usd"]), f"price: {row['unit']}, {row['year']}, {row['source_url']}", True
        )
    daypart = known.dayparts[vehicle["daypart"]]
    per_thousand, share = float(daypart["cpm_adults_25_54_usd"]), known.share_25_54(vehicle)
    source = (
        f"price: estimate, {dollars(per_thousand)} per thousand adults 25-54 (TVB/SQAD network "
        f"{vehicle['daypart']}, 3Q 2014, {daypart['source_url']}) x {share:.1%} of its audience "
        f"aged 25-54 ({SURVEY}) x audience"
    )
    return Figure(round(per_thousand * share * audience.value, -2), source, False)


def paper(known: Facts, vehicle: Fact) -> tuple[Figure, Figure]:
    """Readers of an average issue and price of a page: USA Today's as published, others' in proportion."""
    readers_row, price_row = known.usa_today["2010"], known.usa_today["2014"]
    readers, price = float(readers_row["audience_000"]), float(price_row["unit_cost_usd"])
    model = next(row for row in known.vehicles if row["vehicle"] == "USA Today")
    if vehicle is model:
        return (
            Figure(
                readers,
                f"readers of an average issue: publisher's figure, 2010, {readers_row['source_url']}",
                True,
                "readers taken as adults",
            ),
            Figure(
                price, f"price: {price_row['unit']}, 2014 (the same in 2017), {price_row['source_url']}", True
            ),
        )
    ratio = readers / known.regular(model)
    own = round(known.regular(vehicle) * ratio, -1)
    return (
        Figure(
            own,
            f"readers: estimate, {known.regular(vehicle):,.0f} thousand regular readers ({SURVEY}) x "
            f"{ratio:.3f}, USA Today's readers of an average issue over its regular readers",
            False,
            "readers (estimate)",
        ),
        Figure(
            round(price / readers * own, -2),
            f"price: estimate, {dollars(price / readers)} per thousand readers as USA Today's page",
            False,
        ),
    )


def vehicle_row(known: Facts, vehicle: Fact, quality_papers_quoted: bool) -> list[Value]:
    """A row of Vehicles."""
    if vehicle["medium"] == "TV":
        audience = tv_audience(known, vehicle)
        price = tv_price(known, vehicle, audience)
    else:
        audience, price = paper(known, vehicle)
    cost: Value = price.value
    note = price.source
    if vehicle["genre"] == QUALITY_PAPERS and not quality_papers_quoted:
        cost, note = UNQUOTED, "price: none published for a page, left open"
    basis = "published" if audience.published and price.published else "estimate"
    source = "; ".join((note, audience.source, f"composition: {SURVEY}"))
    return [
        vehicle["vehicle"],
        vehicle["medium"],
        vehicle["genre"],
        vehicle["groups"],
        vehicle["unit"],
        cost,
        audience.value,
        audience.base,
        BOUGHT_AS["print" if vehicle["medium"] != "TV" else vehicle["appears"]],
        vehicle["appears"],
        int(known.survey[vehicle["survey"]]["respondents"]),
        basis,
        source,
    ]


def vehicles_sheet(known: Facts, quality_papers_quoted: bool) -> Sheet:
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
            "Sample size",
            "Basis (published / estimate)",
            "Source",
        ),
        [vehicle_row(known, vehicle, quality_papers_quoted) for vehicle in known.vehicles],
        (26, 12, 18, 26, 9, 11, 11, 34, 11, 10, 9, 13, 110),
        ("", "", "", "", "", "#,##0", "#,##0", "", "", "", "#,##0"),
    )


def composition_sheet(known: Facts) -> Sheet:
    """The sheet Composition: percent of each audience, as surveyed."""
    rows: list[list[Value]] = []
    for vehicle in known.vehicles:
        surveyed = known.survey[vehicle["survey"]]
        rows.append([vehicle["vehicle"], *(float(surveyed[column]) for column, *_ in TRAITS.values())])
    headings = ("Vehicle", *(f"{trait} [%]" for trait in TRAITS))
    return Sheet("Composition", headings, rows, (26, *[12] * len(TRAITS)), ("", *["0.00"] * len(TRAITS)))


def types_sheet(known: Facts) -> Sheet:
    """The sheet Types: who is of each of twenty audience types, fitted to the survey (fit_types.py)."""
    fitted = by(facts("us_2016_types.csv"), "row")
    names = [name for name in fitted["ALL ADULTS"] if name != "row"]
    wanted = [
        ("share of the universe", "ALL ADULTS"),
        *((f"trait: {trait}", f"trait: {trait}") for trait in TRAITS),
    ]
    wanted += [(vehicle["vehicle"], vehicle["survey"]) for vehicle in known.vehicles]
    rows: list[list[Value]] = [
        [label, *(float(fitted[row][name]) for name in names)] for label, row in wanted
    ]
    headings = ("Vehicle", *names)
    return Sheet("Types", headings, rows, (26, *[9] * len(names)), ("", *["0.00"] * len(names)))


def traits_sheet(known: Facts) -> Sheet:
    """The sheet Traits. Weights and duplication factors are left to the program's defaults."""
    rows: list[list[Value]] = [
        [trait, role, band, float(known.everyone[column]), None]
        for trait, (column, role, band) in TRAITS.items()
    ]
    return Sheet(
        "Traits",
        ("Trait", "Role", "Band of", "Share of universe %", "Weight"),
        rows,
        (22, 14, 14, 14, 10),
        ("", "", "", "0.00"),
    )


def media_sheet() -> Sheet:
    """The sheet Media: duplication as measured; repeat audiences are left to the program's defaults."""
    measured = {
        (row["medium_a"], row["medium_b"]): row["duplication_constant"]
        for row in facts("us_2016_duplication.csv")
    }
    rows: list[list[Value]] = [
        ["TV", round(float(measured["tv", "tv"]), 2), None, "#1F77B4"],
        ["Newspapers", round(float(measured["print", "print"]), 2), None, "#D62728"],
        ["between media", round(float(measured["tv", "print"]), 2), None, None],
    ]
    return Sheet(
        "Media",
        ("Medium", "Duplication", "Repeat audience %", "Colour"),
        rows,
        (20, 12, 14, 12),
        ("", "0.00", "0"),
    )


def brief_sheet(quality_papers_quoted: bool, typed: bool = False) -> Sheet:
    """The sheet Brief."""
    name = "United States 2016" + ("" if quality_papers_quoted else ", quality papers not quoted")
    name += ", with audience types" if typed else ""
    rows: list[list[Value]] = [
        ["Campaign", name],
        ["Client", "Example University Press (invented)"],
        ["Currency", "USD"],
        ["Universe (000)", ADULTS_000],
        ["Budget", BUDGET],
        ["Budget is (net / gross)", "gross"],
        ["Commission %", 0],
        ["Start", date(2015, 10, 5)],
        ["Weeks", WEEKS],
        ["Objective", "influence"],
        ["Target audience", "everyone"],
        ["Customers first (keep %)", 97],
        ["Effective frequency", 3],
        ["Whole insertions (yes/no)", "yes"],
        ["Influence preset", "moderate"],
    ]
    return Sheet("Brief", (), rows, (28, 44), ("", "#,##0"))


def sources_sheet(known: Facts, quality_papers_quoted: bool) -> Sheet:
    """The sheet Sources: free text, not read by the program, with the ratios it speaks of."""
    weekly, daily = known.ratio("weekly"), known.ratio("5 a week")
    ten = [
        v
        for v in known.vehicles
        if v["rate"] and v["medium"] == "TV" and known.rates[v["rate"]]["audience_000"]
    ]
    matched = median(a.value / known.regular(v) for v in ten if (a := known.published_audience(v)))
    check = median(
        float(known.rates[v["rate"]]["unit_cost_usd"])
        / (float(known.dayparts[v["daypart"]]["cpm_adults_25_54_usd"]) * known.share_25_54(v) * a.value)
        for v in ten
        if (a := known.published_audience(v))
    )
    quality = "us_2016_quoted.txt" if quality_papers_quoted else "us_2016_unquoted.txt"
    rows = notes(
        "us_2016.txt",
        weekly=weekly,
        daily=daily,
        matched=matched,
        check=check,
        citation=CITATION,
        universe=ADULTS_SOURCE,
        quality_papers=text(quality),
    )
    return Sheet("Sources", (), rows, (24, 130))


def sheets(quality_papers_quoted: bool = True, typed: bool = False) -> list[Sheet]:
    """The whole workbook. Quality papers stand at their estimate, or at "?". typed: with a sheet Types."""
    known = Facts()
    overlaps: list[list[Value]] = [
        [row["trait_a"], row["trait_b"], float(row["share_of_adults_pct"])]
        for row in facts("us_2016_overlaps.csv")
    ]
    audiences: list[list[Value]] = [
        ["all persuaders", "catalyst or other persuader"],
        ["graduates who persuade", "graduate and (catalyst or other persuader)"],
    ]
    rules: list[list[Value]] = [
        ["sport is not the whole plan", "genre: sport", None, 30, "% of spend", "client's wish"],
        ["brand safety", "genre: cable news", None, 25, "% of spend", "opinion programmes"],
    ]
    return [
        brief_sheet(quality_papers_quoted, typed),
        traits_sheet(known),
        Sheet(
            "Overlaps",
            ("Trait A", "Trait B", "Share of universe %"),
            overlaps,
            (22, 22, 14),
            ("", "", "0.00"),
        ),
        Sheet("Audiences", ("Audience", "Definition"), audiences, (28, 60)),
        media_sheet(),
        vehicles_sheet(known, quality_papers_quoted),
        composition_sheet(known),
        *([types_sheet(known)] if typed else []),
        Sheet(
            "Rules",
            ("Rule", "Applies to", "At least", "At most", "Unit", "Note"),
            rules,
            (30, 26, 10, 10, 14, 30),
        ),
        sources_sheet(known, quality_papers_quoted),
    ]
