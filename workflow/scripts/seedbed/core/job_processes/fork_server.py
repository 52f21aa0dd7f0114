"""Jobs forked from a process that has imported already what they need.

Importing scikit-learn costs a second of CPU time and PyTorch three, and a run has hundreds of jobs. The first job
of a study therefore starts a server, which imports the study's libraries once and forks itself for every job that
asks; it ends with the run. There is one for tables and verdicts, one for figures and pages, which need less, and one
for the rules' scripts themselves (see :mod:`.served_scripts`). Where none is offered (a cluster's job, not Linux), a
job does its own imports, with the same results.
"""

from __future__ import annotations

import atexit
import contextlib
import fcntl
import hashlib
import importlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from seedbed.core.records import Record

SCRIPTS = "a rule's script"  # names of servers that are of no study
TABLES = "tables and verdicts"
PAGES = "figures and pages"
VARIABLE = "SEEDBED_FORK_SERVERS"  # "<process of the run>:<folder of the sockets>", set for the jobs of a run
_SERVER = ".server"  # how the file of a server ends that is called by its process
HEADER = 8  # bytes that hold the length of a request
_SERVE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[3])!r})
from seedbed.core.job_processes.serving import serve
serve(*sys.argv[1:])
"""


def offer_fork_servers() -> None:
    """Let the jobs that this process starts use servers, which end when it ends."""
    if not hasattr(os, "pidfd_open"):
        return
    with contextlib.suppress(OSError):  # no room for temporary files: jobs do without
        folder = tempfile.mkdtemp(prefix="seedbed-")
        os.environ[VARIABLE] = f"{os.getpid()}:{folder}"
        atexit.register(shutil.rmtree, folder, ignore_errors=True)  # servers do so too, after a kill


def folder_of_run() -> str | None:
    """The run's folder for temporary files, which ends with it; None where no servers are offered."""
    folder = os.environ.get(VARIABLE, "").partition(":")[2]
    return folder if os.path.isdir(folder) else None


def call_forked(study: str, target: str, *arguments: Any) -> None:
    """Call a function in a fork of the study's server, or here where there is none.

    Parameters
    ----------
    study : str
        Its ``Study.libraries`` are what the server has imported.
    target : str
        Dotted target of the function, ``"package.module:attribute"``; its result is dropped.
    *arguments
        Records, and what JSON can hold.

    Raises
    ------
    SystemExit
        If the call failed; the traceback has been printed by the fork, whose output is this process's output.
    """
    code = ask_server(study, target, arguments, environment=os.environ, path=sys.path)
    if code is None:
        call(target, arguments)
    elif code != 0:
        if code < 0:
            print(f"The job's process was killed by {signal.Signals(-code).name}.", file=sys.stderr)
        raise SystemExit(1)


def ask_server(
    name: str, target: str, arguments: Iterable[Any], *, environment: Mapping[str, str], path: list[str] | None = None
) -> int | None:
    """Have a function called in a fork of the server of this name, with this process's folder and output.

    Parameters
    ----------
    name : str
        Of a study, :data:`SCRIPTS`, :data:`TABLES` or :data:`PAGES`.
    target, arguments
        See :func:`call_forked`.
    environment : mapping
        Variables of the environment that the fork is to have.
    path : list of str, optional
        Where it imports from; by default where the server does.

    Returns
    -------
    int or None
        The exit status of the fork; None where there is no server, or it has gone.
    """
    request = {
        "call": [target, [*map(_packed, arguments)]],
        "folder": os.getcwd(),
        "environment": dict(environment),
        "path": path,
    }
    if (server := _connect(name, environment)) is not None:
        with server, contextlib.suppress(ConnectionError):
            return _ask(server, json.dumps(request).encode())
    return None


def _packed(argument: Any) -> dict[str, Any]:
    """A record as its text, with the class that reads it."""
    if not isinstance(argument, Record):
        return {"value": argument}
    kind = type(argument)
    return {"record": f"{kind.__module__}:{kind.__qualname__}", "text": argument.to_json()}


def call(target: str, arguments: Iterable[Any]) -> None:
    """Call the function of this dotted target."""
    load(target)(*arguments)


def load(target: str) -> Any:
    """Import what is named ``"package.module:attribute"``, of ours: modules of the user's are not looked for."""
    module, _, attribute = target.partition(":")
    return getattr(importlib.import_module(module), attribute)


def _ask(server: socket.socket, request: bytes) -> int | None:
    """The exit status of the fork; None if the server has gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    socket.send_fds(server, [len(request).to_bytes(HEADER, "big")], [1, 2])
    server.sendall(request)
    answer = server.recv(16)
    return int(answer) if answer else None


def _connect(server: str, environment: Mapping[str, str]) -> socket.socket | None:
    """A connection to the server of this name, interpreter and number of threads; started if need be."""
    run, folder = os.environ.get(VARIABLE, "").partition(":")[0], folder_of_run()
    if folder is None:
        return None
    threads = sorted(item for item in environment.items() if item[0].endswith("_NUM_THREADS"))
    name = hashlib.sha256(repr((server, sys.executable, threads)).encode()).hexdigest()[:16]
    path = os.path.join(folder, name)
    connection = socket.socket(socket.AF_UNIX)
    try:
        with locked(path):
            try:
                connection.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):  # the first job, or a server that died
                _start(server, run, path, environment)
                connection.connect(path)
    except OSError:  # too long a path, a full disk
        connection.close()
        return None
    return connection


@contextlib.contextmanager
def locked(path: str) -> Iterator[None]:
    """Hold the lock of a server's name: nobody else connects, starts a server or ends one."""
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(server: str, run: str, path: str, environment: Mapping[str, str]) -> None:
    """Start a server. It inherits the socket, so that jobs may connect before it is ready."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1024)
        process = subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(listener.fileno()), run, server, os.path.dirname(path), os.getcwd()],
            pass_fds=[listener.fileno()],
            cwd="/",
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is the run's to deal with
        )
    Path(server_file(os.path.dirname(path), process.pid)).touch()


def server_file(folder: str, process: int) -> str:
    """The file that says that this process is a server."""
    return os.path.join(folder, f"{process}{_SERVER}")


def servers_of(folder: str) -> set[int]:
    """The servers of a run, by the files in its folder of sockets."""
    with contextlib.suppress(OSError):
        names = [name.removesuffix(_SERVER) for name in os.listdir(folder or "/nowhere") if name.endswith(_SERVER)]
        return {int(name) for name in names if name.isdigit()}
    return set()
