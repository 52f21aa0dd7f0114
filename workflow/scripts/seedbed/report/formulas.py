"""LaTeX as MathML, which browsers draw by themselves."""

from __future__ import annotations

import re

import markupsafe
from latex2mathml.converter import convert


def display_formula(latex: str) -> markupsafe.Markup:
    """A formula on a line of its own."""
    return markupsafe.Markup(convert(latex, display="block"))


def with_formulas(text: str) -> markupsafe.Markup:
    """Text with formulas between dollar signs; all else is escaped.

    >>> str(with_formulas("a < b"))
    'a &lt; b'
    >>> "<mi>x</mi>" in with_formulas("the point $x$")
    True
    """
    parts = re.split(r"\$([^$]+)\$", text)
    drawn = [markupsafe.Markup(convert(part)) if i % 2 else markupsafe.escape(part) for i, part in enumerate(parts)]
    return markupsafe.Markup("").join(drawn)
