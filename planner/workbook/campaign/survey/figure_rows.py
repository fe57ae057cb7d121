"""Rows that a survey's figures make on a campaign's sheets."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from planner.campaign.bought import AIRTIME
from planner.formats import count_of, number
from planner.names import key, listing
from planner.survey.answers import Answers
from planner.survey.figures import SurveyFigures, SurveyTypes
from planner.workbook.campaign.people.composition import TraitColumn
from planner.workbook.campaign.people.traits import role_of
from planner.workbook.campaign.vehicles.limits import states_limits
from planner.workbook.cells.numbers import exact
from planner.workbook.cells.table import Record, Table
from planner.workbook.schema.columns import SheetSchema
from planner.workbook.schema.people_sheets import TRAIT_ROW, TRAITS, TYPES_SHARE_ROW
from planner.workbook.schema.sheets import BETWEEN_MEDIA_ROW, UNQUOTED, VEHICLES

BAND_COVERS = 0.9  # of the universe: traits that exclude each other and make so much of it are a band
MOST_FACTOR = 20.0  # a duplication factor beyond is no figure to plan with
Row = Mapping[str, str | float]  # by heading

CONTACTS_BASE = "claims, taken as contacts"


@dataclass(frozen=True, eq=False)
class KnownTables:
    """Tables of the unfinished campaign, by sheet name."""

    tables: dict[str, Table]

    def records(self, schema: SheetSchema) -> tuple[Record, ...]:
        """A sheet's rows."""
        return self.tables[schema.name].records

    def record(self, schema: SheetSchema, name: str) -> Record | None:
        """The row that a name has on a sheet; of several units of a vehicle the first."""
        return next(iter(self._rows(schema, name)), None)

    def with_audience(self, vehicle: str) -> Record | None:
        """The row of a vehicle, whichever of its units, that states its audience."""
        rows = self._rows(VEHICLES, vehicle)
        return next((r for r in rows if (r.number("audience_000"), r.number("rating")) != (None, None)), None)

    def is_airtime(self, vehicle: str) -> bool:
        """Whether one of a vehicle's rows says so in Bought as."""
        return any(record.text("bought_as") in AIRTIME for record in self._rows(VEHICLES, vehicle))

    def _rows(self, schema: SheetSchema, name: str) -> list[Record]:
        return [r for r in self.records(schema) if key(r.text(schema.key.attribute)) == key(name)]


# --- people -------------------------------------------------------------------------------------------


def bands(answers: Answers, figures: SurveyFigures, known: KnownTables, said: list[str]) -> dict[str, str]:
    """Per trait its band: the planner's, else one of traits that exclude each other and make nearly everyone."""
    found = _bands_stated(answers, known)
    free = [place for place, name in enumerate(answers.traits) if _may_have_band(name, known)]
    for group in _exclusive(free, figures):
        names = [answers.traits[place] for place in group]
        band = _common_words(names) or " / ".join(names)[:60]
        said.append(
            f'{listing(names)} exclude each other and make nearly everyone: taken as the band "{band}".'
        )
        found |= dict.fromkeys(names, band)
    return found


def _bands_stated(answers: Answers, known: KnownTables) -> dict[str, str]:
    """The planner's own, by trait."""
    rows = {name: known.record(TRAITS, name) for name in answers.traits}
    return {name: band for name, row in rows.items() if row is not None and (band := row.text("band"))}


def _may_have_band(name: str, known: KnownTables) -> bool:
    """Whether a trait is a demographic one that the planner has not described."""
    return known.record(TRAITS, name) is None and role_of(name) == "demographic"


def _exclusive(traits: Sequence[int], figures: SurveyFigures) -> list[list[int]]:
    """Groups of traits that nobody has two of and nearly everyone has one of."""
    groups: list[list[int]] = []
    for place in traits:
        group = next((g for g in groups if not figures.overlap[place, g].any()), None)
        groups.append([place]) if group is None else group.append(place)
    return [g for g in groups if len(g) > 1 and figures.trait_share[g].sum() >= BAND_COVERS]


def _common_words(names: Sequence[str]) -> str:
    """The words with which all names begin.

    >>> _common_words(["age 18-34", "age 35-54"])
    'age'
    """
    words = [name.split() for name in names]
    same = [first for first, *others in zip(*words, strict=False) if all(first == other for other in others)]
    return " ".join(same)


def trait_rows(answers: Answers, figures: SurveyFigures, band: dict[str, str], said: list[str]) -> list[Row]:
    """Traits: shares, bands, duplication factors."""
    rows: list[Row] = []
    for place, name in enumerate(answers.traits):
        row: dict[str, str | float] = {
            "Trait": name,
            "Share of universe %": exact(float(figures.trait_share[place])),
        }
        if name in band:
            row["Band of"] = band[name]
        factor = figures.factor.get(name)
        if factor is not None and 0 < factor <= MOST_FACTOR:
            row["Duplication factor"] = exact(factor)
        elif factor is not None:
            said.append(
                f"{name}: the duplication factor of the respondents, {number(factor, 2)}, was left out; none is so."
            )
        rows.append(row)
    return rows


