"""Given insertions: their figures, and how far they are from the best plan, which is read back where the workbook
keeps it."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from models.arrays import FloatArray
from models.errors import InfeasiblePlan
from models.problem.certificate import Allocation
from models.programme.plans.completion import completed
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import Prepared, prepare
from planner.names import listing
from planner.planning.edits import edit_cost, edited_vehicles
from planner.planning.influence import Influence
from planner.planning.model_error import value_error
from planner.planning.options import Clock, Options
from planner.planning.proof import (
    Proof,
    outdone,
    parse_proof,
    proof_of,
    proof_text,
    solved_before,
    why_not_read,
)
from planner.planning.questions import Solved
from planner.planning.reported import beside_others, customers_kept, report_plan
from planner.planning.results import PlanResult
from planner.planning.turning import Sought


def evaluate_plan(
    campaign: Campaign,
    insertions: FloatArray,
    optimised: FloatArray,
    options: Options,
    fingerprint: str = "",
    weekly: FloatArray | None = None,
    proof: str = "",
) -> PlanResult:
    """The figures of given insertions (n_vehicles,), and how far they are from the best plan. weekly:
    (n_vehicles, n_weeks) where the workbook says which week each stands in. proof: what the workbook keeps of the
    solving; where it is of this campaign, nothing is solved again.

    A plan that breaks a rule is reported as broken, beside the bound over plans that keep them; where no
    plan keeps them, there is no bound and no ordinary plan to compare with. Edits are given their cost.
    """
    clock = Clock(options.seconds)
    prepared = _for_whole_or_parts(prepare(campaign), insertions)
    clock.lap("prepare")
    # What was proven was proven of whole insertions, where the Brief asks for them.
    asked = prepared.problem.whole == campaign.brief.whole
    kept = parse_proof(proof) if asked else None
    before, plan = _before(prepared, kept, options.gap, insertions, weekly)
    anew = asked and before is None
    if proof and anew:
        prepared = prepared.noticed(why_not_read(prepared, kept, options.gap))
    given = Allocation(insertions, prepared.problem.value(plan), np.inf, options.gap, plan=plan)
    report = partial(
        report_plan,
        prepared,
        clock=clock,
        options=options,
        fingerprint=fingerprint,
        optimised=optimised,
        weekly=weekly,
    )
    try:
        if before is None:  # what solves is loaded only where nothing was kept
            from planner.planning.plan import solved_beside

            solved, sought = solved_beside(prepared, insertions, plan, options, clock)
        else:
            solved, sought = before, None
    except InfeasiblePlan:
        return _with_edit(report(given, None, None), None, 0.0)
    given = replace(solved.tailored, insertions=insertions, plan=plan, value=given.value)
    influence = _compared(prepared, solved, given, sought, clock)
    influence = _with_break_even_kept(influence, kept, before, insertions)
    result = report(given, customers_kept(prepared, solved, given), influence)
    result = replace(result, proof=proof, read_back=before is not None)
    if anew:
        found = proof_of(prepared, solved, options.gap, influence.break_even)
        result = replace(result, proof=proof_text(found))
    stated = completed(prepared.problem, optimised) if before is None else solved.tailored.decision
    error = value_error(prepared, insertions, optimised)
    return _with_edit(result, _best_found(solved, (plan, stated)), error)


def _before(
    prepared: Prepared, kept: Proof | None, gap: float, insertions: FloatArray, weekly: FloatArray | None
) -> tuple[Solved | None, FloatArray]:
    """What was proven before, None where it is not of this campaign or the insertions given are worth more than it
    says any can be; and the plan (plan_size,) of these insertions."""
    before = solved_before(prepared, kept, gap)
    plan = _decided(prepared, before, insertions, weekly)
    return (None if before is not None and outdone(before, plan) else before), plan


def _with_break_even_kept(
    influence: Influence, kept: Proof | None, before: Solved | None, insertions: FloatArray
) -> Influence:
    """The break-even found before, where the plan given is the one that it was found of."""
    if kept is None or before is None or not np.array_equal(insertions, before.tailored.insertions):
        return influence
    return replace(influence, break_even=kept.break_even)


def _for_whole_or_parts(prepared: Prepared, insertions: FloatArray) -> Prepared:
    """The campaign with fractions allowed where the insertions given (n_vehicles,) are not whole."""
    campaign = prepared.campaign
    whole = campaign.brief.whole and bool(np.all(insertions == np.round(insertions)))
    if campaign.brief.whole and not whole:
        parts = [v.name for v, x in zip(campaign.vehicles, insertions, strict=True) if x != np.round(x)]
        notice = f"Not whole, though the Brief asks for whole insertions: {listing(parts, 8)}. Compared with fractions."
        prepared = prepared.noticed(notice)
    return replace(prepared, problem=replace(prepared.problem, whole=whole))


def _decided(
    prepared: Prepared, before: Solved | None, insertions: FloatArray, weekly: FloatArray | None
) -> FloatArray:
    """A plan (plan_size,) of these insertions (n_vehicles,): the best plan itself, where they are its, week by week."""
    columns = prepared.problem.columns
    if before is not None and np.array_equal(before.tailored.insertions, insertions):
        best = before.tailored.decision
        if not columns.weeks or weekly is None or np.allclose(columns.weekly(best), weekly):
            return best
    return completed(prepared.problem, insertions, weekly)


def _compared(
    prepared: Prepared, solved: Solved, given: Allocation, sought: Sought | None, clock: Clock
) -> Influence:
    """A given plan beside the ordinary one, and whether it may be compared at all."""
    # How far the given plan is from the best is known, so no gap of its own blurs the comparison.
    given = replace(given, bound=given.value)
    influence = beside_others(prepared, solved, given, sought, clock)
    if not solved.problem.broken(given.decision) or prepared.campaign.brief.objective == "minimum cost":
        return influence
    verdict = "This plan and the ordinary plan cannot be compared: this plan breaks rules."
    return replace(influence, verdict=verdict, in_short="", measurable=False, verdict_code="none")


def plan_figures(
    campaign: Campaign,
    insertions: FloatArray,
    optimised: FloatArray,
    fingerprint: str = "",
    weekly: FloatArray | None = None,
) -> PlanResult:
    """The figures of given insertions (n_vehicles,) and nothing else: no bound and no comparison."""
    options = Options(break_even=False)
    clock, prepared = Clock(options.seconds), prepare(campaign)
    clock.lap("prepare")
    plan = completed(prepared.problem, insertions, weekly)
    given = Allocation(insertions, prepared.problem.value(plan), np.inf, options.gap, plan=plan)
    return report_plan(prepared, given, None, None, clock, options, fingerprint, optimised, weekly)


def _best_found(solved: Solved, others: Sequence[FloatArray]) -> float:
    """Value of the best plan found within the rules: the tailored one, or another (plan_size,) that is worth more."""
    kept = [plan for plan in (solved.ordinary.decision, *others) if not solved.problem.broken(plan)]
    return max([solved.tailored.value, *(solved.problem.value(plan) for plan in kept)])


def _with_edit(result: PlanResult, best: float | None, error: float) -> PlanResult:
    """The result with what its edits cost, and what they break. error: of the model, on the difference."""
    vehicles = edited_vehicles(result.campaign, result.vehicles.insertions, result.vehicles.optimised)
    sign = -1.0 if result.minimises else 1.0
    edit = edit_cost(vehicles, sign * result.value, best)
    if edit is None:
        return result
    breaks = tuple(f"{rule.text} ({rule.cell})" for rule in result.rules if not rule.holds)
    return replace(result, edit=replace(edit, breaks=breaks, error=error))
