"""Forty published schedules: Kim (2005), appendix B.

They are read from ../shared/cases (redistribution unresolved), else skipped.
"""

import json
from pathlib import Path

import numpy as np
import pytest

from models.arrays import FloatArray
from models.reach.frequency import contact_distribution
from models.reach.gamma import (
    Duplication,
    calibrate,
)
from tests.models.reach.audiences import audiences

CASES = Path(__file__).resolve().parents[3].parent / "shared" / "cases" / "reach.json"


# Kim (2005), appendix B -------------------------------------------------------------------------------------


def kim_deviations() -> dict[str, FloatArray]:
    """(40, 5) percentage points between our distribution and each published column: two sites in different
    media, two insertions each, r = (2 R1 - R2)/R1, D = duplication/(p1 p2)."""
    if not CASES.exists():
        pytest.skip("../shared/cases/reach.json is not here")
    cases = json.loads(CASES.read_text())
    found: dict[str, list[FloatArray]] = {"csd": [], "canex": [], "msad": [], "canex from csd": []}
    for plan in next(case for case in cases if case["id"] == "kim2005_appB")["plans"]:
        once, twice = np.array(plan["R1"]), np.array(plan["R2"])
        given = audiences(once, [0, 1], (2 * once - twice) / once)
        model = calibrate(given, Duplication(plan["duplication"] / once.prod(), np.ones(2), np.ones(1)))
        ours = 100 * contact_distribution(model, np.full(2, 2.0), classes=5)[0]
        published = {name: np.array(column) for name, column in plan["published_pct"].items()}
        for name in ("csd", "canex", "msad"):
            found[name].append(np.abs(ours - published[name]))
        found["canex from csd"].append(np.abs(published["canex"] - published["csd"]))
    return {name: np.array(rows) for name, rows in found.items()}


def kim_report(deviations: dict[str, FloatArray]) -> str:
    return "; ".join(
        f"{name}: mean {rows.mean():.3f}, largest {rows.max():.3f} (plan {rows.max(axis=1).argmax() + 1})"
        for name, rows in deviations.items()
    )


def test_forty_published_schedules_are_met(record_property) -> None:
    """Kim (2005), Univ. of Texas dissertation, App. B: within 1 point per frequency of her own model (CSD), and 0.2
    on average of each of the three models she prints.

    All three columns are estimates of models; no observed distribution is printed, so none is the truth. CSD is
    the reference, the model her dissertation proposes. The duplications are not printed either: they were worked
    back from the column of the canonical expansion (canex), which is therefore no independent column. The three
    differ among themselves by up to 1.40 points, and most where we differ most: plan 7, once exactly, is 18.83 %
    by canex, 17.43 % by MSAD, 18.41 % by CSD, 17.68 % by us. Farther than 1 point from us are that one cell of
    canex's 200, and two of MSAD's: plan 40, not reached and once, where D = 0.47. Eleven plans have D below 1,
    which our model cannot represent and clamps.
    """
    deviations = kim_deviations()
    record_property("kim2005", kim_report(deviations))
    assert deviations["csd"].shape == (40, 5)
    for name in ("csd", "canex", "msad"):
        assert deviations[name].mean() < 0.2, kim_report(deviations)
        # 0.09: mean over schedules and frequencies found on 2026-11-23
        assert deviations[name].mean() < 0.09, kim_report(deviations)
    assert deviations["csd"].max() < 1, kim_report(deviations)
    assert np.argwhere(deviations["canex"] > 1).tolist() == [[6, 1]], kim_report(deviations)
    assert deviations["canex"].max() < 1.15, kim_report(deviations)
    assert np.argwhere(deviations["msad"] > 1).tolist() == [[39, 0], [39, 1]], kim_report(deviations)
    assert deviations["msad"].max() < 1.05, kim_report(deviations)
