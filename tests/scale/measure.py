"""``python measure.py COMMAND...``: CPU seconds of a command and of all that it starts, and its largest memory.

Run as a process of its own: the memory of a process counts from that of its parent, and the parent here is small; and
what is waited for is all that was started, daemons of other tests not among it.
"""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


def main(command: list[str]) -> int:
    """Print seconds and MiB as JSON, and pass the exit code on.

    Processes that outlive the command (the fork servers end a moment later) are adopted and waited for.
    """
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
    process = subprocess.Popen(command, stdout=sys.stderr)
    usages, code = [], 1
    while True:
        try:
            child, status, usage = os.wait4(-1, 0)
        except ChildProcessError:
            break
        usages.append(usage)
        if child == process.pid:
            code = os.waitstatus_to_exitcode(status)
    seconds = sum(one.ru_utime + one.ru_stime for one in usages)
    print(json.dumps({"seconds": seconds, "memory": max(one.ru_maxrss for one in usages) / 1024}))
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
