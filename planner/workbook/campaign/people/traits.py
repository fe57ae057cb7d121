"""Traits: who the people are."""

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import get_args

from models.people.audience import overlap_bounds
from planner.campaign import assumptions
from planner.campaign.inputs import Brief, OverlapRow, Role, TraitRow, counts_for
from planner.formats import percent
from planner.names import key, listing, nearest, tidy
from planner.workbook.cells.findings import Findings
from planner.workbook.cells.named import once_each
from planner.workbook.cells.numbers import exact
from planner.workbook.cells.table import Record, Table

SHARE_DEFAULTS = {"catalyst": assumptions.CATALYST_SHARE, "expert": assumptions.EXPERT_SHARE}


def role_of(name: str) -> Role:
    """The role that a trait's name tells.

    >>> role_of("Catalysts"), role_of("expert: food"), role_of("men 18-34")
    ('catalyst', 'expert', 'demographic')
    """
    plain = key(name)
    roles: tuple[Role, ...] = ("customer", "catalyst", "expert")
    return next((role for role in roles if plain.startswith(role)), "demographic")


def category_of(name: str) -> str:
    """The category in an expert's name.

    >>> category_of("Expert: Food")
    'Food'
    """
    return tidy(name.partition(":")[2])


def parse_traits(table: Table, columns: Mapping[str, str], brief: Brief) -> tuple[TraitRow, ...]:
    """The traits, from their sheet or, where that is left out, from the headings of Composition.

    columns: the cell of each of these headings, by its trait.
    """
    findings = table.findings
    lacking: list[tuple[str, str]] = []
    if not table.records:
        traits = [_trait_without_row(name, cell, brief, findings, lacking) for name, cell in columns.items()]
    else:
        traits = [_trait(record, brief, lacking) for record in table.records]
        once_each(table.records)
        traits += _traits_by_default(columns, traits, brief, findings)
    _say_without_share(lacking, findings)
    spelling: dict[str, str] = {}  # of bands, as where they come first
    found = tuple(replace(row, band=spelling.setdefault(key(row.band), row.band)) for row in traits)
    _check_bands(found, findings)
    _list_weights(found, brief, findings)
    _notice_experts(found, brief, findings)
    return found


def _trait_without_row(
    name: str, cell: str, brief: Brief, findings: Findings, lacking: list[tuple[str, str]]
) -> TraitRow:
    role = role_of(name)
    findings.cells["Traits", name, "name"] = cell
    findings.default("Traits", name, "role", f'"{name}" is taken as a trait of the role {role}')
    share = _default_share(name, role, cell, findings, lacking)
    return TraitRow(name, role, share, _canonical(category_of(name), brief) if role == "expert" else "")


def _default_share(
    name: str, role: str, cell: str, findings: Findings, lacking: list[tuple[str, str]]
) -> float:
    """The share taken; not a number where one is needed: the trait exists, whatever its share. lacking: gets the name
    and the cell of such a trait."""
    if role not in SHARE_DEFAULTS:
        lacking.append((name, cell))
        return math.nan
    assumption = SHARE_DEFAULTS[role]
    findings.default(
        "Traits", name, "share", f"{name}: {percent(assumption.value, 0)} of the universe. {assumption.basis}"
    )
    return assumption.value


def _say_without_share(lacking: Sequence[tuple[str, str]], findings: Findings) -> None:
    """One problem for all traits whose share is needed."""
    if lacking and "Traits" not in findings.unsure:
        names, (cell, *others) = listing([f'"{name}"' for name, _ in lacking], 8), [at for _, at in lacking]
        trait = "traits" if others else "trait"
        findings.problem(
            cell,
            f"The share of the universe is needed of the {trait} {names}; write it on the sheet Traits, in Share of "
            "universe %.",
            others,
        )


def _canonical(category: str, brief: Brief) -> str:
    """The category in the Brief's spelling, where they are the same."""
    return brief.category if key(category) == key(brief.category) else category


def _trait(record: Record, brief: Brief, lacking: list[tuple[str, str]]) -> TraitRow:
    name = record.text("name")
    record.stands_for(name, "name", "role", "category", "band", "share", "weight", "duplication_factor")
    _check_name(name, record.address("name"), record.findings)
    role = _role(record, name)
    share = record.number("share")
    if share is None:
        unclear = "share" in record.bad or record.lacks("share")
        cell = record.address("share")
        share = math.nan if unclear else _default_share(name, role, cell, record.findings, lacking)
    return TraitRow(
        name,
        role,
        share,
        _category(record, role, brief),
        record.text("band"),
        record.number("weight"),
        record.number("duplication_factor"),
    )


