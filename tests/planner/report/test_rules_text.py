"""Rules that are alike, told as one."""

import pytest

from planner.planning.results import RuleOutcome
from planner.report.rules_text import alike


def rule(text: str, *, binding: bool = False, holds: bool = True, price: bool = False) -> RuleOutcome:
    return RuleOutcome("Rules!B2", text, holds, binding, 0.0, "money", price)


WEEKS = [rule(f"the week of {day} March 2027: at most $100") for day in (1, 8, 15)]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (WEEKS, [("each of 3 weeks, 1 March 2027 to 15 March 2027: at most $100", 3)]),
        (WEEKS[:2], [(one.text, 1) for one in WEEKS[:2]]),
        ([rule(f"{name}: $50 once if bought at all", price=True, binding=True) for name in "ABCD"],
         [("A and 3 more: $50 once if bought at all", 4)]),
        ([rule("at most 3 of all bought")] * 1, [("at most 3 of all bought", 1)]),
    ],
)  # fmt: skip
def test_at_least_three_that_say_the_same_of_others_are_one(rules, told):
    assert [(part.rule.text, part.count) for part in alike(rules)] == told


def test_what_binds_or_is_broken_stands_apart():
    broken = [rule(f"the week of {day} March 2027: at most $100", holds=False) for day in (22, 29)]
    binding = rule("the week of 5 April 2027: at most $100", binding=True)
    found = alike([*broken, binding, *WEEKS])
    assert [part.count for part in found] == [1, 1, 1, 3]
    assert [part.rule for part in found[:3]] == [*broken, binding]
