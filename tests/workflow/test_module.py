"""The workflow as a module of another one: below a folder of its own, up to report and archive."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml
from project import ROOT, TOYS, toy_config
from seedbed.core.keeping.crate import METADATA

MODULE = """
configfile: "mine.yaml"

module seedbed:
    snakefile: "{snakefile}"
    config: config["seedbed"]
    prefix: "below/here"

use rule * from seedbed as seedbed_*
"""


@pytest.fixture(scope="module")
def outer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Another project, with a table of its own and one method of its own, and the workflow elsewhere."""
    folder = tmp_path_factory.mktemp("another project")
    config = toy_config()
    study = config["studies"]["clustering"]
    mine = {"scenario": "user_table", "params": {"path": "tables/mine.csv", "label_column": "kind"}}
    study |= {"replicates": 2, "scenarios": {"mine": mine}, "methods": {"threshold": study["methods"]["threshold"]}}
    (folder / "tables").mkdir()
    (folder / "tables/mine.csv").write_text("x,kind\n" + "".join(f"{i},{'ab'[i % 2]}\n" for i in range(20)))
    for name in ("toy_threshold.py", "toy_helper.py"):
        (folder / name).write_text((TOYS / name).read_text())
    (folder / "mine.yaml").write_text(yaml.safe_dump({"seedbed": config}))
    (folder / "Snakefile").write_text(MODULE.format(snakefile=ROOT / "Snakefile"))
    command = [sys.executable, "-m", "snakemake", "--cores", "2", "seedbed_archive"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert done.returncode == 0, done.stdout
    return folder


def test_everything_lies_below_the_folder(outer: Path) -> None:
    report = (outer / "below/here/results/report.html").read_text()
    assert 'id="clustering-mine"' in report and 'id="clustering-isotropic"' not in report
    record = json.loads((outer / "below/here/results/provenance.json").read_text())
    assert record["status_counts"] == {"ok": 2}
    assert not (outer / "results").exists() and not (outer / "logs").exists()
    again = subprocess.run(
        [sys.executable, "-m", "snakemake", "-n", "seedbed_all"], cwd=outer, capture_output=True, text=True
    )
    assert "Nothing to be done" in again.stdout + again.stderr


def test_its_archive_is_that_of_any_run(outer: Path) -> None:
    with zipfile.ZipFile(outer / "below/here/results/seedbed.crate.zip") as archive:
        names = set(archive.namelist())
    assert {METADATA, "Snakefile", "tables/mine.csv", "toy_threshold.py", "archived/clustering/scores.parquet"} <= names
    assert not [name for name in names if name.startswith(("below", "results"))]
