"""Blocks of replicates, and the files that hold them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from .errors import UserError
from .files import atomic_path, message_of_damage, reading

FAILURE = "__failure__"  # stands in a replicate's place of arrays: why its data could not be drawn
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest date of the zip format: equal arrays give equal bytes


def block_names(replicates: int, per_job: int) -> list[str]:
    """Names such as ``0000-0003``: the range of replicates, so that adding one leaves full blocks alone.

    >>> block_names(5, 2)
    ['0000-0001', '0002-0003', '0004-0004']
    """
    starts = range(0, replicates, per_job)
    return [f"{start:04d}-{min(start + per_job, replicates) - 1:04d}" for start in starts]


def block_range(name: str) -> range:
    """The replicates of a block.

    >>> block_range("0002-0003")
    range(2, 4)
    """
    first, last = name.split("-")
    return range(int(first), int(last) + 1)


def save_arrays(path: str | Path, replicates: Mapping[int, Mapping[str, np.ndarray]]) -> None:
    """Write ``{replicate: {name: array}}`` as an NPZ file whose bytes depend on the arrays alone."""
    with atomic_path(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for replicate, arrays in sorted(replicates.items()):
            for name, array in sorted(arrays.items()):
                buffer = io.BytesIO()
                np.lib.format.write_array(buffer, np.asarray(array), allow_pickle=False)
                archive.writestr(zipfile.ZipInfo(f"{replicate}/{name}.npy", _EPOCH), buffer.getvalue())


class MissingArray(UserError, KeyError):
    """A file has no array of this name: it was written by another version of the workflow."""

    def __init__(self, path: str | Path, name: str) -> None:
        super().__init__(message_of_damage(path, f"it has no array '{name}'"))
        self.name = name

    __str__ = Exception.__str__  # KeyError would put it into quotes


class Arrays(dict[str, np.ndarray]):
    """The arrays of one replicate; one that is asked for and not there is named together with the file."""

    def __init__(self, path: str | Path) -> None:
        super().__init__()
        self.path = path

    def __missing__(self, name: str) -> np.ndarray:
        raise MissingArray(self.path, name)


def load_arrays(path: str | Path) -> dict[int, Arrays]:
    """Read what :func:`save_arrays` wrote; a replicate without arrays is absent."""
    replicates: dict[int, Arrays] = {}
    with reading(path), np.load(path, allow_pickle=False) as archive:
        for key in archive.files:
            replicate, _, name = key.partition("/")
            replicates.setdefault(int(replicate), Arrays(path))[name] = _member(archive, key)
    return replicates


def _member(archive: Any, key: str) -> np.ndarray:
    array = archive[key]
    if not isinstance(array, np.ndarray):  # NumPy returns the bytes of a member that is no NPY file
        raise ValueError(f"{key} is no array")
    return array


class StoredArrays(Mapping[str, np.ndarray]):
    """The arrays of one replicate in a file, each read when it is first asked for."""

    def __init__(self, path: str | Path, archive: Any, keys: Mapping[str, str]) -> None:
        self._path, self._archive, self._keys = path, archive, keys
        self._read: dict[str, np.ndarray] = {}

    def __getitem__(self, name: str) -> np.ndarray:
        if name not in self._read:
            if name not in self._keys:
                raise MissingArray(self._path, name)
            with reading(self._path):
                self._read[name] = _member(self._archive, self._keys[name])
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._keys

    def __iter__(self) -> Iterator[str]:
        return iter(self._keys)

    def __len__(self) -> int:
        return len(self._keys)


def stored_arrays(path: str | Path) -> dict[int, StoredArrays]:
    """As :func:`load_arrays`, for who needs few of many arrays: only the file's list of them is read at once."""
    keys: dict[int, dict[str, str]] = {}
    with reading(path):
        # in memory, so that no file is kept open
        archive = np.load(io.BytesIO(Path(path).read_bytes()), allow_pickle=False)
        for key in archive.files:
            replicate, _, name = key.partition("/")
            keys.setdefault(int(replicate), {})[name] = key
    return {replicate: StoredArrays(path, archive, names) for replicate, names in keys.items()}
