"""A copy of the repository in a temporary folder, with a config of its own, to run and to tamper with."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from copy import deepcopy
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

ROOT = Path(__file__).parents[1]
PARTS = ("Snakefile", "config.yaml", "workflow", "envs", "profiles", "data", "config", "docs")
PARTS += ("README.md", "LICENSE", "CITATION.cff", "CHANGELOG.md", "requirements.txt", "pyproject.toml")
TOYS = ROOT / "tests" / "toys"


def toy_config() -> dict[str, Any]:
    """Fits of milliseconds with classes that lie beside config.yaml, as a user's would."""
    return {
        "seed": 7,
        "studies": {
            "clustering": {
                "replicates": 3,
                "replicates_per_job": 2,
                "limits": {"seconds": 10, "memory_mb": 500},
                "scenarios": {
                    "isotropic": {"params": {"n_points": 30}},
                    "oriented": {"params": {"n_points": 30}},
                },
                "methods": {
                    "threshold": {"method": "toy_threshold:Threshold", "role": "ours"},
                    "coin": {"method": "toy_coin:Coin", "params": {"bias": 0.5}},
                    "one_thread": {"method": "toy_threads:OneThread"},
                },
            }
        },
    }


# What must not depend on how a run went: data, fitted arrays, scores. Timings are elsewhere.
IDENTICAL = ("*/*/data/*.npz", "*/*/fits/*/*.npz", "*/**/scores.parquet")


class Project:
    """One checkout with toy methods; ``config`` is written before every run."""

    def __init__(self, folder: Path, config: dict[str, Any] | None = None) -> None:
        self.folder = folder
        self.config = config or toy_config()
        if not folder.exists():
            folder.mkdir(parents=True)
            for part in PARTS:
                source = ROOT / part
                if source.is_dir():
                    shutil.copytree(source, folder / part)
                else:
                    shutil.copy2(source, folder / part)
            for toy in TOYS.glob("toy_*.py"):
                shutil.copy2(toy, folder / toy.name)

    @property
    def study(self) -> dict[str, Any]:
        """The part of the config that most tests change."""
        return self.config["studies"]["clustering"]

    def copy(self, folder: Path) -> Project:
        """The project with its results, dates kept: what a user has after a run."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, deepcopy(self.config))

    def command(self, *arguments: str, cores: int = 2) -> list[str]:
        self.write_config()
        return [sys.executable, "-m", "snakemake", "--cores", str(cores), *arguments]

    def write_config(self) -> None:
        text = yaml.safe_dump(self.config, sort_keys=False)
        path = self.folder / "config.yaml"
        if not path.exists() or path.read_text() != text:
            path.write_text(text)

    def run(
        self, *arguments: str, cores: int = 2, check: bool = True, **environment: str
    ) -> subprocess.CompletedProcess[str]:
        """Run snakemake; stdout and stderr together."""
        done = subprocess.run(
            self.command(*arguments, cores=cores),
            cwd=self.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=1800,
        )
        if check and done.returncode:
            raise AssertionError(f"snakemake failed:\n{done.stdout}")
        return done

    def run_and_kill(self, pattern: str, count: int, delay: float = 0.0, cores: int = 2, **environment: str) -> bool:
        """Start a run and kill -9 its process group, ``delay`` seconds after ``count`` files match.

        False if the run ended by itself before.
        """
        process = subprocess.Popen(
            self.command(cores=cores),
            cwd=self.folder,
            env={**os.environ, **environment},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 600
        while len(self.files(pattern)) < count and process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(delay)
        alive = process.poll() is None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return alive

    def files(self, pattern: str) -> list[Path]:
        return sorted((self.folder / "results").glob(pattern))

    def state(self, pattern: str = "**/*") -> dict[str, int]:
        """When each result was written."""
        files = [path for path in self.files(pattern) if path.is_file()]
        return {self._name(path): path.stat().st_mtime_ns for path in files}

    def contents(self, pattern: str) -> dict[str, bytes]:
        return {self._name(path): path.read_bytes() for path in self.files(pattern)}

    def _name(self, path: Path) -> str:
        return path.relative_to(self.folder / "results").as_posix()

    def changed(self, before: dict[str, int]) -> set[str]:
        """Results that were written since ``before``."""
        return {name for name, written in self.state().items() if before.get(name) != written}

    def table(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.folder / "results" / "clustering" / f"{name}.parquet")


def identical_parts(project: Project) -> dict[str, bytes]:
    """Everything but timings."""
    return {name: data for pattern in IDENTICAL for name, data in project.contents(pattern).items()}
