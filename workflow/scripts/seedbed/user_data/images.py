"""Images of a user's own: a folder, or a folder with one subfolder per class."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from seedbed.user_data.formats.bounds import too_many_cells
from seedbed.user_data.formats.messages import SHOWN, printable

from .pictures import picture_pixels, read_picture

SUFFIXES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".pgm", ".ppm", ".webp")
_OTHER = (
    *(".gif", ".heic", ".heif", ".avif", ".jfif", ".jp2", ".tga", ".pnm", ".pbm", ".pfm"),
    *(".svg", ".psd", ".dcm", ".npy", ".raw", ".dng"),
)  # images that are not read, and are said to be left out
_SYSTEM = ("__MACOSX", "@eaDir", "$RECYCLE.BIN")  # folders that systems leave behind, beside those with a dot
_DECODED = 200_000_000  # pixels that a check decodes, some seconds; of what comes after it reads the headers


def image_files(folder: str) -> list[Path]:
    """All images below a folder, in the order of their paths, wherever the file system has them.

    Links are followed, to folders and to files; files and folders of the operating system, and all whose names begin
    with a dot, are passed over.
    """
    return [path for path in _named_as_images(folder) if path.is_file()]


def _named_as_images(folder: str) -> list[Path]:
    files = (path for path in _walk(Path(folder), ()) if path.suffix.lower() in SUFFIXES)
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def _walk(folder: Path, above: tuple[tuple[int, int], ...]) -> Iterator[Path]:
    """Files below a folder; a link to a folder that it lies in is not followed."""
    status = folder.stat()
    if (here := (status.st_dev, status.st_ino)) in above:
        return
    with os.scandir(folder) as entries:
        found = sorted((entry.name, entry.is_dir()) for entry in entries)
    for name, is_folder in found:
        if name.startswith(".") or name in _SYSTEM:
            continue
        if is_folder:
            yield from _walk(folder / name, (*above, here))
        else:
            yield folder / name


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
        float32 in [0, 1]; see :func:`seedbed.user_data.pictures.read_picture`.
    """
    images = np.empty((len(files), channels, size, size), np.float32)
    for image, path in zip(images, files, strict=True):
        image[...] = np.moveaxis(read_picture(path, size, channels), 2, 0)
    return images


def class_names(files: list[Path], folder: str) -> list[str]:
    """The subfolder that each image lies in: its class."""
    return [path.relative_to(folder).parts[0] for path in files]


def check_image_folder(folder: str, *, classes: bool = False) -> list[str]:
    """What is wrong with a folder of images, one message each; every image is opened, the first ones decoded.

    With ``classes`` every image must lie in a subfolder, of which at least two are needed.
    """
    if not (place := Path(folder)).is_dir():
        return [printable(_no_folder(place))]
    try:
        files = _named_as_images(folder)
    except OSError as error:
        return [printable(f"{folder}: cannot be looked through: {error}")]
    there = [path for path in files if path.is_file()]
    messages = [f"{path}: is a link to a file that is not there" for path in files if not path.exists()]
    if len(there) < 2:
        messages.append(f"{folder}: holds {len(there)} images ({', '.join(SUFFIXES)}); at least 2 are needed")
        return [printable(message) for message in messages]
    messages += _broken(there)
    messages = messages[:SHOWN] + ([f"{folder}: {len(messages) - SHOWN} more like it"] if len(messages) > SHOWN else [])
    if classes:
        loose = [path.name for path in there if path.parent == place]
        if loose:
            messages.append(f"{folder}: {loose[0]} lies in no subfolder; the subfolder of an image names its class")
        elif len(set(class_names(there, folder))) < 2:
            messages.append(f"{folder}: has one subfolder; at least two classes are needed")
    return [printable(message) for message in messages]


def bad_side(n_images: int, side: int, channels: int) -> list[str]:
    """A message for a side that is too small, or with which so many images would not fit into memory."""
    if side < 4:
        return [f"side must be at least 4 pixels, got {side}"]
    try:
        too_many_cells(n_images, channels * side * side)
    except ValueError as error:
        return [f"{n_images} images with a side of {side}: the data {error}"]
    return []


def describe_images(files: list[Path], folder: str, counted: bool = True) -> list[str]:
    """How many images were found, of which classes, and which are of kinds that are not read."""
    others = Counter(path.suffix.lower() for path in _walk(Path(folder), ()) if path.suffix.lower() in _OTHER)
    passed = ", ".join(f"{number} {suffix}" for suffix, number in sorted(others.items()))
    more = [f"left out, since such images are not read: {passed}"] if others else []
    if not counted:
        return [f"{len(files)} images", *more]
    names, sizes = np.unique(class_names(files, folder), return_counts=True)
    shown = ", ".join(f"{name} ({size})" for name, size in list(zip(names, sizes, strict=True))[: 2 * SHOWN])
    rest = f" and {len(names) - 2 * SHOWN} more" if len(names) > 2 * SHOWN else ""
    return [f"{len(files)} images", f"{len(names)} classes: {shown}{rest}", *more]


def _no_folder(place: Path) -> str:
    if place.is_symlink() and not place.exists():
        return f"{place}: is a link to {place.readlink()}, which is not there"
    return f"{place}: {'is a file; a folder is needed' if place.exists() else 'there is no such folder'}"


def _broken(files: list[Path]) -> list[str]:
    messages, left = [], _DECODED
    for path in files:
        try:
            pixels = picture_pixels(path)
            if pixels <= left:
                left -= pixels
                read_picture(path, None, 1)
        except Exception as error:  # a broken image can fail in any way its decoder knows
            messages.append(f"{path}: cannot be read as an image: {str(error) or type(error).__name__}")
    return messages
