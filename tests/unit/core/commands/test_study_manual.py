"""Pages of studies and entries of docs/usage.md are what the studies' tables say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from seedbed.core.commands.study_manual import study_manuals
from seedbed.core.planning.config import make_plan
from seedbed.core.study import load_claims, load_study

ROOT = Path(__file__).parents[4]
PAGES = ROOT / "docs/studies"


@pytest.fixture(scope="module")
def manuals() -> dict[str, str]:
    return study_manuals()


def test_pages_of_studies_are_in_step_with_their_tables(manuals: dict[str, str]) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    stale = [name for name in {*written, *manuals} if written.get(name) != manuals.get(name)]
    assert stale == [], "run: make pages"


def test_a_page_names_everything_once_in_its_table(manuals: dict[str, str]) -> None:
    for page, text in manuals.items():
        if page == "README.md":
            continue
        study = load_study(page.removesuffix(".md"))
        for name in (*study.scenarios, *study.methods, *study.metrics):
            assert re.search(rf"^\| `{name}` \|", text, re.M), name
        for name in (*study.generators, *(claim["id"] for claim in load_claims(study.name))):
            assert text.count(f"- **`{name}`**") == 1, name
        rows = [line for line in text.splitlines() if line.startswith("|")]
        widths = {len(re.findall(r"(?<!\\)\|", row)) - 1 for row in rows}
        assert widths <= {3, 4, 5}, "a bar within a cell would make another column"


def test_entries_to_copy_are_valid() -> None:
    text = (ROOT / "docs/usage.md").read_text(encoding="utf-8").partition("### Entries to copy")[2]
    config = yaml.safe_load(re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)[0])
    plan = make_plan(config)
    assert "sizes~n_points=240" in plan.studies["clustering"].scenarios
