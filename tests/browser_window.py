"""The report in a window of the system's Chromium."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Page

OPTIONS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


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

    def draw_all(self) -> None:
        """Unfold everything, and wait for every figure and every table."""
        self.page.evaluate("prepareToPrint()")
        self.page.evaluate("Promise.all([...document.querySelectorAll('table.data')].map(makeTable))")
        self.page.wait_for_function(
            "[...document.querySelectorAll('figure.chart')].every((figure) => figure.querySelector('svg'))"
        )
