"""A plan to a result workbook: Summary, Plan, Reach, Influence, Ranking, Notes, and the campaign's own sheets;
with a calendar also Flowchart and Line items, and Prices where the plan is explained.

The file appears whole or not at all: it is written beside its target and moved into place.
"""

from functools import partial
from pathlib import Path

from planner.campaign.colours import colours
from planner.explaining.explained import Explanation
from planner.formats import one_line
from planner.planning.results import PlanResult
from planner.workbook.campaign.sheets import write_campaign_sheets, write_influence_table
from planner.workbook.figures.influence import write_influence_sheet
from planner.workbook.figures.notes import write_notes_sheet
from planner.workbook.figures.prices import write_prices_sheet
from planner.workbook.figures.ranking import chart_points, write_chart_points, write_ranking_sheet
from planner.workbook.figures.reach import write_reach_sheet
from planner.workbook.figures.recap import write_recap_sheet
from planner.workbook.figures.summary import write_summary_sheet
from planner.workbook.page.book import write_book
from planner.workbook.page.files import Target, target_of
from planner.workbook.page.styles import EDIT_TAB, Styles
from planner.workbook.plan.flowchart_layout import flow_layout
from planner.workbook.plan.flowchart_parts import draw_reach, draw_spend
from planner.workbook.plan.flowchart_sheet import write_flowchart_sheet
from planner.workbook.plan.line_items import write_line_items_sheet
from planner.workbook.plan.plan_sheet import plan_layout, write_plan_sheet
from planner.workbook.plan.proof_sheet import SHEET as PROOF_SHEET
from planner.workbook.plan.proof_sheet import write_proof_sheet


def write_plan(result: PlanResult, path: Path | Target, explanation: Explanation | None = None) -> None:
    """Write the result workbook; raises OutputError when it cannot stand where it was asked for."""
    target, brief = path if isinstance(path, Target) else target_of(path), result.campaign.brief
    write_book(
        target,
        brief,
        partial(_fill, result, explanation, target.path.parent),
        title=one_line(brief.campaign)[:200],
        subject="Media plan",
        company=one_line(brief.client)[:200],
    )


def _fill(result: PlanResult, explanation: Explanation | None, folder: Path, styles: Styles) -> None:
    flow = flow_layout(result)
    shown = {
        "Summary": True, "Plan": True, "Flowchart": flow, "Line items": flow, "Recap": True, "Reach": True,
        "Influence": True, "Ranking": result.ranking, "Prices": explanation, "Notes": True,
    }  # fmt: skip
    pages = {name: styles.page(name) for name, what in shown.items() if what is not None}
    pages["Plan" if flow is None else "Flowchart"].sheet.set_tab_color(EDIT_TAB)
    changed = write_plan_sheet(pages["Plan"], result, flow)
    if flow is not None:
        write_flowchart_sheet(pages["Flowchart"], result, flow, plan_layout(result, flow))
        write_line_items_sheet(pages["Line items"], result, flow)
    write_summary_sheet(pages["Summary"], result, changed, partial(draw_spend, flow) if flow else None)
    write_recap_sheet(pages["Recap"], result, partial(draw_reach, pages["Recap"], flow) if flow else None)
    write_reach_sheet(pages["Reach"], result)
    points = []
    if result.ranking is not None:
        write_ranking_sheet(pages["Ranking"], result.ranking, colours(result.campaign))
        points = write_chart_points(pages["Ranking"], result.ranking, chart_points(result))
    parameters = partial(write_influence_table, pages["Influence"], result.campaign)
    write_influence_sheet(pages["Influence"], result, points, parameters)
    if explanation is not None:
        write_prices_sheet(pages["Prices"], explanation, colours(result.campaign))
    write_notes_sheet(pages["Notes"], result)
    write_campaign_sheets(styles.book, result.campaign, folder, influence=False)
    if result.proof:
        write_proof_sheet(styles.page(PROOF_SHEET), result.proof)
