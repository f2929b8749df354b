"""Tables of labels and grey values are read row by row; a row that is wrong is named by its number."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile

import numpy as np
import pytest

from adding.conftest import declaration, little_memory, loaded, noise, seen
from made_up import write_all

PIXELS = noise(6, 8, 8)
LABELS = [3, 10, 3, 0, 10, 0]


def rows(pixels=PIXELS, labels=LABELS, at=0):
    """Of a table without titles, the label in column `at`."""
    values = [list(image.reshape(-1)) for image in pixels]
    return [[*row[:at], label, *row[at:]] for row, label in zip(values, labels, strict=True)]


def titles(label="label", pixels=64, at=0):
    names = [f"pixel{number}" for number in range(pixels)]
    return [*names[:at], label, *names[at:]]


def written(*rows, **options):
    text = io.StringIO()
    csv.writer(text, **options).writerows(rows)
    return text.getvalue().encode()


def table(path, *rows, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(written(*rows, **options))
    return path


def holds(study, labels=(1, 2, 1, 0, 2, 0), classes=("0", "3", "10")):
    assert declaration(study).classes == [*classes]
    assert loaded(study).labels.tolist() == [*labels]
    assert np.array_equal(seen(study), PIXELS)


@pytest.mark.parametrize("title", ["label", "Label", "class", "target", "y", " labels "])
@pytest.mark.parametrize("at", [0, 5, 64])
def test_the_label_is_the_column_with_its_title(study, take, tmp_path, title, at):
    take(table(tmp_path / "x.csv", titles(title, at=at), *rows(at=at)))
    holds(study)


def test_without_titles_the_label_is_the_first_column(study, take, tmp_path):
    take(table(tmp_path / "x.csv", *rows()))
    holds(study)


@pytest.mark.parametrize("title", ["label", "target"])
def test_titles_may_be_numbers_beside_that_of_the_label(study, take, tmp_path, title):
    take(table(tmp_path / "x.csv", [title, *range(64)], *rows()))
    holds(study)


def test_classes_may_be_words_even_those_that_mean_nothing_elsewhere(study, take, tmp_path):
    words = ["y", "NA", "y", "None", "NA", "None"]
    take(table(tmp_path / "x.csv", *rows(labels=words)))
    holds(study, labels=(2, 0, 2, 1, 0, 1), classes=("NA", "None", "y"))


@pytest.mark.parametrize(
    "pack",
    [
        lambda content: ("x.csv.gz", gzip.compress(content)),
        lambda content: ("x.CSV", content),
        lambda content: ("x.csv", b"\xef\xbb\xbf" + content),
        lambda content: ("x.csv", content.replace(b"\r\n", b"\n")),
        lambda content: ("x.csv", content.replace(b"\r\n", b"\n\n")),
        lambda content: ("x.csv", content.removesuffix(b"\r\n")),
        lambda content: ("x.csv.zip", zipped(content)),
    ],
)
def test_tables_are_read_however_they_are_packed(study, take, tmp_path, pack):
    for at, first in enumerate(([], [titles()])):
        name, content = pack(written(*first, *rows()))
        (tmp_path / name).write_bytes(content)
        take(tmp_path / name, name=f"mine{at}")
        assert np.array_equal(seen(study, f"mine{at}"), PIXELS)
        assert loaded(study, f"mine{at}").labels.tolist() == [1, 2, 1, 0, 2, 0]


def zipped(content: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.csv", content)
    return file.getvalue()


@pytest.mark.parametrize(
    "write", [str, lambda value: f"{value}.0", lambda value: f"{value:.3e}", lambda v: f" {v} "]
)
def test_numbers_may_be_written_as_fractions_and_in_quotes(study, take, tmp_path, write):
    values = [[label, *map(write, row)] for label, *row in rows()]
    take(table(tmp_path / "x.csv", titles(), *values, quoting=csv.QUOTE_ALL))
    holds(study)


def test_a_folder_of_tables_has_parts_by_their_names(study, take, tmp_path):
    table(tmp_path / "x" / "mnist_test.csv", titles(), *rows()[4:])
    table(tmp_path / "x" / "mnist_train.csv.gz", titles(), *rows()[:4])
    (tmp_path / "x" / "notes.txt").write_text("")
    (tmp_path / "x" / "._mnist_train.csv").write_bytes(b"\0\5\x16\7")
    take(tmp_path / "x")
    assert [part.split for part in declaration(study).parts] == ["train", "test"]
    holds(study)


def test_kaggles_files_without_labels_are_left_out_and_named(study, take, tmp_path):
    table(tmp_path / "x" / "train.csv", titles(), *rows())
    table(tmp_path / "x" / "test.csv", titles()[1:], *(row[1:] for row in rows()))
    table(tmp_path / "x" / "sample_submission.csv", ["ImageId", "Label"], *((at, 0) for at in range(1, 29)))
    said = take(tmp_path / "x")
    assert (
        "  left out test.csv: no column is titled label, and images without labels cannot be used\n" in said
    )
    assert (
        "  left out sample_submission.csv: 1 value a row beside the label, which is no square image" in said
    )
    assert [part.split for part in declaration(study).parts] == ["train"]
    holds(study)


@pytest.mark.parametrize("first", [titles()[1:], ["id", *titles()[1:]]])
def test_a_table_without_labels_is_refused(refuse, tmp_path, first):
    source = table(tmp_path / "x.csv", first, *(row[: len(first)] for row in rows()))
    assert refuse(source) == "x.csv: no column is titled label, and images without labels cannot be used"


def test_images_that_are_no_squares_need_a_size(study, take, refuse, tmp_path):
    pixels = noise(6, 8, 10)
    source = table(tmp_path / "x.csv", titles(pixels=80), *rows(pixels))
    assert (
        "x.csv: 80 values a row beside the label, which is no square image from 8 x 8 pixels (--size"
        in refuse(source)
    )
    assert "which is no image of 9 x 9 pixels" in refuse(source, size=(9, 9))
    take(source, size=(8, 10))
    assert np.array_equal(seen(study), pixels)


def test_tables_of_emnist_are_upright_and_that_is_said(study, take, tmp_path):
    pixels = noise(6, 8, 10)
    source = table(tmp_path / "emnist-letters-train.csv", *rows(pixels))
    assert "rows and columns of EMNIST's images are exchanged" in take(source, size=(10, 8))
    assert np.array_equal(seen(study), pixels.swapaxes(1, 2))


def changed(row, column, value):
    """A table with titles whose row of that number in the file holds another value; None for no value."""
    content = [titles(), *rows()]
    content[row - 1] = [*content[row - 1]]
    content[row - 1][column : column + 1] = [] if value is None else [value]
    return content


@pytest.mark.parametrize("value", ["256", "-1", "0.5", "x", "", "nan", "inf", "1e400", "9" * 5000, "0x1"])
@pytest.mark.parametrize("row", [2, 7])
def test_a_value_that_is_no_grey_value_is_named_by_its_row(refuse, tmp_path, row, value):
    source = table(tmp_path / "x.csv", *changed(row, 9, value))
    assert refuse(source) == f"x.csv row {row}: a value is no whole number from 0 to 255"


@pytest.mark.parametrize("value", ["256", "-1", "0.5"])
def test_a_wrong_value_in_the_first_row_does_not_make_it_titles(refuse, tmp_path, value):
    source = table(tmp_path / "x.csv", *changed(2, 9, value)[1:])
    assert refuse(source) == "x.csv row 1: a value is no whole number from 0 to 255"


@pytest.mark.parametrize("value", ["", "  "])
def test_a_missing_label_is_named_by_its_row(refuse, tmp_path, value):
    assert refuse(table(tmp_path / "x.csv", *changed(4, 0, value))) == "x.csv row 4: no label"


@pytest.mark.parametrize("number", [64, 66])
@pytest.mark.parametrize("row", [3, 7])
def test_a_ragged_row_is_named(refuse, tmp_path, row, number):
    content = [titles(), *rows()]
    content[row - 1] = [*content[row - 1], "1"][:number]
    said = refuse(table(tmp_path / "x.csv", *content))
    assert said == f"x.csv row {row}: {number} values, where the first row has 65"


def test_rows_are_numbered_as_an_editor_does(refuse, tmp_path):
    content = written(*changed(4, 9, "256")).replace(b"\r\n", b"\r\n\r\n")
    (tmp_path / "x.csv").write_bytes(content)
    assert refuse(tmp_path / "x.csv") == "x.csv row 7: a value is no whole number from 0 to 255"


def test_tables_of_different_sizes_are_refused(refuse, tmp_path):
    table(tmp_path / "x" / "train.csv", *rows())
    table(tmp_path / "x" / "test.csv", *rows(noise(6, 9, 9)))
    assert "x: images of different sizes in train.csv, test.csv" in refuse(tmp_path / "x")


def test_two_tables_of_one_split_are_refused(refuse, tmp_path):
    table(tmp_path / "x" / "train_1.csv", *rows())
    table(tmp_path / "x" / "train_2.csv", *rows())
    assert "x: more than one part is named train" in refuse(tmp_path / "x")


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "x.csv: 0 values a row beside the label, which is no square image"),
        (b"\n\n", "x.csv: 0 values a row beside the label, which is no square image"),
        (written(titles()), "no class where there must be two or more"),
        (written(*rows()[:1]), "1 class where there must be two or more"),
        (written(*rows()) + b"3,\xff" + b",1" * 63, "x.csv, row 7: 'utf-8' codec can't decode byte 0xff"),
        (written(*rows()) + b'3,"' + b"1,1\n" * 99_999, ": field larger than field limit"),
        (written(*rows()) + b"1," * (1 << 22), "x.csv, row 7: it is longer than 4194304 bytes"),
        (b"PK\3\4 no archive", "x.csv: File is not a zip file"),
    ],
)
@pytest.mark.hostile
def test_what_is_no_table_of_images_is_refused(refuse, tmp_path, content, why):
    (tmp_path / "x.csv").write_bytes(content)
    assert why in refuse(tmp_path / "x.csv")


@pytest.mark.hostile
def test_a_gzipped_table_that_breaks_off_is_refused(refuse, tmp_path):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(written(*rows()))[:-9])
    assert "x.csv.gz: Compressed file ended before" in refuse(tmp_path / "x.csv.gz")


@pytest.mark.parametrize("line", [b"1,", b"x", b'"'])
@pytest.mark.hostile
def test_a_line_without_end_does_not_fill_the_memory(refuse, tmp_path, line):
    (tmp_path / "x.csv.gz").write_bytes(gzip.compress(line * (60 << 20)))
    with little_memory(40):
        assert "x.csv.gz, row 1: it is longer than 4194304 bytes" in refuse(tmp_path / "x.csv.gz")


def test_many_rows_take_little_memory(study, take, tmp_path):
    images = noise(100, 64, 64)
    write_all(tmp_path, {"x.csv": written(*rows(images, [at % 7 for at in range(100)]))})
    with little_memory(2):  # of 20, as text
        take(tmp_path / "x.csv")
    assert np.array_equal(seen(study), images)
