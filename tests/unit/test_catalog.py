"""What a stranger may expect of the repository, in the manner of nf-core's lint: files, versions, docs, commands."""

from __future__ import annotations

import dataclasses
import re
import shlex
import subprocess
import sys
from pathlib import Path

import jsonschema
import numpy as np
import pytest
import seedbed
import yaml
from own_study import STUDIES
from seedbed.core.judging.tables import REQUIRED
from seedbed.core.study import load_study

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "data/README.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
NEEDED = """
README.md LICENSE CITATION.cff CHANGELOG.md CONTRIBUTING.md SECURITY.md Snakefile config.yaml config/README.md
Makefile
.snakemake-workflow-catalog.yml pyproject.toml requirements.txt requirements-dev.txt data/README.md
workflow/schemas/config.schema.yaml profiles/default/profile.yaml profiles/slurm/profile.yaml .ci/run
.editorconfig .gitattributes .pre-commit-config.yaml docs/decisions/README.md
docs/usage.md docs/environments.md docs/outputs.md docs/extending.md docs/faq.md docs/rulegraph.md
containers/Dockerfile containers/seedbed.def .github/workflows/test.yml
"""


def tracked() -> list[Path]:
    """Files of the repository; outside of one (an unpacked archive) there is nothing to check."""
    done = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True)
    names = done.stdout.split("\n") if done.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", NEEDED.split())
def test_the_file_is_there(path: str) -> None:
    assert (ROOT / path).stat().st_size > 0


def test_no_leftovers_and_nothing_of_one_machine() -> None:
    """Markers are spelt in two parts here, so that this file does not find itself."""
    markers = ["TO" + "DO", "FIX" + "ME", "X" + "XX", "<" * 7, ">" * 7, "cookie" + "cutter"]
    places = [f"/{name}/" for name in ("work", "ro" + "ot", "home", "Users")]
    hosts = ["py" + "pi.org", "python" + "hosted", "npm" + "js", "deb." + "debian", "conda." + "anaconda"]
    pattern = re.compile(
        "|".join(map(re.escape, [*markers, *hosts])) + "|" + "|".join(rf"(?<![\w.~}}>-]){p}" for p in places)
    )
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in pattern.finditer(text)]
    assert found == []


def test_no_large_file() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > 2**20] == []


# ---- versions, citation, changelog


def releases() -> list[tuple[str, str]]:
    return re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d{2}-\d{2})$", read("CHANGELOG.md"), re.M)


def test_versions_agree() -> None:
    citation = yaml.safe_load(read("CITATION.cff"))
    newest = releases()[0]
    assert str(citation["version"]) == seedbed.__version__ == newest[0]
    assert str(citation["date-released"]) == newest[1]
    assert 'version = { attr = "seedbed.__version__" }' in read("pyproject.toml")


def test_changelog_is_kept_as_it_says() -> None:
    text = read("CHANGELOG.md")
    headings = re.findall(r"^## (.+)$", text, re.M)
    assert headings[0] == "[Unreleased]" and len(headings) == len(releases()) + 1
    versions = [tuple(map(int, version.split("."))) for version, _ in releases()]
    assert versions == sorted(versions, reverse=True)
    kinds = set(re.findall(r"^### (.+)$", text, re.M))
    assert kinds <= {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}


# The keys that Citation File Format 1.2.0 has at its top level, and the types of those we use.
CITATION_KEYS = """
abstract authors cff-version commit contact date-released doi identifiers keywords license license-url message
preferred-citation references repository repository-artifact repository-code title type url version
"""
CITATION_SCHEMA = {
    "type": "object",
    "required": ["authors", "cff-version", "message", "title"],
    "propertyNames": {"enum": CITATION_KEYS.split()},
    "properties": {
        "cff-version": {"const": "1.2.0"},
        "type": {"enum": ["dataset", "software"]},
        "license": {"const": "MIT"},
        "date-released": {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2}$"},
        "keywords": {"type": "array", "uniqueItems": True, "minItems": 1, "items": {"type": "string"}},
        "authors": {
            "type": "array",
            "minItems": 1,
            "items": {"anyOf": [{"required": ["name"]}, {"required": ["family-names", "given-names"]}]},
        },
        "message": {"type": "string", "minLength": 1},
        "title": {"type": "string", "minLength": 1},
    },
}


def test_citation_is_valid() -> None:
    """What `cffconvert --validate` checks; it asks for a jsonschema of 2020, so it is not among our requirements."""
    citation = yaml.load(read("CITATION.cff"), Loader=yaml.BaseLoader)
    jsonschema.validate(citation, CITATION_SCHEMA)


def test_catalog_has_what_it_asks_for() -> None:
    entry = yaml.safe_load(read(".snakemake-workflow-catalog.yml"))["usage"]
    assert set(entry) == {"mandatory-flags", "software-stack-deployment", "report"}
    assert set(entry["software-stack-deployment"]) == {"conda", "apptainer", "apptainer+conda"}
    text = read("README.md").lower()
    assert "snakemake" in text and "workflow" in text and list((ROOT / "workflow/rules").glob("*.smk"))


# ---- workflows on GitHub


def test_github_runs_make_targets_and_nothing_else() -> None:
    targets = set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
    for path in (ROOT / ".github/workflows").glob("*.yml"):
        jobs = yaml.safe_load(path.read_text(encoding="utf-8"))["jobs"]
        commands = [step["run"] for job in jobs.values() for step in job["steps"] if "run" in step]
        assert commands and {command.split()[0] for command in commands} == {"make"}, path.name
        assert {word for command in commands for word in command.split()[1:]} <= targets, path.name


# ---- docs


