"""Scenarios of a campaign, asked one after the other: other budgets, prices, rules, weights, goals or floors.

People and reach are calibrated once, one programme stays alive, and each scenario starts from a neighbour's plans:

    prepared = prepare(campaign)
    scenarios = [changed(prepared, each) for each in campaigns]
    relaxation = relaxation_for(prepared, scenarios)
    solved = None
    for scenario in scenarios:                          neighbours next to each other
        solved = answer(scenario, relaxation, solved)

An answer has customers first, the ordinary and the tailored plan, each certified to the gap asked and no further; no
plan of most impressions, and no break-even. What a scenario does not change is not asked again: customers first where
only weights, word of mouth or the share to keep differ from its neighbour's, the ordinary plan where the share to keep
is the same too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.programme.relaxation import Relaxation
from models.reach.gamma import BETWEEN
from models.search.allocate import strategy_of
from planner.campaign.influence import shrinks_indices
from planner.campaign.inputs import Campaign, VehicleRow
from planner.campaign.population import media_that_state_repeat, retuned, with_audiences_of
from planner.campaign.prepare import Prepared, prepare
from planner.campaign.segment_traits import segment_traits
from planner.planning.options import Clock, Options
from planner.planning.questions import Solved, other_questions
from planner.planning.solve import Ask, Known, best_plans, cheapest, nearest

_SPACING = 1e-3  # of a curve's level: a tangent so near to another is left out; bounds loosen by 5e-7 at most


def answer(
    prepared: Prepared,
    relaxation: Relaxation | None,
    neighbour: Solved | None = None,
    options: Options | None = None,
    starts: Sequence[FloatArray] = (),
) -> Solved:
    """A scenario's plans, within the gap of `options`. relaxation: the sweep's (`relaxation_for`), which is asked about
    this scenario. neighbour: the answer to one like it, whose plans need not keep this one's rules. starts: further
    plans (plan_size,) that the tailored one must not be worth less than, where they keep the rules: so the ordinary
    plan is not shown in its place then.

    Raises NoPlan, with what conflicts unless `options` say not to explain.
    """
    options = options or Options()
    ask = Ask(prepared, options, Clock(options.seconds), relaxation, quick=True)
    known = Known() if neighbour is None else _known_from(neighbour, prepared)
    known = replace(known, tailored=(*known.tailored, *starts))
    if prepared.problem.objective.saves_money:
        return replace(cheapest(ask, known.tailored), campaign=prepared.campaign)
    found = best_plans(ask, known)
    return replace(found if starts else nearest(found), campaign=prepared.campaign)


def relaxation_for(
    prepared: Prepared, scenarios: Sequence[Prepared] = (), solver: str = "highs"
) -> Relaxation | None:
    """A live programme with room for a campaign and its scenarios, which may be asked in any order; one of other
    people it states anew when it is asked about it. None where the question's own is stated: on respondents."""
    if strategy_of(prepared.problem) == "respondents":
        return None
    alike = [each for each in scenarios if each.people.model is prepared.people.model]
    room = [question for each in (prepared, *alike) for question in (each.problem, *other_questions(each))]
    return Relaxation(prepared.problem, room, solver, spacing=_SPACING)


def changed(prepared: Prepared, campaign: Campaign) -> Prepared:
    """A campaign made ready, with the people of another where nothing changed that they are made of: what money buys,
    rules, goals, weights and word of mouth may change. A campaign without respondents has the other's: they need not
    travel with each question. Raises WorkbookError."""
    before, lowered = prepared.campaign, prepared.people.model.lowered
    if campaign.respondents is None:
        campaign = replace(campaign, respondents=before.respondents)
    if _makes_people(campaign, lowered) != _makes_people(before, lowered):
        return prepare(campaign)
    people = prepared.people
    if _makes_weights(campaign) != _makes_weights(before):
        people = retuned(people, campaign)
    if any(goal.audience not in people.masks for goal in campaign.goals):
        people = with_audiences_of(people, campaign)
    return prepare(campaign, people)


def _known_from(solved: Solved, prepared: Prepared) -> Known:
    """What a neighbour's answer tells a scenario: plans to start from, and answers to the same questions."""
    best, ordinary = solved.for_customers, solved.ordinary
    known = Known(() if best is None else (best.decision,), (ordinary.decision,), (solved.tailored.decision,))
    if not _same_but_tailored(solved, prepared):
        return known
    if best is not None and best.optimal and prepared.campaign.brief.customers_first > 0:
        known = replace(known, for_customers=best)
    return replace(known, best_ordinary=ordinary) if _ordinary_is_settled(solved, prepared) else known


def _same_but_tailored(solved: Solved, prepared: Prepared) -> bool:
    """Whether a neighbour differs in nothing that reach depends on, or that an untailored plan must satisfy."""
    same_people = solved.problem.model is prepared.problem.model
    if solved.campaign is None or not same_people or solved.problem.objective.saves_money:
        return False
    return _untailored(prepared.campaign) == _untailored(solved.campaign)


def _ordinary_is_settled(solved: Solved, prepared: Prepared) -> bool:
    """Whether a neighbour's ordinary plan is the best here too: certified, with as many customers kept, of the best."""
    assert solved.campaign is not None
    kept, best = prepared.campaign.brief.customers_first, solved.for_customers
    same_floor = kept == solved.campaign.brief.customers_first and (best is None or best.optimal)
    return same_floor and solved.ordinary.optimal


def _untailored(campaign: Campaign) -> Campaign:
    """A campaign without all that only the tailored plan looks at, and without the share of customers to keep."""
    brief = replace(
        campaign.brief,
        customers_first=0.0,
        influence_preset="moderate",
        campaign="",
        client="",
        objective="reach",
    )
    traits = tuple(replace(row, weight=None) for row in campaign.traits)
    return replace(campaign, brief=brief, traits=traits, influence=(), defaults=(), notices=())


def _makes_people(campaign: Campaign, lowered: Mapping[str, float]) -> tuple[object, ...]:
    """All that segments, audiences and reach depend on. lowered: duplications that are more than audiences can have,
    by medium, and what they were lowered to."""
    brief = campaign.brief
    media = tuple(
        replace(row, duplication=min(row.duplication, lowered.get(row.name, np.inf)))
        for row in campaign.media
    )
    between = min(campaign.between_media, lowered.get(BETWEEN, np.inf))
    return (
        (brief.category, brief.universe_000, brief.target_audience),
        tuple(replace(row, weight=None) for row in campaign.traits),
        campaign.overlaps,
        campaign.audiences,
        (media, media_that_state_repeat(campaign), between),
        tuple(_unpriced(row) for row in campaign.vehicles),
        (campaign.composition_traits, campaign.composition),
        (campaign.types, campaign.pairs, shrinks_indices(campaign)),
        tuple(row.name for row in segment_traits(campaign)),
    )


def _unpriced(row: VehicleRow) -> VehicleRow:
    """A vehicle's row without what concerns the buy only."""
    return replace(
        row, unit_cost=None, maximum=0.0, genre="", groups=(), discount=0.0, audience_base="", minimum=0.0,
        locked=None, must_buy=False, basis="", source="", fixed_cost=0.0, smallest_buy=0.0, issue_dates="", issues=(),
        cpp=None,
    )  # fmt: skip


def _makes_weights(campaign: Campaign) -> tuple[object, ...]:
    """All that weights and word of mouth depend on besides."""
    weights = tuple(row.weight for row in campaign.traits)
    return (weights, campaign.influence, campaign.brief.influence_preset, campaign.brief.weeks)
