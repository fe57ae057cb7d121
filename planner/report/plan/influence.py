"""What influencers add to a plan, in words and as JSON."""

import math
from collections.abc import Iterable, Sequence
from typing import Any

from planner.campaign.inputs import VehicleRow
from planner.formats import count_of, is_whole, listed, money, number, percent, signed
from planner.planning.comparison import BY_WORD_OF_MOUTH, WEIGHTED
from planner.planning.influence import BreakEven, Gain, Influence, PlanMeasures, Turn
from planner.planning.model_error import error_text, plus_minus
from planner.planning.results import PlanResult
from planner.planning.tables import BOUGHT
from planner.report.json_values import JsonObject, fields_of, finite, percents_of

NOT_FOUND = "at no value tried"
MOST_NAMES, MOST_TURNS = 6, 4


def influence_lines(result: PlanResult) -> list[tuple[str, str]]:
    """What tailoring gains, which vehicles it changes and from where on it pays: a label and a sentence each."""
    influence = result.influence
    if influence is None:
        return []
    changes = [_changes_in_short(influence)] if influence.in_short else change_sentences(influence)
    told = [influence.in_short or influence.verdict, _multiplier_sentence(influence), *changes]
    return [
        ("Tailoring", " ".join(filter(None, told))),
        *(("Warning", warning) for warning in influence.warnings),
    ]


def measure_words(gain: Gain) -> str:
    """The measure with what it is counted in.

    >>> measure_words(Gain("earned contacts", "000", 1.0, 1.0))
    'earned contacts (000)'
    """
    return f"{measure_name(gain)} ({gain.unit})" if gain.unit == "000" else measure_name(gain)


def measure_name(gain: Gain) -> str:
    """The measure as people read it."""
    costs = "cost per thousand influencers"
    return f"{costs} reached" if gain.measure == costs else gain.measure


def gain_text(value: float, unit: str, currency: str) -> str:
    """A figure of a comparison, in its unit."""
    if unit == "%":
        return f"{number(value, 2)} %" if math.isfinite(value) else number(None)
    if unit == "000":
        return number(value, 1)
    return money(value, currency, 2) if unit == currency else number(value, 2)


def difference_text(gain: Gain, currency: str) -> str:
    """The difference with its sign: percents in points, money as money."""
    if gain.unit == "%":
        return f"{signed(gain.points, 2)} points"
    text = gain_text(abs(gain.points), gain.unit, currency)
    shown_as_nothing = not any(digit in "123456789" for digit in text)
    return text if shown_as_nothing else f"{'-' if gain.points < 0 else '+'}{text}"


def error_figure(gain: Gain, currency: str) -> str:
    """One standard deviation of the model's own error on the difference, in the measure's unit; a dash where there is
    none."""
    if gain.error <= 0:
        return number(None)
    return (
        f"{number(gain.error, 2)} points" if gain.unit == "%" else gain_text(gain.error, gain.unit, currency)
    )


def _changes_in_short(influence: Influence) -> str:
    """How many vehicles only one of the two plans buys; "" where none."""
    told = [
        f"{count_of(len(names), 'vehicle')} {one if len(names) == 1 else several}"
        for names, one, several in (
            (influence.comes_in, "comes in", "come in"),
            (influence.goes_out, "goes out", "go out"),
        )
        if names
    ]
    return f"Compared with it, {' and '.join(told)}." if told and influence.compared else ""


def change_sentences(influence: Influence) -> list[str]:
    """Which vehicles only one of the two plans buys; nothing where a plan would be compared with itself."""
    if not influence.compared:
        return []
    if not influence.comes_in and not influence.goes_out:
        return ["This plan and the ordinary plan buy the same vehicles."]
    both = (("Comes in", influence.comes_in), ("Goes out", influence.goes_out))
    return [f"{word}: {listed(names, MOST_NAMES) or 'nothing'}." for word, names in both]


def break_even_sentence(influence: Influence) -> str:
    """From which multiplier the plans differ, and at which other values the verdict turns."""
    found = influence.break_even
    if found is None:
        return ""
    # Beside the model's own error a gain just over 0.01 % is seen; there is none where reach is counted.
    told = f" by the model, whose own error on the two plans here is {100 * influence.model_error:.2f} %"
    error = told if found.multiplier is not None and influence.model_error > 0 else ""
    first = _multiplier_sentence(influence, f" than the ordinary plan{error}")
    return f"{first} {_turns_sentence(influence, found.assumptions)}".rstrip()


def _multiplier_sentence(influence: Influence, than: str = "") -> str:
    """From which multiplier on the plans differ; "" where that was not asked for. than: ends the sentence."""
    found = influence.break_even
    if found is None:
        return ""
    if found.multiplier is None:
        start = f"No influencer multiplier up to {found.searched_to:g} makes a tailored plan"
    else:
        start = f"From an influencer multiplier of {number(found.multiplier, 2)} on, a tailored plan is"
    return f"{start} worth over 0.01 % more{than}."


def _turns_sentence(influence: Influence, assumptions: Sequence[Turn]) -> str:
    """A sentence for each measure by which the two plans are judged as an assumption changes."""
    measures = dict.fromkeys(turn.measure for turn in assumptions)
    return " ".join(
        _turns_by(influence, measure, [turn for turn in assumptions if turn.measure == measure])
        for measure in measures
    )


def _better(influence: Influence, measure: str) -> str:
    """Which of the two plans is worth more by a measure, as things stand."""
    named = {"word of mouth": BY_WORD_OF_MOUTH, "influence weights": WEIGHTED}.get(measure, measure)
    gain = next((gain for gain in influence.gains if gain.measure == named), None)
    return "the ordinary plan" if gain is not None and gain.points < 0 else "the tailored plan"


