"""What a sheet and a column are, as data; planner.workbook.schema.sheets lists them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

LONGEST_TEXT = 5_000  # characters of remarks and lists; names have fewer
Kind = Literal["text", "number", "percent", "choice", "yes/no", "date", "raw"]


@dataclass(frozen=True)
class Column:
    """A column of a table, or a row of the Brief.

    heading: as written on the sheet, unit included. attribute: of the dataclass in planner.campaign.inputs.
    help: what it is, in one or two sentences. example: a typical entry. aliases: other headings read.
    kind raw: the sheet's parser reads the cell itself, because it depends on others.
    above: the number must be more than this. least, most: and within these. A percent's limits are shares
    (0..1), as its values. too_much: what to say of a number above `most`, where there is more to say than the
    limit. longest: characters of a text. blank: what a blank cell means, in words; taken: what check says where
    a blank is taken so. money: in the currency; money_at_times: as another column says. units: words that may
    follow a number and change nothing, such as weeks.
    """

    heading: str
    attribute: str
    kind: Kind
    help: str
    example: str = ""
    blank: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    above: float | None = None
    least: float | None = None
    most: float | None = None
    taken: str = ""
    too_much: str = ""
    longest: int = 255
    units: tuple[str, ...] = ()
    money: bool = False
    money_at_times: bool = False
    width: int = 12

    @property
    def is_figure(self) -> bool:
        """Whether its cells are numbers or percents."""
        return self.kind in ("number", "percent")

    @property
    def holds_numbers(self) -> bool:
        """Whether its cells hold numbers, also of a unit that another column says."""
        return self.is_figure or (self.kind == "raw" and self.least is not None)

    @property
    def in_thousands(self) -> bool:
        """Whether the numbers count thousands."""
        return self.heading.endswith("(000)")


@dataclass(frozen=True, eq=False)
class SheetSchema:
    """A sheet: a table whose first column is its key, or (brief) key and value rows. Each is equal to itself alone."""

    name: str
    help: str
    columns: tuple[Column, ...]
    open_columns: bool = False  # further columns are traits, or weeks
    brief: bool = False
    passed_over: tuple[str, ...] = ()  # headings of columns that the program writes and does not read
    further: str = "one column per trait"  # of a sheet with open columns, in words
    # Attributes of which one must have a column; any does for a required one.
    one_of: tuple[tuple[str, ...], ...] = ()
    name_alone: bool = False  # a row with nothing but its name says something: all else has a default
    own_travel: bool = False  # columns of the planner's own go along into the plan's workbook
    row_is: str = ""  # what a row is, of a table in which a name alone says nothing
    last_header: bool = False  # of several tables on the sheet, the last that fits best is meant
    most_rows: int = 20_000  # with a name; more are no campaign, and are refused before each is looked at

    @property
    def key(self) -> Column:
        """The column that names the row."""
        return self.columns[0]

    @property
    def naming(self) -> tuple[Column, ...]:
        """The columns that can name a row, the key first: what a row cannot do without names it where the key may be
        blank."""
        needed = () if self.key.required else tuple(column for column in self.columns if column.required)
        return (self.key, *needed[:1])

    def column(self, attribute: str) -> Column:
        """The column that fills an attribute."""
        return next(column for column in self.columns if column.attribute == attribute)


# --- where a written table stands; what reads places needs no writer of workbooks ---------------------


@dataclass(frozen=True)
class Places:
    """Where a table stands, from 0: columns by attribute, own columns by heading, the header's row, each row's."""

    columns: Mapping[str, int]
    own: Mapping[str, int]
    header: int
    rows: tuple[int, ...]
