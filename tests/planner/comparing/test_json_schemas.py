"""The schemas of JSON that docs/json.md gives are those of the JSON."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from planner.campaign.scenario import Scenario
from planner.comparing.desk import Sweep, Terms
from planner.comparing.doubts import Doubt
from planner.comparing.frontier import Asked, Changed, frontier
from planner.comparing.stability import stability
from planner.comparing.sweep import Asked as AskedScenario
from planner.comparing.sweep import compare_scenarios
from planner.report.comparing.frontier import frontier_json
from planner.report.comparing.scenarios import scenarios_json
from planner.report.comparing.stability import stability_json

PAGE = (Path(__file__).parents[3] / "docs" / "json.md").read_text()
TERMS, ALONE = Terms(1e-3, 20.0), Sweep(workers=1)


def schema_of(kind: str) -> dict[str, Any]:
    """What the page says: key -> None, a word, an object, or the object that a list holds."""
    (text,) = re.findall(rf"    {{schema, kind: {kind}.*?run}}\n", PAGE, re.DOTALL)
    words = iter(re.findall(r"\w+|[{}\[\]:]", text))
    assert next(words) == "{"
    return parsed(words)


def parsed(words: Iterator[str]) -> dict[str, Any]:
    """An object, whose opening brace has been read."""
    found: dict[str, Any] = {}
    name = ""
    for word in words:
        if word == "}":
            break
        if word == "{":
            found[name] = parsed(words)
        elif word == "[":
            assert next(words) == "{"
            found[name] = [parsed(words)]
        elif word == ":":
            found[name] = next(words)
        elif word != "]":
            name, found[word] = word, None
    return found


def keys_of(told: Any, like: Any) -> Any:
    """The keys of what is told, as deep as the page goes."""
    if isinstance(like, dict):
        return {name: keys_of(value, like.get(name)) for name, value in told.items()}
    if isinstance(like, list):
        assert told, like
        return [keys_of(told[-1], like[0])]
    return told if isinstance(like, str) else None


def frontier_told(small: Any, _: Any) -> dict[str, Any]:
    asked = Asked(points=2, trade_offs=2, ladder=(100.0, 80.0), change=Changed(budget=70.0))
    return frontier_json(frontier(small(), asked, TERMS, ALONE))


def stability_told(_: Any, sampled: Any) -> dict[str, Any]:
    return stability_json(stability(sampled(), None, Doubt(draws=1), TERMS, ALONE))


def scenarios_told(small: Any, _: Any) -> dict[str, Any]:
    base = small()
    less = replace(base, brief=replace(base.brief, budget=60.0))
    asked = [AskedScenario(Scenario("now", base=True), base), AskedScenario(Scenario("less"), less)]
    return scenarios_json(compare_scenarios(asked, base, Terms(1e-3, 60.0), Sweep(workers=1)))


@pytest.mark.parametrize(
    ("kind", "told"),
    [("frontier", frontier_told), ("stability", stability_told), ("scenarios", scenarios_told)],
)
def test_the_readmes_schema_is_that_of_the_json(kind, told, small, sampled):
    schema = schema_of(kind)
    assert keys_of(json.loads(json.dumps(told(small, sampled), allow_nan=False)), schema) == schema
