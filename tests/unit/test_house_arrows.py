"""Who may import whom: a table of folders, read from the sources, so that no spelling of an import escapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "workflow/scripts"
PACKAGE = ROOT / "seedbed"
STUDIES = sorted(path.parent.name for path in PACKAGE.glob("studies/*/study.py"))
LIBRARIES = sorted(
    {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"answers", "core", "studies", "report", "user_data"}
)


def allowed(folder: str) -> tuple[str, ...]:
    """What the modules of a folder may import of the package, besides its own name and version (``seedbed``)."""
    parts = folder.split("/")
    if parts[0] == "studies" and len(parts) > 1:
        return (f"studies/{parts[1]}", "core", "user_data", *LIBRARIES)
    if parts[0] == "answers":  # what is done with a study's method, for whoever has chosen it
        return ("answers", "core", "user_data", "clustering")
    if parts[0] == "diffusion":
        return ("diffusion", "directional")  # the denoiser of a sphere is a ratio of Bessel functions
    return {".": ("core",), "core": ("core",), "report": ("report", "core"), "user_data": ("user_data",)}.get(
        parts[0], (parts[0],)
    )


# arrows between the folders of a library whose folders build on each other: measures know no partition
PROXIMITY = {
    "proximity/graphs": set(),
    "proximity/measures": {"proximity/graphs"},
    "proximity/partitions": {"proximity/graphs", "proximity/measures"},
    "proximity/files": {"proximity/graphs"},
    "proximity/clustering": {"proximity/graphs", "proximity/measures", "proximity/partitions"},
}
# arrows between the folders of the engine: a job does not plan, a judge does not run
CORE = {
    "core": {"core", "core/job_records"},
    "core/job_records": {"core"},
    "core/isolation": {"core"},
    "core/programs": {"core"},
    "core/config": {"core"},
    "core/recall": {"core"},
    "core/code": {"core", "core/config", "core/isolation", "core/recall"},
    "core/statistics": {"core"},
    "core/judging": {"core", "core/job_records", "core/statistics"},
    "core/planning": {"core", "core/job_records", "core/config", "core/code", "core/judging", "core/recall"},
    "core/figures": {"core"},
    "core/job_processes": {"core", "core/isolation"},
    "core/jobs": {
        "core",
        "core/job_records",
        "core/job_processes",
        "core/isolation",
        "core/judging",
        "core/statistics",
    },
    "core/commands": {"core", "core/config", "core/judging", "core/planning"},
    "core/method_check": {
        "core",
        "core/config",
        "core/job_records",
        "core/code",
        "core/isolation",
        "core/jobs",
        "core/planning",
    },  # a job of one fit, looked at closely
    "core/keeping": {
        "core",
        "core/job_records",
        "core/config",
        "core/code",
        "core/judging",
        "core/job_processes",
        "core/planning",
    },  # what is kept knows all
}
ARROWS = {**CORE, **PROXIMITY}


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


FILES = {module_name(path): path for path in sorted(PACKAGE.rglob("*.py"))}


def import_nodes(tree: ast.AST, types: bool = False) -> Iterator[tuple[ast.Import | ast.ImportFrom, bool]]:
    """Imports wherever in a file, and whether only a type checker reads them."""
    guard = isinstance(tree, ast.If) and ast.unparse(tree.test) == "TYPE_CHECKING"
    for field, value in ast.iter_fields(tree):
        for child in value if isinstance(value, list) else [value]:
            unseen = types or (guard and field == "body")
            if isinstance(child, ast.Import | ast.ImportFrom):
                yield child, unseen
            elif isinstance(child, ast.AST):
                yield from import_nodes(child, unseen)


def modules_of(name: str, path: Path, node: ast.Import | ast.ImportFrom) -> list[str]:
    """The modules that an import names, however it is written."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    base = package[: len(package) - node.level + 1] if node.level else []
    source = ".".join([*base, *([node.module] if node.module else [])])
    members = [f"{source}.{alias.name}" for alias in node.names]
    return [member if member in FILES else source for member in members]


