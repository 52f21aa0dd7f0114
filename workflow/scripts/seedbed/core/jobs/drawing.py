"""Draw the data of one block of replicates."""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from seedbed.core.blocks import FAILURE, save_arrays
from seedbed.core.job_records.cells import DrawJob
from seedbed.core.messages import describe
from seedbed.core.seeds import data_generator
from seedbed.core.study import load_target


def draw_block(job: DrawJob, output: str) -> None:
    """Draw every replicate of a job and save it.

    A replicate whose generator fails is saved as the message, and becomes an ``error`` row of every
    method: one bad draw does not stop a study.

    Parameters
    ----------
    job : DrawJob
        What to draw.
    output : str
        The NPZ file to write.
    """
    generator = load_target(job.generator)
    replicates: dict[int, dict[str, np.ndarray]] = {}
    for replicate in job.replicates:
        rng = data_generator(job.seed, job.study, job.scenario, replicate)
        replicates[replicate] = draw_replicate(generator, rng, job.params)
    save_arrays(output, replicates)


def draw_replicate(generator: Callable, rng: np.random.Generator, params: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """The arrays of one replicate, or ``{FAILURE: message}``."""
    try:
        if inspect.isclass(generator):
            law: Any = generator(**params)
            drawn = law.draw(rng)
        else:
            drawn = generator(rng, **params)
        return _as_arrays(drawn)
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        return {FAILURE: np.asarray(describe(error))}


def _as_arrays(drawn: Any) -> dict[str, np.ndarray]:
    """What a generator has returned, as a file can hold it."""
    if not isinstance(drawn, Mapping) or not drawn:
        raise TypeError(f"the generator returned {type(drawn).__name__} {drawn!r}, and no dict of arrays")
    arrays = {}
    for key, value in drawn.items():
        arrays[str(key)] = array = np.asarray(value)
        if array.dtype.hasobject:
            kind = type(value).__name__
            raise TypeError(f"'{key}' is a {kind} that holds objects; a generator returns arrays of numbers or of text")
    return arrays
