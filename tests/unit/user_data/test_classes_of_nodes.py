"""Classes of the nodes of a graph, from a table: as they are seen, and none that is missing."""

from __future__ import annotations

from pathlib import Path

from seedbed.user_data.features import describe_features, read_features
from seedbed.user_data.graphs import read_node_labels


def test_a_node_without_a_class_is_named(tmp_path: Path) -> None:
    path = tmp_path / "classes.csv"
    path.write_text("node,class\nann,\nbob,x\ncid,y\n")
    (message,), labels = read_node_labels(str(path), ["ann", "bob", "cid"])
    assert labels is None and "label column 'class'" in message and "label missing" in message


def test_one_class_is_written_in_one_way(tmp_path: Path) -> None:
    path = tmp_path / "classes.csv"
    path.write_text("node,class\nann,caf\u00e9\nbob,cafe\u0301\ncid, y \n", encoding="utf-8")
    messages, labels = read_node_labels(str(path), ["ann", "bob", "cid"])
    assert messages == [] and labels is not None and len(set(labels)) == 2


def test_features_have_as_many_classes_as_are_told_of(tmp_path: Path) -> None:
    path = tmp_path / "features.csv"
    rows = "".join(f"{i},{2 * i},{name}\n" for i, name in enumerate(["caf\u00e9", "cafe\u0301", "x", "x"]))
    path.write_text("a,b,kind\n" + rows, encoding="utf-8")
    assert "2 classes" in " ".join(describe_features(str(path), label_column="kind"))
    assert len(read_features(str(path), label_column="kind").classes) == 2
