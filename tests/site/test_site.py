"""The documentation: built without a warning, complete, its links lead somewhere, readable on a telephone and by all.

One file, since the site is built once for each process that has tests of it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import seedbed
from axe_playwright_python.sync_playwright import Axe
from browser_window import Opened
from playwright.sync_api import Browser
from sphinx.util.inventory import InventoryFile

PACKAGE = Path(seedbed.__file__).parent
DOCS = PACKAGE.parents[2] / "docs"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
LOOKED_AT = [
    "index.html", "density.html", "usage.html", "glossary.html", "repository/config.html", "api/clustering.html",
    "api/clustering/KMeansSDP.html", "api/density/HighDimensionalKDE.html", "examples/log_bessel.html",
    "examples/index.html",
]  # fmt: skip


class Page(HTMLParser):
    """The places in a page, and where its links and pictures lead."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.places: set[str] = set()
        self.targets: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = dict(attrs)
        self.places.add(known.get("id") or "")
        self.targets += [known[name] or "" for name in ("href", "src") if name in known]


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in sorted(site.rglob("*.html"))}


def public_names() -> Iterator[str]:
    """Of every library, as its facade's table has them."""
    for facade in sorted(PACKAGE.glob("*/__init__.pyi")):
        library = facade.parent.name
        tree = ast.parse((PACKAGE / library / "__init__.py").read_text(encoding="utf-8"))
        table = next(ast.literal_eval(node) for node in ast.walk(tree) if isinstance(node, ast.Dict))
        yield from (f"seedbed.{library}.{name}" for name in table)


def test_every_public_name_has_a_page_of_its_own(site: Path) -> None:
    with (site / "objects.inv").open("rb") as file:
        inventory = InventoryFile.load(file, "", lambda base, page: page)
    found = {name: entry for kind in inventory.values() for name, entry in kind.items()}
    for name in public_names():
        _, library, last = name.split(".")
        assert found[name].uri.partition("#")[0] == f"api/{library}/{last}.html", name


def test_every_page_of_docs_is_on_the_site(site: Path) -> None:
    places = [path.relative_to(DOCS) for path in DOCS.rglob("*.md")]
    assert [place for place in places if not (site / place.with_suffix(".html")).is_file()] == []
    scripts = [path.stem for path in (DOCS / "gallery").glob("*.py")]
    assert scripts and all((site / f"examples/{name}.html").is_file() for name in scripts)


def test_links_lead_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    lost = set()
    for path, page in pages.items():
        for target in page.targets:
            file, _, place = target.partition("#")
            file = file.partition("?")[0]
            if re.match(r"[a-z]+:|//", target):
                continue
            there = (path.parent / unquote(file)).resolve() if file else path
            if not there.is_file() or (place and there in pages and unquote(place) not in pages[there].places):
                lost.add(f"{path.relative_to(site)}: {target}")
    assert lost == set()


def test_pages_ask_for_nothing_from_elsewhere(pages: dict[Path, Page]) -> None:
    """Neither scripts nor fonts: only links that a reader follows may lead away."""
    for path in pages:
        loaded = re.findall(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"((?:https?:)?//[^\"]+)", path.read_text())
        assert loaded == [], path.name


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_no_page_is_wider_than_its_window(browser: Browser, site: Path, width: int, scheme: str) -> None:
    opened = Opened(browser, site / "index.html", width, scheme)
    wide = {}
    for name in LOOKED_AT:
        opened.page.goto((site / name).as_uri())
        if opened.page.evaluate(TOO_WIDE) > 0:
            wide[name] = opened.page.evaluate(TOO_WIDE)
    assert wide == {}
    assert opened.errors == []
    opened.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(browser: Browser, site: Path, scheme: str) -> None:
    opened = Opened(browser, site / "index.html", scheme=scheme)
    for name in LOOKED_AT:
        opened.page.goto((site / name).as_uri())
        found = Axe().run(opened.page, options={"resultTypes": ["violations"]}).response["violations"]
        serious = [
            (rule["id"], [node["html"][:160] for node in rule["nodes"][:3]])
            for rule in found
            if rule["impact"] in ("serious", "critical")
        ]
        assert serious == [], name
    opened.context.close()
