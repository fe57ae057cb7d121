"""A text stays a text: in cells, charts, names, links, drop-downs and margins of every workbook, whatever it says."""

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import openpyxl
import pytest

from planner.campaign.inputs import Campaign
from planner.campaign.scenario import Scenario
from planner.comparing.desk import Sweep, Terms
from planner.comparing.side_by_side import side_by_side
from planner.comparing.sweep import Asked, compare_scenarios
from planner.explaining.explained import Explanation, RulePrice, VehiclePrice
from planner.planning.evaluate import plan_figures
from planner.planning.options import Options
from planner.planning.plan import make_plan
from planner.planning.results import PlanResult
from planner.workbook.campaign.parse import read_campaign
from planner.workbook.figures.comparison import write_comparison
from planner.workbook.figures.scenarios import write_scenarios
from planner.workbook.write import write_plan

PAYLOADS = tuple((Path(__file__).parents[1] / "payloads.txt").read_text(encoding="utf-8").splitlines())
REFERENCE = re.compile(r"(?P<sheet>'[A-Z][a-z ]+'|[A-Z][a-z]+)!\$[A-Z]+\$\d+(:\$[A-Z]+\$\d+)?|[0-9.]+")
OURS = re.compile(r"[A-Z]{1,3}[0-9]|[A-Z]{2,}\(|[0-9]")  # what a formula without its texts may be made of


def spun(by: int) -> tuple[str, ...]:
    """The payloads, begun `by` further on, so that one row holds several."""
    return PAYLOADS[by:] + PAYLOADS[:by]


