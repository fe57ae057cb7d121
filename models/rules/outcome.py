"""A plan with what follows from it, each worked out once: what every rule and goal is checked on."""

from dataclasses import dataclass, field
from functools import cached_property

from models.arrays import FloatArray
from models.reach.contacts import effective_shares
from models.reach.gamma import ReachModel


@dataclass(frozen=True, eq=False)
class Outcome:
    """plan: (plan_size,), as models.purchase.columns lays it out. model: whom it reaches; None where no goal asks."""

    plan: FloatArray
    model: ReachModel | None = None
    _met: dict[int, FloatArray] = field(default_factory=dict, init=False, repr=False)

    @property
    def insertions(self) -> FloatArray:
        """(n_vehicles,) of the plan."""
        return self.plan[: len(self._people.audiences.vehicles)]

    @cached_property
    def reach(self) -> FloatArray:
        """(n_segments,) share of each segment that is reached."""
        return self._people.reach_shares(self.insertions)

    def met(self, times: int) -> FloatArray:
        """(n_segments,) share of each segment that is met `times` times or more."""
        if times not in self._met:
            self._met[times] = effective_shares(self._people, self.insertions, times)
        return self._met[times]

    @property
    def _people(self) -> ReachModel:
        assert self.model is not None, "a goal on reach needs people"
        return self.model
