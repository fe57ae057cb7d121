"""planner check: every problem and every default of a campaign; nothing is solved."""

from planner.cli.shared.options import Json, Workbook
from planner.cli.shared.terminal import tell


def check(path: Workbook, as_json: Json = False) -> None:
    """Read a campaign, list every problem and every default; nothing is solved, nothing is written.

    Example: planner check campaign.xlsx
    """
    from planner.campaign.prepare import prepare
    from planner.report.campaign.check_text import check_json, check_text
    from planner.workbook.campaign.parse import read_campaign

    campaign = read_campaign(path)
    if campaign.survey is not None:
        from planner.survey.respondents import with_survey_notices

        campaign = with_survey_notices(campaign, path.parent)
    prepared = prepare(campaign)
    campaign = prepared.campaign
    if campaign.scenarios:
        from planner.workbook.plan.fixed import check_scenario_files

        check_scenario_files(path, campaign)
    about = campaign, len(prepared.people.segments.names), prepared.people.model.notes
    tell(as_json, (check_json, check_text), *about)
