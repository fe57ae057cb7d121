"""The panel of reach models as a table and sentences for the terminal (100 columns)."""

from planner.formats import NOTHING, bought_words, count_of, listed, number, percent
from planner.planning.airtime import airtime_sentence
from planner.planning.panel import Panel, PanelRow, reached_at_least
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
        for text in _remarks(row):
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
    who = f"{panel.audience}, {number(panel.population_000)} thousand people"
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


def _remarks(row: PanelRow) -> tuple[str, ...]:
    if row.estimate is None:
        return (f"undefined: {row.undefined}",)
    return row.estimate.notes
