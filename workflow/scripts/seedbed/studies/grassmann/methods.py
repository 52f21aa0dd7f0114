"""The methods of the Grassmann study: heads of networks on images, classifiers of fixed features."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Method, Origin, Role

_LIBRARY = "seedbed.grassmann"
_HERE = "seedbed.studies.grassmann"
_PAPER = "Wang, Li and Zhang (2023), Grassmann Class Representation, ICCV"
_COSINE = "Wang, Xiang, Cheng and Yuille (2017), NormFace"
_CENTERS = "Deng, Guo, Liu, Gong and Zafeiriou (2020), Sub-center ArcFace, without its margin"
_ARCFACE = "Deng, Guo, Xue and Zafeiriou (2019), ArcFace"
_CLAFIC = "Watanabe and Pakvasa (1973), Subspace method of pattern recognition"
_RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
_SCALED = {"learning_rate": _RATES, "gamma": (10.0, 25.0)}


def _network(label: str, reference: str, tune: dict[str, Any], role: Role = "baseline", **params: Any) -> Method:
    origin: Origin = ""
    if role == "ours":
        origin = "ours" if "momentum_kind" in params else "paper"
    target = f"{_HERE}.networks.head_classifier:HeadClassifier"
    return Method(target, params, label, role, reference, "images", tune, origin=origin)


def _gcr(label: str, k: Any, **params: Any) -> Method:
    params = {"head": "grassmann", "subspace_dim": k, **params}
    return _network(label, _PAPER, {"learning_rate": _RATES}, "ours", **params)


def _features(target: str, label: str, reference: str, role: Role = "baseline", **params: Any) -> Method:
    return Method(target, params, label, role, reference, "features")


def _grassmann(k: int, start: str = "random") -> Method:
    label = "subspaces, k = {subspace_dim}" + (", CLAFIC start" if start == "clafic" else "")
    params = {"subspace_dim": k, "start": start, "gamma": 25.0}
    tune = {"gamma": (10.0, 25.0), "learning_rate": (0.03, 0.1, 0.3)}
    target = f"{_LIBRARY}.classifiers.grassmann_classifier:GrassmannClassifier"
    origin = "paper" if start == "random" else "ours"
    return Method(target, params, label, "ours", _PAPER, "features", tune, origin=origin)


def _clafic(k: int) -> Method:
    return _features(
        f"{_LIBRARY}.classifiers.clafic:ClaficClassifier", "CLAFIC, k = {subspace_dim}", _CLAFIC, subspace_dim=k
    )


def _head(label: str, reference: str, tune: dict[str, Any], **params: Any) -> Method:
    params = {"epochs": 60, **params}
    return Method(
        f"{_HERE}.networks.head_classifier:HeadClassifier", params, label, "baseline", reference, "features", tune
    )


METHODS = {
    "softmax": _network(
        "linear softmax", "softmax regression", {"learning_rate": _RATES}, head="linear", learning_rate=1.0
    ),
    "cosine": _network("cosine softmax", _COSINE, _SCALED, head="cosine", gamma=10.0, learning_rate=0.3),
    "sub_center": _network("8 sub-centres", _CENTERS, _SCALED, head="sub_center", gamma=10.0, learning_rate=0.3),
    "arcface": _network("ArcFace", _ARCFACE, _SCALED, head="arcface", gamma=10.0, learning_rate=0.3),
    "unconstrained": _network(
        "8 unconstrained rows", "our control", {"learning_rate": _RATES}, head="unconstrained", learning_rate=1.0
    ),
    **{f"gcr_{k}": _gcr("GCR, k = {subspace_dim}", k) for k in (1, 2, 4, 8, 16)},
    "gcr_mixed": _gcr("GCR, k = 2, 4, 8, 16 in turn", [2, 4, 8, 16]),
    **{
        f"gcr_{k}_{kind}": _gcr("GCR, k = {subspace_dim}, {momentum_kind} momentum", k, momentum_kind=kind)
        for kind in ("projected", "transported")
        for k in (1, 8)
    },
    "nearest_image": Method(
        "sklearn.neighbors:KNeighborsClassifier",
        {"n_neighbors": 1},
        "nearest training image",
        reference="Cover and Hart (1967), Nearest neighbor pattern classification",
        task="images",
    ),
    "untrained": _network("untrained network", "", {}, "control", head="linear", epochs=0),
    **{f"grassmann_{k}": _grassmann(k) for k in (1, 2, 4, 8, 16, 24)},
    **{f"grassmann_{k}_clafic": _grassmann(k, "clafic") for k in (8, 24)},
    **{f"clafic_{k}": _clafic(k) for k in (1, 2, 4, 8, 16, 24)},
    "linear_head": _head(
        "linear softmax head", "softmax regression", {"learning_rate": _RATES}, head="linear", learning_rate=0.1
    ),
    "cosine_head": _head("cosine head", _COSINE, _SCALED, head="cosine", learning_rate=0.1),
    "logistic_regression": Method(
        "sklearn.linear_model:LogisticRegression",
        {"max_iter": 2000},
        "logistic regression",
        reference="Cox (1958), The regression analysis of binary sequences",
        task="features",
        tune={"C": (0.1, 1.0, 10.0, 100.0)},
    ),
    "lda": _features(
        "sklearn.discriminant_analysis:LinearDiscriminantAnalysis",
        "linear discriminant analysis",
        "Fisher (1936), The use of multiple measurements in taxonomic problems",
    ),
    "knn": Method(
        "sklearn.neighbors:KNeighborsClassifier",
        {},
        "nearest neighbours",
        reference="Cover and Hart (1967), Nearest neighbor pattern classification",
        task="features",
        tune={"n_neighbors": (1, 3, 5, 9, 15)},
    ),
    "majority": _features("sklearn.dummy:DummyClassifier", "most frequent class", "", "control"),
    "true_subspaces": _features(f"{_HERE}.networks.controls:SubspaceOracle", "true subspaces", "", "oracle"),
}
