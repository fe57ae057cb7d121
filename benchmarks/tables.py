"""The benchmark's tables as text: columns with widths, a line above each that says how to read it."""

from collections.abc import Sequence

Columns = tuple[tuple[str, int], ...]  # heading and width; the first column is flush left
LEFT_OUT = "-"

SOLVE: Columns = (
    ("campaign", 15), ("vehicles", 8), ("segm.", 5), ("read", 6), ("build", 6), ("solve", 7), ("figures", 7),
    ("peak MB", 8), ("gap %", 7), ("value", 12),
)  # fmt: skip
ABOUT_SOLVE = """\
One solve (customers first off, gap asked 0.1 %), seconds by step. build: people, reach, rules; solve: from the
problem to the certified plan; figures: reach, frequency and distribution of every audience."""

PROCESS: Columns = (
    ("campaign", 15), ("prepare", 7), ("cust.", 6), ("ordin.", 6), ("tail.", 6), ("impr.", 6), ("comp.", 6),
    ("fig.", 6), ("rest", 6), ("process", 8), ("CPU", 7), ("peak MB", 8), ("gap %", 7),
)  # fmt: skip
ABOUT_PROCESS = """
The whole process, `planner plan` with customers first (97 %) and the workbook, as a buyer runs it; seconds. Four plans
are solved: best for customers, ordinary, tailored, most impressions; comp.: comparison and break-even; fig.: figures;
rest: starting Python, reading, writing. CPU: processor seconds of the process, which other programs on the machine
disturb least. Campaigns marked * were run with --no-break-even; the one under rules (26 weeks, packages, discounts,
fixed costs, counts, ratios, goals, a cap on frequency) to a gap of 0.5 %."""

OBJECTIVES: Columns = (
    ("campaign", 15), ("objective", 15), ("process", 8), ("CPU", 7), ("ordin.", 7), ("tail.", 7), ("comp.", 7),
    ("gap %", 8), ("influencers", 11), ("points", 7), ("measurable", 10),
)  # fmt: skip
ABOUT_OBJECTIVES = """
The objectives, whole process as above. influencers: % of them reached; points: beside the ordinary plan; measurable:
whether the tailored plan is worth more than both gaps leave in doubt."""

EXPLAIN: Columns = (("campaign", 15), ("process", 8), ("CPU", 7), ("confirmed", 10))
ABOUT_EXPLAIN = """
`planner explain` of a finished plan: seconds, and of how many vehicles the price is proven on both sides within 1 %, or
settled by a rule."""

BESIDE: Columns = (
    ("campaign", 15), ("ours", 12), ("s", 7), ("gap %", 8), ("greedy short", 13), ("s", 7), ("local search short", 19),
    ("s", 7),
)  # fmt: skip
ABOUT_BESIDE = """
Beside others: the same problem (customers first off), rules and exact value. short: worth less than ours, in %; below 0
the other plan is better, which our gap allows. Greedy is lazy and exact, from the better of two starts where the rules
ask for something; local search goes on from greedy, exchanging with refilling, for at most 30 s."""

FRACTIONAL: Columns = (
    ("campaign", 15), ("ours", 12), ("s", 7), ("SLSQP short", 12), ("s", 7), ("rounded short", 14),
)  # fmt: skip
ABOUT_FRACTIONAL = """
With fractional insertions: SciPy's SLSQP with exact gradients, the better of two starts (even spread, greedy).
rounded: its plan rounded down and filled up greedily, beside our whole plan, where that keeps the rules. Above 500
vehicles SLSQP takes too long and is left out."""


def print_headings(about: str, columns: Columns) -> None:
    """The line that says how to read a table, and its headings."""
    print(about + "\n")
    print_row(columns, [name for name, _ in columns])


def print_row(columns: Columns, cells: Sequence[str]) -> None:
    """One row, at once: what is measured is not lost when a later case fails. Missing cells are left out ones."""
    full = [*cells, *[LEFT_OUT] * (len(columns) - len(cells))]
    first, *rest = (
        f"{cell:>{width}}" if n else f"{cell:{width}}"
        for n, ((_, width), cell) in enumerate(zip(columns, full, strict=True))
    )
    print(" ".join([first, *rest]), flush=True)


def seconds(value: float | None) -> str:
    return LEFT_OUT if value is None else f"{value:.2f}"


def percent(share: float | None) -> str:
    return LEFT_OUT if share is None else f"{100 * share:.4f}"


def short(other: float | None, ours: float) -> str:
    """By how much another plan is worth less than ours."""
    return "no plan" if other is None else f"{100 * (ours - other) / ours:.4f}"
