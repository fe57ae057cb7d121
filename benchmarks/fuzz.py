"""Thousands of spoiled workbooks: none crashes the reader, and no cell is passed over or guessed in silence.

python -m benchmarks.fuzz [--first 0] [--count 1000] [--planned 0.01] [--campaigns FOLDER] [--keep FOLDER]

Workbook n is the same every time: a sample input, the filled example (or an .xlsx of FOLDER), spoiled once to four
times in its cells, its sheets, its XML or its bytes, and read as `planner check` reads it. Refused is right; read is
right when benchmarks.fuzz_account, which owes nothing to the reader, finds every cell read or named, and when a changed
cell shows somewhere. A share is also planned for two seconds. Prints what went wrong, and the counts.
"""

import argparse
import random
import tempfile
import traceback
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.fuzz_account import Account, RawCell, blank, raw_cells
from benchmarks.fuzz_spoils import Parts, Spoiled, packed, spoiled
from models.errors import PlanningError
from planner.campaign.inputs import Campaign
from planner.campaign.prepare import prepare
from planner.errors import WorkbookError
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.report.campaign.check_text import check_text
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.schema.sheets import SHEETS
from planner.workbook.template import write_example

SAMPLES = Path(__file__).parents[1] / "sample_inputs"
SECONDS = 2.0  # of a plan
SHOWN = 0.1  # of those read: so many are also prepared and told as check tells them


@dataclass
class Tally:
    """What became of the workbooks."""

    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def add(self, outcome: str, what: str = "") -> None:
        """Count an outcome; keep what went wrong."""
        self.counts[outcome] += 1
        if what:
            self.wrong.append(what)


def bases(campaigns: Path | None, folder: Path) -> list[tuple[str, Parts]]:
    """The workbooks to spoil, as parts."""
    write_example(folder / "example.xlsx", force=True)
    paths = [folder / "example.xlsx", *sorted(SAMPLES.glob("*.xlsx"))]
    paths += sorted(campaigns.glob("*.xlsx")) if campaigns else []
    found = []
    for path in paths:
        with zipfile.ZipFile(path) as archive:
            found.append((path.stem, {name: archive.read(name) for name in archive.namelist()}))
    return found


def same(one: Campaign, other: Campaign) -> bool:
    """Whether two campaigns say the same, their notices and the planner's own columns included."""
    return replace(one, file_hash="") == replace(other, file_hash="") and one.own_columns == other.own_columns


def unseen(
    account: Account, before: Campaign, raw: Sequence[RawCell], touched: Sequence[tuple[str, str]]
) -> list[str]:
    """Changed cells that show nowhere: the campaign is as it was, and none says that the value came from there."""
    if not touched or not same(account.campaign, before):
        return []
    there = {(cell.sheet, cell.place): cell for cell in raw}
    used = {(cell.sheet, row) for cell in raw for row in (cell.row, 0)}
    more = {
        sheet
        for sheet in {cell.sheet for cell in raw}
        if len([row for name, row in used if name == sheet]) > 2
    }
    ours = more & {schema.name for schema in SHEETS}  # of a sheet with headings alone nothing is read
    found = [there[place] for place in touched if place in there and place[0] in ours]
    found = [cell for cell in found if not account.explains(cell) and not blank(cell)]
    addressed = account.values
    return [
        f"{cell.sheet}!{cell.place} {cell.text[:60]!r} changed nothing and is not spoken of"
        for cell in found
        if f"{cell.sheet}!{cell.place}" not in addressed and not account.is_named(cell)
    ]


def judge(
    path: Path, content: bytes, book: Spoiled, before: Campaign | None, planned: bool, tally: Tally, what: str
) -> None:
    """Read one workbook as check does, hold the account against it, and perhaps plan it."""
    path.write_bytes(content)
    try:
        campaign = read_campaign(path)
    except WorkbookError as error:
        bad = [p for p in error.problems if not p.text.strip() or "Traceback" in p.text]
        tally.add("refused", f"{what}: an empty problem" if bad or not error.problems else "")
        return
    except Exception:
        tally.add("crashed", f"{what}: {traceback.format_exc(limit=-4)}")
        return
    tally.add("read")
    try:
        raw = raw_cells(content)
    except Exception as error:  # another reader refuses what ours takes: to be looked at
        tally.add("not read by another", f"{what}: another reader says {error!r}")
        return
    account = Account(campaign)
    for cell, trouble in account.unspoken(raw):
        tally.add("silent", f"{what}: {cell.sheet}!{cell.place} {cell.text[:60]!r} {trouble}")
    if book.only_cells and before is not None:
        for trouble in unseen(account, before, raw, book.touched):
            tally.add("silent", f"{what}: {trouble}")
    try:
        if book.draw.random() < SHOWN:
            prepared = prepare(campaign)
            check_text(prepared.campaign, len(prepared.people.segments.names), prepared.people.model.notes)
        if planned:
            tally.add("planned")
            make_plan(campaign, Options(seconds=SECONDS, break_even=False))
    except PlanningError:
        tally.add("no plan")
    except Exception:
        tally.add("crashed", f"{what}: {traceback.format_exc(limit=-4)}")


def run(
    first: int,
    count: int,
    planned: float,
    campaigns: Path | None = None,
    keep: Path | None = None,
    only: Sequence[str] = (),
) -> Tally:
    """Spoil and judge workbooks `first` to `first + count`, of the bases `only` names, else of all."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sources = [base for base in bases(campaigns, folder) if not only or base[0] in only]
        befores = {stem: _before(folder, stem, parts) for stem, parts in sources}
        for number in range(first, first + count):
            what, content, book = spoiled(sources, number)
            path = folder / f"{number}.xlsx"
            plans = random.Random(-number - 1).random() < planned
            said = len(tally.wrong)
            judge(path, content, book, befores[what.partition(":")[0]], plans, tally, f"{number} {what}")
            if keep is not None and len(tally.wrong) > said:
                (keep / path.name).write_bytes(content)
            path.unlink()
    return tally


def _before(folder: Path, stem: str, parts: Parts) -> Campaign | None:
    """The campaign before it was spoiled, packed as the spoiled ones are; None where it has problems of its own."""
    path = folder / f"{stem}_before.xlsx"
    path.write_bytes(packed(parts))
    try:
        return read_campaign(path)
    except WorkbookError:
        return None


def main() -> None:
    """Print what went wrong, then the counts."""
    parser = argparse.ArgumentParser(description="Read thousands of spoiled workbooks.")
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--planned", type=float, default=0.01)
    parser.add_argument("--campaigns", type=Path)
    parser.add_argument("--keep", type=Path)
    asked = parser.parse_args()
    tally = run(asked.first, asked.count, asked.planned, asked.campaigns, asked.keep)
    print("\n".join(tally.wrong))
    print(", ".join(f"{count:,} {outcome}" for outcome, count in sorted(tally.counts.items())))


if __name__ == "__main__":
    main()
