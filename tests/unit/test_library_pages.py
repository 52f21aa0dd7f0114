"""The code of the libraries' pages runs from top to bottom; it asserts what the pages say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.slow
@pytest.mark.parametrize("page", ["clustering", "directional", "grassmann", "index", "reduction"])
def test_the_code_of_the_page_runs(page: str) -> None:
    known: dict = {}
    blocks = re.findall(r"^```python\n(.*?)^```$", (DOCS / f"{page}.md").read_text(encoding="utf-8"), re.M | re.S)
    assert blocks
    for code in blocks:
        exec(compile(code, f"{page}.md", "exec"), known)
