"""Whatever a file holds: it is taken in, or refused in one clear message; nothing else is left of it."""

from __future__ import annotations

import ast
import gzip
import io
import shutil
import struct
import zipfile
from collections import namedtuple
from collections.abc import Callable
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ExifTags, Image

from gridpress.adding.add import add
from gridpress.config.declared import FOLDER, read
from gridpress.data.loading import load
from gridpress.errors import InputError
from gridpress.progress import silent
from gridpress.study.project import Project
from made_up import idx, tree
from tried import TALLY

from .conftest import examples
from .hostile import STRINGS, edited

pytestmark = pytest.mark.extended

LONGEST = 2000  # characters of a message
RNG = np.random.default_rng(0)
GREY, COLOUR = RNG.integers(0, 256, (4, 9, 8), np.uint8), RNG.integers(0, 256, (4, 9, 8, 3), np.uint8)
LABELS = np.array([0, 1, 1, 0], np.uint8)


@contextmanager
def quiet(*_):
    yield silent


@pytest.fixture(scope="module")
def tried(tmp_path_factory) -> Callable[[Path, str], bool]:
    """Whether a source is taken in, after holding it to what must be true whether it is or not."""
    study = Project(tmp_path_factory.mktemp("study"))
    (study.root / FOLDER).mkdir(parents=True)
    study.raw("x").parent.mkdir()
    before = tree(study.root)
    patch = pytest.MonkeyPatch()
    usage = namedtuple("usage", "total used free")(1 << 62, 0, 1 << 62)  # noqa: PYI024
    patch.setattr(shutil, "disk_usage", lambda _: usage)  # a header may claim more than there is

    def judged(source: Path, what: str) -> bool:
        try:
            said = add(study, "x", str(source), size=None, fit="crop", group=None, title=None, show=quiet)
        except InputError as error:
            refusal = str(error)
        else:
            return taken_in(said, what)
        assert tree(study.root) == before
        assert refusal.isprintable()
        assert len(refusal) < LONGEST
        TALLY["bad data, refused"] += 1
        return False

    def taken_in(said: str, what: str) -> bool:
        assert said.replace("\n", "").isprintable()
        declared = study.root / FOLDER / "x.yaml"
        images = load(study.raw("x"), read(declared).format)
        assert len(images.pixels) == len(images.labels) >= 2
        declared.unlink()
        shutil.rmtree(study.raw("x"))
        assert tree(study.root) == before
        TALLY[f"{what}, taken in all the same"] += 1
        return True

    yield judged
    patch.undo()


def encoded(kind: str, pixels: np.ndarray, **options) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, kind, **options)
    return file.getvalue()


