"""The tables of the density study: everything named exists and fits together; adapter, metrics, figures, benchmarks."""

from __future__ import annotations

import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from seedbed.core.code.code_digest import SCRIPTS, _Finder
from seedbed.core.config.parameters import parameter_errors
from seedbed.core.errors import SkipFit
from seedbed.core.planning.claims_file import claims_errors
from seedbed.core.study import load_claims, load_target
from seedbed.report.styles import method_styles
from seedbed.studies.density import adapter as methods
from seedbed.studies.density import metrics
from seedbed.studies.density.scenarios import DENSITY, LAW
from seedbed.studies.density.study import STUDY

SIZES = {
    "gaussian_law": {"n_samples": 120, "n_test": 60},
    "gaussian_mixture_law": {"n_samples": 120, "n_test": 60},
    "circles_law": {"n_samples": 120, "n_test": 60},
    "heavy_tailed_law": {"n_samples": 120, "n_test": 60},
    "digit_axes": {"n_samples": 150, "n_test": 60, "n_features": 6},
    "sums_of_one_query": {"n_samples": 400, "n_sets": 60},
}


def draw(scenario, seed=0, **params):
    entry = STUDY.scenarios[scenario]
    generator = load_target(STUDY.generators[entry.generator].function)
    made = generator(**{**entry.params, **SIZES[entry.generator], **params})
    assert made.messages() == []
    return made.draw(np.random.default_rng(seed))


@pytest.fixture(scope="module")
def gauss():
    return draw("gauss_d10", n_features=3)


@pytest.fixture(scope="module")
def digits():
    return draw("digits16")


@pytest.fixture(scope="module")
def law():
    return draw("law_d20")


def run(name, data):
    """A fit and its scores."""
    method = STUDY.methods[name]
    fit = methods.fit(load_target(method.target), method.params, data, seed=1)
    assert fit.pop("seconds") >= 0
    entries = {key: entry for key, entry in STUDY.metrics.items() if entry.task == method.task}
    return fit, {key: load_target(entry.function)(data, fit) for key, entry in entries.items()}


@pytest.mark.parametrize("name", STUDY.methods)
def test_every_method_takes_its_parameters_and_its_data(name, gauss, digits, law):
    method = STUDY.methods[name]
    assert parameter_errors(load_target(method.target), method.params) == []
    assert method.label and (method.role in ("control", "oracle") or method.reference)
    for data in (gauss, digits) if method.task == DENSITY else (law,):
        if name == "true_density" and data is digits:
            with pytest.raises(SkipFit, match="true density is not known"):
                run(name, data)
            continue
        fit, scores = run(name, data)
        again, _ = run(name, data)
        for key, value in fit.items():
            np.testing.assert_array_equal(value, again[key])
        if method.task == DENSITY:
            assert fit["log_density"].shape == (60,) and np.isfinite(scores["kl"])
            assert name != "true_density" or scores["kl"] == 0.0
            if "direct_log_density" in fit:
                assert scores["log_density_error"] <= (1e-10 if method.role == "ours" else np.inf)
        else:
            assert fit["log_sums"].shape == (60,) and 0.0 < scores["sum_participation"] <= 1.0


def test_what_does_not_apply_is_skipped(gauss, law):
    target = load_target(STUDY.methods["loo"].target)
    with pytest.raises(SkipFit, match="made for the task 'density'"):
        methods.fit(target, {}, law, 0)
    with pytest.raises(SkipFit, match="made for the task 'law'"):
        methods.fit(load_target(STUDY.methods["kernel_sum_c070"].target), {}, gauss, 0)
    wide = draw("gauss_d60_n4000", n_samples=20)
    with pytest.raises(SkipFit, match="more rows than columns"):
        run("scipy_kde", wide)
    peer = load_target(STUDY.methods["sklearn_default"].target)
    with pytest.raises(SkipFit, match="takes too long"):
        methods.fit(peer, {"most_work": 10.0}, gauss, 0)

    class Mine:
        def fit(self, X):
            return self

        def score_samples(self, X):
            return np.zeros((len(X), 1))

    with pytest.raises(ValueError, match="one log density per row"):
        methods.fit(Mine, {}, gauss, 0)
    Mine.score_samples = lambda self, X: -np.arange(len(X))
    fit = methods.fit(Mine, {}, gauss, 0)
    assert set(fit) == {"log_density", "seconds"} and np.isnan(metrics.participation(gauss, fit))


