"""Every objective that a Brief may name has its words, on the sheet and on the command line."""

from typing import get_args

from planner.campaign.inputs import OBJECTIVES, TAILORED, ObjectiveName
from planner.cli.shared.options import ObjectiveChoice


def test_every_objective_says_what_it_maximises() -> None:
    assert tuple(OBJECTIVES) == get_args(ObjectiveName)
    assert set(TAILORED) < set(OBJECTIVES)


def test_the_command_line_has_the_objectives_of_the_sheet() -> None:
    assert {choice.value.replace("-", " ") for choice in ObjectiveChoice} == set(OBJECTIVES)
