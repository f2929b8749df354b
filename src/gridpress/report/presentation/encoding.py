"""One meaning per colour, marker and dash throughout the report."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import count

from gridpress.report.presentation import style

# What usually is compared, in the order of the palette: these look the same in every study.
USUAL = ("resnet18", "resnet50", "resnet34", "poly", "rbf", "resnet101", "resnet152", "linear", "sigmoid")
OPTIMIZERS = ("sgd", "adam")


@dataclass(frozen=True)
class Look:
    """How a classifier is drawn."""

    colour: str
    marker: str

    @classmethod
    def at(cls, place: int) -> Look:
        """The look at a place; no two are alike before all pairs of colour and marker are used up."""
        turn, colour = divmod(place, len(style.SERIES))
        return cls(style.SERIES[colour], style.MARKERS[(colour + turn) % len(style.MARKERS)])


def looks(classifiers: Iterable[str]) -> dict[str, Look]:
    """The look of each classifier.

    The usual ones keep their place, so that a study looks like others of the same names; the rest takes
    the places that are left, in the order given.
    """
    names = list(dict.fromkeys(classifiers))
    places = {name: USUAL.index(name) for name in names if name in USUAL}
    left = (place for place in count() if place not in set(places.values()))
    return {name: Look.at(places[name] if name in USUAL else next(left)) for name in names}


_current = looks(USUAL)


def apply(classifiers: Iterable[str]) -> None:
    """Let `colour` and `marker` answer for the classifiers of a study."""
    _current.clear()
    _current.update(looks(classifiers))


def colour(classifier: str) -> str:
    """The colour of a classifier."""
    return _look(classifier).colour


def marker(classifier: str) -> str:
    """The marker of a classifier."""
    return _look(classifier).marker


def _look(classifier: str) -> Look:
    """Of one that the study does not name, as in a published figure, the place after all others."""
    return _current.get(classifier) or looks([*_current, classifier])[classifier]
