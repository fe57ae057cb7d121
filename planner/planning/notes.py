"""What a plan's calculation assumed beyond the sheets, each note with its subject."""

from collections.abc import Sequence

from models.problem.certificate import Allocation
from models.respondents.model import RespondentModel
from planner.campaign.inputs import Campaign
from planner.campaign.population import Population
from planner.campaign.prepare import Prepared
from planner.formats import count_of
from planner.names import listing


def notes_of(prepared: Prepared, allocation: Allocation) -> tuple[tuple[str, str], ...]:
    """What the calculation assumed beyond the sheets."""
    people = prepared.people
    return (
        *(("Reach", text) for text in people.model.notes),
        *(("Composition", text) for text in people.shrinkage_notes),
        *_people_notes(prepared),
        *_weight_notes(people),
        *_price_notes(prepared.campaign),
        *_several_contacts(prepared),
        (
            "Certificate",
            f"{allocation.rounds} linear programmes and {allocation.searches} whole-number searches; the bound "
            "comes from the programme with tangents above every curve, the value from the exact model.",
        ),
    )


def _people_notes(prepared: Prepared) -> list[tuple[str, str]]:
    """Who is planned on, and how reach comes from them."""
    people = prepared.people
    traits = ", ".join(row.name for row in people.traits) or "none"
    if isinstance(people.model, RespondentModel):
        return _respondents_notes(prepared.campaign, people.segments.names, traits)
    return [
        ("Segments", f"{count_of(len(people.segments.names), 'segment')} from the traits in use: {traits}."),
        (
            "Reach",
            "Nested gamma model, calibrated exactly to every rating, repeat audience and duplication; "
            "reach, frequency and the distribution come from it, never from the linear programme.",
        ),
    ]


def _weight_notes(people: Population) -> list[tuple[str, str]]:
    if people.masks.get("influencers") is None:
        return []
    weights = sorted({round(float(w), 4) for w in people.weights})
    return [("Influence", f"Influence weights of segments: {', '.join(f'{w:g}' for w in weights)}.")]


def _price_notes(campaign: Campaign) -> list[tuple[str, str]]:
    packaged = {name for package in campaign.packages for name in package.vehicles}
    blank = [v.name for v in campaign.vehicles if v.unit_cost is None and v.name not in packaged]
    return [("Prices", f"Not quoted, so never bought: {listing(blank, 8)}.")] if blank else []


def _respondents_notes(campaign: Campaign, merged: Sequence[str], traits: str) -> list[tuple[str, str]]:
    """Who was planned on. merged: identical respondents as one."""
    assert campaign.respondents is not None
    asked, base = len(campaign.respondents), campaign.respondents.effective_base()
    return [
        (
            "Survey",
            f"{asked:,} respondents, effective base {base:,.0f}; {len(merged):,} where identical ones are one. Traits: "
            f"{traits}.",
        ),
        (
            "Reach",
            "Exact under each respondent's own probabilities: not reached = product of (1 - p)^insertions.",
        ),
    ]


def _several_contacts(prepared: Prepared) -> list[tuple[str, str]]:
    """What is approximated where people count who are met several times, and what the bound is then."""
    problem = prepared.problem
    objective = problem.objective.effective
    times = sorted({goal.times for goal in problem.effective} | ({objective.times} if objective else set()))
    if not any(n > 1 for n in times):
        return []
    often = " and ".join(f"{n}+" for n in times)
    return [
        (
            "Effective reach",
            f"{often} reach is exact in every figure, from the distribution of contacts. It is not concave, so no "
            "programme finds its best plan: the programme takes the smaller of reach and contacts per person / n "
            "for it, and local search on the exact figure starts from its plan, from the reach plan and from plans "
            "bought greedily for n+ and for contacts up to the n-th.",
        ),
        (
            "Effective reach",
            "The bound is that of the programme, with planes above n+ reach where insertions are whole: an upper limit "
            "on every plan, loose by its nature, that no longer search would close. A plan worth more than this one "
            "may exist that the search has missed.",
        ),
    ]
