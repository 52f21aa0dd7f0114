"""What strangers say, in words that fit into a table, a terminal and a file, whatever it was."""

from __future__ import annotations

from .errors import printable

_LONGEST = 300


def one_line(text: str) -> str:
    """White space collapsed, shortened, and nothing in it that moves a cursor or cannot be encoded.

    >>> one_line("a\\n b\\x1b[31m \\ud800")
    'a b\\\\x1b[31m \\\\ud800'
    """
    text = printable(" ".join(text[: 20 * _LONGEST].split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def describe(error: BaseException) -> str:
    """``ValueError: what it says``, in one line, also if the error does not want to say it."""
    return one_line(f"{type(error).__name__}: {text_of(error)}".removesuffix(": "))


def text_of(thing: object) -> str:
    """``str(thing)``, of a stranger's class."""
    try:
        return "".join([str(thing)])  # plain text, and no subclass of it
    except BaseException as error:
        return f"its text cannot be shown ({type(error).__name__} in __str__)"
