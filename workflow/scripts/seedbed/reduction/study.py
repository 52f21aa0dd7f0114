"""The reduction study: sufficient dimension reduction for random objects."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Figure, Method, Metric, Study
from seedbed.reduction.scenarios import GENERATORS, KNOWN, SCENARIOS

_HERE = "seedbed.reduction"
_PAPER = "Yuan, Wang and Yu (2025), Fréchet Cumulative Covariance Net, arXiv:2502.15374"
_LEE = "Lee, Li and Chiaromonte (2013), A general theory for nonlinear sufficient dimension reduction"
_ZHANG = "Zhang, Xue and Li (2023), Dimension reduction for Fréchet regression"
_XIA = f"Xia, Tong, Li and Zhu (2002), An adaptive estimation of dimension reduction space; {_ZHANG}"


def _method(target: str, label: str, reference: str, role: str = "baseline", **params: Any) -> Method:
    return Method(f"{_HERE}.{target}", params, label, role, reference)


def _net(label: str, **params: Any) -> Method:
    return _method("frechet_cumulative_net:FrechetCumulativeNet", label, _PAPER, "ours", **params)


_IMAGES = {"architecture": "resnet", "hidden_layer_sizes": [16, 32], "batch_size": 128, "n_epochs": 80}
# what is ours beside the paper's definition; every part of it is a method of its own too
_OURS = {"loss": "whitened", "weighting": "correlation", "combine": "consensus", "n_restarts": 6}

METHODS = {
    "fccov_net": _net("FCCov net, the paper's"),
    "fccov_net_whitened": _net("FCCov net, whitened loss", loss="whitened"),
    "fccov_net_correlation": _net("FCCov net, whitened, correlation weights", loss="whitened", weighting="correlation"),
    "fccov_net_agreeing": _net(
        "FCCov net, whitened, consensus of 6", loss="whitened", combine="consensus", n_restarts=6
    ),
    "fccov_net_consensus": _net("FCCov net, ours: correlation weights, consensus of 6", **_OURS),
    "fccov_net_surplus": _net("FCCov net, ours, one output in surplus", **_OURS, surplus=1),
    "fccov_cnn": _net("FCCov net, convolutional", **_IMAGES),
    "fccov_cnn_consensus": _net(
        "FCCov net, convolutional, ours", **{**_IMAGES, **_OURS, "n_restarts": 3, "n_epochs": 40, "learning_rate": 0.3}
    ),
    "kernel_fccov": _method("kernel_fccov:KernelFCCov", "kernel FCCov", _PAPER, "ours"),
    "kernel_fccov_correlation": _method(
        "kernel_fccov:KernelFCCov", "kernel FCCov, correlation weights", _PAPER, "ours", weighting="correlation"
    ),
    "linear_fccov": _method("linear_fccov:LinearFCCov", "linear FCCov", _PAPER, "ours"),
    "mdd_net": _method("mdd_net:MDDNet", "MDD net", "Chen, Jiao, Qiu and Yu (2024), Annals of Statistics 52"),
    "mdd_net_consensus": _method(
        "mdd_net:MDDNet",
        "MDD net, whitened, consensus of 6",
        "Chen, Jiao, Qiu and Yu (2024); trained as our FCCov net",
        loss="whitened",
        combine="consensus",
        n_restarts=6,
    ),
    "mdd_cnn": _method("mdd_net:MDDNet", "MDD net, convolutional", "Chen, Jiao, Qiu and Yu (2024)", **_IMAGES),
    "gsir": _method("gsir:GSIR", "GSIR, median bandwidth, tuned", _LEE),
    "gsir_mean": _method("gsir:GSIR", "GSIR, mean bandwidth, tuned", _LEE, response_bandwidth="mean"),
    "gsir_fixed": _method(
        "gsir:GSIR",
        "GSIR, mean bandwidth, defaults of nsdr",
        f"{_LEE}; R package nsdr",
        response_bandwidth="mean",
        complexity=1.0,
        ridge=0.1,
        response_ridge=0.1,
    ),
    "gsave": _method("gsave:GSAVE", "GSAVE, median bandwidth, tuned", _LEE),
    "ksir": _method("ksir:KSIR", "kernel SIR, tuned", "Wu (2008), Kernel sliced inverse regression"),
    "sir": _method("sir:SIR", "SIR", "Li (1991), Sliced inverse regression for dimension reduction"),
    "save": _method("save:SAVE", "SAVE", "Cook and Weisberg (1991)"),
    "directional_regression": _method(
        "directional_regression:DirectionalRegression", "directional regression", "Li and Wang (2007)"
    ),
    "phd": _method("phd:PHD", "principal Hessian directions", "Li (1992)"),
    "cume": _method("cume:CUME", "cumulative mean estimation", "Zhu, Zhu and Feng (2010)"),
    "wire": _method("wire:WIRE", "WIRE / MDDM", "Ying and Yu (2022); Lee and Shao (2018)"),
    "opg": _method("opg:OPG", "outer product of gradients", _XIA),
    "mave": _method("mave:MAVE", "MAVE", _XIA),
    "random_directions": _method("reduction_controls:RandomDirections", "random directions", "", "control"),
    "oracle": _method("reduction_controls:TruePredictor", "oracle (true predictor)", "", "oracle"),
}


def _metric(name: str, label: str, direction: str = "higher", unit: str = "", task: str = KNOWN) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task)


# the first metric of a task is its main one
METRICS = {
    "distance_correlation": _metric("distance_correlation", "distance correlation with the true predictor"),
    "predictor_recovery": _metric("predictor_recovery", "R² of the true predictor by nearest neighbours"),
    "prediction_error": _metric(
        "prediction_error", "error of a local Fréchet regression", "lower", "share of the Fréchet variance", ""
    ),
    "subspace_distance": _metric("subspace_distance", "distance from the true directions", "lower"),
}

FIGURES = {
    "predictors": Figure(f"{_HERE}.predictor_figure:predictors", "Estimated against true predictor"),
    "responses": Figure(
        f"{_HERE}.response_figure:responses",
        "Responses along the first estimated component",
        kind="data",
        caption="Test responses of the first replicate, by what the best of our methods found.",
    ),
    "robustness": Figure(f"{_HERE}.figures:robustness", "What outlying responses cost", "study"),
    "time_by_size": Figure(f"{_HERE}.figures:time_by_size", "Time against the sample size", "study"),
}

STUDY = Study(
    name="reduction",
    title="Sufficient dimension reduction for random objects by Fréchet cumulative covariance",
    question=(
        "Which method finds the functions of the features that a random object depends on, when some responses are "
        "outliers, and at what cost? The paper's own models and tables could not be read: the simulated models are "
        "documented ones of its predecessors."
    ),
    adapter=f"{_HERE}.methods:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    environment="torch",
    # what a fit would import when it first needs it, for three seconds
    libraries=("torch", "torch._dynamo", "sklearn.neighbors", "seedbed.reduction.ball_loops"),
    references=(
        "Yuan, Wang, Yu (2025). Fréchet Cumulative Covariance Net for Deep Nonlinear Sufficient Dimension "
        "Reduction with Random Objects. arXiv:2502.15374",
        "Chen, Jiao, Qiu, Yu (2024). Deep nonlinear sufficient dimension reduction. Annals of Statistics 52, 1201-1226",
        "Lee, Li, Chiaromonte (2013). A general theory for nonlinear sufficient dimension reduction: "
        "formulation and estimation. Annals of Statistics 41, 221-249",
        "Zhang, Xue, Li (2023). Dimension reduction for Fréchet regression. JASA. Simulated models from its "
        "code, github.com/bideliunian/DR4FrechetReg",
    ),
    method=(
        "The response $Y$ lies in a metric space with distance $d$: a distribution, a matrix, a point on a sphere. The "
        "Fréchet cumulative covariance of a number $U$ with it asks how $U$ goes with the events that $Y$ lies in a "
        "ball around one copy of it and through another. It sees distances by their order alone, so that outlying "
        "responses count for little. The net maximises it over functions $f$ of the features, with a penalty that "
        "keeps their variances at one.\n\n"
        "On a sample the measure is a quadratic form in the values of $f$, with a kernel of the responses that is "
        "computed once: a step of the training then costs one product of matrices. Linear and kernel versions have "
        "closed forms."
    ),
    formula=(
        r"\mathrm{FCCov}(U \mid Y) = E \left[ \mathrm{cov}^2 \left( U, 1\{ d(Y, \tilde Y) < d(\bar Y, \tilde Y) \} "
        r"\mid \bar Y, \tilde Y \right) \right]"
        "\n"
        r"\max_f \ \sum_{t=1}^d \mathrm{FCCov}(f_t(X) \mid Y) - \lambda \| \mathrm{Var} f(X) - I_d \|_F^2"
    ),
    bibtex="""
@misc{yuan2025frechet,
  title = {Fr{\\'e}chet Cumulative Covariance Net for Deep Nonlinear Sufficient Dimension Reduction with
           Random Objects},
  author = {Yuan and Wang and Yu},
  year = {2025},
  eprint = {2502.15374},
  archiveprefix = {arXiv},
}

@article{chen2024deep,
  title = {Deep Nonlinear Sufficient Dimension Reduction},
  author = {Chen and Jiao and Qiu and Yu},
  journal = {Annals of Statistics},
  volume = {52},
  pages = {1201--1226},
  year = {2024},
}

@article{lee2013general,
  title = {A General Theory for Nonlinear Sufficient Dimension Reduction: Formulation and Estimation},
  author = {Lee, Kuang-Yao and Li, Bing and Chiaromonte, Francesca},
  journal = {Annals of Statistics},
  volume = {41},
  pages = {221--249},
  year = {2013},
}

@article{zhang2023dimension,
  title = {Dimension Reduction for {Fr{\\'e}chet} Regression},
  author = {Zhang, Qi and Xue, Lingzhou and Li, Bing},
  journal = {Journal of the American Statistical Association},
  year = {2023},
}
""",
)
