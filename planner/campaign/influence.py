"""The campaign's word of mouth: the planner's figures where given, the preset's elsewhere."""

from dataclasses import dataclass, replace
from math import nan
from typing import Literal

from models.arrays import BoolArray
from models.people.audience import Segments
from models.people.word_of_mouth import Talk, WordOfMouth, build_word_of_mouth, talk_volumes
from planner.campaign import assumptions
from planner.campaign.inputs import Campaign, InfluenceRow

SHRINKAGE = "index_shrinkage"
Kind = Literal["share", "number", "yes/no"]
CHANNELS = ("face_to_face", "phone", "online", "other")


@dataclass(frozen=True, eq=False)
class Parameter:
    """A parameter of word of mouth as this plan takes it, or as a row of Influence shows it.

    given: the planner's figure; None = the preset's. used: what is in force; not a number in a blank form. source: of
    the figure given, else of the evidence; "" where the planner gave a figure without one.
    """

    heading: str
    kind: Kind
    low: float
    given: float | None
    high: float
    source: str
    used: float = nan

    @property
    def share(self) -> bool:
        """Whether it lies between 0 and 1."""
        return self.kind == "share"

    @property
    def source_told(self) -> str:
        """The source where the figure in force is told."""
        return self.source or "given by the planner"


def parameter_used(campaign: Campaign, name: str) -> float:
    """The value of a parameter of word of mouth (a key of assumptions.TALK) that this campaign takes."""
    given = next(
        (row.used for row in campaign.influence if row.parameter == name and row.used is not None), None
    )
    value = _preset_value(campaign, name) if given is None else given
    return min(value, float(campaign.brief.weeks)) if name == "weeks" else value


def _preset_value(campaign: Campaign, name: str) -> float:
    if name == "conversations":
        return assumptions.conversations_per_week(campaign.brief.category)[0]
    return assumptions.TALK[name].taken(campaign.brief.influence_preset)


def with_parameter(campaign: Campaign, name: str, value: float) -> Campaign:
    """The campaign with one parameter of word of mouth set to a value; the range that it has stays."""
    given = next((row for row in campaign.influence if row.parameter == name), InfluenceRow(name, None))
    others = tuple(row for row in campaign.influence if row.parameter != name)
    return replace(campaign, influence=(*others, replace(given, used=value)))


def shrinks_indices(campaign: Campaign) -> bool:
    """Whether compositions measured on samples are shrunk towards the universe's; on unless switched off."""
    row = next((row for row in campaign.influence if row.parameter == SHRINKAGE), None)
    return row is None or row.used is None or row.used > 0


def talk_of(campaign: Campaign) -> Talk:
    """The parameters of word of mouth. Raises InvalidInput where a figure is out of its range."""
    used = {name: parameter_used(campaign, name) for name in assumptions.TALK}
    channels = tuple(used.pop(name) for name in CHANNELS)
    return Talk(**used, channels=channels)  # type: ignore[arg-type]


def talk_with(talk: Talk, name: str, value: float, weeks: float) -> Talk:
    """The parameters with one (a key of assumptions.TALK) set to a value; talk lasts at most `weeks`."""
    if name in CHANNELS:
        shares = list(talk.channels)
        shares[CHANNELS.index(name)] = value
        only = sum(shares) == 0  # it is all talk at whatever share of it there is
        return talk if only else replace(talk, channels=(shares[0], shares[1], shares[2], shares[3]))
    return replace(talk, **{name: min(value, float(weeks)) if name == "weeks" else value})  # type: ignore[arg-type]


def parameters_of(campaign: Campaign) -> tuple[Parameter, ...]:
    """Every parameter as this campaign takes it, with its range and source."""
    rows = {row.parameter: row for row in campaign.influence}
    found = []
    for name in assumptions.TALK:
        row, known = rows.get(name), assumptions.evidence_of(name, campaign.brief.category)
        shown = parameter_shown(known, "share" if known.share else "number", row)
        found.append(replace(shown, used=parameter_used(campaign, name)))
    return tuple(found)


def parameter_shown(known: assumptions.Range, kind: Kind, row: InfluenceRow | None) -> Parameter:
    """What the planner gave of a parameter, and what is known of it where nothing was given."""
    row = row or InfluenceRow("", None)
    low, high = known.low if row.low is None else row.low, known.high if row.high is None else row.high
    source = row.source or ("" if row.used is not None else known.source)  # a figure given has its own source
    return Parameter(known.heading, kind, low, row.used, high, source)


def word_of_mouth_of(
    talk: Talk, segments: Segments, catalyst: BoolArray, expert: BoolArray, customer: BoolArray
) -> WordOfMouth:
    """Word of mouth among segments; the masks are (n_segments,)."""
    volumes = talk_volumes(segments.population, catalyst, expert, customer, talk)
    return build_word_of_mouth(segments.population, volumes, talk)
