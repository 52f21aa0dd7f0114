"""The texts of a study: formulas that can be drawn, and no formulas where the report writes plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

from seedbed.core.messages import describe
from seedbed.core.study import Study

_PARTS = {"mfrac": 2, "msub": 2, "msup": 2, "msubsup": 3, "mroot": 2}  # of MathML's elements
FORMULA = re.compile(r"\$([^$]+)\$")  # as seedbed.report.formulas draws it


def text_errors(study: Study) -> Iterator[tuple[str, str]]:
    """``(table, message)``: formulas that cannot be drawn, and those in texts that may hold none.

    Titles and labels go into charts, tables and headings, and are plain text; ``formula`` is all formulas.
    """
    shown = {"question": study.question, "method": study.method}
    shown |= {f"references[{number}]": text for number, text in enumerate(study.references)}
    for field, text in shown.items():
        yield from (("study", f"STUDY.{field}: {message}") for message in formula_errors(text))
    for line in filter(str.strip, study.formula.splitlines()):
        yield from (("study", f"STUDY.formula: {message}") for message in latex_errors(line))
    for key, figure in study.figures.items():
        yield from (("figures", f"figures.{key}.caption: {message}") for message in formula_errors(figure.caption))
    plain = [("study", "STUDY.title", study.title)]
    plain += [("figures", f"figures.{key}.title", figure.title) for key, figure in study.figures.items()]
    for table in ("scenarios", "methods", "metrics"):
        plain += [(table, f"{table}.{key}.label", entry.label) for key, entry in getattr(study, table).items()]
    for table, where, text in plain:
        if found := FORMULA.search(text):
            yield (
                table,
                f"{where}: {found[0]} is no formula here, where the report writes plain text; write it without $",
            )


def formula_errors(text: str) -> Iterator[str]:
    """What cannot be drawn of the formulas between dollar signs in a text."""
    for latex in FORMULA.findall(text):
        yield from latex_errors(latex)


def latex_errors(latex: str) -> Iterator[str]:
    """Why a formula cannot be drawn."""
    try:
        from latex2mathml.converter import convert
    except ImportError:  # an environment that renders no report
        return
    shown = f"the formula {latex.strip()!r} cannot be drawn"
    try:
        drawn = ElementTree.fromstring(convert(latex))
    except Exception as error:  # the converter has an exception for every kind of slip
        yield f"{shown}: {describe(error)}"
        return
    names = [part.tag.rpartition("}")[2] for part in drawn.iter()]
    lacking = [name for name, part in zip(names, drawn.iter(), strict=True) if len(part) < _PARTS.get(name, 0)]
    unknown = [part.text for part in drawn.iter() if (part.text or "").startswith("\\") and len(part.text or "") > 1]
    if unknown:
        yield f"{shown}: {unknown[0]} is not known"
    elif lacking or latex.count("{") - latex.count(r"\{") != latex.count("}") - latex.count(r"\}"):
        yield f"{shown}: a brace or a part of a fraction, power or index is missing"
