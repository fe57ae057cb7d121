"""CBC by file: what it is told apart by names, what it says where it fails, and that it ends with whoever waits."""

import os
import sys
from pathlib import Path

import numpy as np
import pytest

from models.errors import SolverFailure
from models.programme.relaxation import Relaxation
from models.programme.solvers import cbc_program
from models.programme.solvers.highs import open_live
from models.programme.solvers.linear_programme import LinearProgramme, rows_of
from models.programme.solvers.solver import Limits

EIGHT_DIGITS = 1e-6  # CBC's text answers
TOLERANCE = 1e-6  # to which relaxations lie on their curves


def alike() -> LinearProgramme:
    """Most of x + 2 y + 4 z with x + y + z <= 5, x <= 1, y <= 2, z <= 1, all columns and rows of one name."""
    programme = LinearProgramme()
    columns = programme.add_columns(["y", "y", "y"], np.zeros(3), np.array([1.0, 2.0, 1.0]))
    programme.set_costs(columns, np.array([-1.0, -2.0, -4.0]))
    for _ in range(2):
        least, most = np.array([-np.inf]), np.array([5.0])
        programme.add_rows(rows_of(np.zeros(3, dtype=int), columns, np.ones(3), least, most, ("row",)))
    return programme


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("whole", [True, False])
def test_columns_and_rows_of_one_name_are_told_apart(solver: str, whole: bool) -> None:
    programme = alike()
    programme.set_whole(np.arange(3), np.full(3, whole))
    solved = open_live(programme, solver).solve(whole, Limits())
    assert solved.status == "optimal"
    assert solved.values == pytest.approx([1.0, 2.0, 1.0], abs=EIGHT_DIGITS)


@pytest.mark.parametrize("seed", range(3))
def test_a_relaxation_with_split_pieces_has_the_same_bound_in_both_solvers(make_problem, seed):
    """Splits leave columns of the names of their parts: here the names do repeat."""
    problem = make_problem(seed, 4, 3, most=60, spend=0.6).problem
    bounds = []
    for solver in ("highs", "cbc"):
        relaxation = Relaxation(problem, solver=solver)
        for at in (18.4, 19.4, 20.4, 24.4):
            relaxation.cut_at(np.full(4, at))
        names = relaxation.live.programme.names
        assert len(set(names)) < len(names)
        bounds.append(relaxation.relax(TOLERANCE).bound)
    assert bounds[0] == pytest.approx(bounds[1], rel=3 * TOLERANCE)


@pytest.mark.parametrize("code", [None, 3])
def test_without_an_answer_the_message_says_so(code: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cbc_program, "run", lambda _: code)
    with pytest.raises(SolverFailure, match=rf"no answer \(exit code {code}\); use --solver highs"):
        open_live(alike(), "cbc").solve(True, Limits())


def test_what_cannot_be_started_has_no_exit_code() -> None:
    assert cbc_program.run([str(Path(sys.executable).parent / "no such program")]) is None
    assert cbc_program.run([sys.executable, "-c", "raise SystemExit(7)"]) == 7


@pytest.mark.skipif(os.name == "nt", reason="signals")
def test_an_interrupted_wait_ends_the_program(tmp_path: Path) -> None:
    """The program itself interrupts us, once it is at work, and tells its number."""
    at_work = (
        "import os, signal, sys, time\n"
        "open(sys.argv[1], 'w').write(str(os.getpid()))\n"
        "os.kill(os.getppid(), signal.SIGINT)\n"
        "time.sleep(60)\n"
    )
    told = tmp_path / "number"
    with pytest.raises(KeyboardInterrupt):
        cbc_program.run([sys.executable, "-c", at_work, str(told)])
    with pytest.raises(ProcessLookupError):
        os.kill(int(told.read_text()), 0)


def test_a_program_ended_before_it_began_never_begins(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    program = cbc_program.Program([sys.executable, "-c", f"open({str(trace)!r}, 'w')"])
    program.end()
    program.start()
    assert program.over.wait(60)
    assert program.code is None
    assert not trace.exists()
