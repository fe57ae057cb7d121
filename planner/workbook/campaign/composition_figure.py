"""A figure of Composition in its unit: what share of an audience it is, and why it cannot be true."""

import math
from dataclasses import dataclass

from planner.campaign.inputs import TraitRow, VehicleRow
from planner.workbook.cells.numbers import exact

POPULATION_TOLERANCE = 0.005
MORE_THAN_ALL = "; expected at most 100 %."
MORE_THAN_THERE_ARE = "mend the audience, the composition or the share."


@dataclass(frozen=True)
class Figure:
    """A figure of Composition in its unit."""

    value: float
    unit: str
    trait: TraitRow
    vehicle: VehicleRow
    universe_000: float

    @property
    def population(self) -> float:
        """People with the trait, in thousands."""
        return self.trait.share * self.universe_000

    def share(self) -> float | None:
        """Share of the vehicle's audience; None where the audience is 0 and the figure is of people."""
        audience = self.vehicle.audience_000
        if self.unit == "%":
            return self.value
        if self.unit == "index":
            return exact(self.value / 100 * self.trait.share)
        people = self.value * self.population if self.unit == "coverage %" else self.value
        return exact(people / audience) if audience else None

    def trouble(self) -> str:
        """Why the figure cannot be true; "" when it can."""
        name, trait, audience = self.vehicle.name, self.trait.name, self.vehicle.audience_000
        share = self.share()
        if self.value < 0:
            return f"{trait} is negative ({self.value:g}); expected 0 or more."
        if not self.universe_000 or math.isnan(self.trait.share):
            return ""  # the universe or the trait's share is a problem already
        if share is None:
            people = f'"{name}" has an audience of 0, but people with the trait {trait}; mend one of them.'
            return people if self.value else ""
        if share > 1:
            return f'{self.in_words()} makes {share:.1%} of the audience of "{name}"{MORE_THAN_ALL}'
        possible = audience <= self.universe_000  # otherwise that is said already, at the audience
        if possible and share * audience > self.population * (1 + POPULATION_TOLERANCE):
            return (
                f'"{name}": {share:.2%} of its {audience:,.6g} thousand people are '
                f"{share * audience:,.6g} thousand with the trait {trait}, but the whole universe has only "
                f"{self.population:,.6g} thousand ({self.trait.share:.2%} of {self.universe_000:,.10g}); "
                f"{MORE_THAN_THERE_ARE}"
            )
        return ""

    def in_words(self) -> str:
        """The figure as a planner would say it."""
        forms = {
            "%": f"{self.value * 100:,.10g} %",
            "index": f"An index of {self.value:g} on a universe's share of {self.trait.share * 100:.10g} %",
            "coverage %": f"A coverage of {self.value * 100:,.10g} % of {self.population:,.10g} thousand people",
            "000": f"{self.value:,.10g} thousand people out of {self.vehicle.audience_000:,.10g}",
        }
        return forms[self.unit]
