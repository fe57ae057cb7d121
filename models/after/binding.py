"""Which rules bind: what keeps a plan from a better one that is one purchase away.

A change is one insertion more, one fewer, or one in another's place (in a week, where weeks are decided with the
buy); where they are not, a package counts as one purchase as well; of a plan of parts a hundredth of an insertion is
one. A change is wanted if the plan is then worth more (costs less, where money is saved), and each breaks a set of
rules, as the rules' own checks have it. A rule binds if it is in a set that no other wanted change's set is smaller
than: alone, it forbids what all else allows; together with others, each of them forbids it. So a rule that does not
bind can be dropped without a better plan one change away, and one that binds does forbid a better plan as it stands.
A budget of which what is left buys something wanted does not bind: it is not money that keeps such a plan (edited, as a
rule) from a better one.

All changes are tried where they are few. Of many, those are tried that models.after.neighbours shows as wanted and
forbidden by one rule alone: a rule said to bind is always checked by its own arithmetic, one that binds may be missed.
"""

from collections.abc import Iterable, Iterator

import numpy as np

from models.after.neighbours import Change, LikelyChanges, Purchase, gains_of, worked_out_at_once
from models.arrays import FloatArray
from models.problem.problem import Problem
from models.purchase.columns import SMALLEST
from models.rules.outcome import Outcome
from models.rules.rule import Rule

_FEW = 1_500  # changes that are all tried
_FEW_EFFECTIVE = 120  # where reach n times or more is looked at, which takes longer
_WANTED = 1e-9  # of the worth, by which a wanted change gains


def binding_rules(problem: Problem, plan: FloatArray) -> frozenset[str]:
    """Ids of the rules and floors that bind a plan (plan_size,). Rules that the plan breaks bind nothing."""
    return _Neighbours(problem, plan).binding()


def _differ(given: Purchase | None, bought: Purchase | None) -> bool:
    """Whether giving one back for the other changes anything."""
    if given is None or bought is None:
        return given is not bought
    return given.vehicle != bought.vehicle or not np.array_equal(given.columns, bought.columns)


