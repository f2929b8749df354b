"""A folder of class folders, with or without `train`, `validation` and `test` above them."""

from __future__ import annotations

import os
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from gridpress.adding import pictures
from gridpress.adding.collection import (
    ORDER,
    SPLITS,
    Collection,
    Part,
    Split,
    check_classes,
    check_images,
    in_order,
    some,
)
from gridpress.adding.pictures import ENDINGS, Fit, Form, Look
from gridpress.errors import InputError
from gridpress.messages import counted, one_line
from gridpress.progress import Show
from gridpress.system.resources import usable_cores

SIDE = 64  # pixels: of images of different sizes, at most, if nothing is said
AHEAD = 4  # pictures a core that are read before they are asked for
SYSTEM = ("__MACOSX",)
LONGEST_GROUP = 1000  # characters

T = TypeVar("T")


class Picture(NamedTuple):
    """A file in a class folder."""

    path: Path
    split: Split | None
    label: int


class Layout(NamedTuple):
    """What a folder holds: classes by label, pictures, and files that are none."""

    classes: list[str]
    pictures: list[Picture]
    left_out: list[str]


def is_one(source: Path) -> bool:
    """Whether a folder holds class folders: it has a folder with a picture somewhere below."""
    return any(_is_picture(path) for folder in _folders(source) for path in _files(folder))


def read(source: Path, size: tuple[int, int] | None, fit: Fit, group: str | None, show: Show) -> Collection:
    """A folder as a collection.

    Args:
        source: the folder.
        size: height and width to store; None for those of all images, or else a square as high as half of the
            images' shorter sides are, of at most 64 pixels.
        fit: how images of another shape are brought to it.
        group: a regular expression that is searched in the path of each image below `source`; what it finds
            (its first group, if it has one) names what the image belongs to.
        show: a way to show progress.

    Raises:
        InputError: there are too few or too many class folders, one has no picture, a picture cannot be read
            or has no such group.
        OSError: a folder cannot be read.
    """
    source = _inner(source)
    layout = arrange(source)
    paths = [found.path for found in layout.pictures]
    with show(f"look at {one_line(source.name)}", len(paths)) as advance:
        looks = []
        for look in _each(pictures.look, paths):
            looks.append(look)
            advance()
    form, remarks = _form(looks, size, fit)
    if layout.left_out:
        remarks.append(_told(layout.left_out))
    splits = sorted({found.split for found in layout.pictures}, key=ORDER.index)
    parts = [_part(source, layout, split, form, group) for split in splits]
    channels, height, width = form.channels, form.height, form.width
    return Collection(layout.classes, (channels, height, width), parts, source.name, remarks)


def arrange(source: Path) -> Layout:
    """Which file shows what, by the folders that it lies in; raises InputError as `read` does."""
    folders = _folders(source)
    published = [(folder, SPLITS[folder.name.lower()]) for folder in folders if _is_split(folder)]
    below: list[tuple[Path, Split | None]]
    below = [(folder, split) for root, split in published for folder in _folders(root)]
    by_class: dict[str, list[tuple[Path, Split | None]]] = {}
    for folder, split in below or [(folder, None) for folder in folders]:
        by_class.setdefault(folder.name, []).append((folder, split))
    check_classes(len(by_class), one_line(str(source)))
    names, taken = in_order(by_class), set()
    found: list[Picture] = []
    for label, name in enumerate(names):
        before = len(found)
        for folder, split in by_class[name]:
            inside = [path for path in _files(folder) if _is_picture(path)]
            found += [Picture(path, split, label) for path in inside]
            taken.update(inside)
        if len(found) == before:
            raise InputError(
                f"the class folder {one_line(str(by_class[name][0][0]))} holds no picture "
                f"({', '.join(sorted(ENDINGS))}); every class needs one"
            )
    check_images(len(found), one_line(str(source)))
    left_out = [path.relative_to(source).as_posix() for path in _files(source) if path not in taken]
    return Layout(names, found, left_out)


def _told(left_out: Sequence[str]) -> str:
    """What is said of files left out: pictures among them lie where no class is, such as beside `train`."""
    unused = sum(Path(name).suffix.lower() in ENDINGS for name in left_out)
    among = f" ({counted(unused, 'picture')} among them)" if unused else ""
    return f"left out {counted(len(left_out), 'file')}{among}: {some(left_out)}"


