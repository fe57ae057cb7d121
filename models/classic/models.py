"""The classic models in the order of what they know, each with the fault to remember when reading its figure."""

from collections.abc import Callable
from dataclasses import dataclass

from models.classic.agostini import agostini
from models.classic.beta_binomial import beta_binomial
from models.classic.binomial import binomial
from models.classic.canonical import canonical_aggregation, canonical_expansion
from models.classic.hofmans import hofmans
from models.classic.metheringham import metheringham
from models.classic.morgensztern import morgensztern
from models.classic.sainsbury import sainsbury
from models.classic.schedule import Estimate, Schedule


@dataclass(frozen=True)
class ClassicModel:
    """A model by name. source: author and year. fault: what it is known to get wrong, one line."""

    name: str
    source: str
    fault: str
    estimate: Callable[[Schedule], Estimate]


CLASSIC_MODELS = (
    ClassicModel("Sainsbury", "Sainsbury, by 1963",
                 "all insertions met at random: reach too high, the more the longer the schedule", sainsbury),
    ClassicModel("binomial", "Lee and Burkart 1960",
                 "as Sainsbury, and all vehicles count as one of average size", binomial),
    ClassicModel("beta-binomial", "Hyett 1958",
                 "good for one vehicle; vehicles combined at random, so reach is too high", beta_binomial),
    ClassicModel("Metheringham", "Metheringham 1964",
                 "all vehicles count as one average vehicle: wrong where sizes are very unequal", metheringham),
    ClassicModel("Agostini", "Agostini 1961",
                 "its constant 1.125 was fitted to French magazines of the 1950s; no distribution", agostini),
    ClassicModel("Hofmans", "Hofmans 1966",
                 "exact for two insertions, drifts with more: reach can fall as vehicles are added; no distribution",
                 hofmans),
    ClassicModel("Morgensztern", "Morgensztern 1970",
                 "knows pairs only: reach too low where many vehicles share many people", morgensztern),
    ClassicModel("canonical expansion", "Danaher 1991",
                 "a truncated series: can give negative shares, the more vehicles the worse", canonical_expansion),
    ClassicModel("canonical aggregation", "Kim 2005",
                 "the expansion's reach; its contacts depend on the order in which vehicles are joined",
                 canonical_aggregation),
)  # fmt: skip
