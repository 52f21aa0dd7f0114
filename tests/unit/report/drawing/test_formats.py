"""Pictures are laid out once for all formats, and charts are drawn with fonts that have no file."""

from __future__ import annotations

import io
import os
import re

import pytest
from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from seedbed.report.drawing import formats
from seedbed.report.drawing.vega import vega


def a_figure() -> Figure:
    figure = Figure(figsize=(3, 2), layout="constrained")
    for axes in figure.subplots(1, 2):
        axes.plot([1, 20, 300])
        axes.set_title("longer than its panel is wide, by far")
    figure.legend(["a line"], loc="outside upper center")
    return figure


@pytest.mark.slow
def test_a_figure_is_laid_out_once_and_nothing_of_it_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    runs, execute = [], ConstrainedLayoutEngine.execute
    monkeypatch.setattr(
        ConstrainedLayoutEngine, "execute", lambda engine, figure: runs.append(figure) or execute(engine, figure)
    )
    with rc_context(formats.STYLE):
        files = formats.of_matplotlib(a_figure(), ["png", "pdf"])
        assert len(runs) == 1 and set(files) == {"svg", "png", "pdf"}
        assert formats.of_matplotlib(a_figure(), []) == {"svg": files["svg"]}
        usual = io.BytesIO()
        a_figure().savefig(usual, format="svg", bbox_inches="tight")
    assert size(files["svg"]) == pytest.approx(size(usual.getvalue()), abs=1e-3) and size(files["svg"])[0] > 72 * 3


def size(svg: bytes) -> list[float]:
    return [float(number) for number in re.findall(rb'="([\d.]+)pt"', svg[:1000])]


def test_the_search_for_fonts_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    for known in ("/etc/fonts/fonts.conf", None):
        vega.cache_clear()
        monkeypatch.delenv("FONTCONFIG_FILE", raising=False)
        if known:
            monkeypatch.setenv("FONTCONFIG_FILE", known)
        vega()
        assert os.environ.get("FONTCONFIG_FILE") == known
