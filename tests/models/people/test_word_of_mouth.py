"""Word of mouth by hand, by its laws, by the orders of magnitude that the evidence gives, and by simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.random import Generator

from models.errors import InvalidInput
from models.people.audience import build_segments
from models.people.traits import Traits
from models.people.word_of_mouth import Talk, build_word_of_mouth, talk_volumes
from models.problem.objectives import word_of_mouth_objective
from planner.campaign.assumptions import PRESETS, TALK, conversations_per_week

ROUNDING = 1e-12  # relative: sums of at most 36 products in doubles, each exact to 1.1e-16
CHANNELS = ("face_to_face", "phone", "online", "other")
PLAIN = Talk(
    conversations=10.0, catalyst=3.0, expert=1.0, customer=1.0, brand_share=0.5, prompted=0.4, listeners=1.0,
    credible=0.5, weeks=2.0, channels=(0.5, 0.25, 0.25, 0.0), homophily=0.0, online_echo=0.0, worth=1.0,
)  # fmt: skip


def talk_in(population, talk, catalyst=(), expert=(), customer=()):
    """Word of mouth in segments; the traits are places of the segments that have them."""
    masks = (np.isin(np.arange(len(population)), places) for places in (catalyst, expert, customer))
    return build_word_of_mouth(population, talk_volumes(population, *masks, talk), talk)


# By hand: 1,000 thousand people, 100 of them catalysts who talk 3 times as much.
HUNDRED = np.array([100.0, 900.0])
REACHED = np.array([0.4, 0.3])


def test_volumes_by_hand():
    """Mean before rescaling .1 x 3 + .9 x 1 = 1.2, so 3 / 1.2 = 2.5 and 1 / 1.2 = 5/6."""
    volumes = talk_volumes(HUNDRED, np.array([True, False]), *np.zeros((2, 2), dtype=bool), PLAIN)
    assert volumes == pytest.approx([2.5, 5 / 6], rel=ROUNDING)


def test_contacts_passed_on_by_hand():
    """10 conversations a week x 1/2 told x 1 listener x 2 weeks x .5 brand x .4 prompted x .5 credible = 1."""
    assert PLAIN.contacts_per_volume == pytest.approx(1.0, rel=ROUNDING)
    found = talk_in(HUNDRED, PLAIN, catalyst=[0])
    assert found.passed_on == pytest.approx([2.5, 5 / 6], rel=ROUNDING)
    # 100 x .4 x 2.5 = 100 and 900 x .3 x 5/6 = 225 thousand contacts.
    assert found.contacts_told(REACHED) == pytest.approx([100.0, 225.0], rel=ROUNDING)


def test_two_segments_that_mix_at_random_by_hand():
    """325 contacts among 1,000 people: h = .325 for everyone, H = 1 - exp(-.325) = .277473."""
    found = talk_in(HUNDRED, PLAIN, catalyst=[0])
    assert found.mixing == pytest.approx(np.array([[0.1, 0.1], [0.9, 0.9]]), rel=ROUNDING)
    assert found.heard(REACHED) == pytest.approx([0.325, 0.325], rel=ROUNDING)
    assert found.earned(REACHED) == pytest.approx([0.277473, 0.277473], abs=5e-7)  # the six digits above
    # 1 - .6 x .722527 = .566484; 1 - .7 x .722527 = .494231
    assert found.combined(REACHED) == pytest.approx([0.566484, 0.494231], abs=1e-6)


def test_two_segments_that_keep_two_fifths_of_their_talk_by_hand():
    """Catalysts tell .4 + .6 x .1 = .46 of theirs to catalysts, others .6 x .1 = .06: 46 + 13.5 = 59.5 contacts
    among 100 people; others hear .54 x 100 + .94 x 225 = 265.5 among 900."""
    found = talk_in(HUNDRED, replace(PLAIN, homophily=0.4), catalyst=[0])
    assert found.mixing == pytest.approx(np.array([[0.46, 0.06], [0.54, 0.94]]), rel=ROUNDING)
    assert found.heard(REACHED) == pytest.approx([0.595, 0.295], rel=ROUNDING)
    assert found.earned(REACHED) == pytest.approx(
        [0.448437, 0.255468], abs=1e-6
    )  # 1 - exp(-.595), -exp(-.295)


def test_online_echo_adds_to_the_online_share_of_talk():
    """A quarter of talk is online; .2 further contacts per online contact make 1 + .2 x .25 = 1.05 times."""
    echoed = replace(PLAIN, online_echo=0.2)
    assert echoed.contacts_per_volume == pytest.approx(1.05, rel=ROUNDING)
    doubled = replace(echoed, channels=(1.0, 0.5, 0.5, 0.0))  # the same channels, not yet summing to 1
    assert doubled.contacts_per_volume == pytest.approx(1.05, rel=ROUNDING)
    found = build_word_of_mouth(HUNDRED, np.ones(2), doubled)
    # The echo is online: .5, .25 and 1.2 x .25 = .3 of 1.05.
    assert found.channels == pytest.approx((0.5 / 1.05, 0.25 / 1.05, 0.3 / 1.05, 0.0), rel=ROUNDING)


@pytest.mark.parametrize("listeners", [1.0, 1.4, 2.0])
def test_told_and_heard_add_up_to_the_conversations_taken_part_in(listeners):
    """Who tells 1/(1 + L) of the conversations to L people each makes others hear L/(1 + L) of them."""
    told = replace(PLAIN, listeners=listeners).told_share
    assert told == pytest.approx(1 / (1 + listeners), rel=ROUNDING)
    assert told + told * listeners == pytest.approx(1.0, rel=ROUNDING)


def test_someone_who_is_both_catalyst_and_expert_adds_both():
    """1.8 and 2 make 1 + .8 + 1 = 2.8, beside 1; a customer's multiplier of 1.5 multiplies: 4.2."""
    talk = replace(PLAIN, catalyst=1.8, expert=2.0, customer=1.5)
    found = talk_in(np.full(5, 200.0), talk, catalyst=[1, 3, 4], expert=[2, 3, 4], customer=[4])
    assert found.passed_on / found.passed_on[0] == pytest.approx([1, 1.8, 2.0, 2.8, 4.2], rel=ROUNDING)


