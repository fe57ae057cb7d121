"""The commands frontier and stability: what they refuse, and what they write."""

import csv
import json
from types import SimpleNamespace

import pytest
import typer
from typer.testing import CliRunner

from planner.campaign.inputs import Brief
from planner.cli.commands import app
from planner.cli.shared.options import budget_of
from planner.cli.shared.terminal import in_words
from planner.cli.sweeps import Deliverables, journalled
from planner.comparing.desk import STATUS
from planner.table import Column, table_of
from planner.workbook.page.files import target_of
from planner.workbook.template import write_example


@pytest.fixture(scope="module")
def campaign(tmp_path_factory):
    path = tmp_path_factory.mktemp("sweeps") / "campaign.xlsx"
    write_example(path, False)
    return path


def asked(*arguments):
    """Exit code, standard output, and what is said on standard error."""
    done = CliRunner().invoke(app, [str(each) for each in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        message, code = in_words(done.exception)
        return code, done.stdout, message
    return done.exit_code, done.stdout, done.stderr


class TestRefusals:
    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--price", "Evening Newz=8500"), "is not a vehicle of campaign.xlsx"),
            (("--price", "8500"), 'has no "="; expected VEHICLE=UNIT COST'),
            (("--to-budget", "a lot"), "expected an amount of money"),
            (("--to-budget", "5 %"), "has a percent sign; expected a plain number, such as"),
            (("--budgets", "4m,-3m"), "expected"),
            (("--budgets", "-100%"), "leaves no budget"),
            (("--budgets", "400,300"), "are these thousands, or budgets of less than 1,000?"),
        ],
    )
    def test_a_bad_option_is_one_sentence_and_nothing_is_written(self, campaign, tmp_path, options, said):
        output = tmp_path / "frontier.xlsx"
        code, _, message = asked("frontier", campaign, "-o", output, *options)
        assert code == 2
        assert said in message
        assert not output.exists()

    @pytest.mark.parametrize("command", ["frontier", "stability"])
    def test_what_exists_is_not_overwritten(self, campaign, tmp_path, command):
        output = tmp_path / "there.xlsx"
        output.write_bytes(b"mine")
        code, _, message = asked(command, campaign, "-o", output)
        assert code == 2
        assert "exists already" in message
        assert output.read_bytes() == b"mine"

    def test_a_cluster_that_does_not_answer_is_said(self, campaign, tmp_path):
        pytest.importorskip("distributed")
        output = tmp_path / "frontier.xlsx"
        code, _, message = asked(
            "frontier", campaign, "-o", output, "--points", 1, "--cluster", "not an address"
        )
        assert code == 2
        assert "not an address" in message


def of_budget(budget):
    return SimpleNamespace(brief=Brief(budget=budget))


@pytest.mark.parametrize(("text", "budget"), [("-10%", 900.0), ("+ 12.5 %", 1125.0), ("1.2k", 1200.0)])
def test_a_budget_is_an_amount_or_a_change_of_the_campaigns_own(text, budget):
    assert budget_of("--budgets", text, of_budget(1_000.0)) == pytest.approx(budget, rel=1e-12)


def test_there_is_nothing_to_change_without_a_budget(capsys):
    with pytest.raises(typer.Exit):
        budget_of("--budgets", "-10%", of_budget(0.0))
    assert "there is none" in capsys.readouterr().err


class TestResults:
    def test_frontier_writes_a_workbook_json_and_tables(self, campaign, tmp_path):
        output, tables = tmp_path / "frontier.xlsx", tmp_path / "tables"
        code, out, _ = asked(
            "frontier", campaign, "-o", output, "--points", 2, "--trade-offs", 2, "--no-ladder", "--json",
            "--csv", tables, "--csv-decimal", "comma", "--workers", 1, "--time-limit", 5, "--gap", 1,
        )  # fmt: skip
        assert code == 0
        told = json.loads(out)
        assert output.exists()
        with (tables / "points.csv").open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, delimiter=";"))
        assert [float(row["budget"].replace(",", ".")) for row in rows] == [
            p["budget"] for p in told["points"]
        ]
        assert {"reach: target_pct", "value", "gap"} <= set(rows[0])

    @pytest.mark.parametrize(("status", "code"), [("time", 5), ("feasible", 0), ("none", 0)])
    def test_a_row_that_ended_with_its_time_ends_the_command_with_5(self, tmp_path, status, code):
        column = Column("status", "Certificate")
        table = table_of(
            "points", "Points", [column], [{"status": STATUS[each]} for each in ("optimal", status)]
        )
        made = Deliverables(target_of(tmp_path / "f.xlsx"), None, None, as_json=False, quiet=True)
        found, forms = SimpleNamespace(campaign=SimpleNamespace(notices=())), (lambda _: {}, lambda _: "")
        assert made.deliver(
            found, "It is in", lambda *_: None, forms, lambda _: "", lambda _: [table], lambda _: None
        ) == code  # fmt: skip

    def test_stability_writes_a_workbook_and_says_what_it_left_out(self, campaign, tmp_path):
        output = tmp_path / "stability.xlsx"
        code, out, _ = asked(
            "stability", campaign, "-o", output, "--draws", 1, "--workers", 1, "--time-limit", 5, "--gap", 1
        )
        assert code == 0
        assert output.exists()
        assert "The plan" in out


class TestJournals:
    def test_it_stands_beside_the_workbook_and_goes_when_all_is_done(self, tmp_path):
        with journalled(None, tmp_path / "f.xlsx") as journal:
            assert journal == tmp_path / "f.xlsx.journal"
            journal.write_text("kept")
        assert not journal.exists()

    def test_one_that_is_named_stays(self, tmp_path):
        with journalled(tmp_path / "mine", tmp_path / "f.xlsx") as journal:
            journal.write_text("kept")
        assert journal.read_text() == "kept"

    def test_an_interruption_keeps_it_and_the_next_run_says_so(self, tmp_path, capsys):
        def interrupted():
            with journalled(None, tmp_path / "f.xlsx") as journal:
                journal.write_text("kept")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            interrupted()
        assert "the same command goes on from there" in capsys.readouterr().err
        with journalled(None, tmp_path / "f.xlsx") as journal:
            assert "are taken from there" in capsys.readouterr().err
            assert journal.read_text() == "kept"
