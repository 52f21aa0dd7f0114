"""What :mod:`.fork_server` starts: a process that has the imports, and forks itself for every job."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Iterable
from typing import Any

from seedbed.core.isolation.processes import adopt_orphans, end_children

from .first_calls import make_first_calls
from .fork_server import HEADER, PAGES, SCRIPTS, TABLES, call, load, locked, server_file, servers_of
from .job_log import open_streams, print_error
from .large_pages import use_large_pages

IDLE_SECONDS = 300  # a run of many studies comes back to each of them, and imports cost seconds
# What jobs of every study import besides its libraries; and the jobs that are of no study.
_OF_STUDIES = (
    "seedbed.core.jobs.drawing",
    "seedbed.core.jobs.fitting",
    "seedbed.core.jobs.scoring",
    "seedbed.core.jobs.tuning",
    "pyarrow.parquet",  # which pandas imports for the first table, with the next
    "pandas.core.arrays.arrow.extension_types",
    "encodings.cp437",  # and zipfile for the first archive
)
_OF_OTHERS = {
    SCRIPTS: (
        "snakemake.io",  # which `snakemake.params` of a script imports
        "snakemake.iocontainers",
        "snakemake.logging",
        "seedbed.core.job_records.fits",
        "seedbed.core.job_records.reports",
        "seedbed.core.job_records.scores",
        "seedbed.core.job_records.summaries",
        "seedbed.core.job_processes.served_scripts",
    ),
    TABLES: ("seedbed.core.jobs.scoring", "seedbed.core.judging.summaries", "scipy.stats"),
    PAGES: (
        "seedbed.report.drawing.draw",
        "seedbed.report.page.render",
        "pyarrow.parquet",
        "matplotlib.figure",
        "matplotlib.backends.backend_svg",
        "scipy.stats",  # what figures of several studies compute with
        "sklearn.base",
    ),
}
_PR_SET_PDEATHSIG = 1


def serve(listener: str, run: str, server: str, folder: str, place: str) -> None:
    """Import what jobs need and fork one for every connection, until the run's process ends.

    ``place`` is where ``config.yaml`` lies, and a study of the user's beside it. The server does not stay there.
    """
    path = [*sys.path]  # before a library adds to it
    os.chdir(place)
    _load(server)
    make_first_calls()
    os.chdir("/")
    adopt_orphans()  # what a job leaves behind that was killed before it could end it, daemons too
    gc.freeze()
    use_large_pages()
    with contextlib.suppress(ProcessLookupError):
        if not _Server(socket.socket(fileno=int(listener)), os.pidfd_open(int(run)), path).serve():
            with contextlib.suppress(OSError):
                os.unlink(server_file(folder, os.getpid()))
            return
    shutil.rmtree(folder, ignore_errors=True)


def _load(server: str) -> None:
    """Import what the jobs of a server need."""
    if server in _OF_OTHERS:
        _import(_OF_OTHERS[server])
        return
    from seedbed.core.study import load_study

    from .study_calls import load_what_jobs_call

    study = load_study(server)
    _import((*study.libraries, *_OF_STUDIES))
    load_what_jobs_call(study)


def _import(names: Iterable[str]) -> None:
    for name in names:
        with contextlib.suppress(Exception):  # not in this environment; a job that needs it will say so
            importlib.import_module(name)


class _Server:
    def __init__(self, listener: socket.socket, run: int, path: list[str]) -> None:
        self.listener, self.run, self.path = listener, run, path
        self.folder = os.path.dirname(listener.getsockname())
        self.jobs: dict[int, tuple[int, int, socket.socket]] = {}  # by descriptor: of its process, of its client
        self.poll = select.poll()
        self.poll.register(listener, select.POLLIN)
        self.poll.register(run, select.POLLIN)

    def serve(self) -> bool:
        """True when the run has ended, and its jobs are to die with this process; False when nothing is to do."""
        while True:
            ready = [descriptor for descriptor, _ in self.poll.poll(1000 * IDLE_SECONDS)]
            if self.run in ready:
                end_children()
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
        with locked(path):
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
            os._exit(_run_job(client, server, self.path))
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
        # a server that a job has started is not of its family
        end_children(spared={other for other, _, _ in self.jobs.values()} | servers_of(self.folder))


def _run_job(client: socket.socket, server: int, path: list[str]) -> int:
    """The life of a fork: become the client's process in all that matters, make the call, end."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != server:
        return 1
    header, descriptors, _, _ = socket.recv_fds(client, HEADER, 2)
    request = json.loads(_receive(client, int.from_bytes(header, "big")))
    for number, descriptor in enumerate(descriptors, start=1):
        os.dup2(descriptor, number)
        os.close(descriptor)
    open_streams()
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.path[:] = request["path"] or path
    try:
        target, arguments = request["call"]
        call(target, [*map(_unpacked, arguments)])
    except BaseException as error:
        print_error(error)
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


def _unpacked(part: dict[str, Any]) -> Any:
    return load(part["record"]).from_json(part["text"]) if "record" in part else part["value"]


def _receive(client: socket.socket, length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length and (part := client.recv(length - len(parts))):
        parts += part
    return bytes(parts)