def test_multipliers_below_one_never_make_talk_negative():
    talk = replace(PLAIN, catalyst=0.2, expert=0.3)
    found = talk_in(np.full(4, 10.0), talk, catalyst=[1, 3], expert=[2, 3])
    assert found.passed_on[3] == 0  # 1 - .8 - .7 = -.5, taken as none
    assert (found.passed_on[:3] > 0).all()


def test_where_nobody_is_left_to_talk_it_is_said():
    with pytest.raises(InvalidInput, match="nobody talks"):
        talk_in(np.array([5.0]), replace(PLAIN, catalyst=0.0), catalyst=[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [("credible", 1.01), ("prompted", -0.01), ("homophily", 1.5), ("weeks", -1.0), ("conversations", float("nan")),
     ("channels", (0.0, 0.0, 0.0, 0.0)), ("channels", (0.5, 1.2, 0.0, 0.0)), ("worth", -1.0)],
)  # fmt: skip
def test_a_figure_out_of_its_range_is_named(name, value):
    with pytest.raises(InvalidInput) as caught:
        replace(PLAIN, **{name: value})
    assert caught.value.subject == (name,)


# Laws, for any segments.
@st.composite
def talks(draw):
    """Segments, who is what among them, and any parameters; reach shares of some plan."""
    n = draw(st.integers(1, 6))
    population = np.array(draw(st.lists(st.floats(0.5, 5_000), min_size=n, max_size=n)))
    masks = [np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n))) for _ in range(3)]
    share = st.floats(0, 1)
    talk = Talk(
        conversations=draw(st.floats(0, 30)), catalyst=draw(st.floats(0.5, 8)), expert=draw(st.floats(0.6, 8)),
        customer=draw(st.floats(0.1, 4)), brand_share=draw(share), prompted=draw(share),
        listeners=draw(st.floats(0, 5)), credible=draw(share), weeks=draw(st.floats(0, 26)),
        channels=(0.76, 0.13, 0.09, 0.02), homophily=draw(share), online_echo=draw(st.floats(0, 3)), worth=1.0,
    )  # fmt: skip
    volumes = talk_volumes(population, *masks, talk)
    reach = np.array(draw(st.lists(share, min_size=n, max_size=n)))
    return population, volumes, build_word_of_mouth(population, volumes, talk), reach


