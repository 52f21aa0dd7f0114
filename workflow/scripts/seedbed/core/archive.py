"""A run in one file: a Workflow RO-Crate of config, code, results and provenance.

Equal contents give equal bytes: members are sorted, and bear no dates. The drawn data stay out, since the seed
gives them back; their digests are in, so that a rerun can tell whether it drew the same.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

import seedbed

from .canonical import read_exponents
from .code_digest import SCRIPTS
from .crate import METADATA, RESULTS, About, Member, crate_metadata
from .errors import UserError
from .files import atomic_path, read_json
from .later_run import without_mark

ROOT = SCRIPTS.resolve().parents[1]  # where the Snakefile lies
DRAWN = f"{RESULTS}/drawn_data.json"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_CODE = (
    "Snakefile", "workflow", "envs", "containers", "profiles", "config", "docs", "data/README.md", "README.md",
    "LICENSE", "CITATION.cff", "CHANGELOG.md", "CONTRIBUTING.md", "Makefile", "pyproject.toml", "requirements.txt",
    "requirements-dev.txt", ".snakemake-workflow-catalog.yml",
)  # fmt: skip


def write_archive(job: Mapping[str, Any], results: Iterable[str], drawn: Iterable[str], output: str) -> None:
    """Write the archive.

    Parameters
    ----------
    job : mapping
        ``config`` (as it was run), ``data_files`` (the user's), ``modules`` (the user's), ``title``, ``snakemake``
        (its version).
    results : iterable of str
        Files and folders below ``results/``.
    drawn : iterable of str
        The data that were drawn, below ``results/``.
    output : str
        The file to write.

    Raises
    ------
    UserError
        If a file of the user lies outside the working directory: the archive could not put it back there.
    """
    sources: dict[str, Path | bytes] = dict(_code_files())
    inputs = ["config.yaml", *_own_files(job["data_files"])]
    sources["config.yaml"] = _config_text(job["config"])
    sources |= {name: Path(name) for name in [*inputs[1:], *_own_files(job["modules"])]}
    for path in (file for name in results for file in _files_below(Path(name))):
        sources[f"{RESULTS}/{path.relative_to('results').as_posix()}"] = path
    report = Path("results/report.html").read_text(encoding="utf-8")
    sources[f"{RESULTS}/report.html"] = without_mark(report).encode()  # this run has marked it as an earlier one's
    digests = {Path(name).relative_to("results").as_posix(): file_sha256(Path(name)) for name in drawn}
    sources[DRAWN] = (json.dumps(digests, indent=1, sort_keys=True) + "\n").encode()
    described = read_descriptions(ROOT / "docs/outputs.md")
    members = [_member(name, sources[name], described) for name in sorted(sources)]
    metadata = crate_metadata(members, _about(job, inputs))
    sources[METADATA] = (json.dumps(metadata, indent=1, ensure_ascii=False) + "\n").encode()
    with atomic_path(output) as part, zipfile.ZipFile(part, "w") as archive:
        for name in sorted(sources):
            _store(archive, name, sources[name])
    print(f"{output}: {len(sources)} files; rerun a sample of it with: snakemake verify --config archive={output}")


def _code_files() -> Iterable[tuple[str, Path]]:
    for part in _CODE:
        if (ROOT / part).exists():
            yield from ((path.relative_to(ROOT).as_posix(), path) for path in _files_below(ROOT / part))


def _files_below(path: Path) -> list[Path]:
    """The file, or all files of a folder but caches and hidden ones."""
    if not path.is_dir():
        return [path]
    files = (file for file in path.rglob("*") if file.is_file())
    return [file for file in files if not re.search(r"__pycache__|/\.", f"/{file.relative_to(path).as_posix()}")]


def _own_files(names: Iterable[str]) -> list[str]:
    """Files of the user as paths below the working directory."""
    here = Path.cwd()
    outside = [name for name in names if not Path(name).resolve().is_relative_to(here)]
    if outside:
        raise UserError.from_list(
            "Only files below the working directory can be archived. Copy these to where config.yaml lies, and name "
            "them there:",
            outside,
        )
    paths = (file for name in names for file in _files_below(Path(name).resolve()))
    return [path.relative_to(here).as_posix() for path in paths]


def _config_text(config: Mapping[str, Any]) -> bytes:
    """The default config with its comments if it is what was run."""
    text = Path("config.yaml").read_bytes() if Path("config.yaml").exists() else b""
    if read_exponents(yaml.safe_load(text)) == config:
        return text
    return yaml.safe_dump(dict(config), sort_keys=False, allow_unicode=True).encode()


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


def _about(job: Mapping[str, Any], inputs: list[str]) -> About:
    citation = ROOT / "CITATION.cff"
    record = read_json("results/provenance.json")
    return About(
        title=job["title"],
        date=record["date"],
        version=seedbed.__version__,
        snakemake=job["snakemake"],
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
