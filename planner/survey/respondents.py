"""A survey's respondents as planning data: claims become probabilities of contact with one insertion."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.arrays import FloatArray
from models.respondents.respondents import Respondents
from planner.campaign.inputs import Campaign
from planner.campaign.respondents import on_respondents
from planner.campaign.survey import CLAIMS_ARE_CONTACTS, SurveySheet
from planner.errors import Problem, WorkbookError
from planner.formats import number
from planner.names import key
from planner.survey.answers import Answers, answers_of, survey_of

_ROUNDING = 1e-9


@dataclass(frozen=True)
class Wanted:
    """A vehicle's audience of one insertion. audience_000: None = not given. cell: its address, or its name's."""

    vehicle: str
    audience_000: float | None
    cell: str = ""


def contact_probabilities(answers: Answers, wanted: Sequence[Wanted]) -> FloatArray:
    """(n, n_vehicles) chance that one insertion of each wanted vehicle meets each respondent.

    Scaled so that their weighted sum is the vehicle's audience; where none is given the chances stand as they are, and
    claims only where claims are contacts. Raises WorkbookError: a vehicle that the survey does not have, an audience
    that more claims would need, claims without an audience.
    """
    places = {key(name): place for place, name in enumerate(answers.vehicles)}
    problems: list[Problem] = []
    columns: list[FloatArray] = []
    for vehicle in wanted:
        place = places.get(key(vehicle.vehicle))
        if place is not None and vehicle.audience_000 is not None:
            columns.append(_scaled(answers, place, vehicle, problems))
        elif place is not None and answers.is_contact[place]:
            columns.append(answers.use[:, place])
        else:
            problems.append(Problem(vehicle.cell, f'"{vehicle.vehicle}" has {_lack(answers, place)}'))
    if problems:
        raise WorkbookError(answers.file, tuple(problems), answers.notices)
    return np.column_stack(columns) if columns else np.empty((len(answers.weight), 0))


def _lack(answers: Answers, place: int | None) -> str:
    """What a vehicle lacks that no audience is given of, by its place on the sheet Survey (None: it has none), and what
    to do."""
    if place is None:
        return "no row on the sheet Survey, so no respondent can be planned for; add it."
    column = answers.sheet.vehicles[place].expression
    if not answers.use[:, place].any():
        return (
            f'no user in {answers.file} ("{column}"): nobody could be met. Leave the row out, or mend how the column '
            "reads."
        )
    return (
        f'no audience; 0/1 claims ("{column}") are no contacts. Give Audience (000) on Vehicles, or write claims are '
        "contacts: yes on Survey."
    )


def _scaled(answers: Answers, place: int, wanted: Wanted, problems: list[Problem]) -> FloatArray:
    """Chances whose weighted sum is the audience."""
    use, audience = answers.use[:, place], wanted.audience_000 or 0.0
    people = float(answers.weight @ use)
    scale = audience / people if people > 0 else (np.inf if audience else 0.0)
    highest = scale * float(use.max()) if people > 0 else scale
    if highest > 1 + _ROUNDING:
        column = answers.sheet.vehicles[place].expression
        said = f"{number(people, 1)} thousand people use it" if people > 0 else "nobody uses it"
        would = f"the highest probability would be {highest:.3g}" if people > 0 else "nobody could be met"
        text = (
            f'"{wanted.vehicle}" has an audience of {number(audience, 1)} thousand, but by the column "{column}" of '
            f"{answers.file} {said}: {would}. Mend the audience, or how the column reads."
        )
        problems.append(Problem(wanted.cell, text))
        return use
    return np.minimum(use * scale, 1.0)


def campaign_respondents(campaign: Campaign, folder: Path) -> tuple[Respondents, tuple[str, ...]]:
    """The respondents of a campaign with a sheet Survey, and what must be said of how they were read.

    Vehicles in the campaign's order, traits in the sheet Survey's; probabilities are those of seeing the advertisement
    (times Ad seen %). folder: the campaign's. Not merged. Raises WorkbookError.
    """
    sheet = _sheet_of(campaign)
    answers = answers_of(sheet, survey_of(sheet, folder), campaign.brief.universe_000)
    wanted = [
        Wanted(
            v.vehicle_name,
            v.audience_000,
            campaign.cells.get(("Vehicles", v.name, "audience_000"), "Vehicles"),
        )
        for v in campaign.vehicles
    ]
    chance = contact_probabilities(answers, wanted) * np.array([v.ad_seen for v in campaign.vehicles])
    found = Respondents(
        tuple(v.name for v in campaign.vehicles), answers.traits, answers.weight, chance, answers.has_trait
    )
    return found, (*answers.notices, *([CLAIMS_ARE_CONTACTS] if answers.contacts else []))


def planned_on_survey(campaign: Campaign, folder: Path) -> Campaign:
    """The campaign planned on the respondents of its survey, who are read; itself where they are already. The workbook
    of a plan then says so. folder: the campaign's. Raises WorkbookError."""
    if campaign.respondents is not None:
        return campaign
    respondents, notices = campaign_respondents(campaign, folder)
    sheet = replace(_sheet_of(campaign), planned_on=True)
    return on_respondents(replace(campaign, survey=sheet), respondents, notices)


def _sheet_of(campaign: Campaign) -> SurveySheet:
    if campaign.survey is None:
        text = "The campaign has no survey; name its file and columns on a sheet Survey (see Help)."
        raise WorkbookError(campaign.workbook, (Problem("Survey", text),))
    return campaign.survey


def with_survey_notices(campaign: Campaign, folder: Path) -> Campaign:
    """A campaign whose survey was opened and read: what must be said of it stands among the notices.

    A survey that is not there is a notice too, where a plan does without it. Raises WorkbookError with every problem of
    the sheet Survey with its file.
    """
    if campaign.respondents is not None:
        return campaign
    sheet = _sheet_of(campaign)
    if not (folder / sheet.file).exists():
        gone = f"{sheet.file_cell}: there is no file {sheet.file} beside the campaign; the sheet Survey was not tried."
        return campaign.noticed(gone)
    answers = answers_of(sheet, survey_of(sheet, folder), campaign.brief.universe_000)
    return campaign.noticed(*answers.notices)
