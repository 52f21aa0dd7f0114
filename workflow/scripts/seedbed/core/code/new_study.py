"""A study of one's own, from the skeleton: ``make study NAME=...``, which calls ``python -m`` this module."""

from __future__ import annotations

import keyword
import re
import shutil
import sys
from pathlib import Path

import yaml

from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
from seedbed.core.study import load_study
from seedbed.core.study_folders import OWN, folders_named

SKELETON = Path(__file__).resolve().parents[5] / "docs" / "skeleton" / "location"
_REPLICATES = 20


def main(name: str = "") -> int:
    """Write ``studies/<name>/`` beside ``config.yaml``, and print what to put into the config."""
    try:
        folder = write_study(name)
    except UserError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{folder}/ is a study that runs; docs/extending.md says what each of its files is for.")
    print("Put this into config.yaml to run it:\n")
    print(config_entry(name))
    return 0


def write_study(name: str) -> Path:
    """Copy the skeleton to ``studies/<name>/`` in the working directory, and give it its name.

    Raises
    ------
    UserError
        If the name is none or is taken, or if the skeleton is not there.
    """
    if wrong := name_error(name):
        raise UserError(wrong)
    if not SKELETON.is_dir():
        raise UserError(f"There is no skeleton to copy, {SKELETON}: take a complete copy of the repository.")
    folder = Path(OWN, name)
    shutil.copytree(SKELETON, folder, ignore=shutil.ignore_patterns("__pycache__"))
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            text = path.read_text(encoding="utf-8")
            with atomic_path(path) as part:
                part.write_text(re.sub(rf"\b{SKELETON.name}\b", name, text), encoding="utf-8")
    return folder


def name_error(name: str) -> str:
    """Why a study cannot be called so; empty if it can."""
    if not name:
        return "Say what the study is to be called: make study NAME=my_study"
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,99}", name) or keyword.iskeyword(name):
        return (
            f"'{name}' cannot be the name of a study: take lower-case letters, digits and '_', a letter first, and no "
            "word of Python's own"
        )
    if taken := [folder.shown for folder in folders_named(name)] or [
        place for place in (f"{OWN}/{name}",) if Path(place).exists()
    ]:
        return f"The name '{name}' is taken by {taken[0]}: choose another"
    return ""


def config_entry(name: str) -> str:
    """What runs all of a study: lines of ``config.yaml``."""
    study = load_study(name)
    entry = {
        "replicates": _REPLICATES,
        "scenarios": {key: {} for key in study.scenarios},
        "methods": {key: {} for key in study.methods},
    }
    return yaml.safe_dump({"studies": {name: entry}}, sort_keys=False)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
