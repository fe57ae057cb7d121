"""What the command line says of the time that a run took."""

import pytest

from planner.cli.shared.terminal import say_time


@pytest.mark.parametrize(
    ("spent", "ended", "said"),
    [
        (9.0, False, ""),
        (10.9, False, ""),
        (
            10.2,
            True,
            "The time limit of 10 seconds ended the search; the plan is valid, see its certificate.",
        ),
        (
            14.0,
            True,
            "The time limit of 10 seconds ended the search; with reading and writing the run took 14; the plan is "
            "valid, see its certificate.",
        ),
        (
            14.0,
            False,
            "The run took 14 seconds, reading and writing included; the time limit of 10 is the search's.",
        ),
    ],
)
def test_what_the_limit_does_not_cover_is_said(
    spent: float, ended: bool, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    say_time(10.0, spent, ended)
    assert capsys.readouterr().err.strip() == said
