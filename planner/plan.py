"""The whole story on one page: a campaign in, a certified plan with its figures out.

campaign -> population (segments, reach) -> rules -> customers first -> allocation -> figures
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.metadata import version

import numpy as np

from models.allocation import Settings, allocate
from models.arrays import FloatArray
from models.certificate import Allocation
from models.conflict import conflicting_rules
from models.errors import InfeasiblePlan, InvalidInput
from models.objectives import Objective, impressions_objective, reach_objective
from models.problem import Floor, Problem
from models.solver import SolverName
from planner.errors import Problem as WorkbookProblem
from planner.errors import WorkbookError
from planner.figures import audience_figures, vehicle_figures
from planner.inputs import Campaign
from planner.population import Population, build_population
from planner.results import CustomersFirst, PlanResult, Run
from planner.rulebook import Rulebook, build_rulebook


@dataclass(frozen=True)
class Options:
    """How to plan, beside what the campaign says. gap: relative (0.001 = 0.1 %). seconds: time limit."""

    gap: float = 1e-3
    seconds: float = 300.0
    solver: SolverName = "highs"
    progress: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, eq=False)
class Prepared:
    """A campaign ready to be planned or evaluated."""

    campaign: Campaign
    people: Population
    rulebook: Rulebook
    problem: Problem


def make_plan(campaign: Campaign, options: Options, fingerprint: str = "") -> PlanResult:
    """The best plan of a campaign, with its certificate.

    Raises InfeasiblePlan (rules: the conflicting ones, in words with their cells) and WorkbookError.
    """
    clock = _Clock(options.seconds)
    prepared = prepare(campaign)
    clock.lap("calibrate")
    _check_possible(prepared)
    first, problem, starts = _customers_first(prepared, options, clock)
    options.progress("planning")
    allocation = _allocate(prepared, problem, options, clock.left(), starts)
    clock.lap("allocate")
    return _report(prepared, allocation.insertions, allocation, first, clock, options, fingerprint)


def evaluate_plan(
    campaign: Campaign, insertions: FloatArray, optimised: FloatArray, options: Options, fingerprint: str = ""
) -> PlanResult:
    """The figures of given insertions (n_vehicles,), and how far they are from the best plan.

    A plan that breaks a rule is reported as broken, beside the bound over plans that keep them.
    """
    clock = _Clock(options.seconds)
    prepared = prepare(campaign)
    clock.lap("calibrate")
    whole = campaign.brief.whole and bool(np.all(insertions == np.round(insertions)))
    prepared = replace(prepared, problem=replace(prepared.problem, whole=whole))
    first, given = _against_the_best(prepared, insertions, options, clock)
    clock.lap("allocate")
    return _report(prepared, insertions, given, first, clock, options, fingerprint, optimised)


def _against_the_best(
    prepared: Prepared, insertions: FloatArray, options: Options, clock: "_Clock"
) -> tuple[CustomersFirst | None, Allocation]:
    """Given insertions with the bound over plans that keep the rules; infinite where no plan keeps them."""
    value = prepared.problem.value(insertions)
    try:
        _check_possible(prepared)
        first, problem, starts = _customers_first(prepared, options, clock)
        best = _allocate(prepared, problem, options, clock.left(), [*starts, *_usable(problem, insertions)])
    except InfeasiblePlan:
        return None, Allocation(insertions, value, np.inf, options.gap)
    return first, replace(best, insertions=insertions, value=value)


def prepare(campaign: Campaign) -> Prepared:
    """People, reach, rules and objective. Raises WorkbookError where the model finds a figure impossible."""
    try:
        people = build_population(campaign)
    except InvalidInput as error:
        raise WorkbookError(
            campaign.workbook, (WorkbookProblem(cell_of(campaign, error.subject), str(error)),)
        ) from error
    rulebook = build_rulebook(campaign)
    problem = Problem(
        people.model,
        np.where(np.isnan(rulebook.cost), 1.0, rulebook.cost),
        rulebook.buyable,
        objective_of(campaign, people),
        rulebook.rules,
        whole=campaign.brief.whole,
    )
    return Prepared(campaign, people, rulebook, problem)


def objective_of(campaign: Campaign, people: Population) -> Objective:
    """The Brief's objective over its target audience."""
    n = len(campaign.vehicles)
    name = campaign.brief.objective
    if name == "impressions":
        return impressions_objective(people.segments, people.weights, people.model.audiences.rating)
    if name == "reach":
        return reach_objective(
            name, "thousand people reached", people.segments, people.target.astype(float), n
        )
    return reach_objective(
        name, "thousand people reached, influence-weighted", people.segments, people.weights, n
    )


