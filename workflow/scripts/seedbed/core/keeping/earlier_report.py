"""The report of an earlier run says so itself, from the start of a run until that run has written its own.

The page cannot know that the config has changed since, or that a run was broken off. So a run that begins writes it
into the page, and a run that ends well takes it out again.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path

from seedbed.core.files import atomic_path

PLACE = "<!-- banner of a later run -->"
_BANNER = re.compile(r'<p class="banner later".*?</p>', re.S)


def mark_report(report: Path) -> None:
    """A run begins: until it has ended, the report is that of an earlier one."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    text = f"A later run began at {now} UTC and has not ended well: this page shows the results of an earlier one."
    _rewrite(report, f'{PLACE}<p class="banner later" role="status">{text} Run snakemake again to finish it.</p>')


def unmark_report(report: Path) -> None:
    """A run has ended well: what the page shows is what there is."""
    _rewrite(report, PLACE)


def without_mark(page: str) -> str:
    """The page as its own run wrote it."""
    return _BANNER.sub("", page, count=1)


def _rewrite(report: Path, place: str) -> None:
    """The page's date stays that of its results: nothing that is made from it is older for a banner."""
    if not report.exists():
        return
    page = report.read_text(encoding="utf-8", errors="surrogateescape")  # a page that was cut off stays as it is
    changed = without_mark(page).replace(PLACE, place, 1)
    if changed != page:
        status = report.stat()
        with atomic_path(report) as part:
            part.write_text(changed, encoding="utf-8", errors="surrogateescape")
            os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