def factors_filled(answers: Answers, known: KnownTables) -> frozenset[str]:
    """Traits, by key, whose duplication factor is the survey's, not the planner's."""
    stated = {
        key(record.text("name")) for record in known.records(TRAITS) if record.number("duplication_factor")
    }
    return frozenset(map(key, answers.traits)) - stated


def overlap_rows(answers: Answers, figures: SurveyFigures, band: dict[str, str]) -> list[Row]:
    """Overlaps: every pair of traits that does not exclude each other by a band."""
    return [
        {"Trait A": a, "Trait B": b, "Share of universe %": exact(float(figures.overlap[i, j]))}
        for i, a in enumerate(answers.traits)
        for j, b in enumerate(answers.traits)
        if i < j and not (band.get(a) and band.get(a) == band.get(b))
    ]


# --- vehicles -----------------------------------------------------------------------------------------


def media_rows(answers: Answers, figures: SurveyFigures, said: list[str]) -> list[Row]:
    """Media of which there are duplications or users. Where nobody shares two vehicles chance stands: the reach model
    counts what is less than chance so."""
    times = _times_chance(figures, said)
    users = {key(name): share for name, share in figures.users.items()}
    rows: list[Row] = []
    for medium in dict.fromkeys(filter(None, answers.media)):
        row: dict[str, str | float] = {"Medium": medium}
        if medium in times:
            row["Duplication"] = times[medium]
        if key(medium) in users and users[key(medium)] < 1:
            row["Users %"] = exact(users[key(medium)])
        if len(row) > 1:
            rows.append(row)
    if figures.between is not None:
        rows.append({"Medium": BETWEEN_MEDIA_ROW, "Duplication": times[BETWEEN_MEDIA_ROW]})
    return rows


def _times_chance(figures: SurveyFigures, said: list[str]) -> dict[str, float]:
    """Duplications by medium, and between media where there are several."""
    between = {} if figures.between is None else {BETWEEN_MEDIA_ROW: figures.between}
    shared = {**figures.duplication, **between}
    nobody = [name for name, times in shared.items() if times <= 0]
    if nobody:
        said.append(
            f"No two vehicles share anybody ({listing(nobody)}): Duplication 1, chance, was filled in."
        )
    return {name: exact(times if times > 0 else 1.0) for name, times in shared.items()}


def repeats_filled(answers: Answers, figures: SurveyFigures, known: KnownTables) -> frozenset[str]:
    """Vehicles whose repeat audience the survey tells and the planner does not: not of airtime, whose next spot meets
    others, and none below what two vehicles of the medium share by duplication alone."""
    return frozenset(name for name, above in _repeats(answers, figures, known).items() if above)


def _repeats(answers: Answers, figures: SurveyFigures, known: KnownTables) -> dict[str, bool]:
    """Vehicles of which the survey could tell the repeat audience: whether it is more than duplication alone."""
    rating = figures.audience_000 / float(answers.weight.sum())
    return {
        name: bool(figures.duplication.get(item.medium, 1.0) * rating[place] < figures.repeat[place])
        for place, (item, name) in enumerate(zip(answers.sheet.vehicles, answers.vehicles, strict=True))
        if np.isfinite(figures.repeat[place])
        and not known.is_airtime(name)
        and ((record := known.record(VEHICLES, name)) is None or record.number("repeat") is None)
    }


def _say_below(repeats: Mapping[str, bool], said: list[str]) -> None:
    below = [name for name, above in repeats.items() if not above]
    if below:
        said.append(
            f"Repeat audience % of {listing(below, 8)} was left blank: the survey's is not above Duplication times "
            "rating, which two vehicles of the medium share."
        )


def vehicle_rows(answers: Answers, figures: SurveyFigures, known: KnownTables, said: list[str]) -> list[Row]:
    """Vehicles: audiences where none are given, repeat audiences, sample sizes, cumes; new ones without a price."""
    limited = states_limits(known.tables[VEHICLES.name])
    new = [name for name in answers.vehicles if known.record(VEHICLES, name) is None]
    _say_new(new, limited, said)
    most = VEHICLES.column("repeat").most or 1.0  # a claim that is a contact meets the same people every time
    repeats, cumes = _repeats(answers, figures, known), _cumes(answers, figures, known, said)
    _say_below(repeats, said)
    rows: list[Row] = []
    for place, (item, name) in enumerate(zip(answers.sheet.vehicles, answers.vehicles, strict=True)):
        row = {"Vehicle": name, "Medium": item.medium, **_measured(place, answers, figures, known)}
        if repeats.get(name):
            row["Repeat audience %"] = exact(min(float(figures.repeat[place]), most))
        if name in cumes:
            row["Cume %"] = exact(cumes[name])
        if name in new:
            row |= _unpriced(f"{answers.file}: {item.expression}", limited)
        rows.append({heading: value for heading, value in row.items() if value != ""})
    return rows


