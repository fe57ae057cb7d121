"""Definitions of audiences: precedence, names with spaces and colons, and what messages say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import InvalidInput
from models.people.expressions import normalise, parse_expression

NAMES = ("customer", "catalyst", "expert", "expert: food", "men 18-34")
# Every combination of the five traits: 32 segments.
MASKS = {name: (np.arange(32) >> bit) % 2 == 1 for bit, name in enumerate(NAMES)}


def mask(text: str) -> list[bool]:
    return parse_expression(text, NAMES).mask(MASKS).tolist()


def test_a_name_is_the_people_who_have_the_trait() -> None:
    assert mask("catalyst") == MASKS["catalyst"].tolist()


def test_not_binds_closest_then_and_then_or() -> None:
    customer, catalyst, expert = MASKS["customer"], MASKS["catalyst"], MASKS["expert"]
    assert mask("customer or catalyst and not expert") == (customer | (catalyst & ~expert)).tolist()
    assert mask("(customer or catalyst) and not expert") == ((customer | catalyst) & ~expert).tolist()
    assert mask("not customer and catalyst") == (~customer & catalyst).tolist()
    assert mask("not (customer and catalyst)") == (~(customer & catalyst)).tolist()
    assert mask("not not customer") == customer.tolist()


def test_a_name_may_hold_spaces_colons_and_dashes() -> None:
    assert mask("expert: food and men 18-34") == (MASKS["expert: food"] & MASKS["men 18-34"]).tolist()


def test_the_longest_known_name_is_taken() -> None:
    assert parse_expression("expert: food or expert", NAMES).names() == ("expert: food", "expert")


def test_case_and_repeated_spaces_do_not_matter() -> None:
    assert mask("  CUSTOMER   And\tNot  Men\u00a018-34 ") == mask("customer and not men 18-34")
    assert normalise(" Expert:\u00a0 Food ") == "expert: food"


def test_a_name_that_begins_with_an_operator_is_a_name() -> None:
    names = ("android users", "organic buyers", "nothing")
    assert parse_expression("android users or organic buyers and nothing", names).names() == names


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("customer and", '"the end"'),
        ("customer catalyst", '"catalyst"'),
        ("customer and buyers", '"buyers"'),
        ("(customer or catalyst", '")"'),
        ("customer)", '")"'),
        ("expert: foods", '": foods"'),
        ("or customer", '"or customer"'),
        ("customer not catalyst", '"not catalyst"'),
    ],
)
def test_a_wrong_definition_is_refused_and_says_what_was_found(text: str, told: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        parse_expression(text, NAMES)
    assert told in str(refused.value)


def test_an_unknown_name_is_told_which_names_are_known() -> None:
    known = "known names: catalyst, customer, expert, expert: food, men 18-34."
    for names in (NAMES, NAMES[::-1]):
        with pytest.raises(InvalidInput, match=known):
            parse_expression("everybody", names)


definitions = st.recursive(
    st.sampled_from(NAMES),
    lambda inner: st.one_of(
        inner.map(lambda part: f"not ({part})"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]}) and ({parts[1]})"),
        st.tuples(inner, inner).map(lambda parts: f"({parts[0]}) or ({parts[1]})"),
        st.tuples(inner, inner, inner).map(
            lambda parts: f"({parts[0]}) or ({parts[1]}) and not ({parts[2]})"
        ),
    ),
    max_leaves=8,
)


@given(definitions)
def test_any_definition_means_what_python_makes_of_it(text: str) -> None:
    python = text
    for number, name in sorted(enumerate(NAMES), key=lambda item: -len(item[1])):
        python = python.replace(name, f"trait{number}")
    values = [
        bool(eval(python, {}, {f"trait{n}": bool(MASKS[name][c]) for n, name in enumerate(NAMES)}))
        for c in range(32)
    ]
    assert mask(text) == values


@pytest.mark.parametrize(
    "written",
    [lambda depth: "(" * depth + "customer" + ")" * depth, lambda depth: "not " * depth + "customer"],
)
def test_what_stands_too_deep_is_refused_before_it_ends_the_program(written) -> None:
    assert parse_expression(written(40), ["customer"]).names() == ("customer",)
    for depth in (41, 900):
        with pytest.raises(InvalidInput, match="more than 40"):
            parse_expression(written(depth), ["customer"])
