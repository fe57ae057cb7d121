"""A real headless Chromium, spoken to over a pipe: what a page logs, asks for and shows, and what keys do."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

NAMES = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome")
SWITCHES = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
            "--hide-scrollbars", "--remote-debugging-pipe")  # fmt: skip


def found() -> str | None:
    """The browser's path, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


class Browser:
    """One tab of a browser. errors: what was logged as an error or refused; asked: addresses that were asked for."""

    def __init__(self, profile: Path) -> None:
        to_read, self.to = os.pipe()
        self.back, to_write = os.pipe()
        # It reads its commands from 3 and answers on 4.
        command = 'exec 8<&"$1" 9>&"$2"; exec 3<&8 4>&9 8<&- 9>&-; shift 2; exec "$@"'
        self.process = subprocess.Popen(
            ["bash", "-c", command, "bash", str(to_read), str(to_write), found() or "", *SWITCHES,
             f"--user-data-dir={profile}"],
            pass_fds=(to_read, to_write), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        os.close(to_read)
        os.close(to_write)
        self.said, self.number = b"", 0
        self.errors: list[str] = []
        self.asked: list[str] = []
        self.session = ""
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.back)

    def open(self, path: Path, width: int) -> None:
        """Open a file in a window of this width; returns once it has loaded."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1,
                  mobile=width < 600)  # fmt: skip
        self.call("Page.navigate", url=path.as_uri())
        while self._next().get("method") != "Page.loadEventFired":
            pass

    def value(self, script: str) -> Any:
        """What a script gives in the page."""
        answer = self.call("Runtime.evaluate", expression=script, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key, as a reader at the keyboard would."""
        codes = {"Tab": 9, "Enter": 13, "ArrowRight": 39, "ArrowLeft": 37, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key)
        known = {"key": key, "code": key, "windowsVirtualKeyCode": codes[key]}
        self.call("Input.dispatchKeyEvent", type="keyDown", **known, **({"text": text} if text else {}))
        self.call("Input.dispatchKeyEvent", type="keyUp", **known)

    def picture(self, path: Path) -> None:
        """Save the whole page as a picture."""
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.call("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(shot["data"]))

    def printed(self) -> bytes:
        """The page as a PDF."""
        return base64.b64decode(self.call("Page.printToPDF", printBackground=True)["data"])

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        while (answer := self._next()).get("id") != self.number:
            pass
        assert "error" not in answer, answer
        return dict(answer["result"])

    def _next(self) -> dict[str, Any]:
        """The next message; what the page does wrong is noted."""
        while b"\0" not in self.said:
            more = os.read(self.back, 1 << 16)
            assert more, "the browser has ended"
            self.said += more
        line, _, self.said = self.said.partition(b"\0")
        message: dict[str, Any] = json.loads(line)
        method, told = message.get("method"), message.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.errors.append(str(told["exceptionDetails"]))
        elif method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.errors.append(told["entry"]["text"])
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.errors.append(str(told["args"]))
        elif method == "Network.requestWillBeSent":
            self.asked.append(told["request"]["url"])
        return message


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """A browser; tests that ask for it are skipped where there is none."""
    if found() is None:
        pytest.skip("no Chromium is installed")
    made = Browser(tmp_path_factory.mktemp("profile"))
    yield made
    made.close()


@pytest.fixture
def opened(browser: Browser, tmp_path: Path) -> Callable[[str, int], Browser]:
    """Opens a page's text from a file, in a window of a width: opened(text, 390)."""

    def open_page(text: str, width: int) -> Browser:
        path = tmp_path / "report.html"
        path.write_text(text, encoding="utf-8")
        browser.errors.clear()
        browser.asked.clear()
        browser.open(path, width)
        return browser

    return open_page


# --- what a page is made of ----------------------------------------------------------------------


OUR_TAGS = frozenset({
    "html", "head", "meta", "title", "style", "body", "a", "header", "h1", "h2", "h3", "p", "nav", "main", "section",
    "dl", "dt", "dd", "div", "span", "i", "b", "ul", "li", "table", "caption", "thead", "tbody", "tfoot", "tr", "th",
    "td", "figure", "figcaption", "svg", "line", "polyline", "details", "summary", "footer", "script", "input", "label",
    "output",
})  # fmt: skip


class Read(HTMLParser):
    """What a browser makes of a page: elements with their attributes, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.scripts: list[str] = []
        self.within = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        self.within = tag

    def handle_endtag(self, tag):
        self.within = ""

    def handle_data(self, data):
        (self.scripts if self.within == "script" else self.texts).append(data.replace("\u00a0", " "))


@pytest.fixture
def safe_page() -> Callable[[str], Read]:
    """Reads a page and holds it against what every page keeps: our elements alone, no handlers, no addresses but within
    the page, one script that the policy names, styles of numbers and colours."""

    def read(text: str) -> Read:
        page = Read(text)
        assert {tag for tag, _ in page.elements} <= OUR_TAGS
        names = {name for _, attributes in page.elements for name in attributes}
        assert not {name for name in names if name.startswith("on")}
        assert not names & {"src", "srcset", "action", "formaction", "poster", "background", "xlink:href"}
        targets = [attributes["href"] for _, attributes in page.elements if "href" in attributes]
        keys = {attributes.get("id") for _, attributes in page.elements}
        assert targets
        assert all(target.startswith("#") and target[1:] in keys for target in targets)
        for _, attributes in page.elements:
            style = attributes.get("style", "")
            assert re.fullmatch(r"(?:[-a-z]+:(?:-?[\d.]+(?:%|px)?|#[0-9A-Fa-f]{3,6});?)*", style), style
        assert len(page.scripts) == 1
        digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
        policies = [
            a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy"
        ]
        assert len(policies) == 1
        assert policies[0].startswith("default-src 'none';")
        assert f"script-src 'sha256-{digest}'" in policies[0]
        assert not re.search(r"url\(|@import", text)
        return page

    return read
