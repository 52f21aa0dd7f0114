"""The graph of the rules, which GitHub draws from Mermaid's language, as a table that needs no script."""

from __future__ import annotations

import re
from collections import defaultdict

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Mermaid(SphinxDirective):
    """A flowchart with edges ``a --> b``: a row for every node, with what it needs."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        needs: dict[str, list[str]] = defaultdict(list)
        for a, b in re.findall(r"(\w+) --> (\w+)", text):
            needs[b].append(a)
        for alone in re.findall(r"^\s*(\w+)\s*$", text, re.M):
            needs.setdefault(alone, [])
        for a in {a for sources in needs.values() for a in sources}:
            needs.setdefault(a, [])
        lines = ["| rule | needs |", "|---|---|"]
        lines += [
            f"| `{rule}` | {', '.join(f'`{a}`' for a in needs[rule]) or 'files alone'} |" for rule in sorted(needs)
        ]
        container = nodes.container()
        self.state.nested_parse(StringList(lines), 0, container)
        return container.children


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("mermaid", Mermaid)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
