"""How to plan, beside what the campaign says; and the time that it takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from models.programme.solvers.highs_quiet import SolverName

_CALENDAR_SHARE, _CALENDAR_SECONDS = 0.2, 2.0  # of a time limit, at most, that other steps leave to calendars


@dataclass(frozen=True)
class Options:
    """How to plan, beside what the campaign says. gap: relative (0.001 = 0.1 %). seconds: time limit.
    break_even: whether to look for the multiplier at which tailoring begins to pay. explain: whether to say why
    there is no plan, where there is none. thorough: whether prices that few searches leave wide are searched on until
    the time limit."""

    gap: float = 1e-3
    seconds: float = 300.0
    solver: SolverName = "highs"
    progress: Callable[[str], None] = lambda _: None
    break_even: bool = True
    explain: bool = True
    thorough: bool = False

    def more(self, text: str) -> None:
        """Tell more of the step at work: a text that begins with a blank."""
        self.progress(f" {text}")


class Clock:
    """Seconds by step, and how many are left of a limit. dated: some of them are kept for a calendar."""

    def __init__(self, limit: float, *, dated: bool = False) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()
        self._end = self._last + limit
        self._kept = min(_CALENDAR_SHARE * limit, _CALENDAR_SECONDS) if dated else 0.0

    def lap(self, step: str) -> None:
        """The time since the last lap belongs to this step."""
        now = time.perf_counter()
        self.seconds[step] = round(now - self._last, 3)
        self._last = now

    def left(self) -> float:
        """Seconds until the limit; never so few that nothing can be tried."""
        return max(self._end - self._kept - time.perf_counter(), 0.05)

    def for_calendar(self) -> float:
        """The same, with those kept for a calendar."""
        return max(self._end - time.perf_counter(), 0.05)
