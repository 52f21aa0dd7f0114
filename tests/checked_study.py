"""A study beside the config, and what is said of it."""

from __future__ import annotations

from pathlib import Path

from own_study import forgetting_own_studies
from seedbed.core.code.study_check import study_errors


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text()
    assert old in text, "the skeleton has changed"
    (folder / file).write_text(text.replace(old, new, 1), errors="surrogateescape")


def messages(folder: Path) -> list[str]:
    with forgetting_own_studies():
        return study_errors(folder.name)
