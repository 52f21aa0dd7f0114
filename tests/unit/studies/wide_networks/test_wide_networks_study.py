"""The tables of the wide_networks study: everything named exists and fits together; adapter, generators, metrics."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import load_claims, load_target
from seedbed.studies.wide_networks import adapter as methods
from seedbed.studies.wide_networks.study import STUDY

SIZES: dict[str, dict] = {
    "sphere_ladder": {"widths": [8, 16], "n_steps": 6, "n_starts": 2, "n_points": 20, "n_test": 10},
    "noisy_sphere": {"n_samples": 40, "n_test": 30},
    "noisy_friedman": {"n_samples": 40, "n_test": 30},
    "antipodal_pairs": {},
    "circles_of_patches": {"sizes": [20, 40, 60], "n_test": 20},
    "random_networks": {"n_draws": 400},
    "trained_digits": {"n_samples": 150, "width": 4, "repeats": 2, "batch_sizes": [2, 4, 8]},
    "batch_ladder": {"n_steps": 5, "batch_sizes": [2, 8, 32]},
    "width_ladder": {"n_steps": 5, "widths": [8, 16, 32]},
    "single_index": {"dimension": 4, "n_samples": 100, "n_test": 50},
    "hierarchical_polynomial": {"n_test": 100, "rows_per_square": 4},
    "friedman1": {"n_train": 60, "n_test": 50},
}  # fmt: skip
FASTER: dict[str, dict] = {"mup_net": {"n_steps": 100}, "forest": {"n_trees": 10}, "svm": {"folds": 3, "n_costs": 2}}
TASKS = {
    "ladder": "ladder",
    "stopping": "friedman_noise_1",
    "sphere": "antipodal_pairs",
    "locality": "patches_4_dim_1_smooth",
    "gaussianity": "net_16_2",
    "batches": "trained_digits",
    "lr_map": "loss_map",
    "widths": "widths",
    "features": "single_index",
    "hierarchy": "hierarchical_d8",
    "tables": "friedman1",
}


def draw(scenario: str, seed: int = 0, **params) -> dict[str, np.ndarray]:
    entry = STUDY.scenarios[scenario]
    generator = load_target(STUDY.generators[entry.generator].function)
    made = generator(**{**entry.params, **SIZES.get(entry.generator, {}), **params})
    assert made.messages() == []
    return made.draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def drawn() -> dict[str, dict[str, np.ndarray]]:
    return {name: draw(name) for name in TASKS.values()}


def run(name: str, data: dict[str, np.ndarray]) -> tuple[dict, dict[str, float]]:
    """A fit and its scores."""
    method = STUDY.methods[name]
    fit = methods.fit(load_target(method.target), {**method.params, **FASTER.get(name, {})}, data, seed=1)
    assert fit["seconds"] >= 0
    entries = {key: entry for key, entry in STUDY.metrics.items() if entry.task == method.task}
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in entries.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_the_data_of_its_task(name: str, drawn) -> None:
    method = STUDY.methods[name]
    cls = load_target(method.target)
    assert parameter_errors(cls, method.params) == []
    for task, scenario in TASKS.items():
        if task != method.task and ("X_test" in drawn[scenario]) != hasattr(cls, "fit"):
            with pytest.raises(SkipFit, match="is made for the task"):
                run(name, drawn[scenario])
    fit, scores = run(name, drawn[TASKS[method.task]])
    again, _ = run(name, drawn[TASKS[method.task]])
    for key in fit.keys() - {"seconds"}:
        np.testing.assert_array_equal(fit[key], again[key], err_msg=key)
    assert any(np.isfinite(value) for value in scores.values())


def test_claims_name_what_is_there() -> None:
    assert list(claims_errors(STUDY, load_claims("wide_networks"))) == []


def test_everything_has_a_task_and_its_first_metric_leads() -> None:
    for entries in (STUDY.generators, STUDY.methods, STUDY.metrics):
        assert {entry.task for entry in entries.values()} == set(TASKS)
    main = {}
    for name, metric in STUDY.metrics.items():
        main.setdefault(metric.task, (name, metric.direction))
    assert all(direction != "none" for _, direction in main.values()), main


@pytest.mark.parametrize("scenario", STUDY.scenarios)
def test_every_scenario_can_be_drawn_and_is_another_in_another_replicate(scenario: str) -> None:
    first, again, second = draw(scenario), draw(scenario), draw(scenario, seed=1)
    for key, value in first.items():
        np.testing.assert_array_equal(value, again[key], err_msg=key)
    assert any(not np.array_equal(value, second[key]) for key, value in first.items())
    assert str(first["task"]) == STUDY.generators[STUDY.scenarios[scenario].generator].task


# ---- laws of the generators


def test_points_lie_on_spheres_and_circles(drawn) -> None:
    ladder, pairs, circles = (drawn[name] for name in ("ladder", "antipodal_pairs", "patches_4_dim_1_smooth"))
    np.testing.assert_allclose((ladder["points"] ** 2).sum(1), 8)
    assert ladder["target"].std() == pytest.approx(1)
    np.testing.assert_array_equal(pairs["points"][:60], -pairs["points"][60:])
    np.testing.assert_allclose((circles["patches"] ** 2).sum(2), 1)


@pytest.mark.parametrize("scenario", ["sphere_noise_1", "friedman_noise_1", "sphere_noise_05"])
def test_noise_is_in_units_of_the_function(scenario: str) -> None:
    data = draw(scenario, n_samples=4000, n_test=4000)
    noise = 0.5 if scenario.endswith("05") else 1.0
    assert data["truth"].var() == pytest.approx(1, abs=0.1)
    assert data["y"].var() == pytest.approx(1 + noise**2, rel=0.1)


# ---- what the tasks measure


def test_a_start_that_is_left_in_fails_the_linear_equation(drawn) -> None:
    """A planted fault: what is random at the start is no part of what the limit predicts."""
    data = draw("ladder", widths=[64, 256], n_steps=40)
    (_, right), (_, wrong) = (run(name, data) for name in ("finite_networks", "start_kept"))
    assert right["ode_error"] < 0.3 < 0.4 < wrong["ode_error"]
    assert right["deviation"] == wrong["deviation"] and right["movement_slope"] < 0


def test_networks_are_differentiated_right() -> None:
    from seedbed.studies.wide_networks.networks.one_output import OneOutputNetwork

    rng = np.random.default_rng(0)
    network, x = OneOutputNetwork(5, 2, 3, rng), rng.standard_normal((4, 3))
    columns = []
    for weights in network.weights:
        for at in np.ndindex(weights.shape):
            here = weights[at]
            ends = []
            for step in (1e-2, -1e-2):
                weights[at] = here + step
                ends.append(network.outputs(x))
            weights[at] = here
            columns.append((ends[0] - ends[1]) / 2e-2)
    jacobian = np.array(columns)
    np.testing.assert_allclose(network.kernel(x), jacobian.T @ jacobian, rtol=2e-2, atol=2e-2)


def test_kernels_by_hand_are_those_of_the_library() -> None:
    import torch
    from seedbed.studies.wide_networks.networks.one_output import OneOutputNetwork
    from seedbed.wide_networks import empirical_ntk

    rng = np.random.default_rng(0)
    network, x = OneOutputNetwork(20, 2, 3, rng), rng.standard_normal((6, 3))
    layers = [torch.nn.Linear(*weights.shape[::-1], bias=False) for weights in network.weights]
    scales = [2.0 / weights.shape[1] for weights in network.weights]
    for layer, weights, scale in zip(layers, network.weights, scales, strict=True):
        layer.weight.data = torch.tensor(scale**0.5 * weights)
    module = torch.nn.Sequential(layers[0], torch.nn.ReLU(), layers[1], torch.nn.ReLU(), layers[2])
    names = [name for name, _ in module.named_parameters()]
    found = empirical_ntk(module, x, scales=dict(zip(names, scales, strict=True)))
    np.testing.assert_allclose(network.kernel(x), found, rtol=1e-4, atol=1e-5 * found.max())


def test_shuffled_patches_lose_the_advantage(drawn) -> None:
    data = draw("patches_4_dim_1_smooth", sizes=[64, 128, 256])
    exponents = {name: run(name, data)[1]["exponent"] for name in ("cnn", "fc", "cnn_shuffled")}
    errors = {name: run(name, data)[1]["largest_size_error"] for name in ("cnn", "fc", "cnn_shuffled", "target_kernel")}
    assert exponents["cnn"] > max(exponents["fc"], exponents["cnn_shuffled"])
    assert errors["target_kernel"] < errors["cnn"] < min(errors["fc"], errors["cnn_shuffled"])


def test_outputs_follow_the_exact_law() -> None:
    data = draw("net_32_4", n_draws=40_000)
    scores = run("critical_relu", data)[1]
    assert scores["vertex_ratio"] == pytest.approx(1, abs=0.1) and abs(scores["log_rate_gap"]) < 0.01
    off = run("relu_cw_3", data)[1]
    assert np.isnan(off["vertex_ratio"]) and off["log_norm_change"] > scores["log_norm_change"]


def test_times_of_the_oracle_are_no_worse_than_ours(drawn) -> None:
    errors = {name: run(name, drawn["friedman_noise_1"])[1]["mse_to_truth"] for name in ("best_time", "ntk_flow")}
    assert errors["best_time"] <= errors["ntk_flow"] * 1.02


# ---- messages


@pytest.mark.parametrize(
    ("generator", "params", "message"),
    [
        ("sphere_ladder", {"widths": [64, 32]}, "widths must be a rising list"),
        ("sphere_ladder", {"n_points": 5}, "n_points must be at least 20"),
        ("sphere_ladder", {"dimension": 2}, "dimension must be at least 3"),
        ("sphere_ladder", {"final_loss": -1.0}, "final_loss must be at least 0"),
        ("noisy_sphere", {"dimension": 2}, "dimension must be at least 3"),
        ("noisy_sphere", {"noise": -1.0}, "noise must be at least 0"),
        ("noisy_friedman", {"n_samples": 5}, "n_samples and n_test must be at least 20"),
        ("antipodal_pairs", {"n_pairs": 1}, "n_pairs and dimension must be at least 2"),
        ("circles_of_patches", {"n_patches": 6}, "n_patches must be a power of two"),
        ("circles_of_patches", {"target_dimension": 8}, "target_dimension must be a power of two"),
        ("circles_of_patches", {"sizes": [100]}, "sizes must be a rising list"),
        ("circles_of_patches", {"n_test": 0}, "n_test must be at least 1"),
        ("random_networks", {"width": 1}, "width must be at least 2"),
        ("random_networks", {"n_draws": 10}, "n_draws must be at least 100"),
        ("trained_digits", {"n_samples": 50}, "n_samples must lie between 100 and 1797"),
        ("trained_digits", {"batch_sizes": [2, 4, 2000]}, "at least three whole numbers from 1 to 1023"),
        ("batch_ladder", {"n_steps": 0}, "n_steps must be at least 1"),
        ("batch_ladder", {"batch_sizes": [4, 2, 8]}, "three whole numbers from 1 to 1197 that rise"),
        ("width_ladder", {"n_seeds": 0}, "n_seeds must be at least 1"),
        ("width_ladder", {"widths": [32, 64]}, "at least three"),
        ("single_index", {"n_samples": 10}, "n_samples must be at least 50"),
        ("hierarchical_polynomial", {"dimension": 2}, "dimension must be at least 4"),
        ("hierarchical_polynomial", {"best_kernel": "laplace"}, "best_kernel must be one of"),
        ("shipped_table", {"name": "iris", "n_train": 5}, "n_train must be at least 15"),
        ("friedman1", {"n_train": 5}, "n_train must be at least 20"),
        ("user_table", {"path": "nowhere.csv", "label_column": "kind"}, "nowhere.csv"),
        ("user_table", {"path": "nowhere.csv"}, "name either response_column"),
    ],
)
def test_values_that_a_generator_cannot_work_with_are_named(generator: str, params: dict, message: str) -> None:
    made = load_target(STUDY.generators[generator].function)(**params)
    assert any(message in text for text in made.messages()), made.messages()


def test_answers_of_the_wrong_length_are_refused(drawn) -> None:
    class Short:
        def fit(self, X, y):
            return self

        def predict(self, X):
            return np.zeros(3)

    with pytest.raises(ValueError, match="one finite answer per row"):
        methods.fit(Short, {}, drawn["friedman_noise_1"], seed=0)
