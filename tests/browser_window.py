"""The report in a window of the system's Chromium."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window on the screen."""
    if CHROMIUM is None:
        pytest.skip("chromium is not installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*OPTIONS])
        yield browser
        browser.close()


class Opened:
    """The report in a window, and what it complained of or asked for."""

    def __init__(
        self, browser: Browser, report: Path, width: int = 1280, scheme: str = "light", anchor: str = ""
    ) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.goto(report.as_uri() + anchor)

    def open_part(self, name: str) -> None:
        """Go to a study, or with no name to what speaks of all of them."""
        self.page.evaluate("(name) => { location.hash = name || 'summary'; }", name)
        expect(self.page.locator(f'.part[data-part="{name}"]')).to_be_visible()

    def draw_part(self, name: str) -> None:
        """Open it, unfold everything in it, and wait for every figure and every table."""
        self.page.evaluate("drawPart", name)
        undrawn = self.page.locator(f'.part[data-part="{name}"] figure.chart:not(:has(svg))')
        expect(undrawn).to_have_count(0, timeout=60_000)

    def parts(self) -> list[str]:
        """The studies, after what speaks of all of them."""
        studies = "[...document.querySelectorAll('noscript[data-part]')].map((part) => part.dataset.part)"
        return ["", *self.page.evaluate(studies)]
