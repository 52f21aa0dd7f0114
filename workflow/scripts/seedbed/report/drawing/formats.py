"""Pictures in the formats that are asked for; SVG is always among them, since the report is made of it."""

from __future__ import annotations

import importlib.metadata
import io
import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seedbed.report.figures.reading import LARGEST_SVG

from .vega import vega

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.transforms import Bbox
    from matplotlib.typing import RcKeyType

VEGA_CONFIG = Path(__file__).parents[1] / "figures" / "vega_config.json"
STYLE: dict[RcKeyType, Any] = {
    "svg.hashsalt": "seedbed",  # element ids that do not differ from run to run
    "svg.fonttype": "path",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}
_METADATA: dict[str, dict[str, None]] = {
    "svg": {"Date": None},
    "png": {"Software": None},
    "pdf": {"CreationDate": None},
}
_DPI, _DPI_OF_SVG = 150, 72
_UNCUT = {"labelLimit": 0, "titleLimit": 0}


def of_matplotlib(figure: Figure, formats: Iterable[str]) -> dict[str, bytes]:
    """The picture by suffix; PNG is there too where the SVG is too large for the report."""
    shown = _laid_out(figure)
    files = {suffix: _saved(figure, suffix, shown) for suffix in dict.fromkeys(["svg", *formats])}
    if len(files["svg"]) > LARGEST_SVG and "png" not in files:
        files["png"] = _saved(figure, "png", shown)
    return files


def of_vega(chart: dict[str, Any], formats: Iterable[str]) -> dict[str, bytes]:
    """The same of a chart in Vega-Lite."""
    svg = vega().vegalite_to_svg(chart, config=paper_config())
    convert = {"png": lambda: vega().svg_to_png(svg, scale=1.5), "pdf": lambda: vega().svg_to_pdf(svg)}
    return {"svg": svg.encode()} | {suffix: convert[suffix]() for suffix in formats if suffix in convert}


def renderer() -> str:
    """What draws the charts, with its version."""
    return f"vl-convert-python {importlib.metadata.version('vl-convert-python')}"


def paper_config() -> dict[str, Any]:
    """How charts look on paper: nothing is cut, which would take as long to measure as all else takes to draw."""
    config = json.loads(VEGA_CONFIG.read_text(encoding="utf-8"))
    paper = {**config["base"], **{key: {**config["base"][key], **value} for key, value in config["light"].items()}}
    for name in ("axis", "axisX", "axisY"):
        paper[name] = {**paper[name], **_UNCUT, "labelOverlap": False, "labelFlush": False, "labelBound": False}
    return paper | {"background": "white", "font": "sans-serif", "legend": {**paper["legend"], **_UNCUT}}


def _laid_out(figure: Figure) -> Bbox:
    """Settle where everything stands, once for all formats, and say what part of the page it takes.

    ``savefig`` would draw the figure an extra time for each format, to the same end.
    """
    from matplotlib import rcParams
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure)
    figure.set_dpi(_DPI_OF_SVG)
    if engine := figure.get_layout_engine():
        engine.execute(figure)
        figure.set_layout_engine(None)
    return figure.get_tightbbox().padded(rcParams["savefig.pad_inches"])


def _saved(figure: Figure, suffix: str, shown: Bbox) -> bytes:
    with io.BytesIO() as buffer:
        figure.savefig(buffer, format=suffix, dpi=_DPI, bbox_inches=shown, metadata=_METADATA[suffix])
        return buffer.getvalue()
