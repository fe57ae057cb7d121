"""Why no plan fits, and the cheapest ways out.

An irreducible set of demands that cannot hold together: first an elastic filter (Chinneck 2008, chapter 6), which
puts in force whatever the cheapest stretched plan stretches until no plan is left; then a deletion filter over
those few: a demand without which the rest still cannot hold is left out. Both work on whole-number conflicts,
where the solvers' own sets do not.

Then, for each demand of the set, the smallest change of its limit alone with which a plan exists while everything
else in the campaign holds; and the cheapest changes of all limits together, cheap meaning the sum of changes as
shares of their limits. Each comes from a plan that keeps the changed campaign, checked by the rules' own arithmetic.
Of reach n times or more rows know only what is necessary: its change is that of the best plan a search finds.
A share, a ratio or a cap on frequency bends its row: its smallest change is found by Dinkelbach's iterations;
in the cheapest overall its change is measured at the plan found, and tried again from there.
"""

import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.arrays import FloatArray
from models.conflict.changes import EasedLimit, distance, eased_limit, has_moved, relative_change
from models.conflict.costs import STRETCHED, ratio_costs, relief_of, slack_costs
from models.conflict.elastic import Elastic, Found, OutOfTime
from models.conflict.limits import (
    Demand,
    demands_of,
    eased,
    nearer,
    relieved,
    with_parts,
)
from models.errors import InfeasiblePlan, SolverFailure
from models.problem.certificate import Allocation
from models.problem.goals import EffectiveFloor, Floor
from models.problem.objectives import NOTHING_EARNED, Objective, cost_objective
from models.problem.problem import Problem
from models.rules.rule import Limit, Rule
from models.search.allocate import Settings, allocate

SECONDS = 30.0
_ITERATIONS = 30
_SHARP = 1e-5  # gap to which the most reach is sought
_NEAR = 1e-3  # gap that a first answer may have
_LOOSE = 0.05  # gap of a ratio's steps
_SLICE = 0.2  # of the time left, for one question
_SEARCH_SLICE = 0.5  # ... where the answer is a search among whole plans
_ROUGH = 5.0  # seconds: the cheapest plan of a shorter search is no budget to name
_FITTINGS = 3
_WORTHWHILE = 1e-3  # by what share cheaper another combination of changes has to be
_ROUNDING = 1e-6  # of a limit's size, where fractions are bought


@dataclass(frozen=True)
class Conflict:
    """rules: ids of demands that cannot all hold; without any one of them the others can. eased_limits: changes that
    suffice alone, at most one for each of them, the smallest share of a limit first; overall: the cheapest changes
    together (by shares of their limits). further: whether other demands conflict as well, so that no change of one
    of these is enough. proven: False where rows cannot tell (reach n times or more). minimal: False where time,
    or the solver's rounding, ended the search, and the rules may be more than matter, or less; finished: the same of
    the search for limits that may give way."""

    rules: tuple[str, ...]
    eased_limits: tuple[EasedLimit, ...] = ()
    overall: tuple[EasedLimit, ...] = ()
    further: bool = False
    proven: bool = True
    minimal: bool = True
    finished: bool = True


def explain(
    problem: Problem,
    seconds: float = SECONDS,
    always: Sequence[Rule] = (),
    suspects: Collection[str] = (),
) -> Conflict | None:
    """Why no plan keeps the problem's rules and floors; None where some plan does.

    always: rules that also hold for every plan, but are no demands of anybody (something is bought): a set that
    conflicts without them is preferred, and changed limits must leave a plan that keeps them. suspects: ids of
    rules and floors among which the conflict is looked for first.
    """
    deadline = time.monotonic() + seconds
    demands = demands_of(problem)
    held = replace(problem, rules=(*problem.rules, *always))
    elastic = Elastic(problem, demands, deadline)
    try:
        found, minimal = _conflicting(elastic, suspects)
        if not found and always:
            elastic = Elastic(held, demands, deadline)
            found, minimal = _conflicting(elastic)
    except OutOfTime:
        return Conflict((), minimal=False, finished=False)
    if not found:
        return _unproven(problem, demands, deadline) if problem.effective else None
    proven = elastic.proven
    relaxing = Elastic(held, demands, deadline) if always and elastic.original is problem else elastic
    ways = _Ways(relaxing)
    ways.find(sorted(found))
    ids = tuple(rule_id for place in sorted(found) for rule_id in demands[place].ids)
    singles = tuple(sorted(ways.singles, key=lambda change: change.relative))
    return Conflict(ids, singles, tuple(ways.overall), ways.further, proven, minimal, ways.finished)


