"""Rules that are alike, told as one."""

import pytest

from planner.planning.results import RuleOutcome
from planner.report.plan.rules_text import alike, rule_head


def rule(text: str, *, binding: bool = False, holds: bool = True, price: bool = False) -> RuleOutcome:
    return RuleOutcome("Rules!B2", text, holds, binding, 0.0, "money", price)


WEEKS = [rule(f"the week of {day} March 2027: at most $100") for day in (1, 8, 15)]


@pytest.mark.parametrize(
    ("rules", "told"),
    [
        (WEEKS, [("each of 3 weeks between 1 March 2027 and 15 March 2027: at most $100", 3)]),
        (WEEKS[:2], [(one.text, 1) for one in WEEKS[:2]]),
        ([rule(f"{name}: $50 once if bought at all", price=True, binding=True) for name in "ABCD"],
         [("A and 3 more: $50 once if bought at all", 4)]),
        ([rule(f"medium: {name}: at most 20 % of the spend of medium: Web") for name in ("TV", "Radio", "Press")],
         [("medium: TV and 2 more: at most 20 % of the spend of medium: Web", 3)]),
        ([rule(f"A: at most {most} % of the spend of medium: Web") for most in (5, 6, 7)],
         [(f"A: at most {most} % of the spend of medium: Web", 1) for most in (5, 6, 7)]),
        ([rule("at most 3 of all bought")] * 1, [("at most 3 of all bought", 1)]),
    ],
)  # fmt: skip
def test_at_least_three_that_say_the_same_of_others_are_one(rules, told):
    assert [(part.rule.text, part.count) for part in alike(rules)] == told


def test_the_head_of_a_rule_is_all_before_its_limit():
    assert rule_head("medium: TV: at least 20 % of the spend of medium: Web") == "medium: TV"
    assert rule_head("A: $50 once if bought at all") == "A"
    assert rule_head("at most 2 of medium: Web bought") == "at most 2 of medium: Web bought"


def test_what_binds_or_is_broken_stands_apart():
    broken = [rule(f"the week of {day} March 2027: at most $100", holds=False) for day in (22, 29)]
    binding = rule("the week of 5 April 2027: at most $100", binding=True)
    found = alike([*broken, binding, *WEEKS])
    assert [part.count for part in found] == [1, 1, 1, 3]
    assert [part.rule for part in found[:3]] == [*broken, binding]
