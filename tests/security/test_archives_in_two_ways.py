"""Archives that two programs unpack differently, that are damaged, or that hold more than they say."""

from __future__ import annotations

import os
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from archive_messages import message
from hostile_archives import RIGHT, archive_with, metadata_of
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbed.core.errors import UserError
from seedbed.core.keeping.crate import METADATA
from seedbed.core.keeping.crate_reader import open_crate
from seedbed.core.keeping.zip_layout import layout_errors


def in_two_ways(path: Path, kind: str) -> Path:
    """An archive that another program than ours may unpack to something else."""
    ours = archive_with(path, {"data/a.csv": b"x\n1\n" * 99}).read_bytes()
    other = archive_with(path, {"data/a.csv": b"other"}).read_bytes()
    start, head = ours.index(b"PK\x01\x02"), ours.index(b"data/a.csv") - 30
    listed = ours.index(b"data/a.csv", start) - 46
    match kind:
        case "another before":
            ours = other + ours
        case "a script before":
            ours = b"#!/bin/sh\n" + ours
        case "bytes behind":
            ours += b"\0"
        case "another as comment":
            ours = ours[:-2] + struct.pack("<H", len(other)) + other
        case "bytes between":
            end = bytearray(ours[start:])
            end[-6:-2] = struct.pack("<I", start + 9)
            ours = ours[:start] + b"PK\x03\x04other" + bytes(end)
        case "sizes before it":
            ours = ours[: head + 22] + struct.pack("<I", 5) + ours[head + 26 :]
        case "digest before it":
            ours = ours[: head + 14] + b"\0" * 4 + ours[head + 18 :]
        case "packed otherwise before it":
            ours = ours[: head + 8] + b"\0\0" + ours[head + 10 :]
        case "a member that is not listed":
            size = 46 + len(b"data/a.csv")
            end = bytearray(ours[start:listed] + ours[listed + size :])
            end[-14:-6] = struct.pack("<2HI", len(RIGHT) + 1, len(RIGHT) + 1, len(end) - 22)
            ours = ours[:start] + bytes(end)
    path.write_bytes(ours)
    return path


@pytest.mark.parametrize(
    "kind",
    [
        "another before", "a script before", "bytes behind", "another as comment", "bytes between", "sizes before it",
        "digest before it", "packed otherwise before it", "a member that is not listed",
    ],
)  # fmt: skip
def test_no_two_programs_unpack_two_archives(tmp_path: Path, kind: str) -> None:
    path = in_two_ways(tmp_path / "a.zip", kind)
    with zipfile.ZipFile(path) as archive:
        (reason,) = layout_errors(archive)
    assert reason in message(path)


@pytest.mark.parametrize("size", [10, 0, 3 * 2**20])
def test_a_member_that_unpacks_to_more_than_it_says_is_named(tmp_path: Path, size: int) -> None:
    """Size, digest and checksum are those of its beginning, which is all that we would have read."""
    content, path = b" " * (4 * 2**20), tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in RIGHT.items():
            archive.writestr(name, data)
        info, crc = zipfile.ZipInfo("data/a.csv"), zlib.crc32(content[:size])
        info.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(info, content)
        archive.writestr(METADATA, metadata_of({**RIGHT, "data/a.csv": content[:size]}))
        info.file_size, info.CRC = size, crc
    whole = bytearray(path.read_bytes())
    head = whole.index(b"data/a.csv") - 30
    whole[head + 14 : head + 18], whole[head + 22 : head + 26] = struct.pack("<I", crc), struct.pack("<I", size)
    path.write_bytes(whole)
    assert "data/a.csv: holds more or less than it says" in message(path)


def test_members_of_any_size_are_as_we_write_them(tmp_path: Path) -> None:
    members = {"empty": b"", "noise": os.urandom(3 * 2**20), "blanks": b" " * (3 * 2**20)}
    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        with open_crate(str(archive_with(tmp_path / "a.zip", members, compression=compression))) as crate:
            assert {name: crate.read(name) for name in members} == members
    content = {**RIGHT, "large": b"x" * 99}
    with zipfile.ZipFile(tmp_path / "large.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*content.items(), (METADATA, metadata_of(content))]:
            with archive.open(name, "w", force_zip64=True) as stream:  # as if it had more than 2 GB
                stream.write(data)
    with open_crate(str(tmp_path / "large.zip")) as crate:
        assert crate.read("large") == content["large"]


@pytest.mark.parametrize("name", ["a" * 5000, "a\0b", "", ".", "/dev/null"])
def test_what_is_no_file_is_no_archive(name: str) -> None:
    assert "there is no such file" in message(Path(name))


def damaged(path: Path, place: int) -> Path:
    content = bytearray(path.read_bytes())
    content[place] ^= 0xFF
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA, zipfile.ZIP_DEFLATED])
def test_damaged_and_unusual_compression(tmp_path: Path, compression: int) -> None:
    path = archive_with(tmp_path / "a.zip", {"data/a.csv": bytes(range(256)) * 40}, compression=compression)
    if compression != zipfile.ZIP_DEFLATED:
        assert "compressed in a way that `snakemake archive` does not use" in message(path)
    assert "a.zip" in message(damaged(path, path.read_bytes().index(b"data/a.csv") + 60))


def test_an_encrypted_member_is_named(tmp_path: Path) -> None:
    path = archive_with(tmp_path / "a.zip", {"b": b"secret"})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = -1
        while (start := content.find(mark, start + 1)) >= 0:
            content[start + offset] |= 1
    path.write_bytes(content)
    assert "is encrypted" in message(path)


@settings(max_examples=100, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 10**4), st.integers(1, 255)), min_size=1, max_size=4))
def test_any_damage_is_one_message_or_none(
    places: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = archive_with(tmp_path_factory.getbasetemp() / "damaged.zip", {"data/a.csv": b"x,y\n1,2\n"})
    content = bytearray(path.read_bytes())
    for place, bits in places:
        content[place % len(content)] ^= bits
    path.write_bytes(content)
    try:
        with open_crate(str(path)) as crate:
            assert {name: crate.read(name) for name in crate.files} == {**RIGHT, "data/a.csv": b"x,y\n1,2\n"}
    except UserError as error:
        assert "damaged.zip" in str(error)
