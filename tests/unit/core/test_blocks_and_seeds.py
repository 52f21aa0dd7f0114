from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from seedbed.core.blocks import MissingArray, block_names, block_range, load_arrays, save_arrays, stored_arrays
from seedbed.core.errors import UserError
from seedbed.core.files import atomic_path
from seedbed.core.seeds import data_generator, method_seed


@given(replicates=st.integers(1, 500), per_job=st.integers(1, 60))
def test_blocks_cover_every_replicate_once(replicates: int, per_job: int) -> None:
    names = block_names(replicates, per_job)
    assert [i for name in names for i in block_range(name)] == list(range(replicates))
    assert set(block_names(replicates + 1, per_job)) >= {name for name in names if len(block_range(name)) == per_job}


def test_arrays_come_back_and_bytes_depend_on_them_alone(tmp_path) -> None:
    arrays = {
        3: {"X": np.random.default_rng(0).normal(size=(4, 2)), "n": np.asarray(3)},
        10: {"s": np.asarray("ä")},
    }
    save_arrays(tmp_path / "a.npz", arrays)
    save_arrays(tmp_path / "b.npz", {10: arrays[10], 3: dict(reversed(arrays[3].items()))})
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()
    back = load_arrays(tmp_path / "a.npz")
    assert set(back) == {3, 10} and np.array_equal(back[3]["X"], arrays[3]["X"]) and back[10]["s"] == "ä"


def test_an_array_is_read_when_it_is_asked_for_and_once(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, arrays = tmp_path / "a.npz", {3: {"X": np.eye(3), "y": np.arange(2)}, 10: {"X": np.eye(2)}}
    save_arrays(path, arrays)
    read, read_array = [], np.lib.format.read_array
    monkeypatch.setattr(np.lib.format, "read_array", lambda *a, **k: read.append(1) or read_array(*a, **k))
    monkeypatch.setattr("numpy.lib._npyio_impl.format.read_array", np.lib.format.read_array)
    stored = stored_arrays(path)
    assert {replicate: set(one) for replicate, one in stored.items()} == {3: {"X", "y"}, 10: {"X"}}
    assert "y" in stored[3] and "y" not in stored[10] and stored[10].get("y") is None and not read
    assert np.array_equal(stored[3]["X"], np.eye(3)) and stored[3]["X"] is stored[3]["X"] and len(read) == 1
    with pytest.raises(MissingArray, match=r"a\.npz.*'z'"):
        stored[3]["z"]
    path.write_bytes(b"damaged")
    assert np.array_equal(stored[10]["X"], np.eye(2)), "what has been opened stays as it was"
    with pytest.raises(UserError, match=r"a\.npz is damaged"):
        stored_arrays(path)


def test_objects_are_refused(tmp_path) -> None:
    with pytest.raises(ValueError):
        save_arrays(tmp_path / "a.npz", {0: {"x": np.array([object()])}})
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file(tmp_path) -> None:
    path = tmp_path / "file"
    path.write_text("old")
    with pytest.raises(RuntimeError), atomic_path(path) as part:
        part.write_text("half")
        raise RuntimeError
    assert path.read_text() == "old" and list(tmp_path.iterdir()) == [path]


def test_streams_differ_by_every_axis_and_by_nothing_else() -> None:
    cells = [
        (seed, study, scenario, replicate)
        for seed in (0, 1)
        for study in ("a", "b")
        for scenario in ("s", "t")
        for replicate in range(3)
    ]
    draws = [data_generator(*cell).integers(2**60) for cell in cells]
    assert len(set(draws)) == len(cells)
    assert draws == [data_generator(*cell).integers(2**60) for cell in cells]
    seeds = {method_seed(0, "a", "s", 0, method) for method in ("m", "n")} | {method_seed(0, "a", "s", 1, "m")}
    assert len(seeds) == 3 and all(0 <= seed < 2**31 for seed in seeds)


def test_names_cannot_run_together() -> None:
    assert method_seed(0, "ab", "c", 0, "d") != method_seed(0, "a", "bc", 0, "d")


def test_streams_stay_what_they_were() -> None:
    """Results that people have published hang on these numbers."""
    assert data_generator(7, "clustering", "isotropic", 0).integers(2**32) == 2333565278
    assert method_seed(7, "clustering", "isotropic", 0, "kmeans") == 2019246593
