"""What the generators draw, and what their checks say."""

import numpy as np
import pandas as pd
import pytest
from asked_generators import drawn, messages
from scipy.spatial.distance import pdist
from seedbed.studies.clustering.data.shipped import SHIPPED, ShippedDataset
from seedbed.studies.clustering.data.simulated import GaussianMixture, regular_simplex
from seedbed.studies.clustering.data.subsampling import apportion, draw_rows, principal_components, standardise_columns
from seedbed.studies.clustering.data.user_table import UserTable
from seedbed.studies.clustering.scenarios import GENERATORS, SCENARIOS

SIMULATED = [name for name, scenario in SCENARIOS.items() if scenario.generator == "gaussian_mixture"]


def draw(name, seed=0):
    scenario = SCENARIOS[name]
    return drawn(GENERATORS[scenario.generator], np.random.default_rng(seed), **scenario.params)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_preset_passes_its_own_check_and_has_the_promised_arrays(name):
    scenario = SCENARIOS[name]
    assert messages(GENERATORS[scenario.generator], **scenario.params) == []
    data = draw(name)
    n_points, n_clusters = len(data["X"]), int(data["n_clusters"])
    assert data["X"].ndim == 2 and data["X"].dtype == float and np.isfinite(data["X"]).all()
    assert data["labels"].shape == (n_points,) and data["labels"].dtype.kind == "i"
    assert set(data["labels"]) == set(range(n_clusters))
    assert data["n_clusters"].shape == ()


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_same_seed_gives_the_same_data_and_another_seed_other_data(name):
    first, again, other = draw(name, 1), draw(name, 1), draw(name, 2)
    assert first.keys() == again.keys()
    assert all(np.array_equal(first[key], again[key]) for key in first)
    assert not np.array_equal(first["X"], other["X"])


@pytest.mark.parametrize("name", SIMULATED)
def test_truth_of_simulated_data_has_matching_shapes(name):
    data, params = draw(name), SCENARIOS[name].params
    shape = (params["n_clusters"], params["n_features"])
    assert data["X"].shape == (120, shape[1])
    assert data["means"].shape == shape
    assert data["covariances"].shape == (*shape, shape[1])
    np.testing.assert_allclose(np.bincount(data["labels"]) / 120, data["weights"])


@pytest.mark.parametrize("name", SIMULATED)
def test_all_centres_are_at_the_stated_distance(name):
    data = draw(name)
    np.testing.assert_allclose(pdist(data["means"]), SCENARIOS[name].params["separation"])


def test_points_follow_the_stated_means_and_covariances():
    mixture = GaussianMixture(n_points=60_000, condition_number=10.0, scales=[0.5, 1.0, 2.0], stretch=3.0)
    data = mixture.draw(np.random.default_rng(3))
    for label in range(3):
        cluster = data["X"][data["labels"] == label]
        spread = np.sqrt(np.diag(data["covariances"][label]))
        assert np.abs((cluster.mean(axis=0) - data["means"][label]) / spread).max() < 0.04
        errors = (np.cov(cluster.T) - data["covariances"][label]) / np.outer(spread, spread)
        assert np.abs(errors).max() < 0.05


def test_eigenvalues_lie_in_the_stated_range_and_orientations_differ():
    covariances = GaussianMixture(n_features=20, condition_number=10.0).draw(np.random.default_rng(4))["covariances"]
    eigenvalues = np.linalg.eigvalsh(covariances)
    assert eigenvalues.min() >= 10**-0.5 - 1e-9 and eigenvalues.max() <= 10**0.5 + 1e-9
    assert np.abs(covariances[0] - covariances[1]).max() > 0.1


def test_scales_stretch_and_proportions_do_what_they_say():
    data = draw("scales")
    np.testing.assert_allclose(data["covariances"], np.array([0.25, 1.0, 4.0])[:, None, None] * np.eye(10))
    np.testing.assert_allclose(draw("cigars")["covariances"][1], np.diag([1.0, 1.0, 1.0, 25.0]))
    assert np.ptp(draw("cigars")["means"][:, -1]) == 0  # the centres agree along the cigars
    assert np.bincount(draw("unbalanced")["labels"]).tolist() == [72, 36, 12]


def test_rows_are_not_sorted_by_cluster():
    assert (np.diff(draw("oriented")["labels"]) < 0).sum() > 10


