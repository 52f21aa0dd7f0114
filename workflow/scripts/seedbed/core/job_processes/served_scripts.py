"""The scripts of local jobs, run in forks of one process instead of an interpreter each.

Snakemake starts a shell and a new Python for the script of every job: 0.15 s of CPU time, most of it for what the
preamble that it puts before the script imports. A server that has all of that runs the same file, preamble included,
in a fork with the environment, the folder and the output that the shell would have given it.
"""

from __future__ import annotations

import hashlib
import inspect
import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .fork_server import SCRIPTS, VARIABLE, ask_server

# Digests of the code that starts a script, as it was when what replaces it was written (Snakemake 9.27).
KNOWN = {"b12ea0cd1e73b658"}
_LIBRARIES = ("OMP", "GOTO", "OPENBLAS", "MKL", "NUMEXPR")
_TEMPORARY = ("TMPDIR", "TMP", "TEMPDIR", "TEMP")
_SERVERS_OWN = ("", str(Path(__file__).parents[3]))  # what the server has put on its path; the preamble adds the second


def serve_scripts() -> bool:
    """From now on this process has scripts run by a server, as long as it offers servers.

    Called by Snakemake's main process when jobs are about to start.

    Returns
    -------
    bool
        False where the code that starts a script is not known: it is left as it is, and jobs cost more.
    """
    from snakemake.script import PythonScript

    try:
        if code_of_scripts() not in KNOWN:
            return False
    except (AttributeError, OSError, TypeError):
        return False
    started = PythonScript.execute_script
    PythonScript.execute_script = lambda script, name, edit=False: execute(script, name, edit, started)
    return True


def code_of_scripts() -> str:
    """The digest of the code that starts a script, as far as it matters here; OSError if there is no source."""
    from snakemake.script import PythonScript, ScriptBase
    from snakemake.shell import shell

    parts: list[Any] = [PythonScript.execute_script, ScriptBase.evaluate, ScriptBase._execute_cmd, shell.__new__]
    return hashlib.sha256("".join(map(inspect.getsource, parts)).encode()).hexdigest()[:16]


def execute(script: Any, name: str, edit: bool, start: Callable[..., None]) -> None:
    """Run a script in a fork of the server; as Snakemake does, by ``start``, where that cannot be.

    Parameters
    ----------
    script : snakemake.script.PythonScript
        Of a job.
    name : str
        The file that holds the preamble and the script.

    Raises
    ------
    subprocess.CalledProcessError
        If the script failed.
    """
    code = None
    if VARIABLE in os.environ and is_plain(script):
        code = ask_server(SCRIPTS, f"{__name__}:run_script", [name], environment=environment_of(script))
        if code is None and VARIABLE not in os.environ:  # interrupted meanwhile: nothing is to be started again
            code = 1
    if code is None:
        start(script, name, edit=edit)
    elif code != 0:
        raise subprocess.CalledProcessError(code, f"{sys.executable} {name}")


def is_plain(script: Any) -> bool:
    """Whether the script asks for nothing but this process's own interpreter."""
    special = script.conda_env, script.container_img, script.env_modules, script.bench_record, script.shadow_dir
    return not any(special) and script.resources.get("shell_exec") is None


def environment_of(script: Any) -> dict[str, str]:
    """What Snakemake's shell gives a job: the numbers of threads, and the folder for temporary files."""
    given = {f"{library}_NUM_THREADS": str(script.threads) for library in _LIBRARIES}
    given["VECLIB_MAXIMUM_THREADS"] = str(script.threads)
    folder = script.resources.get("tmpdir")
    return {**os.environ, **given, **(dict.fromkeys(_TEMPORARY, str(folder)) if folder else {})}


def run_script(name: str) -> None:
    """Be the interpreter that was started with this file: the same arguments, and the same folders to import from."""
    sys.argv = [name]
    sys.path[:] = [os.path.dirname(os.path.abspath(name)), *(entry for entry in sys.path if entry not in _SERVERS_OWN)]
    try:
        runpy.run_path(name, run_name="__main__")
    except SystemExit as end:  # that says nothing, or words, as interpreters take it
        if end.code not in (None, 0):
            print(*([] if isinstance(end.code, int) else [end.code]), end="", file=sys.stderr, flush=True)
            raise
