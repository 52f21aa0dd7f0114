"""Lines of names: missing, repeated, below titles, with letters that cannot be seen; files of other formats."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from brought_tables import KINDS, POINTS, features, said, written
from seedbed.studies.clustering.data.user_table import UserTable

DATA = "".join(f"{i}.5,{(7 * i) % 5 + 0.25},{'ab'[i % 2]}\n" for i in range(12))


NO_NAMES = {
    "data from the first line on, the label too": ("1.5,2.5,a\n" + DATA, "a"),
    "whole numbers that happen to count": ("3,4\n" + "".join(f"{i},{i * i}\n" for i in range(9)), None),
    "numbers that count before a label": ("1,2,a\n" + DATA, "a"),
    "a missing value in the first line": ("1e5,nan\n" + "".join(f"{i},{i * i}\n" for i in range(9)), None),
    "decimal commas in the first line": ("1,5;2,5\n" + "".join(f"{i},5;{i * i},5\n" for i in range(9)), None),
}


@pytest.mark.parametrize("name", NO_NAMES)
def test_a_first_line_of_data_is_no_header(tmp_path, name):
    text, label = NO_NAMES[name]
    assert "must be a header" in said(written(tmp_path, text), label_column=label, n_clusters=2)


@pytest.mark.parametrize("first", [0, 1, 1990])
def test_names_that_count_or_are_years_are_names(tmp_path, first):
    header = f"{first},{first + 1},kind\n"
    assert features(written(tmp_path, header + DATA)).shape == (12, 2)


def test_a_line_of_names_that_comes_again_is_named_by_its_row(tmp_path):
    text = "x,y,kind\n" + DATA + "x,y,kind\n" + DATA
    assert "row 13 holds the names of the columns again" in said(written(tmp_path, text))
    fine = "x,y,kind\n" + DATA.replace(",a\n", ",kind\n")  # a class may be called as its column
    assert features(written(tmp_path, fine)).shape == (12, 2)


@pytest.mark.parametrize("title", ["# made by a tool, v3", "Results of 2024", "Results of 2024\n"])
def test_lines_above_the_names_are_to_be_removed(tmp_path, title):
    text = f"{title.split(',')[0]}\nx,y,kind\n{DATA}"
    assert "remove what stands above the line of names" in said(written(tmp_path, text))


@pytest.mark.parametrize("unseen", ["\u200b", "\ufeff", "\u2060", " \u200d ", "\u00ad"])
def test_letters_of_no_width_make_no_names_and_no_classes(tmp_path, unseen):
    text = f"x,{unseen}y,{unseen}kind\n" + DATA.replace("b\n", f"b{unseen}\n", 3)
    path = written(tmp_path, text)
    drawn = UserTable(path=path, label_column="kind", columns=["x", "y"]).whole()
    assert int(drawn["n_clusters"]) == 2


def test_accents_written_in_two_ways_are_one_class(tmp_path):
    text = "x,y,kind\n" + DATA.replace(",a\n", ",\u00e9\n", 3).replace(",a\n", ",e\u0301\n")
    assert "2 classes" in str(UserTable(path=written(tmp_path, text), label_column="kind").understood())
    text = "x,y,gro\u0308\u00dfe\n" + DATA
    assert "copy the name from the file" in said(written(tmp_path, text), label_column="gr\u00f6\u00dfe")


@pytest.mark.parametrize("first", ['"sep=;"\n', "sep=;\r", "\ufeffsep=;\r\n"])
def test_the_line_of_excel_in_all_its_forms(tmp_path, first):
    assert features(written(tmp_path, first + "x;y;kind\n" + DATA.replace(",", ";"))).shape == (12, 2)


@pytest.mark.parametrize("separator", ["^", ":", "~", "&"])
def test_separators_that_are_not_known_are_said_to_be_none(tmp_path, separator):
    text = ("x,y,kind\n" + DATA).replace(",", separator)
    assert "separate its fields by commas" in said(written(tmp_path, text))


def test_single_quotes_are_no_quotes(tmp_path):
    text = "'x','y','kind'\n" + DATA
    assert "single quotes" in said(written(tmp_path, text))


def test_long_whole_numbers_with_a_point_are_ids_too(tmp_path):
    text = "i,y,kind\n" + "".join(f"{2**60 + i}.0,{i},{'ab'[i % 2]}\n" for i in range(9))
    assert "beyond 2^53" in said(written(tmp_path, text))


LEFT_BEHIND = pd.DataFrame({"Unnamed: 0": range(30)}).join(KINDS)


@pytest.mark.parametrize("again", ["", ".1"])
def test_an_index_that_became_a_column_is_none_in_any_format(tmp_path, again):
    table = LEFT_BEHIND.rename(columns={"Unnamed: 0": f"Unnamed: 0{again}"})
    table.to_parquet(tmp_path / "t.parquet")
    table.to_csv(tmp_path / "t.csv", index=False)
    for suffix in ("parquet", "csv"):
        np.testing.assert_array_equal(features(tmp_path / f"t.{suffix}"), POINTS)


FOREIGN = {
    "Git LFS": b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
    "web page": b"\n<!DOCTYPE html>\n<html><body>404</body></html>\n",
    "Feather": b"ARROW1\0\0rest",
    "JSON": b'[{"x": 1, "kind": "a"}]',
    "HDF5": b"\x89HDF\r\n\x1a\nrest",
}


@pytest.mark.parametrize("suffix", [".csv", ".tsv", ".parquet", ".npz", ".npy"])
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_file_of_another_kind_is_named_with_the_cure(tmp_path, kind, suffix):
    (tmp_path / f"t{suffix}").write_bytes(FOREIGN[kind])
    message = said(tmp_path / f"t{suffix}")
    assert f"{kind}" in message and "it is " in message
    assert "fetch" in message or "download" in message or "save" in message


def test_paths_of_a_shell_and_of_the_web_are_none(tmp_path):
    for path in ("~/t.csv", "https://example.org/t.csv"):
        assert "without ~ and ://" in said(path)


def test_arrays_that_are_no_tables_say_what_to_save(tmp_path):
    import scipy.sparse

    scipy.sparse.save_npz(tmp_path / "s.npz", scipy.sparse.eye_array(4, format="csr"))
    assert "X.toarray()" in said(tmp_path / "s.npz")
    np.save(tmp_path / "r.npy", np.zeros(4, [("p", int), ("q", float)]))
    assert "structured_to_unstructured" in said(tmp_path / "r.npy")
    np.save(tmp_path / "o.npy", np.array([{"a": 1}], object), allow_pickle=True)
    assert "astype(str)" in said(tmp_path / "o.npy")
