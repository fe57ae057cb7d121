"""Questions asked side by side: the solver lets others go on."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TypeVar

from planner.explaining.pricing import Base

_PATIENCE = 0.2  # seconds between looks at what is done; so soon is Ctrl-C heard

T = TypeVar("T")


def threads(base: Base) -> int:
    """How many tasks may go side by side: one where they ask the same programme."""
    return 1 if base.within_a_gap else max(1, min(os.cpu_count() or 1, 4))


def together(tasks: Sequence[Callable[[], T]], done: Callable[[int], None], threads: int) -> list[T]:
    """The tasks' answers in order, worked out in so many threads: the solver lets others go on."""
    pool = ThreadPoolExecutor(max_workers=threads)
    try:
        waiting: set[Future[T]] = set()
        futures = [pool.submit(task) for task in tasks]
        waiting.update(futures)
        while waiting:
            _, waiting = wait(waiting, timeout=_PATIENCE)
            done(len(futures) - len(waiting))
        return [future.result() for future in futures]
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