@given(talks())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_what_is_told_is_what_is_heard(made):
    population, _, talk, reach = made
    told = float((population * reach * talk.passed_on).sum())
    assert float(population @ talk.heard(reach)) == pytest.approx(told, rel=1e-11, abs=1e-300)
    assert float(talk.contacts_told(reach).sum()) == pytest.approx(told, rel=ROUNDING, abs=1e-300)


@given(talks())
@settings(max_examples=100, deadline=None, derandomize=True)
def test_what_is_heard_and_told_is_by_the_mixing_matrix(made):
    population, _, talk, reach = made
    heard = talk.mixing @ (population * talk.passed_on * reach) / population
    assert talk.heard(reach) == pytest.approx(heard, rel=1e-11, abs=1e-300)
    assert talk.hearing @ reach == pytest.approx(heard, rel=1e-11, abs=1e-300)
    assert talk.told_by(reach) == pytest.approx(reach @ talk.mixing, rel=1e-11)


@given(talks())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_nothing_is_negative_or_more_than_everyone(made):
    _, volumes, talk, reach = made
    assert (volumes >= 0).all()
    assert (talk.passed_on >= 0).all()
    assert (talk.heard(reach) >= 0).all()
    earned, combined = talk.earned(reach), talk.combined(reach)
    assert ((earned >= 0) & (earned <= 1)).all()
    assert (combined <= 1).all()
    assert (combined >= np.maximum(reach, earned) - ROUNDING).all()
    assert (combined <= reach + earned + ROUNDING).all()


@given(talks())
@settings(max_examples=200, deadline=None, derandomize=True)
def test_volumes_have_a_population_mean_of_one(made):
    population, volumes, talk, _ = made
    assert float(population @ volumes) == pytest.approx(population.sum(), rel=ROUNDING)
    assert talk.mixing.sum(axis=0) == pytest.approx(np.ones(len(population)), rel=ROUNDING)
    assert sum(talk.channels) == pytest.approx(1, rel=ROUNDING)


@given(talks())
@settings(max_examples=50, deadline=None, derandomize=True)
def test_nobody_reached_means_nobody_told(made):
    population, _, talk, _ = made
    nobody = np.zeros(len(population))
    assert (talk.earned(nobody) == 0).all()
    assert (talk.combined(nobody) == 0).all()


def test_full_homophily_keeps_talk_inside_the_segment():
    found = talk_in(HUNDRED, replace(PLAIN, homophily=1.0), catalyst=[0])
    assert (found.mixing == np.eye(2)).all()
    assert found.heard(np.array([0.4, 0.0])) == pytest.approx([1.0, 0.0])  # .4 reached x 2.5 each
    assert found.earned(np.array([0.0, 0.3]))[0] == 0


# Orders of magnitude that design section 5 expects of the three presets.
def preset_talk(preset, category, brand_share):
    used = {name: parameter.taken(preset) for name, parameter in TALK.items()}
    used |= {"conversations": conversations_per_week(category)[0], "brand_share": brand_share}
    return Talk(**{name: value for name, value in used.items() if name not in CHANNELS},
                channels=tuple(used[name] for name in CHANNELS))  # fmt: skip


