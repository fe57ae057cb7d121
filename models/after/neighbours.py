"""Which of many changes of a plan are worth a look: those that gain and that one rule alone seems to forbid.

Gains and loads on rules of single purchases are added up for an exchange. Reach has diminishing returns, so that an
exchange gains at least the sum; loads are exact but for steps of discounts and lists whose entries are several
vehicles. Nothing said of these is a result: models.after.binding checks what it is handed. Where a plan's changes are
single insertions (`worked_out_at_once`) their exact gains are, all together (`gains_of`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from models.arrays import FloatArray, IntArray
from models.problem.problem import Problem
from models.problem.response import Response, segments_of
from models.reach.gamma import reached, saturate
from models.rules.row import TOLERANCE, Row
from models.rules.rule import Limit, Rule

# Vehicles looked at: the best at all, of each rule, and of those bought.
_TOP, _TOP_OF_RULE, _HELD = 25, 5, 80
_EACH = 3  # changes handed on per rule


@dataclass(frozen=True, eq=False)
class Purchase:
    """What a change buys or gives back. columns, amounts: of the plan; vehicle: -1 for a package."""

    columns: IntArray
    amounts: FloatArray
    vehicle: int


@dataclass(frozen=True, eq=False)
class _Entering:
    """Purchases: (n,) of their vehicles, (n_rules, n) what they take of slacks, (n,) gains, (n,) 1 where a rule of the
    vehicle alone forbids it."""

    of: IntArray
    load: FloatArray
    gain: FloatArray
    held: IntArray


Change = tuple[Purchase | None, Purchase | None]  # what is given back, what is bought


class LikelyChanges:
    """Changes of a plan (plan_size,) by `step` insertions."""

    def __init__(self, problem: Problem, plan: FloatArray, step: float) -> None:
        self.problem, self.plan, self.step = problem, plan.copy(), step
        insertions = problem.columns.insertions(plan)
        self.reach = problem.model.reach_shares(insertions)
        self.more = self._reach_after(step)
        self.less = self._reach_after(-step)
        self.gain_in, self.gain_out = self._gains(self.more, step), self._gains(self.less, -step)
        stated = list(self._rows())
        self.ids = [rule.id for rule, _ in stated] + [floor.id for floor in problem.floors]
        self.weights = np.zeros((len(stated), problem.columns.private_from))
        self.slack = np.zeros(len(self.ids))
        outcome = problem.outcome(plan)
        for i, (rule, row) in enumerate(stated):
            self.slack[i] = rule.row_slack(outcome)
            self._weigh(self.weights[i], rule, row)
        for i, floor in enumerate(problem.floors, len(stated)):
            self.slack[i] = floor.above(self.reach, insertions)

    def _reach_after(self, step: float) -> FloatArray:
        """(n_segments, n_vehicles) reach shares if each vehicle alone moved (not below nothing)."""
        model, insertions = self.problem.model, self.problem.columns.insertions(self.plan)
        now = model.intensity(insertions)
        change = model.changes(insertions, step)
        medium, of_medium = model.audiences.medium, model.by_medium(now)
        level = model.medium_level(of_medium)
        k_medium = model.k_medium[:, medium]
        moved = saturate(np.maximum(of_medium[:, medium] + change, 0.0), k_medium)
        total = level.sum(axis=1)[:, None] + moved - level[:, medium]
        return reached(total, model.k_person[:, None])

    def _gains(self, after: FloatArray, step: float) -> FloatArray:
        """(n_vehicles,) of worth; money, where that is saved; contacts, where people count who are met n times."""
        problem, objective = self.problem, self.problem.objective
        if objective.effective is not None:
            return np.asarray(step * (objective.effective.people @ problem.model.audiences.contacts))
        gain = step * objective.insertion_worth
        if objective.counts_reach:
            gain = gain + objective.of_reach(after) - objective.of_reach(self.reach)
        if objective.saves_money:
            gain = gain - step * problem.cost
        return np.asarray(gain)

    # --- rules as rows ---

    def _rows(self) -> Iterator[tuple[Limit, Row]]:
        """The row that limits something, of each rule that has one: also what it counts of what cannot be paid for."""
        for rule in self.problem.rules:
            if isinstance(rule, Limit) and rule.of_vehicle is None:
                yield rule, rule.known_rows[-1]

    def _weigh(self, weights: FloatArray, rule: Rule, row: Row) -> None:
        """What one of every column of a plan, and a first purchase of every vehicle, takes of a rule's slack."""
        columns, sign = self.problem.columns, 1.0 if row.sense == ">=" else -1.0
        inside = row.columns < columns.private_from
        np.add.at(weights, row.columns[inside], sign * row.coefficients[inside])
        insertions = columns.insertions(self.plan)
        weights[columns.plan_size + rule.newly_counted(insertions)] += sign
        discounts = self.problem.tariff.discounts
        if not discounts:
            return
        money = dict(zip(row.columns.tolist(), (sign * row.coefficients).tolist(), strict=True))
        singly = self.problem.tariff.singly(self.plan)
        for steps in discounts:
            counted = insertions if steps.by == "insertions" else singly
            step = int(np.searchsorted(steps.start, counted[steps.members].sum() + 1e-9, side="right"))
            for member, j in enumerate(steps.members):
                weights[j] += money.get(steps.money_in(member, step), 0.0)

    def loads(self, purchases: Sequence[Purchase], sign: float) -> FloatArray:
        """(n_rules, n_purchases) change of every slack: sign 1 bought, -1 given back."""
        columns, insertions = self.problem.columns, self.problem.columns.insertions(self.plan)
        found = np.zeros((len(self.ids), len(purchases)))
        rows, floors = len(self.weights), self.problem.floors
        before = 0.0 if sign > 0 else self.step
        for at, purchase in enumerate(purchases):
            load = self.weights[:, purchase.columns] @ purchase.amounts
            j = purchase.vehicle
            if j >= 0 and abs(insertions[j] - before) < 1e-9:
                load = load + self.weights[:, columns.bought(j)]
            found[:rows, at] = sign * load
        vehicles = np.array([purchase.vehicle for purchase in purchases], dtype=np.int64)
        after = (self.more if sign > 0 else self.less)[:, vehicles] - self.reach[:, None]
        for i, floor in enumerate(floors, rows):
            found[i] = floor.people @ after
            if floor.contacts is not None:
                found[i] += sign * self.step * floor.contacts[vehicles]
        return found

    # --- choosing ---

    def vehicles(self) -> tuple[list[int], list[int]]:
        """Vehicles to buy of, and to give back of."""
        problem = self.problem
        price = np.where(problem.cost > 0, problem.cost, np.inf)
        offered = (problem.cost > 0) & (problem.buyable > 0)
        bought = problem.columns.insertions(self.plan) >= self.step
        ins = np.flatnonzero(offered)
        if problem.columns.weeks:
            ins = self._best(ins, self.gain_in, price)
        return ins.tolist(), self._best(np.flatnonzero(bought), self.gain_out, price)[:_HELD].tolist()

    def _best(self, vehicles: IntArray, gain: FloatArray, price: FloatArray) -> IntArray:
        """Those that gain most (lose least), in money's worth and at all, and the best of every rule's vehicles."""
        rate = np.argsort(-gain[vehicles] / price[vehicles], kind="stable")
        order = np.argsort(-gain[vehicles], kind="stable")
        found = [*vehicles[rate[:_TOP]].tolist(), *vehicles[order[:_TOP]].tolist()]
        for weights in self.weights:
            for side in (weights[vehicles] > 0, weights[vehicles] < 0):
                for sorting in (rate, order):
                    found += vehicles[sorting[side[sorting]][:_TOP_OF_RULE]].tolist()
        return np.array(list(dict.fromkeys(found)), dtype=np.int64)

    def among(
        self, outs: Sequence[Purchase], ins: Sequence[Purchase], own: Mapping[int, Sequence[Rule]]
    ) -> Iterator[Change]:
        """The likely changes. own: rules of each vehicle alone."""
        outs, ins = ([each for each in side if each.vehicle >= 0] for side in (outs, ins))
        load_out, entering = self.loads(outs, -1.0), self._entering(ins, own)
        best: dict[object, list[tuple[float, Change]]] = {}
        for o, given in enumerate([None, *outs], -1):
            tight, load = frozenset[str](), np.zeros((len(self.ids), 1))
            if given is not None:
                tight, load = self._own_broken(given, -1.0, own), load_out[:, [o]]
            for reason, at, gain in self._forbidden_alone(entering, given, load, bool(tight)):
                best.setdefault((reason, tight), []).append((gain, (given, ins[at])))
        for found in best.values():
            yield from (change for _, change in sorted(found, key=lambda each: -each[0])[:_EACH])
        yield from ((given, None) for given in self._better_gone(outs))

    def _better_gone(self, outs: Sequence[Purchase]) -> list[Purchase]:
        """What is worth giving back for nothing, the best first."""
        wanted = [given for given in outs if self.gain_out[given.vehicle] > 0]
        return sorted(wanted, key=lambda given: -self.gain_out[given.vehicle])[:_HELD]

    def _entering(self, ins: Sequence[Purchase], own: Mapping[int, Sequence[Rule]]) -> "_Entering":
        of = np.array([purchase.vehicle for purchase in ins], dtype=np.int64)
        # A maximum and its weeks are one reason.
        held = np.array([bool(self._own_broken(purchase, 1.0, own)) for purchase in ins], dtype=int)
        return _Entering(of, self.loads(ins, 1.0), self.gain_in[of], held)

    def _forbidden_alone(
        self, entering: "_Entering", given: Purchase | None, load: FloatArray, tight: bool
    ) -> Iterator[tuple[int, int, float]]:
        """Of purchases in the place of another that gain and that at most one reason forbids, the best of each reason:
        the reason (a rule's place, or that of the vehicle's own rules behind them; -1 none), which, and its gain."""
        gain = entering.gain
        if given is not None:
            gain = np.where(entering.of == given.vehicle, -np.inf, gain + self.gain_out[given.vehicle])
        tolerance = TOLERANCE * np.maximum(np.abs(self.slack), 1.0)
        short = self.slack[:, None] + entering.load + load < -tolerance[:, None]
        alone = np.flatnonzero((short.sum(axis=0) + entering.held + tight <= 1) & (gain > 0))
        reason = np.where(short[:, alone].any(axis=0), short[:, alone].argmax(axis=0), -1)
        reason = np.where(entering.held[alone] == 1, len(self.ids) + entering.of[alone], reason)
        for which in sorted(set(reason.tolist())):
            group = alone[reason == which]
            at = int(group[np.argmax(gain[group])])
            yield int(which), at, float(gain[at])

    def _own_broken(
        self, purchase: Purchase, sign: float, own: Mapping[int, Sequence[Rule]]
    ) -> frozenset[str]:
        """Ids of the vehicle's own rules that it breaks."""
        kept = self.plan[purchase.columns]
        self.plan[purchase.columns] += sign * purchase.amounts
        outcome = self.problem.outcome(self.plan)
        found = frozenset(rule.id for rule in own.get(purchase.vehicle, ()) if not rule.holds(outcome))
        self.plan[purchase.columns] = kept
        return found


