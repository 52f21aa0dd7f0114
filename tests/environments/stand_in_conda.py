"""A stand-in for the ``conda`` command, where there is none: what Snakemake asks of it, and no more.

An environment file becomes a virtual environment that holds exactly the listed packages and what these need. They
are linked from the environment of the tests, whose versions are those of requirements.txt: a version that differs
is refused. What it shows is that the listed packages suffice and that nothing else is seen; whether the channel has
them, only real conda can tell.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import shutil
import stat
import sys
import sysconfig
import venv
from collections.abc import Iterable
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PYPI_NAMES = {"pytorch": "torch", "matplotlib-base": "matplotlib"}  # where conda-forge has a name of its own

ACTIVATE = """\
export CONDA_PREFIX="$1"
export PATH="$1/bin:$PATH"
unset PYTHONHOME
"""


def install(base: Path) -> None:
    """Put ``conda`` and ``activate`` into ``base/bin``."""
    (base / "bin").mkdir(parents=True)
    command = base / "bin" / "conda"
    command.write_text(f'#!/bin/sh\nCONDA_BASE="{base}" exec "{sys.executable}" "{Path(__file__)}" "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    (base / "bin" / "activate").write_text(ACTIVATE)


def main(arguments: list[str]) -> None:
    """Answer one call."""
    match arguments:
        case ["--version"]:
            print("conda 24.7.1")
        case ["info", "--json"]:
            print(json.dumps({"conda_prefix": os.environ["CONDA_BASE"], "platform": "linux-64"}))
        case ["config", "--get", "channel_priority", "--json"]:
            print(json.dumps({"get": {"channel_priority": "strict"}}))
        case ["env", "create", "--quiet", "--no-default-packages", "--file", file, "--prefix", prefix]:
            create(Path(file), Path(prefix))
        case ["clean", *_]:
            pass  # nothing was downloaded
        case _:
            sys.exit(f"the stand-in for conda knows no answer to: conda {' '.join(arguments)}")


def create(file: Path, prefix: Path) -> None:
    """Materialise an environment file."""
    names = requested(file)
    venv.EnvBuilder(symlinks=True, with_pip=False).create(prefix)
    packages = Path(sysconfig.get_path("purelib", vars={"base": str(prefix), "platbase": str(prefix)}))
    for name in sorted(closure(names)):
        link(importlib.metadata.distribution(name), packages)


def requested(file: Path) -> list[str]:
    """The distributions that an environment file lists, Python aside.

    Raises
    ------
    SystemExit
        If a version is not exact, or not the one that is installed here.
    """
    names = []
    for entry in yaml.safe_load(file.read_text())["dependencies"]:
        name, _, version = entry.partition("=")
        name = PYPI_NAMES.get(name, name)
        if name == "python":
            found = ".".join(map(str, sys.version_info[: version.count(".") + 1]))
        else:
            found = importlib.metadata.version(name).partition("+")[0]  # torch says for which processor it is
            names.append(name)
        if version != found:
            sys.exit(f"{file}: {entry} is not to be had here, where it is {found}")
    return names


def closure(names: Iterable[str]) -> set[str]:
    """The names and everything that their metadata say they need, extras aside."""
    found: set[str] = set()
    waiting = [canonicalize_name(name) for name in names]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            needs = map(Requirement, importlib.metadata.requires(name) or [])
            waiting += [
                canonicalize_name(need.name)
                for need in needs
                if need.marker is None or need.marker.evaluate({"extra": ""})
            ]
    return found


def link(distribution: importlib.metadata.Distribution, packages: Path) -> None:
    """Hard links of a distribution's files, or copies where the file system has no links."""
    for file in distribution.files or []:
        if ".." in file.parts:  # commands and manual pages
            continue
        source, target = Path(distribution.locate_file(file)), packages / file
        if source.is_file() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.link(source, target)
            except OSError:
                shutil.copy2(source, target)


if __name__ == "__main__":
    main(sys.argv[1:])
