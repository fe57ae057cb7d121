"""The figures that a client asks for first."""

from dataclasses import replace

from planner.planning.tables import plan_rows
from planner.report.headline import headline


def test_contacts_bought_by_the_thousand_are_no_insertions(made_result):
    result = made_result()
    bought = [row for row in plan_rows(result) if row.bought]
    assert dict(headline(result))["Bought"].endswith(f", {sum(row.insertions for row in bought):.0f} ins.")
    first = bought[0]
    vehicles = tuple(
        replace(row, bought_as="impressions") if row.name == first.vehicle else row
        for row in result.campaign.vehicles
    )
    changed = replace(result, campaign=replace(result.campaign, vehicles=vehicles))
    shown = next(value for name, value in headline(changed) if name.startswith("Bought"))
    others = sum(row.insertions for row in bought) - first.insertions
    assert shown == f"{others:.0f} ins. + {first.impressions_000 / 1000:.4g}m imp."
