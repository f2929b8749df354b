"""How figures look: typeface, sizes and colours shared with the page (`report.css`, `typst-template.typ`).

The palette is that of Okabe and Ito (2008), "Color Universal Design", which stays distinct under the
common kinds of colour blindness; series also differ by marker and dash, so they survive grey print.
"""

from __future__ import annotations

import io
from pathlib import Path

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import LinearSegmentedColormap, to_rgb
from matplotlib.figure import Figure

from gridpress.files import write_bytes
from gridpress.report.presentation.typeface import faces

Colour = str | tuple[float, float, float] | tuple[float, float, float, float]

TEXT_WIDTH = 6.69  # inches; a figure of this width fills the text column of the PDF at its real size
PAGE_HEIGHT = 9.0  # inches; the tallest figure that leaves room for its caption
FONT_SIZE = 9.0  # points
SMALL_SIZE = 8.0  # points; annotations and ticks
SMALLEST_SIZE = 7.5  # points, of names and numbers that many columns share

BLUE = "#0072B2"
ORANGE = "#E69F00"
GREEN = "#009E73"
VERMILION = "#D55E00"
PURPLE = "#CC79A7"
SKY = "#56B4E9"
BROWN = "#8C510A"
TEAL = "#01665E"
GREY = "#6B6B6B"
INK = "#1B2430"  # text
SOFT = "#5A6573"  # axes, secondary text
LINE = "#D5DBE1"  # grid lines, borders

SERIES = (BLUE, VERMILION, GREEN, ORANGE, PURPLE, SKY, BROWN, TEAL, GREY)
MARKERS = ("o", "s", "^", "D", "v", "P", "X", "p", "h")
DASHES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1)), (0, (3, 3)))

SEQUENTIAL = LinearSegmentedColormap.from_list("gridpress", ["#F2F6F9", "#9CC7E2", BLUE, "#0A2F4D"])


def apply() -> None:
    """Set matplotlib's defaults for every figure of the report.

    Raises:
        GridpressError: the typeface is not where this project keeps it.
    """
    for face in faces():
        font_manager.fontManager.addfont(face)
    mpl.rcdefaults()
    mpl.use("agg")
    mpl.rcParams.update(
        {
            "font.family": "Inter",
            "font.size": FONT_SIZE,
            "font.weight": "normal",
            "mathtext.fontset": "custom",
            "mathtext.rm": "Inter",
            "mathtext.it": "Inter:italic",
            "mathtext.bf": "Inter:semibold",
            "mathtext.bfit": "Inter:italic",
            "mathtext.cal": "Inter:italic",
            "mathtext.sf": "Inter",
            "mathtext.tt": "DejaVu Sans Mono",
            "mathtext.default": "regular",
            "figure.figsize": (TEXT_WIDTH, 3.2),
            "figure.constrained_layout.use": True,
            "figure.dpi": 100,
            "savefig.dpi": 200,  # of images inside an SVG
            "savefig.bbox": None,
            "figure.facecolor": "white",
            "figure.titlesize": FONT_SIZE,
            "figure.titleweight": "semibold",
            "axes.titlesize": FONT_SIZE,
            "axes.titleweight": "semibold",
            "axes.titlelocation": "left",
            "axes.titlepad": 6,
            "axes.labelsize": FONT_SIZE,
            "axes.labelcolor": INK,
            "axes.edgecolor": SOFT,
            "axes.linewidth": 0.6,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.unicode_minus": True,
            "axes.prop_cycle": cycler(color=SERIES),
            "text.color": INK,
            "xtick.color": SOFT,
            "ytick.color": SOFT,
            "xtick.labelcolor": INK,
            "ytick.labelcolor": INK,
            "xtick.labelsize": SMALL_SIZE,
            "ytick.labelsize": SMALL_SIZE,
            "xtick.major.width": 0.6,
            "ytick.major.width": 0.6,
            "xtick.major.size": 3,
            "ytick.major.size": 3,
            "grid.color": LINE,
            "grid.linewidth": 0.5,
            "lines.linewidth": 1.4,
            "lines.markersize": 4,
            "legend.frameon": False,
            "legend.fontsize": SMALL_SIZE,
            "image.cmap": "cividis",
            "image.interpolation": "nearest",
            "svg.fonttype": "path",
            "svg.hashsalt": "gridpress",
        }
    )


def darker(colour: Colour, place: int, places: int) -> tuple[float, float, float]:
    """`colour`, darker from place to place: lines of one classifier."""
    share = 0.65 * place / max(1, places - 1)
    red, green, blue = ((1 - share) * a + share * b for a, b in zip(to_rgb(colour), to_rgb(INK), strict=True))
    return red, green, blue


def text_on(colour: Colour) -> str:
    """Black or white, whichever contrasts more with `colour`: 4.5 to 1 at least (WCAG 2)."""
    return max(("#000000", "#FFFFFF"), key=lambda text: _contrast(_luminance(text), _luminance(colour)))


def save(figure: Figure, path: Path | str) -> None:
    """Write `figure` as an SVG, the same bytes every time, and close it; raises as `files.write_bytes`."""
    drawn = io.BytesIO()
    figure.set_dpi(mpl.rcParams["savefig.dpi"])
    canvas = FigureCanvasSVG(figure)
    canvas.print_svg(drawn, metadata={"Date": None})  # type: ignore[no-untyped-call]  # `savefig` draws twice
    plt.close(figure)
    write_bytes(Path(path), drawn.getvalue())


def _contrast(one: float, other: float) -> float:
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def _luminance(colour: Colour) -> float:
    rgb = to_rgb(colour)
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
