"""Any file, and any parameters, to every loader of a user's file that a study registers: data or messages."""

from __future__ import annotations

import inspect
import io
import math
import typing
from collections.abc import Callable, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Any

import numpy as np
import pandas as pd
import pytest
from asked_generators import drawn, messages
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.study import Generator, load_study, load_target, study_names

LOADERS = [
    (f"{study}.{name}", generator)
    for study in study_names()
    for name, generator in load_study(study).generators.items()
    if generator.files
]
NAMES = st.sampled_from(["x", "y", "kind", "label", "labels", "X", "features", "0", "1", "é", " ", ""])
NUMBERS = st.floats(-1e3, 1e3) | st.integers(-3, 9) | st.sampled_from([math.nan, math.inf, 1e308, 10**30])
CELLS = NUMBERS | st.none() | st.booleans() | st.sampled_from(["a", "b", "", "nan", "1e5", "a,b", '"', "\x00", "é"])
ROWS = st.integers(0, 12)


@st.composite
def tables(draw: st.DrawFn) -> pd.DataFrame:
    """Mostly a table that could be meant, with columns of one kind; sometimes anything."""
    names, rows = draw(st.lists(NAMES, max_size=4)), draw(ROWS)
    kinds = [st.integers(-9, 9), st.floats(-9, 9), st.sampled_from(["a", "b", "c"]), CELLS]
    columns = [draw(st.lists(draw(st.sampled_from(kinds)), min_size=rows, max_size=rows)) for _ in names]
    table = pd.DataFrame({i: pd.Series(column, dtype=object) for i, column in enumerate(columns)})
    table.columns = names
    return table.infer_objects()


@st.composite
def meant_tables(draw: st.DrawFn) -> pd.DataFrame:
    """What a user means to give: numbers, and a column of classes."""
    rows = draw(st.integers(4, 20))
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    columns = {name: rng.integers(-5, 6, rows) * draw(st.sampled_from([1, 0.5, 1e9])) for name in ("x", "y")}
    return pd.DataFrame({**columns, "kind": rng.choice(["a", "b", "c"], rows)})


@st.composite
def array(draw: st.DrawFn) -> np.ndarray:
    kind = draw(st.sampled_from(["f8", "f4", "i8", "u1", "?", "c8", "U2", "M8[D]"]))
    shape = draw(st.sampled_from([(), (0,), (3,), (9,), (9, 2), (9, 0), (9, 2, 2), (2, 3), (1, 2), (40, 3)]))
    values = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 5, shape)
    result = values.astype(kind)
    if kind in ("f8", "f4") and result.size and draw(st.booleans()):
        result.flat[draw(st.integers(0, result.size - 1))] = draw(st.sampled_from([np.nan, np.inf, -np.inf]))
    return result


def text_of(table: pd.DataFrame, separator: str) -> bytes:
    return table.to_csv(index=False, sep=separator).encode()


