"""What tests of a study beside the config share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from own_study import working_beside_the_skeleton


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    """The folder of a study of one's own, and the working directory beside it."""
    with working_beside_the_skeleton(tmp_path, "mine") as folder:
        yield folder
