"""Rebuild the sample campaigns from the facts beside this script.

    python sample_inputs/build.py            writes the workbooks beside this script
    python sample_inputs/build.py --to DIR   writes them elsewhere, to compare

The same facts give the same files, byte for byte. What each campaign is, and how every figure in it
came about, is told in us_2016.py and spring_launch.py; where the facts come from, in SOURCES.md.
"""

import argparse
from pathlib import Path

import spring_launch
import us_2016
from sheets import write_workbook


def main() -> None:
    """Write the four workbooks."""
    parser = argparse.ArgumentParser(description="Rebuild the sample campaigns from their facts.")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent, help="folder to write to")
    folder: Path = parser.parse_args().to
    write_workbook(folder / "us_2016.xlsx", us_2016.sheets())
    write_workbook(folder / "us_2016_unquoted.xlsx", us_2016.sheets(quality_papers_quoted=False))
    write_workbook(folder / "us_2016_types.xlsx", us_2016.sheets(typed=True))
    write_workbook(folder / "spring_launch.xlsx", spring_launch.sheets())


if __name__ == "__main__":
    main()