def _conflicting(elastic: Elastic, suspects: Collection[str] = ()) -> tuple[set[int], bool]:
    """The places of an irreducible conflicting set, and whether it is one; nothing where there is a plan."""
    everything = set(range(len(elastic.demands)))
    enforced = {i for i in everything if not set(suspects).isdisjoint(elastic.demands[i].ids)}
    if not enforced or elastic.solve(everything - enforced) is not None:
        enforced, complete = _infeasible(elastic, everything)
        if not complete:
            return enforced, False
    try:
        for place in sorted(enforced, key=lambda i: elastic.demands[i].parts[0].treatment.keeping):
            rest = enforced - {place}
            if elastic.solve(everything - rest) is None:
                enforced = rest
    except OutOfTime:
        return enforced, False
    return enforced, True


def _infeasible(elastic: Elastic, everything: set[int]) -> tuple[set[int], bool]:
    """The elastic filter: some demands that cannot all hold, few as a rule, none where there is a plan; and whether
    time allowed to find all of them."""
    enforced: set[int] = set()
    while stretched := elastic.stretched_in_parts(everything - enforced):
        enforced |= set(stretched)
    if stretched is None:  # as a rule: even parts of insertions leave no plan
        return enforced, True
    enforced = set()
    while True:
        free = everything - enforced
        try:
            found = elastic.solve(free, slack_costs(elastic.stretches, free), gap=0.1)
            if found is None:
                return enforced, True
            whole = elastic.stretched(found, free)
            if not whole:
                if elastic.solve(()) is not None:
                    return set(), True
                whole = list(free)  # what no solver's accuracy shows as stretched
        except OutOfTime:
            if not enforced:
                raise
            return enforced, False
        enforced |= set(whole)


