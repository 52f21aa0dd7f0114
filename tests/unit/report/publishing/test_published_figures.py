"""The figure of a study that is published with the ledger: small, or as pixels, or another."""

from __future__ import annotations

from pathlib import Path

import pytest
from made_runs import make_run
from seedbed.core.study import load_study
from seedbed.report.publishing.chosen import FIGURES
from seedbed.report.publishing.figures import LARGEST, published_figure


def test_a_figure_is_made_small_and_one_too_large_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    results = make_run(tmp_path, {"density": "d1"})
    figures = results / "density/figures"
    first, second = (figures / f"{name}.svg" for name in FIGURES["density"])
    first.write_text(many_circles(400))
    second.write_text('<svg>\n  <path d="M 345.678901 7"/><g transform="scale(0.015625 1.25)"/>\n</svg>')
    monkeypatch.setattr("seedbed.report.publishing.figures.LARGEST", 300)
    said, content = published_figure(load_study("density"), results) or ({}, b"")
    assert said["file"] == "density.svg" and said["title"] == load_study("density").figures[second.stem].title
    assert content == b'<svg>\n<path d="M 345.68 7"/><g transform="scale(0.015625 1.25)"/>\n</svg>'
    second.unlink()
    assert published_figure(load_study("density"), results) is None


def test_a_figure_of_very_many_points_is_published_as_pixels(tmp_path: Path) -> None:
    results = make_run(tmp_path, {"density": "d1"})
    (results / f"density/figures/{FIGURES['density'][0]}.svg").write_text(many_circles(LARGEST // 20))
    said, content = published_figure(load_study("density"), results) or ({}, b"")
    assert said["file"] == "density.png" and content.startswith(b"\x89PNG") and len(content) < LARGEST


def many_circles(count: int) -> str:
    """Circles of 20 bytes or more in a picture of a hundred by a hundred."""
    circles = "".join(f'<circle cx="{7 * i % 97}" cy="{13 * i % 89}" r="1"/>' for i in range(count))
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100">{circles}</svg>'
