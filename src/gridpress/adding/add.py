"""`gridpress add NAME SOURCE`: from a source to stored pixels and their declaration, or nothing at all."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from gridpress.adding import folder, idx_files, library, npz, table
from gridpress.adding.collection import Collection, checked, some
from gridpress.adding.declaring import as_yaml, check, declaration
from gridpress.adding.known import known
from gridpress.adding.pictures import Fit
from gridpress.adding.storing import Stored, store
from gridpress.adding.unpacked import reason
from gridpress.config.declared import FOLDER, declared
from gridpress.config.values import Name
from gridpress.errors import GridpressError, InputError
from gridpress.files import locked, write_text
from gridpress.messages import counted, one_line
from gridpress.progress import Show
from gridpress.study.project import Project

KINDS = (
    "a folder of class folders, IDX files, an .npz of Keras or MedMNIST, a CSV of labels and pixels, "
    "or sklearn:digits, torchvision:CIFAR10 and others"
)


def add(
    project: Project,
    name: str,
    source: str | None,
    *,
    size: tuple[int, int] | None,
    fit: Fit,
    group: str | None,
    title: str | None,
    show: Show,
) -> str:
    """Take in a dataset.

    Args:
        project: the study that it is for.
        name: what it is called in params.yaml.
        source: a path, or a dataset of a library; None for the source of a dataset that is known by its name.
        size: height and width at which pictures are stored; None for their own.
        fit: how pictures of another shape are brought to it.
        group: a regular expression for paths of pictures: those in which it finds the same stay in one split.
        title: of the dataset in the report; by default its name.
        show: a way to show progress.

    Returns:
        What was taken in and what to do next, in words.

    Raises:
        InputError: the name is taken or cannot be one, or no dataset can be made of the source.
        GridpressError: a file cannot be written.
    """
    others = declared(project.root)
    _check_name(project, name, others)
    about = {} if source is not None else known(project.root, name).model_dump(exclude_none=True)
    origin = about.pop("source") if source is None else source
    about["title"] = title or about.get("title", name)
    if library.is_one(origin):
        about["sources"] = [{"library": origin}]
    markers = {dataset.marker for dataset in others.values()}
    with warnings.catch_warnings(action="ignore"):  # of odd files: they can be read, or are refused
        collection = checked(_read(origin, size, fit, group, show), one_line(origin))
        check(collection, about, markers)
        with _workspace(project, name) as work:
            with show(f"add {name}", collection.images) as advance:
                stored = store(collection, work, advance)
            _publish(project, name, work, as_yaml(declaration(collection, stored.pins, about, markers)))
    return _told(name, collection, stored)


def _check_name(project: Project, name: str, others: Mapping[str, Any]) -> None:
    try:
        TypeAdapter(Name).validate_python(name)
    except ValidationError as error:
        [fault] = error.errors()
        wanted = fault.get("ctx", {}).get("error", "must be text")
        raise InputError(f"NAME is {one_line(repr(name))}; it {wanted}") from None
    if name in others:
        raise InputError(
            f"{name} is declared already, in {(FOLDER / name).as_posix()}.yaml: put it into `datasets` of "
            "params.yaml, or choose another name"
        )
    if (place := project.raw(name)).exists():
        raise InputError(
            f"{place.relative_to(project.root).as_posix()} is there already, though {name} is not declared: "
            "move it elsewhere, or choose another name"
        )


def _read(source: str, size: tuple[int, int] | None, fit: Fit, group: str | None, show: Show) -> Collection:
    """What the source is, whatever its kind."""
    if not source:
        raise InputError(f"SOURCE is empty; it may be {KINDS}")
    if library.is_one(source):
        _refuse(size, group)
        return library.read(source)
    path = Path(source).absolute()
    try:
        return _files(path, size, fit, group, show)
    except OSError as error:
        named = one_line(str(error.filename or path))
        raise InputError(f"cannot read {named}: {reason(error)}") from None


def _files(path: Path, size: tuple[int, int] | None, fit: Fit, group: str | None, show: Show) -> Collection:
    """What a file or folder holds; raises OSError where it cannot be read."""
    if path.is_dir() and folder.is_one(path):
        return folder.read(path, size, fit, group, show)
    if idx_files.is_one(path):
        _refuse(size, group)
        return idx_files.read(path)
    if path.is_file() and path.suffix.lower() == ".npz":
        _refuse(size, group)
        return npz.read(path)
    if table.is_one(path):
        _refuse(None, group)
        return table.read(path, size)
    fault = "is none of what can be taken in:" if path.exists() else "is not there; SOURCE may be"
    raise InputError(f"{one_line(str(path))} {fault} {KINDS}")


def _refuse(size: tuple[int, int] | None, group: str | None) -> None:
    """Raises InputError for an option that such a source cannot follow."""
    if size is not None:
        raise InputError("--size is for pictures and tables: this source says how large its images are")
    if group is not None:
        raise InputError("--group is for folders of pictures: it is searched in their paths")


@contextmanager
def _workspace(project: Project, name: str) -> Iterator[Path]:
    """An empty folder beside the place of the pixels; gone afterwards, unless it was moved there.

    Raises:
        InputError: another process takes in a dataset of this name, or did meanwhile.
        GridpressError: the folder cannot be made.
    """
    work, lock = project.raw(f".{name}.partial"), project.raw(f".{name}.lock")
    with ExitStack() as stack:
        try:
            work.parent.mkdir(parents=True, exist_ok=True)
            ours = stack.enter_context(locked(lock))
            if not ours:
                raise InputError(f"{name} is being added by another process: choose another name, or wait")
            stack.callback(lock.unlink, missing_ok=True)
            stack.callback(shutil.rmtree, work, ignore_errors=True)
            _check_name(project, name, declared(project.root))
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
        except OSError as error:
            raise GridpressError(f"cannot write {error.filename or work}: {error.strerror}") from None
        yield work


def _publish(project: Project, name: str, work: Path, text: str) -> None:
    """Put pixels and declaration in their places, both or neither."""
    pixels, declared_in = project.raw(name), project.root / FOLDER / f"{name}.yaml"
    try:
        work.rename(pixels)
        write_text(declared_in, text)
    except BaseException as error:
        if not work.exists():  # they are ours
            declared_in.unlink(missing_ok=True)
            shutil.rmtree(pixels, ignore_errors=True)
        if isinstance(error, OSError):
            raise GridpressError(f"cannot write {pixels}: {error.strerror}") from None
        raise


def _shape(collection: Collection) -> str:
    _, height, width = collection.shape
    return f"{height} x {width}"


def _told(name: str, collection: Collection, stored: Stored) -> str:
    """What was taken in, and the next steps."""
    channels = collection.shape[0]
    colours = "colour" if channels == 3 else "grey"
    lines = [f"{name}: {len(collection.classes)} classes, {_shape(collection)} pixels, {colours}"]
    for part in collection.parts:
        numbers = np.bincount(part.labels, minlength=len(collection.classes))
        least, most = int(numbers.min()), int(numbers.max())
        each = f"{least} of each class" if least == most else f"{least} to {most} of a class"
        lines.append(f"  {part.split or 'one part'}: {counted(len(part.labels), 'image')}, {each}")
    lines += [f"  {remark}" for remark in collection.remarks]
    if groups := {group for part in collection.parts for group in part.groups or ()}:
        lines.append(f"  {counted(len(groups), 'group')}, of which each stays in one split")
    if stored.twins:
        lines.append(
            f"  the same to the pixel: {counted(len(stored.twins), 'image')}, such as {some(stored.twins[0])}"
        )
    if stored.apart:
        number = counted(len(stored.apart), "image")
        lines.append(f"  of these in more than one part: {number}, such as {some(stored.apart[0])}")
    lines += [
        f"written: {(FOLDER / name).as_posix()}.yaml, data/raw/{name}",
        "",
        f"Complete title, citation and licence in {(FOLDER / name).as_posix()}.yaml. Then, in params.yaml:",
        "",
        "  datasets:",
        f"  - {name}",
        "",
        "`gridpress check` says what that asks for, `make report` computes it, `dvc push` keeps the pixels.",
    ]
    if any(part.split == "test" for part in collection.parts):
        lines.append("`test: official` in data.split makes its own test part the test split.")
    return "\n".join(lines)
