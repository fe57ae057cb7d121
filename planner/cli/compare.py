"""planner compare: two plans, several plans, or the scenarios of a campaign, side by side."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from planner.cli.shared.files import (
    Csv,
    CsvDecimal,
    CsvDelimiter,
    CsvPath,
    Decimal,
    HtmlPath,
    after,
    csv_of,
    html_of,
    tables_written,
    written,
)
from planner.cli.shared.options import Force, Gap, Json, ObjectiveChoice, PresetChoice, Quiet, budget_of
from planner.cli.shared.terminal import (
    EXIT_TIME_LIMIT,
    check_output,
    progress_line,
    refuse,
    refuse_odd_folder,
    refuse_opened,
    say,
    tell,
)
from planner.cli.sweeps import Cluster, JournalPath, Workers, journalled, refuse_thousands, sweep_of, terms_of

if TYPE_CHECKING:
    from planner.campaign.inputs import Campaign
    from planner.campaign.scenario import Change, Scenario
    from planner.comparing.desk import Sweep, Terms
    from planner.comparing.sweep import Asked, Comparison
    from planner.workbook.page.files import Target

ScenarioTime = Annotated[
    float,
    typer.Option("--time-limit", help="Seconds for one scenario at most; its row then says time.", min=0.1),
]


def compare(
    paths: Annotated[
        list[Path],
        typer.Argument(
            help="A campaign with scenarios; or two or more plan workbooks (.xlsx).", show_default=False
        ),
    ],
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="The comparison workbook to write; default: none.")
    ] = None,
    budgets: Annotated[
        str | None, typer.Option(help="Scenarios instead of the sheet's: budgets, 4m,6m,8m or -10%,+10%.")
    ] = None,
    objectives: Annotated[str | None, typer.Option(help="The same: objectives, influence,reach.")] = None,
    influence: Annotated[str | None, typer.Option(help="The same: presets, sceptical,industry.")] = None,
    plans: Annotated[
        Path | None, typer.Option(help="Folder for a full plan workbook of every scenario.")
    ] = None,
    html: HtmlPath = None,
    csv: CsvPath = None,
    csv_delimiter: CsvDelimiter = None,
    csv_decimal: CsvDecimal = Decimal.point,
    workers: Workers = None,
    cluster: Cluster = None,
    journal: JournalPath = None,
    gap: Gap = 0.1,
    time_limit: ScenarioTime = 60.0,
    as_json: Json = False,
    force: Force = False,
    quiet: Quiet = False,
) -> None:
    """Set scenarios of a campaign, or finished plans, side by side: money, reach, value, what differs and how surely.

    Example: planner compare campaign.xlsx --budgets 4m,6m,8m -o comparison.xlsx
    """
    lists = (budgets, objectives, influence)
    if len(paths) > 1 and plans is not None:
        refuse("--plans writes the plans of scenarios; finished plans have their workbooks already.")
    report, target = _outputs(paths, html, output, force)
    tables = csv_of(csv, csv_delimiter, csv_decimal, paths[0], force)
    if len(paths) == 2 and not any(lists):
        _two_plans(paths[0], paths[1], target, as_json, quiet)
        _files_of_two(paths, report, tables, as_json or quiet)
        return
    from planner.comparing.sweep import compare_scenarios  # two plans are compared without

    ground, asked = _several_plans(paths, lists) if len(paths) > 1 else _scenarios(paths[0], lists)
    files = _plan_files(plans, [each.scenario for each in asked], force)
    with journalled(journal, output) as kept:
        terms, sweep = terms_of(gap, time_limit), sweep_of(workers, kept, cluster, progress_line(quiet))
        compared = compare_scenarios(asked, ground, terms, sweep, with_plans=plans is not None)
        sweep.progress("writing")
        if target is not None:
            from planner.workbook.figures.scenarios import write_scenarios  # loaded where it writes

            write_scenarios(compared, target)
        said = _files(compared, report, tables, _place("comparison is", output))
        with after(said):
            _write_plans(compared, files, terms, sweep)
    sweep.progress("")
    said += _place("plans are", plans)
    _show(compared, as_json, quiet, said.strip())


def _page(compared: "Comparison") -> str:
    """The comparison's HTML report."""
    from planner.report.html.comparison import comparison_page

    return comparison_page(compared)


def _files_of_two(paths: Sequence[Path], report: "Target | None", tables: Csv | None, aside: bool) -> None:
    """The HTML report and the tables of two finished plans, where they are asked for: as of several."""
    if report is None and tables is None:
        return
    from planner.comparing.desk import Sweep, Terms
    from planner.comparing.sweep import compare_scenarios

    ground, asked = _several_plans(paths, (None, None, None))
    compared = compare_scenarios(asked, ground, Terms(), Sweep(workers=1))
    typer.echo(_files(compared, report, tables).strip(), err=aside)


