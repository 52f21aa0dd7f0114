"""The tables of the proximity study: everything named exists and fits together; the adapter; metrics; figures."""

from __future__ import annotations

import numpy as np
import pytest
from asked_generators import drawn, messages
from proximity_fits import DATA, PLANTED, STUDY, fitted
from scipy.spatial.distance import squareform
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.study import load_target
from seedbed.proximity import reject_curve
from seedbed.studies.proximity import adapter as methods
from seedbed.studies.proximity import metrics
from seedbed.studies.proximity.contract import hard_cases
from seedbed.studies.proximity.controls import densities
from seedbed.studies.proximity.peers.measures import LARGE
from sklearn.metrics import adjusted_rand_score

FREE = {"louvain", "label_propagation"}  # find their own number of classes


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_finds_classes_that_stand_apart_and_is_determined_by_its_seed(name):
    method = STUDY.methods[name]
    cls = load_target(method.target)
    methods.prepare(cls)
    assert parameter_errors(cls, method.params) == [] and method.label
    assert method.role in ("control", "oracle") or method.reference
    # the pseudo-inverse's distances hardly depend on classes, and rounding leaves nothing at a large parameter
    params = {"n_values": 5} if "n_values" in method.params or "Atlas" in method.target else {}
    first, again = fitted(name, **params), fitted(name, **params)
    for key, value in first.items():
        np.testing.assert_array_equal(value, again[key], err_msg=key)
    assert first["labels"].shape == (27,)
    if name not in ("random_labels", "large_t_naive", *FREE):
        assert metrics.adjusted_rand_index(DATA, first) > 0.8


def test_values_that_are_tuned_are_in_range_and_change_the_labels_alone():
    for name, method in STUDY.methods.items():
        for t in method.tune.get("t", ()):
            fit = fitted(name, t=t, whole_path=False)
            assert "path_labels" in fit and fit["path_labels"].shape == (0, 27)
    assert len({method.label for method in STUDY.methods.values()}) == len(STUDY.methods)


@pytest.mark.parametrize("name", STUDY.scenarios)
def test_every_preset_draws_a_graph_whose_order_tells_nothing(name):
    scenario = STUDY.scenarios[name]
    generator = STUDY.generators[scenario.generator]
    assert messages(generator, **scenario.params) == [] and scenario.label
    assert scenario.tune_on in ("", name)
    data, again = (drawn(generator, np.random.default_rng(3), **scenario.params) for _ in range(2))
    assert all(np.array_equal(data[key], again[key]) for key in data)
    X, z = data["X"], data["labels"]
    assert (X == X.T).all() and not X.diagonal().any() and set(z) == set(range(int(data["n_clusters"])))
    # as many changes of class along the order as in a random one
    expected = 1 - ((np.bincount(z) / len(z)) ** 2).sum()
    assert abs((np.diff(z) != 0).mean() - expected) < 5 * np.sqrt(0.25 / len(z))


def test_planted_graphs_have_the_stated_law():
    data = drawn(PLANTED, np.random.default_rng(1), sizes=[400, 300], P=[[0.2, 0.1], [0.1, 0.4]])
    np.testing.assert_allclose(densities(data["X"], data["labels"]), [[0.2, 0.1], [0.1, 0.4]], atol=0.01)
    assert np.bincount(data["labels"]).tolist() == [400, 300]
    popular = drawn(PLANTED, np.random.default_rng(1), n=600, k=3, degree_exponent=3.0)
    for c in range(3):
        assert np.isclose(popular["popularity"][popular["labels"] == c].mean(), 1.0)
    degrees, expected = popular["X"].sum(axis=0), popular["popularity"]
    assert np.corrcoef(degrees, expected)[0, 1] > 0.9


