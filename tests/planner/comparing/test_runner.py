"""Sweeps: the same answers for any number of workers, and after being killed at any moment."""

import json
import os
import signal
import subprocess
import sys
import time
from fractions import Fraction
from pathlib import Path

import pytest

from models.errors import InvalidInput
from planner.comparing import runner
from planner.comparing.desk import Sweep, Terms
from planner.comparing.doubts import Doubt
from planner.comparing.frontier import Asked, Changed, frontier
from planner.comparing.journal import Journal
from planner.comparing.runner import Task, progress_of, reason_of, run, stretches_of
from planner.comparing.stability import stability
from planner.errors import Explanation, NoPlan, OutputError, Problem, WorkbookError
from planner.report.comparing.frontier import frontier_json
from planner.report.comparing.stability import stability_json

TASKS = [Task(f"n={n}", n) for n in range(60)]


def parts():
    """setup, begin, ask: each answer depends on every question before it in the stretch. Functions of a function, so
    that they are sent by value."""

    def setup():
        return 7

    def begin(seven):
        return [seven]

    def ask(seen, task):
        if task.data == 13:
            Fraction(1, 0)
        seen.append(task.data)
        return {"sum": sum(seen), "third": task.data / 3}

    return {"setup": setup, "begin": begin, "ask": ask, "fingerprint": "f"}


ALONE = run(TASKS, **parts(), workers=1)


def test_answers_come_in_the_order_of_the_tasks_and_stretches_begin_anew():
    assert [len(stretch.tasks) for stretch in stretches_of(TASKS)] == [4] * 15
    assert [answer["sum"] for answer in ALONE[:5]] == [7, 8, 10, 13, 11]


def test_a_failing_task_is_a_row_with_its_reason():
    assert ALONE[13]["status"] == "failed"
    assert "fault of the program" in ALONE[13]["reason"]
    assert "ZeroDivisionError at fractions.py" in ALONE[13]["reason"]
    assert ALONE[14]["sum"] == 7 + 12 + 14  # the stretch goes on


def test_two_processes_answer_as_one():
    assert run(TASKS, **parts(), workers=2) == ALONE


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="no masks of signals here")
def test_ctrl_c_is_for_the_process_that_began_the_others():
    """One that sees it while it begins tells where it was cut short, a traceback each."""

    def masked(_, __):
        return {"own": os.getpid(), "waits": signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())}

    answers = run(TASKS[:4], **{**parts(), "ask": masked}, workers=2)
    assert all(answer["own"] != os.getpid() and answer["waits"] for answer in answers)
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


@pytest.mark.parametrize(("long", "elsewhere"), [(60.0, 0), (0.0, 14)])
def test_unless_asked_for_processes_are_started_for_long_work_only(monkeypatch, long, elsewhere):
    monkeypatch.setattr(runner, "_LONG_SECONDS", long)
    monkeypatch.setattr("joblib.cpu_count", lambda: 2)
    own = parts()
    asked = own | {"ask": lambda seen, task: own["ask"](seen, task) | {"process": os.getpid()}}
    answers = run(TASKS, **asked, workers=None)
    assert [answer.get("sum") for answer in answers] == [answer.get("sum") for answer in ALONE]
    processes = [answer.get("process") for answer in answers[::4]]
    assert sum(process != os.getpid() for process in processes) == elsewhere
    last = run(TASKS[:2], **asked, workers=None)[1]  # one stretch that is left is asked where its people are
    assert last["process"] == os.getpid()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Address of a scheduler with two worker processes."""
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(tmp_path_factory.mktemp("dask")),
    ) as found:
        yield found.scheduler_address


def test_a_cluster_of_two_processes_answers_as_one(cluster):
    assert run(TASKS, **parts(), cluster=cluster) == ALONE


def test_a_frontier_on_a_cluster_is_that_of_one_process(cluster, small):
    asked = Asked(points=2, trade_offs=0, change=Changed(budget=70.0))
    one, two = (
        frontier_json(frontier(small(), asked, Terms(1e-4, 20.0), where))
        for where in (Sweep(workers=1), Sweep(cluster=cluster))
    )
    assert len(two["points"]) >= 2
    assert one == two


def test_the_stability_of_a_plan_on_a_cluster_is_that_of_one_process(cluster, sampled):
    one, two = (
        stability_json(stability(sampled(), None, Doubt(draws=1), Terms(1e-4, 20.0), where))
        for where in (Sweep(workers=1), Sweep(cluster=cluster))
    )
    assert one == two


def test_an_address_where_nothing_listens_is_refused(monkeypatch):
    pytest.importorskip("distributed")
    with pytest.raises(InvalidInput, match="expected an address such as"):
        run(TASKS, **parts(), cluster="nowhere")


def test_without_dask_a_cluster_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(InvalidInput, match=r"needs Dask, .* \[?.*cluster\]"):
        run(TASKS, **parts(), cluster="tcp://127.0.0.1:1")


def test_a_finished_sweep_is_read_from_its_journal(tmp_path):
    journal = tmp_path / "journal"
    run(TASKS, **parts(), workers=1, journal=journal)
    asked = parts() | {"ask": lambda *_: pytest.fail("asked again")}
    assert run(TASKS, **asked, workers=1, journal=journal) == ALONE


def test_another_fingerprint_asks_again(tmp_path):
    journal = tmp_path / "journal"
    run(TASKS, **parts(), workers=1, journal=journal)
    other = parts() | {"fingerprint": "g", "ask": lambda _, task: {"other": task.data}}
    assert run(TASKS, **other, workers=1, journal=journal)[3] == {"other": 3}
    assert run(TASKS, **parts(), workers=1, journal=journal) == ALONE


@pytest.mark.parametrize("kept", [0, 1, 37, 400, 1500, 2999])
def test_a_journal_torn_at_any_byte_resumes_to_the_same_answers(tmp_path, kept):
    journal = tmp_path / "journal"
    run(TASKS, **parts(), workers=1, journal=journal)
    whole = journal.read_bytes()
    journal.write_bytes(whole[:kept])
    assert run(TASKS, **parts(), workers=1, journal=journal) == ALONE
    assert len(journal.read_bytes()) > kept


SWEEP = """
import sys, time
from functools import partial
from pathlib import Path
from planner.comparing.runner import Task, run

