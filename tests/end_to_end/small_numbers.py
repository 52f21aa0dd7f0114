"""Write ``small_numbers.csv``: what the small config gives, to be compared with by ``test_small_numbers.py``.

After a change that is to change numbers: run the small config, then ``python tests/end_to_end/small_numbers.py X``
(X: the folder ``results`` of that run), and say in the commit which numbers changed and why.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

TABLE = Path(__file__).with_suffix(".csv")
KEY = ["study", "scenario", "method", "metric"]


def small_numbers(results: Path) -> pd.DataFrame:
    """Mean and spread over the replicates of every metric of every cell: a digest that says what differs."""
    scores = pd.concat([pd.read_parquet(path) for path in sorted(results.glob("*/scores.parquet"))])
    scores = scores.astype(dict.fromkeys(KEY, str))
    return scores.groupby(KEY)["value"].agg(["mean", "std", "count"]).reset_index()


if __name__ == "__main__":
    small_numbers(Path(sys.argv[1])).to_csv(TABLE, index=False, float_format="%.9g", lineterminator="\n")
