"""Generator of a user's own images: one subfolder per class."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import numpy as np

from seedbed.user_data.images import check_image_folder, class_names, image_files, read_images

from .splitting import heldout_classes

__all__ = ["check_image_classes", "image_classes"]


def image_classes(
    rng: np.random.Generator,
    *,
    path: str,
    side: int = 16,
    channels: Literal[1, 3] = 1,
    n_new_classes: int = 0,
    shots: int = 10,
    images_per_class: int | None = None,
) -> dict[str, np.ndarray]:
    """Images of a folder whose subfolders are classes, and classes held out to probe the features with.

    Parameters
    ----------
    rng : numpy.random.Generator
        Chooses classes and images.
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

    Returns
    -------
    dict of ndarray
        See :mod:`seedbed.grassmann.splitting`.
    """
    files = image_files(path)
    names, label = np.unique(class_names(files, path), return_inverse=True)
    rows = np.arange(len(files))
    if images_per_class is not None:
        taken = [rng.permutation(np.flatnonzero(label == c))[:images_per_class] for c in range(len(names))]
        rows = np.sort(np.concatenate(taken))
    images = read_images([files[row] for row in rows], side, channels=channels)
    place = np.argsort(rng.permutation(len(names)))[label[rows]]
    return heldout_classes(rng, images, place, len(names) - n_new_classes, shots, within=place)


def check_image_classes(
    *,
    path: str,
    side: int = 16,
    channels: int = 1,
    n_new_classes: int = 0,
    shots: int = 10,
    images_per_class: int | None = None,
) -> list[str]:
    """Messages for folders that the generator cannot read, and values that they do not allow."""
    if messages := check_image_folder(path, classes=True):
        return messages
    sizes = Counter(class_names(image_files(path), path))
    smallest, count = min(sizes, key=sizes.get), len(sizes)
    messages = []
    if sizes[smallest] < 4:
        messages.append(f"{path}: class '{smallest}' has {sizes[smallest]} images; at least 4 of each are needed")
    if n_new_classes and not 2 <= n_new_classes <= count - 2:
        allowed = f"0 or 2 to {count - 2}" if count >= 4 else "0"
        messages.append(f"n_new_classes is {n_new_classes}; the {count} classes of {path} allow {allowed}")
    most = min(sizes[smallest], images_per_class or sizes[smallest])
    if n_new_classes and not 1 <= shots < most:
        messages.append(f"shots is {shots}; the smallest class has {most} images, which allow 1 to {most - 1}")
    if images_per_class is not None and images_per_class < 4:
        messages.append(f"images_per_class must be at least 4, got {images_per_class}")
    if side < 4:
        messages.append(f"side must be at least 4 pixels, got {side}")
    return messages
