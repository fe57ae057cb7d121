"""A figure of two plans."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pair:
    """A figure of plan A and of plan B, None where a plan has none. comparable: whether b - a means anything."""

    a: float | None
    b: float | None
    comparable: bool = True

    @property
    def difference(self) -> float | None:
        """b - a; None where there is none or it would mean nothing."""
        if self.a is None or self.b is None or not self.comparable:
            return None
        return self.b - self.a

    @property
    def percent(self) -> float | None:
        """The difference in percent of a."""
        return 100 * self.difference / abs(self.a) if self.a and self.difference is not None else None
