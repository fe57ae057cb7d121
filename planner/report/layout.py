"""Tables and paragraphs for the terminal, as wide as it is, at most 100 columns; tables of many figures may be more."""

import shutil
import textwrap
from collections.abc import Sequence
from itertools import zip_longest

from planner.formats import display_width, one_line, shorten, shorten_middle

WIDTH, _NARROWEST = 100, 40
_NAME = 20  # columns in which a name that is cut can still be read; with fewer it stands in a line of its own
NO_BREAK = "\u00a0"
_FILL = "\u2060"  # behind a letter that takes two columns, while lines are filled


def _columns() -> int:
    """Columns to fill: the terminal's, at most WIDTH; WIDTH where there is none."""
    return max(_NARROWEST, min(WIDTH, shutil.get_terminal_size((WIDTH, 0)).columns))


def table(headings: Sequence[str], rows: Sequence[Sequence[str]], texts: int, gap: int = 2) -> list[str]:
    """Aligned lines that fit the terminal; the first `texts` columns are text and shrink if they must. Where names have
    too little room, those that are longer stand in lines of their own, above their figures.

    A heading may take several lines. gap: columns between two columns.

    >>> print(*table(("Audience", "Reach %"), [("everyone", "41.2")], texts=1), sep="\\n")
    Audience  Reach %
    -----------------
    everyone     41.2
    """
    heads = _heading_lines(headings)
    cells = [[one_line(cell) for cell in row] for row in (*heads, *rows)]
    widths = [max(display_width(row[place]) for row in cells) for place in range(len(headings))]
    fixed = sum(widths[texts:]) + gap * (len(widths) - 1)
    room = _columns() - fixed
    if gap > 1 and _columns() < WIDTH and sum(widths[:texts]) > room:
        return table(headings, rows, texts, gap - 1)  # columns closer together, before names lose letters
    room -= _shrink(widths, texts, room)
    lay_out = _names_above if room < min(_NAME, widths[0]) else _names_beside
    lines = lay_out(cells, widths, texts, room, " " * gap)
    head = [line for those in lines[: len(heads)] for line in those]
    rule = "-" * max(map(display_width, head))
    return [*head, rule, *(line for those in lines[len(heads) :] for line in those)]


def _names_above(
    cells: Sequence[Sequence[str]], widths: list[int], texts: int, room: int, between: str
) -> list[list[str]]:
    """The lines of each row; a name too long for `room` columns stands in a line of its own, above its figures."""
    widths[0] = max((w for row in cells if (w := display_width(row[0])) <= room), default=2)
    return [_stacked(row, widths, texts, between) for row in cells]


def _names_beside(
    cells: Sequence[Sequence[str]], widths: list[int], texts: int, room: int, between: str
) -> list[list[str]]:
    """The line of each row; names too long for `room` columns are shortened, but never look alike."""
    widest = max(8, WIDTH - sum(widths[1:]) - len(between) * (len(widths) - 1))
    names = _told_apart([row[0] for row in cells], min(widths[0], room), min(widths[0], widest))
    widths[0] = max(map(display_width, names))
    rows = [(name, *row[1:]) for name, row in zip(names, cells, strict=True)]
    return [[_line(row, widths, texts, between)] for row in rows]


def _stacked(row: Sequence[str], widths: Sequence[int], texts: int, between: str) -> list[str]:
    """A row as a line, or as two where its name is longer than its column: the name, and the rest below it."""
    if display_width(row[0]) <= widths[0]:
        return [_line(row, widths, texts, between)]
    return [shorten(row[0], _columns()), _line(("", *row[1:]), widths, texts, between)]


def _shrink(widths: list[int], texts: int, room: int) -> int:
    """Make columns of text but the first as wide as they need to be and may be; how wide they are together."""
    for place in range(texts - 1, 0, -1):
        spare = room - sum(widths[:place])  # what the columns before it leave
        widths[place] = min(widths[place], max(12, room // (texts + 1), spare))
        room -= widths[place]
    return sum(widths[1:texts])


def _told_apart(names: Sequence[str], width: int, widest: int) -> list[str]:
    """Names in `width` columns, without their ends or else their middles; in more where two of them look alike so."""
    for room in range(width, widest + 1):
        for cut in (shorten, shorten_middle):
            shown = [cut(name, room) for name in names]
            if len(set(shown)) == len(set(names)):
                return shown
    return [shorten(name, width) for name in names]


def _heading_lines(headings: Sequence[str]) -> list[tuple[str, ...]]:
    """The lines of the headings, their last lines side by side."""
    upside_down = zip_longest(*(heading.split("\n")[::-1] for heading in headings), fillvalue="")
    return list(upside_down)[::-1]


def _line(cells: Sequence[str], widths: Sequence[int], texts: int, between: str) -> str:
    padded = []
    for place, (cell, width) in enumerate(zip(cells, widths, strict=True)):
        shown = shorten(cell, width) if place < texts else cell
        space = " " * (width - display_width(shown))
        padded.append(shown + space if place < texts else space + shown)
    return shorten_right(between.join(padded))


def shorten_right(line: str) -> str:
    """A line cut at WIDTH; only absurd figures ever need it."""
    line = line.rstrip()
    if display_width(line) <= WIDTH:
        return line
    while display_width(line) > WIDTH - 3:
        line = line[:-1]
    return f"{line}..."


def wrapped(text: str) -> str:
    """Paragraphs, a line of the text each."""
    return "\n".join(hanging("", line) for line in text.splitlines())


def hanging(label: str, text: str) -> str:
    """A labelled paragraph; its further lines stand under its first. A number keeps its percent sign and its error."""
    line = one_line(text).replace(" %", NO_BREAK + "%").replace(" +-", NO_BREAK + "+-")
    line = "".join(letter + _FILL * (display_width(letter) - 1) for letter in line)
    room = _columns() - (_FILL in line)  # a letter may part from its filling
    filled = textwrap.fill(line, room, initial_indent=label, subsequent_indent=" " * len(label))
    return filled.replace(NO_BREAK, " ").replace(_FILL, "") or label.rstrip()
