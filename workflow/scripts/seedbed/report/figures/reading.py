"""The figures of a study as they lie in its folder, ready for the page."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import struct
from dataclasses import fields
from pathlib import Path
from typing import Any

from seedbed.core.files import reading
from seedbed.core.recall.user_cache import kept_text

from .view_checks import EXPRESSIONS, check_view
from .view_figure import ViewFigure

LARGEST_SVG = 1_500_000  # bytes, before it is packed: a larger picture is carried as PNG
_WORDS = {"seen": str, "error": str, "table": dict}  # what drawn.json says of a figure


def read_figures(folder: Path) -> tuple[list[dict[str, Any]], dict[str, dict[str, Any]]]:
    """The interactive figures of a study, and by name those that only this study has.

    Each of these is a picture (see :func:`picture`), a ``table`` of texts, or the ``error`` that kept it from being
    drawn; ``seen`` is what it shows.

    Raises
    ------
    UserError
        If one is damaged. The folder is named: it is made as a whole, so it is to be deleted as a whole.
    """
    with reading(folder):
        if not (folder / "views.json").exists():
            raise ValueError("it has no views.json")
        views = json.loads((folder / "views.json").read_text(encoding="utf-8"), parse_constant=_no_number)
        needed = {field.name for field in fields(ViewFigure)} - {"numbers"}
        if not all(needed <= {*view} and view["views"] and "." in view["name"] for view in views):
            raise ValueError("views.json describes other figures than this version draws")
        kept_text(f"checked-{_digest_of_checks(folder)}", lambda: _check(views))
        names = {path.stem for path in folder.glob("*.svg")} - {view["name"] for view in views}
        own = {name: picture(folder / name) for name in sorted(names)}
        for name, words in _read_words(folder / "drawn.json").items():
            own[name] = own.get(name, {}) | words
        return views, own


def _check(views: list[dict[str, Any]]) -> str:
    """Look through all charts; the answer, that nothing was found, is kept for charts and checks that are the same."""
    for view in (view for figure in views for view in figure["views"].values()):
        check_view(view)
    return "ours"


def _digest_of_checks(folder: Path) -> str:
    checks = Path(__file__).with_name("view_checks.py").read_bytes() + repr(sorted(EXPRESSIONS)).encode()
    return hashlib.sha256(checks + (folder / "views.json").read_bytes()).hexdigest()[:32]


def _read_words(path: Path) -> dict[str, dict[str, Any]]:
    """What there is to say of the study's own figures; of some nothing is."""
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for words in told.values():
        if not all(isinstance(value, _WORDS[key]) for key, value in words.items()):
            raise ValueError("drawn.json says other things than this version does")
        if "table" in words and not all(isinstance(row, list) for row in words["table"]["rows"]):
            raise ValueError("drawn.json holds a table without rows")
    return told


def _no_number(text: str) -> float:
    raise ValueError(f"{text} is no number that can be drawn")


def picture(stem: Path) -> dict[str, Any]:
    """A figure: its text as ``svg``, which the page packs, or PNG where that would be large, as a data URI ``uri``.

    ``width`` and ``height`` (pixels, None where the file does not say) let the page keep its place before it is drawn.
    """
    svg, png = stem.with_name(stem.name + ".svg"), stem.with_name(stem.name + ".png")
    chosen = svg if svg.stat().st_size <= LARGEST_SVG or not png.exists() else png
    content = chosen.read_bytes()
    if (b"</svg>" if chosen == svg else b"IEND") not in content[-30:]:
        raise ValueError(f"{chosen.name} was cut off")
    width, height = _svg_size(content) if chosen == svg else struct.unpack(">II", content[16:24])
    size = {"width": width, "height": height, "suffix": chosen.suffix[1:]}
    if chosen == svg:
        return {"svg": content.decode(), **size}
    return {"uri": "data:image/png;base64," + base64.b64encode(content).decode(), **size}


def _svg_size(content: bytes) -> tuple[int | None, int | None]:
    """Width and height by the ``viewBox``, whose points are drawn as four thirds of a pixel."""
    found = re.search(rb'<svg[^>]*? viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', content[:5000])
    if not found:
        return None, None
    width, height = (round(float(size) * 4 / 3) for size in found.groups())
    return width, height
