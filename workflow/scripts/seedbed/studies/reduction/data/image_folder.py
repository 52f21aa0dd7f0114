"""Generator of a user's own images, for instance of faces, with ratings or classes as responses.

The paper's face images (JAFFE) are for research only and given on request: nobody may pass them on, so this workflow
does not fetch them. Who has them names their folder, and a table with the mean ratings.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from seedbed.user_data.choices import PLAIN
from seedbed.user_data.formats.messages import name_text, repeated
from seedbed.user_data.formats.table import Table
from seedbed.user_data.held_out import bad_split, split_sizes
from seedbed.user_data.images import (
    bad_side,
    check_image_folder,
    class_names,
    describe_images,
    image_files,
    read_images,
)
from seedbed.user_data.tables import check_table, feature_matrix, feature_names, read_table, with_path

from .replicate import replicate
from .user_responses import Metric, constant_response, objects_of

FILE_COLUMN = "file"


@dataclass(frozen=True, kw_only=True)
class ImageFolder:
    """Random splits of the images of a folder.

    Parameters
    ----------
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
    """

    path: str
    ratings: str | None = None
    metric: Metric = "euclidean"
    side: int = 32
    channels: Literal[1, 3] = 1
    sample_size: int | None = None
    test_share: float = 0.3
    n_components: int = 2

    def messages(self) -> list[str]:
        """What is wrong with the user's folder and table, or with what is asked of them, one message each."""
        messages = check_image_folder(self.path, classes=self.ratings is None)
        files = image_files(self.path) if not messages else []
        messages += bad_side(len(files), self.side, self.channels)
        if not messages and self.ratings is not None:
            messages = _bad_ratings(files, self.path, self.ratings, self.metric)
            files = files if messages else _rated(files, self.path, read_table(self.ratings))[0]
        sizes = len(files), self.sample_size, self.test_share
        messages = messages or [f"{self.path}: {text}" for text in bad_split(*sizes)]
        if not messages and not 1 <= self.n_components < split_sizes(*sizes)[0] // 4:
            said = f"n_components is {self.n_components}, which is none or too many"
            messages.append(f"{self.path}: {said} for {len(files)} images")
        return messages

    def understood(self) -> list[str]:
        """What was understood of the user's folder and table, in parts of a line."""
        files = image_files(self.path)
        if self.ratings is None:
            return [*describe_images(files, self.path), "response: the class"]
        table = read_table(self.ratings)
        kept = {*_rated(files, self.path, table)[0]}
        without = [file.relative_to(self.path).as_posix() for file in files if file not in kept]
        said = [f"left out, as they have no rating: {name_text(without)}"] if without else []
        response = f"response: {', '.join(_numbers(table))} ({self.metric})"
        return [*describe_images([*kept], self.path, counted=False), response, *said, *table.notes]

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.reduction.data.replicate`.
        """
        files = image_files(self.path)
        if self.ratings is None:
            y = np.unique(class_names(files, self.path), return_inverse=True)[1]
            metric = "discrete"
        else:
            table = read_table(self.ratings)
            files, rows = _rated(files, self.path, table)
            y = objects_of(feature_matrix(table, _numbers(table))[rows], self.metric)
            metric = self.metric
        n_train, n_test = split_sizes(len(files), self.sample_size, self.test_share)
        rows = rng.permutation(len(files))[: n_train + n_test]
        images = read_images([files[row] for row in rows], self.side, channels=self.channels).astype(np.float64)
        return replicate(
            images.reshape(len(rows), -1),
            y[rows],
            n_train,
            metric,
            self.n_components,
            model="user",
            image_shape=(self.channels, self.side, self.side),
        )


def _numbers(table: Table) -> list[str]:
    return feature_names(table, PLAIN, FILE_COLUMN)


def _places(folder: str, table: Table) -> list[str]:
    """The paths of a table within the folder, however they are written: with ``\\``, ``./``, or from the root."""
    root = Path(folder).resolve()
    places = []
    for name in table.frame[FILE_COLUMN].astype(str):
        path = Path(name.strip().replace("\\", "/"))
        within = path.is_absolute() and path.is_relative_to(root)
        places.append((path.relative_to(root) if within else path).as_posix())
    return places


def _rated(files: list[Path], folder: str, table: Table) -> tuple[list[Path], list[int]]:
    """The images that the table names, in the order of their paths, and their rows in it."""
    names = [file.relative_to(folder).as_posix() for file in files]
    rows = {place: row for row, place in enumerate(_places(folder, table))}
    kept = [(file, rows[name]) for file, name in zip(files, names, strict=True) if name in rows]
    return [file for file, _ in kept], [row for _, row in kept]


def _bad_ratings(files: list[Path], folder: str, ratings: str, metric: str) -> list[str]:
    messages, table = check_table(ratings, file_column=FILE_COLUMN, hint="ratings are numbers; remove the column")
    if messages or table is None:
        return messages
    return with_path(ratings, _bad_places(files, folder, table) or _bad_values(files, folder, table, metric), table)


def _bad_places(files: list[Path], folder: str, table: Table) -> list[str]:
    """Names that no image has, or that are given twice."""
    places, there = _places(folder, table), {file.relative_to(folder).as_posix() for file in files}
    if twice := repeated(places):
        return [f"the column '{FILE_COLUMN}' names an image twice: {name_text(twice)}"]
    example = f"an image is named by its path within {folder}, such as {min(there)}"
    if not there & set(places):
        return [f"the column '{FILE_COLUMN}' names none of the images in {folder}; {example}"]
    if absent := [place for place in places if place not in there]:
        return [f"{len(absent)} of {len(places)} rows name no image: {name_text(absent)}; {example}"]
    return []


def _bad_values(files: list[Path], folder: str, table: Table, metric: str) -> list[str]:
    try:
        objects = objects_of(feature_matrix(table, _numbers(table))[_rated(files, folder, table)[1]], metric)
    except ValueError as error:
        return [f"the ratings do not fit the metric '{metric}': {error}"]
    return constant_response(objects)
