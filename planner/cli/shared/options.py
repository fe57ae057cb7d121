"""The command line's arguments and options that several commands share."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared.terminal import refuse

if TYPE_CHECKING:  # help must not wait for numpy and PuLP
    from planner.campaign.inputs import Campaign
    from planner.planning.options import Options


class ObjectiveChoice(StrEnum):
    """What a plan maximises."""

    influence = "influence"
    reach = "reach"
    effective_reach = "effective-reach"
    impressions = "impressions"
    word_of_mouth = "word-of-mouth"
    minimum_cost = "minimum-cost"


class PresetChoice(StrEnum):
    """How much influencers are taken to talk and to be worth."""

    sceptical = "sceptical"
    moderate = "moderate"
    industry = "industry"


class SolverChoice(StrEnum):
    """Who solves the programme."""

    highs = "highs"
    cbc = "cbc"


Workbook = Annotated[Path, typer.Argument(help="The campaign workbook (.xlsx).", show_default=False)]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output.")]
Quiet = Annotated[
    bool, typer.Option("--quiet", help="No progress and no table; a line that says where the plan is.")
]
Force = Annotated[bool, typer.Option("--force", help="Overwrite the file if it exists.")]
Solver = Annotated[SolverChoice, typer.Option(help="highs, or cbc.")]
Gap = Annotated[
    float, typer.Option(help="Percent of the best possible value that counts as optimal.", min=0.0, max=100.0)
]
BreakEven = Annotated[
    bool,
    typer.Option(
        "--break-even/--no-break-even", help="Look for the influencer multiplier where tailoring pays."
    ),
]
Preset = Annotated[
    PresetChoice | None, typer.Option(help="Preset of the influence figures, instead of the Brief's.")
]
Prices = Annotated[
    bool, typer.Option("--prices", help="Explain the plan too: the Prices sheet, as by planner explain.")
]
TimeLimit = Annotated[
    float,
    typer.Option(
        help="Seconds after which the best plan so far is taken; writing the workbook comes on top.", min=0.1
    ),
]


@dataclass(frozen=True)
class Amount:
    """Money given on the command line. currency: as typed beside it, "" where there is none."""

    value: float
    currency: str


def amount_of(option: str, text: str | None) -> Amount | None:
    """Money as people type it, 1500000 or £1.5m; a usage error where that is not certain."""
    from planner.workbook.cells.numbers import Trouble, read_amount

    if text is None:
        return None
    read = read_amount(text)
    if isinstance(read, Trouble):
        expected = "" if "expected" in read.text else "; expected an amount of money"
        refuse(f'{option} "{text}" {read.text}{expected}, such as 1500000 or 1.5m.')
    return Amount(*read)


def refuse_other_currency(option: str, amount: Amount | None, currency: str) -> None:
    """A usage error where an amount was given in a currency that is not the campaign's."""
    from planner.workbook.cells.currencies import agree

    if amount is not None and amount.currency and not agree(amount.currency, currency):
        refuse(f"{option} is in {amount.currency}, but the campaign is in {currency}; give it in that.")


def budget_of(option: str, text: str, campaign: "Campaign") -> float:
    """A budget as people type it, 3.5m, or as a change of the campaign's own, -10%; a usage error where that is not
    certain."""
    change = re.fullmatch(r"([+-]\s*\d+(?:\.\d+)?)\s*%", text.strip())
    if change is None:
        amount = amount_of(option, text)
        refuse_other_currency(option, amount, campaign.brief.currency)
        assert amount is not None
        return amount.value
    own, percent = campaign.brief.budget, float(re.sub(r"\s", "", change[1]))
    if own <= 0:
        refuse(
            f'{option} "{text}" changes the Brief\'s budget, and there is none; expected an amount such as 1.5m.'
        )
    if percent <= -100:
        refuse(f'{option} "{text}" leaves no budget; expected a change above -100 %, such as -10%.')
    return own * (1 + percent / 100)


def given_of(changes: dict[str, Any]) -> dict[str, Any]:
    """What was given on the command line."""
    return {name: value for name, value in changes.items() if value is not None}


def options_of(
    gap: float, seconds: float, solver: SolverChoice, progress: Callable[[str], None], break_even: bool
) -> "Options":
    """How to plan; gap: percent. A solver that works by files is given a folder for them."""
    from planner.cli.shared.scratch import clear_left_over, work_in_own_folder
    from planner.planning.options import Options

    clear_left_over()
    if solver is SolverChoice.cbc:
        work_in_own_folder()
    return Options(gap / 100, seconds, solver.value, progress, break_even)
