"""The methods of the wide_networks study, for each of its tasks."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Method, Origin, Role

_LIBRARY = "seedbed.wide_networks"
_TASKS = "seedbed.studies.wide_networks.tasks"
_PEERS = "seedbed.studies.wide_networks.peers"
_JACOT = "Jacot, Gabriel and Hongler (2018), Neural tangent kernel, NeurIPS"
_CAGNETTA = "Cagnetta, Favero and Wyart (2023), What can be learnt with wide convolutional neural networks?, ICML"
_NETWORKS = "seedbed.studies.wide_networks.networks"
_GRANZIOL = "Granziol, Zohren and Roberts (2022), Learning rates as a function of batch size, JMLR"
_YANG = "Yang and Hu (2021), Feature learning in infinite-width neural networks, ICML"
_WANG = "Wang, Nichani and Lee (2024), Learning hierarchical polynomials with three-layer neural networks, ICLR"
_ARORA = "Arora et al. (2020), Harnessing the power of infinitely wide deep nets on small-data tasks, ICLR"
_ROBERTS = "Roberts, Yaida and Hanin (2022), The principles of deep learning theory"


def _method(
    target: str,
    label: str,
    task: str,
    reference: str = "",
    role: Role = "ours",
    origin: Origin = "paper",
    **params: Any,
) -> Method:
    return Method(
        target, params, label, role, reference, task, given_the_truth=role == "oracle",
        origin=origin if role == "ours" else "",
    )  # fmt: skip


def _networks(label: str, role: Role = "ours", **params: Any) -> Method:
    return _method(f"{_TASKS}.ladder:FiniteNetworks", label, "ladder", _JACOT, role, **params)


def _stopped(target: str, label: str, reference: str, role: Role = "ours", **params: Any) -> Method:
    return _method(target, label, "stopping", reference, role, **params)


def _spectrum(label: str, role: Role = "ours", **params: Any) -> Method:
    return _method(f"{_TASKS}.sphere:KernelSpectrum", label, "sphere", _JACOT, role, **params)


def _curve(student: str, label: str, role: Role = "ours") -> Method:
    return _method(f"{_TASKS}.locality:LearningCurve", label, "locality", _CAGNETTA, role, student=student)


def _law(label: str, role: Role = "ours", **params: Any) -> Method:
    return _method(f"{_TASKS}.gaussianity:OutputLaw", label, "gaussianity", _ROBERTS, role, **params)


_FLOW = f"{_LIBRARY}.estimators.wide_network_regressor:WideNetworkRegressor"
_NETWORK = {"depth": 2, "input_bias": 0.5}


def _rates(label: str, **params: Any) -> Method:
    return _method(f"{_TASKS}.lr_map:LossMap", label, "lr_map", _GRANZIOL, **params)


def _sweep(label: str, kind: str, optimizer: str, role: Role = "baseline", reference: str = _YANG) -> Method:
    grid = {"lowest": -11, "highest": -2} if optimizer == "adam" else {}
    params = {"kind": kind, "optimizer": optimizer, **grid}
    return _method(f"{_TASKS}.widths:WidthSweep", label, "widths", reference, role, **params)


def _kernel(label: str, task: str, kernel: str, reference: str, **params: Any) -> Method:
    return _method(f"{_PEERS}.ridge:TunedKernelRidge", label, task, reference, "baseline", kernel=kernel, **params)


def _table(name: str, label: str, reference: str, role: Role = "baseline", **params: Any) -> Method:
    return _method(f"{_PEERS}.tables:{name}", label, "tables", reference, role, **params)


_TRAINED = {
    # batches
    "batch_hessian": _method(f"{_TASKS}.batches:BatchCurvature", "Hessian", "batches", _GRANZIOL),
    "batch_ggn": _method(
        f"{_TASKS}.batches:BatchCurvature", "Gauss-Newton matrix", "batches", _GRANZIOL, curvature="ggn",
        smallest_batch=2, largest_batch=64,
    ),
    # lr_map
    "sgd": _rates("gradient descent"),
    "adam": _rates("Adam", optimizer="adam", lowest=-9.0, highest=3.0, fitted_to=256),
    # widths
    "sp_sgd": _sweep("standard, gradient descent", "sp", "sgd", reference="what frameworks do by default"),
    "ntk_sgd": _sweep("NTK parametrisation, gradient descent", "ntk", "sgd"),
    "mup_sgd": _sweep("muP, gradient descent", "mup", "sgd", "ours"),
    "sp_adam": _sweep("standard, Adam", "sp", "adam", reference="what frameworks do by default"),
    "mup_adam": _sweep("muP, Adam", "mup", "adam", "ours"),
    # features
    "mup_net": _method(f"{_NETWORKS}.mup_network:MupNetwork", "muP network of width 128", "features", _YANG),
    "ntk_ridge_tuned": _kernel(
        "NTK ridge, tuned", "features", "ntk", _JACOT, depths=(1, 2, 3, 5), input_biases=(0.0, 0.3, 1.0, 3.0)
    ),
    "rbf_ridge_tuned": _kernel(
        "Gaussian kernel ridge, tuned", "features", "rbf", "GCV", widths=(0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
    ),
    "true_index": _method(
        f"{_PEERS}.true_functions:TrueIndexSpline", "spline in the true index", "features", role="oracle"
    ),
    # hierarchy
    "layerwise_ridge": _method(f"{_TASKS}.layerwise:Layerwise", "layerwise, ridge", "hierarchy", _WANG, origin="ours"),
    "layerwise_one_step": _method(
        f"{_TASKS}.layerwise:Layerwise", "layerwise, one gradient step", "hierarchy", _WANG, first="one_step"
    ),
    "layerwise_gain": _method(
        f"{_TASKS}.layerwise:LayerwiseGain", "layerwise, ridge, beside the best kernel", "hierarchy", _WANG,
        origin="ours",
    ),
    "ntk": _kernel("NTK, tuned", "hierarchy", "ntk", _JACOT),
    "poly4": _kernel("polynomial kernel of degree 4, tuned", "hierarchy", "poly", "GCV"),
    "rbf": _kernel("Gaussian kernel, tuned", "hierarchy", "rbf", "GCV"),
    "true_inner": _method(
        f"{_PEERS}.true_functions:TrueInnerPolynomial", "polynomial of the true inner function", "hierarchy",
        role="oracle",
    ),
    # tables
    "ntk_loo": _method(
        f"{_PEERS}.wide_tables:LeaveOneOut", "NTK, tuned by rows left out", "tables", _ARORA, origin="ours"
    ),
    "nngp_evidence": _method(
        f"{_PEERS}.wide_tables:EvidenceProcess", "NNGP, tuned by the evidence", "tables", _ARORA, origin="ours"
    ),
    "svm": _table(
        "TunedSVM",
        "SVM, Gaussian kernel, {folds} folds, {n_costs} x {n_widths} grid",
        "Cortes and Vapnik (1995)",
        folds=5,
        n_costs=5,
        n_widths=4,
    ),
    "forest": _table("Forest", "random forest, {n_trees} trees", "Breiman (2001)", n_trees=200),
    "linear": _table("Linear", "logistic regression or ridge, tuned", "Hoerl and Kennard (1970)"),
    "gp_matern": _table("MaternProcess", "Gaussian process, Matérn 3/2", "Rasmussen and Williams (2006)"),
    "majority": _table("Majority", "most frequent class, or mean", "", "control"),
}  # fmt: skip
METHODS = {
    # ladder
    "finite_networks": _networks("networks, start subtracted"),
    "start_kept": _networks("networks, start left in", "control", subtract_start=False),
    # stopping
    "ntk_flow": _stopped(_FLOW, "NTK, stopped by GCV", _JACOT, **_NETWORK),
    "ntk_ridge": _stopped(f"{_LIBRARY}.estimators.ntk_regressor:NTKRegressor", "NTK, ridge by GCV", _JACOT, "baseline",
                          criterion="gcv", **_NETWORK),
    "ntk_interpolation": _stopped(_FLOW, "NTK, trained to the end", _JACOT, "baseline", training_time=1e12,
                                  **_NETWORK),
    "rbf_process": _stopped(f"{_PEERS}.stopping:RbfProcess", "Gaussian process, RBF",
                            "Rasmussen and Williams (2006), Gaussian processes for machine learning", "baseline"),
    "mean_label": _stopped(f"{_PEERS}.stopping:MeanLabel", "mean label", "", "control"),
    "best_time": _stopped(f"{_PEERS}.stopping:BestTime", "NTK, best time on the fresh rows", "", "oracle"),
    # sphere
    "relu1": _spectrum("ReLU, 1 hidden layer", "baseline"),
    "relu1_bias": _spectrum("ReLU, 1 hidden layer, bias", input_bias=0.5),
    "relu2": _spectrum("ReLU, 2 hidden layers", depth=2),
    "relu3": _spectrum("ReLU, 3 hidden layers", depth=3),
    "erf1": _spectrum("erf, 1 hidden layer, bias", activation="erf", weight_variance=2.0, bias_variance=0.1),
    "quadratic": _spectrum("square, 1 hidden layer", "control", activation="square", weight_variance=1.0),
    # locality
    "cnn": _curve("cnn", "convolutional kernel"),
    "fc": _curve("fc", "fully connected kernel", "baseline"),
    "cnn_shuffled": _curve("cnn_shuffled", "convolutional kernel, coordinates shuffled", "control"),
    "target_kernel": _curve("target", "the target's own kernel", "oracle"),
    # gaussianity
    "critical_relu": _law("ReLU, critical"),
    "critical_tanh": _law("tanh, critical", activation="tanh"),
    "critical_gelu": _law("GELU, critical", activation="gelu"),
    "relu_cw_15": _law("ReLU, weight variance 1.5", "baseline", weight_variance=1.5),
    "relu_cw_3": _law("ReLU, weight variance 3", "baseline", weight_variance=3.0),
    "residual_relu": _law("ReLU, residual, branch share 0.1", residual=0.1),
    **_TRAINED,
}  # fmt: skip
