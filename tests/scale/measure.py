"""``python measure.py COMMAND...``: CPU seconds of a command and of all that it starts, its own among them, its largest
memory and its largest number of threads.

Run as a process of its own: the memory of a process counts from that of its parent, and the parent here is small; and
what is waited for is all that was started, daemons of other tests not among it.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress

PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Print seconds, number of threads and MiB as JSON, and pass the exit code on.

    Processes that outlive the command (the fork servers end a moment later) are adopted and waited for.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    process = subprocess.Popen(command, stdout=sys.stderr)
    threads, usages, code, own = [1], [], 1, 0.0
    threading.Thread(target=count_threads, args=(process.pid, threads), daemon=True).start()
    while True:
        try:
            ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)
        except ChildProcessError:
            break
        if ended.si_pid == process.pid:
            own = own_seconds(process.pid)
        _, status, usage = os.wait4(ended.si_pid, 0)
        usages.append(usage)
        if ended.si_pid == process.pid:
            code = os.waitstatus_to_exitcode(status)
    seconds, memory = sum(one.ru_utime + one.ru_stime for one in usages), max(one.ru_maxrss for one in usages)
    print(json.dumps({"seconds": seconds, "own": own, "memory": memory / 1024, "threads": max(threads)}))
    return code


def own_seconds(process: int) -> float:
    """CPU time of a process without that of its children; of one that has ended, until somebody waits for it."""
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def count_threads(process: int, counts: list[int]) -> None:
    """Again and again, until the process has gone."""
    pause = threading.Event()
    with suppress(OSError):
        while not pause.wait(0.1):
            counts.append(len(os.listdir(f"/proc/{process}/task")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