@pytest.mark.parametrize("scenario", ["gauss_d20", "correlated_d20", "mixture_d10", "circles_d10", "heavy_d10"])
def test_true_densities_are_those_of_the_data(scenario):
    """By importance: the mean ratio of another density to the true one, over data of the law, is one."""
    entry = STUDY.scenarios[scenario]
    generator = load_target(STUDY.generators[entry.generator].function)
    d = 2 if scenario != "correlated_d20" else 3
    law = generator(**{**entry.params, "n_samples": 20, "n_test": 20_000, "n_features": d})
    data = law.draw(np.random.default_rng(0))
    x, log_density = data["X_test"], data["log_density_test"]
    # E_p[q/p] = 1 for a density q that is concentrated where p is not small
    middle, spread = x[np.argmax(log_density)], 0.02 * np.cov(x.T)
    q = stats.multivariate_normal(middle, spread).logpdf(x)
    ratio = np.exp(q - log_density)
    assert abs(ratio.mean() - 1.0) < 6.0 * ratio.std() / len(x) ** 0.5 + 0.02


def test_scenarios_say_what_is_wrong():
    def messages(scenario, **params):
        entry = STUDY.scenarios[scenario]
        return load_target(STUDY.generators[entry.generator].function)(**{**entry.params, **params}).messages()

    wrong = [
        ("gauss_d10", {"n_samples": 3}, "at least 20"), ("gauss_d10", {"n_features": 1}, "at least 2"),
        ("mixture_d10", {"n_components": 0}, "n_components"), ("circles_d10", {"n_features": 5}, "even"),
        ("circles_d10", {"noise": 0.0}, "noise"), ("heavy_d10", {"df": -1.0}, "df"),
        ("digits16", {"n_samples": 1500, "n_test": 500}, "at most 1797"), ("digits16", {"n_features": 70}, "60"),
        ("law_d20", {"n_samples": 10}, "at least 100"), ("law_d20", {"n_sets": 3}, "n_sets"),
    ]  # fmt: skip
    for scenario, params, text in wrong:
        assert any(text in line for line in messages(scenario, **params)), (scenario, params)
    assert all(messages(name) == [] for name in STUDY.scenarios)


def test_a_users_table(tmp_path):
    from seedbed.studies.density.data.user_table import UserTable

    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.normal(size=(80, 3)) * [1.0, 100.0, 1e-3], columns=["a", "b", "c"])
    frame["kind"], frame["name"] = rng.choice(["train", "test"], 80), [f"r{i}" for i in range(80)]
    path = str(tmp_path / "mine.csv")
    frame.to_csv(path, index=False)
    table = UserTable(path=path, drop=["kind"], id_column="name", standardise=True, sample_size=60)
    assert table.messages() == [] and "18 rows are held out" in " ".join(table.understood())
    assert table.overlap() == pytest.approx(0.3 * 60 / 80)
    data = table.draw(rng)
    assert data["X"].shape == (42, 3) and data["X_test"].shape == (18, 3) and len(set(data["ids"])) == 60
    np.testing.assert_allclose(data["X"].std(axis=0), 1.0)
    assert np.isfinite(run("loo", data)[1]["kl"])
    split = UserTable(path=path, drop=["name"], split_column="kind")
    assert split.messages() == [] and len(split.draw(rng)["X"]) == round(0.8 * (frame["kind"] == "train").sum())
    whole = split.whole()
    assert len(whole["X"]) == 80 and "recipe" in whole
    wrong = [
        (UserTable(path=path), "kind"), (UserTable(path=path, drop=["kind", "name"], sample_size=90), "80 rows"),
        (UserTable(path=path, drop=["kind", "name"], test_share=1.5), "between 0 and 1"),
        (UserTable(path=path, drop=["kind", "name"], test_share=0.05), "at least 20 and 10"),
        (UserTable(path=path, drop=["name"], split_column="kind", sample_size=60), "random splits alone"),
    ]  # fmt: skip
    for made, text in wrong:
        assert any(text in line for line in made.messages()), text
    frame.assign(a=1.0, b=2.0, c=1e120)[["a", "b", "c"]].to_csv(path, index=False)
    assert any("cannot be squared" in line for line in UserTable(path=path).messages())
    frame.assign(a=1.0, b=2.0)[["a", "b"]].to_csv(path, index=False)
    assert any("all rows are equal" in line for line in UserTable(path=path).messages())


