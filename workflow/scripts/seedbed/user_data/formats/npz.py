"""Arrays of NPY and NPZ files, and nothing else that such files can hold; their sizes are looked at first."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import IO

import numpy as np
import pandas as pd

from .bounds import MOST_BYTES, too_many_cells
from .messages import repeated
from .table import Table

FEATURES = ("X", "features")
LABELS = ("labels", "y")


def array_of(archive: np.lib.npyio.NpzFile, name: str) -> np.ndarray:
    """One array of a file that was opened with ``allow_pickle=False``.

    Raises
    ------
    ValueError
        If the member is damaged, holds Python objects, or is no array: NumPy hands out the bytes of such a one.
    """
    array = archive[name]
    if not isinstance(array, np.ndarray):
        raise ValueError(f"'{name}' is no array")
    return array


def read_array(file: Path) -> Table:
    """The features of an NPY file, one row per case."""
    with file.open("rb") as stream:
        _check_header(stream, "the array")
    return _features(np.load(file, allow_pickle=False), None)


def read_arrays(file: Path) -> Table:
    """``X`` or ``features`` of an NPZ file, and the other arrays with one entry per row as columns apart.

    Raises
    ------
    ValueError
        If there are no features, an array is too large, or names are given twice.
    """
    check_sizes(file)
    with np.load(file, allow_pickle=False) as archive:
        name = next((name for name in FEATURES if name in archive.files), None)
        if name is None:
            sparse = "; of a sparse matrix save X.toarray()" if "indptr" in archive.files else ""
            raise ValueError(f"an array named X is needed (found: {_listed(archive.files)}){sparse}")
        others = [other for other in archive.files if other not in (name, "feature_names")]
        names = array_of(archive, "feature_names") if "feature_names" in archive.files else None
        table = _features(array_of(archive, name), names)
        vectors, unfit = {}, {}
        for other in others:
            found = _vector(archive, other, len(table))
            (unfit if isinstance(found, str) else vectors)[other] = found
    if twice := sorted(vectors.keys() & set(table.names)):
        raise ValueError(f"'{twice[0]}' names an array and a feature (feature_names); rename one")
    frame = table.frame
    if vectors:
        frame = pd.concat([frame, pd.DataFrame({name: pd.Series(array) for name, array in vectors.items()})], axis=1)
    return Table(frame, table.notes, apart=tuple(vectors), unfit=unfit)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:12]) or "none"


def _features(points: np.ndarray, names: np.ndarray | None) -> Table:
    if points.dtype.names:
        raise ValueError("features are records with names; save numpy.lib.recfunctions.structured_to_unstructured(X)")
    if points.ndim < 2 or points[:1].size == 0 < len(points):
        cured = "; a table with one column has the shape (n, 1)" if points.ndim == 1 else ""
        raise ValueError(f"features have the shape {points.shape}; one row per case and a column are needed{cured}")
    if points.dtype.kind not in "fiub":
        raise ValueError(f"features are of the type {points.dtype}; real numbers are needed: X.astype(float)")
    notes = [f"the shape {points.shape} is made flat, one row per case"] if points.ndim > 2 else []
    flat = points.reshape(len(points), int(np.prod(points.shape[1:])))
    columns = [f"x{j}" for j in range(flat.shape[1])] if names is None else _names(names, flat.shape[1])
    # of one type: a half would overflow in sums, and a long double is no column
    flat = flat.astype(np.float64) if points.dtype.kind == "f" and points.dtype.itemsize not in (4, 8) else flat
    return Table(pd.DataFrame(flat, columns=columns), tuple(notes))


def _names(names: np.ndarray, number: int) -> list[str]:
    if names.shape != (number,):
        raise ValueError(f"feature_names has the shape {names.shape}; X has {number} columns")
    found = [str(name) for name in names]
    if twice := repeated(found):
        raise ValueError(f"feature_names holds '{twice[0]}' more than once; names must differ")
    return found


def _vector(archive: np.lib.npyio.NpzFile, name: str, n_rows: int) -> np.ndarray | str:
    """An array with one entry per row, or why it is none."""
    try:
        array = array_of(archive, name)
    except ValueError as error:
        if "pickle" in str(error):
            return f"holds Python objects, which are not read; save text as text: {name}.astype(str)"
        raise
    if array.dtype.kind == "S":
        array = np.char.decode(array, "utf-8", "replace")
    if array.shape == (n_rows,) and array.dtype.kind in "fiubUM":
        return array
    said = f"has the shape {array.shape} and the type {array.dtype}; one entry per row of the {n_rows} is needed"
    if array.ndim == 2 and array.shape == (n_rows, 1):
        return f"{said}: save {name}.ravel()"
    return f"{said}: save {name}.argmax(axis=1)" if array.ndim == 2 and len(array) == n_rows else said


def check_sizes(file: Path) -> None:
    """What the headers say, before anything is unpacked: a file of 2 MB can hold 4 GB of zeros."""
    total = 0
    with zipfile.ZipFile(file) as archive:
        for member in archive.infolist():
            if member.filename.endswith(".npy"):
                with archive.open(member) as stream:
                    total += _check_header(stream, f"'{member.filename[:-4]}'")
            else:
                total += member.file_size
    if total > MOST_BYTES:
        raise ValueError(f"its arrays take {total / 1024**3:.1f} GiB; up to {MOST_BYTES / 1024**3:.0f} are read")


def _check_header(stream: IO[bytes], what: str) -> int:
    """Bytes that an array will take; refuses headers that lie or ask for too much."""
    version = np.lib.format.read_magic(stream)
    read = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}
    if version not in read:  # the third is for names of fields, which no array of numbers or text has
        raise ValueError(f"{what} is of the version {version}; 1 and 2 are read")
    shape, _, dtype = read[version](stream)
    if any(side < 0 for side in shape):
        raise ValueError(f"{what} has the impossible shape {shape}")
    cells = 1
    for side in shape:
        cells *= side
    try:
        too_many_cells(shape[0] if shape else 1, cells // max(1, shape[0]) if shape else 1)
    except ValueError as error:
        raise ValueError(f"{what} {error}") from None
    return cells * dtype.itemsize
