"""Influence: the parameters of word of mouth, as the planner has them.

The sheet of a result shows figures and charts above the table; the table is the last on its sheet. What a
row shows of the evidence (its range, its source) says no more than a blank, so that a sheet written by the
program is read as the planner's own figures only.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from planner.campaign.assumptions import CONVERSATIONS_PER_WEEK, TALK, Range, evidence_of
from planner.campaign.influence import CHANNELS, SHRINKAGE, Kind
from planner.campaign.inputs import Brief, InfluenceRow
from planner.excel.read import Cell
from planner.formats import count_of
from planner.names import heading_key, key, listing, tidy, yes_or_no
from planner.workbook.cells.columns import report_troubles
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.numbers import Number, Trouble, is_blank, read_by_kind, read_numbers, read_shares
from planner.workbook.cells.table import Record, Table

SWITCH = Range(
    "Index shrinkage", 0.0, 1.0, 1.0,
    "empirical Bayes (Morris 1983): a composition measured on few people is moved to all vehicles' mean",
)  # fmt: skip


@dataclass(frozen=True)
class InfluenceParameter:
    """A row of the sheet.

    key: InfluenceRow.parameter. aliases: other names read. units: that may stand in brackets behind the
    name and change nothing. most: the most that is sensible; a share's is 1.
    """

    key: str
    heading: str
    kind: Kind
    aliases: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    most: float = 1.0


_TIMES = ("times", "x", "everyday = 1")
# Aliases, units in brackets, and the most that is sensible, by parameter.
_NAMES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], float]] = {
    "conversations": (("conversations", "conversations a week", "weekly conversations"),
                      ("per week", "a week", "per person", "per person and week"), 1000),
    "catalyst": (("catalyst", "catalysts", "catalyst volume"), _TIMES, 100),
    "expert": (("expert", "experts", "expert volume"), _TIMES, 100),
    "customer": (("customer", "customers", "customer volume"), _TIMES, 100),
    "brand_share": (("brand share", "brand's share of talk", "share of talk"), (), 1),
    "prompted": (("prompted", "prompted by ads", "prompted share", "advertising prompted"), (), 1),
    "listeners": (("listeners per conversation",), ("people", "per conversation"), 100),
    "credible": (("credible share", "credible talk", "credibility"), (), 1),
    "weeks": (("talk lasts", "weeks", "weeks that talk lasts"), ("weeks",), 520),
    "face_to_face": (("face", "f2f", "channel face to face"), (), 1),
    "phone": (("telephone", "by phone", "channel phone"), (), 1),
    "online": (("online talk", "channel online"), (), 1),
    "other": (("other channels", "channel other"), (), 1),
    "homophily": ((), (), 1),
    "online_echo": (("echo",), (), 100),
    "worth": (("omega", "ω", "worth", "conversation worth", "worth of conversation"),
              ("paid contact = 1", "paid contacts"), 1000),
}  # fmt: skip

PARAMETERS: tuple[InfluenceParameter, ...] = (
    *(
        InfluenceParameter(name, found.heading, "share" if found.share else "number", *_NAMES[name])
        for name, found in TALK.items()
    ),
    InfluenceParameter(
        SHRINKAGE, SWITCH.heading, "yes/no",
        ("shrinkage", "shrink indices", "shrink indexes", "shrink compositions"), ("yes/no",),
    ),
)  # fmt: skip


def parameter_key(name: str) -> str:
    """What a parameter's name is compared by: hyphens and underscores are spaces.

    >>> parameter_key("Face-to-face") == parameter_key("face_to_face")
    True
    """
    return tidy(heading_key(name).replace("-", " ").replace("_", " "))


def evidence_shown(parameter: str, category: str) -> Range:
    """The range and source that a row shows unless it has its own."""
    return SWITCH if parameter == SHRINKAGE else evidence_of(parameter, category)


def all_evidence_shown(parameter: str) -> tuple[Range, ...]:
    """Everything that the evidence may show for a parameter: conversations have a range for each category.

    A row that shows one of these says no more than a blank: it was written for another category, say.
    """
    categories = ("", *CONVERSATIONS_PER_WEEK) if parameter == "conversations" else ("",)
    return tuple(evidence_shown(parameter, category) for category in categories)


FIGURES = ("low", "used", "high")
_UNIT = re.compile(r"(.+?)\s*(?:[(\[](.*)[)\]]|(%))$")
_PERCENT = frozenset({"%", "percent", "in %"})
_SHARE = frozenset({"share", "0-1", "0..1", "0 to 1"})


def parse_influence(table: Table, brief: Brief) -> tuple[InfluenceRow, ...]:
    """The planner's parameters; the preset's value of every other is a default."""
    findings = table.findings
    named = _named(table.records)
    figures = {attribute: _figures(attribute, named, findings) for attribute in FIGURES}
    rows = []
    for parameter in PARAMETERS:
        record = named.get(parameter.key, (None, False))[0]
        low, used, high = (figures[attribute].get(parameter.key) for attribute in FIGURES)
        if not isinstance(used, Trouble) and used is None:
            _default(parameter, brief, findings)
        if record is not None:
            rows.append(_row(parameter, record, (low, used, high), brief.category))
    given = tuple(row for row in rows if row != InfluenceRow(row.parameter, None))
    _check_channels(given, named, findings)
    _check_weeks(given, brief, findings)
    return given


# --- names ------------------------------------------------------------------------------------------


_KNOWN: Mapping[str, InfluenceParameter] = {
    parameter_key(name): parameter
    for parameter in PARAMETERS
    for name in (parameter.heading, parameter.key, *parameter.aliases)
}


def _named(records: Sequence[Record]) -> dict[str, tuple[Record, bool]]:
    """The row of each parameter, and whether its heading says that bare numbers are percents."""
    rows: dict[str, tuple[Record, bool]] = {}
    for record in records:
        named = _parameter(record)
        if named is None:
            continue
        parameter, percent = named
        if parameter.key in rows:
            record.repeated("name", parameter.heading, rows[parameter.key][0])
            continue
        rows[parameter.key] = (record, percent)
        record.stands_for(parameter.key, *FIGURES)
    return rows


def _parameter(record: Record) -> tuple[InfluenceParameter, bool] | None:
    """The parameter that a row names, loosely, with a unit in brackets; None where that is a problem."""
    name = record.text("name")
    if parameter_key(name) in _KNOWN:
        return _KNOWN[parameter_key(name)], False
    match = _UNIT.fullmatch(name)
    parameter = _KNOWN.get(parameter_key(match[1])) if match else None
    if match is None or parameter is None:
        _say_unknown(record, name)
        return None
    unit = key("".join(filter(None, match.groups()[1:])))  # in brackets, or behind the name
    shares = parameter.kind == "share"
    if unit not in parameter.units and not (shares and unit in _PERCENT | _SHARE):
        record.problem("name", f'"{name}" has a unit that is not understood; write "{parameter.heading}".')
        return None
    return parameter, shares and unit in _PERCENT


def _say_unknown(record: Record, name: str) -> None:
    if name:
        expected = f"expected one of {listing([parameter.heading for parameter in PARAMETERS], 20)}."
        record.problem("name", f'"{name}" is not a parameter of word of mouth; {_likely(name, expected)}')


def _likely(name: str, otherwise: str) -> str:
    """Which parameter may be meant."""
    close = difflib.get_close_matches(parameter_key(name), _KNOWN, n=1, cutoff=0.6)
    return f'did you mean "{_KNOWN[close[0]].heading}"?' if close else otherwise


def parameter_named(text: str, where: str, findings: Findings) -> InfluenceParameter | None:
    """The parameter that a heading of another sheet names; None where that is a problem at `where`."""
    if parameter_key(text) in _KNOWN:
        return _KNOWN[parameter_key(text)]
    hint = _likely(text, "Help lists all of them.")
    findings.problem(where, f'"{text}" is not a parameter of word of mouth; {hint}')
    return None


def read_parameter(parameter: InfluenceParameter, cells: Sequence[Cell | None]) -> list[Number]:
    """Values of one parameter as the sheet reads them under Used."""
    if parameter.kind == "yes/no":
        return [_switch(cell, "used") for cell in cells]
    values = read_shares(cells) if parameter.kind == "share" else read_numbers(cells, False)
    return [_sensible(parameter, value, cell) for value, cell in zip(values, cells, strict=True)]


# --- figures ----------------------------------------------------------------------------------------


def _figures(
    attribute: str, named: Mapping[str, tuple[Record, bool]], findings: Findings
) -> dict[str, Number]:
    """A column's values by parameter: shares, plain numbers and the switch, each as its kind is written."""
    parameters = [parameter for parameter in PARAMETERS if parameter.key in named]
    cells = [named[parameter.key][0].raw(attribute) for parameter in parameters]
    kinds = ["percent" if named[own.key][1] else own.kind for own in parameters]
    read = read_by_kind(cells, kinds, {
        "share": read_shares,
        "percent": lambda each: [read_numbers([cell], True)[0] for cell in each],
        "number": partial(read_numbers, percent=False),
        "yes/no": lambda each: [_switch(cell, attribute) for cell in each],
    })  # fmt: skip
    values: dict[str, Number] = {}
    for at, parameter in enumerate(parameters):
        value = _sensible(parameter, read[at], cells[at])
        report_troubles(f"{parameter.heading}, {attribute},", [cells[at]], [value], findings)
        values[parameter.key] = value
    return values


