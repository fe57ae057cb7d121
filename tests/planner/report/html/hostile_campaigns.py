"""A campaign whose names would run as markup or as formulas."""

from planner.campaign.inputs import Brief, Campaign, CompositionRow, MediumRow, TraitRow, VehicleRow

NAMES = (
    "</script><img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "=cmd|'/C calc'!A1",
    "Late & News",
)


def hostile_campaign(budget: float, sample_size: float | None = None) -> Campaign:
    """Four vehicles of two media. sample_size: respondents behind each."""
    rows = zip(
        NAMES,
        ("TV", "TV", NAMES[0], NAMES[0]),
        (20.0, 17.0, 11.0, 8.0),
        (200.0, 150.0, 90.0, 80.0),
        strict=True,
    )
    shares = ((0.5, 0.1), (0.2, 0.3), (0.4, 0.2), (0.1, 0.1))
    return Campaign(
        Brief(campaign=NAMES[1], universe_000=1000.0, budget=budget, objective="influence", customers_first=0.0),
        (TraitRow("customer", "customer", 0.3), TraitRow("catalyst", "catalyst", 0.15, weight=2.0)),
        (), (), (MediumRow("TV", 1.5, 0.5), MediumRow(NAMES[0], 2.0, 0.5)), 1.3,
        tuple(VehicleRow(*row, 3.0, sample_size=sample_size) for row in rows),
        ("customer", "catalyst"),
        tuple(CompositionRow(name, share) for name, share in zip(NAMES, shares, strict=True)),
    )  # fmt: skip
