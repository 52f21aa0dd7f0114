"""A report of all studies, opened from disk in the system's Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from browser_window import Opened
from playwright.sync_api import Browser, Page


@pytest.fixture(scope="module")
def page(browser: Browser, report: Path) -> Iterator[Page]:
    """One window for the tests that leave it as they found it."""
    opened = Opened(browser, report)
    yield opened.page
    assert opened.errors == []
    opened.context.close()
