"""Draw the data of one block of replicates."""

from __future__ import annotations

import traceback
from typing import Any

import numpy as np

from .blocks import save_arrays
from .isolation import one_line
from .seeds import data_generator
from .study import load_target

FAILURE = "__failure__"  # stands in a replicate's place of arrays: why its data could not be drawn


def draw_block(spec: dict[str, Any], output: str) -> None:
    """Draw every replicate of ``spec["replicates"]`` and save it.

    A replicate whose generator fails is saved as the message, and becomes a ``skipped`` row of every
    method: one bad draw does not stop a study.

    Parameters
    ----------
    spec : dict
        ``generator`` (dotted target), ``params``, ``seed``, ``study``, ``scenario``, ``replicates``.
    output : str
        The NPZ file to write.
    """
    generator = load_target(spec["generator"])
    replicates: dict[int, dict[str, np.ndarray]] = {}
    for replicate in spec["replicates"]:
        rng = data_generator(spec["seed"], spec["study"], spec["scenario"], replicate)
        try:
            replicates[replicate] = {key: np.asarray(a) for key, a in generator(rng, **spec["params"]).items()}
        except Exception as error:
            traceback.print_exc()
            message = one_line(f"{type(error).__name__}: {error}")
            replicates[replicate] = {FAILURE: np.asarray(message)}
    save_arrays(output, replicates)
