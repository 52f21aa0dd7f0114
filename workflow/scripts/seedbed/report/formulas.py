"""LaTeX as MathML, which browsers draw by themselves."""

from __future__ import annotations

import re
from collections.abc import Callable

import markupsafe
from latex2mathml.converter import convert

from seedbed.core.errors import printable


def display_formula(latex: str) -> markupsafe.Markup:
    """A formula on a line of its own."""
    return markupsafe.Markup(convert(latex, display="block"))


def with_formulas(text: str, plain: Callable[[str], markupsafe.Markup] = markupsafe.escape) -> markupsafe.Markup:
    """Text with formulas between dollar signs; all else is ``plain``, and a formula that cannot be drawn escaped.

    >>> str(with_formulas("a < b"))
    'a &lt; b'
    >>> "<mi>x</mi>" in with_formulas("the point $x$")
    True
    """
    parts = re.split(r"\$([^$]+)\$", printable(text))
    return markupsafe.Markup("").join(_drawn(part) if i % 2 else plain(part) for i, part in enumerate(parts))


def _drawn(latex: str) -> markupsafe.Markup:
    try:
        return markupsafe.Markup(convert(latex))
    except Exception:  # the converter has one for every kind of slip; a study's are named before anything runs
        return markupsafe.escape(f"${latex}$")


def in_letters(text: str) -> str:
    """The same for where no formula can be drawn: an attribute, a tip.

    >>> in_letters("the point $x$ of 5 $")
    'the point x of 5 $'
    """
    return re.sub(r"\$([^$]+)\$", r"\1", text)
