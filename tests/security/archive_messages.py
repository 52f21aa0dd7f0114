"""What opening an archive says."""

from __future__ import annotations

from pathlib import Path

import pytest
from seedbed.core.errors import UserError
from seedbed.core.keeping.crate_reader import open_crate


def message(path: Path) -> str:
    with pytest.raises(UserError) as caught, open_crate(str(path)):
        pass
    return str(caught.value)
