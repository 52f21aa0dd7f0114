"""Random streams named by their axes, so that adding a method or a replicate changes no number."""

from __future__ import annotations

import hashlib

import numpy as np


def named_sequence(master_seed: int, *axes: str | int) -> np.random.SeedSequence:
    """The seed sequence of one cell of the experiment.

    The spawn key is the SHA-256 of the axes' names, read as eight 32-bit words: streams of different
    cells are independent, and a cell's stream depends on nothing but its own names and the master seed.

    Parameters
    ----------
    master_seed : int
        The ``seed`` of the config, non-negative.
    *axes : str or int
        For data: study, scenario, replicate; for a method's own stream also the method.

    Returns
    -------
    numpy.random.SeedSequence
    """
    text = "\x1f".join(f"{type(axis).__name__}:{axis}" for axis in axes)
    words = np.frombuffer(hashlib.sha256(text.encode()).digest(), dtype="<u4")
    return np.random.SeedSequence(master_seed, spawn_key=tuple(int(word) for word in words))


def data_generator(master_seed: int, study: str, scenario: str, replicate: int) -> np.random.Generator:
    """The generator that draws the data of one replicate: every method sees the same data."""
    return np.random.default_rng(named_sequence(master_seed, study, scenario, replicate))


def method_seed(master_seed: int, study: str, scenario: str, replicate: int, method: str) -> int:
    """The ``random_state`` of one fit: an integer below 2**31, accepted by every library."""
    sequence = named_sequence(master_seed, study, scenario, replicate, method)
    return int(sequence.generate_state(1, np.uint32)[0] >> 1)
