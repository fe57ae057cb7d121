"""Every format gives the same columns; whatever cannot be read is told in one sentence."""

import random
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest

from planner.errors import WorkbookError
from planner.survey.describe import describe
from planner.survey.files import read_survey
from planner.survey.table import Survey

FORMATS = (".csv", ".parquet", ".xlsx", ".sav", ".dta", ".sss", ".xml")


def trouble(path: Path, encoding: str = "") -> str:
    """The one sentence that reading a file ends with."""
    with pytest.raises(WorkbookError) as caught:
        read_survey(path, encoding)
    (problem,) = caught.value.problems
    return problem.text


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def values_of(survey: Survey) -> dict[str, list[object]]:
    """Answers by column, None where there is none."""
    return {
        column.name: [
            None if gone else value
            for value, gone in zip(column.values.tolist(), column.missing, strict=True)
        ]
        for column in survey.columns
    }


@pytest.mark.parametrize("ending", FORMATS[1:])
def test_a_format_gives_what_the_csv_gives_to_the_last_digit(
    survey: Any, tmp_path: Path, ending: str
) -> None:
    as_csv = values_of(read_survey(survey.write(tmp_path / "plain.csv")))
    other = values_of(read_survey(survey.write(tmp_path / f"same{ending}")))
    assert set(other) == set(as_csv)
    assert all(other[name] == as_csv[name] for name in as_csv)


@pytest.mark.parametrize("ending", [".sav", ".dta", ".sss", ".xml"])
def test_labels_and_meanings_come_along(survey: Any, tmp_path: Path, ending: str) -> None:
    found = read_survey(survey.write(tmp_path / f"labelled{ending}"))
    column = found.column("gender")
    assert column is not None
    assert column.label == "Are you"
    assert dict(column.value_labels) == {1.0: "Male", 2.0: "Female"}
    programme = found.column("Programmes watched last week :: Kitchen Live")
    assert programme is not None
    assert (programme.name, programme.short_label) == ("tv_4", "Kitchen Live")


