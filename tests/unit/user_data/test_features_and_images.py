"""Feature files and image folders of a user's own: what is read, and what a mistake is told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seedbed.user_data.features import check_features, read_features
from seedbed.user_data.images import check_image_folder, class_names, image_files, read_images
from seedbed.user_data.tables import check_table


def test_features_of_any_shape_with_labels_of_any_kind(tmp_path: Path) -> None:
    maps = np.arange(24.0).reshape(4, 3, 2)
    np.savez(tmp_path / "f.npz", features=maps, y=np.array([10, 2, 2, 7]))
    found = read_features(str(tmp_path / "f.npz"))
    features, labels = found.X, found.labels
    assert np.array_equal(features, maps.reshape(4, 6)) and labels.tolist() == [2, 0, 0, 1]
    np.save(tmp_path / "f.npy", maps.astype(np.float32))
    found = read_features(str(tmp_path / "f.npy"))
    assert found.X.dtype == np.float64 and found.labels is None
    assert check_features(str(tmp_path / "f.npz"), needs_labels=True) == []


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"Z": np.ones((3, 2))}, "an array named X is needed (found: Z)"),
        ({"X": np.ones(3)}, "shape (3,)"),
        ({"X": np.ones((1, 3))}, "at least 2 are needed"),
        ({"X": np.array([["a"], ["b"]])}, "real numbers are needed"),
        ({"X": np.ones((2, 2)) * 1j}, "real numbers are needed"),
        ({"X": np.array([[1.0], [np.nan], [2.0]])}, "column 'x0', row 2: value missing"),
        ({"X": np.ones((3, 2)), "labels": np.ones(2)}, "one entry per row of the 3 is needed"),
        ({"X": np.ones((2, 2)), "labels": np.array([0.0, np.nan])}, "row 2: label missing"),
        ({"X": np.ones((3, 2))}, "an array named 'labels' is needed"),
        ({"X": np.array([[1], [object()]], dtype=object)}, "cannot be read as NPZ"),
    ],
)
def test_what_is_wrong_with_features(tmp_path: Path, arrays: dict, expected: str) -> None:
    path = str(tmp_path / "f.npz")
    np.savez(path, **arrays)
    (message,) = check_features(path, needs_labels="labels" in expected)
    assert message.startswith(path) and expected in message


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, level in (("dark", 0), ("light", 255)):
        (tmp_path / name).mkdir()
        for number in range(2):
            Image.fromarray(np.full((9, 7, 3), level, np.uint8)).save(tmp_path / name / f"{number}.png")
    return tmp_path


def test_images_and_their_classes(folder: Path) -> None:
    files = image_files(str(folder))
    assert class_names(files, str(folder)) == ["dark", "dark", "light", "light"]
    for channels in (1, 3):
        images = read_images(files, 4, channels=channels)
        assert images.shape == (4, channels, 4, 4) and images.dtype == np.float32
        assert images[:2].max() == 0.0 and images[2:].min() == 1.0
    assert check_image_folder(str(folder), classes=True) == []


def test_what_is_wrong_with_images(folder: Path) -> None:
    assert "no such folder" in check_image_folder(str(folder / "absent"))[0]
    (folder / "dark" / "2.png").write_bytes(b"no image")
    (message,) = check_image_folder(str(folder))
    assert "2.png: cannot be read as an image" in message
    (folder / "dark" / "2.png").rename(folder / "loose.txt")
    assert check_image_folder(str(folder / "dark"), classes=True)[0].endswith("names its class")
    (folder / "empty").mkdir()
    assert "holds 0 images" in check_image_folder(str(folder / "empty"))[0]


@pytest.mark.parametrize("name", ["f.csv", "f.npz"])
def test_numbers_whose_squares_overflow_are_named(tmp_path: Path, name: str) -> None:
    path = str(tmp_path / name)
    if name.endswith("csv"):
        Path(path).write_text("x,y\n1,2\n1e200,3\n")
        (message,), _ = check_table(path)
    else:
        np.savez(path, X=np.array([[1.0, 2.0], [-1e200, 3.0]]))
        (message,) = check_features(path)
    assert "row 2: " in message and "beyond 1e+150" in message