TURNED = Image.Exif()
TURNED[ExifTags.Base.Orientation] = 6
PICTURES = [
    encoded("PNG", COLOUR[0]),
    encoded("PNG", COLOUR[0], exif=TURNED),
    encoded("PNG", GREY[0].astype(np.uint16) * 256),
    encoded("JPEG", COLOUR[0], exif=TURNED),
    encoded("JPEG", GREY[0], progressive=True),
    encoded("WEBP", COLOUR[0], exif=TURNED),
    encoded("BMP", COLOUR[0]),
    encoded("TIFF", COLOUR[0], exif=TURNED),
    encoded("TIFF", GREY[0], compression="tiff_lzw"),
    encoded("TIFF", GREY[0].astype(np.uint16)),
]


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Bytes of which some are others, missing, doubled or moved."""
    content = bytearray(draw(whole))
    for _ in range(draw(st.sampled_from([1, 1, 2, 5]))):
        at = draw(st.integers(0, len(content)))
        match draw(st.sampled_from(["set"] * 6 + ["number"] * 3 + ["cut", "drop", "insert", "double"])):
            case "set":
                content[at : at + 1] = draw(st.binary(min_size=1, max_size=1))
            case "number":
                value = draw(st.sampled_from([0, 1, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1]))
                content[at : at + 4] = struct.pack(draw(st.sampled_from(["<I", ">I"])), value)
            case "cut":
                del content[at:]
            case "drop":
                del content[at : at + draw(st.integers(1, 20))]
            case "insert":
                content[at:at] = draw(st.binary(min_size=1, max_size=8))
            case "double":
                content[at:at] = content[: draw(st.integers(1, 40))]
    return bytes(content)


@examples(250)
@given(
    content=damaged(st.sampled_from(PICTURES)) | st.binary(max_size=60),
    ending=st.sampled_from(["png", "JPG", "webp", "bmp", "tif"]),
)
def test_pictures(tried, tmp_path_factory, content, ending):
    folder = folder_of(tmp_path_factory, {f"a/1.{ending}": content, "b/1.png": PICTURES[0]})
    tried(folder, "pictures")


@examples(60)
@given(names=st.lists(st.text(max_size=12) | st.sampled_from(STRINGS), min_size=2, max_size=4, unique=True))
def test_names_of_folders_and_pictures(tried, tmp_path_factory, names):
    plain = [name.replace("/", " ").replace("\0", " ").encode("utf-8", "replace")[:200] for name in names]
    usable = [name.decode("utf-8", "ignore") for name in plain if name not in {b"", b".", b".."}]
    folder = folder_of(tmp_path_factory, {f"{name}/{name}.png": PICTURES[0] for name in usable})
    tried(folder, "names")


def folder_of(factory: pytest.TempPathFactory, files: dict[str, bytes]) -> Path:
    """A folder of these files alone, which is the same for all examples."""
    folder = factory.getbasetemp() / "source"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    return folder


def npy(values: np.ndarray) -> bytes:
    file = io.BytesIO()
    np.save(file, values)
    return file.getvalue()


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(f"{name}.npy", content)
    return file.getvalue()


ARRAYS = {"images": npy(GREY), "labels": npy(LABELS)}
METHODS = [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
ARCHIVES = [zipped(ARRAYS, method) for method in METHODS]


@examples(150)
@given(content=damaged(st.sampled_from(ARCHIVES)) | st.binary(max_size=60))
def test_archives(tried, tmp_path_factory, content):
    tried(folder_of(tmp_path_factory, {"x.npz": content}) / "x.npz", "archives")


@examples(150)
@given(data=st.data())
def test_arrays(tried, tmp_path_factory, data):
    name = data.draw(st.sampled_from([*ARRAYS]))
    content = zipped({**ARRAYS, name: data.draw(damaged(st.just(ARRAYS[name])))})
    tried(folder_of(tmp_path_factory, {"x.npz": content}) / "x.npz", "arrays")


DESCRS = [
    "|u1",
    "<u2",
    ">i8",
    "|b1",
    "<f8",
    "|O",
    "|V9",
    "<U3",
    "|S0",
    "x",
    "<M8[s]",
    [("a", "|u1")],
    3,
    None,
]
SIZES = [0, 1, 2, 4, 8, 9, -1, 4096, 4097, 2**31, 2**63, 10**30, True, 1.5]


@examples(150)
@given(data=st.data())
def test_headers_of_arrays(tried, tmp_path_factory, data):
    name = data.draw(st.sampled_from([*ARRAYS]))
    version, _, length = struct.unpack("<BBH", ARRAYS[name][6:10])
    header = ast.literal_eval(ARRAYS[name][10 : 10 + length].decode())
    key = data.draw(st.sampled_from([*header]))
    shapes = st.lists(st.sampled_from(SIZES), max_size=5).map(tuple)
    header[key] = data.draw(shapes if key == "shape" else st.sampled_from([*DESCRS, True, False]))
    text = repr(header).encode().ljust(length - 1) + b"\n"
    content = struct.pack("<6sBBH", b"\x93NUMPY", version, 0, len(text)) + text + ARRAYS[name][10 + length :]
    source = folder_of(tmp_path_factory, {"x.npz": zipped({**ARRAYS, name: content})}) / "x.npz"
    tried(source, "headers of arrays")


TABLES = [
    "".join(
        f"{label},{','.join(map(str, row.reshape(-1)))}\n"
        for label, row in zip(LABELS, GREY[:, :8], strict=True)
    ),
]
TABLES.append(f"label,{','.join(f'p{at}' for at in range(64))}\n{TABLES[0]}")


@examples(150)
@given(data=st.data())
def test_tables(tried, tmp_path_factory, data):
    text = data.draw(st.sampled_from(TABLES))
    content = data.draw(edited(text) | damaged(st.just(text.encode())) | st.binary(max_size=60))
    if data.draw(st.booleans()):
        content = data.draw(st.just(gzip.compress(content)) | damaged(st.just(gzip.compress(content))))
    tried(folder_of(tmp_path_factory, {"x.csv": content}) / "x.csv", "tables")


IDX = {"train-images-idx3-ubyte": idx(GREY), "train-labels-idx1-ubyte": idx(LABELS)}
MAPPING = {"emnist-mapping.txt": b"0 65\n1 66\n"}


@examples(200)
@given(data=st.data())
def test_idx_files(tried, tmp_path_factory, data):
    files = {f"emnist-{name}": content for name, content in IDX.items()} | MAPPING
    name = data.draw(st.sampled_from([*files]))
    pack = data.draw(st.sampled_from([bytes, gzip.compress]))
    packed = {file: pack(content) for file, content in files.items()}
    before = data.draw(st.booleans())
    broken = (
        pack(data.draw(damaged(st.just(files[name]))))
        if before
        else data.draw(damaged(st.just(packed[name])))
    )
    tried(folder_of(tmp_path_factory, {**packed, name: broken}), "IDX files")


def test_what_is_whole_is_taken_in(tried, tmp_path_factory):
    for at, content in enumerate(PICTURES):
        assert tried(folder_of(tmp_path_factory, {"a/1.png": content, "b/1.png": PICTURES[0]}), "whole"), at
    for content in ARCHIVES:
        assert tried(folder_of(tmp_path_factory, {"x.npz": content}) / "x.npz", "whole")
    for text in TABLES:
        assert tried(folder_of(tmp_path_factory, {"x.csv": text.encode()}) / "x.csv", "whole")
    assert tried(folder_of(tmp_path_factory, IDX), "whole")
