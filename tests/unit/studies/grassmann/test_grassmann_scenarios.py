"""The generators: determined by their stream, shaped as promised, and clear about what they cannot do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from seedbed.grassmann.geometry import manifold
from seedbed.studies.grassmann.data.digits import CoarseDigits, FewDigits, HeldoutDigits
from seedbed.studies.grassmann.data.features import ShippedFeatures, SubspaceMixture
from seedbed.studies.grassmann.data.image_folder import ImageClasses
from seedbed.studies.grassmann.data.splitting import choose_per_class
from seedbed.studies.grassmann.data.stroke_images import draw_prototypes, draw_strokes
from seedbed.studies.grassmann.data.strokes import CoarseStrokes, HeldoutStrokes
from seedbed.studies.grassmann.data.user_table import FeatureClasses

SMALL = {"n_classes": 5, "n_new_classes": 3, "images_per_class": 16, "side": 6, "shots": 3}
GENERATORS = [
    (HeldoutStrokes, SMALL),
    (CoarseStrokes, {"n_classes": 3, "images_per_class": 48, "side": 6, "shots": 2}),
    (HeldoutDigits, {}),
    (CoarseDigits, {}),
    (FewDigits, {}),
    (SubspaceMixture, {"rows_per_class": 20}),
    (ShippedFeatures, {"name": "wine"}),
]


@pytest.mark.parametrize("generator, params", GENERATORS, ids=lambda value: getattr(value, "__name__", ""))
def test_the_stream_determines_the_data(generator, params):
    one, same, other = (generator(**params).draw(np.random.default_rng(seed)) for seed in (1, 1, 2))
    for key in one:
        np.testing.assert_array_equal(one[key], same[key])
    assert not np.array_equal(one["X"], other["X"])
    assert one["training_seed"] != other["training_seed"]
    classes = np.unique(one["y"])
    np.testing.assert_array_equal(classes, np.arange(len(classes)))
    np.testing.assert_array_equal(classes, np.unique(one["y_test"]))
    if one["X"].ndim == 4:
        assert one["X"].dtype == np.float32
    if "X_probe" in one:
        assert len(one["X_probe"]) == len(one["y_probe"]) == len(one["probe_few"])
        for kind in ("probe_few", "probe_full"):
            assert one[kind].any() and (one["probe_test"] & ~one[kind]).any()
            np.testing.assert_array_equal(np.unique(one["y_probe"][one[kind]]), np.unique(one["y_probe"]))


def test_held_out_classes_are_not_learned():
    data = HeldoutStrokes(**SMALL).draw(np.random.default_rng(0))
    assert data["X"].shape == (5 * 8, 1, 6, 6) and data["X_probe"].shape == (3 * 16, 1, 6, 6)
    assert np.bincount(data["y"]).tolist() == [8] * 5
    assert np.bincount(data["y_probe"][data["probe_few"]]).tolist() == [3] * 3
    without = HeldoutStrokes(**{**SMALL, "n_new_classes": 0}).draw(np.random.default_rng(0))
    assert "X_probe" not in without


def test_coarse_probes_learn_from_training_rows_alone():
    data = CoarseStrokes(n_classes=3, images_per_class=48, side=6, shots=2).draw(np.random.default_rng(0))
    assert not (data["probe_few"] & data["probe_test"]).any() and not (data["probe_full"] & data["probe_test"]).any()
    assert data["probe_few"].sum() == 2 * 12 and len(np.unique(data["y_probe"])) == 12
    np.testing.assert_array_equal(data["X_probe"][data["probe_full"]], data["X"])


def test_strokes_are_sums_of_bars():
    rng = np.random.default_rng(0)
    prototypes = draw_prototypes(rng, 20, side=12, bank=6)  # all that there are
    assert len({prototype.sum(0).tobytes() for prototype in prototypes}) == 20
    images = draw_strokes(rng, prototypes[:1], 200, noise=0.0)
    for image in images[:20, 0]:
        residuals = []
        for shift in np.ndindex(3, 3):
            moved = np.roll(image, (shift[0] - 1, shift[1] - 1), (0, 1)).ravel()
            weights, *_ = np.linalg.lstsq(prototypes[0].reshape(3, -1).T, moved, rcond=None)
            residuals.append((np.abs(prototypes[0].reshape(3, -1).T @ weights - moved).max(), weights))
        worst, weights = min(residuals, key=lambda pair: pair[0])
        assert worst < 1e-5 and (weights > 0.59).all() and (weights < 1.41).all()


def test_mixture_classes_have_the_mean_zero_and_their_subspaces():
    data = SubspaceMixture(rows_per_class=400, noise=0.0).draw(np.random.default_rng(0))
    for c in range(3):
        rows = data["X"][data["y"] == c]
        assert np.linalg.norm(rows.mean(0)) < 0.3
        residual = rows - rows @ data["subspaces"][c].T @ data["subspaces"][c]
        assert abs(residual).max() < 1e-12
    assert manifold.orthonormality_defect(data["subspaces"]) < 1e-14


def test_test_rows_do_not_standardise():
    data = ShippedFeatures(name="wine").draw(np.random.default_rng(0))
    np.testing.assert_allclose(data["X"].mean(0), 0, atol=1e-12)
    np.testing.assert_allclose(data["X"].std(0), 1, atol=1e-12)
    assert abs(data["X_test"].mean(0)).max() > 1e-3
    pixels = ShippedFeatures(name="digits", standardise=False).draw(np.random.default_rng(0))
    assert pixels["X"].min() == 0 and pixels["X"].max() == 1


def test_choose_per_class():
    labels = np.repeat([0, 1, 2], [10, 4, 2])
    half = choose_per_class(np.random.default_rng(0), labels, 0.5)
    assert np.bincount(labels[half]).tolist() == [5, 2, 1]
    three = choose_per_class(np.random.default_rng(0), labels, 3)
    assert np.bincount(labels[three]).tolist() == [3, 3, 1]  # one is left


CHECKS = [
    (HeldoutStrokes, [{"n_classes": 1}, {"n_new_classes": 1}, {"modes": 0}, {"side": 3}]),
    (
        HeldoutStrokes,
        [{"bank": 6}, {"shots": 160}, {"noise": -1.0}, {"images_per_class": 8, "shots": 2}],
    ),
    (CoarseStrokes, [{"shots": 41}, {"n_classes": 1}]),
    (HeldoutDigits, [{"n_classes": 9}, {"shots": 174}, {"images_per_class": 500}]),
    (CoarseDigits, [{"shots": 0}]),
    (FewDigits, [{"images_per_class": 200}]),
    (SubspaceMixture, [{"n_classes": 1}, {"subspace_dim": 64}, {"noise": -1.0}]),
    (ShippedFeatures, [{"train_share": 1.0, "name": "wine"}]),
]


@pytest.mark.parametrize("generator, cases", CHECKS, ids=lambda value: getattr(value, "__name__", ""))
def test_checks_refuse_what_cannot_be_drawn(generator, cases):
    for params in cases:
        messages = generator(**params).messages()
        assert len(messages) == 1 and str(next(iter(params.values()))) in messages[0], (params, messages)


@pytest.fixture
def folder(tmp_path):
    rng = np.random.default_rng(0)
    for name in ("ash", "birch", "cedar", "oak"):
        (tmp_path / name).mkdir()
        for number in range(6):
            pixels = rng.integers(0, 256, (9, 7, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(tmp_path / name / f"{number}.png")
    return tmp_path


def test_image_folders(folder):
    data = ImageClasses(path=str(folder), side=8, channels=3).draw(np.random.default_rng(0))
    assert data["X"].shape == (12, 3, 8, 8) and "X_probe" not in data and data["X"].max() <= 1
    data = ImageClasses(path=str(folder), n_new_classes=2, shots=2).draw(np.random.default_rng(0))
    assert len(np.unique(data["y"])) == 2 and data["X_probe"].shape == (12, 1, 16, 16)
    less = ImageClasses(path=str(folder), images_per_class=4).draw(np.random.default_rng(0))
    assert len(less["X"]) + len(less["X_test"]) == 16

    def check(**params):
        return ImageClasses(**params).messages()

    assert check(path=str(folder), n_new_classes=2, shots=2) == []
    bad = [{"n_new_classes": 3, "shots": 2}, {"n_new_classes": 2, "shots": 6}, {"images_per_class": 3}, {"side": 2}]
    for params in bad:
        assert len(check(path=str(folder), **params)) == 1, params
    (folder / "oak" / "5.png").write_bytes(b"no image")
    assert "cannot be read" in check(path=str(folder))[0]
    assert "no such folder" in check(path=str(folder / "elm"))[0]
    for number in range(6):
        (folder / "oak" / f"{number}.png").unlink()
    Image.new("L", (5, 5)).save(folder / "oak" / "one.png")
    assert "class 'oak' has 1 images" in check(path=str(folder))[0]


def test_feature_files(tmp_path):
    rng = np.random.default_rng(0)
    path = str(tmp_path / "features.npz")
    np.savez(path, features=rng.standard_normal((40, 5)), labels=np.repeat(["a", "b", "c", "d"], 10))
    data = FeatureClasses(path=path).draw(np.random.default_rng(0))
    assert data["X"].shape == (20, 5) and np.unique(data["y"]).tolist() == [0, 1, 2, 3]
    assert FeatureClasses(path=path).messages() == []
    assert FeatureClasses(path=path, train_share=0.01).messages()
    np.savez(path, features=rng.standard_normal((40, 5)))
    assert "no labels" in FeatureClasses(path=path).messages()[0]
    np.savez(path, features=rng.standard_normal((4, 5)), labels=[0, 0, 0, 1])
    assert "the rarest with 1 rows" in FeatureClasses(path=path).messages()[0]


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet"])
def test_tables_with_classes_are_features_too(tmp_path, suffix):
    rng = np.random.default_rng(0)
    table = pd.DataFrame(rng.standard_normal((40, 3)), columns=["a", "b", "c"])
    table = table.assign(id=[f"p{i}" for i in range(40)], kind=np.repeat(["ash", "birch"], 20))
    path = str(tmp_path / f"t{suffix}")
    if suffix == ".parquet":
        table.to_parquet(path)
    else:
        table.to_csv(path, index=False, sep="," if suffix == ".csv" else "\t")
    params = {"path": path, "label_column": "kind", "drop": ["id"]}

    def check(**params):
        return FeatureClasses(**params).messages()

    assert check(**params) == []
    data = FeatureClasses(**params).draw(np.random.default_rng(0))
    assert data["X"].shape == (20, 3) and np.unique(data["y"]).tolist() == [0, 1]
    assert "name the column that holds them as label_column" in check(path=path, drop=["id", "kind"])[0]
    assert "a class of its own for each" in check(path=path, label_column="id", drop=["kind"])[0]
    assert "column 'id' is not numeric" in check(path=path, label_column="kind")[0]
    described = "; ".join(FeatureClasses(**params).understood())
    assert "3 features: 'a', 'b', 'c'" in described and "ash (20), birch (20)" in described


def test_features_that_are_all_the_same(tmp_path):
    np.savez(tmp_path / "f.npz", X=np.ones((20, 3)), y=np.arange(20) % 2)
    assert "same features" in FeatureClasses(path=str(tmp_path / "f.npz")).messages()[0]
    np.savez(tmp_path / "f.npz", X=np.eye(20), y=(np.arange(20) % 2)[:, None])
    assert "(20, 1)" in FeatureClasses(path=str(tmp_path / "f.npz")).messages()[0]
