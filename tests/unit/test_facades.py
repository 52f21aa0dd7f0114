"""Public names: where they come from, what pickles call them, and what importing them brings along."""

from __future__ import annotations

import ast
import importlib
import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
import seedbed

PACKAGE = Path(seedbed.__file__).parent
FACADES = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.pyi"))
NAMES = [(library, name) for library in FACADES for name in importlib.import_module(f"seedbed.{library}").__all__]


@pytest.mark.parametrize("library", FACADES)
def test_editors_see_the_same_names_from_the_same_modules(library: str) -> None:
    tree = ast.parse((PACKAGE / library / "__init__.py").read_text(encoding="utf-8"))
    table = next(ast.literal_eval(node) for node in ast.walk(tree) if isinstance(node, ast.Dict))
    stubs = ast.parse((PACKAGE / library / "__init__.pyi").read_text(encoding="utf-8")).body
    seen = {alias.asname: node.module for node in stubs for alias in node.names}
    assert seen == table
    assert all(node.level == 1 and alias.name == alias.asname for node in stubs for alias in node.names)


@pytest.mark.parametrize(("library", "name"), NAMES)
def test_a_public_class_is_pickled_by_its_public_name(library: str, name: str) -> None:
    """A pickle of today loads whatever folder the class lies in tomorrow."""
    found = getattr(importlib.import_module(f"seedbed.{library}"), name)
    if inspect.isclass(found):
        assert found.__module__ == f"seedbed.{library}"
        assert pickle.loads(pickle.dumps(found)) is found


@pytest.mark.parametrize("library", FACADES)
def test_importing_a_library_imports_none_of_its_modules(library: str) -> None:
    code = f"import sys, seedbed.{library} as here; dir(here); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=PACKAGE.parent, capture_output=True, text=True, check=True)
    assert [name for name in ast.literal_eval(done.stdout) if name.startswith(f"seedbed.{library}.")] == []


def test_a_name_that_is_not_there() -> None:
    with pytest.raises(ImportError, match="cannot import name 'KMean'"):
        from seedbed.clustering import KMean  # noqa: F401