def _check_name(name: str, cell: str, findings: Findings) -> None:
    if any(char in name for char in "[]"):
        findings.problem(
            cell,
            f'The trait "{name}" has square brackets in its name; they are kept for units in '
            "Composition. Rename the trait.",
        )
    if key(name) in ("everyone", "others", "influencers", "and", "or", "not"):
        findings.problem(
            cell, f'"{name}" has a meaning of its own in audiences; give the trait another name.'
        )


def _role(record: Record, name: str) -> Role:
    given, told = record.text("role"), role_of(name)
    stated: Role | None = next((role for role in get_args(Role) if role == given), None)
    if stated is not None:
        return stated
    if "role" not in record.bad:
        record.findings.default("Traits", name, "role", f'"{name}" is taken as a trait of the role {told}')
    return told


def _category(record: Record, role: Role, brief: Brief) -> str:
    name = record.text("name")
    category = record.text("category") or (category_of(name) if role == "expert" else "")
    if role == "expert" and not category and "category" not in record.bad:
        record.problem("category", f'"{name}" is an expert, but in what? Write the category, such as food.')
    return _canonical(category, brief) if category else ""


def _traits_by_default(
    columns: Mapping[str, str], traits: Sequence[TraitRow], brief: Brief, findings: Findings
) -> list[TraitRow]:
    """Influencers that only Composition has, with the same defaults as without the sheet Traits; any other column that
    is no trait, or one that the sheet spells otherwise, is a problem."""
    names = [name for sheet, name, attribute in findings.cells if (sheet, attribute) == ("Traits", "name")]
    known, found = set(map(key, names)), []
    for name, cell in columns.items():
        if key(name) not in known and is_influencer(name) and not _listed(name, traits):
            found.append(_trait_without_row(name, cell, brief, findings, []))  # they have a default
        elif key(name) not in known:
            hint = nearest(name, names) or "; add it there, or remove the column."
            wrong = f'Composition has a column "{name}", but the sheet Traits has no such trait{hint}'
            findings.problem(cell, wrong)
    return found


def is_influencer(name: str) -> bool:
    """Whether a name is that of an influencer role: catalyst, or expert with a category.

    >>> is_influencer("Catalysts"), is_influencer("expert: food"), is_influencer("expert")
    (True, True, False)
    """
    role, _, category = key(name).partition(":")
    return role in ("catalyst", "catalysts") if not category else role.strip() in ("expert", "experts")


def _listed(name: str, traits: Sequence[TraitRow]) -> bool:
    """Whether the traits have this influencer already, spelled in another way."""
    role = role_of(name)
    same = [trait for trait in traits if trait.role == role]
    return bool(same) and (role == "catalyst" or bool(nearest(category_of(name), [t.category for t in same])))


def _check_bands(traits: Sequence[TraitRow], findings: Findings) -> None:
    for band, members in bands_of(traits).items():
        total = sum(trait.share for trait in members)
        if total > 1 + 1e-6:
            cell = findings.cell("Traits", members[-1].name, "share")
            findings.problem(
                cell,
                f'The shares in the band "{band}" ({", ".join(trait.name for trait in members)}) add up '
                f"to {total * 100:.8g} % of the universe; traits that exclude each other cannot be more than 100 %.",
            )


def bands_of(traits: Iterable[TraitRow]) -> dict[str, list[TraitRow]]:
    """Traits by band."""
    bands: dict[str, list[TraitRow]] = {}
    for trait in traits:
        if trait.band:
            bands.setdefault(trait.band, []).append(trait)
    return bands


def _list_weights(traits: Sequence[TraitRow], brief: Brief, findings: Findings) -> None:
    """What blank weights and duplication factors of influencers will be taken as."""
    weights = {role: assumptions.TALK[role] for role in ("catalyst", "expert")}
    for trait in traits:
        if trait.weight is None and trait.role in weights and counts_for(trait, brief):
            weight = weights[trait.role]
            told = f"{trait.name}: weight {weight.taken(brief.influence_preset):g}. {weight.source}"
            findings.default("Traits", trait.name, "weight", told)
        factor = assumptions.duplication_factor(trait.name, trait.role)
        if trait.duplication_factor is None and factor is not None:
            told = f"{trait.name}: duplication factor {factor.value:g}. {factor.basis}"
            findings.default("Traits", trait.name, "duplication_factor", told)


def _notice_experts(traits: Sequence[TraitRow], brief: Brief, findings: Findings) -> None:
    experts = [trait for trait in traits if trait.role == "expert"]
    idle = [trait.name for trait in experts if not counts_for(trait, brief)]
    if experts and not brief.category:
        findings.notice("The Brief names no Category, so no expert counts: " + ", ".join(idle) + ".")
    elif brief.category and len(idle) == len(experts):
        findings.notice(
            f'No trait is an expert of the category "{brief.category}"; only catalysts count as influencers.'
        )
    elif idle:
        findings.notice(
            f'Experts of other categories than "{brief.category}" do not count: {", ".join(idle)}.'
        )


