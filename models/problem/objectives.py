"""What a plan is for: how much it is worth that each segment is reached, or that an insertion is bought.

Six objectives, all but effective reach concave in the schedule:
- influence (the default): sum_c N_c w_c R_c, with w_c the influence weight of the segment, how much its
  people talk in the category beside an everyday person ("expressions, not impressions", Keller 2012). Inside
  the target audience
      w_c = (1 + sum over its catalyst and expert traits of (weight - 1)) * product of its other traits' weights,
  outside 0.
- reach: the same with every weight 1.
- impressions: sum_j x_j * (contacts of one insertion, weighted by w_c): linear, no reach at all.

- effective reach: sum_c N_c F_c over the target audience, F the share met n times or more: not concave.
- minimum cost: less money, where goals and rules say what must be had.
- word of mouth: sum_c N_c (R_c + omega H_c) over the target audience, H the earned reach of
  models.people.word_of_mouth; people outside count through those they tell.
"""

from dataclasses import dataclass, replace

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput
from models.people.audience import Segments
from models.people.word_of_mouth import WordOfMouth
from models.problem.goals import Effective


@dataclass(frozen=True, eq=False)
class Earned:
    """The worth of earned reach: worth . (1 - exp(-hearing R)).

    hearing: (n_listeners, n_segments) contacts heard per person, from reach shares. worth: (n_listeners,)
    worth of the whole segment's hearing, >= 0. Listening segments that hear alike are one row.
    """

    hearing: FloatArray
    worth: FloatArray

    def __post_init__(self) -> None:
        freeze(
            self,
            hearing=frozen_floats("hearing", self.hearing, (len(self.worth), np.shape(self.hearing)[-1])),
            worth=frozen_floats("worth of earned reach", self.worth, np.shape(self.worth)),
        )


NOTHING_EARNED = Earned(np.zeros((0, 0)), np.zeros(0))


@dataclass(frozen=True, eq=False)
class Objective:
    """The worth of a plan: segment_worth . R + worth of earned reach + insertion_worth . x.

    name; unit: in words, of the value. segment_worth: (n_segments,) worth of reaching the whole segment,
    >= 0. insertion_worth: (n_vehicles,) worth of one insertion, >= 0. earned: what word of mouth adds.
    effective: where set, the worth is people met several times, and nothing else. saves_money: the worth is less
    what the plan costs.
    """

    name: str
    unit: str
    segment_worth: FloatArray
    insertion_worth: FloatArray
    earned: Earned = NOTHING_EARNED
    effective: Effective | None = None
    saves_money: bool = False

    def __post_init__(self) -> None:
        for label, worth in (
            ("segment worth", self.segment_worth),
            ("insertion worth", self.insertion_worth),
        ):
            if (np.asarray(worth) < 0).any():
                raise InvalidInput(f"a {label} is negative; expected 0 or more.")
        freeze(
            self,
            segment_worth=frozen_floats("segment worth", self.segment_worth, np.shape(self.segment_worth)),
            insertion_worth=frozen_floats(
                "insertion worth", self.insertion_worth, np.shape(self.insertion_worth)
            ),
        )

    @property
    def counts(self) -> BoolArray:
        """(n_segments,) segments whose reach matters to it."""
        told = (self.earned.hearing > 0).any(axis=0) if len(self.earned.worth) else False
        met = False if self.effective is None else self.effective.people > 0
        return np.asarray((self.segment_worth > 0) | told | met)

    @property
    def counts_reach(self) -> bool:
        """Whether reach matters to it at all."""
        return bool(self.counts.any())

    def ceiling(self, upper: FloatArray) -> float:
        """No plan of at most `upper` (n_vehicles,) insertions is worth more: everyone reached, everyone told."""
        if self.effective is not None:
            return float(self.effective.people.sum())
        heard = -np.expm1(-self.earned.hearing.sum(axis=1)) if len(self.earned.worth) else np.zeros(0)
        return float(self.segment_worth.sum() + self.earned.worth @ heard + self.insertion_worth @ upper)

    def within(self, segments: IntArray) -> "Objective":
        """The same over some segments only (those it counts)."""
        hearing = self.earned.hearing[:, segments] if len(self.earned.worth) else np.zeros((0, len(segments)))
        return replace(
            self,
            segment_worth=self.segment_worth[segments],
            earned=Earned(hearing, self.earned.worth),
        )

    def of_reach(self, reach: FloatArray) -> FloatArray:
        """Worth of reach shares (n_segments,) or (n_segments, n_plans): a number, or (n_plans,)."""
        worth = self.segment_worth @ reach
        if len(self.earned.worth):
            worth = worth - self.earned.worth @ np.expm1(-(self.earned.hearing @ reach))
        return np.asarray(worth)

    def worth_of_reach(self, reach: FloatArray) -> FloatArray:
        """(n_segments, ...) worth of a little more reach share, at reach shares (n_segments, ...)."""
        worth = self.segment_worth.reshape((-1,) + (1,) * (reach.ndim - 1))
        if len(self.earned.worth):
            told = np.exp(-np.tensordot(self.earned.hearing, reach, 1))
            worth = worth + np.tensordot((self.earned.hearing * self.earned.worth[:, None]).T, told, 1)
        return np.asarray(worth)

    def value(self, reach: FloatArray, insertions: FloatArray) -> float:
        """Worth of a plan, from its reach shares (n_segments,) and insertions (n_vehicles,)."""
        return float(self.of_reach(reach) + self.insertion_worth @ insertions)


