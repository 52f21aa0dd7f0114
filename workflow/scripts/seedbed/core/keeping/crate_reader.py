"""Open an archive that somebody gave us: whatever is wrong with it is said in one message.

Nothing of it is believed before it is checked: first its sizes, then its names, then its description, then every byte.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from seedbed.core.errors import UserError

from .crate import METADATA, RESULTS
from .member_names import name_errors
from .zip_layout import layout_errors

_NEEDED = ("Snakefile", "config.yaml", f"{RESULTS}/provenance.json")
MB = 2**20
LARGEST_METADATA = 50 * MB
LARGEST = 20_000 * MB  # unpacked
USUAL = 100 * MB  # unpacked, whatever the archive's own size
GROWTH = 100  # times its own size, beyond that: text shrinks ten times, and most results not at all
_ENCRYPTED = 0x1


class Crate:
    """An archive whose every file is what its description says."""

    def __init__(self, archive: zipfile.ZipFile, files: Mapping[str, Mapping[str, Any]]) -> None:
        self.archive = archive
        self.files = files

    def read(self, name: str) -> bytes:
        """The content of a file; empty if there is none."""
        return self.archive.read(name) if name in self.files else b""

    def extract(self, folder: str) -> None:
        """Write all files below a folder."""
        size, room = sum(info.file_size for info in self.archive.infolist()), shutil.disk_usage(folder).free
        if size > room:
            raise UserError(
                f"Unpacked, the archive takes {size / MB:.0f} MB, and {folder} has room for {room / MB:.0f}: free some "
                "space, or set TMPDIR to a folder that has more."
            )
        for name in self.files:
            self.archive.extract(name, folder)


@contextlib.contextmanager
def open_crate(path: str) -> Iterator[Crate]:
    """Open an archive, and compare each file with its size and its digest.

    Raises
    ------
    UserError
        That says what is wrong with it.
    """
    file = Path(path)
    if not os.path.isfile(path):  # which answers for any text, also one that no file can bear
        raise UserError(f"{path}: there is no such file; `snakemake archive` makes one")
    with contextlib.ExitStack() as opened:
        with distrusting(path):
            archive = opened.enter_context(zipfile.ZipFile(file))
            _check_sizes(path, archive, file.stat().st_size)
            files = _described_files(path, archive)
            _check_members(path, archive, files)
        yield Crate(archive, files)


@contextlib.contextmanager
def distrusting(path: str) -> Iterator[None]:
    """Whatever goes wrong while an archive is read is said of the archive, in one message.

    Raises
    ------
    UserError
        Damaged and hostile files can fail in any way that their readers know, memory and recursion included.
    """
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        reason = " ".join(f"{type(error).__name__}: {error}".split())[:200].removesuffix(": ")
        raise UserError(f"{path} is no archive, or a damaged one ({reason}): fetch it again") from None


def _check_sizes(path: str, archive: zipfile.ZipFile, size: int) -> None:
    """Before anything is unpacked: what it says it holds, and whether we can read it."""
    infos = archive.infolist()
    total, most = sum(info.file_size for info in infos), min(LARGEST, max(USUAL, GROWTH * size))
    if total > most:
        raise UserError(
            f"{path} has {size / MB:.1f} MB and would unpack to {total / MB:.0f} MB; more than {most / MB:.0f} MB are "
            "not unpacked. Archives of this workflow do not shrink like that: ask who made it."
        )
    metadata = max((info.file_size for info in infos if info.filename == METADATA), default=0)
    if metadata > LARGEST_METADATA:
        raise UserError(
            f"{path}: its {METADATA} has {metadata / MB:.0f} MB; at most {LARGEST_METADATA / MB:.0f} are read"
        )
    locked = [info.filename for info in infos if info.flag_bits & _ENCRYPTED]
    odd = [info.filename for info in infos if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)]
    if locked or odd:
        what = "encrypted" if locked else "compressed in a way that `snakemake archive` does not use"
        raise UserError(f"{path} cannot be read: {(locked or odd)[0]} is {what}")


def _described_files(path: str, archive: zipfile.ZipFile) -> dict[str, dict[str, Any]]:
    if METADATA not in archive.namelist():
        raise UserError(f"{path} has no {METADATA}: it was not made by `snakemake archive`")
    try:
        graph = json.loads(archive.read(METADATA))["@graph"]
        described = [(entity["@id"], entity) for entity in graph if "File" in _types(entity)]
        names, files = Counter(name for name, _ in described), dict(described)
    except Exception as error:
        raise UserError(f"{path}: its {METADATA} cannot be read ({type(error).__name__}: {error})") from None
    if twice := [str(name) for name, count in names.items() if count > 1 or not isinstance(name, str)]:
        raise UserError(f"{path}: its {METADATA} describes {twice[0]} more than once, or by no name")
    missing = [name for name in _NEEDED if name not in files]
    if missing:
        raise UserError(f"{path} is no archive of this workflow: it has no {', '.join(missing)}")
    return files


def _types(entity: Mapping[str, Any]) -> list[str]:
    types = entity.get("@type", [])
    return [types] if isinstance(types, str) else list(types)


def _check_members(path: str, archive: zipfile.ZipFile, files: Mapping[str, Mapping[str, Any]]) -> None:
    """Every file is described, every description has its file, and no name is one that would do harm."""
    infos = archive.infolist()
    names = {info.filename for info in infos} - {METADATA}
    wrong = [f"{name}: is described, but not there" for name in sorted(set(files) - names)]
    wrong += [f"{name}: is there, but not described" for name in sorted(names - set(files))]
    wrong += [f"{info.orig_filename}: holds a name that is cut short" for info in infos if _is_cut(info)]
    wrong += sorted(name_errors(info.filename for info in infos))
    wrong += layout_errors(archive)
    wrong += sorted(f"{name}: is not what it was when the archive was made" for name in _changed(archive, files, names))
    if wrong:
        shown = wrong[:10] + ([f"and {len(wrong) - 10} more"] if len(wrong) > 10 else [])
        raise UserError.from_list(f"{path} was changed or damaged; fetch it again, or ask who did:", shown)


def _is_cut(info: zipfile.ZipInfo) -> bool:
    return "\0" in info.orig_filename


def _changed(archive: zipfile.ZipFile, files: Mapping[str, Mapping[str, Any]], names: set[str]) -> Iterator[str]:
    """Members of another size or digest than was written down; one that cannot be unpacked is one of them."""
    for name in names & set(files):
        info, entity = archive.getinfo(name), files[name]
        if entity.get("contentSize") != str(info.file_size) or _sha256(archive, info) != entity.get("sha256"):
            yield name


def _sha256(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> str:
    with archive.open(info) as stream:
        return hashlib.file_digest(cast(zipfile.ZipExtFile, stream), "sha256").hexdigest()
