"""Which traits make segments where all together would make too many."""

from dataclasses import replace

import numpy as np
import pytest

from models.errors import InvalidInput
from planner.campaign.inputs import (
    AudienceRow,
    Brief,
    Campaign,
    CompositionRow,
    MediumRow,
    TraitRow,
    TypesTable,
    VehicleRow,
)
from planner.campaign.population import build_population
from planner.campaign.prepare import prepare
from planner.campaign.segment_traits import segment_count, segment_traits, without_segments
from planner.errors import WorkbookError


def campaign(plain: int, **more: object) -> Campaign:
    """A catalyst and so many traits of 30 %; the two vehicles have 30 % + and - n points of trait n."""
    traits = (
        TraitRow("catalyst", "catalyst", 0.1),
        *(TraitRow(f"trait {n}", "demographic", 0.3) for n in range(1, plain + 1)),
    )
    away = np.arange(1, plain + 1) / 100
    rows = [
        CompositionRow(name, (0.12, *(float(x) for x in 0.3 + sign * away)))
        for name, sign in (("A", 1), ("B", -1))
    ]
    made = Campaign(
        brief=Brief(category="", universe_000=1000.0, budget=1000.0),
        traits=traits,
        overlaps=(),
        audiences=(),
        media=(MediumRow("TV", 1.2, 0.5),),
        between_media=1.2,
        vehicles=(VehicleRow("A", "TV", 100.0, 200.0, 3.0), VehicleRow("B", "TV", 100.0, 100.0, 3.0)),
        composition_traits=tuple(trait.name for trait in traits),
        composition=tuple(rows),
        rules=(),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def kept(made: Campaign) -> list[str]:
    return [row.name for row in segment_traits(made)]


def test_all_traits_make_segments_where_there_is_room() -> None:
    made = campaign(8)  # 2^9 = 512
    assert len(kept(made)) == 9
    assert without_segments(made) == ""


def test_the_trait_in_which_audiences_differ_least_goes_first() -> None:
    made = campaign(10)  # 2^11; two of the ten must go
    assert kept(made) == ["catalyst", *(f"trait {n}" for n in range(3, 11))]
    assert len(build_population(made).segments.names) == 512
    (notice,) = prepare(made).campaign.notices
    assert "2,048 segments for 2 vehicles" in notice
    assert "trait 1, trait 2." in notice


@pytest.mark.parametrize(
    "asked",
    [
        {"audiences": (AudienceRow("few", "trait 1 and not trait 2"),)},
        {
            "brief": Brief(
                category="", universe_000=1000.0, budget=1000.0, target_audience="trait 1 or trait 2"
            )
        },
    ],
)
def test_a_trait_that_is_asked_about_stays(asked: dict[str, object]) -> None:
    assert kept(campaign(10, **asked)) == [
        "catalyst",
        "trait 1",
        "trait 2",
        *(f"trait {n}" for n in range(5, 11)),
    ]


def test_a_trait_with_a_weight_or_a_duplication_factor_stays() -> None:
    made = campaign(10)
    traits = list(made.traits)
    traits[1], traits[2] = replace(traits[1], weight=2.0), replace(traits[2], duplication_factor=1.4)
    assert kept(replace(made, traits=tuple(traits)))[:3] == ["catalyst", "trait 1", "trait 2"]


def test_a_band_counts_as_one() -> None:
    """Three traits of 30 % that exclude each other make four classes: 4 x 2 x 2^7 = 1,024. Together they tell more than
    trait 4, (.0001 + .0004 + .0009) / .3 + .06^2 / .1 against .04^2 / .3 + .04^2 / .7."""
    made = campaign(10)
    traits = tuple(
        replace(row, band="age") if row.name in ("trait 1", "trait 2", "trait 3") else row
        for row in made.traits
    )
    made = replace(made, traits=traits)
    assert segment_count(traits) == 1024
    assert kept(made) == ["catalyst", *(f"trait {n}" for n in (1, 2, 3, *range(5, 11)))]


def test_what_all_traits_asked_about_make_is_refused_in_words() -> None:
    traits = tuple(replace(row, weight=2.0) for row in campaign(10).traits)
    with pytest.raises(WorkbookError) as caught:
        prepare(campaign(10, traits=traits))
    assert "make 2,048 segments; at most 512 are planned" in caught.value.problems[0].text


def contradicting(sample: float | None) -> Campaign:
    """Nine in ten of B's audience are said to be catalysts; its type has a tenth of them, which is too few."""
    made = campaign(0, composition=(CompositionRow("A", (0.12,)), CompositionRow("B", (0.9,))))
    vehicles = tuple(replace(vehicle, sample_size=sample) for vehicle in made.vehicles)
    of_vehicles = {"A": (0.5, 0.5), "B": (0.0, 1.0)}
    types = TypesTable(("one", "other"), (0.5, 0.5), of_vehicles, {"catalyst": (0.9, 0.1)})
    return replace(made, vehicles=vehicles, types=types)


def test_a_sample_that_contradicts_its_types_is_moved_until_it_can_be() -> None:
    prepared = prepare(contradicting(5000.0))
    (moved,) = prepared.people.composition_used[1]
    assert 0.02 <= moved <= 0.1  # ten thousand catalysts are in its type, which implies 2 %
    (told,) = [notice for notice in prepared.campaign.notices if notice.startswith("Composition of")]
    assert told.startswith("Composition of B: audiences of these types cannot be composed as the sample says")


def test_a_stated_composition_that_contradicts_types_is_refused() -> None:
    with pytest.raises(InvalidInput, match='"B"'):
        build_population(contradicting(None))
