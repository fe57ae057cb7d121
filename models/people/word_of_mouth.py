"""Word of mouth: from people reached to people told, one generation.

Assumed:
1. A person takes part in a number of conversations a week in the category; catalysts, experts of the category
   and customers in more, by multipliers. Volumes are rescaled to a population mean of 1, so that the stated
   average stays the average.
2. Of the conversations a person takes part in, the share told = 1/(1 + listeners) is spoken by that person to
   `listeners` people, so that told and heard add up to taken part.
3. A share of the talk is about the brand, of that a share is prompted by advertising, of that a share is
   credible; talk lasts some weeks, at most the flight.
4. Who is told: the mixing matrix Q, whose columns sum to 1; Q[c, c'] is the share of what a person of segment c'
   tells that people of segment c hear. Random mixing gives every segment its share of the universe;
   homophily moves a part of it to the teller's own segment: Q[c, c'] = (1 - homophily) N_c / N + homophily [c = c'].
5. One generation only: the evidence gives no ground for a viral tail.

    tau_c = conversations per week * volume_c * told share * listeners * weeks
            * brand share * prompted share * credible * (1 + online echo * online share)
    h_c   = sum_c' Q[c, c'] N_c' R_c' tau_c' / N_c         contacts heard per person
    H_c   = 1 - exp(-h_c)                                  earned reach
    combined reach = 1 - (1 - R_c) exp(-h_c)

Conserved: sum N_c h_c = sum N_c R_c tau_c. Sources: evidence of the parameters in planner/campaign/assumptions.py;
the volume multiplier without a multiplier of persuasion is Hinz et al. (2011).
"""

from dataclasses import dataclass

import numpy as np

from models.arrays import BoolArray, FloatArray, IntArray, freeze, frozen_floats
from models.errors import InvalidInput

CHANNELS = ("face to face", "phone", "online", "other")


@dataclass(frozen=True)
class Talk:
    """The parameters of word of mouth; shares 0..1.

    conversations: per person and week, in the category, taken part in. catalyst, expert, customer:
    volume beside an everyday person's. brand_share: of the category's talk. prompted: share of it that
    advertising prompts. listeners: per conversation told. credible: share. weeks: that talk lasts.
    channels: shares of talk face to face, by phone, online, other; rescaled to 1. homophily: share of talk
    that stays in the segment. online_echo: contacts added per online contact. worth: omega, of a credible
    conversation beside a paid contact.
    """

    conversations: float
    catalyst: float
    expert: float
    customer: float
    brand_share: float
    prompted: float
    listeners: float
    credible: float
    weeks: float
    channels: tuple[float, float, float, float]
    homophily: float
    online_echo: float
    worth: float

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            values = value if isinstance(value, tuple) else (value,)
            most = 1.0 if name in ("brand_share", "prompted", "credible", "homophily", "channels") else np.inf
            if not all(0 <= v <= most for v in values):
                raise InvalidInput(f"{name.replace('_', ' ')} is {value}; expected 0 to {most:g}.", (name,))
        if sum(self.channels) <= 0:
            raise InvalidInput(
                "the shares of the channels are all 0; expected at least one above.", ("channels",)
            )

    @property
    def told_share(self) -> float:
        """Share of the conversations taken part in that a person tells rather than hears.

        >>> round(1 / (1 + 1.4), 4)
        0.4167
        """
        return 1 / (1 + self.listeners)

    @property
    def contacts_per_volume(self) -> float:
        """tau of a person of average volume."""
        online = self.channels[2] / sum(self.channels)
        return (
            self.conversations
            * self.told_share
            * self.listeners
            * self.weeks
            * self.brand_share
            * self.prompted
            * self.credible
            * (1 + self.online_echo * online)
        )


