"""What other people's workbooks call our columns, in English, German, French, Spanish, Italian,
Portuguese, Dutch and Polish (foreign_words.toml).

For saying what a heading resembles; never for reading it, for a "Preis" may be gross, net or per thousand.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from planner.names import heading_key, tidy
from planner.workbook.schema.columns import SheetSchema


@cache
def _words() -> Mapping[str, Mapping[str, str]]:
    """By sheet, our heading by each foreign word."""
    import tomllib  # most workbooks have no heading but ours

    told = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return {
        sheet: {tidy(word): ours for ours, words in table.items() for word in words.split(",")}
        for sheet, table in told.items()
    }


_BESIDES = re.compile(r"[(\[].*?[)\]]|[.:*]+$")


def resembles(heading: str, schema: SheetSchema) -> str:
    """The heading of ours that a foreign one of that sheet stands for, it seems; "" where none does.

    >>> from planner.workbook.schema.sheets import BRIEF, VEHICLES
    >>> resembles("Preis (EUR)", VEHICLES), resembles("Nb insertions", VEHICLES), resembles("Notes", VEHICLES)
    ('Unit cost', 'Max', '')
    """
    words = _words().get(schema.name, {})
    plain = " ".join(_BESIDES.sub(" ", heading_key(heading)).split())
    if plain in words:
        return words[plain]
    parts = {words[part] for part in re.split(r"[\s/_-]+", plain) if part in words}
    return parts.pop() if len(parts) == 1 else ""
