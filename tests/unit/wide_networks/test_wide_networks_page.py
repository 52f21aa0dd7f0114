"""The page docs/wide_networks.md: its code runs from top to bottom."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs/wide_networks.md"


def test_the_code_of_the_page_runs(capsys):
    known: dict = {}
    for code in re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S):
        exec(compile(code, PAGE.name, "exec"), known)
    assert re.search(r"depth \d, input bias", capsys.readouterr().out)
