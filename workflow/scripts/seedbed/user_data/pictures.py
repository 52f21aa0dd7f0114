"""One image file as numbers in [0, 1], whatever its depth and mode; what cannot be scaled is refused."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from seedbed.user_data.formats.bounds import MOST_PIXELS
from seedbed.user_data.formats.kinds import other_kind

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

# By name: Pillow knows forty more, of which some start other programs (EPS) or are seldom looked after.
DECODERS = ("PNG", "JPEG", "BMP", "TIFF", "PPM", "WEBP")
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
# tags of TIFF: bits per sample, whether black is zero, and whether samples are whole, signed or floating
_BITS, _BLACK, _SIGN = 258, 262, 339
_WHITE = 255


def read_picture(path: Path, size: int | None, channels: int) -> np.ndarray:
    """An image scaled to ``size`` x ``size``, or as large as it is.

    Parameters
    ----------
    path : Path
    size : int or None
        Height and width in pixels.
    channels : {1, 3}
        Grey or red, green, blue.

    Returns
    -------
    ndarray of shape (size, size, channels)
        float32 in [0, 1]: eight bits are divided by 255, 16 bits by 65535; floats must lie in [0, 1] as they are. What
        is transparent shows white. Images that say how they were held are turned upright.

    Raises
    ------
    ValueError
        If the file is no image of the kinds read, is too large, or has values that no depth scales.
    """
    from PIL import Image, ImageOps

    with _opened(path) as picture:
        _check_one(picture)
        scaled = None if size is None else (size, size)
        upright = (
            ImageOps.exif_transpose(picture) if "exif" in picture.info else picture
        )  # of a TIFF Pillow has done it
        if upright.mode in ("F", "I", *_SIXTEEN_BITS):
            deep = Image.fromarray(_unit_values(upright))
            deep = deep if scaled is None else deep.resize(scaled, Image.Resampling.BILINEAR)
            return np.repeat(np.clip(np.asarray(deep, np.float32), 0.0, 1.0)[..., None], channels, axis=2)
        plain = _opaque(upright).convert({1: "L", 3: "RGB"}[channels])
        plain = plain if scaled is None else plain.resize(scaled, Image.Resampling.BILINEAR)
        return np.asarray(plain, np.float32).reshape(plain.height, plain.width, channels) / np.float32(255.0)


def picture_pixels(path: Path) -> int:
    """How many pixels the header of an image claims.

    Raises
    ------
    ValueError
        If the file is no image of the kinds read, or is too large.
    """
    with _opened(path) as picture:
        return picture.width * picture.height


@contextmanager
def _opened(path: Path) -> Iterator[Picture]:
    """By its stream: of a file known by name Pillow 13 maps the pixels, and takes width for height where it turns."""
    from PIL import Image, UnidentifiedImageError

    with path.open("rb") as stream:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", Image.DecompressionBombWarning)
                picture = Image.open(stream, formats=DECODERS)
        except UnidentifiedImageError:
            other = other_kind(path) or f"it is none of {', '.join(DECODERS)}; save it as one of them"
            raise ValueError(other) from None
        with picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise ValueError(
                    f"{picture.width} x {picture.height} pixels; up to {MOST_PIXELS:.0e} are read: scale it down"
                )
            yield picture


def _check_one(picture: Picture) -> None:
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format != "MPO":  # a JPEG of a phone, with its preview
        raise ValueError(f"it holds {frames} images; one per file is needed")
    if picture.mode == "L" and _tag(picture, _SIGN, 1) == 2:  # which Pillow takes for unsigned
        raise ValueError("it holds 8 bits with a sign; save it as unsigned 8 or 16 bits")


def _opaque(picture: Picture) -> Picture:
    """What is seen on white paper, in a mode that converts to grey and to colour."""
    from PIL import Image

    if picture.mode in ("LAB", "La", "RGBa"):
        raise ValueError(f"its colours ({picture.mode}) are not read; save it in RGB")
    if not picture.has_transparency_data:
        return picture
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, (_WHITE,) * 4), layered)


def _unit_values(picture: Picture) -> np.ndarray:
    """Deep grey values in [0, 1], float32."""
    values = np.asarray(picture)
    if picture.mode == "F":
        low, high = float(values.min()), float(values.max())
        if not (low >= 0.0 and high <= 1.0):
            raise ValueError(f"it holds floats from {low:g} to {high:g}; scale them to [0, 1]")
        return values.astype(np.float32)
    bits, signed = _depth(picture)
    if picture.mode == "I" and bits == 32 and not signed:
        values = values.astype(np.int32).view(np.uint32)  # Pillow has no mode for these
    if values.min() < 0:
        raise ValueError(f"it holds whole numbers below zero ({values.min()}); save it as unsigned 8 or 16 bits")
    scaled = (values / float(2 ** (bits - signed) - 1)).astype(np.float32)
    return 1.0 - scaled if _tag(picture, _BLACK, 1) == 0 else scaled


def _depth(picture: Picture) -> tuple[int, int]:
    """Bits of a grey value, and 1 if one of them is the sign."""
    return _tag(picture, _BITS, 16), int(_tag(picture, _SIGN, 1) == 2)  # Pillow scales deep PPM to 16 bits


def _tag(picture: Picture, number: int, usual: int) -> int:
    """A tag of a TIFF; other formats have none."""
    value = getattr(picture, "tag_v2", {}).get(number, usual)
    return int(value[0] if isinstance(value, tuple) else value)