def cell_of(campaign: Campaign, subject: tuple[str, ...]) -> str:
    """The cell that a model's message is about; the sheet's name where no single cell is."""
    pairs = [(a, b) for a in subject for b in subject]
    keys = [("Composition", a, b) for a, b in pairs]
    keys += [("Overlaps", f"{a} / {b}", "share") for a, b in pairs]
    keys += [("Media", a, "duplication") for a in subject] + [("Traits", a, "share") for a in subject]
    if "between media" in subject:
        keys.append(("Media", "between media", "duplication"))
    keys += [("Vehicles", a, attribute) for a in subject for attribute in ("repeat", "audience_000")]
    return next((campaign.cells[key] for key in keys if key in campaign.cells), "")


def _check_possible(prepared: Prepared) -> None:
    """What arithmetic alone shows to be impossible, before any solving."""
    campaign, cost = prepared.campaign, prepared.rulebook.cost
    offered = np.where(prepared.rulebook.buyable > 0, cost, np.nan)
    if np.isnan(offered).all():
        raise InfeasiblePlan("No vehicle has a price and can be bought, so there is nothing to plan.")
    cheapest = int(np.nanargmin(offered))
    if campaign.brief.budget < offered[cheapest] * (1 - 1e-12):
        raise InfeasiblePlan(
            f"The budget of {campaign.brief.budget:,.0f} {campaign.brief.currency} "
            f"({prepared.rulebook.cells['budget']}) buys nothing: the cheapest insertion is "
            f"{campaign.vehicles[cheapest].name} at {offered[cheapest]:,.2f}."
        )
    least = prepared.problem.system.lower
    needed = float(np.nansum(np.where(least > 0, least * cost, 0.0)))
    if needed > campaign.brief.budget * (1 + 1e-9):
        raise InfeasiblePlan(
            f"Minimums, must-buys and locked insertions add up to {needed:,.0f}; the budget is "
            f"{campaign.brief.budget:,.0f} ({prepared.rulebook.cells['budget']}).",
            _conflict(prepared),
        )


def _conflict(prepared: Prepared) -> tuple[str, ...]:
    """The conflicting rules in the planner's words, each with its cell."""
    return tuple(
        f"{prepared.rulebook.cells[rule.id]}: {rule.sentence()}"
        for rule in conflicting_rules(prepared.problem)
    )


def _allocate(
    prepared: Prepared, problem: Problem, options: Options, seconds: float, starts: list[FloatArray]
) -> Allocation:
    settings = Settings(options.gap, seconds, options.solver, options.progress)
    try:
        return allocate(problem, settings, starts)
    except InfeasiblePlan as error:
        rules = _conflict(prepared)
        raise InfeasiblePlan("No plan satisfies the campaign: these rules cannot all hold.", rules) from error


def _usable(problem: Problem, insertions: FloatArray) -> list[FloatArray]:
    return [] if problem.broken(insertions) else [insertions]


