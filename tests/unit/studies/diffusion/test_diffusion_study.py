"""The tables of the diffusion study: everything named exists and fits together; adapter, metrics, figures."""

from __future__ import annotations

import numpy as np
import pytest
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import load_claims, load_target
from seedbed.studies.diffusion import adapter as methods
from seedbed.studies.diffusion import metrics
from seedbed.studies.diffusion.data.laws import law_of
from seedbed.studies.diffusion.study import STUDY

SIZES = {
    "guided_digits": {"n_samples": 6},
    "mixture_points": {"n_samples": 40, "dimension": 4},
    "gaussian_modes": {"n_samples": 4, "n_modes": 5},
    "smooth_mixture": {"n_samples": 6},
    "digit_paths": {"n_samples": 6, "n_draws": 40},
    "mixture_paths": {"n_samples": 6, "dimension": 4, "n_draws": 200},
    "gaussian_paths": {"n_samples": 6, "dimension": 6},
    "normal_points": {"n_samples": 4, "n_draws": 24},
    "field_mixture": {"n_samples": 150, "n_points": 5},
    "sphere_score": {"n_points": 6, "n_noisy": 300},
    "manifold_points": {"n_points": 150},
    "digit_points": {"n_points": 150},
}
TASKS = {"sampling": "digits_w8_n6", "path": "mixture_paths", "field": "field_1", "dimension": "sphere_gauge_3"}


def draw(scenario: str, seed: int = 0, **params) -> dict[str, np.ndarray]:
    entry = STUDY.scenarios[scenario]
    generator = load_target(STUDY.generators[entry.generator].function)
    made = generator(**{**entry.params, **SIZES[entry.generator], **params})
    assert made.messages() == []
    return made.draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def drawn() -> dict[str, dict[str, np.ndarray]]:
    names = [*TASKS.values(), "smooth", "sphere_2", "mixture", "modes", "gaussian_paths", "points_16_d64", "field_3",
             "sphere_fourier_3"]  # fmt: skip
    return {name: draw(name) for name in names}


def run(name: str, data: dict[str, np.ndarray]) -> tuple[dict, dict[str, float]]:
    """A fit and its scores."""
    method = STUDY.methods[name]
    fit = methods.fit(load_target(method.target), method.params, data, seed=1)
    assert fit.pop("seconds") >= 0
    entries = {key: entry for key, entry in STUDY.metrics.items() if entry.task == method.task}
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in entries.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_the_data_of_its_task(name: str, drawn) -> None:
    method = STUDY.methods[name]
    params = {key: value for key, value in method.params.items() if key not in ("gauge", "at")}
    assert parameter_errors(load_target(method.target), params) == []
    assert method.label and (method.role in ("control", "oracle") or method.reference)
    for key, values in method.tune.items():
        assert all(parameter_errors(load_target(method.target), {key: value}) == [] for value in values)
    for task, scenario in TASKS.items():
        if task != method.task:
            with pytest.raises(SkipFit, match="is made for the task"):
                run(name, drawn[scenario])
    own = {"kernel_dimension": "sphere_2", "mle": "sphere_2", "two_nn": "sphere_2", "ghvb_consistent": "smooth"}
    data = drawn[own.get(name, TASKS[method.task])]
    fit, scores = run(name, data)
    again, _ = run(name, data)
    for key, value in fit.items():
        np.testing.assert_array_equal(value, again[key], err_msg=key)
    assert any(np.isfinite(value) for value in scores.values())


def test_claims_name_what_is_there() -> None:
    assert list(claims_errors(STUDY, load_claims("diffusion"))) == []


def test_everything_has_a_task_and_its_first_metric_leads() -> None:
    for entries in (STUDY.generators, STUDY.methods, STUDY.metrics):
        assert {entry.task for entry in entries.values()} == set(TASKS)
    main: dict[str, str] = {}
    for name, metric in STUDY.metrics.items():
        main.setdefault(metric.task, name)
    assert main == {
        "sampling": "trajectory_error",
        "path": "excess_energy",
        "field": "field_energy_distance",
        "dimension": "dimension_error",
    }


def test_samples_are_those_of_the_solver(drawn) -> None:
    data = drawn["digits_w8_n6"]
    flow = load_target(STUDY.methods["ddim"].target)(solver="ddim")
    fit, scores = run("ddim", data)
    np.testing.assert_array_equal(fit["samples"], flow.sample(law_of(data), data["noise"], data["grid"]))
    distances = np.sqrt(((fit["samples"] - data["reference"]) ** 2).mean(1))
    assert scores["trajectory_error"] == np.median(distances)
    assert scores["same_basin"] == (distances < 0.1).mean() and scores["evaluations"] == 6


