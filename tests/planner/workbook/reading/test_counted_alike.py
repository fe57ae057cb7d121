"""Insertions and what is sold by the thousand do not add up: rules and discounts that would are asked about."""

import pytest

VEHICLES = [
    ["Site", "Web", None, None, 10, 1, 90],
    ["Portal", "Web", None, None, 800, 100, 9],
]
BOUGHT_AS = {"Vehicles!M1": "Bought as", "Vehicles!M6": "impressions", "Vehicles!M7": "impressions"}
SITE, PORTAL, QUIZ = (
    '"Site" per 1,000 impressions',
    '"Portal" per 100,000 impressions',
    '"Quiz" by the insertion',
)


@pytest.mark.parametrize(
    ("applies_to", "unit", "told"),
    [
        ("all", "insertions", (QUIZ, SITE)),
        ("Web", "insertions", (SITE, PORTAL)),
        ("TV", "% of Site's insertions", (QUIZ, SITE)),
    ],
)
def test_a_rule_counts_one_kind(applies_to, unit, told, buyers_problems):
    limit = "50 %" if "%" in unit else 5
    found = buyers_problems(
        {"Vehicles": VEHICLES, "Rules": [["r", applies_to, None, limit, unit]]}, BOUGHT_AS
    )
    beside = '"TV" beside "Site"' if "%" in unit else f'"{applies_to}"'
    assert found == {
        "Rules!E2": f"{beside} counts insertions of lines that are sold differently: {told[0]} and {told[1]}; "
        "name those of one kind, or count money or GRP."
    }


@pytest.mark.parametrize(
    ("applies_to", "unit"),
    [("Site", "insertions"), ("TV", "insertions"), ("all", "GRP"), ("all", "money"), ("Web", "vehicles")],
)
def test_one_kind_or_another_measure_is_read(applies_to, unit, buyers_campaign):
    rows = {"Vehicles": VEHICLES, "Rules": [["r", applies_to, None, 2, unit]]}
    (rule,) = buyers_campaign(rows, BOUGHT_AS).rules
    assert rule.at_most == 2


def test_at_most_none_of_all_is_read(buyers_campaign):
    (rule,) = buyers_campaign(
        {"Vehicles": VEHICLES, "Rules": [["r", "all", None, 0, "insertions"]]}, BOUGHT_AS
    ).rules
    assert rule.at_most == 0


def test_a_discount_counts_one_kind(buyers_problems):
    rows = {"Vehicles": VEHICLES, "Discounts": [["Web", 5, "insertions", "10 %"]]}
    assert list(buyers_problems(rows, BOUGHT_AS)) == ["Discounts!C2"]
