"""Whether R and its package mclust are here: tests that need them are skipped otherwise."""

from __future__ import annotations

import shutil
import subprocess
from functools import cache

import pytest


@cache
def has_mclust() -> bool:
    """Asked of R itself, once."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return False
    question = "quit(status = as.integer(!requireNamespace('mclust', quietly = TRUE)))"
    return subprocess.run([rscript, "--vanilla", "-e", question], capture_output=True).returncode == 0


def needs_mclust() -> None:
    """Called by a test or a fixture."""
    if not has_mclust():
        pytest.skip("R or its package mclust is not installed (Debian: r-base-core r-cran-mclust)")