@pytest.mark.parametrize("n_vertices", [1, 2, 3, 8])
def test_regular_simplex(n_vertices):
    vertices = regular_simplex(n_vertices)
    assert vertices.shape == (n_vertices, n_vertices - 1)
    np.testing.assert_allclose(pdist(vertices), 1)
    np.testing.assert_allclose(vertices.sum(axis=0), 0, atol=1e-12)


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"n_clusters": 0}, "n_clusters is 0; at least 1 is needed"),
        ({"n_points": 2}, "n_clusters is 3, more than n_points, which is 2"),
        ({"n_clusters": 7}, "n_features is 4; 7 centres at equal distances need at least 6"),
        ({"n_features": 2, "stretch": 5.0}, "and a stretched coordinate need at least 3"),
        ({"separation": -1.0}, "separation is -1.0; it cannot be negative"),
        ({"condition_number": 0.5}, "condition_number is 0.5; at least 1 is needed"),
        ({"stretch": 0.0}, "stretch is 0.0; it must be above 0"),
        ({"scales": [1.0, 2.0]}, "scales has 2 entries; one for each of the 3 clusters is needed"),
        ({"proportions": [0.5, 0.5, 0.0]}, "every entry must be above 0"),
        ({"n_points": 10, "proportions": [0.98, 0.01, 0.01]}, "leave a cluster empty"),
    ],
)
def test_check_of_simulated_data(params, message):
    assert message in "\n".join(GaussianMixture(**params).messages())


def test_shipped_data_are_stratified_standardised_and_reduced():
    rng = np.random.default_rng(0)
    data = ShippedDataset(name="wine", sample_size=60).draw(rng)
    np.testing.assert_allclose(data["X"].mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(data["X"].std(axis=0), 1)
    whole = ShippedDataset(name="wine").draw(rng)
    shares = np.bincount(whole["labels"]) / 178
    assert np.abs(np.bincount(data["labels"]) - 60 * shares).max() <= 1.5
    reduced = ShippedDataset(name="digits", classes=[3, 8], pca_dim=5).draw(rng)
    assert reduced["X"].shape[1] == 5 and int(reduced["n_clusters"]) == 2 and set(reduced["labels"]) == {0, 1}
    off_diagonal = np.cov(reduced["X"].T) - np.diag(reduced["X"].var(axis=0, ddof=1))
    np.testing.assert_allclose(off_diagonal, 0, atol=1e-9)


def test_classes_by_name_and_by_number_are_the_same():
    by_name = ShippedDataset(name="iris", classes=["virginica", "setosa"]).draw(np.random.default_rng(0))
    by_number = ShippedDataset(name="iris", classes=[0, 2]).draw(np.random.default_rng(0))
    np.testing.assert_array_equal(by_name["X"], by_number["X"])
    assert len(by_name["X"]) == 100


@pytest.mark.parametrize(
    ("params", "message"),
    [
        (
            {"name": "iris", "classes": ["rose"]},
            "iris has no class 'rose' (known: setosa, versicolor, virginica)",
        ),
        ({"name": "digits", "classes": [3]}, "at least two different ones are needed"),
        ({"name": "digits", "classes": [3, 3]}, "each named once"),
        ({"name": "iris", "sample_size": 151}, "sample_size is 151; iris with these classes allows 3"),
        ({"name": "iris", "sample_size": 2}, "sample_size is 2"),
        ({"name": "wine", "pca_dim": 14}, "pca_dim is 14; wine allows 1 to 13"),
        ({"name": "digits", "pca_dim": 40, "sample_size": 30}, "pca_dim is 40; digits allows 1 to 30"),
    ],
)
def test_check_of_shipped_data(params, message):
    assert message in "\n".join(ShippedDataset(**params).messages())


def test_apportion_adds_up_and_keeps_exact_shares():
    assert apportion(120, [0.6, 0.3, 0.1]).tolist() == [72, 36, 12]
    assert apportion(7, [1, 1, 1]).tolist() == [3, 2, 2]
    rng = np.random.default_rng(0)
    for _ in range(50):
        shares = rng.uniform(0.01, 1, 6)
        counts = apportion(97, shares)
        assert counts.sum() == 97 and np.abs(counts - 97 * shares / shares.sum()).max() < 1


def test_a_stratified_sample_keeps_rare_classes_and_repeats_no_row():
    labels = np.array([0] * 97 + [1] * 2 + [2])
    rows = draw_rows(np.random.default_rng(0), 100, 10, labels)
    assert len(set(rows)) == 10 and set(labels[rows]) == {0, 1, 2}
    assert draw_rows(np.random.default_rng(0), 5, None, None).tolist() == [0, 1, 2, 3, 4]
    assert draw_rows(np.random.default_rng(0), 3, 3, np.arange(3)).tolist() == [0, 1, 2]


def test_a_constant_column_is_zero_after_standardising():
    points = np.column_stack([np.full(5, 0.1), np.arange(5.0)])
    assert np.array_equal(standardise_columns(points)[:, 0], np.zeros(5))
    assert principal_components(points, 1).shape == (5, 1)


TABLE = pd.DataFrame(
    {"height": [1.0, 2.0, 3.0, 4.0], "width": [4, 3, 2, 1], "species": ["oak", "oak", "ash", "ash"]},
)


def write(table, path):
    match path.suffix:
        case ".csv":
            table.to_csv(path, index=False)
        case ".tsv":
            table.to_csv(path, index=False, sep="\t")
        case ".parquet":
            table.to_parquet(path)
        case ".npz":
            species = table["species"].to_numpy().astype(str)
            np.savez(path, X=table[["height", "width"]].to_numpy(float), species=species)
    return str(path)


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".npz"])
def test_every_format_gives_the_same_arrays(tmp_path, suffix):
    path = write(TABLE, tmp_path / f"trees{suffix}")
    data = UserTable(path=path, label_column="species", standardise=False).whole()
    np.testing.assert_array_equal(data["X"], TABLE[["height", "width"]].to_numpy(float))
    assert data["labels"].tolist() == [1, 1, 0, 0] and int(data["n_clusters"]) == 2


