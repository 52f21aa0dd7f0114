"""Jobs forked from a process that has imported the study's libraries already.

Importing scikit-learn costs a second of CPU time and PyTorch three, and a run has hundreds of jobs. The first job
of a study therefore starts a server, which imports the study's libraries once and forks itself for every job that
asks; it ends with the run. Where none is offered (a cluster's job, not Linux), a job does its own imports, with
the same results.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import fcntl
import gc
import hashlib
import importlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

IDLE_SECONDS = 60
VARIABLE = "SEEDBED_FORK_SERVERS"  # "<process of the run>:<folder of the sockets>", set for the jobs of a run
_HEADER = 8  # bytes that hold the length of a request
_PR_SET_PDEATHSIG = 1
_SERVE = f"""
import sys
sys.path.insert(0, {str(Path(__file__).parents[2])!r})
from {__name__} import serve
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


def call_forked(study: str, target: str, *arguments: Any) -> None:
    """Call a function in a fork of the study's server, or here where there is none.

    Parameters
    ----------
    study : str
        Its ``Study.libraries`` are what the server has imported.
    target : str
        Dotted target of the function, ``"package.module:attribute"``; its result is dropped.
    *arguments
        What JSON can hold.

    Raises
    ------
    SystemExit
        If the call failed; the traceback has been printed by the fork, whose output is this process's output.
    """
    request = {
        "call": [target, arguments],
        "folder": os.getcwd(),
        "environment": dict(os.environ),
        "path": sys.path,
    }
    code = None
    if (server := _connect(study)) is not None:
        with server, contextlib.suppress(ConnectionError):
            code = _ask(server, json.dumps(request).encode())
    if code is None:
        _call(target, arguments)
    elif code != 0:
        if code < 0:
            print(f"The job's process was killed by {signal.Signals(-code).name}.", file=sys.stderr)
        raise SystemExit(1)


def _call(target: str, arguments: Any) -> None:
    from .study import load_target

    load_target(target)(*arguments)


def _ask(server: socket.socket, request: bytes) -> int | None:
    """The exit status of the fork; None if the server has gone."""
    sys.stdout.flush()
    sys.stderr.flush()
    socket.send_fds(server, [len(request).to_bytes(_HEADER, "big")], [1, 2])
    server.sendall(request)
    answer = server.recv(16)
    return int(answer) if answer else None


def _connect(study: str) -> socket.socket | None:
    """A connection to the server of this study, interpreter and number of threads; started if need be."""
    run, _, folder = os.environ.get(VARIABLE, "").partition(":")
    if not os.path.isdir(folder):
        return None
    threads = sorted(item for item in os.environ.items() if item[0].endswith("_NUM_THREADS"))
    name = hashlib.sha256(repr((study, sys.executable, threads)).encode()).hexdigest()[:16]
    path = os.path.join(folder, name)
    connection = socket.socket(socket.AF_UNIX)
    try:
        with _locked(path):
            try:
                connection.connect(path)
            except (FileNotFoundError, ConnectionRefusedError):  # the first job, or a server that died
                _start(study, run, path)
                connection.connect(path)
    except OSError:  # too long a path, a full disk
        connection.close()
        return None
    return connection


@contextlib.contextmanager
def _locked(path: str) -> Iterator[None]:
    """Hold the lock of a server's name: nobody else connects, starts a server or ends one."""
    with open(f"{path}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start(study: str, run: str, path: str) -> None:
    """Start a server. It inherits the socket, so that jobs may connect before it is ready."""
    with contextlib.suppress(FileNotFoundError):
        os.unlink(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(path)
        listener.listen(1024)
        subprocess.Popen(
            [sys.executable, "-c", _SERVE, str(listener.fileno()), run, study, os.path.dirname(path)],
            pass_fds=[listener.fileno()],
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # an interrupt from the keyboard is the run's to deal with
        )


def serve(listener: str, run: str, study: str, folder: str) -> None:
    """Import the study's libraries and fork a job for every connection, until the run's process ends."""
    from .study import load_study

    for name in load_study(study).libraries:
        with contextlib.suppress(Exception):  # not in this environment; a job that needs it will say so
            importlib.import_module(name)
    gc.freeze()
    with contextlib.suppress(ProcessLookupError):
        if not _Server(socket.socket(fileno=int(listener)), os.pidfd_open(int(run))).serve():
            return
    shutil.rmtree(folder, ignore_errors=True)


class _Server:
    def __init__(self, listener: socket.socket, run: int) -> None:
        self.listener, self.run = listener, run
        self.jobs: dict[int, tuple[int, int, socket.socket]] = {}  # by descriptor: of its process, of its client
        self.poll = select.poll()
        self.poll.register(listener, select.POLLIN)
        self.poll.register(run, select.POLLIN)

    def serve(self) -> bool:
        """True when the run has ended, and its jobs are to die with this process; False when nothing is to do."""
        while True:
            ready = [descriptor for descriptor, _ in self.poll.poll(1000 * IDLE_SECONDS)]
            if self.run in ready:
                return True
            if not ready and not self.jobs and self.retires():
                return False
            for descriptor in ready:
                if descriptor == self.listener.fileno():
                    self.fork_job()
                elif descriptor in self.jobs:
                    self.end_job(descriptor)

    def retires(self) -> bool:
        """Give memory back that no job uses; the next one starts another server."""
        path = self.listener.getsockname()
        with _locked(path):
            called = bool(select.select([self.listener], [], [], 0)[0])
            if not called:
                os.unlink(path)
        return not called

    def fork_job(self) -> None:
        client, _ = self.listener.accept()
        server, child = os.getpid(), os.fork()
        if child == 0:
            self.listener.close()
            for _, process, other in self.jobs.values():
                with contextlib.suppress(OSError):
                    os.close(process)
                other.close()
            os._exit(_run_job(client, server))
        process = os.pidfd_open(child)
        self.jobs[process] = self.jobs[client.fileno()] = (child, process, client)
        self.poll.register(process, select.POLLIN)
        self.poll.register(client, 0)  # says when the client hangs up: what it sends is for the child

    def end_job(self, descriptor: int) -> None:
        """The job's process has ended, or its client has, which it must not outlive."""
        child, process, client = self.jobs[descriptor]
        if descriptor != process:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        with contextlib.suppress(OSError):
            client.send(str(os.waitstatus_to_exitcode(status)).encode())
        for known in (process, client.fileno()):
            self.poll.unregister(known)
            del self.jobs[known]
        os.close(process)
        client.close()


def _run_job(client: socket.socket, server: int) -> int:
    """The life of a fork: become the client's process in all that matters, make the call, end."""
    from .job_log import print_error

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        return 1
    header, descriptors, _, _ = socket.recv_fds(client, _HEADER, 2)
    request = json.loads(_receive(client, int.from_bytes(header, "big")))
    for number, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:] = request["path"]
    try:
        _call(*request["call"])
    except BaseException as error:
        print_error(error)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _receive(client: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length and (part := client.recv(length - len(parts))):
        parts += part
    return bytes(parts)
