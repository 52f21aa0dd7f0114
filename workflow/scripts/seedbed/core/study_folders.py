"""Where studies lie: ours in the package, and those of a user beside ``config.yaml``.

Both are folders of the same shape, and both are Python packages: ours are ``seedbed.studies.<name>``, the user's
``studies.<name>``, since the folder of ``config.yaml`` is on the import path.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path

OURS = Path(__file__).parents[1] / "studies"
OWN = "studies"  # the folder beside config.yaml


@dataclass(frozen=True)
class StudyFolder:
    """One study's folder, and the name that Python imports it by."""

    path: Path
    package: str

    @property
    def name(self) -> str:
        """What the config calls the study."""
        return self.path.name

    @property
    def shown(self) -> str:
        """The folder as messages write it."""
        return self.package.replace(".", "/")

    @property
    def is_own(self) -> bool:
        """Does it lie beside ``config.yaml``?"""
        return self.package.startswith(f"{OWN}.")

    def files(self) -> list[str]:
        """Everything in it, as paths below the working directory; of what Python compiles there, nothing."""
        files = [path for path in self.path.rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        return sorted(path.relative_to(Path.cwd()).as_posix() for path in files)

    def environment_file(self, environment: str) -> str:
        """The file of a conda environment: ours by its name, or one beside ``study.py`` by its file name.

        Snakemake takes what is relative as relative to the rules.
        """
        if environment.endswith((".yaml", ".yml")):
            return (self.path / environment).as_posix()
        return f"../../envs/{environment}.yaml"

    def target(self, text: str) -> str:
        """A target as the engine takes it: one with a dot in front is relative to the study.

        >>> StudyFolder(Path("studies/mine"), "studies.mine").target(".metrics:error")
        'studies.mine.metrics:error'
        """
        return self.package + text if text.startswith(".") else text


def study_folders() -> list[StudyFolder]:
    """All of them: every folder that holds a ``study.py``, ours first."""
    ours = [StudyFolder(path.parent, f"seedbed.studies.{path.parent.name}") for path in OURS.glob("*/study.py")]
    own = [StudyFolder(path.parent, f"{OWN}.{path.parent.name}") for path in Path.cwd().glob(f"{OWN}/*/study.py")]
    return sorted(ours, key=lambda one: one.name) + sorted(own, key=lambda one: one.name)


def study_names() -> list[str]:
    """The studies there are, by name."""
    return sorted({folder.name for folder in study_folders()})


def folders_named(name: str) -> list[StudyFolder]:
    """The folders of a study: one, unless the name is unknown or taken twice."""
    return [folder for folder in study_folders() if folder.name == name]


def study_folder(name: str) -> StudyFolder:
    """The folder of a study.

    Raises
    ------
    LookupError
        If there is none.
    """
    for folder in folders_named(name):
        return folder
    raise LookupError(f"there is no study '{name}'")


def find_user_modules() -> None:
    """Make modules in the working directory, beside config.yaml, importable: after all others."""
    if (folder := os.getcwd()) not in sys.path:
        sys.path.append(folder)
