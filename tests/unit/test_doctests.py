"""The examples in docstrings are true."""

from __future__ import annotations

import ast
import doctest
import importlib
from pathlib import Path

import pytest
import seedbed

ROOT = Path(seedbed.__file__).parent
MODULES = [
    ".".join(("seedbed", *path.relative_to(ROOT).with_suffix("").parts))
    for path in sorted(ROOT.rglob("*.py"))
    if ">>>" in path.read_text()
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name: str) -> None:
    """Every docstring of the file, also of classes that say they belong to a facade, which doctest would leave out."""
    module = importlib.import_module(name)
    tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
    documented = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ">>>" in (ast.get_docstring(node) or "")
    ]
    runner = doctest.DocTestRunner()
    for node in documented:
        label, text = getattr(node, "name", name), ast.get_docstring(node) or ""
        runner.run(doctest.DocTestParser().get_doctest(text, dict(vars(module)), label, name, None))
    assert runner.tries and not runner.failures