def influence_weights(segments: Segments, talks: BoolArray, weight: FloatArray) -> FloatArray:
    """(n_segments,) influence weight per segment.

    talks: (n_traits,) True for catalyst and expert traits, whose weights add up; the weights of other
    traits multiply. weight: (n_traits,) >= 0. Raises InvalidInput on a negative weight.

    >>> from models.people.audience import Traits, build_segments
    >>> people = build_segments(100, Traits(("catalyst", "expert"), np.array([.1, .2]), ("", "")))
    >>> dict(zip(people.names, influence_weights(people, np.array([True, True]), np.array([1.8, 2.0])).tolist()))
    {'others': 1.0, 'expert': 2.0, 'catalyst': 1.8, 'catalyst, expert': 2.8}
    """
    for name, value in zip(segments.traits.names, weight, strict=True):
        if value < 0:
            raise InvalidInput(f'the weight of "{name}" is {value:g}; expected 0 or more.', (name,))
    added = np.maximum(1 + (segments.has * np.where(talks, weight - 1, 0)).sum(axis=1), 0)
    multiplied = np.where(segments.has & ~talks, weight, 1).prod(axis=1)
    return np.asarray(added * multiplied)


def reach_objective(
    name: str, unit: str, segments: Segments, weights: FloatArray, n_vehicles: int
) -> Objective:
    """Value = people (000) reached, each counted `weights` (n_segments,) times."""
    return Objective(name, unit, segments.population * weights, np.zeros(n_vehicles))


def word_of_mouth_objective(
    segments: Segments, target: BoolArray, talk: WordOfMouth, worth: float, n_vehicles: int
) -> Objective:
    """Value = people (000) of the target reached, plus `worth` (omega) times those who hear of it.

    target: (n_segments,).
    """
    rows, listeners = talk.listeners(worth * segments.population * target)
    kept = (listeners > 0) & (rows > 0).any(axis=1)
    earned = Earned(rows[kept], listeners[kept])
    unit = "thousand people reached, and told as much as they are worth"
    return Objective("word of mouth", unit, segments.population * target, np.zeros(n_vehicles), earned)


def impressions_objective(segments: Segments, weights: FloatArray, rating: FloatArray) -> Objective:
    """Value = contacts (000), each counted `weights` (n_segments,) times; rating (n_segments, n_vehicles)."""
    worth = (segments.population * weights) @ rating
    return Objective("impressions", "thousand weighted impressions", np.zeros(len(weights)), worth)


def effective_objective(segments: Segments, target: BoolArray, times: int, n_vehicles: int) -> Objective:
    """Value = people (000) of the target (n_segments,) met `times` times or more."""
    nothing = np.zeros(len(segments.population))
    effective = Effective(segments.population * target, times)
    unit = f"thousand people reached {times} times or more"
    return Objective("effective reach", unit, nothing, np.zeros(n_vehicles), effective=effective)


def cost_objective(n_segments: int, n_vehicles: int, currency: str = "") -> Objective:
    """Value = less money: minus what the plan costs."""
    nothing = np.zeros(n_segments)
    return Objective("minimum cost", currency or "money", nothing, np.zeros(n_vehicles), saves_money=True)
