"""The page around a report: one file that opens from a disk, asks no address for anything and runs no script but ours.

A Content Security Policy says so to the browser: nothing is loaded (default-src 'none'), styles are those inside, and
the one script is named by its hash, so that no text of a user can run even if it were put in unescaped."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from html import escape
from importlib.resources import files

from planner.campaign.inputs import Campaign
from planner.formats import one_line
from planner.report.layout import NO_BREAK

_COUNT = re.compile(r"[\d.,]+\w? \w+")  # 118 insertions, 6m impressions
VOID = frozenset({"br", "col", "input", "meta"})

Attribute = str | int | float | bool | None


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def text(value: str) -> Markup:
    """A text as HTML that shows it; a number keeps its percent sign.

    >>> text('<b> & "c" 5 %')
    '&lt;b&gt; &amp; &quot;c&quot; 5\xa0%'
    """
    if isinstance(value, Markup):
        return value
    return Markup(escape(one_line(value), quote=True).replace(" %", NO_BREAK + "%"))


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


LARGEST = 2_000_000  # bytes of a page; tables are cut before (planner/report/html/tables.py)


@dataclass(frozen=True)
class Section:
    """A part of the page with a heading of its own. key: of its address within the page."""

    key: str
    heading: str
    parts: Sequence[str]
    wide: bool = True


def page(title: str, subtitle: str, sections: Sequence[Section], foot: str) -> str:
    """The whole page; sections without parts are left out."""
    shown = [section for section in sections if section.parts]
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", http_equiv="Content-Security-Policy", content=_policy()),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("meta", name="robots", content="noindex"),
        element("title", title),
        element("style", Markup(_own("page.css"))),
    )
    body = element(
        "body",
        element("a", "Skip to the report", href="#report", class_="skip"),
        element("header", element("h1", title), element("p", subtitle, class_="subtitle"), _contents(shown)),
        element("main", *(_section(section) for section in shown), id="report"),
        element("footer", element("p", foot)),
        element("script", Markup(_own("page.js"))),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang='en')}\n"


def foot(campaign: Campaign, seed: str = "") -> str:
    """What is said at the end of a page on what campaign it was made from."""
    made = f"Made from the campaign with SHA-256 {campaign.file_hash[:16]}." if campaign.file_hash else ""
    return " ".join(filter(None, (made, seed, "This page stands alone and loads nothing.")))


def _contents(sections: Sequence[Section]) -> Markup:
    links = (element("a", section.heading, href=f"#{section.key}") for section in sections)
    return element("nav", *links, aria_label="Contents")


def _section(section: Section) -> Markup:
    heading = element("h2", section.heading, id=f"{section.key}-heading")
    kind = "wide" if section.wide else "half"
    return element(
        "section", heading, joined(section.parts), id=section.key, class_=kind,
        aria_labelledby=f"{section.key}-heading",
    )  # fmt: skip


@cache
def _own(name: str) -> str:
    """The style sheet or the script of the page, as it stands beside this file."""
    return (files("planner.report.html") / name).read_text(encoding="utf-8")


@cache
def _policy() -> str:
    digest = b64encode(sha256(_own("page.js").encode()).digest()).decode()
    return (
        f"default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-{digest}'; base-uri 'none'; "
        "form-action 'none'"
    )


# --- words and figures ---------------------------------------------------------------------------


def lead(sentence: str, tone: str = "good") -> Markup:
    """The sentence that a reader should remember. tone: good, bad or plain."""
    return element("p", sentence, class_=f"lead {tone}")


def paragraphs(sentences: Sequence[str]) -> list[Markup]:
    """A paragraph for each sentence that is not empty."""
    return [element("p", sentence) for sentence in sentences if sentence]


def listing(sentences: Sequence[str]) -> list[Markup]:
    """A list of sentences; nothing where there are none."""
    return [element("ul", *(element("li", sentence) for sentence in sentences))] if sentences else []


def facts(pairs: Sequence[tuple[str, str]]) -> Markup:
    """Names and what they are, in two columns."""
    rows = (element("div", element("dt", name), element("dd", value)) for name, value in pairs)
    return element("dl", *rows, class_="facts")


def tiles(pairs: Sequence[tuple[str, str]]) -> Markup:
    """The figures that are asked for first, large; a number stands in one line with its word. Where one row has no room
    for all of them there are two, as long as each other."""
    rows = (element("div", element("dt", name), element("dd", _counted(value))) for name, value in pairs)
    return element("dl", *rows, class_=f"tiles by{-(-len(pairs) // 2)}")


def _counted(value: str) -> Markup:
    parts = value.split(" + ")
    return Markup(
        " + ".join(element("span", each) if _COUNT.fullmatch(each) else text(each) for each in parts)
    )


def folded(summary: str, *parts: str) -> Markup:
    """What is shown on demand, by mouse or keyboard."""
    return element("details", element("summary", summary), *parts)