def blocks(path: Path, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", path.read_text(encoding="utf-8"), re.M | re.S)


def commands() -> list[tuple[str, str]]:
    """Every command that a page tells its reader to type, with the page's name."""
    found = []
    for page in PAGES:
        text = "\n".join(blocks(page, "sh")).replace("\\\n", " ")
        lines = [line.partition("#")[0].strip() for line in text.split("\n")]
        lines += [
            line.strip("`") for line in re.findall(r"`(?:snakemake|make) [^`\n]*`", page.read_text(encoding="utf-8"))
        ]
        found += [(page.relative_to(ROOT).as_posix(), line) for line in lines if re.match(r"(snakemake|make) ", line)]
    return list(dict.fromkeys(found))


STAND_INS = {"N": "2", "FILE": "results/seedbed.crate.zip", "X": "clustering"}


@pytest.mark.parametrize(("page", "line"), commands(), ids=lambda value: str(value)[:60])
def test_a_command_of_the_docs_can_be_typed(page: str, line: str) -> None:
    """Options exist, config files and profiles are there, targets are rules or results."""
    words = [STAND_INS.get(word, word) for word in shlex.split(line.partition(" > ")[0])]
    if words[0] == "make":
        targets = {word for word in words[1:] if "=" not in word}
        assert targets <= set(re.findall(r"^([a-z-]+):", read("Makefile"), re.M))
        assert all(f"$${word.partition('=')[0]}" in read("Makefile") for word in words[1:] if "=" in word)
        return
    from snakemake.cli import parse_args

    _, arguments = parse_args(words[1:])
    for path in [*(arguments.configfile or []), arguments.workflow_profile]:
        # a file that the page has its reader write, or that a command before writes
        written = f"`{path}`:\n" in read(page) or f"--pilot {path}\n" in read(page)
        assert path is None or written or (ROOT / path).exists(), path
    keys = yaml.safe_load(read("workflow/schemas/config.schema.yaml"))["properties"]
    assert set((arguments.config and dict(item.split("=", 1) for item in arguments.config)) or {}) <= set(keys)
    rules = set(re.findall(r"^rule (\w+):", "".join(p.read_text() for p in ROOT.glob("workflow/rules/*.smk")), re.M))
    for target in arguments.targets or []:
        assert target in rules | {"all"} or target.startswith("results/"), target


def test_links_of_the_docs_lead_somewhere() -> None:
    for page in PAGES:
        for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8")):
            assert target.startswith("https://") or (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.slow
def test_rulegraph_is_current() -> None:
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        from rulegraph import PAGE, rulegraph
    finally:
        sys.path.pop(0)
    assert PAGE.read_text(encoding="utf-8") == rulegraph(ROOT / "config.yaml"), "run: python docs/rulegraph.py"


def test_every_column_of_every_table_is_described() -> None:
    text = read("docs/outputs.md")
    for table, columns in REQUIRED.items():
        found = re.search(rf"^`{table}\.(csv|parquet)`: (.*?)(?=\n\n`\w+\.|\n## )", text, re.M | re.S)
        assert found, f"docs/outputs.md says nothing of the columns of {table}"
        if table == "costs":  # names its status columns as such
            columns = [name for name in columns if "_" in name and name not in ("not_converged", "out_of_memory")]
        missing = [name for name in columns if f"`{name}`" not in found.group()]
        assert not missing, f"{table}: {missing}"


# ---- studies


@pytest.mark.usefixtures("beside_the_skeleton")
@pytest.mark.parametrize("name", STUDIES)
def test_methods_have_a_label_and_a_source(name: str) -> None:
    for method, entry in load_study(name).methods.items():
        assert entry.label, f"{method}: no label"
        assert entry.reference or entry.role in ("control", "oracle"), f"{method}: no reference"


def test_studies_of_the_default_run_are_in_the_readme() -> None:
    for page in ("README.md", "docs/usage.md"):
        rows = set(re.findall(r"^\| `(\w+)` \|", read(page), re.M))
        assert set(yaml.safe_load(read("config.yaml"))["studies"]) <= rows, page


def test_the_first_screen_has_the_picture_the_findings_and_how_each_of_three_ways_begins() -> None:
    screen = "\n".join(read("README.md").splitlines()[:45])
    for begins in (
        "docs/ledger/ledger.svg",
        "<!-- findings",
        "make run ",
        "make ledger ",
        "make preview FILE=",
        "make check-method METHOD=",
        "make study NAME=",
        "tutorials/my-table.md",
        "tutorials/my-method.md",
        "tutorials/my-study.md",
    ):
        assert begins in screen, begins


def test_the_tables_that_a_figure_may_read_are_listed() -> None:
    from seedbed.core.figures.figure_tables import Tables

    listed = set(re.findall(r"tables\.(\w+)", read("docs/extending.md")))
    offered = {field.name for field in dataclasses.fields(Tables)} | {"cells", "first_data"}
    assert listed == offered


@pytest.mark.slow
def test_code_of_the_libraries_pages_runs() -> None:
    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1, 2], 16)
    points = rng.normal(5.0 * labels[:, None], 0.3, (48, 20))
    known = {"X": points, "y": labels, "directions": points / np.linalg.norm(points, axis=1, keepdims=True)}
    known["samples"] = rng.normal(points[:, :1], 1.0, (48, 30))
    known["graph"] = np.triu(rng.random((48, 48)) < np.where(labels[:, None] == labels, 0.5, 0.1), 1)
    known["graph"] = (known["graph"] | known["graph"].T).astype(float)
    for page in ("docs/library.md", "docs/proximity.md"):
        for code in blocks(ROOT / page, "python"):
            exec(compile(code, page, "exec"), known)
    assert len(set(known["labels"])) == 3 and np.isfinite(known["value"])