def _cumes(answers: Answers, figures: SurveyFigures, known: KnownTables, said: list[str]) -> dict[str, float]:
    """Cumes of the vehicles that are airtime, by name."""
    share = {key(name): share for name, share in figures.cume.items()}
    found = {name: share[key(name)] for name in answers.vehicles if key(name) in share}
    left = [name for name in found if not known.is_airtime(name)]
    if left:
        said.append(
            f"Cume % is of a rotation or daypart (Bought as); no cume was filled in for {listing(left, 8)}."
        )
    return {name: cume for name, cume in found.items() if name not in left}


def _measured(
    place: int, answers: Answers, figures: SurveyFigures, known: KnownTables
) -> dict[str, str | float]:
    """The audience of a vehicle, where none is given, and its sample size."""
    row: dict[str, str | float] = {}
    if known.with_audience(answers.vehicles[place]) is None:
        row["Audience (000)"] = exact(float(figures.audience_000[place]))
        is_contact = answers.sheet.vehicles[place].reading.is_contact
        row["Audience base"] = "survey" if is_contact else CONTACTS_BASE
    if figures.sample[place] > 0:
        row["Sample size"] = exact(math.floor(figures.sample[place] * 10) / 10)
    return row


def _unpriced(source: str, limited: bool) -> dict[str, str]:
    """What stands beside a vehicle that Vehicles did not have: no price, and how often it can be bought."""
    row = {"Unit cost": UNQUOTED, "Source": source[:255]}
    return row | {"Appears": "weekly"} if limited else row


def _say_new(new: Sequence[str], limited: bool, said: list[str]) -> None:
    """Vehicles that have no price yet. limited: Vehicles says how often each can be bought."""
    if new:
        weekly = "; they may be bought weekly (Appears)" if limited else ""
        said.append(
            f"{count_of(len(new), 'vehicle')} came to Vehicles from the survey, without a price ({UNQUOTED}): fill in "
            f"Unit cost to plan with them{weekly}."
        )


def composition_rows(
    answers: Answers, figures: SurveyFigures, columns: Mapping[str, TraitColumn], said: list[str]
) -> list[Row]:
    """Composition: percent of each audience with each trait. columns: those that the sheet has, by the trait's key; one
    that holds no percents is left to the planner."""
    headings: dict[int, str] = {}  # by the trait's place
    others = []
    for place, name in enumerate(answers.traits):
        column = columns.get(key(name))
        if column is None or column.unit == "%":
            headings[place] = name if column is None else column.heading
        else:
            others.append(f"{name} [{column.unit}]")
    if others:
        said.append(f"Composition: the survey's percents were not filled in under {listing(others)}.")
    return [
        _shares(name, list(headings.values()), shares[list(headings)])
        for name, shares in zip(answers.vehicles, figures.composition, strict=True)
    ]


# --- duplication --------------------------------------------------------------------------------------


def type_rows(answers: Answers, found: SurveyTypes) -> list[Row]:
    """Types: the universe, traits and vehicles by audience type."""
    types = found.types
    names = [f"type {place}" for place in range(1, len(types.share) + 1)]
    lines = [(TYPES_SHARE_ROW, types.share)]
    lines += [
        (f"{TRAIT_ROW} {name}", row) for name, row in zip(answers.traits, types.of_traits(), strict=True)
    ]
    vehicles = [answers.vehicles[place] for place in found.places]
    lines += list(zip(vehicles, types.composition(), strict=True))
    return [_shares(name, names, row) for name, row in lines]


def _shares(name: str, headings: Sequence[str], shares: FloatArray) -> Row:
    """A row of percents; a figure that is not there leaves its cell blank."""
    known = zip(headings, shares.tolist(), strict=True)
    return {"Vehicle": name, **{heading: exact(share) for heading, share in known if not math.isnan(share)}}


def pair_rows(answers: Answers, figures: SurveyFigures) -> list[Row]:
    """Pairs: people who meet both of two vehicles, or a vehicle and have a trait."""
    shared, n = figures.shared_000, len(answers.vehicles)
    rows: list[Row] = [
        {
            "Vehicle A": answers.vehicles[i],
            "Vehicle B": answers.vehicles[j],
            "People (000)": exact(float(shared[i, j])),
        }
        for i in range(n)
        for j in range(i + 1, n)
    ]
    rows += [
        {"Vehicle A": name, "Vehicle B": f"{TRAIT_ROW} {trait}", "People (000)": exact(float(people))}
        for name, row in zip(answers.vehicles, figures.with_trait_000, strict=True)
        for trait, people in zip(answers.traits, row, strict=True)
    ]
    return rows
