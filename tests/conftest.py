from __future__ import annotations

import pytest
from project import Project


@pytest.fixture(scope="session")
def finished_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The toy config, run once with two cores; copy it before changing anything."""
    project = Project(tmp_path_factory.mktemp("finished") / "project")
    project.output = project.run().stdout
    return project


@pytest.fixture
def project(finished_project: Project, tmp_path) -> Project:
    """A finished project of the test's own."""
    return finished_project.copy(tmp_path / "project")
