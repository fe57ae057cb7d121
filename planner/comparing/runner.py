"""Many questions about one campaign, asked side by side: of processes here, or of a Dask cluster.

    answers = run(tasks, setup, ask, fingerprint=campaign_fingerprint(campaign, gap), begin=begin)

setup() makes what a worker needs, once each (the people of a campaign, say); begin(state) makes what one stretch of
questions shares (a live programme); ask(stretch's state, task) answers. All three are sent to other processes, so they
are functions of modules, or partials of such with plain data.

Answers are the same for any number of workers, and for a sweep that was killed and resumed. For that, tasks are asked
in stretches of neighbours whose size depends on the number of tasks alone; a stretch begins from the same state
wherever it is asked, is asked in order, and is asked again as a whole unless the journal has all of it. So a question
may start from the plans and tangents of those before it in its stretch, and from nothing else.
"""

import json
import os
import signal
import socket
import threading
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any, Generic, TypeVar
from urllib.parse import urlsplit
from uuid import uuid4

from models.errors import InvalidInput, PlanningError
from planner.comparing.journal import Answer, Journal, as_text
from planner.errors import NoPlan, OutputError, WorkbookError

S = TypeVar("S")  # what a worker has
C = TypeVar("C")  # what a stretch has
MOST_IN_A_STRETCH = 25
_KNOCK_SECONDS = 10
_LONG_SECONDS = 4.0  # of work: with less, other processes would hardly have begun
_IDLE_SECONDS = 10  # after which a worker ends that nobody asks: of a program that was killed, too
_STRETCHES = 16  # of a sweep, at least, where it has so many tasks: there may be as many workers


@dataclass(frozen=True)
class Task:
    """A question. key: the same whenever the same is asked. data: what it is, plain and picklable."""

    key: str
    data: Any = None


@dataclass(frozen=True)
class Stretch:
    """Tasks asked one after the other. name: of all its keys."""

    tasks: tuple[Task, ...]

    @property
    def name(self) -> str:
        """The same for the same questions in the same order."""
        return sha256(json.dumps([task.key for task in self.tasks]).encode()).hexdigest()[:16]


@dataclass(frozen=True, eq=False)
class Work(Generic[S, C]):
    """What every worker is told. name: of this run, by which a worker knows what it has set up."""

    setup: Callable[[], S]
    begin: Callable[[S], C]
    ask: Callable[[C, Task], Answer]
    name: str = field(default_factory=lambda: uuid4().hex)


def run(
    tasks: Sequence[Task],
    setup: Callable[[], S],
    ask: Callable[[C, Task], Answer],
    *,
    fingerprint: str,
    begin: Callable[[S], C] = lambda state: state,  # type: ignore[assignment, return-value]
    workers: int | None = None,
    journal: Path | None = None,
    cluster: str | None = None,
    progress: Callable[[str], None] = lambda _: None,
    what: str = "scenarios",
) -> tuple[Answer, ...]:
    """Every task's answer, in the order of the tasks; {"status": "failed", "reason": a sentence} where asking fails.

    fingerprint: of all that the answers depend on beside the tasks. workers: processes; None = as many as there are
    cores, once the first stretches have shown that the work is long; 1 = none beside this one. journal: a file to
    which answers are added as they come, and from which those of the same fingerprint are taken. cluster: address of a
    Dask scheduler, to ask instead of processes here. progress is told in words how far the work is; what: of what it
    tells.

    Raises InvalidInput where the cluster does not answer, OutputError where the journal cannot be written,
    PlanningError where a worker process ends. An interruption leaves the journal with what was done.
    """
    if len({task.key for task in tasks}) < len(tasks):
        raise ValueError("two tasks have the same key")
    with Journal(journal, fingerprint) as kept:
        done, missing = _answered_before(stretches_of(tasks), kept.read())
        tell = _Teller(progress, what, len(tasks), len(done))
        work = Work(setup, begin, ask)
        with closing(_answers(work, missing, workers, cluster)) as coming:
            for stretch, answers in coming:
                keyed = [(task.key, answer) for task, answer in zip(stretch.tasks, answers, strict=True)]
                kept.keep(stretch.name, keyed)
                done.update(keyed)
                tell(len(done))
    return tuple(done[task.key] for task in tasks)


