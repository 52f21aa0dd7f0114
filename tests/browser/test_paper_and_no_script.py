"""What is printed, and what is there without JavaScript."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from browser_window import Opened
from playwright.sync_api import Browser, expect


def pages(pdf: Path) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes()))


@pytest.mark.parametrize("opens", ["", "#{study}"])
def test_paper_has_summary_ledger_and_heat_maps_on_a_few_pages(
    browser: Browser, report: Path, tmp_path: Path, opens: str
) -> None:
    """Ctrl+P and the button do the same: the browser's own print."""
    opened = Opened(browser, report, scheme="dark")
    page, studies = opened.page, opened.parts()[1:]
    page.goto(report.as_uri() + opens.format(study=studies[0]))
    page.pdf(path=tmp_path / "report.pdf", format="A4")
    claims = page.locator(".claim-row").count()
    assert 2 <= pages(tmp_path / "report.pdf") <= 2 + claims / 8 + len(studies)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.locator("#paper table.data:visible").count() >= len(studies)
    assert page.locator("#paper h2:visible").count() == len(studies)
    assert page.locator("li.claim:visible").count() == page.locator("li.claim").count()
    assert page.locator("#summary h1:visible").count() == 1
    for gone in ("nav", ".tools", "figure", "#provenance", "#cost", "#theme", ".ledger-filters"):
        assert page.locator(gone).locator("visible=true").count() == 0, gone
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#paper > *").count() == 0
    assert opened.errors == []
    opened.context.close()


def test_the_button_prints(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    opened.page.evaluate("() => { window.printed = 0; window.print = () => { window.printed += 1; }; }")
    opened.page.locator("#print").click()
    assert opened.page.evaluate("window.printed") == 1
    opened.context.close()


def test_without_javascript_the_saved_pictures_stand_for_the_charts(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(report.as_uri())
    expect(page.locator("noscript .banner")).to_be_visible()
    assert page.locator("button:visible, select:visible, input:visible").count() == 0
    assert page.locator(".claim-row:visible").count() > 20
    charts = page.locator("figure.chart img.saved")
    assert charts.count() > 10 and page.locator("section.study:visible").count() > 1
    assert page.locator("img.carried:visible").count() == 0
    for fold in page.locator("details.scenario > summary").all()[:2]:
        fold.click()
    picture = page.locator("details.scenario[open] img.saved").first
    picture.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    assert picture.bounding_box()["height"] > 60, "the browser has found the file"
    assert not [text for text in refused if "Content Security Policy" in text]
    context.close()


def test_without_javascript_the_contents_lead_everywhere(browser: Browser, report: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.goto(report.as_uri())
    for link in page.locator("#contents a").all()[::6]:
        link.click()
        expect(page.locator(f"[id='{link.get_attribute('href')[1:]}']")).to_be_in_viewport()
    context.close()
