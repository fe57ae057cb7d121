"""The sheet Survey: which file holds the respondents, and how its columns are read. It changes no plan by itself."""

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

ReadingKind = Literal["claim", "probability", "percent", "issues", "words"]
WeightsAre = Literal["relative", "people", "people (000)"]
CLAIMS_ARE_CONTACTS = (
    "Claims are contacts: where no audience was given, who claims to use a vehicle is taken to meet every "
    "insertion of it."
)


@dataclass(frozen=True)
class Reading:
    """How an answer becomes the chance that one insertion meets the respondent.

    claim: 0 or 1, "regularly watch"; no chance of an insertion by itself. probability: 0 to 1; percent: 0 to 100.
    issues: reads n of `most` issues. words: each answer (a value, a text or its label) with its chance.
    """

    kind: ReadingKind = "claim"
    most: int = 0
    words: tuple[tuple[str, float], ...] = ()

    @property
    def is_contact(self) -> bool:
        """Whether it says how likely one insertion meets the respondent."""
        return self.kind != "claim"

    def sentence(self) -> str:
        """As it is written on the sheet."""
        if self.kind == "words":
            return "; ".join(f"{word} = {chance:g}" for word, chance in self.words)
        return {"claim": "0/1", "percent": "probability %", "issues": f"n of {self.most} issues"}.get(
            self.kind, self.kind
        )


@dataclass(frozen=True)
class SurveyItem:
    """A row: a vehicle, a trait, a filter, a cume, the users of a medium.

    name: of the vehicle, trait or medium; "" of a filter. expression: a column or an expression over columns. medium:
    of a vehicle. cell: address of the expression.
    """

    name: str
    expression: str
    reading: Reading = Reading()
    medium: str = ""
    cell: str = ""


@dataclass(frozen=True)
class MissingValues:
    """Answers that mean no answer. column: "" = of every column."""

    column: str
    values: tuple[str, ...]
    cell: str = ""


@dataclass(frozen=True)
class SurveySheet:
    """How the respondents of a survey are read.

    file: as written, relative to folder, the campaign's ("" = where the program runs). encoding: of its texts, "" =
    as the file says. weight: its column, "" = everybody counts alike. weights_are: relative (they are scaled to the
    Brief's Universe), or how many people each stands for. filters: who is kept. contacts: 0/1 claims are taken as
    contacts with one insertion. planned_on: plans are made on the respondents, not on the sheets' segments. cumes: of a
    vehicle, who meets it at least once in four weeks. users: of a medium, who ever uses it. effective_base:
    respondents without weights that audience types are as exact as; None = not known.
    """

    file: str
    vehicles: tuple[SurveyItem, ...]
    traits: tuple[SurveyItem, ...] = ()
    encoding: str = ""
    weight: str = ""
    weights_are: WeightsAre = "relative"
    filters: tuple[SurveyItem, ...] = ()
    missing: tuple[MissingValues, ...] = ()
    contacts: bool = False
    planned_on: bool = False
    cumes: tuple[SurveyItem, ...] = ()
    users: tuple[SurveyItem, ...] = ()
    effective_base: float | None = None
    file_cell: str = ""
    weight_cell: str = ""
    folder: str = field(default="", compare=False)

    def file_from(self, folder: Path) -> str:
        """The file as a campaign in another folder names it; in full where they lie on different drives."""
        if Path(self.file).is_absolute() or os.path.abspath(folder) == os.path.abspath(self.folder):
            return self.file
        return relative(Path(self.folder, self.file), folder)


def relative(file: Path, folder: Path) -> str:
    """A file as what lies in a folder names it; in full where they lie on different drives."""
    try:
        return Path(os.path.relpath(os.path.realpath(file), os.path.realpath(folder))).as_posix()
    except ValueError:
        return str(file.resolve())
