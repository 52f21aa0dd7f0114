"""The methods of the reduction study: networks, kernel and linear methods."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Method, Origin, Role

_LIBRARY = "seedbed.reduction"
_HERE = "seedbed.studies.reduction"
_PAPER = "Yuan, Wang and Yu (2025), Fréchet Cumulative Covariance Net, arXiv:2502.15374"
_LEE = "Lee, Li and Chiaromonte (2013), A general theory for nonlinear sufficient dimension reduction"
_ZHANG = "Zhang, Xue and Li (2023), Dimension reduction for Fréchet regression"
_XIA = f"Xia, Tong, Li and Zhu (2002), An adaptive estimation of dimension reduction space; {_ZHANG}"


# The three kinds of nets choose among four settings each, in scenarios that say where (tune_on).
_PENALISED = {"learning_rate": (0.002, 0.01), "penalty": (1.0, 10.0)}
_WHITENED = {"learning_rate": (0.5, 1.0, 2.0, 4.0)}


def _method(
    target: str, label: str, reference: str, role: Role = "baseline", tune: dict[str, Any] | None = None, **params: Any
) -> Method:
    as_published = target.startswith("networks.") and not {"loss", "weighting"} & set(params)
    origin: Origin = ""
    if role == "ours":
        origin = "paper" if as_published else "ours"
    return Method(f"{_LIBRARY}.{target}", params, label, role, reference, tune=tune or {}, origin=origin)


def _net(label: str, tune: dict[str, Any] | None = None, **params: Any) -> Method:
    target = "networks.frechet_cumulative_net:FrechetCumulativeNet"
    return _method(target, label, _PAPER, "ours", tune, **params)


_IMAGES = {"architecture": "resnet", "hidden_layer_sizes": [16, 32], "batch_size": 128, "n_epochs": 80}
# what is ours beside the paper's definition; every part of it is a method of its own too
_OURS = {"loss": "whitened", "weighting": "correlation", "combine": "consensus", "n_restarts": 6}

METHODS = {
    "fccov_net": _net("FCCov net, the paper's loss, our settings", _PENALISED),
    "fccov_net_whitened": _net("FCCov net, whitened loss", loss="whitened"),
    "fccov_net_correlation": _net("FCCov net, whitened, correlation weights", loss="whitened", weighting="correlation"),
    "fccov_net_agreeing": _net(
        "FCCov net, whitened, consensus of {n_restarts}", loss="whitened", combine="consensus", n_restarts=6
    ),
    "fccov_net_consensus": _net(
        "FCCov net, whitened, correlation weights, consensus of {n_restarts}", _WHITENED, **_OURS
    ),
    "fccov_net_surplus": _net("FCCov net, the same, one output in surplus", **_OURS, surplus=1),
    "fccov_cnn": _net("FCCov net, convolutional", **_IMAGES),
    "fccov_cnn_consensus": _net(
        "FCCov net, convolutional, consensus of {n_restarts}",
        **{**_IMAGES, **_OURS, "n_restarts": 3, "n_epochs": 40, "learning_rate": 0.3},
    ),
    "kernel_fccov": _method("kernels.kernel_fccov:KernelFCCov", "kernel FCCov", _PAPER, "ours"),
    "kernel_fccov_correlation": _method(
        "kernels.kernel_fccov:KernelFCCov", "kernel FCCov, correlation weights", _PAPER, "ours", weighting="correlation"
    ),
    "linear_fccov": _method("linear.linear_fccov:LinearFCCov", "linear FCCov", _PAPER, "ours"),
    "mdd_net": _method(
        "networks.mdd_net:MDDNet",
        "MDD net",
        "Chen, Jiao, Qiu and Yu (2024), Annals of Statistics 52",
        tune=_PENALISED,
    ),
    "mdd_net_consensus": _method(
        "networks.mdd_net:MDDNet",
        "MDD net, whitened, consensus of {n_restarts}",
        "Chen, Jiao, Qiu and Yu (2024); trained as our FCCov net",
        loss="whitened",
        combine="consensus",
        n_restarts=6,
    ),
    "mdd_cnn": _method("networks.mdd_net:MDDNet", "MDD net, convolutional", "Chen, Jiao, Qiu and Yu (2024)", **_IMAGES),
    "gsir": _method("kernels.gsir:GSIR", "GSIR, median bandwidth, tuned", _LEE),
    "gsir_mean": _method("kernels.gsir:GSIR", "GSIR, mean bandwidth, tuned", _LEE, response_bandwidth="mean"),
    "gsir_fixed": _method(
        "kernels.gsir:GSIR",
        "GSIR, mean bandwidth, defaults of nsdr",
        f"{_LEE}; R package nsdr",
        response_bandwidth="mean",
        complexity=1.0,
        ridge=0.1,
        response_ridge=0.1,
    ),
    "gsave": _method("kernels.gsave:GSAVE", "GSAVE, median bandwidth, tuned", _LEE),
    "ksir": _method("kernels.ksir:KSIR", "kernel SIR, tuned", "Wu (2008), Kernel sliced inverse regression"),
    "sir": _method("linear.sir:SIR", "SIR", "Li (1991), Sliced inverse regression for dimension reduction"),
    "save": _method("linear.save:SAVE", "SAVE", "Cook and Weisberg (1991)"),
    "directional_regression": _method(
        "linear.directional_regression:DirectionalRegression", "directional regression", "Li and Wang (2007)"
    ),
    "phd": _method("linear.phd:PHD", "principal Hessian directions", "Li (1992)"),
    "cume": _method("linear.cume:CUME", "cumulative mean estimation", "Zhu, Zhu and Feng (2010)"),
    "wire": _method("linear.wire:WIRE", "WIRE / MDDM", "Ying and Yu (2022); Lee and Shao (2018)"),
    "opg": _method("linear.opg:OPG", "outer product of gradients", _XIA),
    "mave": _method("linear.mave:MAVE", "MAVE", _XIA),
    "random_directions": Method(f"{_HERE}.controls:RandomDirections", {}, "random directions", "control"),
    "oracle": Method(f"{_HERE}.controls:TruePredictor", {}, "oracle (true predictor)", "oracle"),
}
