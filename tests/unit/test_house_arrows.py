"""Who may import whom: a table of folders, read from the sources, so that no spelling of an import escapes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
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


def imported(name: str, path: Path, tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Modules of the package that a file imports, wherever in it and however written, with the line."""
    package = name.split(".") if path.name == "__init__.py" else name.split(".")[:-1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                member = f"{source}.{alias.name}"
                yield (member if member in FILES else source), node.lineno


def folder_of(name: str) -> str:
    return FILES[name].parent.relative_to(PACKAGE).as_posix()


class WithoutTypes(ast.NodeTransformer):
    """Takes away what only a type checker reads."""

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        return node.orelse if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


def arrows(name: str, path: Path, types: bool = True) -> list[tuple[str, str, str, int]]:
    """(folder, folder that is imported from, module, line) of one module."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = imported(name, path, tree if types else WithoutTypes().visit(tree))
    return [(folder_of(name), folder_of(other), other, line) for other, line in found if other in FILES]


@pytest.mark.parametrize("name", FILES)
def test_imports_go_where_they_may(name: str) -> None:
    wrong = [
        f"line {line}: {other}"
        for folder, target, other, line in arrows(name, FILES[name])
        if target not in (".", folder)
        and (
            not any(f"{target}/".startswith(f"{place}/") for place in allowed(folder))
            or (folder in ARROWS and target not in ARROWS[folder])
        )
    ]
    assert wrong == [], f"{name} imports what its folder may not"


@pytest.mark.parametrize("name", [name for name in FILES if "snakemake" in FILES[name].read_text(encoding="utf-8")])
def test_only_the_engine_knows_snakemake(name: str) -> None:
    tree = ast.parse(FILES[name].read_text(encoding="utf-8"))
    known = {module.partition(".")[0] for module, _ in imported(name, FILES[name], tree)}
    assert "snakemake" not in known or folder_of(name).startswith(("core", "report"))


def test_no_folder_and_no_module_imports_itself_in_a_circle() -> None:
    """What only a type checker reads draws no arrow: it makes no folder need another."""
    for level in ("folder", "module"):
        graph: dict[str, set[str]] = {}
        for name, path in FILES.items():
            for folder, target, other, _ in arrows(name, path, types=False):
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
"""
    found = [other for other, _ in imported("seedbed.core.errors", PACKAGE / "core/errors.py", ast.parse(spellings))]
    assert found == ["seedbed.clustering.controls"] * 5


@pytest.mark.parametrize("name", FILES)
def test_imports_have_one_style(name: str) -> None:
    """``from .neighbour`` within a folder, ``from seedbed...`` from any other.

    Within a study ``..`` may stand for the study, which is moved as a whole.
    """
    most = len(Path(folder_of(name)).parts) - 1 if folder_of(name).startswith("studies/") else 1
    nodes = [
        node
        for node in ast.walk(ast.parse(FILES[name].read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom)
    ]
    assert [f"line {node.lineno}" for node in nodes if node.level > most] == []


@pytest.mark.parametrize("path", [p for p in FILES.values() if p.name == "__init__.py"], ids=lambda p: p.parent.name)
def test_packages_hold_a_docstring_only(path: Path) -> None:
    """The digest of a job's code does not follow them. The version and the facades of the libraries are elsewhere."""
    place = path.parent.relative_to(PACKAGE).as_posix()
    if place in (".", *LIBRARIES):
        return
    [node] = ast.parse(path.read_text(encoding="utf-8")).body
    assert isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
