"""Surveys of other shapes than the usual one become campaigns that can be planned."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from planner.campaign.prepare import prepare
from planner.campaign.segment_traits import segment_traits
from planner.workbook.campaign.from_survey import FilledCampaign, campaign_from_survey
from planner.workbook.campaign.survey import read_survey_request

HEADINGS = ("What", "Vehicle, trait or medium", "Column or expression", "Reads as", "Medium")


def filled(
    folder: Path, columns: Mapping[str, np.ndarray], rows: Sequence[Sequence[str]], medium: str = "TV"
) -> FilledCampaign:
    """A campaign of 5 million people filled from a survey: columns that begin with v are vehicles."""
    pd.DataFrame(columns).to_csv(folder / "s.csv", index=False)
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Survey"
    vehicles = [("vehicle", name, name, "", medium) for name in columns if name.startswith("v")]
    for row in (HEADINGS, ("file", "", "s.csv"), ("claims are contacts", "", "yes"), *rows, *vehicles):
        sheet.append([value or None for value in row])
    page = book.create_sheet("Brief")
    for pair in (("Key", "Value"), ("Universe (000)", 5000), ("Budget", 10_000)):
        page.append(pair)
    book.save(folder / "c.xlsx")
    return campaign_from_survey(read_survey_request(folder / "c.xlsx"))


def people(n: int, vehicles: int, seed: int = 0) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Three latent traits (n, 3), and the columns of who uses what."""
    rng = np.random.default_rng(seed)
    latent = rng.normal(size=(n, 3))
    odds = latent @ rng.normal(0, 1.2, (3, vehicles)) - 1.2
    uses = rng.random(odds.shape) < 1 / (1 + np.exp(-odds))
    return latent, {f"v{j}": uses[:, j].astype(int) for j in range(vehicles)}


@pytest.mark.parametrize("seed", range(3))
def test_traits_within_others_or_opposite_to_them_do_not_contradict_types(tmp_path: Path, seed: int) -> None:
    """Spread over types by itself, more of a type may have a trait than have the wider one that it is a part of."""
    latent, columns = people(400, 8, seed)
    wide = (latent[:, 0] > 0).astype(int)
    columns |= {"wide": wide, "narrow": wide * (latent[:, 1] > 1), "opposite": 1 - wide}
    columns["part"] = columns["narrow"] * (latent[:, 2] > 0)
    named = {"customer": "wide", "catalyst": "narrow", "others who buy": "opposite", "keen": "part"}
    rows = [("trait", name, column) for name, column in named.items()]
    made = filled(tmp_path, columns, rows).campaign
    assert made.types is not None
    assert len(prepare(made).people.segments.population) > len(made.types.names)


def test_a_medium_of_which_nobody_uses_two_vehicles_is_at_chance(tmp_path: Path) -> None:
    place = np.arange(120) % 4
    columns = {f"v{j}": (place == j).astype(int) for j in range(3)} | {"old": (np.arange(120) % 7 < 3) * 1}
    made = filled(tmp_path, columns, [("trait", "catalyst", "old")])
    assert [row.duplication for row in made.campaign.media] == [1.0]
    assert "No two vehicles share anybody (TV): Duplication 1, chance, was filled in." in made.said


def test_traits_that_nobody_asks_about_leave_room_for_types(tmp_path: Path) -> None:
    """Catalysts and seven others make 256 segments, beside which two types could be planned."""
    latent, columns = people(1200, 12)
    rng = np.random.default_rng(1)
    names = ["catalyst", *(f"trait {n}" for n in range(7))]
    columns |= {f"t{n}": (latent[:, n % 3] + rng.normal(size=1200) > 0.5).astype(int) for n in range(8)}
    made = filled(tmp_path, columns, [("trait", name, f"t{n}") for n, name in enumerate(names)])
    assert made.campaign.types is not None
    assert len(made.campaign.types.names) >= 18
    assert "catalyst" in [row.name for row in segment_traits(made.campaign)]
    assert any("with fewer traits there would be room for more" in said for said in made.said)
