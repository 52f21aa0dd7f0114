import numpy as np


def cut(values, parts):
    """Labels by rank, in equal parts."""
    ranks = np.argsort(np.argsort(values, kind="stable"), kind="stable")
    return ranks * parts // len(values)
