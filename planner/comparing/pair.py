"""A figure of two plans; something that their campaigns state differently, and how many of these are told."""

from collections.abc import Sequence
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


ALIKE = 4  # rows of a sheet that differ in the same column; more are told as one


@dataclass(frozen=True)
class Difference:
    """Something that two campaigns state differently.

    sheet, row (a vehicle, a trait, ...; "" on Brief), what (the column or question); a, b: what each says, in words.
    """

    sheet: str
    row: str
    what: str
    a: str
    b: str

    @property
    def subject(self) -> str:
        """Row and column, for people."""
        return ", ".join(text for text in (self.row, self.what) if text)


def grouped(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """The same for people: where many rows of a sheet differ in one column, one line tells the first of them.

    Rows that only A has and rows that only B has are told apart.
    """
    alike: dict[tuple[str, str, str], list[Difference]] = {}
    for found in differences:
        side = "" if found.what else found.a
        alike.setdefault((found.sheet, found.what, side), []).append(found)
    told: list[Difference] = []
    for (sheet, what, _), several in alike.items():
        if sheet == "Brief" or len(several) <= ALIKE:
            told += several
        else:
            first = several[0]
            row = f"{len(several)} rows, the first {first.row}"
            told.append(Difference(sheet, row, what, first.a, first.b))
    return tuple(told)
