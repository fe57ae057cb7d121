"""Rows of a relaxation that hold those met n times or more below planes (models.programme.often.planes).

    x_j >= sum over levels l of first_jl z_jl,   sum of z_jl <= 1     what is bought of each vehicle, one level of many
    sum of people_c F_c <= a + sum of worth_jl z_jl                   for planes that are low at some plan

A plan is one level of each vehicle that it buys (models.programme.often.levels), which counts the rates of the level's
most. So every plan keeps the rows, and between plans only what is bought of a vehicle is mixed. The planes lie above
where plans can be that are worth more than `above`. Where that is the relaxation itself says, with the rules, the
planes it has and `above` in it: the duals y of one question, the most of w . z, tell the most of any other v . z,

    v . z  <=  s y'(right sides) + parts of other columns + sum over vehicles of the largest (v_jl - s p_jl), or 0

at any s >= 0, p what the rows take for each level. So a few questions, each about the people where least is known,
say it of all.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.arrays import FloatArray
from models.problem.problem import Problem
from models.programme.answers import Relaxed
from models.programme.campaign_programme import CampaignProgramme
from models.programme.often.clock import UNTIMED, Clock
from models.programme.often.levels import levels_of
from models.programme.often.nodes import SPARE, OftenNodes, few_nodes_of
from models.programme.often.planes import Domain, planes
from models.programme.reduced_costs import Charges
from models.programme.rows.keyed_rows import Keyed
from models.programme.solvers.linear_programme import unit_columns
from models.programme.solvers.proven import proven
from models.programme.solvers.solver import Limits
from models.reach.contact_nodes import ContactNodes

_QUESTIONS, _FEWER = 24, 8  # of contacts, of clusters
_SCALES = np.geomspace(0.1, 10.0, 9)  # times the answer to one question
_ROUNDING = 1e-9  # of a worth that is asked for
# People (n_segments,), counted where met so many times or more; each medium's nodes where they are.
Counted = tuple[FloatArray, int, ContactNodes]


class Often:
    """Of a stated problem. counted: the people of its objective and goals. columns: (n_levels,) of levels. Raises Late
    where the clock ends it."""

    def __init__(
        self, stated: CampaignProgramme, counted: Sequence[Counted], solver: str, clock: Clock = UNTIMED
    ) -> None:
        self._stated, self._solver, self._clock = stated, solver, clock
        self.levels = levels_of(stated.problem)
        self._counted = [
            (OftenNodes(stated.problem, people, times, self.levels, nodes, clock), times)
            for people, times, nodes in counted
        ]
        self.columns = unit_columns(stated.live, [f"level_{i}" for i in range(len(self.levels))])
        self._hold_levels()
        self._cuts = 0

    def _hold_levels(self) -> None:
        rows, levels = [], self.levels
        for place, (lines, first) in enumerate(zip(levels.lines, levels.first, strict=True)):
            own = self.columns[levels.begin[place] : levels.begin[place + 1]]
            rows.append(Keyed(("level", place), own, np.ones(len(own)), -np.inf, 1.0, 1.0))
            for j, fewest in zip(lines.tolist(), first.T, strict=True):
                values, most = np.append(fewest, -1.0), max(float(fewest[-1]), 1.0)
                rows.append(Keyed(("levels", j), np.append(own, j), values, -np.inf, 0.0, most))
        self._stated.also(rows)
        self._choices = self._stated.rows.places([row.key for row in rows if row.key[0] == "level"])[0]

    def of(self, insertions: FloatArray) -> FloatArray:
        """(n_levels,) of a plan."""
        return self.levels.of(insertions)

    def bought(self, values: FloatArray) -> FloatArray:
        """(n_levels,) of a relaxation's columns."""
        found = values[self.columns]
        return np.where(found > 1e-9, found, 0.0)

    def charged(self, found: Relaxed, reduced: FloatArray) -> Charges:
        """What whole insertions of each vehicle are charged where levels count too: of a relaxation, and worth that one
        more of each of its columns would lose. It bounds plans as its planes do: those worth more than all aims."""
        each, own, levels = list(found.charged.each), reduced[self.columns], self.levels
        for place, lines in enumerate(levels.lines if each else ()):
            if len(lines) == 1:
                mine = own[levels.begin[place] : levels.begin[place + 1]]
                number = np.arange(1, len(each[lines[0]]))
                level = np.searchsorted(levels.most[place][:, 0], number - 0.5)
                # the relaxation has all levels that gain; a plan has one
                each[lines[0]] = each[lines[0]] + np.append(0.0, mine[level]) - np.minimum(mine, 0.0).sum()
        return replace(found.charged, each=tuple(each))

    def cut(self, bought: FloatArray, above: float) -> bool:
        """State the planes that are low at a plan, (n_levels,), for plans worth more than `above`; whether there may be
        any."""
        rows = []
        self._ask_for(above)
        for nodes, times in self._counted:
            if not len(nodes.weight):
                continue
            rates = nodes.rates(bought)
            domain = self._domain(nodes, rates)
            if domain is None:
                return False
            height, slopes = planes(rates, domain, nodes.weight, self._solver, self._clock)
            most = float(nodes.weight @ height) + SPARE * float(nodes.people.sum())
            worth = nodes.worth(nodes.weight * slopes)
            f = self._stated.curves.met.columns(self._stated.live, times)
            f = f[np.searchsorted(self._stated.response.segments, nodes.segments)]
            columns, values = np.concatenate([f, self.columns]), np.concatenate([nodes.people, -worth])
            self._cuts += 1
            rows.append(
                Keyed(("often", self._cuts), columns, values, -np.inf, most, float(nodes.people.sum()))
            )
        self._stated.also(rows)
        return True

    def _ask_for(self, worth: float) -> None:
        """Only points worth so much, until the problem is restated; as often as this is told, of the most told."""
        cost = self._stated.live.programme.cost
        columns, most = np.flatnonzero(cost), -worth / self._stated.unit
        most += _ROUNDING * abs(most)
        self._stated.also([Keyed(("worth", worth), columns, cost[columns], -np.inf, most, 1.0)])

    def _domain(self, nodes: OftenNodes, rates: FloatArray) -> Domain | None:
        """Where plans can be that keep what is stated; None where none can."""
        n = nodes.sizes
        sizes = np.arange(1.0, n + 1)
        asked = (
            (np.ones(n), -1, _FEWER),
            (np.eye(n)[-1], -1, _FEWER),
            (sizes, -1, _QUESTIONS),
            (sizes, 1, _QUESTIONS if self._cuts else 0),  # without planes a plan may meet few
        )
        found = []
        for direction, sign, many in asked:
            limit = self._limit(nodes, rates, direction, sign, many)
            if limit is None:
                return None
            found.append(limit)
        return Domain(*found)

    def _limit(
        self, nodes: OftenNodes, rates: FloatArray, direction: FloatArray, sign: int, questions: int
    ) -> FloatArray | None:
        """(n_nodes,) no plan has more (sign -1) or less (1) of direction . rates; None where there is no plan. rates:
        (n_sizes, n_nodes) of a plan."""
        against, own = nodes.along(-sign * direction), sign * direction @ rates
        lowest = -nodes.highest(against, np.zeros(len(self.levels)))
        for _ in range(questions):
            node = int(np.argmax(nodes.weight * (own - lowest)))
            answer = self._least(nodes.at_node(node, sign * direction))
            if answer is None:
                return None
            own[node] = -np.inf  # asked about
            const, paid = answer
            for s in _SCALES:
                lowest = np.maximum(lowest, s * const - nodes.highest(against, -s * paid))
        return np.asarray(np.maximum(sign * lowest, 0.0))

    def _least(self, cost: FloatArray) -> tuple[float, FloatArray] | None:
        """Of what levels cost (n_levels,), at the least: what the rows prove without a choice of levels, and what they
        take for each (n_levels,) besides; None where no plan keeps the rows."""
        self._clock.check()
        live, unit = self._stated.live, float(np.abs(cost).max(initial=0.0)) or 1.0
        programme = live.programme
        every, kept = np.zeros(programme.n_columns), programme.cost.copy()
        places = np.arange(len(every))
        every[self.columns] = cost / unit
        live.set_costs(places, every)
        solved = live.solve(False, Limits(seconds=max(self._clock.left(), 0.0)))
        live.set_costs(places, kept)
        if solved.status == "infeasible":
            return None
        nothing = 0.0, np.zeros(len(cost))
        if solved.duals is None:
            return nothing
        duals = solved.duals.copy()
        duals[self._choices] = 0.0
        found = proven(programme, every, duals)
        reduced = found.reduced[self.columns]
        const = found.lowest - float(np.minimum(reduced, 0.0).sum())
        return (const * unit, cost - reduced * unit) if np.isfinite(const) else nothing


def counted_often(problem: Problem) -> list[Counted]:
    """Whom the objective and the goals count who are met several times, where nodes say how often."""
    objective = problem.objective.effective
    found = [] if objective is None else [(objective.people, objective.times)]
    found += [(goal.people, goal.times) for goal in problem.effective]
    each = [(people, times, few_nodes_of(problem, people, times)) for people, times in found]
    return [(people, times, nodes) for people, times, nodes in each if nodes is not None]
