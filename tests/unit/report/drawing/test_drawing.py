"""Figures are drawn where something has changed, in the formats asked for; one that raises costs no other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from made_study import LABELS
from matplotlib.figure import Figure
from seedbed.core.job_records.summaries import FigureCall, FigureJob
from seedbed.report.drawing import own
from seedbed.report.drawing.draw import draw_figures
from seedbed.report.figures.reading import read_figures

pytestmark = pytest.mark.slow  # a server draws, and formats are laid out

CALLS: list[tuple[str, str | None]] = []


def line(tables):
    CALLS.append(("line", tables.scenario))
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot(tables.scores["value"])
    figure.set_label("It rises")
    return figure, tables.scores[["method", "value"]]


def interval(tables):
    CALLS.append(("interval", tables.scenario))
    figure = Figure(figsize=(2, 1))
    figure.subplots().plot(tables.summary["low"])
    return figure, tables.summary[["method", "low"]]


def texts(tables):
    return pd.DataFrame({"method": ["ours"], "error": ["0.1 <b>"]}), tables.scores[["value"]]


def broken(tables):
    raise ValueError("not today")


def leaving(tables):
    raise SystemExit(3)


def nothing(tables):
    return None


def empty(tables):
    return Figure(), tables.scores.iloc[:0]


@pytest.fixture
def study(tables, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A made study on disk, and a cache of its own."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(own, "load_target", lambda name: globals()[name])
    CALLS.clear()
    names = replace(LABELS, scenarios=LABELS.scenarios[:2])
    inputs = {}

    def draw(
        level: float = 0.0, formats: tuple[str, ...] = ("svg",), code: str = "c", **calls: str
    ) -> dict[str, bytes]:
        (tmp_path / "made/figures").mkdir(parents=True, exist_ok=True)
        for path in (tmp_path / "made/figures").iterdir():
            path.unlink()
        for name, table in tables.items():
            end = "parquet" if name in ("scores", "runs") else "csv"
            inputs[name] = str(tmp_path / f"made/{name}.{end}")
            table = table.assign(low=table["low"] - level) if name == "summary" else table
            table.to_parquet(inputs[name]) if end == "parquet" else table.to_csv(inputs[name], index=False)
        figures = {name: FigureCall(function=name, per=per, code=code) for name, per in calls.items()}
        draw_figures(
            FigureJob(figures=figures, names=names, code=code, formats=formats), inputs, str(tmp_path / "made/figures")
        )
        return {path.name: path.read_bytes() for path in (tmp_path / "made/figures").iterdir()}

    return SimpleNamespace(draw=draw, folder=tmp_path / "made/figures", tables=tables)


def test_only_what_a_change_touches_is_drawn_again(study: SimpleNamespace) -> None:
    first = study.draw(line="study", interval="scenario")
    assert CALLS == [("line", None), ("interval", "s~n=10"), ("interval", "s~n=100")]
    CALLS.clear()
    assert study.draw(line="study", interval="scenario") == first and CALLS == []
    study.draw(level=0.1, line="study", interval="scenario")
    assert {name for name, _ in CALLS} == {"interval"}, "a new level leaves alone what shows no interval"
    CALLS.clear()
    scores = study.tables["scores"]
    study.tables["scores"] = scores.assign(value=np.where(scores["scenario"] == "s~n=10", 0.5, scores["value"]))
    study.draw(level=0.1, line="scenario", interval="scenario")
    assert CALLS == [("line", "s~n=10"), ("line", "s~n=100"), ("interval", "s~n=10")]
    CALLS.clear()
    study.draw(level=0.1, code="edited", line="scenario")
    assert len(CALLS) == 2
    study.tables["scores"] = scores


def test_figures_of_a_run_are_the_same_without_what_was_kept(study: SimpleNamespace, monkeypatch) -> None:
    kept = study.draw(line="study")
    monkeypatch.setenv("XDG_CACHE_HOME", "nowhere")
    assert study.draw(line="study") == kept and len(CALLS) == 2


def test_arrays_that_change_are_seen(study: SimpleNamespace) -> None:
    study.draw(line="scenario")
    block = study.folder.parent / "s~n=10/data/0000-0007.npz"
    block.parent.mkdir(parents=True)
    block.write_bytes(b"other data")
    CALLS.clear()
    study.draw(line="scenario")
    assert CALLS == [("line", "s~n=10")]


def test_formats_are_those_that_are_asked_for(study: SimpleNamespace) -> None:
    usual = study.draw(line="study")
    ends = {name.rpartition(".")[2] for name in usual}
    assert ends == {"svg", "csv", "json"} and {"line.svg", "scores.s~n=10.svg"} <= set(usual)
    more = study.draw(formats=("png", "pdf"), line="study")
    for name in ("line", "scores.s~n=10", "costs.s~n=100"):
        assert more[f"{name}.svg"] == usual[f"{name}.svg"]
        assert more[f"{name}.png"].startswith(b"\x89PNG") and more[f"{name}.pdf"].startswith(b"%PDF")


def test_one_that_raises_is_named_and_the_others_are_drawn(study: SimpleNamespace, capsys) -> None:
    files = study.draw(broken="study", leaving="scenario", line="study")
    told = json.loads(files["drawn.json"])
    assert told["broken"] == {"error": "ValueError: not today"} and told["leaving.s~n=10"]["error"] == "SystemExit: 3"
    assert told["line"] == {"seen": "It rises"} and "line.svg" in files and "scores.s~n=10.svg" in files
    assert "broken.svg" not in files and "The figure broken could not be drawn" in capsys.readouterr().err
    _, own_figures = read_figures(study.folder)
    assert own_figures["broken"] == {"error": "ValueError: not today"} and own_figures["line"]["seen"] == "It rises"


def test_no_empty_figure_is_written_and_a_table_is_no_picture(study: SimpleNamespace) -> None:
    files = study.draw(nothing="study", empty="scenario", texts="study")
    assert not [name for name in files if name.startswith(("nothing", "empty"))]
    assert "texts.csv" in files and "texts.svg" not in files
    table = {"columns": ["method", "error"], "rows": [["ours", "0.1 <b>"]]}
    assert read_figures(study.folder)[1]["texts"] == {"table": table}
