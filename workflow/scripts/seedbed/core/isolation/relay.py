"""What a job prints, on its way to the job's log and to the terminal.

The log gets everything. The terminal gets what the job itself says; of what a method prints, the last lines, and only
if its fit failed: a method that prints a thousand lines would hide the other methods and the end of the run. Between
two marks, which the job writes into the same stream, it is the method that speaks.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from collections import deque
from os import _exit

from seedbed.core.errors import printable

VARIABLE = "SEEDBED_RELAY"  # set where somebody listens for the marks
LAST_LINES = 20
_MARK = b"\x1eseedbed "
_BEGIN, _WELL, _FAILED = b"begin", b"well", b"failed"
_LONGEST = 2**16  # bytes of a line that is passed on before its end is seen


def fork_relay(path: str, terminal: int) -> tuple[int, int]:
    """Start a process that passes on what is written to a pipe.

    Returns
    -------
    relay, writer : int
        The process, which ends when the pipe is closed on all sides, and the descriptor to write to.
    """
    log = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o666)
    reader, writer = os.pipe()
    relay = os.fork()
    if relay == 0:
        try:
            os.setsid()  # an interrupt from the keyboard is the run's to deal with
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.close(writer)
            _Relay(path, log, terminal).run(reader)
        finally:
            _exit(0)
    os.close(reader)
    os.close(log)
    return relay, writer


def method_begins() -> None:
    """What comes now is printed by a method."""
    _say(_BEGIN)


def method_ended(failed: bool) -> None:
    """What comes now is the job's own word again."""
    _say(_FAILED if failed else _WELL)


def _say(word: bytes) -> None:
    if VARIABLE in os.environ:
        sys.stdout.flush()
        sys.stderr.flush()
        with contextlib.suppress(OSError):
            os.write(1, _MARK + word + b"\n")


class _Relay:
    def __init__(self, path: str, log: int, terminal: int) -> None:
        self.path, self.log, self.terminal = path, log, terminal
        self.lines: deque[bytes] | None = None  # the last ones of a method that is at work
        self.number = 0

    def run(self, reader: int) -> None:
        """Pass lines on until nobody can write any more."""
        rest = b""
        while part := os.read(reader, _LONGEST):
            *lines, rest = (rest + part).split(b"\n")
            for line in lines:
                self.take(line)
            if len(rest) > _LONGEST:
                self.take(rest)
                rest = b""
        if rest:
            self.take(rest)

    def take(self, line: bytes) -> None:
        """One line, which may end in a mark: what a method printed need not end in a line break."""
        text, marked, word = line.partition(_MARK)
        if text or not marked:
            self.pass_on(text)
        if marked:
            if word == _FAILED and self.number:
                self.show_last()
            self.lines, self.number = (deque(maxlen=LAST_LINES) if word == _BEGIN else None), 0

    def pass_on(self, line: bytes) -> None:
        """To the log, and to the terminal or to the lines that may be shown there."""
        text = line.decode("utf-8", "backslashreplace").rstrip("\r").replace("\r", "\n")  # progress bars
        safe = ("\t".join(map(printable, text.split("\t"))) + "\n").encode("utf-8", "backslashreplace")
        self.write(self.log, safe)
        if self.lines is None:
            self.write(self.terminal, safe)
        else:
            self.number += 1
            self.lines.append(safe)

    def show_last(self) -> None:
        """Of a method whose fit failed, to the terminal."""
        assert self.lines is not None  # a method is at work
        if self.number > len(self.lines):
            head = f"The last {len(self.lines)} of {self.number} lines that the method printed; all are in {self.path}:"
            self.write(self.terminal, f"{head}\n".encode())
        self.write(self.terminal, b"".join(self.lines))

    def write(self, descriptor: int, text: bytes) -> None:
        """A full disk or a closed terminal is no reason to stop a job."""
        try:
            while text:
                text = text[os.write(descriptor, text) :]
        except OSError as error:
            if descriptor == self.log:
                self.log = os.open(os.devnull, os.O_WRONLY)
                self.write(self.terminal, f"{self.path}: {error.strerror}; the rest is lost\n".encode())
