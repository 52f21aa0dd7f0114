"""The methods of the diffusion study, for each of its four tasks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from seedbed.core.study import Method, Role

Tuned = Mapping[str, Sequence[Any]]
_LIBRARY = "seedbed.diffusion"
_HERE = "seedbed.studies.diffusion.peers"
_FLOW = f"{_LIBRARY}.solvers.probability_flow:ProbabilityFlow"
_MOMENTUM = "Wizadwongsa et al. (2024), Diffusion sampling with momentum for mitigating divergence artifacts, ICLR"
_SHAUL = "Shaul et al. (2023), On kinetic optimal probability paths for generative models, ICML"
_HORVAT = "Horvat and Pfister (2024), On gauge freedom, conservativity and intrinsic dimensionality estimation, ICLR"
_PLMS = "Liu, Ren, Lin and Zhao (2022), Pseudo numerical methods for diffusion models on manifolds, ICLR"
_DPM = "Lu et al. (2022), DPM-Solver++"
_UNIPC = "Zhao et al. (2023), UniPC, NeurIPS"
_ADAMS = "Hairer, Nørsett and Wanner (1993), Solving ordinary differential equations I, section III.5"
_STANCZUK = "Stanczuk et al. (2024), Diffusion models encode the intrinsic dimension of data manifolds, ICML"
_FLIPD = "Kamkari et al. (2024), A geometric view of data complexity, NeurIPS"


def _sampler(label: str, role: Role, reference: str, tune: Tuned | None = None, **params: Any) -> Method:
    origin = "" if role != "ours" else "paper" if reference == _MOMENTUM else "ours"
    return Method(_FLOW, params, label, role, reference, "sampling", tune or {}, origin=origin)


def _constant(solver: str, order: int, label: str, reference: str = _MOMENTUM, **params: Any) -> Method:
    role = "ours" if reference == _MOMENTUM else "baseline"
    return _sampler(label, role, reference, None, solver=solver, order=order, coefficients="constant", **params)


def _path(target: str, label: str, role: Role = "baseline", reference: str = _SHAUL, **params: Any) -> Method:
    return Method(target, params, label, role, reference, "path", origin="paper" if role == "ours" else "")


def _field(name: str, label: str, role: Role = "baseline", reference: str = _HORVAT, **params: Any) -> Method:
    return Method(
        f"{_HERE}.fields:{name}", params, label, role, reference, "field", origin="ours" if role == "ours" else ""
    )


def _dimension(target: str, label: str, role: Role, reference: str, **params: Any) -> Method:
    return Method(
        f"{_LIBRARY}.dimension.{target}",
        params,
        label,
        role,
        reference,
        "dimension",
        origin="ours" if role == "ours" else "",
    )


_GHVB = {"solver": "generalized_heavy_ball", "order": 4, "beta": 0.8}
_GRID_GHVB = "GHVB(4, 0.8), grid coefficients"
_EXPONENTIAL = {"solver": "exponential", "order": 2}
_LAST = {"final_order": [None, 1]}  # a low order at the end is what released solvers do when steps are few
_BOTH = {"order": [1, 2, 3], "corrector": [False, True], **_LAST}
_HALF = {"solver": "exponential", "order": 3, "beta": 0.5, "momentum": "generalized"}
_IN_CORRECTOR = {**_EXPONENTIAL, "beta": 0.8, "corrector": True, "momentum": "corrector"}
_ORDERS_AND_BETAS = {"order": [2, 3, 4], "beta": [0.5, 0.8, 0.9], **_LAST}
_SAMPLERS = {
    "power_adams": _sampler("power Adams (3, 1/2)", "ours", _ADAMS),
    "ab_grid": _sampler("Adams 4, grid coefficients", "ours", _ADAMS, solver="adams", order=4),
    "variable_order": _sampler("variable order, up to 4", "ours", _ADAMS, solver="variable_order", order=4),
    "ghvb_grid": _sampler(_GRID_GHVB, "ours", _ADAMS, **_GHVB),
    "ghvb_consistent": _sampler(f"{_GRID_GHVB}, consistent start", "ours", _ADAMS, **_GHVB, start="consistent"),
    "ghvb_dpm": _sampler("GHVB(3, 0.5) on DPM-Solver++", "ours", _ADAMS, **_HALF),
    "hb": _constant("heavy_ball", 4, "HB(4, 0.8)", beta=0.8),
    "hb_9": _constant("heavy_ball", 4, "HB(4, 0.9)", beta=0.9),
    "hb_5": _constant("heavy_ball", 4, "HB(4, 0.5)", beta=0.5),
    "ghvb": _constant("generalized_heavy_ball", 4, "GHVB(4, 0.8)", beta=0.8),
    "ghvb_37": _constant("generalized_heavy_ball", 4, "GHVB(4, 0.7)", beta=0.7),
    "ghvb_33": _constant("generalized_heavy_ball", 4, "GHVB(4, 0.3)", beta=0.3),
    "ghvb_27": _constant("generalized_heavy_ball", 3, "GHVB(3, 0.7)", beta=0.7),
    "ghvb_23": _constant("generalized_heavy_ball", 3, "GHVB(3, 0.3)", beta=0.3),
    "ghvb_tuned": _sampler("GHVB, tuned", "ours", _MOMENTUM, _ORDERS_AND_BETAS, **_GHVB, coefficients="constant"),
    "nt": _constant("nesterov", 4, "Nesterov(4, 0.8)", beta=0.8),
    "hb_dpm": _sampler("HB(0.8) on DPM-Solver++ 2M", "ours", _MOMENTUM, **_EXPONENTIAL, beta=0.8),
    "hb_unipc": _sampler("HB(0.8) in UniPC's corrector", "ours", _MOMENTUM, **_IN_CORRECTOR),
    "ddim": _sampler("DDIM", "baseline", "Song, Meng and Ermon (2021), DDIM, ICLR", solver="ddim"),
    **{f"plms_{p}": _constant("adams", p, f"PLMS{p}", _PLMS) for p in (2, 3, 4)},
    "plms": _sampler(
        "PLMS, order tuned",
        "baseline",
        _PLMS,
        {"order": [1, 2, 3, 4], **_LAST},
        solver="adams",
        coefficients="constant",
    ),
    "heun": _sampler("Heun", "baseline", "Karras et al. (2022), NeurIPS", solver="heun"),
    "dpmpp_2m": _sampler("DPM-Solver++ 2M", "baseline", _DPM, **_EXPONENTIAL, coefficients="midpoint"),
    "dpmpp": _sampler("DPM-Solver++, order tuned", "baseline", _DPM, {"order": [1, 2, 3], **_LAST}, **_EXPONENTIAL),
    "unipc": _sampler(
        "UniPC, order tuned", "baseline", _UNIPC, {"order": [2, 3], **_LAST}, **_EXPONENTIAL, corrector=True
    ),
    "exponential": _sampler("DPM-Solver++ or UniPC, tuned", "baseline", f"{_DPM}; {_UNIPC}", _BOTH, **_EXPONENTIAL),
    "limits": Method(f"{_HERE}.samplers:LimitTable", {}, "thirteen samplers, limits", "control", "", "sampling"),
    "noise_mean": Method(f"{_HERE}.samplers:NoiseMean", {}, "denoised noise", "control", "", "sampling"),
    "long_run": _sampler("Runge-Kutta, ten times the evaluations", "oracle", "", solver="rk4"),
}
_PATHS = {
    "kinetic_optimal": _path(f"{_LIBRARY}.paths.kinetic_optimal:KineticOptimalPath", "kinetic optimal", "ours"),
    "cond_ot": _path(f"{_LIBRARY}.paths.path:CondOTPath", "conditional OT", reference="Lipman et al. (2023), ICLR"),
    "vp": _path(f"{_LIBRARY}.paths.path:VPPath", "VP, trigonometric", reference="Albergo and Vanden-Eijnden (2023)"),
    "vp_linear": _path(
        f"{_LIBRARY}.paths.path:VPPath", "VP, linear beta", reference="Song et al. (2021), ICLR", schedule="linear"
    ),
    "cosine": _path(f"{_LIBRARY}.paths.path:CosinePath", "cosine", reference="Nichol and Dhariwal (2021), ICML"),
    "constant_speed": _path(f"{_HERE}.paths:ConstantSpeedPath", "VP at constant speed", reference="ours"),
    "direct_path": _path(f"{_HERE}.paths:DirectPath", "direct minimisation", reference="L-BFGS on 25 numbers"),
}
_FIELDS = {
    "score": _field("Scaled", "score", "oracle"),
    "gauge_constant": _field("Gauge", "score and constant gauge"),
    "gauge_fourier": _field("Gauge", "score and gauge that varies", kind="fourier"),
    "rotation": _field("Rotation", "score and rotation that is no gauge", "control"),
    "scaled_score": _field("Scaled", "1.3 times the score", "control", factor=1.3),
    "projected": _field("ProjectedGauge", "gradient part of score and gauge", "ours", "ridge on gradients of kernels"),
}
_DIMENSIONS = {
    "kernel_dimension": _dimension("neighbours:KernelDimension", "kernel dimension", "ours", _FLIPD),
    "mle": _dimension("neighbours:LevinaBickelMLE", "maximum likelihood, k = 20", "baseline", "Levina, Bickel (2004)"),
    "two_nn": _dimension("neighbours:TwoNN", "TwoNN", "baseline", "Facco et al. (2017), Scientific Reports 7"),
    "trace": _dimension("fields:TraceDimension", "trace at the data", "ours", _HORVAT),
    "trace_plain": _dimension("fields:TraceDimension", "trace at the data, no gauge", "oracle", "", gauge=False),
    "trace_mean": _dimension("fields:TraceDimension", "mean trace over noisy points", "ours", _HORVAT, at="noisy"),
    "trace_mean_plain": _dimension(
        "fields:TraceDimension", "mean trace over noisy points, no gauge", "oracle", "", at="noisy", gauge=False
    ),
    "flipd": _dimension("fields:FLIPD", "FLIPD", "baseline", _FLIPD),
    "normal_bundle": _dimension("fields:NormalBundleDimension", "normal bundle", "baseline", _STANCZUK),
    "jacobian_gap": _dimension("fields:JacobianDimension", "gap of the Jacobian", "baseline", _HORVAT),
    "flow_gap": _dimension("fields:FlowDimension", "gap of the flow", "baseline", _HORVAT, rule="gap", n_steps=60),
    "flow_slope": _dimension("fields:FlowDimension", "slopes of the flow", "ours", _HORVAT, n_steps=60),
}
METHODS = {**_SAMPLERS, **_PATHS, **_FIELDS, **_DIMENSIONS}
