"""Archives of Keras and MedMNIST are read without unpacking them, and nothing in them is run or believed."""

from __future__ import annotations

import io
import pickle
import struct
import zipfile

import numpy as np
import pytest

from adding.conftest import declaration, little_memory, loaded, noise, seen

GREY, COLOUR = noise(6, 9, 8), noise(6, 9, 8, 3)
LABELS = np.array([0, 1, 2, 2, 1, 0], np.uint8)


def npz(path, *, compressed=True, **arrays):
    (np.savez_compressed if compressed else np.savez)(path, **arrays)
    return path


def raw(path, **members: bytes):
    """An archive of members of any content, as .npy files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return path


def npy(shape, descr="|u1", content=b"", *, fortran=False) -> bytes:
    """An array whose header says anything."""
    header = repr({"descr": descr, "fortran_order": fortran, "shape": shape}).encode() + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + content


def saved(array) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("pixels", [GREY, COLOUR], ids=["grey", "colour"])
def test_the_layout_of_keras(study, take, tmp_path, pixels, compressed):
    source = npz(
        tmp_path / "x.npz",
        x_test=pixels[::-1],
        y_test=LABELS,
        x_train=pixels,
        y_train=LABELS,
        compressed=compressed,
    )
    take(source)
    assert [part.split for part in declaration(study).parts] == ["train", "test"]
    assert np.array_equal(seen(study), [*pixels, *pixels[::-1]])
    assert loaded(study).labels.tolist() == [*LABELS, *LABELS]


def test_the_layout_of_medmnist(study, take, tmp_path):
    arrays = {}
    for at, part in enumerate(("test", "train", "val")):
        arrays |= {
            f"{part}_images": GREY[2 * at : 2 * at + 2],
            f"{part}_labels": LABELS[2 * at : 2 * at + 2, None],
        }
    take(npz(tmp_path / "x.npz", **arrays))
    assert [part.split for part in declaration(study).parts] == ["train", "validation", "test"]
    assert np.array_equal(seen(study), GREY[[2, 3, 4, 5, 0, 1]])
    assert loaded(study).labels.tolist() == LABELS[[2, 3, 4, 5, 0, 1]].tolist()


def test_one_part(study, take, tmp_path):
    take(npz(tmp_path / "x.NPZ.npz", images=GREY, labels=LABELS, more=np.zeros(3)))
    assert [part.split for part in declaration(study).parts] == [None]


def test_a_last_axis_of_one_channel_is_grey(study, take, tmp_path):
    take(npz(tmp_path / "x.npz", images=GREY[..., None], labels=LABELS))
    assert np.array_equal(seen(study), GREY)


@pytest.mark.parametrize("kind", ["u1", "<i4", ">i8", ">u2", "<u8"])
def test_whole_numbers_of_every_kind_are_read(study, take, tmp_path, kind):
    take(npz(tmp_path / "x.npz", images=GREY.astype(kind), labels=LABELS.astype(kind)))
    assert np.array_equal(seen(study), GREY)
    assert loaded(study).labels.tolist() == LABELS.tolist()


def test_labels_of_any_range_are_named_by_their_numbers(study, take, tmp_path):
    take(npz(tmp_path / "x.npz", images=GREY, labels=LABELS.astype(int) * 1000 + 7))
    assert declaration(study).classes == ["7", "1007", "2007"]


@pytest.mark.parametrize(
    ("arrays", "why"),
    [
        ({"images": GREY / 255, "labels": LABELS}, "images holds values of the type float64; whole numbers"),
        ({"images": GREY > 9, "labels": LABELS}, "images holds values of the type bool; whole numbers"),
        ({"images": GREY, "labels": LABELS / 1}, "labels holds values of the type float64; whole numbers"),
        (
            {"images": GREY, "labels": np.eye(6, dtype=int)},
            "labels is [6, 6]; it must be [N], as an image has",
        ),
        ({"images": GREY, "labels": LABELS[:5]}, "images is [6, 9, 8], labels is [5]; there must be as many"),
        ({"images": GREY, "labels": np.array(0)}, "images is [6, 9, 8], labels is []; there must be as many"),
        ({"images": GREY, "labels": LABELS.astype(int) - 1}, "labels holds labels below 0"),
        ({"images": GREY.astype(int) + 1, "labels": LABELS}, "images holds values beyond 0 to 255"),
        ({"images": GREY.astype(int) - 1, "labels": LABELS}, "images holds values beyond 0 to 255"),
        (
            {"images": noise(6, 3, 9, 8), "labels": LABELS},
            "images are [3, 9, 8]; they must be [H, W], [H, W, 1]",
        ),
        ({"images": noise(6, 28, 28, 28), "labels": LABELS}, "images are [28, 28, 28]; they must be"),
        ({"images": noise(6, 72), "labels": LABELS}, "images are [72]; they must be"),
        ({"images": np.asfortranarray(GREY), "labels": LABELS}, "save it as numpy.ascontiguousarray(images)"),
        ({"x_train": GREY}, "x_train is there without y_train"),
        ({"x_train": GREY, "y_train": LABELS, "y_test": LABELS}, "y_test is there without x_test"),
        (
            {"x_train": GREY, "y_train": LABELS, "x_test": GREY[:, 1:], "y_test": LABELS},
            "the images of its parts have different sizes: [(8, 8), (9, 8)]",
        ),
        (
            {"x_train": GREY, "y_train": LABELS, "x_test": GREY[:0], "y_test": LABELS[:0]},
            "no image in the part test",
        ),
        (
            {"a": GREY, "b\u202e": LABELS},
            "x.npz holds a [6, 9, 8], b\\u202e [6]; it should hold the arrays of one of Keras: x_train,",
        ),
        ({}, "x.npz holds no arrays; it should hold"),
    ],
)
def test_other_arrays_are_refused_by_name(refuse, tmp_path, arrays, why):
    assert why in refuse(npz(tmp_path / "x.npz", **arrays))


class Mischief:
    """What unpickling would call."""

    def __reduce__(self):
        return (pytest.fail, ("it was unpickled",))


@pytest.mark.parametrize("name", ["images", "labels"])
@pytest.mark.hostile
def test_pickled_objects_are_refused_and_never_unpickled(refuse, tmp_path, name):
    members = {"images": saved(GREY), "labels": saved(LABELS)}
    shape = (6, 9, 8) if name == "images" else (6,)
    members[name] = npy(shape, "|O", pickle.dumps(Mischief()))
    assert f"{name} holds values of the type object; whole numbers" in refuse(
        raw(tmp_path / "x.npz", **members)
    )


ABSURD = {
    "many": ((10**15, 9, 8), "1000000000000000 images; at most 10000000"),
    "too many for a number": ((10**40, 9, 8), "images; at most 10000000"),
    "fewer than none": ((-6, 9, 8), "no class where there must be two"),
    "huge": ((6, 10**9, 10**9), "images are 1000000000 x 1000000000 pixels; sides from 8 to 4096"),
    "none": ((6, 0, 8), "images are 0 x 8 pixels"),
    "below none": ((6, -9, -8), "images are -9 x -8 pixels"),
    "more than there are": ((6, 4096, 4096, 3), "images: image 1 of 6 is not whole"),
}


@pytest.mark.parametrize(("shape", "why"), ABSURD.values(), ids=ABSURD)
@pytest.mark.hostile
def test_what_a_header_claims_is_not_believed(refuse, tmp_path, shape, why):
    labels = npy(shape[:1], content=LABELS.tobytes())
    source = raw(tmp_path / "x.npz", images=npy(shape, content=bytes(1000)), labels=labels)
    with little_memory(8):
        assert why in refuse(source)


@pytest.mark.hostile
def test_a_header_that_is_a_bomb_does_not_fill_the_memory(refuse, tmp_path):
    header = b"\x93NUMPY\x02\x00" + struct.pack("<I", 60 << 20) + b" " * (60 << 20)
    source = raw(tmp_path / "x.npz", images=header, labels=saved(LABELS))
    assert source.stat().st_size < 1 << 18
    with little_memory(8):
        assert "cannot read " in refuse(source)


@pytest.mark.hostile
def test_images_that_are_a_bomb_do_not_fill_the_memory(study, take, tmp_path):
    source = npz(tmp_path / "x.npz", images=np.zeros((60, 1024, 1024), np.uint8), labels=np.arange(60) % 2)
    assert source.stat().st_size < 1 << 18
    with little_memory(24):
        take(source)
    assert declaration(study).files["all-images.idx"].size == 16 + (60 << 20)


HEADERS = [
    b"",
    b"\x93NUMPY",
    b"\x93NUMPY\x09\x00\x04\x00{}  ",
    b"\x93NUMPY\x01\x00\x04\x00{}  ",
    b"\x93NUMPY\x01\x00\x04\x00((((",
    b"\x93NUMPY\x01\x00\x10\x27" + b"(" * 10_000,
    b"\x93NUMPY\x01\x00\x04\x00\xff\xfe\x00\n",
    npy((6, 9.5, 8)),
    npy("six"),
    npy((6, 9, 8), "nonsense"),
    npy((6, 9, 8), [("a", "|u1"), ("a", "|u1")]),
    npy((6, 9, 8), ("|u1", (1 << 40, 1 << 40))),
]


@pytest.mark.parametrize("header", HEADERS)
@pytest.mark.hostile
def test_a_broken_header_is_refused(refuse, tmp_path, header):
    assert "x.npz" in refuse(raw(tmp_path / "x.npz", images=header, labels=saved(LABELS)))


@pytest.mark.hostile
def test_a_broken_archive_is_named(refuse, tmp_path):
    whole = npz(tmp_path / "x.npz", images=noise(60, 28, 28), labels=np.arange(60) % 3).read_bytes()
    for broken in (b"", b"text", whole[:1000], whole[:-1], whole[:2000] + bytes(500) + whole[2500:]):
        (tmp_path / "x.npz").write_bytes(broken)
        assert "x.npz: " in refuse(tmp_path / "x.npz")


def test_many_images_take_little_memory(study, take, tmp_path):
    images = np.random.default_rng(0).integers(0, 256, (1000, 128, 128, 3), np.uint8)
    source = npz(tmp_path / "x.npz", images=images, labels=np.arange(1000) % 10, compressed=False)
    with little_memory(24):  # of 47
        take(source)
    assert np.array_equal(seen(study), images)
