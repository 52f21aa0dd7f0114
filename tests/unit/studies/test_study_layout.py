"""The same file names in every study, and in the skeleton: who knows one finds his way in all."""

from __future__ import annotations

from pathlib import Path

import pytest
from seedbed.core.study_folders import OURS

SKELETON = Path(__file__).parents[3] / "docs/skeleton/location"
FOLDERS = [*sorted(path.parent for path in OURS.glob("*/study.py")), SKELETON]
FILES = {
    "__init__.py", "study.py", "scenarios.py", "methods.py", "adapter.py", "metrics.py", "claims.yaml",
    "references.bib", "data", "figures", "benchmarks",
}  # fmt: skip
TABLES = {
    "study.py": {"METRICS", "FIGURES", "STUDY"},
    "scenarios.py": {"GENERATORS", "SCENARIOS"},
    "methods.py": {"METHODS"},
}
WHERE_NEEDED = {"peers", "networks", "tasks", "controls.py", "contract.py"}


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_study_has_these_files_and_no_others(folder: Path) -> None:
    names = {path.name for path in folder.iterdir()} - {"__pycache__"}
    assert names >= FILES and names - FILES <= WHERE_NEEDED
    assert {"METHODS", "GENERATORS", "SCENARIOS"} <= set(
        tables(folder / "methods.py") + tables(folder / "scenarios.py")
    )
    assert {"METRICS", "FIGURES", "STUDY"} <= set(tables(folder / "study.py"))
    assert (folder / "benchmarks/cases.py").is_file()


def tables(path: Path) -> list[str]:
    """Names in capitals that a module sets, not those that it imports."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.partition(" = ")[0] for line in lines if line.partition(" = ")[0].isupper()]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_references_are_bibtex(folder: Path) -> None:
    """Every entry has a key of its own, a title and a year or a place; braces are closed."""
    text = (folder / "references.bib").read_text(encoding="utf-8")
    entries = ["@" + entry for entry in text.split("\n@")] if text.startswith("@") else []
    entries = [entry.replace("@@", "@") for entry in entries]
    assert entries and all(entry.count("{") == entry.count("}") for entry in entries)
    keys = [entry.partition("{")[2].partition(",")[0] for entry in entries]
    assert len(set(keys)) == len(keys) and all(key.isidentifier() for key in keys)
    for entry in entries:
        assert "title = {" in entry and ("year = {" in entry or "howpublished" in entry), entry
