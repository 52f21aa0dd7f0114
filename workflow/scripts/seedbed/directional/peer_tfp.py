"""Log-Bessel functions by TensorFlow Probability, on its JAX substrate or on TensorFlow, if installed."""

from __future__ import annotations

import importlib

import numpy as np

from seedbed.core.errors import SkipFit


class TfpBessel:
    """``tfp.math.log_bessel_ive`` + x and ``log_bessel_kve`` - x, in float64."""

    functions = ("iv", "kv")
    vectorised = True

    def evaluate(self, function: str, v: np.ndarray, x: np.ndarray) -> np.ndarray:
        """Values at points; see `OwnBessel.evaluate`.

        Raises
        ------
        SkipFit
            If TensorFlow Probability cannot be imported (0.25 cannot with jax 0.7 or later).
        """
        tfp = self._library()
        if function == "iv":
            return np.asarray(tfp.math.log_bessel_ive(v, x)) + x
        return np.asarray(tfp.math.log_bessel_kve(v, x)) - x

    def _library(self):
        reasons = []
        for name in ("tensorflow_probability.substrates.jax", "tensorflow_probability"):
            try:
                if name.endswith("jax"):
                    importlib.import_module("jax").config.update("jax_enable_x64", True)
                return importlib.import_module(name)
            except (ImportError, AttributeError) as error:
                reasons.append(f"{name}: {error}")
        raise SkipFit(f"TensorFlow Probability cannot be imported ({'; '.join(reasons)})")