def test_distances_of_one_query_are_those_of_vectors():
    """The two draws of squared distances have one law: that of points about a query of norm d."""
    from seedbed.studies.density.data.laws import squared_distances

    squares = next(squared_distances(20_000, 6, 1, 3))
    x = np.full(6, 1.0)
    known = ((np.random.default_rng(1).normal(size=(20_000, 6)) - x) ** 2).sum(axis=1)
    assert stats.ks_2samp(squares, known).pvalue > 1e-3


def test_laws_of_sums_are_told_apart():
    """Sums of exact power laws: of index 0.49 they have the positive stable law, of index 3 nearly the normal one."""
    rng = np.random.default_rng(0)
    m, n = 0.49, 20_000
    # terms (n u)^(-1/m): about one of them is above 1
    terms = (n * rng.random((300, n))) ** (-1.0 / m)
    data = {"edge_squared_distance": np.array(0.0), "edge": np.array(1.0)}
    fit = {"factor": np.array(0.7), "log_sums": np.log(terms.sum(axis=1))}
    assert metrics.ks_to_stable(data, fit) < 0.08 and metrics.ks_to_normal(data, fit) > 0.3
    assert metrics.spread_ratio(data, fit) == pytest.approx(1.0, abs=0.15)
    heavy = {"factor": np.array(1.5**0.5), "log_sums": np.log((rng.random((800, 4000)) ** (-1 / 1.5)).sum(axis=1))}
    assert metrics.ks_gain(data, heavy) > 0.0 and np.isnan(metrics.spread_ratio(data, heavy))
    light = {"factor": np.array(2.0), "log_sums": np.log((1.0 + 0.1 * rng.random((800, 400))).sum(axis=1))}
    assert metrics.ks_to_normal(data, light) < 0.05 and np.isnan(metrics.ks_to_stable(data, light))


def test_metrics_by_hand(gauss):
    fit = {
        "log_density": gauss["log_density_test"] - 0.25, "own_log_density": gauss["log_density_test"] + 0.5,
        "direct_log_density": gauss["log_density_test"][:9] - 1.0, "participation": np.full(60, 0.2),
        "tail_index": np.array([0.5, 1.0]), "bandwidth": np.array(0.5), "best_bandwidth": np.array(0.5),
        "shape": np.array("full"),
    }  # fmt: skip
    from seedbed.density import critical_bandwidths, expected_kl

    assert metrics.kl(gauss, fit) == pytest.approx(0.25) and metrics.participation(gauss, fit) == pytest.approx(0.2)
    assert metrics.overstatement(gauss, fit) == pytest.approx(0.75)
    assert metrics.log_density_error(gauss, fit) == pytest.approx(1.5)
    assert metrics.tail_index(gauss, fit) == pytest.approx(2.0 / 3.0)
    at = critical_bandwidths(120, 3)
    assert metrics.best_over_edge(gauss, fit) == pytest.approx(0.5 / at.h_g)
    assert metrics.best_over_clt(gauss, fit) == pytest.approx(0.5 / at.h_clt)
    assert metrics.risk_gap(gauss, fit) == pytest.approx(0.25 - expected_kl(0.5, 120, 3))
    assert np.isnan(metrics.dimension_gap(gauss, fit))
    assert metrics.dimension_gap(gauss, {**fit, "shape": np.array("isotropic")}) < 0.7


def test_tasks_and_main_metrics():
    assert {entry.task for entry in STUDY.generators.values()} == {DENSITY, LAW}
    main = {task: next(k for k, m in STUDY.metrics.items() if m.task == task) for task in (DENSITY, LAW)}
    assert main == {DENSITY: "kl", LAW: "ks_to_normal"}


