from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest
import stand_in_conda
from project import Project


@pytest.fixture(scope="session")
def run_with_conda(tmp_path_factory: pytest.TempPathFactory) -> Callable:
    """Runs a project with the stand-in; the environments are made once."""
    if sys.version_info[:2] != (3, 11):
        pytest.skip("the environment files say Python 3.11, and the stand-in links what this Python has")
    base = tmp_path_factory.mktemp("conda")
    stand_in_conda.install(base)
    path = os.pathsep.join([str(base / "bin"), os.environ["PATH"]])

    def run(project: Project, *arguments: str, check: bool = True):
        prefix = f"--conda-prefix={base / 'envs'}"
        return project.run("--sdm", "conda", prefix, *arguments, check=check, PATH=path)

    return run