class _Neighbours:
    """Plans one change away from a plan."""

    def __init__(self, problem: Problem, plan: FloatArray) -> None:
        self.problem, self.plan = problem, plan
        self.whole = bool((problem.columns.insertions(plan) % 1 == 0).all())
        self.step = 1.0 if self.whole else SMALLEST
        self.value = problem.value(plan)
        self.charges = {rule.id for rule in problem.rules if rule.treatment.charge}
        self.broken = set(problem.broken(plan))
        self.own: dict[int, list[Rule]] = {}
        self.shared: list[Rule] = []
        for rule in problem.rules:
            if rule.of_vehicle is None:
                self.shared.append(rule)
            else:
                self.own.setdefault(rule.of_vehicle, []).append(rule)
        slow = bool(problem.effective) or problem.objective.effective is not None
        self.few = _FEW_EFFECTIVE if slow else _FEW

    def binding(self) -> frozenset[str]:
        budgets = {budget.id: budget for budget in self.problem.budgets}
        found = frozenset().union(*self._smallest_sets())
        return frozenset(
            rule_id for rule_id in found if rule_id not in budgets or not self._buys_more(budgets[rule_id])
        )

    def _smallest_sets(self) -> list[frozenset[str]]:
        """The sets of rules that wanted changes break, but for those that hold another one."""
        sets: set[frozenset[str]] = set()
        # Rules that bind by themselves: what breaks one of them breaks no smaller set.
        alone: dict[str, Rule] = {}
        rules = {rule.id: rule for rule in self.problem.all_rules}
        for change in self._wanted():
            if alone and _unkept(alone.values(), self.problem.outcome(self.after(change))):
                continue
            found = self._broken_by(change)
            sets.add(found)
            if len(found) == 1:
                alone |= {rule_id: rules[rule_id] for rule_id in found}
        sets.discard(frozenset())
        return [one for one in sets if not any(other < one for other in sets)]

    def _buys_more(self, budget: Rule) -> bool:
        """Whether the money left buys something, without a word against it, after which the plan is worth more."""
        problem, left = self.problem, budget.slack(self.problem.outcome(self.plan))
        # one more insertion may bring a discount on others: then it can cost less than anything alone
        least = self.step * problem.tariff.cheapest() * (not problem.tariff.discounts)
        affordable = np.flatnonzero((problem.cost > 0) & (problem.buyable > 0) & (least <= left))
        changes = ((None, purchase) for purchase in self._offered(affordable))
        paid = (change for change in changes if budget.holds(problem.outcome(self.after(change))))
        return any(self._is_wanted(change) and self._is_free(change) for change in paid)

    def _is_free(self, change: Change) -> bool:
        """Whether a change can be made and breaks no rule that the plan keeps."""
        after = self.after(change)
        return self.problem.consistent(after) and set(self.problem.broken(after)) <= self.broken

    def _wanted(self) -> Iterator[Change]:
        """Changes after which the plan is worth more."""
        changes = list(self._changes())
        if not worked_out_at_once(self.problem, self.plan):
            return (change for change in changes if self._is_wanted(change))
        more = gains_of(self.problem, self.plan, changes) > _WANTED * max(abs(self.value), 1e-9)
        return (changes[i] for i in np.flatnonzero(more))

    # --- changes ---

    def _changes(self) -> Iterator[Change]:
        columns, n = self.problem.columns, self.problem.n_vehicles
        offered = np.flatnonzero((self.problem.cost > 0) & (self.problem.buyable > 0))
        outs = list(self._held(range(n)))
        count = (len(outs) + 1) * (len(offered) * max(columns.weeks, 1) + columns.packages + 1)
        if count <= self.few:
            ins = list(self._offered(offered))
            for given in (None, *outs):
                for bought in (None, *ins):
                    if _differ(given, bought):
                        yield given, bought
            return
        likely = LikelyChanges(self.problem, self.plan, self.step)
        few_ins, few_outs = likely.vehicles()
        outs, ins = list(self._held(few_outs)), list(self._offered(few_ins))
        yield from likely.among(outs, ins, self.own)

    def _single(self, vehicle: int, week: int | None = None) -> Purchase:
        columns = [vehicle] if week is None else [vehicle, self.problem.columns.week(vehicle, week)]
        return Purchase(np.array(columns), np.full(len(columns), self.step), vehicle)

    def _package(self, package: int) -> Purchase:
        held = self.problem.tariff.in_packages[package]
        inside = np.flatnonzero(held)
        columns = np.append(inside, self.problem.columns.package(package))
        return Purchase(columns, np.append(held[inside], 1.0), -1)

    def _held(self, vehicles: Iterable[int]) -> Iterator[Purchase]:
        """What can be given back."""
        columns = self.problem.columns
        for j in vehicles:
            if columns.weeks:
                for week in np.flatnonzero(columns.weekly(self.plan)[j] >= self.step):
                    yield self._single(int(j), int(week))
            elif self.plan[j] >= self.step:
                yield self._single(int(j))
        if not columns.weeks:
            for package in np.flatnonzero(columns.packages_of(self.plan) > 0.5):
                yield self._package(int(package))

    def _offered(self, vehicles: Iterable[int]) -> Iterator[Purchase]:
        """What can be bought."""
        columns = self.problem.columns
        for j in vehicles:
            for week in range(columns.weeks) if columns.weeks else (None,):
                yield self._single(int(j), week)
        if not columns.weeks:
            for package in np.flatnonzero(columns.packages_of(self.plan) < 0.5):
                yield self._package(int(package))

    # --- what a change does ---

    def after(self, change: Change) -> FloatArray:
        """The plan (plan_size,) one change away."""
        plan = self.plan.copy()
        for purchase, sign in zip(change, (-1.0, 1.0), strict=True):
            if purchase is not None:
                plan[purchase.columns] += sign * purchase.amounts
        return plan

    def _is_wanted(self, change: Change) -> bool:
        """Whether the plan is worth more after it."""
        gain = self.problem.value(self.after(change)) - self.value
        return gain > _WANTED * max(abs(self.value), 1e-9)

    def _broken_by(self, change: Change) -> frozenset[str]:
        """The rules that only the change breaks; none where it cannot be made at all."""
        outcome = self.problem.outcome(self.after(change))
        if not self.problem.consistent(outcome.plan):
            return frozenset()
        found = _unkept([*self.shared, *self._own_rules(change)], outcome)
        if found & self.charges:
            return frozenset()
        return frozenset((found | _unkept(self.problem.goals, outcome)) - self.broken)

    def _own_rules(self, change: Change) -> Iterator[Rule]:
        """The rules about one vehicle of the vehicles that a change moves."""
        columns = np.concatenate([part.columns for part in change if part is not None])
        for j in sorted(set(columns[columns < self.problem.n_vehicles].tolist())):
            yield from self.own.get(j, [])


def _unkept(rules: Iterable[Rule], outcome: Outcome) -> set[str]:
    return {rule.id for rule in rules if not rule.holds(outcome)}
