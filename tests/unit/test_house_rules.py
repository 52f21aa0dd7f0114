"""Rules of the house that a machine can check."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from stand_in_conda import PYPI_NAMES

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "workflow/scripts").glob("*.py"))
MODULES = sorted((ROOT / "workflow/scripts/seedbed").rglob("*.py"))
RULES = {
    name: text
    for path in sorted((ROOT / "workflow/rules").glob("*.smk"))
    for name, text in re.findall(r"^rule (\w+):\n((?:    .*\n|\n)*)", path.read_text() + "\n", re.M)
}


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_thin_and_read_no_config(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 40
    assert "snakemake.config" not in text
    assert path.stem in RULES, "a script is named as its rule"
    assert "with job_log(snakemake.log[0]):" in text


def test_modules_are_short() -> None:
    assert [name_of(path) for path in MODULES if len(path.read_text().splitlines()) > 300] == []


def test_the_core_knows_no_study_and_only_the_engine_snakemake() -> None:
    """Whether a text speaks of them: what is imported, ``test_house_arrows.py`` sees."""
    rooms = {path: path.relative_to(ROOT / "workflow/scripts/seedbed").parts[0] for path in MODULES}
    others = [path for path, room in rooms.items() if room not in ("core", "report")]
    assert [name_of(path) for path in others if "snakemake." in re.sub(r"``[^`]*``", "", path.read_text())] == []
    core = [path for path, room in rooms.items() if room == "core"]
    study = r"from \.\.(?!core)\w|import seedbed\.(?!core)"
    assert [name_of(path) for path in core if re.search(study, path.read_text())] == []


def test_headings_of_docstrings_stand_on_lines_of_their_own() -> None:
    """``Notes -----`` in one line is what a formatter makes of a heading without an empty line before it."""
    joined = [name_of(path) for path in MODULES if re.search(r"\w -{4,}( |$)", path.read_text(), re.M)]
    assert joined == []


def test_files_of_tests_are_of_a_length_that_is_read() -> None:
    assert [name_of(path) for path in (ROOT / "tests").rglob("*.py") if len(path.open().readlines()) > 330] == []


@pytest.mark.parametrize("name", [name for name, text in RULES.items() if "script:" in text])
def test_rules_have_log_environment_docstring_and_threads(name: str) -> None:
    text = RULES[name]
    for part in ('"""', "log:", "conda:", "threads:", "script:", "params:"):
        assert part in text, part
    assert not re.search(r"\brun:|\bshell:|lambda", text)


def test_rule_files_are_short() -> None:
    """What needs none of Snakemake's objects is in the package."""
    long = [path.name for path in (ROOT / "workflow/rules").glob("*.smk") if len(path.read_text().splitlines()) > 150]
    assert long == []


def test_environments_agree_with_the_requirements() -> None:
    pins = dict(re.findall(r"^([\w.-]+)==(\S+)$", (ROOT / "requirements.txt").read_text(), re.M))
    pins = {name.lower().replace("_", "-"): version for name, version in pins.items()}
    for path in (ROOT / "envs").glob("*.yaml"):
        env = yaml.safe_load(path.read_text())
        assert env["channels"] == ["conda-forge", "nodefaults"]
        for name, version in (entry.split("=") for entry in env["dependencies"]):
            name = PYPI_NAMES.get(name, name)
            assert version == ("3.11" if name == "python" else pins[name]), f"{path.name}: {name}"


def test_every_environment_is_used_and_exists() -> None:
    named = {Path(text).stem for rule in RULES.values() for text in re.findall(r'"(\S+\.yaml)"', rule)}
    from seedbed.core.study import load_study, study_names

    named |= {load_study(name).environment for name in study_names()}
    assert named == {path.stem for path in (ROOT / "envs").glob("*.yaml")}


def test_every_requirement_is_exact() -> None:
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text().splitlines() if line and line[0] not in "#-"]
        assert lines and all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines), name


def test_test_files_have_names_of_their_own() -> None:
    """pytest imports them by their names alone."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names))
