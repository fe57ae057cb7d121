"""Goals in contacts, by hand: 2, 5 and 0 rating points of an insertion among catalysts."""

import numpy as np
import pytest

from models.purchase.tariff import Tariff
from models.rules.contact_goal import ContactGoal
from models.rules.outcome import Outcome

TARIFF = Tariff(np.array([100.0, 250.0, 300.0]))
WHOLE = np.array([4.0, 4.0, 5.0])
PLAN = np.array([3.0, 2.0, 4.0])  # 16 points


def goal(sense: str, amount: float, unit: str = "GRP") -> ContactGoal:
    return ContactGoal("cell", "catalysts", np.array([2.0, 5.0, 0.0]), sense, amount, unit)


@pytest.mark.parametrize(
    ("sense", "amount", "slack"),
    [(">=", 15, 1), (">=", 16, 0), (">=", 17, -1), ("<=", 15, -1), ("<=", 18, 2)],
)
def test_contacts_of_every_insertion_add_up(sense, amount, slack, rows_kept) -> None:
    rule = goal(sense, amount)
    assert rule.slack(Outcome(PLAN)) == slack
    assert rule.holds(Outcome(PLAN)) == rows_kept(rule, TARIFF, PLAN) == (slack >= 0)


def test_a_vehicle_that_meets_nobody_of_the_audience_is_not_in_the_row() -> None:
    (row,) = goal(">=", 15).rows()
    assert row.columns.tolist() == [0, 1]


def test_columns_beyond_insertions_do_not_count() -> None:
    assert goal(">=", 15).slack(Outcome(np.append(PLAN, [9.0, 9.0]))) == 1


def test_it_is_told_in_its_unit() -> None:
    assert goal(">=", 150).sentence() == "catalysts: at least 150 GRP"
    assert goal("<=", 1500, "impressions (000)").sentence() == "catalysts: at most 1,500 impressions (000)"
    assert goal("<=", 1500, "impressions (000)").unit == "impressions (000)"


@pytest.mark.parametrize(
    ("sense", "amount", "slack"), [(">=", 0.3, 0.1), (">=", 0.5, -0.1), ("<=", 0.25, -0.15), ("<=", 0.4, 0)]
)
def test_a_part_of_all_impressions_is_counted_beside_everyones(sense, amount, slack, rows_kept) -> None:
    """16 of 40 points: everyone gets 4, 4 and 5 of an insertion."""
    rule = ContactGoal(
        "cell", "catalysts", np.array([2.0, 5.0, 0.0]), sense, amount, "share of impressions", WHOLE
    )
    assert rule.slack(Outcome(PLAN)) == pytest.approx(slack)
    assert rule.row_slack(Outcome(PLAN)) == pytest.approx(40 * slack)
    assert rule.holds(Outcome(PLAN)) == rows_kept(rule, TARIFF, PLAN) == (slack >= 0)


def test_of_no_impressions_every_part_is_kept_and_a_broken_part_gives_way_to_what_there_is() -> None:
    rule = ContactGoal("cell", "women", np.array([2.0, 5.0, 0.0]), ">=", 0.5, "share of impressions", WHOLE)
    assert rule.holds(Outcome(np.zeros(3)))
    assert rule.sentence() == "women: at least 50 % of impressions"
    eased = rule.eased_for(Outcome(PLAN))
    assert eased is not None
    assert eased.amount == 0.4
