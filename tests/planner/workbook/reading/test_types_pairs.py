"""Types and Pairs: what is read, what is asked, where; and the people that follow from them."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from models.reach.gamma import BETWEEN
from planner.campaign.inputs import Campaign, PairRow
from planner.campaign.population import build_population
from planner.campaign.prepare import prepare
from planner.errors import WorkbookError
from planner.workbook.campaign.differences import campaign_differences
from planner.workbook.campaign.parse import read_campaign
from tests.planner.workbook.reading.book import rewritten

Build = Callable[..., Campaign]
Problems = Callable[..., dict[str, str]]
Row = list[object]

SHARE: Row = ["share of the universe", "60 %", "40 %"]
TYPES: list[Row] = [
    SHARE,
    ["Trait:  CATALYST", "30 %", "70 %"],
    ["Quiz", "90 %", "10 %"],
    ["News", "70 %", "30 %"],
    ["Cook", "20 %", "80 %"],
]
PAIRS: list[Row] = [
    ["Quiz", "News", 35, None],
    ["cook", "Quiz", None, "8 %"],
    ["News", "Cook", 12, "6 %"],
    ["Cook", "trait: catalyst", 12, None],
    ["Quiz", "trait: catalyst", 8, None],
]

# --- types --------------------------------------------------------------------------------------------


def test_types_are_read_and_come_back(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign({"Types": TYPES})
    assert campaign.types is not None
    assert campaign.types.names == ("screen", "print")
    assert campaign.types.share == (0.6, 0.4)
    assert campaign.types.vehicles == {"Quiz": (0.9, 0.1), "News": (0.7, 0.3), "Cook": (0.2, 0.8)}
    assert campaign.types.traits == {"catalyst": (0.3, 0.7)}
    texts = [found.text for found in campaign.defaults]
    absent = "1 of 4 vehicles without a row on Types, spread over types as everyone: "
    assert any(text.startswith(absent) for text in texts)
    assert any(text.startswith("young: no row on Types") for text in texts)
    assert not any("duplication factor" in text for text in texts)
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.types == campaign.types
    assert again.defaults == campaign.defaults


def test_a_blank_sheet_of_types_is_none(buyers_campaign: Build) -> None:
    campaign = buyers_campaign()
    assert campaign.types is None
    assert campaign.pairs == ()
    assert any("duplication factor" in found.text for found in campaign.defaults)


def test_a_row_within_rounding_is_rescaled_and_said(buyers_campaign: Build) -> None:
    campaign = buyers_campaign({"Types": [SHARE, ["Quiz", "90.4 %", "10 %"]]})
    assert campaign.types is not None
    assert campaign.types.vehicles["Quiz"] == pytest.approx((90.4 / 100.4, 10 / 100.4))
    assert any("rescaled" in notice for notice in campaign.notices)


def test_small_types_are_percents_as_the_others_of_the_sheet_are(buyers_campaign: Build) -> None:
    """0.8 and 0.5 may be 80 and 50 % by themselves, and are not beside 99.2 and 99.5."""
    campaign = buyers_campaign({"Types": [["share of the universe", 99.2, 0.8], ["Quiz", 99.5, 0.5]]})
    assert campaign.types is not None
    assert (campaign.types.share, campaign.types.vehicles["Quiz"]) == ((0.992, 0.008), (0.995, 0.005))


TYPES_BROKEN: list[tuple[list[Row], str, str]] = [
    ([["Quiz", "90 %", "10 %"]], "Types", "no row"),
    ([SHARE, ["Quiz", "90 %", "20 %"]], "Types!A3", "adds up to 110 % over the types; expected 100 %"),
    ([SHARE, ["Quiz", "90 %"]], "Types!C3", "blank for print but not for the rest"),
    ([SHARE, ["Quiz", "110 %", "-10 %"]], "Types!C3", "negative share"),
    ([SHARE, ["Quizz", "90 %", "10 %"]], "Types!A3", 'did you mean "Quiz"'),
    ([SHARE, ["trait: catalist", "90 %", "10 %"]], "Types!A3", 'did you mean "catalyst"'),
    ([SHARE, ["Quiz", "90 %", "10 %"], ["quiz", "80 %", "20 %"]], "Types!A4", "there twice (also Types!A3)"),
    ([["share of the universe", "100 %", "0 %"]], "Types!A2", "print: nobody in the universe"),
    ([SHARE, ["Quiz", "much", "10 %"]], "Types!B3", "is not a number"),
    (
        [["share of the universe", "70 %", "30 %"], ["trait: young", "0 %", "100 %"]],
        "Types!C3",
        '"young" would be 40 % of the universe in print, which is 30 % of it',
    ),
]


@pytest.mark.parametrize(("rows", "cell", "words"), TYPES_BROKEN)
def test_every_problem_of_types_names_its_cell(
    rows: list[Row], cell: str, words: str, buyers_problems: Problems
) -> None:
    problems = buyers_problems({"Types": rows})
    assert words in problems[cell]


@pytest.mark.parametrize(
    ("edits", "cell", "words"),
    [
        ({"Types!C1": "catalyst"}, "Types!C1", "is the name of a trait"),
        ({"Types!C1": "Screen"}, "Types!C1", "has two columns (also Types!B1)"),
        ({"Types!C1": "print [000]"}, "Types!C1", "percents of each row only"),
    ],
)
def test_headings_of_types_are_names_of_their_own(
    edits: dict[str, object], cell: str, words: str, buyers_problems: Problems
) -> None:
    assert words in buyers_problems({"Types": TYPES}, edits)[cell]


def test_of_columns_that_are_unsure_it_is_not_said_that_rows_do_not_add_up(buyers_problems: Problems) -> None:
    third = {"Types!D1": "Screen", "Types!D2": "0 %"}
    assert list(buyers_problems({"Types": [["share of the universe", "60 %", "30 %"]]}, third)) == [
        "Types!D1"
    ]


def test_types_are_a_complete_band_of_segments_with_exact_margins(buyers_campaign: Build) -> None:
    """Two types by customer, catalyst, young: 16 segments; audiences and traits as the sheet says."""
    people = build_population(buyers_campaign({"Types": TYPES}))
    segments = people.segments
    assert len(segments.population) == 16
    assert [row.name for row in people.traits] == ["customer", "catalyst", "young"]
    screen, catalyst = segments.with_trait("screen"), segments.with_trait("catalyst")
    assert segments.population[screen].sum() == pytest.approx(600)
    assert segments.population[screen & catalyst].sum() == pytest.approx(30)
    seen = segments.population[:, None] * people.model.audiences.rating
    assert seen[screen].sum(axis=0) == pytest.approx([90, 140, 10, 24])
    # Nothing is known of Quiz's catalysts but its types: 90 x 30/600 + 10 x 70/400
    assert seen[catalyst][:, 0].sum() == pytest.approx(90 * 0.05 + 10 * 0.175)
    assert (people.model.k_person == people.model.k_person[0]).all()


def test_a_stated_factor_does_not_apply_beside_types_and_that_is_said(buyers_campaign: Build) -> None:
    factor = {"Traits!D1": "Duplication factor", "Traits!D3": 0.5}
    campaign = buyers_campaign({"Types": TYPES}, factor)
    assert any("Traits!D3" in notice and "not used" in notice for notice in campaign.notices)
    assert np.ptp(build_population(campaign).model.k_person) == 0
    assert np.ptp(build_population(buyers_campaign({}, factor)).model.k_person) > 0


def test_an_audience_larger_than_its_type_names_the_cell(buyers_campaign: Build) -> None:
    """News has 200 thousand; 90 % of them in a type of 100."""
    rows: list[Row] = [["share of the universe", "90 %", "10 %"], ["News", "10 %", "90 %"]]
    with pytest.raises(WorkbookError) as caught:
        prepare(buyers_campaign({"Types": rows}))
    assert caught.value.problems[0].cell == "Types!C3"
    assert "print" in caught.value.problems[0].text


# --- pairs --------------------------------------------------------------------------------------------


def test_pairs_are_read_and_come_back(buyers_campaign: Build, tmp_path: Path) -> None:
    campaign = buyers_campaign({"Pairs": PAIRS})
    assert campaign.pairs == (
        PairRow("Quiz", "News", False, 35),
        PairRow("Cook", "Quiz", False, 4),
        PairRow("News", "Cook", False, 12),
        PairRow("Cook", "catalyst", True, 12),
        PairRow("Quiz", "catalyst", True, 8),
    )
    again = rewritten(campaign, tmp_path / "again.xlsx")
    assert again.pairs == campaign.pairs
    assert again.defaults == campaign.defaults


PAIRS_BROKEN: list[tuple[list[Row], str, str]] = [
    ([["Quiz", "Newz", 35]], "Pairs!B2", 'did you mean "News"'),
    ([["Quiz", "quiz", 35]], "Pairs!B2", "paired with itself"),
    ([["Quiz", "News", 35], ["News", "Quiz", 30]], "Pairs!A3", "there twice (also Pairs!A2)"),
    ([["Quiz", "News"]], "Pairs!C2", "Neither People (000) nor Percent of A"),
    ([["Quiz", "News", 120]], "Pairs!C2", "the smaller of them has only 100"),
    ([["Quiz", "News", 35, "60 %"]], "Pairs!D2", "keep one of them"),
    ([["News", "Cook", None, "30 %"]], "Pairs!D2", "the smaller of them has only 50"),
    ([["Quiz", "trait: catalist", 5]], "Pairs!B2", 'did you mean "catalyst"'),
    ([["Quiz", "News", "some"]], "Pairs!C2", "is not a number"),
    ([["Quiz", "catalyst", 8]], "Pairs!B2", 'or a trait as "trait: NAME"'),
    (
        [["trait: catalyst", "Quiz", 8]],
        "Pairs!A2",
        "a trait stands under Vehicle B, and the vehicle under Vehicle A.",
    ),
    ([["Quiz", "News", 35_000]], "Pairs!C2", "mend one of them, or write the people in thousands"),
]


@pytest.mark.parametrize(("rows", "cell", "words"), PAIRS_BROKEN)
def test_every_problem_of_pairs_names_its_cell(
    rows: list[Row], cell: str, words: str, buyers_problems: Problems
) -> None:
    problems = buyers_problems({"Pairs": rows})
    assert words in problems[cell]


def test_pairs_and_compositions_do_not_contradict_each_other(buyers_book: Callable[..., Path]) -> None:
    """Composition says 30 of Quiz's 100 thousand are catalysts: 8 contradict that, 25 do not."""

    def problems(shared: float) -> dict[str, str]:
        path = buyers_book({"Pairs": [["Quiz", "trait: catalyst", shared]]})
        book = openpyxl.load_workbook(path)
        sheet = book.create_sheet("Composition")
        for row in (["Vehicle", "catalyst"], ["Quiz", "30 %"]):
            sheet.append(row)
        book.save(path)
        try:
            read_campaign(path)
        except WorkbookError as error:
            return {problem.cell: problem.text for problem in error.problems}
        return {}

    assert problems(8) == {
        "Pairs!C2": "Quiz and catalyst share 8 thousand people, but Composition!B2 says 30 (30 % of its audience); "
        "mend one of them."
    }
    assert problems(25) == {}


