"""How large the code's parts may grow."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for room in ("models", "planner") for path in (ROOT / room).rglob("*.py"))
MOST_METHODS = 15


def methods(stated: ast.ClassDef) -> list[str]:
    """Of a class itself, properties aside."""
    own = [part for part in stated.body if isinstance(part, ast.FunctionDef)]
    return [
        each.name for each in own if not any("property" in ast.unparse(name) for name in each.decorator_list)
    ]


@pytest.mark.parametrize("room", ["models", "planner"])
def test_a_class_has_no_more_than_15_methods(room):
    """One that has more is about several things: a reader sees no part of it by itself."""
    large = {}
    for path in FILES:
        if path.relative_to(ROOT).parts[0] == room:
            for part in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(part, ast.ClassDef) and len(methods(part)) > MOST_METHODS:
                    large[part.name] = methods(part)
    assert large == {}
