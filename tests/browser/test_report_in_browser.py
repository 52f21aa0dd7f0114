"""What a reader does with the report, in a real browser."""

from __future__ import annotations

import re
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
# Texts of one drawing that stick out of it; labels that have no room Vega leaves in, not to be seen.
CUT = """() => [...document.querySelectorAll("figure.chart svg")].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  const seen = (text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0";
  return [...svg.querySelectorAll("text")].filter(seen).filter((text) => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 3 || box.right > frame.right + 3;
  }).map((text) => `${svg.closest("figure").id}: ${text.textContent}`);
})"""
UNLOADED = "all('.part:not([hidden]) img').filter((one) => !one.naturalWidth).map((one) => one.alt)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_everything_is_drawn_without_an_error_a_request_or_an_overlap(
    browser: Browser, report: Path, width: int, scheme: str
) -> None:
    opened = Opened(browser, report, width, scheme)
    page = opened.page
    assert opened.parts() == ["", *study_names()]
    for part in opened.parts():
        opened.draw_part(part)
        assert page.locator(f"#{part or 'summary'}").is_visible()
        assert not part or page.locator(f'figure.chart[data-study="{part}"] svg').count() >= 4
        assert page.evaluate(TOO_WIDE) <= 0
        assert page.evaluate(OVERLAPS) == []
        assert page.evaluate(CUT) == []
        assert page.evaluate(UNLOADED) == []
    assert opened.errors == []
    outside = [url for url in opened.requests if not url.startswith(("data:", "blob:"))]
    assert outside == [report.as_uri()]
    opened.context.close()


@pytest.mark.parametrize(("scheme", "rules"), [("light", {}), ("dark", {"runOnly": ["color-contrast"]})])
def test_accessibility(browser: Browser, report: Path, scheme: str, rules: dict) -> None:
    opened = Opened(browser, report, scheme=scheme)
    once = {"exclude": [["details.scenario ~ details.scenario .canvas"]]}  # drawings are alike in all scenarios
    options = {"resultTypes": ["violations"]} | rules
    for part in opened.parts()[:3]:
        opened.draw_part(part)
        found = Axe().run(opened.page, context=once, options=options).response["violations"]
        serious = [
            (rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == [], part
    opened.context.close()


def test_tables_sort_filter_and_download(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    page = opened.page
    opened.open_part(opened.parts()[1])
    table = page.locator('table[data-name$="-which"]').first
    table.scroll_into_view_if_needed()
    expect(table).to_have_class(re.compile(r"\bdataTable\b"))  # not by a script: the policy runs none but the page's
    heads = table.locator("thead th")
    cells, numbers = table.locator("tbody tr td:nth-child(2)"), "cells => cells.map(c => +c.dataset.order)"
    for order, backwards in (("ascending", False), ("descending", True)):
        heads.nth(1).click()
        expect(heads.nth(1)).to_have_attribute("aria-sort", order)
        values = cells.evaluate_all(numbers)
        assert values == sorted(values, reverse=backwards) and len(set(values)) > 1

    kind = page.locator("details.kind").first
    box = kind.get_by_label("Filter", exact=False)
    everything = table.locator("tbody tr").count()
    box.fill("iLA")
    expect(table.locator("tbody tr")).not_to_have_count(everything)
    assert table.locator("tbody tr").count() > 0
    box.fill("")
    expect(table.locator("tbody tr")).to_have_count(everything)

    with page.expect_download() as downloading:
        kind.locator("button", has_text="Download CSV").click()
    lines = Path(downloading.value.path()).read_text(encoding="utf-8-sig").strip().splitlines()
    assert lines[0].startswith('"Method",') and len(lines) == everything + 1
    assert downloading.value.suggested_filename.endswith("-which.csv")
    opened.context.close()


@pytest.mark.parametrize("study", study_names())
def test_methods_can_be_switched_off_in_tables_and_figures(page: Page, study: str) -> None:
    page.evaluate("(study) => { location.hash = study; }", study)
    page.evaluate("for (const fold of all('details.scenario, details.kind')) fold.open = true")
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
    page.evaluate("(study) => { location.hash = study; }", study_names()[0])
    page.evaluate("for (const fold of all('details.scenario')) fold.open = true")
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
    page.evaluate("(study) => { location.hash = study; }", study_names()[-1])
    folded = page.locator("details.scenario").last.get_attribute("id")
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


def test_every_place_has_an_address_and_every_link_a_place(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    for part in opened.parts():
        opened.open_part(part)
    ids = opened.page.evaluate("[...document.querySelectorAll('[id]')].map(part => part.id)")
    assert len(ids) == len(set(ids))
    targets = opened.page.evaluate(
        "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => decodeURIComponent(link.hash.slice(1)))"
    )
    assert set(targets) <= set(ids)
    without = opened.page.evaluate(
        "[...document.querySelectorAll('main h2, main section.study h3')].filter(head => !head.id).length"
    )
    assert without == 0
    opened.context.close()


def test_studies_are_made_when_they_are_opened_and_none_is_heavy(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    page, count = opened.page, "document.querySelectorAll('*').length"
    first = page.evaluate(count)
    assert page.locator("section.study, figure.chart, table.data[data-name$='-which']").count() == 0
    for part in opened.parts()[1:]:
        opened.open_part(part)
    assert page.evaluate(count) > 1.5 * first, "much of the page is in the studies"
    assert page.locator(".part:visible").count() == 1
    client = opened.context.new_cdp_session(page)
    client.send("Performance.enable")
    heap = {entry["name"]: entry["value"] for entry in client.send("Performance.getMetrics")["metrics"]}
    assert heap["JSHeapUsedSize"] < 60e6
    opened.context.close()


def test_other_metrics_of_a_table_are_shown_when_asked_for(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    page = opened.page
    opened.open_part(opened.parts()[1])
    scenario = page.locator("details.scenario:has(button.columns)").first
    scenario.evaluate("part => part.open = true")
    table, button = scenario.locator("table.data").first, scenario.locator("button.columns")
    more = table.locator(".more")
    expect(table.locator("thead th:visible")).to_have_count(5)
    assert more.count() > 0
    button.click()
    expect(more.first).to_be_visible()
    button.click()
    expect(more.first).to_be_hidden()
    opened.context.close()


def test_tables_of_methods_and_scenarios_fit_on_a_wide_screen(browser: Browser, report: Path) -> None:
    """Five columns, before and after the tables get their tools."""
    opened = Opened(browser, report)
    costs = "[...document.querySelectorAll('section[aria-labelledby=cost] th')].filter((cell) => cell.offsetParent)"
    assert opened.page.evaluate(f"{costs}.filter((cell) => cell.scope === 'col').length") == 5
    for name in opened.parts()[1:]:
        opened.open_part(name)
        wide = opened.page.evaluate(
            """(name) => {
              const part = document.querySelector(`.part[data-part="${name}"]`);
              for (const fold of part.querySelectorAll(".kind, .scenario")) fold.open = true;
              return [...part.querySelectorAll(":is(.kind, .scenario) .scroll")]
                .filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.ariaLabel);
            }""",
            name,
        )
        assert wide == [], name
    opened.context.close()
