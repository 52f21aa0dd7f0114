"""Logarithms of the modified Bessel functions, their ratio and their derivatives.

All functions broadcast v >= 0 against x >= 0 and work in float64. One expansion in 1/w, w = hypot(v, x),
serves every order from w = 25 on (Debye's expansion, DLMF 10.41, its logarithm taken term by term); below
it a power series, Temme's series and a fitted polynomial. Where log I or log K is small against w, its
large terms cancel and are evaluated in double-double arithmetic.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

__all__ = ["bessel_ratio", "log_iv", "log_iv_dv", "log_iv_dx", "log_kv", "log_kv_dv", "log_kv_dx"]

BACKENDS = ("auto", "numba", "numpy")
BUFFER = 1 << 16


@cache
def kernel(name: str, backend: str) -> Callable:
    """The function (v, x, out) -> None on contiguous one-dimensional arrays; loaded or compiled once.

    Raises
    ------
    ValueError
        If ``backend`` is unknown, or is "numba" and numba is not installed.
    """
    if backend not in BACKENDS:
        raise ValueError(f"backend must be one of {', '.join(map(repr, BACKENDS))}, got {backend!r}")
    installed = importlib.util.find_spec("numba") is not None
    if backend == "numba" and not installed:
        raise ValueError(
            'backend="numba" needs the package numba, which is not installed: pip install "seedbed[directional]"'
        )
    return _compiled(name) if installed and backend != "numpy" else _plain(name)


def _compiled(name: str) -> Callable:
    """One kernel: numba is imported here, and nothing is compiled that is not asked for."""
    if name == "log_iv":
        from seedbed.directional.bessel.kernels.iv import log_iv_blocks as run
    elif name == "log_kv":
        from seedbed.directional.bessel.kernels.kv import log_kv_blocks as run
    elif name == "ratio":
        from seedbed.directional.bessel.kernels.ratio import ratio_blocks as run
    elif name == "log_kv_dx":
        from seedbed.directional.bessel.kernels.kv_dx import log_kv_dx_blocks as run
    elif name == "log_iv_dv":
        from seedbed.directional.bessel.kernels.order import log_iv_dv_points as run
    else:
        from seedbed.directional.bessel.kernels.order import log_kv_dv_points as run
    return run


def _plain(name: str) -> Callable:
    from . import numpy_i as bessel_numpy
    from . import numpy_k as bessel_numpy_k

    return getattr(bessel_numpy_k if name in ("log_kv", "log_kv_dx") else bessel_numpy, name)


def log_iv(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r"""Logarithm of the modified Bessel function of the first kind, :math:`\log I_v(x)`.

    Parameters
    ----------
    v, x : array_like of real numbers
        Order and argument; broadcast against each other. float32 and integers are promoted to float64.
    out : ndarray of float64, optional
        Where to put the result; must have the broadcast shape. May be ``v`` or ``x`` itself.
    n_threads : int, default 1
        Number of threads that share the work.
    backend : {"auto", "numba", "numpy"}
        "auto" takes the compiled kernels if numba is installed.

    Returns
    -------
    ndarray of float64, or float64 if both are scalars

    Raises
    ------
    ValueError
        If the shapes do not broadcast, an input is not real, ``out`` has the wrong shape or type, or
        ``n_threads`` or ``backend`` is invalid.

    Notes
    -----
    :math:`\log I_v(x) = w - v L - \tfrac12\log(2\pi w) + \sum_k d_k((v/w)^2) w^{-k}`,
    :math:`L = \operatorname{asinh}(v/x)`, for w >= 25. The absolute error is at most 1e-15 times
    :math:`\max(|\log I|, x|\partial_x \log I| + v|\partial_v \log I|)`, which no algorithm with rounded
    arguments can do much better than.

    Edges: ``log_iv(0, 0) = 0``; ``log_iv(v, 0) = -inf`` for v > 0; ``log_iv(v, inf) = inf`` for finite v;
    ``log_iv(inf, x) = -inf`` for finite x; NaN if either is negative or NaN, or both are infinite.
    Linear time; memory for a few blocks of 4096 points per thread.

    References
    ----------
    DLMF 10.41; Plesner, Sørensen and Hauberg (2024), arXiv 2409.08729, for the problem.
    """
    return _apply("log_iv", v, x, out, n_threads, backend)


def log_kv(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r"""Logarithm of the modified Bessel function of the second kind, :math:`\log K_v(x)`.

    Parameters, result and errors raised are those of `log_iv`.

    Notes
    -----
    :math:`\log K_v(x) = -w + v L + \tfrac12\log(\pi/(2w)) + \sum_k (-1)^k d_k((v/w)^2) w^{-k}` for w >= 25.
    The absolute error is at most 2e-15 times
    :math:`\max(|\log K|, x|\partial_x \log K| + v|\partial_v \log K|)`.

    Edges: ``log_kv(v, 0) = inf``; ``log_kv(v, inf) = -inf`` for finite v; ``log_kv(inf, x) = inf`` for finite
    x; NaN if either is negative or NaN, or both are infinite.

    References
    ----------
    DLMF 10.41; N. M. Temme (1975), J. Comput. Phys. 19, 324-337.
    """
    return _apply("log_kv", v, x, out, n_threads, backend)


def bessel_ratio(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r"""The ratio :math:`A = I_{v+1}(x)/I_v(x)`, computed directly, never from two logarithms.

    Parameters, result and errors raised are those of `log_iv`.

    Notes
    -----
    :math:`A = x\,[1/(w+v) + w^{-2}(-\tfrac12 + \sum_k g_k((v/w)^2) w^{-k})]` with
    :math:`g_k = -(k d_k + 2 t d_k')`; the relative error is at most 4e-15.

    Edges: 0 at x = 0 and for infinite v; 1 for infinite x; NaN outside the domain.

    References
    ----------
    The logarithmic series of `log_iv`, differentiated; D. E. Amos (1974), Math. Comp. 28, 239-251.
    """
    return _apply("ratio", v, x, out, n_threads, backend)


def log_iv_dx(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r""":math:`\partial_x \log I_v(x) = v/x + I_{v+1}(x)/I_v(x)`; 0 at v = x = 0, ``inf`` at x = 0 < v.

    Parameters, result and errors raised are those of `log_iv`.
    """
    # not into ``out`` yet, which may be v or x
    ratio = np.asarray(_apply("ratio", v, x, None, n_threads, backend))
    v, x = np.asarray(v, np.float64), np.asarray(x, np.float64)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        # 0 / x is nothing, also at x = 0
        slope = np.divide(v, x, out=np.zeros(ratio.shape), where=np.broadcast_to(v > 0, ratio.shape))
    if out is None:
        return (ratio + slope)[()]
    return np.add(ratio, slope, out=_output(out, ratio.shape))


def log_kv_dx(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r""":math:`\partial_x \log K_v(x) = -(v/x + K_{v-1}(x)/K_v(x))`, from a series in which nothing cancels.

    Parameters, result and errors raised are those of `log_iv`; ``-inf`` at x = 0.
    """
    return _apply("log_kv_dx", v, x, out, n_threads, backend)


def log_iv_dv(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r""":math:`\partial_v \log I_v(x) = -L - v/(2w^2) + \dots`, analytically; ``-inf`` at x = 0.

    Parameters, result and errors raised are those of `log_iv`. The error is a few units of 1e-16 times
    ``max(1, asinh((v + 26)/x))``: for v near 0 the derivative itself, -K_0(x)/I_0(x), may be far below that.
    """
    return _apply("log_iv_dv", v, x, out, n_threads, backend)


def log_kv_dv(v, x, *, out=None, n_threads: int = 1, backend: str = "auto"):
    r""":math:`\partial_v \log K_v(x) = L - v/(2w^2) + \dots`, analytically; ``inf`` at x = 0 < v, NaN at v = x = 0.

    Parameters, result and errors raised are those of `log_iv`. Below w = 25 a quadrature of some hundred
    nodes per point.
    """
    return _apply("log_kv_dv", v, x, out, n_threads, backend)


def _apply(name: str, v, x, out, n_threads: int, backend: str):
    """Broadcast, promote, split among threads and run a kernel."""
    run = kernel(name, backend)
    if isinstance(n_threads, bool) or not isinstance(n_threads, (int, np.integer)) or n_threads < 1:
        raise ValueError(f"n_threads must be a positive integer, got {n_threads!r}")
    v, x = real_array("v", v), real_array("x", x)
    try:
        shape = np.broadcast_shapes(v.shape, x.shape)
    except ValueError:
        raise ValueError(f"v of shape {v.shape} and x of shape {x.shape} do not broadcast") from None
    result = _output(out, shape)
    if n_threads > 1 and result.size > BUFFER:
        _threaded(run, v, x, result, n_threads)
    else:
        _buffered(run, v, x, result)
    return result if shape or out is not None else result[()]


def _output(out, shape: tuple[int, ...]) -> np.ndarray:
    """``out`` if it will do, or a new array."""
    if out is None:
        return np.empty(shape)
    if not isinstance(out, np.ndarray) or out.dtype != np.float64 or out.shape != shape:
        kind = f"{out.dtype} array of shape {out.shape}" if isinstance(out, np.ndarray) else type(out).__name__
        raise ValueError(f"out must be a float64 array of shape {shape}, got {kind}")
    if not out.flags.writeable:
        raise ValueError("out must be an array that can be written, got a read-only one")
    return out


def real_array(name: str, values) -> np.ndarray:
    """An array of real numbers of at most 64 bits, or an error that names it."""
    try:
        array = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} must be an array of real numbers: {error}") from None
    if array.dtype.kind not in "fiub" or array.dtype.itemsize > 8:
        raise ValueError(f"{name} must hold real numbers of at most 64 bits, got dtype {array.dtype}")
    return array


def _buffered(run, v: np.ndarray, x: np.ndarray, result: np.ndarray) -> None:
    """One pass of NumPy's iterator: it broadcasts and converts buffer by buffer, and copies only if it must."""
    read = ["readonly", "contig", "aligned"]
    with np.nditer(
        [v, x, result],
        flags=["external_loop", "buffered", "zerosize_ok", "copy_if_overlap", "grow_inner"],
        op_flags=[read, read, ["writeonly", "no_broadcast", "contig", "aligned"]],
        op_dtypes=[np.float64] * 3,
        casting="same_kind",
        buffersize=BUFFER,
    ) as blocks:
        for v_block, x_block, out_block in blocks:
            run(v_block, x_block, out_block)


def _threaded(run, v: np.ndarray, x: np.ndarray, result: np.ndarray, n_threads: int) -> None:
    """The kernels release the interpreter lock, so plain threads do."""
    flat = [np.ascontiguousarray(np.broadcast_to(a, result.shape), np.float64).reshape(-1) for a in (v, x)]
    target = result.reshape(-1) if result.flags.c_contiguous else np.empty(result.size)
    # one thread must not write where another still has to read
    flat = [a.copy() if np.may_share_memory(a, target) else a for a in flat]
    step = -(-result.size // n_threads)
    parts = [slice(start, start + step) for start in range(0, result.size, step)]
    with ThreadPoolExecutor(n_threads) as pool:
        list(pool.map(lambda part: run(flat[0][part], flat[1][part], target[part]), parts))
    if not result.flags.c_contiguous:
        result[...] = target.reshape(result.shape)
