"""What a job may import: the packages of its own environment and no others."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

_SCRIPTS = Path(__file__).parents[2]  # where the package and the rules' scripts lie


def leave_snakemakes_environment() -> None:
    """Drop the import path that Snakemake lends to its scripts, if this job has an environment of its own.

    Snakemake appends its own path, so that a script can read the ``snakemake`` object. Left there, it would hide
    that a package is missing from the job's environment, and lend one of another version. Without environments
    (no ``--sdm``) the two paths are one, and nothing is dropped.
    """
    snakemake = sys.modules.get("snakemake")
    if snakemake is None:
        return
    lent = str(Path(snakemake.__file__).parents[1])
    if sys.path.count(lent) == 1:  # else it is also on the path of this interpreter
        sys.path[:] = [entry for entry in sys.path if _is_own(entry)]


def _is_own(entry: str) -> bool:
    path, paths = Path(entry), sysconfig.get_paths()
    if path in (_SCRIPTS, Path(sys.path[0])) or path.is_relative_to(sys.prefix):
        return True
    library = Path(paths["stdlib"])  # of the base interpreter, if this is a virtual environment
    return path in (library, library / "lib-dynload", Path(paths["platstdlib"])) or path.suffix == ".zip"
