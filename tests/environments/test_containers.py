"""The container recipes: what requirements.txt pins, on the Python of the environments, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from project import ROOT, Project

RECIPES = sorted((ROOT / "containers").iterdir())


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.name)
def test_a_recipe_installs_the_pinned_versions_and_nothing_else(path) -> None:
    text = path.read_text()
    environment = yaml.safe_load((ROOT / "envs/base.yaml").read_text())
    python = next(entry for entry in environment["dependencies"] if entry.startswith("python="))
    assert re.findall(r"^from:? (\S+)$", text, re.M | re.I) == [f"{python.replace('=', ':')}-slim-bookworm"]
    target = "/opt/seedbed/requirements.txt"
    assert re.search(rf"requirements\.txt {target}$", text, re.M)
    installs = re.findall(r"^(?!#).*\b(?:pip|conda|apt-get)\b.* install (.*)$", text, re.M)
    assert [line.replace("--no-cache-dir ", "") for line in installs] == [f"--requirement {target}"]
    assert "PYTHONNOUSERSITE=1" in text and "snakemake" in text.splitlines()[-1] + text.splitlines()[-2]


def test_snakemake_can_write_a_recipe_with_an_environment_per_rule(
    run_with_conda, new_small_project: Callable[[Path], Project], tmp_path: Path
) -> None:
    project = new_small_project(tmp_path / "project")
    done = run_with_conda(project, "--containerize", "dockerfile", "--", "all", "benchmark", "archive", "verify")
    copied = re.findall(r"^COPY (envs/\S+\.yaml) ", done.stdout, re.M)
    assert copied == [f"envs/{path.name}" for path in sorted((ROOT / "envs").glob("*.yaml"))]
