"""Tables as people bring them: each is read as its author meant, and says how, or is refused with the cure."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from brought_tables import KINDS, POINTS, RNG, features, said, written
from seedbed.studies.clustering.data.user_table import UserTable
from seedbed.user_data.choices import Choice
from seedbed.user_data.tables import check_table, read_table

CLEAN = "x,y,kind\n1,2,a\n3,4,b\n5,6,a\n7,9,b\n"


@pytest.mark.parametrize("separator", [";", "\t", "|"])
@pytest.mark.parametrize("decimal", [".", ","])
def test_other_separators_and_decimal_commas_are_read_and_named(tmp_path, separator, decimal):
    path = tmp_path / "t.csv"
    KINDS.to_csv(path, sep=separator, decimal=decimal, index=False)
    np.testing.assert_array_equal(features(path), POINTS)
    notes = read_table(str(path)).notes
    assert notes[0].startswith("separated by") and ("decimal commas" in notes) == (decimal == ",")
    assert said(path, columns=["x;y"]).startswith(f"{path} (separated by")


READ = {
    "the index of to_csv": KINDS.to_csv(),
    "an index of text": KINDS.set_axis([f"s{i}" for i in range(30)]).to_csv(),
    "dates as index": KINDS.set_axis(pd.date_range("2024", periods=30)).to_csv(),
    "two levels without names": KINDS.set_axis(pd.MultiIndex.from_product([["a", "b", "c"], range(10)])).to_csv(),
    "an index that was read and written again": KINDS.to_csv().replace(",x", "Unnamed: 0,x", 1),
    "row names of R's write.table": KINDS.set_axis([f"car{i}" for i in range(30)]).to_csv()[1:],
    "a separator at the end of each line": KINDS.to_csv(index=False).replace("\n", ",\n"),
    "a separator at the end of each row": KINDS.to_csv(index=False).replace("\n", ",\n").replace(",\n", "\n", 1),
    "blanks after the commas": KINDS.to_csv(index=False).replace(",", ", "),
    "a line that Excel writes": "sep=;\n" + KINDS.to_csv(index=False, sep=";"),
    "numpy.savetxt's header": "# " + KINDS.to_csv(index=False),
    "blank lines": KINDS.to_csv(index=False).replace("\n", "\n  \n\n"),
    "quotes around everything": KINDS.to_csv(index=False, quoting=1),
    "a byte order mark": "\ufeff" + KINDS.to_csv(index=False),
    "hard blanks around numbers": KINDS.to_csv(index=False).replace(",a", "\u00a0,a"),
}


@pytest.mark.parametrize("name", READ)
def test_what_is_meant_is_read(tmp_path, name):
    path = written(tmp_path, READ[name])
    assert said(path) == ""
    np.testing.assert_array_equal(features(path), POINTS)
    if "index" in name or "names" in name:
        assert "left out" in "; ".join(UserTable(path=path, label_column="kind").understood())


REFUSED = {
    "surplus fields": ("a,b\n1,5,2,5\n3,5,4,5\n", "line 2 has 4 fields", "decimal point"),
    "a surplus field in one line": (CLEAN + "1,2,3,a\n", "line 6 has 4 fields", "the header has 3"),
    "a short line": (CLEAN.replace("3,4,b", "3,4"), "line 3 has 2 fields ('3', '4')", "fill the line up"),
    "row names that are numbers": ("x,kind\n1,2.5,a\n2,3.5,b\n", "line 2 has 3 fields", "row names a name"),
    "a repeated name": (CLEAN.replace("x,y", "x,x"), "'x' is given to several columns", "must differ"),
    "a name repeated but for blanks": (CLEAN.replace("x,y", "x, x "), "'x' is given to several", "must differ"),
    "a column without a name": (CLEAN.replace("x,y", "x,"), "column 2 has no name", "give it one"),
    "a first column that measures": (",y,kind\n1.5,2,a\n1.7,4,b\n", "the first column has no name", "index=False"),
    "a first column that repeats": (",y,kind\na,2,a\na,4,b\n", "the first column has no name", "index=False"),
    "no header": ("1.5,2.5,a\n3.0,4.0,b\n", "header", "1.5, 2.5"),
    "no header, whole numbers": ("5,3,1\n4,4,2\n", "header", "5, 3, 1"),
    "thousands with commas": (CLEAN.replace("3,4", '"3,400",4'), "row 2 holds '3,400'", "without a separator: 1500"),
    "thousands, or decimals": ("x;kind\n1,500;a\n2,250;b\n", "row 1 holds '1,500'", "1500 or 1500.5"),
    "thousands with points": ("x;kind\n1.234,5;a\n2,5;b\n", "row 1 holds '1.234,5'", "without a separator"),
    "both decimals": ("x;y;kind\n1,5;2.5;a\n2,5;3.5;b\n", "row 1 holds '1,5'", "in the same way in all columns"),
    "shares": (CLEAN.replace("3,4", "15%,4"), "row 2 holds '15%'", "without the sign"),
    "dates": (CLEAN.replace("3,4", "2024-05-01,4"), "row 2 holds '2024-05-01'", "days since"),
    "a unicode minus": (CLEAN.replace("3,4", "\u22123,4"), "row 2 holds", "hyphen"),
    "a failed cell": (CLEAN.replace("3,4", "#DIV/0!,4"), "row 2 holds '#DIV/0!'", "failed cell"),
    "an empty cell": (CLEAN.replace("3,4", ",4"), "column 'x', row 2: value missing", "mend"),
    "a cell that says NA": (CLEAN.replace("3,4", "NA,4"), "column 'x', row 2: value missing", "mend"),
    "separators alone": (CLEAN + ",,\n", "line 6 holds separators alone", "remove"),
    "blanks as separators": ("x y kind\n1 2 a\n3 4 b\n", "separated by blanks", "commas"),
    "blanks, with labels of text": ("x kind\n1 a\n3 b\n", "separated by blanks", "commas"),
    "zeros before some": (CLEAN.replace("5,6", "03,6"), "is not numeric", "with and without zeros"),
    "an exponent of Fortran": (CLEAN.replace("3,4", "3D2,4"), "row 2 holds '3D2'", "with an e"),
    "an open quote": (CLEAN.replace("3,4", '"3,4'), "quote", "line"),
    "nothing": ("", "it is empty", "CSV"),
    "one class": (CLEAN.replace(",b", ",a"), "one class, 'a'", "at least 2"),
    "a class for each row": ("x,kind\n1,a\n2,b\n3,c\n", "a class of its own for each of the 3", "id"),
    "equal rows": ("x,kind\n1,a\n1,b\n1,a\n1,b\n", "all rows have the same features", "nothing to divide"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_doubtful_is_refused_with_the_cure(tmp_path, name):
    text, *expected = REFUSED[name]
    message = said(written(tmp_path, text))
    assert all(part in message for part in expected), message


@pytest.mark.parametrize("token", ["NA", "None", "null", "NULL", "nan", "NaN", "N/A", "<NA>"])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
def test_classes_that_read_as_missing_are_named(tmp_path, token, suffix):
    table = KINDS.assign(kind=np.repeat([token, "EU", "AS"], 10))
    path = tmp_path / f"t{suffix}"
    if suffix == ".csv":
        table.to_csv(path, index=False)
    elif suffix == ".parquet":
        table.to_parquet(path)
    else:
        np.savez(path, X=POINTS, kind=table["kind"].to_numpy().astype(str))
    assert f"rows 1, 2, 3, 4, 5 and 5 more: '{token}' reads as missing" in said(path)


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_named(tmp_path, encoding):
    message = said(written(tmp_path, CLEAN.replace("x", "größe"), encoding=encoding))
    assert "save it as UTF-8" in message and ("line 1" in message or "UTF-16" in message)


@pytest.mark.parametrize("chosen", [{}, {"drop": ["note"]}])
def test_texts_in_parquet_that_are_none_are_named(tmp_path, chosen):
    """Pandas takes them over unread; hypothesis found that whoever looked at one then raised."""
    notes = pa.array([b"as it was", b"\xe9t\xe9", None, b""]).view(pa.string())
    pq.write_table(pa.table({"x": [1.0, 2, 3, 4], "note": notes, "kind": ["a", "b"] * 2}), tmp_path / "t.parquet")
    message = said(tmp_path / "t.parquet", **chosen)
    assert "the column 'note' is damaged" in message and "UTF8" in message and "write the file again" in message


def test_bytes_in_parquet_are_texts(tmp_path):
    """Some tools write texts so; images lie in such columns, too."""
    kinds, images = pa.array([b"a", b"b", b"\xff", b"\xfe"] * 2), pa.array([b"\x89PNG\xff"] * 8)
    pq.write_table(pa.table({"x": [*map(float, range(8))], "kind": kinds, "image": images}), tmp_path / "t.parquet")
    assert "column 'image' is not numeric" in said(tmp_path / "t.parquet")
    data = UserTable(path=str(tmp_path / "t.parquet"), label_column="kind", drop=["image"]).whole()
    assert data["labels"].tolist() == [2, 3, 1, 0] * 2, "bytes that differ are classes that differ"


@pytest.mark.parametrize("magic", [b"PK\x03\x04rest", b"\x1f\x8brest", b"PAR1rest"])
def test_other_formats_under_the_name_of_text_are_named(tmp_path, magic):
    (tmp_path / "t.csv").write_bytes(magic)
    assert "not text" in said(tmp_path / "t.csv")


def test_folders_and_dead_links_are_named(tmp_path):
    (tmp_path / "d.csv").mkdir()
    (tmp_path / "d.csv" / "part.csv").write_text(CLEAN)
    (tmp_path / "l.csv").symlink_to("gone.csv")
    assert "is a folder" in said(tmp_path / "d.csv") and "part.csv" in said(tmp_path / "d.csv")
    assert "is a link to gone.csv, which is not there" in said(tmp_path / "l.csv")
    (tmp_path / "good.csv").symlink_to(written(tmp_path, CLEAN, "real.csv"))
    assert said(tmp_path / "good.csv") == ""


@pytest.mark.parametrize("start", [2**53, 2**63, 10**19, -(2**60)])
@pytest.mark.parametrize("suffix", [".csv", ".parquet", ".npz"])
def test_whole_numbers_that_no_double_holds(tmp_path, start, suffix):
    ids = [start + i for i in range(30)]
    if suffix != ".csv" and not -(2**63) <= start < 2**63:
        ids = np.array(ids, dtype=np.uint64) if 0 <= start < 2**64 - 40 else ids
    path = tmp_path / f"t{suffix}"
    if suffix == ".npz":
        X = np.column_stack([np.array(ids), np.arange(30, dtype=np.array(ids).dtype)])
        np.savez(path, X=X, kind=KINDS["kind"].to_numpy().astype(str))
    else:
        table = KINDS.assign(id=ids)
        table.to_csv(path, index=False) if suffix == ".csv" else table.to_parquet(path)
    message = said(path)
    assert str(ids[0]) in message and "2^53" in message
    if suffix != ".npz":
        assert features(path, drop=["id"]).shape == (30, 3)


def test_whole_numbers_that_doubles_hold_are_read(tmp_path):
    table = KINDS.assign(x=np.arange(30) + 2**53 - 31, y=1e300 / 1e160)
    table.to_csv(tmp_path / "t.csv", index=False)
    assert features(tmp_path / "t.csv")[:, 0].tolist() == table["x"].tolist()


def test_an_index_in_parquet_is_apart(tmp_path):
    path = tmp_path / "t.parquet"
    KINDS.set_index("kind").to_parquet(path)
    assert said(path) == "" and features(path).shape == (30, 3)
    KINDS.assign(id=range(30)).set_index(["id", "kind"]).to_parquet(path)
    assert features(path).shape == (30, 3) and features(path, columns=["x", "id"])[:, 1].tolist() == [*range(30)]
    assert "the index 'id', 'kind' is no feature" in UserTable(path=str(path), label_column="kind").understood()
    for index in ([f"s{i}" for i in range(30)], pd.date_range("2024", periods=30), range(5, 35)):
        KINDS.set_axis(index).to_parquet(path)
        assert features(path).shape == (30, 3)


def test_arrays_beside_x_are_no_features(tmp_path):
    path = tmp_path / "t.npz"
    np.savez(path, X=POINTS, y=np.arange(30) % 3, weights=np.ones(30))
    assert features(path, label_column=None, n_clusters=3).shape == (30, 3)
    assert features(path, label_column="y").shape == (30, 3)
    assert features(path, label_column="y", columns=["x0", "weights"]).shape == (30, 2)
    assert check_table(str(path), Choice(columns=["x0"]), label_column="y")[0] == []


@pytest.mark.parametrize(
    ("arrays", "expected"),
    [
        ({"kind": np.repeat([[0], [1], [2]], 10, axis=0)}, ("(30, 1)", "kind.ravel()")),
        ({"kind": np.eye(3)[np.arange(30) % 3]}, ("(30, 3)", "kind.argmax(axis=1)")),
        ({"kind": KINDS["kind"].to_numpy(dtype=object)}, ("kind.astype(str)",)),
        ({"kind": np.arange(29) % 3}, ("(29,)", "one entry per row of the 30")),
        ({"kind": np.arange(30) % 3, "feature_names": np.array(["a", "b"])}, ("feature_names", "(2,)")),
        ({"kind": np.arange(30) % 3, "feature_names": np.array(["a", "b", "a"])}, ("'a' more than once",)),
        ({"kind": np.arange(30) % 3, "feature_names": np.array(["a", "b", "kind"])}, ("'kind'", "rename")),
    ],
)
def test_arrays_that_are_no_columns_are_named(tmp_path, arrays, expected):
    np.savez(tmp_path / "t.npz", X=POINTS, **arrays)
    message = said(tmp_path / "t.npz")
    assert all(part in message for part in expected), message


def test_what_was_understood_names_ids_indices_and_constants(tmp_path):
    table = KINDS.assign(number=range(1, 31), customer=RNG.permutation(10**6)[:30], one=1.0)
    table = table.assign(**{"x.1": table["x"]})
    table.to_csv(tmp_path / "t.csv", index=False)
    text = "; ".join(UserTable(path=str(tmp_path / "t.csv"), label_column="kind", drop=["z"]).understood())
    for part in (
        "30 rows",
        "6 features: 'x', 'y', 'number', 'customer', 'one', 'x.1'",
        "left out: 'z'",
        "3 classes in 'kind': a (10), b (10), c (10)",
        "'number' counts the rows",
        "'customer' looks like an id",
        "'one' is constant",
        "'x.1' bears the name that is given to a second column",
    ):
        assert part in text, part


def test_columns_are_dropped_by_name(tmp_path):
    path = tmp_path / "t.csv"
    KINDS.assign(note="text").to_csv(path, index=False)
    assert "leave it out with drop" in said(path)
    assert features(path, drop=["note", "z"]).shape == (30, 2)
    assert "drop names 'note ', which the file does not have; the file has 'note'" in said(path, drop=["note "])
    assert "drop names 'kind', which is the label_column" in said(path, drop=["kind"])
    assert "columns and drop both name 'x'" in said(path, columns=["x"], drop=["x"])


def test_more_clusters_than_rows_that_differ(tmp_path):
    path = written(tmp_path, "x,y\n1,2\n1,2\n3,4\n3,4\n")
    assert "n_clusters is 3; only 2 rows differ" in said(path, label_column=None, n_clusters=3)
    assert said(path, label_column=None, n_clusters=2) == ""


def test_names_from_a_file_cannot_act_on_the_terminal(tmp_path):
    path = written(tmp_path, 'x,"\x1b]0;title\x07",kind\n1,a,a\n2,b,b\n3,c,b\n')
    message = said(path)
    assert "not numeric" in message and message.isprintable() and "\\x1b" in message
    path = written(tmp_path, 'x,"\x1b]0;title\x07",kind\n1,1,a\n2,1,b\n3,1,"b\x1b"\n3,1,a\n')
    described = " ".join(UserTable(path=path, label_column="kind").understood())
    assert "b\\x1b (1)" in described and described.isprintable()


@pytest.mark.slow
@pytest.mark.parametrize("orientation", ["wide", "missing"])
def test_a_table_of_genes_takes_linear_time_and_few_words(tmp_path, orientation):
    """Six thousand columns: a check that compares all names with all others would not end."""
    names = [f"gene{i}" for i in range(6_000)]
    counts = RNG.integers(0, 9, (6, 6_000)).astype(float)
    if orientation == "missing":
        counts[1] = np.nan
    path = tmp_path / "genes.parquet"
    pd.DataFrame(counts, columns=names).assign(kind=["a", "b"] * 3).to_parquet(path)
    message = said(path, columns=[*names] if orientation == "wide" else None)
    if orientation == "wide":
        assert message == ""
        assert any("third power" in text for text in UserTable(path=str(path), label_column="kind").understood())
    else:
        assert "5995 more columns: value missing" in message and len(message) < 2000


def test_codes_with_and_without_zeros_are_two_classes(tmp_path):
    path = written(tmp_path, "x,kind\n1,01\n2,1\n3,01\n4,1\n")
    data = UserTable(path=path, label_column="kind", standardise=False).whole()
    assert data["labels"].tolist() == [0, 1, 0, 1]
    path = written(tmp_path, "month,kind\n01,a\n02,b\n12,a\n11,b\n")
    assert features(path)[:, 0].tolist() == [1, 2, 12, 11]


def test_decimal_points_between_semicolons_are_said(tmp_path):
    """1.234 is a thousand and more in half of Europe: what was understood can be seen."""
    path = written(tmp_path, "x;kind\n1.234;a\n2.345;b\n3.456;a\n")
    assert "decimal points" in UserTable(path=path, label_column="kind").understood()


def test_numbers_that_no_array_holds_are_to_be_saved_as_floats(tmp_path):
    from decimal import Decimal

    KINDS.assign(x=[Decimal(i) / 2 for i in range(30)]).to_parquet(tmp_path / "t.parquet")
    assert "row 1 holds '0.0' (save it as float" in said(tmp_path / "t.parquet")


@pytest.mark.parametrize("sheets", [1, 2])
def test_the_first_sheet_of_a_workbook(tmp_path, sheets):
    pytest.importorskip("openpyxl")
    path = tmp_path / "t.xlsx"
    with pd.ExcelWriter(path) as book:
        for number in range(sheets):
            KINDS.to_excel(book, sheet_name=f"s{number}", index=number == 0)
    assert said(path) == ""
    np.testing.assert_allclose(features(path), POINTS)
    described = "; ".join(UserTable(path=str(path), label_column="kind").understood())
    assert "left out as an index" in described and ("sheet 's0' of 2" in described) == (sheets == 2)
    KINDS.assign(x=["", *KINDS["x"][1:]]).to_excel(path, index=False)
    assert "column 'x', row 1: value missing" in said(path)


def test_a_workbook_without_its_reader_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    (tmp_path / "t.xlsx").write_bytes(b"PK")
    assert "pip install openpyxl, or save the sheet as CSV UTF-8" in said(tmp_path / "t.xlsx")
