"""A run in one file: a Workflow RO-Crate of config, code, results and provenance.

Equal contents give equal bytes: members are sorted, and bear no dates. The drawn data stay out, since the seed
gives them back; their digests are in, so that a rerun can tell whether it drew the same.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

import seedbed
from seedbed.core.config.asked_types import with_numbers
from seedbed.core.config.config_file import config_text, read_config_text
from seedbed.core.errors import UserError, printable
from seedbed.core.files import atomic_path, read_json
from seedbed.core.job_records.reports import ArchiveJob

from .crate import METADATA, RESULTS, About, Member, crate_metadata
from .earlier_report import without_mark
from .gathering import files_below, leaving
from .member_names import name_errors
from .repository import ROOT, tracked_files

DRAWN = f"{RESULTS}/drawn_data.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CODE = (
    "Snakefile", "workflow", "envs", "containers", "profiles", "config", "docs", "data/README.md", "README.md",
    "LICENSE", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "Makefile", "pyproject.toml",
    "requirements.txt", "requirements-dev.txt", ".snakemake-workflow-catalog.yml",
)  # fmt: skip


def write_archive(job: ArchiveJob, results: Iterable[str], drawn: Iterable[str], output: str) -> None:
    """Write the archive.

    Parameters
    ----------
    job : ArchiveJob
        What was run, and which files of the user belong to it.
    results : iterable of str
        Files and folders beside ``output``.
    drawn : iterable of str
        The data that were drawn, beside ``output`` too.
    output : str
        The file to write.

    Raises
    ------
    UserError
        If a file of the user lies outside the working directory: the archive could not put it back there. Or if it
        has a name that no archive may hold.
    """
    sources: dict[str, Path | bytes] = dict(_code_files())
    inputs = ["config.yaml", *_own_files(job.data_files)]
    sources["config.yaml"] = _config_text(job.config)
    sources |= {name: Path(name) for name in [*inputs[1:], *_own_files(job.modules)]}
    root = Path(output).parent
    made = [file for name in results for file in files_below(Path(name), root)]
    for path in _inside(made, root):
        sources[f"{RESULTS}/{path.relative_to(root).as_posix()}"] = path
    report = (root / "report.html").read_text(encoding="utf-8")
    sources[f"{RESULTS}/report.html"] = without_mark(report).encode()  # this run has marked it as an earlier one's
    digests = {Path(name).relative_to(root).as_posix(): file_sha256(Path(name)) for name in drawn}
    sources[DRAWN] = (json.dumps(digests, indent=1, sort_keys=True) + "\n").encode()
    described = read_descriptions(ROOT / "docs/outputs.md")
    if wrong := [*name_errors([*sources, METADATA])]:
        raise UserError.from_list("These files cannot be archived under their names; give them others:", wrong)
    members = [_member(name, sources[name], described) for name in sorted(sources)]
    metadata = crate_metadata(members, _about(job, inputs, read_json(root / "provenance.json")["date"]))
    sources[METADATA] = (json.dumps(metadata, indent=1, ensure_ascii=False) + "\n").encode()
    with atomic_path(output) as part, zipfile.ZipFile(part, "w") as archive:
        for name in sorted(sources):
            _store(archive, name, sources[name])
    print(f"{output}: {len(sources)} files; rerun a sample of it with: snakemake verify --config archive={output}")


def _code_files() -> Iterable[tuple[str, Path]]:
    """What git knows of the workflow; outside of a repository everything that is shipped."""
    tracked = tracked_files()
    there = [path for part in _CODE if (ROOT / part).exists() for path in files_below(ROOT / part, ROOT)]
    names = {path.relative_to(ROOT).as_posix(): path for path in _inside(there, ROOT)}
    unknown = sorted(names.keys() - tracked) if tracked is not None else []
    if unknown:
        print("Left out, since git does not know them: " + printable(", ".join(unknown)))
    return [(name, path) for name, path in names.items() if name not in unknown]


def _inside(paths: list[Path], root: Path) -> list[Path]:
    """Without those that a link takes from somewhere else: nobody would expect them in an archive."""
    out = leaving(paths, root)
    if out:
        print(printable("Left out, since these links lead elsewhere: " + ", ".join(sorted(map(str, out)))))
    return [path for path in paths if path not in out]


def _own_files(names: Iterable[str]) -> list[str]:
    """Files of the user as paths below the working directory, where the config looks for them."""
    here = Path.cwd()
    paths = [file for name in names for file in files_below(_place(name, here), here)]
    outside = leaving(paths, here)
    if outside:
        raise UserError.from_list(
            "Only files below the working directory can be archived. Copy these to where config.yaml lies, and name "
            "them there:",
            sorted(map(str, outside)),
        )
    return list(dict.fromkeys(path.relative_to(here).as_posix() for path in paths))


def _place(name: str, here: Path) -> Path:
    path = Path(os.path.abspath(name))
    return path if path.is_relative_to(here) else Path(name).resolve()


def _config_text(config: Mapping[str, Any]) -> bytes:
    """The default config with its comments if it is what was run."""
    text = Path("config.yaml").read_bytes() if Path("config.yaml").exists() else b""
    with contextlib.suppress(UserError, UnicodeDecodeError):
        if with_numbers(*read_config_text(text.decode(), "config.yaml")) == config:
            return text
    return config_text(config).encode()


def read_descriptions(manual: Path) -> dict[re.Pattern[str], str]:
    """What ``docs/outputs.md`` says of each file, by the pattern of its path."""
    text = manual.read_text(encoding="utf-8") if manual.exists() else ""
    rows = re.findall(r"^\| `results/([^`]+)` \| (.+?) \|$", text, re.M)
    return {re.compile(re.sub(r"<\w+>", "[^/]+", re.escape(path).replace(r"\<", "<"))): what for path, what in rows}


def _member(name: str, source: Path | bytes, described: Mapping[re.Pattern[str], str]) -> Member:
    below = name.removeprefix(f"{RESULTS}/")
    about = next((what for path, what in described.items() if name != below and path.fullmatch(below)), "")
    size = len(source) if isinstance(source, bytes) else source.stat().st_size
    return Member(name, size, file_sha256(source), re.sub(r"[`*]", "", about))


def _about(job: ArchiveJob, inputs: list[str], date: str) -> About:
    citation = ROOT / "CITATION.cff"
    return About(
        title=job.title,
        date=date,
        version=seedbed.__version__,
        snakemake=job.snakemake,
        citation=yaml.safe_load(citation.read_text(encoding="utf-8")) if citation.exists() else {},
        inputs=inputs,
    )


def file_sha256(source: Path | bytes) -> str:
    if isinstance(source, bytes):
        return hashlib.sha256(source).hexdigest()
    with source.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _store(archive: zipfile.ZipFile, name: str, source: Path | bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    if isinstance(source, bytes):
        archive.writestr(entry, source)
        return
    entry.file_size = source.stat().st_size
    with source.open("rb") as stream, archive.open(entry, "w") as target:
        shutil.copyfileobj(stream, target)
