"""Rules that a dearer vehicle makes easier to keep: what is proven of it at one price may not hold at another."""

from functools import cached_property

from models.after.dearer import eased_by_price
from models.rules.rule import Rule
from planner.campaign.prepare import Prepared
from planner.planning.variants import at_price


class EasedRules:
    """Those of one vehicle (place). prepared: the campaign with the vehicle at a price."""

    def __init__(self, prepared: Prepared, place: int) -> None:
        self.prepared, self.place = prepared, place

    @cached_property
    def dearer(self) -> tuple[Rule, ...]:
        """The rules that a higher price of it may make easier to keep."""
        return self._at(2.0)

    @property
    def any(self) -> bool:
        """Whether a rule beside the budget looks at what the vehicle costs."""
        return bool(self.dearer or self._at(0.5))

    def _at(self, times: float) -> tuple[Rule, ...]:
        """Those at so many times its price."""
        price = self.prepared.campaign.vehicles[self.place].unit_cost or 1.0
        return eased_by_price(self.prepared.problem, at_price(self.prepared, self.place, times * price))
