"""That claims are contacts stands below every output of a campaign that assumes it, and below no other."""

from dataclasses import replace
from pathlib import Path

from planner.campaign.survey import CLAIMS_ARE_CONTACTS
from planner.report.assumed import json_with_assumed, tables_with_assumed, text_with_assumed
from planner.table import Column, Table
from planner.workbook.campaign.parse import read_campaign

SAMPLE = Path(__file__).parents[3] / "sample_inputs" / "spring_launch.xlsx"


def test_the_sentence_is_repeated_where_it_is_assumed_and_only_there() -> None:
    plain = read_campaign(SAMPLE)
    assuming = replace(plain, notices=(*plain.notices, CLAIMS_ARE_CONTACTS))
    assert text_with_assumed(plain, lambda: "a table\n")() == "a table"
    told = text_with_assumed(assuming, lambda: "a table\n")()
    assert told.startswith("a table\n\n")
    assert " ".join(told.split()).endswith(CLAIMS_ARE_CONTACTS)
    assert json_with_assumed(plain, lambda: {"a": 1})() == {"a": 1}
    assert json_with_assumed(assuming, lambda: {"a": 1})() == {"a": 1, "notices": [CLAIMS_ARE_CONTACTS]}
    assert json_with_assumed(assuming, lambda: {"notices": []})() == {"notices": []}


def test_every_table_repeats_it_in_a_column_where_it_is_assumed_and_only_there() -> None:
    plain = read_campaign(SAMPLE)
    assuming = replace(plain, notices=(CLAIMS_ARE_CONTACTS,))
    tables = (
        Table("plan", "Plan", [Column("vehicle")], [["A"], ["B"]]),
        Table("empty", "Empty", [Column("vehicle")], []),
    )
    assert tables_with_assumed(plain, tables) == tables
    told, empty = tables_with_assumed(assuming, tables)
    assert [row["survey_assumption"] for row in told.records] == [CLAIMS_ARE_CONTACTS] * 2
    assert empty.keys == ["vehicle", "survey_assumption"]