def test_every_sampler_gets_the_same_evaluations(drawn) -> None:
    for name, entry in STUDY.methods.items():
        if entry.task == "sampling" and name not in ("limits", "noise_mean", "long_run", "ghvb_consistent"):
            assert run(name, drawn["digits_w8_n6"])[1]["evaluations"] == 6, name
    with pytest.raises(SkipFit, match="9 evaluations more"):
        run("ghvb_consistent", drawn["digits_w8_n6"])
    with pytest.raises(SkipFit, match="smooth"):
        run("limits", drawn["smooth"])


def test_the_table_of_limits_counts_artefacts_as_the_metric_does(drawn) -> None:
    data = drawn["digits_w8_n6"]
    shares = run("limits", data)[0]["shares"]
    for place, name in {0: "ddim", 1: "plms_2", 3: "plms_4", 5: "hb", 6: "ghvb"}.items():
        assert shares[place] == run(name, data)[1]["artefact_share"], name
    assert len(shares) == 13 and np.ptp(shares) > 0


def test_runs_that_diverge_are_far_away_and_artefacts(drawn) -> None:
    data = drawn["digits_w8_n6"]
    for value in (np.nan, np.inf, 1e200):
        fit = {"samples": np.full_like(data["reference"], value), "n_evaluations": np.array(6)}
        assert metrics.trajectory_error(data, fit) == metrics.CAP
        assert metrics.artefact_share(data, fit) == 1 and metrics.same_basin(data, fit) == 0
    exact = {"samples": data["reference"], "n_evaluations": np.array(6)}
    assert metrics.trajectory_error(data, exact) == 0 and metrics.artefact_share(data, exact) == 0


def test_orders_are_slopes(drawn) -> None:
    data = drawn["smooth"]
    shift = np.ones_like(data["reference"])
    ends = np.stack([data["reference"] + 100.0 * shift / n**3 for n in data["evaluations"]])
    fit = {"ends": ends, "steps": data["evaluations"]}
    assert metrics.convergence_order(data, fit) == pytest.approx(3, abs=0.05)
    assert run("hb", data)[1]["convergence_order"] == pytest.approx(1, abs=0.2)
    assert run("ghvb_consistent", data)[1]["convergence_order"] == pytest.approx(4, abs=0.5)


def test_labels_that_are_swapped_flip_a_comparison(drawn) -> None:
    """What a claim compares is not symmetric by construction: the oracle is nearer than the control."""
    data = drawn["digits_w8_n6"]
    errors = {name: run(name, data)[1]["trajectory_error"] for name in ("long_run", "noise_mean", "ddim")}
    assert errors["long_run"] < errors["ddim"] < errors["noise_mean"]


@pytest.mark.parametrize("scenario", ["mixture_paths", "points_16_d64"])
def test_paths_are_judged_by_draws_that_they_were_not_fitted_to(scenario: str, drawn) -> None:
    train, test = (drawn[scenario][key] for key in ("train_speed2", "test_speed2"))
    assert (train != test).mean() > 0.9 and np.allclose(train, test, rtol=0.5, atol=0.1)


def test_energies_are_at_least_the_least(drawn) -> None:
    for scenario in ("mixture_paths", "gaussian_paths", "points_16_d64"):
        excess = {name: run(name, drawn[scenario])[1]["excess_energy"] for name in ("kinetic_optimal", "cond_ot", "vp")}
        assert min(excess.values()) > 0.999 and excess["kinetic_optimal"] < 1.1
    scores = run("kinetic_optimal", drawn["gaussian_paths"])[1]
    assert scores["energy_over_transport"] >= 0.999 and scores["ddim_difference"] < 1e-9
    close = [run(name, drawn["gaussian_paths"])[1]["excess_energy"] for name in ("kinetic_optimal", "direct_path")]
    assert close[0] == pytest.approx(close[1], abs=0.01)


def test_fields_that_meet_the_condition_are_exact_and_others_are_not(drawn) -> None:
    for name, exact in (("score", True), ("gauge_constant", True), ("rotation", False), ("scaled_score", False)):
        scores = run(name, drawn["field_1"])[1]
        assert (scores["log_density_error"] < 1e-3) == exact and (scores["gauge_residual"] < 1e-9) == exact
    assert (
        run("projected", drawn["field_3"])[1]["score_error"] < run("gauge_fourier", drawn["field_3"])[1]["score_error"]
    )


