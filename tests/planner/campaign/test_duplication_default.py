"""A duplication is lowered where these audiences cannot share so much, typed or not, and that is said."""

from dataclasses import replace

import numpy as np
import pytest

from planner.campaign.inputs import Brief, Campaign, CompositionRow, Default, MediumRow, TraitRow, VehicleRow
from planner.campaign.prepare import prepare
from planner.planning.options import Options
from planner.planning.plan import make_plan

ASSUMED = Default("Media", "Radio", "duplication", "Radio: duplication 5.4, measured")


def stations(duplication: float, *defaults: Default) -> Campaign:
    """Two stations of 17.5 % each: an audience within the other is 1 / 0.175 = 5.71 times chance, the most there is."""
    rows = tuple(VehicleRow(name, "Radio", 1_000, 1_750, 4) for name in ("A", "B"))
    return Campaign(
        Brief(universe_000=10_000, budget=5_000), (TraitRow("catalyst", "catalyst", 0.1),), (), (),
        (MediumRow("Radio", duplication, 0.5),), 1.35, rows, ("catalyst",),
        tuple(CompositionRow(row.name, (0.1,)) for row in rows), defaults=defaults,
        cells={("Media", "Radio", "duplication"): "Media!B2"},
    )  # fmt: skip


def test_a_default_that_does_not_fit_is_lowered_and_said_so():
    result = make_plan(stations(6.5, ASSUMED), Options(break_even=False))
    (told,) = (default.text for default in result.campaign.defaults)
    used = result.campaign.media[0].duplication
    assert 4.5 < used < 1 / 0.175
    assert f"duplication {used:.4g}, lowered: the default is 6.5" in told
    assert 'write a Duplication in the row "Radio" of the sheet Media' in told


def test_what_was_lowered_is_what_the_stations_share():
    """Of 1,750 and 1,750 people, chance alone shares 306.25."""
    prepared = prepare(stations(6.5, ASSUMED))
    reach = [
        float(prepared.people.segments.population @ prepared.people.model.reach_shares(np.array(x, float)))
        for x in ([1, 0], [0, 1], [1, 1])
    ]
    shared = reach[0] + reach[1] - reach[2]
    assert shared == pytest.approx(306.25 * prepared.campaign.media[0].duplication, rel=1e-6)


def test_the_most_that_was_said_can_be_typed():
    most = prepare(stations(6.5, ASSUMED)).campaign.media[0].duplication
    # What audiences can share depends a little on what is stated, through the factors of their segments.
    assert prepare(stations(most)).campaign.media[0].duplication == pytest.approx(most, rel=0.01)


def test_a_default_that_fits_stays():
    prepared = prepare(stations(2.0, ASSUMED))
    assert prepared.campaign.media[0].duplication == 2.0
    assert prepared.campaign.defaults == (ASSUMED,)


def test_a_typed_duplication_that_does_not_fit_is_lowered_and_its_cell_named():
    prepared = prepare(stations(6.5))
    used = prepared.campaign.media[0].duplication
    assert 4.5 < used < 1 / 0.175
    assert prepared.campaign.notices == (
        f"Media!B2: the Duplication of Radio, 6.5, is more than these audiences can share; {used:.4g}, the most they "
        "can, was taken.",
    )


def test_the_default_between_media_is_lowered_too():
    made = stations(1.2)
    rows = (made.vehicles[0], replace(made.vehicles[1], medium="TV"))
    between = Default("Media", "between media", "duplication", "between media: duplication 8, made up")
    mixed = replace(
        made,
        vehicles=rows,
        media=(*made.media, MediumRow("TV", 1.2, 0.5)),
        between_media=8.0,
        defaults=(between,),
    )
    prepared = prepare(mixed)
    assert prepared.campaign.between_media < 1 / 0.175
    assert "between media: duplication" in prepared.campaign.defaults[0].text
