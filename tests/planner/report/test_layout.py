"""Tables and sentences as wide as the terminal."""

import pytest

from planner.report.layout import hanging, table


def test_sentences_fill_the_terminal_and_no_more_than_100_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    longest = {}
    for columns in (20, 72, 200):
        monkeypatch.setenv("COLUMNS", str(columns))
        longest[columns] = max(map(len, hanging("Notice  ", "letters " * 50).splitlines()))
    assert longest == {20: 39, 72: 71, 200: 95}


def test_a_table_of_short_names_and_long_texts_is_not_cut() -> None:
    rows = [("q1", "letters " * 20, "123456789")] * 2
    assert {len(line) for line in table(("Column", "Label", "Highest"), rows, texts=2)} == {100}


def test_in_a_narrow_terminal_columns_move_closer_before_names_lose_letters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    row = ("influencers to win", "123,456", "789,012", "9.4")  # 18 + 7 + 7 + 3, and 3 or 6 between them
    lines = table(("Audience", "a", "b", "c"), [row], texts=1)
    assert lines[-1] == "influencers to win 123,456 789,012 9.4"
    assert table(("Audience", "a", "b", "c"), [("everyone", *row[1:])], texts=1)[-1].startswith("everyone  ")


def test_names_that_begin_alike_are_told_apart_in_a_narrow_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    figures = ("1,234,567", "9.4")
    for names in (
        ("Example Crime Hour by night", "Example Home Journal"),
        ("An evening show, 1 of one", "An evening show, 2 of one"),
    ):
        lines = table(("Vehicle", "a", "b"), [(name, *figures) for name in names], texts=1)
        assert len(set(lines)) == len(lines) == 4, lines


def test_names_without_room_stand_above_their_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    figures = ("123,456,789", "123,456,789", "9.4")
    rows = [("Example Crime Hour", *figures), ("News", *figures)]
    assert table(("Vehicle", "a", "b", "c"), rows, texts=1) == [
        "Vehicle           a           b   c",
        "-----------------------------------",
        "Example Crime Hour",
        "        123,456,789 123,456,789 9.4",
        "News    123,456,789 123,456,789 9.4",
    ]
