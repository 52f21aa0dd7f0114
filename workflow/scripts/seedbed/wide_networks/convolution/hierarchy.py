r"""Kernels of deep convolutional networks whose windows do not overlap: a tree over the patches of an input."""

from __future__ import annotations

import numpy as np

from seedbed.counts import whole_number

from .relu_pairs import directions, half_square_distance, relu_layer
from .validation import checked_arrays, kernel_choice

BLOCK = 1 << 14  # pairs at a time: what a level needs stays in the cache


def hierarchical_kernel(patches, others=None, *, branch: int = 2, which: str = "ntk") -> np.ndarray:
    r"""Kernel of an infinitely wide ReLU network that joins patches of the input level by level.

    The first layer sees each patch alone; every further layer joins ``branch`` neighbours, with weights shared over the
    input; the last is left with one position. With :math:`K_m, T_m` the means over the children of a node,

    .. math:: K = \kappa_1(K_m), \qquad T = K + \kappa_0(K_m)\, T_m.

    The kernel of what is local to a group of patches is that of the patches of the group: ``patches[:, :2]``.

    Parameters
    ----------
    patches : array-like of shape (n, p, s)
        Inputs as p patches of s coordinates; p must be a power of ``branch``. Patches of norm one make all inputs
        equally long; others are allowed.
    others : array-like of shape (m, p, s), optional
        By default the same inputs.
    branch : int, default=2
    which : {"ntk", "nngp"}, default="ntk"
        The tangent kernel, which for patches of norm one is (levels + 1) on its diagonal, or the kernel of a random
        network's output, 1 there.

    Returns
    -------
    ndarray of shape (n, m)

    Raises
    ------
    ValueError
        For other shapes, numbers of patches that are no power of ``branch``, or values that are not finite.

    Notes
    -----
    A pair costs 2p arcs of a sine. Differences of directions are taken before anything else: kernels of inputs at an
    angle of 1e-9 have all digits. The model is the one whose learning curves Cagnetta, Favero and Wyart (2023)
    study, as far as its abstract says.

    Examples
    --------
    >>> import numpy as np
    >>> from seedbed.wide_networks import hierarchical_kernel
    >>> angles = np.array([[0.0, 0.0], [0.0, np.pi / 2]])
    >>> circles = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    >>> hierarchical_kernel(circles).round(4).tolist()
    [[3.0, 1.5651], [1.5651, 3.0]]
    """
    X, Z = checked_arrays(patches, others, 3, "patches", "(n, patches, coordinates of a patch)")
    kernel_choice(which)
    p, branch = X.shape[1], whole_number(branch, "branch", 2)
    if not _is_power(p, branch):
        raise ValueError(f"the number of patches must be a power of branch={branch}; got {p}")
    same = others is None
    result = np.empty((len(X), len(Z)))
    step = max(1, BLOCK // len(Z))
    for start in range(0, len(X), step):
        rows = slice(start, min(start + step, len(X)))
        end = rows.stop if same else len(Z)
        result[rows, :end] = _root(X[rows], Z[:end], branch, which)
        if same:
            result[:start, rows] = result[rows, :start].T
    return result


def _root(X: np.ndarray, Z: np.ndarray, branch: int, which: str) -> np.ndarray:
    X, Z = X.transpose(1, 2, 0), Z.transpose(1, 2, 0)
    kernel, _, tangent = _node(X, Z, _lengths(X), _lengths(Z), branch, which == "ntk")
    return kernel if tangent is None else tangent


def _lengths(X: np.ndarray) -> np.ndarray:
    return np.sqrt(np.einsum("psn,psn->pn", X, X))


def _node(X, Z, a, b, branch: int, with_tangent: bool) -> tuple[np.ndarray, np.ndarray, np.ndarray | None]:
    """Kernel, what it lacks of the lengths, and tangent kernel of the subtree over these patches of lengths a and b."""
    own, other = (np.sqrt(np.mean(lengths**2, axis=0)) for lengths in (a, b))
    product = np.outer(own, other)
    if len(X) == 1:
        missing, to_opposite = (product * _apart(X[0], Z[0], own, other, turn) for turn in (1.0, -1.0))
        tangent = product - missing if with_tangent else None
    else:
        size, to_opposite, tangent = len(X) // branch, None, 0.0 if with_tangent else None
        parts = [slice(start, start + size) for start in range(0, len(X), size)]
        u, v = (np.stack([np.sqrt(np.mean(c[at] ** 2, axis=0) / branch) for at in parts]) for c in (a, b))
        missing = product * _apart(u, v, own, other)
        for at in parts:
            _, of_child, tangent_of_child = _node(X[at], Z[at], a[at], b[at], branch, with_tangent)
            missing += of_child / branch
            if tangent is not None and tangent_of_child is not None:
                tangent = tangent + tangent_of_child / branch
    layer = relu_layer(product, missing, to_opposite)
    if tangent is None:
        return layer.kernel, layer.missing, None
    return layer.kernel, layer.missing, layer.kernel + layer.slope_kernel * tangent


def _apart(u: np.ndarray, v: np.ndarray, own: np.ndarray, other: np.ndarray, turn: float = 1.0) -> np.ndarray | float:
    """Half the squared distance of directions: coordinates (s, n) and (s, m) over lengths (n,) and (m,)."""
    units = zip(directions(u, own), directions(v, other), strict=True)
    return half_square_distance(((left[:, None], right) for left, right in units), turn)


def _is_power(number: int, base: int) -> bool:
    while number > 1 and number % base == 0:
        number //= base
    return number == 1
