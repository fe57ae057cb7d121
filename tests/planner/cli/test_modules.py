"""What a command loads before it does anything: modules that take longer to load than a plan takes to find."""

import subprocess
import sys

import pytest

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
    code = f"import {module}, sys; print(*[name for name in {_HEAVY!r} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert loaded.split() == []
