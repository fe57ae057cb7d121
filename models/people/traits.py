"""Traits of people with their shares of the universe."""

from dataclasses import dataclass

from models.arrays import FloatArray, freeze, frozen_floats
from models.errors import InvalidInput


@dataclass(frozen=True, eq=False)
class Traits:
    """Traits in use.

    names: labels. share: (n_traits,) of the universe, 0 < share < 1. band: per trait the band of
    exclusive traits it belongs to, "" when it stands alone.
    """

    names: tuple[str, ...]
    share: FloatArray
    band: tuple[str, ...]

    def __post_init__(self) -> None:
        freeze(self, share=frozen_floats("trait shares", self.share, (len(self.names),)))
        for name, share in zip(self.names, self.share, strict=True):
            if not 0 < share < 1:
                raise InvalidInput(
                    f'trait "{name}" is {share:.4%} of the universe; expected more than 0 and less than 100 %.',
                    (name,),
                )
        for members in self.dimensions():
            total = float(self.share[members].sum())
            if total > 1 + 1e-9:
                names = tuple(self.names[i] for i in members)
                raise InvalidInput(
                    f"the shares of {', '.join(names)} add up to {total:.2%}; expected at most 100 %.", names
                )

    def dimensions(self) -> list[list[int]]:
        """Indices of the traits by dimension: a band is one dimension, any other trait its own."""
        found: dict[str, list[int]] = {}
        for index, band in enumerate(self.band):
            found.setdefault(f"band {band}" if band else f"trait {index}", []).append(index)
        return list(found.values())
