"""How a tailored plan stands to the ordinary one: its gain, and the doubts about it."""

from dataclasses import dataclass

import numpy as np

from models.problem.certificate import Allocation
from models.problem.problem import Problem
from planner.planning.model_error import FIRM, error_text


@dataclass(frozen=True)
class Standing:
    """A plan beside the ordinary one, on the plan's own objective.

    gain: of its worth over the ordinary plan's, as a share of the larger; negative where it is worth less.
    doubt: the share within which the two plans' gaps leave it open which is better. same: the very same plan.
    error: one standard deviation of the model's error on the gain.
    """

    gain: float
    doubt: float
    same: bool
    error: float = 0.0

    @property
    def measurable(self) -> bool:
        """Whether the gain exceeds the doubt."""
        return self.gain > self.doubt

    @property
    def firm(self) -> bool:
        """Whether the gain exceeds the model's own error too."""
        return self.measurable and self.gain > FIRM * self.error

    @property
    def within_error(self) -> str:
        """The gain beside the model's own error, in words; "" where it is firm."""
        if self.firm:
            return ""
        return f"it is worth {100 * self.gain:.2g} % more than the ordinary plan{error_text(self.gain, self.error)}"

    @property
    def in_short(self) -> str:
        """The verdict beside a table of what both plans reach; "" where the whole verdict has to stand."""
        if not self.measurable:
            which = (
                "this plan is the ordinary plan"
                if self.same
                else "the ordinary plan is as good, within the gaps"
            )
            return f"No gain can be measured: {which}."
        if self.firm:
            return ""
        return f"No gain is claimed: the tailored plan{self.within_error.removeprefix('it')}."


def standing_of(problem: Problem, plan: Allocation, ordinary: Allocation, gap: float) -> Standing:
    """How a plan of gap `gap` stands to the ordinary one, on the problem's objective."""
    value, other = problem.value(plan.decision), problem.value(ordinary.decision)
    gain = (value - other) / max(abs(value), abs(other), 1e-300)
    same = bool(np.array_equal(plan.insertions, ordinary.insertions))
    if problem.objective.effective is not None:
        # Both worths are exact, and the gaps are of a bound that is loose by its nature: they tell nothing here.
        return Standing(gain, 1e-9, same)
    return Standing(gain, max(gap, ordinary.gap, 1e-9), same)
