"""Mistakes of the user: reported as text, never as a traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class UserError(Exception):
    """Something the user can mend; ``str(error)`` says what is wrong, where, and what would be right."""

    @classmethod
    def from_list(cls, heading: str, messages: Iterable[str]) -> UserError:
        """One error that names every mistake."""
        return cls("\n".join([heading, *(f"  - {message}" for message in messages)]))


class SkipFit(Exception):
    """Raised by a study's adapter: this method does not apply to these data; the message says why."""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """``" (did you mean 'x'?)"`` when a known name is close, and the known names in any case."""
    known = sorted(known)
    close = difflib.get_close_matches(str(name), known, n=1, cutoff=0.6)
    hint = f"; did you mean '{close[0]}'?" if close else ""
    return f"{hint} (known: {', '.join(known) or 'none'})"
