"""A method has a test: its class is fitted in one, not only named in one."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from seedbed.core.study_folders import study_names

HERE = Path(__file__).parent
HELPERS = HERE.parents[1]


def fits_every_method(source: str, helpers: Path = HELPERS) -> list[str]:
    """The tests of a module that run for each of ``STUDY.methods`` and call an adapter's ``fit``, by way of others too.

    How they are called is read from the source, and that of the helpers in ``tests/`` which it imports: a fit of every
    method here again would double the time of the tests.
    """
    tree = ast.parse(source)
    shared = [helpers / f"{node.module}.py" for node in tree.body if isinstance(node, ast.ImportFrom)]
    read = [ast.parse(path.read_text("utf-8")) for path in shared if path.is_file()]
    functions = {node.name: node for one in (*read, tree) for node in one.body if isinstance(node, ast.FunctionDef)}

    def reaches_fit(name: str, seen: frozenset[str] = frozenset()) -> bool:
        called = set(calls(functions[name]))
        inner = (called & functions.keys()) - seen
        return "methods.fit" in called or any(reaches_fit(one, seen | {name}) for one in inner)

    return [name for name, node in functions.items() if for_every_method(node) and reaches_fit(name)]


def for_every_method(node: ast.FunctionDef) -> bool:
    return any(ast.unparse(one).endswith("parametrize('name', STUDY.methods)") for one in node.decorator_list)


def calls(node: ast.AST) -> Iterator[str]:
    return (ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call))


@pytest.mark.parametrize("study", study_names())
def test_the_class_of_every_method_is_fitted_in_a_test(study: str) -> None:
    """The skeleton's are fitted in its run (``tests/workflow/test_skeleton.py``)."""
    found = [name for path in (HERE / study).glob("test_*.py") for name in fits_every_method(path.read_text("utf-8"))]
    assert found, (
        f"no test in {HERE.name}/{study} is @pytest.mark.parametrize('name', STUDY.methods) and calls methods.fit"
    )


LOOP = '@pytest.mark.parametrize("name", STUDY.methods)\n'


@pytest.mark.parametrize(
    ("source", "found"),
    [
        (f"{LOOP}def test_a(name):\n    methods.fit(name)\n", ["test_a"]),
        (f"def run(name):\n    methods.fit(name)\n{LOOP}def test_a(name):\n    run(name)\n", ["test_a"]),
        (f"{LOOP}def test_a(name):\n    assert name\n", []),
        ("def test_a():\n    methods.fit('kmeans')\n", []),
    ],
)
def test_a_test_that_only_names_methods_does_not_count(source: str, found: list[str]) -> None:
    assert fits_every_method(source) == found


def test_a_fit_in_a_helper_counts(tmp_path: Path) -> None:
    source = f"from fits import run\n{LOOP}def test_a(name):\n    run(name)\n"
    assert fits_every_method(source, tmp_path) == []
    (tmp_path / "fits.py").write_text("def run(name):\n    methods.fit(name)\n", encoding="utf-8")
    assert fits_every_method(source, tmp_path) == ["test_a"]