def _files(compared: "Comparison", report: "Target | None", tables: Csv | None, said: str = "") -> str:
    """Write tables and the HTML report, where they are asked for; said, and sentences that say where they are."""
    from planner.comparing.scenario_tables import all_tables

    said = tables_written(tables, compared.prepared.campaign, lambda: all_tables(compared), said)
    return written(report, lambda: _page(compared), said)


def _outputs(
    paths: Sequence[Path], html: Path | None, output: Path | None, force: bool
) -> "tuple[Target | None, Target | None]":
    """Where a page and a workbook are asked for; a usage error where one would overwrite what is read here."""
    pages = [html_of(html, path, force) for path in paths]
    targets = [None if output is None else check_output(output, path, force) for path in paths]
    return pages[-1], targets[-1]


def _place(what: str, path: Path | None) -> str:
    return "" if path is None else f" The {what} in {path}."


def _show(compared: "Comparison", as_json: bool, quiet: bool, said: str) -> None:
    from planner.report.comparing.scenarios import scenarios_json, scenarios_table

    tell(
        as_json, (scenarios_json, scenarios_table), compared,
        campaign=compared.prepared.campaign, said=said, quiet=quiet,
    )  # fmt: skip
    if any(answer.get("status") == "time" for answer in compared.answers):
        raise typer.Exit(EXIT_TIME_LIMIT)


# --- what is asked ------------------------------------------------------------------------------------

Lists = tuple[str | None, str | None, str | None]


def _scenarios(path: Path, lists: Lists) -> "tuple[Campaign, list[Asked]]":
    """A campaign and its scenarios: of the command line where given, else of its sheet."""
    from planner.comparing.sweep import Asked
    from planner.workbook.campaign.parse import read_campaign
    from planner.workbook.campaign.scenarios.scenarios import check_scenarios
    from planner.workbook.plan.fixed import fixed_plans, scenario_campaigns

    campaign = read_campaign(path)
    scenarios = campaign.scenarios
    if any(lists):
        scenarios = _of_command_line(campaign, lists)
        check_scenarios(scenarios, campaign)
        if campaign.scenarios:
            say("The sheet Scenarios was left out: scenarios were given on the command line.")
    if not scenarios:
        refuse(
            f"{path.name} asks for no scenarios. Fill in its sheet Scenarios (planner new writes a blank one), or "
            "write --budgets 4m,6m,8m, --objectives influence,reach or --influence sceptical,industry; or name two "
            "plan workbooks to set side by side."
        )
    given = fixed_plans(path, campaign, scenarios)
    changed = scenario_campaigns(path, campaign, scenarios)
    return campaign, [
        Asked(scenario, own, *(plan or (None, None)))
        for scenario, own, plan in zip(scenarios, changed, given, strict=True)
    ]


def _several_plans(paths: Sequence[Path], lists: Lists) -> "tuple[Campaign, list[Asked]]":
    """Finished plans, each in its own campaign; the first is the base."""
    from planner.campaign.scenario import Scenario
    from planner.comparing.sweep import Asked
    from planner.names import printable
    from planner.workbook.plan.edits import read_plan

    if any(lists):
        refuse("--budgets, --objectives and --influence are scenarios of one campaign; name one workbook.")
    for path in paths:
        if paths.count(path) > 1:
            refuse(f"{path} is named twice; name each plan once.")
    asked: list[Asked] = []
    known = [path.name for path in paths]
    names = [name if known.count(name) == 1 else str(path) for name, path in zip(known, paths, strict=True)]
    for path, name in zip(paths, names, strict=True):
        campaign, given = read_plan(path)
        scenario = Scenario(printable(name), "fixed", plan=path.name, base=not asked)
        asked.append(Asked(scenario, campaign, given.insertions, given.weekly))
    return asked[0].campaign, asked


def _of_command_line(campaign: "Campaign", lists: Lists) -> "tuple[Scenario, ...]":
    """Every combination of what was given; the base is the one that the campaign states itself; none is marked where
    it states none. Beside one alone stands the campaign."""
    from itertools import product

    from planner.campaign.scenario import Scenario

    choices = (
        _budgets(campaign, lists[0]),
        _chosen("objective", ObjectiveChoice, "--objectives", lists[1]),
        _chosen("influence_preset", PresetChoice, "--influence", lists[2]),
    )
    given = [each for each in choices if each]
    own = {"budget": campaign.brief.budget, "objective": campaign.brief.objective,
           "influence_preset": campaign.brief.influence_preset}  # fmt: skip
    scenarios = [
        Scenario(
            changes[0].words if len(changes) == 1 else ", ".join(_short(change) for change in changes),
            changes=changes,
            base=all(own[change.subject[0]] == change.value for change in changes),
        )
        for changes in product(*given)
    ]
    if len(scenarios) == 1 and not scenarios[0].base:
        scenarios.insert(0, Scenario("as the campaign stands", base=True))
    return tuple(scenarios)


