"""Images of a user's own: a folder, or a folder with one subfolder per class."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from .messages import SHOWN

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".pgm", ".ppm", ".webp")


def image_files(folder: str) -> list[Path]:
    """All images below a folder, in the order of their paths, wherever the file system has them."""
    files = (path for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES and path.is_file())
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def read_images(files: list[Path], size: int, *, channels: int = 1) -> np.ndarray:
    """Images scaled to ``size`` x ``size``.

    Parameters
    ----------
    files : list of Path
        See :func:`image_files`.
    size : int
        Height and width in pixels; the aspect ratio is not kept.
    channels : {1, 3}
        Grey or red, green, blue.

    Returns
    -------
    ndarray of shape (n, channels, size, size)
        float32 in [0, 1].
    """
    from PIL import Image

    mode = {1: "L", 3: "RGB"}[channels]
    images = np.empty((len(files), channels, size, size), np.float32)
    for image, path in zip(images, files, strict=True):
        with Image.open(path) as picture:
            scaled = picture.convert(mode).resize((size, size), Image.Resampling.BILINEAR)
        image[...] = np.moveaxis(np.asarray(scaled, np.float32).reshape(size, size, channels), 2, 0) / 255.0
    return images


def class_names(files: list[Path], folder: str) -> list[str]:
    """The subfolder that each image lies in: its class."""
    return [path.relative_to(folder).parts[0] for path in files]


def check_image_folder(folder: str, *, classes: bool = False) -> list[str]:
    """What is wrong with a folder of images, one message each; every image is opened.

    With ``classes`` every image must lie in a subfolder, of which at least two are needed.
    """
    from PIL import Image

    if not Path(folder).is_dir():
        return [f"{folder}: there is no such folder"]
    files = image_files(folder)
    if len(files) < 2:
        return [f"{folder}: holds {len(files)} images ({', '.join(SUFFIXES)}); at least 2 are needed"]
    broken = []
    for path in files:
        try:
            with Image.open(path) as picture:
                picture.verify()
        except Exception as error:  # a broken image can fail in any way its decoder knows
            broken.append(f"{path}: cannot be read as an image: {type(error).__name__}")
    messages = broken[:SHOWN] + ([f"{folder}: {len(broken) - SHOWN} more like it"] if len(broken) > SHOWN else [])
    if classes:
        loose = [path.name for path in files if path.parent == Path(folder)]
        if loose:
            messages.append(f"{folder}: {loose[0]} lies in no subfolder; the subfolder of an image names its class")
        elif len(set(class_names(files, folder))) < 2:
            messages.append(f"{folder}: has one subfolder; at least two classes are needed")
    return messages
