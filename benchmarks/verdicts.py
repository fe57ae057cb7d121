"""The README's table of verdicts: what tailoring gains on the samples, beside the model's own error.

    python -m benchmarks.verdicts

About 2 CPU minutes. Every figure is of the plan that `planner plan --objective ... --influence ...` writes at its
usual gap; differences beside one standard deviation of the model's own error.
"""

from pathlib import Path

from planner.planning.influence import Gain, Influence
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.plan.influence import signed
from planner.workbook.campaign.parse import read_campaign

SAMPLES = Path(__file__).parents[1] / "sample_inputs"
ASKED = (
    ("us_2016", "influence", "sceptical"),
    ("us_2016", "influence", "moderate"),
    ("us_2016", "influence", "industry"),
    ("us_2016", "word of mouth", "industry"),
    ("us_2016_types", "influence", "moderate"),
    ("us_2016_types", "influence", "industry"),
    ("spring_launch", "influence", "moderate"),
    ("spring_launch", "influence", "industry"),
    ("spring_launch", "word of mouth", "industry"),
)
WORDS = {
    "none": "nothing is tailored",
    "within_gap": "none measurable",
    "within_model_error": "not claimed",
    "gain": "a gain",
}
HEADINGS = (
    "Sample", "Objective", "Preset", "Verdict (`verdict_code`)", "Gain, % of value", "Influencers reached, %",
    "Everyone reached, %",
)  # fmt: skip


def row(sample: str, objective: str, preset: str) -> tuple[str, ...]:
    """A line of the table."""
    changes = {"objective": objective, "influence_preset": preset}
    campaign = read_campaign(SAMPLES / f"{sample}.xlsx", changes)
    influence = make_plan(campaign, Options(break_even=False)).influence
    assert influence is not None
    verdict = f"{WORDS[influence.verdict_code]} ({influence.verdict_code})"
    reached = (_reached(influence, f"reach of {who}") for who in ("influencers", "everyone"))
    return sample, objective, preset, verdict, _gain(influence), *reached


def _gain(influence: Influence) -> str:
    """The gain in worth; 0 where the plan is the ordinary one."""
    if not influence.compared:
        return "0"
    return f"{100 * influence.gain:+.3f} +-{100 * influence.model_error:.2f}"


def _reached(influence: Influence, measure: str) -> str:
    found: Gain = next(gain for gain in influence.gains if gain.measure == measure)
    beside = f" ({signed(found.points, 2)} +-{found.error:.2f})" if influence.compared else ""
    return f"{found.tailored:.1f}{beside}"


def main() -> None:
    for cells in (HEADINGS, ("---",) * len(HEADINGS), *(row(*asked) for asked in ASKED)):
        print(f"| {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
