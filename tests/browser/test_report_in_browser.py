"""What a reader does with the report, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_window import Opened
from playwright.sync_api import Browser, Page, expect
from seedbed.core.study import study_names

# Pairs of texts of one drawing that cover each other by more than a hair.
OVERLAPS = """() => {
  const found = [], seen = (text) => getComputedStyle(text).opacity !== "0";
  for (const svg of document.querySelectorAll("figure.chart svg")) {
    const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim() && seen(text));
    const boxes = texts.map((text) => text.getBoundingClientRect());
    for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
      const wide = Math.min(boxes[i].right, boxes[j].right) - Math.max(boxes[i].left, boxes[j].left);
      const high = Math.min(boxes[i].bottom, boxes[j].bottom) - Math.max(boxes[i].top, boxes[j].top);
      const pair = [texts[i].textContent, texts[j].textContent].join(" / ");
      if (wide > 2 && high > 4) found.push(`${svg.closest("figure").id}: ${pair}`);
    }
  }
  return found;
}"""
# Texts of one drawing that stick out of it.
CUT = """() => [...document.querySelectorAll("figure.chart svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 3 || box.right > frame.right + 3;
  }).map((text) => `${svg.closest("figure").id}: ${text.textContent}`);
})"""
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everything_is_drawn_without_an_error_a_request_or_an_overlap(
    browser: Browser, report: Path, width: int, scheme: str
) -> None:
    opened = Opened(browser, report, width, scheme)
    opened.draw_all()
    page = opened.page
    for study in study_names():
        assert page.locator(f"#{study}").is_visible()
        assert page.locator(f'figure.chart[data-study="{study}"] svg').count() >= 6
    assert page.evaluate(TOO_WIDE) <= 0
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(CUT) == []
    assert opened.errors == []
    outside = [url for url in opened.requests if not url.startswith(("data:", "blob:"))]
    assert outside == [report.as_uri()]
    opened.context.close()


@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})])
def test_accessibility(browser: Browser, report: Path, scheme: str, rules: dict) -> None:
    opened = Opened(browser, report, scheme=scheme)
    opened.draw_all()
    once = {"exclude": [["details.scenario ~ details.scenario .canvas"]]}  # drawings are alike in all scenarios
    found = Axe().run(opened.page, context=once, options={"resultTypes": ["violations"]} | rules).response["violations"]
    serious = [
        (rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
        for rule in found
        if rule["impact"] in ("serious", "critical")
    ]
    assert serious == []
    opened.context.close()


def test_tables_sort_filter_and_download(page: Page) -> None:
    table = page.locator('table[data-name="claims"]')
    table.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('table[data-name=claims]').classList.contains('dataTable')")
    heads = table.locator("thead th")
    by_p = next(index for index in range(heads.count()) if heads.nth(index).inner_text().startswith("p\n"))
    cells, numbers = table.locator(f"tbody tr td:nth-child({by_p + 1})"), "cells => cells.map(c => +c.dataset.order)"
    for order, backwards in (("ascending", False), ("descending", True)):
        heads.nth(by_p).click()
        expect(heads.nth(by_p)).to_have_attribute("aria-sort", order)
        values = cells.evaluate_all(numbers)
        assert values == sorted(values, reverse=backwards) and len(set(values)) > 1

    box = page.get_by_label("Filter", exact=False).first
    everything = table.locator("tbody tr").count()
    box.fill("k-means")
    expect(table.locator("tbody tr")).not_to_have_count(everything)
    assert table.locator("tbody tr").count() > 0
    box.fill("")
    expect(table.locator("tbody tr")).to_have_count(everything)

    with page.expect_download() as downloading:
        page.locator("#claims ~ .scroll button", has_text="Download CSV").click()
    lines = Path(downloading.value.path()).read_text(encoding="utf-8-sig").strip().splitlines()
    assert lines[0].startswith('"Claim","Study","Verdict"') and len(lines) == everything + 1
    assert downloading.value.suggested_filename == "claims.csv"


def test_verdicts_can_be_picked(page: Page) -> None:
    table = page.locator('table[data-name="claims"]')
    chip = page.locator('button[data-verdict="not tested here"]')
    chip.click()
    shown = table.locator("tbody tr:visible").evaluate_all("rows => rows.map(row => row.dataset.verdict)")
    assert set(shown) == {"not tested here"} and chip.get_attribute("aria-pressed") == "true"
    page.locator('button[data-verdict=""]').click()
    assert table.locator("tbody tr:visible").count() > len(shown)


@pytest.mark.parametrize("study", study_names())
def test_methods_can_be_switched_off_in_tables_and_figures(page: Page, study: str) -> None:
    section = page.locator(f'section[data-study="{study}"]')
    section.locator("details.methods").evaluate("part => part.open = true")
    figure = section.locator("figure.chart").first
    figure.scroll_into_view_if_needed()
    figure.locator("svg").wait_for()
    chip = section.locator("button.chip[data-method]").first
    name = chip.get_attribute("data-method")
    axis = figure.locator("svg .role-axis-label text")
    before = sorted(axis.all_text_contents())
    rows = section.locator(f'tr[data-method="{name}"]:visible')
    assert rows.count() > 0
    chip.click()
    assert rows.count() == 0
    expect(axis).not_to_have_count(len(before))
    assert set(axis.all_text_contents()) < set(before)
    chip.click()
    expect(axis).to_have_count(len(before))
    assert sorted(axis.all_text_contents()) == before and rows.count() > 0
    section.locator("details.methods").evaluate("part => part.open = false")


def test_another_metric_can_be_picked_and_a_figure_downloaded(page: Page) -> None:
    figure = page.locator("figure.chart[data-figure^='scores.']").first
    figure.scroll_into_view_if_needed()
    figure.locator("svg").wait_for()
    title = figure.locator("svg .role-axis-title").last
    before = title.text_content()
    figure.locator("select").select_option(index=1)
    expect(title).not_to_have_text(before)
    for kind, start in (("csv", "method,"), ("svg", "<svg"), ("png", "\\x89PNG")):
        with page.expect_download() as downloading:
            figure.locator(f'button[data-save="{kind}"]').click()
        content = Path(downloading.value.path()).read_bytes()
        assert content.startswith(start.encode("latin-1").decode("unicode_escape").encode("latin-1")), kind
        assert downloading.value.suggested_filename.endswith(kind)
    figure.locator("select").select_option(index=0)


def test_a_link_unfolds_what_it_leads_to(browser: Browser, report: Path, page: Page) -> None:
    folded = page.locator("details.scenario:not([open])").last.get_attribute("id")
    opened = Opened(browser, report, anchor=f"#{folded}")
    assert opened.page.locator(f"[id='{folded}']").evaluate("part => part.open")
    assert opened.page.locator(f"[id='{folded}'] table").first.is_visible()
    opened.context.close()


def test_light_and_dark_can_be_switched(page: Page) -> None:
    colour = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(colour)
    page.locator("#theme").click()
    assert page.evaluate(colour) != light
    page.locator("#theme").click()
    assert page.evaluate(colour) == light


def test_every_place_has_an_address_and_every_link_a_place(page: Page) -> None:
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map(part => part.id)")
    assert len(ids) == len(set(ids))
    targets = page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => decodeURIComponent(link.hash.slice(1)))"
    )
    assert set(targets) <= set(ids)
    without = page.evaluate(
        "[...document.querySelectorAll('main h2, main section.study h3')].filter(head => !head.id).length"
    )
    assert without == 0


def test_it_prints(browser: Browser, report: Path, tmp_path: Path) -> None:
    opened = Opened(browser, report, scheme="dark")
    opened.draw_all()
    opened.page.pdf(path=tmp_path / "report.pdf", format="A4")
    assert (tmp_path / "report.pdf").read_bytes()[:4] == b"%PDF"
    assert opened.errors == []
    opened.context.close()