class _Ways:
    """Ways out of a conflict, gathered until time ends."""

    def __init__(self, elastic: Elastic) -> None:
        self.elastic, self.problem, self.demands = elastic, elastic.original, elastic.demands
        self.singles: list[EasedLimit] = []
        self.overall: list[EasedLimit] = []
        self.cheapest = np.inf
        self.further = False
        self.finished = True

    def find(self, conflicting: Sequence[int]) -> None:
        """The smallest change of each of these demands alone, and the cheapest of all together."""
        try:
            self.further = self.elastic.solve(conflicting) is None
            if not self.further:
                for place in conflicting:
                    self._alone(place)
            self._together()
        except OutOfTime:
            self.finished = False

    def _alone(self, place: int) -> None:
        demand = self.demands[place]
        try:
            found = self._nearest(place)
            if found is not None and demand.parts[0].multiplies:
                found = self._best_ratio(place, found)
        except OutOfTime:
            self.elastic.left()
            found, self.finished = None, False
        changes = self._offer(found) if found is not None else []
        if [change.rule_id for change in changes] == [demand.id]:
            self.singles += changes
            self.finished = self.finished and found is not None and found.least

    def _nearest(self, place: int) -> Found | None:
        """A plan as near as can be to a demand, everything else kept; of a share, any plan."""
        stretches, rule_id = self.elastic.stretches, self.demands[place].id
        floor, goal = stretches.floors.get(place), stretches.effective.get(place)
        if floor is not None and floor.contacts is None:
            return self._searched(_most_reach(self.problem, floor), Settings(_SHARP, self._slice()))
        # Of goals on n+ reach rows know only what is necessary.
        settings = Settings(seconds=self.elastic.left() * _SEARCH_SLICE)
        if goal is not None:
            return self._searched(_most_of(self.problem, goal), settings)
        if self.problem.effective and rule_id in {budget.id for budget in self.problem.budgets}:
            return self._searched(_without_budget(self.problem), settings)
        return self._cheapest({place}, slack_costs(self.elastic.stretches, {place}))

    def _searched(self, problem: Problem, settings: Settings) -> Found | None:
        """The best plan that a search finds; None where there is none."""
        try:
            best = allocate(problem, settings)
        except InfeasiblePlan:
            return None
        except SolverFailure as error:
            raise OutOfTime(str(error)) from error
        if _too_rough(problem, best, settings.seconds):
            raise OutOfTime("the cheapest plan so far may be far too dear.")
        return Found(best.decision, np.zeros(len(self.elastic.problem.system.lower)), 0.0, best.gap <= _SHARP)

    def _cheapest(self, free: Collection[int], costs: FloatArray) -> Found | None:
        """A cheap plan first; where that was quickly found, the cheapest."""
        allowed, before = self._slice(), time.monotonic()
        found = self.elastic.solve(free, costs, _NEAR, allowed)
        if found is None:
            return None
        if time.monotonic() - before > allowed / 4:
            return replace(found, least=False)
        try:
            better = self.elastic.solve(free, costs, 0.0, allowed / 2)
        except OutOfTime:
            better = None
        if better is None or (better.cost > found.cost and not better.least):
            return replace(found, least=False)
        return better

    def _slice(self) -> float:
        """Seconds for one question, so that the others get their turn."""
        return self.elastic.left() * _SLICE

    def _best_ratio(self, place: int, found: Found) -> Found:
        """From a plan that keeps everything else, to one whose ratio is nearest to the limit: so near that the next
        number to type would be too near."""
        demand, elastic = self.demands[place], self.elastic
        new = eased(demand, self.problem.outcome(found.plan))
        if new is None:
            most = elastic.solve({place}, ratio_costs(elastic.stretches, place, None), seconds=self._slice())
            new = eased(demand, self.problem.outcome(most.plan)) if most is not None else None
            if most is None or new is None:
                return found  # nothing of the base can be bought: only dropping the rule helps
            found = most
        for _ in range(_ITERATIONS):
            costs = ratio_costs(elastic.stretches, place, nearer(demand.parts[0], new.parts[0]))
            better = elastic.within(costs, {place}, _LOOSE, self._slice())
            if better is None:
                return replace(found, least=True)
            now = eased(demand, self.problem.outcome(better.plan))
            if now is None or distance(demand, now) >= distance(demand, new):
                break
            found, new = better, now
        return replace(found, least=False)

    def _together(self) -> None:
        """The cheapest changes of all limits together. Costs of ratios are fitted to each plan found."""
        everything = set(range(len(self.demands)))
        costs = slack_costs(self.elastic.stretches, everything)
        for _ in range(_FITTINGS):
            found = self._cheapest(everything, costs)
            if found is None:
                return
            before = self.cheapest
            self._offer(found)
            self.finished = self.finished and found.least
            fitted = self._fitted(costs, found)
            if self.cheapest >= before or np.array_equal(fitted, costs):
                return
            costs = fitted

    def _fitted(self, costs: FloatArray, found: Found) -> FloatArray:
        fitted = costs.copy()
        for place, demand in enumerate(self.demands):
            slack = self.elastic.slacks[place][0]
            stretched = float(found.point[slack.column])
            if demand.parts[0].multiplies and stretched > STRETCHED:
                new = eased(demand, self.problem.outcome(found.plan))
                fitted[slack.column] = relative_change(demand, new, self.elastic.cheapest) / stretched
        return fitted

    def _offer(self, found: Found) -> list[EasedLimit]:
        """The changes with which a found plan keeps the campaign; nothing where its own arithmetic denies that. The
        cheapest so far are the overall ones."""
        relieved = with_parts(self.problem, self._relieved(found))
        outcome = relieved.outcome(found.plan)
        now = [eased(demand, outcome) for demand in demands_of(relieved)]
        pairs = list(zip(self.demands, now, strict=True))
        if not _fits(_with_demands(relieved, pairs), found.plan):
            return []
        offered = [eased_limit(old, new, self.elastic.cheapest) for old, new in pairs if has_moved(old, new)]
        cost = sum(each.relative for each in offered)
        if cost < self.cheapest * (1 - _WORTHWHILE):
            self.cheapest, self.overall = cost, offered
        return offered

    def _relieved(self, found: Found) -> list[Limit]:
        """The fixed costs that a found plan needs lower, as low as it needs them."""
        reliefs = (
            (demand, relief_of(self.elastic.stretches, place, found.point))
            for place, demand in enumerate(self.demands)
        )
        return [part for demand, relief in reliefs if relief for part in relieved(demand, relief).parts]


