"""Networks of torch in double precision, from one seed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture
def doubles() -> Iterator[None]:
    """Everything that torch draws is double, and the same in every test."""
    import torch

    torch.manual_seed(0)
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(torch.float32)
