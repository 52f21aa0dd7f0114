"""Which members a page shows, and docstrings in reStructuredText's own spelling."""

from __future__ import annotations

import re
from typing import Any

from sphinx.application import Sphinx

_CODE = re.compile(r"(`+.*?`+)", re.S)
_MARKS = re.compile(r"(?<!\\)(?:(?<=\w)_(?=[\s.,;:)/\]]|$)|\|)", re.M)


def plain(text: str) -> str:
    r"""Text in which the names of learned attributes and bars stand for themselves, outside of code and formulas.

    >>> plain("sets labels_ of ``labels_``, where |x| is small")
    'sets labels\\_ of ``labels_``, where \\|x\\| is small'
    """
    parts = _CODE.split(text)
    return "".join(part if i % 2 else _MARKS.sub(lambda mark: "\\" + mark[0], part) for i, part in enumerate(parts))


def _escape(app: Sphinx, what: str, name: str, thing: Any, options: Any, lines: list[str]) -> None:
    """After numpydoc: paragraphs of prose, not the blocks of directives."""
    depth = None
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip())
        if depth is not None and line.strip() and indent <= depth:
            depth = None
        if line.lstrip().startswith(".. "):
            depth = indent
        elif depth is None:
            lines[i] = plain(line)


def _is_foreign(app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """What scikit-learn, torch and NumPy give to a class is in their own documentation."""
    inner = getattr(member, "fget", None) or getattr(member, "__func__", None) or member
    module = getattr(inner, "__module__", None)
    foreign = callable(inner) and isinstance(module, str) and not module.startswith("seedbed")
    return True if foreign or hasattr(inner, "__objclass__") else None


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("autodoc-process-docstring", _escape, priority=900)
    app.connect("autodoc-skip-member", _is_foreign)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
