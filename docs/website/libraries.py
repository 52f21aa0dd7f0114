"""The libraries and their public names, as their facades have them."""

from __future__ import annotations

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "workflow/scripts/seedbed"


def libraries() -> list[str]:
    """Packages with a facade: those that have an ``__init__.pyi`` for editors."""
    return sorted(path.parent.name for path in PACKAGE.glob("*/__init__.pyi"))


def facade(library: str) -> dict[str, str]:
    """Public name to module below ``seedbed``, read from the source, so that nothing is imported.

    >>> facade("clustering")["KMeansSDP"]
    'clustering.kmeans_sdp.estimator'
    """
    tree = ast.parse((PACKAGE / library / "__init__.pyi").read_text(encoding="utf-8"))
    places = [
        (alias.asname, node.module) for node in tree.body if isinstance(node, ast.ImportFrom) for alias in node.names
    ]
    return {name: f"{library}.{module}" for name, module in sorted(places, key=lambda pair: str(pair[0]).lower())}
