"""The declaration of what was taken in: what is known of it, for a person to complete."""

from __future__ import annotations

import io
import re
import unicodedata
from collections import Counter
from collections.abc import Collection as Names
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, get_args

from pydantic import ValidationError
from ruamel.yaml import YAML

from gridpress.adding.collection import Collection, Part
from gridpress.config.dataset import LONGEST_TEXT, MARKERS, Dataset
from gridpress.config.declared import MOST_BYTES
from gridpress.data.loading import Pin
from gridpress.errors import InputError
from gridpress.fetch.library import file_names
from gridpress.messages import explain, one_line

WIDTH = 110  # characters of a line
UNSTATED = "not stated"
UNWRITTEN = Pin("0" * 64, 1)
BEGINNING = """\
# Written by `gridpress add`. Title, names of classes, citation, licence and note are for you to edit; height,
# width, channels, parts and files are checked whenever the images are read. `sources` may name where others
# get the files: `- mirror: https://…` holds NAME.gz of each. Else `dvc push` and `dvc pull` bring them.
"""


def declaration(
    collection: Collection,
    pins: Mapping[str, Pin],
    known: Mapping[str, Any],
    markers: Names[str],
) -> dict[str, Any]:
    """What the file in data/datasets says.

    Args:
        collection: what was stored.
        pins: of its files.
        known: what is known besides: the title, perhaps citation, licence, note, sources.
        markers: that other datasets have in figures.

    Raises:
        InputError: two classes have the same name once what no figure can show is taken out, or what was
            stored cannot be declared.
    """
    channels, height, width = collection.shape
    title = plain_name(known["title"]) or "Images"
    free = [marker for marker in get_args(MARKERS) if marker not in markers]
    content = {
        "title": title,
        "classes": plain_names(collection.classes),
        "height": height,
        "width": width,
        "channels": channels,
        "parts": [_part(part) for part in collection.parts],
        "files": {name: {"size": pin.size, "sha256": pin.sha256} for name, pin in pins.items()},
        "sources": [],
        "citation": f"{title}, taken in from {one_line(collection.origin, LONGEST_TEXT)}",
        "licence": UNSTATED,
        "marker": free[0] if free else get_args(MARKERS)[0],
        **{key: value for key, value in known.items() if key != "title"},
    }
    try:
        Dataset.model_validate(content)
    except ValidationError as error:
        raise InputError(explain(error, Dataset, "its declaration")) from None
    return content


def check(collection: Collection, known: Mapping[str, Any], markers: Names[str]) -> None:
    """Raises InputError where it could not be declared, before its images are read."""
    names = [name for part in collection.parts for name in file_names(part.split)]
    as_yaml(declaration(collection, dict.fromkeys(names, UNWRITTEN), known, markers))


def as_yaml(content: Mapping[str, Any]) -> str:
    """The text of the file; raises InputError where it would be too large to be read."""
    yaml, stream = YAML(typ="safe"), io.StringIO()
    yaml.width = WIDTH
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]  # they are in order
    yaml.dump(content, stream)
    text = BEGINNING + stream.getvalue()
    if len(text.encode()) > MOST_BYTES:
        raise InputError(
            f"its declaration would be larger than {MOST_BYTES >> 20} MiB: it has too many groups"
        )
    return text


def plain_name(text: str) -> str:
    """A name as Markdown, HTML, a figure and a terminal show it alike: what they would not is a space."""
    composed = unicodedata.normalize("NFC", text)  # macOS takes letters and their accents apart
    kept = "".join(c if re.match(r"[\w /,()+:'.-]", c) else " " for c in composed)
    kept = " ".join(re.sub(r"\.+(?= |$)", " ", kept).split())
    return re.sub(r"^\W+", "", kept)[:LONGEST_TEXT].strip()


def plain_names(names: Sequence[str]) -> list[str]:
    """Of classes; raises InputError where two would be the same, or one would be empty."""
    plain = [plain_name(name) for name in names]
    for given, name in zip(names, plain, strict=True):
        if not name or plain.count(name) > 1:
            raise InputError(
                f"the class {one_line(repr(given))} cannot be told from others by {name!r}, which is what "
                f"can be shown of its name (letters, digits, spaces and / , . ( ) + : ' -, at most "
                f"{LONGEST_TEXT} characters): rename it"
            )
    return plain


def _part(part: Part) -> dict[str, Any]:
    images, labels = file_names(part.split)
    return {
        "images": images,
        "labels": labels,
        "number": len(part.labels),
        **({"split": part.split} if part.split else {}),
        **({"groups": _groups(part.groups, part.labels.tolist())} if part.groups else {}),
    }


def _groups(groups: Sequence[str], labels: Sequence[int]) -> dict[str, Any]:
    """How many images each group has, and the class of most; images of a group follow one another."""
    found = {}
    for name, members in groupby(zip(groups, labels, strict=True), key=lambda pair: pair[0]):
        classes = Counter(label for _, label in members)
        found[name] = {"images": classes.total(), "label": classes.most_common(1)[0][0]}
    return found