def _customers_first(
    prepared: Prepared, options: Options, clock: "_Clock"
) -> tuple[CustomersFirst | None, Problem, list[FloatArray]]:
    """First the best reach among customers; then they may not fall below what the Brief keeps of it."""
    keep, customers = prepared.campaign.brief.customers_first, prepared.people.customers
    if customers is None or keep <= 0:
        return None, prepared.problem, []
    options.progress("customers first")
    segments = prepared.people.segments
    objective = reach_objective("reach", "", segments, customers.astype(float), prepared.problem.n_vehicles)
    best = _allocate(prepared, replace(prepared.problem, objective=objective), options, clock.left() / 2, [])
    clock.lap("customers first")
    people = float(segments.population[customers].sum())
    floor = Floor("customers first", segments.population * customers, keep * best.value)
    problem = replace(prepared.problem, floors=(floor,))
    return CustomersFirst(best.value / people, 0.0, keep * best.value / people), problem, [best.insertions]


def _report(
    prepared: Prepared,
    insertions: FloatArray,
    allocation: Allocation,
    first: CustomersFirst | None,
    clock: "_Clock",
    options: Options,
    fingerprint: str,
    optimised: FloatArray | None = None,
) -> PlanResult:
    """Everything a plan reports, every figure from the exact model."""
    campaign, people = prepared.campaign, prepared.people
    audiences = audience_figures(people, insertions)
    if first is not None:
        kept = next(audience.reach_share for audience in audiences if audience.name == "customers")
        first = replace(first, kept=kept)
    outcomes = prepared.rulebook.outcomes(insertions)
    before = insertions if optimised is None else optimised
    broken = any(not outcome.holds for outcome in outcomes)
    objective = prepared.problem.objective
    clock.lap("figures")
    return PlanResult(
        campaign=campaign,
        status="broken" if broken else "optimal" if allocation.optimal else "feasible",
        objective=objective.name,
        value=allocation.value,
        value_unit=objective.unit,
        bound=allocation.bound,
        gap=allocation.gap,
        gap_asked=allocation.gap_asked,
        cost=float(np.nansum(np.where(insertions > 0, prepared.rulebook.cost * insertions, 0.0))),
        vehicles=vehicle_figures(campaign, people, prepared.rulebook, insertions, before),
        audiences=audiences,
        customers_first=first,
        rules=outcomes,
        notes=_notes(prepared, allocation),
        run=Run(clock.seconds, _versions(), options.solver),
        fingerprint=fingerprint,
        edits=tuple(v.name for v, a, b in zip(campaign.vehicles, insertions, before, strict=True) if a != b),
        timed_out=allocation.timed_out,
    )


def _notes(prepared: Prepared, allocation: Allocation) -> tuple[tuple[str, str], ...]:
    """What the calculation assumed beyond the sheets."""
    people, model = prepared.people, prepared.people.model
    notes = [("Reach", text) for text in model.notes]
    traits = ", ".join(row.name for row in people.traits) or "none"
    notes.append(("Segments", f"{len(people.segments.names)} segments from the traits {traits}."))
    notes.append(
        (
            "Reach",
            "Nested gamma model, calibrated exactly to every rating, repeat audience and duplication; "
            "reach, frequency and the distribution come from it, never from the linear programme.",
        )
    )
    if people.masks.get("influencers") is not None:
        weights = sorted({round(float(w), 4) for w in people.weights})
        notes.append(("Influence", f"Influence weights of segments: {', '.join(f'{w:g}' for w in weights)}."))
    blank = [v.name for v in prepared.campaign.vehicles if v.unit_cost is None]
    if blank:
        notes.append(("Prices", f"Not quoted, so never bought: {', '.join(blank)}."))
    notes.append(
        (
            "Certificate",
            f"{allocation.rounds} linear programmes and {allocation.searches} whole-number searches; the bound comes "
            "from the programme with tangents above every curve, the value from the exact model.",
        )
    )
    return tuple(notes)


def _versions() -> dict[str, str]:
    packages = ("influencer-media-planner", "pulp", "highspy", "numpy", "scipy")
    return {name: version(name) for name in packages}


class _Clock:
    """Seconds by step, and how many are left of a limit."""

    def __init__(self, limit: float) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()
        self._end = self._last + limit

    def left(self) -> float:
        """Seconds until the limit; never so few that nothing can be tried."""
        return max(self._end - time.perf_counter(), 0.05)

    def lap(self, step: str) -> None:
        """The time since the last lap belongs to this step."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now
