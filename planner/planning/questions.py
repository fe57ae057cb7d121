"""What is asked of a campaign, and the plans that answer it. Nothing is solved here: plans read back from a workbook
are answers too."""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from models.problem.certificate import Allocation
from models.problem.goals import Floor
from models.problem.objectives import impressions_objective, reach_objective
from models.problem.problem import Problem
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, ordinary_objective
from planner.planning.results import CustomersFirst

if TYPE_CHECKING:  # plans read back need no solver
    from models.programme.relaxation import Relaxation

CUSTOMERS_FIRST = "customers first"  # the id of its floor


@dataclass(frozen=True, eq=False)
class Solved:
    """The plans found. problem: the tailored one, with its customers-first floor. Where the tailored plan does
    not beat the ordinary one by more than both gaps, and the ordinary one is within the gap asked, that is
    shown as the tailored one: of all plans within the gap it is the nearest to itself. relaxation: the campaign's,
    which answered them all and may be asked again; None where they were read back from a workbook. for_customers: the
    plan that reaches most customers, None where they do not come first. impressions: None where it was not asked for.
    campaign: that they are of, where a scenario was asked. calendar_cut_short: time ended the search for the weeks of
    the tailored plan.
    """

    problem: Problem
    customers: CustomersFirst | None
    ordinary: Allocation
    tailored: Allocation
    impressions: Allocation | None
    relaxation: "Relaxation | None"
    for_customers: Allocation | None = None
    campaign: Campaign | None = None
    calendar_cut_short: bool = False


def other_questions(prepared: Prepared) -> list[Problem]:
    """What is asked of a campaign beside its tailored plan: the relaxation has room for all of them."""
    first = customer_problem(prepared)
    return [ordinary_problem(prepared), *([] if first is None else [first])]


def ordinary_problem(prepared: Prepared) -> Problem:
    """Most reach of the target audience."""
    problem = prepared.problem
    return replace(problem, objective=ordinary_objective(prepared.people, problem.n_vehicles))


def plain_problem(prepared: Prepared) -> Problem:
    """Most impressions for the money."""
    people = prepared.people
    weights, rating = people.target.astype(float), people.model.audiences.contacts
    return replace(prepared.problem, objective=impressions_objective(people.segments, weights, rating))


def customer_problem(prepared: Prepared) -> Problem | None:
    """The most customers reached, under every floor but their own; None where nobody comes first."""
    customers = prepared.people.customers
    if customers is None or prepared.campaign.brief.customers_first <= 0:
        return None
    n, weights = prepared.problem.n_vehicles, customers.astype(float)
    objective = reach_objective("reach", "", prepared.people.segments, weights, n)
    return replace(prepared.problem, objective=objective, floors=_other_floors(prepared.problem))


def customer_floor(problem: Problem) -> Floor | None:
    """The floor of customers first, where plans are made under one."""
    return next((floor for floor in problem.floors if floor.id == CUSTOMERS_FIRST), None)


def floored(prepared: Prepared, least: float | None) -> Prepared:
    """With a floor of customers first at so many people (000); None = as it is."""
    customers = prepared.people.customers
    if least is None or customers is None:
        return prepared
    floor = Floor(CUSTOMERS_FIRST, prepared.people.segments.population * customers, least)
    problem = replace(prepared.problem, floors=(*_other_floors(prepared.problem), floor))
    return replace(prepared, problem=problem)


def _other_floors(problem: Problem) -> tuple[Floor, ...]:
    return tuple(floor for floor in problem.floors if floor.id != CUSTOMERS_FIRST)


def customers_first(prepared: Prepared, best: Allocation) -> tuple[CustomersFirst, Prepared]:
    """What the Brief keeps of the best customer reach found, and the campaign with a floor at that."""
    customers = prepared.people.customers
    assert customers is not None
    least = prepared.campaign.brief.customers_first * best.value
    people = float(prepared.people.segments.population[customers].sum())
    value = prepared.problem.value(best.decision)
    kept = CustomersFirst(best.value / people, 0.0, least / people, value_at_best=value)
    return kept, floored(prepared, least)


def keeping_customers(prepared: Prepared, first: CustomersFirst | None) -> Prepared:
    """With the floor of customers first that a plan was made under: so many people, whatever changes."""
    customers = prepared.people.customers
    if first is None or customers is None:
        return prepared
    return floored(prepared, first.floor * float((prepared.people.segments.population * customers).sum()))


def customers_kept_words(campaign: Campaign) -> str:
    """What the floor of customers first asks, for people."""
    return f"{100 * campaign.brief.customers_first:g} % of the best customer reach is kept"
