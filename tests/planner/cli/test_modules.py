"""What a command loads before it does anything: modules that take longer to load than a plan takes to find."""

import subprocess
import sys

import pytest

from planner import __version__

_HEAVY = (
    "scipy.stats",
    "scipy.optimize",
    "scipy.sparse",
    "scipy.special",
    "pandas",
    "pulp",
    "highspy",
    "rich",
)


@pytest.mark.parametrize(
    "module",
    [
        "planner.planning.plan",
        "planner.workbook.write",
        "planner.explaining.explained",
        "planner.cli.commands",
    ],
)
def test_what_seldom_is_needed_is_loaded_where_it_is(module: str) -> None:
    assert loaded_by(module, _HEAVY) == []


def test_a_plan_is_read_back_without_what_solves_and_what_writes() -> None:
    others = (*_HEAVY, "xlsxwriter", "models.search", "models.conflict.conflict", "planner.planning.solve",
              "models.programme.solvers.highs")  # fmt: skip
    assert loaded_by("planner.planning.evaluate, planner.workbook.plan.edits", others) == []


def test_many_plans_are_asked_of_one_process_without_what_starts_others() -> None:
    assert loaded_by("planner.comparing.sweep", ("joblib", "pandas", "xlsxwriter")) == []


def loaded_by(modules: str, of: tuple[str, ...]) -> list[str]:
    """Which of these modules are loaded by importing others."""
    code = f"import {modules}, sys; print(*[name for name in {of!r} if name in sys.modules])"
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()


def test_the_command_is_a_module_too_where_it_is_not_on_the_path() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "planner", "--version"], capture_output=True, text=True, check=True
    )
    assert run.stdout == f"planner {__version__}\n"