def parts():
    def ask(seen, task):
        time.sleep(0.01)
        seen.append(task.data)
        return {"sum": sum(seen)}
    return ask

answers = run([Task(str(n), n) for n in range(60)], list, parts(), begin=list, fingerprint="f",
              workers=int(sys.argv[2]), journal=Path(sys.argv[1]))
print(answers)
"""


def sweep(journal: Path, workers: int) -> "subprocess.Popen[bytes]":
    """Its answers go to a file beside the journal: a pipe would be held open by the workers of a killed sweep."""
    with journal.with_suffix(".out").open("wb") as out:
        return subprocess.Popen([sys.executable, "-c", SWEEP, str(journal), str(workers)], stdout=out)


def answers_of(journal: Path, workers: int) -> bytes:
    assert sweep(journal, workers).wait(timeout=60) == 0
    return journal.with_suffix(".out").read_bytes()


def test_a_sweep_killed_outright_resumes_to_the_same_bytes(tmp_path):
    unbroken = answers_of(tmp_path / "unbroken", 1)
    journal = tmp_path / "journal"
    for workers, lines in ((1, 4), (2, 20), (1, 40)):
        killed = sweep(journal, workers)
        while killed.poll() is None and (not journal.exists() or journal.read_bytes().count(b"\n") < lines):
            time.sleep(0.005)
        killed.kill()
        killed.wait(timeout=60)
    assert journal.read_bytes().count(b"\n") >= 40
    assert answers_of(journal, 2) == unbroken


def test_an_interrupted_sweep_keeps_what_is_done_and_leaves_no_process(tmp_path):
    journal = tmp_path / "journal"
    begun = sweep(journal, 2)
    while not journal.exists() or not journal.read_bytes():
        time.sleep(0.005)
    children = Path(f"/proc/{begun.pid}/task/{begun.pid}/children")
    started = children.read_text().split() if children.exists() else []
    os.kill(begun.pid, signal.SIGINT)
    assert begun.wait(timeout=60) != 0
    assert json.loads(journal.read_bytes().splitlines()[0])["answer"]
    ends = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in started) and time.monotonic() < ends:
        time.sleep(0.05)
    assert not [child for child in started if Path(f"/proc/{child}").exists()]


def test_a_journal_on_a_full_disk_is_told_as_such(tmp_path):
    resource = pytest.importorskip("resource")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    journal = Journal(tmp_path / "journal", "f")
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, limits[1]))
        with pytest.raises(OutputError, match="cannot be written"), journal:
            journal.keep("stretch", [("key", {})])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_a_journal_that_cannot_be_opened_is_refused(tmp_path):
    with pytest.raises(OutputError, match="cannot be opened"):
        Journal(tmp_path / "no folder" / "journal", "f")


def test_two_tasks_of_one_key_are_a_fault():
    with pytest.raises(ValueError, match="same key"):
        run([Task("a"), Task("a")], **parts())


def test_reasons_name_what_conflicts_and_the_cells():
    why = Explanation(
        (Problem("Brief!B6", "the budget is 1,000"), Problem("Rules!C2", "at least 2,000 of TV"))
    )
    assert reason_of(NoPlan("No plan: these cannot all hold.", why)) == (
        "No plan: these cannot all hold. Brief!B6: the budget is 1,000. Rules!C2: at least 2,000 of TV."
    )
    assert reason_of(WorkbookError("a.xlsx", (Problem("Vehicles!E7", "wrong."),))) == "Vehicles!E7: wrong."


def test_time_left_follows_the_pace_of_what_was_asked_now():
    assert progress_of("points", 0, 10, 0, 0.0) == "points: 0 of 10 (0 %)"
    assert progress_of("points", 5, 10, 2, 4.0) == "points: 5 of 10 (50 %), about 10 s left"
    assert progress_of("points", 10, 10, 5, 4.0) == "points: 10 of 10 (100 %)"


def test_a_file_that_is_no_journal_is_refused_and_left_alone(tmp_path):
    other = tmp_path / "campaign.xlsx"
    for content in (b"PK\x03\x04 a workbook", b'{\n "name": 1}\n', b"\n"):
        other.write_bytes(content)
        with pytest.raises(OutputError, match="is no journal"):
            Journal(other, "f")
        assert other.read_bytes() == content
