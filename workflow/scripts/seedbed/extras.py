"""What to install where a package is missing that only a part of this one needs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["extra"]


@contextmanager
def extra(name: str) -> Iterator[None]:
    """Around imports: a package that is missing ends in a message that names the extra which brings it.

    Raises
    ------
    ModuleNotFoundError
        With the name of the package that is missing, and how it is installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package in ("", "seedbed") or "seedbed[" in str(error):
            raise
        raise ModuleNotFoundError(
            f'the package {package} is needed here, and not installed: pip install "seedbed[{name}]"', name=package
        ) from error
