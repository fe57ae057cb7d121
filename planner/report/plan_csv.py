"""Which tables a result has as CSV, by the names of their files."""

from planner.explaining.explained import Explanation
from planner.explaining.price_table import price_frame
from planner.planning.audience_tables import audience_frame
from planner.planning.ranking import ranking_frame
from planner.planning.results import PlanResult
from planner.planning.tables import GROUPED_BY, plan_frame, totals_frame
from planner.planning.week_tables import month_frame, week_frame
from planner.table import Frame, data_frame


def plan_tables(result: PlanResult, explanation: Explanation | None = None) -> dict[str, Frame]:
    """The tables of a plan, the plan itself first; those that have no rows are left out."""
    tables = {"plan": plan_frame(result).drop(columns=["extra", "unit_000"]), "audiences": _audiences(result)}
    tables |= {by: totals_frame(result, by) for by in GROUPED_BY}
    tables |= {"months": month_frame(result), "weeks": week_frame(result)}
    if result.ranking is not None:
        tables["ranking"] = ranking_frame(result.ranking)
    if explanation is not None:
        tables["prices"] = price_frame(explanation)
    return {name: frame for name, frame in tables.items() if len(frame)}


def explanation_tables(explanation: Explanation) -> dict[str, Frame]:
    """The tables of an explanation: the prices first, then those of its plan."""
    return {"prices": price_frame(explanation), **plan_tables(explanation.result)}


def _audiences(result: PlanResult) -> Frame:
    """audience_frame with n+ reach in columns of its own."""
    frame = audience_frame(result)
    often = data_frame(frame["at_least_pct"].tolist(), index=frame.index)
    often.columns = [f"reach_{n}_plus_pct" for n in range(1, often.shape[1] + 1)]
    return frame.drop(columns=["distribution", "at_least_pct"]).join(often)
