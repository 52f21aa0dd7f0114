"""The site, built once for all tests."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from project import ROOT


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its folder; a build with a warning fails here, with all of them."""
    folder = tmp_path_factory.mktemp("site") / "html"
    command = [sys.executable, str(ROOT / "docs/website/build.py"), str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-10_000:]
    return folder
