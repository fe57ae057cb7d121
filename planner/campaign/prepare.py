"""A campaign made ready for the models: people, rules and objective."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from models.errors import InvalidInput, RepeatTooLow
from models.problem.objectives import (
    Objective,
    cost_objective,
    effective_objective,
    impressions_objective,
    reach_objective,
    word_of_mouth_objective,
)
from models.problem.offer import idle_rules
from models.problem.problem import Problem
from models.reach.gamma import BETWEEN
from models.rules.rule import Rule
from planner.campaign.influence import parameter_used
from planner.campaign.inputs import MOST_INSERTIONS, Campaign, Default
from planner.campaign.population import Population
from planner.campaign.respondents import people_of
from planner.campaign.rulebook import Goalbook, Rulebook, build_goalbook, build_rulebook
from planner.campaign.segment_traits import without_segments
from planner.errors import Problem as WorkbookProblem
from planner.errors import WorkbookError
from planner.names import listing

_RULES_TOLD = 2  # of several


@dataclass(frozen=True, eq=False)
class Prepared:
    """A campaign ready to be planned or evaluated."""

    campaign: Campaign
    people: Population
    rulebook: Rulebook
    goals: Goalbook
    problem: Problem

    def noticed(self, *notices: str) -> "Prepared":
        """With more that the planner should know."""
        return replace(self, campaign=self.campaign.noticed(*notices))

    @property
    def cells(self) -> Mapping[str, str]:
        """The cell behind each rule and goal."""
        return {**self.rulebook.cells, **self.goals.cells}

    def rule(self, rule_id: str) -> Rule:
        """The rule or goal of an id."""
        return next(rule for rule in self.problem.all_rules if rule.id == rule_id)

    def told(self, rule: Rule) -> str:
        """A rule or goal in words, with its cell."""
        cell = self.cells[rule.id]
        return f"{rule.sentence()} ({cell})" if cell else rule.sentence()

    def told_together(self, rules: Sequence[Rule]) -> str:
        """The first of some rules or goals in words, with their cells; "" of none."""
        return " and ".join(map(self.told, rules[:_RULES_TOLD]))


def prepare(campaign: Campaign, people: Population | None = None) -> Prepared:
    """People (segments, or the survey's respondents where the campaign is planned on them), reach, rules and objective.
    people: of the same campaign at other prices or rules, to be used again. Raises WorkbookError where the model finds
    a figure impossible."""
    try:
        people = people_of(campaign) if people is None else people
    except InvalidInput as error:
        raise WorkbookError(campaign.workbook, _told(campaign, error), campaign.notices) from error
    if not people.target.any():
        target = campaign.brief.target_audience
        cell = campaign.brief_cell("target_audience")
        raise WorkbookError(
            campaign.workbook, (WorkbookProblem(cell, f'Nobody is in the target audience "{target}".'),)
        )
    rulebook = build_rulebook(campaign)
    objective = objective_of(campaign, people)
    counts = objective.counts_reach or objective.saves_money or (objective.insertion_worth > 0).any()
    if not counts:
        text = "Nobody in the target audience counts: every weight there is 0; give a trait a weight above 0."
        raise WorkbookError(campaign.workbook, (WorkbookProblem("Traits", text),))
    goals = build_goalbook(campaign, people)
    problem = Problem(
        people.model,
        rulebook.tariff,
        # Most insertions are a rule like any other, so that a conflict can name them; no price is not.
        np.where(rulebook.buyable > 0, np.maximum(rulebook.buyable, MOST_INSERTIONS), 0.0),
        objective,
        (*rulebook.rules, *goals.contacts),
        goals.floors,
        campaign.brief.whole,
        goals.effective,
    )
    campaign = _with_raised_repeats(_with_lowered_duplication(campaign, people), people)
    campaign = campaign.noticed(*_of_people(campaign, people))
    campaign = _with_idle_rules(campaign, rulebook, goals, problem)
    return Prepared(campaign, people, rulebook, goals, problem)


def _told(campaign: Campaign, error: InvalidInput) -> tuple[WorkbookProblem, ...]:
    """What a model refuses, at the cells that it is about and in their terms."""
    if not isinstance(error, RepeatTooLow):
        text = str(error)
        return (WorkbookProblem(cell_of(campaign, error.subject), text[:1].upper() + text[1:]),)
    rows = {row.name: row for row in campaign.vehicles}
    problems = []
    for name, seen in error.least.items():
        least = seen / rows[name].ad_seen  # the sheet's is of the whole audience
        shared = (
            f"already share {least:.1%}; state at least that, or leave it blank"
            if least < 1
            else "share all there is, and more, by the medium's duplication and Ad seen %; leave it blank"
        )
        text = (
            f'The repeat audience of "{name}" is {rows[name].repeat:.1%}, but two vehicles of its size and medium '
            f"{shared}."
        )
        problems.append(WorkbookProblem(cell_of(campaign, (name,)), text))
    return tuple(problems)


def _with_lowered_duplication(campaign: Campaign, people: Population) -> Campaign:
    """The campaign with the duplications that its audiences can have, where one is more than that; it is told."""
    lowered = people.model.lowered
    if not lowered:
        return campaign
    stated = {row.name: row.duplication for row in campaign.media} | {BETWEEN: campaign.between_media}

    def told(default: Default) -> Default:
        if (default.sheet, default.attribute) != ("Media", "duplication") or default.row not in lowered:
            return default
        used = lowered[default.row]
        text = (
            f"{default.row}: duplication {used:.4g}, lowered: the default is {stated[default.row]:g}, and these "
            f"audiences cannot share more than {used:.4g} times chance. To change it, write a Duplication in the "
            f'row "{default.row}" of the sheet Media.'
        )
        return replace(default, text=text)

    assumed = {d.row for d in campaign.defaults if (d.sheet, d.attribute) == ("Media", "duplication")}
    notices = tuple(
        f"{campaign.cells.get(('Media', name, 'duplication'), 'Media')}: the Duplication of {name}, {stated[name]:g}, "
        f"is more than these audiences can share; {used:.4g}, the most they can, was taken."
        for name, used in lowered.items()
        if name not in assumed
    )
    media = tuple(replace(row, duplication=lowered.get(row.name, row.duplication)) for row in campaign.media)
    return replace(
        campaign,
        media=media,
        between_media=lowered.get(BETWEEN, campaign.between_media),
        defaults=tuple(told(default) for default in campaign.defaults),
    ).noticed(*notices)


def _with_raised_repeats(campaign: Campaign, people: Population) -> Campaign:
    """The campaign, told which assumed repeat audiences were raised for the contacts that its units give."""
    raised = people.model.raised
    if not raised:
        return campaign
    rows = {row.name: row for row in campaign.vehicles}
    told = tuple(
        Default(
            "Vehicles",
            name,
            "repeat",
            f"repeat audience {100 * repeat / rows[name].ad_seen:.3g} %, raised: {rows[name].contacts:g} contacts for "
            "each person reached leave room for no less. To change it, write its Repeat audience %",
        )
        for name, repeat in raised.items()
    )
    before = (
        d
        for d in campaign.defaults
        if (d.sheet, d.attribute) != ("Vehicles", "repeat") or d.row not in raised
    )
    return replace(campaign, defaults=(*before, *told))


def _of_people(campaign: Campaign, people: Population) -> Iterator[str]:
    """Which traits make no segments, which samples were not taken as they stand, which weights are not used."""
    left_out = "" if campaign.respondents is not None else without_segments(campaign)
    if left_out:
        yield left_out
    if people.moved:
        yield (
            f"Composition of {listing(people.moved, 8)}: audiences of these types cannot be composed as the sample "
            "says; it was moved towards what the types imply."
        )
    given = [row.name for row in campaign.traits if row.weight is not None]
    if given and campaign.brief.objective not in ("influence", "impressions"):
        cells = ", ".join(campaign.cells.get(("Traits", name, "weight"), name) for name in given)
        yield f"The objective {campaign.brief.objective} does not use the weights of traits ({cells})."


def _with_idle_rules(campaign: Campaign, rulebook: Rulebook, goals: Goalbook, problem: Problem) -> Campaign:
    """The campaign, told which of its rules every plan keeps anyway. A rule that holds value by value (per group) is
    told where none of its values matters."""
    idle, cells = idle_rules(problem), {**rulebook.cells, **goals.cells}
    rows: dict[tuple[str, str], list[Rule]] = {}
    for rule in problem.rules:
        if rule.rows():
            rows.setdefault((cells[rule.id], rule.rows()[-1].sense), []).append(rule)
    said = []
    for (cell, sense), rules in rows.items():
        if all(rule.id in idle for rule in rules):
            what = "forbids nothing: no plan can have" if sense == "<=" else "asks for nothing: no plan has"
            said.append(f"{cell}: {rules[0].sentence()}. This {what} {'more' if sense == '<=' else 'less'}.")
    return replace(campaign, notices=tuple(dict.fromkeys((*campaign.notices, *said))))


def objective_of(campaign: Campaign, people: Population) -> Objective:
    """The Brief's objective over its target audience."""
    n, segments = len(campaign.vehicles), people.segments
    name = campaign.brief.objective
    if name == "impressions":
        return impressions_objective(segments, people.weights, people.model.audiences.contacts)
    if name == "word of mouth":
        omega = parameter_used(campaign, "worth")
        return word_of_mouth_objective(segments, people.target, people.talk, omega, n)
    if name == "reach":
        return ordinary_objective(people, n)
    if name == "effective reach":
        return effective_objective(segments, people.target, campaign.brief.effective_frequency, n)
    if name == "minimum cost":
        return cost_objective(len(segments.population), n, campaign.brief.currency)
    return reach_objective(name, "thousand people reached, influence-weighted", segments, people.weights, n)


def ordinary_objective(people: Population, n_vehicles: int) -> Objective:
    """Most reach of the target audience: every weight 1, no word of mouth."""
    target = people.target.astype(float)
    return reach_objective("reach", "thousand people reached", people.segments, target, n_vehicles)


# Sheets with the columns of a row that a message may be about.
_ROWS = (
    ("Media", "duplication"),
    ("Traits", "share"),
    ("Influence", "used"),
    ("Vehicles", "repeat", "audience_000"),
)


def cell_of(campaign: Campaign, subject: tuple[str, ...]) -> str:
    """The cell that a model's message is about; "" where no single cell is."""
    return next((campaign.cells[cell] for cell in _keys(subject) if cell in campaign.cells), "")


def _keys(subject: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    """Where names may stand, the likeliest first: both in one cell, a pair's row, each one's own row."""
    pairs = list(product(subject, repeat=2))
    for sheet in ("Composition", "Types", "Vehicles"):
        yield from ((sheet, a, b) for a, b in pairs)
    yield from (("Overlaps", f"{a} / {b}", "share") for a, b in pairs)
    for sheet, *attributes in _ROWS:
        yield from product((sheet,), subject, attributes)