@pytest.mark.parametrize(
    ("category", "brand_share", "expected"),
    [("technology", 0.05, (0.002, 0.005, 0.02)), ("food", 0.10, (0.006, 0.014, 0.06))],
)
def test_a_plan_that_reaches_half_of_everyone_earns_what_the_evidence_lets_expect(
    category, brand_share, expected
):
    """Design section 5 gives no reach and one digit; half of everyone, and a factor of 1.75 for both. Found:
    technology .12, .45, 2.4 %; food .35, 1.3, 6.8 %."""
    catalysts, experts = np.array([False, True, False, True]), np.array([False, False, True, True])
    population = np.array([73.0, 7.0, 17.0, 3.0])  # 10 % catalysts, 20 % experts, 3 % both
    for preset, share in zip(PRESETS, expected, strict=True):
        talk = preset_talk(preset, category, brand_share)
        found = build_word_of_mouth(
            population, talk_volumes(population, catalysts, experts, catalysts & False, talk), talk
        )
        earned = found.earned(np.full(4, 0.5))
        assert earned == pytest.approx(np.full(4, earned[0]))  # random mixing: everyone hears alike
        assert share / 1.75 <= earned[0] <= share * 1.75


def test_the_presets_rise_from_sceptical_to_industry():
    for category in ("technology", "food", "travel", "anything else"):
        tau = [preset_talk(preset, category, 0.05).contacts_per_volume for preset in PRESETS]
        assert tau[0] < tau[1] < tau[2]


# A louder trait.
LOUDER = np.array([1.0, 1.2, 1.8, 3.0, 5.0, 10.0])
MIXED = np.array([400.0, 60.0, 90.0, 20.0, 120.0, 30.0])  # catalysts 1, 3, 5; experts 2, 3; customers 4, 5


def louder(multiplier, homophily=0.0):
    talk = replace(PLAIN, catalyst=float(multiplier), expert=2.0, customer=1.3, homophily=homophily)
    return talk_in(MIXED, talk, catalyst=[1, 3, 5], expert=[2, 3], customer=[4, 5])


@pytest.mark.parametrize("seed", range(20))
def test_louder_catalysts_never_pass_on_a_smaller_share_of_the_contacts(seed):
    """Reach fixed, whatever it is: only the catalysts' part of the sum grows."""
    reach = np.random.default_rng(seed).random(6)
    shares = []
    for multiplier in LOUDER:
        told = louder(multiplier).contacts_told(reach)
        shares.append(told[[1, 3, 5]].sum() / told.sum())
    assert (np.diff(shares) > 0).all()


@pytest.mark.parametrize("reached", [0.05, 0.4, 1.0])
def test_louder_catalysts_never_pass_on_fewer_contacts_where_all_are_reached_alike(reached):
    """The same share of every segment reached: told by catalysts = total x their volume / everyone's volume, and
    everyone's volume is theirs and that of others, which stays."""
    told = [louder(m).contacts_told(np.full(6, reached))[[1, 3, 5]].sum() for m in LOUDER]
    assert (np.diff(told) > 0).all()


@pytest.mark.parametrize("homophily", [0.0, 0.4])
@pytest.mark.parametrize("seed", range(10))
def test_a_louder_trait_never_lowers_its_vehicles_beside_others(seed, homophily):
    """Two vehicles, one read by catalysts alone and one by none: contacts told by the audience of the first
    beside those of the second, every other figure fixed."""
    rng = np.random.default_rng(seed)
    catalysts = np.isin(np.arange(6), [1, 3, 5])
    readers = rng.random(6) * MIXED * catalysts, rng.random(6) * MIXED * ~catalysts
    worth = []
    for multiplier in LOUDER:
        tau = louder(multiplier, homophily).passed_on
        worth.append((readers[0] @ tau) / (readers[1] @ tau))
    assert (np.diff(worth) > 0).all()


@pytest.mark.parametrize("omega", [0.5, 1.0, 5.0])
def test_a_louder_trait_never_lowers_the_worth_of_a_first_contact_with_it_in_the_programme(omega):
    """People paid and told, of the first people reached (H = h there): a catalyst beside an everyday person, in
    a population without experts and with random mixing."""
    segments = build_segments(1_000, Traits(("catalyst",), np.array([0.1]), ("",)))
    assert segments.population == pytest.approx(HUNDRED[::-1])
    ratio, step = [], 1e-6
    for multiplier in LOUDER:
        talk = talk_in(segments.population, replace(PLAIN, catalyst=float(multiplier)), catalyst=[1])
        objective = word_of_mouth_objective(segments, np.ones(2, dtype=bool), talk, omega, 1)
        other, catalyst = (float(objective.of_reach(step * one / segments.population)) for one in np.eye(2))
        ratio.append(catalyst / other)
    assert ratio[0] == pytest.approx(1.0)
    assert (np.diff(ratio) > 0).all()