def _part(source: Path, layout: Layout, split: Split | None, form: Form, group: str | None) -> Part:
    """Its images by group, class and path."""
    chosen = [found for found in layout.pictures if found.split == split]
    names = [found.path.relative_to(source).as_posix() for found in chosen]
    groups = None if group is None else [_group(group, name) for name in names]
    order = sorted(range(len(chosen)), key=lambda at: (groups[at] if groups else "", at))
    paths = [chosen[at].path for at in order]
    return Part(
        split,
        np.array([chosen[at].label for at in order], np.int64),
        [names[at] for at in order],
        partial(_pixels, paths, form),
        [groups[at] for at in order] if groups else None,
    )


def _group(pattern: str, name: str) -> str:
    found = re.search(pattern, name)
    group = found and (found.group(1) if found.re.groups else found.group())
    if not group:
        raise InputError(f"--group {one_line(repr(pattern))} finds nothing in {one_line(name)}")
    if not group.isprintable() or len(group) > LONGEST_GROUP:
        raise InputError(
            f"--group {one_line(repr(pattern))} finds {one_line(repr(group))}, which cannot be a name"
        )
    return group


def _form(looks: Sequence[Look], size: tuple[int, int] | None, fit: Fit) -> tuple[Form, list[str]]:
    """How images are stored, and what is to be said of it."""
    sizes = {(found.height, found.width) for found in looks}
    colour = [found.colour for found in looks]
    remarks = []
    if size is None and len(sizes) == 1:
        [size] = sizes
    elif size is None:
        side = min(SIDE, round(median(min(found.height, found.width) for found in looks)))
        size = (side, side)
    if sizes != {size}:
        words = {
            "crop": "made to cover that, and cut where they are beyond it",
            "pad": "made to fit within that, with black beside",
            "stretch": "stretched to that",
        }
        (low, lower), (high, higher) = min(sizes), max(sizes)
        many = (
            f"{len(sizes)} sizes, {low} x {lower} to {high} x {higher}"
            if len(sizes) > 1
            else f"{low} x {lower}"
        )
        remarks.append(
            f"images of {many} pixels (height x width) are stored at {size[0]} x {size[1]}: {words[fit]} "
            "(--size and --fit say otherwise)"
        )
    if any(colour) and not all(colour):
        remarks.append(
            f"{counted(colour.count(False), 'image')} of {len(colour)} without colour stored as colour"
        )
    return Form(*size, 3 if any(colour) else 1, fit), remarks


def _pixels(paths: Sequence[Path], form: Form) -> Iterator[NDArray[np.uint8]]:
    yield from _each(partial(pictures.pixels, form=form), paths)


def _each(function: Callable[[Path], T], paths: Iterable[Path]) -> Iterator[T]:
    """What a function gives of each path, in their order, computed side by side, a few ahead."""
    ahead: deque[Future[T]] = deque()
    with ThreadPoolExecutor(cores := usable_cores()) as pool:
        for path in paths:
            ahead.append(pool.submit(function, path))
            if len(ahead) > AHEAD * cores:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()


def _inner(source: Path) -> Path:
    """The folder itself, or the only one in it, and in that, as archives are often packed."""
    while len(folders := _folders(source)) == 1 and not _is_split(folders[0]) and _folders(folders[0]):
        source = folders[0]
    return source


def _is_split(folder: Path) -> bool:
    """Whether it is named after a split and holds class folders; a class may have such a name, too."""
    return folder.name.lower() in SPLITS and is_one(folder)


def _folders(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries if entry.is_dir() and not _hidden(entry.name))
    return [folder / name for name in names]


def _files(folder: Path) -> Iterator[Path]:
    """All files below, sorted; none that is hidden."""
    for place, folders, names in os.walk(folder, onerror=_refuse):
        folders[:] = sorted(name for name in folders if not _hidden(name))
        yield from (Path(place, name) for name in sorted(names) if not _hidden(name))


def _refuse(error: OSError) -> None:
    raise error


def _hidden(name: str) -> bool:
    return name.startswith(".") or name in SYSTEM


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in ENDINGS and path.is_file()
