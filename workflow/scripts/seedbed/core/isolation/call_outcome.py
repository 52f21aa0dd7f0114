"""What became of one call, and the bytes in which a child process sends it back.

The child has run a user's class, so its answer is read as any other file that we did not write: a JSON header and
arrays of numbers and text, which are data and nothing else. Unpickling it would let an object of that class act in
our own process.
"""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from seedbed.core.statuses import STATUSES


@dataclass
class Outcome:
    """What became of one call: its value, or why there is none, and what it cost."""

    status: str  # ok, error, timeout, out_of_memory, not_converged, skipped
    message: str = ""
    value: Any = None
    wall_seconds: float = float("nan")
    cpu_seconds: float = float("nan")
    peak_memory_mb: float = float("nan")


LENGTH = 8  # bytes before an answer that say how long it is
_COSTS = ("wall_seconds", "cpu_seconds", "peak_memory_mb")


def to_bytes(outcome: Outcome) -> bytes:
    """One line of JSON, which names type and shape of each array, and then the arrays' own bytes.

    Raises
    ------
    TypeError
        If the value is not made of numbers, text, None, arrays, and lists and dicts of these.
    """
    arrays: list[np.ndarray] = []
    content = {field.name: getattr(outcome, field.name) for field in fields(Outcome)}
    content["value"] = _pack(outcome.value, arrays)
    return b"".join([json.dumps(content).encode(), b"\n", *(array.tobytes() for array in arrays)])


def from_bytes(answer: bytes) -> Outcome:
    """Read what :func:`to_bytes` wrote; lists and tuples both come back as lists.

    Raises
    ------
    ValueError
        If the bytes are anything else.
    """
    try:
        buffer = io.BytesIO(answer)
        content = json.loads(buffer.readline())
        content["value"] = _unpack(content["value"], buffer)
        outcome = Outcome(**content)
        if outcome.status not in STATUSES or not isinstance(outcome.message, str):
            raise ValueError(f"unknown status {outcome.status!r}")
        for name in _COSTS:
            setattr(outcome, name, float(getattr(outcome, name)))
        return outcome
    except Exception as error:  # whatever a stranger's bytes lead to, memory and recursion limits included
        raise ValueError(f"not an answer: {error}") from error


def _pack(value: Any, arrays: list[np.ndarray]) -> Any:
    if isinstance(value, np.ndarray | np.generic):
        array = np.asarray(value)
        if array.dtype.kind not in "biufcSUmM":
            raise TypeError(f"an array of type {array.dtype} cannot be sent: use numbers and text")
        arrays.append(array)
        return {"dtype": array.dtype.str, "shape": array.shape}
    if isinstance(value, dict):
        return {"items": [[str(key), _pack(item, arrays)] for key, item in value.items()]}
    if isinstance(value, list | tuple):
        return [_pack(item, arrays) for item in value]
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"a result of type {type(value).__name__} cannot be sent: use numbers, text and arrays")


def _unpack(value: Any, buffer: io.BytesIO) -> Any:
    """Arrays follow one another in the order in which the header names them."""
    if isinstance(value, list):
        return [_unpack(item, buffer) for item in value]
    if not isinstance(value, dict):
        return value
    if "dtype" not in value:
        return {str(key): _unpack(item, buffer) for key, item in value["items"]}
    array = np.empty(value["shape"], np.dtype(value["dtype"]))
    if array.dtype.hasobject or buffer.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
        raise ValueError("the arrays are not as long as the header says")
    return array