def test_claims_are_sound():
    claims = load_claims("density")
    assert list(claims_errors(STUDY, claims)) == []
    cases = {case.name: case for case in load_target("seedbed.studies.density.benchmarks.cases:CASES")}
    for claim in claims:
        if claim.get("test", {}).get("kind") == "speed":
            for name in claim["test"]["cases"]:
                assert {claim["test"]["ours"], claim["test"]["peer"]} <= set(cases[name].contenders)


def test_reading_the_tables_imports_nothing_heavy():
    code = (
        "import sys; import seedbed.density, seedbed.studies.density.study; "
        "assert not {'torch', 'numba', 'sklearn', 'scipy'} & set(sys.modules); dir(seedbed.density)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=SCRIPTS)


def test_methods_depend_on_their_own_modules_only():
    def closure(name):
        module = STUDY.methods[name].target.partition(":")[0]
        return set(_Finder(SCRIPTS).closure([module])[0])

    assert "seedbed.density.sums.compiled_tiles" in closure("loo")
    for name in ("gmm_bic", "gaussian", "true_density"):
        assert not any(module.startswith("seedbed.density") for module in closure(name)), name


@pytest.fixture(scope="module")
def tables(gauss, digits, law):
    """What a run with two replicates would leave to the figures."""
    chosen = ("loo", "loo_full", "theory", "scott", "gaussian_sphere", "oracle_bandwidth", "true_density")
    asked = {("gauss_d10", name): gauss for name in chosen}
    asked |= {("digits16", name): digits for name in chosen[:-1]}
    asked |= {("law_d20", f"kernel_sum_{name}"): law for name in ("c070", "c125", "c200")}
    cells, scores, runs = {}, [], []
    for (scenario, method), data in asked.items():
        fit, values = run(method, data)
        cells[scenario, method] = [(data, fit)] * 2
        for replicate in range(2):
            runs.append([scenario, method, replicate, "ok", 0.1])
            scores += [[scenario, method, replicate, metric, value] for metric, value in values.items()]
    roles = {name: method.role for name, method in STUDY.methods.items()}
    return SimpleNamespace(
        scores=pd.DataFrame(scores, columns=["scenario", "method", "replicate", "metric", "value"]),
        runs=pd.DataFrame(runs, columns=["scenario", "method", "replicate", "status", "cpu_seconds"]),
        scenario=None,
        labels={name: method.label for name, method in STUDY.methods.items()},
        scenarios={name: entry.label for name, entry in STUDY.scenarios.items()},
        roles=roles,
        styles=method_styles(roles, roles),
        cells=lambda scenario, method: iter(cells.get((scenario, method), [])),
        first_data={"gauss_d10": gauss, "digits16": digits, "law_d20": law}.get,
    )


@pytest.mark.slow
@pytest.mark.parametrize("name", STUDY.figures)
def test_figures(name, tables):
    draw_figure = load_target(STUDY.figures[name].function)
    figure, table = draw_figure(tables)
    figure.canvas.draw()
    assert len(table) and table.notna().all().all()
    nothing = {key: getattr(tables, key).iloc[:0] for key in ("scores", "runs")}
    assert draw_figure(SimpleNamespace(**{**vars(tables), **nothing})) is None


def test_benchmark_cases_are_complete():
    cases = load_target("seedbed.studies.density.benchmarks.cases:CASES")
    assert len({case.name for case in cases}) == len(cases)
    for case in cases:
        assert case.peer in case.contenders and next(iter(case.contenders)) != case.peer
        assert set(case.more_targets) <= set(case.contenders)


def test_contenders_of_the_benchmark_agree():
    from seedbed.studies.density.benchmarks import cases

    problem = cases.scoring(300, 20, 4, 0.6)
    for name, contender in cases.SCORERS.items():
        assert cases.log_density_error(problem, contender(problem)) < (1e-3 if "default" in name else 1e-9), name
    search = cases.searching(150, 3, 150)
    found = {name: contender(search) for name, contender in cases.SEARCHERS.items()}
    assert all(0.1 < float(h) < 2.0 for h in found.values())
