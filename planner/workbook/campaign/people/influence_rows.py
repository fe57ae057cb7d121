"""The rows of the Influence sheet: what each parameter is called, which unit it bears, how far it may go.

The reader, the writer and the Help sheet use it; the values themselves are planner/campaign/assumptions.py's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.campaign.assumptions import CONVERSATIONS_PER_WEEK, TALK, Range, evidence_of
from planner.campaign.influence import SHRINKAGE, Kind
from planner.names import heading_key, tidy

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
