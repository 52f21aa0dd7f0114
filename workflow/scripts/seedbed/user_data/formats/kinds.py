"""What a file is by its first bytes, where it is not what its name says."""

from __future__ import annotations

from pathlib import Path

_OWN = {
    ".parquet": (b"PAR1",),
    ".npz": (b"PK\x03\x04", b"PK\x05\x06"),
    ".npy": (b"\x93NUMPY",),
    ".xlsx": (b"PK\x03\x04",),
}
_ENDING = "give the file its own ending"
_KINDS = {
    b"version https://git-lfs": ("a pointer of Git LFS", "fetch the file: git lfs pull"),
    b"<!doctype html": ("a web page", "download the file itself"),
    b"<html": ("a web page", "download the file itself"),
    b"PK\x03\x04": ("a workbook, an NPZ file or another ZIP archive", _ENDING),
    b"\x1f\x8b": ("a gzip archive", "unpack it"),
    b"PAR1": ("a Parquet file", _ENDING),
    b"\x93NUMPY": ("an NPY file", _ENDING),
    b"ARROW1": ("a Feather file", "save the table as Parquet: to_parquet"),
    b"\x89HDF": ("an HDF5 file", "save the table as Parquet: to_parquet"),
    b"\xd0\xcf\x11\xe0": ("an old workbook (.xls)", "save it as XLSX or as CSV UTF-8"),
    b"MATLAB 5.0": ("a MATLAB file", "save its arrays as NPZ"),
    b"%pdf": ("a PDF", "save the table as CSV UTF-8"),
    b'[{"': ("JSON", "save the table as CSV UTF-8"),
    b'{"': ("JSON", "save the table as CSV UTF-8"),
    b"@relation": ("an ARFF file", "save the table as CSV, with a line of names"),
}
_NAMED = {".csv": "text", ".tsv": "text"}
_SEEN = 64  # bytes that are looked at


def other_kind(file: Path) -> str:
    """What a file is, and the cure, if its first bytes are those of another kind than its name says; else nothing."""
    with file.open("rb") as stream:
        start = stream.read(_SEEN).removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(_OWN.get(file.suffix.lower(), ())):
        return ""
    wanted = _NAMED.get(file.suffix.lower(), file.suffix[1:].upper())
    for magic, (what, cure) in _KINDS.items():
        if start.lower().startswith(magic.lower()):
            return f"it is {what}, not {wanted}; {cure}"
    return ""
