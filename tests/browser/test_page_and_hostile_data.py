"""Whatever stands in the page, the browser asks no network and runs nothing but the page's own script."""

from __future__ import annotations

from pathlib import Path

from browser_window import Opened
from playwright.sync_api import Browser, Page

# What an attacker would write into a label, if it came through as HTML.
INJECTED = """
<script>window.acted = "script"</script>
<script src="http://127.0.0.1:9/a.js"></script>
<img src="http://127.0.0.1:9/a.png" onerror="window.acted = 'handler'">
<img src="x" onerror="window.acted = 'handler'">
<link rel="stylesheet" href="http://127.0.0.1:9/a.css"><style>@import "http://127.0.0.1:9/b.css";
body { background: url(http://127.0.0.1:9/b.png) }</style>
<iframe src="http://127.0.0.1:9/"></iframe><object data="http://127.0.0.1:9/o"></object>
<video src="http://127.0.0.1:9/v" autoplay></video><base href="http://127.0.0.1:9/">
<svg><image href="http://127.0.0.1:9/i.png"/><use href="http://127.0.0.1:9/u.svg#a"/></svg>
"""


def test_nothing_that_is_injected_acts_or_fetches(browser: Browser, report: Path, tmp_path: Path) -> None:
    page = report.read_text(encoding="utf-8")
    copy = tmp_path / "report.html"
    copy.write_text(page.replace("<main", f"{INJECTED}<main", 1), encoding="utf-8")
    opened = Opened(browser, copy)
    answers: list[str] = []
    opened.page.on("response", lambda response: answers.append(response.url))
    opened.draw_part(opened.parts()[1])
    assert opened.page.locator("figure.chart svg").count() > 0, "our own script still draws"
    assert opened.page.evaluate("window.acted") is None
    refused = [text for text in opened.errors if "Content Security Policy" in text or "violates the following" in text]
    assert len(refused) >= 8
    assert opened.page.evaluate("performance.getEntriesByType('resource').filter(e => e.responseStatus).length") == 0
    assert not [url for url in answers if url.startswith("http")]
    fetched = "async () => { try { await fetch('http://127.0.0.1:9/'); return 'fetched' } catch { return 'refused' } }"
    assert opened.page.evaluate(fetched) == "refused"
    opened.context.close()


def test_formulas_are_text_in_what_is_downloaded(page: Page) -> None:
    formulas = ["=1+1", "+a", "-a", "@SUM(1)", "\t=1", "\r=1", " =1", "-1+2", "=1e5", "+1-1", "＝1+1", "−a", "--1", "-"]
    shown = page.evaluate("(texts) => texts.map(defused)", formulas)
    expected = [text if text.startswith("−") else f"'{text}" for text in formulas]
    assert shown == expected
    plain = ["", "a", "1", "-1", "+1.5", "-.5e-3", "1e5", "-2.", "a=b", "a-b", "–", "k-means (n = 3)"]
    assert page.evaluate("(texts) => texts.map(defused)", plain) == plain
    rows = [{"label": '=HYPERLINK("http://a","b")', "value": -1.5, "note": "a;b"}, {"label": "x\ry", "+more": "@x"}]
    text = page.evaluate("(rows) => rowsOf({ data: { values: rows } })", rows)
    assert text.split("\n") == [
        "label,value,note,'+more",
        '"\'=HYPERLINK(""http://a"",""b"")",-1.5,"a;b",',
        '"x\ry",,,\'@x',
        "",
    ]
