"""The wheel is the library: every facade and the judge, and nothing that needs the rest of the repository."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LIBRARIES = sorted(path.parent.name for path in (ROOT / "workflow/scripts/seedbed").glob("*/__init__.pyi"))

USE = """
import importlib, importlib.util, sys
import seedbed
assert seedbed.__file__.startswith({place!r}), seedbed.__file__
for name in {libraries}:
    facade = importlib.import_module(f"seedbed.{{name}}")
    for public in facade.__all__:
        getattr(facade, public)
for engine in ("studies", "report", "user_data", "core.planning", "core.jobs", "core.keeping"):
    assert importlib.util.find_spec(f"seedbed.{{engine}}") is None, engine
"""


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source, wheels = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT / "workflow/scripts", source / "workflow/scripts", ignore=shutil.ignore_patterns("__pycache__")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    done = subprocess.run([*command, "--wheel-dir", wheels], cwd=source, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]
    [wheel] = wheels.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(wheels / "unpacked")
    return wheels / "unpacked"


@pytest.mark.slow
def test_every_public_name_comes_out_of_the_wheel(unpacked: Path) -> None:
    script = USE.format(place=str(unpacked), libraries=LIBRARIES)
    done = subprocess.run([sys.executable, "-c", script], cwd=unpacked, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert (unpacked / "seedbed/py.typed").exists() and all(
        (unpacked / f"seedbed/{name}/__init__.pyi").exists() for name in LIBRARIES
    )


@pytest.mark.slow
def test_the_judge_runs_from_the_wheel(unpacked: Path, tmp_path: Path) -> None:
    (tmp_path / "effects.csv").write_text("effect\n" + "\n".join(f"{1 + i / 100}" for i in range(20)))
    command = [sys.executable, "-m", "seedbed.judge", str(tmp_path / "effects.csv"), "--column", "effect"]
    done = subprocess.run([*command, "--low", "0"], cwd=unpacked, capture_output=True, text=True)
    assert done.returncode == 0 and '"verdict": "reproduced"' in done.stdout, done.stderr
