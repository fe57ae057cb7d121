"""The errors we raise. Anything else is a bug and shows a traceback.

PlanningError is the root, so that a caller catches in one place.
"""

from collections.abc import Mapping


class PlanningError(Exception):
    """Something about the request, not about our code, prevents a plan."""


class InvalidInput(PlanningError):
    """A number or label that cannot be true; the message says which and what was expected.

    subject: what the message is about (a vehicle, medium or trait), so that the planner can point
    at its cell; empty when it is about the whole.
    """

    def __init__(self, message: str, subject: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.subject = subject


class RepeatTooLow(InvalidInput):
    """Measured repeat audiences that cannot be, for two vehicles of that size and medium share more already. least: by
    vehicle the least that it can have, of the people who see the advertisement."""

    def __init__(self, least: Mapping[str, float]) -> None:
        names = ", ".join(f'"{name}" (at least {share:.1%})' for name, share in least.items())
        super().__init__(f"too low a repeat audience: {names}", tuple(least))
        self.least = dict(least)


class InfeasiblePlan(PlanningError):
    """No plan satisfies the rules. `rules`: ids of the rules that conflict (may be empty)."""

    def __init__(self, message: str = "no plan keeps all the rules", rules: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.rules = rules


class GoalNotReached(InfeasiblePlan):
    """No plan that meets a goal on n+ reach is known. goal: its id. reached: the most that a plan found reaches,
    None where none keeps the other rules and goals; possible: no plan reaches more, people (000) both. proven:
    whether that rules the goal out; if not, a plan may exist that the search has missed. alone: whether the plan that
    reaches so much keeps everything else."""

    def __init__(
        self, goal: str, reached: float | None, possible: float, proven: bool, alone: bool = False
    ) -> None:
        super().__init__(
            "no plan reaches a goal on n+ reach" if proven else "no plan was found that does", (goal,)
        )
        self.goal, self.reached, self.possible, self.proven, self.alone = (
            goal, reached, possible, proven, alone,
        )  # fmt: skip


class UnboundedPlan(PlanningError):
    """The programme has no finite best plan."""


class SolverFailure(PlanningError):
    """The solver stopped without an answer that we can trust."""


class NoCalendar(PlanningError):
    """No calendar was found that holds a plan. proven: there is none; if not, the search ended before it knew."""

    def __init__(self, *, proven: bool) -> None:
        super().__init__("no calendar holds the plan" if proven else "no calendar was found for the plan")
        self.proven = proven


class NoPlanInTime(SolverFailure):
    """The time limit ended the search before a plan was found."""
