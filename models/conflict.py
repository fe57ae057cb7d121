"""Why no plan fits: an irreducible set of rules that cannot hold together.

A deletion filter (Chinneck 2008, chapter 6): take one rule away after the other; if the rest still cannot
hold together, leave it out for good. What remains is irreducible: without any one of its members there is
a plan. It works on whole-number conflicts as well, where the solvers' own sets do not.
"""

from collections.abc import Sequence
from dataclasses import replace

from models.feasible import feasible_plan
from models.problem import Problem
from models.rules.row import Rule


def conflicting_rules(problem: Problem) -> tuple[Rule, ...]:
    """An irreducible conflicting set; empty when the rules can hold together (floors are not looked at)."""
    if _possible(problem, problem.rules):
        return ()
    kept = list(problem.rules)
    for block in _halves(kept):
        rest = [rule for rule in kept if rule not in block]
        if not _possible(problem, rest):
            kept = rest
    for rule in tuple(kept):
        rest = [other for other in kept if other is not rule]
        if not _possible(problem, rest):
            kept = rest
    return tuple(kept)


def _halves(rules: Sequence[Rule]) -> list[list[Rule]]:
    """Blocks to drop at once, so that hundreds of idle rules cost few solves."""
    size = max(1, len(rules) // 16)
    return [list(rules[i : i + size]) for i in range(0, len(rules), size)] if size > 1 else []


def _possible(problem: Problem, rules: Sequence[Rule]) -> bool:
    """Whether some plan keeps these rules."""
    return feasible_plan(replace(problem, rules=tuple(rules))) is not None
