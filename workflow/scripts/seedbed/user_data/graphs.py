"""Files of graphs: whether there is one, of this kind, that fits into memory; the library reads it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import numpy as np

from seedbed.user_data.formats.bounds import too_many_bytes
from seedbed.user_data.formats.kinds import other_kind
from seedbed.user_data.formats.messages import missing_file, name_text, printable, repeated, unreadable
from seedbed.user_data.formats.npz import check_sizes

from .columns import class_texts, missing_labels
from .tables import read_table


def bad_graph_file(path: str, suffixes: Sequence[str]) -> list[str]:
    """What is wrong with a file before it is read, one message with the path in front; nothing if all is well.

    Parameters
    ----------
    path : str
    suffixes : sequence of str
        Of the files that the reader knows.
    """
    if messages := missing_file(path, tuple(suffixes)):
        return messages
    file = Path(path)
    try:
        if file.suffix.lower() == ".npz":
            with suppress(NotImplementedError):  # a way of packing that NumPy will name
                check_sizes(file)
        else:
            too_many_bytes(file)
            if other := other_kind(file):
                raise ValueError(other)
    except Exception as error:  # a broken archive can fail in any way its reader knows
        return [printable(unreadable(path, error))]
    return []


def read_node_labels(path: str, nodes: Sequence[str]) -> tuple[list[str], np.ndarray | None]:
    """The classes of the nodes, from a table whose first column holds nodes and whose second their classes.

    Parameters
    ----------
    path : str
        A CSV or TSV file with a line of names.
    nodes : sequence of str
        What the nodes are called.

    Returns
    -------
    messages : list of str
        What is wrong with the file; one for all nodes that it lacks.
    labels : ndarray of shape (n,) or None
        Texts, in the order of ``nodes``; None if something is wrong.
    """
    if messages := missing_file(path, (".csv", ".tsv")):
        return messages, None
    try:
        frame = read_table(path).frame
    except Exception as error:
        return [printable(unreadable(path, error))], None
    if frame.shape[1] != 2 or not len(frame):
        return [f"{path}: has {frame.shape[1]} columns; nodes and their classes are needed, two columns"], None
    keys = [str(int(key)) if isinstance(key, float) and key.is_integer() else str(key) for key in frame.iloc[:, 0]]
    classes = frame.iloc[:, 1]
    if wrong := missing_labels(classes):
        return [printable(f"{path}: {text}") for text in wrong], None
    known = dict(zip(keys, class_texts(classes), strict=True))
    if len(known) < len(keys):
        return [printable(f"{path}: names the node '{repeated(keys)[0]}' more than once")], None
    if absent := [node for node in nodes if node not in known]:
        return [printable(f"{path}: has no class of the nodes {name_text(absent)}")], None
    return [], np.array([known[node] for node in nodes])