def _short(change: "Change") -> str:
    """What a change of several says: its value."""
    return f"{change.value:,.12g}" if isinstance(change.value, float) else str(change.value)


def _listed(option: str, text: str | None) -> list[str]:
    """The parts of a list as typed; a usage error where one is there twice or blank."""
    if text is None:
        return []
    parts = [part.strip() for part in text.split(";" if ";" in text else ",")]
    if not all(parts) or len(set(parts)) < len(parts):
        refuse(f'{option} "{text}" has a blank or the same value twice; expected a list such as a,b,c.')
    return parts


def _change(attribute: str, value: Any, option: str) -> "Change":
    from planner.workbook.campaign.scenarios.columns import brief_change

    return brief_change(attribute, value, option)


def _budgets(campaign: "Campaign", text: str | None) -> "list[Change]":
    parts = _listed("--budgets", text)
    if text is not None and ";" not in text:
        refuse_thousands("--budgets", text, parts)
    found = [_change("budget", budget_of("--budgets", part, campaign), "--budgets") for part in parts]
    if len({change.words for change in found}) < len(found):
        refuse(f'--budgets "{text}" has the same amount twice; write each once.')
    return found


def _chosen(attribute: str, choices: type[StrEnum], option: str, text: str | None) -> "list[Change]":
    """Changes of an answer of the Brief that is one of several."""
    parts, known = [part.replace(" ", "-").casefold() for part in _listed(option, text)], list(choices)
    for part in parts:
        if part not in known:
            refuse(f'{option} "{part}" is not one of {", ".join(known)}.')
    return [_change(attribute, part.replace("-", " "), option) for part in parts]


# --- plans of scenarios -------------------------------------------------------------------------------


def _plan_files(folder: Path | None, scenarios: "Sequence[Scenario]", force: bool) -> dict[int, Path]:
    """The plan workbook of each scenario; a usage error where one stands already."""
    from planner.comparing.full_plans import plan_file_names

    if folder is None:
        return {}
    if folder.exists() and not folder.is_dir():
        refuse(f"{folder} is a file; name a folder.")
    refuse_odd_folder(folder if folder.is_dir() else folder.parent)
    files = dict(enumerate(folder / name for name in plan_file_names(scenarios)))
    there = [path for path in files.values() if path.exists()]
    if there and not force:
        refuse(f"{there[0]} exists already; name another folder, or overwrite it with --force.")
    refuse_opened(*there)
    return files


def _write_plans(compared: "Comparison", files: dict[int, Path], terms: "Terms", sweep: "Sweep") -> None:
    from planner.comparing.full_plans import full_plan
    from planner.workbook.page.files import target_of
    from planner.workbook.write import write_plan

    for at in compared.found if files else ():
        files[at].parent.mkdir(parents=True, exist_ok=True)
        sweep.progress(f"plan workbooks: {at + 1} of {len(files)}")
        write_plan(full_plan(compared, at, terms), target_of(files[at]))


# --- two plans ----------------------------------------------------------------------------------------


def _two_plans(first: Path, second: Path, target: "Target | None", as_json: bool, quiet: bool) -> None:
    """Two finished plans in detail; nothing is solved."""
    from planner.comparing.side_by_side import side_by_side
    from planner.names import printable
    from planner.planning.evaluate import plan_figures
    from planner.report.comparing.compare_json import compare_json
    from planner.report.comparing.compare_text import compare_table
    from planner.workbook.campaign.differences import campaign_differences
    from planner.workbook.plan.edits import read_plan

    plans = []
    for path in (first, second):
        campaign, given = read_plan(path)
        plans.append(
            plan_figures(campaign, given.insertions, given.optimised, campaign.file_hash, given.weekly)
        )
    a, b = plans
    names = printable(first.name), printable(second.name)
    compared = side_by_side(names, a, b, campaign_differences(a.campaign, b.campaign))
    if target is not None:
        from planner.workbook.figures.comparison import write_comparison  # loaded where it writes

        write_comparison(compared, target)
    said = "" if target is None else f"The comparison is in {target}."
    tell(as_json, (compare_json, compare_table), compared, said=said, quiet=quiet)