def parquet_of(table: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    try:
        table.to_parquet(buffer)
    except Exception:  # a table that Parquet cannot hold
        return b"PAR1"
    return buffer.getvalue()


def npz_of(arrays: dict[str, np.ndarray]) -> bytes:
    buffer = io.BytesIO()
    np.savez(buffer, **{name or "none": item for name, item in arrays.items()})
    return buffer.getvalue()


def npy_of(item: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, item)
    return buffer.getvalue()


def png_of(shape: tuple[int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(np.full(shape, 7, np.uint8)).save(buffer, "png")
    return buffer.getvalue()


TABLES = tables() | meant_tables()
MEANT = {"X": (40, 3), "features": (40, 3), "labels": (40,), "y": (40,)}
ARRAYS = st.dictionaries(NAMES, array(), max_size=4) | st.lists(st.sampled_from([*MEANT]), unique=True).map(
    lambda names: {name: np.arange(math.prod(MEANT[name])).reshape(MEANT[name]) % 7.0 for name in names}
)
CONTENTS = {
    ".csv": TABLES.map(lambda table: text_of(table, ",")),
    ".tsv": TABLES.map(lambda table: text_of(table, "\t")),
    ".parquet": TABLES.map(parquet_of),
    ".npz": ARRAYS.map(npz_of),
    ".npy": array().map(npy_of),
    ".png": st.tuples(st.integers(1, 9), st.integers(1, 9)).map(png_of),
    ".txt": st.binary(max_size=50),
}


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """The content as it is, cut, with one byte changed, or something else."""
    fault = draw(st.sampled_from(["none"] * 6 + ["cut", "flip", "other"]))
    if fault == "other":
        return draw(st.binary(max_size=60))
    if not content or fault == "none":
        return content
    place = draw(st.integers(0, len(content) - 1))
    if fault == "cut":
        return content[:place]
    return content[:place] + bytes([content[place] ^ draw(st.integers(1, 255))]) + content[place + 1 :]


@st.composite
def folder(draw: st.DrawFn, path: Path) -> None:
    """Images in subfolders, one per class, or not."""
    for number in range(draw(st.integers(0, 6))):
        place = path / draw(st.sampled_from(["a", "b", "."])) / f"{number}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(draw(damaged(draw(CONTENTS[".png"]))))
    path.mkdir(exist_ok=True)


def values_of(hint: Any) -> st.SearchStrategy:
    """Values of a type, wise ones and foolish ones."""
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, UnionType):
        return st.one_of([values_of(part) for part in parts])
    if origin is typing.Literal:
        return st.sampled_from(parts)
    if origin in (list, tuple):
        return st.lists(values_of(parts[0] if parts else str), max_size=3)
    known = {bool: st.booleans(), str: NAMES, float: st.floats(-2, 100), NoneType: st.none()}
    return known.get(hint, st.integers(-1, 45))


@st.composite
def parameters(draw: st.DrawFn, function: Callable, files: tuple[str, ...]) -> dict[str, Any]:
    """What is needed, and some of what is not, as far as the types let it through."""
    hints, chosen = typing.get_type_hints(function), {}
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is not parameter.KEYWORD_ONLY or name in files:
            continue
        if parameter.default is parameter.empty or draw(st.integers(0, 2)) == 2:
            value = draw(values_of(hints[name]))
            if not parameter_errors(function, {name: value}):
                chosen[name] = value
    return chosen


def is_sound(data: Any) -> bool:
    """Arrays that can be stored and given to a method."""
    arrays = [np.asarray(item) for item in data.values()] if isinstance(data, Mapping) else []
    return bool(arrays) and not any(item.dtype.hasobject for item in arrays) and np.isfinite(data["X"]).all()


@pytest.mark.slow
@pytest.mark.parametrize("generator", [item for _, item in LOADERS], ids=[name for name, _ in LOADERS])
@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_file_gives_data_or_messages(generator: Generator, data: st.DataObject, tmp_path_factory) -> None:
    place = tmp_path_factory.mktemp("fuzz", numbered=True)
    params = data.draw(parameters(load_target(generator.function), generator.files))
    for name in generator.files:
        likely = [s for s in CONTENTS if "no such file" in "".join(messages(generator, **params, **{name: f"x{s}"}))]
        suffix = data.draw(st.sampled_from(4 * likely + ["", "", ".png", ".txt", "absent.csv"]))
        path = place / f"{name}{suffix}"
        if suffix in CONTENTS:
            path.write_bytes(data.draw(damaged(data.draw(CONTENTS[suffix]))))
        elif not suffix:
            data.draw(folder(path))
        params[name] = str(path)
    found = messages(generator, **params)
    assert all(isinstance(text, str) and text and "\n" not in text for text in found)
    if not found:
        try:
            assert is_sound(drawn(generator, np.random.default_rng(0), **params))
        except ValueError as error:  # a sample of rows can be too poor where the file is not: a skipped replicate
            assert str(error)


def test_there_is_something_to_fuzz() -> None:
    assert {name.partition(".")[0] for name, _ in LOADERS} >= {"clustering", "directional"}
    assert all(item.check or hasattr(load_target(item.function), "messages") for _, item in LOADERS)
