"""What a plan's workbook keeps of its solving, so that the plan can be evaluated without solving again.

Kept are the plans found (tailored, ordinary, best for customers, most impressions), each with its worth and the bound
on all plans, and the break-even. They are read back only where the campaign is the same (its fingerprint, which the
gap asked for and the version of the models are part of), where the text is as it was written (its own checksum), and
where every plan still keeps its rules, is exactly worth what is stated, and no more than its bound. So what can be
checked by arithmetic is checked; the bound alone is taken as it was proven when the plan was made.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from typing import Any

import numpy as np

from models.arrays import FloatArray
from models.problem.certificate import Allocation
from models.problem.problem import Problem
from planner.campaign.fingerprint import campaign_fingerprint
from planner.campaign.prepare import Prepared, ordinary_objective
from planner.planning.influence import BreakEven, Turn
from planner.planning.questions import Solved, customer_problem, customers_first, plain_problem

VERSION = 1  # of the text
_ANOTHER = (
    "The campaign, or the gap asked for, is not the one that the plan in this workbook was made for: the best plan was "
    "sought anew."
)
_ALTERED = (
    "What this workbook keeps of its plan's certificate was altered, or is of another version of this program: the "
    "best plan was sought anew."
)
_SAME = 1e-9  # of its worth: a plan is worth what was stated


@dataclass(frozen=True, eq=False)
class Proof:
    """fingerprint: of the campaign, at the gap asked for. plans: by what they are. break_even: None where it was not
    sought."""

    fingerprint: str
    plans: Mapping[str, Allocation]
    break_even: BreakEven | None = None


def proof_of(prepared: Prepared, solved: Solved, gap: float, break_even: BreakEven | None) -> Proof:
    """What to keep of a campaign's solving."""
    plans = {"tailored": solved.tailored, "ordinary": solved.ordinary}
    if solved.impressions is not None:
        plans["impressions"] = solved.impressions
    if solved.for_customers is not None:
        plans["customers"] = solved.for_customers
    return Proof(campaign_fingerprint(prepared.campaign, gap), plans, break_even)


# --- as text --------------------------------------------------------------------------------------


def proof_text(proof: Proof) -> str:
    """The proof as a text with its own checksum."""
    kept = {
        "version": VERSION,
        "fingerprint": proof.fingerprint,
        "plans": {name: _plan_fields(plan) for name, plan in proof.plans.items()},
        "break_even": None if proof.break_even is None else asdict(proof.break_even),
    }
    return json.dumps({"checksum": _checksum(kept), "proof": kept}, separators=(",", ":"))


def parse_proof(text: str) -> Proof | None:
    """The proof in a text; None where it is not one, or not as it was written."""
    try:
        found = json.loads(text)
        kept = found["proof"]
        if found["checksum"] != _checksum(kept) or kept["version"] != VERSION:
            return None
        plans = {name: _plan(fields) for name, fields in kept["plans"].items()}
        return Proof(kept["fingerprint"], plans, _break_even(kept["break_even"]))
    except (ValueError, KeyError, TypeError, IndexError):
        return None


def _checksum(kept: Any) -> str:
    return sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _plan_fields(plan: Allocation) -> dict[str, Any]:
    """A plan's vector as places and values of what is not 0; its certificate."""
    places = np.flatnonzero(plan.decision).tolist()
    return {
        "size": len(plan.decision),
        "places": places,
        "amounts": plan.decision[places].tolist(),
        "vehicles": len(plan.insertions),
        "value": plan.value,
        "bound": plan.bound,
        "gap_asked": plan.gap_asked,
        "timed_out": plan.timed_out,
        "rounds": plan.rounds,
        "searches": plan.searches,
    }


def _plan(fields: Mapping[str, Any]) -> Allocation:
    decision = np.zeros(int(fields["size"]))
    decision[fields["places"]] = fields["amounts"]
    certificate = {name: fields[name] for name in ("timed_out", "rounds", "searches")}
    value, bound, gap = (float(fields[name]) for name in ("value", "bound", "gap_asked"))
    return Allocation(decision[: fields["vehicles"]], value, bound, gap, plan=decision, **certificate)


def _break_even(fields: Mapping[str, Any] | None) -> BreakEven | None:
    if fields is None:
        return None
    turns = tuple(Turn(**turn) for turn in fields["assumptions"])
    return BreakEven(fields["multiplier"], fields["searched_to"], turns)


# --- read back ------------------------------------------------------------------------------------


def solved_before(prepared: Prepared, proof: Proof | None, gap: float) -> Solved | None:
    """The plans and bounds of a proof, where it is of this campaign and all that arithmetic can check is right; else
    None."""
    if proof is None or proof.fingerprint != campaign_fingerprint(prepared.campaign, gap):
        return None
    if not _fits(prepared.problem, proof):
        return None
    best = proof.plans.get("customers")
    reach = None if prepared.problem.objective.saves_money else customer_problem(prepared)
    if (reach is None) != (best is None):
        return None
    first, kept = (None, prepared) if best is None else customers_first(prepared, best)
    ordinary, tailored, impressions = (proof.plans[name] for name in ("ordinary", "tailored", "impressions"))
    solved = Solved(kept.problem, first, ordinary, tailored, impressions, None, best)
    return solved if all(_holds(of, plan) for of, plan in _claims(prepared, solved, reach)) else None


def _fits(problem: Problem, proof: Proof) -> bool:
    """Whether the plans asked for are there, each as long as a plan of the problem is."""
    size = problem.n_vehicles, problem.columns.plan_size
    there = {"tailored", "ordinary", "impressions"} <= set(proof.plans)
    return there and all((len(p.insertions), len(p.decision)) == size for p in proof.plans.values())


def why_not_read(prepared: Prepared, proof: Proof | None, gap: float) -> str:
    """Why a proof was not read back, in a sentence."""
    another = proof is not None and proof.fingerprint != campaign_fingerprint(prepared.campaign, gap)
    return _ANOTHER if another else _ALTERED


def _claims(
    prepared: Prepared, solved: Solved, reach: Problem | None
) -> Iterator[tuple[Problem, Allocation]]:
    """Every plan with the problem that it is said to be the best of."""
    yield solved.problem, solved.tailored
    if solved.problem.objective.saves_money:
        return
    ordinary = ordinary_objective(prepared.people, prepared.problem.n_vehicles)
    yield replace(solved.problem, objective=ordinary), solved.ordinary
    if solved.impressions is not None:
        yield plain_problem(prepared), solved.impressions
    if reach is not None and solved.for_customers is not None:
        yield reach, solved.for_customers


def _holds(problem: Problem, plan: Allocation) -> bool:
    """Whether a plan keeps the rules, is worth what is stated, and no more than its bound."""
    value = problem.value(plan.decision)
    doubt = _SAME * max(abs(value), 1e-9)
    as_stated = abs(value - plan.value) <= doubt and value <= plan.bound + doubt
    return as_stated and not problem.broken(plan.decision)


def outdone(solved: Solved, plan: FloatArray) -> bool:
    """Whether a plan (plan_size,) that keeps every rule is worth more than the bound says any can be."""
    value = solved.problem.value(plan)
    above = value > solved.tailored.bound + _SAME * max(abs(value), 1e-9)
    return above and not solved.problem.broken(plan)
