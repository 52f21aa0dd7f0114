"""The Grassmann study: classes as subspaces against classes as vectors, on images and on fixed features."""

from __future__ import annotations

from typing import Any

from ..core.study import Figure, Method, Metric, Study
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.grassmann"
_PAPER = "Wang, Li and Zhang (2023), Grassmann Class Representation, ICCV"
_COSINE = "Wang, Xiang, Cheng and Yuille (2017), NormFace"
_CENTERS = "Deng, Guo, Liu, Gong and Zafeiriou (2020), Sub-center ArcFace, without its margin"
_ARCFACE = "Deng, Guo, Xue and Zafeiriou (2019), ArcFace"
_CLAFIC = "Watanabe and Pakvasa (1973), Subspace method of pattern recognition"
_RATES = (0.03, 0.1, 0.3, 1.0, 3.0)
_SCALED = {"learning_rate": _RATES, "gamma": (10.0, 25.0)}


def _network(label: str, reference: str, tune: dict[str, Any], role: str = "baseline", **params: Any) -> Method:
    return Method(f"{_HERE}.head_classifier:HeadClassifier", params, label, role, reference, "images", tune)


def _gcr(label: str, k: Any, **params: Any) -> Method:
    params = {"head": "grassmann", "subspace_dim": k, **params}
    return _network(label, _PAPER, {"learning_rate": _RATES}, "ours", **params)


def _features(target: str, label: str, reference: str, role: str = "baseline", **params: Any) -> Method:
    return Method(target, params, label, role, reference, "features")


def _grassmann(k: int, start: str = "random") -> Method:
    label = f"subspaces, k = {k}" + (", CLAFIC start" if start == "clafic" else "")
    params = {"subspace_dim": k, "start": start, "gamma": 25.0}
    tune = {"gamma": (10.0, 25.0), "learning_rate": (0.03, 0.1, 0.3)}
    target = f"{_HERE}.grassmann_classifier:GrassmannClassifier"
    return Method(target, params, label, "ours", _PAPER, "features", tune)


def _clafic(k: int) -> Method:
    return _features(f"{_HERE}.clafic:ClaficClassifier", f"CLAFIC, k = {k}", _CLAFIC, subspace_dim=k)


def _head(label: str, reference: str, tune: dict[str, Any], **params: Any) -> Method:
    params = {"epochs": 60, **params}
    return Method(f"{_HERE}.head_classifier:HeadClassifier", params, label, "baseline", reference, "features", tune)


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
    **{f"gcr_{k}": _gcr(f"GCR, k = {k}", k) for k in (1, 2, 4, 8, 16)},
    "gcr_mixed": _gcr("GCR, k = 2, 4, 8, 16 in turn", [2, 4, 8, 16]),
    **{
        f"gcr_{k}_{kind}": _gcr(f"GCR, k = {k}, {kind} momentum", k, momentum_kind=kind)
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
    "true_subspaces": _features(f"{_HERE}.grassmann_controls:SubspaceOracle", "true subspaces", "", "oracle"),
}


def _metric(name: str, label: str, direction: str, unit: str = "", task: str = "", **more: Any) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, **more)


METRICS = {
    "accuracy": _metric("accuracy", "accuracy", "higher", "share of test rows"),
    "class_separation": _metric("class_separation", "class separation R²", "lower", "", "images"),
    "transfer_full": _metric(
        "transfer_full", "linear transfer, all training images", "higher", "share of test rows", "images"
    ),
    "transfer_few": _metric(
        "transfer_few", "linear transfer, few training images", "higher", "share of test rows", "images"
    ),
    "variability": _metric("variability", "variability within classes, test", "higher", "degrees", "images"),
    "training_variability": _metric(
        "training_variability", "variability within classes, training", "higher", "degrees", "images"
    ),
    "negative_log_likelihood": _metric("negative_log_likelihood", "negative log-likelihood", "lower", "nats per row"),
    "calibration_error": _metric("calibration_error", "expected calibration error", "lower"),
    "subspace_overlap": _metric("subspace_overlap", "overlap of class subspaces", "lower", "mean squared cosine"),
    "orthonormality_defect": _metric("orthonormality_defect", "orthonormality defect", "lower", log_floor=1e-17),
}