@pytest.fixture(scope="module")
def campaign_book(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """26 vehicles, every text of theirs a payload, in a campaign whose own texts are."""
    rows: dict[str, list[list[object]]] = {
        "Brief": [
            ["Campaign", PAYLOADS[4]], ["Client", PAYLOADS[19]], ["Currency", "EUR"], ["Universe (000)", 50000],
            ["Budget", 150000], ["Weeks", 4], ["Start", "2027-03-01"], ["Objective", "influence"],
        ],
        "Traits": [
            ["Trait", "Role", "Share of universe %"], [PAYLOADS[2], "catalyst", 10], ["customer", "customer", 20],
        ],
        "Vehicles": [
            ["Vehicle", "Medium", "Genre", "Groups", "Unit", "Audience base", "Source", "Unit cost",
             "Audience (000)", "Max"],
            *([*texts, 5000 + 700 * n, 1000 + 50 * n, 4]
              for n, texts in enumerate(zip(*(spun(by) for by in (0, 5, 9, 13, 17, 21, 24)), strict=True))),
        ],
        "Composition": [["Vehicle", PAYLOADS[2]], *([name, 8 + n % 9] for n, name in enumerate(PAYLOADS))],
        "Rules": [
            ["Rule", "Applies to", "At least", "At most", "Unit", "Note"],
            *([rule, f"vehicle: {vehicle}", None, 4, "insertions", note]
              for rule, vehicle, note in zip(spun(3), PAYLOADS, spun(11), strict=True)),
        ],
        "Audiences": [["Audience", "Definition"], *([name, "customer"] for name in spun(7) if name != PAYLOADS[2])],
    }  # fmt: skip
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, lines in rows.items():
        page = book.create_sheet(name)
        for at, line in enumerate(lines, 1):
            for place, value in enumerate(line, 1):
                # openpyxl writes "_x003D_" as it is, which spreadsheet programs read as "="; they write it so:
                text = value.replace("_x", "_x005F_x") if isinstance(value, str) else value
                cell = page.cell(at, place, text)
                if isinstance(value, str):
                    cell.data_type = "s"
    path = tmp_path_factory.mktemp("payloads") / "campaign.xlsx"
    book.save(path)
    return path


@pytest.fixture(scope="module")
def written(campaign_book: Path) -> dict[str, Path]:
    """A plan's workbook, the same explained, and comparisons of plans and scenarios named like formulas."""
    campaign = read_campaign(campaign_book)
    options = Options(seconds=20, break_even=False)
    result = make_plan(campaign, options)
    folder = campaign_book.parent
    paths = {name: folder / f"{name}.xlsx" for name in KINDS}
    write_plan(result, paths["plan"])
    write_plan(result, paths["explained"], explanation(result))
    bought = result.vehicles.insertions
    other = plan_figures(campaign, bought[::-1], bought[::-1])
    compared = side_by_side((PAYLOADS[0], PAYLOADS[3]), result, other, ())
    write_comparison(compared, paths["comparison"])
    asked = [
        Asked(Scenario(name, "fixed", base=not n), campaign, np.roll(bought, n))
        for n, name in enumerate(PAYLOADS)
    ]
    write_scenarios(
        compare_scenarios(asked, campaign, Terms(1e-3, 60.0), Sweep(workers=1)), paths["scenarios"]
    )
    return paths


def explanation(result: PlanResult) -> Explanation:
    """Prices of every vehicle and costs of every rule, made up, with payloads for reasons."""
    vehicles = tuple(
        VehiclePrice(
            row.name, row.medium, n % 2 == 0, 1.0, 100.0, 90.0, 89.0, 91.0, True, "solved", reason=reason
        )
        for n, (row, reason) in enumerate(zip(result.campaign.vehicles, spun(2), strict=True))
    )
    rules = tuple(RulePrice(rule.cell, rule.text, 1.0, 0.1, 10.0) for rule in result.rules)
    return Explanation(result, vehicles, rules, None, None, 0.0, True, 1.0)


KINDS = ("plan", "explained", "comparison", "scenarios")


def parts(path: Path, under: str) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.startswith(under) and name.endswith((".xml", ".rels")):
                yield ElementTree.fromstring(archive.read(name))


def texts(path: Path, under: str, tag: str) -> list[str]:
    """The texts of all elements of a tag in the parts under a folder."""
    return [
        e.text or "" for part in parts(path, under) for e in part.iter() if e.tag.rpartition("}")[2] == tag
    ]


def sheets(path: Path) -> set[str]:
    book = next(parts(path, "xl/workbook.xml"))
    return {e.attrib["name"] for e in book.iter() if e.tag.endswith("}sheet")}


def is_our_reference(text: str, own: set[str]) -> bool:
    """Whether a text is a reference into the workbook itself, or a number."""
    found = REFERENCE.fullmatch(text)
    return found is not None and (found["sheet"] is None or found["sheet"].strip("'") in own)


@pytest.mark.parametrize("kind", KINDS)
def test_charts_take_their_figures_and_names_from_cells_of_the_workbook_alone(kind, written):
    own, formulas = sheets(written[kind]), texts(written[kind], "xl/charts/", "f")
    assert formulas
    assert [text for text in formulas if not is_our_reference(text, own)] == []


@pytest.mark.parametrize("kind", KINDS)
def test_no_formula_holds_what_a_user_typed_but_in_quotes(kind, written):
    for formula in texts(written[kind], "xl/worksheets/", "f"):
        bare = re.sub(r'"(?:[^"]|"")*"', "", formula)
        assert not re.search(r"[\[\]|{}\\@#]|evil|HYPERLINK|WEBSERVICE|DDE|cmd", bare), formula


@pytest.mark.parametrize("kind", KINDS)
def test_there_are_no_links_no_outside_parts_and_no_names_but_our_own(kind, written):
    path, own = written[kind], sheets(written[kind])
    assert texts(path, "xl/worksheets/", "hyperlink") == []
    relations = [
        link for part in parts(path, "") for link in part.iter() if link.tag.endswith("}Relationship")
    ]
    assert [link.attrib for link in relations if link.get("TargetMode") == "External"] == []
    with zipfile.ZipFile(path) as archive:
        assert [name for name in archive.namelist() if "externalLink" in name or "connections" in name] == []
    for name in texts(path, "xl/workbook.xml", "definedName"):
        for part in name.split(","):
            sheet, _, area = part.rpartition("!")
            assert sheet.strip("'") in own
            assert re.fullmatch(r"\$?[A-Z]*\$?\d*(:\$?[A-Z]*\$?\d*)?", area)


@pytest.mark.parametrize("kind", KINDS)
def test_drop_downs_offer_our_words_and_margins_hold_no_codes_of_a_user(kind, written):
    path = written[kind]
    for formula in (*texts(path, "xl/worksheets/", "formula1"), *texts(path, "xl/worksheets/", "formula2")):
        assert not any(payload.strip('"') in formula for payload in PAYLOADS), formula
    for tag in ("oddHeader", "oddFooter"):
        for text in texts(path, "xl/worksheets/", tag):
            assert set(re.findall("&(.)", text.replace("&&", ""))) <= set("LRCPN"), text


@pytest.mark.parametrize("kind", KINDS)
def test_every_payload_stands_in_a_cell_as_the_text_it_is(kind, written):
    book = openpyxl.load_workbook(written[kind])
    shown = {cell.value for page in book for row in page.iter_rows() for cell in row if cell.data_type == "s"}
    wanted = PAYLOADS if kind != "comparison" else ()
    assert [payload for payload in wanted if payload not in shown] == []
    calculated = [
        (page.title, cell.coordinate, cell.value)
        for page in book for row in page.iter_rows() for cell in row
        if cell.data_type == "f" and str(cell.value).strip('"') in PAYLOADS
    ]  # fmt: skip
    assert calculated == []


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_brief_of_payloads_names_no_formula(payload, made_campaign, made_influenced, tmp_path):
    """The texts that a campaign has once: its name, client, category and currency, which name axes and margins."""
    made: Campaign = made_campaign(vehicles=2, campaign=payload, client=payload, category=payload)
    made = replace(made, brief=replace(made.brief, currency=payload))
    path = tmp_path / "plan.xlsx"
    write_plan(made_influenced(made), path)
    own = sheets(path)
    assert [text for text in texts(path, "xl/charts/", "f") if not is_our_reference(text, own)] == []
    for tag in ("oddHeader", "oddFooter"):
        for text in texts(path, "xl/worksheets/", tag):
            assert set(re.findall("&(.)", text.replace("&&", ""))) <= set("LRCPN"), text