def test_pairs_of_nobody_are_told_by_what_compositions_leave(buyers_campaign: Build) -> None:
    """Measured on the pairs a duplication is of the whole universe, not of what types leave."""
    names = ("Quiz", "News", "Cook", "Drive")
    none = [[a, b, 0] for i, a in enumerate(names) for b in names[i + 1 :]]
    (between, television) = prepare(buyers_campaign({"Pairs": none})).people.model.notes
    assert between.startswith(
        "Duplication between media cannot be 0.00: the audiences' compositions alone give 0."
    )
    assert television.startswith("Duplication TV cannot be 0.00")


def test_types_and_pairs_together_are_refused(buyers_problems: Problems) -> None:
    assert "clear one" in buyers_problems({"Types": TYPES, "Pairs": PAIRS})["Pairs"]


def test_a_blank_duplication_is_measured_on_the_pairs(buyers_campaign: Build) -> None:
    """TV: 35 of 1,000 x .1 x .2 = 20, 1.75 times chance. Between media 2 of 5 pairs are there: not measured."""
    campaign = buyers_campaign({"Pairs": PAIRS})
    assert campaign.media[0].duplication == pytest.approx(1.75)
    assert campaign.between_media == 1.35
    told = {found.row: found.text for found in campaign.defaults if found.attribute == "duplication"}
    assert told["TV"] == "TV: duplication 1.75, measured on 1 pair of the sheet Pairs"
    more: list[Row] = [*PAIRS, ["Quiz", "Drive", 4], ["News", "Drive", 8]]
    # 4, 12, 4 and 8 of 5, 10, 4 and 8 by chance
    found = buyers_campaign({"Pairs": more})
    assert found.between_media == pytest.approx(28 / 27)
    assert BETWEEN in {default.row for default in found.defaults if "measured on 4 pairs" in default.text}


def test_pairs_make_types_with_exact_ratings(buyers_campaign: Build) -> None:
    people = build_population(
        buyers_campaign({"Pairs": [*PAIRS, ["Quiz", "Drive", 4], ["News", "Drive", 8]]})
    )
    segments = people.segments
    seen = segments.population @ people.model.audiences.rating
    assert seen == pytest.approx([100, 200, 50, 40])
    assert segments.trait_population()[:3] == pytest.approx([200, 100, 400])
    kinds = [name for name in segments.traits.names if name.startswith("type ")]
    assert 2 <= len(kinds) <= 5  # four vehicles and a trait carry no more
    # TV has one pair, so its measured duplication is that pair: what types leave of 35 thousand, k takes
    together = people.model.reach_shares(np.array([1.0, 1, 0, 0])) @ segments.population
    assert 300 - together == pytest.approx(35, rel=1e-6)


def test_what_two_campaigns_state_differently(buyers_campaign: Build) -> None:
    plain, typed = buyers_campaign(), buyers_campaign({"Types": TYPES})
    assert "Types" in {found.sheet for found in campaign_differences(plain, typed)}
    assert "Pairs" in {
        found.sheet for found in campaign_differences(plain, buyers_campaign({"Pairs": PAIRS}))
    }