@pytest.mark.parametrize(
    ("generator", "params", "message"),
    [
        ("planted_graph", {"k": 0}, "k is 0; 100 nodes allow 1 to 100 classes"),
        ("planted_graph", {"sizes": [3, 0]}, "every class needs at least one node"),
        ("planted_graph", {"p_in": 1.5}, "p_in is 1.5; a probability lies"),
        ("planted_graph", {"P": [[0.1]]}, "P must have 2 rows of 2 probabilities"),
        ("planted_graph", {"P": [[0.1, 0.2], [0.3, 0.1]]}, "P must be symmetric"),
        ("planted_graph", {"degree_exponent": 1.0}, "it must be above 1"),
        ("planted_graph", {"n": 9000}, "2 to 4000 are possible"),
        ("blocks_at_a_cutpoint", {"size": 2}, "size is 2; 3 to 500"),
        ("lfr_graph", {"mu": 1.0}, "mu is 1.0"),
        ("lfr_graph", {"max_community": 30}, "max_degree (1 - mu) = 32 must be below max_community"),
        ("lfr_graph", {"mu": 0.9, "n": 90}, "mu max_degree = 36 must be below n - max_community"),
        ("shipped_graph", {"drop": 1.0}, "drop is 1.0"),
        ("neighbour_graph", {"table": "wine", "sample_size": 200}, "wine allows 6 to 178"),
        ("neighbour_graph", {"k": 200}, "k is 200"),
    ],
)
def test_what_generators_cannot_do_is_said(generator, params, message):
    assert message in "\n".join(messages(STUDY.generators[generator], **params))


def test_a_graph_that_cannot_be_connected_ends():
    with pytest.raises(ValueError, match="none of 200 graphs was connected"):
        drawn(PLANTED, np.random.default_rng(0), n=30, p_in=0.01, p_out=0.0)


def test_a_users_edges_with_classes(tmp_path):
    (tmp_path / "e.csv").write_text("a,b\nb,c\na,c\nc,d\nd,e\ne,f\nd,f\nx,y\n")
    (tmp_path / "z.csv").write_text("node,kind\na,1\nb,1\nc,1\nd,2\ne,2\nf,2\nx,3\ny,3\n")
    generator, params = STUDY.generators["user_graph"], {"path": str(tmp_path / "e.csv"), "drop": 0.0}
    assert "n_clusters is needed" in messages(generator, **params)[0]
    labelled = {**params, "labels": str(tmp_path / "z.csv")}
    assert messages(generator, **labelled) == []
    data = drawn(generator, np.random.default_rng(0), **labelled)
    assert len(data["X"]) == 6 and int(data["n_clusters"]) == 2 and np.bincount(data["labels"]).tolist() == [3, 3]
    said = load_target(generator.function)(**labelled).understood()
    assert said[0] == "8 nodes, 8 edges" and said[1] == "2 components, 6 nodes kept" and "3 classes" in said[2]
    whole = drawn(generator, np.random.default_rng(0), **labelled, largest_component=False)
    assert len(whole["X"]) == 8 and int(whole["n_clusters"]) == 3
    free = drawn(generator, np.random.default_rng(0), **params, n_clusters=3)
    assert "labels" not in free and int(free["n_clusters"]) == 3
    assert np.isnan(metrics.adjusted_rand_index(free, {"labels": np.zeros(6, int)}))
    with pytest.raises(SkipFit, match="the classes are not known"):
        fitted("genie", free)


@pytest.mark.parametrize(
    ("content", "params", "message"),
    [
        ("node,kind\na,1\n", {}, "has no class of the nodes 'b', 'c'"),
        ("node,kind\na,1\na,2\nb,1\nc,1\n", {}, "names the node 'a' more than once"),
        ("node\na\n", {}, "two columns"),
        ("node,kind\na,1\nb,1\nc,1\n", {}, "all nodes have the same class"),
        ("node,kind\na,1\nb,2\nc,1\n", {"n_clusters": 9}, "n_clusters is 9; 3 nodes allow 1 to 3"),
        (None, {}, "z.csv: there is no such file"),
    ],
)
def test_what_is_wrong_with_a_users_files_is_said(tmp_path, content, params, message):
    (tmp_path / "e.csv").write_text("a,b\nb,c\n")
    if content is not None:
        (tmp_path / "z.csv").write_text(content)
    params = {"path": str(tmp_path / "e.csv"), "labels": str(tmp_path / "z.csv"), **params}
    found = messages(STUDY.generators["user_graph"], **params)
    assert len(found) == 1 and message in found[0] and str(tmp_path) in found[0]
    with pytest.raises(ValueError):
        drawn(STUDY.generators["user_graph"], np.random.default_rng(0), **params)


class Toy:
    result = DATA["labels"]

    def __init__(self, n_clusters=2, random_state=None):
        self.given = (n_clusters, random_state)

    def fit(self, X):
        assert X.dtype == float and X.shape == (27, 27)
        self.labels_, self.criterion_values_ = self.result, self.given
        return self


