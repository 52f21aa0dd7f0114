"""Tables as people bring them, and what is said of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
from seedbed.studies.clustering.data.user_table import UserTable

RNG = np.random.default_rng(0)


POINTS = pd.DataFrame(RNG.normal(size=(30, 3)).round(2), columns=["x", "y", "z"])


KINDS = POINTS.assign(kind=np.repeat(["a", "b", "c"], 10))


def features(path: str | Path, **params: object) -> np.ndarray:
    params = {"label_column": "kind", **params}
    return UserTable(path=str(path), standardise=False, **params).whole()["X"]


def said(path: str | Path, **params: object) -> str:
    return "; ".join(UserTable(path=str(path), **{"label_column": "kind", **params}).messages())


def written(place: Path, text: str, name: str = "t.csv", encoding: str = "utf-8") -> str:
    (place / name).write_bytes(text.encode(encoding))
    return str(place / name)
