"""Figures as they lie in their folder: whole, or named."""

from __future__ import annotations

from pathlib import Path

import pytest
from seedbed.core.errors import UserError
from seedbed.report.figures.reading import LARGEST_SVG, picture, read_figures


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("views.json", None, "it has no views.json"),
        ("views.json", '[{"name"', "Expecting"),
        ("views.json", '[{"name": "scores.a"}]', "other figures than this version draws"),
        ("own.svg", "<svg><path", "own.svg was cut off"),
    ],
)
def test_figures_that_are_damaged_name_the_folder(tmp_path: Path, file: str, content: str | None, reason: str) -> None:
    folder = tmp_path / "figures"
    folder.mkdir()
    (folder / "views.json").write_text("[]")
    (folder / "own.svg").write_text("<svg></svg>\n")
    assert list(read_figures(folder)[1]) == ["own"]
    (folder / file).write_text(content) if content else (folder / file).unlink()
    with pytest.raises(UserError, match=rf"figures is damaged.*{reason}.*Delete it and run"):
        read_figures(folder)


def test_pictures_say_how_large_they_are(tmp_path: Path) -> None:
    from matplotlib.figure import Figure

    Figure(figsize=(3, 2)).savefig(tmp_path / "own.svg")
    Figure(figsize=(3, 2)).savefig(tmp_path / "own.png", dpi=100)
    assert [picture(tmp_path / "own")[key] for key in ("width", "height")] == [288, 192]
    (tmp_path / "own.svg").write_bytes(b" " * (LARGEST_SVG + 1))
    assert [picture(tmp_path / "own")[key] for key in ("width", "height")] == [300, 200]
