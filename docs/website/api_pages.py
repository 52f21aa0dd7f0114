"""The pages of the API: one for each library, one for each public name. The facades are their list."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping
from typing import Any

from docstrings import plain
from libraries import facade, libraries


def api_pages() -> dict[str, str]:
    """File name to text, in reStructuredText."""
    pages = {}
    for library in libraries():
        module = importlib.import_module(f"seedbed.{library}")
        names = {name: getattr(module, name) for name in facade(library)}
        pages[f"{library}.rst"] = _library_page(library, inspect.getdoc(module) or "", names)
        for name, thing in names.items():
            pages[f"{library}/{name}.rst"] = _name_page(library, name, thing)
    return pages


def _titled(title: str) -> list[str]:
    return [title, "=" * len(title), ""]


def _library_page(library: str, about: str, names: Mapping[str, Any]) -> str:
    head = [*_titled(f"seedbed.{library}"), f".. py:currentmodule:: seedbed.{library}", "", about, ""]
    rows = [[f"* - :doc:`{name} <{library}/{name}>`", f"  - {_summary(thing)}"] for name, thing in names.items()]
    table = [f"   {line}" for row in rows for line in row]
    tree = [f"   {library}/{name}" for name in names]
    return "\n".join(
        [
            *head,
            *(".. list-table::", "   :widths: 35 65", "", *table, ""),
            *(".. toctree::", "   :hidden:", "", *tree, ""),
        ]
    )


def _name_page(library: str, name: str, thing: Any) -> str:
    head = [*_titled(name), f".. py:currentmodule:: seedbed.{library}", ""]
    if inspect.isclass(thing):
        options = ["   :members:", "   :inherited-members:"]
        return "\n".join([*head, f".. autoclass:: {name}", *options, ""])
    if callable(thing):
        return "\n".join([*head, f".. autofunction:: {name}", ""])
    return "\n".join([*head, f".. py:data:: {name}", f"   :type: {type(thing).__name__}", "", *_contents(thing), ""])


def _contents(thing: Any) -> list[str]:
    """What a constant holds, one line for each of its names."""
    said = isinstance(thing, Mapping) and all(inspect.isclass(value) for value in thing.values())
    lines = [f"- ``{key}``" + (f": {_summary(thing[key])}" if said else "") for key in thing]
    kind = "Names, and what they stand for:" if said else "The names:"
    return [f"   {line}" for line in (kind, "", *lines)]


def _summary(thing: Any) -> str:
    """The first sentence of a docstring, or what a constant has."""
    if not callable(thing):
        return f"{len(thing)} names"
    return plain(" ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split()))
