"""Generator of a user's own images, for instance of faces, with ratings or classes as responses.

The paper's face images (JAFFE) are for research only and given on request: nobody may pass them on, so this workflow
does not fetch them. Who has them names their folder, and a table with the mean ratings.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from seedbed.reduction.replicate import replicate
from seedbed.reduction.user_responses import Metric, bad_split, objects_of, split_sizes
from seedbed.user_data.images import check_image_folder, class_names, image_files, read_images
from seedbed.user_data.tables import bad_numbers, check_table, read_table

FILE_COLUMN = "file"


def image_folder(
    rng: np.random.Generator,
    *,
    path: str,
    ratings: str | None = None,
    metric: Metric = "euclidean",
    side: int = 32,
    channels: Literal[1, 3] = 1,
    sample_size: int | None = None,
    test_share: float = 0.3,
    n_components: int = 2,
) -> dict[str, np.ndarray]:
    """Random splits of the images of a folder.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses the images.
    path : str
        The folder; images may lie in subfolders.
    ratings : str, optional
        A table with a column ``file``, the path of an image within the folder, and the response in all others; images
        that it does not name are left out. Without it the response is the subfolder, as a label.
    metric : str
        The space of the ratings.
    side : int
        Images are scaled to ``side`` x ``side`` pixels.
    channels : {1, 3}
        Grey or colour.
    sample_size : int, optional
        Images of a replicate; all by default.
    test_share : float
    n_components : int

    Returns
    -------
    dict of ndarray
        See :mod:`seedbed.reduction.replicate`.
    """
    files = image_files(path)
    if ratings is None:
        y = np.unique(class_names(files, path), return_inverse=True)[1]
        metric = "discrete"
    else:
        files, values = _rated(files, path, read_table(ratings))
        y = objects_of(values, metric)
    n_train, n_test = split_sizes(len(files), sample_size, test_share)
    rows = rng.permutation(len(files))[: n_train + n_test]
    images = read_images([files[row] for row in rows], side, channels=channels).astype(np.float64)
    return replicate(
        images.reshape(len(rows), -1),
        y[rows],
        n_train,
        metric,
        n_components,
        model="user",
        image_shape=(channels, side, side),
    )


def _rated(files: list[Path], folder: str, table: pd.DataFrame) -> tuple[list[Path], np.ndarray]:
    """The images that the table names, in the order of their paths, and its numbers."""
    names = [file.relative_to(folder).as_posix() for file in files]
    rows = {name: row for row, name in enumerate(table[FILE_COLUMN].astype(str))}
    kept = [(file, rows[name]) for file, name in zip(files, names, strict=True) if name in rows]
    numbers = table.drop(columns=FILE_COLUMN).to_numpy(float)
    return [file for file, _ in kept], numbers[[row for _, row in kept]]


def check_image_folder_scenario(
    *,
    path: str,
    ratings: str | None = None,
    metric: str = "euclidean",
    side: int = 32,
    channels: int = 1,
    sample_size: int | None = None,
    test_share: float = 0.3,
    n_components: int = 2,
) -> list[str]:
    """What is wrong with the user's folder and table, or with what is asked of them, one message each."""
    messages = check_image_folder(path, classes=ratings is None)
    if side < 4:
        messages.append(f"side must be at least 4 pixels, got {side}")
    if messages:
        return messages
    files = image_files(path)
    if ratings is not None:
        messages = _bad_ratings(files, path, ratings, metric)
        files = files if messages else _rated(files, path, read_table(ratings))[0]
    messages = messages or [f"{path}: {text}" for text in bad_split(len(files), sample_size, test_share)]
    if not messages and not 1 <= n_components < split_sizes(len(files), sample_size, test_share)[0] // 4:
        messages.append(f"{path}: n_components is {n_components}, which is none or too many for {len(files)} images")
    return messages


def _bad_ratings(files: list[Path], folder: str, ratings: str, metric: str) -> list[str]:
    messages, table = check_table(ratings, None, file_column=FILE_COLUMN)
    if messages or table is None:
        return messages
    if table[FILE_COLUMN].astype(str).duplicated().any():
        return [f"{ratings}: the column '{FILE_COLUMN}' names an image twice"]
    if bad := bad_numbers(table.drop(columns=FILE_COLUMN), "columns"):
        return [f"{ratings}: {text}" for text in bad]
    found, values = _rated(files, folder, table)
    if not found:
        return [f"{ratings}: the column '{FILE_COLUMN}' names none of the images in {folder}, such as {files[0].name}"]
    try:
        objects_of(values, metric)
    except ValueError as error:
        return [f"{ratings}: the ratings do not fit the metric '{metric}': {error}"]
    return []
