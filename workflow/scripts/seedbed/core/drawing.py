"""Draw the data of one block of replicates."""

from __future__ import annotations

import traceback
from collections.abc import Callable
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
        replicates[replicate] = draw_replicate(generator, rng, spec["params"])
    save_arrays(output, replicates)


def draw_replicate(generator: Callable, rng: np.random.Generator, params: dict[str, Any]) -> dict[str, np.ndarray]:
    """The arrays of one replicate, or ``{FAILURE: message}``."""
    try:
        return {key: np.asarray(array) for key, array in generator(rng, **params).items()}
    except Exception as error:
        traceback.print_exc()
        return {FAILURE: np.asarray(one_line(f"{type(error).__name__}: {error}"))}
