"""Jumps land where they say, filters show what they say together, and the contents know where the reader is."""

from __future__ import annotations

from pathlib import Path

import pytest
from browser_window import Opened
from playwright.sync_api import Browser, Page, expect

TOP = "(id) => document.getElementById(id).getBoundingClientRect().top"
# Until nothing has moved for a third of a second: a part is opened, what comes near the screen is drawn, and takes its
# place. A place that is not there after a while is nowhere.
AT_REST = """(id) => new Promise((resolve) => {
  let before = NaN, since = performance.now();
  const end = since + 20000;
  const look = () => {
    const top = document.getElementById(id)?.getBoundingClientRect().top ?? NaN;
    if (Math.abs(top - before) > 1 || top !== top || before !== before) { before = top; since = performance.now(); }
    if (performance.now() - since > 300 || performance.now() > end) resolve(top); else requestAnimationFrame(look);
  };
  look();
})"""
AT_END = "innerHeight + scrollY >= document.documentElement.scrollHeight - 2"
HERE = "[...document.querySelectorAll('nav a[aria-current]')].map((link) => link.hash.slice(1))"


def is_there(page: Page, place: str) -> bool:
    """Under the edge of the window, or on the last screen."""
    top = page.evaluate(AT_REST, place)
    return -1 <= top <= 130 or (0 <= top <= 900 and page.evaluate(AT_END))


@pytest.mark.parametrize("width", [1280, 390])
def test_every_entry_of_the_contents_lands(browser: Browser, report: Path, width: int) -> None:
    opened = Opened(browser, report, width)
    page = opened.page
    missed, elsewhere, clicked = [], [], 0
    for part in opened.parts():
        if part:
            opened.open_part(part)
        entries = f'#contents li[data-part="{part}"] > ul a'
        entries += "" if part else ", #contents > details > ul > li > a"
        for link in page.locator(entries).all():
            place = link.evaluate("link => link.hash.slice(1)")
            page.evaluate("scrollTo(0, 0); document.querySelector('nav details').open = true")
            link.click()
            clicked += 1
            if not is_there(page, place):
                missed.append((place, page.evaluate(TOP, place)))
            elif page.evaluate(HERE) != [place] and not page.evaluate(AT_END):
                elsewhere.append((place, page.evaluate(HERE)))
    assert missed == [] and elsewhere == []
    assert clicked == page.locator("#contents a").count() > 20
    assert opened.errors == []
    opened.context.close()


def test_contents_follow_the_reader(browser: Browser, report: Path) -> None:
    """By pages down and up again: the entry is that of the last heading above the upper edge."""
    opened = Opened(browser, report)
    page = opened.page
    above = """() => all("#contents a").map((link) => document.getElementById(link.hash.slice(1)))
      .filter((place) => place?.checkVisibility() && place.getBoundingClientRect().top <= 80).at(-1)?.id ?? 'summary'"""
    for key in ("PageDown", "PageUp"):
        for _ in range(8):
            page.keyboard.press(key)
            page.wait_for_timeout(120)
            if not page.evaluate(AT_END):
                assert page.evaluate(HERE) == [page.evaluate(above)]
    opened.context.close()


def test_an_address_opens_where_it_says(browser: Browser, report: Path, page: Page) -> None:
    places = page.evaluate("[...document.querySelectorAll('nav a')].map((link) => link.hash.slice(1))")
    for place in places[6::5]:
        opened = Opened(browser, report, anchor=f"#{place}")
        assert is_there(opened.page, place), place
        assert opened.page.locator(".part:visible").count() == 1
        opened.context.close()


def test_back_leads_to_where_the_reader_was(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    first, second = opened.parts()[1:3]
    for name in (first, second):
        opened.page.locator(f'#contents li[data-part="{name}"] > a').click()
        expect(opened.page.locator(f"#{name}")).to_be_visible()
    opened.page.go_back()
    expect(opened.page.locator(f"#{first}")).to_be_visible()
    expect(opened.page.locator(f"#{second}")).to_be_hidden()
    opened.page.go_back()
    expect(opened.page.locator("#summary")).to_be_visible()
    opened.context.close()


def test_an_address_that_leads_nowhere_shows_the_summary(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report, anchor="#nothing-of-this-name%20%22")
    expect(opened.page.locator("#summary")).to_be_visible()
    assert opened.errors == []
    opened.context.close()


def test_methods_that_are_off_stay_off_when_a_filter_is_cleared(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    opened.open_part(opened.parts()[1])
    section = opened.page.locator("section.study").first
    table = section.locator('table.data[data-name$="-which"]').first
    table.evaluate("makeTable")
    rows = table.locator("tbody tr[data-method]")
    everything = rows.count()
    section.locator("details.methods").evaluate("part => part.open = true")
    box = section.get_by_label("Filter", exact=False).first
    box.fill("oracle")
    expect(rows).not_to_have_count(everything)
    section.locator("button.chip.none").click()
    box.fill("")
    expect(rows).to_have_count(0)
    section.locator("button.chip.all").click()
    expect(rows).to_have_count(everything)
    opened.context.close()


def test_the_choice_of_dark_or_light_is_kept(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report)
    colour, button = "getComputedStyle(document.body).backgroundColor", opened.page.locator("#theme")
    light = opened.page.evaluate(colour)
    assert button.get_attribute("aria-pressed") == "false"
    button.click()
    dark = opened.page.evaluate(colour)
    assert dark != light and button.get_attribute("aria-pressed") == "true"
    opened.page.reload()
    assert opened.page.evaluate(colour) == dark and button.get_attribute("aria-pressed") == "true"
    opened.context.close()
