"""What a survey gives a campaign: shares, overlaps, compositions, audience types, pairs, duplication, sample sizes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray
from models.people.types import (
    TYPES_FROM_RESPONDENTS,
    AudienceTypes,
    number_of_types,
    types_from_respondents,
    usual_types,
)
from models.respondents.duplication import excess_factor, group_duplications, shared_people
from planner.errors import Problem, WorkbookError
from planner.survey.answers import Answers
from planner.survey.describe import effective_base

FEWEST = 2  # types: one is chance alone
# Of types that are tried; with fewer an optimiser exploits what they leave out.
_NUMBERS = (8, 10, 15, 20, 30, 40)


@dataclass(frozen=True, eq=False)
class SurveyFigures:
    """Figures of a survey, vehicles and traits in the order of its sheet.

    audience_000: (n_vehicles,) people of one insertion. sample: (n_vehicles,) effective base of those who use it.
    trait_share: (n_traits,) of the universe. overlap: (n_traits, n_traits) share that has both. composition:
    (n_vehicles, n_traits) share of the audience, nan where nobody uses the vehicle. duplication: by medium;
    between: None with one medium. repeat: (n_vehicles,) share of one insertion's audience that the next one meets, nan
    where answers are claims, which say nothing of it. factor: by trait, excess duplication beside everyone's.
    shared_000: (n_vehicles, n_vehicles) people whom one insertion in each meets. with_trait_000: (n_vehicles,
    n_traits). cume, users: shares of the universe, by vehicle and medium.
    """

    audience_000: FloatArray
    sample: FloatArray
    trait_share: FloatArray
    overlap: FloatArray
    composition: FloatArray
    duplication: Mapping[str, float]
    between: float | None
    factor: Mapping[str, float]
    repeat: FloatArray
    shared_000: FloatArray
    with_trait_000: FloatArray
    cume: Mapping[str, float]
    users: Mapping[str, float]


@dataclass(frozen=True, eq=False)
class SurveyTypes:
    """Audience types fitted to respondents. places: of their vehicles on the survey's sheet; a vehicle that nobody uses
    has none. said: how many there are and why, a sentence."""

    types: AudienceTypes
    places: tuple[int, ...]
    said: str


def survey_figures(answers: Answers, chance: FloatArray) -> SurveyFigures:
    """The figures. chance: (n, n_vehicles) probability that one insertion meets the respondent.

    Raises WorkbookError where a trait has nobody or everybody, or a vehicle everybody.
    """
    _refuse_all_or_none(answers, chance)
    weight, has = answers.weight, answers.has_trait.astype(np.float64)
    total = float(weight.sum())
    people = weight @ chance
    with_trait = (chance * weight[:, None]).T @ has
    shared, rating = shared_people(weight, chance)
    within, between = group_duplications(shared, rating, answers.media)
    everyones = _by_pair(answers.media, within, between)
    factors = {
        name: excess_factor(weight, chance, answers.has_trait[:, place], everyones)
        for place, name in enumerate(answers.traits)
    }
    return SurveyFigures(
        people,
        np.array([effective_base(weight * use) for use in answers.use.T]),
        weight @ has / total,
        (has * weight[:, None]).T @ has / total,
        with_trait / np.where(people > 0, people, np.nan)[:, None],
        within,
        between,
        {name: factor for name, factor in factors.items() if factor is not None},
        _repeats(answers, people),
        shared * total,
        with_trait,
        {name: float(weight[mask].sum()) / total for name, mask in answers.cumes.items()},
        _users(answers, total),
    )


def _refuse_all_or_none(answers: Answers, chance: FloatArray) -> None:
    sheet = answers.sheet
    problems = [
        Problem(
            item.cell, f'The trait "{item.name}" has {who} among the respondents who count; leave it out.'
        )
        for item, mask in zip(sheet.traits, answers.has_trait.T, strict=True)
        if (who := "nobody" if not mask.any() else "everybody" if mask.all() else "")
    ]
    problems += [
        Problem(
            item.cell,
            f'"{item.name}" meets everybody among the respondents who count; leave it out, or mend the row.',
        )
        for item, least in zip(sheet.vehicles, chance.min(axis=0, initial=1.0), strict=True)
        if least >= 1
    ]
    if problems:
        raise WorkbookError(answers.file, tuple(problems), answers.notices)


def _by_pair(media: tuple[str, ...], within: Mapping[str, float], between: float | None) -> FloatArray:
    """(n_vehicles, n_vehicles) duplication of each pair's group."""
    return np.array([[within.get(a, 1.0) if a == b else between or 1.0 for b in media] for a in media])


def survey_types(answers: Answers, room: int) -> SurveyTypes | None:
    """Audience types of the respondents: at most so many as traits leave room for, and no more than different answers
    can tell apart (2^n of n vehicles, n + 1 figures a type); None where fewer than two vehicles have users."""
    used = (answers.use.max(axis=0) > 0) & (answers.use.min(axis=0) < 1)
    places = tuple(np.flatnonzero(used).tolist())
    if len(places) < 2:
        return None
    apart = max(2 ** min(len(places), 30) // (len(places) + 1), FEWEST)
    carried = min(usual_types(answers.effective_base), apart)
    usual, uses = min(carried, room), answers.use[:, list(places)]
    chosen = number_of_types(uses, answers.weight, [n for n in _NUMBERS if n <= min(apart, room)], usual)
    found = types_from_respondents(uses, answers.weight, answers.has_trait, chosen)
    why = (
        "; more would repeat the chance of who was asked"
        if usual < min(TYPES_FROM_RESPONDENTS, apart)
        else ""
    )
    why = "; with fewer traits there would be room for more" if room < carried else why
    why = f", which people left out of the fit find likelier than {usual}" if chosen != usual else why
    return SurveyTypes(
        found, places, f"{len(found.share)} audience types, fitted to the respondents by EM{why}."
    )


def _repeats(answers: Answers, audience: FloatArray) -> FloatArray:
    """(n_vehicles,) repeat audience: sum w p^2 / sum w p where answers are chances; 1 of claims that are contacts as
    they stand. Of n of m issues read, p^2 is n (n - 1) / (m (m - 1)): n^2 / m^2 would count a lucky n twice. audience:
    (n_vehicles,) that chances are scaled to."""
    found = np.full(len(answers.vehicles), np.nan)
    for place, item in enumerate(answers.sheet.vehicles):
        p, most = answers.use[:, place], item.reading.most
        people = float(answers.weight @ p)
        tells = item.reading.is_contact or (answers.contacts and np.isclose(audience[place], people))
        if not tells or people <= 0 or (item.reading.kind == "issues" and most < 2):
            continue
        twice = p * (p * most - 1) / (most - 1) if item.reading.kind == "issues" else p**2
        found[place] = float(answers.weight @ twice) / people * (audience[place] / people)
    return found


def _users(answers: Answers, total: float) -> dict[str, float]:
    """Who ever uses a medium, or claims one of its vehicles."""
    shares = {}
    for medium, mask in answers.users.items():
        own = [place for place, name in enumerate(answers.media) if name.casefold() == medium.casefold()]
        either = mask | (answers.use[:, own] > 0).any(axis=1)
        shares[medium] = float(answers.weight[either].sum()) / total
    return shares