def worked_out_at_once(problem: Problem, plan: FloatArray) -> bool:
    """Whether a plan's changes are single insertions of whole numbers, worth what they add to reach and contacts."""
    whole = problem.insertions_only and bool((plan == np.rint(plan)).all())
    return whole and not problem.objective.saves_money and problem.objective.effective is None


def gains_of(problem: Problem, plan: FloatArray, changes: Sequence[Change]) -> FloatArray:
    """(n_changes,) what a plan (n_vehicles,) is worth more after each change: one insertion given back, one bought."""
    moved = np.array(
        [[-1 if part is None else part.vehicle for part in change] for change in changes], dtype=np.int64
    ).reshape(-1, 2)
    insertions = plan.astype(np.int64)
    response = Response(problem.model, plan + 1, segments_of(problem))
    objective = problem.objective.within(response.segments)
    standing = response.standing(insertions)
    worth = np.append(objective.insertion_worth, 0.0)  # the last: of nothing
    gains = worth[moved[:, 1]] - worth[moved[:, 0]]
    before = objective.of_reach(standing.reach)
    out, into = moved.T
    given, bought = out >= 0, into >= 0
    less, more, both = given & ~bought, bought & ~given, given & bought
    one = np.ones(int(both.sum()), dtype=np.int64)
    for places, reach in (
        (less, response.reach_after(standing, out[less], -1)),
        (more, response.reach_after(standing, into[more], 1)),
        (both, response.reach_exchanged(standing, (out[both], one), (into[both], one))),
    ):
        gains[places] += objective.of_reach(reach) - before
    return np.asarray(gains)
