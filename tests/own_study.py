"""A study of a user's own, written from the skeleton into a folder of its own and found there."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from seedbed.core.code import sources
from seedbed.core.code.code_digest import forget_digests
from seedbed.core.code.new_study import SKELETON, write_study
from seedbed.core.study import load_study, study_names


@contextmanager
def forgetting_own_studies() -> Iterator[None]:
    """Before and after, Python knows no study beside any config: folders of tests come and go in one process."""
    path = [*sys.path]
    _forget()
    try:
        yield
    finally:
        sys.path[:] = path
        _forget()


def _forget() -> None:
    for name in [name for name in sys.modules if name == "studies" or name.startswith("studies.")]:
        compiled = getattr(sys.modules.pop(name), "__cached__", None)
        if compiled:  # which stands for any text of the same length and the same second
            Path(compiled).unlink(missing_ok=True)
    importlib.invalidate_caches()
    sources._places.cache_clear()
    forget_digests()


@contextmanager
def working_beside_the_skeleton(folder: Path, name: str = "location") -> Iterator[Path]:
    """In ``folder``, which has the skeleton as ``studies/<name>``; the study's folder."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with forgetting_own_studies():
            study = folder / "studies" / name
            yield study if study.exists() else folder / write_study(name)
    finally:
        os.chdir(before)


STUDIES = [*study_names(), SKELETON.name]  # what every study must pass, the skeleton passes too


def config_of(name: str) -> dict[str, Any]:
    """All of a study, briefly."""
    study = load_study(name)
    entry = {"replicates": 2, "scenarios": {key: {} for key in study.scenarios}}
    return {"seed": 1, "studies": {name: entry | {"methods": {key: {} for key in study.methods}}}}