def _with_demands(problem: Problem, pairs: Sequence[tuple[Demand, Demand | None]]) -> Problem:
    """The problem with demands as they are now; None: dropped."""
    dropped = [old.id for old, new in pairs if new is None]
    return with_parts(problem, [part for _, new in pairs if new for part in new.parts], dropped)


def _fits(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan keeps everything; of fractions, to a solver's rounding."""
    if problem.whole:
        return not problem.broken(plan)
    outcome = problem.outcome(plan)
    margins = (rule.margin(outcome) for rule in problem.all_rules)
    return min(margins, default=0.0) >= -_ROUNDING and problem.consistent(plan)


def _unproven(problem: Problem, demands: Sequence[Demand], deadline: float) -> Conflict | None:
    """Reach n times or more that no search found: what the best plan found for each has, all else kept, and what the
    cheapest found that meets them all costs. None where one of these plans keeps everything."""
    ids, wanted = tuple(goal.id for goal in problem.effective), _searches(problem)
    changes: list[EasedLimit] = []
    for place, (rule_id, search) in enumerate(wanted):
        left = (deadline - time.monotonic()) / (len(wanted) - place)
        plan = _best_found(search, left)
        if plan is None:
            continue
        demand = next(demand for demand in demands if demand.id == rule_id)
        new = eased(demand, problem.outcome(plan))
        if new is None or not has_moved(demand, new):
            return None
        if _fits(with_parts(problem, new.parts), plan):
            changes.append(eased_limit(demand, new, 1.0))
    nearest = sorted(changes, key=lambda change: change.relative)
    return Conflict(ids, tuple(nearest), proven=False, minimal=len(ids) == 1, finished=False)


def _searches(problem: Problem) -> list[tuple[str, Problem]]:
    """What is searched for where goals on n+ reach cannot be met, by the id of what would give way."""
    most = [(goal.id, _most_of(problem, goal)) for goal in problem.effective]
    return most + [(budget.id, _without_budget(problem)) for budget in problem.budgets[:1]]


def _best_found(problem: Problem, seconds: float) -> FloatArray | None:
    """The best plan that a search finds; None where it finds none, or one too rough to name its money."""
    if seconds <= 0:
        return None
    try:
        best = allocate(problem, Settings(seconds=seconds))
    except (InfeasiblePlan, SolverFailure):
        return None
    return None if _too_rough(problem, best, seconds) else best.decision


def _too_rough(problem: Problem, best: Allocation, seconds: float) -> bool:
    """Whether the cheapest plan found in so many seconds is no budget to name."""
    return problem.objective.saves_money and best.timed_out and seconds < _ROUGH


def _most_reach(problem: Problem, floor: Floor) -> Problem:
    """To reach most of a floor's audience, everything else kept."""
    others = tuple(other for other in problem.floors if other is not floor)
    objective = Objective("reach", "people", floor.people, np.zeros(problem.n_vehicles))
    return replace(problem, floors=others, objective=objective)


def _most_of(problem: Problem, goal: EffectiveFloor) -> Problem:
    """To reach most of a goal, everything else kept."""
    people = replace(
        problem.objective, segment_worth=np.zeros(len(problem.model.population)),
        insertion_worth=np.zeros(problem.n_vehicles), effective=goal.counted,
        saves_money=False, earned=NOTHING_EARNED,
    )  # fmt: skip
    others = tuple(floor for floor in problem.effective if floor is not goal)
    return replace(problem, objective=people, effective=others)


def _without_budget(problem: Problem) -> Problem:
    """To spend least, everything but the budget kept."""
    rules = tuple(rule for rule in problem.rules if rule not in problem.budgets)
    least = cost_objective(len(problem.model.population), problem.n_vehicles)
    return replace(problem, rules=rules, objective=least)
