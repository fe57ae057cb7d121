"""What the program runs on: bounded below and above, one version of each with its hashes, every licence listed."""

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATED = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONSTRAINTS = (ROOT / "constraints.txt").read_text()
NAMES = set(re.findall(r"^([a-z0-9-]+)==", CONSTRAINTS, re.MULTILINE))


@pytest.mark.parametrize("dependency", STATED["dependencies"])
def test_a_dependency_is_bounded_on_both_sides(dependency):
    assert re.fullmatch(r"[a-z0-9-]+>=[0-9.]+,<[0-9.]+", dependency)
    assert re.match("[a-z0-9-]+", dependency)[0] in NAMES


def test_constraints_name_versions_and_hashes_and_no_address():
    lines = [line for line in CONSTRAINTS.splitlines() if not line.startswith("#")]
    version = r"[a-z0-9-]+==[0-9.]+(post[0-9]+)?( ; [a-z_]+ [<>=]+ '[a-z0-9.]+')? \\"
    digest = r"    --hash=sha256:[0-9a-f]{64}( \\)?"
    assert [line for line in lines if not re.fullmatch(f"{version}|{digest}", line)] == []
    assert "://" not in CONSTRAINTS


def test_every_package_has_its_licence_listed():
    rows = re.findall(r"^\| ([a-z][a-z0-9-]+) \|", (ROOT / "LICENSES.md").read_text(), re.MULTILINE)
    assert set(rows) == NAMES