@dataclass(frozen=True, eq=False)
class WordOfMouth:
    """Talk in a population of segments.

    population: (n_segments,) people (000). passed_on: (n_segments,) tau, credible contacts that a
    reached person passes on. homophily: share of them that stays in the segment. channels: shares of contacts
    by channel, summing to 1.
    """

    population: FloatArray
    passed_on: FloatArray
    homophily: float
    channels: tuple[float, ...]

    def __post_init__(self) -> None:
        n = len(self.population)
        freeze(
            self,
            population=frozen_floats("population", self.population, (n,)),
            passed_on=frozen_floats("contacts passed on", self.passed_on, (n,)),
        )

    @property
    def mixing(self) -> FloatArray:
        """(n_segments, n_segments) Q."""
        n = len(self.population)
        random = np.tile((self.population / self.population.sum())[:, None], (1, n))
        return np.asarray((1 - self.homophily) * random + self.homophily * np.eye(n))

    @property
    def hearing(self) -> FloatArray:
        """(n_segments, n_segments) M with h = M R."""
        return np.asarray(self.mixing * (self.population * self.passed_on) / self.population[:, None])

    def listeners(self, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n_listeners, n_segments) contacts heard per person from reach shares, and (n_listeners,) worth, where each
        segment's hearing is worth `worth` (n_segments,); segments that hear alike (all, where mixing is random) are one
        listener."""
        rows, same = np.unique(np.round(self.hearing, 15), axis=0, return_inverse=True)
        return rows, np.asarray(np.bincount(same.ravel(), worth, len(rows)), dtype=float)

    def told_by(self, worth: FloatArray) -> FloatArray:
        """(n_segments,) worth of one contact that each segment passes on, from its worth (n_segments,) to who hears."""
        return self._mixed(float(self.population @ worth), worth)

    def heard(self, reach: FloatArray) -> FloatArray:
        """(n_segments,) credible contacts heard per person, h, from reach shares (n_segments,)."""
        told = self.passed_on * reach
        return self._mixed(float(self.population @ told), told)

    def _mixed(self, total: float, own: FloatArray) -> FloatArray:
        """(n_segments,) of everyone's total an equal share each, and of the segment's own what homophily keeps."""
        return np.asarray((1 - self.homophily) * total / self.population.sum() + self.homophily * own)

    def earned(self, reach: FloatArray) -> FloatArray:
        """(n_segments,) share of each segment that hears at least once, H."""
        return np.asarray(-np.expm1(-self.heard(reach)))

    def combined(self, reach: FloatArray) -> FloatArray:
        """(n_segments,) share reached by the plan or by word of mouth."""
        return np.asarray(1 - (1 - reach) * np.exp(-self.heard(reach)))

    def contacts_told(self, reach: FloatArray) -> FloatArray:
        """(n_segments,) credible contacts (000) that the segment's reached people pass on."""
        return np.asarray(self.population * reach * self.passed_on)


@dataclass(frozen=True, eq=False)
class TalkInClasses(WordOfMouth):
    """Talk among very many segments of few classes, who talk alike within a class (homophily is of the class).

    population, passed_on: of the segments. classes: word of mouth among the classes; of:
    (n_segments,) the class of each.
    """

    classes: WordOfMouth
    of: IntArray

    def __post_init__(self) -> None:
        freeze(self, of=np.array(self.of, dtype=np.int64))

    def _mean(self, values: FloatArray) -> FloatArray:
        """(n_classes,) of values (n_segments,)."""
        return (
            np.bincount(self.of, self.population * values, len(self.classes.population))
            / self.classes.population
        )

    def listeners(self, worth: FloatArray) -> tuple[FloatArray, FloatArray]:
        """As of WordOfMouth: a listener a class."""
        share = self.population / self.classes.population[self.of]
        told = np.asarray(np.bincount(self.of, worth, len(self.classes.population)), dtype=float)
        return self.classes.hearing[:, self.of] * share, told

    def told_by(self, worth: FloatArray) -> FloatArray:
        """(n_segments,) as of WordOfMouth."""
        return self.classes.told_by(self._mean(worth))[self.of]

    def heard(self, reach: FloatArray) -> FloatArray:
        """(n_segments,) credible contacts heard per person, h, from reach shares (n_segments,)."""
        return self.classes.heard(self._mean(reach))[self.of]


def talk_in_classes(
    population: FloatArray, catalyst: BoolArray, expert: BoolArray, customer: BoolArray, talk: Talk
) -> WordOfMouth:
    """Word of mouth among very many segments: catalysts, experts and customers, and their combinations, are classes."""
    code = catalyst.astype(np.int64) + 2 * expert + 4 * customer
    kinds, of = np.unique(code, return_inverse=True)
    people = np.asarray(np.bincount(of, population), dtype=float)
    has = [(kinds & bit).astype(bool) for bit in (1, 2, 4)]
    volume = talk_volumes(people, has[0], has[1], has[2], talk)
    classes = build_word_of_mouth(people, volume, talk)
    return TalkInClasses(population, classes.passed_on[of], talk.homophily, classes.channels, classes, of)


def talk_volumes(
    population: FloatArray, catalyst: BoolArray, expert: BoolArray, customer: BoolArray, talk: Talk
) -> FloatArray:
    """(n_segments,) volume of talk beside the average person's; its population mean is 1.

    catalyst, expert, customer: (n_segments,). Someone who is both catalyst and expert counts
    1 + (catalyst - 1) + (expert - 1).
    """
    added = 1 + (talk.catalyst - 1) * catalyst + (talk.expert - 1) * expert
    volume = np.maximum(added, 0.0) * np.where(customer, talk.customer, 1.0)
    mean = float(population @ volume / population.sum())
    if mean <= 0:
        raise InvalidInput(
            "nobody talks: the multipliers of catalysts, experts and customers leave no volume."
        )
    return np.asarray(volume / mean)


def build_word_of_mouth(population: FloatArray, volume: FloatArray, talk: Talk) -> WordOfMouth:
    """Word of mouth among segments, from volumes (n_segments,) with a population mean of 1."""
    online = talk.channels[2] * (1 + talk.online_echo)  # the echo is online
    spoken = (*talk.channels[:2], online, talk.channels[3])
    channels = tuple(share / sum(spoken) for share in spoken)
    return WordOfMouth(population, talk.contacts_per_volume * volume, talk.homophily, channels)