def _answered_before(
    stretches: Sequence[Stretch], before: Mapping[tuple[str, str], Answer]
) -> tuple[dict[str, Answer], list[Stretch]]:
    """Answers of the stretches that a journal has whole, and the other stretches."""
    done: dict[str, Answer] = {}
    missing = []
    for stretch in stretches:
        known = [(stretch.name, task.key) for task in stretch.tasks]
        if all(pair in before for pair in known):
            done.update({key: before[(name, key)] for name, key in known})
        else:
            missing.append(stretch)
    return done, missing


def stretches_of(tasks: Sequence[Task]) -> list[Stretch]:
    """Neighbours together; how many depends on the number of tasks alone.

    >>> [len(stretch.tasks) for stretch in stretches_of([Task(str(i)) for i in range(40)])]
    [3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1]
    """
    size = min(MOST_IN_A_STRETCH, -(-len(tasks) // _STRETCHES))
    return [Stretch(tuple(tasks[at : at + size])) for at in range(0, len(tasks), max(size, 1))]


# --- asking -------------------------------------------------------------------------------------------


def _answers(
    work: Work[S, C], stretches: Sequence[Stretch], workers: int | None, cluster: str | None
) -> Generator[tuple[Stretch, list[Answer]], None, None]:
    """Stretches with their answers, as they come."""
    asked = 0
    if stretches and cluster is None and (workers is None or min(workers, len(stretches)) == 1):
        for asked, answers in enumerate(_asked_here(work, stretches, workers), 1):
            yield stretches[asked - 1], answers
    if stretches[asked:]:
        yield from _asked_elsewhere(work, stretches[asked:], workers, cluster)


def _processes_of(workers: int | None) -> int:
    """How many processes there may be. joblib takes a tenth of a second to load: it is where other processes may be."""
    from joblib import cpu_count

    return workers or int(cpu_count())


def _asked_here(
    work: Work[S, C], stretches: Sequence[Stretch], workers: int | None
) -> Iterator[list[Answer]]:
    """Answers of one stretch after the other, in this process, until there is so much left that others are worth
    starting; for one stretch alone none is."""
    state, began = work.setup(), monotonic()
    for at, stretch in enumerate(stretches, 1):
        yield _asked(work, state, stretch)
        left = len(stretches) - at
        long = left > 1 and (monotonic() - began) / at * left > _LONG_SECONDS
        if long and _processes_of(workers) > 1:
            return


def _asked_elsewhere(
    work: Work[S, C], stretches: Sequence[Stretch], workers: int | None, cluster: str | None
) -> Iterator[tuple[Stretch, list[Answer]]]:
    """Stretches with their answers, as they come from other processes."""
    import joblib

    with _processes(min(_processes_of(workers), len(stretches))) if cluster is None else _dask(cluster):
        parallel = joblib.Parallel(batch_size=1, return_as="generator_unordered")
        calls = (joblib.delayed(_in_worker)(work, at, stretch) for at, stretch in enumerate(stretches))
        with _interrupted_later() if cluster is None else nullcontext():
            coming = parallel(calls)  # the processes are begun here
        with closing(coming):  # or it asks on while they are ended
            for at, answers in coming:
                yield stretches[at], answers


@contextmanager
def _interrupted_later() -> Iterator[None]:
    """Ctrl-C waits; processes begun here never see it: this one ends them, and none tells where it was cut short."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    from multiprocessing.resource_tracker import ensure_running

    ensure_running()  # Python 3.11 lifts the block where it begins this process
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def _processes(workers: int) -> Iterator[None]:
    """Processes on this machine, each with one thread; they end with an interruption."""
    import joblib
    from joblib.externals.loky import get_reusable_executor
    from joblib.externals.loky.process_executor import TerminatedWorkerError

    # Where a run is interrupted joblib's tracker clears up what is left, which need not be told below our sentence.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker:UserWarning")
    try:
        with joblib.parallel_config(
            "loky", n_jobs=workers, inner_max_num_threads=1, idle_worker_timeout=_IDLE_SECONDS
        ):
            yield
    except TerminatedWorkerError as error:
        raise PlanningError(
            "A worker process ended before its work was done, perhaps for want of memory; allow fewer workers."
        ) from error
    except BaseException:
        with suppress(Exception):
            get_reusable_executor().shutdown(wait=False, kill_workers=True)
        raise


@contextmanager
def _dask(address: str) -> Iterator[None]:
    """The workers of a Dask cluster."""
    import joblib

    try:
        from distributed import Client
    except ImportError as error:
        raise InvalidInput(
            "A cluster needs Dask, which is not installed: install influencer-media-planner[cluster]."
        ) from error
    nobody = f'No Dask scheduler answers at "{address}"; expected an address such as tcp://10.0.0.5:8786.'
    # It is closed here; when it is collected, one that found nobody would tell so again, with a traceback.
    quiet: Any = type("QuietClient", (Client,), {"__del__": lambda _: None})
    try:
        _knock(address)
        client: Any = quiet(address, timeout="10s", set_as_default=False)
    except Exception as error:  # what another service answers is taken for any message of Dask's
        raise InvalidInput(nobody) from error
    with client:
        try:
            with joblib.parallel_config("dask", client=client):
                yield
        except TimeoutError as error:
            raise InvalidInput(
                f'The Dask cluster at "{address}" has no workers; start some first.'
            ) from error


def _knock(address: str) -> None:
    """Raises OSError where nobody listens, ValueError where that is no address: a client of Dask would try for long."""
    place = urlsplit(address if "://" in address else f"tcp://{address}")
    if place.hostname is None or place.port is None:
        raise ValueError(address)
    socket.create_connection((place.hostname, place.port), timeout=_KNOCK_SECONDS).close()


_own = threading.local()  # a worker's state: of one run, the last


def _in_worker(work: Work[S, C], at: int, stretch: Stretch) -> tuple[int, list[Answer]]:
    """A stretch's answers, from a worker that sets up what it needs once."""
    if getattr(_own, "name", None) != work.name:
        _own.state, _own.name = work.setup(), work.name
    return at, _asked(work, _own.state, stretch)


def _asked(work: Work[S, C], state: S, stretch: Stretch) -> list[Answer]:
    begun = work.begin(state)
    return [answered(work.ask, begun, task) for task in stretch.tasks]


def answered(ask: Callable[[C, Task], Answer], state: C, task: Task) -> Answer:
    """A task's answer as its journal has it, or why there is none."""
    try:
        return json.loads(as_text(ask(state, task)))  # type: ignore[no-any-return]
    except Exception as error:
        return {"status": "failed", "reason": reason_of(error)}


def reason_of(error: Exception) -> str:
    """Why a question has no answer, in a sentence."""
    if isinstance(error, NoPlan):
        return " ".join([str(error), *(f"{words.rstrip('.')}." for words in error.explanation.words)])
    if isinstance(error, WorkbookError):
        return " ".join(f"{problem.cell}: {problem.text}".removeprefix(": ") for problem in error.problems)
    if isinstance(error, PlanningError | OutputError):
        return str(error)
    place = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(place.filename).name}, line {place.lineno}"
    return f"This is a fault of the program, not of your campaign ({where}); please report it."


# --- telling ------------------------------------------------------------------------------------------


class _Teller:
    """Tells how far the work is and how long the rest may take."""

    def __init__(self, progress: Callable[[str], None], what: str, total: int, known: int) -> None:
        self._progress, self._what, self._total, self._known = progress, what, total, known
        self._began = monotonic()
        self(known)

    def __call__(self, done: int) -> None:
        self._progress(
            progress_of(self._what, done, self._total, done - self._known, monotonic() - self._began)
        )


def progress_of(what: str, done: int, total: int, asked: int, seconds: float) -> str:
    """How far the work is, and how long the rest may take at the pace of those asked in so many seconds.

    >>> progress_of("scenarios", 250, 1000, 200, 20.0)
    'scenarios: 250 of 1,000 (25 %), about 75 s left'
    """
    text = f"{what}: {done:,} of {total:,} ({100 * done // max(total, 1)} %)"
    if not asked or done == total:
        return text
    return f"{text}, about {seconds * (total - done) / asked:,.0f} s left"
