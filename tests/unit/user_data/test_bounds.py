"""Files that would fill the memory are refused by what their headers say, with the bound in the message."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from seedbed.user_data.features import check_features
from seedbed.user_data.formats import bounds
from seedbed.user_data.images import bad_side
from seedbed.user_data.tables import check_table


def header(shape: tuple[int, ...], dtype: str = "<f8") -> bytes:
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": dtype, "fortran_order": False, "shape": shape})
    return buffer.getvalue()


def bomb(path: Path, members: dict[str, bytes]) -> str:
    """Headers that promise more than the file holds: whoever believes them needs the memory first."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return str(path)


SMALL = header((2, 2)) + bytes(32)


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({"X": header((500_000_000, 1))}, "'X' holds 500000000 x 1 = 5e+08 numbers; up to 2e+08 are read"),
        ({"X": header((2, 10**15))}, "'X' holds 2 x 1000000000000000"),
        ({"X": header((3, 10**5, 10**6))}, "up to 2e+08 are read"),
        ({"X": SMALL, "extra": header((10**12,), "|u1")}, "'extra' holds"),
        ({"X": SMALL, "y": header((8,), f"<U{10**8}")}, "its arrays take"),
        ({"X": header((-1, 2))}, "cannot be read as NPZ"),
        ({"X": b"\x93NUMPY\x03\x00" + SMALL[8:]}, "of the version (3, 0)"),
        ({"X": b"no array"}, "cannot be read as NPZ"),
    ],
)
def test_arrays_are_refused_by_their_headers(tmp_path, members, message):
    path = bomb(tmp_path / "a.npz", members)
    for found in (check_table(path)[0], check_features(path)):
        assert len(found) == 1 and message in found[0], found


def test_a_lone_array_is_refused_by_its_header(tmp_path):
    (tmp_path / "a.npy").write_bytes(header((10**9, 3)))
    (message,) = check_features(str(tmp_path / "a.npy"))
    assert "the array holds 1000000000 x 3 = 3e+09 numbers; up to 2e+08 are read" in message


@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz", ".npy"])
def test_tables_are_bounded_in_every_format(tmp_path, suffix, monkeypatch):
    table, path = (
        pd.DataFrame(np.random.default_rng(0).normal(size=(8, 4)), columns=list("abcd")),
        tmp_path / f"t{suffix}",
    )
    match suffix:
        case ".csv":
            table.to_csv(path, index=False)
        case ".parquet":
            table.to_parquet(path)
        case ".npz":
            np.savez(path, X=table)
        case _:
            np.save(path, table)
    assert check_table(str(path))[0] == []
    monkeypatch.setattr(bounds, "MOST_CELLS", 31)
    assert "8 x 4 = 32 numbers; up to 31 are read" in check_table(str(path))[0][0]


def test_text_is_bounded_in_bytes_and_cells_in_letters(tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text("x,y\n1,2\n3," + "4" * 200_000 + "\n")
    assert "line 3" in check_table(str(path))[0][0] and "quote" in check_table(str(path))[0][0]
    monkeypatch.setattr(bounds, "MOST_BYTES", 100)
    assert "is 0.0 GiB large" in check_table(str(path))[0][0]


def test_images_are_bounded_together():
    assert bad_side(100, 32, 3) == []
    assert "up to 2e+08 are read" in bad_side(1_000_000, 64, 1)[0]
    assert "at least 4 pixels" in bad_side(3, 2, 1)[0]
