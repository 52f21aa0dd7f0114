"""Images as people bring them: every depth in [0, 1] or refused, links followed, what is no image passed over."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from seedbed.user_data import images as images_module
from seedbed.user_data import pictures
from seedbed.user_data.images import check_image_folder, class_names, describe_images, image_files, read_images

RAMP = np.linspace(0.0, 1.0, 64).reshape(8, 8)


def grey(path: Path) -> np.ndarray:
    return read_images([path], 8)[0, 0]


def saved(place: Path, image: Image.Image, name: str, **options: object) -> Path:
    image.save(place / name, **options)
    return place / name


DEPTHS = [
    ("8 bits", np.uint8, 255, ".png"),
    ("8 bits", np.uint8, 255, ".bmp"),
    ("8 bits", np.uint8, 255, ".tif"),
    ("8 bits", np.uint8, 255, ".pgm"),
    ("16 bits", np.uint16, 65535, ".png"),
    ("16 bits", np.uint16, 65535, ".tif"),
    ("16 bits", np.uint16, 65535, ".pgm"),
    ("32 bits with a sign", np.int32, 2**31 - 1, ".tif"),
    ("floats", np.float32, 1.0, ".tif"),
]


@pytest.mark.parametrize(("what", "dtype", "full", "suffix"), DEPTHS)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_depth_is_scaled_by_itself(tmp_path, what, dtype, full, suffix, channels):
    values = RAMP * full
    pixels = (values if dtype == np.float32 else np.rint(values)).astype(dtype)
    path = saved(tmp_path, Image.fromarray(pixels), f"a{suffix}")
    found = read_images([path], 8, channels=channels)[0]
    assert found.shape == (channels, 8, 8) and found.dtype == np.float32
    np.testing.assert_allclose(found, np.broadcast_to(RAMP, found.shape), atol=0.6 / 255)
    if full != 255:
        np.testing.assert_allclose(found[0], RAMP, atol=1e-5)
    saved(tmp_path, Image.fromarray(pixels), f"b{suffix}")
    assert check_image_folder(str(tmp_path)) == []


def test_resizing_keeps_the_depth(tmp_path):
    path = saved(tmp_path, Image.fromarray(np.full((30, 20), 300, np.uint16)), "a.png")
    np.testing.assert_allclose(grey(path), 300 / 65535, rtol=1e-5)


def test_one_bit_palettes_and_colours(tmp_path):
    assert set(np.unique(grey(saved(tmp_path, Image.fromarray(RAMP > 0.5), "a.png")))) == {0.0, 1.0}
    colours = np.zeros((8, 8, 3), np.uint8)
    colours[..., 0], colours[:4, :, 1] = 255, 255
    plain = Image.fromarray(colours)
    as_is = np.moveaxis(colours / 255, 2, 0)
    for name, image in (("p.png", plain.quantize(4)), ("c.tif", plain.convert("CMYK")), ("rgb.png", plain)):
        found = read_images([saved(tmp_path, image, name)], 8, channels=3)[0]
        np.testing.assert_allclose(found, as_is, atol=0.01, err_msg=name)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "PA in a palette"])
def test_what_is_transparent_shows_white(tmp_path, mode):
    """A drawing in black on nothing: without its alpha all is black."""
    alpha = Image.fromarray(np.where(RAMP > 0.5, 255, 0).astype(np.uint8))
    black = Image.new("L", (8, 8), 0)
    image = Image.merge("LA", (black, alpha))
    image = image if mode == "LA" else image.convert("RGBA")
    if "palette" in mode:
        indexed = Image.fromarray((RAMP > 0.5).astype(np.uint8)).convert("P")
        indexed.putpalette([0, 0, 0, 0, 0, 0])
        path = saved(tmp_path, indexed, "a.png", transparency=0)
    else:
        path = saved(tmp_path, image, "a.png")
    np.testing.assert_array_equal(grey(path), np.where(RAMP > 0.5, 0.0, 1.0))


def test_a_photograph_with_its_preview_is_one_image(tmp_path):
    image = Image.fromarray((RAMP * 255).astype(np.uint8))
    image.save(tmp_path / "a.jpg", "MPO", save_all=True, append_images=[Image.new("L", (4, 4))])
    np.testing.assert_allclose(grey(tmp_path / "a.jpg"), RAMP, atol=0.03)


def test_images_are_turned_upright(tmp_path):
    image = Image.fromarray((RAMP * 255).astype(np.uint8))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by a quarter to the right
    turned = grey(saved(tmp_path, image, "a.png", exif=exif))
    np.testing.assert_allclose(turned, np.rot90(RAMP, -1), atol=0.01)


REFUSED = {
    "floats beyond one": (Image.fromarray((RAMP * 300).astype(np.float32)), {}, "floats from 0 to 300"),
    "floats below zero": (Image.fromarray((RAMP - 0.5).astype(np.float32)), {}, "scale them to [0, 1]"),
    "not finite": (Image.fromarray(np.full((8, 8), np.nan, np.float32)), {}, "scale them to [0, 1]"),
    "numbers below zero": (Image.fromarray((RAMP * 9).astype(np.int32) - 5), {}, "below zero (-5)"),
    "colours of a laboratory": (Image.new("LAB", (8, 8)), {}, "save it in RGB"),
    "a stack": (
        Image.new("L", (8, 8)),
        {"save_all": True, "append_images": [Image.new("L", (8, 8))]},
        "holds 2 images",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_no_depth_scales_is_refused(tmp_path, name):
    image, options, expected = REFUSED[name]
    path = saved(tmp_path, image, "a.tif", **options)
    saved(tmp_path, Image.new("L", (8, 8)), "b.tif")
    (message,) = check_image_folder(str(tmp_path))
    assert message.startswith(f"{path}: cannot be read as an image: ") and expected in message


def test_links_are_followed_and_circles_are_not(tmp_path):
    store, data = tmp_path / "store", tmp_path / "data"
    for kind in "ab":
        (store / kind / "more").mkdir(parents=True)
        for number in range(2):
            saved(store / kind, Image.new("L", (4, 4)), f"{number}.png")
            saved(store / kind / "more", Image.new("L", (4, 4)), f"{number}.PNG")
    data.mkdir()
    for kind in "ab":
        (data / kind).symlink_to(store / kind)
    (data / "c").mkdir()
    for number in range(2):
        (data / "c" / f"{number}.png").symlink_to(store / "a" / "0.png")
    (store / "a" / "loop").symlink_to(store / "a")
    (store / "b" / "up").symlink_to(data)
    assert check_image_folder(str(data), classes=True) == []
    files = image_files(str(data))
    names = class_names(files, str(data))
    assert {kind: names.count(kind) for kind in "ac"} == {"a": 4, "c": 2} and names.count("b") >= 4
    (data / "c" / "1.png").unlink()
    (data / "c" / "1.png").symlink_to("nowhere.png")
    assert any("1.png: is a link to a file that is not there" in text for text in check_image_folder(str(data)))
    (tmp_path / "linked").symlink_to(data)
    assert len(image_files(str(tmp_path / "linked"))) == len(files) - 1
    (tmp_path / "dead").symlink_to("gone")
    assert "is a link to gone, which is not there" in check_image_folder(str(tmp_path / "dead"))[0]
    assert "is a file" in check_image_folder(str(data / "c" / "0.png"))[0]


def test_files_of_the_operating_system_are_passed_over(tmp_path):
    for kind in "ab":
        (tmp_path / kind).mkdir()
        for number in range(2):
            saved(tmp_path / kind, Image.new("L", (4, 4)), f"{number}.png")
            (tmp_path / kind / f"._{number}.png").write_bytes(b"\0\5\26\7")
        for name in ("Thumbs.db", ".DS_Store", "desktop.ini"):
            (tmp_path / kind / name).write_bytes(b"x")
    for name in ("__MACOSX", ".thumbnails", "@eaDir"):
        (tmp_path / name).mkdir()
        saved(tmp_path / name, Image.new("L", (4, 4)), "0.png")
    assert check_image_folder(str(tmp_path), classes=True) == []
    assert describe_images(image_files(str(tmp_path)), str(tmp_path)) == ["4 images", "2 classes: a (2), b (2)"]


def test_no_other_program_is_started(tmp_path, monkeypatch):
    """A page of PostScript under the name of an image would be drawn by whatever is called gs."""
    started = tmp_path / "started"
    (tmp_path / "bin").mkdir()
    for name in ("gs", "gswin64c"):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\ntouch {started}\n")
        (tmp_path / "bin" / name).chmod(stat.S_IRWXU)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    (tmp_path / "a").mkdir()
    for number in range(2):
        page = "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n"
        (tmp_path / "a" / f"{number}.png").write_text(page)
    messages = check_image_folder(str(tmp_path / "a"))
    assert len(messages) == 2 and all("it is none of PNG, JPEG" in text for text in messages)
    with pytest.raises(ValueError, match="none of PNG"):
        read_images([tmp_path / "a" / "0.png"], 8)
    assert not started.exists()


@pytest.mark.slow
def test_pixels_are_bounded_before_they_are_decoded(tmp_path, monkeypatch):
    for name in "ab":
        saved(tmp_path, Image.new("1", (13_000, 13_000)), f"{name}.png")
    messages = check_image_folder(str(tmp_path))
    assert len(messages) == 2 and "13000 x 13000 pixels; up to 1e+08 are read" in messages[0]
    monkeypatch.setattr(pictures, "MOST_PIXELS", 10)
    with pytest.raises(ValueError, match="13000 x 13000 pixels"):
        read_images([tmp_path / "a.png"], 8)


def test_damaged_images_are_named_and_the_rest_is_counted(tmp_path, monkeypatch):
    for number in range(9):
        path = saved(tmp_path, Image.fromarray((RAMP * 255).astype(np.uint8)).resize((99, 99)), f"{number}.jpg")
        path.write_bytes(path.read_bytes()[:700])
    messages = check_image_folder(str(tmp_path))
    assert len(messages) == 6 and "0.jpg: cannot be read as an image" in messages[0]
    assert messages[-1].endswith("4 more like it")
    monkeypatch.setattr(images_module, "_DECODED", 0)
    assert check_image_folder(str(tmp_path)) == []  # the headers are whole


TURNS = {1: lambda a: a, 2: np.fliplr, 3: lambda a: np.rot90(a, 2), 4: np.flipud, 5: np.transpose}
TURNS |= {6: lambda a: np.rot90(a, -1), 7: lambda a: np.rot90(a, 2).T, 8: np.rot90}


@pytest.mark.parametrize("turn", TURNS)
@pytest.mark.parametrize("mode", ["8 bits", "16 bits", "floats", "colour"])
def test_images_of_every_depth_are_turned_upright_once(tmp_path, mode, turn):
    ramp = np.arange(32, dtype=np.uint8).reshape(4, 8) * 8
    deep = {"8 bits": ramp, "16 bits": ramp * np.uint16(257), "floats": (ramp / 255).astype(np.float32)}
    image = Image.fromarray(np.stack([ramp] * 3, axis=-1) if mode == "colour" else deep[mode])
    exif = Image.Exif()
    exif[0x0112] = turn
    kinds = [(".tif", {}), (".tif", {"compression": "tiff_lzw"})] + ([] if mode == "floats" else [(".png", {})])
    for suffix, options in kinds:
        path = saved(tmp_path, image, f"a{suffix}", exif=exif, **options)
        np.testing.assert_allclose(pictures.read_picture(path, None, 1)[..., 0], TURNS[turn](ramp / 255), atol=1e-2)


def test_images_that_are_not_read_are_counted_and_foreign_files_named(tmp_path):
    for name in "ab":
        (tmp_path / name).mkdir()
        for i in range(2):
            saved(tmp_path / name, Image.fromarray(np.uint8(255 * RAMP)), f"{i}.png")
    (tmp_path / "a" / "c.heic").write_bytes(b"x")
    (tmp_path / "a" / "d.GIF").write_bytes(b"x")
    said = describe_images(image_files(str(tmp_path)), str(tmp_path))
    assert said[-1].endswith("not read: 1 .gif, 1 .heic")
    (tmp_path / "a" / "0.png").write_bytes(b"version https://git-lfs.github.com/spec/v1\n")
    assert "git lfs pull" in str(check_image_folder(str(tmp_path), classes=True))
