"""The one figure of each study that is committed with the ledger: chosen, and made small."""

from __future__ import annotations

import re
from pathlib import Path

from seedbed.core.study import Study

from .chosen import FIGURES

LARGEST = 220_000  # bytes of one figure; most are far smaller: a test keeps all that is committed below a megabyte
_NUMBER = re.compile(r"(?<![\w#.-])(-?\d+\.\d{2,})(?![\w.%-])")


def published_figure(study: Study, results: Path) -> tuple[dict[str, str], bytes] | None:
    """What is said of a study's figure (``file``, ``title``, ``caption``), and its picture; None without one.

    The first of those chosen for the study that the run has drawn and that is small enough, as SVG or else as PNG.
    """
    for name in FIGURES.get(study.name, ()):
        figure = study.figures[name.partition(".")[0]]
        path = results / study.name / "figures" / f"{name}.svg"
        if not path.exists():
            continue
        for suffix, small in (("svg", _small), ("png", _pixels)):
            if len(content := small(path)) <= LARGEST:
                said = {"file": f"{study.name}.{suffix}", "title": figure.title, "caption": figure.caption}
                return said, content
    return None


def _pixels(path: Path) -> bytes:
    """What many points make of an SVG too large to commit."""
    import vl_convert

    return vl_convert.svg_to_png(path.read_text(encoding="utf-8"), scale=1.0)


def _small(path: Path) -> bytes:
    """The picture with numbers to five digits: of coordinates, and of the scales of letters, no more is seen."""
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"<metadata>.*?</metadata>\s*|<!--.*?-->\s*", "", text, flags=re.S)
    text = _NUMBER.sub(lambda found: f"{float(found[1]):.5g}", text)
    return re.sub(r"\n\s*", "\n", text).encode()
