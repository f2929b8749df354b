from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from matplotlib import pyplot as plt

from gridpress.report.presentation import encoding, style
from gridpress.report.presentation.typeface import faces, glyphs

LOOK = Path(__file__).resolve().parents[3] / "report"


@pytest.fixture(autouse=True)
def _applied():
    style.apply()


def test_a_figure_is_the_same_bytes_twice_at_its_real_size(tmp_path, caplog):
    written = []
    for name in ("a.svg", "b.svg"):
        figure, axes = plt.subplots(figsize=(style.TEXT_WIDTH, 2))
        axes.plot([1, 2, 3], marker="o")
        axes.imshow(np.arange(4).reshape(2, 2), cmap=style.SEQUENTIAL)
        axes.set_title("Accuracy at $10^{-3}$, ± 0.5 → ◆")
        style.save(figure, tmp_path / "figures" / name)
        written.append((tmp_path / "figures" / name).read_bytes())
    assert written[0] == written[1]
    width = float(re.search(rb'width="([\d.]+)pt"', written[0])[1])
    assert width == pytest.approx(72 * style.TEXT_WIDTH, abs=0.1)
    assert not caplog.records, "a glyph or a face is missing"


def test_text_stands_out_from_every_colour_of_a_heat_map():
    for share in np.linspace(0, 1, 101):
        colour = style.SEQUENTIAL(share)
        contrast = style._contrast(style._luminance(style.text_on(colour)), style._luminance(colour))
        assert contrast >= 4.5, share


def test_series_differ_by_more_than_colour():
    for looks in (style.SERIES, style.MARKERS):
        assert len(set(looks)) == len(looks) >= len(encoding.USUAL)
    assert len(set(style.DASHES)) == len(style.DASHES) >= len(encoding.OPTIMIZERS)


def test_page_paper_and_figures_share_their_ink():
    css = (LOOK / "report.css").read_text(encoding="utf-8")
    typst = (LOOK / "typst-template.typ").read_text(encoding="utf-8")
    for name, colour in {"ink": style.INK, "soft": style.SOFT, "line": style.LINE}.items():
        assert f"--{name}: {colour.lower()};" in css
        assert re.search(rf'#let {name}(-colour)? = rgb\("{colour.lower()}"\)', typst)


def test_the_typeface_has_what_the_report_prints():
    assert [face.name for face in faces()] == ["Inter-Italic.ttf", "Inter-Regular.ttf", "Inter-SemiBold.ttf"]
    assert set("azAZ09äéß–−±×≤≥≈→λσχ◆●%“”’…·\u00a0\u202f") <= glyphs()