def test_user_missing_values_of_spss_are_no_answers(tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    path = tmp_path / "missing.sav"
    pyreadstat.write_sav(
        pd.DataFrame({"a": [1.0, 98.0, 2.0], "b": [1.0, 1.0, 1.0]}), path, missing_ranges={"a": [98]}
    )
    column = read_survey(path).column("a")
    assert column is not None
    assert column.missing.tolist() == [False, True, False]


TRIPLE_S = """<?xml version="1.0"?><sss version="1.1"><survey><record ident="A">
<variable ident="1" type="single"><name>q</name><label>Q</label><position start="1"/>
<values><value code="1">a</value><value code="2">b</value></values></variable>
<variable ident="2" type="multiple"><name>m</name><label>M</label><position start="2" finish="7"/>
<spread subfields="3" width="2"/><values><value code="1">x</value><value code="12">y</value></values></variable>
<variable ident="3" type="quantity"><name>w</name><label/><position start="8" finish="11"/>
<values><range from="0.00" to="9.99"/></values></variable>
<variable ident="4" type="logical"><name>l</name><label>L</label><position start="12"/></variable>
<variable ident="5" type="character"><name>c</name><label>C</label><position start="13" finish="15"/></variable>
</record></survey></sss>"""


def test_triple_s_by_hand(tmp_path: Path) -> None:
    """Version 1.1, fixed width: a spread multiple of two characters a code, a text cut at the line's end."""
    path = written(tmp_path, "hand.sss", TRIPLE_S)
    written(tmp_path, "hand.asc", "11200  0.501abc\r\n2      1.250d\r\n 01    9.99  \r\n")
    found = values_of(read_survey(path))
    assert found == {
        "q": [1.0, 2.0, None],
        "m_1": [0.0, None, 1.0],
        "m_12": [1.0, None, 0.0],
        "w": [0.5, 1.25, 9.99],
        "l": [1.0, 0.0, None],
        "c": ["abc", "d", None],
    }


TRIPLE_S_3 = """<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE sss SYSTEM "http://www.triple-s.org/dtd/sss_v30.dtd">
<sss version="3.0"><survey><record ident="A" format="csv" href="C:\\old place\\answers.csv" skip="2">
<variable ident="1" type="single" format="literal"><name>land</name>
<label><text xml:lang="en">Country</text><text xml:lang="de">Land</text></label><position start="1"/>
<values><value code="AT">Austria</value><value code="CH">Switzerland</value></values></variable>
<variable ident="2" type="multiple"><name>m</name><label>Read</label><position start="2"/>
<values><value code="1">A</value><range from="2" to="3"/></values></variable>
<variable ident="3" type="date"><name>day</name><label>Day</label><position start="3"/></variable>
</record></survey></sss>"""


def test_triple_s_of_version_3_by_hand(tmp_path: Path) -> None:
    """Literal codes, labels in languages, values without words, a data file named where it was, the XML's encoding."""
    path = written(tmp_path, "three.xml", TRIPLE_S_3)
    written(
        tmp_path,
        "answers.csv",
        'a title\nland,m,day\nAT,"011",20270301\nCH,"1",\n,"",Z\xfcrich\n'.encode("latin-1"),
    )
    found = read_survey(path)
    assert values_of(found) == {
        "land": ["AT", "CH", None], "m_1": [0.0, 1.0, None], "m_2": [1.0, 0.0, None], "m_3": [1.0, 0.0, None],
        "day": ["20270301", None, "Zürich"],
    }  # fmt: skip
    assert (found.columns[0].label, found.columns[0].value_labels["CH"]) == ("Country", "Switzerland")
    assert [column.label for column in found.columns[1:4]] == ["Read :: A", "Read :: 2", "Read :: 3"]


def test_a_csv_of_another_country_is_read_and_said(tmp_path: Path) -> None:
    text = 'sep=;\r\ngewicht;"Süd; West"\r\n0,5;1\r\n1,25;0\r\n'
    found = read_survey(written(tmp_path, "de.csv", text.encode("cp1252")), "cp1252")
    assert found.columns[0].values.tolist() == [0.5, 1.25]
    assert found.columns[1].name == "Süd; West"
    assert found.notices == ("de.csv was read with semicolons between columns, decimal commas.",)


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.csv", "", "is empty"),
        ("one.csv", "a:b\n1:2\n", "one column only"),
        ("heads.csv", "a,b\n", "no respondents"),
        ("ragged.csv", "a,b\n1,2\n1,2,3\n1\n", "Line 3 of ragged.csv has 3 fields, but there are 2"),
        ("twice.csv", "a,b,a\n1,2,3\n", '"a" more than once'),
        ("blank.csv", "a,,c\n1,2,3\n", "Column 2 of blank.csv has no name"),
        ("latin.csv", "a,b\n1,caf\xe9\n".encode("latin-1"), "not in the encoding utf-8 (line 2, byte 0xe9)"),
        ("binary.csv", b"a,b\n\0\1\2", "no text file"),
        ("quote.csv", 'a,b\n"1,2\n' + "x" * 1_100_000, "quotation mark is not closed"),
        ("not.parquet", "PAR1 nonsense", "no Parquet file"),
        ("not.sav", b"$FL2 nonsense", "no SPSS file"),
        ("not.xlsx", "nonsense", "not an Excel workbook"),
        ("odd.doc", "x", 'ends in ".doc"'),
        ("no.sss", "SSS 1.0 nonsense", "is no XML"),
        ("cut.sss", "<sss version='2.0'><survey>", "no complete XML"),
        ("other.xml", "<html/>", "no Triple-S description"),
        ("version.sss", "<sss version='9'/>", 'of the version "9"'),
        ("levels.sss", "<sss version='2.0'><record/><record/></sss>", "2 kinds of records"),
        ("bomb.sss", '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><sss version="2.0">&c;</sss>', "entities"),
        ("data.sss", TRIPLE_S, "no file data.asc beside it"),
        ("type.sss", TRIPLE_S.replace("logical", "hologram"), 'type "hologram"'),
        ("place.sss", TRIPLE_S.replace('start="12"', 'start="x"'), 'position of "x"'),
        ("encoding.sss", "<?xml version='1.0' encoding='klingon'?><sss/>", "unknown encoding"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_in_a_sentence(
    tmp_path: Path, name: str, content: str | bytes, says: str
) -> None:
    assert says in trouble(written(tmp_path, name, content))


@pytest.mark.parametrize(
    ("line", "says"),
    [("11200", "Line 1 of bad.asc has 5 characters; its description needs 12"),
     ("x1200  0.501", 'Respondent 1 of bad.asc has "x" for q'),
     ("1 7    0.501", 'has "7" for m'),
     ("1zz    0.501", 'has "zz" for m')],
)  # fmt: skip
def test_damaged_triple_s_data_are_told(tmp_path: Path, line: str, says: str) -> None:
    path = written(tmp_path, "bad.sss", TRIPLE_S.replace('<value code="12">y</value>', ""))
    written(tmp_path, "bad.asc", f"{line}\n")
    assert says in trouble(path)


def test_files_that_are_none(tmp_path: Path) -> None:
    assert "There is no file" in trouble(tmp_path / "gone.csv")
    assert "is a folder" in trouble(tmp_path)
    assert "no encoding that is known" in trouble(written(tmp_path, "a.csv", "a,b\n1,2\n"), "klingon")


def test_a_cut_file_of_every_format_ends_in_a_sentence(survey: Any, tmp_path: Path) -> None:
    for ending in (".parquet", ".xlsx", ".sav", ".dta"):
        path = survey.write(tmp_path / f"cut{ending}")
        content = path.read_bytes()
        for size in (10, len(content) // 2, len(content) - 30):
            path.write_bytes(content[:size])
            assert trouble(path)


def test_numbers_are_the_nearest_double(tmp_path: Path) -> None:
    texts = ["0.1", "2.675", "1e-3", "123456789.123456789", " 7 ", "-0.30000000000000004"]
    found = read_survey(written(tmp_path, "n.csv", "a,b\n" + "".join(f"{text},1\n" for text in texts)))
    assert found.columns[0].values.tolist() == [float(text) for text in texts]


def test_long_codes_beside_texts_stay_apart_in_excel(tmp_path: Path) -> None:
    """Numbers of seven digits and more are themselves, not rounded to six."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["area", "age"], [1234567, 30], [1234568, 31], ["abroad", 32], [0.1, 33]):
        sheet.append(row)
    book.save(tmp_path / "codes.xlsx")
    survey = read_survey(tmp_path / "codes.xlsx")
    assert values_of(survey)["area"] == ["1234567", "1234568", "abroad", "0.1"]


def test_texts_that_python_takes_for_numbers_are_texts(tmp_path: Path) -> None:
    found = read_survey(written(tmp_path, "t.csv", "a,b,c\n1_000,nan,1\n2,inf,\n"))
    assert [column.is_text for column in found.columns] == [True, True, False]
    assert np.isnan(found.columns[2].values[1])


def test_damaged_bytes_are_read_or_refused(survey: Any, tmp_path: Path) -> None:
    """Bytes changed, cut out, put in or cut off, twenty times in every format: no other error comes through."""
    chance = random.Random(7)
    for ending in FORMATS:
        path = survey.write(tmp_path / f"damaged{ending}")
        data = {".sss": path.with_suffix(".asc"), ".xml": path.with_name("answers.csv")}.get(ending, path)
        whole = {file: file.read_bytes() for file in (path, data)}
        for _ in range(20):
            file = chance.choice(list(whole))
            file.write_bytes(_damaged(whole[file], chance))
            with suppress(WorkbookError):
                describe(read_survey(path))
            file.write_bytes(whole[file])


def _damaged(content: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content))
    kind = chance.randrange(4)
    if kind == 0:
        return content[:start]
    if kind == 1:
        return content[:start] + content[start + chance.randint(1, 50) :]
    some = bytes(chance.randrange(256) for _ in range(chance.randint(1, 8)))
    return content[:start] + some + content[start + (len(some) if kind == 2 else 0) :]


@pytest.mark.parametrize("ending", [".sav", ".dta", ".xlsx", ".parquet"])
def test_dates_are_dates_in_every_format(ending: str, tmp_path: Path) -> None:
    import pandas as pd
    import pyreadstat

    path = tmp_path / f"dated{ending}"
    frame = pd.DataFrame({
        "day": [date(2016, 9, 22), date(2016, 10, 1), None],
        "at": [datetime(2016, 9, 22, 14, 3, 5), datetime(2016, 9, 22), None],
        "seen": [1, 0, 1],
    })  # fmt: skip
    if ending == ".xlsx":
        frame.to_excel(path, index=False)
    elif ending == ".parquet":
        frame.to_parquet(path)
    else:
        {".sav": pyreadstat.write_sav, ".dta": pyreadstat.write_dta}[ending](frame, path)
    assert values_of(read_survey(path)) == {
        "day": ["2016-09-22", "2016-10-01", None],
        "at": ["2016-09-22 14:03:05", "2016-09-22", None],
        "seen": [1, 0, 1],
    }


TITLED = [["Readers 2027"], [], ["id", "tv"], [1, 0], [2, 1], [3, 1]]


@pytest.mark.parametrize("name", ["titled.csv", "titled.xlsx"])
def test_a_title_above_the_names_is_no_name_and_is_said(name: str, tmp_path: Path) -> None:
    import openpyxl

    path, book = tmp_path / name, openpyxl.Workbook()
    book.active.append(["Read me"])  # a sheet without two columns is none of a survey
    for row in TITLED:
        (book["Data"] if "Data" in book.sheetnames else book.create_sheet("Data")).append(row)
    book.save(path)
    if name.endswith(".csv"):
        path.write_text("Readers 2027,\n,\nid,tv\n1,0\n2,1\n3,1\n")
    found = read_survey(path)
    assert values_of(found) == {"id": [1.0, 2.0, 3.0], "tv": [0.0, 1.0, 1.0]}
    assert (
        f'{name}: "Readers 2027" above the names of columns, taken for a title and not read.' in found.notices
    )


def test_a_title_without_a_delimiter_hides_none(tmp_path: Path) -> None:
    found = read_survey(written(tmp_path, "titled.csv", "Readers 2027\nid;tv\n1;0\n2;1\n"))
    assert values_of(found) == {"id": [1.0, 2.0], "tv": [0.0, 1.0]}


def test_a_delimiter_behind_every_line_makes_no_column(tmp_path: Path) -> None:
    assert [column.name for column in read_survey(written(tmp_path, "a.csv", "a,b,\n1,2,\n")).columns] == [
        "a",
        "b",
    ]
