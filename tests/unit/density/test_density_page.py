"""The page docs/density.md: its code runs from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[3] / "docs/density.md"


@pytest.mark.slow
def test_the_code_of_the_page_runs(capsys):
    known: dict = {}
    for code in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S):
        exec(compile(code, PAGE.name, "exec"), known)
    assert re.search(r"fewer than 4\.\d of 1000 points", capsys.readouterr().out)
