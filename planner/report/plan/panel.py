"""The panel of reach models beside each other: a table and sentences for the terminal (100 columns), and JSON."""

from typing import Any

from planner.formats import NOTHING, bought_words, count_of, listed, number, people_text, percent
from planner.planning.airtime import airtime_json, airtime_sentence
from planner.planning.panel import Panel, PanelRow, folded, reached_at_least
from planner.report.json_values import SCHEMA, fields_of, finite
from planner.report.layout import hanging, table

BASIS = (
    "The pairwise duplications and repeat audiences that the classic models ask for are those of our calibrated "
    "model, exact for two insertions, summed over the audience's segments: the panel compares formulas on the same "
    "figures. It does not tell which is right."
)
COUNTED_BASIS = (
    "The pairwise duplications and repeat audiences that the classic models ask for are counted on the survey's "
    "respondents, as is the last row: beside it each formula shows by how much it misses them."
)


def panel_table(panel: Panel) -> str:
    """What each model makes of the schedule, how far they lie apart, and what each is known to get wrong."""
    times = panel.effective_frequency
    headings = ["Model", "Source", "Reach %", "Beside\nours", "Frequency"]
    headings += [f"{times}+ %"] if times > 1 else []
    rows = [_row(panel, row) for row in panel.rows]
    lines = [
        hanging("", _caption(panel)),
        "",
        *table(headings, rows, texts=2),
        "",
        hanging("", spread_sentence(panel)),
        *([hanging("", airtime_sentence(panel.airtime))] if panel.airtime else []),
    ]
    remarks: dict[str, list[str]] = {}
    for row in panel.rows:
        for text in (f"undefined: {row.undefined}",) if row.estimate is None else row.estimate.notes:
            remarks.setdefault(text, []).append(row.name)
    if remarks:
        lines += ["", "On this schedule", *(_remark(names, text) for text, names in remarks.items())]
    lines += ["", "Known faults", *(hanging(f"  {row.name}: ", f"{row.fault}.") for row in panel.rows)]
    return "\n".join([*lines, "", hanging("", basis_sentence(panel))])


def basis_sentence(panel: Panel) -> str:
    """Where the figures come from that all models share."""
    if panel.counted:
        return COUNTED_BASIS
    return BASIS.replace(
        "the audience's segments", f"the {count_of(panel.segments, 'segment')} of {panel.audience}"
    )


def spread_sentence(panel: Panel) -> str:
    """From the lowest to the highest reach that is possible, and where ours lies."""
    ranked = panel.by_reach()
    (low, lowest), (high, highest) = ranked[0], ranked[-1]
    if len(ranked) == 1:
        return f"No classic model has an answer for this schedule; ours is {percent(panel.ours.reach)}."
    text = (
        f"Spread: {percent(low)} ({lowest}) to {percent(high)} ({highest}), {number(100 * (high - low), 1)} points; "
        f"ours is {percent(panel.ours.reach)}."
    )
    left_out = [row.name for row in panel.rows if row.estimate is not None and not row.estimate.possible]
    return f"{text} Left out as impossible: {listed(left_out, len(left_out))}." if left_out else text


def _caption(panel: Panel) -> str:
    who = f"{panel.audience}, {people_text(panel.population_000)} thousand people"
    vehicles = count_of(panel.vehicles, "vehicle")
    return (
        f"Reach models for {who}: {bought_words(panel.insertions, panel.bought_000)} in {vehicles}, "
        f"{number(panel.grp, 1)} GRP."
    )


def _row(panel: Panel, row: PanelRow) -> tuple[str, ...]:
    found = row.estimate
    effective = 1 if panel.effective_frequency > 1 else 0
    if found is None:
        return (row.name, row.source, *[NOTHING] * (3 + effective))
    beside = (
        NOTHING if row is panel.rows[-1] else f"{round(100 * (found.reach - panel.ours.reach), 1) + 0.0:+.1f}"
    )
    at_least = reached_at_least(found, panel.effective_frequency)
    share = number(None if at_least is None else 100 * at_least, 1)
    return (row.name, row.source, number(100 * found.reach, 1), beside, number(found.average_frequency, 2),
            *[share] * effective)  # fmt: skip


def _remark(names: list[str], text: str) -> str:
    """What holds for these models; what holds for many, on a line of its own."""
    if len(names) == 1:
        return hanging(f"  {names[0]}: ", text)
    return hanging("  ", f"{listed(names, len(names))}: {text}")


# --- as JSON -----------------------------------------------------------------------------------------


def panel_json(panel: Panel) -> dict[str, Any]:
    """Plain values, ready for json.dumps(allow_nan=False).

    schema 1; audience, definition, population_000, vehicles, insertions, impressions_bought_000 (of lines bought by the
    thousand, which insertions leave out), grp: the schedule. effective_frequency: the n of
    effective_reach_pct. airtime: medium, audience, grp, reach_pct of its rotations and dayparts, and rule_of_thumb_pct
    = 100 GRP / (100 + GRP). models: one object each, the classic ones first and ours last,

        name, source, fault       who says so, and what it is known to get wrong
        reach_pct                 percent of the audience met at least once; null where the model is undefined
        difference_pct            points above ours
        average_frequency         contacts per person reached
        effective_reach_pct       percent met effective_frequency times or more; null without a distribution
        distribution              shares met 0, 1, ..., 19 times, and 20 times or more; null where the model has none
        undefined                 why it has no answer here, else null
        possible                  false where one vehicle alone reaches more; null where undefined
        notes                     what had to be put right

    lowest, highest {name, reach_pct}, spread_pct: of the reaches that are defined and possible, ours among them.
    """
    ranked = panel.by_reach()
    ends = [{"name": name, "reach_pct": finite(100 * reach)} for reach, name in (ranked[0], ranked[-1])]
    return {
        "schema": SCHEMA,
        **fields_of(panel, "audience definition population_000 vehicles insertions"),
        "impressions_bought_000": finite(panel.bought_000),
        **fields_of(panel, "grp effective_frequency"),
        "airtime": airtime_json(panel.airtime),
        "models": [_model(panel, row) for row in panel.rows],
        "lowest": ends[0],
        "highest": ends[1],
        "spread_pct": finite(100 * (ranked[-1][0] - ranked[0][0])),
        "basis": basis_sentence(panel),
    }


def _model(panel: Panel, row: PanelRow) -> dict[str, Any]:
    named = fields_of(row, "name source fault")
    found = row.estimate
    if found is None:
        blank = [
            "reach_pct",
            "difference_pct",
            "average_frequency",
            "effective_reach_pct",
            "distribution",
            "possible",
        ]
        return {**named, **dict.fromkeys(blank), "undefined": row.undefined, "notes": []}
    at_least = reached_at_least(found, panel.effective_frequency)
    return {
        **named,
        "reach_pct": finite(100 * found.reach),
        "difference_pct": finite(100 * (found.reach - panel.ours.reach)),
        "average_frequency": finite(found.average_frequency),
        "effective_reach_pct": None if at_least is None else finite(100 * at_least),
        "distribution": None if found.distribution is None else folded(found.distribution).tolist(),
        "possible": found.possible,
        "undefined": None,
        "notes": list(found.notes),
    }
