"""Learning curves of convolutional and fully connected kernels on targets of few patches; no target is drawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np

from seedbed.wide_networks.convolution.hierarchy import hierarchical_kernel
from seedbed.wide_networks.convolution.learning_curves import exact_learning_curve, predicted_exponent
from seedbed.wide_networks.kernels.ntk_kernel import ntk_kernel

Arrays = Mapping[str, np.ndarray]
FC_DEPTH = 3
SMOOTHNESS = {"rough": ("ntk", 0.5), "smooth": ("nngp", 1.5)}


class LearningCurve:
    """The expected error of ridgeless regression with a student's kernel, at every sample size.

    Parameters
    ----------
    student : {"cnn", "fc", "cnn_shuffled", "target"}
        The tangent kernel of the convolutional network, of a fully connected one with three hidden layers, of the
        convolutional one with patches that mix two circles each, or the covariance of the target.
    """

    task = "locality"

    def __init__(self, student: Literal["cnn", "fc", "cnn_shuffled", "target"] = "cnn") -> None:
        self.student = student

    def measure(self, data: Arrays) -> dict[str, np.ndarray]:
        """``errors`` (n_sizes,), over the target's variance; of "cnn" ``predicted_exponent``."""
        patches = np.concatenate([data["patches"], data["patches_test"]])
        dimension = int(data["target_dimension"])
        which, smoothness = SMOOTHNESS[str(data["target"])]
        target = hierarchical_kernel(patches[:, :dimension], which=which)
        target /= np.mean(np.diag(target))
        student = target if self.student == "target" else self._kernel(patches)
        found = {"errors": exact_learning_curve(student, target, [int(n) for n in data["sizes"]])}
        if self.student == "cnn":
            found["predicted_exponent"] = np.asarray(predicted_exponent(smoothness, dimension, patches.shape[1]))
        return found

    def _kernel(self, patches: np.ndarray) -> np.ndarray:
        if self.student == "fc":
            return ntk_kernel(patches.reshape(len(patches), -1), depth=FC_DEPTH)
        if self.student == "cnn_shuffled":
            # the second coordinate is that of the neighbour: no subtree sees both coordinates of the first circle
            patches = np.stack([patches[:, :, 0], np.roll(patches[:, :, 1], -1, axis=1)], axis=2)
        return hierarchical_kernel(patches)
