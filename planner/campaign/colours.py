"""The colours of media: the campaign's own, else one of a calm palette; alike in every report."""

from collections.abc import Collection

from planner.campaign.inputs import Campaign

PALETTE = ("#4E79A7", "#E8A33D", "#76A5A0", "#C1666B", "#8E7CA6", "#B5A642", "#6B8E4E", "#9C755F", "#7F8C8D")


def colours(campaign: Campaign) -> dict[str, str]:
    """A colour for every medium: the campaign's own, else one of a calm palette."""
    own = {medium.name: medium.colour.upper() for medium in campaign.media if medium.colour}
    free = _free(own.values())
    media = dict.fromkeys([row.name for row in campaign.media] + [row.medium for row in campaign.vehicles])
    rest = [name for name in media if name not in own]
    return own | {name: free[place % len(free)] for place, name in enumerate(rest)}


def _free(taken: Collection[str]) -> list[str]:
    """Colours of the palette that no medium has; all of them where none is left."""
    return [colour for colour in PALETTE if colour not in taken] or list(PALETTE)


def parts_of(colour: str) -> tuple[int, int, int]:
    """Red, green and blue (0 to 255) of a colour #rrggbb."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def tint(colour: str, strength: float) -> str:
    """A colour #rrggbb thinned with white. strength: 0 (white) to 1 (the colour).

    >>> tint("#000000", 0.5), tint("#4E79A7", 0.5)
    ('#808080', '#A6BCD3')
    """
    share = min(max(strength, 0.0), 1.0)
    return "#" + "".join(f"{round(255 + (part - 255) * share):02X}" for part in parts_of(colour))
