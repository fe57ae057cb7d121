"""A time limit that long work looks at between its steps."""

import time
from dataclasses import dataclass

import numpy as np


class Late(Exception):
    """The time limit came before the work was done: nothing of it is used."""


@dataclass(frozen=True)
class Clock:
    """deadline: on time.monotonic's clock."""

    deadline: float = np.inf

    def left(self) -> float:
        """Seconds until the deadline."""
        return self.deadline - time.monotonic()

    def check(self) -> None:
        """Raises Late past the deadline."""
        if time.monotonic() > self.deadline:
            raise Late


UNTIMED = Clock()
