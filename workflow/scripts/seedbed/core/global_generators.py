"""The generators that are nobody's: seeded before every fit, for methods that draw from them all the same."""

from __future__ import annotations

import os
import random
import sys
from typing import Any

import numpy as np


def seed_global_generators(seed: int) -> None:
    """``random``, ``numpy.random`` and, where it is loaded, ``torch``; and the hashes of Python processes to come.

    The hashes of this process were settled when its interpreter started:
    :func:`seedbed.core.job_processes.package_path.note_run_environment` fixes those of all jobs.

    Parameters
    ----------
    seed : int
        Of the method's own stream, below 2**32.
    """
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002 - it is the generator that is nobody's
    os.environ["PYTHONHASHSEED"] = str(seed)
    torch: Any = sys.modules.get("torch")
    if hasattr(torch, "manual_seed"):
        torch.manual_seed(seed)
