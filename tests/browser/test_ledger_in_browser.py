"""The claims ledger: filters that are right together, links that show their claim, cards on a narrow screen."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from browser_window import Opened
from playwright.sync_api import Browser, Page, expect

ROWS = ".claim-row"
SHOWN = f"{ROWS}:not([hidden])"
FACTS = (
    f"[...document.querySelectorAll('{SHOWN}')]"
    ".map((row) => ({...row.dataset, of: row.closest('.claims-of').dataset.of}))"
)
LISTS = """(key) => [...document.querySelectorAll("ol.ledger")].map((list) => {
  return [...list.children].map((row) => row.dataset[key]);
})"""


@pytest.fixture
def ledger(browser: Browser, report: Path) -> Opened:
    opened = Opened(browser, report, anchor="#claims")
    yield opened
    assert opened.errors == []
    opened.context.close()


def rarest(page: Page, key: str) -> str:
    values = [row[key] for row in page.evaluate(FACTS)]
    return min(set(values), key=lambda value: (values.count(value), value))


def saved(page: Page) -> list[dict[str, str]]:
    with page.expect_download() as downloading:
        page.locator("#save-claims").click()
    assert downloading.value.suggested_filename == "claims.csv"
    return list(csv.DictReader(Path(downloading.value.path()).read_text(encoding="utf-8").splitlines()))


def test_filters_are_right_together_in_any_order(ledger: Opened) -> None:
    page = ledger.page
    everything = page.locator(ROWS).count()
    verdict, study = rarest(page, "verdict"), rarest(page, "of")
    form = page.locator(".ledger-filters")
    form.get_by_label("Filter").fill("k-means")
    some = page.locator(SHOWN).count()
    assert 0 < some < everything
    form.locator(f'button[data-verdict="{verdict}"]').click()
    assert {row["verdict"] for row in page.evaluate(FACTS)} <= {verdict}
    form.get_by_label("Filter").fill("")
    assert {row["verdict"] for row in page.evaluate(FACTS)} == {verdict}
    count = page.locator(SHOWN).count()
    assert f"{count} of {everything} claims" in form.locator(".shown").inner_text()
    assert len(saved(page)) == count
    form.get_by_label("Whose").select_option("paper")
    assert {(row["verdict"], row["origin"]) for row in page.evaluate(FACTS)} <= {(verdict, "paper")}
    form.locator('button[data-verdict=""]').click()
    form.get_by_label("Study").select_option(study)
    assert {(row["of"], row["origin"]) for row in page.evaluate(FACTS)} == {(study, "paper")}
    form.get_by_label("Whose").select_option("")
    form.get_by_label("Study").select_option("")
    assert page.locator(SHOWN).count() == everything


def test_groups_without_a_claim_that_is_shown_are_not_there(ledger: Opened) -> None:
    page = ledger.page
    page.locator(".ledger-filters").get_by_label("Filter").fill("no claim says this")
    assert page.locator(".claims-of:visible, .untested:visible").count() == 0
    page.locator(".ledger-filters").get_by_label("Filter").fill("")
    page.locator('.ledger-filters button[data-verdict="not tested here"]').click()
    assert page.locator(f"{SHOWN}:visible").count() == page.locator(SHOWN).count() > 0, "folded ones are unfolded"


def test_contradictions_come_first_and_the_order_can_be_changed(ledger: Opened) -> None:
    page = ledger.page
    order = ["contradicted", "reproduced", "no counterexample", "inconclusive"]
    lists = page.evaluate(LISTS, "verdict")
    assert all(verdicts == sorted(verdicts, key=order.index) for verdicts in lists) and len(lists) > 1
    page.evaluate("all('li.claim').forEach((row, place) => { row.dataset.p = -place; })")  # no two alike
    page.locator(".ledger-filters").get_by_label("Order").select_option("p")
    values = [[int(value) for value in column] for column in page.evaluate(LISTS, "p")]
    assert all(column == sorted(column) for column in values) and any(len(column) > 1 for column in values)
    page.locator(".ledger-filters").get_by_label("Order").select_option("verdict")
    assert page.evaluate(LISTS, "verdict") == lists


def test_a_link_to_a_claim_that_is_filtered_out_shows_and_marks_it(ledger: Opened) -> None:
    page = ledger.page
    first, last = (page.locator(ROWS).nth(place).get_attribute("id") for place in (0, -1))
    page.locator(".ledger-filters").get_by_label("Filter").fill("no claim says this")
    for claim in (first, last):
        page.evaluate("(id) => { location.hash = id; }", claim)
        expect(page.locator(f"#{claim}.linked")).to_be_visible()
        expect(page.locator(f"#{claim}")).to_be_in_viewport()
    assert page.locator(".linked").count() == 1


def test_a_link_in_a_study_leads_to_its_claims(ledger: Opened) -> None:
    study = ledger.parts()[1]
    ledger.open_part(study)
    ledger.page.locator(f'section.study a[href="#claims-{study}"]').first.click()
    expect(ledger.page.locator(f"#claims-{study}")).to_be_in_viewport()


def test_a_count_leads_to_the_claims_that_it_counts(ledger: Opened) -> None:
    page = ledger.page
    cards = page.locator("a.card")
    assert cards.count() >= 4
    for card in cards.all():
        count = int(card.locator(".big").inner_text())
        page.evaluate("location.hash = 'summary'")
        card.click()
        assert page.locator(SHOWN).count() == count


def test_what_is_saved_holds_every_number_in_full(ledger: Opened) -> None:
    rows = saved(ledger.page)
    assert len(rows) == ledger.page.locator(ROWS).count()
    assert {"study", "id", "verdict", "effect", "low", "high", "p_holm", "on_the_claims_side", "paper_figure"} <= set(
        rows[0]
    )
    told = [row for row in rows if row["effect"]]
    assert told and any(len(row["effect"]) > 8 for row in told)
    assert all(" of " in row["on_the_claims_side"] for row in told)


def test_on_a_narrow_screen_claims_are_cards_with_the_verdict_first(browser: Browser, report: Path) -> None:
    opened = Opened(browser, report, 390, anchor="#claims")
    page = opened.page
    for card in page.locator("li.claim").all()[:12]:
        verdict, statement, effect = (card.locator(name).bounding_box() for name in (".of", ".statement", ".effect"))
        assert verdict["y"] < statement["y"] < effect["y"]
        for part in (verdict, statement, effect):
            assert part["x"] >= 0 and part["x"] + part["width"] <= 390
    opened.context.close()


def test_a_keyboard_passes_the_ledger_with_one_key(ledger: Opened) -> None:
    page = ledger.page
    page.locator("#claims a.anchor").focus()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip the ledger"
    expect(page.locator("#claims ~ a.skip")).to_be_in_viewport()
    expect(page.locator("#claims")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#standings")).to_be_in_viewport()
    page.keyboard.press("Tab")
    assert page.evaluate("!document.activeElement.closest('#overview > [aria-labelledby=claims]')")
