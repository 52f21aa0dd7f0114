"""Formulas as MathML, which browsers draw by themselves: a page needs no script for them and no network."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging

_LOG = logging.getLogger(__name__)


def _mathml(latex: str, display: str, node: nodes.Node) -> str:
    try:
        return convert(latex.strip(), display=display)
    except Exception as error:  # the converter has one for every kind of slip
        _LOG.warning("a formula cannot be drawn (%s): %s", error, latex, location=node)
        return ""


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(_mathml(node.astext(), "inline", node))
    raise nodes.SkipNode


def _block(translator: Any, node: nodes.math_block) -> None:
    # may be wider than a telephone: it scrolls by itself, with the keyboard too
    drawn = "".join(_mathml(line, "block", node) for line in node.astext().split("\n\n") if line.strip())
    translator.body.append(f'<div class="formula" tabindex="0" role="group" aria-label="formula">{drawn}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"parallel_read_safe": True, "parallel_write_safe": True}
