"""docs/outputs.md against a run, in both directions."""

from __future__ import annotations

import re

from project import ROOT, Project

# Made by a command of their own, or by a method that is tuned, which the toys are not.
ON_DEMAND = {"<study>/benchmark.csv", "seedbed.crate.zip", "<study>/<scenario>/tuning/<method>.json"}
ON_DEMAND |= {f"<study>/<scenario>/answer/{name}" for name in ("labels.csv", "model.npz", "page.html")}
ON_DEMAND |= {f"<study>/figures/<figure>.{suffix}" for suffix in ("png", "pdf")}


def test_every_file_is_described_and_every_description_has_a_file(finished_project: Project) -> None:
    text = (ROOT / "docs/outputs.md").read_text(encoding="utf-8")
    described = set(re.findall(r"^\| `results/([^`]+)` \|", text, re.M))
    patterns = {path: re.compile(re.sub(r"<\w+>", "[^/]+", path.replace(".", r"\."))) for path in described}
    files = {path for path in finished_project.state() if not path.endswith(".snakemake_timestamp")}
    assert [path for path in sorted(files) if not any(known.fullmatch(path) for known in patterns.values())] == []
    made = {path for path, known in patterns.items() if any(map(known.fullmatch, files))}
    assert described - made == ON_DEMAND


def test_no_file_holds_pickled_objects(finished_project: Project) -> None:
    import numpy as np

    for path in finished_project.files("**/*.npz"):
        with np.load(path, allow_pickle=False) as archive:
            assert not any(archive[name].dtype.hasobject for name in archive.files)


def test_code_of_the_docs_runs_on_results(finished_project: Project, monkeypatch) -> None:
    monkeypatch.chdir(finished_project.folder)
    for code in re.findall(r"^```python\n(import pandas.*?)^```$", (ROOT / "docs/usage.md").read_text(), re.M | re.S):
        exec(compile(code, "docs/usage.md", "exec"), {})
