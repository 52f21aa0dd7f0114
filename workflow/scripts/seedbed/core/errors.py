"""Mistakes of the user: reported as text, never as a traceback."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable


class UserError(Exception):
    """Something the user can mend; ``str(error)`` says what is wrong, where, and what would be right.

    Messages quote file names, keys and values that others wrote: what would steer a terminal is shown, not sent.
    """

    def __str__(self) -> str:
        return printable(super().__str__())

    @classmethod
    def from_list(cls, heading: str, messages: Iterable[str]) -> UserError:
        """One error that names every mistake."""
        return cls("\n".join([heading, *(f"  - {message}" for message in messages)]))


class SkipFit(Exception):
    """Raised by a study's adapter: this method does not apply to these data; the message says why."""


_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}  # control characters, halves of surrogates, odd ends of lines
_TURNING = {*map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))}  # what follows is shown in another order


def printable(text: str) -> str:
    """Text as it may go to a terminal, a log or a page: control characters as escapes, but for ends of lines.

    >>> printable("a\\tb \\x1b[2J \\ud800")
    'a\\\\tb \\\\x1b[2J \\\\ud800'
    """
    if text.isascii() and text.replace("\n", "").isprintable():
        return text
    return "".join(
        ascii(char)[1:-1] if char != "\n" and (char in _TURNING or unicodedata.category(char) in _UNSEEN) else char
        for char in text
    )


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """``" (did you mean 'x'?)"`` when a known name is close, and the known names in any case."""
    known = sorted(known)
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    return f"{hint} (known: {', '.join(known) or 'none'})"