# --- overlaps of traits -----------------------------------------------------------------------------

_TOLERANCE = 1e-9


def parse_overlaps(table: Table, traits: Sequence[TraitRow], brief: Brief) -> tuple[OverlapRow, ...]:
    """Stated overlaps, and the default one of catalysts with the category's experts."""
    by_key = {key(trait.name): trait for trait in traits}
    stated: dict[frozenset[str], str] = {}
    rows = []
    for record in table.records:
        overlap = _overlap(record, by_key)
        if overlap is None:
            continue
        pair = frozenset((overlap.trait_a, overlap.trait_b))
        if pair in stated:
            record.problem(
                "trait_a",
                f"The overlap of {overlap.trait_a} and {overlap.trait_b} is there "
                f"twice (also {stated[pair]}); keep one.",
            )
            continue
        stated[pair] = record.address("share")
        record.stands_for(f"{overlap.trait_a} / {overlap.trait_b}", "share")
        rows.append(overlap)
    return (*rows, *_default_overlaps(traits, brief, set(stated), table.findings))


def _overlap(record: Record, by_key: Mapping[str, TraitRow]) -> OverlapRow | None:
    a, b = (_named_trait(record, attribute, by_key) for attribute in ("trait_a", "trait_b"))
    share = record.number("share")
    if record.leaves_out("share"):
        record.problem(
            "share", "The share of the universe that has both traits is missing; write it or remove the row."
        )
    if a is None or b is None or share is None:
        return None
    return _checked_overlap(record, a, b, share)


def _named_trait(record: Record, attribute: str, by_key: Mapping[str, TraitRow]) -> TraitRow | None:
    """The trait that a cell names; None where it names none, which is a problem."""
    text = record.text(attribute)
    found = by_key.get(key(text))
    if found is None and attribute not in record.bad:
        names = [trait.name for trait in by_key.values()]
        what = f'"{text}" is not a trait{nearest(text, names)}' if text else "A trait is missing"
        wrong = what if what.endswith("?") else f"{what}; write a name from the sheet Traits."
        record.problem(attribute, wrong)
    return found


def _checked_overlap(record: Record, a: TraitRow, b: TraitRow, share: float) -> OverlapRow | None:
    if a is b:
        record.problem("trait_b", f"{a.name} is paired with itself; name two traits.")
        return None
    same_band = _same_band(a, b)
    if math.isnan(a.share + b.share):
        return OverlapRow(a.name, b.name, share)  # their shares are a problem already
    low, high = overlap_bounds(a.share, b.share, same_band)
    if not low - _TOLERANCE <= share <= high + _TOLERANCE:
        near = min(abs(share - low), abs(share - high)) < 0.001
        why = (
            f"both belong to the band {a.band} and exclude each other"
            if same_band
            else f"{a.name} are {_percent(a.share, near)} and {b.name} {_percent(b.share, near)} of the universe"
        )
        record.problem(
            "share",
            f"The overlap of {a.name} and {b.name} is {_percent(share, near)}; {why}, so it "
            f"must be from {_percent(low, near)} to {_percent(high, near)}.",
        )
        return None
    return OverlapRow(a.name, b.name, share)


def _percent(share: float, finely: bool) -> str:
    """A share in percent with one decimal, or with four where one would hide the difference."""
    return f"{share * 100:.{4 if finely else 1}f} %"


def _default_overlaps(
    traits: Sequence[TraitRow], brief: Brief, stated: set[frozenset[str]], findings: Findings
) -> list[OverlapRow]:
    catalysts = [trait for trait in traits if trait.role == "catalyst"]
    experts = [trait for trait in traits if trait.role == "expert" and counts_for(trait, brief)]
    rows = []
    for a, b in itertools.product(catalysts, experts):
        if frozenset((a.name, b.name)) in stated or _same_band(a, b) or math.isnan(a.share + b.share):
            continue
        low, high = overlap_bounds(a.share, b.share)
        lift = assumptions.CATALYST_EXPERT_LIFT
        share = exact(min(max(lift.value * a.share * b.share, low), high))
        told = f"{percent(share, 2)} of the universe are both {a.name} and {b.name}; {lift.basis}"
        findings.default("Overlaps", f"{a.name} / {b.name}", "share", told)
        rows.append(OverlapRow(a.name, b.name, share))
    return rows


def _same_band(a: TraitRow, b: TraitRow) -> bool:
    """Whether nobody has both."""
    return bool(a.band) and key(a.band) == key(b.band)
