"""What produced the results: code, config, versions, machine, and what is missing."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pandas as pd

from seedbed.core.job_records.reports import ReportJob
from seedbed.core.machine import instruction_sets, processor
from seedbed.core.statuses import NOT_REPRODUCIBLE, USABLE

from .repository import repository_state
from .run_lock import LOCK


def describe_run(job: ReportJob, runs: pd.DataFrame) -> dict[str, Any]:
    """A record that lets a stranger repeat the run, and see which cells it lacks.

    Versions and libraries are those of the job that calls this; with one environment per rule (``--sdm conda``)
    the fits ran in the environments of ``envs/``, which ``environments`` names by study.

    Parameters
    ----------
    job : ReportJob
        What was asked for.
    runs : pandas.DataFrame
        All rows of all studies: ``study, scenario, method, replicate, status, message`` and the costs.
    """
    missing = runs[~runs["status"].isin(USABLE)]
    differing = runs[runs["status"].isin(USABLE) & runs["message"].astype(str).str.startswith(NOT_REPRODUCIBLE)]
    columns = ["study", "scenario", "method", "replicate", "status", "message"]
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": job.config,
        "config_digest": job.config_digest,
        "resolved": job.resolved,
        "seed": job.config["seed"],
        "registered": job.registered,
        "git": repository_state(),
        "python": sys.version.split()[0],
        "packages": dict(sorted(_packages(), key=lambda pair: pair[0].lower())),
        "environments": {study.study: study.environment for study in job.studies},
        "platform": platform.platform(),
        "processor": processor(),
        "instruction_sets": instruction_sets(),
        "cores": os.cpu_count(),
        "memory_gb": _memory_gb(),
        "thread_pools": _thread_pools(),
        "threads_per_fit": 1,
        "run_seconds": _run_seconds(),
        "fit_cpu_seconds": float(runs["cpu_seconds"].sum()),
        "fit_wall_seconds": float(runs["wall_seconds"].sum()),
        "status_counts": {str(key): int(count) for key, count in runs["status"].value_counts().items()},
        "missing": missing[columns].to_dict("records"),
        "not_reproducible": differing[columns].to_dict("records"),
    }


def _run_seconds() -> float | None:
    """Since the run began that this job belongs to: it writes its lock file first."""
    return round(time.time() - LOCK.stat().st_mtime, 1) if LOCK.exists() else None


def _memory_gb() -> float | None:
    try:
        return round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError):
        return None


def _packages() -> Iterator[tuple[str, str]]:
    """Name and version of all that is installed; to read its metadata once for both is half of the work."""
    for package in importlib.metadata.distributions():
        about = package.metadata
        yield about["Name"], about["Version"]


def _thread_pools() -> list[dict[str, Any]]:
    """The BLAS and OpenMP libraries that the computations ran on."""
    import numpy  # noqa: F401 - loads the BLAS that threadpoolctl looks for
    import scipy.linalg  # noqa: F401
    import threadpoolctl

    known = ("user_api", "internal_api", "version", "num_threads", "architecture")
    pools = threadpoolctl.threadpool_info()  # SciPy adds its reader of matrices, whose version is a function
    return [{key: pool.get(key) for key in known} for pool in pools if pool["user_api"] in ("blas", "openmp")]
