"""What figures have in common is carried once, and is there again in each."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from seedbed.report.page import packed_views
from seedbed.report.page.packed_views import kept_views, pack_views


def whole(value: Any, parts: list[Any]) -> Any:
    """As ``unpack.js`` does."""
    if isinstance(value, list):
        return [whole(item, parts) for item in value]
    if not isinstance(value, dict):
        return value
    if "$" in value:
        return whole(parts[value["$"]], parts)
    if "$rows" in value:
        return [dict(zip(value["$rows"], row, strict=True)) for row in zip(*value["$rows"].values(), strict=True)]
    return {key: whole(item, parts) for key, item in value.items()}


def unpacked(figures: list[dict[str, Any]]) -> tuple[dict[str, Any], str]:
    text = gzip.decompress(base64.b64decode(pack_views(figures))).decode()
    packed = json.loads(text)
    return {name: whole(figure, packed["parts"]) for name, figure in packed["figures"].items()}, text


def figure(name: str, rows: list[dict[str, Any]], label: str = "short") -> dict[str, Any]:
    layers = [{"data": {"values": rows}, "encoding": {"x": {"field": "value", "axis": {"labelExpr": label}}}}] * 2
    return {"name": name, "views": {"error": {"layer": layers, "height": 100, "note": None, "hidden": []}}}


def test_figures_come_out_as_they_were() -> None:
    rows = [{"method": f"m{i}", "value": i / 7, "tip": "Größe" if i else None, "front": i > 2} for i in range(9)]
    uneven = [{"method": "a", "value": 1.0}, {"value": 2.0}, {"method": "c", "value": [1, 2]}]
    figures = [figure("scores.a", rows, "x" * 200), figure("scores.b", rows), figure("c", uneven), figure("d", []),
               figure("e", [{}, {}]), figure("f", rows[:1])]  # fmt: skip
    found, _ = unpacked(figures)
    assert found == {one["name"]: one for one in figures} and [*found] == [one["name"] for one in figures]


def test_what_is_the_same_is_there_once() -> None:
    rows = [{"method": f"method {i}", "value": i / 7} for i in range(50)]
    _, text = unpacked([figure(f"scores.{i}", rows, "a long expression " * 20) for i in range(10)])
    assert text.count("method 17") == 1 and text.count("a long expression " * 20) == 1 and text.count('"method"') == 1


def test_figures_are_packed_again_when_their_file_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    file, figures = tmp_path / "views.json", [figure("scores.a", [{"value": i} for i in range(9)])]
    file.write_text(json.dumps(figures))
    first = kept_views(figures, file)
    monkeypatch.setattr(packed_views, "pack_views", lambda _: "anew")
    assert first == pack_views(figures) == kept_views(figures, file)
    file.write_text(json.dumps(figures) + " ")
    assert kept_views(figures, file) == "anew"
