"""A synthetic survey, seeded, as columns and as files in every format that is read."""

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyreadstat
import pytest

TV = ("Evening Quiz", "Nightly News", "Crime Hour", "Kitchen Live", "Sports Sunday")
RADIO = ("Morning Show", "Late Jazz", "City Talk")
LABELS = {
    "gender": "Are you", "age": "How old are you", "talk_days": "On how many days of the week do you talk about food",
    "advises": "In the last month, did you advise somebody", "paper": "How often do you read the City Times",
    "cook_issues": "How many of the last four issues of Cook & Table did you read",
    **{f"tv_{n}": f"Programmes watched last week :: {name}" for n, name in enumerate(TV, 1)},
    **{f"radio_{n}": f"Stations heard yesterday :: {name}" for n, name in enumerate(RADIO, 1)},
}  # fmt: skip
MEANINGS = {
    "gender": {1: "Male", 2: "Female"},
    "paper": {1: "always", 2: "sometimes", 3: "never"},
    "advises": {0: "No", 1: "Yes"},
}


@dataclass(frozen=True)
class SyntheticSurvey:
    """frame: as a CSV has it; blank where there is no answer."""

    frame: pd.DataFrame

    def write(self, path: Path) -> Path:
        """Write the survey in the format of the path's ending; .sss: fixed-width data, .xml: CSV data."""
        writers: Mapping[str, Callable[[Path], None]] = {
            ".csv": self._csv, ".parquet": self._parquet, ".xlsx": self._xlsx, ".sav": self._sav, ".dta": self._dta,
            ".sss": self._fixed, ".xml": self._triple_s_csv,
        }  # fmt: skip
        writers[path.suffix](path)
        return path

    def _csv(self, path: Path) -> None:
        self.frame.to_csv(path, index=False)

    def _parquet(self, path: Path) -> None:
        self.frame.to_parquet(path)

    def _xlsx(self, path: Path) -> None:
        self.frame.to_excel(path, index=False)

    def _sav(self, path: Path) -> None:
        numeric = self.frame.astype({name: float for name in self.frame if name != "region"})
        meanings = {name: {float(v): text for v, text in found.items()} for name, found in MEANINGS.items()}
        pyreadstat.write_sav(
            numeric.assign(region=numeric["region"].fillna("")),
            path,
            column_labels=[LABELS.get(name) for name in numeric],
            variable_value_labels=meanings,
        )

    def _dta(self, path: Path) -> None:
        meanings = {
            name: {v: text for v, text in found.items() if v in set(self.frame[name])}
            for name, found in MEANINGS.items()
        }
        pyreadstat.write_dta(
            self.frame.assign(region=self.frame["region"].fillna("")),
            path,
            column_labels=[LABELS.get(name) for name in self.frame],
            variable_value_labels=meanings,
        )

    def _fixed(self, path: Path) -> None:
        """Version 2.0, multiples as bitstrings."""
        columns = {
            name: _texts(self.frame[name]) for name in self.frame if not name.startswith(("tv_", "radio_"))
        }
        columns["tv"] = [
            "".join(bits)
            for bits in zip(*(_texts(self.frame[f"tv_{n}"], " ") for n in range(1, 6)), strict=True)
        ]
        columns["radio"] = [
            "".join(bits)
            for bits in zip(*(_texts(self.frame[f"radio_{n}"], " ") for n in range(1, 4)), strict=True)
        ]
        start, variables = 1, []
        for name, texts in columns.items():
            width = max(map(len, texts))
            columns[name] = [text.rjust(width) if name != "region" else text.ljust(width) for text in texts]
            variables.append(_variable(name, start, start + width - 1))
            start += width
        lines = ["".join(parts) for parts in zip(*columns.values(), strict=True)]
        path.with_suffix(".asc").write_text("\n".join(lines) + "\n", encoding="utf-8")
        path.write_text(_description("2.0", "<record ident='A'>", variables), encoding="utf-8")

    def _triple_s_csv(self, path: Path) -> None:
        """Version 3.0, data as CSV beside it; TV is spread over five fields."""
        plain = [name for name in self.frame if not name.startswith(("tv_", "radio_"))]
        columns = [_texts(self.frame[name]) for name in plain]
        variables = [_variable(name, at, at) for at, name in enumerate(plain, 1)]
        tv = np.array([_texts(self.frame[f"tv_{n}"], " ") for n in range(1, 6)])
        for n in range(1, 6):  # the n-th field holds the n-th chosen code
            columns.append([_nth_code("".join(bits), n) for bits in tv.T])
        variables.append(_variable("tv", len(plain) + 1, len(plain) + 5, "<spread subfields='5' width='1'/>"))
        radio = np.array([_texts(self.frame[f"radio_{n}"], " ") for n in range(1, 4)])
        columns.append(["".join(bits).rstrip() for bits in radio.T])
        variables.append(_variable("radio", len(plain) + 6, len(plain) + 6))
        with path.with_name("answers.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["headings"], *zip(*columns, strict=True)])
        record = "<record ident='A' format='csv' href='answers.csv' skip='1'>"
        path.write_text(_description("3.0", record, variables), encoding="utf-8")


def _nth_code(bits: str, n: int) -> str:
    """The n-th of the codes that are set; 0 behind the last where the question was answered."""
    codes = [str(place) for place, bit in enumerate(bits, 1) if bit == "1"]
    return codes[n - 1] if n <= len(codes) else ("0" if bits.strip() else "")


def _texts(values: "pd.Series[Any]", blank: str = "") -> list[str]:
    return [
        blank if pd.isna(value) else f"{value:.17g}" if not isinstance(value, str) else value
        for value in values
    ]


def _variable(name: str, start: int, finish: int, more: str = "") -> str:
    kind = {
        "region": "character",
        "tv": "multiple",
        "radio": "multiple",
        "gender": "single",
        "paper": "single",
    }
    values = dict(MEANINGS.get(name, {}))
    values |= dict(enumerate(TV, 1)) if name == "tv" else dict(enumerate(RADIO, 1)) if name == "radio" else {}
    label = {"tv": "Programmes watched last week", "radio": "Stations heard yesterday"}.get(
        name, LABELS.get(name, "")
    )
    listed = "".join(
        f"<value code='{code}'>{text.replace('&', '&amp;')}</value>" for code, text in values.items()
    )
    what = kind.get(name, "logical" if name == "advises" else "quantity")
    return (
        f"<variable ident='{start}' type='{what}'><name>{name}</name><label>{label.replace('&', '&amp;')}</label>"
        f"<position start='{start}' finish='{finish}'/>{more}<values>{listed}</values></variable>"
    )


def _description(version: str, record: str, variables: list[str]) -> str:
    dtd = '<!DOCTYPE sss PUBLIC "-//triple-s//DTD Survey Interchange v2.0//EN" "http://www.triple-s.org/dtd/sss_v20.dtd">'
    body = "\n".join(variables)
    return (
        f"<?xml version='1.0' encoding='UTF-8'?>\n{dtd}\n<sss version='{version}'><survey><title>Synthetic</title>"
        f"{record}\n{body}\n</record></survey></sss>\n"
    )


def synthetic_survey(respondents: int = 600, seed: int = 1) -> SyntheticSurvey:
    """Three kinds of people who use different vehicles; some did not answer; some have no weight."""
    random = np.random.default_rng(seed)
    kind = random.choice(3, respondents, p=[0.5, 0.3, 0.2])
    use = np.array(
        [[0.30, 0.20, 0.25, 0.05, 0.15], [0.10, 0.35, 0.08, 0.04, 0.40], [0.12, 0.30, 0.06, 0.45, 0.05]]
    )
    hear = np.array([[0.20, 0.04, 0.08], [0.25, 0.05, 0.20], [0.10, 0.15, 0.30]])
    frame = pd.DataFrame(
        {
            "id": np.arange(1, respondents + 1),
            "weight": np.round(random.lognormal(0, 0.5, respondents), 4),
            "gender": random.integers(1, 3, respondents),
            "age": random.integers(18, 90, respondents).astype(float),
            "region": random.choice(["North", "South & West", "Zürich"], respondents),
            "advises": (random.random(respondents) < np.array([0.2, 0.35, 0.6])[kind]).astype(float),
            "talk_days": np.minimum(random.poisson(np.array([1.5, 2.5, 5.0])[kind]), 7),
            "paper": 1 + random.choice(3, respondents, p=[0.1, 0.3, 0.6]),
            "cook_issues": random.binomial(4, np.array([0.05, 0.05, 0.4])[kind]),
        }
    )
    for n in range(1, 6):
        frame[f"tv_{n}"] = (random.random(respondents) < use[kind, n - 1]).astype(float)
    for n in range(1, 4):
        frame[f"radio_{n}"] = (random.random(respondents) < hear[kind, n - 1]).astype(float)
    frame.loc[frame.index % 97 == 5, "weight"] = 0.0
    frame.loc[frame.index % 53 == 7, "age"] = np.nan
    frame.loc[frame.index % 61 == 9, "advises"] = np.nan
    frame.loc[frame.index % 71 == 11, [f"tv_{n}" for n in range(1, 6)]] = np.nan
    return SyntheticSurvey(frame)


@pytest.fixture(scope="session")
def survey() -> SyntheticSurvey:
    """600 respondents, 5 programmes, 3 stations, a paper and a magazine."""
    return synthetic_survey()