@dataclass(frozen=True)
class Import:
    """One module that a file imports."""

    module: str
    line: int
    level: int
    for_types: bool


@cache
def imports_of(name: str) -> list[Import]:
    """What a file of the package imports; each file is read once."""
    path = FILES[name]
    return [
        Import(module, node.lineno, getattr(node, "level", 0), types)
        for node, types in import_nodes(ast.parse(path.read_text(encoding="utf-8")))
        for module in modules_of(name, path, node)
    ]


def folder_of(name: str) -> str:
    return FILES[name].parent.relative_to(PACKAGE).as_posix()


FOLDERS: dict[str, list[str]] = {}
for module in FILES:
    FOLDERS.setdefault(folder_of(module), []).append(module)


def arrows(name: str, types: bool = True) -> list[tuple[str, str, str, int]]:
    """(folder, folder that is imported from, module, line) of one module."""
    found = [each for each in imports_of(name) if each.module in FILES and (types or not each.for_types)]
    return [(folder_of(name), folder_of(each.module), each.module, each.line) for each in found]


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_go_where_they_may(folder: str) -> None:
    wrong = [
        f"{name}, line {line}: {other}"
        for name in FOLDERS[folder]
        for _, target, other, line in arrows(name)
        if target not in (".", folder)
        and (
            not any(f"{target}/".startswith(f"{place}/") for place in allowed(folder))
            or (folder in ARROWS and target not in ARROWS[folder])
        )
    ]
    assert wrong == [], "imports what its folder may not"


def test_only_the_engine_knows_snakemake() -> None:
    others = [name for name in FILES if not folder_of(name).startswith(("core", "report"))]
    assert [name for name in others for each in imports_of(name) if each.module.partition(".")[0] == "snakemake"] == []


def test_no_folder_and_no_module_imports_itself_in_a_circle() -> None:
    """What only a type checker reads draws no arrow: it makes no folder need another."""
    for level in ("folder", "module"):
        graph: dict[str, set[str]] = {}
        for name in FILES:
            for folder, target, other, _ in arrows(name, types=False):
                here, there = (folder, target) if level == "folder" else (name, other)
                if here != there and there != ".":
                    graph.setdefault(here, set()).add(there)
        assert circle(graph) == [], level


def circle(graph: dict[str, set[str]]) -> list[str]:
    """What is left when everything that imports nothing (that is left) is taken away."""
    left = dict(graph)
    while free := [node for node in left if not left[node] & set(left)]:
        for node in free:
            del left[node]
    return sorted(left)


def test_the_guard_sees_every_spelling() -> None:
    spellings = """
import seedbed.clustering.controls
from seedbed.clustering import controls
from seedbed.clustering.controls import RandomLabels
from ..clustering import controls
def late():
    from ..clustering.controls import RandomLabels
if TYPE_CHECKING:
    from ..clustering.controls import RandomLabels
"""
    errors = "seedbed.core.errors", PACKAGE / "core/errors.py"
    found = [(modules_of(*errors, node), types) for node, types in import_nodes(ast.parse(spellings))]
    assert found == [(["seedbed.clustering.controls"], False)] * 5 + [(["seedbed.clustering.controls"], True)]


@pytest.mark.parametrize("folder", FOLDERS)
def test_imports_have_one_style(folder: str) -> None:
    """``from .neighbour`` within a folder, ``from seedbed...`` from any other.

    Within a study ``..`` may stand for the study, which is moved as a whole.
    """
    most = len(Path(folder).parts) - 1 if folder.startswith("studies/") else 1
    imports = [(name, each) for name in FOLDERS[folder] for each in imports_of(name)]
    assert [f"{name}, line {each.line}" for name, each in imports if each.level > most] == []


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder not in (".", *LIBRARIES)])
def test_packages_hold_a_docstring_only(folder: str) -> None:
    """The digest of a job's code does not follow them. The version and the facades of the libraries are elsewhere."""
    [node] = ast.parse((PACKAGE / folder / "__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
