"""The files below a folder, and where links among them lead."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path


def files_below(path: Path, root: Path) -> Iterator[Path]:
    """The file, or all files of a folder but caches and hidden ones, through links to folders as well.

    What lies outside of ``root`` is not looked into: of a link that leads there the link itself is named.
    """
    real = os.path.realpath(path)
    yield from _walk(str(path), real, (), os.path.realpath(root)) if os.path.isdir(real) else (path,)


def _walk(folder: str, real: str, above: tuple[str, ...], root: str) -> Iterator[Path]:
    if not Path(real).is_relative_to(root):
        yield Path(folder)
        return
    if real in above:  # a link to a folder that it lies in
        return
    for name in sorted(os.listdir(folder)):
        place = os.path.join(folder, name)
        if name.startswith(".") or name == "__pycache__":
            continue
        if os.path.isdir(place):
            yield from _walk(place, os.path.realpath(place), (*above, real), root)
        elif os.path.isfile(place):
            yield Path(place)


def leaving(paths: Iterable[Path], root: Path) -> set[Path]:
    """Those that lead out of a folder by a link."""
    real = root.resolve()
    return {path for path in paths if not path.resolve().is_relative_to(real)}
