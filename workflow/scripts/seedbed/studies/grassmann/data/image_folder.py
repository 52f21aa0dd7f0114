"""Generator of a user's own images: one subfolder per class."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Literal

import numpy as np

from seedbed.user_data.images import (
    bad_side,
    check_image_folder,
    class_names,
    describe_images,
    image_files,
    read_images,
)

from .splitting import heldout_classes

__all__ = ["ImageClasses"]


@dataclass(frozen=True, kw_only=True)
class ImageClasses:
    """Images of a folder whose subfolders are classes, and classes held out to probe the features with.

    Parameters
    ----------
    path : str
        The folder.
    side : int
        Images are scaled to ``side`` x ``side`` pixels.
    channels : {1, 3}
        Grey or colour.
    n_new_classes : int
        Classes held out, chosen anew in every replicate; 0 for no probe.
    shots : int
        Training images per class of the few-shot probe; the other learns from half of the images.
    images_per_class : int, optional
        At most so many of each class; all by default.
    """

    path: str
    side: int = 16
    channels: Literal[1, 3] = 1
    n_new_classes: int = 0
    shots: int = 10
    images_per_class: int | None = None

    def messages(self) -> list[str]:
        """Messages for folders that the generator cannot read, and values that they do not allow."""
        if messages := check_image_folder(self.path, classes=True):
            return messages
        sizes = Counter(class_names(image_files(self.path), self.path))
        smallest, count = min(sizes, key=sizes.__getitem__), len(sizes)
        messages = []
        if sizes[smallest] < 4:
            messages.append(
                f"{self.path}: class '{smallest}' has {sizes[smallest]} images; at least 4 of each are needed"
            )
        if self.n_new_classes and not 2 <= self.n_new_classes <= count - 2:
            allowed = f"0 or 2 to {count - 2}" if count >= 4 else "0"
            messages.append(
                f"n_new_classes is {self.n_new_classes}; the {count} classes of {self.path} allow {allowed}"
            )
        most = min(sizes[smallest], self.images_per_class or sizes[smallest])
        if self.n_new_classes and not 1 <= self.shots < most:
            messages.append(f"shots is {self.shots}; the smallest class has {most} images, which allow 1 to {most - 1}")
        if self.images_per_class is not None and self.images_per_class < 4:
            messages.append(f"images_per_class must be at least 4, got {self.images_per_class}")
        return messages + bad_side(sum(sizes.values()), self.side, self.channels)

    def understood(self) -> list[str]:
        """What was understood of a user's folder, in parts of a line."""
        return describe_images(image_files(self.path), self.path)

    def draw(self, rng: np.random.Generator) -> dict[str, np.ndarray]:
        """One replicate; ``rng`` is its own.

        Returns
        -------
        dict of ndarray
            See :mod:`seedbed.studies.grassmann.data.splitting`.
        """
        files = image_files(self.path)
        names, label = np.unique(class_names(files, self.path), return_inverse=True)
        rows = np.arange(len(files))
        if self.images_per_class is not None:
            taken = [rng.permutation(np.flatnonzero(label == c))[: self.images_per_class] for c in range(len(names))]
            rows = np.sort(np.concatenate(taken))
        images = read_images([files[row] for row in rows], self.side, channels=self.channels)
        place = np.argsort(rng.permutation(len(names)))[label[rows]]
        return heldout_classes(rng, images, place, len(names) - self.n_new_classes, self.shots, within=place)
