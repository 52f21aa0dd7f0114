"""What a job may import: the packages of its own environment and no others."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

VARIABLE = "SEEDBED_RUN_PREFIX"  # where the Python lies that runs Snakemake
_SCRIPTS = Path(__file__).parents[3].resolve()  # where the package and the rules' scripts lie


def note_run_environment() -> None:
    """Called by Snakemake's own process, for the jobs that it starts."""
    os.environ[VARIABLE] = sys.prefix
    os.environ["PYTHONHASHSEED"] = "0"  # sets and dicts of text have the same order in every job


def leave_run_environment() -> None:
    """Drop the import path that Snakemake lends to its scripts, if this job has an environment of its own.

    Snakemake appends its own path, so that a script can read the ``snakemake`` object. Left there, it would hide
    that a package is missing from the job's environment, and lend one of another version. Without environments
    (no ``--sdm``) the two are one, and nothing is dropped.
    """
    if os.environ.get(VARIABLE, sys.prefix) != sys.prefix:
        sys.path[:] = [entry for entry in sys.path if _is_own(Path(entry))]


def _is_own(path: Path) -> bool:
    if path.is_relative_to(sys.prefix) or path.resolve() in (_SCRIPTS, Path(sys.path[0]).resolve()):
        return True
    library = Path(sysconfig.get_path("stdlib"))  # of the base interpreter, if this is a virtual environment
    return path in (library, library / "lib-dynload") or path.suffix == ".zip"
