"""Respondents of a survey as planning data: every respondent is a segment of his own (README, "From a survey").

A respondent stands for `weight` people and meets one insertion of vehicle j with his own probability p_ij, each
insertion on its own:

    audience of j = sum_i w_i p_ij          not reached_i = prod_j (1 - p_ij)^x_j

so duplication is counted, not modelled. Respondents with the same probabilities and the same traits are
indistinguishable to every plan and every audience; merged() makes one of them, with their weights added.

Breaks down: probabilities say nothing of the order of insertions, and few respondents make a plan fit their chance
(models.respondents says by how much: halves of the respondents).
"""

from dataclasses import dataclass, field
from hashlib import blake2b, sha256
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Respondents:
    """n respondents with their chances of contact.

    vehicles: labels, unique. traits: labels, unique.
    weight: (n,) people (000) that each stands for, > 0; they sum to the universe (000).
    probability: (n, n_vehicles) chance that one insertion of the vehicle meets him, 0 <= p <= 1.
    has_trait: (n, n_traits) whether he has the trait.
    asked: (n,) people interviewed who stand behind the row: 1, more where identical ones were merged.
    weight_squares: (n,) sum of their squared weights, for the effective base; weight squared where not merged.

    >>> two = Respondents(("A",), ("men",), [1.0, 3.0], [[0.5], [0.5]], [[True], [True]])
    >>> two.audience().tolist(), two.merged().weight.tolist(), two.merged().asked.tolist()
    ([2.0], [4.0], [2])
    """

    vehicles: tuple[str, ...]
    traits: tuple[str, ...]
    weight: FloatArray
    probability: FloatArray
    has_trait: BoolArray
    asked: IntArray = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    weight_squares: FloatArray = field(default_factory=lambda: np.empty(0))

    def __post_init__(self) -> None:
        n = len(self.weight)
        weight = frozen_floats("weight", self.weight, (n,))
        asked = np.array(self.asked if len(self.asked) else np.ones(n), dtype=np.int64)
        squares = self.weight_squares if len(self.weight_squares) else weight**2
        freeze(
            self,
            weight=weight,
            probability=_shared(self.probability, np.float64),
            has_trait=_shared(self.has_trait, np.bool_),
            asked=asked,
            weight_squares=frozen_floats("squares of weights", squares, (n,)),
        )
        self._check_labels()
        self._check_shapes()
        self._check_values()

    def _check_labels(self) -> None:
        for what, labels in (("vehicle", self.vehicles), ("trait", self.traits)):
            twice = {label for label in labels if labels.count(label) > 1}
            if twice:
                raise InvalidInput(f"{what} {min(twice)} stands twice among the respondents'.", (min(twice),))

    def _check_shapes(self) -> None:
        n = len(self.weight)
        expected = {
            "probability": (n, len(self.vehicles)), "has_trait": (n, len(self.traits)), "asked": (n,)
        }  # fmt: skip
        for name, shape in expected.items():
            if getattr(self, name).shape != shape:
                raise InvalidInput(f"{name} has shape {getattr(self, name).shape}; expected {shape}.")

    def _check_values(self) -> None:
        if not len(self.weight):
            raise InvalidInput("there is no respondent.")
        if not (np.isfinite(self.weight) & (self.weight > 0)).all():
            raise InvalidInput("a respondent's weight is not above 0; leave him out.")
        if not self.probability.size:
            return
        low, high = self.probability.min(axis=0), self.probability.max(axis=0)
        wrong = np.flatnonzero(~((low >= 0) & (high <= 1)))  # also where it is not a number
        if len(wrong):
            name = self.vehicles[wrong[0]]
            raise InvalidInput(
                f"{name} has a probability of {low[wrong[0]]:g} or {high[wrong[0]]:g}; expected 0 to 1.",
                (name,),
            )

    def __len__(self) -> int:
        return len(self.weight)

    @property
    def universe(self) -> float:
        """People (000) that the respondents stand for."""
        return float(self.weight.sum())

    def audience(self) -> FloatArray:
        """(n_vehicles,) people (000) whom one insertion reaches."""
        return np.asarray(self.weight @ self.probability)

    def effective_base(self) -> float:
        """Kish's effective number of people interviewed, (sum w)^2 / sum w^2 (Kish 1965, Survey Sampling, 11.7)."""
        return float(self.weight.sum() ** 2 / self.weight_squares.sum())

    def fingerprint(self) -> str:
        """sha256, in hexadecimal, of all that plans depend on."""
        digest = sha256(repr((self.vehicles, self.traits)).encode())
        for values in (self.weight, self.probability, self.has_trait):
            digest.update(np.ascontiguousarray(values).tobytes())
        return digest.hexdigest()

    def sampling_error(self, shares: FloatArray) -> float:
        """One standard error of the weighted mean of shares (n,), respondents drawn with their weights."""
        if len(self) < 2:
            return 0.0
        part = self.weight / self.weight.sum()
        return float(np.sqrt((self.weight_squares / self.weight.sum() ** 2) @ (shares - part @ shares) ** 2))

    def resampled(self, rng: "np.random.Generator") -> "Respondents":
        """Another survey of as many people, drawn from these with replacement (Efron 1979), projected to the same
        universe. Of people not merged."""
        times = np.bincount(rng.integers(len(self), size=len(self)), minlength=len(self))
        drawn = np.flatnonzero(times)
        weight = self.weight[drawn] * times[drawn]
        weight = weight * (self.universe / weight.sum())
        return Respondents(
            self.vehicles, self.traits, weight, self.probability[drawn], self.has_trait[drawn], times[drawn],
            weight**2 / times[drawn],
        )  # fmt: skip

    def identical(self) -> IntArray:
        """(n,) for each respondent the row of merged() that he becomes; rows are in order of first appearance."""
        rows: dict[bytes, int] = {}
        group = np.empty(len(self), dtype=np.int64)
        for index, (chances, traits) in enumerate(zip(self.probability, self.has_trait, strict=True)):
            key = blake2b((chances + 0.0).tobytes(), digest_size=16)  # -0.0 + 0.0 is 0.0
            key.update(traits.tobytes())
            group[index] = rows.setdefault(key.digest(), len(rows))
        return group

    def merged(self) -> "Respondents":
        """Identical respondents (same probabilities, same traits) as one, weights and people asked added.

        No plan and no audience is worth more or less by it.
        """
        group = self.identical()
        first = np.unique(group, return_index=True)[1]
        return Respondents(
            self.vehicles,
            self.traits,
            np.bincount(group, self.weight).astype(np.float64),
            self.probability[first],
            self.has_trait[first],
            np.bincount(group, self.asked).astype(np.int64),
            np.bincount(group, self.weight_squares).astype(np.float64),
        )

    def taken(self, rows: IntArray | BoolArray) -> "Respondents":
        """The respondents at `rows` (indices, or a mask), with their weights as they are."""
        return Respondents(
            self.vehicles,
            self.traits,
            self.weight[rows],
            self.probability[rows],
            self.has_trait[rows],
            self.asked[rows],
            self.weight_squares[rows],
        )


def _shared(values: NDArray[Any], dtype: type[np.generic]) -> NDArray[Any]:
    """A read-only view of `values`: a survey may fill the memory, so it is copied only where its kind differs."""
    return np.asarray(values, dtype=dtype).view()