@pytest.mark.parametrize(
    ("result", "error", "message"),
    [
        (np.zeros(7, int), ValueError, r"shape \(7,\), expected \(27,\): one per node"),
        (np.zeros(27), TypeError, "labels of type float64, expected whole numbers"),
    ],
)
def test_adapter_takes_any_class_and_refuses_what_are_no_labels(monkeypatch, result, error, message):
    assert methods.fit(Toy, {}, DATA, 5)["criterion_values"].tolist() == [2, 5]
    monkeypatch.setattr(Toy, "result", result)
    with pytest.raises(error, match=message):
        methods.fit(Toy, {}, DATA, 5)


def test_hard_cases_end_in_labels_or_a_reason():
    for case in hard_cases(DATA).values():
        for name in ("log_communicability", "plain_forest", "auto_refined", "louvain", "score"):
            try:
                assert fitted(name, case)["labels"].shape == (27,)
            except ValueError as reason:
                assert str(reason)


def test_curves_summarise_the_path_and_the_area_is_of_the_distances():
    fit = fitted("log_heat", n_values=7)
    scores = [adjusted_rand_score(DATA["labels"], one) for one in fit["path_labels"]]
    assert metrics.ari_best_parameter(DATA, fit) == max(scores)
    assert metrics.ari_median_parameter(DATA, fit) == np.median(scores)
    assert metrics.ari_90th_percentile(DATA, fit) == np.percentile(scores, 90)
    given = fitted("log_heat", t=2.0, whole_path=False)
    assert np.isnan(metrics.ari_best_parameter(DATA, given))
    from seedbed.proximity import GraphProximity

    distances = GraphProximity("heat", t=2.0, scale="relative").fit_transform(DATA["X"])
    expected = reject_curve(distances, DATA["labels"]).auc
    assert np.isclose(metrics.reject_auc(DATA, given), expected)
    assert len(given["distance_ranks"]) == len(squareform(distances, checks=False))
    cosine = fitted("cosine_heat", t=2.0, whole_path=False)
    assert np.isclose(metrics.reject_auc(DATA, cosine), metrics.reject_auc(DATA, given))


def test_balance_counts_families():
    z = np.array([0, 0, 1, 1])
    good, bad = z, np.array([0, 1, 0, 1])
    atlas = np.array([[good, good, bad]] * 4 + [[bad, good, good]] + [[good, good, good]])
    assert np.isclose(metrics.log_win_balance({"labels": z}, {"atlas_labels": atlas}), 3 / 6)


def test_distances_add_up_at_the_cutpoint_or_not():
    data = drawn(STUDY.generators["blocks_at_a_cutpoint"], np.random.default_rng(0), size=6)
    assert metrics.cutpoint_defect(data, fitted("log_walk", data)) < 1e-12
    assert metrics.cutpoint_defect(data, fitted("log_communicability", data)) > 1e-3
    assert np.isnan(metrics.cutpoint_defect(DATA, fitted("log_walk")))


def test_genie_is_the_rule_of_bayes():
    data = drawn(PLANTED, np.random.default_rng(2), sizes=[20, 20], p_in=0.5, p_out=0.3, degree_exponent=4.0)
    labels = fitted("genie", data)["labels"]
    X, z, theta, P = data["X"], data["labels"], data["popularity"], data["probabilities"]
    for i in range(40):
        scores = []
        for a in (0, 1):
            p = np.clip([theta[i] * theta[j] * P[a, z[j]] for j in range(40)], 1e-12, 1 - 1e-12)
            scores.append(sum(np.log(p[j] if X[i, j] else 1 - p[j]) for j in range(40) if j != i))
        assert labels[i] == int(scores[1] > scores[0])


def test_stable_and_naive_agree_where_rounding_does_not_matter():
    data = drawn(PLANTED, np.random.default_rng(5), n=60, p_in=0.3, p_out=0.08)
    stable, naive = fitted("large_t_stable", data), fitted("large_t_naive", data)
    np.testing.assert_array_equal(stable["path_labels"][0], naive["path_labels"][0])
    assert metrics.adjusted_rand_index(data, stable) > metrics.adjusted_rand_index(data, naive) + 0.3
    np.testing.assert_allclose(stable["path"], LARGE)


def test_louvain_looks_for_a_number_of_classes():
    data = drawn(PLANTED, np.random.default_rng(5), n=60, k=3, p_in=0.5, p_out=0.1)
    assert len(set(fitted("louvain_k", data)["labels"])) == 3
