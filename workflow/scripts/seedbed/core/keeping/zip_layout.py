"""The bytes of an archive: each belongs to one member, or to the list of members that ends it.

Programs that unpack differ in what they believe: the list at the end, or what stands before each member. Where bytes
belong to none, or a member holds more than it says, two people may look at two archives in one file.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

_HEAD = struct.Struct("<4s5H3I2H")  # stands before a member
_LARGE = struct.Struct("<2H2Q")  # behind its name, where a size has more than 32 bits
_END = struct.Struct("<4s4H2IH")  # what a file ends with that has no comment
_IN_32_BITS = 2**32 - 1
_CHUNK = 2**20


def layout_errors(archive: zipfile.ZipFile) -> Iterator[str]:
    """One message for each member that is not as `snakemake archive` writes it, and for bytes that belong to none.

    Linear in the size of the archive; nothing is kept of what is unpacked.
    """
    file, place = archive.fp, 0
    assert file is not None  # it is open
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset != place:
            yield f"{info.filename}: does not begin where what stands before it ends"
            return
        start = _start(file, info)
        if start is None:
            yield f"{info.filename}: is described in two ways"
            return
        place = start + info.compress_size
        if not _fits(file, start, info):
            yield f"{info.filename}: holds more or less than it says"
    if place != archive.start_dir:
        yield "There is something between the last member and the list of them"
    file.seek(-_END.size, 2)
    mark, *_, comment = _END.unpack(file.read(_END.size))
    if mark != b"PK\5\6" or comment:
        yield "There is something behind the list of members"


def _start(file: IO[bytes], info: zipfile.ZipInfo) -> int | None:
    """Where the content begins; None if what stands before it says something else than the list."""
    file.seek(info.header_offset)
    _, _, flags, method, _, _, crc, packed, size, name, extra = _HEAD.unpack(file.read(_HEAD.size))
    file.seek(name, 1)
    more = file.read(extra)
    if packed == size == _IN_32_BITS and len(more) >= _LARGE.size:
        _, _, size, packed = _LARGE.unpack(more[: _LARGE.size])
    said = flags, method, crc, packed, size
    listed = info.flag_bits, info.compress_type, info.CRC, info.compress_size, info.file_size
    return info.header_offset + _HEAD.size + name + extra if said == listed else None


def _fits(file: IO[bytes], start: int, info: zipfile.ZipInfo) -> bool:
    """Whether the content is as long as it says, and its end the end of what it was packed into."""
    if info.compress_type == zipfile.ZIP_STORED:
        return info.compress_size == info.file_size
    file.seek(start)
    left, size, unpacked = info.compress_size, 0, zlib.decompressobj(-zlib.MAX_WBITS)
    while left and size <= info.file_size and not unpacked.eof:
        chunk = file.read(min(left, _CHUNK))
        if not chunk:
            return False
        left -= len(chunk)
        while chunk and size <= info.file_size:
            size += len(unpacked.decompress(chunk, _CHUNK))
            chunk = unpacked.unconsumed_tail
    return unpacked.eof and not unpacked.unused_data and not left and size == info.file_size