def _switch(cell: Cell | None, attribute: str) -> Number:
    if cell is None or is_blank(cell):
        return None
    if attribute != "used":
        return Trouble("has no meaning; the parameter is switched on or off under Used")
    said = yes_or_no(f"{cell.value:g}" if isinstance(cell.value, int | float) else str(cell.value))
    return Trouble("is neither yes nor no; write one of them") if said is None else float(said)


def _sensible(parameter: InfluenceParameter, value: Number, cell: Cell | None) -> Number:
    if not isinstance(value, float) or 0 <= value <= parameter.most:
        return value
    if value < 0:
        return Trouble("is negative; expected 0 or more")
    if parameter.kind == "share" and cell is not None and not isinstance(cell.value, str) and value <= 100:
        return Trouble(f"is that {value:g} % or {100 * value:g} %?")
    most = "100 %" if parameter.kind == "share" else f"{parameter.most:g}"
    return Trouble(f"is beyond what is sensible; expected 0 to {most}")


def _row(
    parameter: InfluenceParameter, record: Record, figures: tuple[Number, Number, Number], category: str
) -> InfluenceRow:
    """The planner's row, without what it only shows of the evidence."""
    sound = not any(isinstance(figure, Trouble) for figure in figures)
    low, used, high = (None if isinstance(figure, Trouble) else figure for figure in figures)
    source, evidence = record.text("source"), evidence_shown(parameter.key, category)
    shown = all_evidence_shown(parameter.key)
    if (low, high) in {(known.low, known.high) for known in shown}:
        low = high = None
    row = InfluenceRow(
        parameter.key,
        used,
        None if low == evidence.low else low,
        None if high == evidence.high else high,
        _own_source(source, shown),
    )
    if sound and parameter.kind != "yes/no":
        _check_range(parameter, record, row, evidence)
    return row