FIGURES = {
    "images": Figure(
        f"{_HERE}.data_figures:images", "Images of some classes", kind="data", caption="One row per class."
    ),
    "by_dimension": Figure(
        f"{_HERE}.dimension_figure:by_dimension",
        "Accuracy, class separation, variability and transfer against the dimension of the subspaces",
        caption="Above: replicates and mean. Below: paired differences from the linear head, with 95 % intervals.",
    ),
    "angles": Figure(
        f"{_HERE}.angle_figure:angles",
        "Principal angles between classes",
        caption="The smallest angle of each pair of classes above the diagonal, the largest below it, in degrees.",
    ),
    "features": Figure(
        f"{_HERE}.feature_figure:features",
        "Test features in two dimensions",
        caption="Two principal components of unit features of the first replicate; one colour per class.",
    ),
    "training": Figure(
        f"{_HERE}.training_figure:training", "Training loss", kind="convergence", caption="Mean loss of every epoch."
    ),
    "table_3": Figure(
        f"{_HERE}.table_figure:table_3",
        "The paper's table 3 beside this run",
        "study",
        caption="Theirs: ResNet50-D on ImageNet-1K, one run a row. Ours: a scaled-down test, not a replication.",
    ),
}

STUDY = Study(
    name="grassmann",
    title="Grassmann Class Representation: classes as subspaces",
    question=(
        "Do classes that are subspaces, in place of vectors, make a network more accurate and its features more "
        "varied and more transferable, and does more of it come with more dimensions? This is a scaled-down test of "
        "the claims: ImageNet and the paper's six transfer sets are out of reach here, so small networks learn "
        "synthetic images with several modes per class, and digits."
    ),
    adapter=f"{_HERE}.methods:fit",
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    environment="torch",
    # torch's optimisers import torch._dynamo when they are first used, a second of every fit
    libraries=("torch", "torch._dynamo", "sklearn.svm", "sklearn.model_selection"),
    method=(
        r"A class is a $k$-dimensional subspace of the feature space $\mathbb{R}^n$, kept as an orthonormal basis "
        r"$S_c$ ($k \times n$). Its logit is the length of the feature's projection, $\gamma\|S_c x\|/\|x\|$, with a "
        r"fixed scale $\gamma$ and no bias; $k = 1$ is cosine softmax but for the sign. The bases live on the "
        r"Grassmann manifold and are trained together with the network by Riemannian gradient descent: the gradient "
        r"is projected on the tangent space, and the basis moves along a geodesic. All directions within a subspace "
        r"are equally good for its class, so the loss does not force the features of a class together. Learning rates "
        r"(and $\gamma$ of the cosine heads) are tuned for every method on worlds of their own: one rate for all would "
        r"make a fake lead."
    ),
    formula=(
        r"\ell_c(x) = \gamma\,\frac{\lVert S_c x\rVert}{\lVert x\rVert},\qquad "
        r"S_c \leftarrow \cos(A)\,S_c + \operatorname{sinc}(A)\,X,\quad X = -\eta\,(D - D S_c^\top S_c),\quad "
        r"A = (X X^\top)^{1/2}"
    ),
    references=(
        "H. Wang, Z. Li, X. Zhang (2023). Get the Best of Both Worlds: Improving Accuracy and Transferability by "
        "Grassmann Class Representation. ICCV. arXiv:2308.01547",
        "A. Edelman, T. A. Arias, S. T. Smith (1998). The geometry of algorithms with orthogonality constraints. SIAM "
        "J. Matrix Anal. Appl. 20, 303-353",
        "S. Kornblith, T. Chen, H. Lee, M. Norouzi (2021). Why do better loss functions lead to less transferable "
        "features? NeurIPS. arXiv:2010.16402",
    ),
    bibtex="""@inproceedings{wang2023grassmann,
  author = {Wang, Haoqi and Li, Zhizhong and Zhang, Wayne},
  title = {Get the Best of Both Worlds: Improving Accuracy and Transferability by Grassmann Class Representation},
  booktitle = {IEEE/CVF International Conference on Computer Vision},
  year = {2023},
  note = {arXiv:2308.01547}
}
@article{edelman1998geometry,
  author = {Edelman, Alan and Arias, Tom{\\'a}s A. and Smith, Steven T.},
  title = {The Geometry of Algorithms with Orthogonality Constraints},
  journal = {SIAM Journal on Matrix Analysis and Applications},
  volume = {20},
  number = {2},
  pages = {303--353},
  year = {1998}
}
@inproceedings{kornblith2021better,
  author = {Kornblith, Simon and Chen, Ting and Lee, Honglak and Norouzi, Mohammad},
  title = {Why Do Better Loss Functions Lead to Less Transferable Features?},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2021}
}""",
)
