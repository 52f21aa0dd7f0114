"""What produced the results: code, config, versions, machine, and what is missing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd

from .statuses import USABLE


def describe_run(config: dict[str, Any], config_digest: str, runs: pd.DataFrame) -> dict[str, Any]:
    """A record that lets a stranger repeat the run, and see which cells it lacks.

    Parameters
    ----------
    config : dict
        The config as it was read.
    config_digest : str
        Its digest, which the report carries too.
    runs : pandas.DataFrame
        All rows of all studies: ``study, scenario, method, replicate, status, message``.
    """
    missing = runs[~runs["status"].isin(USABLE)]
    return {
        "config": config,
        "config_digest": config_digest,
        "seed": config["seed"],
        "git": _git_state(),
        "python": sys.version.split()[0],
        "packages": {dist.name: dist.version for dist in sorted(importlib.metadata.distributions(), key=_name)},
        "platform": platform.platform(),
        "processor": _processor(),
        "cores": os.cpu_count(),
        "thread_pools": _thread_pools(),
        "status_counts": {str(key): int(count) for key, count in runs["status"].value_counts().items()},
        "missing": missing[["study", "scenario", "method", "replicate", "status", "message"]].to_dict("records"),
    }


def _name(dist: importlib.metadata.Distribution) -> str:
    return dist.name.lower()


def _git_state() -> dict[str, Any]:
    """The commit, and whether files differ from it; empty outside a repository."""
    folder = Path(__file__).parent

    def git(*words: str) -> str:
        return subprocess.run(
            ["git", "-C", str(folder), *words], capture_output=True, text=True, check=True
        ).stdout.strip()

    try:
        return {"commit": git("rev-parse", "HEAD"), "modified": bool(git("status", "--porcelain"))}
    except (OSError, subprocess.CalledProcessError):
        return {}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), "unknown")


def _thread_pools() -> list[dict[str, Any]]:
    """The BLAS and OpenMP libraries that the computations ran on."""
    import numpy  # noqa: F401 - loads the BLAS that threadpoolctl looks for
    import scipy.linalg  # noqa: F401
    import threadpoolctl

    known = ("user_api", "internal_api", "version", "num_threads", "architecture")
    return [{key: pool[key] for key in known if key in pool} for pool in threadpoolctl.threadpool_info()]
