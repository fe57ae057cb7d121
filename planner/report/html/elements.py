"""HTML made of values: what is put into an element is escaped, unless it is Markup already.

No text of a user becomes an element, an attribute, a script or an address: names of elements and attributes come from
our code alone, and control characters and line breaks are left out (planner.formats.one_line).
"""

from collections.abc import Iterable
from html import escape

from planner.formats import one_line

VOID = frozenset({"br", "col", "input", "meta"})

Attribute = str | int | float | bool | None


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: str) -> Markup:
    """A text as HTML that shows it.

    >>> text('<b> & "c"')
    '&lt;b&gt; &amp; &quot;c&quot;'
    """
    return value if isinstance(value, Markup) else Markup(escape(one_line(value), quote=True))


def element(tag: str, /, *children: str, **attributes: Attribute) -> Markup:
    """An element. attributes: `class_` stands for class, `aria_label` for aria-label; None and False are left out.

    >>> element("td", "a < b", class_="n", aria_hidden="true", hidden=False)
    '<td class="n" aria-hidden="true">a &lt; b</td>'
    """
    listed = "".join(_attribute(key, value) for key, value in attributes.items())
    if tag in VOID:
        return Markup(f"<{tag}{listed}>")
    return Markup(f"<{tag}{listed}>{joined(children)}</{tag}>")


def joined(parts: Iterable[str]) -> Markup:
    """Parts one after the other, each escaped unless it is Markup."""
    return Markup("".join(text(part) for part in parts))


def _attribute(key: str, value: Attribute) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    if value is True:
        return f" {name}"
    return f' {name}="{escape(one_line(str(value)), quote=True)}"'