def _turns_by(influence: Influence, measure: str, assumptions: Sequence[Turn]) -> str:
    shares = {parameter.heading for parameter in influence.parameters if parameter.share}
    turning = [
        f"{turn.parameter} {parameter_text(turn.turns_at, turn.parameter in shares)} "
        f"(used {parameter_text(turn.used, turn.parameter in shares)})"
        for turn in assumptions
        if turn.turns_at is not None
    ]
    others = len(assumptions) - len(turning)
    if not turning:
        return (f"Judged by {measure}, {_better(influence, measure)} stays the better one, whichever of "
                f"{count_of(others, 'assumption')} changes.")  # fmt: skip
    rest = f"; {NOT_FOUND} of the other {others}" if others else ""
    at = listed(turning, MOST_TURNS)
    return f"Judged by {measure}, {_better(influence, measure)} is the better one; that turns at: {at}{rest}."


def earned_sentence(influence: Influence) -> str:
    """What word of mouth adds to the reach of everyone, in one line; "" where nobody is reported."""
    everyone = influence.tailored.audience("everyone")
    if everyone is None:
        return ""
    contacts = number(influence.tailored.earned_contacts_000, 1)
    return (
        f"Word of mouth adds {contacts} thousand credible contacts. The plan reaches {percent(everyone.paid)} of "
        f"everyone, word of mouth {percent(everyone.earned, 2)}, both together {percent(everyone.combined)}."
    )


def customers_price_sentence(result: PlanResult) -> str:
    """What the plan gives up among customers, and what it gains for it; "" where customers first is off."""
    first = result.customers_first
    if first is None or not all(math.isfinite(share) for share in (first.best, first.kept)):
        return ""
    points = 100 * (first.best - first.kept)
    if points < 0.005:
        return "The plan gives up none of the best customer reach."
    given = f"The plan gives up {number(points, 2)}{plus_minus(first.reach_error)} points of customer reach"
    if not math.isfinite(first.value_at_best):
        return f"{given}."
    gained = result.value - first.value_at_best
    worth = first.value_at_best
    share = f" ({signed(100 * gained / worth, 1)} %)" if worth > 0 else ""
    error = error_text(gained / worth, first.error) if worth > 0 else ""
    return (f"{given}; compared with the plan that is best for customers it gains {signed(gained, 1)}{share} "
            f"{result.value_unit}{error}.")  # fmt: skip


def parameter_text(value: float, share: bool, digits: int = 3) -> str:
    """A value of a parameter of word of mouth.

    >>> parameter_text(0.05, True), parameter_text(11.85, False, 6)
    ('5 %', '11.85')
    """
    return f"{100 * value:.{digits}g} %" if share else f"{value:.{digits}g}"


# --- as JSON: *_pct are percents, shares and parameters as they are used (0.05) ----------------------


def influence_json(result: PlanResult) -> JsonObject | None:
    """The part `influence` of a plan's JSON; None where it was not calculated."""
    influence = result.influence
    if influence is None:
        return None
    vehicles = result.campaign.vehicles
    return {
        "preset": influence.preset,
        "worth": _numbers(influence.worth),
        "audiences": _audiences(influence.tailored),
        "channels": _numbers(influence.channels),
        "passed_on": _numbers(influence.passed_on),
        "tailored": _measures(influence.tailored, vehicles),
        "ordinary": _measures(influence.ordinary, vehicles),
        "impressions_plan": _measures(influence.impressions, vehicles),
        "gain": {gain.measure: finite(gain.points) for gain in influence.gains},
        "gain_model_error": {gain.measure: finite(gain.error) for gain in influence.gains},
        **fields_of(influence, "comes_in goes_out verdict verdict_code"),
        **percents_of(influence, gain_pct="gain", model_error_pct="model_error"),
        "measurable": influence.measurable,
        "break_even": _break_even(influence.break_even),
        "parameters": {
            each.heading: {
                **fields_of(each, "low used high"),
                "source": each.source_told,
                "given": each.given is not None,
            }
            for each in influence.parameters
        },
        "warnings": list(influence.warnings),
    }


def bought(insertions: Iterable[float], vehicles: Sequence[VehicleRow]) -> dict[str, int | float]:
    """Bought vehicles only, in the campaign's order; whole numbers as integers."""
    return {
        vehicle.name: round(count) if is_whole(count) else float(count)
        for vehicle, count in zip(vehicles, insertions, strict=True)
        if count > BOUGHT
    }


def _numbers(figures: Any) -> dict[str, float | None]:
    return {name: finite(float(value)) for name, value in figures.items()}


def _audiences(plan: PlanMeasures) -> JsonObject:
    return {
        figures.name: percents_of(figures, paid_pct="paid", earned_pct="earned", combined_pct="combined")
        for figures in plan.audiences
    }


def _measures(plan: PlanMeasures, vehicles: Sequence[VehicleRow]) -> JsonObject:
    return {
        "insertions": bought(plan.insertions, vehicles),
        "cost": finite(plan.cost),
        "audiences": _audiences(plan),
        **fields_of(plan, "influence_weighted_000 earned_contacts_000 cost_per_thousand_influencers"),
    }


def _break_even(found: BreakEven | None) -> JsonObject | None:
    if found is None:
        return None
    return {
        **fields_of(found, "multiplier searched_to"),
        "assumptions": {turn.parameter: fields_of(turn, "used turns_at") for turn in found.assumptions},
    }