def test_a_file_without_labels_needs_and_keeps_the_number_of_clusters(tmp_path):
    path = write(TABLE, tmp_path / "trees.csv")
    data = UserTable(path=path, n_clusters=3, columns=["width"], sample_size=3).draw(np.random.default_rng(0))
    assert data["X"].shape == (3, 1) and int(data["n_clusters"]) == 3 and "labels" not in data


def test_feature_names_of_npz_are_used(tmp_path):
    path = tmp_path / "named.npz"
    np.savez(path, X=np.arange(8.0).reshape(4, 2), feature_names=np.array(["a", "b"]))
    data = UserTable(path=str(path), columns=["b"], n_clusters=2, standardise=False).whole()
    assert data["X"][:, 0].tolist() == [1, 3, 5, 7]


LABELLED = {"label_column": "species"}


@pytest.mark.parametrize(
    ("change", "params", "message"),
    [
        ({}, {"label_column": "specie"}, "which the file does not have; did you mean 'species'?"),
        ({}, {"columns": ["hight"], "n_clusters": 2}, "columns names 'hight', which the file does not have"),
        ({}, {"columns": ["height", "species"], **LABELLED}, "the truth cannot be a feature"),
        ({}, {"columns": ["height", "height"], **LABELLED}, "columns names 'height' more than once"),
        ({}, {"n_clusters": 2}, "column 'species' is not numeric; row 1 holds 'oak'"),
        ({}, {"columns": ["height"]}, "n_clusters is needed"),
        ({"height": [1, None, 3, 4]}, LABELLED, "column 'height', row 2: value missing (NaN)"),
        ({"height": [np.inf, 2, -np.inf, 4]}, LABELLED, "column 'height', rows 1, 3: value infinite"),
        ({"species": ["oak", None, "ash", "ash"]}, LABELLED, "label column 'species', row 2: label missing"),
        ({}, {"n_clusters": 5, **LABELLED}, "n_clusters is 5; 4 points allow 1 to 4"),
        ({}, {"n_clusters": 3, "sample_size": 2, **LABELLED}, "n_clusters is 3; 2 points allow 1 to 2"),
        ({}, {"n_clusters": 0, **LABELLED}, "n_clusters is 0"),
        ({}, {"sample_size": 9, **LABELLED}, "sample_size is 9; the file's 4 rows allow 2 to 4"),
    ],
)
@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_check_of_a_file_names_the_file_and_the_mistake(tmp_path, change, params, message, suffix):
    path = write(TABLE.assign(**change), tmp_path / f"trees{suffix}")
    found = UserTable(path=path, **params).messages()
    assert all(text.startswith(path) for text in found)
    assert message in "\n".join(found)
    with pytest.raises(ValueError, match="trees"):
        UserTable(path=path, **params).draw(np.random.default_rng(0))


def test_check_of_a_file_that_cannot_be_read(tmp_path):
    write(TABLE, tmp_path / "trees.csv")
    assert (
        "there is no such file; did you mean 'trees.csv'?" in UserTable(path=str(tmp_path / "tree.csv")).messages()[0]
    )
    assert "must end in one of .csv, .tsv" in UserTable(path="trees.ods").messages()[0]
    for name in ("empty.csv", "broken.parquet", "broken.npz"):
        (tmp_path / name).write_bytes(b"" if name == "empty.csv" else b"nonsense")
        assert "cannot be read as" in UserTable(path=str(tmp_path / name)).messages()[0]
    np.savez(tmp_path / "other.npz", Y=np.ones(3))
    message = UserTable(path=str(tmp_path / "other.npz")).messages()[0]
    assert "an array named X is needed (found: Y)" in message


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".npz"])
def test_check_of_files_with_too_few_rows(tmp_path, suffix):
    for rows in (0, 1):
        path = write(TABLE.iloc[:rows], tmp_path / f"few{suffix}")
        assert UserTable(path=path, **LABELLED).messages() == [f"{path}: has {rows} rows; at least 2 are needed"]


def test_all_mistakes_are_reported_at_once(tmp_path):
    path = write(TABLE.assign(height=[1, None, 3, 4], colour="red"), tmp_path / "trees.csv")
    found = UserTable(path=path, label_column="species", n_clusters=9).messages()
    assert len(found) == 3


@pytest.mark.parametrize("name", SHIPPED)
def test_table_of_shipped_data_is_true(name):
    from sklearn import datasets

    bunch = getattr(datasets, f"load_{name}")()
    sizes = dict(zip(map(str, bunch.target_names), np.bincount(bunch.target), strict=True))
    assert SHIPPED[name] == (bunch.data.shape[1], sizes)
    assert list(SHIPPED[name][1]) == list(sizes)
