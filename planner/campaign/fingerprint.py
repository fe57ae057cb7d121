"""A campaign's fingerprint: the same for the same question, whatever file it stands in.

It is of the canonical contents: everything that a plan, its bound or a scenario depends on. What is for people only
(labels, notes, sources, colours), where things stand (cells, the file's name), defaults told and notices are left out,
and so are the edits of a plan, which are no part of a campaign. Numbers count to 12 digits: a workbook that Excel or
LibreOffice saved again is the same campaign. The gap asked for and the version of the models are part of it, since
an answer depends on them.
"""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from typing import Any

from models import MODEL_VERSION
from planner import __version__
from planner.campaign.influence import parameters_of, shrinks_indices
from planner.campaign.inputs import Brief, Campaign
from planner.campaign.rule_rows import RuleRow

DIGITS = 12
_FOR_PEOPLE = frozenset({"cell", "source", "note", "basis", "colour", "audience_base"})
# Of one kind of row: what it is called, and what it says in words that are resolved in other fields.
_WORDS: Mapping[type, frozenset[str]] = {
    Brief: frozenset({"campaign", "client", "different_names"}),
    RuleRow: frozenset({"name", "applies_to", "base"}),
    Campaign: frozenset({
        "defaults", "notices", "cells", "workbook", "file_hash", "influence", "own_columns", "plan_columns",
        "scenarios", "survey", "respondents", "scenario_sheet",
    }),
}  # fmt: skip


def campaign_fingerprint(campaign: Campaign, gap: float) -> str:
    """sha256, in hexadecimal, of a campaign's canonical contents at a gap asked for (0.001 = 0.1 %)."""
    talk = [(row.heading, row.low, row.used, row.high) for row in parameters_of(campaign)]
    contents = {
        "campaign": _canonical(campaign),
        "influence": _canonical(talk),
        "shrinks indices": shrinks_indices(campaign),
        "gap": _canonical(gap),
        "models": models_version(),
    }
    if campaign.respondents is not None:
        contents["respondents"] = campaign.respondents.fingerprint()
    return sha256(json.dumps(contents, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


@cache
def models_version() -> str:
    """The program's version and that of its mathematics."""
    return f"{__version__}, models {MODEL_VERSION}"


def _canonical(value: Any) -> Any:
    """The value as JSON knows it, without what is for people only.

    >>> _canonical((0.1 + 0.2, 3, None, date(2027, 3, 1), {"weeks": (1.0,)}))
    ['0.3', '3', None, '2027-03-01', {'weeks': ['1']}]
    """
    if is_dataclass(value) and not isinstance(value, type):
        left_out = _FOR_PEOPLE | _WORDS.get(type(value), frozenset())
        names = [field.name for field in fields(value) if field.name not in left_out]
        return {name: _canonical(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(name): _canonical(each) for name, each in value.items()}
    if isinstance(value, tuple | list):
        return [_canonical(each) for each in value]
    return _plain(value)


def _plain(value: Any) -> Any:
    """A date as its text, a number with so many digits that the last bits of a sum do not matter."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{float(value):.{DIGITS}g}"
    return value
