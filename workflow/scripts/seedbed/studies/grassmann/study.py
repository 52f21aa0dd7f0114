"""The Grassmann study: classes as subspaces against classes as vectors, on images and on fixed features."""

from __future__ import annotations

from typing import Any

from seedbed.core.study import Direction, Figure, Metric, Study

from .methods import METHODS
from .scenarios import GENERATORS, SCENARIOS

_HERE = "seedbed.studies.grassmann"


def _metric(name: str, label: str, direction: Direction, unit: str = "", task: str = "", **more: Any) -> Metric:
    return Metric(f"{_HERE}.metrics:{name}", label, direction, unit, task, **more)


METRICS = {
    "accuracy": _metric("accuracy", "accuracy", "higher", "share of test rows", bounds=(0.0, 1.0)),
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
        f"{_HERE}.figures.data:images", "Training data of the first replicate", kind="data", caption="Some classes."
    ),
    "by_dimension": Figure(
        f"{_HERE}.figures.dimension:by_dimension",
        "Accuracy, class separation, variability and transfer against the dimension of the subspaces",
        caption="Means with 95 % intervals and every replicate; dashed: heads without a dimension.",
    ),
    "angles": Figure(
        f"{_HERE}.figures.angles:angles",
        "Principal angles between classes",
        caption="The smallest angle of each pair of classes above the diagonal, the largest below it, in degrees.",
    ),
    "features": Figure(
        f"{_HERE}.figures.features:features",
        "Test features in two dimensions",
        caption="Two principal components of unit features of the first replicate; one colour per class.",
    ),
    "training": Figure(
        f"{_HERE}.figures.training:training", "Training loss", kind="convergence", caption="Mean loss of every epoch."
    ),
    "table_3": Figure(
        f"{_HERE}.figures.table:table_3",
        "The paper's table 3 beside this run",
        "study",
        caption="Theirs: ResNet50-D on ImageNet-1K, one run a row, by Wang, Li and Zhang (2023). Ours: a scaled-down "
        "test, not a replication, with 95 % intervals.",
    ),
}

STUDY = Study(
    name="grassmann",
    title="Grassmann Class Representation: classes as subspaces",
    question=(
        "Do classes that are subspaces, in place of vectors, make a network more accurate and its features more "
        "varied and more transferable, and does more of it come with more dimensions? This is a scaled-down test of "
        "the claims: ImageNet and the paper's six transfer sets are out of reach here, so small networks learn "
        "synthetic images with several modes per class, and digits. How large the differences are depends on how long "
        "networks are trained: on five data sets, after 45 epochs in place of the default run's 15, all had the same "
        "sign and were smaller (k = 8 over cosine softmax .079 for .091, k = 16 over linear softmax .059 for .082)."
    ),
    adapter=f"{_HERE}.adapter:fit",
    calls=("fit",),
    generators=GENERATORS,
    scenarios=SCENARIOS,
    methods=METHODS,
    metrics=METRICS,
    figures=FIGURES,
    tried_on=("mixture", "iris", "digits_few"),
    environment="torch",
    # torch's optimisers import torch._dynamo when they are first used, a second of every fit
    libraries=(
        "torch",
        "torch._dynamo",
        "torch.profiler._cupti_monitor",
        "sklearn.svm",
        "sklearn.model_selection",
        "sklearn.neighbors",
        "sklearn.discriminant_analysis",
        ".networks.controls",
        ".networks.backbones",
        "seedbed.grassmann.descent.training",
        "seedbed.grassmann.heads.grassmann_head",
        "seedbed.grassmann.heads.vector_heads",
    ),
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
)