# People one by one.
LOUD = replace(PLAIN, catalyst=1.8, expert=2.0, listeners=1.4, credible=0.6, channels=(0.7, 0.1, 0.15, 0.05),
               online_echo=0.3)  # fmt: skip
SOME = replace(LOUD, brand_share=0.1, prompted=0.22)


def simulate(rng: Generator, talk: Talk, people, multiplier, reach, mixing):
    """One generation, person by person and conversation by conversation, from the story alone: (contacts told,
    contacts heard, people who heard, people reached or told), each by segment. No formula of
    models.people.word_of_mouth."""
    segment = np.repeat(np.arange(len(people)), people)
    mean = (people * multiplier).sum() / people.sum()
    reached = rng.random(len(segment)) < reach[segment]
    taken_part = rng.poisson(talk.conversations * talk.weeks * multiplier[segment] / mean)
    speaker = np.repeat(np.flatnonzero(reached), taken_part[reached])
    for share in (1 / (1 + talk.listeners), talk.brand_share, talk.prompted):
        speaker = speaker[rng.random(len(speaker)) < share]
    online = rng.random(len(speaker)) < talk.channels[2] / sum(talk.channels)
    whole = int(talk.listeners)
    number = whole + (rng.random(len(speaker)) < talk.listeners - whole)
    contact, by_web = np.repeat(segment[speaker], number), np.repeat(online, number)
    contact = np.append(contact, contact[by_web & (rng.random(len(contact)) < talk.online_echo)])
    contact = contact[rng.random(len(contact)) < talk.credible]
    told = np.bincount(contact, minlength=len(people))
    listening = np.concatenate([
        rng.choice(len(people), int(n), p=mixing[:, c]) for c, n in enumerate(told)
    ])  # fmt: skip
    first = np.concatenate([[0], np.cumsum(people)[:-1]])
    listener = first[listening] + (rng.random(len(listening)) * people[listening]).astype(int)
    heard = np.zeros(len(segment), dtype=bool)
    heard[listener] = True
    count = lambda who: np.bincount(segment[who], minlength=len(people))  # noqa: E731
    return told, np.bincount(listening, minlength=len(people)), count(heard), count(heard | reached)


@pytest.mark.parametrize("homophily", [0.0, 0.4])
@pytest.mark.parametrize(("talk", "runs"), [(LOUD, 60), (SOME, 60)], ids=["loud", "some"])
def test_earned_contacts_and_reach_agree_with_people_who_talk_one_by_one(talk, runs, homophily):
    """60 runs of 12,000 people. Tolerance: 4.5 standard errors of the mean of the runs, each error from the
    spread of the runs; that n people are not infinitely many shifts H by under H / n, far below."""
    rng = np.random.default_rng(20261123)
    people = np.array([7_000, 1_500, 2_500, 1_000])  # others, catalysts, experts, both
    multiplier = np.array([1.0, 1.8, 2.0, 2.8])
    reach = np.array([0.25, 0.5, 0.35, 0.6])
    mixing = (1 - homophily) * np.tile(people[:, None] / people.sum(), 4) + homophily * np.eye(4)
    runs_found = np.array([simulate(rng, talk, people, multiplier, reach, mixing) for _ in range(runs)])
    talk = replace(talk, homophily=homophily)
    formula = talk_in(people / 1_000, talk, catalyst=[1, 3], expert=[2, 3])
    expected = 1_000 * np.array([
        formula.contacts_told(reach),
        people / 1_000 * formula.heard(reach),
        people / 1_000 * formula.earned(reach),
        people / 1_000 * formula.combined(reach),
    ])  # fmt: skip
    error = runs_found.std(axis=0, ddof=1) / np.sqrt(runs)
    assert (np.abs(runs_found.mean(axis=0) - expected) <= 4.5 * error).all()
    assert (
        4.5 * error[:2] < 0.1 * expected[:2]
    ).all()  # close enough to see an error of a tenth in any segment