def test_a_shear_of_the_sphere_is_a_gauge(drawn) -> None:
    from seedbed.diffusion.fields.field import jacobian
    from seedbed.diffusion.fields.gauge import gauge_residual
    from seedbed.studies.diffusion.peers.fields import Sheared

    data = drawn["sphere_gauge_3"]
    law, sigma = law_of(data), float(data["sigma"])
    field, y = Sheared(law, 3.0), data["noisy"][:20]
    assert np.abs(gauge_residual(field, law, y, sigma)).max() < 1e-8
    by_differences = np.trace(jacobian(lambda x, s: field(x, s), y, sigma), axis1=1, axis2=2)
    np.testing.assert_allclose(by_differences, field.divergence(y, sigma), rtol=1e-5)
    assert run("flipd", data)[1]["dimension_error"] > 1 and run("normal_bundle", data)[1]["dimension_error"] > 0.25


def test_the_trace_survives_a_gauge_whose_divergence_is_not_zero() -> None:
    """At single noisy points it does not: the gauge is felt, and what survives is no identity."""
    data = draw("sphere_fourier_3", n_points=24, n_noisy=4000)
    for method, exact in (("trace", 0.05), ("trace_mean", 0.15)):
        plain, with_gauge = (run(name, data)[0] for name in (f"{method}_plain", method))
        shifts = with_gauge["dimension_pw"] - plain["dimension_pw"]
        assert np.abs(shifts).max() > 1e-3 and abs(shifts.mean()) < 2 * exact
    assert np.abs(shifts).max() > 1
    assert run("flipd", data)[1]["dimension_error"] > 0.1 > 10 * run("trace", data)[1]["dimension_error"]
    line = draw("sphere_and_line", norm=1.0, gauge="fourier")
    assert run("trace", line)[1]["pointwise_error"] < 0.1


@pytest.mark.parametrize(
    ("generator", "params", "message"),
    [
        ("guided_digits", {"grid": "linear"}, "grid must be one of"),
        ("guided_digits", {"n_evaluations": 1}, "n_evaluations must be at least 2"),
        ("mixture_points", {"dimension": 0}, "dimension and n_components"),
        ("gaussian_modes", {"n_modes": 0}, "must be at least 1"),
        ("gaussian_modes", {"sigma_min": 0.0}, "sigma_max > sigma_min > 0"),
        ("smooth_mixture", {"evaluations": [20, 30]}, "40 among them"),
        ("smooth_mixture", {"evaluations": [9, 40]}, "evaluations must be at least 10"),
        ("smooth_mixture", {"n_components": 0}, "n_components must be at least 1"),
        ("digit_paths", {"smoothing": -1.0}, "smoothing must be at least 0"),
        ("normal_points", {"n_points": 1}, "at least 2"),
        ("field_mixture", {"dimension": 1}, "in one dimension there is no gauge"),
        ("sphere_score", {"norm": 1.0, "line": True}, "a shear needs a sphere"),
        ("manifold_points", {"shape": "moebius"}, "shape must be one of"),
        ("manifold_points", {"shape": "torus", "dimension": 6}, "too small"),
        ("digit_points", {"n_points": 9999}, "between 50 and 1797"),
        ("user_points", {"path": "nowhere.csv"}, "nowhere.csv"),
    ],
)
def test_values_that_a_generator_cannot_work_with_are_named(generator: str, params: dict, message: str) -> None:
    made = load_target(STUDY.generators[generator].function)(**params)
    assert [message in text for text in made.messages()] == [True], made.messages()


def test_a_table_of_the_user_s_is_a_law(tmp_path) -> None:
    rows = np.random.default_rng(0).normal(size=(60, 3)) * [1, 5, 20] + 100
    np.savetxt(tmp_path / "mine.csv", rows, delimiter=",", header="a,b,c", comments="")
    made = load_target(STUDY.generators["user_points"].function)(path=str(tmp_path / "mine.csv"), n_samples=5)
    assert made.messages() == [] and any("60 rows" in text for text in made.understood())
    data = made.draw(np.random.default_rng(0))
    assert law_of(data).second_moment() == pytest.approx(3 + 3 * 0.25**2)
    assert run("power_adams", data)[1]["trajectory_error"] < 0.3
    np.savetxt(tmp_path / "same.csv", np.ones((9, 2)), delimiter=",", header="a,b", comments="")
    made = load_target(STUDY.generators["user_points"].function)(path=str(tmp_path / "same.csv"))
    assert any("same" in text for text in made.messages())
