"""References to a public name by the module that it lies in lead to its page, which is that of the facade's name."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from libraries import facade, libraries
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

_PUBLIC = {
    f"seedbed.{module}.{name}": f"seedbed.{library}.{name}"
    for library in libraries()
    for name, module in facade(library).items()
}


def _by_public_name(
    app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.TextElement
) -> nodes.Node | None:
    target = node.get("reftarget", "")
    for deep, public in _PUBLIC.items():
        if target == deep or target.startswith(f"{deep}."):
            node["reftarget"] = public + target.removeprefix(deep)
            found: Any = env.domains["py"]
            return found.resolve_xref(
                env, node["refdoc"], app.builder, node["reftype"], node["reftarget"], node, content
            )
    return None


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("missing-reference", _by_public_name)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