def _own_source(source: str, shown: Sequence[Range]) -> str:
    """The planner's own source; "" where it is the evidence's."""
    return "" if key(source) in [key(known.source) for known in shown] else source


def _check_range(parameter: InfluenceParameter, record: Record, row: InfluenceRow, evidence: Range) -> None:
    """Low, Used and High beside each other; the evidence's range where the planner gives none."""
    low = evidence.low if row.low is None else row.low
    high = evidence.high if row.high is None else row.high
    words = parameter_words(parameter, low), parameter_words(parameter, high)
    if low > high:
        record.problem(
            "low",
            f"{parameter.heading}: Low {words[0]} is more than High {words[1]} ({record.address('high')}); "
            "change one of them, or give both.",
        )
        return
    # Where the evidence has one figure and no range, any figure of the planner's own would lie outside.
    ranged = (row.low, row.high) != (None, None) or evidence.low != evidence.high
    if row.used is not None and not low <= row.used <= high and ranged:
        record.findings.notice(
            f"{record.address('used')}: {parameter.heading} {parameter_words(parameter, row.used)} lies outside its "
            f"range, {words[0]} to {words[1]}."
        )


def parameter_words(parameter: InfluenceParameter, value: float) -> str:
    """A value of a parameter as people write it."""
    if parameter.kind == "yes/no":
        return "yes" if value else "no"
    return f"{value * 100:.6g} %" if parameter.kind == "share" else f"{value:.6g}"


# --- what else there is to say ----------------------------------------------------------------------


def _default(parameter: InfluenceParameter, brief: Brief, findings: Findings) -> None:
    """The value taken, whose it is and where it comes from."""
    if parameter.key not in TALK:
        text = "yes; compositions of vehicles with a Sample size are moved towards all vehicles' mean"
    elif parameter.key == "conversations":
        evidence = evidence_of(parameter.key, brief.category)
        text = f"{evidence.default:g}, {evidence.source}"
    else:
        evidence = TALK[parameter.key]
        value = evidence.taken(brief.influence_preset)
        same = evidence.low == evidence.default == evidence.high
        whose = "every preset" if same else f"preset {brief.influence_preset}"
        if parameter.key == "weeks" and brief.weeks < value:
            value, whose = float(brief.weeks), "the flight"
        text = f"{parameter_words(parameter, value)} ({whose}); {evidence.source}"
    findings.default("Influence", parameter.heading, "used", f"{parameter.heading}: {text}")


def _check_channels(
    rows: Sequence[InfluenceRow], named: Mapping[str, tuple[Record, bool]], findings: Findings
) -> None:
    """The channels' shares are rescaled to 100 %; the planner is told, and none at all is a problem."""
    given = {row.parameter: row.used for row in rows if row.parameter in CHANNELS and row.used is not None}
    if not given:
        return
    total = sum(given.get(name, TALK[name].default) for name in CHANNELS)
    if total == 0:
        first = named[next(iter(given))][0]
        first.problem("used", "The channels of talk are all 0 %; expected one at least above.")
    elif abs(total - 1) > 1e-9:
        findings.notice(
            f"Influence: Face to face, Phone, Online and Other add up to {total * 100:.6g} %; they were "
            "rescaled to 100 %."
        )


def _check_weeks(rows: Sequence[InfluenceRow], brief: Brief, findings: Findings) -> None:
    weeks = next((row.used for row in rows if row.parameter == "weeks"), None)
    if weeks is not None and weeks > brief.weeks:
        findings.notice(
            f"{findings.cells['Influence', 'weeks', 'used']}: Weeks talk lasts is {weeks:g}, longer than the "
            f"flight of {count_of(brief.weeks, 'week')}."
        )
